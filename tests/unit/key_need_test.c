/*
 * key_need_test.c - whoever gets a key by itself has work to do with it
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ouv/case.h"

/* Is there a numbered step, or a confirmation, for that role? */
static bool
has_step(enum ouv_role role, uint32_t states, enum ouv_action waits)
{
	size_t count;
	const struct ouv_move *rows = ouv_workflow_rows(&count);

	for (size_t i = 0; i < count; i++) {
		if ((rows[i].from & states) != 0 && rows[i].n > 0 &&
			((rows[i].roles | rows[i].second) &
				OUV_ROLE_BIT(role)) != 0)
			return true;
		if (rows[i].action == waits &&
			(rows[i].second & OUV_ROLE_BIT(role)) != 0)
			return true;
	}
	return false;
}

static void
whoever_gets_a_key_has_a_step_in_that_case(void **state)
{
	size_t count;
	const struct ouv_key_need *needs = ouv_key_needs(&count);

	(void)state;
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++)
		for (int role = 0; role < OUV_ROLE__COUNT; role++)
			if ((needs[i].roles & OUV_ROLE_BIT(role)) != 0)
				assert_true(has_step((enum ouv_role)role,
					needs[i].states, needs[i].waits));
}

static bool
is_need(enum ouv_action waits)
{
	size_t count;
	const struct ouv_key_need *needs = ouv_key_needs(&count);

	for (size_t i = 0; i < count; i++)
		if (needs[i].waits == waits && needs[i].roles != 0)
			return true;
	return false;
}

static void
every_act_that_waits_calls_for_somebody(void **state)
{
	size_t count;
	const struct ouv_move *rows = ouv_workflow_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		if (rows[i].second != 0)
			assert_true(is_need(rows[i].action));
}

static void
each_need_names_a_state_or_an_act_and_says_why(void **state)
{
	size_t count;
	const struct ouv_key_need *needs = ouv_key_needs(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_true((needs[i].states == 0) !=
			    (needs[i].waits == OUV_ACTION__COUNT));
		assert_true(needs[i].why != NULL && needs[i].why[0] != '\0');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_gets_a_key_has_a_step_in_that_case),
		cmocka_unit_test(every_act_that_waits_calls_for_somebody),
		cmocka_unit_test(
			each_need_names_a_state_or_an_act_and_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
