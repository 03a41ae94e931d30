/*
 * checkpoint.c - what fixes the log at a moment: a tree over its chains' heads,
 * signed
 */
#include <string.h>

#include <sodium.h>

#include "inner.h"

#define DOMAIN 16
#define MESSAGE (DOMAIN + 2 * 16 + 4 * 8 + 2 * 32)

void
ouv_head_encode(const struct ouv_id *chain, uint64_t seq,
	const uint8_t hash[32], uint8_t out[OUV_HEAD])
{
	memcpy(out, chain->b, 16);
	vault_put64(out + 16, seq);
	memcpy(out + 24, hash, 32);
}

void
ouv_head_decode(const uint8_t head[OUV_HEAD], struct ouv_id *chain_out,
	uint64_t *seq_out, uint8_t hash_out[32])
{
	memcpy(chain_out->b, head, 16);
	*seq_out =
		(uint64_t)vault_get32(head + 16) << 32 | vault_get32(head + 20);
	memcpy(hash_out, head + 24, 32);
}

/* The left half of a tree is the largest full one (RFC 6962, 2.1); a leaf and a
 * node can never have the same hash. */
void
ouv_merkle_root(
	const uint8_t *leaves, size_t count, size_t len, uint8_t root_out[32])
{
	static const uint8_t leaf = 0, node = 1;
	uint8_t left[32], right[32];
	size_t half = 1;

	if (count < 2) {
		vault_hash(NULL,
			VAULT_PARTS({ &leaf, count }, { leaves, count * len }),
			root_out, 32);
		return;
	}
	while (half * 2 < count)
		half *= 2;
	ouv_merkle_root(leaves, half, len, left);
	ouv_merkle_root(leaves + half * len, count - half, len, right);
	vault_hash(NULL,
		VAULT_PARTS({ &node, 1 }, { left, sizeof(left) },
			{ right, sizeof(right) }),
		root_out, 32);
}

static void
encode(const struct ouv_checkpoint *c, uint8_t out[MESSAGE])
{
	static const uint8_t domain[] = "OUV-CHECKPOINT-1";

	memcpy(out, domain, sizeof(domain) - 1);
	memcpy(out + 16, c->tenant.b, 16);
	memcpy(out + 32, c->signer.b, 16);
	vault_put64(out + 48, c->n);
	vault_put64(out + 56, c->at_us);
	vault_put64(out + 64, c->signer_seq);
	vault_put64(out + 72, c->events);
	memcpy(out + 80, c->root, 32);
	memcpy(out + 112, c->prev, 32);
}

void
ouv_checkpoint_hash(
	const struct ouv_checkpoint *checkpoint, uint8_t hash_out[32])
{
	uint8_t message[MESSAGE];

	encode(checkpoint, message);
	vault_hash(
		NULL, VAULT_PARTS({ message, sizeof(message) }), hash_out, 32);
}

void
ouv_checkpoint_sign(const struct ouv_checkpoint *checkpoint,
	const uint8_t seed[OUV_KEY], uint8_t sig_out[OUV_SIG])
{
	uint8_t message[MESSAGE];
	uint8_t public[OUV_KEY], secret[crypto_sign_SECRETKEYBYTES];

	encode(checkpoint, message);
	(void)crypto_sign_seed_keypair(public, secret, seed);
	(void)crypto_sign_detached(
		sig_out, NULL, message, sizeof(message), secret);
	sodium_memzero(secret, sizeof(secret));
}

enum ouv_err
ouv_checkpoint_check(const struct ouv_checkpoint *checkpoint,
	const uint8_t public[OUV_KEY], const uint8_t *sig, size_t sig_len)
{
	uint8_t message[MESSAGE];

	encode(checkpoint, message);
	if (sig_len != OUV_SIG || crypto_sign_verify_detached(sig, message,
					  sizeof(message), public) != 0)
		return OUV_REFUSED;
	return OUV_OK;
}
