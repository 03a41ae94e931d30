/*
 * verify_event.c - does an entry of the log follow the one before it?
 *
 * Each chain counts from 1 without a gap, each entry holds the hash of the one
 * before it, and each hash is what its fields give.
 */
#include <string.h>

#include "verify.h"

const char *
verify_step(struct verify_chain *at, const struct store_audit *row)
{
	struct ouv_audit_event event = { .chain = row->chain,
		.signer = row->signer,
		.actor = row->actor,
		.object = row->object,
		.seq = (uint64_t)row->seq,
		.at_us = (uint64_t)row->at_us,
		.signer_seq = (uint64_t)row->signer_seq,
		.action = row->action,
		.details = row->details.p,
		.details_len = row->details.len };
	uint8_t hash[32];

	if (!ouv_id_equal(&at->chain, &row->chain)) {
		memset(at, 0, sizeof(*at));
		at->chain = row->chain;
	}
	if (row->seq != at->seq + 1)
		return "an entry before this one is missing";
	if (memcmp(row->prev, at->head, sizeof(at->head)) != 0)
		return "it does not follow the one before it";
	memcpy(event.prev, row->prev, sizeof(event.prev));
	/* No action of ours is longer; such a row is not ours. */
	if (strlen(row->action) > OUV_AUDIT_ACTION)
		return "its fields were altered";
	ouv_audit_hash(&event, hash);
	if (memcmp(hash, row->hash, sizeof(hash)) != 0)
		return "its fields were altered";
	at->seq = row->seq;
	memcpy(at->head, hash, sizeof(at->head));
	return NULL;
}
