/*
 * page.c - a page that was read, as rows of text and back
 */
#include <stdio.h>
#include <string.h>

#include "ouv/ocr_page.h"

#define DOTS 100000 /* more than any page has along one side */

/* ---- what a word may be -----------------------------------------------------
 */

/* Bytes of the UTF-8 character here that a page may show; 0: none is. */
static size_t
step(const unsigned char *p, size_t left)
{
	static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = p[0] < 0x80    ? 1
		     : p[0] < 0xc2  ? 0
		     : p[0] < 0xe0  ? 2
		     : p[0] < 0xf0  ? 3
		     : p[0] <= 0xf4 ? 4
				    : 0;
	unsigned long code = len > 1 ? p[0] & (0x7fU >> len) : p[0];

	if (len == 0 || len > left)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3fU);
	}
	/* No controls, no halves of pairs, nothing that turns what follows. */
	if (code < least[len] || code > 0x10ffff || code <= 0x20 ||
		(code >= 0x7f && code <= 0x9f) ||
		(code >= 0xd800 && code <= 0xdfff) ||
		(code >= 0x200b && code <= 0x200f) ||
		(code >= 0x2028 && code <= 0x202e) ||
		(code >= 0x2066 && code <= 0x2069) || code == 0xfeff)
		return 0;
	return len;
}

static bool
is_word(const char *text)
{
	size_t left = strlen(text), n;

	if (left == 0 || left > OUV_OCR_WORD)
		return false;
	for (; left > 0; text += n, left -= n)
		if ((n = step((const unsigned char *)text, left)) == 0)
			return false;
	return true;
}

/* ---- writing ---------------------------------------------------------------
 */

int
ouv_ocr_page_sure(const struct ouv_ocr_page *page)
{
	size_t letters = 0, sum = 0;

	/* By their length: a page full of stains is not a page well read. */
	for (size_t i = 0; i < page->count; i++)
		for (size_t k = 0; k < page->lines[i].count; k++) {
			const struct ouv_ocr_word *word =
				&page->lines[i].words[k];

			letters += strlen(word->text);
			sum += strlen(word->text) * (size_t)word->conf;
		}
	return letters == 0 ? 0 : (int)(sum / letters);
}

void
ouv_ocr_page_write(struct ouv_ocr_page *page, struct ouv_buf *out)
{
	size_t left = OUV_OCR_WORDS;

	page->conf = ouv_ocr_page_sure(page);
	ouv_buf_printf(out, "1 %d %d %d %d %d\n", page->width, page->height,
		page->turn, page->skew, page->conf);
	for (size_t i = 0; i < page->count; i++) {
		const struct ouv_ocr_line *line = &page->lines[i];

		ouv_buf_printf(out, "L %d\n", line->first ? 1 : 0);
		for (size_t k = 0; k < line->count && left > 0; k++) {
			const struct ouv_ocr_word *word = &line->words[k];

			if (!is_word(word->text))
				continue;
			left--;
			ouv_buf_printf(out, "%d %d %d %d %d %s\n", word->conf,
				word->x, word->y, word->w, word->h, word->text);
		}
	}
}

/* ---- reading ---------------------------------------------------------------
 */

/* The next number of a row; false: there is none, or it is out of bounds. */
static bool
number(const char **p, int least, int most, int *out)
{
	int n = 0, sign = **p == '-' ? -1 : 1, digits = 0;

	if (sign < 0)
		(*p)++;
	for (; **p >= '0' && **p <= '9' && digits < 7; (*p)++, digits++)
		n = n * 10 + (**p - '0');
	*out = n * sign;
	if (digits == 0 || *out < least || *out > most)
		return false;
	if (**p == ' ')
		(*p)++;
	return true;
}

static bool
read_head(const char *p, struct ouv_ocr_page *page)
{
	int version;

	return number(&p, 1, 1, &version) &&
	       number(&p, 0, DOTS, &page->width) &&
	       number(&p, 0, DOTS, &page->height) &&
	       number(&p, 0, 270, &page->turn) && page->turn % 90 == 0 &&
	       number(&p, -4500, 4500, &page->skew) &&
	       number(&p, 0, 100, &page->conf) && *p == '\0';
}

static bool
read_word(const char *p, struct ouv_ocr_word *word)
{
	if (!number(&p, 0, 100, &word->conf) ||
		!number(&p, 0, DOTS, &word->x) ||
		!number(&p, 0, DOTS, &word->y) ||
		!number(&p, 0, DOTS, &word->w) ||
		!number(&p, 0, DOTS, &word->h))
		return false;
	word->text = p;
	return is_word(p);
}

/* The next row, ended by a zero; NULL: there is no more. */
static char *
next_row(char **rest)
{
	char *row = *rest, *end = strchr(row, '\n');

	if (end == NULL)
		return NULL;
	*end = '\0';
	*rest = end + 1;
	return row;
}

static bool
read_rows(char *rest, size_t rows, struct ouv_arena *arena,
	struct ouv_ocr_page *page)
{
	struct ouv_ocr_word *words =
		ouv_arena_array(arena, rows, sizeof(*words));
	struct ouv_ocr_line *line = NULL;
	const char *row;

	page->lines = ouv_arena_array(arena, rows, sizeof(*page->lines));
	while ((row = next_row(&rest)) != NULL) {
		if (strncmp(row, "L ", 2) == 0) {
			line = &page->lines[page->count++];
			line->first = strcmp(row, "L 1") == 0;
			line->words = words + page->words;
			if (!line->first && strcmp(row, "L 0") != 0)
				return false;
			continue;
		}
		if (line == NULL || page->words == OUV_OCR_WORDS ||
			!read_word(row, &words[page->words]))
			return false;
		page->words++;
		line->count++;
	}
	return *rest == '\0';
}

enum ouv_err
ouv_ocr_page_read(struct ouv_arena *arena, struct ouv_str text,
	struct ouv_ocr_page *page_out)
{
	char *copy = ouv_arena_strndup(arena, text.p, text.len), *rest = copy;
	struct ouv_ocr_page page = { 0 };
	const char *head;
	size_t rows = 0;

	if (memchr(text.p, '\0', text.len) != NULL)
		return OUV_INVALID;
	for (size_t i = 0; i < text.len; i++)
		rows += text.p[i] == '\n';
	head = next_row(&rest);
	if (head == NULL || !read_head(head, &page) ||
		!read_rows(rest, rows, arena, &page))
		return OUV_INVALID;
	*page_out = page;
	return OUV_OK;
}

/* ---- text ------------------------------------------------------------------
 */

/* The words of a line of text, at its blanks. */
static void
split(struct ouv_arena *arena, const char *text, size_t len,
	struct ouv_ocr_line *line)
{
	static const char blanks[] = " \t\r\f\v";
	char *copy = ouv_arena_strndup(arena, text, len), *save = NULL;

	line->words = ouv_arena_array(arena, len / 2 + 1, sizeof(*line->words));
	for (char *word = strtok_r(copy, blanks, &save); word != NULL;
		word = strtok_r(NULL, blanks, &save))
		if (is_word(word))
			line->words[line->count++] =
				(struct ouv_ocr_word){ .text = word,
					.conf = 100 };
}

void
ouv_ocr_page_plain(
	struct ouv_arena *arena, const char *text, struct ouv_ocr_page *out)
{
	size_t rows = 1;
	bool first = true;

	*out = (struct ouv_ocr_page){ .conf = 100 };
	for (const char *p = text; *p != '\0'; p++)
		rows += *p == '\n';
	out->lines = ouv_arena_array(arena, rows, sizeof(*out->lines));
	for (;;) {
		size_t len = strcspn(text, "\n");
		struct ouv_ocr_line *line = &out->lines[out->count];

		split(arena, text, len, line);
		line->first = first;
		first = line->count == 0;
		out->words += line->count;
		out->count += line->count > 0;
		if (text[len] == '\0')
			return;
		text += len + 1;
	}
}

const char *
ouv_ocr_page_text(
	struct ouv_arena *arena, const struct ouv_ocr_page *page, int least)
{
	struct ouv_buf out;

	ouv_buf_init(&out, arena, 4096);
	for (size_t i = 0; i < page->count; i++) {
		const struct ouv_ocr_line *line = &page->lines[i];
		bool any = false;

		for (size_t k = 0; k < line->count; k++) {
			if (line->words[k].conf < least)
				continue;
			if (!any && out.len > 0)
				ouv_buf_text(&out, line->first ? "\n\n" : "\n");
			if (any)
				ouv_buf_char(&out, ' ');
			ouv_buf_text(&out, line->words[k].text);
			any = true;
		}
	}
	return ouv_arena_strndup(arena, out.data, out.len);
}
