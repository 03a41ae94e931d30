/*
 * inbound.c - mail in: who reads a mailbox, what was received, who files it
 *
 * Nobody holds a lock while a mail is looked at: a lease says who does, and
 * its epoch makes the writes of whoever came late change nothing.
 */
#include <string.h>

#include "inner.h"

enum ouv_err
store_lease(struct store *store, const char *mailbox,
	const struct ouv_id *holder, int secs, int64_t *epoch_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_once(store, SQL_LEASE, &res,
		ARGS(SQL_TEXT(mailbox), SQL_ID(holder), SQL_INT(secs))));
	if (PQntuples(res) == 0)
		return OUV_CONFLICT;
	row = row_at(res, 0);
	*epoch_out = row_int(&row);
	return OUV_OK;
}

/* No MAC at all is no MAC in common. */
static struct sql_arg
mac_or_null(const uint8_t mac[32])
{
	static const uint8_t none[32];

	return memcmp(mac, none, sizeof(none)) == 0 ? SQL_NULL
						    : SQL_BYTES(mac, 32);
}

enum ouv_err
store_inbound_add(struct store_tx *tx, const struct store_inbound *in,
	const struct ouv_id *worker)
{
	return sql_write(tx, SQL_INBOUND_ADD,
		ARGS(SQL_ID(&in->id), SQL_TEXT(in->mailbox),
			in->has_uid ? SQL_INT(in->uidvalidity) : SQL_NULL,
			in->has_uid ? SQL_INT(in->uid) : SQL_NULL,
			SQL_BYTES(in->raw_mac, sizeof(in->raw_mac)),
			mac_or_null(in->canon_mac), SQL_INT(in->size),
			SQL_INT(in->padded),
			SQL_BYTES(in->dek_box_svc, sizeof(in->dek_box_svc)),
			SQL_BOOL(in->oversize), SQL_ID(worker),
			mac_or_null(in->raw_before),
			mac_or_null(in->canon_before),
			SQL_INT(in->mac_version)));
}

enum ouv_err
store_inbound_chunk(struct store_tx *tx, const struct ouv_id *inbound, int n,
	const void *data, size_t len)
{
	return sql_write(tx, SQL_INBOUND_CHUNK,
		ARGS(SQL_ID(inbound), SQL_INT(n), SQL_BYTES(data, len)));
}

enum ouv_err
store_inbound_states(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *ids, size_t count, const char **states_out)
{
	PGresult *res RESULT;

	if (count == 0)
		return tx->failed;
	TRY(sql_read(tx, SQL_INBOUND_STATES, &res,
		ARGS(sql_ids(
			sql_scratch(tx->store), ids, sizeof(*ids), count))));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		states_out[i] = row_text(&row, arena);
	}
	return OUV_OK;
}

static struct sql_arg
uid_array(struct ouv_arena *arena, const uint32_t *uids, size_t count)
{
	int64_t *wide = ouv_arena_array(arena, count, sizeof(*wide));

	for (size_t i = 0; i < count; i++)
		wide[i] = uids[i];
	return sql_ints(arena, wide, count);
}

enum ouv_err
store_inbound_known(struct store *store, struct ouv_arena *arena,
	const char *mailbox, int64_t uidvalidity, const uint32_t *uids,
	size_t count, bool *known_out)
{
	PGresult *res RESULT;

	(void)arena;
	if (count == 0)
		return OUV_OK;
	TRY(sql_once(store, SQL_INBOUND_KNOWN, &res,
		ARGS(SQL_TEXT(mailbox), SQL_INT(uidvalidity),
			uid_array(sql_scratch(store), uids, count))));
	memset(known_out, 0, count * sizeof(*known_out));
	for (int i = 0; i < PQntuples(res); i++) {
		struct row row = row_at(res, i);

		known_out[row_int(&row) - 1] = true;
	}
	return OUV_OK;
}

enum ouv_err
store_inbound_claim(struct store *store, struct ouv_arena *arena,
	const struct ouv_id *worker, int limit, struct store_inbound **rows_out,
	size_t *count_out)
{
	PGresult *res RESULT;
	struct store_inbound *rows;
	size_t count;

	TRY(sql_once(store, SQL_INBOUND_CLAIM, &res,
		ARGS(SQL_ID(worker), SQL_INT(limit))));
	count = (size_t)PQntuples(res);
	rows = ouv_arena_array(arena, count, sizeof(*rows));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);
		struct store_inbound *in = &rows[i];

		in->id = row_id(&row);
		in->mailbox = row_text(&row, arena);
		in->has_uid = !PQgetisnull(res, (int)i, row.column);
		in->uidvalidity = row_int(&row);
		in->uid = row_int(&row);
		(void)row_bytes(&row, in->raw_mac, sizeof(in->raw_mac));
		(void)row_bytes(&row, in->canon_mac, sizeof(in->canon_mac));
		in->size = row_int(&row);
		in->padded = row_int(&row);
		(void)row_bytes(&row, in->dek_box_svc, sizeof(in->dek_box_svc));
		in->attempts = (int)row_int(&row);
		in->lease_epoch = row_int(&row);
		in->error_code = row_text(&row, arena);
	}
	*rows_out = rows;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_inbound_filed(struct store_tx *tx, const struct ouv_id *id, int64_t epoch,
	const char *state, const struct ouv_id *case_id, const char *outcome,
	const char *error_code)
{
	return sql_write(tx, SQL_INBOUND_FILED,
		ARGS(SQL_ID(id), SQL_INT(epoch), SQL_TEXT(state),
			SQL_ID(case_id), SQL_TEXT(outcome),
			SQL_TEXT(error_code)));
}

enum ouv_err
store_inbound_failed(struct store *store, const struct ouv_id *id,
	int64_t epoch, const char *error_code, int delay_secs)
{
	return sql_once(store, SQL_INBOUND_FAILED, NULL,
		ARGS(SQL_ID(id), SQL_INT(epoch), SQL_TEXT(error_code),
			SQL_INT(delay_secs)));
}

enum ouv_err
store_inbound_settled(struct store *store, struct ouv_arena *arena,
	const char *mailbox, int64_t uidvalidity, int settle_hours,
	uint32_t **uids_out, size_t *count_out)
{
	PGresult *res RESULT;
	uint32_t *uids;
	size_t count;

	TRY(sql_once(store, SQL_INBOUND_SETTLED, &res,
		ARGS(SQL_TEXT(mailbox), SQL_INT(uidvalidity),
			SQL_INT(settle_hours))));
	count = (size_t)PQntuples(res);
	uids = ouv_arena_array(arena, count, sizeof(*uids));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		uids[i] = (uint32_t)row_int(&row);
	}
	*uids_out = uids;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_inbound_moved(struct store *store, const char *mailbox,
	int64_t uidvalidity, const uint32_t *uids, size_t count)
{
	if (count == 0)
		return OUV_OK;
	return sql_once(store, SQL_INBOUND_MOVED, NULL,
		ARGS(SQL_TEXT(mailbox), SQL_INT(uidvalidity),
			uid_array(sql_scratch(store), uids, count)));
}
