/*
 * verb_comment.c - a side comments on the evidence or on a provisional opinion
 *
 * What it wrote stays in its own lane; the hearing notes that it answered.
 */
#include "opine.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "text", .kind = OUV_FIELD_WORDS, .most = WORDS_MOST },
	{ .name = NULL },
};

static enum ouv_err
run(struct verb_call *call)
{
	struct moving *move = call->move;
	const char *text = move_text(call, "text", 1);
	struct ouv_id item;

	if (*text == '\0' && ouv_id_is_zero(&move->item)) {
		verb_error(call, "text", "empty");
		return OUV_INVALID;
	}
	if (*text != '\0') {
		TRY(words_keep(call, text, &item));
		call->object = item;
	} else {
		call->object = move->item;
	}
	return hearing_answered(
		call, move->role == OUV_ROLE_COMPANY ? COMPANY : CONSUMER);
}

const struct verb verb_comment = { "comment", OUV_ACTION_COMMENT, run, false,
	fields };
