/*
 * item.c - what is in a case file: items and the pieces of their messages
 */
#include "inner.h"
#include "ouv/log.h"
#include "ouv/store_keys.h"

/* Pieces of 256 KiB read at a time. */
#define PIECES 8

enum ouv_err
store_item_add(struct store_tx *tx, const struct store_item *item)
{
	return sql_write(tx, SQL_ITEM_ADD,
		ARGS(SQL_ID(&item->id), SQL_ID(&item->case_id),
			SQL_INT(item->seq),
			SQL_TEXT(ouv_item_kind_name(item->kind)),
			SQL_TEXT(ouv_lane_name(item->lane)),
			sql_id_or_null(&item->party),
			sql_id_or_null(&item->author), SQL_INT(item->at),
			SQL_TEXT(item->why), SQL_INT(item->key_version),
			SQL_BYTES(item->dek_box, sizeof(item->dek_box)),
			SQL_BYTES(item->body.p, item->body.len),
			SQL_INT(item->raw_padded)));
}

enum ouv_err
store_chunk_add(struct store_tx *tx, const struct ouv_id *item, int n,
	const void *data, size_t len)
{
	return sql_write(tx, SQL_CHUNK_ADD,
		ARGS(SQL_ID(item), SQL_INT(n), SQL_BYTES(data, len)));
}

/* ITEM_COLUMNS. */
enum ouv_err
row_item(struct row *row, struct ouv_arena *arena, struct store_item *item)
{
	struct ouv_str kind, lane;

	item->id = row_id(row);
	item->case_id = row_id(row);
	item->seq = (int)row_int(row);
	kind = row_peek(row);
	lane = row_peek(row);
	if (ouv_item_kind_parse(kind.p, &item->kind) != OUV_OK ||
		ouv_lane_parse(lane.p, &item->lane) != OUV_OK) {
		ouv_log_error("database: an item of a kind we do not know");
		return OUV_INVALID;
	}
	item->party = row_id(row);
	item->author = row_id(row);
	item->at = row_int(row);
	item->why = row_text(row, arena);
	item->key_version = (int)row_int(row);
	(void)row_bytes(row, item->dek_box, sizeof(item->dek_box));
	item->body = row_str(row, arena);
	item->raw_padded = row_int(row);
	item->body_version = (int)row_int(row);
	return OUV_OK;
}

enum ouv_err
store_items(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_item_row **rows_out,
	size_t *count_out)
{
	PGresult *res RESULT;
	struct store_item_row *rows;
	size_t count;

	TRY(sql_read(tx, SQL_ITEMS, &res, ARGS(SQL_ID(case_id))));
	count = (size_t)PQntuples(res);
	rows = ouv_arena_array(arena, count, sizeof(*rows));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		TRY(row_item(&row, arena, &rows[i].item));
		rows[i].author_name = row_text(&row, arena);
		rows[i].out_state = row_text(&row, arena);
		rows[i].has_outbox = rows[i].out_state != NULL;
		rows[i].attempts = (int)row_int(&row);
		rows[i].sent_at = row_int(&row);
		rows[i].next_at = row_int(&row);
		rows[i].last_text = row_text(&row, arena);
		rows[i].side = row_text(&row, arena);
		rows[i].post_state = row_text(&row, arena);
		rows[i].post_assumed = row_bool(&row);
		rows[i].post_day = (int32_t)row_int(&row);
	}
	*rows_out = rows;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_item(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *item,
	struct store_item *item_out)
{
	PGresult *res RESULT;
	struct store_item found;
	struct row row;

	TRY(sql_read(tx, SQL_ITEM, &res, ARGS(SQL_ID(case_id), SQL_ID(item))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	TRY(row_item(&row, arena, &found));
	*item_out = found;
	return OUV_OK;
}

enum ouv_err
store_chunks_some(struct store_tx *tx, const struct ouv_id *item, int from,
	int most, store_chunk_fn *each, void *user, int *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_CHUNKS, &res,
		ARGS(SQL_ID(item), SQL_INT(from), SQL_INT(most))));
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
store_chunks(struct store_tx *tx, const struct ouv_id *item, bool transit,
	store_chunk_fn *each, void *user)
{
	int from = 0, count;

	do {
		PGresult *res RESULT;

		TRY(sql_read(tx, transit ? SQL_CHUNKS_TRANSIT : SQL_CHUNKS,
			&res,
			ARGS(SQL_ID(item), SQL_INT(from), SQL_INT(PIECES))));
		count = PQntuples(res);
		for (int i = 0; i < count; i++) {
			struct row row = row_at(res, i);
			int n = (int)row_int(&row);
			struct ouv_str ct = row_peek(&row);

			TRY(each(n, ct.p, ct.len, user));
			from = n + 1;
		}
	} while (count == PIECES);
	return OUV_OK;
}
