/*
 * verb_erase.c - everything that could be read of a case is taken away
 *
 * Its row, its codes and its log stay: past figures do not change.
 */
#include "opine.h"

static const struct ouv_field_decl fields[] = {
	{ .name = NULL },
};

static enum ouv_err
run(struct verb_call *call)
{
	return store_case_erase(call->tx, &call->move->m.case_id);
}

const struct verb verb_erase = { "erase", OUV_ACTION_ERASE, run, false,
	fields };
