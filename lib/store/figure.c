/*
 * figure.c - counts of the office, made anew now and then and read by month
 */
#include "inner.h"
#include "ouv/store_console.h"

enum ouv_err
store_figures_refresh(
	struct store_tx *tx, const char *zone, int secs, bool *made_out)
{
	PGresult *patience RESULT;
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_FIGURES_PATIENCE, &patience, NO_ARGS));
	TRY(sql_read(tx, SQL_FIGURES_REFRESH, &res,
		ARGS(SQL_TEXT(zone), SQL_INT(secs))));
	row = row_at(res, 0);
	*made_out = row_bool(&row);
	return OUV_OK;
}

static void
row_figure(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_figure *f = entry;

	f->name = row_text(row, arena);
	f->a = row_text(row, arena);
	f->b = row_text(row, arena);
	f->value = row_int(row);
	f->n = row_int(row);
	f->label = row_text(row, arena);
}

enum ouv_err
store_figures(struct store_tx *tx, struct ouv_arena *arena, int32_t from_day,
	int32_t before_day, int64_t *made_out, struct store_figure **list_out,
	size_t *count_out)
{
	PGresult *made RESULT;
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_FIGURES_MADE, &made, NO_ARGS));
	TRY(sql_read(tx, SQL_FIGURES, &res,
		ARGS(SQL_INT(from_day), SQL_INT(before_day))));
	*made_out = 0;
	if (PQntuples(made) > 0) {
		row = row_at(made, 0);
		*made_out = row_int(&row);
	}
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_figure, count_out);
	return OUV_OK;
}
