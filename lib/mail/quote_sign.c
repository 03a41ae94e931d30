/*
 * quote_sign.c - what stands under a letter and is none of its words
 *
 * Signatures, what telephones add, footers of lists, the text of lawyers.
 * A closing and a name stay: a person reads them.  So does whatever could be
 * told to us on purpose, like a telephone number.
 */
#include <string.h>

#include "quote.h"
#include "quote_sign_words.h"

#define SIGN_EXACT 30  /* lines under "-- " */
#define SIGN_SHORT 8   /* lines under what only looks like it */
#define SIGN_LINE 120  /* bytes: longer lines are sentences */
#define LEGAL_LINES 30 /* of one paragraph */
#define CONTACT_LINES 12
#define PARAGRAPHS_MAX 12 /* of footers and lawyers under one letter */

/* ---- a mark of its own --------------------------------------------------- */

/* RFC 3676 4.3; some programs lose the blank: then it must be short. */
static bool
is_mark(const struct quote_letter *letter, size_t i, size_t to)
{
	const struct quote_line *line = &letter->lines[i];
	bool exact = line->len == 3 && memcmp(line->p, "-- ", 3) == 0;
	size_t full = 0, most = exact ? SIGN_EXACT : SIGN_SHORT;
	const char *plain = quote_plain(letter, i);

	if (!exact && strcmp(plain, "--") != 0 &&
		(strcmp(plain, "-") != 0 || line->len < 3))
		return false;
	for (size_t k = i + 1; k < to && full <= most; k++) {
		full += letter->lines[k].kind != QUOTE_BLANK;
		if (!exact && letter->lines[k].len > SIGN_LINE)
			return false;
	}
	return full <= most;
}

static bool
cut_mark(const struct quote_letter *letter, size_t from, size_t *to)
{
	for (size_t i = from; i < *to; i++) {
		const char *p = letter->lines[i].p;

		if (letter->lines[i].len > 0 &&
			(*p == '-' || *p == '\xE2' || *p == ' ') &&
			letter->lines[i].len < 8 && is_mark(letter, i, *to)) {
			*to = i;
			return true;
		}
	}
	return false;
}

/* ---- telephones ---------------------------------------------------------- */

/* The last of these words, with at most three words behind it. */
static bool
has_near_end(const char *plain, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *p = plain, *last = NULL;

		while ((p = strstr(p, words[i])) != NULL)
			last = p++;
		if (last != NULL &&
			quote_words_in(last + strlen(words[i])) <= 4)
			return true;
	}
	return false;
}

static bool
matches(const struct sign_mobile *row, const char *plain)
{
	if (row->how & IS_INSIDE ? strstr(plain, row->start) == NULL
				 : !mail_starts(plain, row->start))
		return false;
	if (!(row->how & (IS_BRAND | IS_MINE)))
		return true;
	/* my telephone is a brand's as well */
	return has_near_end(plain, sign_brands, QUOTE_COUNT(sign_brands)) ||
	       ((row->how & IS_MINE) && mail_has_any(plain, sign_devices,
						QUOTE_COUNT(sign_devices)));
}

static bool
is_mobile(const struct quote_letter *letter, size_t i)
{
	const char *plain = quote_plain(letter, i), *link;
	char *words;
	size_t len;

	plain += strspn(plain, "-*_[(> ");
	link = strstr(plain, "<http");
	len = link == NULL ? strlen(plain) : (size_t)(link - plain);
	if (len == 0 || len > 160)
		return false;
	words = ouv_arena_strndup(letter->arena, plain, len);
	if (quote_words_in(words) > 12)
		return false;
	for (size_t k = 0; k < QUOTE_COUNT(sign_mobiles); k++)
		if (matches(&sign_mobiles[k], words))
			return true;
	return false;
}

/* ---- footers ------------------------------------------------------------- */

static bool
is_empty(const struct quote_letter *letter, size_t i)
{
	return letter->lines[i].kind == QUOTE_BLANK ||
	       letter->lines[i].kind == QUOTE_SIGNED ||
	       quote_is_rule(quote_plain(letter, i));
}

/* The first line of the paragraph that ends before `to`. */
static size_t
paragraph(const struct quote_letter *letter, size_t from, size_t to)
{
	size_t i = to;

	while (i > from && !is_empty(letter, i - 1) && to - i < LEGAL_LINES)
		i--;
	return i;
}

/* The lines as one, folded. */
static const char *
join(const struct quote_letter *letter, size_t from, size_t to)
{
	const struct quote_line *last = &letter->lines[to - 1];
	const char *start = letter->lines[from].p;

	return quote_fold(
		letter->arena, start, (size_t)(last->p + last->len - start));
}

static bool
is_footer(const struct quote_letter *letter, size_t from, size_t to)
{
	const struct quote_line *last = &letter->lines[to - 1];
	size_t len = (size_t)(last->p + last->len - letter->lines[from].p);
	const char *plain;

	if (to - from > 6 || len > 600)
		return false;
	plain = join(letter, from, to);
	plain += strspn(plain, "*_-\"'([ ");
	if (mail_starts_any(plain, sign_footers, QUOTE_COUNT(sign_footers)))
		return true;
	return from > 0 && quote_is_rule(quote_plain(letter, from - 1)) &&
	       mail_has_any(plain, list_footers, QUOTE_COUNT(list_footers));
}

/* ---- the text of lawyers ------------------------------------------------- */

static size_t
legal_groups(const char *plain)
{
	size_t groups = 0;

	for (size_t g = 0; g < LEGAL_GROUPS; g++)
		for (size_t w = 0; w < LEGAL_WORDS; w++)
			if (legal_words[g][w] != NULL &&
				strstr(plain, legal_words[g][w]) != NULL) {
				groups++;
				break;
			}
	return groups;
}

/* Looks at the start alone, which may be that of a very long line. */
static bool
has_opening(const struct quote_letter *letter, size_t i)
{
	const struct quote_line *line = &letter->lines[i];
	const char *plain = line->len > QUOTE_WORDY
				    ? quote_fold(letter->arena, line->p, 80)
				    : quote_plain(letter, i);

	plain += strspn(plain, "*_-\"'([ ");
	return mail_starts_any(
		plain, legal_openings, QUOTE_COUNT(legal_openings));
}

static bool
is_legal(const struct quote_letter *letter, size_t from, size_t to)
{
	const struct quote_line *last = &letter->lines[to - 1];
	size_t len = (size_t)(last->p + last->len - letter->lines[from].p);

	return len >= 80 && len <= 6000 && has_opening(letter, from) &&
	       legal_groups(join(letter, from, to)) >= 4;
}

/* "CONFIDENTIALITY NOTICE" alone above it. */
static bool
is_legal_title(const struct quote_letter *letter, size_t i)
{
	const char *plain = quote_plain(letter, i);

	plain += strspn(plain, "*_-\"'([ ");
	if (quote_words_in(plain) > 4 || strlen(plain) > 50)
		return false;
	for (size_t k = 0; k < QUOTE_COUNT(legal_openings); k++)
		if (mail_starts(plain, legal_openings[k]))
			return strstr(plain, "confiden") != NULL ||
			       strstr(plain, "riservat") != NULL ||
			       strstr(plain, "disclaimer") != NULL ||
			       strstr(plain, "legal") != NULL ||
			       strstr(plain, "vertraulich") != NULL ||
			       strstr(plain, "privacy") != NULL;
	return false;
}

/* ---- how to reach a company ---------------------------------------------- */

static bool
is_closing(const char *plain)
{
	size_t len = strlen(plain);

	while (len > 0 && strchr(",.!; ", plain[len - 1]) != NULL)
		len--;
	for (size_t i = 0; i < QUOTE_COUNT(sign_closings); i++)
		if (strlen(sign_closings[i]) == len &&
			memcmp(sign_closings[i], plain, len) == 0)
			return true;
	return false;
}

/* The line behind a closing and the name under it; to: there is none. */
static size_t
after_name(const struct quote_letter *letter, size_t from, size_t to)
{
	size_t full = 0, name;

	for (size_t i = to; i > from && full <= CONTACT_LINES + 2; i--) {
		if (letter->lines[i - 1].kind == QUOTE_BLANK)
			continue;
		full++;
		if (!is_closing(quote_plain(letter, i - 1)))
			continue;
		name = quote_next(letter, i);
		return name < to ? name + 1 : to;
	}
	return to;
}

/*
 * Short lines, two of them ways to reach somebody and one of these a web
 * site; nothing that a person tells us on purpose.
 */
static bool
is_contact(const struct quote_letter *letter, size_t from, size_t to)
{
	size_t lines = 0, ways = 0, sites = 0;

	for (size_t i = from; i < to; i++) {
		const char *plain = quote_plain(letter, i);

		if (*plain == '\0')
			continue;
		if (++lines > CONTACT_LINES || letter->lines[i].len > 90 ||
			mail_has_any(plain, own_data, QUOTE_COUNT(own_data)))
			return false;
		ways += quote_has_address(plain, false) ||
			mail_has_any(plain, contact_words,
				QUOTE_COUNT(contact_words));
		sites += strstr(plain, "www.") != NULL ||
			 strstr(plain, "http") != NULL;
	}
	return ways >= 2 && sites >= 1;
}

static bool
cut_contact(const struct quote_letter *letter, size_t from, size_t *to)
{
	size_t i = after_name(letter, from, *to);

	if (i >= *to || !is_contact(letter, i, *to))
		return false;
	*to = i;
	return true;
}

/* ---- all of it ----------------------------------------------------------- */

/* One thing less at the end; false: it ends with the letter's own words. */
static bool
cut_last(const struct quote_letter *letter, size_t from, size_t *to,
	int *paragraphs)
{
	size_t last = *to - 1, start;

	if (is_empty(letter, last) || is_mobile(letter, last) ||
		is_legal_title(letter, last)) {
		*to = last;
		return true;
	}
	if (++*paragraphs > PARAGRAPHS_MAX)
		return false;
	start = paragraph(letter, from, *to);
	if (is_footer(letter, start, *to) || is_legal(letter, start, *to)) {
		*to = start;
		return true;
	}
	/* a disclaimer may touch what stands above it */
	for (size_t i = start + 1; i < *to; i++)
		if (is_legal(letter, i, *to)) {
			*to = i;
			return true;
		}
	return false;
}

void
quote_unsign(const struct quote_letter *letter, size_t from, size_t *to)
{
	int paragraphs = 0;

	cut_mark(letter, from, to);
	while (*to > from && cut_last(letter, from, to, &paragraphs))
		;
	if (cut_contact(letter, from, to))
		while (*to > from && is_empty(letter, *to - 1))
			--*to;
}
