/*
 * absence.c - who is away, who looks after their cases, who was told of it
 */
#include "inner.h"
#include "ouv/log.h"

/* ABSENCE_COLUMNS. */
static void
row_absence(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_absence *a = entry;

	a->id = row_id(row);
	a->person = row_id(row);
	a->substitute = row_id(row);
	a->made_by = row_id(row);
	a->reason = row_text(row, arena);
	a->first_day = (int32_t)row_int(row);
	a->last_day = (int32_t)row_int(row);
	a->back_day = (int32_t)row_int(row);
	a->starts_at = row_int(row);
	a->ends_at = row_int(row);
	a->made_at = row_int(row);
	a->called_off_at = row_int(row);
	a->signed_as = row_text(row, arena);
	a->substitute_as = row_text(row, arena);
	a->urgent_name = row_text(row, arena);
	a->urgent_email = row_text(row, arena);
	a->urgent_phone = row_text(row, arena);
}

/* ABSENCE_ALL. */
static void
row_absence_all(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_absence *a = entry;

	row_absence(row, arena, a);
	a->login = row_text(row, arena);
	a->name = row_text(row, arena);
	a->told = (int)row_int(row);
}

enum ouv_err
store_absence_stamp(struct store_tx *tx, struct store_absence_stamp *stamp_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_ABSENCE_STAMP, &res, NO_ARGS));
	row = row_at(res, 0);
	stamp_out->count = row_int(&row);
	stamp_out->called_off = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_absences_live(struct store_tx *tx, struct ouv_arena *arena, int64_t now,
	struct store_absence **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_ABSENCES_LIVE, &res, ARGS(SQL_INT(now))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_absence, count_out);
	return OUV_OK;
}

enum ouv_err
store_absences(struct store_tx *tx, struct ouv_arena *arena, int32_t from_day,
	int32_t until_day, struct store_absence **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_ABSENCES, &res,
		ARGS(SQL_INT(from_day), SQL_INT(until_day))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_absence_all, count_out);
	return OUV_OK;
}

enum ouv_err
store_absence(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *id, struct store_absence *absence_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_ABSENCE_GET, &res, ARGS(SQL_ID(id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	row_absence_all(&row, arena, absence_out);
	return OUV_OK;
}

/* ---- writing ------------------------------------------------------------- */

enum ouv_err
store_absence_lock(struct store_tx *tx)
{
	PGresult *res RESULT;

	return sql_read(tx, SQL_ABSENCE_LOCK, &res, NO_ARGS);
}

enum ouv_err
store_absence_add(struct store_tx *tx, const struct store_absence *a)
{
	return sql_write(tx, SQL_ABSENCE_ADD,
		ARGS(SQL_ID(&a->id), sql_id_or_null(&a->person),
			SQL_TEXT(a->reason), SQL_INT(a->first_day),
			SQL_INT(a->last_day), SQL_INT(a->back_day),
			SQL_INT(a->starts_at), SQL_INT(a->ends_at),
			SQL_TEXT(a->signed_as), SQL_TEXT(a->urgent_name),
			SQL_TEXT(a->urgent_email), SQL_TEXT(a->urgent_phone),
			sql_id_or_null(&a->substitute),
			SQL_TEXT(a->substitute_as), SQL_ID(&a->made_by)));
}

enum ouv_err
store_absence_end(
	struct store_tx *tx, const struct ouv_id *id, const struct ouv_id *by)
{
	return sql_write(tx, SQL_ABSENCE_END, ARGS(SQL_ID(id), SQL_ID(by)));
}

/* ---- whose work it is ---------------------------------------------------- */

enum ouv_err
store_absence_cases(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *owner, struct store_absence_cases **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;
	struct store_absence_cases *list;
	size_t count;

	TRY(sql_read(tx, SQL_ABSENCE_CASES, &res, ARGS(SQL_ID(owner))));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);
		struct ouv_str state = row_peek(&row);

		if (ouv_state_parse(state.p, &list[i].state) != OUV_OK) {
			ouv_log_error("database: a case in a state we do not "
				      "know");
			return OUV_INVALID;
		}
		list[i].count = row_int(&row);
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_case_owners(struct store_tx *tx, const struct ouv_id *cases, size_t count,
	struct ouv_id *owners_out)
{
	PGresult *res RESULT;

	if (count == 0)
		return tx->failed;
	TRY(sql_read(tx, SQL_CASE_OWNERS, &res,
		ARGS(sql_ids(sql_scratch(tx->store), cases, sizeof(*cases),
			count))));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		owners_out[i] = row_id(&row);
	}
	return OUV_OK;
}

enum ouv_err
store_case_stand_in(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_absence *absence_out,
	const char **name_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_CASE_STAND_IN, &res, ARGS(SQL_ID(case_id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	row_absence_all(&row, arena, absence_out);
	*name_out = row_text(&row, arena);
	return OUV_OK;
}

/* ---- notes --------------------------------------------------------------- */

enum ouv_err
store_notes_claim(struct store_tx *tx, struct store_note *notes, size_t count,
	int64_t now, int64_t not_since)
{
	struct ouv_arena *scratch = sql_scratch(tx->store);
	const size_t stride = sizeof(*notes);
	PGresult *res RESULT;

	if (count == 0)
		return tx->failed;
	for (size_t i = 0; i < count; i++)
		notes[i].granted = false;
	TRY(sql_read(tx, SQL_NOTES_CLAIM, &res,
		ARGS(sql_ids(scratch, &notes->absence, stride, count),
			sql_ids(scratch, &notes->sender, stride, count),
			SQL_INT(now), SQL_INT(not_since))));
	for (int i = 0; i < PQntuples(res); i++) {
		struct row row = row_at(res, i);

		notes[row_int(&row) - 1].granted = true;
	}
	return OUV_OK;
}

enum ouv_err
store_party_code(
	struct store_tx *tx, const struct ouv_id *party, int *version_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_PARTY_CODE, &res, ARGS(SQL_ID(party))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*version_out = (int)row_int(&row);
	return OUV_OK;
}
