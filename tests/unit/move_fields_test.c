/*
 * move_fields_test.c - what a form may hold, by the declarations of its fields
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../lib/desk/frame.h"

/* ---- a calendar of weekdays, and a Tuesday ---------------------------------
 */

static const struct ouv_shift utc = { 0, 0 };
static const struct ouv_calendar calendar = { .name = "plain",
	.zone = "UTC",
	.first_year = 2020,
	.last_year = 2030,
	.shift_count = 1,
	.shifts = &utc,
	.week = { { 1, { { 32400, 64800 } } }, { 1, { { 32400, 64800 } } },
		{ 1, { { 32400, 64800 } } }, { 1, { { 32400, 64800 } } },
		{ 1, { { 32400, 64800 } } }, { 0 }, { 0 } } };

#define NOON 1771934400 /* 2026-02-24 12:00 UTC */

static const char *const colors[] = { "red", "blue", NULL };
static const struct ouv_field_decl decls[] = {
	{ .name = "line", .kind = OUV_FIELD_LINE, .most = 5 },
	{ .name = "words",
		.kind = OUV_FIELD_WORDS,
		.most = 12,
		.repeat = 3,
		.letter = true },
	{ .name = "must",
		.kind = OUV_FIELD_WORDS,
		.most = 100,
		.required = true,
		.letter = true },
	{ .name = "choice",
		.kind = OUV_FIELD_WORD,
		.words = colors,
		.required = true },
	{ .name = "day", .kind = OUV_FIELD_DAY },
	{ .name = "past", .kind = OUV_FIELD_PAST_DAY },
	{ .name = "flag", .kind = OUV_FIELD_FLAG },
	{ .name = "number", .kind = OUV_FIELD_NUMBER, .most = 20 },
	{ .name = "other", .kind = OUV_FIELD_PROTOCOL },
	{ .name = NULL },
};

struct form {
	struct ouv_arena *arena;
	struct ouv_actor actor;
	struct moving move;
	struct ouv_verb_result result;
	struct ouv_field fields[8];
	struct verb_call call;
};

/* Both that must be there, and then one more. */
static void
fill(struct form *f, const char *name, const char *value)
{
	memset(&f->result, 0, sizeof(f->result));
	f->fields[0] = (struct ouv_field){ "must", "x" };
	f->fields[1] = (struct ouv_field){ "choice", "red" };
	f->fields[2] = (struct ouv_field){ name, value };
	f->call.field_count = 3;
}

static int
begin(void **state)
{
	struct form *f = calloc(1, sizeof(*f));

	f->arena = ouv_arena_new(OUV_ARENA_PLAIN);
	f->actor.person.b[0] = 1;
	f->move.days = &calendar;
	f->call = (struct verb_call){ .arena = f->arena,
		.actor = &f->actor,
		.fields = f->fields,
		.now = NOON,
		.move = &f->move,
		.result = &f->result };
	*state = f;
	return 0;
}

static int
end(void **state)
{
	struct form *f = *state;

	ouv_arena_free(&f->arena);
	free(f);
	return 0;
}

static void
accepts(struct form *f, const char *name, const char *value)
{
	fill(f, name, value);
	assert_int_equal(fields_check(&f->call, decls), OUV_OK);
	assert_int_equal(f->result.error_count, 0);
}

static void
refuses(struct form *f, const char *name, const char *value, const char *code)
{
	fill(f, name, value);
	assert_int_equal(fields_check(&f->call, decls), OUV_INVALID);
	assert_int_equal(f->result.error_count, 1);
	assert_string_equal(f->result.errors[0].field, name);
	assert_string_equal(f->result.errors[0].code, code);
}

/* ---- tests -----------------------------------------------------------------
 */

static void
length_is_counted_in_characters(void **state)
{
	accepts(*state, "line", "a\xC3\xA7\xC3\xA3ob");
	refuses(*state, "line", "a\xC3\xA7\xC3\xA3obc", "too-long");
	refuses(*state, "line", "a\nb", "line-break");
	accepts(*state, "words", "a\r\nb");
	accepts(*state, "line", "   abc   ");
}

static void
every_field_of_a_repeated_one_is_looked_at(void **state)
{
	accepts(*state, "words-3", "a");
	refuses(*state, "words-3", "0123456789012", "too-long");
	/* There is no fourth: nobody looks at it. */
	accepts(*state, "words-4", "0123456789012");
}

static void
a_day_is_one_on_which_the_office_is_open(void **state)
{
	struct form *f = *state;

	accepts(f, "day", "2026-02-24");
	accepts(f, "day", "2030-12-31");
	refuses(f, "day", "2026-02-23", "past");
	refuses(f, "day", "2026-02-28", "not-open-day");
	assert_string_equal(f->result.errors[0].offer, "2026-03-02");
	refuses(f, "day", "2031-01-02", "calendar-ends");
	assert_string_equal(f->result.errors[0].offer, "plain");
	refuses(f, "day", "2026-02-30", "not-a-date");
	refuses(f, "day", "24.02.2026", "not-a-date");
}

static void
a_day_of_the_past_is_not_one_to_come(void **state)
{
	accepts(*state, "past", "2026-02-24");
	accepts(*state, "past", "1999-01-01");
	refuses(*state, "past", "2026-02-25", "future");
	refuses(*state, "past", "yesterday", "not-a-date");
}

static void
a_word_is_one_of_those(void **state)
{
	struct form *f = *state;

	fill(f, "choice", "");
	f->fields[1].value = "green";
	assert_int_equal(fields_check(&f->call, decls), OUV_INVALID);
	assert_string_equal(f->result.errors[0].code, "unknown");
	accepts(f, "flag", "1");
	accepts(f, "flag", "");
	refuses(f, "flag", "yes", "unknown");
}

static void
a_number_has_digits_and_an_end(void **state)
{
	accepts(*state, "number", "20");
	refuses(*state, "number", "21", "unknown");
	refuses(*state, "number", "-1", "unknown");
	refuses(*state, "number", "1e1", "unknown");
	refuses(*state, "number", "99999999999999999999", "unknown");
}

static void
a_protocol_has_its_check_digit(void **state)
{
	char good[OUV_PROTOCOL_MAX], *bad;

	ouv_protocol_format(2026, 7, good);
	accepts(*state, "other", good);
	bad = good + strlen(good) - 1;
	*bad = *bad == '9' ? '0' : (char)(*bad + 1);
	refuses(*state, "other", good, "unknown");
}

static void
what_must_be_there_must_hold_something(void **state)
{
	struct form *f = *state;

	fill(f, "line", "");
	f->fields[0].value = " \r\n ";
	assert_int_equal(fields_check(&f->call, decls), OUV_INVALID);
	assert_int_equal(f->result.error_count, 1);
	assert_string_equal(f->result.errors[0].field, "must");
	assert_string_equal(f->result.errors[0].code, "empty");
}

/* Its message is the words; its choice it must have made. */
static void
of_a_party_that_acts_alone_only_the_choice_must_be_there(void **state)
{
	struct form *f = *state;

	memset(&f->actor.person, 0, sizeof(f->actor.person));
	fill(f, "line", "");
	f->fields[0].value = "";
	assert_int_equal(fields_check(&f->call, decls), OUV_OK);
	f->fields[1].value = "";
	assert_int_equal(fields_check(&f->call, decls), OUV_INVALID);
	assert_string_equal(f->result.errors[0].field, "choice");
}

static void
words_come_clean_and_are_counted_without_holes(void **state)
{
	struct form *f = *state;

	fill(f, "words", " a\r\nb \n");
	f->fields[3] = (struct ouv_field){ "words-2", "c" };
	f->fields[4] = (struct ouv_field){ "words-4", "d" };
	f->call.field_count = 5;
	assert_string_equal(move_text(&f->call, "words", 1), "a\nb");
	assert_string_equal(move_text(&f->call, "words", 2), "c");
	assert_string_equal(move_text(&f->call, "words", 3), "");
	assert_int_equal(move_count(&f->call, "words"), 2);
}

static void
a_day_ends_with_its_last_second(void **state)
{
	struct form *f = *state;
	int64_t last;
	int32_t day;

	fill(f, "day", "2026-02-25");
	assert_true(move_day(&f->call, "day", 1, &day, &last));
	assert_int_equal(last, 1772063999);
	assert_int_equal(day, 20509);
	assert_false(move_day(&f->call, "day", 2, &day, &last));
	assert_true(fields_dated(&f->call, decls));
	fill(f, "line", "a");
	assert_false(fields_dated(&f->call, decls));
}

static void
only_words_of_letters_are_looked_at_by_the_lint(void **state)
{
	struct form *f = *state;
	struct typed typed[8];

	fill(f, "words-2", "zwei");
	f->fields[3] = (struct ouv_field){ "line", "not in a letter" };
	f->call.field_count = 4;
	assert_int_equal(fields_typed(&f->call, decls, typed, 8), 2);
	assert_string_equal(typed[0].field, "words-2");
	assert_string_equal(typed[0].text, "zwei");
	assert_string_equal(typed[1].field, "must");
	assert_int_equal(fields_typed(&f->call, decls, typed, 1), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(length_is_counted_in_characters),
		TEST(every_field_of_a_repeated_one_is_looked_at),
		TEST(a_day_is_one_on_which_the_office_is_open),
		TEST(a_day_of_the_past_is_not_one_to_come),
		TEST(a_word_is_one_of_those),
		TEST(a_number_has_digits_and_an_end),
		TEST(a_protocol_has_its_check_digit),
		TEST(what_must_be_there_must_hold_something),
		TEST(of_a_party_that_acts_alone_only_the_choice_must_be_there),
		TEST(words_come_clean_and_are_counted_without_holes),
		TEST(a_day_ends_with_its_last_second),
		TEST(only_words_of_letters_are_looked_at_by_the_lint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
