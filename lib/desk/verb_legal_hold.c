/*
 * verb_legal_hold.c - nothing of a case may be erased, or again may
 */
#include <string.h>

#include "opine.h"

/* clang-format off */
static const char *const holds[] = { "set", "lift", NULL };
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	{ .name = "hold",
		.kind = OUV_FIELD_WORD,
		.required = true,
		.words = holds },
	{ .name = "reason",
		.kind = OUV_FIELD_WORDS,
		.required = true,
		.most = 2000 },
	{ .name = NULL },
};

static enum ouv_err
run(struct verb_call *call)
{
	struct moving *move = call->move;
	bool set = strcmp(move_text(call, "hold", 1), "set") == 0;

	if (move->m.legal_hold == set) {
		verb_error(call, "hold", "same");
		return OUV_INVALID;
	}
	move->m.legal_hold = set;
	move->reason = set ? holds[0] : holds[1];
	return words_keep(call, move_text(call, "reason", 1), &call->object);
}

const struct verb verb_legal_hold = { "legal-hold", OUV_ACTION_LEGAL_HOLD, run,
	false, fields };
