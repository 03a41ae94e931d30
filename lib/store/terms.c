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

static enum ouv_err
profiles(struct store_tx *tx, enum sql_id id, struct ouv_arena *arena,
	const struct sql_arg *args, size_t arg_count,
	struct store_terms **list_out, size_t *count_out)
{
	PGresult *res RESULT;
	struct store_terms *list;
	size_t count;

	TRY(sql_read(tx, id, &res, args, arg_count));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		list[i].name = row_text(&row, arena);
		list[i].n = (int)row_int(&row);
		list[i].content = row_text(&row, arena);
		if (row.column == PQnfields(res))
			continue; /* what counts now needs no history */
		list[i].reason = row_text(&row, arena);
		list[i].at = row_int(&row);
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_terms_newest(struct store_tx *tx, struct ouv_arena *arena,
	struct store_terms **list_out, size_t *count_out)
{
	return profiles(
		tx, SQL_TERMS_NEWEST, arena, NO_ARGS, list_out, count_out);
}

enum ouv_err
store_terms_versions(struct store_tx *tx, struct ouv_arena *arena,
	const char *name, struct store_terms **list_out, size_t *count_out)
{
	return profiles(tx, SQL_TERMS_VERSIONS, arena,
		ARGS(SQL_TEXT(name != NULL ? name : "")), list_out, count_out);
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

enum ouv_err
store_days_accepted(struct store_tx *tx, struct ouv_arena *arena,
	struct store_calendar_day **list_out, size_t *count_out)
{
	PGresult *res RESULT;
	struct store_calendar_day *list;
	size_t count;

	TRY(sql_read(tx, SQL_DAYS_ACCEPTED, &res, NO_ARGS));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		list[i].calendar = row_text(&row, arena);
		list[i].day = (int32_t)row_int(&row);
		list[i].name = row_text(&row, arena);
		list[i].source = row_text(&row, arena);
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_days(struct store_tx *tx, struct ouv_arena *arena, const char *calendar,
	const char *state, struct store_calendar_day **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;
	struct store_calendar_day *list;
	size_t count;

	TRY(sql_read(tx, SQL_DAYS_LIST, &res,
		ARGS(SQL_TEXT(calendar), SQL_TEXT(state))));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		list[i].id = row_id(&row);
		list[i].calendar = row_text(&row, arena);
		list[i].day = (int32_t)row_int(&row);
		list[i].name = row_text(&row, arena);
		list[i].source = row_text(&row, arena);
		list[i].state = row_text(&row, arena);
		list[i].added_at = row_int(&row);
		list[i].decided_at = row_int(&row);
		list[i].decided_by = row_text(&row, arena);
	}
	*list_out = list;
	*count_out = count;
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
