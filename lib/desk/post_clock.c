/*
 * post_clock.c - the clock that begins with the delivery of a letter
 *
 * It is found by its round: one that was stopped, begun anew or given more time
 * since is nobody's to move here.
 */
#include "clock.h"
#include "post.h"

static enum ouv_err
find(struct verb_call *call, const struct store_post *post,
	struct store_clock **clock_out)
{
	struct store_clock *list;
	size_t count;

	*clock_out = NULL;
	TRY(store_clocks(
		call->tx, call->arena, &call->file->id, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (list[i].kind == post->clock && list[i].n == 0)
			*clock_out = &list[i];
	return OUV_OK;
}

/* The case's own date goes along. */
static enum ouv_err
set_due(struct verb_call *call)
{
	const struct ouv_id *id = &call->file->id;
	struct store_clock *list;
	size_t count;

	TRY(store_clocks(call->tx, call->arena, id, &list, &count));
	return store_case_due_set(
		call->tx, id, clock_case_due(call->file->state, list, count));
}

static bool
runs(const struct store_clock *clock, const struct store_post *post)
{
	return clock != NULL && clock->state == STORE_CLOCK_RUNNING &&
	       clock->round == post->round;
}

/* Its letter came back, and goes out again: nothing was owed in between. */
static enum ouv_err
begin(struct verb_call *call, const struct store_post *post,
	struct store_clock **clock_out)
{
	const struct ouv_state_info *info = ouv_state_info(call->file->state);
	struct store_mediation m;

	*clock_out = NULL;
	if ((info->clocks & OUV_CLOCK_BIT(post->clock)) == 0 ||
		info->clock != post->clock)
		return OUV_OK;
	TRY(store_mediation(call->tx, call->arena, &call->file->id, &m));
	TRY(clock_begin(call->desk, call->tx, call->arena, &m, post->clock, 0,
		call->now));
	return find(call, post, clock_out);
}

enum ouv_err
post_clock_from(
	struct verb_call *call, const struct store_post *post, int64_t from)
{
	struct store_clock *clock;

	if (!post->has_clock)
		return OUV_OK;
	TRY(find(call, post, &clock));
	if (post->round == 0 &&
		(clock == NULL || clock->state == STORE_CLOCK_STOPPED))
		TRY(begin(call, post, &clock));
	else if (!runs(clock, post))
		clock = NULL;
	if (clock == NULL)
		return OUV_OK;
	TRY(clock_again(call->desk, call->tx, clock, from, call->now));
	TRY(store_post_round(call->tx, &post->id, clock->round));
	return set_due(call);
}

enum ouv_err
post_clock_off(struct verb_call *call, const struct store_post *post)
{
	struct store_clock *clock;

	if (!post->has_clock)
		return OUV_OK;
	TRY(find(call, post, &clock));
	if (!runs(clock, post))
		return OUV_OK;
	TRY(clock_stop(call->tx, &call->file->id, clock->kind, 0, call->now));
	return set_due(call);
}
