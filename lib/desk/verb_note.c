/*
 * verb_note.c - an internal note, also of a call or a visit
 */
#include "intake.h"

/* clang-format off */
static const char *const sources[] = { "call", "letter", "fax", "chat",
	"visit", "other", NULL };

static const struct ouv_field_decl fields[] = {
	{ .name = "text", .kind = OUV_FIELD_WORDS, .most = INTAKE_WORDS, .required = true },
	{ .name = "heard", .kind = OUV_FIELD_WORD, .words = sources },
	{ .name = NULL },
};
/* clang-format on */

static enum ouv_err
run(struct verb_call *call)
{
	const char *heard = move_text(call, "heard", 1);

	if (*heard != '\0')
		call->move->source = heard;
	return words_keep(call, move_text(call, "text", 1), &call->object);
}

const struct verb verb_note = { "note", OUV_ACTION_NOTE, run, false, fields };
