/*
 * view_figure.c - one figure of the office: its words, its table, its bars
 */
#include <string.h>

#include "chart.h"
#include "figure.h"
#include "ouv/csv.h"

/* Which words its rows' codes have, and how it is drawn, if it is. */
static const struct {
	const char *prefix;
	enum chart_kind kind;
	bool bars;
} shown[OUV_FIGURE__COUNT] = {
	[OUV_FIGURE_TIMES] = { "fig_times_", CHART_BARS, false },
	[OUV_FIGURE_TYPE] = { "fig_type_", CHART_BARS, true },
	[OUV_FIGURE_CHANNEL] = { "fig_channel_", CHART_BARS, true },
	[OUV_FIGURE_CONTACT] = { "fig_contact_", CHART_BARS, true },
	[OUV_FIGURE_ARTICLE] = { "fig_article_", CHART_BARS, true },
	[OUV_FIGURE_REPLY] = { "fig_term_", CHART_BARS, true },
	[OUV_FIGURE_REPLY_HOURS] = { "fig_hours_", CHART_HISTOGRAM, true },
	[OUV_FIGURE_END] = { "fig_end_", CHART_BARS, true },
	[OUV_FIGURE_END_DAYS] = { "fig_days_", CHART_HISTOGRAM, true },
	[OUV_FIGURE_BACKLOG] = { "fig_days_", CHART_STACKED, true },
	[OUV_FIGURE_ENDED_BY] = { "fig_ended_", CHART_BARS, true },
	[OUV_FIGURE_MERIT] = { "fig_merit_", CHART_BARS, true },
	[OUV_FIGURE_RESOLUTION] = { "resolution_", CHART_BARS, true },
	[OUV_FIGURE_RATING] = { "rating_", CHART_BARS, true },
	[OUV_FIGURE_MEDIATOR] = { "fig_mediator_", CHART_STACKED, true },
	[OUV_FIGURE_COMPANY] = { "fig_company_", CHART_BARS, true },
};

/* ---- words -----------------------------------------------------------------
 */

static const char *
word(const struct request *request, const char *prefix, const char *code)
{
	const char *found = words_code(
		&request->server->words, request->lang, prefix, code);

	return found != NULL ? found : code;
}

/* A bound's word has its number put in: "up to 24 h". */
static const char *
bound_word(const struct request *request, const char *prefix, const char *code)
{
	return ouv_arena_printf(request->arena, "%s %s %s",
		word(request, prefix, "to"), code + strlen("to-"),
		word(request, prefix, "unit"));
}

const char *
figure_row_word(const struct request *request, enum ouv_figure figure,
	const struct ouv_figure_row *row)
{
	const char *prefix = shown[figure].prefix;

	if (row->label != NULL)
		return view_clean(request->arena, row->label, false);
	if (strncmp(row->code, "to-", 3) == 0)
		return bound_word(request, prefix, row->code);
	return view_clean(
		request->arena, word(request, prefix, row->code), false);
}

const char *
figure_column_word(
	const struct request *request, enum ouv_figure figure, size_t column)
{
	return word(request, "fig_column_",
		ouv_figure_kind(figure)->columns[column].code);
}

const char *
figure_period_word(
	const struct request *request, const struct ouv_period *period)
{
	char code[8];

	(void)snprintf(code, sizeof(code), "%s%d",
		period->months == 3 ? "q" : "",
		period->months == 3 ? (period->month + 2) / 3 % 10
				    : period->month % 100);
	if (period->months == 12)
		return ouv_arena_printf(request->arena, "%d", period->year);
	return ouv_arena_printf(request->arena, "%s %d",
		word(request, "fig_part_", code), period->year);
}

/* ---- the table --------------------------------------------------------------
 */

static json_t *
cell_view(const struct request *request, enum ouv_figure figure, size_t column,
	const struct ouv_cell *cell)
{
	json_t *one = json_object();
	int percent = 0;

	view_line(one, "column", figure_column_word(request, figure, column));
	view_flag(one, "is_share",
		ouv_figure_kind(figure)->columns[column].is_share);
	view_flag(one, "is_none", cell->part == OUV_FIGURE_NONE);
	view_word(request, one, "none",
		figure == OUV_FIGURE_COMPANY ? "fig_too_few"
					     : "fig_not_reached");
	view_number(one, "part", cell->part);
	view_number(one, "whole", cell->whole);
	view_flag(one, "has_whole", cell->whole > 0);
	view_flag(one, "has_percent", ouv_figure_share(cell, &percent));
	view_number(one, "percent", percent);
	return one;
}

static json_t *
row_view(const struct request *request, enum ouv_figure figure,
	const struct ouv_figure_row *row)
{
	json_t *one = json_object(), *cells = json_array();

	view_line(one, "label", figure_row_word(request, figure, row));
	for (size_t i = 0; i < ouv_figure_columns(figure); i++)
		json_array_append_new(
			cells, cell_view(request, figure, i, &row->cells[i]));
	json_object_set_new(one, "cells", cells);
	return one;
}

static void
add_columns(const struct request *request, json_t *data, enum ouv_figure figure)
{
	json_t *columns = json_array();

	for (size_t i = 0; i < ouv_figure_columns(figure); i++) {
		json_t *one = json_object();

		view_line(one, "name", figure_column_word(request, figure, i));
		json_array_append_new(columns, one);
	}
	json_object_set_new(data, "columns", columns);
	view_flag(data, "wide", ouv_figure_columns(figure) > 3);
}

/* Of what is open, a part is overdue: the bar has two pieces.  Where rows have
 * no order of their own, what is not there needs no bar. */
static void
add_chart(const struct request *request, json_t *data, enum ouv_figure figure,
	const struct ouv_figure_row *rows, size_t count)
{
	struct chart_bar *bars =
		ouv_arena_array(request->arena, count, sizeof(*bars));
	bool both = shown[figure].kind == CHART_STACKED;
	size_t n = 0;

	for (size_t i = 0; i < count && shown[figure].bars; i++) {
		const struct ouv_cell *cells = rows[i].cells;

		if (shown[figure].kind == CHART_BARS && cells[0].part <= 0)
			continue;
		bars[n++] = (struct chart_bar){
			.label = figure_row_word(request, figure, &rows[i]),
			.first = cells[0].part - (both ? cells[1].part : 0),
			.second = both ? cells[1].part : 0,
		};
	}
	chart_add(data, request->arena, ouv_figure_kind(figure)->name,
		shown[figure].kind, bars, n);
}

static bool
has_any(const struct ouv_figure_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		for (size_t c = 0; c < OUV_FIGURE_COLUMNS; c++)
			if (table->rows[i].cells[c].part > 0)
				return true;
	return false;
}

json_t *
figure_view(const struct request *request, const struct ouv_figures *figures,
	enum ouv_figure figure, const char *after, size_t most)
{
	const struct ouv_figure_table *table = &figures->tables[figure];
	const char *name = ouv_figure_kind(figure)->name;
	json_t *data = json_object(), *rows = json_array();
	size_t from = 0, n;

	for (size_t i = 0; after != NULL && i < table->count; i++)
		if (strcmp(table->rows[i].code, after) == 0)
			from = i + 1;
	n = table->count - from < most ? table->count - from : most;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(rows,
			row_view(request, figure, &table->rows[from + i]));
	view_line(data, "name", name);
	view_code(request, data, "heading", "fig_", name);
	view_code(request, data, "help", "fig_help_", name);
	view_code(request, data, "row_head", "fig_head_", name);
	add_columns(request, data, figure);
	view_flag(data, "has_rows", has_any(table));
	view_number(data, "all", (int64_t)table->count);
	view_flag(data, "has_more", from + n < table->count);
	view_line(
		data, "more_code", n > 0 ? table->rows[from + n - 1].code : "");
	add_chart(request, data, figure, &table->rows[from], n);
	json_object_set_new(data, "rows", rows);
	return data;
}

/* ---- for spreadsheets
 * --------------------------------------------------------
 */

static void
csv_head(const struct request *request, struct ouv_buf *buf,
	enum ouv_figure figure, bool codes)
{
	static const char *const parts[] = { "part", "whole", "percent" };
	const struct ouv_figure_kind *kind = ouv_figure_kind(figure);

	ouv_csv_cell(buf, codes ? "code" : word(request, "fig_csv_", "code"));
	ouv_csv_cell(buf, codes ? "label" : word(request, "fig_csv_", "label"));
	for (size_t i = 0; i < ouv_figure_columns(figure); i++) {
		const char *name =
			codes ? kind->columns[i].code
			      : figure_column_word(request, figure, i);

		if (!kind->columns[i].is_share)
			ouv_csv_cell(buf, name);
		for (int p = 0; kind->columns[i].is_share && p < 3; p++)
			ouv_csv_cell(
				buf, ouv_arena_printf(request->arena,
					     codes ? "%s-%s" : "%s: %s", name,
					     codes ? parts[p]
						   : word(request, "fig_csv_",
							     parts[p])));
	}
	ouv_csv_end(buf);
}

/* No whole is no number, as on the page: what is withheld is not 0 of 0. */
static void
csv_share(struct ouv_buf *buf, const struct ouv_cell *cell)
{
	int percent;

	if (cell->whole == 0) {
		for (int i = 0; i < 3; i++)
			ouv_csv_cell(buf, NULL);
		return;
	}
	ouv_csv_number(buf, cell->part);
	ouv_csv_number(buf, cell->whole);
	if (ouv_figure_share(cell, &percent))
		ouv_csv_number(buf, percent);
	else
		ouv_csv_cell(buf, NULL);
}

struct ouv_str
figure_csv(const struct request *request, const struct ouv_figures *figures,
	enum ouv_figure figure, bool codes)
{
	const struct ouv_figure_table *table = &figures->tables[figure];
	const struct ouv_figure_kind *kind = ouv_figure_kind(figure);
	struct ouv_buf buf;

	ouv_buf_init(&buf, request->arena, 4096);
	ouv_buf_text(&buf, OUV_CSV_BOM);
	csv_head(request, &buf, figure, codes);
	for (size_t i = 0; i < table->count; i++) {
		const struct ouv_figure_row *row = &table->rows[i];

		ouv_csv_cell(&buf, row->code);
		ouv_csv_cell(&buf, figure_row_word(request, figure, row));
		for (size_t c = 0; c < ouv_figure_columns(figure); c++) {
			if (kind->columns[c].is_share)
				csv_share(&buf, &row->cells[c]);
			else if (row->cells[c].part == OUV_FIGURE_NONE)
				ouv_csv_cell(&buf, NULL);
			else
				ouv_csv_number(&buf, row->cells[c].part);
		}
		ouv_csv_end(&buf);
	}
	return (struct ouv_str){ buf.data, buf.len };
}
