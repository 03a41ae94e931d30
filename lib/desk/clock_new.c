/*
 * clock_new.c - clocks that no move of a person begins: those of new cases, by
 * the batch, and of a company whose notice did not arrive
 */
#include <string.h>

#include "clock.h"

/* What begins with a case of that action, for a case without a name yet. */
static enum ouv_err
pattern(struct ouv_desk *desk, struct store_tx *tx, enum ouv_action action,
	int64_t now, struct store_clock *clocks, size_t *clock_count,
	struct store_alarm *alarms, size_t *alarm_count)
{
	const struct ouv_move *row;
	const struct ouv_terms *terms;
	const struct ouv_calendar *calendar;
	struct ouv_due due = { 0 };

	TRY(ouv_workflow_find(OUV_STATE_HELD, action, OUV_ROLE_GATEWAY, &row));
	TRY(terms_live(desk, tx, NULL, &terms));
	TRY(calendar_live(desk, tx, terms->calendar, &calendar));
	for (int kind = 0; kind < OUV_CLOCK__COUNT; kind++) {
		const struct ouv_term *term = &terms->clocks[kind].term;
		struct store_clock *c = &clocks[*clock_count];

		if ((row->start & OUV_CLOCK_BIT(kind)) == 0 ||
			term->amount == 0)
			continue;
		*c = (struct store_clock){ .kind = (enum ouv_clock)kind,
			.round = 1,
			.amount = term->amount,
			.unit = ouv_unit_name(term->unit),
			.law = term->law != NULL ? term->law : "",
			.profile = terms->name,
			.profile_n = terms->n,
			.calendar = calendar->name,
			.started_at = now,
			.since_at = now };
		/* No mail waits because nobody wrote the next years down. */
		if (clock_due(calendar, c, &due) != OUV_OK)
			continue;
		c->due_at = due.at;
		*alarm_count += clock_alarms(
			calendar, terms, c, now, &alarms[*alarm_count]);
		++*clock_count;
	}
	return OUV_OK;
}

enum ouv_err
clock_new_cases(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, enum ouv_action action,
	const struct ouv_id *cases, size_t count, int64_t now)
{
	struct store_clock one[OUV_CLOCK__COUNT], *clocks;
	struct store_alarm ring[OUV_CLOCK__COUNT * ALARMS_MOST], *alarms;
	size_t n = 0, a = 0;

	if (count == 0)
		return OUV_OK;
	TRY(pattern(desk, tx, action, now, one, &n, ring, &a));
	clocks = ouv_arena_array(arena, n * count, sizeof(*clocks));
	alarms = ouv_arena_array(arena, a * count, sizeof(*alarms));
	for (size_t i = 0; i < count; i++) {
		memcpy(&clocks[i * n], one, n * sizeof(*one));
		memcpy(&alarms[i * a], ring, a * sizeof(*ring));
		for (size_t j = 0; j < n; j++)
			clocks[i * n + j].case_id = cases[i];
		for (size_t j = 0; j < a; j++)
			alarms[i * a + j].case_id = cases[i];
	}
	TRY(store_clocks_set(tx, clocks, n * count));
	return store_alarms_set(tx, alarms, a * count);
}

enum ouv_err
clock_unserve(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_letter *letter, int64_t now)
{
	struct store_clock *list;
	struct store_sent sent;
	const char *kind;
	size_t count;

	TRY(store_outbox_kind(
		tx, arena, &letter->case_id, &letter->item, &kind));
	if (strcmp(kind, "notice") != 0)
		return OUV_OK;
	TRY(store_clocks(tx, arena, &letter->case_id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		struct store_clock *c = &list[i];

		if (c->kind != OUV_CLOCK_COMPANY ||
			c->state != STORE_CLOCK_RUNNING)
			continue;
		TRY(store_letters_of_kind(tx, &letter->case_id, "notice",
			c->started_at, &letter->item, &sent));
		/* Another of its people has it, or may get it. */
		if (sent.first_at != 0 || sent.waiting + sent.paper > 0)
			continue;
		TRY(clock_stop(tx, &letter->case_id, c->kind, c->n, now));
		c->state = STORE_CLOCK_STOPPED;
		TRY(store_case_due_set(tx, &letter->case_id,
			clock_case_due(OUV_STATE_COMPANY, list, count)));
	}
	return OUV_OK;
}
