/*
 * dossier_ask.c - what case file was asked for, and may this recipient have it?
 *
 * The rules are here and on no form: a party gets what is its own and what was
 * released to it, whatever boxes were ticked.
 */
#include <string.h>

#include "dossier.h"
#include "write.h"

/* clang-format off */
const char *const dossier_for_names[DOSSIER__FOR + 1] = {
	[DOSSIER_CONSUMER] = "consumer",
	[DOSSIER_COMPANY] = "company",
	[DOSSIER_AUTHORITY] = "authority",
	[DOSSIER_COURT] = "court",
	[DOSSIER_INTERNAL] = "internal",
	[DOSSIER__FOR] = NULL,
};

static const struct {
	const char *field;
	enum ouv_lane lane;
} lanes[] = {
	{ "lane_consumer", OUV_LANE_CONSUMER },
	{ "lane_company", OUV_LANE_COMPANY },
	{ "lane_internal", OUV_LANE_INTERNAL },
};
/* clang-format on */
#define LANES (sizeof(lanes) / sizeof(lanes[0]))

bool
dossier_is_party(const struct dossier_ask *ask)
{
	return ask->who == DOSSIER_CONSUMER || ask->who == DOSSIER_COMPANY;
}

/* What would be another's: told, and never just left out. */
static void
check_party(struct verb_call *call, struct dossier_ask *ask)
{
	enum ouv_lane own = ask->who == DOSSIER_COMPANY ? OUV_LANE_COMPANY
							: OUV_LANE_CONSUMER;

	for (size_t i = 0; i < LANES; i++)
		if (lanes[i].lane != own && move_flag(call, lanes[i].field))
			verb_error(call, lanes[i].field, "not-theirs");
	if (ask->notes)
		verb_error(call, "notes", "not-theirs");
	if (ask->log)
		verb_error(call, "log", "not-theirs");
	ask->lanes = 1U << own;
	ask->masked = true;
}

static void
check_other(struct verb_call *call, struct dossier_ask *ask, bool whole)
{
	for (size_t i = 0; i < LANES; i++)
		if (move_flag(call, lanes[i].field))
			ask->lanes |= 1U << lanes[i].lane;
	if (ask->lanes == 0 && !ask->notes)
		verb_error(call, "lane_consumer", "no-lane");
	ask->masked = !whole &&
		      (ask->who != DOSSIER_INTERNAL || move_flag(call, "mask"));
}

static void
read_days(struct verb_call *call, struct dossier_ask *ask)
{
	int32_t first = 0, last = 0;
	int64_t end = 0;

	ask->from = move_text(call, "from", 1);
	ask->until = move_text(call, "until", 1);
	if (move_day(call, "from", 1, &first, &end))
		ask->from_at = ouv_calendar_instant(call->move->days, first, 0);
	if (move_day(call, "until", 1, &last, &end))
		ask->until_at = end;
	if (first != 0 && last != 0 && last < first)
		verb_error(call, "until", "order");
}

enum ouv_err
dossier_ask_read(
	struct verb_call *call, bool whole, struct dossier_ask *ask_out)
{
	const char *who = move_text(call, "recipient", 1);
	const char *lang = move_text(call, "lang", 1);
	struct dossier_ask *ask = ask_out;

	*ask = (struct dossier_ask){ .whom = move_text(call, "whom", 1),
		.purpose = move_text(call, "purpose", 1),
		.notes = move_flag(call, "notes"),
		.log = move_flag(call, "log"),
		.pdf = strcmp(move_text(call, "form", 1), "pdf") == 0,
		.has_lang = *lang != '\0',
		.lang = ouv_lang_parse(lang, call->actor->lang) };
	while (ask->who < DOSSIER__FOR &&
		strcmp(dossier_for_names[ask->who], who) != 0)
		ask->who++;
	if (ask->who == DOSSIER__FOR) {
		verb_error(call, "recipient", "unknown");
		return OUV_INVALID;
	}
	if (dossier_is_party(ask))
		check_party(call, ask);
	else
		check_other(call, ask, whole);
	read_days(call, ask);
	if (ask->pdf && call->desk->office->paper == NULL)
		verb_error(call, "form", "unknown");
	return call->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

const char *
dossier_reason(struct ouv_arena *arena, const struct dossier_ask *ask)
{
	struct ouv_buf out;

	ouv_buf_init(&out, arena, 256);
	ouv_buf_printf(&out, "%s", dossier_for_names[ask->who]);
	if (*ask->whom != '\0')
		ouv_buf_printf(&out, " (%s)", ask->whom);
	ouv_buf_printf(&out, ": %s [", ask->purpose);
	for (size_t i = 0; i < LANES; i++)
		if ((ask->lanes & 1U << lanes[i].lane) != 0)
			ouv_buf_printf(
				&out, "%s ", ouv_lane_name(lanes[i].lane));
	ouv_buf_printf(&out, "%s%s%s%s", ask->notes ? "notes " : "",
		ask->log ? "log " : "", ask->masked ? "masked " : "whole ",
		ask->pdf ? "pdf" : "zip");
	if (*ask->from != '\0' || *ask->until != '\0')
		ouv_buf_printf(&out, " %s..%s", ask->from, ask->until);
	ouv_buf_text(&out, "]");
	return ouv_arena_strndup(arena, out.data, out.len);
}
