/*
 * guard_test.c - what a mail server may and may not say
 */
#include "../../mailgw/guard.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Everything in `text` is fed in pieces of every size: where a read ends must
 * never matter. */
static bool
imap_takes(const char *text, size_t len, struct guard_imap *guard_out)
{
	bool first = false;

	for (size_t step = 1; step <= len; step++) {
		struct guard_imap guard = { 0 };
		char *copy = malloc(len);
		bool good = true;

		assert_non_null(copy);
		memcpy(copy, text, len);
		guard_imap_arm(&guard, 4096, 1000);
		for (size_t i = 0; good && i < len; i += step)
			good = guard_imap_feed(&guard, copy + i,
				len - i < step ? len - i : step);
		free(copy);
		assert_int_equal(good, guard.why == NULL);
		if (step == 1)
			first = good;
		assert_int_equal(good, first);
		*guard_out = guard;
	}
	return first;
}

#define TEXT(s) s, sizeof(s) - 1

static const struct {
	const char *text;
	size_t len;
	bool good;
} imap_lines[] = {
	{ TEXT("* OK hello\r\n"), true },
	{ TEXT("* OK a {brace} and { 1\r\n"), false },
	{ TEXT("* OK a {brace} and {}\r\n"), true },
	{ TEXT("* OK an \"unclosed quote\r\n7 OK (fine)\r\n"), true },
	{ TEXT("* OK {5}\r\nabcde\r\n"), false },
	{ TEXT("* OK {-5}\r\n"), false },
	{ TEXT("* LIST () \"/\" {5}\r\n"), false },
	{ TEXT("7 OK {5}\r\n"), false },
	{ TEXT("* 1 FETCH (UID 1 BODY[] {5}\r\nab{9})\r\n"), true },
	{ TEXT("* 1 FETCH (UID 1 BODY[] {0}\r\n)\r\n"), true },
	{ TEXT("* 1 fetch (UID 1 BODY[] {1000}\r\n"), true },
	{ TEXT("* 1 FETCH (UID 1 BODY[] {1001}\r\n"), false },
	{ TEXT("* 1 FETCH (A {600}\r\n"), true },
	{ TEXT("* 1 FETCH (A {18446744073709551617}\r\n"), false },
	{ TEXT("* 1 FETCH (A {5} \r\n"), false },
	{ TEXT("* 1 FETCH (A {5}\n"), false },
	{ TEXT("* 1 FETCH (A { 5}\r\n"), false },
	{ TEXT("* 1 FETCH (A {5+}\r\n"), false },
	{ TEXT("* 1 FETCH (A {}\r\n"), false },
	{ TEXT("* 1 FETCH (A \"{5}\\\"{6\\\\\" B {1}\r\nx)\r\n"), true },
	{ TEXT("* 1 FETCH (A \"x\r\n"), false },
	{ TEXT("*  1 FETCH (A {5}\r\n"), false },
	{ TEXT("* 1 FETCHED (A {5}\r\n"), false },
	{ TEXT("* 1 FETCH (((((((((((((((((((((((((((((((\r\n"), true },
	{ TEXT("* 1 FETCH (((((((((((((((((((((((((((((((((\r\n"), false },
	{ TEXT("* SEARCH 1 2 3\r\n"), true },
	{ TEXT("* SEARCH 1 (MODSEQ 2)\r\n"), false },
	{ TEXT("* OK \0\r\n"), false },
	{ TEXT("\r\n"), true }, /* libetpan's business */
};

static void
only_what_cannot_be_misread_passes(void **state)
{
	struct guard_imap guard;

	(void)state;
	for (size_t i = 0; i < sizeof(imap_lines) / sizeof(*imap_lines); i++)
		if (imap_takes(imap_lines[i].text, imap_lines[i].len, &guard) !=
			imap_lines[i].good)
			fail_msg("line %zu: %s", i, imap_lines[i].text);
}

static void
text_and_literals_have_separate_allowances(void **state)
{
	struct guard_imap guard = { 0 };
	char line[] = "* 1 FETCH (A {600}\r\n";
	char byte[] = "x";

	(void)state;
	guard_imap_arm(&guard, 100, 1000);
	assert_true(guard_imap_feed(&guard, line, strlen(line)));
	for (int i = 0; i < 600; i++)
		assert_true(guard_imap_feed(&guard, byte, 1));
	/* 400 of the literals are left, and 80 of the text */
	assert_false(guard_imap_feed(&guard, line, strlen(line)));

	memset(&guard, 0, sizeof(guard));
	guard_imap_arm(&guard, 100, 1000);
	for (int i = 0; i < 100; i++)
		assert_true(guard_imap_feed(&guard, byte, 1));
	assert_false(guard_imap_feed(&guard, byte, 1));
	assert_string_equal(guard.why, "an answer without end");
	/* and stays so, whatever it is armed with */
	guard_imap_arm(&guard, 100, 1000);
	assert_false(guard_imap_feed(&guard, byte, 1));
}

static void
say(struct guard_imap *guard, const char *text)
{
	char copy[100];

	(void)snprintf(copy, sizeof(copy), "%s", text);
	assert_true(guard_imap_feed(guard, copy, strlen(copy)));
}

static void
arrivals_are_news_and_departures_are_not(void **state)
{
	struct guard_imap guard = { 0 };

	(void)state;
	guard_imap_arm(&guard, 4096, 1000);
	say(&guard, "* 3 EXISTS\r\n");
	assert_int_equal(guard.exists, 3);
	assert_true(guard.news);
	guard.news = false;
	say(&guard, "* 3 EXISTS\r\n* 1 RECENT\r\n* 2 expunge\r\n");
	assert_int_equal(guard.exists, 2);
	assert_false(guard.news);
	say(&guard, "* 3 exists\r\n"); /* as many as before, but one is new */
	assert_true(guard.news);
	guard.news = false;
	/* what a mail says is not what the server says */
	say(&guard, "* 1 FETCH (A {15}\r\n* 99 EXISTS\r\n\r\n B {0}\r\n)\r\n");
	assert_false(guard.news);
	say(&guard, "* 4 EXISTS\r\n");
	assert_true(guard.news);
	say(&guard, "* 99999999999999999999 EXISTS\r\n");
	assert_int_equal(guard.exists, 4);
}

static const struct {
	const char *text;
	size_t len;
	bool good;
} smtp_lines[] = {
	{ TEXT("220 relay ready\r\n"), true },
	{ TEXT("250-a\r\n250\r\n250 b\n"), true },
	{ TEXT("\r\n"), false },
	{ TEXT("\n"), false },
	{ TEXT("25\r\n"), false },
	{ TEXT("2500 x\r\n"), false },
	{ TEXT("hello\r\n"), false },
	{ TEXT("250x\r\n"), false },
	{ TEXT(" 250 x\r\n"), false },
	{ TEXT("250 x\r\n\r\n"), false },
	{ TEXT("-50 x\r\n"), false },
	{ TEXT("\0\0\0 x\r\n"), false },
};

static void
a_reply_line_begins_with_a_code(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(smtp_lines) / sizeof(*smtp_lines); i++) {
		struct guard_smtp guard = { 0 };
		char copy[100];

		memcpy(copy, smtp_lines[i].text, smtp_lines[i].len);
		guard_smtp_arm(&guard);
		if (guard_smtp_feed(&guard, copy, smtp_lines[i].len) !=
			smtp_lines[i].good)
			fail_msg("line %zu: %s", i, smtp_lines[i].text);
	}
}

static void
controls_and_foreign_bytes_become_question_marks(void **state)
{
	struct guard_smtp guard = { 0 };
	char line[] = "250-AUTH PLAIN\tLOGIN\x01\x7f\xc3\xa9\r\n";

	(void)state;
	guard_smtp_arm(&guard);
	assert_true(guard_smtp_feed(&guard, line, sizeof(line) - 1));
	assert_string_equal(line, "250-AUTH PLAIN?LOGIN????\r\n");
}

static void
lines_and_replies_end(void **state)
{
	struct guard_smtp guard = { 0 };
	char line[] = "250-more\r\n", byte[] = "2";
	size_t taken = 0;

	(void)state;
	guard_smtp_arm(&guard);
	while (guard_smtp_feed(&guard, line, sizeof(line) - 1)) {
		memcpy(line, "250-more\r\n", sizeof(line));
		assert_true(++taken < 10000);
	}
	assert_int_equal(taken, GUARD_SMTP_REPLY / (sizeof(line) - 1));

	memset(&guard, 0, sizeof(guard));
	guard_smtp_arm(&guard);
	assert_true(guard_smtp_feed(&guard, line, 4));
	for (taken = 4; guard_smtp_feed(&guard, byte, 1); taken++)
		assert_true(taken < 10000);
	assert_int_equal(taken, GUARD_SMTP_LINE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_cannot_be_misread_passes),
		cmocka_unit_test(text_and_literals_have_separate_allowances),
		cmocka_unit_test(arrivals_are_news_and_departures_are_not),
		cmocka_unit_test(a_reply_line_begins_with_a_code),
		cmocka_unit_test(
			controls_and_foreign_bytes_become_question_marks),
		cmocka_unit_test(lines_and_replies_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
