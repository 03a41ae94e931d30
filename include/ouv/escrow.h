/*
 * escrow.h - what two of three custodians can do: give keys of cases to a
 * colleague, bring a lost host back; and how the office's keys stand
 *
 * Used by ouvidoria(1) with the owner's database role.  docs/keys.md tells the
 * ceremony.
 */
#ifndef OUV_ESCROW_H
#define OUV_ESCROW_H

#include <jansson.h>

#include "ouv/desk.h"

/* ---- the ceremony, off line -----------------------------------------------
 */

#define OUV_FINGERPRINT_MAX 32 /* "1a2b-3c4d-5e6f-7081-92a3" */

struct ouv_escrow_ask {
	const char *share_a, *share_b; /* of ESCROW */
	const char *login;             /* who gets the keys */
	size_t case_count;             /* 0: all that are not erased */
	const char *const *cases;      /* numbers, or ids in 32 digits */
};
/*
 * Opens the keys that lie under ESCROW and seals them to that colleague.  Needs
 * no secret of a host, and changes nothing: a copy of the database does.  The
 * document holds sealed boxes only; its fingerprint goes with the custodians.
 *
 * OUV_REFUSED: the shares do not fit, the colleague has no certificate that
 * leads to ROOT, or a key was altered.  OUV_NOT_FOUND: no such case or login.
 * OUV_CONFLICT: that person may not have a key of one of the cases.  Each is
 * said on the log; nothing is made then.
 */
OUV_MUST_CHECK enum ouv_err ouv_escrow_open(const struct ouv_config *config,
	struct ouv_arena *arena, const struct ouv_escrow_ask *ask,
	json_t **file_out, char fingerprint_out[OUV_FINGERPRINT_MAX]);

/* ---- its import, in the office --------------------------------------------
 */

struct ouv_escrow_confirm {
	const char *login, *password;
};
/*
 * Two colleagues, custodians, ombudsmen or administrators, neither of them who
 * gets the keys, sign each grant; every case's log tells of both and its other
 * holders get a task.  All cases or none.
 *
 * OUV_INVALID: it is no such document.  OUV_REFUSED: another fingerprint, or
 * one of the two may not confirm it, or did not give their password.
 * OUV_CONFLICT: a case has another key since, or that person may not have it.
 */
OUV_MUST_CHECK enum ouv_err ouv_escrow_import(struct ouv_desk *desk,
	const json_t *file, const char *fingerprint,
	const struct ouv_escrow_confirm confirm[2], int64_t *given_out);

/* ---- after the loss of a host ----------------------------------------------
 */

/*
 * Before anything is done: these are two shares of one secret (of which, the
 * database tells later), the database is new, and no secret's file is there.
 *
 * OUV_REFUSED, OUV_CONFLICT: it is not so (said on the log).
 */
OUV_MUST_CHECK enum ouv_err ouv_restore_ready(const struct ouv_config *config,
	const char *share_a, const char *share_b);
/*
 * Writes the hosts' secrets, opened from the database with two shares of
 * ESCROW, to where the configuration names their files.
 *
 * OUV_REFUSED: the shares do not fit, or a secret is not the one whose public
 * half is certified.  OUV_CONFLICT: a file is there already.  OUV_NOT_FOUND:
 * one has no backup.  Nothing was written then.
 */
OUV_MUST_CHECK enum ouv_err ouv_restore_secrets(const struct ouv_config *config,
	const char *share_a, const char *share_b, int *written_out);

/* ---- how they stand ---------------------------------------------------------
 */

/*
 * {"ok", "keys": [{"name", "version", "certified", "backed_up", "file",
 * "former", "made_at", "moved"}], "cases", "no_escrow", "rekey_due", "people",
 * "no_recovery", "escrow_given", "escrow_at", "drill_at", "wrong": [code]}.
 * file: here, elsewhere, open-to-others, unreadable, half-changed,
 * does-not-fit.  former: the one before stands still; then with what
 * ouv_key_retire tells (rotation.h).  made_at 0: when the office was made.
 */
OUV_MUST_CHECK enum ouv_err ouv_key_status(
	const struct ouv_config *config, json_t **status_out);
/* Seals to ESCROW whatever secret lies on this host and has no backup yet. */
OUV_MUST_CHECK enum ouv_err ouv_key_back_up(
	const struct ouv_config *config, int *sealed_out);

#endif
