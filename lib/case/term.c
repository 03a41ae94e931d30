/*
 * term.c - terms that stand still while somebody else owes the next step
 */
#include <string.h>

#include "due.h"
#include "ouv/term.h"

static const char *const limit_names[OUV_LIMIT__COUNT] = {
	[OUV_LIMIT_RESPONSE] = "response-limit",
	[OUV_LIMIT_MESSAGE] = "message",
	[OUV_LIMIT_URGENT] = "urgent",
	[OUV_LIMIT_POST] = "post",
};

const char *
ouv_limit_name(enum ouv_limit limit)
{
	return limit_names[limit];
}

const struct ouv_term *
ouv_terms_find(const struct ouv_terms *terms, const char *name)
{
	enum ouv_clock clock;

	if (ouv_clock_parse(name, &clock) == OUV_OK)
		return &terms->clocks[clock].term;
	for (int i = 0; i < OUV_LIMIT__COUNT; i++)
		if (strcmp(limit_names[i], name) == 0)
			return &terms->limits[i];
	return NULL;
}

/* clang-format off */
static const char *const end_names[OUV_END__COUNT] = {
	[OUV_END_REFUSED] = "refused",
	[OUV_END_LAPSED] = "lapsed",
	[OUV_END_WITHDRAWN] = "withdrawn",
	[OUV_END_FORWARDED] = "forwarded",
	[OUV_END_SOLVED] = "solved",
	[OUV_END_DECIDED] = "decided",
	[OUV_END_SET_ASIDE] = "set-aside",
	[OUV_END_AUTOMATIC] = "automatic",
};

/* Which act ends a case how. */
static const struct {
	enum ouv_action action;
	enum ouv_end end;
} ends[] = {
	{ OUV_ACTION_REFUSE,    OUV_END_REFUSED },
	{ OUV_ACTION_LAPSE,     OUV_END_LAPSED },
	{ OUV_ACTION_WITHDRAW,  OUV_END_WITHDRAWN },
	{ OUV_ACTION_FEED_BACK, OUV_END_FORWARDED },
	{ OUV_ACTION_ACCEPT,    OUV_END_SOLVED },
	{ OUV_ACTION_CONFIRM,   OUV_END_SOLVED },
	{ OUV_ACTION_DECIDE,    OUV_END_DECIDED },
};
/* clang-format on */

const char *
ouv_end_name(enum ouv_end end)
{
	return end_names[end];
}

enum ouv_err
ouv_end_parse(const char *name, enum ouv_end *end_out)
{
	for (int i = 0; i < OUV_END__COUNT; i++)
		if (strcmp(end_names[i], name) == 0) {
			*end_out = (enum ouv_end)i;
			return OUV_OK;
		}
	return OUV_INVALID;
}

enum ouv_end
ouv_end_of(const char *closed_by)
{
	enum ouv_action action;

	if (closed_by == NULL || ouv_action_parse(closed_by, &action) != OUV_OK)
		return OUV_END__COUNT;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i].action == action)
			return ends[i].end;
	return OUV_END__COUNT;
}

const struct ouv_term *
ouv_terms_kept(const struct ouv_terms *terms, enum ouv_end end)
{
	if (end != OUV_END__COUNT && terms->kept[end].amount != 0)
		return &terms->kept[end];
	return &terms->clocks[OUV_CLOCK_RETENTION].term;
}

static int64_t
whole(const struct ouv_run *run)
{
	return run->amount * due_grain(run->unit);
}

enum ouv_err
ouv_run_due(const struct ouv_calendar *calendar, const struct ouv_run *run,
	struct ouv_due *due_out)
{
	int64_t left = whole(run) - run->used;

	if (run->amount < 1 || run->used < 0)
		return OUV_INVALID;
	return due_left(
		calendar, run->unit, left > 0 ? left : 0, run->since, due_out);
}

enum ouv_err
ouv_run_pause(
	const struct ouv_calendar *calendar, struct ouv_run *run, int64_t at)
{
	int32_t day = ouv_calendar_day(calendar, at, NULL);
	struct ouv_due due = { 0 };
	int64_t used;

	/* One that ends beyond the calendar has not ended within it. */
	if (ouv_run_due(calendar, run, &due) == OUV_OK && at >= due.at)
		return OUV_REFUSED;
	if (day < ouv_day_of(calendar->first_year, 1, 1) ||
		day > ouv_day_of(calendar->last_year, 12, 31))
		return OUV_INVALID;
	if (at < run->since)
		return OUV_OK; /* a clock went back: nothing was counted */
	used = run->used + due_used(calendar, run->unit, run->since, at);
	/* A term that rolls forward has used up all before its last day. */
	run->used = used < whole(run) ? used : whole(run);
	run->since = at;
	return OUV_OK;
}

void
ouv_run_resume(struct ouv_run *run, int64_t at)
{
	if (at > run->since)
		run->since = at;
}
