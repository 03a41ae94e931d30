/*
 * retention.c - how long files are kept, and what stands against their erasure
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_keys.h"

static void
row_kept(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_kept *k = entry;

	k->case_id = row_id(row);
	k->protocol = row_text(row, arena);
	k->closed_at = row_int(row);
	k->closed_by = row_text(row, arena);
	k->due_at = row_int(row);
	k->profile = row_text(row, arena);
	k->unit = row_text(row, arena);
	k->amount = (int)row_int(row);
	k->law = row_text(row, arena);
	k->hold = row_bool(row);
	k->review_day = (int32_t)row_int(row);
	k->erased_at = row_int(row);
	k->retained = row_bool(row);
	k->notified = row_bool(row);
	k->quiet = row_bool(row);
	k->waiting_at = row_int(row);
	k->author = row_text(row, arena);
	k->readable = row_bool(row);
	k->cursor = row_int(row);
}

enum ouv_err
store_kept(struct store_tx *tx, struct ouv_arena *arena,
	enum store_kept_list which, const struct store_kept_ask *ask,
	struct store_kept **list_out, size_t *count_out)
{
	static const enum sql_id ids[STORE_KEPT__COUNT] = {
		[STORE_KEPT_DUE] = SQL_KEPT_DUE,
		[STORE_KEPT_HOLD] = SQL_KEPT_HOLD,
		[STORE_KEPT_WAITING] = SQL_KEPT_WAITING,
		[STORE_KEPT_ERASED] = SQL_KEPT_ERASED,
	};
	bool first = ouv_id_is_zero(&ask->after_id);
	int64_t after = ask->after;
	struct ouv_id last;
	PGresult *res RESULT;

	/* From the end, where the latest come first. */
	memset(last.b, 0xff, sizeof(last.b));
	if (which == STORE_KEPT_ERASED && first)
		after = INT64_MAX;
	TRY(sql_read(tx, ids[which], &res,
		ARGS(SQL_ID(&ask->reader), SQL_INT(after),
			SQL_ID(which == STORE_KEPT_ERASED && first
					? &last
					: &ask->after_id),
			SQL_INT(ask->most), SQL_INT(ask->now),
			SQL_INT(ask->until))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_kept, count_out);
	return OUV_OK;
}

enum ouv_err
store_kept_count(struct store_tx *tx, int64_t now, int64_t until,
	struct store_kept_count *out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(
		tx, SQL_KEPT_COUNT, &res, ARGS(SQL_INT(now), SQL_INT(until))));
	row = row_at(res, 0);
	out->due = row_int(&row);
	out->now = row_int(&row);
	out->hold = row_int(&row);
	out->waiting = row_int(&row);
	out->erased = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_tombstone(struct store_tx *tx, struct ouv_arena *arena,
	const char *protocol, struct store_tombstone *out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_KEPT_TOMBSTONE, &res, ARGS(SQL_TEXT(protocol))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	out->case_id = row_id(&row);
	out->protocol = row_text(&row, arena);
	out->opened_at = row_int(&row);
	out->closed_at = row_int(&row);
	out->erased_at = row_int(&row);
	out->closed_by = row_text(&row, arena);
	out->kind = row_text(&row, arena);
	out->merit = row_text(&row, arena);
	out->resolution = row_text(&row, arena);
	return OUV_OK;
}

static void
row_word(struct row *row, struct ouv_arena *arena, void *entry)
{
	*(const char **)entry = row_text(row, arena);
}

enum ouv_err
store_erased_numbers(struct store_tx *tx, struct ouv_arena *arena,
	const char *const *numbers, size_t count, const char ***erased_out,
	size_t *erased_count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_KEPT_NUMBERS, &res,
		ARGS(sql_words(sql_scratch(tx->store), numbers,
			sizeof(*numbers), count))));
	*erased_out = read_rows(
		res, arena, sizeof(**erased_out), row_word, erased_count_out);
	return OUV_OK;
}

enum ouv_err
store_hold_review_set(
	struct store_tx *tx, const struct ouv_id *case_id, int32_t day)
{
	return sql_write(
		tx, SQL_HOLD_REVIEW_SET, ARGS(SQL_ID(case_id), SQL_INT(day)));
}

enum ouv_err
store_holds_due(struct store_tx *tx, int32_t today, int64_t now, int64_t due_at,
	int64_t *count_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_HOLDS_DUE, &res,
		ARGS(SQL_INT(today), SQL_INT(now), SQL_INT(due_at))));
	row = row_at(res, 0);
	*count_out = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_side_shut(struct store_tx *tx, const struct ouv_id *case_id,
	const char *side, bool *shut_out)
{
	PGresult *res RESULT;
	struct row row;
	int64_t all, open;

	TRY(sql_read(tx, SQL_SIDE_READABLE, &res,
		ARGS(SQL_ID(case_id), SQL_TEXT(side))));
	row = row_at(res, 0);
	all = row_int(&row);
	open = row_int(&row);
	*shut_out = all > 0 && open == 0;
	return OUV_OK;
}

enum ouv_err
store_task_is_open(struct store_tx *tx, const struct ouv_id *case_id,
	const char *kind, bool *open_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_TASK_IS_OPEN, &res,
		ARGS(SQL_ID(case_id), SQL_TEXT(kind))));
	*open_out = PQntuples(res) > 0;
	return OUV_OK;
}

enum ouv_err
store_lapse_at(struct store_tx *tx, const struct ouv_id *case_id,
	enum ouv_clock kind, int64_t at)
{
	return sql_write(tx, SQL_ALARMS_AT,
		ARGS(SQL_ID(case_id), SQL_TEXT(ouv_clock_name(kind)),
			SQL_INT(at)));
}

enum ouv_err
store_kept_told(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *task, int64_t until)
{
	return sql_write(tx, SQL_KEPT_TOLD,
		ARGS(SQL_ID(case_id), sql_id_or_null(task), SQL_INT(until)));
}
