/*
 * verb_reply.c - a letter in a colleague's own words to the consumer
 */
#include <stdio.h>
#include <string.h>

#include "desk_impl.h"

#define SUBJECT_MOST 200
#define TEXT_MOST 20000

static enum ouv_err
check_fields(struct verb_call *call)
{
	const char *subject = verb_field(call, "subject");
	const char *text = verb_field(call, "text");

	if (strspn(subject, " \t\r\n") == strlen(subject))
		verb_error(call, "subject", "empty");
	else if (strlen(subject) > SUBJECT_MOST)
		verb_error(call, "subject", "too-long");
	else if (strpbrk(subject, "\r\n") != NULL)
		verb_error(call, "subject", "line-break");
	if (strspn(text, " \t\r\n") == strlen(text))
		verb_error(call, "text", "empty");
	else if (strlen(text) > TEXT_MOST)
		verb_error(call, "text", "too-long");
	return call->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

/* Paragraphs are separated by an empty line; lines inside are kept. */
static json_t *
paragraphs(const char *text)
{
	json_t *list = json_array(), *lines = NULL;

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		size_t kept = len;

		while (kept > 0 && strchr(" \t\r", text[kept - 1]) != NULL)
			kept--;
		if (kept == 0) {
			lines = NULL;
		} else {
			if (lines == NULL) {
				lines = json_array();
				(void)json_array_append_new(list,
					json_pack("{s:o}", "lines", lines));
			}
			(void)json_array_append_new(
				lines, json_pack("{s:s%}", "text", text, kept));
		}
		text += len;
		if (*text == '\n')
			text++;
	}
	return list;
}

static enum ouv_err
find_consumer(struct verb_call *call, struct consumer *consumer_out)
{
	struct store_capsule *capsules;
	struct ouv_context context;
	size_t count;
	int version;

	TRY(store_capsules(
		call->tx, call->arena, &call->opened->c.id, &capsules, &count));
	if (count == 0)
		return OUV_REFUSED; /* nobody to write to */
	context_make(call->desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_CPK,
		&call->opened->c.id, &capsules[0].id, capsules[0].key_version,
		&context);
	TRY(open_capsule(call->arena, &context, call->opened->csk,
		capsules[0].box_case, &capsules[0], consumer_out));
	TRY(store_party_consumer(
		call->tx, &call->opened->c.id, &consumer_out->party, &version));
	ouv_code_make(call->desk->office->k_tok, &call->opened->c.id,
		&consumer_out->party, (uint32_t)version, consumer_out->code);
	return OUV_OK;
}

/* The thread of the consumer's last message, so that their mail program puts
 * our answer beside it. */
static enum ouv_err
find_thread(struct verb_call *call, struct letter_out *letter)
{
	struct store_item_row *rows;
	struct ouv_mail mail;
	size_t count;

	TRY(store_items(
		call->tx, call->arena, &call->opened->c.id, &rows, &count));
	for (size_t i = count; i-- > 0;) {
		if (rows[i].item.kind != OUV_ITEM_MAIL_IN ||
			open_doc(call->desk, call->arena, call->opened,
				&rows[i].item, &mail) != OUV_OK)
			continue;
		letter->in_reply_to = mail.message_id;
		letter->references = mail.references;
		return OUV_OK;
	}
	return OUV_OK;
}

static enum ouv_err
run(struct verb_call *call)
{
	const struct ouv_actor *actor = call->actor;
	struct consumer consumer;
	char hex[OUV_ID_HEX];
	struct ouv_id id = ouv_id_new();
	struct letter_out letter = { .template = "letter",
		.kind = "reply",
		.author = actor->person,
		.now = call->now };
	enum ouv_err err;
	json_t *data;

	TRY(check_fields(call));
	TRY(find_consumer(call, &consumer));
	TRY(find_thread(call, &letter));
	letter.lang = consumer.lang;
	ouv_id_hex(&id, hex);
	letter.dedupe_key = ouv_arena_printf(call->arena, "reply:%s", hex);
	letter.data = data = json_pack("{s:s, s:s, s:b, s:s, s:o, s:s}",
		"protocol",
		call->opened->c.protocol != NULL ? call->opened->c.protocol
						 : "",
		"name", consumer.name, "has_name", *consumer.name != '\0',
		"subject", verb_field(call, "subject"), "paragraphs",
		paragraphs(verb_field(call, "text")), "author_name",
		actor->name);
	if (data == NULL)
		return OUV_INVALID;
	json_object_set_new(
		data, "author_role", json_string(ouv_role_name(actor->role)));
	for (int i = 0; i < OUV_ROLE__COUNT; i++)
		json_object_set_new(data,
			ouv_arena_printf(call->arena, "is_%s",
				ouv_role_name((enum ouv_role)i)),
			json_boolean((int)actor->role == i));
	err = letter_queue(call->desk, call->tx, call->arena, call->file,
		&consumer, &letter, &call->object);
	json_decref(data);
	if (err != OUV_OK)
		return err;
	TRY(store_case_touch(call->tx, &call->file->id, 1, call->now));
	return store_outbox_notify(call->tx);
}

const struct verb verb_reply = { "reply", OUV_ACTION_REPLY, run, true };
