/*
 * grants.h - who can open what, who is to be able to, and who has left
 *
 * Functions of the desk (desk.h) with its conventions; docs/keys.md says why.
 */
#ifndef OUV_GRANTS_H
#define OUV_GRANTS_H

#include "ouv/desk.h"

/* ---- one case
 * ------------------------------------------------------------------
 */

struct ouv_reader {
	const char *login, *name;
	enum ouv_role role;
	int64_t since_at;
	const char *given_by; /* NULL: it came with the case */
	const char *why;      /* code: desk, given, team, second, ... */
	bool due;             /* gets it when a holder looks next */
};
/* Who can open this case, by name; then who is to.  Without a word on the log:
 * it belongs to the page of a case.  OUV_REFUSED: the actor cannot. */
OUV_MUST_CHECK enum ouv_err ouv_desk_readers(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, struct ouv_reader **list_out, size_t *count_out);

/* ---- the people of the office
 * --------------------------------------------------
 */

struct ouv_person {
	struct ouv_id id;
	const char *login, *name;
	enum ouv_role role;
	bool active, desk, away, self;
	int64_t held, owned; /* open cases: can open, looks after */
	/* for the ombudsman and administrators, else zero */
	int64_t sessions, seen_at;
};
/* May that person act on others: invite them, say that they left? */
bool ouv_people_head(const struct ouv_actor *actor);
OUV_MUST_CHECK enum ouv_err ouv_desk_people(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct ouv_person **list_out, size_t *count_out);
/* OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err ouv_desk_person(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *login, struct ouv_person *person_out);

/* ---- many keys for one colleague
 * -----------------------------------------------
 */

/* Of which cases; in the order of a form. */
enum ouv_keys_which {
	OUV_KEYS_OPEN,   /* all open ones the actor can open */
	OUV_KEYS_MINE,   /* those the actor looks after */
	OUV_KEYS_OF,     /* those that one colleague looks after */
	OUV_KEYS_DESK,   /* what has not left triage, and held mail */
	OUV_KEYS_CLOSED, /* closed ones */
	OUV_KEYS__COUNT
};
const char *ouv_keys_which_name(enum ouv_keys_which which);
OUV_MUST_CHECK enum ouv_err ouv_keys_which_parse(
	const char *name, enum ouv_keys_which *which_out);

struct ouv_keys_progress {
	int64_t given;     /* by this step */
	int64_t left;      /* the next steps can give */
	int64_t conflicts; /* that colleague cannot be impartial in so many */
};
/*
 * One step: at most a hundred cases, in the actor's session.  of: a login, with
 * OUV_KEYS_OF.  dry: looks only, and needs neither key nor code.
 *
 * OUV_INVALID: a field (to, which, of) is wrong.  OUV_REFUSED with step_up: a
 * code is asked for first.
 */
struct ouv_keys_wish {
	const char *to, *which, *of;
	bool dry;
};
OUV_MUST_CHECK enum ouv_err ouv_desk_keys_give(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const struct ouv_keys_wish *wish,
	struct ouv_keys_progress *progress_out,
	struct ouv_verb_result *result_out);

/* ---- somebody leaves
 * -----------------------------------------------------------
 */

struct ouv_leaving {
	const char **cases; /* protocols that fewer than two could open, or that
			       nobody could; of a held case its id */
	size_t case_count;
	int64_t left; /* done: so many cases they could open */
};
/*
 * Account off, sessions and wrapped keys gone, grants gone; the open cases get
 * a new key, those without an owner a task.  By the ombudsman or an
 * administrator (OUV_REFUSED, or with step_up: a code first).
 *
 * OUV_INVALID: unknown, not-yourself, last-of-role, or last-holders: then
 * nothing was done and leaving_out names the cases.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_leave(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const char *login,
	struct ouv_leaving *leaving_out, struct ouv_verb_result *result_out);

/*
 * Takes the keys of cases from those whose ties to a party have begun since
 * they were entered; each case's log says "tie-felt".  The gateway's.
 * ended_out: keys.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_ties(
	struct ouv_desk *desk, size_t *ended_out);

/*
 * The gateway can read no address any more of cases that are over for good: no
 * window for a review or for opening them again is left.  At most fifty at
 * once; each case's log says "address-end".  The gateway's.  ended_out: cases.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_addresses_end(
	struct ouv_desk *desk, size_t *ended_out);

#endif
