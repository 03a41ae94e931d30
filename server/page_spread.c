/*
 * page_spread.c - how the outcomes are spread, with their denominators
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/impartial.h"

#include "page.h"
#include "reply.h"
#include "view.h"

/* 1 January of the year of that day. */
static int32_t
new_year(int32_t day)
{
	int year, month, of_month;

	ouv_day_split(day, &year, &month, &of_month);
	return ouv_day_of(year, 1, 1);
}

static int32_t
asked_day(const struct request *request, const char *name, int32_t otherwise)
{
	const char *text = form_get(&request->query_form, name);
	int32_t day;

	if (text == NULL || !view_day_typed(request->lang, text, &day))
		return otherwise;
	return day;
}

/* "12 / 40" never stands alone: of how many is part of the figure. */
static void
add_share(json_t *data, const char *key, int64_t part, int64_t whole)
{
	json_t *one = json_object();

	view_number(one, "part", part);
	view_number(one, "whole", whole);
	view_flag(one, "has_share", whole > 0);
	view_number(
		one, "share", whole > 0 ? (part * 100 + whole / 2) / whole : 0);
	json_object_set_new(data, key, one);
}

static json_t *
row(const struct ouv_spread *s)
{
	json_t *one = json_object();
	int64_t judged =
		s->founded + s->partly + s->unfounded + s->not_established;
	int64_t ended = s->kept + s->broken + s->refused + s->silent + s->none;
	int64_t rated = s->resolved + s->not_resolved;

	view_line(one, "who", s->who);
	view_flag(one, "has_who", *s->who != '\0');
	view_number(one, "cases", s->cases);
	add_share(one, "founded", s->founded, judged);
	add_share(one, "partly", s->partly, judged);
	add_share(one, "unfounded", s->unfounded, judged);
	add_share(one, "not_established", s->not_established, judged);
	view_number(one, "no_merit", s->no_merit);
	add_share(one, "kept", s->kept, ended);
	add_share(one, "broken", s->broken, ended);
	add_share(one, "refused", s->refused, ended);
	add_share(one, "silent", s->silent, ended);
	add_share(one, "none", s->none, ended);
	add_share(one, "resolved", s->resolved, rated);
	add_share(one, "not_resolved", s->not_resolved, rated);
	view_number(one, "not_rated", s->not_rated);
	return one;
}

static enum ouv_err
add_table(struct request *request, struct ouv_desk *desk, json_t *tables,
	enum ouv_spread_by by, int32_t from, int32_t until)
{
	json_t *table = json_object(), *rows = json_array();
	struct ouv_spread *list;
	size_t count;
	enum ouv_err err = ouv_desk_spread(
		desk, request->arena, by, from, until, &list, &count);

	for (size_t i = 0; err == OUV_OK && i < count; i++)
		json_array_append_new(rows, row(&list[i]));
	view_code(request, table, "heading", "spread_", ouv_spread_name(by));
	view_line(table, "id", ouv_spread_name(by));
	view_flag(table, "is_all", by == OUV_SPREAD_ALL);
	view_flag(table, "has_rows", json_array_size(rows) > 0);
	json_object_set_new(table, "rows", rows);
	json_array_append_new(tables, table);
	return err;
}

void
page_spread(struct request *request)
{
	int32_t until = asked_day(request, "until", ouv_clock_today());
	int32_t from = asked_day(request, "from", new_year(until));
	json_t *data, *tables = json_array();
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);

	for (int by = 0; err == OUV_OK && by < OUV_SPREAD__COUNT; by++)
		err = add_table(request, desk, tables, (enum ouv_spread_by)by,
			from, until);
	if (err != OUV_OK) {
		json_decref(tables);
		page_error_desk(request, err);
		return;
	}
	data = view_base(request, "spread_title");
	view_flag(data, "at_reports", true);
	view_line(data, "here", "/reports/spread");
	view_day(request, data, "from", from);
	view_day(request, data, "until", until);
	view_number(data, "least", OUV_SPREAD_LEAST);
	json_object_set_new(data, "tables", tables);
	reply_page(request, 200, "spread", data);
}
