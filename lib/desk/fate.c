/*
 * fate.c - what somebody did with held mail that another had before them
 */
#include "desk_impl.h"

enum ouv_err
ouv_desk_held_fate(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, const char *item,
	struct ouv_fate *fate_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_held_fate fate;
	struct ouv_id id, of = { 0 };

	if (ouv_id_parse(number, &id) != OUV_OK)
		return OUV_NOT_FOUND;
	if (item != NULL && ouv_id_parse(item, &of) != OUV_OK)
		of = (struct ouv_id){ 0 };
	TRY(store_begin(desk->store, &tx));
	TRY(store_held_fate(tx, arena, &id, &actor->person, &of, &fate));
	TRY(store_commit(&tx));
	*fate_out = (struct ouv_fate){ .action = fate.action,
		.who = fate.who,
		.protocol = fate.protocol,
		.at = fate.at,
		.held = fate.held };
	return OUV_OK;
}
