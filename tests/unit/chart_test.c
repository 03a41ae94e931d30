/*
 * chart_test.c - bars: how long each is, and what is written on it
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../server/chart.c" /* NOLINT(bugprone-suspicious-include) */

static struct ouv_arena *arena;
static json_t *data;

static int
setup(void **state)
{
	(void)state;
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	data = json_object();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	json_decref(data);
	ouv_arena_free(&arena);
	return 0;
}

static json_t *
draw(enum chart_kind kind, const struct chart_bar *bars, size_t count)
{
	chart_add(data, arena, "x", kind, bars, count);
	return json_object_get(data, "chart");
}

static const char *
text(json_t *chart, size_t n, const char *key)
{
	return json_string_value(json_object_get(
		json_array_get(json_object_get(chart, "bars"), n), key));
}

static json_int_t
whole(json_t *chart, size_t n, const char *key)
{
	return json_integer_value(json_object_get(
		json_array_get(json_object_get(chart, "bars"), n), key));
}

static void
no_rows_are_no_chart(void **state)
{
	(void)state;
	(void)draw(CHART_BARS, NULL, 0);
	assert_false(json_is_true(json_object_get(data, "has_chart")));
}

static void
the_longest_bar_leaves_room_for_its_number(void **state)
{
	const struct chart_bar bars[] = { { "a", 200, 0 }, { "b", 100, 0 },
		{ "c", 1, 0 }, { "d", 0, 0 } };
	json_t *chart = draw(CHART_BARS, bars, 4);

	(void)state;
	assert_string_equal(text(chart, 0, "first_width"), "84.00%");
	assert_string_equal(text(chart, 1, "first_width"), "42.00%");
	assert_string_equal(text(chart, 2, "first_width"), "0.42%");
	assert_string_equal(text(chart, 3, "first_width"), "0.00%");
	assert_string_equal(text(chart, 1, "value_x"), "42.00%");
	assert_int_equal(whole(chart, 1, "first"), 100);
}

static void
one_row_of_nothing_has_no_length(void **state)
{
	const struct chart_bar bar = { "a", 0, 0 };

	(void)state;
	assert_string_equal(
		text(draw(CHART_STACKED, &bar, 1), 0, "value_x"), "0.00%");
}

static void
a_stack_is_as_long_as_both_its_pieces(void **state)
{
	const struct chart_bar bars[] = { { "a", 30, 10 }, { "b", 0, 20 } };
	json_t *chart = draw(CHART_STACKED, bars, 2);

	(void)state;
	assert_string_equal(text(chart, 0, "first_width"), "52.50%");
	assert_string_equal(text(chart, 0, "second_x"), "52.50%");
	assert_string_equal(text(chart, 0, "second_width"), "17.50%");
	assert_string_equal(text(chart, 0, "value_x"), "70.00%");
	assert_string_equal(text(chart, 1, "second_width"), "35.00%");
	assert_int_equal(whole(chart, 1, "second"), 20);
}

static void
without_a_stack_the_second_piece_is_nothing(void **state)
{
	const struct chart_bar bar = { "a", 10, 990 };
	json_t *chart = draw(CHART_HISTOGRAM, &bar, 1);

	(void)state;
	assert_string_equal(text(chart, 0, "first_width"), "84.00%");
	assert_int_equal(whole(chart, 0, "second"), 0);
}

static void
less_than_nothing_is_nothing(void **state)
{
	const struct chart_bar bars[] = { { "a", -5, -7 }, { "b", 5, -1 } };
	json_t *chart = draw(CHART_STACKED, bars, 2);

	(void)state;
	assert_string_equal(text(chart, 0, "first_width"), "0.00%");
	assert_int_equal(whole(chart, 0, "first"), 0);
	assert_int_equal(whole(chart, 0, "second"), 0);
	assert_string_equal(text(chart, 1, "value_x"), "70.00%");
}

static void
the_largest_numbers_stay_inside(void **state)
{
	const struct chart_bar bars[] = { { "a", INT64_MAX, INT64_MAX },
		{ "b", 1, 1 } };
	json_t *chart = draw(CHART_STACKED, bars, 2);

	(void)state;
	assert_string_equal(text(chart, 0, "value_x"), "70.00%");
	assert_int_equal(whole(chart, 0, "first"), INT64_MAX);
	assert_string_equal(text(chart, 1, "first_width"), "0.00%");
}

static void
a_long_label_ends_with_a_whole_character(void **state)
{
	/* 40 characters of two bytes fit; one more, and 39 and "…" are shown */
	char fits[81], longer[83], cut[82];
	const struct chart_bar bars[] = { { fits, 1, 0 }, { longer, 1, 0 },
		{ "", 1, 0 } };
	json_t *chart;

	(void)state;
	for (size_t i = 0; i < 41; i++)
		memcpy(longer + 2 * i, "\xc3\xa9", 2);
	longer[82] = '\0';
	memcpy(fits, longer, 80);
	fits[80] = '\0';
	memcpy(cut, longer, 78);
	memcpy(cut + 78, "\xe2\x80\xa6", 4);
	chart = draw(CHART_BARS, bars, 3);
	assert_string_equal(text(chart, 0, "label"), fits);
	assert_string_equal(text(chart, 1, "label"), cut);
	assert_string_equal(text(chart, 2, "label"), "");
}

/* No bar lies over the label below it, and all within the picture. */
static void
bars_stand_below_each_other(void **state)
{
	struct chart_bar bars[30];

	(void)state;
	for (size_t i = 0; i < 30; i++)
		bars[i] = (struct chart_bar){ "x", (int64_t)i, 0 };
	for (int kind = CHART_BARS; kind <= CHART_HISTOGRAM; kind++) {
		json_t *chart = draw((enum chart_kind)kind, bars, 30);
		json_int_t height =
			json_integer_value(json_object_get(chart, "height"));

		for (size_t i = 0; i < 30; i++) {
			json_int_t end =
				whole(chart, i, "y") + whole(chart, i, "size");

			assert_true(whole(chart, i, "label_y") <
				    whole(chart, i, "y"));
			assert_true(
				i == 29 ? end <= height
					: end < whole(chart, i + 1, "label_y"));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			no_rows_are_no_chart, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_longest_bar_leaves_room_for_its_number, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			one_row_of_nothing_has_no_length, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_stack_is_as_long_as_both_its_pieces, setup, teardown),
		cmocka_unit_test_setup_teardown(
			without_a_stack_the_second_piece_is_nothing, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			less_than_nothing_is_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_largest_numbers_stay_inside, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_long_label_ends_with_a_whole_character, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			bars_stand_below_each_other, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
