/*
 * calendar_import.c - the days of an iCalendar file become proposals
 */
#include <stdio.h>
#include <string.h>

#include "move.h"
#include "ouv/calendar_import.h"
#include "terms.h"

/* Closed by a name of its own; a weekend is no reason not to know a holiday. */
static bool
is_known(const struct ouv_calendar *calendar, int32_t day)
{
	const char *why;

	return !ouv_calendar_open(calendar, day, &why) &&
	       strcmp(why, "weekly") != 0;
}

static enum ouv_err
book_of(struct ouv_desk *desk, struct store_tx *tx, const char *name,
	const struct ouv_calendar **calendar_out, char what_out[200])
{
	enum ouv_err err = calendar_live(desk, tx, name, calendar_out);

	if (err == OUV_NOT_FOUND || err == OUV_INVALID)
		(void)snprintf(what_out, 200,
			"calendar %.60s: it cannot be read", name);
	return err;
}

enum ouv_err
ouv_desk_days_import(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *calendar, const char *source, const char *text, size_t len,
	struct ouv_day_import *done_out, char what_out[200])
{
	static const struct ouv_id nobody;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_calendar *here;
	struct ouv_day_import done = { 0 };
	struct store_calendar_day *days;
	struct ouv_ical ical;
	size_t count = 0;

	what_out[0] = '\0';
	TRY(store_begin(desk->store, &tx));
	TRY(book_of(desk, tx, calendar, &here, what_out));
	TRY(ouv_ical_read(arena, text, len, here, &ical, what_out));
	days = ouv_arena_array(arena, ical.count, sizeof(*days));
	for (size_t i = 0; i < ical.count; i++) {
		if (is_known(here, ical.days[i].day)) {
			done.closed++;
			continue;
		}
		days[count++] = (struct store_calendar_day){ .id = ouv_id_new(),
			.day = ical.days[i].day,
			.name = ical.days[i].name };
	}
	if (count > 0)
		TRY(store_days_propose(tx, here->name, source, &nobody, days,
			count, &done.proposed));
	if (done.proposed > 0)
		TRY(log_command(desk, tx, "day-propose", &nobody, here->name));
	TRY(store_commit(&tx));
	done.known = count - done.proposed;
	done.cancelled = ical.cancelled;
	done.outside = ical.outside;
	*done_out = done;
	return OUV_OK;
}
