/*
 * svc.c - what is sealed to the gateway: opened with its present key or the one
 * before, and moved to the present one in its own time
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/log.h"
#include "ouv/rotation.h"
#include "ouv/store_keys.h"

/* Which svc the whole gateway was started with; 0: none was written down. */
static enum ouv_err
gateway_svc(struct store_tx *tx, int *version_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_key_taken *taken;
	size_t count;

	*version_out = 0;
	TRY(store_key_taken(tx, arena, &taken, &count));
	for (size_t i = 0; i < count; i++)
		if (strcmp(taken[i].program, "gateway") == 0 &&
			strcmp(taken[i].name, "svc") == 0)
			*version_out = taken[i].version;
	return OUV_OK;
}

enum ouv_err
svc_open(const struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_context *context, const uint8_t box[OUV_BOX],
	uint8_t key_out[OUV_KEY])
{
	const struct ouv_key *svc = desk->office->svc;
	struct ouv_context one = *context;
	int taken;

	for (; svc != NULL; svc = ouv_key_former(svc)) {
		one.version = ouv_key_version(svc);
		if (ouv_open_key(&one, ouv_key_bytes(svc), box, OUV_BOX,
			    key_out) == OUV_OK)
			return OUV_OK;
	}
	/* If the gateway has a newer one, this process is to end: the next one
	 * opens it. */
	TRY(gateway_svc(tx, &taken));
	return taken > (int)ouv_key_version(desk->office->svc) ? OUV_TEMPORARY
							       : OUV_REFUSED;
}

enum ouv_err
svc_capsule(const struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct store_capsule *capsule,
	const uint8_t box[OUV_BOX], struct consumer *consumer_out)
{
	struct ouv_context context;
	uint8_t key[OUV_KEY];
	enum ouv_err err;

	context_make(desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_SVC,
		&capsule->case_id, &capsule->id, desk->svc_version, &context);
	TRY(svc_open(desk, tx, &context, box, key));
	err = read_capsule(arena, &context, key, capsule, consumer_out);
	ouv_wipe(key, sizeof(key));
	return err;
}

static enum ouv_err
server_holds(struct store_tx *tx, const char *name, const struct ouv_key *key)
{
	return store_server_holds(tx, name, (int)ouv_key_version(key));
}

static enum ouv_err
gateway_holds(struct store_tx *tx, const char *name, const struct ouv_key *key)
{
	return store_gateway_holds(tx, name, (int)ouv_key_version(key));
}

enum ouv_err
svc_held(struct ouv_desk *desk, struct store_tx *tx)
{
	const struct ouv_office *office = desk->office;

	/* The gateway is several processes: one that was started again alone
	 * speaks for none of the others. */
	if (office->kind != OUV_DESK_SERVER)
		return OUV_OK;
	TRY(server_holds(tx, "k_id", office->k_id));
	TRY(server_holds(tx, "k_tok", office->k_tok));
	TRY(server_holds(tx, "pepper", office->pepper));
	return server_holds(tx, "srv_sig", office->sig);
}

enum ouv_err
ouv_desk_hold(struct ouv_desk *desk)
{
	struct ouv_office *office = desk->office;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(gateway_holds(tx, "k_id", office->k_id));
	TRY(gateway_holds(tx, "k_tok", office->k_tok));
	TRY(gateway_holds(tx, "svc", office->svc));
	TRY(gateway_holds(tx, "gw_sig", office->sig));
	return store_commit(&tx);
}

enum ouv_err
svc_sealed_to(struct ouv_desk *desk, struct store_tx *tx)
{
	struct ouv_office *office = desk->office;
	bool same;

	if (office->kind == OUV_DESK_OPERATOR)
		return OUV_OK;
	(void)pthread_mutex_lock(&office->signer.lock);
	if (office->svc_version == 0)
		office->svc_version = desk->svc_version;
	same = office->svc_version == desk->svc_version;
	(void)pthread_mutex_unlock(&office->signer.lock);
	if (!same) /* two threads' first desks; this one has its own later */
		TRY(keys_load(desk, tx));
	return office->kind == OUV_DESK_SERVER
		       ? store_server_holds(tx, "svc", desk->svc_version)
		       : OUV_OK;
}

enum ouv_err
ouv_desk_stale(struct ouv_desk *desk, bool *is_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	int taken;

	TRY(store_begin(desk->store, &tx));
	TRY(gateway_svc(tx, &taken));
	TRY(store_commit(&tx));
	*is_out = taken > desk->svc_version;
	return OUV_OK;
}

/* ---- moving what lies under the former one
 * ------------------------------------------ */

enum {
	CAPSULES,
	LETTERS,
	MAILS,
	STAGES
};

/* What does not open under either is left as it is: it was altered. */
static enum ouv_err
move_one(struct ouv_desk *desk, struct store_tx *tx, int stage,
	const struct store_svc_box *old, int64_t *moved)
{
	const struct ouv_key *svc = desk->office->svc;
	struct ouv_context context;
	uint8_t key[OUV_KEY], box[OUV_BOX];
	char hex[OUV_ID_HEX];
	enum ouv_err err;

	context_make(desk,
		stage == CAPSULES ? OUV_KIND_CAPSULE_KEY : OUV_KIND_ITEM_KEY,
		OUV_COLUMN_SVC, &old->case_id, &old->row, desk->svc_version,
		&context);
	if (ouv_open_key(&context, ouv_key_bytes(svc), old->box, OUV_BOX,
		    key) == OUV_OK) {
		ouv_wipe(key, sizeof(key));
		return OUV_OK;
	}
	err = svc_open(desk, tx, &context, old->box, key);
	if (err == OUV_TEMPORARY)
		return err;
	if (err != OUV_OK) {
		ouv_id_hex(&old->id, hex);
		ouv_log_error("row=%s: what is sealed to the gateway there "
			      "does not open",
			hex);
		return OUV_OK;
	}
	ouv_seal_key(&context, desk->svc_public, key, box);
	ouv_wipe(key, sizeof(key));
	err = store_svc_reseal(tx, stage, old, box);
	(*moved)++;
	return err;
}

enum ouv_err
ouv_desk_reseal(struct ouv_desk *desk, size_t *read_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_svc_box *boxes;
	struct ouv_id at;
	int version, stage;
	int64_t moved = 0;
	size_t count;
	enum ouv_err err;

	*read_out = 0;
	TRY(store_begin(desk->store, &tx));
	err = store_rotation_next(tx, "svc", &version, &stage, &at);
	if (err == OUV_NOT_FOUND)
		return store_commit(&tx);
	TRY(err);
	/* Not by a process that was started before. */
	if (version != (int)ouv_key_version(desk->office->svc) ||
		version != desk->svc_version)
		return OUV_OK;
	TRY(store_svc_boxes(tx, arena, stage, &at, &boxes, &count));
	for (size_t i = 0; i < count; i++)
		TRY(move_one(desk, tx, stage, &boxes[i], &moved));
	if (count > 0)
		at = boxes[count - 1].id;
	else
		at = (struct ouv_id){ { 0 } };
	stage += count == 0;
	TRY(store_rotation_moved(
		tx, "svc", stage, &at, moved, stage == STAGES));
	TRY(store_commit(&tx));
	*read_out = stage < STAGES ? count + 1 : 0;
	if (stage == STAGES)
		ouv_log_info("nothing lies under the former svc any more");
	return OUV_OK;
}
