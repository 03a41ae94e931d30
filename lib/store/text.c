/*
 * text.c - an office's versions of the product's texts
 */
#include "inner.h"

/* TEXT_COLUMNS, and the two names where they are asked for. */
static void
row_version(struct row *row, struct ouv_arena *arena, struct store_text *v)
{
	v->name = row_text(row, arena);
	v->n = (int)row_int(row);
	v->content = row_text(row, arena);
	v->reason = row_text(row, arena);
	v->from_n = (int)row_int(row);
	v->overrule = row_text(row, arena);
	v->author = row_id(row);
	v->at = row_int(row);
	(void)row_bytes(row, v->sig, sizeof(v->sig));
	v->second = row_id(row);
	v->second_at = row_int(row);
	v->has_second_sig =
		row_bytes(row, v->second_sig, sizeof(v->second_sig));
	v->second_why = row_text(row, arena);
	v->published = row_bool(row);
	v->refused = row_bool(row);
	if (row->column == PQnfields(row->result))
		return; /* the gateway's view */
	v->author_name = row_text(row, arena);
	v->second_name = row_text(row, arena);
}

static enum ouv_err
versions(struct store_tx *tx, enum sql_id id, struct ouv_arena *arena,
	const struct sql_arg *args, size_t arg_count,
	struct store_text **list_out, size_t *count_out)
{
	PGresult *res RESULT;
	struct store_text *list;
	size_t count;

	TRY(sql_read(tx, id, &res, args, arg_count));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		row_version(&row, arena, &list[i]);
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_text_stamp(struct store_tx *tx, struct store_text_stamp *stamp_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_TEXT_STAMP, &res, NO_ARGS));
	row = row_at(res, 0);
	stamp_out->count = row_int(&row);
	stamp_out->last_us = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_text_published(struct store_tx *tx, struct ouv_arena *arena,
	const char *name, int before_n, struct store_text **list_out,
	size_t *count_out)
{
	return versions(tx, SQL_TEXT_PUBLISHED, arena,
		ARGS(name != NULL ? SQL_TEXT(name) : SQL_NULL,
			SQL_INT(before_n)),
		list_out, count_out);
}

enum ouv_err
store_text_versions(struct store_tx *tx, struct ouv_arena *arena,
	const char *name, struct store_text **list_out, size_t *count_out)
{
	return versions(tx, SQL_TEXT_VERSIONS, arena, ARGS(SQL_TEXT(name)),
		list_out, count_out);
}

enum ouv_err
store_text_history(struct store_tx *tx, struct ouv_arena *arena,
	struct store_text_step **list_out, size_t *count_out)
{
	PGresult *res RESULT;
	struct store_text_step *list;
	size_t count;

	TRY(sql_read(tx, SQL_TEXT_HISTORY, &res, NO_ARGS));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		list[i].name = row_text(&row, arena);
		list[i].n = (int)row_int(&row);
		list[i].at = row_int(&row);
		list[i].author_name = row_text(&row, arena);
		list[i].waiting = row_bool(&row);
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_text_last(struct store_tx *tx, const char *name, int *n_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_TEXT_LAST, &res, ARGS(SQL_TEXT(name))));
	row = row_at(res, 0);
	*n_out = (int)row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_text_add(struct store_tx *tx, const struct store_text *v)
{
	return sql_write(tx, SQL_TEXT_ADD,
		ARGS(SQL_TEXT(v->name), SQL_INT(v->n), SQL_TEXT(v->content),
			SQL_TEXT(v->reason),
			v->from_n >= 0 ? SQL_INT(v->from_n) : SQL_NULL,
			v->overrule != NULL ? SQL_TEXT(v->overrule) : SQL_NULL,
			SQL_ID(&v->author), SQL_INT(v->at),
			SQL_BYTES(v->sig, sizeof(v->sig)),
			SQL_BOOL(v->published)));
}

enum ouv_err
store_text_decide(struct store_tx *tx, const struct store_text *v)
{
	return sql_write(tx, SQL_TEXT_DECIDE,
		ARGS(SQL_TEXT(v->name), SQL_INT(v->n), SQL_ID(&v->second),
			SQL_INT(v->second_at),
			SQL_BYTES(v->second_sig, sizeof(v->second_sig)),
			SQL_TEXT(v->second_why), SQL_BOOL(v->published)));
}
