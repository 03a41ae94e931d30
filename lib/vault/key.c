/*
 * key.c - secret keys in guarded memory, fresh pairs, public halves
 */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "ouv/log.h"
#include "inner.h"

#define HEX ((size_t)2 * OUV_KEY)

struct ouv_key {
	uint8_t bytes[OUV_KEY];
	uint32_t version;
	struct ouv_key *former; /* NULL: none */
};

static struct ouv_key *
key_seal_memory(struct ouv_key *key)
{
	if (sodium_mprotect_readonly(key) != 0)
		vault_die("mprotect");
	return key;
}

static struct ouv_key *
key_make(const uint8_t bytes[OUV_KEY], uint32_t version, struct ouv_key *former)
{
	struct ouv_key *key = vault_guarded(sizeof(*key));

	memcpy(key->bytes, bytes, OUV_KEY);
	key->version = version;
	key->former = former;
	return key_seal_memory(key);
}

struct ouv_key *
ouv_key_new(const uint8_t bytes[OUV_KEY])
{
	return key_make(bytes, 1, NULL);
}

struct ouv_key *
ouv_key_random(void)
{
	uint8_t bytes[OUV_KEY];
	struct ouv_key *key;

	randombytes_buf(bytes, OUV_KEY);
	key = ouv_key_new(bytes);
	sodium_memzero(bytes, sizeof(bytes));
	return key;
}

struct ouv_key *
ouv_key_after(const struct ouv_key *key)
{
	uint8_t bytes[OUV_KEY];
	struct ouv_key *next;

	randombytes_buf(bytes, OUV_KEY);
	next = key_make(bytes, key->version + 1, NULL);
	sodium_memzero(bytes, sizeof(bytes));
	return next;
}

/* " N" behind the digits; nothing is version 1.  0: it is no version. */
static uint32_t
version_read(const char *text, size_t len)
{
	uint32_t version = 0;

	if (len == 0)
		return 1;
	if (len < 2 || len > 7 || text[0] != ' ')
		return 0;
	for (size_t i = 1; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		version = version * 10 + (uint32_t)(text[i] - '0');
	}
	return version;
}

static enum ouv_err
key_read(const char *path, struct ouv_key *former, struct ouv_key **key_out)
{
	char text[4096];
	uint8_t bytes[OUV_KEY];
	size_t len = 0, got = 0;
	uint32_t version = 0;
	enum ouv_err err;

	err = ouv_secret_read(path, text, sizeof(text), &len);
	/* systemd hands this over in the place of a file that is not there. */
	if (err == OUV_OK && len == 4 && memcmp(text, "none", 4) == 0)
		return OUV_NOT_FOUND;
	if (err == OUV_OK && len >= HEX &&
		sodium_hex2bin(bytes, sizeof(bytes), text, HEX, NULL, &got,
			NULL) == 0 &&
		got == OUV_KEY)
		version = version_read(text + HEX, len - HEX);
	if (err == OUV_OK && version == 0) {
		ouv_log_error(
			"key file %s: must hold 64 hexadecimal digits", path);
		err = OUV_INVALID;
	}
	if (err == OUV_OK)
		*key_out = key_make(bytes, version, former);
	sodium_memzero(text, sizeof(text));
	sodium_memzero(bytes, sizeof(bytes));
	return err;
}

enum ouv_err
ouv_key_read(const char *path, struct ouv_key **key_out)
{
	return key_read(path, NULL, key_out);
}

enum ouv_err
ouv_key_read_both(const char *path, struct ouv_key **key_out)
{
	struct ouv_key *former = NULL;
	char old[4096];
	enum ouv_err err = OUV_OK;

	(void)snprintf(old, sizeof(old), "%s" OUV_KEY_OLD, path);
	if (ouv_secret_there(old))
		err = ouv_key_read(old, &former);
	if (err == OUV_OK || err == OUV_NOT_FOUND)
		err = key_read(path, former, key_out);
	if (err != OUV_OK)
		ouv_key_free(&former);
	return err;
}

uint32_t
ouv_key_version(const struct ouv_key *key)
{
	return key->version;
}

const struct ouv_key *
ouv_key_former(const struct ouv_key *key)
{
	return key->former;
}

const uint8_t *
ouv_key_bytes(const struct ouv_key *key)
{
	return key->bytes;
}

void
ouv_key_free(struct ouv_key **key)
{
	struct ouv_key *former;

	if (key == NULL || *key == NULL)
		return;
	former = (*key)->former;
	ouv_key_free(&former);
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
