/*
 * verb_erase.c - everything that could be read of a case is taken away
 *
 * Its row, its codes and its log stay: past figures do not change.  Duplicates
 * that went on in it go with it.
 */
#include "clock.h"
#include "opine.h"

static const struct ouv_field_decl fields[] = {
	{ .name = NULL },
};

/* A duplicate was never closed, and is not now: no figure counts it. */
static enum ouv_err
end_duplicate(struct verb_call *call, const struct store_mediation *m,
	struct casefile *file)
{
	struct store_move end = { .to = OUV_STATE_ERASED,
		.owes = ouv_owes_name(ouv_state_info(OUV_STATE_ERASED)->owes) };

	TRY(clock_move(call->desk, call->tx, call->arena, m, call->move->row,
		end.to, call->now, &end.due_at));
	TRY(store_mediation_set(call->tx, m, &end));
	return log_case(call->desk, call->tx, file, &call->actor->person,
		ouv_action_name(OUV_ACTION_ERASE), &call->file->id);
}

/* Held for a reason in law, it holds all of the file. */
static enum ouv_err
erase_duplicate(struct verb_call *call, const struct ouv_id *id)
{
	struct store_mediation m;
	struct casefile file;

	TRY(casefile_lock(call->desk, call->tx, call->arena, call->colleagues,
		call->colleague_count, id, &file));
	TRY(store_mediation(call->tx, call->arena, id, &m));
	if (m.legal_hold) {
		call->result->failed |= OUV_GUARD_BIT(OUV_GUARD_NO_HOLD);
		return OUV_REFUSED;
	}
	TRY(store_case_erase(call->tx, id));
	return end_duplicate(call, &m, &file);
}

static enum ouv_err
run(struct verb_call *call)
{
	const struct ouv_id *here = &call->move->m.case_id;
	struct ouv_id *list;
	size_t count;

	TRY(store_link_duplicates(call->tx, call->arena, here, &list, &count));
	TRY(store_case_erase(call->tx, here));
	/* The nearest first: each is a duplicate of one that is erased. */
	for (size_t i = 0; i < count; i++)
		TRY(erase_duplicate(call, &list[i]));
	return OUV_OK;
}

const struct verb verb_erase = { "erase", OUV_ACTION_ERASE, run, false,
	fields };
