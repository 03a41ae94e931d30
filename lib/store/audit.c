/*
 * audit.c - the log: only added to, read in chains
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_keys.h"

#define PAGE 500

enum ouv_err
store_audit_signer_add(struct store_tx *tx, const struct ouv_id *id,
	const char *kind, const uint8_t mac_box[112], const uint8_t sig[64],
	const struct store_person *person)
{
	bool by = person != NULL;

	return sql_write(tx, SQL_AUDIT_SIGNER_ADD,
		ARGS(SQL_ID(id), SQL_TEXT(kind), SQL_BYTES(mac_box, 112),
			SQL_BYTES(sig, 64), by ? SQL_ID(&person->id) : SQL_NULL,
			by ? SQL_BYTES(person->sig_pk, 32) : SQL_NULL,
			by ? SQL_BYTES(person->admin_sig, 64) : SQL_NULL));
}

enum ouv_err
store_audit_head(struct store_tx *tx, const struct ouv_id *chain,
	int64_t *seq_out, uint8_t hash_out[32])
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_AUDIT_HEAD, &res, ARGS(SQL_ID(chain))));
	*seq_out = 0;
	memset(hash_out, 0, 32);
	if (PQntuples(res) == 0)
		return OUV_OK;
	row = row_at(res, 0);
	*seq_out = row_int(&row);
	(void)row_bytes(&row, hash_out, 32);
	return OUV_OK;
}

enum ouv_err
store_chain_lock(struct store_tx *tx, const struct ouv_id *chain)
{
	return sql_write(tx, SQL_CHAIN_LOCK, ARGS(SQL_ID(chain)));
}

enum ouv_err
store_audit_add(struct store_tx *tx, const struct store_audit *e)
{
	return sql_write(tx, SQL_AUDIT_ADD,
		ARGS(SQL_ID(&e->chain), SQL_INT(e->seq), SQL_INT(e->at_us),
			SQL_ID(&e->signer), SQL_INT(e->signer_seq),
			SQL_ID(&e->actor), SQL_TEXT(e->action),
			SQL_ID(&e->object), sql_str_or_null(e->details),
			SQL_BYTES(e->prev, sizeof(e->prev)),
			SQL_BYTES(e->hash, sizeof(e->hash)),
			SQL_BYTES(e->mac, sizeof(e->mac))));
}

/* Text and details stay in the page: a log is longer than an arena is wide. */
void
store_row_audit(struct row *row, struct store_audit *e)
{
	e->chain = row_id(row);
	e->seq = row_int(row);
	e->at_us = row_int(row);
	e->signer = row_id(row);
	e->signer_seq = row_int(row);
	e->actor = row_id(row);
	e->action = row_peek(row).p;
	e->object = row_id(row);
	e->details = row_peek(row);
	(void)row_bytes(row, e->prev, sizeof(e->prev));
	(void)row_bytes(row, e->hash, sizeof(e->hash));
	(void)row_bytes(row, e->mac, sizeof(e->mac));
}

enum ouv_err
store_audit_walk(struct store *store, struct ouv_arena *arena,
	store_audit_fn *each, void *user)
{
	struct store_audit event = { .seq = INT64_MIN };
	int count;

	(void)arena;
	do {
		PGresult *res RESULT;

		TRY(sql_once(store, SQL_AUDIT_WALK, &res,
			ARGS(SQL_ID(&event.chain), SQL_INT(event.seq),
				SQL_INT(PAGE))));
		count = PQntuples(res);
		for (int i = 0; i < count; i++) {
			struct row row = row_at(res, i);

			store_row_audit(&row, &event);
			TRY(each(&event, user));
		}
	} while (count == PAGE);
	return OUV_OK;
}
