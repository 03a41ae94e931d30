/*
 * verb_conflict.c - somebody says that they cannot be impartial in a case
 *
 * From then on they can neither act in it nor read it: their key goes, and the
 * schema refuses them a new one.  There is no way back by oneself: who took
 * part in between could not be told any more.
 */
#include "desk_impl.h"
#include "ouv/store_mediation.h"

static enum ouv_err
run(struct verb_call *call)
{
	const struct ouv_id *me = &call->actor->person;
	int others;

	TRY(hand_seen(call));
	TRY(store_grant_others(call->tx, &call->file->id, me, &others));
	if (others == 0) {
		verb_error(call, "", "last-holder");
		return OUV_INVALID;
	}
	/* In the last moment in which they hold the old one. */
	TRY(rekey_without(call, me));
	/* The page shown next is not this case's: it opens no more. */
	call->result->location = "/";
	return store_conflict_add(call->tx, &call->file->id, me);
}

const struct verb verb_conflict = { "conflict", OUV_ACTION_CONFLICT, run, false,
	NULL };
