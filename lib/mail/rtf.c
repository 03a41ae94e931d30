/*
 * rtf.c - RTF to text, or to the page that was put inside (MS-OXRTFEX)
 *
 * One pass with a stack of groups of a fixed height; letters in any code
 * page.  Pictures, tables of fonts and the like are passed over.
 */
#include <stdlib.h>
#include <string.h>

#include "marks.h"

#define GROUPS_MAX 100
#define FONTS_MAX 256
#define URL_MAX 2000

enum word_kind {
	PUT,     /* text */
	SKIP,    /* the group is not for reading */
	PAGE,    /* code page of the whole */
	FONT,    /* number of a font */
	CHARSET, /* of the font that is being described */
	FONTS,   /* the table of fonts */
	UNICODE,
	SPARE, /* letters behind a \u for old readers */
	BINARY,
	FROM_HTML,
	HTML_TAG,
	HTML_RTF, /* for readers that know no HTML */
	LINK,
	LINKED,
	PLAIN_FONT,
};

/* clang-format off */
/* In the order of strcmp: it is searched by halves. */
static const struct word {
	const char *name;
	enum word_kind kind;
	const char *text;
} words[] = {
	{ "ansicpg",    PAGE,       NULL },
	{ "bin",        BINARY,     NULL },
	{ "bullet",     PUT,        "\342\200\242" },
	{ "cell",       PUT,        "\t" },
	{ "colortbl",   SKIP,       NULL },
	{ "emdash",     PUT,        "\342\200\224" },
	{ "emspace",    PUT,        " " },
	{ "endash",     PUT,        "\342\200\223" },
	{ "f",          FONT,       NULL },
	{ "fcharset",   CHARSET,    NULL },
	{ "fldinst",    LINK,       NULL },
	{ "fldrslt",    LINKED,     NULL },
	{ "fonttbl",    FONTS,      NULL },
	{ "footer",     SKIP,       NULL },
	{ "fromhtml",   FROM_HTML,  NULL },
	{ "header",     SKIP,       NULL },
	{ "htmlrtf",    HTML_RTF,   NULL },
	{ "htmltag",    HTML_TAG,   NULL },
	{ "info",       SKIP,       NULL },
	{ "ldblquote",  PUT,        "\342\200\234" },
	{ "line",       PUT,        "\n" },
	{ "listtable",  SKIP,       NULL },
	{ "lquote",     PUT,        "\342\200\230" },
	{ "objdata",    SKIP,       NULL },
	{ "page",       PUT,        "\n" },
	{ "par",        PUT,        "\n" },
	{ "pict",       SKIP,       NULL },
	{ "plain",      PLAIN_FONT, NULL },
	{ "rdblquote",  PUT,        "\342\200\235" },
	{ "row",        PUT,        "\n" },
	{ "rquote",     PUT,        "\342\200\231" },
	{ "sect",       PUT,        "\n" },
	{ "stylesheet", SKIP,       NULL },
	{ "tab",        PUT,        "\t" },
	{ "u",          UNICODE,    NULL },
	{ "uc",         SPARE,      NULL },
	{ "xmlnstbl",   SKIP,       NULL },
};

static const struct {
	int charset, page;
} charsets[] = {
	{ 0, 1252 },   { 77, 10000 }, { 128, 932 }, { 129, 949 }, { 134, 936 }, { 136, 950 },
	{ 161, 1253 }, { 162, 1254 }, { 163, 1258 }, { 177, 1255 },
	{ 178, 1256 }, { 186, 1257 }, { 204, 1251 }, { 222, 874 },
	{ 238, 1250 }, { 255, 850 },
};
/* clang-format on */

struct group {
	bool skip, fonts, tag, hidden; /* hidden: for readers without HTML */
	bool link, linked;
	int page, spare;
	size_t text_at; /* where a link's text begins */
};

struct reader {
	struct ouv_arena *scratch;
	struct ouv_buf *out;
	const char *p, *end;
	struct group groups[GROUPS_MAX];
	int height, deeper;
	int page;             /* of the whole */
	int fonts[FONTS_MAX]; /* their code pages, 0: that of the whole */
	int font;             /* being described */
	struct ouv_buf bytes; /* in code page bytes_page, not yet text */
	int bytes_page;
	struct ouv_buf url; /* what stands in \fldinst */
	uint32_t high;      /* half of a character */
	int spare_left;     /* letters to pass over */
	bool star, html;
};

static struct group *
top(struct reader *r)
{
	return &r->groups[r->height - 1];
}

static bool
is_silent(struct reader *r)
{
	const struct group *g = top(r);

	return g->skip || g->fonts || (r->html && g->hidden);
}

/* ---- letters ----------------------------------------------------------------
 */

/* Nearly all letters are of this page. */
static void
add_1252(struct ouv_str bytes, struct ouv_buf *out)
{
	for (size_t i = 0; i < bytes.len; i++) {
		char text[4];
		uint32_t c = mail_1252((unsigned char)bytes.p[i]);

		ouv_buf_add(out, text, mail_utf8_put(c, text));
	}
}

static void
flush(struct reader *r)
{
	struct ouv_buf *out = top(r)->link ? &r->url : r->out;
	struct ouv_str bytes = { r->bytes.data, r->bytes.len }, text;
	char name[24];

	r->bytes.len = 0;
	if (bytes.len == 0)
		return;
	if (r->bytes_page == 1252) {
		add_1252(bytes, out);
		return;
	}
	(void)snprintf(name, sizeof(name),
		r->bytes_page == 10000 ? "macintosh" : "windows-%d",
		r->bytes_page);
	if (r->bytes_page == 850 || r->bytes_page == 437)
		(void)snprintf(name, sizeof(name), "cp%d", r->bytes_page);
	(void)mail_to_utf8(r->scratch,
		mail_charset_known(name) ? name : "windows-1252", NULL, bytes,
		&text);
	ouv_buf_add(out, text.p, text.len);
}

static void
put_text(struct reader *r, const char *text)
{
	if (is_silent(r))
		return;
	flush(r);
	ouv_buf_text(top(r)->link ? &r->url : r->out, text);
}

static void
put_byte(struct reader *r, char c)
{
	if (r->spare_left > 0) {
		r->spare_left--;
		return;
	}
	if (c == '\0' || is_silent(r))
		return;
	if (r->bytes_page != top(r)->page)
		flush(r);
	r->bytes_page = top(r)->page;
	ouv_buf_char(&r->bytes, c);
}

static void
put_unicode(struct reader *r, long value)
{
	uint32_t c = (uint32_t)(value < 0 ? value + 65536 : value) & 0xffffu;
	char text[5] = "";

	r->spare_left = top(r)->spare;
	if (c >= 0xd800 && c < 0xdc00) {
		r->high = c;
		return;
	}
	if (c >= 0xdc00 && c < 0xe000)
		c = r->high == 0 ? 0xfffd
				 : 0x10000 + ((r->high - 0xd800) << 10) +
					   (c - 0xdc00);
	r->high = 0;
	if (c == 0)
		return;
	(void)mail_utf8_put(c, text);
	put_text(r, text);
}

/* ---- groups
 * ------------------------------------------------------------------- */

static void
open_group(struct reader *r)
{
	flush(r);
	r->spare_left = 0;
	r->star = false;
	if (r->height == GROUPS_MAX) {
		r->deeper++;
		return;
	}
	r->groups[r->height] = r->groups[r->height - 1];
	r->height++;
	top(r)->linked = false;
}

/* The address that a link's text does not say. */
static void
end_link(struct reader *r, const struct group *g)
{
	const char *quote = memchr(r->url.data, '"', r->url.len), *close;
	struct ouv_str shown = { r->out->data + g->text_at,
		r->out->len - g->text_at };
	size_t len;

	if (quote == NULL || (close = strchr(quote + 1, '"')) == NULL)
		return;
	len = (size_t)(close - quote - 1);
	if (len == 0 || len > URL_MAX ||
		memmem(shown.p, shown.len, quote + 1, len) != NULL ||
		memchr(quote + 1, ':', len) == NULL)
		return;
	ouv_buf_text(r->out, " <");
	ouv_buf_add(r->out, quote + 1, len);
	ouv_buf_char(r->out, '>');
	r->url.len = 0;
}

static void
close_group(struct reader *r)
{
	struct group closed = *top(r);

	flush(r);
	r->spare_left = 0;
	r->star = false;
	if (r->deeper > 0) {
		r->deeper--;
		return;
	}
	if (r->height == 1)
		return;
	r->height--;
	if (closed.linked && !r->html && !is_silent(r))
		end_link(r, &closed);
}

/* ---- control words
 * -------------------------------------------------------------- */

static void
on_charset(struct reader *r, long value)
{
	if (!top(r)->fonts || r->font < 0)
		return;
	for (size_t i = 0; i < sizeof(charsets) / sizeof(charsets[0]); i++)
		if (charsets[i].charset == value)
			r->fonts[r->font] = charsets[i].page;
}

static void
on_font(struct reader *r, long value)
{
	if (value < 0 || value >= FONTS_MAX) {
		r->font = -1;
		return;
	}
	r->font = (int)value;
	if (!top(r)->fonts)
		top(r)->page = r->fonts[value] != 0 ? r->fonts[value] : r->page;
}

static void
on_word(struct reader *r, const struct word *word, bool has_value, long value)
{
	struct group *g = top(r);

	switch (word->kind) {
	case PUT:
		put_text(r, word->text);
		break;
	case SKIP:
		g->skip = true;
		break;
	case PAGE:
		if (value > 0 && value < 70000)
			r->page = g->page = (int)value;
		break;
	case FONT:
		on_font(r, value);
		break;
	case CHARSET:
		on_charset(r, value);
		break;
	case FONTS:
		g->fonts = true;
		break;
	case UNICODE:
		put_unicode(r, value);
		break;
	case SPARE:
		if (value >= 0 && value < 100)
			g->spare = (int)value;
		break;
	case BINARY:
		if (value > 0)
			r->p += value < r->end - r->p ? value : r->end - r->p;
		break;
	case FROM_HTML:
		r->html = true;
		break;
	case HTML_TAG:
		g->tag = true;
		g->hidden = false;
		break;
	case HTML_RTF:
		flush(r);
		g->hidden = !has_value || value != 0;
		break;
	case LINK:
		flush(r);
		r->url.len = 0;
		g->link = true;
		break;
	case LINKED:
		g->linked = true;
		g->text_at = r->out->len;
		break;
	case PLAIN_FONT:
		g->page = r->page;
		break;
	}
}

static int
compare(const void *name, const void *row)
{
	return strcmp(name, ((const struct word *)row)->name);
}

/* "\word-12 ": at its first letter. */
static void
take_word(struct reader *r)
{
	const struct word *word;
	char name[16];
	size_t n = 0;
	bool minus, has_value;
	long value = 0;

	while (r->p < r->end && ((*r->p >= 'a' && *r->p <= 'z') ||
					(*r->p >= 'A' && *r->p <= 'Z'))) {
		if (n < sizeof(name) - 1)
			name[n++] = *r->p;
		r->p++;
	}
	name[n] = '\0';
	minus = r->p + 1 < r->end && *r->p == '-' && r->p[1] >= '0' &&
		r->p[1] <= '9';
	r->p += minus;
	has_value = r->p < r->end && *r->p >= '0' && *r->p <= '9';
	for (; r->p < r->end && *r->p >= '0' && *r->p <= '9'; r->p++)
		if (value < 100000000)
			value = value * 10 + (*r->p - '0');
	if (r->p < r->end && *r->p == ' ')
		r->p++;
	word = bsearch(name, words, sizeof(words) / sizeof(words[0]),
		sizeof(words[0]), compare);
	if (word != NULL)
		on_word(r, word, has_value, minus ? -value : value);
	else if (r->star) /* nothing that we must know */
		top(r)->skip = true;
	r->star = false;
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What stands behind a backslash and is no word. */
static void
take_sign(struct reader *r)
{
	char c = *r->p++;

	if (c == '\'') {
		if (r->end - r->p >= 2 && hex(r->p[0]) >= 0 &&
			hex(r->p[1]) >= 0) {
			put_byte(r, (char)(hex(r->p[0]) * 16 + hex(r->p[1])));
			r->p += 2;
		}
	} else if (c == '*') {
		r->star = true;
	} else if (c == '\\' || c == '{' || c == '}') {
		put_byte(r, c);
	} else if (c == '~') {
		put_text(r, r->html ? "&nbsp;" : "\302\240");
	} else if (c == '_') {
		put_text(r, "-");
	} else if (c == '\n' || c == '\r') {
		put_text(r, "\n");
	}
}

static void
take_control(struct reader *r)
{
	char c;

	r->p++;
	if (r->p == r->end)
		return;
	c = (char)(*r->p | 0x20);
	if (c >= 'a' && c <= 'z')
		take_word(r);
	else
		take_sign(r);
}

static void
read_all(struct reader *r)
{
	while (r->p < r->end) {
		char c = *r->p;

		if (c == '\\') {
			take_control(r);
			continue;
		}
		r->p++;
		if (c == '{')
			open_group(r);
		else if (c == '}')
			close_group(r);
		else if (c != '\r' && c != '\n' && c != '\0')
			put_byte(r, c);
	}
	flush(r);
}

enum mail_rtf
mail_rtf_read(
	struct ouv_arena *scratch, struct ouv_str rtf, struct ouv_buf *out)
{
	struct reader *r;

	while (rtf.len > 0 && (unsigned char)*rtf.p <= ' ') {
		rtf.p++;
		rtf.len--;
	}
	if (rtf.len < 5 || memcmp(rtf.p, "{\\rtf", 5) != 0)
		return MAIL_RTF_NONE;
	r = ouv_arena_alloc(scratch, sizeof(*r));
	r->scratch = scratch;
	r->out = out;
	r->p = rtf.p;
	r->end = rtf.p + rtf.len;
	r->height = 1;
	r->page = r->groups[0].page = 1252;
	r->groups[0].spare = 1;
	ouv_buf_init(&r->bytes, scratch, 256);
	ouv_buf_init(&r->url, scratch, 0);
	read_all(r);
	return r->html ? MAIL_RTF_HTML : MAIL_RTF_TEXT;
}
