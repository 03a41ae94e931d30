/*
 * upload.c - files that a form brings, while they wait for it
 */
#include "inner.h"
#include "ouv/store_upload.h"

#define FORM(form) SQL_BYTES(form, 32)

enum ouv_err
store_upload_sums(struct store_tx *tx, const uint8_t form[32],
	struct store_upload_sums *sums_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_UPLOAD_SUMS, &res, ARGS(FORM(form))));
	row = row_at(res, 0);
	sums_out->count = row_int(&row);
	sums_out->bytes = row_int(&row);
	sums_out->all = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_upload_begin(struct store_tx *tx, const uint8_t form[32],
	const struct ouv_id *id, int *n_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_UPLOAD_BEGIN, &res, ARGS(FORM(form), SQL_ID(id))));
	if (PQntuples(res) == 0)
		return OUV_CONFLICT;
	row = row_at(res, 0);
	*n_out = (int)row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_upload_chunk(struct store_tx *tx, const struct ouv_id *id, int n,
	const void *data, size_t len)
{
	return sql_write(tx, SQL_UPLOAD_CHUNK,
		ARGS(SQL_ID(id), SQL_INT(n), SQL_BYTES(data, len)));
}

enum ouv_err
store_upload_grow(struct store_tx *tx, const struct ouv_id *id, int64_t bytes)
{
	return sql_write(tx, SQL_UPLOAD_GROW, ARGS(SQL_ID(id), SQL_INT(bytes)));
}

enum ouv_err
store_upload_keep(
	struct store_tx *tx, const struct ouv_id *id, struct ouv_str head)
{
	return sql_write(tx, SQL_UPLOAD_KEEP,
		ARGS(SQL_ID(id), SQL_BYTES(head.p, head.len)));
}

static void
row_upload(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_upload *upload = entry;

	upload->n = (int)row_int(row);
	upload->id = row_id(row);
	upload->bytes = row_int(row);
	upload->head = row_str(row, arena);
}

enum ouv_err
store_uploads(struct store_tx *tx, struct ouv_arena *arena,
	const uint8_t form[32], struct store_upload **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_UPLOADS, &res, ARGS(FORM(form))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_upload, count_out);
	return OUV_OK;
}

enum ouv_err
store_upload_chunks(struct store_tx *tx, const struct ouv_id *id, int from,
	int most, store_chunk_fn *each, void *user, int *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_UPLOAD_CHUNKS, &res,
		ARGS(SQL_ID(id), SQL_INT(from), SQL_INT(most))));
	*count_out = PQntuples(res);
	for (int i = 0; i < *count_out; i++) {
		struct row row = row_at(res, i);
		int n = (int)row_int(&row);
		struct ouv_str ct = row_peek(&row);

		TRY(each(n, ct.p, ct.len, user));
	}
	return OUV_OK;
}

enum ouv_err
store_upload_drop(struct store_tx *tx, const struct ouv_id *id)
{
	return sql_write(tx, SQL_UPLOAD_DROP, ARGS(SQL_ID(id)));
}

enum ouv_err
store_upload_remove(struct store_tx *tx, const uint8_t form[32], int n)
{
	return sql_write(tx, SQL_UPLOAD_REMOVE, ARGS(FORM(form), SQL_INT(n)));
}

enum ouv_err
store_upload_sweep(struct store_tx *tx)
{
	return sql_write(tx, SQL_UPLOAD_SWEEP, NO_ARGS);
}
