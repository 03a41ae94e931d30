/*
 * worklist.c - the lists of cases by what they wait for, and their counts
 *
 * Pages go by the key of the order and the id of a line: forward from the last
 * line of a page, back from its first.
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_console.h"

_Static_assert(STORE_COUNT_MOST == 100, "the number stands in WORK_COUNT");

/* Where a list starts that goes down, and where what has no date stands: the
 * year 3000. */
#define END_OF_TIME_US INT64_C(32503680000000000)

/* clang-format off */
static const struct {
	enum sql_id next, back;
	bool down;
} orders[STORE_ORDER__COUNT] = {
	[STORE_BY_LAST] = { SQL_WORK_LAST_DOWN, SQL_WORK_LAST_UP, true },
	[STORE_BY_DUE] = { SQL_WORK_DUE_UP, SQL_WORK_DUE_DOWN, false },
	[STORE_BY_OPENED] = { SQL_WORK_OPENED_DOWN, SQL_WORK_OPENED_UP, true },
};
/* clang-format on */

/* ---- words for the statements ----------------------------------------------
 */

/* "triage,received": where somebody owes the next step. */
static const char *
states_of(struct ouv_arena *arena, enum ouv_owes owes, bool both)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 256);
	for (int i = 0; i < OUV_STATE__COUNT; i++) {
		const struct ouv_state_info *info =
			ouv_state_info((enum ouv_state)i);

		if (info->owes == owes || (both && info->owes == OUV_OWES_BOTH))
			ouv_buf_printf(&buf, "%s%s", buf.len > 0 ? "," : "",
				ouv_state_name((enum ouv_state)i));
	}
	return buf.data;
}

static const char *
owed_by_consumer(struct ouv_arena *arena)
{
	return states_of(arena, OUV_OWES_CONSUMER, true);
}

static const char *
owed_by_company(struct ouv_arena *arena)
{
	return states_of(arena, OUV_OWES_COMPANY, true);
}

static const char *
owed_by_office(struct ouv_arena *arena)
{
	return states_of(arena, OUV_OWES_OFFICE, false);
}

/* What a queue's condition needs besides the reader; most need nothing. */
static const struct {
	const char *queue;
	const char *(*words)(struct ouv_arena *arena);
} extras[] = {
	{ "second", second_acts },
	{ "consumer", owed_by_consumer },
	{ "company", owed_by_company },
	{ "office", owed_by_office },
};

static const char *
extra(struct ouv_arena *arena, const char *queue)
{
	for (size_t i = 0; i < sizeof(extras) / sizeof(extras[0]); i++)
		if (strcmp(extras[i].queue, queue) == 0)
			return extras[i].words(arena);
	return "";
}

/* ---- lists -----------------------------------------------------------------
 */

static struct sql_arg
text_or_null(const char *text)
{
	return text != NULL && *text != '\0' ? SQL_TEXT(text) : SQL_NULL;
}

static enum ouv_err
read_work(PGresult *res, struct ouv_arena *arena,
	struct store_work_line **lines_out, size_t *count_out)
{
	size_t count = (size_t)PQntuples(res);
	struct store_work_line *lines =
		ouv_arena_array(arena, count, sizeof(*lines));

	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		TRY(read_line(&row, arena, &lines[i].row));
		lines[i].key_us = row_int(&row);
		lines[i].company = row_text(&row, arena);
		lines[i].kind = row_text(&row, arena);
		lines[i].severity = row_text(&row, arena);
		lines[i].channel = row_text(&row, arena);
		lines[i].promise = row_bool(&row);
		lines[i].second = row_bool(&row);
		lines[i].away = row_bool(&row);
		lines[i].read_by = row_int(&row);
		lines[i].fresh = row_int(&row);
	}
	*lines_out = lines;
	*count_out = count;
	return OUV_OK;
}

/* Asked for from the last to the first. */
static void
turn(struct store_work_line *lines, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct store_work_line line = lines[i];

		lines[i] = lines[count - 1 - i];
		lines[count - 1 - i] = line;
	}
}

enum ouv_err
store_work(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_wish *w, struct store_work_line **lines_out,
	size_t *count_out)
{
	static const struct ouv_id nobody;
	const bool down = orders[w->order].down != w->back;
	const bool first = ouv_id_is_zero(&w->at_id);
	PGresult *res RESULT;

	TRY(sql_write(tx, SQL_PLAN_FRESH, NO_ARGS));
	TRY(sql_read(tx,
		w->back ? orders[w->order].back : orders[w->order].next, &res,
		ARGS(SQL_ID(&w->person),
			SQL_INT(!first ? w->at_us
				: down ? END_OF_TIME_US + 1000000
				       : 0),
			first ? SQL_ID(&nobody) : SQL_ID(&w->at_id),
			SQL_INT(w->limit), SQL_TEXT(w->queue),
			SQL_TEXT(extra(arena, w->queue)),
			text_or_null(w->state), sql_id_or_null(&w->owner),
			SQL_BOOL(w->ownerless), text_or_null(w->kind),
			text_or_null(w->severity), text_or_null(w->company),
			SQL_INT(w->due_from), SQL_INT(w->due_before),
			SQL_INT(w->opened_from), SQL_INT(w->opened_before),
			text_or_null(w->lang), text_or_null(w->channel))));
	TRY(read_work(res, arena, lines_out, count_out));
	if (w->back)
		turn(*lines_out, *count_out);
	return OUV_OK;
}

enum ouv_err
store_work_chosen(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, const char *numbers,
	struct store_chosen **list_out, size_t *count_out)
{
	struct store_chosen *list;
	PGresult *res RESULT;
	size_t count;

	TRY(sql_read(tx, SQL_WORK_CHOSEN, &res,
		ARGS(SQL_ID(person), SQL_TEXT(numbers))));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		TRY(read_line(&row, arena, &list[i].row));
		list[i].kind = row_text(&row, arena);
		list[i].severity = row_text(&row, arena);
		list[i].urgent = row_bool(&row);
		list[i].owner = row_text(&row, arena);
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_work_counts(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, int64_t counts_out[STORE_QUEUES])
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_write(tx, SQL_PLAN_KEPT, NO_ARGS));
	TRY(sql_read(tx, SQL_WORK_COUNTS, &res,
		ARGS(SQL_ID(person), SQL_TEXT(second_acts(arena)),
			SQL_TEXT(owed_by_consumer(arena)),
			SQL_TEXT(owed_by_company(arena)),
			SQL_TEXT(owed_by_office(arena)))));
	row = row_at(res, 0);
	for (int i = 0; i < STORE_QUEUES; i++)
		counts_out[i] = row_int(&row);
	return OUV_OK;
}
