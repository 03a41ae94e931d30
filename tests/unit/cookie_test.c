/*
 * cookie_test.c - reading the Cookie line, writing Set-Cookie
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../server/cookie.c" /* NOLINT(bugprone-suspicious-include) */

/* clang-format off */
static const struct {
	const char *line, *name;
	enum ouv_err err;
	const char *value;
} reads[] = {
	{ "ouv=abc", "ouv", OUV_OK, "abc" },
	{ "ouv=", "ouv", OUV_OK, "" },
	{ "a=1; ouv=abc; b=2", "ouv", OUV_OK, "abc" },
	{ "a=1;ouv=abc", "ouv", OUV_OK, "abc" },
	{ "  ouv = abc ", "ouv", OUV_INVALID, NULL }, /* a blank in the value */
	{ "ouv =abc  ", "ouv", OUV_OK, "abc" },
	{ ";;; ouv=abc;;", "ouv", OUV_OK, "abc" },
	{ "ouv=a=b=", "ouv", OUV_OK, "a=b=" },
	{ "junk; ouv=abc", "ouv", OUV_OK, "abc" },
	{ "=x; ouv=abc", "ouv", OUV_OK, "abc" },
	{ "ouv-pre=x; ouv=y", "ouv", OUV_OK, "y" },
	{ "Ouv=x", "ouv", OUV_NOT_FOUND, NULL },
	{ "xouv=x", "ouv", OUV_NOT_FOUND, NULL },
	{ "ouvx=x", "ouv", OUV_NOT_FOUND, NULL },
	{ "a=ouv=x", "ouv", OUV_NOT_FOUND, NULL },
	{ "", "ouv", OUV_NOT_FOUND, NULL },
	{ ";", "ouv", OUV_NOT_FOUND, NULL },
	{ NULL, "ouv", OUV_NOT_FOUND, NULL },
	{ "ouv", "ouv", OUV_OK, "" },
	{ "ouv=a; ouv=a", "ouv", OUV_INVALID, NULL },
	{ "ouv=a; x=y; ouv=b", "ouv", OUV_INVALID, NULL },
	{ "ouv; ouv=b", "ouv", OUV_INVALID, NULL },
	{ "ouv=\"a\"", "ouv", OUV_INVALID, NULL },
	{ "ouv=a b", "ouv", OUV_INVALID, NULL },
	{ "ouv=a,b", "ouv", OUV_INVALID, NULL },
	{ "ouv=a\\b", "ouv", OUV_INVALID, NULL },
	{ "ouv=\xc3\xa9", "ouv", OUV_INVALID, NULL },
	{ "ouv=\x7f", "ouv", OUV_INVALID, NULL },
	{ "other=\"a b\"; ouv=c", "ouv", OUV_OK, "c" },
};
/* clang-format on */

static void
each_line_reads_as_in_the_table(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		const char *value = NULL;
		enum ouv_err err = cookie_find(
			arena, reads[i].line, reads[i].name, &value);

		if (err != reads[i].err)
			fail_msg("row %zu: %s", i, ouv_err_name(err));
		if (err == OUV_OK)
			assert_string_equal(value, reads[i].value);
		else
			assert_null(value); /* outputs are left alone */
	}
	ouv_arena_free(&arena);
}

static void
a_cookie_of_ours_is_never_open_to_scripts_or_other_sites(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (int life = COOKIE_SESSION; life <= COOKIE_GONE; life++)
		for (int secure = 0; secure < 2; secure++) {
			const char *line = cookie_write(arena, "__Host-ouv",
				"v", secure, (enum cookie_life)life);

			assert_non_null(strstr(line, "; HttpOnly"));
			assert_non_null(strstr(line, "; SameSite=Strict"));
			assert_non_null(strstr(line, "; Path=/;"));
			assert_null(strstr(line, "Domain"));
			assert_int_equal(
				strstr(line, "; Secure") != NULL, secure);
		}
	ouv_arena_free(&arena);
}

static void
a_session_ends_with_the_browser_and_a_deleted_one_at_once(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	assert_string_equal(
		cookie_write(arena, "ouv", "v", false, COOKIE_SESSION),
		"ouv=v; Path=/; HttpOnly; SameSite=Strict");
	assert_string_equal(cookie_write(arena, "ouv", "", false, COOKIE_GONE),
		"ouv=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_reads_as_in_the_table),
		cmocka_unit_test(
			a_cookie_of_ours_is_never_open_to_scripts_or_other_sites),
		cmocka_unit_test(
			a_session_ends_with_the_browser_and_a_deleted_one_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
