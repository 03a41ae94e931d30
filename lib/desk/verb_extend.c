/*
 * verb_extend.c - the company gets more time, once, with a reason told to both
 *
 * As much as the profile allows, or up to a day before that.
 */
#include "intake.h"

/* clang-format off */
static const struct ouv_field_decl fields[] = {
	{ .name = "reason", .kind = OUV_FIELD_WORDS, .most = INTAKE_WORDS,
	  .required = true, .letter = true },
	{ .name = "by", .kind = OUV_FIELD_DAY },
	{ .name = NULL },
};
/* clang-format on */

static enum ouv_err
run(struct verb_call *call)
{
	int64_t was_at = call->opened != NULL ? call->opened->c.due_at : 0;
	int64_t due_at = 0, by_at = 0;
	int32_t day;

	TRY(clock_extend(call->desk, call->tx, call->arena, &call->move->m,
		OUV_CLOCK_COMPANY, call->now, &due_at));
	if (move_day(call, "by", 1, &day, &by_at)) {
		if (by_at > due_at)
			verb_error(call, "by", "too-far");
		else if (by_at <= was_at)
			verb_error(call, "by", "before-due");
		if (call->result->error_count > 0)
			return OUV_INVALID;
		call->move->until = due_at = by_at;
	}
	intake_both(call, "reason", json_string(move_text(call, "reason", 1)));
	return hearing_extended(call, COMPANY, due_at);
}

const struct verb verb_extend = { "extend", OUV_ACTION_EXTEND, run, false,
	fields };
