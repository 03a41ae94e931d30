/*
 * verb_team.c - who works on a case beside its owner
 */
#include <string.h>

#include "move.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "person", .kind = OUV_FIELD_PERSON, .required = true },
	{ .name = "leave", .kind = OUV_FIELD_FLAG },
	{ .name = NULL },
};

/* What stands against that person; NULL: nothing. */
static const char *
against(struct verb_call *call, const struct store_pool *who)
{
	return who->conflict                                        ? "conflict"
	       : who->away                                          ? "away"
	       : ouv_id_equal(&who->person, &call->opened->c.owner) ? "owner"
								    : NULL;
}

static enum ouv_err
join(struct verb_call *call, const struct ouv_id *person)
{
	struct store_pool *list;
	size_t count, i = 0;
	const char *code;
	int32_t today;

	TRY(office_day(call->desk, call->tx, call->now, &today));
	TRY(store_pool(
		call->tx, call->arena, &call->file->id, today, &list, &count));
	while (i < count && !ouv_id_equal(&list[i].person, person))
		i++;
	code = i == count ? "unknown" : against(call, &list[i]);
	if (code != NULL) {
		verb_error(call, "person", code);
		return OUV_INVALID;
	}
	if (!list[i].key)
		TRY(grant_give(call, person, "team"));
	return store_team_add(call->tx, &call->file->id, person);
}

static enum ouv_err
run(struct verb_call *call)
{
	struct store_member *team;
	struct ouv_id person;
	size_t count, i = 0;

	TRY(grant_person(call, verb_field(call, "person"), &person));
	call->object = person;
	if (!move_flag(call, "leave"))
		return join(call, &person);
	TRY(store_team(call->tx, call->arena, &call->file->id, &team, &count));
	while (i < count && !ouv_id_equal(&team[i].person, &person))
		i++;
	if (i == count) {
		verb_error(call, "person", "not-in-team");
		return OUV_INVALID;
	}
	return store_team_end(call->tx, &call->file->id, &person);
}

const struct verb verb_team = { "team", OUV_ACTION_TEAM, run, false, fields };
