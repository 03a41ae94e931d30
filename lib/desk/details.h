/*
 * details.h - what was sealed beside an entry of a case's log
 */
#ifndef OUV_DESK_DETAILS_H
#define OUV_DESK_DETAILS_H

#include "desk_impl.h"

/* The secrets of a case, back from the present one as far as they are asked
 * for. */
struct secrets {
	struct ouv_desk *desk;
	struct store_tx *tx;
	const struct ouv_id *case_id;
	int version; /* of csk */
	uint8_t csk[OUV_KEY];
};

/*
 * As seal_details of log.c made them: a box, then a blob whose head says under
 * which version of the key.  The newest first: a secret that was gone back from
 * is not come back to.  OUV_REFUSED: altered.
 */
OUV_MUST_CHECK enum ouv_err details_open(struct secrets *s,
	struct ouv_arena *arena, const struct store_audit *event,
	const char **text_out);

#endif
