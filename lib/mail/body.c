/*
 * body.c - the bytes of one text part to UTF-8 with line ends LF
 *
 * Transfer encoding, charset, line ends and format=flowed, in that order.
 */
#include <string.h>
#include <strings.h>

#include "internal.h"

static struct ouv_str
to_lf(struct ouv_arena *arena, struct ouv_str text)
{
	char *out;
	size_t n = 0;

	if (memchr(text.p, '\r', text.len) == NULL)
		return text;
	out = ouv_arena_alloc(arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] != '\r')
			out[n++] = text.p[i];
		else if (i + 1 == text.len || text.p[i + 1] != '\n')
			out[n++] = '\n';
	}
	return (struct ouv_str){ out, n };
}

/* <meta charset> of a page whose part does not name one. */
static const char *
meta_charset(struct ouv_arena *arena, struct ouv_str html)
{
	size_t most = html.len < 2048 ? html.len : 2048;

	for (size_t i = 0; i + 9 < most; i++) {
		const char *name = html.p + i + 8;
		size_t n = 0;

		if (html.p[i] != 'c' && html.p[i] != 'C')
			continue;
		if (strncasecmp(html.p + i, "charset=", 8) != 0)
			continue;
		while (*name == '"' || *name == '\'')
			name++;
		while (name + n < html.p + most && name[n] > ' ' &&
			strchr("\"'/>;", name[n]) == NULL)
			n++;
		return n == 0 ? NULL : ouv_arena_strndup(arena, name, n);
	}
	return NULL;
}

static void
say_charset(struct ouv_arena *arena, struct ouv_mail *mail, const char *charset)
{
	const char *name = charset == NULL ? "none" : charset;
	struct ouv_str part = { name, strnlen(name, 40) };

	mail_defect(arena, mail,
		ouv_arena_printf(
			arena, "bad-charset:%s", mail_clean_line(arena, part)));
}

struct ouv_str
mail_utf8_of(struct ouv_arena *arena, const struct mail_message *message,
	const struct mail_leaf *leaf, struct ouv_str bytes,
	struct ouv_mail *mail, struct ouv_arena *defects)
{
	const char *charset = leaf->charset;
	struct ouv_str text;
	bool clean;

	if (charset == NULL && strcmp(leaf->content_type, "text/html") == 0)
		charset = meta_charset(arena, bytes);
	clean = mail_to_utf8(arena, charset, message->charset, bytes, &text);
	if (!clean && mail != NULL)
		say_charset(defects, mail, charset);
	return to_lf(arena, text);
}

struct ouv_str
mail_leaf_bytes(struct ouv_arena *arena, const struct mail_message *message,
	const struct mail_leaf *leaf)
{
	struct ouv_str encoded = { message->raw.p + leaf->offset,
		leaf->length };
	struct ouv_str bytes;

	(void)mail_decode_bytes(arena, leaf->encoding, encoded, &bytes);
	return bytes;
}

struct ouv_str
mail_leaf_text(struct ouv_arena *arena, const struct mail_message *message,
	const struct mail_leaf *leaf)
{
	return mail_utf8_of(arena, message, leaf,
		mail_leaf_bytes(arena, message, leaf), NULL, NULL);
}

/* ---- format=flowed (RFC 3676 4) ---------------------------------------------
 */

static size_t
quote_depth(struct ouv_str line)
{
	size_t n = 0;

	while (n < line.len && line.p[n] == '>')
		n++;
	return n;
}

void
mail_unflow(struct ouv_str text, bool delete_space, struct ouv_buf *out)
{
	struct mail_lines lines = { text.p, text.p + text.len, '\n' };
	struct ouv_str line;
	bool joining = false;
	size_t open_depth = 0;

	while (mail_line_next(&lines, &line)) {
		size_t depth = quote_depth(line);
		bool flows, signature;

		line.p += depth;
		line.len -= depth;
		if (line.len > 0 && *line.p == ' ') {
			line.p++;
			line.len--;
		}
		signature = line.len == 3 && memcmp(line.p, "-- ", 3) == 0;
		flows = !signature && line.len > 0 &&
			line.p[line.len - 1] == ' ';
		if (joining && (depth != open_depth || signature)) {
			ouv_buf_char(out, '\n');
			joining = false;
		}
		if (!joining && depth > 0) {
			ouv_buf_add(out, line.p - (line.p[-1] == ' ') - depth,
				depth);
			ouv_buf_char(out, ' ');
		}
		ouv_buf_add(out, line.p, line.len - (flows && delete_space));
		if (!flows)
			ouv_buf_char(out, '\n');
		joining = flows;
		open_depth = depth;
	}
	if (joining)
		ouv_buf_char(out, '\n');
}
