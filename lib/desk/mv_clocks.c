/*
 * mv_clocks.c - the clocks of a case as its readers see them: why this date
 */
#include "clock.h"
#include "ouv/clock.h"

/* The steps are counted first: nobody knows how many days a term has. */
static enum ouv_err
add_steps(struct mv *mv, const struct ouv_calendar *calendar,
	const struct store_clock *clock, struct ouv_clock_view *view)
{
	struct ouv_due due = { 0 };
	struct ouv_step *steps;
	const char **why;

	if (clock_due(calendar, clock, &due) != OUV_OK)
		return OUV_OK; /* the calendar ends before: said on the log */
	due.step_room = due.step_count;
	due.steps = steps =
		ouv_arena_array(mv->arena, due.step_count, sizeof(*steps));
	TRY(clock_due(calendar, clock, &due));
	why = ouv_arena_array(mv->arena, due.step_count, sizeof(*why));
	for (size_t i = 0; i < due.step_count; i++) {
		const char *law;

		why[i] = NULL;
		if (steps[i].why != NULL)
			TRY(calendar_why(mv->desk, mv->tx, calendar,
				steps[i].why, mv->lang, &why[i], &law));
	}
	view->step_count = due.step_count;
	view->steps = steps;
	view->why = why;
	return OUV_OK;
}

enum ouv_err
mv_clock_view(struct mv *mv, const struct store_clock *clock, int64_t now,
	struct ouv_clock_view *view)
{
	const struct ouv_terms *terms;
	const struct ouv_calendar *calendar;

	TRY(clock_terms(mv->desk, mv->tx, clock, &terms, &calendar));
	*view = (struct ouv_clock_view){ .clock = clock->kind,
		.n = clock->n,
		.state = store_clock_state_name(clock->state),
		.started_at = clock->started_at,
		.due_at = clock->due_at,
		.lapsed = clock->state == STORE_CLOCK_RUNNING &&
			  clock->due_at < now,
		.profile = clock->profile,
		.calendar = clock->calendar,
		.law = clock->law,
		.unit = clock->unit,
		.amount = clock->amount,
		.day_zero =
			ouv_calendar_day(calendar, clock->started_at, NULL) };
	if (clock->state != STORE_CLOCK_RUNNING)
		return OUV_OK;
	return add_steps(mv, calendar, clock, view);
}

enum ouv_err
mv_clocks(struct mv *mv)
{
	struct ouv_clock_view *views;
	struct store_clock *list;
	size_t count;

	TRY(store_clocks(mv->tx, mv->arena, &mv->opened->c.id, &list, &count));
	views = ouv_arena_array(mv->arena, count, sizeof(*views));
	for (size_t i = 0; i < count; i++)
		TRY(mv_clock_view(mv, &list[i], ouv_clock_now(), &views[i]));
	mv->out->clocks = views;
	mv->out->clock_count = count;
	return OUV_OK;
}
