/*
 * verb_forward.c - what is no dispute goes to whoever can deal with it, with a
 * date
 *
 * To a unit of the register, to an address, or to somebody whom no letter
 * needs to reach.
 */
#include "intake.h"

/* clang-format off */
static const struct ouv_field_decl fields[] = {
	{ .name = "owner", .kind = OUV_FIELD_LINE, .most = INTAKE_LINE,
	  .required = true, .letter = true },
	{ .name = "by", .kind = OUV_FIELD_DAY, .required = true },
	{ .name = "unit", .kind = OUV_FIELD_COMPANY },
	{ .name = "to_addr", .kind = OUV_FIELD_LINE, .most = INTAKE_LINE },
	{ .name = "to_name", .kind = OUV_FIELD_LINE, .most = INTAKE_LINE },
	{ .name = "text", .kind = OUV_FIELD_WORDS, .most = INTAKE_WORDS, .letter = true },
	{ .name = NULL },
};
/* clang-format on */

static enum ouv_err
to_unit(struct verb_call *call)
{
	struct store_mediation *m = &call->move->m;
	struct store_unit unit;

	TRY(respondent_unit(call, "unit", &unit));
	m->unit = unit.id;
	m->company = unit.company;
	m->company_name = unit.company_name;
	return respondent_join(call, &unit);
}

static enum ouv_err
to_whom(struct verb_call *call)
{
	const char *addr = move_text(call, "to_addr", 1);

	if (*move_text(call, "unit", 1) != '\0')
		return to_unit(call);
	if (*addr == '\0') {
		call->move->text[COMPANY] = NULL;
		return OUV_OK;
	}
	return respondent_other(call, move_text(call, "to_name", 1), addr);
}

static void
check(struct verb_call *call)
{
	const char *addr = move_text(call, "to_addr", 1);
	bool unit = *move_text(call, "unit", 1) != '\0';

	if (*addr != '\0' && !ouv_mail_addr_ok(addr))
		verb_error(call, "to_addr", "not-an-address");
	else if (*addr != '\0' && unit)
		verb_error(call, "to_addr", "one-of-two");
	if ((*addr != '\0' || unit) && *move_text(call, "text", 1) == '\0')
		verb_error(call, "text", "empty");
}

static enum ouv_err
run(struct verb_call *call)
{
	int32_t day = 0;

	check(call);
	if (call->result->error_count > 0)
		return OUV_INVALID;
	TRY(to_whom(call));
	(void)move_day(call, "by", 1, &day, &call->move->until);
	(void)intake_named(call);
	intake_both(call, "by", json_integer(day));
	intake_one(call, CONSUMER, "owner",
		json_string(move_text(call, "owner", 1)));
	intake_one(
		call, COMPANY, "text", json_string(move_text(call, "text", 1)));
	return OUV_OK;
}

const struct verb verb_forward = { "forward", OUV_ACTION_FORWARD, run, true,
	fields };
