/*
 * lint_cases_test.c - a pattern that was told its letters beforehand finds
 * what ICU finds with the pattern as it was written
 *
 * Runs from the project's folder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unicode/ustring.h>

#include "../../lib/lint/cases.c"

static struct ouv_arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	ouv_arena_free(&arena);
	return 0;
}

static URegularExpression *
open_it(const char *pattern)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar *units =
		ouv_arena_array(arena, strlen(pattern) + 1, sizeof(*units));
	URegularExpression *made;
	int32_t len;

	u_strFromUTF8(units, (int32_t)strlen(pattern) + 1, &len, pattern, -1,
		&status);
	made = uregex_open(units, len,
		UREGEX_CASE_INSENSITIVE | UREGEX_MULTILINE, NULL, &status);
	if (U_FAILURE(status))
		fail_msg("%s: %s", pattern, u_errorName(status));
	return made;
}

/* How often both find something; fails where one finds it elsewhere. */
static int
same(const char *pattern, const UChar *text, int32_t len)
{
	URegularExpression *one = open_it(pattern),
			   *two = open_it(lint_any_case(arena, pattern));
	UErrorCode status = U_ZERO_ERROR;
	int found = 0;
	bool more;

	uregex_setText(one, text, len, &status);
	uregex_setText(two, text, len, &status);
	do {
		more = uregex_findNext(one, &status);
		if (more != (bool)uregex_findNext(two, &status) ||
			(more &&
				(uregex_start(one, 0, &status) !=
						uregex_start(two, 0, &status) ||
					uregex_end(one, 0, &status) !=
						uregex_end(two, 0, &status))))
			fail_msg("%s: not the same after %d", pattern, found);
		found += more;
	} while (more);
	assert_true(U_SUCCESS(status));
	uregex_close(one);
	uregex_close(two);
	return found;
}

/* Every character there is, one after another, each between two spaces. */
static void
every_character_is_what_it_was(void **state)
{
	static const char *const patterns[] = { "\\p{L}", "[\\p{L}\\p{N}_./-]",
		" [\\p{L}-] ", "[-\\p{L}]", "[^\\p{L} ]", "[\\p{L}&&[b-d]]",
		"\\p{L} \\[", " \\p{L}{1} ", "[\\p{L}]{1,3}?" };
	size_t most = (size_t)0x110000 * 3 + 1;
	UChar *text = ouv_arena_array(arena, most, sizeof(*text));
	int32_t len = 0;

	(void)state;
	text[len++] = ' ';
	for (UChar32 c = 1; c < 0x110000; c++) {
		if (U_IS_SURROGATE(c))
			continue;
		U16_APPEND_UNSAFE(text, len, c);
		text[len++] = ' ';
	}
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		if (same(patterns[i], text, len) == 0)
			fail_msg("%s finds nothing", patterns[i]);
}

/* All texts of a document, at any depth. */
static void
each_text(const json_t *value, void (*see)(const char *))
{
	const char *key;
	json_t *part;
	size_t i;

	if (json_is_string(value))
		see(json_string_value(value));
	json_array_foreach(value, i, part) each_text(part, see);
	json_object_foreach((json_t *)value, key, part) each_text(part, see);
}

static UChar *words;
static int32_t word_count;
static int patterns, finds;

static void
see(const char *text)
{
	if (strstr(text, LETTERS) == NULL)
		return;
	patterns++;
	finds += same(text, words, word_count);
}

/* Over everything that stands in the rules themselves, examples and all. */
static void
every_rule_finds_what_it_found(void **state)
{
	UErrorCode status = U_ZERO_ERROR;
	json_t *doc = json_load_file("lint/rules.json", 0, NULL);
	char *all = json_dumps(doc, JSON_INDENT(1));
	int32_t room;

	(void)state;
	assert_non_null(all);
	room = (int32_t)strlen(all) + 1;
	words = ouv_arena_array(arena, (size_t)room, sizeof(*words));
	u_strFromUTF8(words, room, &word_count, all, -1, &status);
	assert_true(U_SUCCESS(status));
	each_text(doc, see);
	assert_true(patterns > 30 && finds > patterns);
	free(all);
	json_decref(doc);
}

static void
nothing_else_is_touched(void **state)
{
	static const char *const table[][2] = {
		{ "a\\p{L}+b", "a(?-i:[\\x{345}\\p{L}]+)b" },
		{ "[\\p{L}/]{1,2}?", "(?-i:[\\x{345}\\p{L}/]{1,2}?)" },
		{ "[a\\]\\p{L}]*+c", "(?-i:[\\x{345}a\\]\\p{L}]*+)c" },
		{ "[^\\p{L}]", "[^\\p{L}]" },
		{ "[\\p{L}&&[b]]\\p{L}", "[\\p{L}&&[b]]\\p{L}" },
		{ "\\\\p\\[\\p{L}\\]", "\\\\p\\[(?-i:[\\x{345}\\p{L}])\\]" },
		{ "\\Q\\p{L}\\E", "\\Q\\p{L}\\E" },
		{ "[b-d]\\p{Lu}", "[b-d]\\p{Lu}" },
		{ "\\p{L}\\", "(?-i:[\\x{345}\\p{L}])\\" },
		{ "[\\p{L}", "[\\p{L}" },
		{ "[-\\p{L}]", "[-\\p{L}]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		assert_string_equal(
			lint_any_case(arena, table[i][0]), table[i][1]);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(every_character_is_what_it_was),
		T(every_rule_finds_what_it_found),
		T(nothing_else_is_touched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
