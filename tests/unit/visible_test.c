/*
 * visible_test.c - any bytes as text that hides nothing; names that show
 * another's address
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../server/shown.c"   /* NOLINT(bugprone-suspicious-include) */
#include "../../server/utf8.c"    /* NOLINT(bugprone-suspicious-include) */
#include "../../server/visible.c" /* NOLINT(bugprone-suspicious-include) */

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

/* The runs with "[" and "]" around what is written out. */
static const char *
show(struct ouv_arena *arena, const char *bytes, size_t len)
{
	struct ouv_str all = { bytes, len };
	struct visible_run *run;
	struct ouv_buf buf;
	size_t count;

	ouv_buf_init(&buf, arena, 64);
	run = visible_runs(arena, all, &count);
	for (size_t i = 0; i < count; i++) {
		ouv_buf_text(&buf, run[i].is_code ? "[" : "");
		ouv_buf_add(&buf, run[i].text.p, run[i].text.len);
		ouv_buf_text(&buf, run[i].is_code ? "]" : "");
	}
	return buf.data;
}

/* clang-format off */
#define BYTES(text) (text), sizeof(text) - 1
static const struct {
	const char *bytes;
	size_t len;
	const char *shown;
} seen[] = {
	{ BYTES(""), "" },
	{ BYTES("From: a@b\r\n\r\nol\xc3\xa1\tb\n"), "From: a@b\n\nol\xc3\xa1\tb\n" },
	{ BYTES("<script>&\"'"), "<script>&\"'" },
	{ BYTES("a\0b"), "a[00]b" },
	{ BYTES("a\x1b[31m\x07"), "a[1B][31m[07]" },
	{ BYTES("a\rb\r"), "a[0D]b[0D]" },
	{ BYTES("ol\xe1\xff\xfe!"), "ol[E1 FF FE]!" },
	{ BYTES("\xc0\xaf \xed\xa0\x80"), "[C0 AF] [ED A0 80]" },
	{ BYTES("\xc2\x85"), "[C2 85]" },
	{ BYTES("fdp.\xe2\x80\xae""exe"), "fdp.[U+202E]exe" },
	{ BYTES("a\xe2\x80\x8b\xef\xbb\xbf""b"), "a[U+200B U+FEFF]b" },
	{ BYTES("a\xe2\x80\xa8""b"), "a[U+2028]b" },
	{ BYTES("\xef\xbf\xbe\xf0\x9f\x98\x80"), "[U+FFFE]\xf0\x9f\x98\x80" },
	{ BYTES("\xf0\x9f\x98"), "[F0 9F 98]" },
	{ BYTES("[00]"), "[00]" },
};

static const struct {
	const char *name, *addr, *shown;
} names[] = {
	{ "Ana Souza", "ana@x.example", NULL },
	{ "ana@x.example", "ana@x.example", NULL },
	{ "\"ANA@X.example\"", "ana@x.example", NULL },
	{ "ana@x.example", "eva@y.example", "ana@x.example" },
	{ "Ana <ana@x.example>", "eva@y.example", "ana@x.example" },
	{ "Ana (ana@x.example).", "eva@y.example", "ana@x.example" },
	{ "eva@y.example, ana@x.example", "eva@y.example", "ana@x.example" },
	{ "ana\xef\xbc\xa0x.example", "eva@y.example", "ana@x.example" },
	{ "ana\xef\xb9\xabx.example", "eva@y.example", "ana@x.example" },
	{ "Ana @ Loja", "eva@y.example", NULL },
	{ "@", "eva@y.example", NULL },
	{ "@x.example", "eva@y.example", NULL },
	{ "ana@x", "eva@y.example", NULL },
	{ "", "eva@y.example", NULL },
	{ NULL, "eva@y.example", NULL },
};
/* clang-format on */

static void
nothing_of_a_message_is_hidden(void **state)
{
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		assert_string_equal(show(*state, seen[i].bytes, seen[i].len),
			seen[i].shown);
}

static void
what_the_message_wrote_is_never_marked_as_ours(void **state)
{
	struct ouv_str all = { "[00]", 4 };
	struct visible_run *run;
	size_t count;

	run = visible_runs(*state, all, &count);
	assert_int_equal(count, 1);
	assert_false(run[0].is_code);
}

/* Every byte is on one page and on no other, wherever pages begin. */
static void
pages_meet_without_gap_or_overlap(void **state)
{
	static char text[20000];
	struct ouv_str all = { text, sizeof(text) };

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i < 9000 ? (char)(i % 77 == 76 ? '\n' : 'x')
				   : "\xe2\x82\xac"[i % 3];
	for (size_t size = 1; size < 5000; size += 97) {
		size_t before = 0;

		for (size_t from = 0; from < sizeof(text); from += size) {
			size_t begin = visible_begin(all, from);

			assert_true(begin >= before && begin <= from);
			before = begin;
		}
		assert_int_equal(
			visible_begin(all, sizeof(text) + size), sizeof(text));
	}
}

static void
a_page_begins_with_a_line_or_at_least_with_a_character(void **state)
{
	char lines[] = "one\r\ntwo\r\nthree";
	struct ouv_str all = { lines, sizeof(lines) - 1 };
	static char euros[3000];
	struct ouv_str long_line = { euros, sizeof(euros) };

	(void)state;
	assert_int_equal(visible_begin(all, 0), 0);
	assert_int_equal(visible_begin(all, 2), 0);
	assert_int_equal(visible_begin(all, 5), 5);
	assert_int_equal(visible_begin(all, 7), 5);
	assert_int_equal(visible_begin(all, 12), 10);
	for (size_t i = 0; i < sizeof(euros); i++)
		euros[i] = "\xe2\x82\xac"[i % 3];
	assert_int_equal(visible_begin(long_line, 2000), 1998);
	assert_int_equal(visible_begin(long_line, 1998), 1998);
}

static void
a_name_that_shows_another_address_is_found(void **state)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *shown =
			shown_address(*state, names[i].name, names[i].addr);

		if (names[i].shown == NULL && shown != NULL)
			fail_msg("%s: %s", names[i].name, shown);
		if (names[i].shown != NULL && shown == NULL)
			fail_msg("%s: not seen", names[i].name);
		if (shown != NULL)
			assert_string_equal(shown, names[i].shown);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			nothing_of_a_message_is_hidden, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_the_message_wrote_is_never_marked_as_ours, setup,
			teardown),
		cmocka_unit_test(pages_meet_without_gap_or_overlap),
		cmocka_unit_test(
			a_page_begins_with_a_line_or_at_least_with_a_character),
		cmocka_unit_test_setup_teardown(
			a_name_that_shows_another_address_is_found, setup,
			teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
