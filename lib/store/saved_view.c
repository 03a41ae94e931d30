/*
 * saved_view.c - filters of the list of cases that somebody gave a name
 */
#include "inner.h"
#include "ouv/store_console.h"

static void
read_view(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_view *v = entry;

	v->id = row_id(row);
	v->name = row_text(row, arena);
	v->query = row_text(row, arena);
	v->shared = row_bool(row);
	v->mine = row_bool(row);
	v->author = row_text(row, arena);
}

enum ouv_err
store_views(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, struct store_view **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_VIEWS, &res, ARGS(SQL_ID(person))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), read_view, count_out);
	return OUV_OK;
}

enum ouv_err
store_view_add(struct store_tx *tx, const struct ouv_id *id,
	const struct ouv_id *person, const char *name, const char *query,
	bool shared)
{
	return sql_write(tx, SQL_VIEW_ADD,
		ARGS(SQL_ID(id), SQL_ID(person), SQL_TEXT(name),
			SQL_TEXT(query), SQL_BOOL(shared)));
}

enum ouv_err
store_view_drop(struct store_tx *tx, const struct ouv_id *id,
	const struct ouv_id *person, bool also_shared)
{
	return sql_write(tx, SQL_VIEW_DROP,
		ARGS(SQL_ID(id), SQL_ID(person), SQL_BOOL(also_shared)));
}
