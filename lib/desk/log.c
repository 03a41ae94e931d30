/*
 * log.c - the audit chain: every change and every reading, one after another
 *
 * Each case has its chain; each run of a program has one for logins.  An event
 * carries the hash of the one before it and a MAC of the run that wrote it.
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"

static const char *const signer_kinds[] = {
	[OUV_DESK_GATEWAY] = "gateway",
	[OUV_DESK_SERVER] = "server",
	[OUV_DESK_OPERATOR] = "operator",
};

/* The first MAC key, once: later ones follow from it, and it from none. */
static void
seal_signer(struct ouv_desk *desk)
{
	struct ouv_office *office = desk->office;
	struct signer *signer = &office->signer;
	struct ouv_cert cert = { .kind = OUV_CERT_SIGNER,
		.tenant = office->tenant,
		.subject = signer->id };
	struct ouv_context context;

	context_make(desk, OUV_KIND_SIGNER, OUV_COLUMN_ESCROW, NULL,
		&signer->id, 1, &context);
	ouv_seal_key(&context, desk->escrow, signer->key, signer->box);
	ouv_hash("signer", signer->box, sizeof(signer->box), cert.a);
	ouv_cert_sign(&cert, ouv_key_bytes(office->sig), signer->sig);
	signer->boxed = true;
}

static enum ouv_err
add_signer(struct ouv_desk *desk, struct store_tx *tx,
	const struct store_person *person)
{
	struct signer *signer = &desk->office->signer;

	(void)pthread_mutex_lock(&signer->lock);
	if (!signer->boxed)
		seal_signer(desk);
	(void)pthread_mutex_unlock(&signer->lock);
	return store_audit_signer_add(tx, &signer->id,
		signer_kinds[desk->office->kind], signer->box, signer->sig,
		person);
}

enum ouv_err
log_signer(struct ouv_desk *desk, struct store_tx *tx)
{
	return add_signer(desk, tx, NULL);
}

enum ouv_err
log_operator(struct ouv_desk *desk, struct store_tx *tx,
	const struct store_person *admin, const uint8_t seed[OUV_KEY])
{
	struct ouv_office *office = desk->office;

	if (office->kind != OUV_DESK_OPERATOR || office->signer.boxed)
		return OUV_OK;
	if (admin != NULL)
		office->sig = ouv_key_new(seed);
	else
		TRY(ouv_key_read(
			office->config->keys_srv_sig_file, &office->sig));
	return add_signer(desk, tx, admin);
}

static const struct ouv_str none;

static enum ouv_err
append(struct ouv_desk *desk, struct store_tx *tx, const struct ouv_id *chain,
	uint64_t seq, uint8_t head[32], const struct ouv_id *actor,
	const char *action, const struct ouv_id *object, struct ouv_str details)
{
	struct signer *signer = &desk->office->signer;
	struct store_audit row = { .chain = *chain,
		.signer = signer->id,
		.object = *object,
		.seq = (int64_t)seq,
		.at_us = ouv_clock_now_us(),
		.action = action,
		.details = details };
	struct ouv_audit_event event = { .chain = *chain,
		.signer = signer->id,
		.object = *object,
		.seq = seq,
		.at_us = (uint64_t)row.at_us,
		.action = action,
		.details = details.p,
		.details_len = details.len };
	struct entry entry = { .seq = seq, .chain = *chain };

	if (actor != NULL)
		row.actor = event.actor = *actor;
	memcpy(event.prev, head, sizeof(event.prev));
	memcpy(row.prev, head, sizeof(row.prev));
	(void)pthread_mutex_lock(&signer->lock);
	event.signer_seq = ++signer->seq;
	ouv_audit_hash(&event, row.hash);
	ouv_audit_mac(signer->key, row.hash, row.mac);
	entry.signer_seq = event.signer_seq;
	memcpy(entry.hash, row.hash, sizeof(entry.hash));
	ledger_note(signer, tx, &entry);
	(void)pthread_mutex_unlock(&signer->lock);
	row.signer_seq = (int64_t)event.signer_seq;
	memcpy(head, row.hash, sizeof(row.hash));
	return store_audit_add(tx, &row);
}

enum ouv_err
log_case(struct ouv_desk *desk, struct store_tx *tx, struct casefile *file,
	const struct ouv_id *actor, const char *action,
	const struct ouv_id *object)
{
	return append(desk, tx, &file->id, ++file->audit_seq, file->audit_head,
		actor, action, object, none);
}

/* A key of its own, sealed to the case; the event's number is in both
 * contexts, so that no details can stand beside another event. */
static struct ouv_str
seal_details(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct casefile *file, const struct ouv_id *object,
	struct ouv_str details)
{
	uint8_t key[OUV_KEY], box[OUV_BOX];
	struct ouv_context context;
	struct ouv_buf sealed;
	struct ouv_str blob;
	uint64_t seq = file->audit_seq + 1;

	context_make(desk, OUV_KIND_AUDIT, OUV_COLUMN_CPK, &file->id, object,
		file->version, &context);
	for (size_t i = 0; i < 8; i++)
		context.extra.b[15 - i] = (uint8_t)(seq >> (8 * i));
	ouv_random(key, sizeof(key));
	ouv_seal_key(&context, file->cpk, key, box);
	context.column = OUV_COLUMN_NONE;
	ouv_blob_seal(arena, &context, key, details.p, details.len, &blob);
	ouv_wipe(key, sizeof(key));
	ouv_buf_init(&sealed, arena, sizeof(box) + blob.len);
	ouv_buf_add(&sealed, box, sizeof(box));
	ouv_buf_add(&sealed, blob.p, blob.len);
	return (struct ouv_str){ sealed.data, sealed.len };
}

enum ouv_err
log_case_details(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct casefile *file,
	const struct ouv_id *actor, const char *action,
	const struct ouv_id *object, struct ouv_str details)
{
	if (details.len > 0)
		details = seal_details(desk, arena, file, object, details);
	return append(desk, tx, &file->id, ++file->audit_seq, file->audit_head,
		actor, action, object, details);
}

enum ouv_err
log_existing(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *actor, const char *action,
	const struct ouv_id *object)
{
	struct store_case c;

	/* The case's row is the lock of its log. */
	TRY(store_case_lock(tx, arena, case_id, &c));
	return log_locked(desk, tx, case_id, actor, action, object);
}

enum ouv_err
log_locked(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *actor,
	const char *action, const struct ouv_id *object)
{
	struct casefile file = { .id = *case_id };
	int64_t seq;

	TRY(store_audit_head(tx, case_id, &seq, file.audit_head));
	file.audit_seq = (uint64_t)seq;
	return log_case(desk, tx, &file, actor, action, object);
}

enum ouv_err
log_own_named(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_id *actor, const char *action,
	const struct ouv_id *object, struct ouv_str name)
{
	const struct ouv_id *chain = &desk->office->signer.id;
	uint8_t head[32];
	int64_t seq;

	/* All threads of this run write here. */
	TRY(store_chain_lock(tx, chain));
	TRY(store_audit_head(tx, chain, &seq, head));
	return append(desk, tx, chain, (uint64_t)seq + 1, head, actor, action,
		object, name);
}

enum ouv_err
log_own(struct ouv_desk *desk, struct store_tx *tx, const struct ouv_id *actor,
	const char *action, const struct ouv_id *object)
{
	return log_own_named(desk, tx, actor, action, object, none);
}

#define DENIED_US INT64_C(60000000)

enum ouv_err
log_denied(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *actor)
{
	const struct ouv_id *chain =
		case_id != NULL ? case_id : &desk->office->signer.id;
	bool did = false;

	TRY(store_history_since(tx, chain, actor, "denied",
		ouv_clock_now_us() - DENIED_US, &did));
	if (did)
		return OUV_OK;
	if (case_id == NULL)
		return log_own(desk, tx, actor, "denied", actor);
	return log_existing(desk, tx, arena, case_id, actor, "denied", case_id);
}
