/*
 * hearing_test.c - the rule of equal hearing: who was heard, and why not
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ouv/hearing.h"

#define DAY INT64_C(86400)
#define NOW (1000 * DAY)

enum {
	CONSUMER = OUV_HEARING_CONSUMER,
	COMPANY = OUV_HEARING_COMPANY
};

/* Both were shown all of it on the same day, with ten days, and answered. */
static struct ouv_hearing
both_answered(void)
{
	const struct ouv_hearing_side side = { .sent = true,
		.last_n = 3,
		.need_n = 3,
		.days = 10,
		.sent_at = NOW - 2 * DAY,
		.due_at = NOW + 8 * DAY,
		.answered_at = NOW - DAY };

	return (struct ouv_hearing){
		.round = 2, .now = NOW, .side = { side, side }
	};
}

/* The company answers the notice in ten days, the consumer that in twenty. */
static struct ouv_hearing
one_after_the_other(void)
{
	struct ouv_hearing h = both_answered();

	h.round = 1;
	h.side[COMPANY].sent_at = NOW - 20 * DAY;
	h.side[COMPANY].due_at = NOW - 10 * DAY;
	h.side[CONSUMER].days = 20;
	return h;
}

static void
both_answered_is_heard(void **state)
{
	struct ouv_hearing h = both_answered();

	(void)state;
	assert_true(ouv_hearing_heard(&h));
	assert_true(ouv_hearing_ended(&h));
}

static void
nobody_is_heard_before_anything_was_shown(void **state)
{
	struct ouv_hearing h = { .now = NOW };

	(void)state;
	assert_false(ouv_hearing_heard(&h));
	assert_false(ouv_hearing_ended(&h));
	for (int side = 0; side < OUV_HEARING_SIDES; side++)
		assert_int_equal(ouv_hearing_lacks(&h, side),
			OUV_HEARING_BIT(OUV_HEARING_NOT_SHOWN));
}

static void
one_side_alone_is_no_hearing(void **state)
{
	(void)state;
	for (int side = 0; side < OUV_HEARING_SIDES; side++) {
		struct ouv_hearing h = both_answered();

		h.side[side].sent = false;
		assert_false(ouv_hearing_heard(&h));
		assert_false(ouv_hearing_ended(&h));
		assert_int_equal(ouv_hearing_lacks(&h, side),
			OUV_HEARING_BIT(OUV_HEARING_NOT_SHOWN));
		assert_int_equal(ouv_hearing_lacks(&h, 1 - side), 0);
	}
}

static void
an_index_that_grew_must_be_shown_again(void **state)
{
	(void)state;
	for (int side = 0; side < OUV_HEARING_SIDES; side++) {
		struct ouv_hearing h = both_answered();

		h.side[side].need_n = 4;
		assert_false(ouv_hearing_heard(&h));
		assert_int_equal(ouv_hearing_lacks(&h, side),
			OUV_HEARING_BIT(OUV_HEARING_INDEX));
		assert_int_equal(ouv_hearing_lacks(&h, 1 - side), 0);
		/* ... and was answered all the same. */
		assert_true(ouv_hearing_ended(&h));
	}
}

static void
who_is_still_within_the_term_was_not_heard(void **state)
{
	(void)state;
	for (int side = 0; side < OUV_HEARING_SIDES; side++) {
		struct ouv_hearing h = both_answered();

		h.side[side].answered_at = 0;
		assert_int_equal(ouv_hearing_lacks(&h, side),
			OUV_HEARING_BIT(OUV_HEARING_OPEN));
		assert_false(ouv_hearing_heard(&h));
		assert_false(ouv_hearing_ended(&h));
	}
}

/* No timer has to have run for it; the last second still counts. */
static void
a_term_lapses_by_the_clock_alone(void **state)
{
	struct ouv_hearing h = both_answered();

	(void)state;
	h.side[COMPANY].answered_at = 0;
	h.now = h.side[COMPANY].due_at;
	assert_false(ouv_hearing_heard(&h));
	h.now++;
	assert_true(ouv_hearing_heard(&h));
	h.now = NOW;
	h.side[COMPANY].lapsed = true;
	assert_true(ouv_hearing_heard(&h));
}

static void
terms_that_begin_together_are_equal(void **state)
{
	(void)state;
	for (int side = 0; side < OUV_HEARING_SIDES; side++) {
		struct ouv_hearing h = both_answered();

		h.side[side].days = 9;
		assert_int_equal(ouv_hearing_lacks(&h, side),
			OUV_HEARING_BIT(OUV_HEARING_DAYS));
		assert_int_equal(ouv_hearing_lacks(&h, 1 - side), 0);
		assert_false(ouv_hearing_heard(&h));
	}
}

static void
the_procedures_own_terms_hurt_nobody_who_answered(void **state)
{
	struct ouv_hearing h = one_after_the_other();

	(void)state;
	assert_true(ouv_hearing_heard(&h));
	/* The consumer had more days: they may let them go by. */
	h.side[CONSUMER].answered_at = 0;
	h.side[CONSUMER].lapsed = true;
	assert_true(ouv_hearing_heard(&h));
}

/* The notice, its answer and what the consumer is told of it: in one second. */
static void
who_answered_before_the_other_was_asked_came_first(void **state)
{
	struct ouv_hearing h = one_after_the_other();

	(void)state;
	h.side[CONSUMER].sent_at = h.side[COMPANY].sent_at;
	h.side[COMPANY].answered_at = h.side[COMPANY].sent_at;
	assert_true(ouv_hearing_heard(&h));
	h.side[COMPANY].answered_at++;
	assert_int_equal(ouv_hearing_lacks(&h, COMPANY),
		OUV_HEARING_BIT(OUV_HEARING_DAYS));
}

static void
nobody_is_passed_over_by_the_shorter_term(void **state)
{
	struct ouv_hearing h = one_after_the_other();

	(void)state;
	h.side[COMPANY].answered_at = 0;
	h.side[COMPANY].lapsed = true;
	assert_int_equal(ouv_hearing_lacks(&h, COMPANY),
		OUV_HEARING_BIT(OUV_HEARING_DAYS));
	assert_false(ouv_hearing_heard(&h));
	/* As many days for both: a silent company was heard. */
	h.side[CONSUMER].days = h.side[COMPANY].days;
	assert_true(ouv_hearing_heard(&h));
}

/* ---- properties over everything that a side can be ------------------------
 */

#define SHAPES 96

/* sent, last_n 1 or 2 (of 2), days 5 or 9, began now or then, open, over,
 * answered. */
static struct ouv_hearing_side
shape(int n)
{
	struct ouv_hearing_side s = { .need_n = 2 };
	int end;

	s.sent = n % 2 == 0;
	n /= 2;
	s.last_n = 1 + n % 2;
	n /= 2;
	s.days = n % 2 == 0 ? 5 : 9;
	n /= 2;
	s.sent_at = NOW - (n % 2 == 0 ? 1 : 8) * DAY;
	n /= 2;
	end = n % 6;
	s.answered_at = end == 0 || end == 1 ? NOW : 0;
	s.lapsed = end == 1 || end == 2;
	s.due_at = end == 3 || end == 5 ? NOW - 1 : NOW + DAY;
	return s;
}

typedef void pair_fn(const struct ouv_hearing *h);

static void
each_pair(pair_fn *each)
{
	for (int a = 0; a < SHAPES; a++)
		for (int b = 0; b < SHAPES; b++)
			each(&(struct ouv_hearing){ .round = 1,
				.now = NOW,
				.side = { shape(a), shape(b) } });
}

static struct ouv_hearing
turned(const struct ouv_hearing *h)
{
	struct ouv_hearing out = *h;

	out.side[0] = h->side[1];
	out.side[1] = h->side[0];
	return out;
}

static void
check_fair(const struct ouv_hearing *h)
{
	struct ouv_hearing other = turned(h);

	for (int side = 0; side < OUV_HEARING_SIDES; side++)
		assert_int_equal(ouv_hearing_lacks(h, side),
			ouv_hearing_lacks(&other, 1 - side));
}

static void
the_rule_does_not_know_which_side_is_which(void **state)
{
	(void)state;
	each_pair(check_fair);
}

static void
check_heard(const struct ouv_hearing *h)
{
	if (!ouv_hearing_heard(h))
		return;
	assert_true(ouv_hearing_ended(h));
	for (int side = 0; side < OUV_HEARING_SIDES; side++) {
		const struct ouv_hearing_side *s = &h->side[side];
		const struct ouv_hearing_side *other = &h->side[1 - side];

		assert_true(s->sent && s->last_n >= s->need_n);
		assert_true(
			s->answered_at != 0 || s->lapsed || s->due_at < NOW);
		if (s->sent_at == other->sent_at)
			assert_int_equal(s->days, other->days);
		else if (s->answered_at == 0)
			assert_true(s->days >= other->days);
	}
}

static void
heard_means_all_of_it(void **state)
{
	(void)state;
	each_pair(check_heard);
}

static void
check_time(const struct ouv_hearing *h)
{
	struct ouv_hearing later = *h;

	later.now += 30 * DAY;
	for (int side = 0; side < OUV_HEARING_SIDES; side++) {
		uint32_t lacks = ouv_hearing_lacks(h, side);

		assert_int_equal(ouv_hearing_lacks(&later, side),
			lacks & ~OUV_HEARING_BIT(OUV_HEARING_OPEN));
	}
}

/* Waiting ends a term; it shows nobody anything and adds no day. */
static void
time_mends_nothing_but_an_open_term(void **state)
{
	(void)state;
	each_pair(check_time);
}

static void
every_lack_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int a = 0; a < OUV_HEARING_LACK__COUNT; a++)
		for (int b = 0; b < a; b++)
			assert_string_not_equal(
				ouv_hearing_lack_name((enum ouv_hearing_lack)a),
				ouv_hearing_lack_name(
					(enum ouv_hearing_lack)b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_answered_is_heard),
		cmocka_unit_test(nobody_is_heard_before_anything_was_shown),
		cmocka_unit_test(one_side_alone_is_no_hearing),
		cmocka_unit_test(an_index_that_grew_must_be_shown_again),
		cmocka_unit_test(who_is_still_within_the_term_was_not_heard),
		cmocka_unit_test(a_term_lapses_by_the_clock_alone),
		cmocka_unit_test(terms_that_begin_together_are_equal),
		cmocka_unit_test(
			the_procedures_own_terms_hurt_nobody_who_answered),
		cmocka_unit_test(
			who_answered_before_the_other_was_asked_came_first),
		cmocka_unit_test(nobody_is_passed_over_by_the_shorter_term),
		cmocka_unit_test(the_rule_does_not_know_which_side_is_which),
		cmocka_unit_test(heard_means_all_of_it),
		cmocka_unit_test(time_mends_nothing_but_an_open_term),
		cmocka_unit_test(every_lack_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
