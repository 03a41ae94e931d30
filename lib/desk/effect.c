/*
 * effect.c - what an act does to the clocks of its case, told before it is
 * done
 *
 * The table of moves is applied to the clocks as they stand and nothing of it
 * is written.  Where the state an act leads to depends on what is typed, only
 * the preview of its form can tell.
 */
#include <string.h>

#include "clock.h"
#include "frame.h"
#include "ouv/clock.h"

/* ---- from one list to the other ---------------------------------------------
 */

static const struct store_clock *
find(const struct store_clock *list, size_t count,
	const struct store_clock *clock)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].kind == clock->kind && list[i].n == clock->n)
			return &list[i];
	return NULL;
}

/* OUV_EFFECT__COUNT: nothing that its reader would notice. */
static enum ouv_effect_kind
change(const struct store_clock *was, const struct store_clock *is)
{
	const enum store_clock_state before =
		was != NULL ? was->state : STORE_CLOCK_STOPPED;

	switch (is->state) {
	case STORE_CLOCK_RUNNING:
		if (before == STORE_CLOCK_STOPPED)
			return OUV_EFFECT_BEGINS;
		if (before == STORE_CLOCK_PAUSED)
			return OUV_EFFECT_GOES_ON;
		return was->due_at != is->due_at ? OUV_EFFECT_MOVES
						 : OUV_EFFECT__COUNT;
	case STORE_CLOCK_PAUSED:
		return before == STORE_CLOCK_RUNNING ? OUV_EFFECT_PAUSES
						     : OUV_EFFECT__COUNT;
	default:
		return before != STORE_CLOCK_STOPPED ? OUV_EFFECT_ENDS
						     : OUV_EFFECT__COUNT;
	}
}

static int64_t
ends_at(const struct store_clock *clock, bool later)
{
	return clock->state == STORE_CLOCK_RUNNING && !later ? clock->due_at
							     : 0;
}

struct ouv_effects
effects_of(struct ouv_arena *arena, const struct ouv_move *row,
	const struct store_clock *was, size_t was_count,
	const struct store_clock *is, size_t is_count)
{
	/* All its terms count from the moment a second person confirms it. */
	const bool later = (row->guards & OUV_GUARD_BIT(OUV_GUARD_EYES)) != 0;
	struct ouv_effect *list =
		ouv_arena_array(arena, is_count, sizeof(*list));
	size_t n = 0;

	for (int kind = 0; kind < OUV_EFFECT__COUNT; kind++)
		for (size_t i = 0; i < is_count; i++)
			if ((int)change(find(was, was_count, &is[i]), &is[i]) ==
				kind)
				list[n++] = (struct ouv_effect){
					.clock = is[i].kind,
					.kind = (enum ouv_effect_kind)kind,
					.due_at = ends_at(&is[i], later),
					.unit = is[i].unit,
					.amount = is[i].amount
				};
	return (struct ouv_effects){ .known = true,
		.later = later,
		.arrival = row->action == OUV_ACTION_SERVE,
		.count = n,
		.list = list };
}

/* ---- before anything is typed -----------------------------------------------
 */

/* A letter to the consumer breaks their silence, and no other term; the list
 * has room for one more. */
static void
add_silence(struct verb_call *call, const struct store_mediation *m,
	enum ouv_state to, struct store_clock *list, size_t *count)
{
	struct store_clock silence = { .kind = OUV_CLOCK_SILENCE,
		.state = STORE_CLOCK_RUNNING,
		.unit = "date" };
	size_t i = 0;

	if ((ouv_state_info(to)->clocks & OUV_CLOCK_BIT(OUV_CLOCK_SILENCE)) ==
			0 ||
		clock_would(call->desk, call->tx, call->arena, m,
			OUV_CLOCK_SILENCE, call->now,
			&silence.due_at) != OUV_OK)
		return;
	while (i < *count && list[i].kind != OUV_CLOCK_SILENCE)
		i++;
	if (i == *count)
		list[(*count)++] = silence;
	list[i].state = STORE_CLOCK_RUNNING;
	list[i].due_at = silence.due_at;
}

/* A day that its form asks for, or promises of it. */
static bool
is_typed(enum ouv_action action)
{
	static const enum ouv_action typed[] = { OUV_ACTION_HOLDING,
		OUV_ACTION_EXTEND, OUV_ACTION_FORWARD, OUV_ACTION_ACCEPT,
		OUV_ACTION_CHOOSE, OUV_ACTION_ATTEST, OUV_ACTION_UNLINK };

	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		if (typed[i] == action)
			return true;
	return false;
}

static enum ouv_err
foresee(struct verb_call *call, enum ouv_action action, enum ouv_role role,
	const char *to, struct ouv_effects *effects)
{
	const bool letter = action == OUV_ACTION_REPLY;
	struct store_clock *was, *is;
	struct store_mediation m;
	const struct ouv_move *row;
	size_t was_count, is_count;
	enum ouv_state state;

	TRY(store_mediation(call->tx, call->arena, &call->opened->c.id, &m));
	TRY(ouv_workflow_find(m.state, action, role, &row));
	state = ouv_move_to(row, m.state);
	*effects = (struct ouv_effects){ .known = false };
	if (state == OUV_STATE__COUNT || is_typed(action))
		return OUV_OK;
	TRY(store_clocks(call->tx, call->arena, &m.case_id, &was, &was_count));
	is = was;
	is_count = was_count;
	if (letter || move_has_clocks(row, m.state, state))
		TRY(clock_after(call->desk, call->tx, call->arena, &m, row,
			state, call->now, &is, &is_count));
	if (letter && strcmp(to, "company") != 0)
		add_silence(call, &m, state, is, &is_count);
	*effects = effects_of(call->arena, row, was, was_count, is, is_count);
	return OUV_OK;
}

enum ouv_err
ouv_desk_effects(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, const char *verb,
	enum ouv_role role, const char *to, struct ouv_effects *effects_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct opened opened;
	struct verb_call call = { .desk = desk,
		.arena = arena,
		.actor = actor,
		.opened = &opened,
		.now = ouv_clock_now() };
	enum ouv_action action;
	enum ouv_err err;

	TRY(ouv_action_parse(verb, &action));
	TRY(store_begin_reading(desk->store, &tx));
	call.tx = tx;
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	err = foresee(&call, action, role, to, effects_out);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	return err == OUV_OK ? store_commit(&tx) : err;
}
