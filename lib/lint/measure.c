/*
 * measure.c - what is too long, too loud or in another language, counted
 */
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf16.h>

#include "lint_impl.h"

#define HEADING_MOST 200 /* units that a heading may be long */

static bool
is_space(UChar c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == 0xA0;
}

/* A heading stands alone: "# " at the beginning of the line before i. */
static bool
is_heading(const struct page *page, int32_t i)
{
	int32_t from = i;

	while (from > 0 && i - from < HEADING_MOST &&
		page->units[from - 1] != '\n')
		from--;
	return page->units[from] == '#';
}

/* Does a sentence end behind this place?  At . ! ? before a blank, at an empty
 * line, at a line that begins an item of a list, before and behind a heading.
 */
static bool
ends_at(const struct page *page, int32_t i)
{
	const UChar *u = page->units;
	UChar next = i + 1 < page->unit_count ? u[i + 1] : '\n';

	if (u[i] == '.' || u[i] == '!' || u[i] == '?')
		return is_space(next);
	if (u[i] != '\n')
		return false;
	return next == '\n' || next == '-' || next == '*' || next == '#' ||
	       next == 0x2022 || is_heading(page, i);
}

struct span
lint_sentence(const struct page *page, int32_t at)
{
	struct span span = { at, at };

	while (span.from > 0 && !ends_at(page, span.from - 1))
		span.from--;
	while (span.until < page->unit_count && !ends_at(page, span.until))
		span.until++;
	if (span.until < page->unit_count)
		span.until++;
	return span;
}

static int
words_in(const struct page *page, struct span span)
{
	int words = 0;
	bool inside = false;

	for (int32_t i = span.from; i < span.until; i++) {
		bool word = u_isalnum(page->units[i]);

		words += word && !inside;
		inside = word || (inside && (page->units[i] == '-' ||
						    page->units[i] == '\'' ||
						    page->units[i] == 0x2019));
	}
	return words;
}

static void
trim(const struct page *page, struct span *span)
{
	while (span->from < span->until && is_space(page->units[span->from]))
		span->from++;
	while (span->until > span->from &&
		is_space(page->units[span->until - 1]))
		span->until--;
}

/* Sentences of more than `most` words. */
static void
sentence_words(const struct page *page, int most,
	void (*add)(void *user, struct span span), void *user)
{
	for (int32_t at = 0; at < page->unit_count;) {
		struct span span = lint_sentence(page, at);

		span.from = at;
		at = span.until;
		if (words_in(page, span) <= most)
			continue;
		trim(page, &span);
		add(user, span);
	}
}

/* Blanks keep a row of capitals, and what joins two letters: E-MAIL. */
static bool
keeps_row(const struct page *page, int32_t i)
{
	UChar c = page->units[i];

	if (is_space(c))
		return true;
	return (c == '-' || c == '\'' || c == 0x2019) && i > 0 &&
	       i + 1 < page->unit_count && u_isalpha(page->units[i - 1]) &&
	       u_isalpha(page->units[i + 1]);
}

/* More than `most` words in a row that are all capitals, of three letters or
 * more each (short ones are abbreviations: SAC, CPF in a row of two). */
static void
capitals(const struct page *page, int most,
	void (*add)(void *user, struct span span), void *user)
{
	struct span row = { -1, -1 };
	int words = 0;

	for (int32_t i = 0; i <= page->unit_count;) {
		int32_t from = i;
		bool upper = true;

		while (i < page->unit_count && u_isalpha(page->units[i]))
			upper &= (bool)u_isupper(page->units[i++]);
		if (i == from) { /* between words: blanks keep a row */
			if (i < page->unit_count && keeps_row(page, i)) {
				i++;
				continue;
			}
			i++;
			from = i;
			upper = false;
		}
		if (upper && i - from >= 3) {
			row.from = words++ == 0 ? from : row.from;
			row.until = i;
			continue;
		}
		if (upper && i > from && words > 0)
			continue; /* short ones neither count nor end it */
		if (words > most)
			add(user, row);
		words = 0;
	}
}

/*
 * A text of more than `most` words in another language than its reader's, of
 * which the first sentence is shown.  Which language it is in was found by
 * whoever gave it: that is no matter of rules.
 */
static void
other_language(const struct page *page, int most,
	void (*add)(void *user, struct span span), void *user)
{
	const struct ouv_lint_text *text = page->text;
	struct span whole = { 0, page->unit_count };

	if (text->written == NULL || strcmp(text->written, "und") == 0 ||
		text->lang == OUV_LANG__COUNT ||
		strncmp(text->written, ouv_lang_tag(text->lang), 2) == 0 ||
		words_in(page, whole) <= most)
		return;
	trim(page, &whole);
	whole.until = lint_sentence(page, whole.from).until;
	trim(page, &whole);
	add(user, whole);
}

static const struct {
	const char *name;
	measure_fn *measure;
} table[] = {
	{ "sentence-words", sentence_words },
	{ "capitals", capitals },
	{ "other-language", other_language },
};

measure_fn *
lint_measure_find(const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, name) == 0)
			return table[i].measure;
	return NULL;
}
