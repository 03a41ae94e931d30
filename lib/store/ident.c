/*
 * ident.c - blind tokens of addresses and Message-IDs while the key that makes
 * them is changed
 */
#include "inner.h"
#include "ouv/store_keys.h"

enum ouv_err
store_idents_move(struct store_tx *tx, const struct store_token *tokens,
	size_t count, int64_t *moved_out)
{
	const size_t stride = sizeof(*tokens);
	struct ouv_arena *scratch = sql_scratch(tx->store);
	PGresult *res RESULT;
	struct row row;

	*moved_out = 0;
	if (count == 0)
		return tx->failed;
	TRY(sql_read(tx, SQL_IDENTS_MOVE, &res,
		ARGS(sql_ids(scratch, &tokens->before, stride, count),
			sql_ids(scratch, &tokens->now, stride, count),
			SQL_INT(tokens->version))));
	row = row_at(res, 0);
	*moved_out = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_case_idents_move(struct store_tx *tx, const struct ouv_id *case_id,
	int version, const struct store_token *tokens, size_t count, bool whole)
{
	const size_t stride = sizeof(*tokens);
	struct ouv_arena *scratch = sql_scratch(tx->store);

	return sql_write(tx, SQL_CASE_IDENTS_MOVE,
		ARGS(SQL_ID(case_id),
			sql_ids(scratch, &tokens->before, stride, count),
			sql_ids(scratch, &tokens->now, stride, count),
			SQL_INT(version), SQL_BOOL(whole)));
}

static void
row_capsule(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_capsule *c = entry;

	c->id = row_id(row);
	c->case_id = row_id(row);
	c->key_version = (int)row_int(row);
	c->ct = row_str(row, arena);
	c->has_svc = row_bytes(row, c->box_svc, sizeof(c->box_svc));
}

enum ouv_err
store_ident_capsules(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *after, struct store_capsule **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_IDENT_CAPSULES, &res, ARGS(SQL_ID(after))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_capsule, count_out);
	return OUV_OK;
}

enum ouv_err
store_idents_cases(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, int version, const struct ouv_id *first,
	int most, struct ouv_id **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_IDENTS_CASES, &res,
		ARGS(SQL_ID(person), SQL_INT(version), SQL_ID(first),
			SQL_INT(most))));
	*list_out = read_ids(res, arena, count_out);
	return OUV_OK;
}

static enum ouv_err
ask(struct store_tx *tx, enum sql_id what, int version, bool *is_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, what, &res, ARGS(SQL_INT(version))));
	row = row_at(res, 0);
	*is_out = row_bool(&row);
	return OUV_OK;
}

enum ouv_err
store_ident_former(struct store_tx *tx, int version, bool *is_out)
{
	return ask(tx, SQL_IDENT_FORMER, version, is_out);
}

enum ouv_err
store_ident_moves(struct store_tx *tx, int version, bool *is_out)
{
	return ask(tx, SQL_IDENT_MOVES, version, is_out);
}

enum ouv_err
store_idents_left(
	struct store_tx *tx, int version, struct store_idents_left *left_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_IDENTS_LEFT, &res, ARGS(SQL_INT(version))));
	row = row_at(res, 0);
	left_out->names = row_int(&row);
	left_out->cases = row_int(&row);
	left_out->lost = row_int(&row);
	left_out->ties = row_int(&row);
	left_out->coming = row_int(&row);
	left_out->held = row_int(&row);
	left_out->recent = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_idents_retire(struct store_tx *tx, int version)
{
	return sql_write(tx, SQL_IDENTS_RETIRE, ARGS(SQL_INT(version)));
}
