/*
 * calendar_days.c - days that came with a file, and what a person makes of them
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/calendar_import.h"
#include "ouv/log.h"
#include "ouv/store_mediation.h"

enum ouv_err
ouv_desk_imported_days(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *state, struct ouv_imported_day **list_out,
	size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_calendar_day *rows;
	struct ouv_imported_day *list;
	size_t count;

	TRY(store_begin(desk->store, &tx));
	TRY(store_days(tx, arena, "", state, &rows, &count));
	TRY(store_commit(&tx));
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		list[i] = (struct ouv_imported_day){ .id = rows[i].id,
			.calendar = rows[i].calendar,
			.name = rows[i].name,
			.source = rows[i].source,
			.day = rows[i].day,
			.state = rows[i].state,
			.added_at = rows[i].added_at,
			.decided_at = rows[i].decided_at,
			.decided_by = rows[i].decided_by };
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

static bool
may_decide(const struct ouv_actor *actor)
{
	return actor == NULL || actor->role == OUV_ROLE_OMBUDSMAN ||
	       actor->role == OUV_ROLE_ADMIN;
}

/* True in done_out: this form was carried out before. */
static enum ouv_err
decide(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_id *day, bool accept, bool *done_out)
{
	static const struct ouv_id nobody;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const char *calendar;
	enum ouv_err err = OUV_OK;

	TRY(store_begin(desk->store, &tx));
	if (actor != NULL)
		err = form_once(tx, actor, form_key, "day-decide");
	*done_out = err == OUV_CONFLICT;
	if (err != OUV_OK)
		return *done_out ? OUV_OK : err;
	TRY(store_day_decide(tx, arena, day, accept,
		actor != NULL ? &actor->person : &nobody, actor == NULL,
		&calendar));
	if (actor != NULL)
		TRY(log_own(desk, tx, &actor->person,
			accept ? "day-accept" : "day-refuse", day));
	else
		TRY(log_command(desk, tx, accept ? "day-accept" : "day-refuse",
			day, NULL));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_day_decide(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_id *day, bool accept)
{
	int64_t changed;
	bool done;

	if (!may_decide(actor))
		return OUV_REFUSED;
	TRY(decide(desk, arena, actor, form_key, day, accept, &done));
	/* The day counts; the clockwork counts again every day anyhow. */
	if (!done && ouv_desk_recompute(desk, NULL, &changed) != OUV_OK)
		ouv_log_warn("the terms are not counted again yet");
	return OUV_OK;
}
