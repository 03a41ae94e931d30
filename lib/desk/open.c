/*
 * open.c - opening sealed rows with a person's own keys
 */
#include <string.h>
#include <jansson.h>

#include "desk_impl.h"
#include "together.h"

enum ouv_err
read_capsule(struct ouv_arena *arena, const struct ouv_context *key_context,
	const uint8_t key[OUV_KEY], const struct store_capsule *capsule,
	struct consumer *consumer_out)
{
	struct ouv_context context = *key_context;
	const char *name, *addr, *lang, *postal = "";
	int assumed = 0;
	struct ouv_str text;
	json_t *doc;

	context.kind = OUV_KIND_CAPSULE;
	context.column = OUV_COLUMN_NONE;
	context.version = (uint32_t)capsule->key_version;
	TRY(ouv_blob_open(
		arena, &context, key, capsule->ct.p, capsule->ct.len, &text));
	doc = json_loadb(text.p, text.len, 0, NULL);
	if (json_unpack(doc, "{s:s, s:s, s:s, s?b, s?s}", "name", &name, "addr",
		    &addr, "lang", &lang, "assumed", &assumed, "postal",
		    &postal) != 0) {
		json_decref(doc);
		return OUV_INVALID;
	}
	*consumer_out = (struct consumer){ .party = capsule->party,
		.capsule = capsule->id,
		.name = ouv_arena_strdup(arena, name),
		.addr = ouv_arena_strdup(arena, addr),
		.lang = ouv_lang_parse(lang, OUV_LANG_PT_BR),
		.lang_assumed = assumed != 0,
		.postal = ouv_arena_strdup(arena, postal),
		.by_post = capsule->by_post || *addr == '\0' };
	json_decref(doc);
	return OUV_OK;
}

enum ouv_err
open_capsule(struct ouv_arena *arena, const struct ouv_context *key_context,
	const uint8_t secret[OUV_KEY], const uint8_t *box,
	const struct store_capsule *capsule, struct consumer *consumer_out)
{
	uint8_t key[OUV_KEY];
	enum ouv_err err;

	TRY(ouv_open_key(key_context, secret, box, OUV_BOX, key));
	err = read_capsule(arena, key_context, key, capsule, consumer_out);
	ouv_wipe(key, sizeof(key));
	return err;
}

enum ouv_err
open_case(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	struct opened *opened_out)
{
	char protocol[OUV_PROTOCOL_MAX];
	const char *by_number = NULL;
	struct ouv_context context;
	struct store_grant grant;
	struct ouv_id id = { 0 };

	if (ouv_protocol_parse(number, protocol) == OUV_OK)
		by_number = protocol;
	else if (ouv_id_parse(number, &id) != OUV_OK)
		return OUV_NOT_FOUND;
	TRY(store_case_find(tx, arena, by_number, &id, &actor->person,
		&opened_out->c, &grant));
	TRY(grant_signed(desk, tx, &grant));
	context_make(desk, OUV_KIND_CASE_KEY, OUV_COLUMN_PERSON,
		&opened_out->c.id, &actor->person, opened_out->c.key_version,
		&context);
	return ouv_open_key(&context, actor->identity->box, grant.box,
		sizeof(grant.box), opened_out->csk);
}

enum ouv_err
open_again(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, int version, struct opened *opened)
{
	char number[OUV_ID_HEX];

	if (opened->c.key_version == version)
		return OUV_OK;
	ouv_wipe(opened->csk, sizeof(opened->csk));
	ouv_id_hex(&opened->c.id, number);
	return open_case(desk, tx, arena, actor, number, opened);
}

enum ouv_err
open_locked(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	struct opened *opened_out)
{
	TRY(open_case(desk, tx, arena, actor, number, opened_out));
	return open_lock(desk, tx, arena, actor, opened_out);
}

enum ouv_err
open_lock(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct opened *opened)
{
	struct store_case c;
	enum ouv_err err = store_case_lock(tx, arena, &opened->c.id, &c);
	bool back = false;

	if (err == OUV_OK)
		err = open_again(desk, tx, arena, actor, c.key_version, opened);
	if (err == OUV_OK)
		err = rekey_opening(desk, tx, arena, actor, opened);
	if (err == OUV_OK)
		err = address_back(desk, tx, arena, actor, opened, &back);
	if (err == OUV_OK && back)
		err = log_existing(desk, tx, arena, &opened->c.id,
			&actor->person, "address-back", &opened->c.id);
	if (err != OUV_OK)
		ouv_wipe(opened->csk, sizeof(opened->csk));
	return err;
}

enum ouv_err
open_item_key(struct ouv_desk *desk, const struct opened *opened,
	const struct store_item *item, uint8_t dek_out[OUV_KEY])
{
	struct ouv_context context;

	/* A row from before the case's new key is not put back. */
	if (item->key_version != opened->c.key_version)
		return OUV_REFUSED;
	context_make(desk, OUV_KIND_ITEM_KEY, OUV_COLUMN_CPK, &opened->c.id,
		&item->id, item->key_version, &context);
	return ouv_open_key(&context, opened->csk, item->dek_box,
		sizeof(item->dek_box), dek_out);
}

static enum ouv_err
take_piece(int n, const void *data, size_t len, void *user)
{
	(void)n; /* the stream itself refuses a wrong order */
	return ouv_stream_in_chunk(user, data, len);
}

enum ouv_err
open_raw(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *item, const uint8_t dek[OUV_KEY], bool transit,
	struct ouv_str *raw_out)
{
	struct ouv_context context;
	struct ouv_stream_in *stream;

	context_make(
		desk, OUV_KIND_RAW, OUV_COLUMN_NONE, NULL, item, 1, &context);
	stream = ouv_stream_in_new(arena, &context, dek);
	TRY(store_chunks(tx, item, transit, take_piece, stream));
	return ouv_stream_in_end(stream, raw_out);
}

enum ouv_err
open_body_by_key(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct store_item *item, const uint8_t dek[OUV_KEY],
	struct ouv_str *doc_out)
{
	struct ouv_context context;

	context_make(desk, OUV_KIND_ITEM_BODY, OUV_COLUMN_NONE, &item->case_id,
		&item->id, item->body_version, &context);
	return ouv_blob_open(
		arena, &context, dek, item->body.p, item->body.len, doc_out);
}

enum ouv_err
open_body(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct opened *opened, const struct store_item *item,
	uint8_t dek_out[OUV_KEY], struct ouv_str *doc_out)
{
	TRY(open_item_key(desk, opened, item, dek_out));
	return open_body_by_key(desk, arena, item, dek_out, doc_out);
}

/* An answer quotes our letter, with the page and the code that only its reader
 * is to have: whoever works here could act as them. */
static void
hide_secrets(
	struct ouv_desk *desk, struct ouv_arena *arena, struct ouv_mail *mail)
{
	mail->subject = link_hidden(desk, arena, mail->subject);
	mail->text = link_hidden(desk, arena, mail->text);
	mail->reply_text = link_hidden(desk, arena, mail->reply_text);
	mail->html_text = link_hidden(desk, arena, mail->html_text);
}

enum ouv_err
open_doc(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct opened *opened, const struct store_item *item,
	struct ouv_mail *mail_out)
{
	uint8_t dek[OUV_KEY] = { 0 };
	struct ouv_str text;
	enum ouv_err err;

	if (docs_find(desk, &opened->c.id, &item->id, mail_out))
		return OUV_OK;
	err = open_body(desk, arena, opened, item, dek, &text);
	ouv_wipe(dek, sizeof(dek));
	if (err == OUV_OK)
		err = ouv_mail_unpack(arena, text, mail_out);
	/* What a form held is the office's own: a code to be told, too. */
	if (err == OUV_OK &&
		(item->why == NULL || strcmp(item->why, "fields") != 0))
		hide_secrets(desk, arena, mail_out);
	if (err == OUV_OK)
		docs_keep(desk, arena, &opened->c.id, &item->id, mail_out);
	return err;
}

enum ouv_err
open_noted(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, note_fn *note)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct opened opened;
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	err = note(desk, tx, arena, actor, &opened);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	return err == OUV_OK ? store_commit(&tx) : err;
}
