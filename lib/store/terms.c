/*
 * terms.c - an office's own deadline profiles, and days that came with a file
 */
#include "inner.h"
#include "ouv/store_mediation.h"

enum ouv_err
store_terms_stamp(struct store_tx *tx, struct store_terms_stamp *stamp_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_TERMS_STAMP, &res, NO_ARGS));
	row = row_at(res, 0);
	stamp_out->profiles = row_int(&row);
	stamp_out->accepted = row_int(&row);
	stamp_out->decided = row_int(&row);
	return OUV_OK;
}

/* What counts now needs no history. */
static void
row_newest(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_terms *terms = entry;

	terms->name = row_text(row, arena);
	terms->n = (int)row_int(row);
	terms->content = row_text(row, arena);
}

static void
row_version(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_terms *terms = entry;

	row_newest(row, arena, terms);
	terms->reason = row_text(row, arena);
	terms->at = row_int(row);
}

enum ouv_err
store_terms_newest(struct store_tx *tx, struct ouv_arena *arena,
	struct store_terms **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_TERMS_NEWEST, &res, NO_ARGS));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_newest, count_out);
	return OUV_OK;
}

enum ouv_err
store_terms_versions(struct store_tx *tx, struct ouv_arena *arena,
	const char *name, struct store_terms **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_TERMS_VERSIONS, &res,
		ARGS(SQL_TEXT(name != NULL ? name : ""))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_version, count_out);
	return OUV_OK;
}

enum ouv_err
store_terms_add(struct store_tx *tx, const char *name, const char *content,
	const char *reason, int *n_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_TERMS_ADD, &res,
		ARGS(SQL_TEXT(name), SQL_TEXT(content), SQL_TEXT(reason))));
	row = row_at(res, 0);
	*n_out = (int)row_int(&row);
	return OUV_OK;
}

static void
row_accepted(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_calendar_day *day = entry;

	day->calendar = row_text(row, arena);
	day->day = (int32_t)row_int(row);
	day->name = row_text(row, arena);
	day->source = row_text(row, arena);
}

static void
row_day(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_calendar_day *day = entry;

	day->id = row_id(row);
	row_accepted(row, arena, day);
	day->state = row_text(row, arena);
	day->added_at = row_int(row);
	day->decided_at = row_int(row);
	day->decided_by = row_text(row, arena);
}

enum ouv_err
store_days_accepted(struct store_tx *tx, struct ouv_arena *arena,
	struct store_calendar_day **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_DAYS_ACCEPTED, &res, NO_ARGS));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_accepted, count_out);
	return OUV_OK;
}

enum ouv_err
store_days(struct store_tx *tx, struct ouv_arena *arena, const char *calendar,
	const char *state, struct store_calendar_day **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_DAYS_LIST, &res,
		ARGS(SQL_TEXT(calendar), SQL_TEXT(state))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_day, count_out);
	return OUV_OK;
}

enum ouv_err
store_days_propose(struct store_tx *tx, const char *calendar,
	const char *source, const struct ouv_id *by,
	const struct store_calendar_day *days, size_t count, size_t *new_out)
{
	struct ouv_arena *scratch = sql_scratch(tx->store);
	int64_t *numbers = ouv_arena_array(scratch, count, sizeof(*numbers));
	PGresult *res RESULT;

	for (size_t i = 0; i < count; i++)
		numbers[i] = days[i].day;
	TRY(sql_read(tx, SQL_DAYS_PROPOSE, &res,
		ARGS(sql_ids(scratch, &days->id, sizeof(*days), count),
			sql_ints(scratch, numbers, count), SQL_TEXT(calendar),
			sql_words(scratch, &days->name, sizeof(*days), count),
			SQL_TEXT(source), sql_id_or_null(by))));
	*new_out = (size_t)PQntuples(res);
	return OUV_OK;
}

enum ouv_err
store_day_decide(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *id, bool accept, const struct ouv_id *by,
	bool again, const char **calendar_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_DAY_DECIDE, &res,
		ARGS(SQL_ID(id), SQL_TEXT(accept ? "accepted" : "refused"),
			sql_id_or_null(by), SQL_BOOL(again))));
	if (PQntuples(res) == 0)
		return OUV_CONFLICT;
	row = row_at(res, 0);
	*calendar_out = row_text(&row, arena);
	return OUV_OK;
}
