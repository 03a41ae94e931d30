/*
 * figure_times.c - how long things take, and how old is what is open
 *
 * What has not happened yet is not left out: it took longer than everything
 * that has.  An average of what is done would praise whoever leaves the hard
 * ones lying.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"
#include "ouv/store_console.h"

/* ---- lengths --------------------------------------------------------------
 */

#define NOT_YET (-1)
#define BOUNDS_MOST 8

struct lengths {
	struct ouv_weight *list; /* by value */
	size_t count;
	int64_t whole, done, in_time, judged;
};

struct length_figure {
	const char *from;       /* the count's name */
	const char *row;        /* of the table of times */
	enum ouv_figure figure; /* the histogram */
	int64_t bounds[BOUNDS_MOST];
	const char *left_out[3]; /* codes of what has no such length */
};

/* clang-format off */
static const struct length_figure lengths[] = {
	{ "reply", "reply", OUV_FIGURE_REPLY_HOURS,
	  { 4, 8, 24, 48, 72, 168 }, { "withdrawn", "no-term" } },
	{ "end", "end", OUV_FIGURE_END_DAYS,
	  { 7, 15, 30, 60, 90, 180 }, { NULL } },
};
static const int64_t ages[BOUNDS_MOST] = { 7, 15, 30, 60, 90, 180, 365 };
/* clang-format on */

static int
by_value(const void *a, const void *b)
{
	int64_t x = ((const struct ouv_weight *)a)->value;
	int64_t y = ((const struct ouv_weight *)b)->value;

	return (x > y) - (x < y);
}

static bool
is_left_out(const struct length_figure *l, const char *code)
{
	for (size_t i = 0; i < 3 && l->left_out[i] != NULL; i++)
		if (strcmp(l->left_out[i], code) == 0)
			return true;
	return false;
}

static bool
is_one_of(const char *code, const char *a, const char *b)
{
	return strcmp(code, a) == 0 || strcmp(code, b) == 0;
}

static struct lengths
collect(const struct making *m, const struct length_figure *l)
{
	struct lengths out = { .list = ouv_arena_array(m->arena, m->count + 1,
				       sizeof(*out.list)) };

	for (size_t i = 0; i < m->count; i++) {
		const struct store_figure *f = &m->list[i];

		if (strcmp(f->name, l->from) != 0 || is_left_out(l, f->a))
			continue;
		out.whole += f->n;
		if (strcmp(f->a, "in-time") == 0)
			out.in_time += f->n;
		if (is_one_of(f->a, "late", "overdue") ||
			strcmp(f->a, "in-time") == 0)
			out.judged += f->n;
		if (f->value == NOT_YET)
			continue;
		out.done += f->n;
		out.list[out.count++] = (struct ouv_weight){ f->value, f->n };
	}
	qsort(out.list, out.count, sizeof(*out.list), by_value);
	return out;
}

/* "to-24", and after the last bound "more". */
static const char *
bucket(struct ouv_arena *arena, const int64_t *bounds, int64_t value)
{
	for (size_t i = 0; i < BOUNDS_MOST && bounds[i] != 0; i++)
		if (value <= bounds[i])
			return ouv_arena_printf(arena, "to-%d", (int)bounds[i]);
	return "more";
}

static void
make_buckets(struct making *m, enum ouv_figure figure, const int64_t *bounds)
{
	for (size_t i = 0; i < BOUNDS_MOST && bounds[i] != 0; i++)
		(void)figure_row(
			m, figure, bucket(m->arena, bounds, bounds[i]));
	(void)figure_row(m, figure, "more");
}

static void
make_length(struct making *m, const struct length_figure *l)
{
	struct lengths all = collect(m, l);
	struct ouv_figure_table *table = &m->out->tables[l->figure];
	struct ouv_figure_row *row;

	make_buckets(m, l->figure, l->bounds);
	for (size_t i = 0; i < all.count; i++)
		figure_row(m, l->figure,
			bucket(m->arena, l->bounds, all.list[i].value))
			->cells[0]
			.part += all.list[i].n;
	figure_row(m, l->figure, "not-yet")->cells[0].part =
		all.whole - all.done;
	for (size_t i = 0; i < table->count; i++)
		table->rows[i].cells[1] =
			(struct ouv_cell){ .part = table->rows[i].cells[0].part,
				.whole = all.whole };
	row = figure_row(m, OUV_FIGURE_TIMES, l->row);
	row->cells[0].part = all.whole;
	row->cells[1].part = all.done;
	row->cells[2].part =
		ouv_figure_rank(all.list, all.count, all.whole, 50);
	row->cells[3].part =
		ouv_figure_rank(all.list, all.count, all.whole, 90);
	row->cells[4] = (struct ouv_cell){ all.in_time, all.judged };
}

/* ---- ages ------------------------------------------------------------------
 */

static void
make_backlog(struct making *m)
{
	struct ouv_figure_table *table = &m->out->tables[OUV_FIGURE_BACKLOG];

	make_buckets(m, OUV_FIGURE_BACKLOG, ages);
	for (size_t i = 0; i < m->count; i++) {
		const struct store_figure *f = &m->list[i];
		struct ouv_figure_row *row;

		if (strcmp(f->name, "backlog") != 0)
			continue;
		row = figure_row(m, OUV_FIGURE_BACKLOG,
			bucket(m->arena, ages, f->value));
		row->cells[0].part += f->n;
		if (strcmp(f->a, "overdue") == 0)
			row->cells[1].part += f->n;
	}
	for (size_t i = 0; i < table->count; i++)
		table->rows[i].cells[2] =
			(struct ouv_cell){ table->rows[i].cells[1].part,
				table->rows[i].cells[0].part };
}

void
figure_times(struct making *m)
{
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		make_length(m, &lengths[i]);
	make_backlog(m);
}
