/*
 * page.c - keys of parties' pages, what is sealed to them, who reads there now
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_page.h"

/* PAGE_KEY. */
static void
row_key(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_page_key *k = entry;

	k->id = row_id(row);
	k->kind = row_text(row, arena);
	k->case_id = row_id(row);
	k->reader = row_id(row);
	(void)row_bytes(row, k->pk, sizeof(k->pk));
	k->signer = row_id(row);
	(void)row_bytes(row, k->sig, sizeof(k->sig));
	k->label = row_text(row, arena);
	k->made_at = row_int(row);
	k->expires_at = row_int(row);
	k->revoked_at = row_int(row);
	k->last_used_at = row_int(row);
}

static void
row_reader(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_page_reader *r = entry;

	r->case_id = row_id(row);
	r->party = row_id(row);
	r->capsule = row_id(row);
	row_key(row, arena, &r->key);
}

static void
row_lack(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_page_lack *l = entry;

	(void)arena;
	l->page_key = row_id(row);
	l->party = row_id(row);
	l->item = row_id(row);
	l->key_version = (int)row_int(row);
	(void)row_bytes(row, l->dek_box, sizeof(l->dek_box));
	l->part = (int)row_int(row);
	l->disclosure = row_id(row);
	l->until_at = row_int(row);
}

/* ---- writing ---------------------------------------------------------------
 */

#define BOX_COLUMNS(arena, boxes, parts, count)                                \
	sql_ids(arena, &(boxes)->page_key, sizeof(*(boxes)), count),           \
		sql_ids(arena, &(boxes)->item, sizeof(*(boxes)), count),       \
		sql_ints(arena, parts, count),                                 \
		sql_ids(arena, &(boxes)->disclosure, sizeof(*(boxes)), count), \
		sql_blobs(arena, (boxes)->box, sizeof((boxes)->box),           \
			sizeof(*(boxes)), count)

static int64_t *
parts_of(struct ouv_arena *arena, const struct store_page_box *boxes,
	size_t count)
{
	int64_t *parts = ouv_arena_array(arena, count, sizeof(*parts));

	for (size_t i = 0; i < count; i++)
		parts[i] = boxes[i].part;
	return parts;
}

static enum ouv_err
write_keys(struct store_tx *tx, const struct store_page_key *keys, size_t n,
	const struct store_page_box *boxes, size_t box_count)
{
	struct ouv_arena *arena = sql_scratch(tx->store);
	const struct store_page_box none = { .part = 0 };
	int64_t *parts = parts_of(arena, boxes, box_count);
	int64_t *made = ouv_arena_array(arena, n, sizeof(*made));
	int64_t *ends = ouv_arena_array(arena, n, sizeof(*ends));
	const size_t stride = sizeof(*keys);

	if (boxes == NULL)
		boxes = &none;
	for (size_t i = 0; i < n; i++) {
		made[i] = keys[i].made_at;
		ends[i] = keys[i].expires_at;
	}
	return sql_write(tx, SQL_PAGE_KEYS_ADD,
		ARGS(sql_ids(arena, &keys->id, stride, n),
			sql_blobs(arena, keys->name, sizeof(keys->name), stride,
				n),
			sql_words(arena, &keys->kind, stride, n),
			sql_ids(arena, &keys->case_id, stride, n),
			sql_ids(arena, &keys->reader, stride, n),
			sql_blobs(arena, keys->pk, sizeof(keys->pk), stride, n),
			sql_ids(arena, &keys->signer, stride, n),
			sql_blobs(
				arena, keys->sig, sizeof(keys->sig), stride, n),
			sql_words(arena, &keys->label, stride, n),
			sql_ints(arena, made, n), sql_ints(arena, ends, n),
			BOX_COLUMNS(arena, boxes, parts, box_count)));
}

enum ouv_err
store_page_write(struct store_tx *tx, const struct store_page_key *keys,
	size_t key_count, const struct store_page_box *boxes, size_t box_count)
{
	struct ouv_arena *arena;
	int64_t *parts;

	if (key_count > 0)
		return write_keys(tx, keys, key_count, boxes, box_count);
	if (box_count == 0)
		return tx->failed;
	arena = sql_scratch(tx->store);
	parts = parts_of(arena, boxes, box_count);
	return sql_write(tx, SQL_PAGE_BOXES_ADD,
		ARGS(BOX_COLUMNS(arena, boxes, parts, box_count)));
}

/* ---- reading ---------------------------------------------------------------
 */

enum ouv_err
store_page_readers(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *cases, size_t case_count,
	struct store_page_reader **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	*count_out = 0;
	*list_out = NULL;
	if (case_count == 0)
		return tx->failed;
	TRY(sql_read(tx, SQL_PAGE_READERS, &res,
		ARGS(sql_ids(sql_scratch(tx->store), cases, sizeof(*cases),
			case_count))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_reader, count_out);
	return OUV_OK;
}

enum ouv_err
store_page_missing(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, int most,
	struct store_page_lack **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_PAGE_MISSING, &res,
		ARGS(SQL_ID(case_id), SQL_INT(most))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_lack, count_out);
	return OUV_OK;
}

static enum ouv_err
read_count(struct store_tx *tx, enum sql_id id, const struct sql_arg *args,
	size_t count, int *count_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, id, &res, args, count));
	row = row_at(res, 0);
	*count_out = (int)row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_page_lacks(struct store_tx *tx, const struct ouv_id *page_key,
	const struct ouv_id *case_id, int *count_out)
{
	return read_count(tx, SQL_PAGE_LACKS,
		ARGS(SQL_ID(page_key), SQL_ID(case_id)), count_out);
}

enum ouv_err
store_page_made_since(struct store_tx *tx, const struct ouv_id *reader,
	int secs, int *count_out)
{
	return read_count(tx, SQL_PAGE_MADE_SINCE,
		ARGS(SQL_ID(reader), SQL_INT(secs)), count_out);
}

static enum ouv_err
one_key(struct store_tx *tx, struct ouv_arena *arena, enum sql_id id,
	struct sql_arg key, struct store_page_key *key_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, id, &res, ARGS(key)));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	memset(key_out, 0, sizeof(*key_out));
	row_key(&row, arena, key_out);
	return OUV_OK;
}

enum ouv_err
store_page_key_named(struct store_tx *tx, struct ouv_arena *arena,
	const uint8_t name[32], struct store_page_key *key_out)
{
	return one_key(
		tx, arena, SQL_PAGE_KEY_NAMED, SQL_BYTES(name, 32), key_out);
}

enum ouv_err
store_page_key(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *id, struct store_page_key *key_out)
{
	return one_key(tx, arena, SQL_PAGE_KEY, SQL_ID(id), key_out);
}

enum ouv_err
store_page_keys_of(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *reader, struct store_page_key **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_PAGE_KEYS_OF, &res, ARGS(SQL_ID(reader))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_key, count_out);
	return OUV_OK;
}

enum ouv_err
store_page_case(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *page_key, const struct ouv_id *case_id,
	const char *protocol, struct store_page_case *case_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_PAGE_PARTY, &res,
		ARGS(SQL_ID(page_key), sql_id_or_null(case_id),
			SQL_TEXT(protocol))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	case_out->case_id = row_id(&row);
	case_out->party = row_id(&row);
	case_out->protocol = row_text(&row, arena);
	return OUV_OK;
}

enum ouv_err
store_page_items(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *page_key, const struct ouv_id *case_id, int before,
	int most, int64_t now, struct store_page_item **list_out,
	size_t *count_out)
{
	struct store_page_item *list;
	PGresult *res RESULT;
	size_t count;

	TRY(sql_read(tx, SQL_PAGE_ITEMS, &res,
		ARGS(SQL_ID(page_key), SQL_ID(case_id), SQL_INT(before),
			SQL_INT(most), SQL_INT(now))));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		TRY(row_item(&row, arena, &list[i].item));
		list[i].part = (int)row_int(&row);
		list[i].disclosure = row_id(&row);
		(void)row_bytes(&row, list[i].box, sizeof(list[i].box));
		list[i].until_at = row_int(&row);
		list[i].side = row_text(&row, arena);
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

/* ---- their end -------------------------------------------------------------
 */

enum ouv_err
store_page_key_end(
	struct store_tx *tx, const struct ouv_id *id, const char *why)
{
	return sql_write(tx, SQL_PAGE_KEY_END, ARGS(SQL_ID(id), SQL_TEXT(why)));
}

enum ouv_err
store_page_keys_end(
	struct store_tx *tx, const struct ouv_id *reader, const char *why)
{
	return sql_write(
		tx, SQL_PAGE_KEYS_END, ARGS(SQL_ID(reader), SQL_TEXT(why)));
}

enum ouv_err
store_page_sweep(struct store_tx *tx, int64_t now)
{
	TRY(sql_write(tx, SQL_PAGE_SWEEP, ARGS(SQL_INT(now))));
	return sql_write(tx, SQL_PAGE_SHUT, ARGS(SQL_INT(now)));
}

/* ---- visits ----------------------------------------------------------------
 */

enum ouv_err
store_page_visit_add(struct store_tx *tx, const struct store_page_visit *visit)
{
	return sql_write(tx, SQL_PAGE_VISIT_ADD,
		ARGS(SQL_BYTES(visit->id, sizeof(visit->id)),
			SQL_ID(&visit->key.id),
			SQL_BYTES(visit->box, sizeof(visit->box)),
			SQL_INT(visit->expires_at)));
}

enum ouv_err
store_page_visit(struct store_tx *tx, struct ouv_arena *arena,
	const uint8_t id[32], int64_t now, struct store_page_visit *visit_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_PAGE_VISIT, &res,
		ARGS(SQL_BYTES(id, 32), SQL_INT(now))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	memset(visit_out, 0, sizeof(*visit_out));
	memcpy(visit_out->id, id, sizeof(visit_out->id));
	(void)row_bytes(&row, visit_out->box, sizeof(visit_out->box));
	visit_out->expires_at = row_int(&row);
	row_key(&row, arena, &visit_out->key);
	return OUV_OK;
}

enum ouv_err
store_page_visit_end(struct store_tx *tx, const uint8_t id[32])
{
	return sql_write(tx, SQL_PAGE_VISIT_END, ARGS(SQL_BYTES(id, 32)));
}
