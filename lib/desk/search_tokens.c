/*
 * search_tokens.c - the words of one case as tokens under its own key
 *
 * A set by open addressing: tokens are keyed hashes, so nobody who writes to us
 * can choose where they fall.
 */
#include <stdlib.h>
#include <string.h>

#include "search.h"

#define SIZE_FIRST 1024

void
tokens_init(struct tokens *tokens, struct ouv_arena *arena,
	const uint8_t csk[OUV_KEY])
{
	*tokens = (struct tokens){ .arena = arena, .size = SIZE_FIRST };
	tokens->slots =
		ouv_arena_array(arena, tokens->size, sizeof(*tokens->slots));
	ouv_word_key(csk, tokens->key);
}

void
tokens_wipe(struct tokens *tokens)
{
	ouv_wipe(tokens->key, sizeof(tokens->key));
}

static uint64_t *
slot_of(const struct tokens *tokens, uint64_t value)
{
	size_t at = (size_t)value & (tokens->size - 1);

	while (tokens->slots[at] != 0 && tokens->slots[at] != value)
		at = (at + 1) & (tokens->size - 1);
	return &tokens->slots[at];
}

static void
grow(struct tokens *tokens)
{
	uint64_t *old = tokens->slots;
	size_t size = tokens->size;

	tokens->size *= 2;
	tokens->slots = ouv_arena_array(
		tokens->arena, tokens->size, sizeof(*tokens->slots));
	for (size_t i = 0; i < size; i++)
		if (old[i] != 0)
			*slot_of(tokens, old[i]) = old[i];
}

bool
tokens_put(struct tokens *tokens, const uint8_t token[OUV_WORD])
{
	uint64_t value, *slot;

	memcpy(&value, token, sizeof(value));
	if (value == 0 || tokens->count >= TOKENS_MOST)
		return false;
	slot = slot_of(tokens, value);
	if (*slot == value)
		return false;
	*slot = value;
	if (++tokens->count * 2 > tokens->size)
		grow(tokens);
	return true;
}

static void
put_word(void *user, enum fold_kind kind, bool part, const char *word,
	size_t len)
{
	struct tokens *tokens = user;
	uint8_t token[OUV_WORD];

	(void)kind;
	(void)part;
	ouv_word_token(tokens->key, word, len, token);
	(void)tokens_put(tokens, token);
}

void
tokens_text(struct tokens *tokens, struct ouv_arena *scratch, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	fold_words(scratch, text, strlen(text), true, put_word, tokens);
	ouv_arena_reset(scratch);
}

/* No word begins so. */
#define SCAN_MARK '\x01'

void
token_scan(const uint8_t key[OUV_KEY], const char *word, size_t len,
	uint8_t out[OUV_WORD])
{
	char marked[FOLD_LONG * 4 + 1] = { SCAN_MARK };

	if (len > sizeof(marked) - 1)
		len = sizeof(marked) - 1;
	memcpy(marked + 1, word, len);
	ouv_word_token(key, marked, len + 1, out);
	ouv_wipe(marked, sizeof(marked));
}

static void
put_scanned(void *user, enum fold_kind kind, bool part, const char *word,
	size_t len)
{
	struct tokens *tokens = user;
	uint8_t token[OUV_WORD];

	put_word(user, kind, part, word, len);
	token_scan(tokens->key, word, len, token);
	(void)tokens_put(tokens, token);
}

void
tokens_scan(struct tokens *tokens, struct ouv_arena *scratch, const char *text)
{
	fold_words(scratch, text, strlen(text), true, put_scanned, tokens);
	ouv_arena_reset(scratch);
}

static int
by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, OUV_WORD);
}

uint8_t (*tokens_new(const struct tokens *tokens, struct tokens *known,
	size_t *count_out))[OUV_WORD]
{
	uint8_t(*list)[OUV_WORD] = ouv_arena_array(
		tokens->arena, tokens->count + TOKENS_PAD, sizeof(*list));
	uint8_t token[OUV_WORD];
	size_t n = 0;

	for (size_t i = 0; i < tokens->size; i++) {
		memcpy(token, &tokens->slots[i], sizeof(token));
		if (tokens->slots[i] != 0 && tokens_put(known, token))
			memcpy(list[n++], token, sizeof(token));
	}
	while (n % TOKENS_PAD != 0) {
		ouv_random(token, sizeof(token));
		if (tokens_put(known, token))
			memcpy(list[n++], token, sizeof(token));
		else if (known->count >= TOKENS_MOST)
			break;
	}
	qsort(list, n, sizeof(*list), by_bytes);
	*count_out = n;
	return list;
}
