/*
 * word.c - the words of a case as tokens under its own key
 */
#include <string.h>

#include <sodium.h>

#include "inner.h"

#define LONG_TOKEN 16

void
ouv_word_key(const uint8_t csk[OUV_KEY], uint8_t key_out[OUV_KEY])
{
	ouv_hash_keyed(csk, "ouv-word", "", 0, key_out);
}

void
ouv_word_token(const uint8_t key[OUV_KEY], const char *word, size_t len,
	uint8_t out[OUV_WORD])
{
	uint8_t whole[LONG_TOKEN];

	vault_hash(key, VAULT_PARTS({ word, len }), whole, sizeof(whole));
	memcpy(out, whole, OUV_WORD);
}
