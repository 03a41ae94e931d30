/*
 * session.c - the cookie that opens a person's keys for one working day
 *
 * The cookie is in nobody's hands but the browser's: its hash names the row,
 * and its hash under PEPPER is the key.  Neither the database nor the host
 * alone opens a session.
 */
#include <string.h>

#include <sodium.h>

#include "inner.h"

#define TOKEN 32
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

void
ouv_token_text(const uint8_t token[32], char out[OUV_TOKEN_B64])
{
	(void)sodium_bin2base64(out, OUV_TOKEN_B64, token, TOKEN, VARIANT);
}

enum ouv_err
ouv_token_parse(const char *text, uint8_t token_out[32])
{
	uint8_t token[TOKEN];
	char again[OUV_TOKEN_B64];
	size_t len = 0;
	enum ouv_err err = OUV_INVALID;

	if (strnlen(text, OUV_TOKEN_B64) == OUV_TOKEN_B64 - 1 &&
		sodium_base642bin(token, sizeof(token), text, OUV_TOKEN_B64 - 1,
			NULL, &len, NULL, VARIANT) == 0 &&
		len == TOKEN) {
		/* libsodium 1.0.18 takes some bytes above 0x7f for letters:
		 * what we would not write is no token. */
		ouv_token_text(token, again);
		if (sodium_memcmp(again, text, sizeof(again)) == 0) {
			memcpy(token_out, token, TOKEN);
			err = OUV_OK;
		}
		sodium_memzero(again, sizeof(again));
	}
	sodium_memzero(token, sizeof(token));
	return err;
}

const char *
ouv_b64_text(struct ouv_arena *arena, struct ouv_str bytes)
{
	size_t cap = sodium_base64_ENCODED_LEN(bytes.len, VARIANT);
	char *out = ouv_arena_alloc(arena, cap);

	return sodium_bin2base64(
		out, cap, (const uint8_t *)bytes.p, bytes.len, VARIANT);
}

enum ouv_err
ouv_b64_parse(
	struct ouv_arena *arena, const char *text, struct ouv_str *bytes_out)
{
	const size_t most = strlen(text) / 4 * 3 + 3;
	uint8_t *bytes = ouv_arena_alloc(arena, most);
	size_t len = 0;

	if (sodium_base642bin(bytes, most, text, strlen(text), NULL, &len, NULL,
		    VARIANT) != 0 ||
		len == 0)
		return OUV_INVALID;
	*bytes_out = (struct ouv_str){ (const char *)bytes, len };
	return OUV_OK;
}

void
ouv_session_id(const uint8_t token[32], uint8_t id_out[32])
{
	vault_hash(NULL, VAULT_PARTS(VAULT_LABEL("sid"), { token, TOKEN }),
		id_out, 32);
}

/* The context and the key that belong to a cookie. */
static struct ouv_context
session_context(const struct ouv_id *tenant, const struct ouv_id *person,
	const struct ouv_key *pepper, const uint8_t token[TOKEN],
	uint8_t key_out[OUV_KEY])
{
	struct ouv_context context = { .kind = OUV_KIND_SESSION,
		.tenant = *tenant,
		.row = *person,
		.version = 1 };
	uint8_t id[32];

	ouv_session_id(token, id);
	memcpy(context.extra.b, id, sizeof(context.extra.b));
	vault_hash(ouv_key_bytes(pepper),
		VAULT_PARTS(VAULT_LABEL("sess"), { token, TOKEN }), key_out,
		OUV_KEY);
	return context;
}

void
ouv_session_wrap(const struct ouv_identity *identity,
	const struct ouv_id *tenant, const struct ouv_id *person,
	const struct ouv_key *pepper, const uint8_t token[32],
	uint8_t wrapped_out[OUV_WRAPPED])
{
	uint8_t key[OUV_KEY];
	const struct ouv_context context =
		session_context(tenant, person, pepper, token, key);

	identity_seal(identity, &context, key, wrapped_out);
	sodium_memzero(key, sizeof(key));
}

enum ouv_err
ouv_session_unwrap(const uint8_t *wrapped, size_t wrapped_len,
	const struct ouv_id *tenant, const struct ouv_id *person,
	const struct ouv_key *pepper, const uint8_t token[32],
	struct ouv_identity **identity_out)
{
	struct ouv_context context;
	uint8_t key[OUV_KEY];
	enum ouv_err err = OUV_REFUSED;

	if (wrapped_len != OUV_WRAPPED)
		return OUV_REFUSED;
	for (; pepper != NULL && err == OUV_REFUSED;
		pepper = ouv_key_former(pepper)) {
		context = session_context(tenant, person, pepper, token, key);
		err = identity_open(wrapped, &context, key, identity_out);
	}
	sodium_memzero(key, sizeof(key));
	return err;
}

void
ouv_csrf_token(const struct ouv_key *pepper, const uint8_t token[32],
	const char *form, char out[OUV_TOKEN_B64])
{
	uint8_t hash[32];

	vault_hash(ouv_key_bytes(pepper),
		VAULT_PARTS(VAULT_LABEL("csrf"), { token, TOKEN },
			{ form, strlen(form) }),
		hash, sizeof(hash));
	ouv_token_text(hash, out);
}
