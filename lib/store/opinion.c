/*
 * opinion.c - provisional opinions, decisions, reviews
 */
#include "inner.h"
#include "ouv/store_mediation.h"

static void
row_opinion(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_opinion *o = entry;

	o->n = (int)row_int(row);
	o->kind = row_text(row, arena);
	o->merit = row_text(row, arena);
	o->item = row_id(row);
	o->author = row_id(row);
	o->reader = row_id(row);
	o->author_name = row_text(row, arena);
	o->reader_name = row_text(row, arena);
	o->at = row_int(row);
	o->rests_on = row_text(row, arena);
}

enum ouv_err
store_opinions(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_opinion **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_OPINIONS, &res, ARGS(SQL_ID(case_id))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_opinion, count_out);
	return OUV_OK;
}

enum ouv_err
store_opinion_add(struct store_tx *tx, const struct ouv_id *case_id,
	const struct store_opinion *o, const int64_t *evidence, size_t count)
{
	return sql_write(tx, SQL_OPINION_ADD,
		ARGS(SQL_ID(case_id), SQL_TEXT(o->kind), SQL_TEXT(o->merit),
			SQL_ID(&o->item),
			sql_ints(sql_scratch(tx->store), evidence, count),
			SQL_ID(&o->author), sql_id_or_null(&o->reader),
			SQL_INT(o->at)));
}
