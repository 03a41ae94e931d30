/*
 * allegation.c - what a case alleges, and the articles it would break
 */
#include "inner.h"
#include "ouv/store_mediation.h"

enum ouv_err
store_allegations(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_allegation **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;
	struct store_allegation *list;
	size_t count;

	TRY(sql_read(tx, SQL_ALLEGATIONS, &res, ARGS(SQL_ID(case_id))));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		list[i].code = row_text(&row, arena);
		list[i].article = row_text(&row, arena);
		list[i].law = row_text(&row, arena);
	}
	*list_out = list;
	*count_out = count;
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
