/*
 * verb_revoke.c - a colleague holds the key of a case no longer
 *
 * Two colleagues at least must be left who can open an open case: the schema
 * counts them under the case's lock.  The case gets a new key.
 */
#include <string.h>

#include "grant.h"

static enum ouv_err
run(struct verb_call *call)
{
	const char *outcome;
	struct ouv_id person;

	call->move->reason = move_text(call, "reason", 1);
	TRY(grant_person(call, verb_field(call, "person"), &person));
	TRY(store_grant_revoke(call->tx, call->arena, &call->file->id, &person,
		&call->actor->person, &outcome));
	if (strcmp(outcome, "refused") == 0)
		return OUV_REFUSED;
	if (strcmp(outcome, "revoked") != 0) {
		verb_error(call, "person", outcome);
		return OUV_INVALID;
	}
	call->object = person;
	/* One's own: the page shown next is not this case's. */
	if (ouv_id_equal(&person, &call->actor->person))
		call->result->location = "/";
	return OUV_OK;
}

const struct verb verb_revoke = { "revoke", OUV_ACTION_REVOKE, run, false,
	grant_fields };
