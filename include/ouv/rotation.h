/*
 * rotation.h - another secret for one of the office's own, without a pause
 *
 * docs/keys.md tells what an operator does.  rotate makes the new one, has it
 * certified and backed up and puts it where the programs look; the one before
 * stands beside it until retire.
 */
#ifndef OUV_ROTATION_H
#define OUV_ROTATION_H

#include <jansson.h>

#include "ouv/desk.h"

/*
 * name: svc, k-id, k-tok, gw-sig, srv-sig, pepper.  The shares are of ROOT.
 * What a run that was killed has begun is gone on with.
 *
 * OUV_INVALID: no such secret.  OUV_REFUSED: the
 * shares do not fit, or the file is not this office's.  OUV_CONFLICT: the one
 * before is not retired yet.  Each is said on the log.
 */
OUV_MUST_CHECK enum ouv_err ouv_key_rotate(const struct ouv_config *config,
	const char *name, const char *share_a, const char *share_b,
	int *version_out);

/*
 * Destroys the one before: its file and its backup.  found_out: {"left":
 * [login], "links": n, "letters": n, "live": n, "waits": [code]}; code:
 * gateway, server (it was not started with the new one), moving, people, links,
 * letters; of k-id, each with its count, coming, names, ties, held, recent, and
 * the counts "cases" and "lost" (docs/keys.md).
 *
 * OUV_CONFLICT: something waits; with all_the_same only gateway, server, moving
 * and coming count.  OUV_NOT_FOUND: there is none before it.
 */
OUV_MUST_CHECK enum ouv_err ouv_key_retire(const struct ouv_config *config,
	const char *name, bool all_the_same, json_t **found_out);

/* Two shares of ESCROW open every backup of a secret, and each is what lies on
 * this host; written down as a drill.  OUV_REFUSED: it is not so. */
OUV_MUST_CHECK enum ouv_err ouv_key_drill(const struct ouv_config *config,
	const char *share_a, const char *share_b, int *opened_out);

/* The whole gateway, none of whose processes runs, starts with the secrets of
 * this desk: from now on they are used. */
OUV_MUST_CHECK enum ouv_err ouv_desk_hold(struct ouv_desk *desk);

/* The gateway: moves some of what lies under the former svc; 0 read: nothing is
 * left, or it is not time. */
OUV_MUST_CHECK enum ouv_err ouv_desk_reseal(
	struct ouv_desk *desk, size_t *read_out);
/* The same with the addresses of parties that it can read, known by the former
 * k_id. */
OUV_MUST_CHECK enum ouv_err ouv_desk_idents(
	struct ouv_desk *desk, size_t *read_out);
/* The console, when somebody has opened a case: what is known of it by the
 * former k_id, and of others that they can open, is known by the present one.
 * No case is begun after so long, and nothing fails by it. */
void ouv_desk_take_names(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct ouv_id *case_id, int most_ms);
/* The console: does the gateway hold a newer svc than we seal to? */
OUV_MUST_CHECK enum ouv_err ouv_desk_stale(struct ouv_desk *desk, bool *is_out);

#endif
