/*
 * page_due.c - what falls due: two weeks day by day and then week by week, with
 * closed days and absences, and under it each date with its reason
 */
#include <string.h>
#include <time.h>

#include "ouv/clock.h"
#include "ouv/dues.h"

#include "calendar.h"
#include "move.h"
#include "page.h"
#include "reply.h"

#define HERE "/calendar/due"
#define DAYS 14
#define WEEKS 6
#define SPANS (DAYS + WEEKS)
#define ROWS 25
#define LAST_DAY (DAYS + WEEKS * 7)

/* What the address asks for. */
struct wish {
	struct ouv_due_wish of;
	bool late; /* only what is late */
	int32_t today;
};

static bool
read_day(const struct request *request, const char *name, int32_t *day)
{
	const char *text = form_get(&request->query_form, name);

	return text == NULL || *text == '\0' || ouv_day_read(text, day);
}

/* Somebody who looks after cases begins with theirs. */
static bool
read_wish(const struct request *request, struct wish *w)
{
	const char *whose = form_get(&request->query_form, "whose");

	*w = (struct wish){ .today = ouv_clock_today() };
	w->of.mine = whose == NULL || strcmp(whose, "all") != 0;
	w->of.after = form_get(&request->query_form, "after");
	w->of.most = ROWS;
	w->late = form_get(&request->query_form, "late") != NULL;
	if (!read_day(request, "from", &w->of.from) ||
		!read_day(request, "until", &w->of.last))
		return false;
	if (w->late)
		w->of.last = w->today - 1;
	return true;
}

/* ---- the days --------------------------------------------------------------
 */

/* What is asked of the desk for them. */
struct sight {
	int32_t days[SPANS + 1];
	int64_t clocks[SPANS + 1], tasks[SPANS + 1];
	struct ouv_office_day *office;
	struct ouv_absence *absences;
	size_t office_count, absence_count;
};

static enum ouv_err
see(struct ouv_desk *desk, struct request *request, const struct wish *w,
	struct sight *s)
{
	int32_t today = w->today;
	enum ouv_err err;

	for (int i = 0; i <= DAYS; i++)
		s->days[i] = today + i;
	for (int i = 1; i <= WEEKS; i++)
		s->days[DAYS + i] = today + DAYS + i * 7;
	err = ouv_desk_due_counts(desk, request->arena, request->actor,
		w->of.mine, s->days, SPANS + 1, s->clocks, s->tasks);
	if (err == OUV_OK)
		err = ouv_desk_absences(desk, request->arena, today,
			today + LAST_DAY, &s->absences, &s->absence_count);
	if (err != OUV_OK)
		return err;
	err = ouv_desk_days(desk, request->arena, today, today + LAST_DAY,
		&s->office, &s->office_count);
	/* A calendar may end before; then nothing is known to be closed. */
	return err == OUV_INVALID ? OUV_OK : err;
}

/* Who is away at some time of these days. */
static void
add_away(const struct request *request, json_t *one, const struct sight *s,
	int32_t first, int32_t last)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->absence_count; i++) {
		const struct ouv_absence *a = &s->absences[i];

		if (a->called_off_at == 0 && a->last_day >= first &&
			a->first_day <= last && !absence_is_office(a))
			json_array_append_new(list, view_absence(request, a));
	}
	view_flag(one, "has_away", json_array_size(list) > 0);
	json_object_set_new(one, "away", list);
}

/* Closed days by name; of a single day also the weekly ones. */
static void
add_closed(const struct request *request, json_t *one, const struct sight *s,
	int32_t first, int32_t last)
{
	json_t *list = json_array();
	bool closed = false;

	for (size_t i = 0; i < s->office_count; i++) {
		const struct ouv_office_day *d = &s->office[i];
		json_t *day;

		if (d->day < first || d->day > last || d->open)
			continue;
		closed = closed || first == last;
		if (d->why[request->lang] == NULL)
			continue;
		day = json_object();
		view_line(day, "why", d->why[request->lang]);
		json_array_append_new(list, day);
	}
	view_flag(one, "is_closed", closed);
	json_object_set_new(one, "closed", list);
}

static const char *
span_path(const struct request *request, const struct wish *w, int32_t first,
	int32_t last)
{
	return ouv_arena_printf(request->arena,
		HERE "?whose=%s&from=%s&until=%s", w->of.mine ? "mine" : "all",
		view_day_iso(request->arena, first),
		view_day_iso(request->arena, last));
}

static json_t *
span(const struct request *request, const struct wish *w, const struct sight *s,
	int i)
{
	int32_t first = s->days[i - 1], last = s->days[i] - 1;
	json_t *one = json_object();

	view_day(request, one, "first", first);
	view_day(request, one, "last", last);
	view_flag(one, "is_day", first == last);
	view_weekday(request, one, first);
	view_flag(one, "is_today", first == w->today);
	view_flag(one, "is_chosen",
		first == w->of.from && last == w->of.last && !w->late);
	view_number(one, "terms", s->clocks[i]);
	view_number(one, "tasks", s->tasks[i]);
	view_flag(one, "has_dues", s->clocks[i] + s->tasks[i] > 0);
	view_line(one, "span_path", span_path(request, w, first, last));
	add_closed(request, one, s, first, last);
	add_away(request, one, s, first, last);
	return one;
}

static void
add_spans(const struct request *request, json_t *data, const struct wish *w,
	const struct sight *s)
{
	json_t *list = json_array();

	for (int i = 1; i <= SPANS; i++)
		json_array_append_new(list, span(request, w, s, i));
	json_object_set_new(data, "spans", list);
	view_number(data, "late_terms", s->clocks[0]);
	view_number(data, "late_tasks", s->tasks[0]);
	view_flag(data, "has_late", s->clocks[0] + s->tasks[0] > 0);
}

/* ---- the dates -------------------------------------------------------------
 */

/* The day stands above them. */
static void
add_hour(json_t *one, int64_t at)
{
	time_t when = (time_t)at;
	char text[16] = "";
	struct tm tm;

	if (localtime_r(&when, &tm) != NULL)
		(void)strftime(text, sizeof(text), "%H:%M", &tm);
	view_line(one, "hour", text);
}

static json_t *
row_of(const struct request *request, const struct ouv_due_row *row, int number)
{
	json_t *one = json_object();

	view_line(one, "case_path", view_case_path(request, &row->line));
	move_line(one, "protocol", row->line.protocol);
	move_line(one, "subject", row->line.subject);
	move_line(one, "owner", row->line.owner);
	view_code(request, one, "state", "state_",
		ouv_state_name(row->line.state));
	view_time(request, one, "at", row->due_at);
	add_hour(one, row->due_at);
	view_flag(one, "is_late", row->due_at < ouv_clock_now());
	view_flag(one, "is_task", row->task != NULL);
	if (row->task != NULL)
		view_code(request, one, "what", "task_", row->task);
	else
		view_code(request, one, "what", "clock_",
			ouv_clock_name(row->clock.clock));
	json_object_set_new(one, "clocks",
		row->task != NULL ? json_false()
				  : view_clock(request, &row->clock, number));
	return one;
}

/* Under one heading for each day. */
static void
add_dates(const struct request *request, json_t *data,
	const struct ouv_due_list *list)
{
	json_t *groups = json_array(), *rows = NULL;
	int32_t current = 0;

	for (size_t i = 0; i < list->count; i++) {
		int32_t day = ouv_clock_day(list->rows[i].due_at);

		if (rows == NULL || day != current) {
			json_t *group = json_object();

			rows = json_array();
			current = day;
			view_weekday(request, group, day);
			view_day(request, group, "day", day);
			view_number(group, "group", (int64_t)i);
			json_object_set_new(group, "rows", rows);
			json_array_append_new(groups, group);
		}
		json_array_append_new(
			rows, row_of(request, &list->rows[i], (int)i + 1));
	}
	view_flag(data, "has_dates", list->count > 0);
	json_object_set_new(data, "groups", groups);
}

static void
add_ways(const struct request *request, json_t *data, const struct wish *w,
	const char *after)
{
	const char *whose = w->of.mine ? "mine" : "all";
	const char *here = ouv_arena_printf(request->arena,
		HERE "?whose=%s%s%s%s%s%s", whose, w->late ? "&late=1" : "",
		w->of.from != 0 ? "&from=" : "",
		w->of.from != 0 ? view_day_iso(request->arena, w->of.from) : "",
		w->of.last != 0 && !w->late ? "&until=" : "",
		w->of.last != 0 && !w->late
			? view_day_iso(request->arena, w->of.last)
			: "");

	view_line(data, "here", here);
	view_flag(data, "is_mine", w->of.mine);
	view_flag(data, "is_all", !w->of.mine);
	view_flag(data, "is_late_only", w->late);
	view_flag(data, "is_chosen", w->of.from != 0 || w->late);
	view_day(request, data, "chosen_first", w->of.from);
	view_day(request, data, "chosen_last", w->of.last);
	view_flag(data, "is_one_day", w->of.from == w->of.last);
	view_line(data, "whole_path",
		ouv_arena_printf(request->arena, HERE "?whose=%s", whose));
	view_line(data, "late_path",
		ouv_arena_printf(
			request->arena, HERE "?whose=%s&late=1", whose));
	view_flag(data, "has_next", after != NULL);
	view_line(data, "next_path",
		after == NULL
			? here
			: ouv_arena_printf(request->arena, "%s&after=%s", here,
				  form_escape(request->arena, after)));
	view_flag(data, "is_first", w->of.after == NULL);
	view_line(data, "first_path", here);
	view_flag(data, "has_pager", after != NULL || w->of.after != NULL);
}

void
page_due(struct request *request)
{
	struct ouv_due_list list = { 0 };
	struct sight s = { .absence_count = 0 };
	struct ouv_desk *desk;
	enum ouv_err err;
	struct wish w;
	json_t *data;

	if (!read_wish(request, &w)) {
		page_error(request, 400);
		return;
	}
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = see(desk, request, &w, &s);
	if (err == OUV_OK)
		err = ouv_desk_dues(desk, request->arena, request->actor, &w.of,
			request->lang, &list);
	if (err != OUV_OK) {
		if (err == OUV_INVALID)
			page_error(request, 400);
		else
			page_error_desk(request, err);
		return;
	}
	data = view_base(request, "due_title");
	view_flag(data, "at_calendar", true);
	add_spans(request, data, &w, &s);
	add_dates(request, data, &list);
	add_ways(request, data, &w, list.after);
	reply_page(request, 200, "due", data);
}
