/*
 * casefile.c - sealing into a case: keys, grants, items, the party's capsule
 *
 * Whoever writes here needs public keys only; the secret of a new case exists
 * in this process for as long as its grants are being made.
 */
#include <stdio.h>
#include <string.h>
#include <jansson.h>

#include "page_seal.h"
#include "ouv/store_post.h"

static const struct ouv_id nobody;

void
context_make(const struct ouv_desk *desk, enum ouv_kind kind,
	enum ouv_column column, const struct ouv_id *case_id,
	const struct ouv_id *row, int version, struct ouv_context *context_out)
{
	*context_out = (struct ouv_context){
		.kind = kind,
		.column = column,
		.tenant = desk->office->tenant,
		.version = (uint32_t)version,
	};
	if (case_id != NULL)
		context_out->case_id = *case_id;
	if (row != NULL)
		context_out->row = *row;
}

void
casefile_wipe(struct casefile *file)
{
	ouv_wipe(file->csk, sizeof(file->csk));
}

void
casefile_grant(const struct ouv_desk *desk, const struct casefile *file,
	const struct ouv_id *person, const uint8_t public[OUV_KEY],
	const struct ouv_id *by, const uint8_t seed[OUV_KEY],
	struct store_grant *grant)
{
	bool escrow = ouv_id_is_zero(person);
	struct ouv_cert cert = { .kind = OUV_CERT_GRANT,
		.tenant = desk->office->tenant,
		.subject = file->id,
		.extra = *person,
		.version = (uint32_t)file->version };
	struct ouv_context context;

	context_make(desk, OUV_KIND_CASE_KEY,
		escrow ? OUV_COLUMN_ESCROW : OUV_COLUMN_PERSON, &file->id,
		person, file->version, &context);
	grant->case_id = file->id;
	grant->person = *person;
	grant->version = file->version;
	grant->granted_by = *by;
	memcpy(grant->pk, public, sizeof(grant->pk));
	ouv_seal_key(&context, public, file->csk, grant->box);
	ouv_hash("grant", grant->box, sizeof(grant->box), cert.a);
	ouv_cert_sign(&cert, seed, grant->sig);
}

static enum ouv_err
add_grants(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct casefile *file, const struct colleague *colleagues,
	size_t count)
{
	struct store_grant *grants =
		ouv_arena_array(arena, count + 1, sizeof(*grants));
	const uint8_t *seed = ouv_key_bytes(desk->office->sig);
	size_t n = 0;

	casefile_grant(
		desk, file, &nobody, desk->escrow, &nobody, seed, &grants[n++]);
	for (size_t i = 0; i < count; i++)
		if (colleagues[i].desk)
			casefile_grant(desk, file, &colleagues[i].id,
				colleagues[i].pk, &nobody, seed, &grants[n++]);
	return store_grants_add(tx, grants, n);
}

void
casefile_summary(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct casefile *file, const uint8_t csk[OUV_KEY],
	const struct summary *summary, struct ouv_str *blob_out)
{
	uint8_t key[OUV_KEY];
	struct ouv_context context;
	json_t *doc = json_pack("{s:s, s:s, s:s}", "subject", summary->subject,
		"name", summary->name, "addr", summary->addr);
	char *text = json_dumps(doc, JSON_COMPACT);

	ouv_hash_keyed(csk, "ouv-summ", "", 0, key);
	context_make(desk, OUV_KIND_SUMMARY, OUV_COLUMN_NONE, &file->id,
		&file->id, file->version, &context);
	ouv_blob_seal(arena, &context, key, text, strlen(text), blob_out);
	ouv_wipe(key, sizeof(key));
	ouv_wipe(text, strlen(text));
	free(text);
	json_decref(doc);
}

enum ouv_err
casefile_new(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct colleague *colleagues,
	size_t count, struct store_case *c, const struct summary *summary,
	struct casefile *file_out)
{
	struct ouv_cert cert = { .kind = OUV_CERT_CASE,
		.tenant = desk->office->tenant,
		.version = 1 };
	uint8_t sig[OUV_SIG];

	memset(file_out, 0, sizeof(*file_out));
	file_out->id = c->id = cert.subject = ouv_id_new();
	file_out->version = c->key_version = 1;
	file_out->fresh = true;
	file_out->planned = c->items;
	file_out->state = c->state;
	file_out->lang = ouv_lang_parse(c->lang, OUV_LANG_PT_BR);
	file_out->protocol = c->protocol;
	ouv_box_pair(file_out->cpk, file_out->csk);
	memcpy(cert.a, file_out->cpk, sizeof(cert.a));
	ouv_cert_sign(&cert, ouv_key_bytes(desk->office->sig), sig);
	casefile_summary(
		desk, arena, file_out, file_out->csk, summary, &c->summary);
	TRY(store_case_add(tx, c));
	TRY(store_case_key_add(tx, &c->id, 1, file_out->cpk, &nobody, sig));
	return add_grants(desk, tx, arena, file_out, colleagues, count);
}

enum ouv_err
casefile_number(const struct verb_call *call, casefile_number_fn *take,
	const struct ouv_id *of, const char **protocol_out)
{
	char protocol[OUV_PROTOCOL_MAX];
	time_t t = (time_t)call->now;
	int64_t number;
	struct tm tm;

	(void)localtime_r(&t, &tm);
	TRY(take(call->tx, of, tm.tm_year + 1900, &number));
	ouv_protocol_format(tm.tm_year + 1900, number, protocol);
	*protocol_out = ouv_arena_strdup(call->arena, protocol);
	return OUV_OK;
}

void
casefile_fresh(const struct ouv_desk *desk, const struct ouv_actor *actor,
	enum ouv_lang lang, struct casefile *file_out,
	struct store_case_key *key_out)
{
	struct ouv_cert cert = { .kind = OUV_CERT_CASE,
		.tenant = desk->office->tenant,
		.version = 1 };

	memset(file_out, 0, sizeof(*file_out));
	file_out->id = cert.subject = ouv_id_new();
	file_out->version = 1;
	file_out->state = OUV_STATE_TRIAGE;
	file_out->lang = lang;
	ouv_box_pair(file_out->cpk, file_out->csk);
	memcpy(cert.a, file_out->cpk, sizeof(cert.a));
	memset(key_out, 0, sizeof(*key_out));
	memcpy(key_out->cpk, file_out->cpk, sizeof(key_out->cpk));
	key_out->signer = actor->person;
	ouv_cert_sign(&cert, actor->identity->sign, key_out->sig);
}

enum ouv_err
casefile_lock(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct colleague *colleagues,
	size_t count, const struct ouv_id *id, struct casefile *file_out)
{
	struct casefile file = { .id = *id };
	struct store_case c;
	int64_t seq;

	TRY(store_case_lock(tx, arena, id, &c));
	TRY(keys_case(
		desk, tx, id, c.key_version, colleagues, count, file.cpk));
	TRY(store_audit_head(tx, id, &seq, file.audit_head));
	file.audit_seq = (uint64_t)seq;
	file.version = c.key_version;
	file.items = c.items;
	file.state = c.state;
	file.lang = ouv_lang_parse(c.lang, OUV_LANG_PT_BR);
	file.protocol = c.protocol;
	*file_out = file;
	return OUV_OK;
}

void
casefile_seal(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct casefile *file, struct store_item *item,
	const uint8_t dek[OUV_KEY], const struct ouv_str *doc)
{
	struct ouv_context context;

	item->case_id = file->id;
	item->key_version = item->body_version = file->version;
	context_make(desk, OUV_KIND_ITEM_KEY, OUV_COLUMN_CPK, &file->id,
		&item->id, file->version, &context);
	ouv_seal_key(&context, file->cpk, dek, item->dek_box);
	context_make(desk, OUV_KIND_ITEM_BODY, OUV_COLUMN_NONE, &file->id,
		&item->id, file->version, &context);
	ouv_blob_seal(arena, &context, dek, doc->p, doc->len, &item->body);
}

enum ouv_err
casefile_letter(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct casefile *file, struct store_item *item,
	const uint8_t dek[OUV_KEY], const struct ouv_str *doc,
	const struct ouv_id *capsule)
{
	item->seq = ++file->items;
	casefile_seal(desk, arena, file, item, dek, doc);
	TRY(store_item_add(tx, item));
	return page_seal_item(desk, tx, arena, file, item, dek, capsule);
}

enum ouv_err
casefile_item(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct casefile *file, struct store_item *item,
	const uint8_t dek[OUV_KEY], const struct ouv_str *doc)
{
	return casefile_letter(desk, tx, arena, file, item, dek, doc, NULL);
}

struct chunk_target {
	struct store_tx *tx;
	const struct ouv_id *item;
};

static enum ouv_err
emit_chunk(uint32_t n, const void *data, size_t len, void *user)
{
	struct chunk_target *target = user;

	return store_chunk_add(target->tx, target->item, (int)n, data, len);
}

enum ouv_err
casefile_raw(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_id *item, const uint8_t dek[OUV_KEY], const void *raw,
	size_t len, int64_t *padded_out)
{
	struct chunk_target target = { tx, item };
	struct ouv_stream_out *stream OUV_CLEANUP(ouv_stream_out_free) = NULL;
	struct ouv_context context;
	uint64_t padded;

	context_make(
		desk, OUV_KIND_RAW, OUV_COLUMN_NONE, NULL, item, 1, &context);
	stream = ouv_stream_out_new(&context, dek, emit_chunk, &target);
	TRY(ouv_stream_out_push(stream, raw, len));
	TRY(ouv_stream_out_end(&stream, NULL, &padded));
	*padded_out = (int64_t)padded;
	return OUV_OK;
}

void
casefile_capsule_seal(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct casefile *file, const struct ouv_str *text,
	struct store_capsule *capsule)
{
	uint8_t key[OUV_KEY];
	struct ouv_context context;

	capsule->key_version = file->version;
	ouv_random(key, sizeof(key));
	context_make(desk, OUV_KIND_CAPSULE, OUV_COLUMN_NONE, &file->id,
		&capsule->id, file->version, &context);
	ouv_blob_seal(arena, &context, key, text->p, text->len, &capsule->ct);
	context_make(desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_CPK, &file->id,
		&capsule->id, file->version, &context);
	ouv_seal_key(&context, file->cpk, key, capsule->box_case);
	context_make(desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_SVC, &file->id,
		&capsule->id, desk->svc_version, &context);
	ouv_seal_key(&context, desk->svc_public, key, capsule->box_svc);
	ouv_wipe(key, sizeof(key));
}

enum ouv_err
casefile_capsule(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct casefile *file,
	struct consumer *consumer)
{
	struct store_capsule capsule = { .id = ouv_id_new(),
		.case_id = file->id,
		.party = consumer->party,
		.has_svc = true,
		.main = consumer->main,
		.contact = consumer->contact };
	json_t *doc = json_pack("{s:s, s:s, s:s}", "name", consumer->name,
		"addr", consumer->addr, "lang", ouv_lang_tag(consumer->lang));
	char *text;

	if (consumer->lang_assumed)
		(void)json_object_set_new(doc, "assumed", json_true());
	if (consumer->postal != NULL && *consumer->postal != '\0')
		(void)json_object_set_new(
			doc, "postal", json_string(consumer->postal));
	text = json_dumps(doc, JSON_COMPACT);
	casefile_capsule_seal(desk, arena, file,
		&(struct ouv_str){ text, strlen(text) }, &capsule);
	ouv_wipe(text, strlen(text));
	free(text);
	json_decref(doc);
	consumer->capsule = capsule.id;
	return store_capsule_add(tx, &capsule);
}

enum ouv_err
casefile_party(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct casefile *file, const char *side,
	struct consumer *consumer)
{
	const struct ouv_office *office = desk->office;
	struct store_token token;

	consumer->party = ouv_id_new();
	TRY(store_party_add(tx, &consumer->party, &file->id, side));
	TRY(reply_code(desk, tx, &file->id, &consumer->party, 1, true,
		consumer->code));
	if (*consumer->addr == '\0') {
		consumer->by_post = true;
		TRY(store_party_by_post(tx, &consumer->party, true));
		return casefile_capsule(desk, tx, arena, file, consumer);
	}
	ident_make(office, "addr", ouv_mail_addr_fold(arena, consumer->addr),
		&token);
	TRY(store_ident_add(tx, &token, 1, &file->id, &consumer->party));
	return casefile_capsule(desk, tx, arena, file, consumer);
}

enum ouv_err
casefile_consumer(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct casefile *file,
	struct consumer *consumer)
{
	return casefile_party(desk, tx, arena, file, "consumer", consumer);
}
