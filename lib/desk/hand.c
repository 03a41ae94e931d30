/*
 * hand.c - who may look after a case, and who may not
 */
#include <stdlib.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/store_mediation.h"

enum ouv_err
hand_impartial(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *person)
{
	bool conflict;

	TRY(store_conflict_is(tx, case_id, person, &conflict));
	return conflict ? OUV_REFUSED : OUV_OK;
}

/* Whoever looks after a case must be able to answer in it. */
static bool
may_answer(const struct store_case *c, enum ouv_role role)
{
	const struct ouv_move *move;

	return ouv_workflow_find(c->state, OUV_ACTION_REPLY, role, &move) ==
	       OUV_OK;
}

static const char *
against(const struct store_case *c, const struct store_candidate *who)
{
	return !may_answer(c, who->role) ? "unknown"
	       : who->conflict           ? "conflict"
	       : !who->key               ? "no-key"
	       : who->away               ? "away"
					 : NULL;
}

enum ouv_err
hand_list(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_case *c, struct hand **list_out, size_t *count_out)
{
	struct store_candidate *people;
	struct hand *list;
	size_t count;

	TRY(store_candidates(tx, arena, &c->id, &people, &count));
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		list[i] = (struct hand){ people[i], against(c, &people[i]) };
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

/* Those who are away are named all the same: one sees until when. */
static void
view_candidates(struct ouv_arena *arena, const struct store_case *c,
	const struct hand *list, size_t count, struct ouv_case_view *view)
{
	view->candidates =
		ouv_arena_array(arena, count, sizeof(*view->candidates));
	for (size_t i = 0; i < count; i++) {
		const struct store_candidate *who = &list[i].who;

		if (ouv_id_equal(&who->person, &c->owner) ||
			(list[i].against != NULL &&
				strcmp(list[i].against, "away") != 0))
			continue;
		view->candidates[view->candidate_count++] =
			(struct ouv_candidate){ .login = who->login,
				.name = who->name,
				.away = who->away,
				.back_day = who->back_day };
	}
}

/* ---- was somebody faster? --------------------------------------------------
 */

/* Of what happened what may make a case another's; all of it when nothing
 * else tells why it is. */
static bool
is_hand(const char *action)
{
	static const char *const hands[] = { "assign", "draw", "conflict",
		"recuse", "open" };

	for (size_t i = 0; i < sizeof(hands) / sizeof(hands[0]); i++)
		if (strcmp(hands[i], action) == 0)
			return true;
	return false;
}

/* Of all that happened those that gave it away; where there is none, all. */
static void
keep_hands(struct ouv_verb_result *result)
{
	size_t n = 0;

	for (size_t i = 0; i < result->change_count; i++)
		n += is_hand(result->changes[i].action);
	if (n == 0)
		return;
	n = 0;
	for (size_t i = 0; i < result->change_count; i++)
		if (is_hand(result->changes[i].action))
			result->changes[n++] = result->changes[i];
	result->change_count = n;
}

static enum ouv_err
tell_hands(struct verb_call *call, const char *owner)
{
	int since = (int)strtol(verb_field(call, "since"), NULL, 10);
	struct ouv_verb_result *result = call->result;

	TRY(store_changes(call->tx, call->arena, &call->file->id, since,
		&result->changes, &result->change_count));
	keep_hands(result);
	result->handed = owner != NULL ? owner : "";
	return OUV_CONFLICT;
}

/* Notes and letters are no reason to wait: only whose it is counts. */
enum ouv_err
hand_seen(struct verb_call *call)
{
	const char *text = verb_field(call, "owner"), *name;
	struct ouv_id seen, owner;

	if (*text == '\0')
		return OUV_OK;
	TRY(ouv_id_parse(text, &seen));
	/* Read again: the case's row was not ours when it was opened. */
	TRY(store_case_owned(
		call->tx, call->arena, &call->file->id, &owner, &name));
	return ouv_id_equal(&seen, &owner) ? OUV_OK : tell_hands(call, name);
}

enum ouv_err
hand_view(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct store_case *c,
	struct ouv_case_view *view)
{
	const struct ouv_move *move;
	struct hand *list;
	size_t count;

	TRY(hand_list(tx, arena, c, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&list[i].who.person, &actor->person))
			view->in_conflict = list[i].who.conflict;
	view_candidates(arena, c, list, count, view);
	view->owner = c->owner;
	if (view->in_conflict || c->desk_month != 0)
		return OUV_OK;
	view->may_assign = ouv_workflow_find(c->state, OUV_ACTION_ASSIGN,
				   actor->role, &move) == OUV_OK;
	view->may_conflict = ouv_workflow_find(c->state, OUV_ACTION_CONFLICT,
				     actor->role, &move) == OUV_OK;
	return OUV_OK;
}
