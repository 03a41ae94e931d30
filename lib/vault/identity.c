/*
 * identity.c - a person's two secret keys, under a password or a paper code
 *
 * password --Argon2id--> 32 bytes --keyed BLAKE2b with PEPPER--> key; the
 * paper code has 32 random bytes and needs no stretching.  XChaCha20-Poly1305
 * does not commit to its key, so a commitment lies beside it and is compared
 * first.
 */
#include <string.h>

#include <sodium.h>

#include "stretch.h"

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(
	OUV_WRAPPED == NONCE + sizeof(struct ouv_identity) + TAG, "nonce, tag");

/* ---- in memory --------------------------------------------------------- */

struct ouv_identity *
ouv_identity_new(void)
{
	struct ouv_identity *identity = vault_guarded(sizeof(*identity));

	randombytes_buf(identity, sizeof(*identity));
	if (sodium_mprotect_readonly(identity) != 0)
		vault_die("mprotect");
	return identity;
}

void
ouv_identity_free(struct ouv_identity **identity)
{
	if (identity == NULL || *identity == NULL)
		return;
	sodium_free(*identity); /* wipes */
	*identity = NULL;
}

/* ---- under a key ------------------------------------------------------- */

void
identity_seal(const struct ouv_identity *identity,
	const struct ouv_context *context, const uint8_t key[OUV_KEY],
	uint8_t wrapped_out[OUV_WRAPPED])
{
	uint8_t encoded[OUV_CONTEXT];

	ouv_context_encode(context, encoded);
	randombytes_buf(wrapped_out, NONCE);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(wrapped_out + NONCE,
		NULL, (const uint8_t *)identity, sizeof(*identity), encoded,
		sizeof(encoded), NULL, wrapped_out, key);
}

enum ouv_err
identity_open(const uint8_t wrapped[OUV_WRAPPED],
	const struct ouv_context *context, const uint8_t key[OUV_KEY],
	struct ouv_identity **identity_out)
{
	struct ouv_identity *identity = vault_guarded(sizeof(*identity));
	uint8_t encoded[OUV_CONTEXT];

	ouv_context_encode(context, encoded);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt((uint8_t *)identity,
		    NULL, NULL, wrapped + NONCE, OUV_WRAPPED - NONCE, encoded,
		    sizeof(encoded), wrapped, key) != 0) {
		ouv_identity_free(&identity);
		return OUV_REFUSED;
	}
	if (sodium_mprotect_readonly(identity) != 0)
		vault_die("mprotect");
	*identity_out = identity;
	return OUV_OK;
}

/* ---- under a password or a code ---------------------------------------- */

static enum ouv_err
key_of_password(const struct ouv_wrap *wrap, const struct ouv_key *pepper,
	const char *secret, uint8_t key_out[OUV_KEY])
{
	uint8_t stretched[OUV_KEY];
	enum ouv_err err;

	err = stretch(secret, wrap->salt, wrap->ops, wrap->mem, stretched);
	if (err != OUV_OK)
		return err;
	vault_hash(ouv_key_bytes(pepper),
		VAULT_PARTS(VAULT_LABEL("ouv-pass"),
			{ stretched, sizeof(stretched) }),
		key_out, OUV_KEY);
	sodium_memzero(stretched, sizeof(stretched));
	return OUV_OK;
}

static enum ouv_err
key_of_code(const struct ouv_wrap *wrap, const struct ouv_key *pepper,
	const char *secret, uint8_t key_out[OUV_KEY])
{
	uint8_t code[OUV_KEY];

	if (wrap->ops != 0 || wrap->mem != 0)
		return OUV_REFUSED;
	if (!recovery_read(secret, code))
		return OUV_INVALID;
	vault_hash(ouv_key_bytes(pepper),
		VAULT_PARTS(VAULT_LABEL("ouv-recv"),
			{ wrap->salt, sizeof(wrap->salt) },
			{ code, sizeof(code) }),
		key_out, OUV_KEY);
	sodium_memzero(code, sizeof(code));
	return OUV_OK;
}

typedef enum ouv_err key_fn(const struct ouv_wrap *wrap,
	const struct ouv_key *pepper, const char *secret,
	uint8_t key_out[OUV_KEY]);

static const struct way {
	enum ouv_column column;
	uint32_t ops;
	uint64_t mem;
	key_fn *key;
} ways[] = {
	{ OUV_COLUMN_PASSWORD, STRETCH_OPS, STRETCH_MEM, key_of_password },
	{ OUV_COLUMN_RECOVERY, 0, 0, key_of_code },
};

static const struct way *
way_find(enum ouv_column column)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (ways[i].column == column)
			return &ways[i];
	return NULL;
}

static void
wrap_commit(const uint8_t key[OUV_KEY], uint8_t out[OUV_COMMIT])
{
	vault_hash(key, VAULT_PARTS(VAULT_LABEL("commit")), out, OUV_COMMIT);
}

enum ouv_err
ouv_identity_wrap(const struct ouv_identity *identity,
	const struct ouv_id *tenant, const struct ouv_id *person,
	enum ouv_column column, const struct ouv_key *pepper,
	const char *secret, struct ouv_wrap *wrap_out)
{
	const struct way *way = way_find(column);
	const struct ouv_context context = { .kind = OUV_KIND_PERSON_KEY,
		.column = column,
		.tenant = *tenant,
		.row = *person,
		.version = ouv_key_version(pepper) };
	struct ouv_wrap wrap = { .version = context.version };
	uint8_t key[OUV_KEY];
	enum ouv_err err;

	if (way == NULL || secret[0] == 0)
		return OUV_INVALID;
	wrap.ops = way->ops;
	wrap.mem = way->mem;
	randombytes_buf(wrap.salt, sizeof(wrap.salt));
	if ((err = way->key(&wrap, pepper, secret, key)) != OUV_OK)
		return err;
	wrap_commit(key, wrap.commit);
	identity_seal(identity, &context, key, wrap.wrapped);
	sodium_memzero(key, sizeof(key));
	*wrap_out = wrap;
	return OUV_OK;
}

enum ouv_err
ouv_identity_unwrap(const struct ouv_wrap *wrap, const struct ouv_id *tenant,
	const struct ouv_id *person, enum ouv_column column,
	const struct ouv_key *pepper, const char *secret,
	struct ouv_identity **identity_out)
{
	const struct way *way = way_find(column);
	const struct ouv_context context = { .kind = OUV_KIND_PERSON_KEY,
		.column = column,
		.tenant = *tenant,
		.row = *person,
		.version = wrap->version };
	const struct ouv_key *of = pepper;
	uint8_t key[OUV_KEY], commit[OUV_COMMIT];
	enum ouv_err err;

	if (way == NULL)
		return OUV_REFUSED;
	while (of != NULL && ouv_key_version(of) != wrap->version)
		of = ouv_key_former(of);
	/* Nobody is told, nor can measure, that it is of neither. */
	err = way->key(wrap, of != NULL ? of : pepper, secret, key);
	if (err != OUV_OK)
		return err;
	wrap_commit(key, commit);
	if (of != NULL &&
		sodium_memcmp(commit, wrap->commit, sizeof(commit)) == 0)
		err = identity_open(wrap->wrapped, &context, key, identity_out);
	else
		err = OUV_REFUSED;
	sodium_memzero(key, sizeof(key));
	sodium_memzero(commit, sizeof(commit));
	return err;
}

enum ouv_err
ouv_identity_pretend(const struct ouv_key *pepper, const char *secret)
{
	struct ouv_wrap wrap = { .ops = STRETCH_OPS, .mem = STRETCH_MEM };
	uint8_t key[OUV_KEY];
	enum ouv_err err;

	randombytes_buf(wrap.salt, sizeof(wrap.salt));
	err = key_of_password(&wrap, pepper, secret, key);
	sodium_memzero(key, sizeof(key));
	return err == OUV_OK ? OUV_REFUSED : err;
}
