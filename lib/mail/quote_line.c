/*
 * quote_line.c - the lines of a letter, and what can be seen in one
 */
#include <string.h>

#include "quote.h"

#define LINES_MAX 20000 /* the last one takes the rest of the text */

/* ---- folding ------------------------------------------------------------- */

/* Characters that mail_plain leaves as they are, as one sees them said. */
struct fold {
	uint32_t from, to, as; /* a range becomes the one that starts at as */
};

/* clang-format off */
static const struct fold folds[] = {
	{ 0x0218, 0x0219, 's' },      { 0x021A, 0x021B, 't' },
	{ 0x0386, 0x0386, 0x03B1 },   { 0x0388, 0x0388, 0x03B5 },
	{ 0x0389, 0x0389, 0x03B7 },   { 0x038A, 0x038A, 0x03B9 },
	{ 0x038C, 0x038C, 0x03BF },   { 0x038E, 0x038E, 0x03C5 },
	{ 0x038F, 0x038F, 0x03C9 },   { 0x0391, 0x03A9, 0x03B1 },
	{ 0x03AC, 0x03AC, 0x03B1 },   { 0x03AD, 0x03AD, 0x03B5 },
	{ 0x03AE, 0x03AE, 0x03B7 },   { 0x03AF, 0x03AF, 0x03B9 },
	{ 0x03C2, 0x03C2, 0x03C3 },   { 0x03CC, 0x03CC, 0x03BF },
	{ 0x03CD, 0x03CD, 0x03C5 },   { 0x03CE, 0x03CE, 0x03C9 },
	{ 0x0401, 0x0401, 0x0435 },   { 0x0400, 0x040F, 0x0450 },
	{ 0x0410, 0x042F, 0x0430 },   { 0x0451, 0x0451, 0x0435 },
	{ 0x0490, 0x0491, 0x0433 },
};
/* clang-format on */

/* Same words, one character each: s and t with comma below, Cyrillic g. */
static bool
is_one(const struct fold *row)
{
	return row->as < 0x80 || row->as == 0x0433;
}

static uint32_t
fold_char(uint32_t c)
{
	for (size_t i = 0; i < QUOTE_COUNT(folds); i++) {
		const struct fold *row = &folds[i];

		if (c >= row->from && c <= row->to)
			return is_one(row) ? row->as : c - row->from + row->as;
	}
	return c;
}

char *
quote_fold(struct ouv_arena *arena, const char *text, size_t len)
{
	char *plain = mail_plain(arena, text, len), *out = plain;
	const char *p = plain, *end = plain + strlen(plain);

	while (p < end) {
		size_t n = (unsigned char)*p < 0x80
				   ? 1
				   : mail_utf8_length(p, (size_t)(end - p));

		if (n == 2) {
			/* no row makes a character longer */
			out += mail_utf8_put(
				fold_char(mail_utf8_get(p, 2)), out);
		} else {
			n = n == 0 ? 1 : n;
			memmove(out, p, n);
			out += n;
		}
		p += n;
	}
	*out = '\0';
	return plain;
}

/* ---- lines --------------------------------------------------------------- */

/* "> text", "  > text"; ">>> NOTE <<<" is somebody shouting. */
static bool
is_quoted(const char *p, size_t len)
{
	size_t i = 0;

	while (i < len && i < 2 && p[i] == ' ')
		i++;
	if (i == len || p[i] != '>')
		return false;
	return !(len > i + 4 && p[i + 1] == '>' && p[len - 1] == '<' &&
		 p[len - 2] == '<');
}

struct ouv_str
quote_inside(const struct quote_line *line)
{
	struct ouv_str text = { line->p, line->len };

	if (line->kind == QUOTE_QUOTED || is_quoted(line->p, line->len))
		while (text.len > 0 &&
			(*text.p == '>' || *text.p == ' ' || *text.p == '\t')) {
			text.p++;
			text.len--;
		}
	return mail_trim(text);
}

const char *
quote_plain(const struct quote_letter *letter, size_t i)
{
	struct quote_line *line = &letter->lines[i];
	struct ouv_str text;

	if (line->plain != NULL)
		return line->plain;
	text = quote_inside(line);
	line->plain = text.len > QUOTE_WORDY
			      ? ""
			      : quote_fold(letter->arena, text.p, text.len);
	return line->plain;
}

static bool
is_blank(const struct quote_letter *letter, size_t i)
{
	const struct quote_line *line = &letter->lines[i];
	size_t k = 0;

	while (k < line->len && (line->p[k] == ' ' || line->p[k] == '\t'))
		k++;
	if (k == line->len)
		return true;
	if ((unsigned char)line->p[k] > ' ' && (unsigned char)line->p[k] < 0x80)
		return false;
	return line->len <= QUOTE_WORDY && *quote_plain(letter, i) == '\0';
}

void
quote_split(struct quote_letter *letter, const char *text)
{
	size_t count = 1;

	for (const char *p = text;
		count < LINES_MAX && (p = strchr(p, '\n')) != NULL; p++)
		count++;
	letter->lines =
		ouv_arena_array(letter->arena, count, sizeof *letter->lines);
	letter->count = count;
	for (size_t i = 0; i < count; i++) {
		struct quote_line *line = &letter->lines[i];

		line->p = text;
		line->len = i + 1 < count ? strcspn(text, "\n") : strlen(text);
		text += line->len;
		text += *text == '\n';
		while (line->len > 0 && line->p[line->len - 1] == '\r')
			line->len--;
		line->label = LABEL_UNREAD;
		line->kind = is_quoted(line->p, line->len) ? QUOTE_QUOTED
			     : is_blank(letter, i)         ? QUOTE_BLANK
							   : QUOTE_TEXT;
	}
}

size_t
quote_next(const struct quote_letter *letter, size_t i)
{
	while (i < letter->count && letter->lines[i].kind == QUOTE_BLANK)
		i++;
	return i;
}

size_t
quote_before(const struct quote_letter *letter, size_t i)
{
	while (i > 0)
		if (letter->lines[--i].kind != QUOTE_BLANK)
			return i;
	return letter->count;
}

/* ---- what can be seen in a line ------------------------------------------ */

bool
quote_is_rule(const char *plain)
{
	size_t len = strlen(plain);

	return len >= 4 && strspn(plain, "-_=*~ ") == len;
}

size_t
quote_words_in(const char *plain)
{
	size_t words = plain[0] != '\0';

	for (; *plain != '\0'; plain++)
		words += *plain == ' ';
	return words;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* 1990 to 2099, and the Buddhist years of today, alone. */
static bool
is_year(const char *p, size_t n)
{
	return n == 4 &&
	       ((p[0] == '2' && p[1] == '0') || (p[0] == '1' && p[1] == '9') ||
		       (p[0] == '2' && p[1] == '5'));
}

bool
quote_has_date(const char *plain)
{
	const char *p = plain;

	while (*p != '\0') {
		size_t n, m;

		if (!is_digit(*p)) {
			p++;
			continue;
		}
		n = strspn(p, "0123456789");
		if (is_year(p, n))
			return true;
		m = n <= 4 && p[n] != '\0' && strchr("./-", p[n]) != NULL
			    ? strspn(p + n + 1, "0123456789")
			    : 0;
		if (m > 0 && m <= 2 && p[n + 1 + m] == p[n] &&
			is_digit(p[n + 2 + m]))
			return true;
		p += n;
	}
	return false;
}

/* "10:00", "10h00", "10.00" that is no part of a date or a price */
static bool
is_clock(const char *text, const char *p, size_t n)
{
	bool dot = p[n] == '.';

	if (n == 0 || n > 2 || (p[n] != ':' && p[n] != 'h' && !dot))
		return false;
	if (!is_digit(p[n + 1]) || !is_digit(p[n + 2]) || is_digit(p[n + 3]))
		return false;
	/* but "ב-10:00" is one in Hebrew */
	if (p > text && strchr("./-,", p[-1]) != NULL &&
		!(p > text + 1 && p[-1] == '-' && (unsigned char)p[-2] >= 0x80))
		return false;
	return !dot ||
	       (p[n + 3] != '/' && p[n + 3] != '-' &&
		       !(p[n + 3] == '.' && is_digit(p[n + 4]) &&
			       is_digit(p[n + 5]) && is_digit(p[n + 6])));
}

const char *
quote_after_clock(const char *text)
{
	const char *p = text, *found = NULL;

	while (*p != '\0') {
		size_t n = strspn(p, "0123456789");

		if (is_clock(text, p, n)) {
			p += n + 3;
			p += strspn(p, ":.0123456789");
			found = p;
		} else {
			p += n == 0 ? 1 : n;
		}
	}
	return found;
}

bool
quote_has_clock(const char *plain)
{
	return quote_after_clock(plain) != NULL;
}

bool
quote_has_address(const char *plain, bool bracketed)
{
	static const char ends[] = " <>()[]\",;";

	for (const char *at = plain; (at = strchr(at, '@')) != NULL; at++) {
		const char *p = at;

		if (strchr(ends, at[1]) != NULL)
			continue; /* strchr finds the end, too */
		while (p > plain && strchr(ends, p[-1]) == NULL)
			p--;
		if (p == at)
			continue;
		if (!bracketed || (p > plain && strchr("<([", p[-1]) != NULL) ||
			mail_starts(p, "mailto:"))
			return true;
		/* "< a@b", "<\na@b" */
		if (p > plain + 1 && p[-1] == ' ' && p[-2] == '<')
			return true;
	}
	return false;
}
