/*
 * rotate.h - what the files about changing the office's own keys share
 */
#ifndef DESK_ROTATE_H
#define DESK_ROTATE_H

#include "host_secret.h"
#include "ouv/store_keys.h"

/* OUV_INVALID: none of ours (said on the log). */
OUV_MUST_CHECK enum ouv_err rotate_find(
	const char *name, const struct host_secret **secret_out);

/* What the office's present keys still wait for. */
struct waiting {
	struct ouv_arena *arena;
	struct store_key_taken *taken;
	struct store_rotation *rotations;
	struct store_key_left *left; /* of pepper alone */
	size_t taken_count, rotation_count, left_count;
	int64_t letters,
		live; /* of k_tok alone: cases with letters of before */
	struct store_idents_left idents; /* of k_id alone */
};
/* The versions of these two. */
OUV_MUST_CHECK enum ouv_err waiting_load(
	struct waiting *w, struct store_tx *tx, int pepper, int k_id);
const struct store_rotation *waiting_rotation(
	const struct waiting *w, const char *name);
/* Adds {"left", "links", "letters", "live", "waits"} of the secret at this
 * version; of k_id "names", "cases", "lost", "ties", "held", "recent". */
void waiting_tell(
	const struct waiting *w, const char *name, int version, json_t *doc);

#endif
