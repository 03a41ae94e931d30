/*
 * draft.h - what somebody typed while their session ended, sealed to them
 *
 * It is kept nowhere: it travels in the page that asks them to log in, and only
 * whoever it is sealed to can open it, with their own secret.
 */
#ifndef OUV_DRAFT_H
#define OUV_DRAFT_H

#include "ouv/desk.h"

#define OUV_DRAFT_MINUTES 60 /* from the sealing to the login */

/*
 * Seals text to a colleague; sealed_out in the arena.
 *
 * OUV_NOT_FOUND: nobody of that id is here.  OUV_REFUSED: their certificate
 * does not hold (said on the log).  OUV_TEMPORARY.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_draft_seal(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_id *person, const char *text,
	struct ouv_str *sealed_out);
/*
 * Opens what was sealed to the actor; text in the arena, zero behind it.
 *
 * OUV_REFUSED: it is somebody else's, altered, or too old.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_draft_open(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct ouv_str sealed, const char **text_out);

#endif
