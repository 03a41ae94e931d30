/*
 * clock.c - what is counted in a case, and what must happen when
 */
#include <string.h>

#include "inner.h"
#include "ouv/log.h"
#include "ouv/store_mediation.h"

static const char *const states[STORE_CLOCK__COUNT] = {
	[STORE_CLOCK_RUNNING] = "running",
	[STORE_CLOCK_PAUSED] = "paused",
	[STORE_CLOCK_STOPPED] = "stopped",
};

const char *
store_clock_state_name(enum store_clock_state state)
{
	return states[state];
}

/* ---- clocks -------------------------------------------------------------- */

/* CLOCK_COLUMNS. */
enum ouv_err
row_clock(struct row *row, struct ouv_arena *arena, struct store_clock *c)
{
	const char *state;

	c->case_id = row_id(row);
	if (ouv_clock_parse(row_peek(row).p, &c->kind) != OUV_OK) {
		ouv_log_error("database: a clock that we do not know");
		return OUV_INVALID;
	}
	c->n = (int)row_int(row);
	state = row_peek(row).p;
	for (int i = 0; i < STORE_CLOCK__COUNT; i++)
		if (strcmp(states[i], state) == 0)
			c->state = (enum store_clock_state)i;
	c->profile = row_text(row, arena);
	c->profile_n = (int)row_int(row);
	c->calendar = row_text(row, arena);
	c->unit = row_text(row, arena);
	c->amount = (int)row_int(row);
	c->law = row_text(row, arena);
	c->started_at = row_int(row);
	c->since_at = row_int(row);
	c->used = row_int(row);
	c->due_at = row_int(row);
	c->stopped_at = row_int(row);
	c->round = (int)row_int(row);
	return OUV_OK;
}

static enum ouv_err
rows_clocks(const PGresult *res, struct ouv_arena *arena,
	struct store_clock **list_out, size_t *count_out)
{
	size_t count = (size_t)PQntuples(res);
	struct store_clock *list = ouv_arena_array(arena, count, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		TRY(row_clock(&row, arena, &list[i]));
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_clocks(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_clock **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_CLOCKS, &res, ARGS(SQL_ID(case_id))));
	return rows_clocks(res, arena, list_out, count_out);
}

/* The numbers of one column. */
#define COLUMN(type, field)                                             \
	static struct sql_arg column_##field(struct ouv_arena *arena,   \
		const struct type *list, size_t count)                  \
	{                                                               \
		int64_t *n = ouv_arena_array(arena, count, sizeof(*n)); \
		for (size_t i = 0; i < count; i++)                      \
			n[i] = (int64_t)list[i].field;                  \
		return sql_ints(arena, n, count);                       \
	}
COLUMN(store_clock, n)
COLUMN(store_clock, profile_n)
COLUMN(store_clock, amount)
COLUMN(store_clock, started_at)
COLUMN(store_clock, since_at)
COLUMN(store_clock, used)
COLUMN(store_clock, due_at)
COLUMN(store_clock, stopped_at)
COLUMN(store_clock, round)

enum ouv_err
store_clocks_set(
	struct store_tx *tx, const struct store_clock *list, size_t count)
{
	struct ouv_arena *arena = sql_scratch(tx->store);
	const char **kinds = ouv_arena_array(arena, count, sizeof(*kinds));
	const char **names = ouv_arena_array(arena, count, sizeof(*names));
	const size_t stride = sizeof(*list);

	if (count == 0)
		return tx->failed;
	for (size_t i = 0; i < count; i++) {
		kinds[i] = ouv_clock_name(list[i].kind);
		names[i] = states[list[i].state];
	}
#define WORDS(field) sql_words(arena, &list->field, stride, count)
	return sql_write(tx, SQL_CLOCKS_SET,
		ARGS(sql_ids(arena, &list->case_id, stride, count),
			sql_words(arena, kinds, sizeof(*kinds), count),
			column_n(arena, list, count),
			sql_words(arena, names, sizeof(*names), count),
			WORDS(profile), column_profile_n(arena, list, count),
			WORDS(calendar), WORDS(unit),
			column_amount(arena, list, count), WORDS(law),
			column_started_at(arena, list, count),
			column_since_at(arena, list, count),
			column_used(arena, list, count),
			column_due_at(arena, list, count),
			column_stopped_at(arena, list, count),
			column_round(arena, list, count)));
#undef WORDS
}

enum ouv_err
store_clock_stop(struct store_tx *tx, const struct ouv_id *case_id,
	enum ouv_clock kind, int n, int64_t now)
{
	return sql_write(tx, SQL_CLOCK_STOP,
		ARGS(SQL_ID(case_id), SQL_TEXT(ouv_clock_name(kind)),
			SQL_INT(n), SQL_INT(now)));
}

enum ouv_err
store_case_due_set(
	struct store_tx *tx, const struct ouv_id *case_id, int64_t due_at)
{
	return sql_write(
		tx, SQL_CASE_DUE_SET, ARGS(SQL_ID(case_id), SQL_INT(due_at)));
}

enum ouv_err
store_clocks_none(struct store_tx *tx, const struct ouv_id *after,
	struct store_unclocked *out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_CLOCKS_NONE, &res, ARGS(SQL_ID(after))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	out->case_id = row_id(&row);
	TRY(ouv_state_parse(row_peek(&row).p, &out->state));
	out->opened_at = row_int(&row);
	out->moved_at = row_int(&row);
	return OUV_OK;
}

/* ---- many at once ----------------------------------------------------------
 */

enum ouv_err
store_clocks_cases(struct store_tx *tx, struct ouv_arena *arena,
	const char *calendar, const struct ouv_id *after, int limit,
	struct ouv_id **cases_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_CLOCKS_CASES, &res,
		ARGS(SQL_TEXT(calendar), SQL_ID(after), SQL_INT(limit))));
	*cases_out = read_ids(res, arena, count_out);
	return OUV_OK;
}

enum ouv_err
store_clocks_running(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *cases, size_t count, const char *calendar,
	struct store_clock **list_out, size_t *count_out)
{
	const size_t stride = sizeof(*cases);
	PGresult *res RESULT;

	TRY(sql_write(tx, SQL_CLOCKS_LOCK,
		ARGS(sql_ids(sql_scratch(tx->store), cases, stride, count))));
	TRY(sql_read(tx, SQL_CLOCKS_RUNNING, &res,
		ARGS(sql_ids(sql_scratch(tx->store), cases, stride, count),
			SQL_TEXT(calendar))));
	return rows_clocks(res, arena, list_out, count_out);
}

COLUMN(store_due_move, was_at)
COLUMN(store_due_move, is_at)

enum ouv_err
store_clocks_due(
	struct store_tx *tx, const struct store_due_move *list, size_t count)
{
	struct ouv_arena *arena = sql_scratch(tx->store);

	if (count == 0)
		return tx->failed;
	return sql_write(tx, SQL_CLOCKS_DUE,
		ARGS(sql_ids(arena, &list->case_id, sizeof(*list), count),
			column_was_at(arena, list, count),
			column_is_at(arena, list, count)));
}

enum ouv_err
store_clocks_heads(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *cases, size_t count, struct store_head **heads_out)
{
	struct store_head *heads =
		ouv_arena_array(arena, count, sizeof(*heads));
	PGresult *res RESULT;
	size_t at = 0;

	TRY(sql_read(tx, SQL_CLOCKS_HEADS, &res,
		ARGS(sql_ids(sql_scratch(tx->store), cases, sizeof(*cases),
			count))));
	memset(heads, 0, count * sizeof(*heads));
	/* In the order of the question; an empty chain has no row. */
	for (int i = 0; i < PQntuples(res); i++) {
		struct row row = row_at(res, i);
		struct ouv_id id = row_id(&row);

		while (at < count && !ouv_id_equal(&cases[at], &id))
			at++;
		if (at == count)
			return OUV_INVALID;
		heads[at].seq = row_int(&row);
		(void)row_bytes(&row, heads[at].hash, sizeof(heads[at].hash));
	}
	*heads_out = heads;
	return OUV_OK;
}

/* ---- alarms
 * ------------------------------------------------------------------ */

#define KEY(a)                                                       \
	SQL_ID(&(a)->case_id), SQL_TEXT(ouv_clock_name((a)->clock)), \
		SQL_INT((a)->n), SQL_INT((a)->round)

enum ouv_err
store_alarms_set(
	struct store_tx *tx, const struct store_alarm *list, size_t count)
{
	struct ouv_arena *arena = sql_scratch(tx->store);
	const char **clocks = ouv_arena_array(arena, count, sizeof(*clocks));
	int64_t *n = ouv_arena_array(arena, count, sizeof(*n));
	int64_t *rounds = ouv_arena_array(arena, count, sizeof(*rounds));
	int64_t *at = ouv_arena_array(arena, count, sizeof(*at));

	if (count == 0)
		return tx->failed;
	for (size_t i = 0; i < count; i++) {
		clocks[i] = ouv_clock_name(list[i].clock);
		n[i] = list[i].n;
		rounds[i] = list[i].round;
		at[i] = list[i].at;
	}
	return sql_write(tx, SQL_ALARMS_SET,
		ARGS(sql_ids(arena, &list->case_id, sizeof(*list), count),
			sql_words(arena, clocks, sizeof(*clocks), count),
			sql_ints(arena, n, count),
			sql_ints(arena, rounds, count),
			sql_words(arena, &list->kind, sizeof(*list), count),
			sql_ints(arena, at, count)));
}

enum ouv_err
store_alarm_claim(struct store_tx *tx, struct ouv_arena *arena, int64_t now,
	struct store_alarm *alarm_out)
{
	PGresult *res RESULT;
	PGresult *again RESULT;
	struct store_alarm a;
	struct row row;

	TRY(sql_read(tx, SQL_ALARM_CLAIM, &res, ARGS(SQL_INT(now))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	a.case_id = row_id(&row);
	TRY(ouv_clock_parse(row_peek(&row).p, &a.clock));
	a.n = (int)row_int(&row);
	a.round = (int)row_int(&row);
	a.kind = row_text(&row, arena);
	a.at = row_int(&row);
	TRY(sql_read(tx, SQL_ALARM_WAITS, &again,
		ARGS(KEY(&a), SQL_TEXT(a.kind), SQL_INT(now))));
	/* Another did it before we had the lock; there may be more. */
	if (PQntuples(again) == 0)
		return OUV_CONFLICT;
	*alarm_out = a;
	return OUV_OK;
}

enum ouv_err
store_alarm_done(struct store_tx *tx, const struct store_alarm *a,
	const char *outcome, int64_t now)
{
	return sql_write(tx, SQL_ALARM_DONE,
		ARGS(KEY(a), SQL_TEXT(a->kind), SQL_TEXT(outcome),
			SQL_INT(now)));
}

enum ouv_err
store_alarms_later(struct store_tx *tx, const struct store_alarm *a, int64_t at)
{
	return sql_write(tx, SQL_ALARMS_LATER, ARGS(KEY(a), SQL_INT(at)));
}

enum ouv_err
store_alarms_never(struct store_tx *tx, const struct store_alarm *a)
{
	return sql_write(tx, SQL_ALARMS_NEVER, ARGS(KEY(a)));
}

enum ouv_err
store_alarm_told(struct store_tx *tx, const struct store_alarm *a,
	struct store_told *told_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_ALARM_TOLD, &res, ARGS(KEY(a))));
	row = row_at(res, 0);
	told_out->made = (int)row_int(&row);
	told_out->arrived = (int)row_int(&row);
	told_out->waiting = (int)row_int(&row);
	told_out->last_at = row_int(&row);
	return OUV_OK;
}

/* ---- what an alarm asks
 * ------------------------------------------------------ */

enum ouv_err
store_letters_of_kind(struct store_tx *tx, const struct ouv_id *case_id,
	const char *kind, int64_t since, const struct ouv_id *but,
	struct store_sent *sent_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_LETTERS_OF_KIND, &res,
		ARGS(SQL_ID(case_id), SQL_TEXT(kind), SQL_INT(since),
			SQL_ID(but))));
	row = row_at(res, 0);
	sent_out->count = (int)row_int(&row);
	sent_out->first_at = row_int(&row);
	sent_out->waiting = (int)row_int(&row);
	sent_out->paper = (int)row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_outbox_kind(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *item,
	const char **kind_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_OUTBOX_KIND, &res,
		ARGS(SQL_ID(case_id), SQL_ID(item))));
	*kind_out = "";
	if (PQntuples(res) == 0)
		return OUV_OK;
	row = row_at(res, 0);
	*kind_out = row_text(&row, arena);
	return OUV_OK;
}

enum ouv_err
store_side_lost(struct store_tx *tx, const struct ouv_id *case_id,
	const char *side, int64_t now, bool *lost_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_SIDE_LOST, &res,
		ARGS(SQL_ID(case_id), SQL_TEXT(side), SQL_INT(now))));
	row = row_at(res, 0);
	*lost_out = row_bool(&row);
	return OUV_OK;
}

enum ouv_err
store_act_claim(
	struct store_tx *tx, struct ouv_arena *arena, struct store_act *act_out)
{
	PGresult *res RESULT;
	PGresult *again RESULT;
	struct store_act act;
	struct row row;

	TRY(sql_read(tx, SQL_ACT_CLAIM, &res, NO_ARGS));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	act.id = row_id(&row);
	act.case_id = row_id(&row);
	act.party = row_id(&row);
	TRY(ouv_action_parse(row_peek(&row).p, &act.action));
	act.choice = row_text(&row, arena);
	act.item = row_id(&row);
	act.source = row_text(&row, arena);
	act.company = strcmp(row_peek(&row).p, "company") == 0;
	TRY(sql_read(tx, SQL_ACT_WAITS, &again, ARGS(SQL_ID(&act.id))));
	if (PQntuples(again) == 0)
		return OUV_CONFLICT;
	*act_out = act;
	return OUV_OK;
}

enum ouv_err
store_act_done(struct store_tx *tx, const struct ouv_id *id,
	const char *outcome, int64_t now)
{
	return sql_write(tx, SQL_ACT_DONE,
		ARGS(SQL_ID(id), SQL_TEXT(outcome), SQL_INT(now)));
}

enum ouv_err
store_tasks_void(struct store_tx *tx, const struct ouv_id *case_id,
	const char *const *kinds, size_t count, int64_t now)
{
	if (count == 0)
		return tx->failed;
	return sql_write(tx, SQL_TASKS_VOID,
		ARGS(SQL_ID(case_id),
			sql_words(sql_scratch(tx->store), kinds, sizeof(*kinds),
				count),
			SQL_INT(now)));
}

enum ouv_err
store_timer_notify(struct store_tx *tx)
{
	return sql_write(tx, SQL_TIMER_NOTIFY, NO_ARGS);
}
