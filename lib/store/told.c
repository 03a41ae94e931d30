/*
 * told.c - how the office's keys stand, as far as the console is told
 */
#include "inner.h"
#include "ouv/store_console.h"
#include "ouv/store_keys.h"

static void
row_kept(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_kept_secret *k = entry;

	k->name = row_text(row, arena);
	k->version = (int)row_int(row);
}

enum ouv_err
store_secrets_kept(struct store_tx *tx, struct ouv_arena *arena,
	struct store_kept_secret **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_SECRETS_KEPT, &res, NO_ARGS));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_kept, count_out);
	return OUV_OK;
}

enum ouv_err
store_keys_told(struct store_tx *tx, struct store_key_status *s)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_KEYS_TOLD, &res, NO_ARGS));
	row = row_at(res, 0);
	s->cases = row_int(&row);
	s->no_escrow = row_int(&row);
	s->nobody = row_int(&row);
	s->rekey_due = row_int(&row);
	s->people = row_int(&row);
	s->no_recovery = row_int(&row);
	s->escrow_given = row_int(&row);
	s->escrow_at = row_int(&row);
	s->drill_at = row_int(&row);
	return OUV_OK;
}
