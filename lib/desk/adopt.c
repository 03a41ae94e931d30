/*
 * adopt.c - clocks for cases that were there before clocks were
 *
 * They get those that run in their state, counted from when they came; what
 * would have run out long ago rings at once, and a person sees it.
 */
#include "clock.h"
#include "ouv/clock.h"

/* Of a closed case only how long it is kept: nobody was told of windows. */
#define OF_CLOSED OUV_CLOCK_BIT(OUV_CLOCK_RETENTION)

#define BY_ACT \
	(OUV_CLOCK_BIT(OUV_CLOCK_PROMISE) | OUV_CLOCK_BIT(OUV_CLOCK_ATTEST))

static enum ouv_err
adopt_one(struct ouv_desk *desk, struct ouv_id *after)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_unclocked found;
	struct store_mediation m;
	uint32_t kinds;

	TRY(store_begin(desk->store, &tx));
	TRY(store_clocks_none(tx, after, &found));
	TRY(store_mediation(tx, arena, &found.case_id, &m));
	kinds = ouv_state_info(found.state)->clocks;
	if (found.state == OUV_STATE_CLOSED)
		kinds &= OF_CLOSED;
	for (int k = 0; k < OUV_CLOCK__COUNT; k++) {
		bool step =
			ouv_state_info(found.state)->clock == (enum ouv_clock)k;

		if ((kinds & OUV_CLOCK_BIT(k)) == 0 ||
			(BY_ACT & OUV_CLOCK_BIT(k)) != 0)
			continue;
		/* It may have been answered long ago. */
		if (k == OUV_CLOCK_RESPONSE &&
			found.state != OUV_STATE_RECEIVED)
			continue;
		TRY(clock_begin(desk, tx, arena, &m, (enum ouv_clock)k, 0,
			step || !ouv_state_is_open(found.state)
				? found.moved_at
				: found.opened_at));
	}
	TRY(store_commit(&tx));
	*after = found.case_id;
	return OUV_OK;
}

enum ouv_err
ouv_desk_adopt(struct ouv_desk *desk, size_t *done_out)
{
	struct ouv_id after = { 0 };
	enum ouv_err err;
	size_t n = 0;

	while ((err = adopt_one(desk, &after)) == OUV_OK)
		n++;
	*done_out = n;
	return err == OUV_NOT_FOUND ? OUV_OK : err;
}
