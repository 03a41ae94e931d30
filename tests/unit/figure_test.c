/*
 * figure_test.c - periods, percentages, the middle of what is not over yet, and
 * tables that a spreadsheet reads as they are meant
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../lib/desk/figures.h"
#include "ouv/calendar.h"
#include "ouv/csv.h"
#include "ouv/figures.h"

/* ---- periods --------------------------------------------------------------
 */

static void
a_period_is_a_year_a_quarter_or_a_month(void **state)
{
	static const struct {
		const char *text;
		int year, month, months;
		const char *before, *next;
	} known[] = {
		{ "2026", 2026, 1, 12, "2025", "2027" },
		{ "2026-Q1", 2026, 1, 3, "2025-Q4", "2026-Q2" },
		{ "2026-Q4", 2026, 10, 3, "2026-Q3", "2027-Q1" },
		{ "2026-01", 2026, 1, 1, "2025-12", "2026-02" },
		{ "2026-12", 2026, 12, 1, "2026-11", "2027-01" },
	};
	struct ouv_period p, step;
	char text[OUV_PERIOD_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		assert_true(ouv_period_read(known[i].text, &p));
		assert_int_equal(p.year, known[i].year);
		assert_int_equal(p.month, known[i].month);
		assert_int_equal(p.months, known[i].months);
		ouv_period_write(&p, text);
		assert_string_equal(text, known[i].text);
		step = ouv_period_step(&p, true);
		ouv_period_write(&step, text);
		assert_string_equal(text, known[i].before);
		step = ouv_period_step(&p, false);
		ouv_period_write(&step, text);
		assert_string_equal(text, known[i].next);
	}
}

static void
a_period_ends_where_the_next_begins(void **state)
{
	struct ouv_period p;

	(void)state;
	assert_true(ouv_period_read("2028-02", &p));
	assert_int_equal(ouv_period_before(&p) - ouv_period_from(&p), 29);
	assert_true(ouv_period_read("2026-Q4", &p));
	assert_int_equal(ouv_period_before(&p), ouv_day_of(2027, 1, 1));
	assert_true(ouv_period_read("2026", &p));
	assert_int_equal(ouv_period_before(&p) - ouv_period_from(&p), 365);
}

static void
what_is_no_period_is_refused(void **state)
{
	static const char *const wrong[] = { "", "26", "202", "20266", "2026-",
		"2026-Q0", "2026-Q5", "2026-00", "2026-13", "2026-1",
		"2026-001", "2026-Q", "2026Q1", "2026-q1", "1969", "9999",
		"-026", "20a6", "2026-0x", "2026-01-01", " 2026" };
	struct ouv_period p;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (ouv_period_read(wrong[i], &p))
			fail_msg("%s", wrong[i]);
}

/* ---- numbers ----------------------------------------------------------------
 */

static void
of_fewer_than_five_there_is_no_percentage(void **state)
{
	int percent = 77;

	(void)state;
	for (int whole = 0; whole < 5; whole++)
		assert_false(ouv_figure_share(
			&(struct ouv_cell){ whole, whole }, &percent));
	assert_int_equal(percent, 77);
	assert_true(ouv_figure_share(&(struct ouv_cell){ 2, 5 }, &percent));
	assert_int_equal(percent, 40);
	assert_true(ouv_figure_share(&(struct ouv_cell){ 2, 3000 }, &percent));
	assert_int_equal(percent, 0);
	assert_true(ouv_figure_share(&(struct ouv_cell){ 5, 8 }, &percent));
	assert_int_equal(percent, 63); /* 62.5 */
}

static void
the_middle_counts_what_is_not_over(void **state)
{
	static const struct ouv_weight list[] = { { 1, 2 }, { 5, 2 },
		{ 9, 1 } };

	(void)state;
	/* 1 1 5 5 9 */
	assert_int_equal(ouv_figure_rank(list, 3, 5, 50), 5);
	assert_int_equal(ouv_figure_rank(list, 3, 5, 40), 1);
	assert_int_equal(ouv_figure_rank(list, 3, 5, 90), 9);
	/* ... and four that still wait: the fifth of nine is the longest that
	 * is over, nine of ten are not */
	assert_int_equal(ouv_figure_rank(list, 3, 9, 50), 9);
	assert_int_equal(ouv_figure_rank(list, 3, 9, 90), OUV_FIGURE_NONE);
	/* ... and six: not even half */
	assert_int_equal(ouv_figure_rank(list, 3, 11, 50), OUV_FIGURE_NONE);
	assert_int_equal(ouv_figure_rank(NULL, 0, 0, 50), OUV_FIGURE_NONE);
}

static void
every_figure_has_a_name_of_its_own(void **state)
{
	enum ouv_figure figure;

	(void)state;
	for (int i = 0; i < OUV_FIGURE__COUNT; i++) {
		assert_int_equal(
			ouv_figure_parse(
				ouv_figure_kind((enum ouv_figure)i)->name,
				&figure),
			OUV_OK);
		assert_int_equal(figure, i);
		assert_true(ouv_figure_columns(figure) >= 2);
	}
	assert_int_equal(ouv_figure_parse("spread", &figure), OUV_NOT_FOUND);
}

/* ---- companies, none of which is one case ----------------------------------
 */

static struct ouv_figures
folded(struct ouv_arena *arena, const struct ouv_figure_row *rows, size_t count)
{
	struct ouv_figures figures = { 0 };
	struct making m = { .arena = arena, .out = &figures };

	for (size_t i = 0; i < count; i++)
		*figure_row(&m, OUV_FIGURE_COMPANY, rows[i].code) = rows[i];
	figure_fold(&m);
	return figures;
}

/* Three complaints, and shares of five with what another company lent: the
 * number of complaints is not told, and is not said to be none. */
static void
a_number_that_is_too_small_is_not_said_to_be_none(void **state)
{
	static const struct ouv_figure_row rows[] = {
		{ "a", NULL, { { 20, 0 }, { 9, 12 }, { 2, 3 }, { 8, 8 } } },
		{ "b", NULL, { { 3, 0 }, { 1, 2 }, { 1, 2 } } },
	};
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_figures figures = folded(arena, rows, 2);
	const struct ouv_figure_table *table =
		&figures.tables[OUV_FIGURE_COMPANY];
	const struct ouv_cell *a = table->rows[0].cells,
			      *others = table->rows[1].cells;

	(void)state;
	assert_int_equal(table->count, 2);
	assert_string_equal(table->rows[1].code, "others");
	assert_int_equal(others[0].part, OUV_FIGURE_NONE);
	assert_int_equal(others[1].part, 10); /* of both, 2 were too few */
	assert_int_equal(others[1].whole, 14);
	assert_int_equal(others[2].part, 3);
	assert_int_equal(others[2].whole, 5);
	assert_int_equal(a[0].part, 20);
	assert_int_equal(a[1].whole, 0);
	assert_int_equal(a[2].whole, 0);
	assert_int_equal(a[3].whole, 8);
	ouv_arena_free(&arena);
}

static void
five_complaints_of_several_are_told_together(void **state)
{
	static const struct ouv_figure_row rows[] = {
		{ "a", NULL, { { 20, 0 }, { 9, 12 } } },
		{ "b", NULL, { { 3, 0 } } },
		{ "c", NULL, { { 2, 0 } } },
	};
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_figures figures = folded(arena, rows, 3);
	const struct ouv_figure_table *table =
		&figures.tables[OUV_FIGURE_COMPANY];

	(void)state;
	assert_int_equal(table->count, 2);
	assert_int_equal(table->rows[1].cells[0].part, 5);
	assert_int_equal(table->rows[0].cells[1].whole, 12);
	ouv_arena_free(&arena);
}

/* ---- CSV
 * ---------------------------------------------------------------------- */

static void
a_cell_is_no_formula_and_no_second_cell(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_buf buf;

	(void)state;
	ouv_buf_init(&buf, arena, 16);
	ouv_buf_text(&buf, OUV_CSV_BOM);
	ouv_csv_cell(&buf, "=1+1");
	ouv_csv_cell(&buf, "+1");
	ouv_csv_cell(&buf, "-1");
	ouv_csv_cell(&buf, "@x");
	ouv_csv_cell(&buf, "\tx");
	ouv_csv_cell(&buf, "\rx");
	ouv_csv_end(&buf);
	ouv_csv_cell(&buf, "a \"b\", c\nd");
	ouv_csv_number(&buf, -7);
	ouv_csv_cell(&buf, NULL);
	ouv_csv_cell(&buf, "a=b");
	ouv_csv_end(&buf);
	assert_string_equal(buf.data,
		"\xef\xbb\xbf\"'=1+1\",\"'+1\",\"'-1\",\"'@x\",\"'\tx\",\"'"
		"\rx\"\r\n"
		"\"a \"\"b\"\", c\nd\",-7,\"\",\"a=b\"\r\n");
	ouv_arena_free(&arena);
}

/* Our quotes hold for commas alone: in pt-BR and it a spreadsheet parts at the
 * semicolons, and whoever pastes, at tabs and line ends. */
static void
a_cell_of_another_separator_is_no_formula(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_buf buf;

	(void)state;
	ouv_buf_init(&buf, arena, 16);
	ouv_csv_cell(&buf, "a;=1+1;b");
	ouv_csv_cell(&buf, "a; \"@x;- y");
	ouv_csv_cell(&buf, "a\t+1\n=2\r\n-3");
	ouv_csv_cell(&buf, " \"=1\"");
	ouv_csv_cell(&buf, "a; b, =c; 1-1");
	ouv_csv_end(&buf);
	assert_string_equal(buf.data, "\"a;'=1+1;b\",\"a;' \"\"@x;'- y\","
				      "\"a\t'+1\n'=2\r\n'-3\",\"' \"\"=1\"\"\","
				      "\"a; b, =c; 1-1\"\r\n");
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_period_is_a_year_a_quarter_or_a_month),
		cmocka_unit_test(a_period_ends_where_the_next_begins),
		cmocka_unit_test(what_is_no_period_is_refused),
		cmocka_unit_test(of_fewer_than_five_there_is_no_percentage),
		cmocka_unit_test(the_middle_counts_what_is_not_over),
		cmocka_unit_test(every_figure_has_a_name_of_its_own),
		cmocka_unit_test(
			a_number_that_is_too_small_is_not_said_to_be_none),
		cmocka_unit_test(five_complaints_of_several_are_told_together),
		cmocka_unit_test(a_cell_is_no_formula_and_no_second_cell),
		cmocka_unit_test(a_cell_of_another_separator_is_no_formula),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
