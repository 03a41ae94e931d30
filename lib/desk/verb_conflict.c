/*
 * verb_conflict.c - somebody says that they cannot be impartial in a case
 *
 * From then on they do nothing in it and nobody gives it to them.  There is no
 * way back: who took part in between could not be told any more.
 */
#include "desk_impl.h"

static enum ouv_err
run(struct verb_call *call)
{
	const struct ouv_id *me = &call->actor->person;

	TRY(store_conflict_add(call->tx, &call->file->id, me));
	return store_case_leave(call->tx, &call->file->id, me);
}

const struct verb verb_conflict = { "conflict", OUV_ACTION_CONFLICT, run,
	false };
