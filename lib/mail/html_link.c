/*
 * html_link.c - links and pictures of a page as words
 *
 * The address of a link is written behind its text only when it says
 * something else; what nobody sees (one pixel, no text) is not written.
 */
#include <string.h>
#include <strings.h>

#include "html_render.h"

static bool
is_shown_scheme(const char *url)
{
	static const char *const schemes[] = { "http://", "https://",
		"mailto:", "tel:", "ftp://", "sms:" };

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return false;
}

void
html_link_begin(struct html_renderer *r, const struct html_tag *tag,
	struct html_element *element)
{
	const char *url;

	element->text_at = r->w.out->len;
	if (tag->attr[HTML_HREF].len == 0)
		return;
	url = html_value(r, tag->attr[HTML_HREF], HTML_URL_MAX);
	if (strncmp(url, "//", 2) == 0)
		url = ouv_arena_printf(r->arena, "https:%s", url);
	if (is_shown_scheme(url) && strpbrk(url, " <>") == NULL)
		element->url = url;
}

/* Without what two spellings of one address may differ in. */
static struct ouv_str
core_of(struct ouv_str text)
{
	static const char *const fronts[] = { "mailto:", "http://", "https://",
		"ftp://", "www." };

	while (text.len > 0 && strchr("<([", *text.p) != NULL) {
		text.p++;
		text.len--;
	}
	for (size_t i = 0; i < sizeof(fronts) / sizeof(fronts[0]); i++) {
		size_t n = strlen(fronts[i]);

		if (text.len > n && strncasecmp(text.p, fronts[i], n) == 0) {
			text.p += n;
			text.len -= n;
		}
	}
	while (text.len > 0 && strchr("/>)].,;", text.p[text.len - 1]) != NULL)
		text.len--;
	return text;
}

/* The next letter that a dialled number has, 0: none. */
static char
next_digit(struct ouv_str *text)
{
	while (text->len > 0) {
		char c = *text->p++;

		text->len--;
		if ((c >= '0' && c <= '9') || c == '*' || c == '#')
			return c;
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
			return '?';
	}
	return '\0';
}

/* Country codes may stand in one of the two alone: the ends must agree. */
static bool
is_same_number(struct ouv_str a, struct ouv_str b)
{
	char x[40] = "", y[40] = "";
	size_t m = 0, n = 0, least;
	char c;

	while (m < sizeof(x) - 1 && (c = next_digit(&a)) != '\0')
		x[m++] = c;
	while (n < sizeof(y) - 1 && (c = next_digit(&b)) != '\0')
		y[n++] = c;
	least = m < n ? m : n;
	return least >= 3 && memcmp(x + m - least, y + n - least, least) == 0;
}

static bool
says_the_same(struct ouv_str text, const char *url)
{
	struct ouv_str address = { url, strlen(url) };
	const char *question;

	if (strncasecmp(url, "tel:", 4) == 0 ||
		strncasecmp(url, "sms:", 4) == 0)
		return is_same_number(
			text, (struct ouv_str){ url + 4, address.len - 4 });
	if (strncasecmp(url, "mailto:", 7) == 0 &&
		(question = strchr(url, '?')) != NULL)
		address.len = (size_t)(question - url);
	text = core_of(text);
	address = core_of(address);
	return text.len == address.len &&
	       strncasecmp(text.p, address.p, text.len) == 0;
}

void
html_link_end(struct html_renderer *r, const struct html_element *element)
{
	struct ouv_buf *out = r->w.out;
	struct ouv_str text;

	if (element->url == NULL || out->len <= element->text_at ||
		html_is_hidden(r))
		return;
	text = mail_trim((struct ouv_str){
		out->data + element->text_at, out->len - element->text_at });
	if (text.len == 0 || says_the_same(text, element->url))
		return;
	/* one link that is cut in several says its address once */
	if (r->last_url != NULL && strcmp(r->last_url, element->url) == 0)
		return;
	r->last_url = element->url;
	/* right behind the word: lines that ended since still wait */
	if (out->data[out->len - 1] != ' ')
		ouv_buf_char(out, ' ');
	ouv_buf_char(out, '<');
	ouv_buf_text(out, element->url);
	ouv_buf_char(out, '>');
}

void
html_image(struct html_renderer *r, const struct html_tag *tag,
	const struct html_look *look)
{
	const char *alt;

	r->saw_remote |= look->fetches || html_is_remote(tag->attr[HTML_SRC]) ||
			 html_is_remote(tag->attr[HTML_SRCSET]);
	if (tag->attr[HTML_ALT].len == 0 || look->hides || look->dot ||
		html_is_hidden(r))
		return;
	alt = html_value(r, tag->attr[HTML_ALT], HTML_URL_MAX);
	if (*alt == '\0')
		return;
	html_put(&r->w, "[", 1);
	html_put_plain(&r->w, alt, alt + strlen(alt));
	r->w.waiting = 0;
	html_put(&r->w, "]", 1);
}
