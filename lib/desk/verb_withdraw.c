/*
 * verb_withdraw.c - the consumer wants no more of it, and need not say why
 */
#include "settle.h"

static const struct ouv_field_decl fields[] = {
	{ .name = NULL },
};

static enum ouv_err
run(struct verb_call *call)
{
	struct store_mediation *m = &call->move->m;

	settle_axis(&m->resolution, "none");
	settle_axis(&m->rating, "not-rated");
	settle_one(call, CONSUMER, "told", json_boolean(m->told));
	return store_promises_void(call->tx, &m->case_id, call->now);
}

const struct verb verb_withdraw = { "withdraw", OUV_ACTION_WITHDRAW, run, false,
	fields };
