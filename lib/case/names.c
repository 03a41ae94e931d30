/*
 * names.c - the labels of states, roles, actions, guards, clocks, languages
 *
 * The same words stand in the database's enum types and in ouvidoria(1).
 */
#include <ctype.h>
#include <string.h>

#include "ouv/case.h"

/* clang-format off */
static const char *const states[OUV_STATE__COUNT] = {
	[OUV_STATE_HELD] = "held",
	[OUV_STATE_RECEIVED] = "received",
	[OUV_STATE_TRIAGE] = "triage",
	[OUV_STATE_INFO] = "info",
	[OUV_STATE_COMPANY] = "company",
	[OUV_STATE_CONSUMER] = "consumer",
	[OUV_STATE_MEDIATION] = "mediation",
	[OUV_STATE_PROPOSAL] = "proposal",
	[OUV_STATE_MERIT] = "merit",
	[OUV_STATE_PROVISIONAL] = "provisional",
	[OUV_STATE_PLAN] = "plan",
	[OUV_STATE_CLOSED] = "closed",
	[OUV_STATE_REVIEW] = "review",
	[OUV_STATE_ERASED] = "erased",
	[OUV_STATE_FORWARDED] = "forwarded",
};
static const char *const roles[OUV_ROLE__COUNT] = {
	[OUV_ROLE_OMBUDSMAN] = "ombudsman",
	[OUV_ROLE_READER] = "reader",
	[OUV_ROLE_MEDIATOR] = "mediator",
	[OUV_ROLE_INTAKE] = "intake",
	[OUV_ROLE_CUSTODIAN] = "custodian",
	[OUV_ROLE_REGISTRAR] = "registrar",
	[OUV_ROLE_ADMIN] = "admin",
	[OUV_ROLE_GATEWAY] = "gateway",
	[OUV_ROLE_TIMER] = "timer",
	[OUV_ROLE_CONSUMER] = "consumer",
	[OUV_ROLE_COMPANY] = "company",
};
static const char *const lanes[OUV_LANE__COUNT] = {
	[OUV_LANE_CONSUMER] = "consumer",
	[OUV_LANE_COMPANY] = "company",
	[OUV_LANE_INTERNAL] = "internal",
};
static const char *const kinds[OUV_ITEM__COUNT] = {
	[OUV_ITEM_MAIL_IN] = "mail_in",
	[OUV_ITEM_AUTO_IN] = "auto_in",
	[OUV_ITEM_MAIL_OUT] = "mail_out",
	[OUV_ITEM_AUTO_OUT] = "auto_out",
	[OUV_ITEM_NOTE] = "note",
	[OUV_ITEM_UNPARSED] = "unparsed",
};
static const char *const actions[OUV_ACTION__COUNT] = {
	[OUV_ACTION_HOLD] = "hold",
	[OUV_ACTION_REGISTER] = "register",
	[OUV_ACTION_OPEN] = "open",
	[OUV_ACTION_ASK] = "ask",
	[OUV_ACTION_COMPLEMENT] = "complement",
	[OUV_ACTION_LAPSE] = "lapse",
	[OUV_ACTION_REFUSE] = "refuse",
	[OUV_ACTION_FORWARD] = "forward",
	[OUV_ACTION_FEED_BACK] = "feed-back",
	[OUV_ACTION_SERVE] = "serve",
	[OUV_ACTION_EXTEND] = "extend",
	[OUV_ACTION_ANSWER] = "answer",
	[OUV_ACTION_DECLINE] = "decline",
	[OUV_ACTION_ACCEPT] = "accept",
	[OUV_ACTION_REJECT] = "reject",
	[OUV_ACTION_PROPOSE] = "propose",
	[OUV_ACTION_NO_AGREEMENT] = "no-agreement",
	[OUV_ACTION_DRAFT_OPINION] = "draft-opinion",
	[OUV_ACTION_DECIDE] = "decide",
	[OUV_ACTION_CONFIRM] = "confirm",
	[OUV_ACTION_WITHDRAW] = "withdraw",
	[OUV_ACTION_ASK_REVIEW] = "ask-review",
	[OUV_ACTION_DECIDE_REVIEW] = "decide-review",
	[OUV_ACTION_REOPEN] = "reopen",
	[OUV_ACTION_ERASE] = "erase",
	[OUV_ACTION_APPEND] = "append",
	[OUV_ACTION_RECORD] = "record",
	[OUV_ACTION_REPLY] = "reply",
	[OUV_ACTION_HOLDING] = "holding",
	[OUV_ACTION_SUBSTITUTE] = "substitute",
	[OUV_ACTION_ATTRIBUTE] = "attribute",
	[OUV_ACTION_RETRY] = "retry",
	[OUV_ACTION_EMPTY] = "empty",
	[OUV_ACTION_DISCARD] = "discard",
	[OUV_ACTION_RESTORE] = "restore",
	[OUV_ACTION_TASK_DONE] = "task-done",
	[OUV_ACTION_ASSIGN] = "assign",
	[OUV_ACTION_CONFLICT] = "conflict",
	[OUV_ACTION_CLASSIFY] = "classify",
	[OUV_ACTION_NOTE] = "note",
	[OUV_ACTION_SECOND] = "second",
	[OUV_ACTION_ASK_EXTENSION] = "ask-extension",
	[OUV_ACTION_CHOOSE] = "choose",
	[OUV_ACTION_ATTEST] = "attest",
	[OUV_ACTION_COMMENT] = "comment",
	[OUV_ACTION_RATE] = "rate",
	[OUV_ACTION_EVIDENCE] = "evidence",
	[OUV_ACTION_TEAM] = "team",
	[OUV_ACTION_DRAW] = "draw",
	[OUV_ACTION_RECUSE] = "recuse",
	[OUV_ACTION_LINK] = "link",
	[OUV_ACTION_UNLINK] = "unlink",
	[OUV_ACTION_SPLIT] = "split",
	[OUV_ACTION_LEGAL_HOLD] = "legal-hold",
	[OUV_ACTION_HEAR] = "hear",
	[OUV_ACTION_MERGE] = "merge",
	[OUV_ACTION_GRANT] = "grant",
	[OUV_ACTION_REVOKE] = "revoke",
	[OUV_ACTION_DISCLOSE] = "disclose",
	[OUV_ACTION_WITHHOLD] = "withhold",
	[OUV_ACTION_REDACT] = "redact",
	[OUV_ACTION_EXPORT] = "export",
	[OUV_ACTION_ANSWER_REQUEST] = "answer-request",
	[OUV_ACTION_CASE_FILE] = "case-file",
	[OUV_ACTION_WHOLE_FILE] = "whole-file",
	[OUV_ACTION_TAKE_FILE] = "take-file",
	[OUV_ACTION_PRINT] = "print",
	[OUV_ACTION_POST] = "post",
	[OUV_ACTION_DELIVERED] = "delivered",
	[OUV_ACTION_RETURNED] = "returned",
	[OUV_ACTION_REACH] = "reach",
};
static const char *const guards[OUV_GUARD__COUNT] = {
	[OUV_GUARD_STORED] = "stored",
	[OUV_GUARD_HUMAN] = "human",
	[OUV_GUARD_AUTH] = "auth",
	[OUV_GUARD_PERSON] = "person",
	[OUV_GUARD_FREE] = "free",
	[OUV_GUARD_QUALIFIED] = "qualified",
	[OUV_GUARD_EYES] = "eyes",
	[OUV_GUARD_LINT] = "lint",
	[OUV_GUARD_COMPLAINT] = "complaint",
	[OUV_GUARD_NO_DISPUTE] = "no-dispute",
	[OUV_GUARD_CLASSIFIED] = "classified",
	[OUV_GUARD_CHAIN] = "chain",
	[OUV_GUARD_IDENTITY] = "identity",
	[OUV_GUARD_TEAM] = "team",
	[OUV_GUARD_NOT_ASKED] = "not-asked",
	[OUV_GUARD_NOT_EXTENDED] = "not-extended",
	[OUV_GUARD_IN_TIME] = "in-time",
	[OUV_GUARD_REFUSABLE] = "refusable",
	[OUV_GUARD_LAPSED] = "lapsed",
	[OUV_GUARD_REMINDED] = "reminded",
	[OUV_GUARD_REMINDED_TWICE] = "reminded-twice",
	[OUV_GUARD_POINTS] = "points",
	[OUV_GUARD_HEARD] = "heard",
	[OUV_GUARD_AGREED] = "agreed",
	[OUV_GUARD_COMMENTED] = "commented",
	[OUV_GUARD_ASKED] = "asked",
	[OUV_GUARD_NOT_AUTHOR] = "not-author",
	[OUV_GUARD_NEW_READER] = "new-reader",
	[OUV_GUARD_WINDOW] = "window",
	[OUV_GUARD_REOPENABLE] = "reopenable",
	[OUV_GUARD_LATE_MAIL] = "late-mail",
	[OUV_GUARD_RETAINED] = "retained",
	[OUV_GUARD_NO_HOLD] = "no-hold",
	[OUV_GUARD_NOTIFIED] = "notified",
	[OUV_GUARD_QUIET] = "quiet",
	[OUV_GUARD_REQUEST] = "data-request",
	[OUV_GUARD_NO_REQUEST] = "no-data-request",
	[OUV_GUARD_CONFIRMED] = "confirmed",
};
static const char *const owes[OUV_OWES__COUNT] = {
	[OUV_OWES_NONE] = "none",
	[OUV_OWES_OFFICE] = "office",
	[OUV_OWES_CONSUMER] = "consumer",
	[OUV_OWES_COMPANY] = "company",
	[OUV_OWES_BOTH] = "both",
};
static const char *const clocks[OUV_CLOCK__COUNT] = {
	[OUV_CLOCK_HOLD] = "hold",
	[OUV_CLOCK_RESPONSE] = "response",
	[OUV_CLOCK_REFUSAL] = "refusal",
	[OUV_CLOCK_INFO] = "info",
	[OUV_CLOCK_FEEDBACK] = "feedback",
	[OUV_CLOCK_COMPANY] = "company",
	[OUV_CLOCK_CONSUMER] = "consumer",
	[OUV_CLOCK_MEDIATION] = "mediation",
	[OUV_CLOCK_PROPOSAL] = "proposal",
	[OUV_CLOCK_OPINION] = "opinion",
	[OUV_CLOCK_COMMENT] = "comment",
	[OUV_CLOCK_PROMISE] = "promise",
	[OUV_CLOCK_ATTEST] = "attest",
	[OUV_CLOCK_TOTAL] = "total",
	[OUV_CLOCK_SILENCE] = "silence",
	[OUV_CLOCK_REVIEW] = "review",
	[OUV_CLOCK_REVIEW_WINDOW] = "review-window",
	[OUV_CLOCK_REOPEN_WINDOW] = "reopen-window",
	[OUV_CLOCK_RETENTION] = "retention",
};
static const char *const case_kinds[OUV_CASE__COUNT] = {
	[OUV_CASE_COMPLAINT] = "complaint",
	[OUV_CASE_SUGGESTION] = "suggestion",
	[OUV_CASE_QUESTION] = "question",
	[OUV_CASE_CRITICISM] = "criticism",
	[OUV_CASE_PRAISE] = "praise",
	[OUV_CASE_REPORT] = "report",
	[OUV_CASE_DATA_REQUEST] = "data-request",
};
static const char *const tags[OUV_LANG__COUNT] = {
	[OUV_LANG_PT_BR] = "pt-BR",
	[OUV_LANG_EN] = "en",
	[OUV_LANG_IT] = "it",
};
/* clang-format on */

static int
find(const char *const *names, int count, const char *label)
{
	for (int i = 0; label != NULL && i < count; i++)
		if (strcmp(names[i], label) == 0)
			return i;
	return -1;
}

#define NAMED(type, prefix, names, count)                                    \
	const char *prefix##_name(enum type value)                           \
	{                                                                    \
		return names[value];                                         \
	}                                                                    \
                                                                             \
	enum ouv_err prefix##_parse(const char *label, enum type *value_out) \
	{                                                                    \
		int found = find(names, count, label);                       \
                                                                             \
		if (found < 0)                                               \
			return OUV_INVALID;                                  \
		*value_out = (enum type)found;                               \
		return OUV_OK;                                               \
	}

NAMED(ouv_state, ouv_state, states, OUV_STATE__COUNT)
NAMED(ouv_role, ouv_role, roles, OUV_ROLE__COUNT)
NAMED(ouv_lane, ouv_lane, lanes, OUV_LANE__COUNT)
NAMED(ouv_item_kind, ouv_item_kind, kinds, OUV_ITEM__COUNT)
NAMED(ouv_action, ouv_action, actions, OUV_ACTION__COUNT)
NAMED(ouv_clock, ouv_clock, clocks, OUV_CLOCK__COUNT)

const char *
ouv_guard_name(enum ouv_guard guard)
{
	return guards[guard];
}

const char *
ouv_owes_name(enum ouv_owes owes_)
{
	return owes[owes_];
}

const char *
ouv_case_kind_name(enum ouv_kind_of_case kind)
{
	return case_kinds[kind];
}

const char *
ouv_lang_tag(enum ouv_lang lang)
{
	return tags[lang];
}

enum ouv_lang
ouv_lang_parse(const char *tag, enum ouv_lang fallback)
{
	if (tag == NULL || strlen(tag) < 2)
		return fallback;
	if (tag[2] != '\0' && tag[2] != '-' && tag[2] != '_')
		return fallback;
	for (int i = 0; i < OUV_LANG__COUNT; i++)
		if (tolower((unsigned char)tag[0]) == tags[i][0] &&
			tolower((unsigned char)tag[1]) == tags[i][1])
			return (enum ouv_lang)i;
	return fallback;
}
