/*
 * outbox.c - mail out: queued, tried, ended
 *
 * Every try is a row written before the first byte is sent; one without an end
 * is how we know that a letter may have been delivered.
 */
#include "inner.h"

enum ouv_err
store_outbox_add(struct store_tx *tx, const struct store_outbox *out)
{
	return sql_write(tx, SQL_OUTBOX_ADD,
		ARGS(SQL_ID(&out->id), SQL_ID(&out->case_id),
			SQL_ID(&out->item), SQL_ID(&out->capsule),
			SQL_TEXT(out->kind), SQL_TEXT(out->dedupe_key),
			SQL_BOOL(out->null_path),
			out->paper ? SQL_NULL
				   : SQL_BYTES(out->dek_box_svc,
					     sizeof(out->dek_box_svc))));
}

enum ouv_err
store_outbox_notify(struct store_tx *tx)
{
	return sql_write(tx, SQL_OUTBOX_NOTIFY, NO_ARGS);
}

static void
row_outbox(struct row *row, struct ouv_arena *arena, struct store_outbox *out)
{
	out->id = row_id(row);
	out->case_id = row_id(row);
	out->item = row_id(row);
	out->capsule = row_id(row);
	out->kind = row_text(row, arena);
	out->dedupe_key = row_text(row, arena);
	out->null_path = row_bool(row);
	(void)row_bytes(row, out->dek_box_svc, sizeof(out->dek_box_svc));
	out->attempts = (int)row_int(row);
	out->lease_epoch = row_int(row);
	out->expired = row_bool(row);
	out->party = row_id(row);
	out->key_version = (int)row_int(row);
	out->capsule_ct = row_str(row, arena);
	out->has_capsule_box = row_bytes(
		row, out->capsule_box_svc, sizeof(out->capsule_box_svc));
}

enum ouv_err
store_outbox_claim(struct store *store, struct ouv_arena *arena,
	const struct ouv_id *worker, int limit, struct store_outbox **rows_out,
	size_t *count_out)
{
	PGresult *res RESULT;
	struct store_outbox *rows;
	size_t count;

	TRY(sql_once(store, SQL_OUTBOX_CLAIM, &res,
		ARGS(SQL_ID(worker), SQL_INT(limit))));
	count = (size_t)PQntuples(res);
	rows = ouv_arena_array(arena, count, sizeof(*rows));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		row_outbox(&row, arena, &rows[i]);
	}
	*rows_out = rows;
	*count_out = count;
	return OUV_OK;
}

static struct sql_arg
code_or_null(const struct store_outbox_end *end)
{
	return end->code == 0 ? SQL_NULL : SQL_INT(end->code);
}

enum ouv_err
store_outbox_finish(struct store_tx *tx, const struct store_outbox *row,
	const struct store_outbox_end *end)
{
	TRY(sql_write(tx, SQL_OUTBOX_FINISH,
		ARGS(SQL_ID(&row->id), SQL_INT(row->lease_epoch),
			SQL_TEXT(end->state), code_or_null(end),
			SQL_TEXT(end->text), SQL_INT(end->delay_secs))));
	return sql_write(tx, SQL_OUTBOX_TRY_END,
		ARGS(SQL_ID(&row->id), SQL_INT(row->attempts),
			SQL_BOOL(end->answered), SQL_TEXT(end->phase),
			code_or_null(end), SQL_TEXT(end->text)));
}

enum ouv_err
store_outbox_bounced(
	struct store_tx *tx, const struct ouv_id *id, const char *text)
{
	return sql_write(
		tx, SQL_OUTBOX_BOUNCED, ARGS(SQL_ID(id), SQL_TEXT(text)));
}

static enum ouv_err
next_due(struct store *store, enum sql_id id, int *secs_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_once(store, id, &res, NO_ARGS));
	row = row_at(res, 0);
	*secs_out = (int)row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_outbox_next(struct store *store, int *secs_out)
{
	return next_due(store, SQL_OUTBOX_NEXT, secs_out);
}

enum ouv_err
store_inbound_next(struct store *store, int *secs_out)
{
	return next_due(store, SQL_INBOUND_NEXT, secs_out);
}
