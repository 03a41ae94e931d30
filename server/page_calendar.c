/*
 * page_calendar.c - the office's days: a month at a glance, who is away, when
 * the office is open, and the year's closed days with their law
 */
#include <string.h>

#include "ouv/clock.h"

#include "calendar.h"
#include "page.h"
#include "reply.h"

#define AHEAD_DAYS 60
#define NEXT_MOST 6
#define PROPOSED_MOST 4

/* What is asked of the desk: the whole year, and the weeks of the month. */
struct sight {
	struct month month;
	struct ouv_office_day *year, *days;
	struct ouv_absence *absences, *soon;
	size_t year_count, day_count, absence_count, soon_count;
};

/* ?month=2026-11; without it the present one. */
static bool
read_month(const struct request *request, struct month *month)
{
	const char *asked = form_get(&request->query_form, "month");
	int32_t day = ouv_clock_today();
	int y, m, d;

	if (asked != NULL && *asked != '\0' &&
		(strlen(asked) != 7 || !view_day_typed(OUV_LANG_EN,
					       ouv_arena_printf(request->arena,
						       "%s-01", asked),
					       &day)))
		return false;
	ouv_day_split(day, &y, &m, &d);
	*month = month_of(y, m);
	return true;
}

/* The days around the month may be beyond what the calendar knows. */
static enum ouv_err
read_days(struct ouv_desk *desk, struct request *request, struct sight *s)
{
	enum ouv_err err = ouv_desk_days(desk, request->arena, s->month.from,
		s->month.until, &s->days, &s->day_count);

	if (err == OUV_INVALID)
		err = ouv_desk_days(desk, request->arena, s->month.first,
			s->month.last, &s->days, &s->day_count);
	if (err != OUV_OK)
		return err;
	return ouv_desk_days(desk, request->arena,
		ouv_day_of(s->month.year, 1, 1),
		ouv_day_of(s->month.year, 12, 31), &s->year, &s->year_count);
}

static enum ouv_err
read_all(struct request *request, struct sight *s)
{
	int32_t today = ouv_clock_today();
	struct ouv_desk *desk;
	enum ouv_err err;

	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	if ((err = read_days(desk, request, s)) != OUV_OK)
		return err;
	err = ouv_desk_absences(desk, request->arena, s->month.from,
		s->month.until, &s->absences, &s->absence_count);
	if (err != OUV_OK)
		return err;
	return ouv_desk_absences(desk, request->arena, today,
		today + AHEAD_DAYS, &s->soon, &s->soon_count);
}

/* ---- what the page shows ---------------------------------------------------
 */

static void
add_heading(
	const struct request *request, json_t *data, const struct month *month)
{
	const char *name = words_get(&request->server->words, request->lang,
		ouv_arena_printf(request->arena, "month_%d", month->month));
	const char *text = ouv_arena_printf(
		request->arena, "%s %d", name != NULL ? name : "", month->year);

	view_line(data, "month_title", text);
	view_number(data, "year", month->year);
}

/* A link to a month of which the calendar knows something. */
static void
add_step(struct request *request, json_t *data, const char *key,
	const struct month *month, int step)
{
	int number = month->year * 12 + month->month - 1 + step;
	struct ouv_office_day *days;
	struct ouv_desk *desk;
	struct month to;
	size_t count;
	bool known;

	to = month_of(number / 12, number % 12 + 1);
	known = desk_here(request->server, &desk) == OUV_OK &&
		ouv_desk_days(desk, request->arena, to.first, to.last, &days,
			&count) == OUV_OK;
	view_flag(data, ouv_arena_printf(request->arena, "has_%s", key), known);
	view_line(data, ouv_arena_printf(request->arena, "%s_path", key),
		ouv_arena_printf(request->arena, "/calendar?month=%04d-%02d",
			to.year, to.month));
}

/* Of the month: those that are not called off. */
static void
add_absences(const struct request *request, json_t *data, const struct sight *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->absence_count; i++)
		if (s->absences[i].called_off_at == 0 &&
			s->absences[i].last_day >= s->month.first &&
			s->absences[i].first_day <= s->month.last)
			json_array_append_new(
				list, view_absence(request, &s->absences[i]));
	view_flag(data, "has_absences", json_array_size(list) > 0);
	json_object_set_new(data, "absences", list);
}

/* The days beside the month are in its table, not in its list. */
static void
add_closed(const struct request *request, json_t *data, const struct sight *s)
{
	const struct ouv_office_day *days = s->days;
	size_t count = s->day_count;

	while (count > 0 && days->day < s->month.first) {
		days++;
		count--;
	}
	while (count > 0 && days[count - 1].day > s->month.last)
		count--;
	view_closed(request, data, "closed", days, count, false);
	view_closed(request, data, "year_closed", s->year, s->year_count, true);
}

/* Who is away at this moment, and who will be. */
static void
add_soon(const struct request *request, json_t *data, const struct sight *s)
{
	json_t *now = json_array(), *next = json_array();

	for (size_t i = 0; i < s->soon_count; i++) {
		const struct ouv_absence *a = &s->soon[i];

		if (a->now)
			json_array_append_new(now, view_absence(request, a));
		else if (!absence_is_over(a, ouv_clock_today()) &&
			 json_array_size(next) < NEXT_MOST)
			json_array_append_new(next, view_absence(request, a));
	}
	view_flag(data, "has_now", json_array_size(now) > 0);
	json_object_set_new(data, "now", now);
	view_flag(data, "has_coming", json_array_size(next) > 0);
	json_object_set_new(data, "coming", next);
}

/* What a file brought, for whoever may decide on it. */
static enum ouv_err
add_proposed(struct request *request, json_t *data)
{
	struct sheet sheet = sheet_begin(request, "/calendar/days", NULL);
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK)
		err = view_proposed(&sheet, desk, PROPOSED_MOST, data);
	json_decref(sheet.errors);
	return err;
}

void
page_calendar(struct request *request)
{
	struct sight s = { .year = NULL };
	enum ouv_err err;
	json_t *data;

	err = read_month(request, &s.month) ? read_all(request, &s)
					    : OUV_INVALID;
	if (err != OUV_OK) {
		page_error_desk(
			request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
		return;
	}
	data = view_base(request, "calendar_title");
	view_flag(data, "at_calendar", true);
	add_heading(request, data, &s.month);
	add_step(request, data, "previous", &s.month, -1);
	add_step(request, data, "next", &s.month, 1);
	view_month(request, data, &s.month, s.days, s.day_count, s.absences,
		s.absence_count);
	add_closed(request, data, &s);
	view_hours(request, data, s.year, s.year_count);
	add_absences(request, data, &s);
	add_soon(request, data, &s);
	if ((err = add_proposed(request, data)) != OUV_OK) {
		json_decref(data);
		page_error_desk(request, err);
		return;
	}
	reply_page(request, 200, "calendar", data);
}
