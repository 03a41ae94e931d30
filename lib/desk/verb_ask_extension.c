/*
 * verb_ask_extension.c - the company asks for more time
 *
 * Once, and before its time is over; a mediator decides.  What it says stays in
 * its own lane.
 */
#include "settle.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "text", .kind = OUV_FIELD_WORDS, .most = WORDS_MOST },
	{ .name = NULL },
};

static enum ouv_err
run(struct verb_call *call)
{
	struct moving *move = call->move;
	const char *text = move_text(call, "text", 1);
	struct ouv_id item = move->item;

	if (*text == '\0' && ouv_id_is_zero(&item)) {
		verb_error(call, "text", "empty");
		return OUV_INVALID;
	}
	if (*text != '\0')
		TRY(words_keep(call, text, &item));
	call->object = item;
	return settle_task(call, "extension-asked", &item);
}

const struct verb verb_ask_extension = { "ask-extension",
	OUV_ACTION_ASK_EXTENSION, run, false, fields };
