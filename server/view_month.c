/*
 * view_month.c - a month as a table, closed days as a list, service hours
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/id.h"

#include "calendar.h"

struct month
month_of(int year, int month)
{
	struct month m = { .year = year, .month = month };
	int next = month == 12 ? 1 : month + 1;

	m.first = ouv_day_of(year, month, 1);
	m.last = ouv_day_of(month == 12 ? year + 1 : year, next, 1) - 1;
	m.from = m.first - ouv_day_weekday(m.first);
	m.until = m.last + 6 - ouv_day_weekday(m.last);
	return m;
}

static const struct ouv_office_day *
find_day(const struct ouv_office_day *days, size_t count, int32_t day)
{
	for (size_t i = 0; i < count; i++)
		if (days[i].day == day)
			return &days[i];
	return NULL;
}

/* The word of a weekday, Monday first: weekday_0 ..., weekday_short_0 ... */
static void
add_weekday(const struct request *request, json_t *one, int weekday)
{
	view_word(request, one, "weekday",
		ouv_arena_printf(request->arena, "weekday_%d", weekday));
	view_word(request, one, "weekday_short",
		ouv_arena_printf(request->arena, "weekday_short_%d", weekday));
}

static const char *
why_of(const struct request *request, const struct ouv_office_day *day)
{
	const struct words *words = &request->server->words;

	if (day->open)
		return NULL;
	if (day->why[request->lang] != NULL || day->closing == NULL)
		return day->why[request->lang];
	return ouv_arena_printf(request->arena, "%s: %s",
		words_get(words, request->lang, "absence_office"),
		words_code(words, request->lang, "absence_",
			ouv_absence_reason_name(day->closing->reason)));
}

/* ---- the table -------------------------------------------------------------
 */

/* Persons; a day on which the whole office is away says so as a closed day. */
static json_t *
marks(const struct request *request, const struct ouv_absence *absences,
	size_t count, int32_t day)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		const struct ouv_absence *a = &absences[i];
		json_t *one;

		if (absence_is_office(a) || a->called_off_at != 0 ||
			day < a->first_day || day > a->last_day)
			continue;
		one = json_object();
		absence_who(request, one, "mark", a);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *
cell(const struct request *request, const struct month *month, int32_t number,
	const struct ouv_office_day *day)
{
	const char *why = day != NULL ? why_of(request, day) : NULL;
	json_t *one = json_object();
	int y, m, d;

	ouv_day_split(number, &y, &m, &d);
	view_number(one, "number", d);
	view_line(one, "iso", view_day_iso(request->arena, number));
	view_flag(one, "is_in", m == month->month);
	view_flag(one, "is_today", number == ouv_clock_today());
	view_flag(one, "is_closed", day != NULL && !day->open);
	view_flag(one, "is_named", why != NULL);
	view_line(one, "why", why);
	return one;
}

static json_t *
names_of_days(const struct request *request)
{
	json_t *list = json_array();

	for (int i = 0; i < 7; i++) {
		json_t *one = json_object();

		add_weekday(request, one, i);
		json_array_append_new(list, one);
	}
	return list;
}

void
view_month(const struct request *request, json_t *data,
	const struct month *month, const struct ouv_office_day *days,
	size_t day_count, const struct ouv_absence *absences, size_t count)
{
	json_t *weeks = json_array(), *row = NULL;

	for (int32_t n = month->from; n <= month->until; n++) {
		json_t *one =
			cell(request, month, n, find_day(days, day_count, n));

		json_object_set_new(
			one, "marks", marks(request, absences, count, n));
		if (ouv_day_weekday(n) == 0) {
			row = json_array();
			json_array_append_new(
				weeks, json_pack("{s:o}", "days", row));
		}
		json_array_append_new(row, one);
	}
	json_object_set_new(data, "weekdays", names_of_days(request));
	json_object_set_new(data, "weeks", weeks);
}

/* ---- lists -----------------------------------------------------------------
 */

/* Closed by the office itself, and for no other reason. */
static const struct ouv_absence *
closing_of(const struct request *request, const struct ouv_office_day *day)
{
	return day->why[request->lang] == NULL ? day->closing : NULL;
}

void
view_weekday(const struct request *request, json_t *one, int32_t day)
{
	add_weekday(request, one, ouv_day_weekday(day));
}

static json_t *
closed_row(const struct request *request, const struct ouv_office_day *day)
{
	const struct ouv_absence *closing = closing_of(request, day);
	int32_t first = closing != NULL ? closing->first_day : day->day;
	int32_t last = closing != NULL ? closing->last_day : day->day;
	json_t *one = json_object();

	view_day(request, one, "day", first);
	view_day(request, one, "last", last);
	view_flag(one, "has_one_day", first == last);
	add_weekday(request, one, ouv_day_weekday(first));
	view_line(one, "why", why_of(request, day));
	view_line(one, "law", day->law);
	view_flag(one, "has_law", day->law != NULL && *day->law != '\0');
	return one;
}

void
view_closed(const struct request *request, json_t *data, const char *key,
	const struct ouv_office_day *days, size_t count, bool closings)
{
	static const struct ouv_id nothing;
	struct ouv_id told = nothing;
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		const struct ouv_absence *closing =
			closing_of(request, &days[i]);

		if (why_of(request, &days[i]) == NULL ||
			(closing != NULL &&
				(!closings ||
					ouv_id_equal(&closing->id, &told))))
			continue;
		if (closing != NULL)
			told = closing->id;
		json_array_append_new(list, closed_row(request, &days[i]));
	}
	view_flag(data, ouv_arena_printf(request->arena, "has_%s", key),
		json_array_size(list) > 0);
	json_object_set_new(data, key, list);
}

static const char *
span(struct ouv_arena *arena, const struct ouv_hours *hours)
{
	const char *text = "";

	for (size_t i = 0; i < hours->count; i++) {
		int32_t open = hours->list[i].open / 60;
		int32_t close = hours->list[i].close / 60;

		text = ouv_arena_printf(arena,
			"%s%s%02d:%02d\xe2\x80\x93%02d:%02d", text,
			i > 0 ? ", " : "", open / 60, open % 60, close / 60,
			close % 60);
	}
	return text;
}

void
view_hours(const struct request *request, json_t *data,
	const struct ouv_office_day *days, size_t count)
{
	const struct ouv_office_day *open[7] = { NULL };
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		if (days[i].open && open[ouv_day_weekday(days[i].day)] == NULL)
			open[ouv_day_weekday(days[i].day)] = &days[i];
	for (int i = 0; i < 7; i++) {
		json_t *one = json_object();

		add_weekday(request, one, i);
		view_flag(one, "is_open", open[i] != NULL);
		view_line(one, "span",
			open[i] != NULL ? span(request->arena, &open[i]->hours)
					: "");
		json_array_append_new(list, one);
	}
	json_object_set_new(data, "hours", list);
}
