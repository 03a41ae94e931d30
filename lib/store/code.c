/*
 * code.c - codebooks: each entry in versions, the one in force on a day counts
 */
#include "inner.h"
#include "ouv/store_mediation.h"

/* CODE_COLUMNS. */
static void
row_code(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_code *code = entry;

	code->book = row_text(row, arena);
	code->code = row_text(row, arena);
	code->parent = row_text(row, arena);
	code->n = (int)row_int(row);
	code->pos = (int)row_int(row);
	code->from_day = (int32_t)row_int(row);
	code->until_day = (int32_t)row_int(row);
	for (int i = 0; i < OUV_LANG__COUNT; i++)
		code->label[i] = row_text(row, arena);
	code->more = row_text(row, arena);
	code->author = row_id(row);
}

enum ouv_err
store_codes(struct store_tx *tx, struct ouv_arena *arena, const char *book,
	int32_t day, struct store_code **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_CODES, &res,
		ARGS(SQL_TEXT(book != NULL ? book : ""), SQL_INT(day))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_code, count_out);
	return OUV_OK;
}

enum ouv_err
store_code(struct store_tx *tx, struct ouv_arena *arena, const char *book,
	const char *code, int32_t day, struct store_code *code_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_CODE, &res,
		ARGS(SQL_TEXT(book), SQL_TEXT(code), SQL_INT(day))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	row_code(&row, arena, code_out);
	return OUV_OK;
}

enum ouv_err
store_code_last(struct store_tx *tx, struct ouv_arena *arena, const char *book,
	struct store_code **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_CODE_LAST, &res,
		ARGS(SQL_TEXT(book != NULL ? book : ""))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_code, count_out);
	return OUV_OK;
}

enum ouv_err
store_code_stamp(struct store_tx *tx, struct store_code_stamp *stamp_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_CODE_STAMP, &res, NO_ARGS));
	row = row_at(res, 0);
	stamp_out->count = row_int(&row);
	stamp_out->last_us = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_code_add(struct store_tx *tx, const struct store_code *code)
{
	return sql_write(tx, SQL_CODE_ADD,
		ARGS(SQL_TEXT(code->book), SQL_TEXT(code->code),
			SQL_TEXT(code->parent), SQL_INT(code->n),
			SQL_INT(code->pos), SQL_INT(code->from_day),
			SQL_INT(code->until_day),
			SQL_TEXT(code->label[OUV_LANG_PT_BR]),
			SQL_TEXT(code->label[OUV_LANG_EN]),
			SQL_TEXT(code->label[OUV_LANG_IT]),
			SQL_TEXT(code->more), sql_id_or_null(&code->author)));
}
