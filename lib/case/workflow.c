/*
 * workflow.c - the life of a case, as one table
 *
 * Every way a case can change state, or be acted on, is a row here; no other
 * code compares states to decide what is allowed.  docs/mediation.md tells the
 * same story in words.
 */
#include "ouv/case.h"

#define S(name) OUV_STATE_BIT(OUV_STATE_##name)
#define A(name) OUV_ACTION_##name
#define R(name) OUV_ROLE_BIT(OUV_ROLE_##name)
#define G(name) OUV_GUARD_BIT(OUV_GUARD_##name)
#define C(name) OUV_CLOCK_BIT(OUV_CLOCK_##name)

#define NEW OUV_STATE_NEW
#define DESK (R(INTAKE) | R(MEDIATOR))
#define STAFF (DESK | R(READER) | R(OMBUDSMAN))
#define PARTIES (R(CONSUMER) | R(COMPANY))

/* Where intake still may write, where only the mediator does. */
#define EARLY (S(TRIAGE) | S(INFO) | S(FORWARDED))
#define LATE                                                                \
	(S(COMPANY) | S(CONSUMER) | S(MEDIATION) | S(PROPOSAL) | S(MERIT) | \
		S(PROVISIONAL) | S(PLAN))
#define OPEN (S(RECEIVED) | EARLY | LATE | S(REVIEW))
#define NUMBERED (OPEN | S(CLOSED))

#define ALL_CLOCKS (C(_COUNT) - 1)

/* clang-format off */
static const struct ouv_move moves[] = {
	{ .n = 1, .action = A(HOLD), .from = NEW | S(HELD), .to = S(HELD),
	  .roles = R(GATEWAY), .guards = G(STORED), .start = C(HOLD) },
	{ .n = 2, .action = A(REGISTER), .from = NEW | S(HELD), .to = S(RECEIVED),
	  .roles = R(GATEWAY) | DESK, .guards = G(STORED) | G(HUMAN) | G(LINT),
	  .start = C(RESPONSE) | C(REFUSAL) | C(TOTAL) | C(SILENCE), .stop = C(HOLD),
	  .text = { "ack", NULL } },
	{ .n = 3, .action = A(OPEN), .from = S(RECEIVED), .to = S(TRIAGE),
	  .roles = DESK, .guards = G(FREE) },
	{ .n = 4, .action = A(ASK), .from = S(TRIAGE), .to = S(INFO),
	  .roles = DESK, .guards = G(FREE) | G(NOT_ASKED) | G(LINT),
	  .start = C(INFO), .stop = C(RESPONSE), .pause = C(TOTAL) | C(REFUSAL),
	  .text = { "questions", NULL } },
	{ .n = 5, .action = A(COMPLEMENT), .from = S(INFO), .to = S(TRIAGE),
	  .roles = R(CONSUMER), .guards = G(AUTH) | G(LINT),
	  .start = C(TOTAL) | C(REFUSAL), .stop = C(INFO),
	  .text = { "complement", NULL } },
	{ .n = 6, .action = A(LAPSE), .from = S(INFO), .to = S(CLOSED),
	  .roles = R(TIMER) | R(INTAKE),
	  .guards = G(PERSON) | G(FREE) | G(LAPSED) | G(REMINDED) | G(LINT),
	  .start = C(REOPEN_WINDOW) | C(RETENTION), .stop = ALL_CLOCKS,
	  .text = { "lapsed", NULL } },
	{ .n = 7, .action = A(REFUSE), .from = S(TRIAGE), .to = S(CLOSED),
	  .roles = R(MEDIATOR), .second = R(MEDIATOR) | R(READER) | R(OMBUDSMAN),
	  .guards = G(FREE) | G(NO_REQUEST) | G(REFUSABLE) | G(LINT) | G(EYES),
	  .start = C(REVIEW_WINDOW) | C(REOPEN_WINDOW) | C(RETENTION), .stop = ALL_CLOCKS,
	  .text = { "refusal", "refusal-company" }, .told = true },
	{ .n = 8, .action = A(FORWARD), .from = S(TRIAGE), .to = S(FORWARDED),
	  .roles = DESK, .guards = G(FREE) | G(NO_DISPUTE) | G(LINT),
	  .start = C(FEEDBACK), .stop = C(RESPONSE) | C(REFUSAL),
	  .text = { "forwarded", "forward-company" } },
	{ .n = 9, .action = A(FEED_BACK), .from = S(FORWARDED), .to = S(CLOSED),
	  .roles = R(COMPANY) | DESK, .guards = G(AUTH) | G(PERSON) | G(FREE) | G(LINT),
	  .start = C(REOPEN_WINDOW) | C(RETENTION), .stop = ALL_CLOCKS,
	  .text = { "fed-back", "fed-back-company" } },
	{ .n = 10, .action = A(SERVE), .from = S(TRIAGE), .to = S(COMPANY),
	  .roles = R(MEDIATOR),
	  .guards = G(FREE) | G(QUALIFIED) | G(COMPLAINT) | G(CLASSIFIED) | G(CHAIN)
		| G(IDENTITY) | G(TEAM) | G(LINT),
	  .start = C(COMPANY), .stop = C(RESPONSE) | C(REFUSAL),
	  .text = { "served", "notice" } },
	{ .n = 11, .action = A(EXTEND), .from = S(COMPANY),
	  .roles = R(MEDIATOR),
	  .guards = G(FREE) | G(NOT_EXTENDED) | G(IN_TIME) | G(LINT),
	  .text = { "extended", "extended-company" } },
	{ .n = 12, .action = A(ANSWER), .from = S(COMPANY), .to = S(CONSUMER),
	  .roles = R(COMPANY) | R(MEDIATOR),
	  .guards = G(AUTH) | G(FREE) | G(POINTS) | G(LINT),
	  .start = C(CONSUMER), .stop = C(COMPANY),
	  .text = { "answer", "answer-company" } },
	{ .n = 13, .action = A(DECLINE), .from = S(COMPANY), .to = S(MERIT),
	  .roles = R(COMPANY) | R(TIMER),
	  .guards = G(AUTH) | G(LAPSED) | G(REMINDED_TWICE) | G(LINT),
	  .start = C(OPINION), .stop = C(COMPANY),
	  .text = { "declined", "declined-company" } },
	{ .n = 14, .action = A(ACCEPT), .from = S(CONSUMER), .to = S(PLAN) | S(CLOSED),
	  .roles = R(CONSUMER), .guards = G(AUTH) | G(LINT),
	  .start = C(PROMISE) | C(REVIEW_WINDOW) | C(REOPEN_WINDOW) | C(RETENTION),
	  .stop = C(CONSUMER) | C(TOTAL),
	  .text = { "solved", "solved-company" } },
	{ .n = 15, .action = A(REJECT), .from = S(CONSUMER), .to = S(MEDIATION),
	  .roles = R(CONSUMER), .guards = G(AUTH) | G(LINT),
	  .start = C(MEDIATION), .stop = C(CONSUMER),
	  .text = { "rejected", "rejected-company" } },
	{ .n = 16, .action = A(LAPSE), .from = S(CONSUMER), .to = S(CLOSED),
	  .roles = R(TIMER) | R(MEDIATOR),
	  .guards = G(PERSON) | G(FREE) | G(LAPSED) | G(REMINDED) | G(LINT),
	  .start = C(REVIEW_WINDOW) | C(REOPEN_WINDOW) | C(RETENTION), .stop = ALL_CLOCKS,
	  .text = { "lapsed", "lapsed-company" } },
	{ .n = 17, .action = A(PROPOSE), .from = S(MEDIATION), .to = S(PROPOSAL),
	  .roles = R(MEDIATOR), .guards = G(FREE) | G(HEARD) | G(LINT),
	  .start = C(PROPOSAL), .stop = C(MEDIATION),
	  .text = { "options", "options-company" } },
	{ .n = 18, .action = A(ACCEPT), .from = S(PROPOSAL), .to = S(PLAN),
	  .roles = PARTIES, .guards = G(AUTH) | G(AGREED) | G(LINT),
	  .start = C(PROMISE), .stop = C(PROPOSAL) | C(TOTAL),
	  .text = { "agreement", "agreement-company" } },
	{ .n = 19, .action = A(NO_AGREEMENT), .from = S(MEDIATION) | S(PROPOSAL), .to = S(MERIT),
	  .roles = PARTIES | R(MEDIATOR), .guards = G(AUTH) | G(FREE) | G(LINT),
	  .start = C(OPINION), .stop = C(MEDIATION) | C(PROPOSAL),
	  .text = { "no-agreement", "no-agreement-company" } },
	{ .n = 20, .action = A(DRAFT_OPINION), .from = S(MERIT), .to = S(PROVISIONAL),
	  .roles = R(MEDIATOR), .second = R(READER),
	  .guards = G(FREE) | G(QUALIFIED) | G(HEARD) | G(LINT) | G(EYES),
	  .start = C(COMMENT), .stop = C(OPINION),
	  .text = { "opinion", "opinion-company" } },
	{ .n = 21, .action = A(DECIDE), .from = S(PROVISIONAL), .to = S(PLAN) | S(CLOSED),
	  .roles = R(OMBUDSMAN),
	  .guards = G(FREE) | G(NOT_AUTHOR) | G(COMMENTED) | G(LINT),
	  .start = C(PROMISE) | C(REVIEW_WINDOW) | C(REOPEN_WINDOW) | C(RETENTION),
	  .stop = C(COMMENT) | C(TOTAL),
	  .text = { "decision", "decision-company" } },
	{ .n = 22, .action = A(CONFIRM), .from = S(PLAN), .to = S(CLOSED),
	  .roles = R(COMPANY) | R(MEDIATOR) | R(TIMER),
	  .guards = G(AUTH) | G(FREE) | G(ASKED) | G(LINT),
	  .start = C(REVIEW_WINDOW) | C(REOPEN_WINDOW) | C(RETENTION), .stop = ALL_CLOCKS,
	  .text = { "plan-end", "plan-end-company" } },
	{ .n = 23, .action = A(WITHDRAW), .from = OPEN, .to = S(CLOSED),
	  .roles = R(CONSUMER), .guards = G(AUTH) | G(LINT),
	  .start = C(REOPEN_WINDOW) | C(RETENTION), .stop = ALL_CLOCKS,
	  .text = { "withdrawn", "withdrawn-company" }, .told = true },
	{ .n = 24, .action = A(ASK_REVIEW), .from = S(CLOSED), .to = S(REVIEW),
	  .roles = PARTIES, .guards = G(AUTH) | G(WINDOW) | G(LINT),
	  .start = C(REVIEW) | C(SILENCE), .stop = C(RETENTION),
	  .text = { "review", "review-company" }, .told = true },
	{ .n = 25, .action = A(DECIDE_REVIEW), .from = S(REVIEW), .to = S(CLOSED) | S(MERIT),
	  .roles = R(READER) | R(OMBUDSMAN),
	  .guards = G(FREE) | G(NEW_READER) | G(LINT),
	  .start = C(OPINION) | C(RETENTION), .stop = C(REVIEW) | C(REVIEW_WINDOW),
	  .text = { "reviewed", "reviewed-company" }, .told = true },
	{ .n = 26, .action = A(REOPEN), .from = S(CLOSED), .to = OPEN & ~S(RECEIVED) & ~S(REVIEW),
	  .roles = R(MEDIATOR), .guards = G(FREE) | G(REOPENABLE) | G(LATE_MAIL) | G(LINT),
	  .start = ALL_CLOCKS,
	  .stop = C(REVIEW_WINDOW) | C(REOPEN_WINDOW) | C(RETENTION),
	  .text = { "reopened", "reopened-company" }, .told = true },
	{ .n = 27, .action = A(ERASE), .from = S(CLOSED), .to = S(ERASED),
	  .roles = R(TIMER) | R(CUSTODIAN), .second = R(OMBUDSMAN) | R(READER) | R(CUSTODIAN),
	  .guards = G(PERSON) | G(FREE) | G(RETAINED) | G(NO_HOLD) | G(NOTIFIED) | G(QUIET)
		| G(EYES),
	  .stop = ALL_CLOCKS, .step_up = true },

	/* A message joins its case and moves nothing: the gateway brings it, or
	 * a person who takes it out of a held case. */
	{ .action = A(APPEND), .from = NUMBERED, .roles = R(GATEWAY) | DESK },
	{ .action = A(RECORD), .from = NUMBERED | S(HELD), .roles = R(GATEWAY) },

	/* A letter in somebody's own words; it opens a new case. */
	{ .action = A(REPLY), .from = S(RECEIVED), .to = S(TRIAGE), .roles = DESK, .stop = C(RESPONSE) },
	{ .action = A(REPLY), .from = EARLY, .roles = DESK, .stop = C(RESPONSE) },
	{ .action = A(REPLY), .from = LATE, .roles = R(MEDIATOR) },
	{ .action = A(REPLY), .from = S(REVIEW), .roles = R(READER) | R(OMBUDSMAN) },
	/* It takes longer: a letter as well, by whoever may write one. */
	{ .action = A(HOLDING), .from = S(RECEIVED), .to = S(TRIAGE), .roles = DESK, .stop = C(RESPONSE) },
	{ .action = A(HOLDING), .from = EARLY, .roles = DESK, .stop = C(RESPONSE) },
	{ .action = A(HOLDING), .from = LATE, .roles = R(MEDIATOR) },
	{ .action = A(HOLDING), .from = S(REVIEW), .roles = R(READER) | R(OMBUDSMAN) },
	/* A letter that was sent goes to whoever its reader's absence names. */
	{ .action = A(SUBSTITUTE), .from = S(RECEIVED), .to = S(TRIAGE), .roles = DESK },
	{ .action = A(SUBSTITUTE), .from = EARLY, .roles = DESK },
	{ .action = A(SUBSTITUTE), .from = LATE, .roles = R(MEDIATOR) },
	{ .action = A(SUBSTITUTE), .from = S(REVIEW), .roles = R(READER) | R(OMBUDSMAN) },

	/* What a person does with held mail. */
	{ .action = A(ATTRIBUTE), .from = S(HELD), .roles = DESK },
	{ .action = A(RETRY), .from = S(HELD), .roles = DESK },
	{ .action = A(EMPTY), .from = S(HELD), .to = S(CLOSED), .roles = DESK },
	{ .action = A(DISCARD), .from = S(HELD), .to = S(CLOSED), .roles = DESK },
	{ .action = A(RESTORE), .from = S(CLOSED), .to = S(HELD), .roles = DESK },

	/* A task is about a letter, not about the case. */
	{ .action = A(TASK_DONE), .from = NUMBERED & ~S(REVIEW), .roles = DESK },
	{ .action = A(TASK_DONE), .from = S(REVIEW), .roles = STAFF },
	/* That a party was told of its erasure, and no other. */
	{ .action = A(TASK_DONE), .from = S(CLOSED), .roles = R(CUSTODIAN) },

	/* Who looks after an open case; whoever cannot be impartial says so,
	 * also when it may come back. */
	{ .action = A(ASSIGN), .from = OPEN, .roles = DESK | R(OMBUDSMAN) },
	{ .action = A(DRAW), .from = OPEN, .roles = DESK | R(OMBUDSMAN) },
	{ .action = A(TEAM), .from = OPEN, .roles = R(MEDIATOR) | R(OMBUDSMAN), .guards = G(FREE) },
	{ .action = A(CONFLICT), .from = NUMBERED, .roles = STAFF },
	{ .action = A(RECUSE), .from = NUMBERED, .roles = R(OMBUDSMAN) },

	/* What somebody asks about their own data: no party on the other side. */
	{ .action = A(ANSWER_REQUEST), .from = S(TRIAGE), .to = S(CLOSED), .roles = DESK,
	  .guards = G(FREE) | G(REQUEST) | G(LINT),
	  .start = C(REOPEN_WINDOW) | C(RETENTION), .stop = ALL_CLOCKS,
	  .text = { "request-answered", NULL } },

	/* What is known of it. */
	{ .action = A(CLASSIFY), .from = EARLY & ~S(INFO), .roles = DESK, .guards = G(FREE) },
	{ .action = A(CLASSIFY), .from = S(INFO) | LATE, .roles = R(MEDIATOR), .guards = G(FREE) },
	{ .action = A(NOTE), .from = NUMBERED, .roles = STAFF },
	{ .action = A(EVIDENCE), .from = EARLY | LATE | S(REVIEW), .roles = STAFF, .guards = G(FREE) },
	/* Both are shown the index as it is now, with the same days. */
	{ .action = A(HEAR), .from = S(MEDIATION) | S(MERIT) | S(PROVISIONAL), .roles = R(MEDIATOR),
	  .guards = G(FREE) | G(LINT), .text = { "hear", "hear-company" } },
	{ .action = A(HEAR), .from = S(REVIEW), .roles = R(READER) | R(OMBUDSMAN),
	  .guards = G(FREE) | G(LINT), .text = { "hear", "hear-company" } },
	{ .action = A(LINK), .from = NUMBERED, .roles = DESK | R(OMBUDSMAN), .guards = G(FREE) },
	{ .action = A(UNLINK), .from = OPEN, .roles = DESK | R(OMBUDSMAN), .guards = G(FREE),
	  .start = C(SILENCE) },
	{ .action = A(UNLINK), .from = S(CLOSED), .roles = DESK | R(OMBUDSMAN), .guards = G(FREE) },
	/* A duplicate: its clocks stand still until it is unlinked. */
	{ .action = A(MERGE), .from = OPEN, .roles = DESK | R(OMBUDSMAN),
	  .guards = G(FREE) | G(LINT), .pause = ALL_CLOCKS }, /* its letter begins no silence */
	{ .action = A(SPLIT), .from = EARLY | S(COMPANY) | S(MEDIATION), .roles = R(MEDIATOR),
	  .guards = G(FREE) | G(LINT), .text = { "split", NULL } },
	/* Who holds its key, and what of it a party was given. */
	{ .action = A(GRANT), .from = NUMBERED, .roles = STAFF | R(CUSTODIAN), .step_up = true },
	{ .action = A(REVOKE), .from = NUMBERED, .roles = R(MEDIATOR) | R(OMBUDSMAN), .step_up = true },
	{ .action = A(DISCLOSE), .from = NUMBERED & ~S(RECEIVED), .roles = R(MEDIATOR) | R(READER) | R(OMBUDSMAN),
	  .guards = G(FREE) | G(LINT), .step_up = true },
	{ .action = A(WITHHOLD), .from = NUMBERED & ~S(RECEIVED), .roles = R(MEDIATOR) | R(READER) | R(OMBUDSMAN) },
	{ .action = A(REDACT), .from = NUMBERED & ~S(RECEIVED), .roles = STAFF, .guards = G(FREE) },
	{ .action = A(EXPORT), .from = NUMBERED, .roles = R(MEDIATOR) | R(OMBUDSMAN) | R(CUSTODIAN),
	  .guards = G(FREE), .step_up = true },
	/* Its file for somebody outside; what nothing is masked in needs two. */
	{ .action = A(CASE_FILE), .from = NUMBERED, .roles = R(MEDIATOR) | R(OMBUDSMAN) | R(CUSTODIAN),
	  .guards = G(FREE), .step_up = true },
	{ .action = A(WHOLE_FILE), .from = NUMBERED, .roles = R(MEDIATOR) | R(OMBUDSMAN) | R(CUSTODIAN),
	  .second = R(MEDIATOR) | R(READER) | R(OMBUDSMAN) | R(CUSTODIAN),
	  .guards = G(FREE) | G(EYES), .step_up = true },
	{ .action = A(TAKE_FILE), .from = NUMBERED, .roles = R(MEDIATOR) | R(OMBUDSMAN) | R(CUSTODIAN),
	  .guards = G(FREE) | G(CONFIRMED), .step_up = true },
	/* What becomes of a letter on paper, and how a party is reached. */
	{ .action = A(PRINT), .from = NUMBERED, .roles = STAFF | R(CUSTODIAN), .guards = G(FREE) },
	{ .action = A(POST), .from = NUMBERED, .roles = STAFF | R(CUSTODIAN), .guards = G(FREE) },
	{ .action = A(DELIVERED), .from = NUMBERED, .roles = STAFF | R(CUSTODIAN), .guards = G(FREE) },
	{ .action = A(RETURNED), .from = NUMBERED, .roles = STAFF | R(CUSTODIAN), .guards = G(FREE) },
	{ .action = A(REACH), .from = NUMBERED, .roles = DESK | R(OMBUDSMAN), .guards = G(FREE) },
	{ .action = A(LEGAL_HOLD), .from = NUMBERED, .roles = R(CUSTODIAN) | R(OMBUDSMAN) },
	{ .action = A(SECOND), .from = NUMBERED, .roles = STAFF | R(CUSTODIAN), .guards = G(FREE) },

	/* What a party says, and what does not move its case by itself. */
	{ .action = A(ASK_EXTENSION), .from = S(COMPANY), .roles = R(COMPANY),
	  .guards = G(AUTH) | G(NOT_EXTENDED) | G(IN_TIME) },
	{ .action = A(CHOOSE), .from = S(PROPOSAL), .roles = PARTIES, .guards = G(AUTH) },
	{ .action = A(ATTEST), .from = S(PLAN), .roles = PARTIES, .guards = G(AUTH) },
	{ .action = A(COMMENT), .from = S(MEDIATION) | S(MERIT) | S(PROVISIONAL) | S(REVIEW), .roles = PARTIES, .guards = G(AUTH) },
	{ .action = A(RATE), .from = S(CLOSED), .roles = PARTIES, .guards = G(AUTH) },
};

#define KEPT (C(SILENCE) | C(TOTAL))
#define NO_CLOCK OUV_CLOCK__COUNT

static const struct ouv_state_info states[OUV_STATE__COUNT] = {
	[OUV_STATE_HELD] = { true, OUV_OWES_OFFICE, C(HOLD), OUV_CLOCK_HOLD },
	[OUV_STATE_RECEIVED] = { true, OUV_OWES_OFFICE, KEPT | C(RESPONSE) | C(REFUSAL), OUV_CLOCK_RESPONSE },
	[OUV_STATE_TRIAGE] = { true, OUV_OWES_OFFICE, KEPT | C(RESPONSE) | C(REFUSAL), OUV_CLOCK_RESPONSE },
	[OUV_STATE_INFO] = { true, OUV_OWES_CONSUMER, KEPT | C(INFO) | C(REFUSAL), OUV_CLOCK_INFO },
	[OUV_STATE_COMPANY] = { true, OUV_OWES_COMPANY, KEPT | C(COMPANY), OUV_CLOCK_COMPANY },
	[OUV_STATE_CONSUMER] = { true, OUV_OWES_CONSUMER, KEPT | C(CONSUMER), OUV_CLOCK_CONSUMER },
	[OUV_STATE_MEDIATION] = { true, OUV_OWES_OFFICE, KEPT | C(MEDIATION), OUV_CLOCK_MEDIATION },
	[OUV_STATE_PROPOSAL] = { true, OUV_OWES_BOTH, KEPT | C(PROPOSAL), OUV_CLOCK_PROPOSAL },
	[OUV_STATE_MERIT] = { true, OUV_OWES_OFFICE, KEPT | C(OPINION), OUV_CLOCK_OPINION },
	[OUV_STATE_PROVISIONAL] = { true, OUV_OWES_BOTH, KEPT | C(COMMENT), OUV_CLOCK_COMMENT },
	[OUV_STATE_PLAN] = { true, OUV_OWES_COMPANY, C(SILENCE) | C(PROMISE) | C(ATTEST), OUV_CLOCK_PROMISE },
	[OUV_STATE_CLOSED] = { false, OUV_OWES_NONE, C(REVIEW_WINDOW) | C(REOPEN_WINDOW) | C(RETENTION), NO_CLOCK },
	[OUV_STATE_REVIEW] = { true, OUV_OWES_OFFICE, C(SILENCE) | C(REVIEW) | C(REOPEN_WINDOW), OUV_CLOCK_REVIEW },
	[OUV_STATE_ERASED] = { false, OUV_OWES_NONE, 0, NO_CLOCK },
	[OUV_STATE_FORWARDED] = { true, OUV_OWES_COMPANY, KEPT | C(FEEDBACK), OUV_CLOCK_FEEDBACK },
};
/* clang-format on */

#define MOVES (sizeof(moves) / sizeof(moves[0]))

const struct ouv_move *
ouv_workflow_rows(size_t *count_out)
{
	*count_out = MOVES;
	return moves;
}

const struct ouv_state_info *
ouv_state_info(enum ouv_state state)
{
	return &states[state];
}

enum ouv_err
ouv_workflow_find(enum ouv_state from, enum ouv_action action,
	enum ouv_role role, const struct ouv_move **move_out)
{
	enum ouv_err err = OUV_INVALID;

	for (size_t i = 0; i < MOVES; i++) {
		if ((moves[i].from & OUV_STATE_BIT(from)) == 0 ||
			moves[i].action != action)
			continue;
		err = OUV_REFUSED;
		if ((moves[i].roles & OUV_ROLE_BIT(role)) == 0)
			continue;
		*move_out = &moves[i];
		return OUV_OK;
	}
	return err;
}

enum ouv_state
ouv_move_to(const struct ouv_move *move, enum ouv_state from)
{
	if (move->to == 0)
		return from;
	for (int s = 0; s < OUV_STATE__COUNT; s++)
		if (move->to == OUV_STATE_BIT(s))
			return (enum ouv_state)s;
	return OUV_STATE__COUNT;
}

bool
ouv_state_is_open(enum ouv_state state)
{
	return states[state].open;
}
