/*
 * distrust.c - was it said already that a key does not hold?
 */
#include "inner.h"
#include "ouv/store_keys.h"

enum ouv_err
store_distrust_said(struct store_tx *tx, struct ouv_arena *arena,
	const char *action, const struct ouv_id *object, const char *name,
	int64_t since_us, bool *said_out, const char **number_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_DISTRUST_SAID, &res,
		ARGS(SQL_TEXT(action), SQL_ID(object), SQL_TEXT(name),
			SQL_INT(since_us))));
	row = row_at(res, 0);
	*said_out = row_bool(&row);
	*number_out = row_text(&row, arena);
	return OUV_OK;
}
