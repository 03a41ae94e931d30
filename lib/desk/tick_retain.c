/*
 * tick_retain.c - before a file is erased: who is told, how it is put off
 *
 * Both parties hear of it in time, the company where it ever knew of the case.
 * Long after the end the gateway may have no address of theirs any more; then
 * whoever opens the case next makes them readable, and the notice waits.
 */
#include <string.h>

#include "clock.h"
#include "ouv/store_keys.h"

#define DAY 86400
#define ADDRESS_TASK "notice-address"

static const char *const sides[SIDES] = { "consumer", "company" };

bool
retain_tells(const struct ring *r, int side)
{
	return side == CONSUMER || r->m.told;
}

static enum ouv_err
any_shut(struct ring *r, bool *shut_out)
{
	bool shut;

	*shut_out = false;
	for (int side = 0; side < SIDES; side++) {
		if (!retain_tells(r, side))
			continue;
		TRY(store_side_shut(
			r->tx, &r->alarm.case_id, sides[side], &shut));
		*shut_out = *shut_out || shut;
	}
	return OUV_OK;
}

enum ouv_err
retain_address(struct ring *r, bool *waits_out)
{
	static const char *const task = ADDRESS_TASK;
	bool shut, asked;

	TRY(any_shut(r, &shut));
	*waits_out = shut;
	if (!shut)
		return store_tasks_void(
			r->tx, &r->alarm.case_id, &task, 1, r->now);
	TRY(store_task_is_open(r->tx, &r->alarm.case_id, task, &asked));
	if (!asked)
		TRY(tick_task(r, task));
	return tick_later(r, clock_service(r->calendar, r->now + DAY));
}

enum ouv_err
retain_untold(struct ring *r, int side)
{
	struct store_task task = { .id = ouv_id_new(),
		.case_id = r->alarm.case_id,
		.kind = r->rule->untold,
		.opened_at = r->now };
	bool opened;
	int version;

	TRY(store_party_side(
		r->tx, &r->alarm.case_id, sides[side], &task.party, &version));
	TRY(letter_due(r->desk, r->tx, r->now, &task.due_at));
	TRY(store_task_add(r->tx, &task, &opened));
	return log_existing(r->desk, r->tx, r->arena, &r->alarm.case_id, NULL,
		"task-open", &task.id);
}

enum ouv_err
retain_told(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *task, int64_t now)
{
	const struct ouv_terms *terms;
	const struct ouv_calendar *calendar;
	struct store_clock *list;
	size_t count;

	TRY(store_clocks(tx, arena, case_id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (list[i].kind != OUV_CLOCK_RETENTION ||
			list[i].state != STORE_CLOCK_RUNNING)
			continue;
		TRY(clock_terms(desk, tx, &list[i], &terms, &calendar));
		TRY(store_kept_told(tx, case_id, task,
			clock_notice(calendar, terms, list[i].kind, now)));
	}
	return OUV_OK;
}

enum ouv_err
retain_anew(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	struct casefile *file, const struct ouv_id *item, int64_t now)
{
	struct store_mediation m;

	TRY(store_mediation(tx, arena, &file->id, &m));
	if (m.state != OUV_STATE_CLOSED)
		return OUV_OK;
	TRY(clock_begin(desk, tx, arena, &m, OUV_CLOCK_RETENTION, 0, now));
	return log_case(desk, tx, file, NULL, "keep-anew", item);
}

enum ouv_err
retain_holds(struct ouv_desk *desk, int64_t now)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	int64_t due_at, count;
	int32_t today;

	TRY(store_begin(desk->store, &tx));
	TRY(office_day(desk, tx, now, &today));
	TRY(letter_due(desk, tx, now, &due_at));
	TRY(store_holds_due(tx, today, now, due_at, &count));
	return store_commit(&tx);
}
