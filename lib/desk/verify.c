/*
 * verify.c - was the log altered? A walk that needs no secret
 *
 * Chains first, then who signed them and what was sealed, then what was kept
 * outside.  The first thing that is wrong is named and ends it.
 */
#include <string.h>

#include "ouv/log.h"
#include "verify.h"

enum ouv_err
verify_broken(struct verify *v, const char *where, const struct ouv_id *chain,
	int64_t seq, const char *what)
{
	struct ouv_audit_found *found = v->found;

	found->broken = true;
	ouv_id_hex(chain, found->chain);
	found->seq = seq;
	found->where = where;
	found->what = what;
	return OUV_REFUSED;
}

struct walk {
	struct verify *v;
	struct verify_chain at;
};

static enum ouv_err
step(const struct store_audit *row, void *user)
{
	struct walk *w = user;
	const char *wrong;

	if (!ouv_id_equal(&w->at.chain, &row->chain))
		w->v->found->chains++;
	wrong = verify_step(&w->at, row);
	if (wrong != NULL)
		return verify_broken(
			w->v, "chain", &row->chain, row->seq, wrong);
	w->v->found->events++;
	return OUV_OK;
}

static enum ouv_err
verify_chains(struct verify *v)
{
	struct walk w = { .v = v };

	return store_audit_walk(v->store, v->arena, step, &w);
}

typedef enum ouv_err wrong_fn(
	struct store *store, struct ouv_id *chain_out, int64_t *seq_out);

/* What one statement finds wrong in the whole log. */
static enum ouv_err
verify_none(struct verify *v, wrong_fn *find, const char *what)
{
	struct ouv_id chain;
	int64_t seq;
	enum ouv_err err = find(v->store, &chain, &seq);

	if (err == OUV_NOT_FOUND)
		return OUV_OK;
	if (err != OUV_OK)
		return err;
	return verify_broken(v, "chain", &chain, seq, what);
}

static enum ouv_err
find_office(struct verify *v)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	enum ouv_err err;

	if (ouv_unhex(v->config->keys_root_public, v->root, sizeof(v->root)) !=
		OUV_OK) {
		ouv_log_error("[keys] root_public is not set");
		return OUV_INVALID;
	}
	TRY(store_begin(v->store, &tx));
	err = store_office_tenant(tx, &v->tenant);
	if (err == OUV_NOT_FOUND) {
		ouv_log_error("the database has no office yet");
		return OUV_INVALID;
	}
	TRY(err);
	return store_commit(&tx);
}

static enum ouv_err
find_escrow(struct verify *v, const struct ouv_audit_ask *ask)
{
	if (ask->share_a == NULL)
		return OUV_OK;
	if (ouv_share_join("escrow", ask->share_a, ask->share_b, v->escrow) !=
		OUV_OK) {
		ouv_log_error("these are no two shares of ESCROW");
		return OUV_REFUSED;
	}
	v->with_escrow = true;
	return OUV_OK;
}

static enum ouv_err
verify_all(struct verify *v, const struct ouv_audit_ask *ask)
{
	TRY(find_office(v));
	TRY(find_escrow(v, ask));
	TRY(verify_keys(v));
	TRY(verify_chains(v));
	TRY(verify_none(v, store_audit_orphan,
		"nobody knows the run of a program that wrote it"));
	TRY(verify_none(v, store_audit_rekeys,
		"the case's key is of another time than its log"));
	TRY(verify_signers(v));
	for (size_t i = 0; i < ask->mail_count; i++)
		TRY(verify_mail(v, ask->mails[i]));
	return OUV_OK;
}

enum ouv_err
ouv_audit_verify(const struct ouv_config *config,
	const struct ouv_audit_ask *ask, struct ouv_audit_found *found_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct verify v = {
		.config = config, .found = found_out, .arena = arena
	};
	enum ouv_err err;

	memset(found_out, 0, sizeof(*found_out));
	TRY(store_open(config, STORE_OWNER, &v.store));
	err = verify_all(&v, ask);
	store_close(&v.store);
	ouv_wipe(v.escrow, sizeof(v.escrow));
	return found_out->broken ? OUV_OK : err;
}

enum ouv_err
ouv_audit_status(
	const struct ouv_config *config, struct ouv_audit_status *status_out)
{
	struct store_audit_status row;
	struct store *store = NULL;
	enum ouv_err err;

	TRY(store_open(config, STORE_OWNER, &store));
	err = store_audit_status(store, &row);
	store_close(&store);
	if (err != OUV_OK)
		return err;
	*status_out = (struct ouv_audit_status){ .events = row.events,
		.signers = row.signers,
		.checkpoints = row.checkpoints,
		.unmailed = row.unmailed,
		.unsealed = row.unsealed,
		.newest_at = row.newest_us / 1000000,
		.mailed_at = row.mailed_us / 1000000,
		.mail_to = config->audit_mail_to };
	return OUV_OK;
}
