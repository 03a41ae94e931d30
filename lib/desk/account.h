/*
 * account.h - what the files about people's own accounts share
 */
#ifndef OUV_DESK_ACCOUNT_H
#define OUV_DESK_ACCOUNT_H

#include "ouv/account.h"
#include "ouv/store_keys.h"
#include "password.h"
#include "tries.h"

/* ---- account.c -------------------------------------------------------------
 */

const char *ask_field(const struct ouv_ask *ask, const char *name);
/* Returns OUV_INVALID. */
enum ouv_err ask_wrong(
	struct ouv_ask *ask, const char *field, const char *code);
/* Uses the form's key up.  OUV_CONFLICT: it was carried out; repeated is set.
 */
OUV_MUST_CHECK enum ouv_err ask_once(struct ouv_ask *ask, struct store_tx *tx,
	const struct ouv_actor *actor, const char *verb);
/* Is the new password one, and typed twice the same? */
OUV_MUST_CHECK enum ouv_err ask_password(struct ouv_ask *ask,
	struct ouv_office *office, const char *login, const char *name,
	const char **password_out);

/* The row that keeps an identity under this secret. */
OUV_MUST_CHECK enum ouv_err account_wrap(const struct ouv_office *office,
	const struct ouv_identity *identity, const struct ouv_id *person,
	enum ouv_column how, const char *secret,
	struct store_person_key *key_out);

/* Runs work() until the log's chain takes it, in a transaction of its own. */
typedef enum ouv_err account_work(
	struct ouv_desk *desk, struct store_tx *tx, void *user);
OUV_MUST_CHECK enum ouv_err account_write(
	struct ouv_desk *desk, account_work *work, void *user);

/* ---- recovery.c
 * --------------------------------------------------------------
 */

/* Counted like any other secret.  OUV_INVALID: the field is wrong. */
OUV_MUST_CHECK enum ouv_err recovery_check(struct ouv_desk *desk,
	const struct ouv_actor *actor, struct ouv_ask *ask, const char *field);

/* ---- sessions.c ------------------------------------------------------------
 */

/* One more session, in this transaction; the oldest beyond two ends. */
OUV_MUST_CHECK enum ouv_err session_open(struct ouv_desk *desk,
	struct store_tx *tx, const struct ouv_id *person,
	const struct ouv_identity *identity, const struct ouv_visit *visit,
	const uint8_t token[32]);
/* How a browser is named in the database. */
void device_id(const struct ouv_visit *visit, uint8_t id_out[32]);

/* ---- authenticator.c
 * -----------------------------------------------------------
 */

/* invite.c: public halves and a seed for somebody who gets new keys. */
void invite_make(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_identity *identity, struct store_person *person);
/* ... signed by that administrator. */
void invite_certify(struct ouv_desk *desk, const struct ouv_id *admin,
	const uint8_t seed[OUV_KEY], struct store_person *person);

/* A seed nobody has seen yet, sealed to that key. */
void totp_make(struct ouv_desk *desk, const struct ouv_id *person,
	const uint8_t pk[OUV_KEY], uint8_t box_out[OUV_TOTP_BOX]);

#endif
