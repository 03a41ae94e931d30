/*
 * pending.h - what keeping, showing and deciding a waiting act share
 */
#ifndef OUV_DESK_PENDING_H
#define OUV_DESK_PENDING_H

#include "desk_impl.h"

#define PENDING_TASK "second-person"

/* The fields as they were typed. OUV_INVALID: it is no such text. */
OUV_MUST_CHECK enum ouv_err pending_fields(struct ouv_arena *arena,
	const char *text, const struct ouv_field **fields_out,
	size_t *count_out);

#endif
