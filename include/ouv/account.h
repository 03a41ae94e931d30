/*
 * account.h - what colleagues do with their own password, codes and sessions
 *
 * Fields, form_key and result_out as in ouv_desk_do; what is wrong with a
 * field is in the result, with OUV_INVALID.  OUV_CONFLICT of these: throttled,
 * result_out->wait_secs says how long, or the session has ended.
 */
#ifndef OUV_ACCOUNT_H
#define OUV_ACCOUNT_H

#include "ouv/desk.h"

/* What somebody has to do before any page is shown to them: ouv_actor.must. */
enum ouv_must {
	OUV_MUST_PASSWORD = 1, /* another made theirs            */
	OUV_MUST_TOTP = 2,     /* they have no authenticator yet */
	OUV_MUST_RECOVERY = 4, /* nor a recovery code            */
};

/* The form as it was sent, and the answer to it. */
struct ouv_ask {
	const char *form_key;
	const struct ouv_field *fields;
	size_t field_count;
	struct ouv_verb_result *result;
	int wait_secs; /* with OUV_CONFLICT; 0: the session has ended */
};

/*
 * One more code of the authenticator, for what is not done on the strength of
 * the login alone: it counts for five minutes.  The session goes on under
 * another cookie (token_out); the old one is nobody's from then on, and the
 * actor is as the new one says.
 *
 * OUV_REFUSED: the code is wrong, or was used.  OUV_CONFLICT: throttled,
 * wait_secs_out says how long.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_step_up(struct ouv_desk *desk,
	struct ouv_actor *actor, const char *code, uint8_t token_out[32],
	int *wait_secs_out);

/* ---- password --------------------------------------------------------------
 */

/*
 * Fields: password_old, password, password_again.  The same keys under another
 * password; the person's other sessions end.  Codes: empty,
 * wrong-password (the old one), password-short, password-long, password-common,
 * password-named, password-differs, password-same.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_password_change(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct ouv_ask *ask);

/* ---- the recovery code
 * -------------------------------------------------------
 */

/*
 * Makes one, which is returned once and kept nowhere; until it is confirmed the
 * one before it counts.  Step-up, but for the first one.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_recovery_begin(struct ouv_desk *desk,
	const struct ouv_actor *actor, struct ouv_ask *ask,
	char code_out[OUV_RECOVERY_MAX]);
/* Is there one that waits to be typed back? */
OUV_MUST_CHECK enum ouv_err ouv_desk_recovery_waits(
	struct ouv_desk *desk, const struct ouv_actor *actor, bool *waits_out);
/* Field: recovery.  Codes: empty, recovery-mistyped, recovery-other (it is
 * not that one). */
OUV_MUST_CHECK enum ouv_err ouv_desk_recovery_confirm(struct ouv_desk *desk,
	const struct ouv_actor *actor, struct ouv_ask *ask);

/* ---- the authenticator
 * -------------------------------------------------------
 */

/*
 * Begins to enrol a device; until a code of it comes back the one before it
 * counts.  Step-up, but for the first one; field recovery: the recovery code
 * instead, for whoever has lost the device.  Codes:
 * recovery-mistyped, recovery-wrong.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_totp_begin(struct ouv_desk *desk,
	const struct ouv_actor *actor, struct ouv_ask *ask);
/* Its secret, and the same as a link for a picture; "": none waits. */
struct ouv_totp_new {
	char secret[OUV_TOTP_B32];
	const char *link; /* otpauth://totp/... */
};
OUV_MUST_CHECK enum ouv_err ouv_desk_totp_waits(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct ouv_totp_new *new_out);
/* Field: code.  The person's other sessions end.  Codes: empty,
 * code-wrong. */
OUV_MUST_CHECK enum ouv_err ouv_desk_totp_confirm(struct ouv_desk *desk,
	const struct ouv_actor *actor, struct ouv_ask *ask);

/* ---- sessions
 * ------------------------------------------------------------------
 */

struct ouv_session_view {
	char id[33]; /* hexadecimal; opens nothing */
	int64_t created_at, seen_at;
	const char *agent; /* what the browser called itself; "" */
	bool mine;         /* this one */
};
OUV_MUST_CHECK enum ouv_err ouv_desk_sessions(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct ouv_session_view **list_out, size_t *count_out);
/* Field: session; without it all but this one.  OUV_CONFLICT: it is over. */
OUV_MUST_CHECK enum ouv_err ouv_desk_sessions_end(struct ouv_desk *desk,
	const struct ouv_actor *actor, struct ouv_ask *ask);
/* When somebody last logged in as them with a browser new to them, other than
 * this one (device: its cookie); 0: nobody. */
OUV_MUST_CHECK enum ouv_err ouv_desk_device_news(struct ouv_desk *desk,
	const struct ouv_actor *actor, const uint8_t device[32],
	int64_t *at_out);
/* It was they.  OUV_REFUSED: this browser is itself one that they have not
 * said is theirs, and they gave no fresh code either. */
OUV_MUST_CHECK enum ouv_err ouv_desk_device_known(struct ouv_desk *desk,
	const struct ouv_actor *actor, const uint8_t device[32]);

/* ---- without the password
 * --------------------------------------------------------
 */

/*
 * Fields: login, recovery (the recovery code, or an administrator's
 * invitation), password, password_again, code (of the authenticator, if they
 * still have it; else they enrol another one next).  The keys stay with a
 * recovery code, and are new with an invitation.  Ends in a session.
 *
 * OUV_INVALID: the new password or a mistyped code, by the fields.
 * OUV_REFUSED: anything else is wrong; which is not told.  OUV_CONFLICT:
 * throttled.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_recover(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_visit *visit,
	struct ouv_ask *ask, uint8_t token_out[32]);

/*
 * A way in for a colleague who lost password and recovery code, or who is new:
 * new keys, certified by the actor, an administrator; the code is returned once
 * and good for 72 hours.  Nothing changes before it is used: then the cases
 * that the keys of before could open are closed to them.  Step-up.
 *
 * OUV_NOT_FOUND: no such login.  OUV_REFUSED: no administrator, or the other
 * one is (that takes two shares of ROOT).  OUV_INVALID: too few could open the
 * cases that leaving_out names, and the field all_the_same is not "1".
 */
struct ouv_leaving;
OUV_MUST_CHECK enum ouv_err ouv_desk_invite(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *login, struct ouv_ask *ask, char code_out[OUV_RECOVERY_MAX],
	struct ouv_leaving *leaving_out);

#endif
