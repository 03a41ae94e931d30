/*
 * seal.c - contexts, keys sealed to a person or a case, sealed rows
 *
 * A box has no associated data of its own, so the hash of the context lies
 * inside and is compared after opening; a blob has its whole context as
 * associated data and in the key.
 */
#include <string.h>

#include <sodium.h>

#include "inner.h"

#define BLOB_PAD 256
#define BLOB_TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define BLOB_NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

_Static_assert(OUV_BLOB_HEAD == 1 + 4 + BLOB_NONCE, "suite, version, nonce");
_Static_assert(
	OUV_BOX == crypto_box_SEALBYTES + 32 + OUV_KEY, "sealed hash and key");

void
ouv_context_encode(const struct ouv_context *context, uint8_t out[OUV_CONTEXT])
{
	static const uint8_t magic[4] = { 'O', 'U', 'V', '1' };
	uint8_t *p = out;

	memcpy(p, magic, sizeof(magic));
	p[4] = (uint8_t)context->kind;
	p[5] = OUV_SUITE;
	memcpy(p + 6, context->tenant.b, 16);
	memcpy(p + 22, context->case_id.b, 16);
	memcpy(p + 38, context->row.b, 16);
	p[54] = (uint8_t)context->column;
	vault_put32(p + 55, context->version);
	memcpy(p + 59, context->extra.b, 16);
}

/* ---- boxes ------------------------------------------------------------- */

/* plain is the hash of the context and then the secret; wiped here. */
static void
box_seal(const struct ouv_context *context, const uint8_t public[OUV_KEY],
	const uint8_t *secret, size_t len, uint8_t *box_out)
{
	uint8_t encoded[OUV_CONTEXT], plain[32 + OUV_KEY];

	ouv_context_encode(context, encoded);
	vault_hash(NULL, VAULT_PARTS({ encoded, sizeof(encoded) }), plain, 32);
	memcpy(plain + 32, secret, len);
	/* Fails for a public key of small order only, which no certificate
	 * of ours carries; the row must not be stored unsealed. */
	if (crypto_box_seal(box_out, plain, 32 + len, public) != 0)
		vault_die("sealing to a public key that is none");
	sodium_memzero(plain, sizeof(plain));
}

static enum ouv_err
box_open(const struct ouv_context *context, const uint8_t public[OUV_KEY],
	const uint8_t secret[OUV_KEY], const uint8_t *box, size_t len,
	uint8_t *secret_out)
{
	uint8_t encoded[OUV_CONTEXT], hash[32], plain[32 + OUV_KEY];
	enum ouv_err err = OUV_REFUSED;

	ouv_context_encode(context, encoded);
	vault_hash(NULL, VAULT_PARTS({ encoded, sizeof(encoded) }), hash, 32);
	if (crypto_box_seal_open(plain, box, crypto_box_SEALBYTES + 32 + len,
		    public, secret) == 0 &&
		sodium_memcmp(plain, hash, 32) == 0) {
		memcpy(secret_out, plain + 32, len);
		err = OUV_OK;
	}
	sodium_memzero(plain, sizeof(plain));
	return err;
}

void
ouv_seal_key(const struct ouv_context *context, const uint8_t public[OUV_KEY],
	const uint8_t key[OUV_KEY], uint8_t box_out[OUV_BOX])
{
	box_seal(context, public, key, OUV_KEY, box_out);
}

enum ouv_err
ouv_open_key_pair(const struct ouv_context *context,
	const uint8_t public[OUV_KEY], const uint8_t secret[OUV_KEY],
	const uint8_t *box, size_t box_len, uint8_t key_out[OUV_KEY])
{
	if (box_len != OUV_BOX)
		return OUV_REFUSED;
	return box_open(context, public, secret, box, OUV_KEY, key_out);
}

#define KNOWN 4

/*
 * The public half of a secret costs as much as opening a box, and a page opens
 * many boxes with one or two secrets.  So this thread remembers the last few
 * halves: public ones, each beside a digest of its secret under a key that
 * nobody else has.
 */
static void
public_of(const uint8_t secret[OUV_KEY], uint8_t public_out[OUV_KEY])
{
	static _Thread_local struct {
		uint8_t mark[32], public[OUV_KEY];
	} known[KNOWN];
	static _Thread_local uint8_t salt[32];
	static _Thread_local unsigned count;
	uint8_t mark[32];

	if (count == 0)
		ouv_random(salt, sizeof(salt));
	vault_hash(salt, VAULT_PARTS({ secret, OUV_KEY }), mark, sizeof(mark));
	for (unsigned i = 0; i < KNOWN && i < count; i++)
		if (memcmp(known[i].mark, mark, sizeof(mark)) == 0) {
			memcpy(public_out, known[i].public, OUV_KEY);
			return;
		}
	ouv_box_public(secret, public_out);
	memcpy(known[count % KNOWN].mark, mark, sizeof(mark));
	memcpy(known[count % KNOWN].public, public_out, OUV_KEY);
	count++;
}

enum ouv_err
ouv_open_key(const struct ouv_context *context, const uint8_t secret[OUV_KEY],
	const uint8_t *box, size_t box_len, uint8_t key_out[OUV_KEY])
{
	uint8_t public[OUV_KEY];

	public_of(secret, public);
	return ouv_open_key_pair(
		context, public, secret, box, box_len, key_out);
}

void
ouv_totp_seal(const struct ouv_context *context, const uint8_t public[OUV_KEY],
	const uint8_t seed[OUV_TOTP_SEED], uint8_t box_out[OUV_TOTP_BOX])
{
	box_seal(context, public, seed, OUV_TOTP_SEED, box_out);
}

enum ouv_err
ouv_totp_open(const struct ouv_context *context, const uint8_t secret[OUV_KEY],
	const uint8_t *box, size_t box_len, uint8_t seed_out[OUV_TOTP_SEED])
{
	uint8_t public[OUV_KEY];

	if (box_len != OUV_TOTP_BOX)
		return OUV_REFUSED;
	ouv_box_public(secret, public);
	return box_open(context, public, secret, box, OUV_TOTP_SEED, seed_out);
}

/* ---- blobs ------------------------------------------------------------- */

size_t
ouv_blob_len(size_t len)
{
	return OUV_BLOB_HEAD + (len / BLOB_PAD + 1) * BLOB_PAD + BLOB_TAG;
}

static void
blob_key(const uint8_t dek[OUV_KEY], const uint8_t encoded[OUV_CONTEXT],
	uint8_t key_out[OUV_KEY])
{
	vault_hash(dek,
		VAULT_PARTS(VAULT_LABEL("ouv-blob"), { encoded, OUV_CONTEXT }),
		key_out, OUV_KEY);
}

void
ouv_blob_seal(struct ouv_arena *arena, const struct ouv_context *context,
	const uint8_t dek[OUV_KEY], const void *text, size_t len,
	struct ouv_str *blob_out)
{
	const size_t total = ouv_blob_len(len);
	const size_t padded = total - OUV_BLOB_HEAD - BLOB_TAG;
	uint8_t *blob = ouv_arena_alloc(arena, total);
	uint8_t *body = blob + OUV_BLOB_HEAD;
	uint8_t encoded[OUV_CONTEXT], key[OUV_KEY];

	ouv_context_encode(context, encoded);
	blob_key(dek, encoded, key);
	blob[0] = OUV_SUITE;
	vault_put32(blob + 1, context->version);
	randombytes_buf(blob + 5, BLOB_NONCE);
	/* Encrypted where it lies: the arena never keeps a plain copy. */
	if (len > 0)
		memcpy(body, text, len);
	body[len] = 0x80; /* sodium_pad(); the zeros are there already */
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(body, NULL, body,
		padded, encoded, sizeof(encoded), NULL, blob + 5, key);
	sodium_memzero(key, sizeof(key));
	blob_out->p = (const char *)blob;
	blob_out->len = total;
}

enum ouv_err
ouv_blob_open(struct ouv_arena *arena, const struct ouv_context *context,
	const uint8_t dek[OUV_KEY], const void *blob, size_t blob_len,
	struct ouv_str *text_out)
{
	const uint8_t *in = blob;
	uint8_t encoded[OUV_CONTEXT], key[OUV_KEY], *text;
	size_t padded, len;
	int failed;

	if (blob_len < ouv_blob_len(0) || in[0] != OUV_SUITE ||
		vault_get32(in + 1) != context->version)
		return OUV_REFUSED;
	padded = blob_len - OUV_BLOB_HEAD - BLOB_TAG;
	if (padded % BLOB_PAD != 0)
		return OUV_REFUSED;
	text = ouv_arena_alloc(arena, padded);
	ouv_context_encode(context, encoded);
	blob_key(dek, encoded, key);
	failed = crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL,
		in + OUV_BLOB_HEAD, padded + BLOB_TAG, encoded, sizeof(encoded),
		in + 5, key);
	sodium_memzero(key, sizeof(key));
	if (failed != 0 || sodium_unpad(&len, text, padded, BLOB_PAD) != 0)
		return OUV_REFUSED;
	text[len] = 0; /* was the 0x80 of the padding */
	text_out->p = (const char *)text;
	text_out->len = len;
	return OUV_OK;
}
