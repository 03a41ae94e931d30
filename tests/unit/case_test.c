/*
 * case_test.c - labels, protocol numbers, languages
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "ouv/case.h"

static void
labels_are_read_back_as_written(void **state)
{
	(void)state;
#define WALK(type, prefix, count)                                            \
	for (int i = 0; i < (count); i++) {                                  \
		enum type value;                                             \
		assert_non_null(prefix##_name((enum type)i));                \
		assert_int_equal(                                            \
			prefix##_parse(prefix##_name((enum type)i), &value), \
			OUV_OK);                                             \
		assert_int_equal(value, i);                                  \
		assert_int_equal(                                            \
			prefix##_parse("nonsense", &value), OUV_INVALID);    \
		assert_int_equal(prefix##_parse(NULL, &value), OUV_INVALID); \
	}
	WALK(ouv_state, ouv_state, OUV_STATE__COUNT)
	WALK(ouv_role, ouv_role, OUV_ROLE__COUNT)
	WALK(ouv_lane, ouv_lane, OUV_LANE__COUNT)
	WALK(ouv_item_kind, ouv_item_kind, OUV_ITEM__COUNT)
	WALK(ouv_action, ouv_action, OUV_ACTION__COUNT)
	WALK(ouv_clock, ouv_clock, OUV_CLOCK__COUNT)
}

static void
every_single_wrong_digit_of_a_protocol_is_caught(void **state)
{
	char text[OUV_PROTOCOL_MAX], out[OUV_PROTOCOL_MAX];

	(void)state;
	for (int64_t n = 1; n < 1000000; n = n * 3 + 7) {
		ouv_protocol_format(2026, n, text);
		assert_int_equal(ouv_protocol_parse(text, out), OUV_OK);
		assert_string_equal(out, text);
		for (size_t i = 0; text[i] != '\0'; i++) {
			char right = text[i];

			if (right == '-')
				continue;
			for (char wrong = '0'; wrong <= '9'; wrong++) {
				text[i] = wrong;
				assert_int_equal(ouv_protocol_parse(text, out),
					wrong == right ? OUV_OK : OUV_INVALID);
			}
			text[i] = right;
		}
	}
}

static void
every_exchange_of_neighbours_is_caught(void **state)
{
	char text[OUV_PROTOCOL_MAX], out[OUV_PROTOCOL_MAX];

	(void)state;
	for (int64_t n = 1; n < 1000000; n = n * 3 + 7) {
		char digits[16];
		size_t len = 0;

		ouv_protocol_format(2026, n, text);
		for (size_t i = 0; text[i] != '\0'; i++)
			if (text[i] != '-')
				digits[len++] = text[i];
		digits[len] = '\0';
		assert_int_equal(ouv_protocol_parse(digits, out), OUV_OK);
		for (size_t i = 0; i + 1 < len; i++) {
			char t = digits[i];

			digits[i] = digits[i + 1];
			digits[i + 1] = t;
			assert_int_equal(ouv_protocol_parse(digits, out),
				digits[i] == t ? OUV_OK : OUV_INVALID);
			digits[i + 1] = digits[i];
			digits[i] = t;
		}
	}
}

static void
people_may_write_a_protocol_as_they_like(void **state)
{
	char text[OUV_PROTOCOL_MAX], out[OUV_PROTOCOL_MAX], other[32];

	(void)state;
	ouv_protocol_format(2026, 123, text);
	(void)snprintf(other, sizeof(other), "  %.4s.%.6s/%c \n", text,
		text + 5, text[12]);
	assert_int_equal(ouv_protocol_parse(other, out), OUV_OK);
	assert_string_equal(out, text);
	assert_int_equal(ouv_protocol_parse("", out), OUV_INVALID);
	assert_int_equal(ouv_protocol_parse("2026", out), OUV_INVALID);
	assert_int_equal(
		ouv_protocol_parse("2026-000123-4 or so", out), OUV_INVALID);
	assert_int_equal(
		ouv_protocol_parse("20260001234567890123", out), OUV_INVALID);
	ouv_protocol_format(2026, 1234567, text); /* a seventh digit */
	assert_int_equal(ouv_protocol_parse(text, out), OUV_OK);
	assert_string_equal(out, text);
}

static void
a_language_tag_is_recognised_by_its_first_part(void **state)
{
	(void)state;
	assert_int_equal(ouv_lang_parse("pt-PT", OUV_LANG_EN), OUV_LANG_PT_BR);
	assert_int_equal(ouv_lang_parse("IT", OUV_LANG_EN), OUV_LANG_IT);
	assert_int_equal(ouv_lang_parse("en_GB", OUV_LANG_IT), OUV_LANG_EN);
	assert_int_equal(ouv_lang_parse("ita", OUV_LANG_EN), OUV_LANG_EN);
	assert_int_equal(ouv_lang_parse("und", OUV_LANG_IT), OUV_LANG_IT);
	assert_int_equal(ouv_lang_parse(NULL, OUV_LANG_IT), OUV_LANG_IT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_read_back_as_written),
		cmocka_unit_test(
			every_single_wrong_digit_of_a_protocol_is_caught),
		cmocka_unit_test(every_exchange_of_neighbours_is_caught),
		cmocka_unit_test(people_may_write_a_protocol_as_they_like),
		cmocka_unit_test(
			a_language_tag_is_recognised_by_its_first_part),
	};

	return cmocka_run_group_tests_name("case", tests, NULL, NULL);
}
