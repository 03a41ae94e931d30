/*
 * match.c - "ausencia" finds "Ausência"
 */
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "match.h"

/* Letters and their accents apart (Unicode Standard Annex 15). */
static int32_t
take_apart(UChar *text, int32_t len, UChar *out, int32_t cap)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *nfkd = unorm2_getNFKDInstance(&error);
	int32_t n = unorm2_normalize(nfkd, text, len, out, cap, &error);

	return U_SUCCESS(error) ? n : 0;
}

static int32_t
drop_accents(UChar *text, int32_t len)
{
	int32_t n = 0;

	for (int32_t i = 0; i < len; i++)
		if (u_charType(text[i]) != U_NON_SPACING_MARK)
			text[n++] = text[i];
	return n;
}

const char *
match_fold(struct ouv_arena *arena, const char *text)
{
	size_t len = strlen(text);
	int32_t cap = (int32_t)len * 4 + 1, n = 0, bytes = 0;
	UChar *a = ouv_arena_array(arena, (size_t)cap, sizeof(*a));
	UChar *b = ouv_arena_array(arena, (size_t)cap, sizeof(*b));
	char *out = ouv_arena_alloc(arena, (size_t)cap * 3 + 1);
	UErrorCode error = U_ZERO_ERROR;

	(void)u_strFromUTF8(a, cap, &n, text, (int32_t)len, &error);
	if (U_SUCCESS(error))
		n = u_strFoldCase(b, cap, a, n, U_FOLD_CASE_DEFAULT, &error);
	if (U_FAILURE(error))
		return "";
	n = drop_accents(a, take_apart(b, n, a, cap));
	(void)u_strToUTF8(out, cap * 3, &bytes, a, n, &error);
	out[U_SUCCESS(error) ? bytes : 0] = '\0';
	return out;
}

bool
match_words(const char *text, const char *words)
{
	char word[128];

	for (;;) {
		size_t len;

		words += strspn(words, " \t\n");
		len = strcspn(words, " \t\n");
		if (len == 0)
			return true;
		if (len >= sizeof(word))
			return false;
		memcpy(word, words, len);
		word[len] = '\0';
		if (strstr(text, word) == NULL)
			return false;
		words += len;
	}
}
