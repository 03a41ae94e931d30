/*
 * terms_file_test.c - the deadline profiles we ship, and files that are wrong
 *
 * What each scheme says stands here once more, as its rules name it.  Runs from
 * the project's folder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/terms_file.h"

static int
set_up(void **state)
{
	*state = ouv_arena_new(OUV_ARENA_PLAIN);
	return 0;
}

static int
tear_down(void **state)
{
	struct ouv_arena *arena = *state;

	ouv_arena_free(&arena);
	return 0;
}

static const struct ouv_terms *
shipped(void **state, const char *name)
{
	struct ouv_terms *terms = ouv_arena_alloc(*state, sizeof(*terms));
	char what[200];

	if (ouv_terms_read_file(*state, "deadlines", name, terms, what) !=
		OUV_OK)
		fail_msg("%s: %s", name, what);
	return terms;
}

static void
is_term(const char *where, const struct ouv_term *term, const char *text)
{
	char now[40];

	(void)snprintf(now, sizeof(now), "%d %s", term->amount,
		ouv_unit_name(term->unit));
	if (strcmp(term->amount == 0 ? "none" : now, text) != 0)
		fail_msg("%s is %s, not %s", where, now, text);
}

static void
each_scheme_says_what_its_rules_say(void **state)
{
	static const struct {
		const char *profile, *clock, *term, *extension;
	} table[] = {
		{ "seed", "response", "24 hours", "none" },
		{ "seed", "response-limit", "48 hours", NULL },
		{ "seed", "message", "2 service-hours", NULL },
		{ "seed", "urgent", "1 service-hours", NULL },
		{ "br-public", "total", "30 days", "30 days" },
		{ "br-public", "info", "20 days", "none" },
		{ "br-bank", "total", "10 service-days", "10 service-days" },
		{ "br-bank", "company", "10 service-days", "10 service-days" },
		{ "br-sac", "total", "7 days", "none" },
		{ "br-sac", "company", "7 days", "none" },
		{ "consumidor", "company", "10 days", "none" },
		{ "consumidor", "consumer", "20 days", "none" },
		{ "eu-adr", "total", "90 days", "30 days" },
		{ "lgpd", "total", "15 exact-days", "none" },
		{ "gdpr", "total", "28 exact-days", "none" },
		{ "eu-adr", "refusal", "21 days", "none" },
		{ "default", "response", "24 hours", "none" },
		{ "default", "response-limit", "48 hours", NULL },
		{ "default", "hold", "1 service-days", "none" },
		{ "default", "company", "10 days", "10 days" },
		{ "default", "consumer", "20 days", "none" },
		{ "default", "total", "30 days", "30 days" },
		{ "default", "proposal", "10 service-days", "none" },
		{ "default", "promise", "20 service-days", "none" },
		{ "default", "comment", "10 days", "none" },
		{ "default", "attest", "10 days", "none" },
		{ "default", "refusal", "21 days", "none" },
		{ "default", "silence", "15 days", "none" },
		{ "default", "review-window", "30 days", "none" },
		{ "default", "reopen-window", "60 days", "none" },
		{ "default", "retention", "1827 days", "none" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct ouv_terms *terms =
			shipped(state, table[i].profile);
		enum ouv_clock clock;

		assert_non_null(ouv_terms_find(terms, table[i].clock));
		is_term(table[i].clock, ouv_terms_find(terms, table[i].clock),
			table[i].term);
		if (ouv_clock_parse(table[i].clock, &clock) == OUV_OK)
			is_term(table[i].clock, &terms->clocks[clock].extension,
				table[i].extension);
	}
	assert_null(ouv_terms_find(shipped(state, "seed"), "tea"));
}

/* What waits for a party reminds it twice; every clock has a term. */
static void
every_shipped_profile_is_whole(void **state)
{
	static const enum ouv_clock parties[] = { OUV_CLOCK_INFO,
		OUV_CLOCK_COMPANY, OUV_CLOCK_CONSUMER, OUV_CLOCK_PROPOSAL,
		OUV_CLOCK_COMMENT, OUV_CLOCK_PROMISE, OUV_CLOCK_ATTEST };
	static const char *const with_law[] = { "br-public", "br-bank",
		"br-sac", "eu-adr", "lgpd", "gdpr" };
	const char **names;
	size_t count;

	assert_int_equal(
		ouv_terms_names(*state, "deadlines", &names, &count), OUV_OK);
	assert_int_equal(count, 9);
	for (size_t i = 0; i < count; i++) {
		const struct ouv_terms *terms = shipped(state, names[i]);

		assert_string_equal(terms->name, names[i]);
		assert_int_equal(terms->n, 0);
		for (int l = 0; l < OUV_LANG__COUNT; l++)
			assert_true(*terms->title[l] != '\0');
		for (int n = 0; n < OUV_CLOCK__COUNT; n++) {
			assert_true(terms->clocks[n].term.amount > 0);
			assert_non_null(terms->clocks[n].term.law);
		}
		for (int n = 0; n < OUV_LIMIT__COUNT; n++)
			assert_true(terms->limits[n].amount > 0);
		for (size_t n = 0; n < sizeof(parties) / sizeof(parties[0]);
			n++) {
			const struct ouv_terms_clock *clock =
				&terms->clocks[parties[n]];

			assert_true(clock->remind[0].amount >
				    clock->remind[1].amount);
			assert_true(clock->remind[1].amount > 0);
			assert_true(clock->notice.amount > 0);
		}
	}
	for (size_t i = 0; i < 6; i++) {
		const struct ouv_terms *terms = shipped(state, with_law[i]);

		assert_true(*terms->law != '\0');
		assert_non_null(strstr(
			terms->clocks[OUV_CLOCK_TOTAL].term.law, terms->law));
	}
}

/* Says what differs from the shipped default. */
static enum ouv_err
base(void *of, const char *name, struct ouv_terms *terms_out,
	char what_out[200])
{
	return ouv_terms_read_file(of, "deadlines", name, terms_out, what_out);
}

static enum ouv_err
parse(void **state, const char *rest, struct ouv_terms *terms, char what[200])
{
	const char *text = ouv_arena_printf(*state,
		"{\"profile\":\"x\",\"extends\":\"default\",\"name\":{"
		"\"pt-BR\":\"a\",\"en\":\"b\",\"it\":\"c\"}%s}",
		rest);

	what[0] = '\0';
	return ouv_terms_parse(
		*state, "x", text, strlen(text), base, *state, terms, what);
}

static void
what_is_not_said_stays_as_it_was(void **state)
{
	struct ouv_terms t;
	char what[200];

	assert_int_equal(parse(state,
				 ",\"law\":\"Norma 1\",\"clocks\":{"
				 "\"company\":{\"term\":\"12 days\"},"
				 "\"info\":{\"remind\":[\"2 days\"]},"
				 "\"total\":{\"extension\":\"none\"},"
				 "\"attest\":\"3 weeks\"}",
				 &t, what),
		OUV_INVALID);
	assert_non_null(strstr(what, "attest: is not of hours"));
	assert_int_equal(parse(state,
				 ",\"law\":\"Norma 1\",\"clocks\":{"
				 "\"company\":{\"term\":\"12 days\"},"
				 "\"info\":{\"remind\":[\"2 days\"]},"
				 "\"total\":{\"extension\":\"none\"}}",
				 &t, what),
		OUV_OK);
	is_term("company", &t.clocks[OUV_CLOCK_COMPANY].term, "12 days");
	/* a new term is this profile's; its law with it */
	assert_string_equal(t.clocks[OUV_CLOCK_COMPANY].term.law, "Norma 1");
	is_term("company", &t.clocks[OUV_CLOCK_COMPANY].extension, "10 days");
	is_term("company", &t.clocks[OUV_CLOCK_COMPANY].remind[1], "1 days");
	is_term("info", &t.clocks[OUV_CLOCK_INFO].term, "20 days");
	is_term("info", &t.clocks[OUV_CLOCK_INFO].remind[0], "2 days");
	assert_int_equal(t.clocks[OUV_CLOCK_INFO].remind[1].amount, 0);
	is_term("total", &t.clocks[OUV_CLOCK_TOTAL].term, "30 days");
	assert_int_equal(t.clocks[OUV_CLOCK_TOTAL].extension.amount, 0);
	assert_string_equal(t.clocks[OUV_CLOCK_REFUSAL].term.law,
		"Directive 2013/11/EU, art. 5(4)");
	is_term("message", &t.limits[OUV_LIMIT_MESSAGE], "2 service-hours");
}

static void
what_is_wrong_is_told_with_its_place(void **state)
{
	static const struct {
		const char *rest, *told;
	} table[] = {
		{ ",\"clock\":{}", "x: unknown key clock" },
		{ ",\"clocks\":[]", "clocks: is not an object" },
		{ ",\"clocks\":{\"tea\":\"5 days\"}",
			"tea: there is no such clock" },
		{ ",\"clocks\":{\"total\":{\"terms\":\"5 days\"}}",
			"total: unknown key terms" },
		{ ",\"clocks\":{\"total\":7}", "total: is not an object" },
		{ ",\"clocks\":{\"total\":\"0 days\"}", "is not a term" },
		{ ",\"clocks\":{\"total\":\"-3 days\"}", "is not a term" },
		{ ",\"clocks\":{\"total\":\"none\"}", "is not a term" },
		{ ",\"clocks\":{\"total\":\"days\"}", "is not a term" },
		{ ",\"clocks\":{\"total\":\"5\"}", "is not of hours" },
		{ ",\"clocks\":{\"total\":\"5  days\"}", "is not of hours" },
		{ ",\"clocks\":{\"total\":\"5 days \"}", "is not of hours" },
		{ ",\"clocks\":{\"total\":\"20001 days\"}", "is too long" },
		{ ",\"clocks\":{\"total\":\"99999999999999999999 days\"}",
			"is too long" },
		{ ",\"clocks\":{\"company\":\"3 days\"}",
			"company: each reminder is shorter" },
		{ ",\"clocks\":{\"company\":{\"remind\":[\"1 days\","
		  "\"2 days\"]}}",
			"each reminder is shorter" },
		{ ",\"clocks\":{\"company\":{\"remind\":\"1 days\"}}",
			"at most two" },
		{ ",\"clocks\":{\"company\":{\"remind\":[\"3 days\","
		  "\"2 days\",\"1 days\"]}}",
			"at most two" },
		{ ",\"clocks\":{\"company\":{\"law\":7}}", "law is a text" },
		{ ",\"limits\":{\"tea\":\"1 hours\"}",
			"limits: unknown key tea" },
		{ ",\"limits\":[]", "limits: is not an object" },
		{ ",\"retention\":[]", "retention: is not an object" },
		{ ",\"retention\":{\"tea\":\"9 days\"}",
			"tea: no case ends so" },
		{ ",\"retention\":{\"refused\":\"none\"}", "is not a term" },
		{ ",\"retention\":{\"refused\":\"30 days\"}",
			"refused: each reminder is shorter" },
		{ ",\"retention\":{\"set-aside\":\"9 service-days\"}",
			"set-aside: counts days" },
		{ ",\"retention\":{\"automatic\":\"9 hours\"}",
			"automatic: counts days" },
		{ ",\"retention\":{\"refused\":{\"remind\":[]}}",
			"refused: unknown key remind" },
		{ ",\"calendar\":5", "calendar: is not a name" },
		{ ",\"law\":[]", "law: law is a text" },
		{ ",\"profile\":\"y\"", "line 1" }, /* twice */
		{ ",", "line 1" },
	};
	struct ouv_terms t;
	char what[200];

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		t.n = 77;
		if (parse(state, table[i].rest, &t, what) != OUV_INVALID)
			fail_msg("not refused: %s", table[i].rest);
		if (strstr(what, table[i].told) == NULL)
			fail_msg("\"%s\" does not say \"%s\"", what,
				table[i].told);
		assert_int_equal(t.n, 77);
	}
}

static void
how_a_case_ended_says_how_long_its_file_is_kept(void **state)
{
	static const struct {
		const char *closed_by;
		enum ouv_end end;
	} ends[] = {
		{ "refuse", OUV_END_REFUSED },
		{ "lapse", OUV_END_LAPSED },
		{ "withdraw", OUV_END_WITHDRAWN },
		{ "feed-back", OUV_END_FORWARDED },
		{ "accept", OUV_END_SOLVED },
		{ "confirm", OUV_END_SOLVED },
		{ "decide", OUV_END_DECIDED },
		{ "open", OUV_END__COUNT },
		{ "tea", OUV_END__COUNT },
		{ NULL, OUV_END__COUNT },
	};
	const struct ouv_terms *own = shipped(state, "default");
	struct ouv_terms t;
	char what[200];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		assert_int_equal(ouv_end_of(ends[i].closed_by), ends[i].end);
	is_term("withdrawn", ouv_terms_kept(own, OUV_END_WITHDRAWN),
		"731 days");
	is_term("forwarded", ouv_terms_kept(own, OUV_END_FORWARDED),
		"731 days");
	is_term("decided", ouv_terms_kept(own, OUV_END_DECIDED), "1827 days");
	is_term("unknown", ouv_terms_kept(own, OUV_END__COUNT), "1827 days");
	is_term("set aside", ouv_terms_kept(own, OUV_END_SET_ASIDE),
		"180 days");
	is_term("automatic", ouv_terms_kept(own, OUV_END_AUTOMATIC),
		"365 days");
	/* What is not said stays; "default" takes it back. */
	assert_int_equal(parse(state,
				 ",\"law\":\"Norma 1\",\"retention\":{"
				 "\"withdrawn\":\"default\","
				 "\"refused\":{\"term\":\"400 days\","
				 "\"law\":\"Norma 2\"}}",
				 &t, what),
		OUV_OK);
	is_term("withdrawn", ouv_terms_kept(&t, OUV_END_WITHDRAWN),
		"1827 days");
	is_term("forwarded", ouv_terms_kept(&t, OUV_END_FORWARDED), "731 days");
	is_term("refused", ouv_terms_kept(&t, OUV_END_REFUSED), "400 days");
	assert_string_equal(
		ouv_terms_kept(&t, OUV_END_REFUSED)->law, "Norma 2");
}

static void
a_profile_alone_must_say_everything(void **state)
{
	static const char text[] =
		"{\"profile\":\"x\",\"name\":{\"pt-BR\":\"a\",\"en\":\"b\","
		"\"it\":\"c\"},\"clocks\":{\"hold\":\"1 days\"}}";
	static const char two[] = "{\"profile\":\"x\",\"extends\":\"default\","
				  "\"name\":{\"pt-BR\":\"a\",\"en\":\"b\"}}";
	struct ouv_terms t;
	char what[200] = "";

	assert_int_equal(ouv_terms_parse(*state, "x", text, sizeof(text) - 1,
				 base, *state, &t, what),
		OUV_INVALID);
	assert_string_equal(what, "response: this clock has no term");
	assert_int_equal(ouv_terms_parse(*state, "x", two, sizeof(two) - 1,
				 base, *state, &t, what),
		OUV_INVALID);
	assert_string_equal(what, "name: is missing in a language");
	assert_int_equal(ouv_terms_parse(*state, "y", two, sizeof(two) - 1,
				 base, *state, &t, what),
		OUV_INVALID);
	assert_string_equal(what, "profile: is not the profile's own name");
	assert_int_equal(ouv_terms_parse(*state, "x", two, sizeof(two) - 1,
				 NULL, NULL, &t, what),
		OUV_INVALID);
	assert_int_equal(
		ouv_terms_read_file(*state, "deadlines", "../README", &t, what),
		OUV_NOT_FOUND);
	assert_int_equal(
		ouv_terms_read_file(*state, "deadlines", "none", &t, what),
		OUV_NOT_FOUND);
	assert_string_equal(what, "none: there is no such profile");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_scheme_says_what_its_rules_say),
		TEST(every_shipped_profile_is_whole),
		TEST(how_a_case_ended_says_how_long_its_file_is_kept),
		TEST(what_is_not_said_stays_as_it_was),
		TEST(what_is_wrong_is_told_with_its_place),
		TEST(a_profile_alone_must_say_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
