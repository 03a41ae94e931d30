/*
 * names.c - the labels of states, roles, lanes, kinds, actions, languages
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
	[OUV_ACTION_APPEND] = "append",
	[OUV_ACTION_RECORD] = "record",
	[OUV_ACTION_OPEN] = "open",
	[OUV_ACTION_REPLY] = "reply",
	[OUV_ACTION_ACCEPT] = "accept",
	[OUV_ACTION_RETRY] = "retry",
	[OUV_ACTION_EMPTY] = "empty",
	[OUV_ACTION_DISCARD] = "discard",
	[OUV_ACTION_RESTORE] = "restore",
	[OUV_ACTION_TASK_DONE] = "task-done",
	[OUV_ACTION_HOLDING] = "holding",
	[OUV_ACTION_SUBSTITUTE] = "substitute",
	[OUV_ACTION_ASSIGN] = "assign",
	[OUV_ACTION_CONFLICT] = "conflict",
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
