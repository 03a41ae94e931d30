/*
 * office.c - the office: its name in every sealed row, its public keys
 */
#include "inner.h"

enum ouv_err
store_office_tenant(struct store_tx *tx, struct ouv_id *tenant_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_OFFICE_TENANT, &res, NO_ARGS));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*tenant_out = row_id(&row);
	return OUV_OK;
}

enum ouv_err
store_office_keys(struct store_tx *tx, struct ouv_arena *arena,
	struct store_office_key **keys_out, size_t *count_out)
{
	PGresult *res RESULT;
	struct store_office_key *keys;
	size_t count;

	TRY(sql_read(tx, SQL_OFFICE_KEYS, &res, NO_ARGS));
	count = (size_t)PQntuples(res);
	keys = ouv_arena_array(arena, count, sizeof(*keys));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		keys[i].kind = row_text(&row, arena);
		keys[i].version = (int)row_int(&row);
		(void)row_bytes(&row, keys[i].public, sizeof(keys[i].public));
		(void)row_bytes(&row, keys[i].sig, sizeof(keys[i].sig));
		keys[i].waits = row_bool(&row);
		keys[i].retired_us = 0;
	}
	*keys_out = keys;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_office_add(struct store_tx *tx, const struct ouv_id *tenant)
{
	return sql_write(tx, SQL_OFFICE_ADD, ARGS(SQL_ID(tenant)));
}

enum ouv_err
store_office_key_add(struct store_tx *tx, const struct store_office_key *key)
{
	return sql_write(tx, SQL_OFFICE_KEY_ADD,
		ARGS(SQL_TEXT(key->kind), SQL_INT(key->version),
			SQL_BYTES(key->public, sizeof(key->public)),
			SQL_BYTES(key->sig, sizeof(key->sig))));
}

enum ouv_err
store_host_secret_add(struct store_tx *tx, const char *name, int version,
	const uint8_t box[112])
{
	return sql_write(tx, SQL_HOST_SECRET_ADD,
		ARGS(SQL_TEXT(name), SQL_INT(version), SQL_BYTES(box, 112)));
}
