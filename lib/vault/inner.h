/*
 * inner.h - what the vault's files share and nobody else may use
 *
 * Hashing of several pieces without joining them first, integers in network
 * order, the base32 of codes and names, and the one way to fail for good.
 */
#ifndef OUV_VAULT_INNER_H
#define OUV_VAULT_INNER_H

#include "ouv/vault.h"

/* Logs and ends the process: for what only a bug of ours can cause. */
_Noreturn void vault_die(const char *what);

/* sodium_malloc that cannot return NULL. */
void *vault_guarded(size_t len);

/* ---- hashing ----------------------------------------------------------- */

struct vault_part {
	const void *data;
	size_t len;
};

#define VAULT_PARTS(...)                                             \
	(const struct vault_part[]){ __VA_ARGS__ },                  \
		sizeof((const struct vault_part[]){ __VA_ARGS__ }) / \
			sizeof(struct vault_part)
/* A literal without its zero. */
#define VAULT_LABEL(text)                \
	{                                \
		(text), sizeof(text) - 1 \
	}

/* BLAKE2b of out_len bytes over the parts one after the other; key is 32
 * bytes or NULL. */
void vault_hash(const uint8_t *key, const struct vault_part *parts,
	size_t count, uint8_t *out, size_t out_len);

/* ---- integers, big-endian ---------------------------------------------- */

static inline void
vault_put32(uint8_t *out, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(value >> (24 - 8 * i));
}

static inline void
vault_put64(uint8_t *out, uint64_t value)
{
	vault_put32(out, (uint32_t)(value >> 32));
	vault_put32(out + 4, (uint32_t)value);
}

static inline uint32_t
vault_get32(const uint8_t *in)
{
	return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 |
	       (uint32_t)in[2] << 8 | (uint32_t)in[3];
}

/* ---- base32 of codes and names ----------------------------------------- */

#define BASE32_UNKNOWN                                        \
	32 /* u: the one letter or digit that stands for none \
	    */

extern const char base32_alphabet[33]; /* 32 symbols and the final zero */

/* 0 to 31, BASE32_UNKNOWN, or -1 for what is no letter or digit. Both cases;
 * i and l read as 1, o as 0. */
int base32_value(char c);
/* The i-th five bits of data; bits behind its end are 0. */
uint8_t base32_bits(const uint8_t *data, size_t len, size_t i);
/* The first 5 * chars bits of data, no final zero; missing bits are 0. */
void base32_write(const uint8_t *data, size_t len, char *out, size_t chars);
/* False: a character outside the alphabet, or bits set behind len bytes. */
bool base32_read(const char *text, size_t chars, uint8_t *out, size_t len);

/* ---- an identity under a key ------------------------------------------- */

void identity_seal(const struct ouv_identity *identity,
	const struct ouv_context *context, const uint8_t key[OUV_KEY],
	uint8_t wrapped_out[OUV_WRAPPED]);
OUV_MUST_CHECK enum ouv_err identity_open(const uint8_t wrapped[OUV_WRAPPED],
	const struct ouv_context *context, const uint8_t key[OUV_KEY],
	struct ouv_identity **identity_out);

#endif
