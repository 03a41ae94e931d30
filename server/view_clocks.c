/*
 * view_clocks.c - where a case stands: its steps, who owes the next one, and
 * every term with the reason of its date
 */
#include <string.h>

#include "ouv/clock.h"

#include "move.h"

/* ---- steps -----------------------------------------------------------------
 */

#define S(name) OUV_STATE_BIT(OUV_STATE_##name)
#define NEVER 0

/* clang-format off */
/* The way of a complaint and, where there is no dispute, the light one; a step
 * stands for several states. */
static const struct step {
	const char *word;
	uint32_t dispute, light;
} steps[] = {
	{ "step_received", S(RECEIVED), S(RECEIVED) },
	{ "step_triage", S(TRIAGE) | S(INFO), S(TRIAGE) | S(INFO) },
	{ "step_forwarded", NEVER, S(FORWARDED) },
	{ "step_company", S(COMPANY), NEVER },
	{ "step_consumer", S(CONSUMER), NEVER },
	{ "step_mediation", S(MEDIATION) | S(PROPOSAL), NEVER },
	{ "step_opinion", S(MERIT) | S(PROVISIONAL), NEVER },
	{ "step_plan", S(PLAN), NEVER },
	{ "step_closed", S(CLOSED) | S(REVIEW) | S(ERASED), S(CLOSED) | S(REVIEW) | S(ERASED) },
};
/* clang-format on */

/* Its kind may not be known yet: then where it stands tells. */
static bool
is_light(const struct ouv_case_view *view, const struct ouv_mediation *m)
{
	return view->line.state == OUV_STATE_FORWARDED ||
	       (m->kind != NULL &&
		       strcmp(m->kind,
			       ouv_case_kind_name(OUV_CASE_COMPLAINT)) != 0);
}

static void
add_steps(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_mediation *m)
{
	uint32_t here = OUV_STATE_BIT(view->line.state);
	bool light = is_light(view, m), passed = true;
	json_t *list = json_array();
	int number = 0;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		uint32_t of = light ? steps[i].light : steps[i].dispute;
		json_t *one;

		if (of == NEVER)
			continue;
		one = json_object();
		view_word(request, one, "step", steps[i].word);
		view_number(one, "number", ++number);
		view_flag(one, "is_here", (of & here) != 0);
		passed = passed && (of & here) == 0;
		view_flag(one, "is_passed", passed);
		json_array_append_new(list, one);
	}
	json_object_set_new(data, "steps", list);
}

/* ---- one clock -------------------------------------------------------------
 */

static bool
is_weekly(const struct ouv_step *step)
{
	return step->why != NULL && strcmp(step->why, "weekly") == 0;
}

/* The days that were skipped: by name, and how many were the weekly ones. */
static void
add_days(const struct request *request, json_t *one,
	const struct ouv_clock_view *clock)
{
	json_t *list = json_array();
	int64_t weekly = 0, counted = 0;

	for (size_t i = 0; i < clock->step_count; i++) {
		const struct ouv_step *step = &clock->steps[i];
		json_t *day;

		counted += step->counted;
		weekly += !step->counted && is_weekly(step);
		if (step->counted || step->why == NULL || is_weekly(step))
			continue;
		day = json_object();
		view_day(request, day, "day", step->day);
		view_line(day, "why",
			clock->why != NULL && clock->why[i] != NULL
				? clock->why[i]
				: step->why);
		json_array_append_new(list, day);
	}
	view_flag(one, "has_skipped", json_array_size(list) > 0);
	json_object_set_new(one, "skipped", list);
	view_number(one, "weekly", weekly);
	view_flag(one, "has_weekly", weekly > 0);
	view_number(one, "counted", counted);
}

json_t *
view_clock(const struct request *request, const struct ouv_clock_view *clock,
	int number)
{
	bool agreed = strcmp(clock->unit, "date") == 0;
	bool running = strcmp(clock->state, "running") == 0;
	json_t *one = json_object();

	view_line(one, "clock_id",
		ouv_arena_printf(request->arena, "clock-%d", number));
	view_code(
		request, one, "clock", "clock_", ouv_clock_name(clock->clock));
	view_number(one, "clock_n", clock->n);
	view_flag(one, "has_clock_n", clock->n > 0);
	view_flag(one, "is_paused", strcmp(clock->state, "paused") == 0);
	view_flag(one, "is_lapsed", running && clock->lapsed);
	view_time(request, one, "clock_due", clock->due_at);
	view_time(request, one, "clock_started", clock->started_at);
	view_day(request, one, "day_zero", clock->day_zero);
	view_flag(one, "is_agreed", agreed);
	view_number(one, "amount", clock->amount);
	view_code(request, one, "unit",
		clock->amount == 1 ? "unit_one_" : "unit_", clock->unit);
	move_code(request, one, "profile", "profile_", clock->profile);
	move_code(request, one, "calendar", "calendar_name_", clock->calendar);
	move_line(one, "law", clock->law);
	add_days(request, one, clock);
	return one;
}

/* Does that clock of this case still count? */
static bool
is_going(const struct ouv_mediation *m, enum ouv_clock clock)
{
	for (size_t i = 0; i < m->clock_count; i++)
		if (m->clocks[i].clock == clock &&
			strcmp(m->clocks[i].state, "stopped") != 0)
			return true;
	return false;
}

/* The one that says when the next step is due: the state's own, and once that
 * has stopped whichever gives the case its date. */
static bool
is_main(const struct ouv_case_view *view, const struct ouv_mediation *m,
	const struct ouv_clock_view *clock)
{
	const struct ouv_state_info *info = ouv_state_info(view->line.state);

	if (is_going(m, info->clock))
		return clock->clock == info->clock;
	return info->owes != OUV_OWES_NONE && m->due_at != 0 &&
	       clock->due_at == m->due_at &&
	       strcmp(clock->state, "running") == 0;
}

static void
add_clocks(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_mediation *m)
{
	json_t *others = json_array(), *due = json_array();

	for (size_t i = 0; i < m->clock_count; i++) {
		const struct ouv_clock_view *clock = &m->clocks[i];
		bool first = json_array_size(due) == 0;

		if (strcmp(clock->state, "stopped") == 0)
			continue;
		json_array_append_new(
			is_main(view, m, clock) && first ? due : others,
			view_clock(request, clock, (int)i + 1));
	}
	json_object_set_new(data, "main_clock", due);
	view_flag(data, "has_clocks", json_array_size(others) > 0);
	json_object_set_new(data, "clocks", others);
}

/* ---- who owes --------------------------------------------------------------
 */

/* While an answer of the company waits to be read, and its clock stands still,
 * it is the office's turn; a clock that had ended before goes on to count. */
static const struct ouv_task_view *
unread(const struct ouv_case_view *view, const struct ouv_mediation *m)
{
	for (size_t i = 0; i < m->clock_count; i++)
		if (m->clocks[i].clock == OUV_CLOCK_COMPANY &&
			strcmp(m->clocks[i].state, "paused") != 0)
			return NULL;
	if (view->line.state != OUV_STATE_COMPANY)
		return NULL;
	for (size_t i = 0; i < view->task_count; i++)
		if (view->tasks[i].done_at == 0 &&
			strcmp(view->tasks[i].kind, "read-answer") == 0)
			return &view->tasks[i];
	return NULL;
}

/* Of triage the first answer is half; the rest has no term of its own. */
static const char *
owed(const struct ouv_case_view *view, const struct ouv_mediation *m)
{
	enum ouv_state state = view->line.state;

	if (state == OUV_STATE_TRIAGE &&
		!is_going(m, ouv_state_info(state)->clock))
		return "triage_answered";
	return ouv_state_name(state);
}

/* The date is another one's than of what is owed: then its name stands there.
 */
static void
add_owes_clock(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_mediation *m)
{
	enum ouv_clock own = ouv_state_info(view->line.state)->clock;
	const struct ouv_clock_view *main = NULL;

	for (size_t i = 0; main == NULL && i < m->clock_count; i++)
		if (is_main(view, m, &m->clocks[i]))
			main = &m->clocks[i];
	view_flag(data, "is_owes_other", main != NULL && main->clock != own);
	view_line(data, "owes_clock", "");
	if (main != NULL)
		view_code(request, data, "owes_clock", "clock_",
			ouv_clock_name(main->clock));
}

static void
add_owes(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_mediation *m)
{
	const struct ouv_task_view *task = unread(view, m);
	enum ouv_owes owes = task != NULL ? OUV_OWES_OFFICE : m->owes;
	int64_t due_at = task != NULL ? task->due_at : m->due_at;
	int64_t now = ouv_clock_now();

	view_flag(data, "has_owes", owes != OUV_OWES_NONE);
	view_code(request, data, "owes", "owes_", ouv_owes_name(owes));
	view_code(request, data, "owes_what", "owes_what_",
		task != NULL ? "reading" : owed(view, m));
	add_owes_clock(request, data, view, m);
	if (task != NULL)
		view_flag(data, "is_owes_other", false);
	view_time(request, data, "owes_due", due_at);
	view_flag(data, "is_owes_late", due_at != 0 && due_at < now);
	view_flag(data, "is_owes_soon", due_at >= now && due_at < now + 86400);
}

void
view_clocks(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_mediation *m)
{
	add_steps(request, data, view, m);
	add_owes(request, data, view, m);
	add_clocks(request, data, view, m);
}
