/*
 * rekey.c - a new key for a case, once somebody has lost the old one
 *
 * Made in the session of a colleague who holds the key: a new pair, new grants
 * for whoever goes on holding it, every item's key and every capsule sealed
 * anew, all in one transaction under the case's lock.  The bulk stays as it is.
 * Whoever lost the key can open nothing that is written from then on; the old
 * secret goes on, sealed to the new key, for the log's old details.
 */
#include <string.h>

#include "grant.h"
#include "ouv/clock.h"
#include "ouv/log.h"
#include "ouv/rekey.h"

static const struct ouv_id escrow;

struct rekeying {
	struct verb_call *call;
	const struct ouv_id *without; /* gets none; NULL: nobody */
	struct casefile fresh;        /* the case under its new key */
	struct store_rekey row;
};

/* The secret before a key, sealed to it. */
static void
old_context(const struct ouv_desk *desk, const struct ouv_id *case_id,
	int version, struct ouv_context *context_out)
{
	context_make(desk, OUV_KIND_CASE_KEY, OUV_COLUMN_CPK, case_id, case_id,
		version, context_out);
}

static void
make_key(struct rekeying *r)
{
	struct verb_call *call = r->call;
	struct ouv_cert cert = { .kind = OUV_CERT_CASE,
		.tenant = call->desk->office->tenant,
		.subject = call->file->id };
	struct ouv_context context;

	r->fresh = *call->file;
	r->fresh.version = call->file->version + 1;
	ouv_box_pair(r->fresh.cpk, r->fresh.csk);
	r->row.case_id = r->fresh.id;
	r->row.person = call->actor->person;
	r->row.from = call->file->version;
	memcpy(r->row.cpk, r->fresh.cpk, sizeof(r->row.cpk));
	cert.version = (uint32_t)r->fresh.version;
	memcpy(cert.a, r->fresh.cpk, sizeof(cert.a));
	ouv_cert_sign(&cert, call->actor->identity->sign, r->row.sig);
	old_context(call->desk, &r->fresh.id, r->fresh.version, &context);
	ouv_seal_key(&context, r->fresh.cpk, call->opened->csk, r->row.old_box);
}

/* What lists show; one that does not open is empty from now on. */
static void
make_summary(struct rekeying *r)
{
	struct verb_call *call = r->call;
	const struct ouv_str was = call->opened->c.summary;
	struct ouv_context context;
	struct ouv_str text;
	uint8_t key[OUV_KEY];

	context_make(call->desk, OUV_KIND_SUMMARY, OUV_COLUMN_NONE,
		&r->fresh.id, &r->fresh.id, r->row.from, &context);
	ouv_hash_keyed(call->opened->csk, "ouv-summ", "", 0, key);
	if (ouv_blob_open(call->arena, &context, key, was.p, was.len, &text) !=
		OUV_OK)
		text = (struct ouv_str){ "{}", 2 };
	context.version = (uint32_t)r->fresh.version;
	ouv_hash_keyed(r->fresh.csk, "ouv-summ", "", 0, key);
	ouv_blob_seal(
		call->arena, &context, key, text.p, text.len, &r->row.summary);
	ouv_wipe(key, sizeof(key));
}

/* ---- who goes on holding it ----------------------------------------------
 */

static void
add_grant(struct rekeying *r, const struct ouv_id *person,
	const uint8_t public[OUV_KEY], struct store_grant *grant)
{
	casefile_grant(r->call->desk, &r->fresh, person, public,
		&r->call->actor->person, r->call->actor->identity->sign, grant);
	r->row.grant_count++;
}

/* Of those who hold the present one, all but whom it is taken from. */
static enum ouv_err
make_grants(struct rekeying *r, bool *mine_out)
{
	struct verb_call *call = r->call;
	struct colleague *heirs;
	struct store_grant *list;
	size_t count;

	*mine_out = false;
	TRY(grant_heirs(call, &heirs, &count));
	list = ouv_arena_array(call->arena, count + 1, sizeof(*list));
	r->row.grants = list;
	add_grant(r, &escrow, call->desk->escrow, &list[0]);
	for (size_t i = 0; i < count; i++) {
		const struct ouv_id *who = &heirs[i].id;

		*mine_out |= ouv_id_equal(who, &call->actor->person);
		if (r->without == NULL || !ouv_id_equal(who, r->without))
			add_grant(
				r, who, heirs[i].pk, &list[r->row.grant_count]);
	}
	return OUV_OK;
}

/* ---- what is in the file -------------------------------------------------
 */

/* An altered one stays as it is: it did not open before. */
static void
told_altered(const char *what, const struct ouv_id *id)
{
	char hex[OUV_ID_HEX];

	ouv_id_hex(id, hex);
	ouv_log_error("%s=%s does not open: it gets no new key", what, hex);
}

static enum ouv_err
make_items(struct rekeying *r)
{
	struct verb_call *call = r->call;
	struct store_item_key *list;
	size_t count, n = 0;

	TRY(store_rekey_items(call->tx, call->arena, &r->fresh.id, r->row.from,
		&list, &count));
	for (size_t i = 0; i < count; i++) {
		struct ouv_context context;
		uint8_t dek[OUV_KEY];

		context_make(call->desk, OUV_KIND_ITEM_KEY, OUV_COLUMN_CPK,
			&r->fresh.id, &list[i].id, r->row.from, &context);
		if (ouv_open_key(&context, call->opened->csk, list[i].box,
			    sizeof(list[i].box), dek) != OUV_OK) {
			told_altered("item", &list[i].id);
			continue;
		}
		list[n].id = list[i].id;
		context.version = (uint32_t)r->fresh.version;
		ouv_seal_key(&context, r->fresh.cpk, dek, list[n++].box);
		ouv_wipe(dek, sizeof(dek));
	}
	r->row.items = list;
	r->row.item_count = n;
	return OUV_OK;
}

/* Under a key of its own, for the case and, as long as it may write to that
 * address, for the gateway. */
static enum ouv_err
make_capsule(struct rekeying *r, struct store_capsule *capsule)
{
	struct verb_call *call = r->call;
	struct ouv_desk *desk = call->desk;
	struct ouv_context context;
	struct ouv_str text;
	uint8_t key[OUV_KEY];
	enum ouv_err err;

	context_make(desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_CPK, &r->fresh.id,
		&capsule->id, capsule->key_version, &context);
	TRY(ouv_open_key(&context, call->opened->csk, capsule->box_case,
		sizeof(capsule->box_case), key));
	context.kind = OUV_KIND_CAPSULE;
	context.column = OUV_COLUMN_NONE;
	err = ouv_blob_open(call->arena, &context, key, capsule->ct.p,
		capsule->ct.len, &text);
	ouv_wipe(key, sizeof(key));
	if (err != OUV_OK)
		return err;
	casefile_capsule_seal(desk, call->arena, &r->fresh, &text, capsule);
	return OUV_OK;
}

static enum ouv_err
make_capsules(struct rekeying *r)
{
	struct verb_call *call = r->call;
	struct store_capsule *list;
	size_t count, n = 0;

	TRY(store_capsules(call->tx, call->arena, &r->fresh.id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (list[i].key_version != r->row.from ||
			make_capsule(r, &list[i]) != OUV_OK) {
			told_altered("capsule", &list[i].id);
			continue;
		}
		list[n++] = list[i];
	}
	r->row.capsules = list;
	r->row.capsule_count = n;
	return OUV_OK;
}

/* ---- the step -------------------------------------------------------------
 */

/* From here on the call works with the new key. */
static void
take_over(struct rekeying *r)
{
	struct verb_call *call = r->call;

	call->file->version = r->fresh.version;
	memcpy(call->file->cpk, r->fresh.cpk, sizeof(call->file->cpk));
	memcpy(call->opened->csk, r->fresh.csk, sizeof(call->opened->csk));
	call->opened->c.key_version = r->fresh.version;
	call->opened->c.summary = r->row.summary;
	call->opened->c.rekey_due = false;
}

static enum ouv_err
rekey(struct rekeying *r)
{
	struct verb_call *call = r->call;
	bool mine;

	TRY(keys_fit(call->desk, &call->file->id, call->opened->csk,
		call->file->cpk));
	make_key(r);
	TRY(make_grants(r, &mine));
	/* Somebody will who holds it, and whose signature counts. */
	if (!mine || r->row.grant_count < 2)
		return OUV_OK;
	make_summary(r);
	TRY(make_items(r));
	TRY(make_capsules(r));
	TRY(store_rekey(call->tx, &r->row));
	TRY(log_case(call->desk, call->tx, call->file, &call->actor->person,
		"rekey", &r->fresh.id));
	take_over(r);
	return OUV_OK;
}

enum ouv_err
rekey_without(struct verb_call *call, const struct ouv_id *person)
{
	struct rekeying r = { .call = call, .without = person };
	enum ouv_err err = rekey(&r);

	casefile_wipe(&r.fresh);
	return err;
}

enum ouv_err
rekey_run(struct verb_call *call)
{
	return rekey_without(call, NULL);
}

enum ouv_err
rekey_if_due(struct verb_call *call)
{
	bool due;

	TRY(store_rekey_due(call->tx, &call->file->id, &due));
	return due ? rekey_run(call) : OUV_OK;
}

enum ouv_err
rekey_opening(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct opened *opened)
{
	struct ouv_verb_result result = { .error_count = 0 };
	struct casefile file = { .version = 0 };
	struct verb_call call = { .desk = desk,
		.tx = tx,
		.arena = arena,
		.actor = actor,
		.opened = opened,
		.file = &file,
		.now = ouv_clock_now(),
		.object = opened->c.id,
		.result = &result };

	if (!opened->c.rekey_due)
		return OUV_OK;
	TRY(keys_colleagues(
		desk, tx, arena, &call.colleagues, &call.colleague_count));
	TRY(casefile_lock(desk, tx, arena, call.colleagues,
		call.colleague_count, &opened->c.id, &file));
	TRY(open_again(desk, tx, arena, actor, file.version, opened));
	return rekey_if_due(&call);
}

/* ---- by the way -----------------------------------------------------------
 */

static enum ouv_err
rekey_one(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_id *case_id)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	char number[OUV_ID_HEX];
	struct opened opened;
	enum ouv_err err;

	ouv_id_hex(case_id, number);
	TRY(store_begin(desk->store, &tx));
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	err = rekey_opening(desk, tx, arena, actor, &opened);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	return err == OUV_OK ? store_commit(&tx) : err;
}

static enum ouv_err
waiting(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, int most, struct ouv_id **cases_out,
	size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(store_rekey_waiting(
		tx, arena, &actor->person, most, cases_out, count_out));
	return store_commit(&tx);
}

void
ouv_desk_rekey(struct ouv_desk *desk, const struct ouv_actor *actor, int most,
	int64_t most_ms)
{
	struct ouv_arena *list OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	int64_t until_ms = ouv_clock_mono_ms() + most_ms;
	struct ouv_id *cases;
	size_t count;

	if (waiting(desk, list, actor, most, &cases, &count) != OUV_OK)
		return;
	for (size_t i = 0; i < count && ouv_clock_mono_ms() < until_ms; i++) {
		struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
			ouv_arena_new(OUV_ARENA_WIPE);

		if (rekey_one(desk, arena, actor, &cases[i]) == OUV_TEMPORARY)
			return;
	}
}

/* ---- what older keys sealed -----------------------------------------------
 */

enum ouv_err
rekey_old_secret(struct ouv_desk *desk, struct store_tx *tx,
	const struct opened *opened, int version, uint8_t csk_out[OUV_KEY])
{
	uint8_t csk[OUV_KEY];
	enum ouv_err err = OUV_OK;

	if (version < 1 || version > opened->c.key_version)
		return OUV_REFUSED;
	memcpy(csk, opened->csk, sizeof(csk));
	for (int v = opened->c.key_version; err == OUV_OK && v > version; v--) {
		struct ouv_context context;
		uint8_t box[OUV_BOX];

		err = store_case_old_key(tx, &opened->c.id, v, box);
		old_context(desk, &opened->c.id, v, &context);
		if (err == OUV_OK)
			err = ouv_open_key(
				&context, csk, box, sizeof(box), csk);
	}
	if (err == OUV_OK)
		memcpy(csk_out, csk, sizeof(csk));
	ouv_wipe(csk, sizeof(csk));
	return err;
}
