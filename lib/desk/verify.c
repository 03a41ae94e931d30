/*
 * verify.c - was the log altered? A walk that needs no secret
 *
 * Each chain counts from 1 without a gap, each event holds the hash of the one
 * before it, and each hash is what its fields give.
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/setup.h"

struct walk {
	struct ouv_setup_audit *audit;
	struct ouv_id chain;
	int64_t seq;
	uint8_t head[32];
};

static enum ouv_err
broken(struct walk *w, const struct store_audit *event, const char *what)
{
	struct ouv_setup_audit *a = w->audit;

	a->broken = true;
	ouv_id_hex(&event->chain, a->chain);
	a->seq = event->seq;
	a->what = what;
	return OUV_REFUSED; /* stops the walk */
}

static enum ouv_err
step(const struct store_audit *row, void *user)
{
	struct walk *w = user;
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

	if (!ouv_id_equal(&w->chain, &row->chain) || w->audit->chains == 0) {
		w->chain = row->chain;
		w->seq = 0;
		memset(w->head, 0, sizeof(w->head));
		w->audit->chains++;
	}
	if (row->seq != w->seq + 1)
		return broken(w, row, "an entry before this one is missing");
	if (memcmp(row->prev, w->head, sizeof(w->head)) != 0)
		return broken(w, row, "it does not follow the one before it");
	memcpy(event.prev, row->prev, sizeof(event.prev));
	ouv_audit_hash(&event, hash);
	if (memcmp(hash, row->hash, sizeof(hash)) != 0)
		return broken(w, row, "its fields were altered");
	w->seq = row->seq;
	memcpy(w->head, hash, sizeof(w->head));
	w->audit->events++;
	return OUV_OK;
}

enum ouv_err
ouv_setup_audit_verify(
	const struct ouv_config *config, struct ouv_setup_audit *audit_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct walk w = { .audit = audit_out };
	struct store *store = NULL;
	enum ouv_err err;

	memset(audit_out, 0, sizeof(*audit_out));
	TRY(store_open(config, STORE_OWNER, &store));
	err = store_audit_walk(store, arena, step, &w);
	store_close(&store);
	return audit_out->broken ? OUV_OK : err;
}
