/*
 * verb_assign.c - a case goes to a colleague who is there and may look after it
 */
#include <string.h>

#include "desk_impl.h"

static const struct hand *
find(const struct hand *list, size_t count, const char *login)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].who.login, login) == 0)
			return &list[i];
	return NULL;
}

static enum ouv_err
run(struct verb_call *call)
{
	const char *to = verb_field(call, "to");
	const struct hand *hand;
	struct hand *list;
	size_t count;

	TRY(hand_seen(call));
	TRY(hand_list(call->tx, call->arena, &call->opened->c, &list, &count));
	hand = find(list, count, to);
	if (hand == NULL || hand->against != NULL) {
		verb_error(call, "to",
			*to == '\0'    ? "empty"
			: hand == NULL ? "unknown"
				       : hand->against);
		return OUV_INVALID;
	}
	call->object = hand->who.person;
	return store_case_owner(call->tx, &call->file->id, &hand->who.person);
}

const struct verb verb_assign = { "assign", OUV_ACTION_ASSIGN, run, false,
	NULL };
