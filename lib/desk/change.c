/*
 * change.c - the frame of what a person changes that is in no case
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"

enum ouv_err
change_once(struct verb_call *call, const char *form_key, const char *verb,
	change_fn *run, void *user)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	enum ouv_err err;

	memset(call->result, 0, sizeof(*call->result));
	TRY(store_begin(call->desk->store, &tx));
	call->tx = tx;
	err = form_once(tx, call->actor, form_key, verb);
	if (err == OUV_CONFLICT) {
		call->result->repeated = true;
		return OUV_OK;
	}
	if (err != OUV_OK)
		return err;
	TRY(run(call, user));
	return store_commit(&tx);
}

struct verb_call
change_call(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result)
{
	return (struct verb_call){ .desk = desk,
		.arena = arena,
		.actor = actor,
		.fields = fields,
		.field_count = field_count,
		.now = ouv_clock_now(),
		.result = result };
}
