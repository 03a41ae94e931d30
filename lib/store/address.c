/*
 * address.c - which addresses the gateway can read, once a case is over
 */
#include "inner.h"
#include "ouv/store_keys.h"

enum ouv_err
store_addresses_end(struct store_tx *tx, struct ouv_arena *arena, int most,
	struct ouv_id **cases_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_ADDRESSES_END, &res, ARGS(SQL_INT(most))));
	*cases_out = read_ids(res, arena, count_out);
	return OUV_OK;
}

static void
row_box(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_item_key *box = entry;

	(void)arena;
	box->id = row_id(row);
	(void)row_bytes(row, box->box, sizeof(box->box));
}

enum ouv_err
store_addresses_lacking(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, int version,
	struct store_item_key **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_ADDRESSES_LACKING, &res,
		ARGS(SQL_ID(case_id), SQL_INT(version))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_box, count_out);
	return OUV_OK;
}

enum ouv_err
store_address_back(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *person, const struct ouv_id *capsule, int version,
	const uint8_t box[112])
{
	return sql_write(tx, SQL_ADDRESS_BACK,
		ARGS(SQL_ID(case_id), SQL_ID(person), SQL_ID(capsule),
			SQL_INT(version), SQL_BYTES(box, 112)));
}
