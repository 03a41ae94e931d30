/*
 * form_test.c - form bodies and query strings: one meaning, or refused
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../server/form.c" /* NOLINT(bugprone-suspicious-include) */
#include "../../server/utf8.c" /* NOLINT(bugprone-suspicious-include) */

static int
setup(void **state)
{
	*state = ouv_arena_new(OUV_ARENA_WIPE);
	return 0;
}

static int
teardown(void **state)
{
	struct ouv_arena *arena = *state;

	ouv_arena_free(&arena);
	return 0;
}

/* clang-format off */
/* What comes out, as name, value, name, value ... NULL. */
static const struct {
	const char *text;
	const char *fields[7];
} accepted[] = {
	{ "", { NULL } },
	{ "a=1", { "a", "1", NULL } },
	{ "a=", { "a", "", NULL } },
	{ "a==", { "a", "=", NULL } },
	{ "a=b=c", { "a", "b=c", NULL } },
	{ "a=1&b=2&c=3", { "a", "1", "b", "2", "c", "3", NULL } },
	{ "a=1+2", { "a", "1 2", NULL } },
	{ "a=1%2B2", { "a", "1+2", NULL } },
	{ "a%3Db=%26", { "a=b", "&", NULL } },
	{ "a=%e2%82%ac", { "a", "\xe2\x82\xac", NULL } },
	{ "a=%F0%9F%98%80", { "a", "\xf0\x9f\x98\x80", NULL } },
	{ "a=*-._~!'()", { "a", "*-._~!'()", NULL } },
	{ "a=%09%01", { "a", "\t\x01", NULL } },
	{ "t=x%0D%0Ay", { "t", "x\ny", NULL } },
	{ "t=x%0Ay", { "t", "x\ny", NULL } },
	{ "t=x%0Dy", { "t", "x\ny", NULL } },
	{ "t=%0D%0A%0D%0A", { "t", "\n\n", NULL } },
	{ "t=%0D%0D%0A", { "t", "\n\n", NULL } },
	{ "A=1&a=2", { "A", "1", "a", "2", NULL } },
};

static const char *const refused[] = {
	"a", "a&b", "=", "=1", "a=1&", "&a=1", "a=1&&b=2", "&", "a=1&b",
	/* a name twice, also when it is written differently */
	"a=1&a=2", "a=1&b=2&a=1", "a=1&%61=2",
	/* percent signs */
	"a=%", "a=%4", "a=%zz", "a=%4z", "a=%z4", "a=%%41", "a=%u0041",
	"%=1", "a%4=1", "a=%-1", "a=% 1",
	/* bytes that browsers encode */
	"a=b c", "a=\n", "a=\x7f", "a=\xc3\xa9", "a b=1", "a=\t",
	/* NUL */
	"a=%00", "a%00=1", "a=x%00y",
	/* not UTF-8 (RFC 3629): alone, cut, overlong, surrogate, too high */
	"a=%80", "a=%ff", "a=%c3", "a=%c3%28", "a=%c0%80", "a=%c1%bf",
	"a=%e0%80%80", "a=%e0%9f%bf", "a=%ed%a0%80", "a=%ed%bf%bf",
	"a=%f0%80%80%80", "a=%f4%90%80%80", "a=%f5%80%80%80", "a=%e2%82",
	"%ff=1",
};
/* clang-format on */
#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static void
what_browsers_send_reads_as_in_the_table(void **state)
{
	for (size_t i = 0; i < LEN(accepted); i++) {
		const char *const *want = accepted[i].fields;
		struct form form = { 0 };
		size_t n = 0;

		if (form_parse(*state, accepted[i].text,
			    strlen(accepted[i].text), &form) != OUV_OK)
			fail_msg("refused: %s", accepted[i].text);
		for (; want[2 * n] != NULL; n++) {
			assert_true(n < form.count);
			assert_string_equal(form.fields[n].name, want[2 * n]);
			assert_string_equal(
				form.fields[n].value, want[2 * n + 1]);
		}
		assert_int_equal(form.count, n);
	}
}

static void
what_they_would_not_send_is_refused(void **state)
{
	for (size_t i = 0; i < LEN(refused); i++) {
		struct form form = { .count = 77 };

		if (form_parse(*state, refused[i], strlen(refused[i]), &form) !=
			OUV_INVALID)
			fail_msg("accepted: %s", refused[i]);
		assert_int_equal(form.count, 77); /* outputs are left alone */
	}
}

static void
a_raw_zero_in_the_body_is_refused(void **state)
{
	static const char text[] = "a=1\0&b=2";
	struct form form = { 0 };

	assert_int_equal(
		form_parse(*state, text, sizeof(text) - 1, &form), OUV_INVALID);
}

static void
there_may_be_512_fields_and_no_more(void **state)
{
	char text[FORM_FIELDS * 8 + 8];
	struct form form = { 0 };
	size_t len = 0;

	for (int i = 0; i < FORM_FIELDS; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
			"%sf%d=1", i > 0 ? "&" : "", i);
	assert_int_equal(form_parse(*state, text, len, &form), OUV_OK);
	assert_int_equal(form.count, FORM_FIELDS);
	len += (size_t)snprintf(text + len, sizeof(text) - len, "&g=1");
	assert_int_equal(form_parse(*state, text, len, &form), OUV_INVALID);
}

static void
a_body_may_have_256_kib_and_no_more(void **state)
{
	char *text = malloc(FORM_BYTES + 1);
	struct form form = { 0 };

	assert_non_null(text);
	memset(text, 'x', FORM_BYTES + 1);
	text[1] = '=';
	assert_int_equal(form_parse(*state, text, FORM_BYTES, &form), OUV_OK);
	assert_int_equal(strlen(form_get(&form, "x")), FORM_BYTES - 2);
	assert_int_equal(
		form_parse(*state, text, FORM_BYTES + 1, &form), OUV_INVALID);
	free(text);
}

static void
every_text_survives_the_way_through_an_address(void **state)
{
	char text[257];
	struct form form = { 0 };
	const char *query;
	size_t n = 0;

	for (int c = 1; c < 0x80; c++)
		if (c != '\r') /* becomes a line feed, as promised */
			text[n++] = (char)c;
	memcpy(text + n, "\xc3\xa9\xe2\x82\xac", 6);
	query = ouv_arena_printf(*state, "q=%s", form_escape(*state, text));
	assert_int_equal(
		form_parse(*state, query, strlen(query), &form), OUV_OK);
	assert_string_equal(form_get(&form, "q"), text);
}

static void
a_field_that_is_not_there_is_null(void **state)
{
	struct form form = { 0 };

	assert_int_equal(form_parse(*state, "ab=1", 4, &form), OUV_OK);
	assert_null(form_get(&form, "a"));
	assert_null(form_get(&form, "abc"));
	assert_null(form_get(&form, ""));
}

static void
every_code_point_is_a_character_exactly_once(void **state)
{
	uint32_t got = 0;

	(void)state;
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		char text[4] = { 0 };
		size_t len;

		if (code < 0x80) {
			text[0] = (char)code;
			len = 1;
		} else if (code < 0x800) {
			text[0] = (char)(0xc0 | code >> 6);
			len = 2;
		} else if (code < 0x10000) {
			text[0] = (char)(0xe0 | code >> 12);
			len = 3;
		} else {
			text[0] = (char)(0xf0 | code >> 18);
			len = 4;
		}
		for (size_t i = 1; i < len; i++)
			text[i] = (char)(0x80 |
					 (code >> 6 * (len - 1 - i) & 0x3f));
		if (code >= 0xd800 && code <= 0xdfff) {
			assert_int_equal(utf8_step(text, len, &got), 0);
			continue;
		}
		assert_int_equal(utf8_step(text, len, &got), len);
		assert_int_equal(got, code);
		assert_int_equal(utf8_step(text, len - 1, &got), 0);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_browsers_send_reads_as_in_the_table),
		TEST(what_they_would_not_send_is_refused),
		TEST(a_raw_zero_in_the_body_is_refused),
		TEST(there_may_be_512_fields_and_no_more),
		TEST(a_body_may_have_256_kib_and_no_more),
		TEST(every_text_survives_the_way_through_an_address),
		TEST(a_field_that_is_not_there_is_null),
		TEST(every_code_point_is_a_character_exactly_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
