/*
 * seen.c - who looks at a case, and how far they have read
 */
#include "inner.h"
#include "ouv/store_console.h"

enum ouv_err
store_seen_look(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *person, int items)
{
	return sql_write(tx, SQL_SEEN_LOOK,
		ARGS(SQL_ID(case_id), SQL_ID(person), SQL_INT(items)));
}

enum ouv_err
store_seen_stay(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *person)
{
	return sql_write(
		tx, SQL_SEEN_STAY, ARGS(SQL_ID(case_id), SQL_ID(person)));
}

enum ouv_err
store_seen_at(struct store_tx *tx, const uint8_t session[32],
	const struct ouv_id *case_id)
{
	return sql_write(tx, SQL_SEEN_AT,
		ARGS(SQL_BYTES(session, 32),
			case_id != NULL ? SQL_ID(case_id) : SQL_NULL));
}

enum ouv_err
store_seen(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *person,
	int *base_out, struct store_looker **list_out, size_t *count_out)
{
	PGresult *res RESULT;
	struct store_looker *list;
	size_t n = 0;

	TRY(sql_read(
		tx, SQL_SEEN, &res, ARGS(SQL_ID(case_id), SQL_ID(person))));
	list = ouv_arena_array(arena, (size_t)PQntuples(res), sizeof(*list));
	*base_out = 0;
	for (int i = 0; i < PQntuples(res); i++) {
		struct row row = row_at(res, i);
		bool own;
		int base;

		list[n].name = row_text(&row, arena);
		list[n].at = row_int(&row);
		base = (int)row_int(&row);
		own = row_bool(&row);
		list[n].left = row_bool(&row);
		if (own)
			*base_out = base;
		else
			n++;
	}
	*list_out = list;
	*count_out = n;
	return OUV_OK;
}
