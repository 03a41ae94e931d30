/*
 * ties.c - a tie that was entered for a day to come begins
 *
 * The schema takes the keys (ties_felt); here each case is told whose went. The
 * case gets its new key when somebody who holds it opens it next.
 */
#include "desk_impl.h"
#include "ouv/grants.h"
#include "ouv/store_keys.h"

enum ouv_err
ouv_desk_ties(struct ouv_desk *desk, size_t *ended_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_key_gone *list;
	size_t count;

	TRY(store_begin(desk->store, &tx));
	TRY(store_ties_felt(tx, arena, &list, &count));
	for (size_t i = 0; i < count; i++)
		TRY(log_existing(desk, tx, arena, &list[i].case_id, NULL,
			"tie-felt", &list[i].person));
	TRY(store_commit(&tx));
	*ended_out = count;
	return OUV_OK;
}
