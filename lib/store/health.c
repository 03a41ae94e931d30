/*
 * health.c - what the gateway wrote of itself, and what waits to be sent
 */
#include "inner.h"
#include "ouv/store_console.h"

enum ouv_err
store_part_seen(struct store_tx *tx, const char *part, bool good, bool did,
	const char *trouble)
{
	return sql_write(tx, SQL_PART_SEEN,
		ARGS(SQL_TEXT(part), SQL_TEXT(OUV_VERSION), SQL_BOOL(good),
			SQL_BOOL(did), SQL_TEXT(trouble)));
}

static void
row_part(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_part *p = entry;

	p->part = row_text(row, arena);
	p->program = row_text(row, arena);
	p->seen_at = row_int(row);
	p->good_at = row_int(row);
	p->did_at = row_int(row);
	p->since_at = row_int(row);
	p->trouble = row_text(row, arena);
}

enum ouv_err
store_parts(struct store_tx *tx, struct ouv_arena *arena,
	struct store_part **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_PARTS, &res, NO_ARGS));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_part, count_out);
	return OUV_OK;
}

enum ouv_err
store_letters_wait(struct store_tx *tx, struct store_letters *letters_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_LETTERS_WAIT, &res, NO_ARGS));
	row = row_at(res, 0);
	letters_out->queued = row_int(&row);
	letters_out->unknown = row_int(&row);
	letters_out->failed = row_int(&row);
	letters_out->oldest_at = row_int(&row);
	letters_out->lease_until = row_int(&row);
	letters_out->office_since = row_int(&row);
	return OUV_OK;
}
