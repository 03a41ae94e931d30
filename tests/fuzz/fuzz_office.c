/*
 * fuzz_office.c - any archive gives bounded text or none, and any text folds
 * into words that are valid UTF-8 (the first byte 0 says that the rest is one)
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/desk/search.h"
#include "ouv/attach.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_word(void *user, enum fold_kind kind, bool part, const char *word,
	size_t len)
{
	size_t *words = user;

	must(len > 0 && len <= 4 * FOLD_LONG && strlen(word) == len);
	must(!part || kind != FOLD_ADDRESS);
	++*words;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_buf text;
	size_t words = 0;

	ouv_buf_init(&text, arena, 0);
	if (size > 0 && data[0] == 0) {
		fold_words(arena, (const char *)data + 1, size - 1, true,
			check_word, &words);
		must(words <= 3 * size);
	} else {
		(void)ouv_attach_office(arena, data, size, &text);
		/* One part is cut at the limit, give or take its last. */
		must(text.len <= OUV_ATTACH_TEXT + 8192);
	}
	ouv_arena_free(&arena);
	return 0;
}
