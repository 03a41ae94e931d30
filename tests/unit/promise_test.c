/*
 * promise_test.c - what becomes of a promise
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ouv/promise.h"

static const char *const said[] = { NULL, "done", "late", "not-done" };
static const char *const promisers[] = { "company", "consumer", "office" };

#define SAID 4

static bool
is(const char *verdict, const char *wanted)
{
	return verdict != NULL && strcmp(verdict, wanted) == 0;
}

/* What the one says to whom a promise of the company was made. */
static const char *
told(const char *company, const char *consumer)
{
	return ouv_promise_verdict("company", company, consumer, false);
}

static void
the_consumers_word_ends_the_companys_promise(void **state)
{
	(void)state;
	assert_string_equal(told(NULL, "done"), "kept");
	assert_string_equal(told(NULL, "late"), "late");
	assert_string_equal(told(NULL, "not-done"), "broken");
	assert_string_equal(told("not-done", "done"), "kept");
	assert_string_equal(told("late", "done"), "late");
}

static void
the_companys_word_alone_ends_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < SAID; i++)
		assert_null(told(said[i], NULL));
}

static void
a_contradiction_is_never_settled_by_rule(void **state)
{
	(void)state;
	for (int lapsed = 0; lapsed < 2; lapsed++) {
		assert_null(ouv_promise_verdict(
			"company", "done", "not-done", lapsed));
		assert_null(ouv_promise_verdict(
			"company", "late", "not-done", lapsed));
		assert_null(ouv_promise_verdict(
			"consumer", "not-done", "done", lapsed));
	}
}

static void
silence_after_the_question_leaves_the_promisers_word(void **state)
{
	(void)state;
	assert_string_equal(
		ouv_promise_verdict("company", "done", NULL, true), "kept");
	assert_string_equal(
		ouv_promise_verdict("company", "late", NULL, true), "late");
	assert_string_equal(
		ouv_promise_verdict("company", "not-done", NULL, true),
		"broken");
	assert_string_equal(
		ouv_promise_verdict("company", NULL, NULL, true), "broken");
}

/* The same rule the other way round. */
static void
a_promise_of_the_consumer_is_the_companys_to_confirm(void **state)
{
	(void)state;
	for (int a = 0; a < SAID; a++)
		for (int b = 0; b < SAID; b++)
			for (int lapsed = 0; lapsed < 2; lapsed++) {
				const char *one = ouv_promise_verdict(
					"company", said[a], said[b], lapsed);
				const char *other = ouv_promise_verdict(
					"consumer", said[b], said[a], lapsed);

				assert_ptr_equal(one, other);
			}
}

static void
the_company_says_nothing_of_the_offices_promise(void **state)
{
	(void)state;
	for (int a = 0; a < SAID; a++)
		for (int b = 0; b < SAID; b++)
			assert_ptr_equal(ouv_promise_verdict("office", said[a],
						 said[b], false),
				ouv_promise_verdict(
					"office", NULL, said[b], false));
}

/* Nobody ever learns of a kept promise that nobody called done. */
static void
kept_needs_somebody_who_says_so(void **state)
{
	(void)state;
	for (size_t p = 0; p < 3; p++)
		for (int a = 0; a < SAID; a++)
			for (int b = 0; b < SAID; b++)
				if (is(ouv_promise_verdict(promisers[p],
					       said[a], said[b], true),
					    "kept"))
					assert_true(a == 1 || b == 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_consumers_word_ends_the_companys_promise),
		cmocka_unit_test(the_companys_word_alone_ends_nothing),
		cmocka_unit_test(a_contradiction_is_never_settled_by_rule),
		cmocka_unit_test(
			silence_after_the_question_leaves_the_promisers_word),
		cmocka_unit_test(
			a_promise_of_the_consumer_is_the_companys_to_confirm),
		cmocka_unit_test(
			the_company_says_nothing_of_the_offices_promise),
		cmocka_unit_test(kept_needs_somebody_who_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
