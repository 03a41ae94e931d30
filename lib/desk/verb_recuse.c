/*
 * verb_recuse.c - a colleague is taken off a case, by order
 *
 * The key goes with it (the schema sees to that), so it is felt on access and
 * not only on the screen.  Somebody else must hold the key: no case is
 * orphaned.
 */
#include "move.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "person", .kind = OUV_FIELD_PERSON, .required = true },
	{ .name = "reason",
		.kind = OUV_FIELD_WORDS,
		.required = true,
		.most = 2000 },
	{ .name = NULL },
};

static enum ouv_err
run(struct verb_call *call)
{
	struct ouv_id person, note;
	int others;

	TRY(grant_person(call, verb_field(call, "person"), &person));
	TRY(store_grant_others(call->tx, &call->file->id, &person, &others));
	if (others == 0) {
		verb_error(call, "person", "last-holder");
		return OUV_INVALID;
	}
	call->object = person;
	TRY(words_keep(call, move_text(call, "reason", 1), &note));
	return store_recuse(
		call->tx, &call->file->id, &person, &call->actor->person);
}

const struct verb verb_recuse = { "recuse", OUV_ACTION_RECUSE, run, false,
	fields };
