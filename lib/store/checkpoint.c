/*
 * checkpoint.c - checkpoints of the log, and the rows its verifier walks
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_keys.h"

#define PAGE 500
#define CHECKPOINT_PAGE 50 /* heads may be long */

enum ouv_err
store_checkpoint_add(struct store_tx *tx, const struct store_checkpoint *c)
{
	return sql_write(tx, SQL_CHECKPOINT_ADD,
		ARGS(SQL_ID(&c->signer), SQL_INT(c->n), SQL_INT(c->at_us),
			SQL_INT(c->signer_seq), SQL_INT(c->events),
			SQL_BYTES(c->root, sizeof(c->root)),
			SQL_BYTES(c->prev, sizeof(c->prev)),
			SQL_BYTES(c->sig, sizeof(c->sig)),
			SQL_BYTES(c->heads.p, c->heads.len)));
}

enum ouv_err
store_audit_is(struct store_tx *tx, const struct ouv_id *chain, int64_t seq,
	const uint8_t hash[32], bool *is_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_AUDIT_IS, &res,
		ARGS(SQL_ID(chain), SQL_INT(seq), SQL_BYTES(hash, 32))));
	*is_out = PQntuples(res) > 0;
	return OUV_OK;
}

enum ouv_err
store_backend_busy(struct store_tx *tx, int backend, bool *busy_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_BACKEND_BUSY, &res, ARGS(SQL_INT(backend))));
	*busy_out = PQntuples(res) > 0;
	return OUV_OK;
}

/* Texts are borrowed from the result. */
static void
row_checkpoint(struct row *row, struct store_checkpoint *c)
{
	memset(c, 0, sizeof(*c));
	c->signer = row_id(row);
	c->n = row_int(row);
	c->at_us = row_int(row);
	c->signer_seq = row_int(row);
	c->events = row_int(row);
	(void)row_bytes(row, c->root, sizeof(c->root));
	(void)row_bytes(row, c->prev, sizeof(c->prev));
	(void)row_bytes(row, c->sig, sizeof(c->sig));
	c->kind = row_peek(row).p;
	c->mailed = row_bool(row);
}

static void
keep_checkpoint(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_checkpoint *c = entry;

	row_checkpoint(row, c);
	c->kind = ouv_arena_strdup(arena, c->kind);
}

enum ouv_err
store_checkpoints_unmailed(struct store_tx *tx, struct ouv_arena *arena,
	int most, struct store_checkpoint **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_CHECKPOINT_UNMAILED, &res, ARGS(SQL_INT(most))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), keep_checkpoint, count_out);
	return OUV_OK;
}

enum ouv_err
store_checkpoint_mailed(
	struct store_tx *tx, const struct ouv_id *signer, int64_t n)
{
	return sql_write(
		tx, SQL_CHECKPOINT_MAILED, ARGS(SQL_ID(signer), SQL_INT(n)));
}

/* ---- what the verifier walks
 * ------------------------------------------------------ */

enum ouv_err
store_checkpoint_walk(struct store *store, const struct ouv_id *signer,
	int64_t after, store_checkpoint_fn *each, void *user)
{
	struct store_checkpoint c = { .n = after };
	int count;

	do {
		PGresult *res RESULT;

		TRY(sql_once(store, SQL_CHECKPOINT_WALK, &res,
			ARGS(SQL_ID(signer), SQL_INT(c.n),
				SQL_INT(CHECKPOINT_PAGE))));
		count = PQntuples(res);
		for (int i = 0; i < count; i++) {
			struct row row = row_at(res, i);

			row_checkpoint(&row, &c);
			c.heads = row_peek(&row);
			TRY(each(&c, user));
		}
	} while (count == CHECKPOINT_PAGE);
	return OUV_OK;
}

enum ouv_err
store_heads_missing(struct store *store, struct ouv_str heads,
	struct ouv_id *chain_out, int64_t *seq_out, bool *other_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_once(store, SQL_HEADS_MISSING, &res,
		ARGS(SQL_BYTES(heads.p, heads.len))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*chain_out = row_id(&row);
	*seq_out = row_int(&row);
	*other_out = row_bool(&row);
	return OUV_OK;
}

static void
row_signer(struct row *row, struct store_signer *s)
{
	memset(s, 0, sizeof(*s));
	s->id = row_id(row);
	s->kind = row_peek(row).p;
	(void)row_bytes(row, s->mac_box, sizeof(s->mac_box));
	(void)row_bytes(row, s->sig, sizeof(s->sig));
	s->person = row_id(row);
	(void)row_bytes(row, s->public, sizeof(s->public));
	(void)row_bytes(row, s->root_sig, sizeof(s->root_sig));
	s->started_us = row_int(row);
}

enum ouv_err
store_signer_walk(struct store *store, store_signer_fn *each, void *user)
{
	struct store_signer signer = { .kind = NULL };
	int count;

	do {
		PGresult *res RESULT;

		TRY(sql_once(store, SQL_SIGNER_WALK, &res,
			ARGS(SQL_ID(&signer.id), SQL_INT(PAGE))));
		count = PQntuples(res);
		for (int i = 0; i < count; i++) {
			struct row row = row_at(res, i);

			row_signer(&row, &signer);
			TRY(each(&signer, user));
		}
	} while (count == PAGE);
	return OUV_OK;
}

enum ouv_err
store_signer_one(struct store *store, struct ouv_arena *arena,
	const struct ouv_id *id, struct store_signer *signer_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_once(store, SQL_SIGNER_ONE, &res, ARGS(SQL_ID(id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	row_signer(&row, signer_out);
	signer_out->kind = ouv_arena_strdup(arena, signer_out->kind);
	return OUV_OK;
}

enum ouv_err
store_signer_events(struct store *store, const struct ouv_id *signer,
	int64_t after, int64_t until, store_audit_fn *each, void *user)
{
	struct store_audit e = { .signer_seq = after };
	int count;

	do {
		PGresult *res RESULT;

		TRY(sql_once(store, SQL_SIGNER_EVENTS, &res,
			ARGS(SQL_ID(signer), SQL_INT(e.signer_seq),
				SQL_INT(until), SQL_INT(PAGE))));
		count = PQntuples(res);
		for (int i = 0; i < count; i++) {
			struct row row = row_at(res, i);

			e.signer = row_id(&row);
			e.signer_seq = row_int(&row);
			e.chain = row_id(&row);
			e.seq = row_int(&row);
			(void)row_bytes(&row, e.hash, sizeof(e.hash));
			(void)row_bytes(&row, e.mac, sizeof(e.mac));
			e.at_us = row_int(&row);
			TRY(each(&e, user));
		}
	} while (count == PAGE);
	return OUV_OK;
}

/* The first that a statement about what is wrong gives. */
static enum ouv_err
first_wrong(struct store *store, enum sql_id id, struct ouv_id *chain_out,
	int64_t *seq_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_once(store, id, &res, NO_ARGS));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*chain_out = row_id(&row);
	*seq_out = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_audit_orphan(
	struct store *store, struct ouv_id *chain_out, int64_t *seq_out)
{
	return first_wrong(store, SQL_AUDIT_ORPHAN, chain_out, seq_out);
}

enum ouv_err
store_audit_rekeys(
	struct store *store, struct ouv_id *chain_out, int64_t *seq_out)
{
	return first_wrong(store, SQL_AUDIT_REKEYS, chain_out, seq_out);
}

static void
read_key(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_office_key *key = entry;

	key->kind = row_text(row, arena);
	key->version = (int)row_int(row);
	(void)row_bytes(row, key->public, sizeof(key->public));
	(void)row_bytes(row, key->sig, sizeof(key->sig));
	key->retired_us = row_int(row);
}

enum ouv_err
store_signing_keys(struct store *store, struct ouv_arena *arena,
	struct store_office_key **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_once(store, SQL_SIGNING_KEYS, &res, NO_ARGS));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), read_key, count_out);
	return OUV_OK;
}

enum ouv_err
store_audit_status(struct store *store, struct store_audit_status *status_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_once(store, SQL_AUDIT_STATUS, &res, NO_ARGS));
	row = row_at(res, 0);
	status_out->events = row_int(&row);
	status_out->signers = row_int(&row);
	status_out->checkpoints = row_int(&row);
	status_out->unmailed = row_int(&row);
	status_out->newest_us = row_int(&row);
	status_out->mailed_us = row_int(&row);
	status_out->unsealed = row_int(&row);
	return OUV_OK;
}
