/*
 * document.c - the rebuilt page as it stands in the frame
 *
 * Links are words and beside them the place they would have led to, unless the
 * words are that place; pictures are in the document itself, or a box.
 */
#include <string.h>
#include <strings.h>

#include "inner.h"

#define WORDS_MAX 512 /* of a link's own words that are compared */
#define TAIL_MAX 60   /* bytes shown of what stands behind the host's name */

static const char head[] =
	"<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width\">"
	"<meta name=\"referrer\" content=\"no-referrer\"><title>";
static const char style[] =
	"</title><style>"
	":root{color-scheme:light}"
	"body{margin:1rem;background:#fff;color:#1c1c1c;"
	"font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}"
	"table{border-collapse:collapse;max-width:100%}"
	"td,th{padding:.15rem .4rem;vertical-align:top;text-align:start}"
	"img{max-width:100%;height:auto}pre{white-space:pre-wrap}"
	"blockquote{margin:.5rem 0;padding-inline-start:.75rem;"
	"border-inline-start:3px solid #c4c4c4}"
	".link{text-decoration:underline}"
	".to{color:#555;font-size:.8125em;unicode-bidi:isolate;"
	"overflow-wrap:anywhere}"
	".pic{display:inline-block;padding:.25rem .5rem;background:#ececec;"
	"border:1px solid #b5b5b5;color:#444;font-size:.8125rem}"
	"</style></head><body>\n";

struct painter {
	struct ouv_buf *out;
	const struct ouv_layout *layout;
	size_t painted;   /* bytes of pictures so far */
	const char *href; /* of the link being read, NULL: none */
	struct ouv_buf address, words;
};

/* ---- links
 * -------------------------------------------------------------------
 */

static const char *
without_scheme(const char *address)
{
	const char *mark = strstr(address, "://");

	if (mark != NULL && mark - address < 6)
		return mark + 3;
	return strncasecmp(address, "mailto:", 7) == 0 ? address + 7 : address;
}

/* Do the words name the very place? */
static bool
says_itself(const char *words, const char *address)
{
	const char *end;
	size_t len;

	words += strspn(words, " \t\r\n");
	end = words + strlen(words);
	while (end > words && strchr(" \t\r\n/", end[-1]) != NULL)
		end--;
	address = without_scheme(address);
	words = without_scheme(words);
	if (words >= end)
		return false;
	len = strlen(address);
	while (len > 0 && address[len - 1] == '/')
		len--;
	return (size_t)(end - words) == len &&
	       strncasecmp(words, address, len) == 0;
}

/* Whole up to the end of the host's name, so that nothing before it can push
 * it out of sight. */
static void
show_address(struct painter *painter, const char *address)
{
	const char *host = without_scheme(address);
	size_t len = (size_t)(host - address) + strcspn(host, "/?#\\");
	size_t all = strlen(address);

	len = all - len > TAIL_MAX ? len + TAIL_MAX : all;
	while (len < all && ((unsigned char)address[len] & 0xc0) == 0x80)
		len++;
	ouv_buf_text(painter->out, " <small class=\"to\" dir=\"ltr\">&lt;");
	write_text(painter->out,
		ouv_arena_strndup(painter->out->arena, address, len));
	ouv_buf_text(
		painter->out, len < all ? "…&gt;</small>" : "&gt;</small>");
}

static void
begin_link(struct painter *painter, const struct values *values)
{
	struct values shown = *values;

	shown.of[ATTR_HREF] = NULL;
	painter->href = NULL;
	if (values->of[ATTR_HREF] != NULL) {
		painter->address.len = painter->words.len = 0;
		ouv_buf_text(&painter->address, values->of[ATTR_HREF]);
		painter->words.data[0] = '\0';
		painter->href = painter->address.data;
	}
	ouv_buf_text(painter->out, "<a");
	if (painter->href != NULL)
		ouv_buf_text(painter->out, " class=\"link\"");
	for (int i = 0; i < ATTR__COUNT; i++)
		if (shown.of[i] != NULL)
			write_value(
				painter->out, (enum attribute)i, shown.of[i]);
	ouv_buf_char(painter->out, '>');
}

static void
end_link(struct painter *painter)
{
	ouv_buf_text(painter->out, "</a>");
	if (painter->href != NULL &&
		!says_itself(painter->words.data, painter->href))
		show_address(painter, painter->href);
	painter->href = NULL;
}

/* ---- pictures
 * ----------------------------------------------------------------
 */

static const struct ouv_layout_picture *
find_picture(const struct painter *painter, const char *src)
{
	const struct ouv_layout *layout = painter->layout;

	for (size_t i = 0; i < layout->picture_count; i++)
		if (strcmp(layout->pictures[i].id, src + strlen("cid:")) == 0)
			return &layout->pictures[i];
	return NULL;
}

static void
show_box(struct painter *painter, const char *alt, const char *why)
{
	ouv_buf_text(painter->out, "<span class=\"pic\">");
	if (alt != NULL && alt[strspn(alt, " \t\r\n")] != '\0') {
		write_text(painter->out, alt);
		ouv_buf_text(painter->out, " – ");
	}
	write_text(painter->out, why);
	ouv_buf_text(painter->out, "</span>");
}

static void
show_picture(struct painter *painter, const struct values *values)
{
	const char *src = values->of[ATTR_SRC], *type;
	const struct ouv_layout_picture *picture;

	if (src == NULL) {
		show_box(
			painter, values->of[ATTR_ALT], painter->layout->remote);
		return;
	}
	picture = find_picture(painter, src);
	type = picture == NULL ? NULL : picture_type(picture->bytes);
	if (type == NULL ||
		picture->bytes.len > OUV_LAYOUT_PICTURES - painter->painted) {
		show_box(painter, values->of[ATTR_ALT],
			painter->layout->missing);
		return;
	}
	painter->painted += picture->bytes.len;
	ouv_buf_printf(painter->out, "<img src=\"data:%s;base64,", type);
	picture_base64(painter->out, picture->bytes);
	ouv_buf_char(painter->out, '"');
	for (int i = ATTR_SRC + 1; i < ATTR__COUNT; i++)
		if (values->of[i] != NULL)
			write_value(
				painter->out, (enum attribute)i, values->of[i]);
	ouv_buf_char(painter->out, '>');
}

/* ---- the page
 * ----------------------------------------------------------------
 */

static void
on_begin(void *user, const struct element *element, const struct values *values)
{
	struct painter *painter = user;

	if (strcmp(element->name, "a") == 0)
		begin_link(painter, values);
	else if (strcmp(element->name, "img") == 0)
		show_picture(painter, values);
	else
		write_begin(painter->out, element, values);
}

static void
on_end(void *user, const struct element *element)
{
	struct painter *painter = user;

	if (strcmp(element->name, "a") == 0)
		end_link(painter);
	else
		write_end(painter->out, element);
}

static void
on_text(void *user, const char *text)
{
	struct painter *painter = user;

	if (painter->href != NULL && painter->words.len < WORDS_MAX)
		ouv_buf_text(&painter->words, text);
	write_text(painter->out, text);
}

static enum ouv_err
add_part(
	struct painter *painter, struct ouv_arena *scratch, struct ouv_str html)
{
	const struct visitor visitor = { on_begin, on_end, on_text, painter };
	struct ouv_buf clean;
	enum ouv_err err;

	ouv_buf_init(&clean, scratch, html.len);
	err = ouv_layout_clean(html, &clean);
	if (err == OUV_OK)
		err = tree_walk(
			(struct ouv_str){ clean.data, clean.len }, &visitor);
	ouv_buf_char(painter->out, '\n');
	return err;
}

enum ouv_err
ouv_layout_document(const struct ouv_layout *layout, struct ouv_buf *out)
{
	struct ouv_arena *scratch = ouv_arena_new(OUV_ARENA_WIPE);
	struct painter painter = { .out = out, .layout = layout };
	enum ouv_err err = OUV_OK;
	size_t bytes = 0;

	ouv_buf_init(&painter.address, scratch, 0);
	ouv_buf_init(&painter.words, scratch, 0);
	ouv_buf_text(out, head);
	write_text(out, layout->title);
	ouv_buf_text(out, style);
	for (size_t i = 0; i < layout->part_count && err == OUV_OK; i++) {
		bytes += layout->parts[i].len;
		err = bytes > OUV_LAYOUT_HTML
			      ? OUV_INVALID
			      : add_part(&painter, scratch, layout->parts[i]);
	}
	ouv_buf_text(out, "</body></html>\n");
	ouv_arena_free(&scratch);
	return err;
}
