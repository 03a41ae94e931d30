/*
 * tries.h - how often a secret may be tried: logins, codes, recovery
 */
#ifndef OUV_DESK_TRIES_H
#define OUV_DESK_TRIES_H

#include "desk_impl.h"

/* What is counted of one attempt. */
#define TRIES_MOST 2
struct tries {
	size_t count;
	const struct throttle *of[TRIES_MOST];
	struct ouv_id token[TRIES_MOST];
};

/* By that login, and from that address (may be NULL). */
void tries_login(struct ouv_desk *desk, const char *login, const char *address,
	struct tries *tries_out);
/* From a browser that person had before: nobody else can make them wait, and
 * who else uses it changes nothing of their count. */
void tries_device(struct ouv_desk *desk, const uint8_t device[32],
	const struct ouv_id *person, struct tries *tries_out);
/* By somebody who is logged in: nobody else can make them wait.  Each secret
 * has a count of its own: one that was right says nothing of the others. */
enum tries_of {
	TRIES_PASSWORD,
	TRIES_CODE,
	TRIES_RECOVERY
};
void tries_own(struct ouv_desk *desk, const struct ouv_id *person,
	enum tries_of of, struct tries *tries_out);

/* OUV_CONFLICT: so many seconds first; the transaction goes on. */
OUV_MUST_CHECK enum ouv_err tries_wait(
	struct store_tx *tx, const struct tries *tries, int *wait_secs_out);
/* The secret was right: the first count begins anew. */
OUV_MUST_CHECK enum ouv_err tries_clear(
	struct store_tx *tx, const struct tries *tries);
/* It was wrong: counted, and in the log if it is known whose it was to be
 * (person may be NULL).  A transaction of its own. */
OUV_MUST_CHECK enum ouv_err tries_failed(struct ouv_desk *desk,
	const struct tries *tries, const struct ouv_id *person,
	const char *action);

/* Two logins at the same moment meet on our log's chain: try again. */
#define LOG_TRIES 5

/* ---- login.c ---------------------------------------------------------------
 */

/* Is it a code of this person's authenticator that was not used yet?
 * OUV_REFUSED: no.  Then store_person_totp_used with step_out. */
OUV_MUST_CHECK enum ouv_err login_code(struct ouv_desk *desk,
	const struct ouv_identity *identity, const struct store_person *person,
	const char *code, int64_t *step_out);

#endif
