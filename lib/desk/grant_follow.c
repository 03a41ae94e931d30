/*
 * grant_follow.c - after each act: who goes on from here gets the key, and who
 * had it for triage alone has it no longer
 *
 * Who needs it is a table (lib/case/key_need.c).  A colleague who acts gives it
 * in the same transaction; a machine has none to give and writes down that it
 * is due.
 */
#include <string.h>

#include "grant.h"
#include "ouv/log.h"

/* "reader,ombudsman" */
static const char *
role_names(struct ouv_arena *arena, uint32_t roles)
{
	const char *text = "";

	for (int r = 0; r < OUV_ROLE__COUNT; r++)
		if ((roles & OUV_ROLE_BIT(r)) != 0)
			text = ouv_arena_printf(arena, "%s%s%s", text,
				*text != '\0' ? "," : "",
				ouv_role_name((enum ouv_role)r));
	return text;
}

static bool
is_called(const struct ouv_key_need *need, enum ouv_state state,
	const struct store_pending *waiting, size_t count)
{
	if ((need->states & OUV_STATE_BIT(state)) != 0)
		return true;
	for (size_t i = 0; need->waits != OUV_ACTION__COUNT && i < count; i++)
		if (strcmp(waiting[i].action, ouv_action_name(need->waits)) ==
			0)
			return true;
	return false;
}

static enum ouv_err
give_roles(struct verb_call *call, const struct ouv_key_need *need)
{
	struct ouv_id *list;
	enum ouv_err err;
	size_t count;

	TRY(store_grant_lacking(call->tx, call->arena, &call->file->id,
		&call->actor->person, role_names(call->arena, need->roles),
		&list, &count));
	for (size_t i = 0; i < count; i++) {
		err = grant_give(call, &list[i], need->why);
		/* No certificate, no key: that stops nobody's work. */
		if (err != OUV_OK && err != OUV_NOT_FOUND && err != OUV_REFUSED)
			return err;
	}
	return OUV_OK;
}

static enum ouv_err
end_desk(struct verb_call *call)
{
	struct ouv_id *list;
	size_t count;

	TRY(store_grants_desk_end(
		call->tx, call->arena, &call->file->id, &list, &count));
	for (size_t i = 0; i < count; i++)
		TRY(log_case(call->desk, call->tx, call->file,
			&call->actor->person, "desk-end", &list[i]));
	return OUV_OK;
}

enum ouv_err
grant_follow(struct verb_call *call, enum ouv_state before)
{
	enum ouv_state now = call->file->state;
	struct store_pending *waiting;
	const struct ouv_key_need *needs;
	size_t need_count, count;

	if (call->file->protocol == NULL || now == OUV_STATE_ERASED)
		return OUV_OK;
	needs = ouv_key_needs(&need_count);
	TRY(store_pendings(
		call->tx, call->arena, &call->file->id, &waiting, &count));
	for (size_t i = 0; i < need_count; i++)
		if (is_called(&needs[i], now, waiting, count))
			TRY(give_roles(call, &needs[i]));
	if (before == OUV_STATE_TRIAGE && now != before)
		return end_desk(call);
	return OUV_OK;
}

enum ouv_err
grant_wait(struct store_tx *tx, struct ouv_arena *arena,
	const struct casefile *file)
{
	size_t count;
	const struct ouv_key_need *needs = ouv_key_needs(&count);

	if (file->protocol == NULL)
		return OUV_OK;
	for (size_t i = 0; i < count; i++)
		if ((needs[i].states & OUV_STATE_BIT(file->state)) != 0)
			TRY(store_grant_ask(tx, &file->id,
				role_names(arena, needs[i].roles),
				needs[i].why));
	return OUV_OK;
}
