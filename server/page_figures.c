/*
 * page_figures.c - what the office counts about itself: all of it on one page,
 * one figure on its own, one as a table for spreadsheets
 */
#include <string.h>

#include "ouv/clock.h"

#include "figure.h"
#include "page.h"
#include "reply.h"

#define ROWS_SHORT 12 /* of each figure among the others */
#define ROWS_MOST 60
#define YEARS 6 /* that the form offers */

/* In the order of the page, under the heading of its word. */
static const struct {
	const char *heading;
	enum ouv_figure list[5];
	int count;
} groups[] = {
	{ "volume",
		{ OUV_FIGURE_TYPE, OUV_FIGURE_CHANNEL, OUV_FIGURE_CONTACT,
			OUV_FIGURE_ARTICLE },
		4 },
	{ "times",
		{ OUV_FIGURE_TIMES, OUV_FIGURE_REPLY, OUV_FIGURE_REPLY_HOURS,
			OUV_FIGURE_END, OUV_FIGURE_END_DAYS },
		5 },
	{ "now", { OUV_FIGURE_BACKLOG, OUV_FIGURE_MEDIATOR }, 2 },
	{ "outcome",
		{ OUV_FIGURE_ENDED_BY, OUV_FIGURE_MERIT, OUV_FIGURE_RESOLUTION,
			OUV_FIGURE_RATING },
		4 },
	{ "companies", { OUV_FIGURE_COMPANY }, 1 },
};
#define GROUPS (sizeof(groups) / sizeof(groups[0]))

/* ---- the period
 * ------------------------------------------------------------------ */

static int
this_year(void)
{
	int year, month, day;

	ouv_day_split(ouv_clock_today(), &year, &month, &day);
	return year;
}

/* `period`, or `year` and `part` as the form sends them; this year where
 * neither can be read. */
static struct ouv_period
asked_period(const struct request *request)
{
	struct ouv_period period = {
		.year = this_year(), .month = 1, .months = 12
	};
	const struct form *form = &request->query_form;
	const char *text = form_get(form, "period");
	const char *year = form_get(form, "year");
	const char *part = form_get(form, "part");

	if (text == NULL && year != NULL && part != NULL)
		text = ouv_arena_printf(request->arena, "%s%s%s", year,
			*part != '\0' ? "-" : "", part);
	if (text != NULL)
		(void)ouv_period_read(text, &period);
	return period;
}

static json_t *
years(const struct request *request, const struct ouv_period *period)
{
	json_t *list = json_array();
	int last = this_year();

	if (period->year > last || period->year <= last - YEARS)
		view_option(list,
			ouv_arena_printf(request->arena, "%d", period->year),
			ouv_arena_printf(request->arena, "%d", period->year),
			true);
	for (int y = last; y > last - YEARS; y--)
		view_option(list, ouv_arena_printf(request->arena, "%d", y),
			ouv_arena_printf(request->arena, "%d", y),
			y == period->year);
	return list;
}

static void
add_part(const struct request *request, json_t *list,
	const struct ouv_period *period, int months, int month)
{
	char code[8], value[8] = "", key[32];
	json_t *name = json_object();

	(void)snprintf(code, sizeof(code), "%s%d", months == 3 ? "q" : "",
		months == 3 ? (month + 2) / 3 % 10 : month % 100);
	if (months == 3)
		(void)snprintf(
			value, sizeof(value), "Q%d", (month + 2) / 3 % 10);
	else if (months == 1)
		(void)snprintf(value, sizeof(value), "%02d", month % 100);
	(void)snprintf(
		key, sizeof(key), "fig_part_%s", months == 12 ? "year" : code);
	view_word(request, name, "name", key);
	view_option(list, value,
		json_string_value(json_object_get(name, "name")),
		period->months == months && period->month == month);
	json_decref(name);
}

static json_t *
parts(const struct request *request, const struct ouv_period *period)
{
	json_t *list = json_array();

	add_part(request, list, period, 12, 1);
	for (int month = 1; month <= 12; month += 3)
		add_part(request, list, period, 3, month);
	for (int month = 1; month <= 12; month++)
		add_part(request, list, period, 1, month);
	return list;
}

/* What has not begun yet has nothing to count. */
static bool
has_begun(const struct ouv_period *period)
{
	int year, month, day;

	ouv_day_split(ouv_clock_today(), &year, &month, &day);
	return period->year < year ||
	       (period->year == year && period->month <= month);
}

static void
add_period(const struct request *request, json_t *data,
	const struct ouv_period *period)
{
	struct ouv_period before = ouv_period_step(period, true);
	struct ouv_period next = ouv_period_step(period, false);
	char text[OUV_PERIOD_MAX];

	ouv_period_write(period, text);
	view_line(data, "period", text);
	view_line(data, "period_word", figure_period_word(request, period));
	ouv_period_write(&before, text);
	view_line(data, "before", text);
	view_line(data, "before_word", figure_period_word(request, &before));
	ouv_period_write(&next, text);
	view_flag(data, "has_next", has_begun(&next));
	view_line(data, "next", text);
	view_line(data, "next_word", figure_period_word(request, &next));
	json_object_set_new(data, "years", years(request, period));
	json_object_set_new(data, "parts", parts(request, period));
	view_number(data, "least", OUV_FIGURE_LEAST);
}

/* ---- the pages
 * ------------------------------------------------------------------- */

static bool
read_figures(struct request *request, struct ouv_figures *figures_out)
{
	struct ouv_period period = asked_period(request);
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK)
		err = ouv_desk_figures(desk, request->arena, &period,
			request->lang, figures_out);
	if (err != OUV_OK)
		page_error_desk(request, err);
	return err == OUV_OK;
}

static json_t *
begin(struct request *request, const struct ouv_figures *figures,
	const char *path)
{
	json_t *data = view_base(request, "fig_title");

	view_flag(data, "at_reports", true);
	view_line(data, "here", path);
	view_line(data, "here_path", path);
	add_period(request, data, &figures->period);
	view_time(request, data, "made", figures->made_at);
	return data;
}

/* alone: it is all that its page shows. */
static json_t *
one_figure(const struct request *request, const struct ouv_figures *figures,
	enum ouv_figure figure, bool alone)
{
	json_t *data = figure_view(request, figures, figure,
		alone ? form_get(&request->query_form, "after") : NULL,
		alone ? ROWS_MOST : ROWS_SHORT);

	view_flag(data, "alone", alone);
	return data;
}

void
page_figures(struct request *request)
{
	struct ouv_figures figures;
	json_t *data, *list = json_array();

	if (!read_figures(request, &figures)) {
		json_decref(list);
		return;
	}
	data = begin(request, &figures, "/reports");
	for (size_t g = 0; g < GROUPS; g++) {
		json_t *group = json_object(), *inside = json_array();

		view_line(group, "id", groups[g].heading);
		view_code(request, group, "heading", "fig_group_",
			groups[g].heading);
		for (int i = 0; i < groups[g].count; i++)
			json_array_append_new(
				inside, one_figure(request, &figures,
						groups[g].list[i], false));
		json_object_set_new(group, "figures", inside);
		json_array_append_new(list, group);
	}
	json_object_set_new(data, "groups", list);
	reply_page(request, 200, "reports", data);
}

static void
reply_csv(struct request *request, const struct ouv_figures *figures,
	enum ouv_figure figure)
{
	const char *head = form_get(&request->query_form, "head");
	char period[OUV_PERIOD_MAX];

	ouv_period_write(&figures->period, period);
	reply_bytes(request, 200, "text/csv; charset=utf-8; header=present",
		figure_csv(request, figures, figure,
			head != NULL && strcmp(head, "codes") == 0));
	reply_header(request, "Content-Disposition",
		download_name(request,
			ouv_arena_printf(request->arena, "%s-%s.csv",
				ouv_figure_kind(figure)->name, period)));
}

void
page_figure(struct request *request)
{
	const char *name = request->args[0];
	size_t len = strlen(name);
	bool csv = len > 4 && strcmp(name + len - 4, ".csv") == 0;
	struct ouv_figures figures;
	enum ouv_figure figure;
	json_t *data;

	if (csv)
		name = ouv_arena_strndup(request->arena, name, len - 4);
	if (ouv_figure_parse(name, &figure) != OUV_OK) {
		page_error(request, 404);
		return;
	}
	if (!read_figures(request, &figures))
		return;
	if (csv) {
		reply_csv(request, &figures, figure);
		return;
	}
	data = begin(request, &figures,
		ouv_arena_printf(request->arena, "/reports/%s", name));
	json_object_set_new(
		data, "figure", one_figure(request, &figures, figure, true));
	reply_page(request, 200, "report", data);
}
