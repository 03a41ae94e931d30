/*
 * recompute.c - a day was closed, or opened: every running clock is counted
 * again
 *
 * Page by page of cases, a transaction each: their rows locked, their clocks
 * read, counted here, and what moved written back in a few statements.  The
 * case's log says that its date moved.
 */
#include <string.h>

#include "clock.h"
#include "ouv/clock.h"

#define PAGE 500 /* cases */

struct page {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	int64_t now;
	struct store_clock *list; /* those that moved come to the front */
	size_t count, moved;
	struct store_due_move *dues;
	struct store_alarm *alarms;
	size_t alarm_count;
	struct ouv_id *cases; /* those in which something moved */
	size_t case_count;
};

static enum ouv_err
count_one(struct page *p, struct store_clock *c)
{
	const struct ouv_terms *terms;
	const struct ouv_calendar *calendar;
	struct ouv_due due = { 0 };
	enum ouv_err err;

	TRY(clock_terms(p->desk, p->tx, c, &terms, &calendar));
	err = clock_due(calendar, c, &due);
	if (err == OUV_INVALID) /* beyond the calendar: as it was */
		return OUV_OK;
	if (err != OUV_OK || due.at == c->due_at)
		return err;
	p->dues[p->moved] = (struct store_due_move){
		.case_id = c->case_id, .was_at = c->due_at, .is_at = due.at
	};
	c->due_at = due.at;
	p->alarm_count += clock_alarms(
		calendar, terms, c, p->now, &p->alarms[p->alarm_count]);
	if (p->case_count == 0 ||
		!ouv_id_equal(&p->cases[p->case_count - 1], &c->case_id))
		p->cases[p->case_count++] = c->case_id;
	p->list[p->moved++] = *c;
	return OUV_OK;
}

static enum ouv_err
log_moved(struct page *p)
{
	struct store_head *heads;

	if (p->case_count == 0)
		return OUV_OK;
	TRY(store_clocks_heads(
		p->tx, p->arena, p->cases, p->case_count, &heads));
	for (size_t i = 0; i < p->case_count; i++) {
		struct casefile file = { .id = p->cases[i],
			.audit_seq = (uint64_t)heads[i].seq };

		memcpy(file.audit_head, heads[i].hash, sizeof(file.audit_head));
		TRY(log_case(
			p->desk, p->tx, &file, NULL, "clock-moved", &file.id));
	}
	return OUV_OK;
}

static enum ouv_err
count_page(struct page *p, const struct ouv_id *cases, size_t count,
	const char *calendar)
{
	TRY(store_clocks_running(
		p->tx, p->arena, cases, count, calendar, &p->list, &p->count));
	p->dues = ouv_arena_array(p->arena, p->count, sizeof(*p->dues));
	p->alarms = ouv_arena_array(
		p->arena, ALARMS_MOST * p->count, sizeof(*p->alarms));
	p->cases = ouv_arena_array(p->arena, p->count, sizeof(*p->cases));
	for (size_t i = 0; i < p->count; i++)
		TRY(count_one(p, &p->list[i]));
	TRY(store_clocks_set(p->tx, p->list, p->moved));
	TRY(store_alarms_set(p->tx, p->alarms, p->alarm_count));
	TRY(store_clocks_due(p->tx, p->dues, p->moved));
	return log_moved(p);
}

/* after: the last case that was done; OUV_NOT_FOUND: there are no more. */
static enum ouv_err
next_page(struct ouv_desk *desk, const char *calendar, struct ouv_id *after,
	int64_t *changed)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct page p = {
		.desk = desk, .arena = arena, .now = ouv_clock_now()
	};
	struct ouv_id *cases;
	size_t count;

	TRY(store_begin(desk->store, &tx));
	p.tx = tx;
	TRY(store_clocks_cases(
		tx, arena, calendar, after, PAGE, &cases, &count));
	if (count == 0)
		return OUV_NOT_FOUND;
	TRY(count_page(&p, cases, count, calendar));
	TRY(store_commit(&tx));
	*after = cases[count - 1];
	*changed += (int64_t)p.moved;
	return OUV_OK;
}

enum ouv_err
ouv_desk_recompute(
	struct ouv_desk *desk, const char *calendar, int64_t *changed_out)
{
	struct ouv_id after = { 0 };
	int64_t changed = 0;
	enum ouv_err err;

	do {
		err = next_page(desk, calendar != NULL ? calendar : "", &after,
			&changed);
	} while (err == OUV_OK);
	if (err != OUV_NOT_FOUND)
		return err;
	*changed_out = changed;
	return OUV_OK;
}
