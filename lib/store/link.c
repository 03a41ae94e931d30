/*
 * link.c - cases that belong together, and the end of a case
 */
#include "inner.h"
#include "ouv/store_mediation.h"

static void
row_link(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_link *l = entry;

	l->id = row_id(row);
	l->kind = row_text(row, arena);
	l->outward = row_bool(row);
	l->at = row_int(row);
	l->other = row_id(row);
	l->protocol = row_text(row, arena);
}

enum ouv_err
store_links(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *person,
	struct store_link **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(
		tx, SQL_LINKS, &res, ARGS(SQL_ID(case_id), SQL_ID(person))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_link, count_out);
	return OUV_OK;
}

enum ouv_err
store_link_add(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *other, const char *kind, const struct ouv_id *by)
{
	struct ouv_id id = ouv_id_new();

	return sql_write(tx, SQL_LINK_ADD,
		ARGS(SQL_ID(&id), SQL_ID(case_id), SQL_ID(other),
			SQL_TEXT(kind), sql_id_or_null(by)));
}

enum ouv_err
store_link_undo(struct store_tx *tx, const struct ouv_id *link,
	const struct ouv_id *case_id, const struct ouv_id *by)
{
	return sql_write(tx, SQL_LINK_UNDO,
		ARGS(SQL_ID(link), SQL_ID(case_id), SQL_ID(by)));
}

enum ouv_err
store_link_shared(struct store_tx *tx, const struct ouv_id *a,
	const struct ouv_id *b, bool *shared_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_LINK_SHARED, &res, ARGS(SQL_ID(a), SQL_ID(b))));
	row = row_at(res, 0);
	*shared_out = row_bool(&row);
	return OUV_OK;
}

enum ouv_err
store_link_merged(struct store_tx *tx, struct store_merged *list, size_t count)
{
	struct ouv_arena *scratch = sql_scratch(tx->store);
	PGresult *res RESULT;

	if (count == 0)
		return tx->failed;
	TRY(sql_read(tx, SQL_LINK_MERGED, &res,
		ARGS(sql_ids(scratch, &list->case_id, sizeof(*list), count),
			sql_ids(scratch, &list->party, sizeof(*list), count))));
	for (int i = 0; i < PQntuples(res); i++) {
		struct row row = row_at(res, i);
		struct store_merged *m = &list[row_int(&row) - 1];

		m->found = true;
		m->case_id = row_id(&row);
		m->party = row_id(&row);
	}
	return OUV_OK;
}

static void
row_duplicate(struct row *row, struct ouv_arena *arena, void *entry)
{
	(void)arena;
	*(struct ouv_id *)entry = row_id(row);
}

enum ouv_err
store_link_duplicates(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct ouv_id **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_LINK_DUPLICATES, &res, ARGS(SQL_ID(case_id))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_duplicate, count_out);
	return OUV_OK;
}

/* ---- a case of its own for a part -----------------------------------------
 */

enum ouv_err
store_split_number(struct store_tx *tx, const struct ouv_id *from, int year,
	int64_t *number_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(
		tx, SQL_SPLIT_NUMBER, &res, ARGS(SQL_ID(from), SQL_INT(year))));
	row = row_at(res, 0);
	*number_out = row_int(&row);
	return *number_out > 0 ? OUV_OK : OUV_CONFLICT;
}

enum ouv_err
store_split(struct store_tx *tx, const struct ouv_id *from,
	const struct store_case *c, const struct store_case_key *key)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_SPLIT, &res,
		ARGS(SQL_ID(from), SQL_ID(&c->id), SQL_TEXT(c->protocol),
			SQL_BYTES(c->summary.p, c->summary.len),
			SQL_BYTES(key->cpk, sizeof(key->cpk)),
			SQL_ID(&key->signer),
			SQL_BYTES(key->sig, sizeof(key->sig)))));
	row = row_at(res, 0);
	return row_bool(&row) ? OUV_OK : OUV_CONFLICT;
}

/* ---- the end --------------------------------------------------------------
 */

enum ouv_err
store_case_erase(struct store_tx *tx, const struct ouv_id *case_id)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_CASE_ERASE, &res, ARGS(SQL_ID(case_id))));
	row = row_at(res, 0);
	return row_bool(&row) ? OUV_OK : OUV_REFUSED;
}

enum ouv_err
store_case_ends(struct store_tx *tx, struct ouv_arena *arena,
	struct store_case_end *list, size_t count, int64_t now)
{
	PGresult *res RESULT;

	if (count == 0)
		return tx->failed;
	TRY(sql_read(tx, SQL_CASE_ENDS, &res,
		ARGS(sql_ids(sql_scratch(tx->store), &list->case_id,
			     sizeof(*list), count),
			SQL_INT(now))));
	for (int i = 0; i < PQntuples(res); i++) {
		struct row row = row_at(res, i);
		struct store_case_end *end = &list[row_int(&row) - 1];

		end->closed = true;
		end->protocol = row_text(&row, arena);
		end->open_again = row_bool(&row);
	}
	return OUV_OK;
}
