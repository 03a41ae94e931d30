/*
 * say_clause.c - from what somebody typed to clauses of plain words
 */
#include <stdio.h>
#include <string.h>

#include "ouv/buf.h"
#include "say_clause.h"

/* A line so long was broken by the mail program, not by its writer. */
#define WRAPPED 40

bool
say_among(const char *list, const char *word)
{
	char padded[SAY_WORD + 3];

	(void)snprintf(padded, sizeof(padded), " %s ", word);
	return strstr(list, padded) != NULL;
}

/* ---- letters ---------------------------------------------------------------
 */

/* U+00C0 to U+00FF without what stands above or below. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts"
			    "aaaaaaaceeeeiiiidnooooo ouuuuyty";

/* What a character of several bytes becomes; 0: nothing at all, '~': a sign
 * that nobody should pass over. */
static char
plain(const unsigned char *p, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return '~';
	if (n == 2 && p[0] == 0xc3)
		return latin[p[1] - 0x80];
	if (n == 2 && p[0] == 0xc2)
		return p[1] == 0xab || p[1] == 0xbb   ? '"'
		       : p[1] == 0xaa || p[1] == 0xba ? 0
						      : ' ';
	if (n == 2 && (p[0] == 0xcc || (p[0] == 0xcd && p[1] < 0xb0)))
		return 0; /* an accent on its own */
	if (n == 3 && p[0] == 0xe2 && p[1] == 0x80) {
		if (p[2] == 0x98 || p[2] == 0x99)
			return '\'';
		if (p[2] >= 0x9c && p[2] <= 0x9f)
			return '"';
		if (p[2] == 0xa6)
			return '.';
		if (p[2] >= 0x90 && p[2] <= 0x95)
			return ',';
		return p[2] <= 0x8f || p[2] == 0xaf ? 0 : ' ';
	}
	if (n == 3 && p[0] == 0xef)
		return p[1] == 0xbb || p[1] == 0xb8 ? 0 : '~';
	return '~';
}

static size_t
width(unsigned char c)
{
	return c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
}

/* One line, folded: letters, digits, blanks and the signs that separate. */
static void
fold_line(struct ouv_buf *out, const char *line, size_t len)
{
	const unsigned char *p = (const unsigned char *)line;

	for (size_t i = 0; i < len;) {
		size_t n = width(p[i]);
		char c = (char)p[i];

		if (n > len - i)
			n = len - i;
		if (n > 1 || (p[i] & 0x80) != 0)
			c = plain(p + i, n);
		else if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		i += n;
		if (c == '~')
			ouv_buf_text(out, " ~ ");
		else if (c != 0)
			ouv_buf_char(out, c);
	}
}

/* ---- lines -----------------------------------------------------------------
 */

static bool
is_quoted(const char *line, size_t len)
{
	size_t blanks = strspn(line, " \t");

	return blanks < len && line[blanks] == '>';
}

/* Of a line that goes on in the next one. */
static bool
goes_on(const char *line, size_t len)
{
	while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL)
		len--;
	return len >= WRAPPED && strchr(".!?;:,", line[len - 1]) == NULL;
}

/* The whole text folded; '\n' ends a sentence. */
static const char *
fold(struct ouv_arena *arena, const char *text)
{
	struct ouv_buf out;
	bool open = false;

	ouv_buf_init(&out, arena, strlen(text) + 16);
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		if (len == 3 && strncmp(text, "-- ", 3) == 0)
			break;
		if (!is_quoted(text, len)) {
			ouv_buf_char(&out, open && strspn(text, " \t\r") < len
						   ? ' '
						   : '\n');
			fold_line(&out, text, len);
			open = goes_on(text, len);
		}
		text += len + (text[len] == '\n');
	}
	return out.data;
}

/* ---- clauses ---------------------------------------------------------------
 */

#define WORDS_MOST 60

struct reader {
	const char *p;
	char words[WORDS_MOST][SAY_WORD];
	size_t count;
	bool quotes;
};

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '~';
}

/* "don't" is one word, "d'accordo" are two. */
static void
read_word(struct reader *r)
{
	char word[SAY_WORD];
	size_t n = 0;

	while (is_word_char(*r->p) ||
		(*r->p == '\'' && r->p[1] == 't' && !is_word_char(r->p[2]))) {
		if (*r->p != '\'' && n < SAY_WORD - 1)
			word[n++] = *r->p;
		r->p++;
	}
	word[n] = '\0';
	if (r->count < WORDS_MOST)
		memcpy(r->words[r->count++], word, n + 1);
}

/* Up to the sign that ends it, which is returned. */
static char
read_clause(struct reader *r)
{
	r->count = 0;
	r->quotes = false;
	while (*r->p != '\0') {
		if (is_word_char(*r->p)) {
			read_word(r);
			continue;
		}
		r->quotes |= *r->p == '"';
		if (strchr("\n.,;:!?", *r->p) != NULL)
			return *r->p++;
		/* A dash between blanks, not that of a word. */
		if (*r->p == '-' && r->p[1] == ' ' && r->count > 0) {
			r->p++;
			return ',';
		}
		r->p++;
	}
	return '\0';
}

size_t
say_clauses(struct ouv_arena *arena, const char *text, struct clause *clauses,
	size_t most, bool *more_out)
{
	struct reader *r = ouv_arena_alloc(arena, sizeof(*r));
	bool sentence = true;
	size_t n = 0;
	char end;

	r->p = fold(arena, text);
	*more_out = false;
	do {
		end = read_clause(r);
		if (r->count == 0) {
			/* "?!", "...": of the clause before. */
			if (n > 0) {
				clauses[n - 1].question |= end == '?';
				clauses[n - 1].shouts |= end == '!';
			}
			sentence |= end == '\n' || end == '.';
			continue;
		}
		if (n == most) {
			*more_out = true;
			break;
		}
		clauses[n] = (struct clause){ .count = r->count,
			.question = end == '?',
			.shouts = end == '!',
			.heading = end == ':',
			.quotes = r->quotes,
			.sentence = sentence };
		clauses[n].words = ouv_arena_memdup(
			arena, r->words, r->count * sizeof(r->words[0]));
		n++;
		sentence = end != ',' && end != ':';
	} while (end != '\0');
	return n;
}
