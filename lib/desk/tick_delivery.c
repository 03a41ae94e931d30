/*
 * tick_delivery.c - the company's time begins on the day on which the notice
 * reached it
 */
#include "clock.h"

#define LOOK_AGAIN 300

enum ouv_err
tick_delivery(struct ring *r)
{
	static const struct ouv_id none;
	struct store_clock *list;
	struct store_sent sent;
	size_t count;

	TRY(store_letters_of_kind(r->tx, &r->alarm.case_id, "notice",
		r->clock.started_at, &none, &sent));
	r->outcome = "void"; /* by post, or all of it came back (bounce.c) */
	if (sent.first_at == 0)
		return sent.waiting > 0 ? tick_later(r, r->now + LOOK_AGAIN)
					: OUV_OK;
	if (ouv_calendar_day(r->calendar, sent.first_at, NULL) <=
		ouv_calendar_day(r->calendar, r->clock.started_at, NULL))
		return OUV_OK;
	TRY(clock_again(r->desk, r->tx, &r->clock, sent.first_at, r->now));
	TRY(store_clocks(r->tx, r->arena, &r->alarm.case_id, &list, &count));
	r->outcome = "moved";
	TRY(log_existing(r->desk, r->tx, r->arena, &r->alarm.case_id, NULL,
		"clock-moved", &r->alarm.case_id));
	return store_case_due_set(r->tx, &r->alarm.case_id,
		clock_case_due(r->m.state, list, count));
}
