/*
 * link.c - what a link opens that stands in one letter and nowhere else
 *
 * The link's hash names the row and its hash under PEPPER is the key: neither
 * the database nor the host alone opens what was released.
 */
#include <string.h>

#include <sodium.h>

#include "inner.h"

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define PLAIN (OUV_KEY + 4)

_Static_assert(OUV_PIECE == NONCE + PLAIN + TAG, "the stored shape");

void
ouv_link_id(const uint8_t link[OUV_LINK], uint8_t id_out[32])
{
	vault_hash(NULL, VAULT_PARTS(VAULT_LABEL("lid"), { link, OUV_LINK }),
		id_out, 32);
}

void
ouv_link_coded(const uint8_t link[OUV_LINK], const uint8_t code[OUV_CODE_RAW],
	uint8_t link_out[OUV_LINK])
{
	vault_hash(NULL,
		VAULT_PARTS(VAULT_LABEL("lcod"), { link, OUV_LINK },
			{ code, OUV_CODE_RAW }),
		link_out, OUV_LINK);
}

void
ouv_link_key(const struct ouv_key *pepper, const uint8_t link[OUV_LINK],
	const struct ouv_id *disclosure, uint8_t key_out[OUV_KEY])
{
	vault_hash(ouv_key_bytes(pepper),
		VAULT_PARTS(VAULT_LABEL("link"), { link, OUV_LINK },
			{ disclosure->b, sizeof(disclosure->b) }),
		key_out, OUV_KEY);
}

void
ouv_visit_key(const struct ouv_key *pepper, const uint8_t token[32],
	uint8_t key_out[OUV_KEY])
{
	vault_hash(ouv_key_bytes(pepper),
		VAULT_PARTS(VAULT_LABEL("visit"), { token, 32 }), key_out,
		OUV_KEY);
}

void
ouv_piece_seal(const struct ouv_context *context, const uint8_t key[OUV_KEY],
	const uint8_t dek[OUV_KEY], uint32_t part, uint8_t box_out[OUV_PIECE])
{
	uint8_t ad[OUV_CONTEXT], plain[PLAIN];

	ouv_context_encode(context, ad);
	memcpy(plain, dek, OUV_KEY);
	vault_put32(plain + OUV_KEY, part);
	randombytes_buf(box_out, NONCE);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(box_out + NONCE, NULL,
		plain, sizeof(plain), ad, sizeof(ad), NULL, box_out, key);
	sodium_memzero(plain, sizeof(plain));
}

enum ouv_err
ouv_piece_open(const struct ouv_context *context, const uint8_t key[OUV_KEY],
	const uint8_t *box, size_t box_len, uint32_t part,
	uint8_t dek_out[OUV_KEY])
{
	uint8_t ad[OUV_CONTEXT], plain[PLAIN];
	enum ouv_err err = OUV_REFUSED;

	if (box_len != OUV_PIECE)
		return OUV_REFUSED;
	ouv_context_encode(context, ad);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL,
		    box + NONCE, OUV_PIECE - NONCE, ad, sizeof(ad), box,
		    key) == 0 &&
		vault_get32(plain + OUV_KEY) == part) {
		memcpy(dek_out, plain, OUV_KEY);
		err = OUV_OK;
	}
	sodium_memzero(plain, sizeof(plain));
	return err;
}
