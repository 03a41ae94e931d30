/*
 * leave.h - somebody leaves: what the console and the operator's command share
 */
#ifndef OUV_DESK_LEAVE_H
#define OUV_DESK_LEAVE_H

#include "grant.h"
#include "ouv/grants.h"

/* Cases of which too few could open them without that person's keys: leaving
 * names them, with OUV_INVALID. */
OUV_MUST_CHECK enum ouv_err leave_stops(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	struct ouv_leaving *leaving);

/* wrong: why not, with OUV_INVALID: unknown, not-yourself, last-of-role,
 * last-holders (leaving names the cases). */
OUV_MUST_CHECK enum ouv_err leave_run(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *actor, const char *login,
	struct ouv_leaving *leaving, const char **wrong_out);

#endif
