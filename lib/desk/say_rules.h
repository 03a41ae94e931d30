/*
 * say_rules.h - what words mean in which state of a case, and by whom
 *
 * Only party_say.c includes it.
 */
#ifndef OUV_DESK_SAY_RULES_H
#define OUV_DESK_SAY_RULES_H

#include "party_say.h"
#include "say_words.h"

#define S(name) OUV_STATE_BIT(OUV_STATE_##name)
#define A(name) OUV_ACTION_##name
#define F(name) (1U << SAYS_##name)
#define CONSUMER 1U
#define COMPANY 2U
#define BOTH 3U

#define ALIVE                                                            \
	(S(RECEIVED) | S(TRIAGE) | S(INFO) | S(FORWARDED) | S(COMPANY) | \
		S(CONSUMER) | S(MEDIATION) | S(PROPOSAL) | S(MERIT) |    \
		S(PROVISIONAL) | S(PLAN) | S(REVIEW))

/* ---- what words mean in which state ----------------------------------------
 */

enum needs {
	NEEDS_NONE,
	NEEDS_ASKED,  /* they were asked whether it was done */
	NEEDS_OPTION, /* the number is one of the options */
	NEEDS_ONE,    /* there is only one option */
	NEEDS_SHOWN,  /* they were shown the file, and asked to comment */
};

/* clang-format off */
static const struct rule {
	uint32_t states;
	unsigned sides, says;
	enum ouv_action action;
	const char *choice; /* NULL: the option's number */
	enum needs needs;
	bool strict; /* anything that takes it back makes it none */
} rules[] = {
	{ S(CONSUMER), CONSUMER, F(ACCEPT) | F(SOLVED), A(ACCEPT), "", NEEDS_NONE, true },
	{ S(CONSUMER), CONSUMER, F(REJECT) | F(UNSOLVED), A(REJECT), "", NEEDS_NONE, false },
	{ S(PROPOSAL), BOTH, F(OPTION), A(CHOOSE), NULL, NEEDS_OPTION, true },
	{ S(PROPOSAL), BOTH, F(ACCEPT), A(CHOOSE), "1", NEEDS_ONE, true },
	{ S(PROPOSAL), BOTH, F(NONE) | F(REJECT) | F(NO_AGREEMENT), A(CHOOSE), "0", NEEDS_NONE, false },
	{ S(MEDIATION), BOTH, F(NO_AGREEMENT), A(NO_AGREEMENT), "", NEEDS_NONE, true },
	{ S(PLAN), CONSUMER, F(YES) | F(DONE), A(ATTEST), "yes", NEEDS_ASKED, true },
	{ S(PLAN), CONSUMER, F(NO) | F(NOT_DONE), A(ATTEST), "no", NEEDS_ASKED, false },
	{ S(PLAN), COMPANY, F(DONE), A(ATTEST), "yes", NEEDS_NONE, true },
	{ S(PLAN), COMPANY, F(NOT_DONE), A(ATTEST), "no", NEEDS_NONE, false },
	{ S(COMPANY), COMPANY, F(MORE_TIME), A(ASK_EXTENSION), "", NEEDS_NONE, false },
	{ S(COMPANY), COMPANY, F(DECLINE), A(DECLINE), "", NEEDS_NONE, false },
	{ S(CLOSED), BOTH, F(REVIEW), A(ASK_REVIEW), "", NEEDS_NONE, false },
	{ S(CLOSED), BOTH, F(SOLVED), A(RATE), "resolved", NEEDS_NONE, true },
	{ S(CLOSED), BOTH, F(UNSOLVED), A(RATE), "not-resolved", NEEDS_NONE, false },
	{ ALIVE, CONSUMER, F(WITHDRAW), A(WITHDRAW), "", NEEDS_NONE, true },
};

/* What a message means that decides nothing. */
static const struct {
	uint32_t states;
	unsigned sides;
	enum needs needs;
	bool owed; /* ... nor anything yet: not once they have chosen */
	enum say_kind kind;
	enum ouv_action action;
} otherwise[] = {
	{ S(INFO), CONSUMER, NEEDS_NONE, false, SAY_ACT, A(COMPLEMENT) },
	{ S(PROVISIONAL), BOTH, NEEDS_NONE, false, SAY_ACT, A(COMMENT) },
	{ S(MEDIATION) | S(MERIT) | S(REVIEW), BOTH, NEEDS_SHOWN, false, SAY_ACT, A(COMMENT) },
	{ S(COMPANY) | S(FORWARDED), COMPANY, NEEDS_NONE, false, SAY_ANSWER, A(ANSWER) },
	{ S(CONSUMER), CONSUMER, NEEDS_NONE, true, SAY_UNCLEAR, A(APPEND) },
	{ S(PROPOSAL), BOTH, NEEDS_NONE, true, SAY_UNCLEAR, A(APPEND) },
	{ S(PLAN), CONSUMER, NEEDS_ASKED, true, SAY_UNCLEAR, A(APPEND) },
};
/* clang-format on */

#endif
