/*
 * verb_hear.c - both are shown the index as it is now, with the same days
 */
#include "opine.h"

static const struct ouv_field_decl fields[] = {
	{ .name = NULL },
};

static enum ouv_err
run(struct verb_call *call)
{
	json_t *list = json_array();
	enum ouv_err err = evidence_list(call, NULL, 0, list);

	for (int side = 0; side < SIDES; side++)
		if (json_array_size(list) > 0)
			settle_one(call, side, "evidence", json_incref(list));
	json_decref(list);
	return err != OUV_OK ? err : hearing_both(call);
}

const struct verb verb_hear = { "hear", OUV_ACTION_HEAR, run, false, fields };
