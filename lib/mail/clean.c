/*
 * clean.c - decoded text to something that can be shown in one line
 *
 * Names, addresses and subjects go to lists and decisions: no control
 * characters, no marks that turn the direction of reading, no invisible ones.
 */
#include <string.h>
#include <strings.h>

#include "internal.h"

/* Characters that can hide or turn what stands beside them. */
/* clang-format off */
static const struct {
	uint32_t first, last;
	char instead; /* 0: nothing */
} unwanted[] = {
	{ 0x0000, 0x001f, ' ' },
	{ 0x007f, 0x009f, 0 },
	{ 0x034f, 0x034f, 0 },   /* combining grapheme joiner */
	{ 0x061c, 0x061c, 0 },   /* Arabic letter mark */
	{ 0x200b, 0x200b, 0 },   /* zero width space */
	{ 0x200e, 0x200f, 0 },   /* left-to-right, right-to-left mark */
	{ 0x2028, 0x2029, ' ' }, /* line, paragraph separator */
	{ 0x202a, 0x202e, 0 },   /* bidi embeddings and overrides */
	{ 0x2060, 0x2060, 0 },   /* word joiner */
	{ 0x2066, 0x2069, 0 },   /* bidi isolates */
	{ 0xfeff, 0xfeff, 0 },   /* byte order mark */
	{ 0xfff9, 0xfffb, 0 },   /* interlinear annotation */
};
/* clang-format on */

uint32_t
mail_utf8_get(const char *text, size_t n)
{
	const unsigned char *p = (const unsigned char *)text;

	switch (n) {
	case 1:
		return p[0];
	case 2:
		return ((p[0] & 0x1fu) << 6) | (p[1] & 0x3fu);
	case 3:
		return ((p[0] & 0x0fu) << 12) | ((p[1] & 0x3fu) << 6) |
		       (p[2] & 0x3fu);
	default:
		return ((p[0] & 0x07u) << 18) | ((p[1] & 0x3fu) << 12) |
		       ((p[2] & 0x3fu) << 6) | (p[3] & 0x3fu);
	}
}

/* -1: keep it; else what to write instead, 0 for nothing. */
static int
instead_of(uint32_t c)
{
	for (size_t i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++)
		if (c >= unwanted[i].first && c <= unwanted[i].last)
			return unwanted[i].instead;
	return -1;
}

static bool
is_plain(struct ouv_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] < 0x20 ||
			(unsigned char)text.p[i] >= 0x7f)
			return false;
	return true;
}

const char *
mail_clean_line(struct ouv_arena *arena, struct ouv_str text)
{
	char *out;
	size_t used = 0;

	text = mail_trim(text);
	if (is_plain(text))
		return ouv_arena_strndup(arena, text.p, text.len);
	/* one broken byte becomes three */
	out = ouv_arena_alloc(arena, text.len * 3 + 1);
	for (size_t i = 0; i < text.len;) {
		size_t n = mail_utf8_length(text.p + i, text.len - i);
		uint32_t c = n == 0 ? 0xfffd : mail_utf8_get(text.p + i, n);
		int other = instead_of(c);

		if (other < 0)
			used += mail_utf8_put(c, out + used);
		else if (other > 0)
			out[used++] = (char)other;
		i += n == 0 ? 1 : n;
	}
	while (used > 0 && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
	return out + strspn(out, " ");
}

char *
mail_lower(struct ouv_arena *arena, struct ouv_str text)
{
	char *out = ouv_arena_strndup(arena, text.p, text.len);

	for (char *p = out; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return out;
}

/* Cuts in the middle, so that the extension stays. */
static const char *
shorten(struct ouv_arena *arena, const char *name, size_t len)
{
	const char *dot = strrchr(name, '.');
	size_t tail = dot == NULL ? 0 : len - (size_t)(dot - name);
	size_t keep;

	if (tail > 20)
		tail = 0;
	keep = MAIL_FILENAME_MAX - tail;
	while (keep > 0 && ((unsigned char)name[keep] & 0xc0) == 0x80)
		keep--;
	return ouv_arena_printf(
		arena, "%.*s%s", (int)keep, name, name + len - tail);
}

const char *
mail_clean_filename(struct ouv_arena *arena, const char *name)
{
	const char *slash;
	size_t len;

	if (name == NULL)
		return NULL;
	name = mail_clean_line(arena, (struct ouv_str){ name, strlen(name) });
	for (slash = name; *slash != '\0'; slash++)
		if (*slash == '/' || *slash == '\\')
			name = slash + 1;
	name += strspn(name, " ");
	len = strlen(name);
	if (len == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return NULL;
	return len > MAIL_FILENAME_MAX ? shorten(arena, name, len) : name;
}

/* The inside of 'x', "x", <x> and [mailto:x]. */
static struct ouv_str
without_quotes(struct ouv_str text)
{
	static const char pairs[][2] = { { '\'', '\'' }, { '"', '"' },
		{ '<', '>' }, { '[', ']' } };
	size_t i = 0;

	while (i < sizeof(pairs) / sizeof(pairs[0]) && text.len > 1) {
		if (text.p[0] != pairs[i][0] ||
			text.p[text.len - 1] != pairs[i][1]) {
			i++;
			continue;
		}
		text.p++;
		text.len -= 2;
		i = 0;
	}
	return text;
}

/* RFC 6068 and Exchange: what stands before the address, and ?subject=. */
static struct ouv_str
without_scheme(struct ouv_str text)
{
	static const char *const schemes[] = { "mailto:", "smtp:" };

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t len = strlen(schemes[i]);
		const char *query;

		if (text.len <= len ||
			strncasecmp(text.p, schemes[i], len) != 0)
			continue;
		text.p += len;
		text.len -= len;
		query = memchr(text.p, '?', text.len);
		if (query != NULL)
			text.len = (size_t)(query - text.p);
	}
	return text;
}

/* An address has no blanks, control characters, quotes around it. */
const char *
mail_clean_addr(
	struct ouv_arena *arena, struct ouv_str text, const char *charset)
{
	struct ouv_str utf8;
	char *out;
	size_t n = 0;
	bool quoted = false;

	if (memmem(text.p, text.len, "=?", 2) != NULL)
		text = mail_decode_words(arena, text, charset);
	text = without_scheme(without_quotes(mail_trim(text)));
	/* RFC 5322 4.4: <@route,@route:local@domain> */
	if (text.len > 0 && text.p[0] == '@') {
		const char *colon = memchr(text.p, ':', text.len);

		if (colon != NULL) {
			text.len -= (size_t)(colon + 1 - text.p);
			text.p = colon + 1;
		}
	}
	(void)mail_to_utf8(arena, NULL, charset, text, &utf8);
	out = ouv_arena_alloc(arena, utf8.len + 1);
	for (size_t i = 0; i < utf8.len; i++) {
		char c = utf8.p[i];

		if (c == '"')
			quoted = !quoted;
		if ((unsigned char)c < ' ' || c == 0x7f || c == '<' ||
			c == '>' || (c == ' ' && !quoted))
			continue;
		out[n++] = c;
	}
	out[n] = '\0';
	return mail_clean_line(arena, (struct ouv_str){ out, n });
}
