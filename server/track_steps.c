/*
 * track_steps.c - the way of a case, as its consumer reads it: what is done,
 * where it is, what is to come
 */
#include "track.h"

enum step {
	STEP_RECEIVED,
	STEP_READ,
	STEP_COMPANY,
	STEP_ANSWER,
	STEP_SOLUTION,
	STEP_OPINION,
	STEP_PLAN,
	STEP_CLOSED,
	STEPS
};

/* clang-format off */
static const char *const names[STEPS] = {
	[STEP_RECEIVED] = "received", [STEP_READ] = "read",
	[STEP_COMPANY] = "company",   [STEP_ANSWER] = "answer",
	[STEP_SOLUTION] = "solution", [STEP_OPINION] = "opinion",
	[STEP_PLAN] = "plan",         [STEP_CLOSED] = "closed",
};

/* Where each state is; what was passed on has a way of its own. */
static const enum step at[OUV_STATE__COUNT] = {
	[OUV_STATE_RECEIVED] = STEP_RECEIVED, [OUV_STATE_TRIAGE] = STEP_READ,
	[OUV_STATE_INFO] = STEP_READ,         [OUV_STATE_COMPANY] = STEP_COMPANY,
	[OUV_STATE_CONSUMER] = STEP_ANSWER,   [OUV_STATE_MEDIATION] = STEP_SOLUTION,
	[OUV_STATE_PROPOSAL] = STEP_SOLUTION, [OUV_STATE_MERIT] = STEP_OPINION,
	[OUV_STATE_PROVISIONAL] = STEP_OPINION, [OUV_STATE_PLAN] = STEP_PLAN,
	[OUV_STATE_REVIEW] = STEP_OPINION,    [OUV_STATE_FORWARDED] = STEP_COMPANY,
	[OUV_STATE_HELD] = STEP_RECEIVED,     [OUV_STATE_CLOSED] = STEP_CLOSED,
	[OUV_STATE_ERASED] = STEP_CLOSED,
};
/* clang-format on */

static bool
is_on_the_way(enum ouv_state state, enum step step)
{
	if (state != OUV_STATE_FORWARDED)
		return true;
	return step <= STEP_COMPANY || step == STEP_CLOSED;
}

json_t *
track_steps(const struct request *request, enum ouv_state state)
{
	json_t *list = json_array();

	for (int s = 0; ouv_state_is_open(state) && s < STEPS; s++) {
		json_t *one;

		if (!is_on_the_way(state, (enum step)s))
			continue;
		one = json_object();
		view_code(request, one, "step", "track_step_",
			state == OUV_STATE_FORWARDED && s == STEP_COMPANY
				? "forwarded"
				: names[s]);
		view_flag(one, "is_done", (enum step)s < at[state]);
		view_flag(one, "is_now", (enum step)s == at[state]);
		json_array_append_new(list, one);
	}
	return list;
}
