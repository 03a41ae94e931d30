/*
 * digest.c - the SHA-256 by which a message, its parts and copies are named
 */
#include <gnutls/crypto.h>
#include <stdlib.h>

#include "internal.h"

void
ouv_mail_sha256(const void *data, size_t len, char hex_out[65])
{
	mail_sha256(data, len, hex_out);
}

struct ouv_mail_digest {
	gnutls_hash_hd_t hash; /* NULL: ended */
};

static void
digest_free(void *it)
{
	struct ouv_mail_digest *digest = it;

	if (digest->hash != NULL)
		gnutls_hash_deinit(digest->hash, NULL);
	digest->hash = NULL;
}

struct ouv_mail_digest *
ouv_mail_digest_new(struct ouv_arena *arena)
{
	struct ouv_mail_digest *digest =
		ouv_arena_alloc(arena, sizeof(*digest));

	/* fails for lack of memory alone */
	if (gnutls_hash_init(&digest->hash, GNUTLS_DIG_SHA256) < 0)
		abort();
	ouv_arena_defer(arena, digest_free, digest);
	return digest;
}

void
ouv_mail_digest_add(
	struct ouv_mail_digest *digest, const void *data, size_t len)
{
	if (len > 0 && gnutls_hash(digest->hash, data, len) < 0)
		abort();
}

void
ouv_mail_digest_end(struct ouv_mail_digest *digest, char hex_out[65])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[32];

	gnutls_hash_deinit(digest->hash, bytes);
	digest->hash = NULL;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		hex_out[2 * i] = digits[bytes[i] >> 4];
		hex_out[2 * i + 1] = digits[bytes[i] & 15];
	}
	hex_out[64] = '\0';
}
