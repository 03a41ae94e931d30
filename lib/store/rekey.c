/*
 * rekey.c - a new key for a case: what must be sealed anew, and the one step
 */
#include "inner.h"
#include "ouv/store_keys.h"

static void
row_rekey_grant(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_grant *grant = entry;

	(void)arena;
	grant->person = row_id(row);
	grant->version = (int)row_int(row);
	(void)row_bytes(row, grant->box, sizeof(grant->box));
	grant->granted_by = row_id(row);
	(void)row_bytes(row, grant->sig, sizeof(grant->sig));
}

enum ouv_err
store_rekey_grants(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_grant **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_REKEY_GRANTS, &res, ARGS(SQL_ID(case_id))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_rekey_grant, count_out);
	for (size_t i = 0; i < *count_out; i++)
		(*list_out)[i].case_id = *case_id;
	return OUV_OK;
}

static void
row_item_key(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_item_key *item = entry;

	(void)arena;
	item->id = row_id(row);
	(void)row_bytes(row, item->box, sizeof(item->box));
}

enum ouv_err
store_rekey_items(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, int version,
	struct store_item_key **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_REKEY_ITEMS, &res,
		ARGS(SQL_ID(case_id), SQL_INT(version))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_item_key, count_out);
	return OUV_OK;
}

enum ouv_err
store_rekey(struct store_tx *tx, const struct store_rekey *r)
{
	struct ouv_arena *arena = sql_scratch(tx->store);
	const struct store_grant *g = r->grants;
	const struct store_item_key *i = r->items;
	const struct store_capsule *c = r->capsules;
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_REKEY, &res,
		ARGS(SQL_ID(&r->case_id), SQL_ID(&r->person), SQL_INT(r->from),
			SQL_BYTES(r->cpk, sizeof(r->cpk)),
			SQL_BYTES(r->sig, sizeof(r->sig)),
			SQL_BYTES(r->old_box, sizeof(r->old_box)),
			SQL_BYTES(r->summary.p, r->summary.len),
			sql_ids(arena, &g->person, sizeof(*g), r->grant_count),
			sql_blobs(arena, g->pk, sizeof(g->pk), sizeof(*g),
				r->grant_count),
			sql_blobs(arena, g->box, sizeof(g->box), sizeof(*g),
				r->grant_count),
			sql_blobs(arena, g->sig, sizeof(g->sig), sizeof(*g),
				r->grant_count),
			sql_ids(arena, &i->id, sizeof(*i), r->item_count),
			sql_blobs(arena, i->box, sizeof(i->box), sizeof(*i),
				r->item_count),
			sql_ids(arena, &c->id, sizeof(*c), r->capsule_count),
			sql_strs(arena, &c->ct, sizeof(*c), r->capsule_count),
			sql_blobs(arena, c->box_case, sizeof(c->box_case),
				sizeof(*c), r->capsule_count),
			sql_blobs(arena, c->box_svc, sizeof(c->box_svc),
				sizeof(*c), r->capsule_count))));
	row = row_at(res, 0);
	return row_bool(&row) ? OUV_OK : OUV_CONFLICT;
}

enum ouv_err
store_rekey_due(
	struct store_tx *tx, const struct ouv_id *case_id, bool *due_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_CASE_REKEY_DUE, &res, ARGS(SQL_ID(case_id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*due_out = row_bool(&row);
	return OUV_OK;
}

enum ouv_err
store_rekey_waiting(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, int most, struct ouv_id **cases_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_REKEY_WAITING, &res,
		ARGS(SQL_ID(person), SQL_INT(most))));
	*cases_out = read_ids(res, arena, count_out);
	return OUV_OK;
}

enum ouv_err
store_case_old_key(struct store_tx *tx, const struct ouv_id *case_id,
	int version, uint8_t box_out[112])
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_CASE_OLD_KEY, &res,
		ARGS(SQL_ID(case_id), SQL_INT(version))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	return row_bytes(&row, box_out, 112) ? OUV_OK : OUV_NOT_FOUND;
}

enum ouv_err
store_session_begun(
	struct store_tx *tx, const uint8_t id[32], int64_t *begun_us_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_SESSION_BEGUN, &res, ARGS(SQL_BYTES(id, 32))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*begun_us_out = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_session_lives(
	struct store_tx *tx, const struct ouv_id *person, int64_t begun_us)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_SESSION_LIVES, &res,
		ARGS(SQL_ID(person), SQL_INT(begun_us))));
	return PQntuples(res) == 0 ? OUV_REFUSED : OUV_OK;
}

enum ouv_err
store_still_holds(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *person, int64_t begun_us)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_STILL_HOLDS, &res,
		ARGS(SQL_ID(case_id), SQL_ID(person), SQL_INT(begun_us))));
	return PQntuples(res) > 0 ? OUV_OK : OUV_REFUSED;
}
