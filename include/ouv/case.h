/*
 * case.h - the words of the domain: states, kinds, lanes, roles, protocol
 *
 * Pure: no I/O, no clock, no memory of its own.  The labels are those of the
 * database's enum types (a test holds the two together).
 */
#ifndef OUV_CASE_H
#define OUV_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ouv/err.h"

/* docs/mediation: the states of a case. */
enum ouv_state {
	OUV_STATE_HELD,     /* unattributed mail, a person decides */
	OUV_STATE_RECEIVED, /* registered, nobody has opened it    */
	OUV_STATE_TRIAGE,
	OUV_STATE_INFO,
	OUV_STATE_COMPANY,
	OUV_STATE_CONSUMER,
	OUV_STATE_MEDIATION,
	OUV_STATE_PROPOSAL,
	OUV_STATE_MERIT,
	OUV_STATE_PROVISIONAL,
	OUV_STATE_PLAN,
	OUV_STATE_CLOSED,
	OUV_STATE_REVIEW,
	OUV_STATE_ERASED,
	OUV_STATE_FORWARDED,
	OUV_STATE__COUNT
};

/* Staff roles; GATEWAY and TIMER are programs, the last two are parties. */
enum ouv_role {
	OUV_ROLE_OMBUDSMAN,
	OUV_ROLE_READER,
	OUV_ROLE_MEDIATOR,
	OUV_ROLE_INTAKE,
	OUV_ROLE_CUSTODIAN,
	OUV_ROLE_REGISTRAR,
	OUV_ROLE_ADMIN,
	OUV_ROLE_GATEWAY,
	OUV_ROLE_TIMER,
	OUV_ROLE_CONSUMER,
	OUV_ROLE_COMPANY,
	OUV_ROLE__COUNT
};

/* Who may see an item without a disclosure. */
enum ouv_lane {
	OUV_LANE_CONSUMER,
	OUV_LANE_COMPANY,
	OUV_LANE_INTERNAL,
	OUV_LANE__COUNT
};

/* What an item is. */
enum ouv_item_kind {
	OUV_ITEM_MAIL_IN,  /* a person's message                          */
	OUV_ITEM_AUTO_IN,  /* automatic mail: recorded, never answered     */
	OUV_ITEM_MAIL_OUT, /* ours, by a person                            */
	OUV_ITEM_AUTO_OUT, /* ours, by the system (acknowledgement)        */
	OUV_ITEM_NOTE,     /* internal                                     */
	OUV_ITEM_UNPARSED, /* could not be understood; raw bytes only      */
	OUV_ITEM__COUNT
};

/* What can be done; each is a verb in lib/desk and a row of the workflow. */
enum ouv_action {
	OUV_ACTION_HOLD,       /* gateway: no attribution                    */
	OUV_ACTION_REGISTER,   /* gateway, intake: a new manifestation       */
	OUV_ACTION_APPEND,     /* a message joins its case                   */
	OUV_ACTION_RECORD,     /* gateway: automatic mail, kept, no effect   */
	OUV_ACTION_OPEN,       /* intake, mediator: received -> triage       */
	OUV_ACTION_REPLY,      /* intake, mediator: a letter to a party      */
	OUV_ACTION_ACCEPT,     /* a held message goes to its case            */
	OUV_ACTION_RETRY,      /* a held message goes back to the gateway    */
	OUV_ACTION_EMPTY,      /* the last message left a held case          */
	OUV_ACTION_DISCARD,    /* a held case is set aside, with a reason    */
	OUV_ACTION_RESTORE,    /* ... and taken back                         */
	OUV_ACTION_TASK_DONE,  /* what no letter does was done               */
	OUV_ACTION_HOLDING,    /* it takes longer: why, and until when       */
	OUV_ACTION_SUBSTITUTE, /* our last letter, to whom an absence names */
	OUV_ACTION_ASSIGN,     /* the case goes to another colleague         */
	OUV_ACTION_CONFLICT,   /* the actor cannot be impartial in this case */
	OUV_ACTION__COUNT
};

/* One row of the workflow (lib/case/workflow.c). */
struct ouv_move {
	enum ouv_state from; /* OUV_STATE__COUNT: before there is a case */
	enum ouv_action action;
	enum ouv_state to;
	uint32_t roles; /* bit per enum ouv_role */
};

#define OUV_ROLE_BIT(role) (1U << (role))

/* Labels as in the database; never NULL for a value below __COUNT. */
const char *ouv_state_name(enum ouv_state state);
const char *ouv_role_name(enum ouv_role role);
const char *ouv_lane_name(enum ouv_lane lane);
const char *ouv_item_kind_name(enum ouv_item_kind kind);
const char *ouv_action_name(enum ouv_action action);
/* OUV_INVALID: no such label. */
OUV_MUST_CHECK enum ouv_err ouv_state_parse(
	const char *label, enum ouv_state *state_out);
OUV_MUST_CHECK enum ouv_err ouv_role_parse(
	const char *label, enum ouv_role *role_out);
OUV_MUST_CHECK enum ouv_err ouv_lane_parse(
	const char *label, enum ouv_lane *lane_out);
OUV_MUST_CHECK enum ouv_err ouv_item_kind_parse(
	const char *label, enum ouv_item_kind *kind_out);
OUV_MUST_CHECK enum ouv_err ouv_action_parse(
	const char *label, enum ouv_action *action_out);

/*
 * The only code that compares states.  OUV_INVALID: this action does not exist
 * in this state; OUV_REFUSED: it does, but not for this role.
 */
OUV_MUST_CHECK enum ouv_err ouv_workflow_find(enum ouv_state from,
	enum ouv_action action, enum ouv_role role,
	const struct ouv_move **move_out);
/* All rows, for printing and for tests. */
const struct ouv_move *ouv_workflow_rows(size_t *count_out);
/* False for closed and erased. */
bool ouv_state_is_open(enum ouv_state state);

/*
 * Public number of a case: YYYY-NNNNNN-D.  D is a Damm check digit over the
 * digits before it (H. M. Damm, 2004): every single wrong digit and every
 * exchange of neighbours is caught.  N has six digits, more when a year needs
 * them.
 */
#define OUV_PROTOCOL_MAX 24
void ouv_protocol_format(int year, int64_t number, char out[OUV_PROTOCOL_MAX]);
/*
 * Accepts surrounding blanks and any of "-", ".", "/" or a blank between the
 * groups, or none; writes the canonical form.  OUV_INVALID: wrong shape or
 * wrong check digit.
 */
OUV_MUST_CHECK enum ouv_err ouv_protocol_parse(
	const char *text, char canonical_out[OUV_PROTOCOL_MAX]);

/* Languages the office writes. */
enum ouv_lang {
	OUV_LANG_PT_BR,
	OUV_LANG_EN,
	OUV_LANG_IT,
	OUV_LANG__COUNT
};
/* "pt-BR", "en", "it": template folders and HTML lang. */
const char *ouv_lang_tag(enum ouv_lang lang);
/* Any tag ("pt", "it-IT", "EN_us"); fallback when unknown or NULL. */
enum ouv_lang ouv_lang_parse(const char *tag, enum ouv_lang fallback);

#endif
