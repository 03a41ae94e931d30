/*
 * workflow.c - the life of a case, as one table
 *
 * Every way a case can change state, or be acted on, is a row here; no other
 * code compares states to decide what is allowed.
 */
#include "ouv/case.h"

#define NO_CASE OUV_STATE__COUNT
#define S(name) OUV_STATE_##name
#define A(name) OUV_ACTION_##name
#define R(name) OUV_ROLE_BIT(OUV_ROLE_##name)
#define DESK (R(INTAKE) | R(MEDIATOR))

/* clang-format off */
static const struct ouv_move moves[] = {
	/* from            action        to               who */
	{ NO_CASE,         A(HOLD),      S(HELD),         R(GATEWAY) },
	{ NO_CASE,         A(REGISTER),  S(RECEIVED),     R(GATEWAY) | R(INTAKE) },
	{ S(HELD),         A(RECORD),    S(HELD),         R(GATEWAY) },
	{ S(HELD),         A(HOLD),      S(HELD),         R(GATEWAY) },
	{ S(RECEIVED),     A(OPEN),      S(TRIAGE),       R(INTAKE) | R(MEDIATOR) },

	/* What a person does with held mail. */
	{ S(HELD),         A(REGISTER),  S(RECEIVED),     DESK },
	{ S(HELD),         A(ACCEPT),    S(HELD),         DESK },
	{ S(HELD),         A(RETRY),     S(HELD),         DESK },
	{ S(HELD),         A(EMPTY),     S(CLOSED),       DESK },
	{ S(HELD),         A(DISCARD),   S(CLOSED),       DESK },
	{ S(CLOSED),       A(RESTORE),   S(HELD),         DESK },

	/* A message joins its case in any state and moves nothing: the gateway
	 * brings it, or a person who takes it out of a held case. */
	{ S(RECEIVED),     A(APPEND),    S(RECEIVED),     R(GATEWAY) | DESK },
	{ S(TRIAGE),       A(APPEND),    S(TRIAGE),       R(GATEWAY) | DESK },
	{ S(INFO),         A(APPEND),    S(INFO),         R(GATEWAY) | DESK },
	{ S(COMPANY),      A(APPEND),    S(COMPANY),      R(GATEWAY) | DESK },
	{ S(CONSUMER),     A(APPEND),    S(CONSUMER),     R(GATEWAY) | DESK },
	{ S(MEDIATION),    A(APPEND),    S(MEDIATION),    R(GATEWAY) | DESK },
	{ S(PROPOSAL),     A(APPEND),    S(PROPOSAL),     R(GATEWAY) | DESK },
	{ S(MERIT),        A(APPEND),    S(MERIT),        R(GATEWAY) | DESK },
	{ S(PROVISIONAL),  A(APPEND),    S(PROVISIONAL),  R(GATEWAY) | DESK },
	{ S(PLAN),         A(APPEND),    S(PLAN),         R(GATEWAY) | DESK },
	{ S(CLOSED),       A(APPEND),    S(CLOSED),       R(GATEWAY) | DESK },
	{ S(REVIEW),       A(APPEND),    S(REVIEW),       R(GATEWAY) | DESK },
	{ S(FORWARDED),    A(APPEND),    S(FORWARDED),    R(GATEWAY) | DESK },
	{ S(RECEIVED),     A(RECORD),    S(RECEIVED),     R(GATEWAY) },
	{ S(TRIAGE),       A(RECORD),    S(TRIAGE),       R(GATEWAY) },
	{ S(INFO),         A(RECORD),    S(INFO),         R(GATEWAY) },
	{ S(COMPANY),      A(RECORD),    S(COMPANY),      R(GATEWAY) },
	{ S(CONSUMER),     A(RECORD),    S(CONSUMER),     R(GATEWAY) },
	{ S(MEDIATION),    A(RECORD),    S(MEDIATION),    R(GATEWAY) },
	{ S(PROPOSAL),     A(RECORD),    S(PROPOSAL),     R(GATEWAY) },
	{ S(MERIT),        A(RECORD),    S(MERIT),        R(GATEWAY) },
	{ S(PROVISIONAL),  A(RECORD),    S(PROVISIONAL),  R(GATEWAY) },
	{ S(PLAN),         A(RECORD),    S(PLAN),         R(GATEWAY) },
	{ S(CLOSED),       A(RECORD),    S(CLOSED),       R(GATEWAY) },
	{ S(REVIEW),       A(RECORD),    S(REVIEW),       R(GATEWAY) },
	{ S(FORWARDED),    A(RECORD),    S(FORWARDED),    R(GATEWAY) },

	/* A letter to a party moves nothing by itself; it opens a new case. */
	{ S(RECEIVED),     A(REPLY),     S(TRIAGE),       R(INTAKE) | R(MEDIATOR) },
	{ S(TRIAGE),       A(REPLY),     S(TRIAGE),       R(INTAKE) | R(MEDIATOR) },
	{ S(INFO),         A(REPLY),     S(INFO),         R(INTAKE) | R(MEDIATOR) },
	{ S(COMPANY),      A(REPLY),     S(COMPANY),      R(MEDIATOR) },
	{ S(CONSUMER),     A(REPLY),     S(CONSUMER),     R(MEDIATOR) },
	{ S(MEDIATION),    A(REPLY),     S(MEDIATION),    R(MEDIATOR) },
	{ S(PROPOSAL),     A(REPLY),     S(PROPOSAL),     R(MEDIATOR) },
	{ S(MERIT),        A(REPLY),     S(MERIT),        R(MEDIATOR) },
	{ S(PROVISIONAL),  A(REPLY),     S(PROVISIONAL),  R(MEDIATOR) },
	{ S(PLAN),         A(REPLY),     S(PLAN),         R(MEDIATOR) },
	{ S(REVIEW),       A(REPLY),     S(REVIEW),       R(READER) | R(OMBUDSMAN) },
	{ S(FORWARDED),    A(REPLY),     S(FORWARDED),    R(INTAKE) | R(MEDIATOR) },

	/* It takes longer: a letter as well, by whoever may write one. */
	{ S(RECEIVED),     A(HOLDING),   S(TRIAGE),       R(INTAKE) | R(MEDIATOR) },
	{ S(TRIAGE),       A(HOLDING),   S(TRIAGE),       R(INTAKE) | R(MEDIATOR) },
	{ S(INFO),         A(HOLDING),   S(INFO),         R(INTAKE) | R(MEDIATOR) },
	{ S(COMPANY),      A(HOLDING),   S(COMPANY),      R(MEDIATOR) },
	{ S(CONSUMER),     A(HOLDING),   S(CONSUMER),     R(MEDIATOR) },
	{ S(MEDIATION),    A(HOLDING),   S(MEDIATION),    R(MEDIATOR) },
	{ S(PROPOSAL),     A(HOLDING),   S(PROPOSAL),     R(MEDIATOR) },
	{ S(MERIT),        A(HOLDING),   S(MERIT),        R(MEDIATOR) },
	{ S(PROVISIONAL),  A(HOLDING),   S(PROVISIONAL),  R(MEDIATOR) },
	{ S(PLAN),         A(HOLDING),   S(PLAN),         R(MEDIATOR) },
	{ S(REVIEW),       A(HOLDING),   S(REVIEW),       R(READER) | R(OMBUDSMAN) },
	{ S(FORWARDED),    A(HOLDING),   S(FORWARDED),    R(INTAKE) | R(MEDIATOR) },

	/* A letter that was sent goes to whoever its reader's absence names. */
	{ S(RECEIVED),     A(SUBSTITUTE), S(TRIAGE),       R(INTAKE) | R(MEDIATOR) },
	{ S(TRIAGE),       A(SUBSTITUTE), S(TRIAGE),       R(INTAKE) | R(MEDIATOR) },
	{ S(INFO),         A(SUBSTITUTE), S(INFO),         R(INTAKE) | R(MEDIATOR) },
	{ S(COMPANY),      A(SUBSTITUTE), S(COMPANY),      R(MEDIATOR) },
	{ S(CONSUMER),     A(SUBSTITUTE), S(CONSUMER),     R(MEDIATOR) },
	{ S(MEDIATION),    A(SUBSTITUTE), S(MEDIATION),    R(MEDIATOR) },
	{ S(PROPOSAL),     A(SUBSTITUTE), S(PROPOSAL),     R(MEDIATOR) },
	{ S(MERIT),        A(SUBSTITUTE), S(MERIT),        R(MEDIATOR) },
	{ S(PROVISIONAL),  A(SUBSTITUTE), S(PROVISIONAL),  R(MEDIATOR) },
	{ S(PLAN),         A(SUBSTITUTE), S(PLAN),         R(MEDIATOR) },
	{ S(REVIEW),       A(SUBSTITUTE), S(REVIEW),       R(READER) | R(OMBUDSMAN) },
	{ S(FORWARDED),    A(SUBSTITUTE), S(FORWARDED),    R(INTAKE) | R(MEDIATOR) },

	/* A task is about a letter, not about the case. */
	{ S(RECEIVED),     A(TASK_DONE), S(RECEIVED),     DESK },
	{ S(TRIAGE),       A(TASK_DONE), S(TRIAGE),       DESK },
	{ S(INFO),         A(TASK_DONE), S(INFO),         DESK },
	{ S(COMPANY),      A(TASK_DONE), S(COMPANY),      DESK },
	{ S(CONSUMER),     A(TASK_DONE), S(CONSUMER),     DESK },
	{ S(MEDIATION),    A(TASK_DONE), S(MEDIATION),    DESK },
	{ S(PROPOSAL),     A(TASK_DONE), S(PROPOSAL),     DESK },
	{ S(MERIT),        A(TASK_DONE), S(MERIT),        DESK },
	{ S(PROVISIONAL),  A(TASK_DONE), S(PROVISIONAL),  DESK },
	{ S(PLAN),         A(TASK_DONE), S(PLAN),         DESK },
	{ S(CLOSED),       A(TASK_DONE), S(CLOSED),       DESK },
	{ S(REVIEW),       A(TASK_DONE), S(REVIEW),       DESK | R(READER) | R(OMBUDSMAN) },
	{ S(FORWARDED),    A(TASK_DONE), S(FORWARDED),    DESK },

	/* Who looks after an open case. */
	{ S(RECEIVED),     A(ASSIGN),    S(RECEIVED),     DESK | R(OMBUDSMAN) },
	{ S(TRIAGE),       A(ASSIGN),    S(TRIAGE),       DESK | R(OMBUDSMAN) },
	{ S(INFO),         A(ASSIGN),    S(INFO),         DESK | R(OMBUDSMAN) },
	{ S(COMPANY),      A(ASSIGN),    S(COMPANY),      DESK | R(OMBUDSMAN) },
	{ S(CONSUMER),     A(ASSIGN),    S(CONSUMER),     DESK | R(OMBUDSMAN) },
	{ S(MEDIATION),    A(ASSIGN),    S(MEDIATION),    DESK | R(OMBUDSMAN) },
	{ S(PROPOSAL),     A(ASSIGN),    S(PROPOSAL),     DESK | R(OMBUDSMAN) },
	{ S(MERIT),        A(ASSIGN),    S(MERIT),        DESK | R(OMBUDSMAN) },
	{ S(PROVISIONAL),  A(ASSIGN),    S(PROVISIONAL),  DESK | R(OMBUDSMAN) },
	{ S(PLAN),         A(ASSIGN),    S(PLAN),         DESK | R(OMBUDSMAN) },
	{ S(REVIEW),       A(ASSIGN),    S(REVIEW),       DESK | R(OMBUDSMAN) },
	{ S(FORWARDED),    A(ASSIGN),    S(FORWARDED),    DESK | R(OMBUDSMAN) },

	/* Whoever cannot be impartial says so, also when it may come back. */
	{ S(RECEIVED),     A(CONFLICT),  S(RECEIVED),     DESK | R(READER) | R(OMBUDSMAN) },
	{ S(TRIAGE),       A(CONFLICT),  S(TRIAGE),       DESK | R(READER) | R(OMBUDSMAN) },
	{ S(INFO),         A(CONFLICT),  S(INFO),         DESK | R(READER) | R(OMBUDSMAN) },
	{ S(COMPANY),      A(CONFLICT),  S(COMPANY),      DESK | R(READER) | R(OMBUDSMAN) },
	{ S(CONSUMER),     A(CONFLICT),  S(CONSUMER),     DESK | R(READER) | R(OMBUDSMAN) },
	{ S(MEDIATION),    A(CONFLICT),  S(MEDIATION),    DESK | R(READER) | R(OMBUDSMAN) },
	{ S(PROPOSAL),     A(CONFLICT),  S(PROPOSAL),     DESK | R(READER) | R(OMBUDSMAN) },
	{ S(MERIT),        A(CONFLICT),  S(MERIT),        DESK | R(READER) | R(OMBUDSMAN) },
	{ S(PROVISIONAL),  A(CONFLICT),  S(PROVISIONAL),  DESK | R(READER) | R(OMBUDSMAN) },
	{ S(PLAN),         A(CONFLICT),  S(PLAN),         DESK | R(READER) | R(OMBUDSMAN) },
	{ S(REVIEW),       A(CONFLICT),  S(REVIEW),       DESK | R(READER) | R(OMBUDSMAN) },
	{ S(FORWARDED),    A(CONFLICT),  S(FORWARDED),    DESK | R(READER) | R(OMBUDSMAN) },
	{ S(CLOSED),       A(CONFLICT),  S(CLOSED),       DESK | R(READER) | R(OMBUDSMAN) },
};
/* clang-format on */

#define MOVES (sizeof(moves) / sizeof(moves[0]))

const struct ouv_move *
ouv_workflow_rows(size_t *count_out)
{
	*count_out = MOVES;
	return moves;
}

enum ouv_err
ouv_workflow_find(enum ouv_state from, enum ouv_action action,
	enum ouv_role role, const struct ouv_move **move_out)
{
	for (size_t i = 0; i < MOVES; i++) {
		if (moves[i].from != from || moves[i].action != action)
			continue;
		if ((moves[i].roles & OUV_ROLE_BIT(role)) == 0)
			return OUV_REFUSED;
		*move_out = &moves[i];
		return OUV_OK;
	}
	return OUV_INVALID;
}

bool
ouv_state_is_open(enum ouv_state state)
{
	return state != OUV_STATE_CLOSED && state != OUV_STATE_ERASED;
}
