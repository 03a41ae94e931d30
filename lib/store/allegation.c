/*
 * allegation.c - what a case alleges, and the articles it would break
 */
#include "inner.h"
#include "ouv/store_mediation.h"

static void
row_allegation(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_allegation *a = entry;

	a->code = row_text(row, arena);
	a->article = row_text(row, arena);
	a->law = row_text(row, arena);
}

enum ouv_err
store_allegations(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_allegation **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_ALLEGATIONS, &res, ARGS(SQL_ID(case_id))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_allegation, count_out);
	return OUV_OK;
}

enum ouv_err
store_allegations_set(struct store_tx *tx, const struct ouv_id *case_id,
	const struct store_allegation *list, size_t count)
{
	struct ouv_arena *scratch;
	const size_t stride = sizeof(*list);

	TRY(sql_write(tx, SQL_ALLEGATIONS_DROP, ARGS(SQL_ID(case_id))));
	if (count == 0)
		return OUV_OK;
	scratch = sql_scratch(tx->store);
	return sql_write(tx, SQL_ALLEGATIONS_ADD,
		ARGS(SQL_ID(case_id),
			sql_words(scratch, &list->code, stride, count),
			sql_words(scratch, &list->article, stride, count),
			sql_words(scratch, &list->law, stride, count)));
}
