/*
 * draw_test.c - the draw: by hand, evenly, and never outside the pool
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ouv/draw.h"

#define POOL 5

static void
weights_fall_with_the_load(void **state)
{
	(void)state;
	assert_int_equal(ouv_draw_weight(0), 1000);
	assert_int_equal(ouv_draw_weight(1), 500);
	assert_int_equal(ouv_draw_weight(3), 250);
	assert_int_equal(ouv_draw_weight(39), 25);
	assert_int_equal(ouv_draw_weight(5000), 1);
	assert_int_equal(ouv_draw_weight(-3), 1000);
	for (int load = 0; load < 3000; load++)
		assert_true(ouv_draw_weight(load + 1) <= ouv_draw_weight(load));
}

/* Weights 1000, 500, 250: the sum is 1750. */
static void
a_draw_can_be_done_by_hand(void **state)
{
	static const int loads[] = { 0, 1, 3 };
	/* clang-format off */
	static const struct { uint64_t n; size_t who; } cases[] = {
		{ 0, 0 }, { 999, 0 }, { 1000, 1 }, { 1499, 1 }, { 1500, 2 },
		{ 1749, 2 }, { 1750, 0 }, { 3250, 2 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t seed[OUV_DRAW_SEED] = { 0 };

		for (int b = 0; b < 8; b++)
			seed[b] = (uint8_t)(cases[i].n >> (56 - 8 * b));
		assert_int_equal(ouv_draw(loads, 3, seed), cases[i].who);
	}
}

/* The first number lies above the last whole multiple: the second decides. */
static void
an_uneven_rest_is_passed_over(void **state)
{
	static const int loads[] = { 0, 1, 3 };
	uint8_t seed[OUV_DRAW_SEED];

	(void)state;
	memset(seed, 0xff, sizeof(seed));
	memset(seed + 8, 0, 8);
	seed[14] = 1000 >> 8;
	seed[15] = 1000 & 0xff;
	assert_int_equal(ouv_draw(loads, 3, seed), 1);
}

static void
one_alone_is_drawn(void **state)
{
	static const int load = 40;
	uint8_t seed[OUV_DRAW_SEED];

	(void)state;
	memset(seed, 0xa5, sizeof(seed));
	assert_int_equal(ouv_draw(&load, 1, seed), 0);
}

/* xorshift64*, so that the seeds are always the same. */
static void
next_seed(uint64_t *x, uint8_t seed[OUV_DRAW_SEED])
{
	for (int i = 0; i < OUV_DRAW_SEED; i++) {
		*x ^= *x >> 12;
		*x ^= *x << 25;
		*x ^= *x >> 27;
		seed[i] = (uint8_t)((*x * UINT64_C(2685821657736338717)) >> 56);
	}
}

/* Pearson's chi-square against what the weights ask; 18.47 is its 99.9 % limit
 * for four degrees of freedom. */
static void
everybody_is_drawn_as_often_as_they_should(void **state)
{
	static const int loads[POOL] = { 0, 1, 2, 4, 9 };
	static const double weights[POOL] = { 1000, 500, 333, 200, 100 };
	const int draws = 200000;
	int hits[POOL] = { 0 };
	uint64_t x = 88172645463325252U;
	double sum = 0, chi = 0;

	(void)state;
	for (int i = 0; i < draws; i++) {
		uint8_t seed[OUV_DRAW_SEED];

		next_seed(&x, seed);
		hits[ouv_draw(loads, POOL, seed)]++;
	}
	for (int i = 0; i < POOL; i++)
		sum += weights[i];
	for (int i = 0; i < POOL; i++) {
		double want = draws * weights[i] / sum;

		chi += (hits[i] - want) * (hits[i] - want) / want;
	}
	assert_true(chi < 18.47);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_fall_with_the_load),
		cmocka_unit_test(a_draw_can_be_done_by_hand),
		cmocka_unit_test(an_uneven_rest_is_passed_over),
		cmocka_unit_test(one_alone_is_drawn),
		cmocka_unit_test(everybody_is_drawn_as_often_as_they_should),
	};

	return cmocka_run_group_tests_name("draw", tests, NULL, NULL);
}
