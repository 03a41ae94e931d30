/*
 * search_fold.c - a text as words that are found however they were typed
 *
 * Unicode by ICU: NFKC_Casefold makes one of compatibility shapes and of cases,
 * NFD with its marks left out takes the accents away.  Runs of letters and
 * digits are words; the text is looked at a second time for numbers and for
 * addresses, whose dots and dashes are no boundaries.
 */
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "search.h"
#include "search_stop.h"

#define DIGITS_FEW 8
#define DIGITS_ALL 14
#define DIGITS_MOST 40

struct page {
	UChar *text;
	int32_t len;
	bool *part; /* inside a number or an address */
	fold_fn *tell;
	void *user;
};

/* ---- folding ------------------------------------------------------------- */

typedef const UNormalizer2 *instance_fn(UErrorCode *);

static UChar *
normalized(struct ouv_arena *arena, instance_fn *instance, const UChar *text,
	int32_t *len)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *how = instance(&status);
	int32_t room = *len * 2 + 64, need;
	UChar *out;

	for (;;) {
		out = ouv_arena_array(arena, (size_t)room, sizeof(*out));
		need = unorm2_normalize(how, text, *len, out, room, &status);
		if (status != U_BUFFER_OVERFLOW_ERROR)
			break;
		status = U_ZERO_ERROR;
		room = need;
	}
	*len = U_SUCCESS(status) ? need : 0;
	return out;
}

static int32_t
without_marks(UChar *text, int32_t len)
{
	int32_t at = 0, out = 0;

	while (at < len) {
		UChar32 c;
		int8_t type;

		U16_NEXT(text, at, len, c);
		type = u_charType(c);
		if (type != U_NON_SPACING_MARK && type != U_ENCLOSING_MARK)
			U16_APPEND_UNSAFE(text, out, c);
	}
	return out;
}

static void
fold(struct ouv_arena *arena, const char *text, size_t len, struct page *page)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar *wide;
	int32_t n = 0;

	if (len > FOLD_TEXT)
		len = FOLD_TEXT;
	wide = ouv_arena_array(arena, len + 1, sizeof(*wide));
	(void)u_strFromUTF8WithSub(wide, (int32_t)len + 1, &n, text,
		(int32_t)len, 0xfffd, NULL, &status);
	if (U_FAILURE(status))
		n = 0;
	wide = normalized(arena, unorm2_getNFKCCasefoldInstance, wide, &n);
	wide = normalized(arena, unorm2_getNFDInstance, wide, &n);
	page->text = wide;
	page->len = without_marks(wide, n);
	page->part = ouv_arena_array(
		arena, (size_t)page->len + 1, sizeof(*page->part));
}

/* ---- telling --------------------------------------------------------------
 */

static int
by_name(const void *key, const void *entry)
{
	return strcmp(key, *(const char *const *)entry);
}

static bool
is_stop(const char *word)
{
	return bsearch(word, stop_words,
		       sizeof(stop_words) / sizeof(stop_words[0]),
		       sizeof(stop_words[0]), by_name) != NULL;
}

static void
tell(const struct page *page, enum fold_kind kind, int32_t from, int32_t until)
{
	char word[FOLD_LONG * 4 + 1];
	UErrorCode status = U_ZERO_ERROR;
	int32_t n = 0;

	if (until - from > FOLD_LONG)
		until = from + FOLD_LONG;
	(void)u_strToUTF8WithSub(word, sizeof(word), &n, page->text + from,
		until - from, 0xfffd, NULL, &status);
	if (U_FAILURE(status) || (kind == FOLD_WORD && is_stop(word)))
		return;
	page->tell(page->user, kind, kind == FOLD_WORD && page->part[from],
		word, (size_t)n);
}

/* ---- words, numbers, addresses --------------------------------------------
 */

static bool
is_word(const struct page *page, int32_t at)
{
	UChar32 c;

	U16_GET(page->text, 0, at, page->len, c);
	return u_isalnum(c);
}

static void
words(const struct page *page)
{
	for (int32_t at = 0, from; at < page->len;) {
		if (!is_word(page, at)) {
			U16_FWD_1(page->text, at, page->len);
			continue;
		}
		from = at;
		while (at < page->len && is_word(page, at))
			U16_FWD_1(page->text, at, page->len);
		if (u_countChar32(page->text + from, at - from) > 1)
			tell(page, FOLD_WORD, from, at);
	}
}

static bool
is_digit(const struct page *page, int32_t at)
{
	return at < page->len && page->text[at] >= '0' && page->text[at] <= '9';
}

static bool
is_one_of(UChar c, const UChar *list)
{
	return c != 0 && u_strchr(list, c) != NULL;
}

/* What may stand between two groups of one number: at most two of them. */
static int32_t
gap(const struct page *page, int32_t at, bool blanks)
{
	const UChar *list = blanks ? u".-/() " : u".-/()";
	int32_t n = 0;

	while (n < 2 && at + n < page->len &&
		is_one_of(page->text[at + n], list))
		n++;
	return n > 0 && is_digit(page, at + n) ? n : 0;
}

static void
tell_number(
	const struct page *page, bool part, const char *digits, size_t count)
{
	char last[DIGITS_FEW + 2] = "~";

	if (count >= DIGITS_ALL) {
		page->tell(page->user, FOLD_NUMBER, part, digits, count);
		return;
	}
	memcpy(last + 1, digits + count - DIGITS_FEW, DIGITS_FEW);
	page->tell(page->user, FOLD_NUMBER, part, last, DIGITS_FEW + 1);
}

#define PREFIX_MOST 3 /* digits */

/* "+55 (11) " before a telephone number belongs to it: nobody who looks for it
 * must have written that too. */
static int32_t
with_prefixes(const struct page *page, int32_t from)
{
	for (int n = 0; n < 2; n++) {
		int32_t at = from, digits;

		while (at > 0 && is_one_of(page->text[at - 1], u" ()-"))
			at--;
		for (digits = 0; at > 0 && is_digit(page, at - 1); digits++)
			at--;
		if (digits == 0 || digits > PREFIX_MOST ||
			(at > 0 && is_word(page, at - 1)))
			break;
		from = at;
	}
	return from;
}

static void
numbers(const struct page *page, bool blanks)
{
	for (int32_t at = 0; at < page->len;) {
		char digits[DIGITS_MOST + 1];
		int32_t from = at, step;
		size_t count = 0;
		bool part = page->part[at]; /* of an address */

		if (!is_digit(page, at)) {
			at++;
			continue;
		}
		while (is_digit(page, at)) {
			if (count < DIGITS_MOST)
				digits[count++] = (char)page->text[at];
			step = gap(page, ++at, blanks);
			at += step;
		}
		if (count < DIGITS_FEW)
			continue;
		digits[count] = '\0';
		for (int32_t i = with_prefixes(page, from); i < at; i++)
			page->part[i] = true;
		tell_number(page, part, digits, count);
	}
}

static bool
is_of_address(UChar c)
{
	return c > ' ' && u_strchr(u"<>()[]\",;:", c) == NULL;
}

static void
addresses(const struct page *page)
{
	for (int32_t at = 0, from, until; at < page->len; at++) {
		if (page->text[at] != '@')
			continue;
		for (from = at; from > 0 && is_of_address(page->text[from - 1]);
			from--)
			;
		for (until = at + 1;
			until < page->len && is_of_address(page->text[until]);
			until++)
			;
		while (until > at && !is_word(page, until - 1))
			until--;
		if (from == at || until <= at + 1)
			continue;
		for (int32_t i = from; i < until; i++)
			page->part[i] = true;
		tell(page, FOLD_ADDRESS, from, until);
		at = until - 1;
	}
}

void
fold_words(struct ouv_arena *arena, const char *text, size_t len, bool blanks,
	fold_fn *tell_it, void *user)
{
	struct page page = { .tell = tell_it, .user = user };

	fold(arena, text, len, &page);
	addresses(&page);
	numbers(&page, false);
	if (blanks)
		numbers(&page, true);
	words(&page);
}
