/*
 * key.c - secret keys in guarded memory, fresh pairs, public halves
 */
#include <string.h>

#include <sodium.h>

#include "ouv/log.h"
#include "inner.h"

struct ouv_key {
	uint8_t bytes[OUV_KEY];
};

static struct ouv_key *
key_seal_memory(struct ouv_key *key)
{
	if (sodium_mprotect_readonly(key) != 0)
		vault_die("mprotect");
	return key;
}

struct ouv_key *
ouv_key_new(const uint8_t bytes[OUV_KEY])
{
	struct ouv_key *key = vault_guarded(sizeof(*key));

	memcpy(key->bytes, bytes, OUV_KEY);
	return key_seal_memory(key);
}

struct ouv_key *
ouv_key_random(void)
{
	struct ouv_key *key = vault_guarded(sizeof(*key));

	randombytes_buf(key->bytes, OUV_KEY);
	return key_seal_memory(key);
}

enum ouv_err
ouv_key_read(const char *path, struct ouv_key **key_out)
{
	char text[4096];
	uint8_t bytes[OUV_KEY];
	size_t len = 0, got = 0;
	enum ouv_err err;

	err = ouv_secret_read(path, text, sizeof(text), &len);
	if (err == OUV_OK && (sodium_hex2bin(bytes, sizeof(bytes), text, len,
				      NULL, &got, NULL) != 0 ||
				     got != OUV_KEY)) {
		ouv_log_error(
			"key file %s: must hold 64 hexadecimal digits", path);
		err = OUV_INVALID;
	}
	if (err == OUV_OK)
		*key_out = ouv_key_new(bytes);
	sodium_memzero(text, sizeof(text));
	sodium_memzero(bytes, sizeof(bytes));
	return err;
}

const uint8_t *
ouv_key_bytes(const struct ouv_key *key)
{
	return key->bytes;
}

void
ouv_key_free(struct ouv_key **key)
{
	if (key == NULL || *key == NULL)
		return;
	sodium_free(*key); /* wipes */
	*key = NULL;
}

void
ouv_box_public(const uint8_t secret[OUV_KEY], uint8_t public_out[OUV_KEY])
{
	(void)crypto_scalarmult_base(public_out, secret);
}

void
ouv_box_pair(uint8_t public_out[OUV_KEY], uint8_t secret_out[OUV_KEY])
{
	(void)crypto_box_keypair(public_out, secret_out);
}

void
ouv_sign_public(const uint8_t seed[OUV_KEY], uint8_t public_out[OUV_KEY])
{
	uint8_t secret[crypto_sign_SECRETKEYBYTES];

	(void)crypto_sign_seed_keypair(public_out, secret, seed);
	sodium_memzero(secret, sizeof(secret));
}
