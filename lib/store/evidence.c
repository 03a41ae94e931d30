/*
 * evidence.c - the index of evidence: what both sides are told of
 */
#include "inner.h"
#include "ouv/store_mediation.h"

static void
row_evidence(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_evidence *e = entry;

	e->n = (int)row_int(row);
	e->item = row_id(row);
	e->item_seq = (int)row_int(row);
	e->part = (int)row_int(row);
	e->title = row_id(row);
	e->side = row_text(row, arena);
	e->added_at = row_int(row);
	e->removed_at = row_int(row);
}

enum ouv_err
store_evidence(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_evidence **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_EVIDENCE, &res, ARGS(SQL_ID(case_id))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_evidence, count_out);
	return OUV_OK;
}

enum ouv_err
store_evidence_add(struct store_tx *tx, const struct ouv_id *case_id,
	const struct store_evidence *e, const struct ouv_id *by, int *n_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_EVIDENCE_ADD, &res,
		ARGS(SQL_ID(case_id), SQL_ID(&e->item), SQL_INT(e->part),
			SQL_ID(&e->title), SQL_TEXT(e->side),
			SQL_INT(e->added_at), SQL_ID(by))));
	row = row_at(res, 0);
	*n_out = (int)row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_evidence_remove(
	struct store_tx *tx, const struct ouv_id *case_id, int n, int64_t now)
{
	return sql_write(tx, SQL_EVIDENCE_REMOVE,
		ARGS(SQL_ID(case_id), SQL_INT(n), SQL_INT(now)));
}
