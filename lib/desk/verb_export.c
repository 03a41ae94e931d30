/*
 * verb_export.c - a copy of the file for the person it is about
 *
 * What it was made for is kept; the copy itself leaves with the answer to the
 * form and is nowhere else.
 */
#include "copy.h"

#define NOTE_MOST 200

/* clang-format off */
static const char *const purposes[] = { "access", "portability", "authority",
	"other", NULL };

static const struct ouv_field_decl fields[] = {
	{ .name = "purpose", .kind = OUV_FIELD_WORD, .required = true, .words = purposes },
	{ .name = "reference", .kind = OUV_FIELD_LINE, .most = NOTE_MOST },
	{ .name = NULL },
};
/* clang-format on */

static enum ouv_err
run(struct verb_call *call)
{
	const char *purpose = move_text(call, "purpose", 1);
	const char *reference = move_text(call, "reference", 1);
	struct ouv_copy *copy;

	if (call->move->dry)
		return OUV_OK;
	TRY(copy_make(call, &copy));
	call->result->copy = copy;
	call->move->reason = ouv_arena_printf(call->arena, "%s%s%s", purpose,
		*reference != '\0' ? ": " : "", reference);
	return OUV_OK;
}

const struct verb verb_export = { "export", OUV_ACTION_EXPORT, run, false,
	fields };
