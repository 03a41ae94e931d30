/*
 * dues.c - what falls due, day by day, with the reason of each date
 *
 * A line shows what its reader's keys open; whose key is missing is not there.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "grant.h"
#include "move.h"
#include "ouv/clock.h"
#include "ouv/dues.h"
#include "ouv/store_console.h"

#define KEY_MOST 100

/* Microseconds and what tells those of one moment apart:
 * "1770000000000000-c..." */
static enum ouv_err
read_cursor(struct ouv_arena *arena, const char *text, int64_t *at,
	const char **key)
{
	char *end;

	if (text == NULL)
		return OUV_OK;
	*at = strtoll(text, &end, 10);
	if (end == text || *end != '-' || *at <= 0 ||
		strlen(end + 1) > KEY_MOST)
		return OUV_INVALID;
	*key = ouv_arena_strdup(arena, end + 1);
	return OUV_OK;
}

static enum ouv_err
row_of(struct mv *mv, const struct store_due *found,
	const struct ouv_due_wish *wish, int64_t now, struct ouv_due_row *row)
{
	list_line(&found->line, &row->line);
	row->line.subject = row->line.from_name = row->line.from_addr = "";
	row->due_at = found->due_at;
	row->key = found->key;
	row->task = found->task;
	if (!wish->bare)
		list_summary(mv->desk, mv->arena, mv->actor, &found->line,
			&row->line);
	row->clock = (struct ouv_clock_view){ .clock = found->clock.kind,
		.n = found->clock.n };
	if (found->task != NULL || wish->bare)
		return OUV_OK;
	return mv_clock_view(mv, &found->clock, now, &row->clock);
}

static enum ouv_err
find(struct mv *mv, const struct ouv_due_wish *wish, struct store_due **list,
	size_t *count)
{
	const struct ouv_calendar *calendar;
	int64_t from = 0, until = 0;
	const char *key = "";

	TRY(absence_calendar(mv->desk, mv->tx, &calendar));
	if (wish->from != 0)
		from = ouv_calendar_instant(calendar, wish->from, 0) * 1000000;
	if (wish->last != 0)
		until = ouv_calendar_instant(calendar, wish->last + 1, 0);
	TRY(read_cursor(mv->arena, wish->after, &from, &key));
	return store_dues(mv->tx, mv->arena, &mv->actor->person, wish->mine,
		from, until, key, wish->most + 1, list, count);
}

enum ouv_err
ouv_desk_dues(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_due_wish *wish,
	enum ouv_lang lang, struct ouv_due_list *list_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct mv mv = {
		.desk = desk, .arena = arena, .actor = actor, .lang = lang
	};
	struct ouv_due_list list = { 0 };
	struct store_due *found = NULL;
	size_t count = 0;

	TRY(store_begin_reading(desk->store, &tx));
	mv.tx = tx;
	TRY(find(&mv, wish, &found, &count));
	list.count = count > (size_t)wish->most ? (size_t)wish->most : count;
	list.rows = ouv_arena_array(arena, list.count, sizeof(*list.rows));
	for (size_t i = 0; i < list.count; i++)
		TRY(row_of(
			&mv, &found[i], wish, ouv_clock_now(), &list.rows[i]));
	if (count > list.count)
		list.after = ouv_arena_printf(arena, "%" PRId64 "-%s",
			found[list.count - 1].due_us,
			found[list.count - 1].key);
	*list_out = list;
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_due_counts(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, bool mine, const int32_t *days,
	size_t count, int64_t *clocks_out, int64_t *tasks_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	int64_t *bounds = ouv_arena_array(arena, count, sizeof(*bounds));
	int64_t *clocks = ouv_arena_array(arena, count + 1, sizeof(*clocks));
	int64_t *tasks = ouv_arena_array(arena, count + 1, sizeof(*tasks));
	const struct ouv_calendar *calendar;

	TRY(store_begin_reading(desk->store, &tx));
	TRY(absence_calendar(desk, tx, &calendar));
	for (size_t i = 0; i < count; i++)
		bounds[i] = ouv_calendar_instant(calendar, days[i], 0);
	TRY(store_due_counts(
		tx, &actor->person, mine, bounds, count, clocks, tasks));
	memcpy(clocks_out, clocks, count * sizeof(*clocks));
	memcpy(tasks_out, tasks, count * sizeof(*tasks));
	return store_commit(&tx);
}
