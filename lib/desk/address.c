/*
 * address.c - the gateway reads no address of a case that is over, and again
 * when somebody has to write to it
 *
 * A closed case keeps its addresses under its own key alone.  Whoever writes a
 * letter in it seals them to the gateway again until it has left; so does
 * whoever opens it while a task asks for an address.
 */
#include "desk_impl.h"
#include "ouv/grants.h"
#include "ouv/log.h"
#include "ouv/store_keys.h"

#define CASES_AT_ONCE 50

enum ouv_err
ouv_desk_addresses_end(struct ouv_desk *desk, size_t *ended_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_id *cases;
	size_t count;

	TRY(store_begin(desk->store, &tx));
	TRY(store_addresses_end(tx, arena, CASES_AT_ONCE, &cases, &count));
	for (size_t i = 0; i < count; i++)
		TRY(log_existing(desk, tx, arena, &cases[i], NULL,
			"address-end", &cases[i]));
	TRY(store_commit(&tx));
	*ended_out = count;
	return OUV_OK;
}

/* The same key, under SVC as it was before. */
static enum ouv_err
seal_again(struct ouv_desk *desk, const struct opened *opened,
	const struct store_item_key *capsule, uint8_t box_out[OUV_BOX])
{
	struct ouv_context context;
	uint8_t key[OUV_KEY];

	context_make(desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_CPK, &opened->c.id,
		&capsule->id, opened->c.key_version, &context);
	TRY(ouv_open_key(&context, opened->csk, capsule->box,
		sizeof(capsule->box), key));
	context_make(desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_SVC, &opened->c.id,
		&capsule->id, desk->svc_version, &context);
	ouv_seal_key(&context, desk->svc_public, key, box_out);
	ouv_wipe(key, sizeof(key));
	return OUV_OK;
}

enum ouv_err
address_back(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const struct opened *opened, bool *back_out)
{
	struct store_item_key *list;
	size_t count;

	*back_out = false;
	if (opened->c.state != OUV_STATE_CLOSED)
		return OUV_OK;
	TRY(store_addresses_lacking(tx, arena, &opened->c.id,
		opened->c.key_version, &list, &count));
	for (size_t i = 0; i < count; i++) {
		uint8_t box[OUV_BOX];

		if (seal_again(desk, opened, &list[i], box) != OUV_OK) {
			ouv_log_error("an address does not open");
			continue;
		}
		TRY(store_address_back(tx, &opened->c.id, &actor->person,
			&list[i].id, opened->c.key_version, box));
		*back_out = true;
	}
	return OUV_OK;
}
