/*
 * verify.h - what the files that verify the log share
 */
#ifndef DESK_VERIFY_H
#define DESK_VERIFY_H

#include "desk_impl.h"
#include "ouv/history.h"

struct verify {
	const struct ouv_config *config;
	struct ouv_audit_found *found;
	struct store *store;
	struct ouv_arena *arena;
	struct ouv_id tenant;
	uint8_t root[OUV_KEY];
	struct store_office_key *keys; /* of the programs, certified by ROOT */
	size_t key_count;
	bool with_escrow;
	uint8_t escrow[OUV_KEY];
};

/* The first broken one; what it returns ends the walk. */
enum ouv_err verify_broken(struct verify *v, const char *where,
	const struct ouv_id *chain, int64_t seq, const char *what);

/* verify_event.c: one entry after another of a chain; 0: it follows, else what
 * is wrong.  A walk begins with zeros. */
struct verify_chain {
	struct ouv_id chain;
	int64_t seq;
	uint8_t head[32];
};
const char *verify_step(
	struct verify_chain *at, const struct store_audit *event);

/* verify_signer.c: certificates, checkpoints, numbers, MACs. */
OUV_MUST_CHECK enum ouv_err verify_keys(struct verify *v);
OUV_MUST_CHECK enum ouv_err verify_signers(struct verify *v);
/* The key that this run signed with, its certificate checked up to ROOT. */
OUV_MUST_CHECK enum ouv_err verify_signer_key(const struct verify *v,
	const struct store_signer *signer, uint8_t public_out[OUV_KEY]);
/* A row in the vault's shape. */
void verify_checkpoint_of(const struct verify *v,
	const struct store_checkpoint *row, struct ouv_checkpoint *out);

/* verify_mail.c: checkpoints that were kept outside. */
OUV_MUST_CHECK enum ouv_err verify_mail(struct verify *v, const char *path);

#endif
