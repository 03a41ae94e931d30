/*
 * grant.h - giving keys of cases: what grant.c and its neighbours share
 */
#ifndef OUV_DESK_GRANT_H
#define OUV_DESK_GRANT_H

#include "move.h"
#include "ouv/store_keys.h"

/* ---- grant.c ----------------------------------------------------------------
 */

/* What giving and taking a key ask for: person, reason. */
extern const struct ouv_field_decl grant_fields[];

/* Without a word on the log; file: id, version, csk, and cpk as certified. */
OUV_MUST_CHECK enum ouv_err grant_seal(struct ouv_desk *desk,
	struct store_tx *tx, const struct ouv_actor *actor,
	const struct casefile *file, const struct colleague *to,
	const char *why);
OUV_MUST_CHECK enum ouv_err grant_seal_call(
	struct verb_call *call, const struct colleague *to, const char *why);
/* Who holds the key of a call's case and goes on holding it: here, not in
 * conflict, with a grant that somebody we trust gave, and certified.  The
 * others are named on the log. */
OUV_MUST_CHECK enum ouv_err grant_heirs(
	struct verb_call *call, struct colleague **list_out, size_t *count_out);

/* ---- grant_many.c -----------------------------------------------------------
 */

#define GRANT_STEP 100 /* cases at once, by a form */

/* Each in its own case's log; whoever has no certificate gets none.  why NULL:
 * as the row says. */
OUV_MUST_CHECK enum ouv_err grant_many(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct store_grant_due *list,
	size_t count, const char *why, size_t *given_out);
/* What is due and this person can give; case_id NULL: of any case. */
OUV_MUST_CHECK enum ouv_err grants_due(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_id *case_id);
/* The open cases of somebody who goes away: by the actor as far as they hold
 * the keys and one step reaches, the rest when a holder looks at them. */
OUV_MUST_CHECK enum ouv_err grants_to_substitute(struct verb_call *call,
	const struct ouv_id *owner, const struct ouv_id *substitute);

/* ---- grant_follow.c ---------------------------------------------------------
 */

/* After an act of a colleague, which found the case in that state. */
OUV_MUST_CHECK enum ouv_err grant_follow(
	struct verb_call *call, enum ouv_state before);
/* After one of a party or of the clockwork. */
OUV_MUST_CHECK enum ouv_err grant_wait(struct store_tx *tx,
	struct ouv_arena *arena, const struct casefile *file);

#endif
