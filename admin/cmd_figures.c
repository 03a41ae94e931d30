/*
 * cmd_figures.c - report figures: what the office publishes about itself, the
 * same numbers as on its pages
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "ouv/clock.h"
#include "ouv/csv.h"
#include "ouv/figures.h"

static const char usage[] =
	"usage: ouvidoria report figures --period YEAR|YEAR-Qn|YEAR-MM\n"
	"           [--lang pt-BR|en|it] [--public] [--csv|--json]\n";

struct wanted {
	struct ouv_period period;
	enum ouv_lang lang;
	bool has_period, csv, is_public, wrong;
};

static void
take_option(struct wanted *w, const char *name, const char *value)
{
	if (value != NULL && strcmp(name, "--period") == 0) {
		w->has_period = ouv_period_read(value, &w->period);
		return;
	}
	w->lang = OUV_LANG__COUNT;
	if (value != NULL && strcmp(name, "--lang") == 0)
		w->lang = ouv_lang_parse(value, OUV_LANG__COUNT);
	w->wrong = w->wrong || w->lang == OUV_LANG__COUNT;
}

static struct wanted
read_options(int argc, char **argv)
{
	struct wanted w = { .lang = OUV_LANG_PT_BR };

	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--csv") == 0)
			w.csv = true;
		else if (strcmp(argv[i], "--json") == 0)
			w.csv = false;
		else if (strcmp(argv[i], "--public") == 0)
			w.is_public = true;
		else {
			take_option(
				&w, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
			i++;
		}
	}
	return w;
}

/* ---- as JSON ---------------------------------------------------------------
 */

static json_t *
cell_json(const struct ouv_cell *cell, bool is_share)
{
	int percent;

	if (!is_share)
		return cell->part == OUV_FIGURE_NONE
			       ? json_null()
			       : json_integer((json_int_t)cell->part);
	return json_pack("{s:I, s:I, s:o}", "part", (json_int_t)cell->part,
		"whole", (json_int_t)cell->whole, "percent",
		ouv_figure_share(cell, &percent) ? json_integer(percent)
						 : json_null());
}

static json_t *
table_json(const struct ouv_figures *figures, enum ouv_figure figure)
{
	const struct ouv_figure_kind *kind = ouv_figure_kind(figure);
	const struct ouv_figure_table *table = &figures->tables[figure];
	json_t *list = json_array();

	for (size_t i = 0; i < table->count; i++) {
		const struct ouv_figure_row *row = &table->rows[i];
		json_t *one = json_pack("{s:s}", "code", row->code);

		if (row->label != NULL)
			(void)json_object_set_new(
				one, "label", json_string(row->label));
		for (size_t c = 0; c < ouv_figure_columns(figure); c++)
			(void)json_object_set_new(one, kind->columns[c].code,
				cell_json(&row->cells[c],
					kind->columns[c].is_share));
		(void)json_array_append_new(list, one);
	}
	return list;
}

static void
print_json(const struct ouv_figures *figures)
{
	json_t *tables = json_object(), *doc;
	char period[OUV_PERIOD_MAX], made[21];

	ouv_period_write(&figures->period, period);
	ouv_clock_rfc3339(figures->made_at, made);
	for (int i = 0; i < OUV_FIGURE__COUNT; i++)
		(void)json_object_set_new(tables,
			ouv_figure_kind((enum ouv_figure)i)->name,
			table_json(figures, (enum ouv_figure)i));
	doc = json_pack("{s:s, s:s, s:i, s:o}", "period", period, "counted",
		made, "least", OUV_FIGURE_LEAST, "figures", tables);
	(void)json_dumpf(doc, stdout, JSON_COMPACT);
	(void)putchar('\n');
	json_decref(doc);
}

/* ---- as CSV: one line a number ----------------------------------------------
 */

static void
csv_line(struct ouv_buf *buf, const char *figure,
	const struct ouv_figure_row *row,
	const struct ouv_figure_column *column, const struct ouv_cell *cell)
{
	/* No whole is no number: what is withheld is not 0 of 0. */
	const bool whole = column->is_share && cell->whole != 0;
	int percent;

	ouv_csv_cell(buf, figure);
	ouv_csv_cell(buf, row->code);
	ouv_csv_cell(buf, row->label);
	ouv_csv_cell(buf, column->code);
	if (cell->part == OUV_FIGURE_NONE || (column->is_share && !whole))
		ouv_csv_cell(buf, NULL);
	else
		ouv_csv_number(buf, cell->part);
	if (whole)
		ouv_csv_number(buf, cell->whole);
	else
		ouv_csv_cell(buf, NULL);
	if (column->is_share && ouv_figure_share(cell, &percent))
		ouv_csv_number(buf, percent);
	else
		ouv_csv_cell(buf, NULL);
	ouv_csv_end(buf);
}

static void
print_csv(struct ouv_arena *arena, const struct ouv_figures *figures)
{
	static const char *const head[] = { "figure", "code", "label", "column",
		"value", "whole", "percent" };
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 8192);
	for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		ouv_csv_cell(&buf, head[i]);
	ouv_csv_end(&buf);
	for (int f = 0; f < OUV_FIGURE__COUNT; f++) {
		const struct ouv_figure_kind *kind =
			ouv_figure_kind((enum ouv_figure)f);
		const struct ouv_figure_table *table = &figures->tables[f];

		for (size_t i = 0; i < table->count; i++)
			for (size_t c = 0;
				c < ouv_figure_columns((enum ouv_figure)f); c++)
				csv_line(&buf, kind->name, &table->rows[i],
					&kind->columns[c],
					&table->rows[i].cells[c]);
	}
	(void)fwrite(buf.data, 1, buf.len, stdout);
}

/* Periods that lie in one another can be subtracted: what is published has
 * companies once a year. */
static void
leave_out(struct ouv_figures *figures)
{
	figures->tables[OUV_FIGURE_MEDIATOR].count = 0;
	if (figures->period.months != 12)
		figures->tables[OUV_FIGURE_COMPANY].count = 0;
}

int
report_figures(struct cmd_env *env, int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct wanted w = read_options(argc, argv);
	struct ouv_figures figures;
	struct ouv_office *office = NULL;
	struct ouv_desk *desk = NULL;
	enum ouv_err err;
	bool made;

	if (w.wrong || !w.has_period) {
		fputs(usage, stderr);
		return 2;
	}
	err = ouv_office_new(env->config, OUV_DESK_OPERATOR, &office);
	if (err == OUV_OK)
		err = ouv_desk_open(office, &desk);
	if (err == OUV_OK)
		err = ouv_desk_figures_refresh(desk, 0, &made);
	if (err == OUV_OK)
		err = ouv_desk_figures(
			desk, arena, &w.period, w.lang, &figures);
	if (err == OUV_OK && w.is_public)
		leave_out(&figures);
	if (err == OUV_OK && w.csv)
		print_csv(arena, &figures);
	else if (err == OUV_OK)
		print_json(&figures);
	ouv_desk_close(&desk);
	ouv_office_free(&office);
	return cmd_status(err);
}
