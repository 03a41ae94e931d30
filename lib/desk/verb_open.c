/*
 * verb_open.c - somebody begins to work on a new case
 */
#include "desk_impl.h"

static const struct ouv_field_decl fields[] = {
	{ .name = NULL },
};

static enum ouv_err
run(struct verb_call *call)
{
	(void)call; /* the move and the owner are the frame's work */
	return OUV_OK;
}

const struct verb verb_open = { "open", OUV_ACTION_OPEN, run, true, fields };
