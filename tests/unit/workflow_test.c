/*
 * workflow_test.c - the table of moves: state x action x role x guard
 *
 * What is expected is written here a second time, from docs/mediation.md, in
 * words: the table under test is compared with it and never asked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "ouv/case.h"

#define OPEN                                                              \
	"received triage info company consumer mediation proposal merit " \
	"provisional plan review forwarded"
#define EARLY "triage info forwarded"
#define LATE "company consumer mediation proposal merit provisional plan"
#define DESK "intake mediator"
#define STAFF "intake mediator reader ombudsman"

/* clang-format off */
static const struct row {
	int n;
	const char *from, *action, *to, *roles, *guards, *second;
} wanted[] = {
	{ 1, "new held", "hold", "held", "gateway", "stored", "" },
	{ 2, "new held", "register", "received", "gateway " DESK, "stored human lint", "" },
	{ 3, "received", "open", "triage", DESK, "free", "" },
	{ 4, "triage", "ask", "info", DESK, "free not-asked lint", "" },
	{ 5, "info", "complement", "triage", "consumer", "auth lint", "" },
	{ 6, "info", "lapse", "closed", "timer intake", "person free lapsed reminded lint", "" },
	{ 7, "triage", "refuse", "closed", "mediator", "free no-data-request refusable lint eyes", "mediator reader ombudsman" },
	{ 8, "triage", "forward", "forwarded", DESK, "free no-dispute lint", "" },
	{ 9, "forwarded", "feed-back", "closed", "company " DESK, "auth person free lint", "" },
	{ 10, "triage", "serve", "company", "mediator", "free qualified complaint classified chain identity team lint", "" },
	{ 11, "company", "extend", "company", "mediator", "free not-extended in-time lint", "" },
	{ 12, "company", "answer", "consumer", "company mediator", "auth free points lint", "" },
	{ 13, "company", "decline", "merit", "company timer", "auth lapsed reminded-twice lint", "" },
	{ 14, "consumer", "accept", "plan closed", "consumer", "auth lint", "" },
	{ 15, "consumer", "reject", "mediation", "consumer", "auth lint", "" },
	{ 16, "consumer", "lapse", "closed", "timer mediator", "person free lapsed reminded lint", "" },
	{ 17, "mediation", "propose", "proposal", "mediator", "free heard lint", "" },
	{ 18, "proposal", "accept", "plan", "consumer company", "auth agreed lint", "" },
	{ 19, "mediation proposal", "no-agreement", "merit", "consumer company mediator", "auth free lint", "" },
	{ 20, "merit", "draft-opinion", "provisional", "mediator", "free qualified heard lint eyes", "reader" },
	{ 21, "provisional", "decide", "plan closed", "ombudsman", "free not-author commented lint", "" },
	{ 22, "plan", "confirm", "closed", "company mediator timer", "auth free asked lint", "" },
	{ 23, OPEN, "withdraw", "closed", "consumer", "auth lint", "" },
	{ 24, "closed", "ask-review", "review", "consumer company", "auth window lint", "" },
	{ 25, "review", "decide-review", "closed merit", "reader ombudsman", "free new-reader lint", "" },
	{ 26, "closed", "reopen", "triage info company consumer mediation proposal merit provisional plan forwarded",
	  "mediator", "free reopenable late-mail lint", "" },
	{ 27, "closed", "erase", "erased", "timer custodian", "person free retained no-hold notified quiet eyes",
	  "ombudsman reader custodian" },

	{ 0, OPEN " closed", "append", "", "gateway " DESK, "", "" },
	{ 0, OPEN " closed held", "record", "", "gateway", "", "" },
	{ 0, "received", "reply", "triage", DESK, "", "" },
	{ 0, EARLY, "reply", "", DESK, "", "" },
	{ 0, LATE, "reply", "", "mediator", "", "" },
	{ 0, "review", "reply", "", "reader ombudsman", "", "" },
	{ 0, "received", "holding", "triage", DESK, "", "" },
	{ 0, EARLY, "holding", "", DESK, "", "" },
	{ 0, LATE, "holding", "", "mediator", "", "" },
	{ 0, "review", "holding", "", "reader ombudsman", "", "" },
	{ 0, "received", "substitute", "triage", DESK, "", "" },
	{ 0, EARLY, "substitute", "", DESK, "", "" },
	{ 0, LATE, "substitute", "", "mediator", "", "" },
	{ 0, "review", "substitute", "", "reader ombudsman", "", "" },
	{ 0, "held", "attribute", "", DESK, "", "" },
	{ 0, "held", "retry", "", DESK, "", "" },
	{ 0, "held", "empty", "closed", DESK, "", "" },
	{ 0, "held", "discard", "closed", DESK, "", "" },
	{ 0, "closed", "restore", "held", DESK, "", "" },
	{ 0, "received " EARLY " " LATE " closed", "task-done", "", DESK, "", "" },
	{ 0, "review", "task-done", "", STAFF, "", "" },
	{ 0, "closed", "task-done", "", "custodian", "", "" },
	{ 0, OPEN, "assign", "", DESK " ombudsman", "", "" },
	{ 0, OPEN, "draw", "", DESK " ombudsman", "", "" },
	{ 0, OPEN, "team", "", "mediator ombudsman", "free", "" },
	{ 0, OPEN " closed", "conflict", "", STAFF, "", "" },
	{ 0, OPEN " closed", "recuse", "", "ombudsman", "", "" },
	{ 0, "triage forwarded", "classify", "", DESK, "free", "" },
	{ 0, "info " LATE, "classify", "", "mediator", "free", "" },
	{ 0, OPEN " closed", "note", "", STAFF, "", "" },
	{ 0, EARLY " " LATE " review", "evidence", "", STAFF, "free", "" },
	{ 0, OPEN " closed", "link", "", DESK " ombudsman", "free", "" },
	{ 0, OPEN, "unlink", "", DESK " ombudsman", "free", "" },
	{ 0, "closed", "unlink", "", DESK " ombudsman", "free", "" },
	{ 0, OPEN, "merge", "", DESK " ombudsman", "free lint", "" },
	{ 0, EARLY " company mediation", "split", "", "mediator", "free lint", "" },
	{ 0, OPEN " closed", "grant", "", STAFF " custodian", "", "" },
	{ 0, OPEN " closed", "revoke", "", "mediator ombudsman", "", "" },
	{ 0, EARLY " " LATE " review closed", "disclose", "", "mediator reader ombudsman", "free lint", "" },
	{ 0, EARLY " " LATE " review closed", "withhold", "", "mediator reader ombudsman", "", "" },
	{ 0, EARLY " " LATE " review closed", "redact", "", STAFF, "free", "" },
	{ 0, OPEN " closed", "export", "", "mediator ombudsman custodian", "free", "" },
	{ 0, OPEN " closed", "case-file", "", "mediator ombudsman custodian", "free", "" },
	{ 0, OPEN " closed", "whole-file", "", "mediator ombudsman custodian", "free eyes",
	  "mediator reader ombudsman custodian" },
	{ 0, OPEN " closed", "take-file", "", "mediator ombudsman custodian", "free confirmed", "" },
	{ 0, OPEN " closed", "print", "", STAFF " custodian", "free", "" },
	{ 0, OPEN " closed", "post", "", STAFF " custodian", "free", "" },
	{ 0, OPEN " closed", "delivered", "", STAFF " custodian", "free", "" },
	{ 0, OPEN " closed", "returned", "", STAFF " custodian", "free", "" },
	{ 0, OPEN " closed", "reach", "", DESK " ombudsman", "free", "" },
	{ 0, "triage", "answer-request", "closed", DESK, "free data-request lint", "" },
	{ 0, OPEN " closed", "legal-hold", "", "custodian ombudsman", "", "" },
	{ 0, OPEN " closed", "second", "", STAFF " custodian", "free", "" },
	{ 0, "company", "ask-extension", "", "company", "auth not-extended in-time", "" },
	{ 0, "proposal", "choose", "", "consumer company", "auth", "" },
	{ 0, "plan", "attest", "", "consumer company", "auth", "" },
	{ 0, "mediation merit provisional review", "comment", "", "consumer company", "auth", "" },
	{ 0, "mediation merit provisional", "hear", "", "mediator", "free lint", "" },
	{ 0, "review", "hear", "", "reader ombudsman", "free lint", "" },
	{ 0, "closed", "rate", "", "consumer company", "auth", "" },
};
/* clang-format on */
#define WANTED (sizeof(wanted) / sizeof(wanted[0]))

/* Is word one of the blank-separated words of list? */
static bool
among(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; (at = strstr(at, word)) != NULL; at++)
		if ((at == list || at[-1] == ' ') &&
			(at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static const char *
state_word(int state)
{
	return state == OUV_STATE__COUNT
		       ? "new"
		       : ouv_state_name((enum ouv_state)state);
}

static const struct row *
find_row(int from, int action, bool *exists_out, int role)
{
	*exists_out = false;
	for (size_t i = 0; i < WANTED; i++) {
		if (!among(wanted[i].from, state_word(from)) ||
			strcmp(wanted[i].action,
				ouv_action_name((enum ouv_action)action)) != 0)
			continue;
		*exists_out = true;
		if (among(wanted[i].roles, ouv_role_name((enum ouv_role)role)))
			return &wanted[i];
	}
	return NULL;
}

static void
compare(const struct ouv_move *move, const struct row *row)
{
	assert_int_equal(move->n, row->n);
	for (int s = 0; s < OUV_STATE__COUNT; s++)
		assert_int_equal((move->to >> s) & 1,
			among(row->to, state_word(s)) &&
				(*row->to == '\0' ||
					strcmp(row->to, row->from) != 0));
	for (int g = 0; g < OUV_GUARD__COUNT; g++)
		assert_int_equal((move->guards >> g) & 1,
			among(row->guards, ouv_guard_name((enum ouv_guard)g)));
	for (int r = 0; r < OUV_ROLE__COUNT; r++)
		assert_int_equal((move->second >> r) & 1,
			among(row->second, ouv_role_name((enum ouv_role)r)));
}

static void
every_state_action_and_role_is_as_it_was_written(void **state)
{
	int walked = 0;

	(void)state;
	for (int from = 0; from <= OUV_STATE__COUNT; from++)
		for (int action = 0; action < OUV_ACTION__COUNT; action++)
			for (int role = 0; role < OUV_ROLE__COUNT; role++) {
				const struct ouv_move *move = NULL;
				bool exists;
				const struct row *row =
					find_row(from, action, &exists, role);

				assert_int_equal(
					ouv_workflow_find((enum ouv_state)from,
						(enum ouv_action)action,
						(enum ouv_role)role, &move),
					row != NULL ? OUV_OK
					: exists    ? OUV_REFUSED
						    : OUV_INVALID);
				if (row != NULL)
					compare(move, row);
				walked++;
			}
	print_message("%d ways walked\n", walked);
}

/* One way to break each guard, for one who holds all the others. */
/* clang-format off */
static const struct {
	enum ouv_guard guard;
	size_t at;      /* of a bool in struct ouv_facts */
	bool good;
} ways[] = {
#define WAY(guard, field, good) { guard, offsetof(struct ouv_facts, field), good }
	WAY(OUV_GUARD_STORED, stored, true),
	WAY(OUV_GUARD_HUMAN, human, true),
	WAY(OUV_GUARD_AUTH, auth, true),
	WAY(OUV_GUARD_PERSON, person, true),
	WAY(OUV_GUARD_FREE, free, true),
	WAY(OUV_GUARD_QUALIFIED, qualified, true),
	WAY(OUV_GUARD_EYES, second, true),
	WAY(OUV_GUARD_LINT, linted, true),
	WAY(OUV_GUARD_CLASSIFIED, classified, true),
	WAY(OUV_GUARD_CHAIN, chain, true),
	WAY(OUV_GUARD_IDENTITY, identity, true),
	WAY(OUV_GUARD_NOT_ASKED, asked, false),
	WAY(OUV_GUARD_NOT_EXTENDED, extended, false),
	WAY(OUV_GUARD_REFUSABLE, refusable, true),
	WAY(OUV_GUARD_POINTS, points, true),
	WAY(OUV_GUARD_HEARD, heard, true),
	WAY(OUV_GUARD_AGREED, agreed, true),
	WAY(OUV_GUARD_COMMENTED, commented, true),
	WAY(OUV_GUARD_ASKED, consumer_asked, true),
	WAY(OUV_GUARD_NOT_AUTHOR, author, false),
	WAY(OUV_GUARD_NEW_READER, involved, false),
	WAY(OUV_GUARD_WINDOW, review_open, true),
	WAY(OUV_GUARD_REOPENABLE, reopen_open, true),
	WAY(OUV_GUARD_LATE_MAIL, late_mail, true),
	WAY(OUV_GUARD_RETAINED, retained, true),
	WAY(OUV_GUARD_NO_HOLD, legal_hold, false),
	WAY(OUV_GUARD_NOTIFIED, notified, true),
	WAY(OUV_GUARD_QUIET, quiet, true),
	WAY(OUV_GUARD_CONFIRMED, confirmed, true),
};
/* Whom a guard does not concern. */
static const struct {
	const char *guard, *roles;
} spared[] = {
	{ "auth", "ombudsman reader mediator intake custodian registrar admin gateway timer" },
	{ "free", "gateway timer consumer company" },
	{ "qualified", "gateway timer consumer company" },
	{ "lapsed", "consumer company" },
	{ "reminded-twice", "consumer company" },
};
/* clang-format on */
#define WAYS (sizeof(ways) / sizeof(ways[0]))

static bool
concerns(enum ouv_guard guard, int role)
{
	for (size_t i = 0; i < sizeof(spared) / sizeof(spared[0]); i++)
		if (strcmp(spared[i].guard, ouv_guard_name(guard)) == 0)
			return !among(spared[i].roles,
				ouv_role_name((enum ouv_role)role));
	return true;
}

/* Everything as this move wants it. */
static struct ouv_facts
facts_for(const struct ouv_move *move)
{
	struct ouv_facts facts = { .kinded = true, .team = 2, .reminders = 2 };

	for (size_t i = 0; i < WAYS; i++)
		*(bool *)((char *)&facts + ways[i].at) = ways[i].good;
	facts.dispute =
		(move->guards & OUV_GUARD_BIT(OUV_GUARD_NO_DISPUTE)) == 0;
	facts.request = (move->guards & OUV_GUARD_BIT(OUV_GUARD_REQUEST)) != 0;
	facts.lapsed = (move->guards & OUV_GUARD_BIT(OUV_GUARD_LAPSED)) != 0;
	return facts;
}

static void
expect(const struct ouv_move *move, int role, const struct ouv_facts *facts,
	enum ouv_guard guard)
{
	bool failing = (move->guards & OUV_GUARD_BIT(guard)) != 0 &&
		       concerns(guard, role);

	assert_int_equal(ouv_guards_failed(move, (enum ouv_role)role, facts),
		failing ? OUV_GUARD_BIT(guard) : 0);
	assert_int_equal(ouv_guard_holds(guard, (enum ouv_role)role, facts),
		!concerns(guard, role));
}

static void
each_guard_alone_stops_its_moves_and_no_other(void **state)
{
	size_t count;
	const struct ouv_move *rows = ouv_workflow_rows(&count);
	int walked = 0;

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (int role = 0; role < OUV_ROLE__COUNT; role++) {
			struct ouv_facts good = facts_for(&rows[i]), bad;

			assert_int_equal(ouv_guards_failed(&rows[i],
						 (enum ouv_role)role, &good),
				0);
			for (size_t w = 0; w < WAYS; w++, walked++) {
				bad = good;
				*(bool *)((char *)&bad + ways[w].at) =
					!ways[w].good;
				expect(&rows[i], role, &bad, ways[w].guard);
			}
		}
	print_message("%d guards broken\n", walked);
}

/* Those that look at more than one fact. */
static void
guards_of_several_facts(void **state)
{
	struct ouv_facts f = { .kinded = true, .dispute = true };

	(void)state;
#define HOLDS(guard, role) \
	ouv_guard_holds(OUV_GUARD_##guard, OUV_ROLE_##role, &f)
	assert_true(HOLDS(COMPLAINT, MEDIATOR));
	assert_false(HOLDS(NO_DISPUTE, MEDIATOR));
	f.dispute = false;
	assert_false(HOLDS(COMPLAINT, MEDIATOR));
	assert_true(HOLDS(NO_DISPUTE, MEDIATOR));
	assert_false(HOLDS(REQUEST, MEDIATOR));
	f.request = true; /* answered by the office itself, to nobody else */
	assert_true(HOLDS(REQUEST, MEDIATOR));
	assert_false(HOLDS(NO_REQUEST, MEDIATOR)); /* nor refused so */
	assert_false(HOLDS(NO_DISPUTE, MEDIATOR));
	f.request = false;
	f.kinded = false; /* nobody has said what it is */
	assert_false(HOLDS(COMPLAINT, MEDIATOR));
	assert_false(HOLDS(NO_DISPUTE, MEDIATOR));

	assert_true(HOLDS(TEAM, MEDIATOR));
	f.complex = true;
	f.team = 1;
	assert_false(HOLDS(TEAM, MEDIATOR));
	f.team = 2;
	assert_true(HOLDS(TEAM, MEDIATOR));

	assert_true(HOLDS(IN_TIME, MEDIATOR));
	assert_false(HOLDS(LAPSED, TIMER));
	assert_true(HOLDS(LAPSED, COMPANY));
	f.lapsed = true;
	assert_false(HOLDS(IN_TIME, MEDIATOR));
	assert_true(HOLDS(LAPSED, TIMER));

	assert_false(HOLDS(REMINDED, INTAKE));
	f.reminders = 1;
	assert_true(HOLDS(REMINDED, INTAKE));
	assert_false(HOLDS(REMINDED_TWICE, TIMER));
	assert_true(HOLDS(REMINDED_TWICE, COMPANY));
	f.reminders = 2;
	assert_true(HOLDS(REMINDED_TWICE, TIMER));
}

static void
several_guards_that_fail_are_all_named(void **state)
{
	const struct ouv_facts nothing = { 0 };
	const struct ouv_move *serve;

	(void)state;
	assert_int_equal(ouv_workflow_find(OUV_STATE_TRIAGE, OUV_ACTION_SERVE,
				 OUV_ROLE_MEDIATOR, &serve),
		OUV_OK);
	assert_int_equal(ouv_guards_failed(serve, OUV_ROLE_MEDIATOR, &nothing),
		serve->guards & ~OUV_GUARD_BIT(OUV_GUARD_TEAM));
}

/* ---- rules over the whole table -------------------------------------------
 */

static void
the_moves_are_numbered_once_each(void **state)
{
	size_t count;
	const struct ouv_move *rows = ouv_workflow_rows(&count);
	uint64_t seen = 0;

	(void)state;
	for (size_t i = 0; i < count; i++)
		if (rows[i].n > 0) {
			assert_false(seen >> rows[i].n & 1);
			seen |= UINT64_C(1) << rows[i].n;
		}
	assert_int_equal(seen, ((UINT64_C(1) << 28) - 1) & ~UINT64_C(1));
}

/* Automatic mail and the gateway alone never change a case that is numbered. */
static void
mail_never_moves_a_case_by_itself(void **state)
{
	size_t count;
	const struct ouv_move *rows = ouv_workflow_rows(&count);
	const uint32_t numbered =
		~(OUV_STATE_NEW | OUV_STATE_BIT(OUV_STATE_HELD));

	(void)state;
	for (size_t i = 0; i < count; i++)
		if ((rows[i].roles & OUV_ROLE_BIT(OUV_ROLE_GATEWAY)) != 0 &&
			(rows[i].from & numbered) != 0) {
			assert_int_equal(rows[i].to, 0);
			assert_int_equal(
				rows[i].start | rows[i].stop | rows[i].pause,
				0);
		}
}

static void
nobody_acts_on_an_erased_case(void **state)
{
	size_t count;
	const struct ouv_move *rows = ouv_workflow_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		assert_false(rows[i].from & OUV_STATE_BIT(OUV_STATE_ERASED));
}

/* No opinion, refusal or erasure by one person, and none by the author. */
static void
grave_acts_take_two(void **state)
{
	static const char grave[] = "refuse draft-opinion erase whole-file";
	size_t count;
	const struct ouv_move *rows = ouv_workflow_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		bool two =
			(rows[i].guards & OUV_GUARD_BIT(OUV_GUARD_EYES)) != 0;

		assert_int_equal(
			two, among(grave, ouv_action_name(rows[i].action)));
		assert_int_equal(two, rows[i].second != 0);
		/* programs and parties are no second person */
		assert_false(rows[i].second >> OUV_ROLE_GATEWAY);
	}
}

/* Who holds a key, what is given away or destroyed: not on the strength of a
 * session alone. */
static void
what_cannot_be_taken_back_asks_for_a_code(void **state)
{
	static const char asks[] =
		"grant revoke disclose export erase case-file "
		"whole-file take-file";
	size_t count;
	const struct ouv_move *rows = ouv_workflow_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		assert_int_equal(rows[i].step_up,
			among(asks, ouv_action_name(rows[i].action)));
}

/* Every letter passed the lint before it goes. */
static void
whatever_writes_is_linted(void **state)
{
	size_t count;
	const struct ouv_move *rows = ouv_workflow_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		if (rows[i].text[0] != NULL || rows[i].text[1] != NULL)
			assert_true(
				rows[i].guards & OUV_GUARD_BIT(OUV_GUARD_LINT));
}

/* Every open state says who owes the next step and runs a clock; one can get
 * into it, and out of it to an end. */
static void
no_open_state_waits_for_nobody(void **state)
{
	size_t count;
	const struct ouv_move *rows = ouv_workflow_rows(&count);

	(void)state;
	for (int s = 0; s < OUV_STATE__COUNT; s++) {
		const struct ouv_state_info *info =
			ouv_state_info((enum ouv_state)s);
		bool in = false, out = false;

		assert_int_equal(info->open, info->owes != OUV_OWES_NONE);
		if (info->open)
			assert_true(info->clocks & OUV_CLOCK_BIT(info->clock));
		for (size_t i = 0; i < count; i++) {
			in |= (rows[i].to >> s & 1) != 0;
			out |= (rows[i].from >> s & 1) != 0 &&
			       (rows[i].to & ~OUV_STATE_BIT(s)) != 0;
		}
		assert_true(in);
		assert_int_equal(out, s != OUV_STATE_ERASED);
	}
}

/* Whoever enters an open state starts the clock by which it is left, unless it
 * is running already. */
static void
every_open_state_is_entered_with_its_clock(void **state)
{
	size_t count;
	const struct ouv_move *rows = ouv_workflow_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (int s = 0; s < OUV_STATE__COUNT; s++) {
			const struct ouv_state_info *info =
				ouv_state_info((enum ouv_state)s);

			if (rows[i].n == 0 || (rows[i].to >> s & 1) == 0 ||
				!info->open)
				continue;
			if (s == OUV_STATE_TRIAGE) /* it comes running along */
				continue;
			assert_true(rows[i].start & OUV_CLOCK_BIT(info->clock));
		}
}

static void
a_case_is_handed_over_exactly_where_it_is_answered(void **state)
{
	const struct ouv_move *move;

	(void)state;
	for (int from = 0; from < OUV_STATE__COUNT; from++) {
		enum ouv_state s = (enum ouv_state)from;
		bool answered = ouv_workflow_find(s, OUV_ACTION_REPLY,
					OUV_ROLE_GATEWAY, &move) != OUV_INVALID;

		assert_int_equal(ouv_workflow_find(s, OUV_ACTION_ASSIGN,
					 OUV_ROLE_MEDIATOR, &move),
			answered ? OUV_OK : OUV_INVALID);
		assert_int_equal(ouv_workflow_find(s, OUV_ACTION_CONFLICT,
					 OUV_ROLE_READER, &move),
			answered || s == OUV_STATE_CLOSED ? OUV_OK
							  : OUV_INVALID);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_state_action_and_role_is_as_it_was_written),
		cmocka_unit_test(each_guard_alone_stops_its_moves_and_no_other),
		cmocka_unit_test(guards_of_several_facts),
		cmocka_unit_test(several_guards_that_fail_are_all_named),
		cmocka_unit_test(the_moves_are_numbered_once_each),
		cmocka_unit_test(mail_never_moves_a_case_by_itself),
		cmocka_unit_test(nobody_acts_on_an_erased_case),
		cmocka_unit_test(grave_acts_take_two),
		cmocka_unit_test(what_cannot_be_taken_back_asks_for_a_code),
		cmocka_unit_test(whatever_writes_is_linted),
		cmocka_unit_test(no_open_state_waits_for_nobody),
		cmocka_unit_test(every_open_state_is_entered_with_its_clock),
		cmocka_unit_test(
			a_case_is_handed_over_exactly_where_it_is_answered),
	};

	return cmocka_run_group_tests_name("workflow", tests, NULL, NULL);
}
