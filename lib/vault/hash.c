/*
 * hash.c - BLAKE2b over pieces, keyed or not
 */
#include <stdint.h>
#include <string.h>

#include <sodium.h>

#include "inner.h"

struct ouv_hasher {
	crypto_generichash_state state;
};

void
vault_hash(const uint8_t *key, const struct vault_part *parts, size_t count,
	uint8_t *out, size_t out_len)
{
	crypto_generichash_state state;

	(void)crypto_generichash_init(
		&state, key, key != NULL ? OUV_KEY : 0, out_len);
	for (size_t i = 0; i < count; i++)
		(void)crypto_generichash_update(
			&state, parts[i].data, parts[i].len);
	(void)crypto_generichash_final(&state, out, out_len);
	sodium_memzero(&state, sizeof(state));
}

void
ouv_hash_keyed(const uint8_t key[OUV_KEY], const char *label, const void *data,
	size_t len, uint8_t out[OUV_KEY])
{
	vault_hash(key, VAULT_PARTS({ label, strlen(label) }, { data, len }),
		out, OUV_KEY);
}

void
ouv_hash(const char *label, const void *data, size_t len, uint8_t out[OUV_KEY])
{
	vault_hash(NULL, VAULT_PARTS({ label, strlen(label) }, { data, len }),
		out, OUV_KEY);
}

static void
hasher_wipe(void *hasher)
{
	sodium_memzero(hasher, sizeof(struct ouv_hasher));
}

struct ouv_hasher *
ouv_hasher_new(struct ouv_arena *arena, const uint8_t key[OUV_KEY])
{
	/* The state wants 64-byte alignment, the arena promises less. */
	const uintptr_t align = _Alignof(struct ouv_hasher);
	uint8_t *room =
		ouv_arena_alloc(arena, sizeof(struct ouv_hasher) + align);
	struct ouv_hasher *hasher;

	room += (align - (uintptr_t)room % align) % align;
	hasher = (struct ouv_hasher *)(void *)room;
	(void)crypto_generichash_init(
		&hasher->state, key, key != NULL ? OUV_KEY : 0, OUV_KEY);
	/* The arena may be a plain one and the key waits in the state. */
	ouv_arena_defer(arena, hasher_wipe, hasher);
	return hasher;
}

void
ouv_hasher_add(struct ouv_hasher *hasher, const void *data, size_t len)
{
	(void)crypto_generichash_update(&hasher->state, data, len);
}

void
ouv_hasher_end(struct ouv_hasher *hasher, uint8_t out[OUV_KEY])
{
	(void)crypto_generichash_final(&hasher->state, out, OUV_KEY);
	hasher_wipe(hasher);
}
