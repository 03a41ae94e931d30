/*
 * verb_retry.c - a held message goes back to the gateway, to be filed anew
 *
 * As if it had just been received: the gateway gets a key to its bytes, and
 * finds out by their MAC that they are the ones it had.
 */
#include "desk_impl.h"

static enum ouv_err
give_back(struct verb_call *call, const struct store_item *item)
{
	struct ouv_desk *desk = call->desk;
	struct ouv_context context;
	uint8_t dek[OUV_KEY], box[OUV_BOX];

	TRY(open_item_key(desk, call->opened, item, dek));
	context_make(desk, OUV_KIND_ITEM_KEY, OUV_COLUMN_SVC, NULL, &item->id,
		desk->svc_version, &context);
	ouv_seal_key(&context, desk->svc_public, dek, box);
	ouv_wipe(dek, sizeof(dek));
	return store_held_retry(call->tx, &call->opened->c.id, &item->id, box);
}

static enum ouv_err
run(struct verb_call *call)
{
	struct store_item *items;
	size_t count, remaining;

	TRY(held_messages(call, &items, &count, &remaining));
	for (size_t i = count; i-- > 0;)
		TRY(give_back(call, &items[i]));
	call->file->items -= (int)count;
	call->emptied = remaining == 0;
	call->result->location = "/held?done=retry";
	return held_log(call, ouv_action_name(OUV_ACTION_RETRY), items, count);
}

const struct verb verb_retry = { "retry", OUV_ACTION_RETRY, run, false, NULL };
