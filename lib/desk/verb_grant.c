/*
 * verb_grant.c - a colleague gets the key of a case from one who holds it
 */
#include "grant.h"
#include "ouv/clock.h"

/* What stands against that person; NULL: nothing. */
static enum ouv_err
against(struct verb_call *call, const struct ouv_id *person,
	const char **code_out)
{
	struct store_pool *list;
	size_t count, i = 0;

	TRY(store_pool(call->tx, call->arena, &call->file->id,
		ouv_clock_day(call->now), &list, &count));
	while (i < count && !ouv_id_equal(&list[i].person, person))
		i++;
	*code_out = i == count         ? "unknown"
		    : list[i].conflict ? "conflict"
		    : list[i].key      ? "has-it"
				       : NULL;
	return OUV_OK;
}

static enum ouv_err
run(struct verb_call *call)
{
	const struct colleague *to;
	struct ouv_id person;
	const char *code;
	enum ouv_err err;

	call->move->reason = move_text(call, "reason", 1);
	TRY(grant_person(call, verb_field(call, "person"), &person));
	TRY(against(call, &person, &code));
	if (code == NULL) {
		err = grant_certified(call, &person, &to);
		if (err == OUV_NOT_FOUND || err == OUV_REFUSED)
			code = "unknown";
		else if (err != OUV_OK)
			return err;
	}
	if (code != NULL) {
		verb_error(call, "person", code);
		return OUV_INVALID;
	}
	call->object = person;
	return grant_seal_call(call, to, "given");
}

const struct verb verb_grant = { "grant", OUV_ACTION_GRANT, run, false,
	grant_fields };
