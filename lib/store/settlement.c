/*
 * settlement.c - the options both sides may choose from, and what they chose
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_mediation.h"

static void
read_option(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_option *option = entry;

	option->round = (int)row_int(row);
	option->n = (int)row_int(row);
	option->item = row_id(row);
	option->promiser = row_text(row, arena);
	option->due_at = row_int(row);
	option->consumer = row_bool(row);
	option->company = row_bool(row);
}

enum ouv_err
store_options(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_option **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_OPTIONS, &res, ARGS(SQL_ID(case_id))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), read_option, count_out);
	return OUV_OK;
}

enum ouv_err
store_option_round(
	struct store_tx *tx, const struct ouv_id *case_id, int *round_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_OPTION_ROUND, &res, ARGS(SQL_ID(case_id))));
	row = row_at(res, 0);
	*round_out = (int)row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_option_add(struct store_tx *tx, const struct ouv_id *case_id,
	const struct store_option *option)
{
	return sql_write(tx, SQL_OPTION_ADD,
		ARGS(SQL_ID(case_id), SQL_INT(option->round),
			SQL_INT(option->n), SQL_ID(&option->item),
			SQL_TEXT(option->promiser), SQL_INT(option->due_at)));
}

enum ouv_err
store_choice_set(struct store_tx *tx, const struct ouv_id *case_id,
	const struct store_choice *choice)
{
	return sql_write(tx, SQL_CHOICE_SET,
		ARGS(SQL_ID(case_id), SQL_INT(choice->round),
			SQL_TEXT(choice->side), SQL_INT(choice->n),
			SQL_INT(choice->at), SQL_TEXT(choice->source)));
}

enum ouv_err
store_choices(struct store_tx *tx, const struct ouv_id *case_id,
	int *consumer_out, int *company_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_CHOICES, &res, ARGS(SQL_ID(case_id))));
	*consumer_out = *company_out = -1;
	for (int i = 0; i < PQntuples(res); i++) {
		struct row row = row_at(res, i);
		struct ouv_str side = row_peek(&row);
		bool company = strncmp(side.p, "company", side.len) == 0;

		*(company ? company_out : consumer_out) = (int)row_int(&row);
	}
	return OUV_OK;
}
