/*
 * json.c - a mail's struct as a document (schema mailgw.parse/1)
 *
 * Written by the child that reads hostile bytes and by `ouvidoria-mailgw
 * parse`; how it is read back is in json_read.c.
 */
#include <string.h>
#include <time.h>

#include "internal.h"

/* Every string here is valid UTF-8 already; a stray one is repaired. */
static json_t *
text(const char *s)
{
	struct ouv_arena *scratch;
	struct ouv_str clean;
	json_t *out;

	if (s == NULL)
		return json_null();
	out = json_string(s);
	if (out != NULL)
		return out;
	scratch = ouv_arena_new(OUV_ARENA_WIPE);
	(void)mail_to_utf8(
		scratch, NULL, NULL, (struct ouv_str){ s, strlen(s) }, &clean);
	out = json_stringn(clean.p, clean.len);
	ouv_arena_free(&scratch);
	return out;
}

static json_t *
strings(const char *const *list, size_t count)
{
	json_t *out = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(out, text(list[i]));
	return out;
}

static json_t *
address(const struct ouv_mail_addr *addr)
{
	json_t *out = json_object();

	json_object_set_new(out, "name", text(addr->name));
	json_object_set_new(out, "addr", text(addr->addr));
	return out;
}

static json_t *
addresses(const struct ouv_mail_addrs *addrs)
{
	json_t *out = json_array();

	for (size_t i = 0; i < addrs->count; i++)
		json_array_append_new(out, address(&addrs->list[i]));
	return out;
}

static json_t *
date(const struct ouv_mail *mail)
{
	char line[40];
	struct tm tm;
	time_t at = (time_t)mail->date;

	if (!mail->has_date || gmtime_r(&at, &tm) == NULL)
		return json_null();
	(void)snprintf(line, sizeof(line), "%04d-%02d-%02dT%02d:%02d:%02dZ",
		tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec);
	return json_string(line);
}

static json_t *
headers(const struct ouv_mail *mail)
{
	json_t *out = json_object();

	json_object_set_new(out, "subject", text(mail->subject));
	json_object_set_new(out, "from", addresses(&mail->from));
	json_object_set_new(out, "sender", addresses(&mail->sender));
	json_object_set_new(out, "reply_to", addresses(&mail->reply_to));
	json_object_set_new(out, "to", addresses(&mail->to));
	json_object_set_new(out, "cc", addresses(&mail->cc));
	json_object_set_new(out, "date", date(mail));
	json_object_set_new(out, "message_id", text(mail->message_id));
	json_object_set_new(out, "in_reply_to",
		strings(mail->in_reply_to.list, mail->in_reply_to.count));
	json_object_set_new(out, "references",
		strings(mail->references.list, mail->references.count));
	json_object_set_new(out, "return_path", text(mail->return_path));
	json_object_set_new(out, "auto_submitted", text(mail->auto_submitted));
	json_object_set_new(out, "list_id", text(mail->list_id));
	return out;
}

const char *const mail_encoding_names[OUV_MAIL_ENCODING__COUNT] = {
	[OUV_MAIL_IDENTITY] = "identity",
	[OUV_MAIL_BASE64] = "base64",
	[OUV_MAIL_QP] = "quoted-printable",
	[OUV_MAIL_UUENCODE] = "uuencode",
	[OUV_MAIL_TNEF] = "tnef",
};

const char *const mail_source_names[3] = {
	[OUV_TEXT_NONE] = "none",
	[OUV_TEXT_PLAIN] = "plain",
	[OUV_TEXT_HTML] = "html",
};

static json_t *
attachments(const struct ouv_mail *mail)
{
	json_t *out = json_array();

	for (size_t i = 0; i < mail->part_count; i++) {
		const struct ouv_mail_part *part = &mail->parts[i];
		json_t *one = json_object();

		json_object_set_new(one, "filename", text(part->filename));
		json_object_set_new(
			one, "content_type", text(part->content_type));
		json_object_set_new(
			one, "size", json_integer((json_int_t)part->size));
		json_object_set_new(one, "sha256", text(part->sha256));
		json_object_set_new(one, "disposition",
			text(part->inline_ ? "inline" : "attachment"));
		json_object_set_new(one, "content_id", text(part->content_id));
		json_object_set_new(
			one, "from_tnef", json_boolean(part->from_tnef));
		json_object_set_new(
			one, "offset", json_integer((json_int_t)part->offset));
		json_object_set_new(
			one, "length", json_integer((json_int_t)part->length));
		json_object_set_new(one, "encoding",
			text(mail_encoding_names[part->encoding]));
		json_object_set_new(one, "index", json_integer(part->index));
		json_array_append_new(out, one);
	}
	return out;
}

static json_t *class(const struct ouv_mail *mail)
{
	json_t *out = json_object();

	json_object_set_new(out, "kind", text(ouv_mail_class_name(mail->kind)));
	json_object_set_new(out, "reasons",
		strings(mail->reasons.list, mail->reasons.count));
	return out;
}

static json_t *
actions(const struct ouv_mail *mail)
{
	json_t *out = json_object();

	json_object_set_new(out, "case", json_boolean(mail->may_case));
	json_object_set_new(out, "ack", json_boolean(mail->may_ack));
	json_object_set_new(out, "ooo", json_boolean(mail->may_ooo));
	return out;
}

static json_t *
dsn(const struct ouv_mail *mail)
{
	json_t *out, *list;

	if (!mail->has_dsn)
		return json_null();
	out = json_object();
	list = json_array();
	json_object_set_new(out, "hard",
		mail->dsn_hard < 0 ? json_null()
				   : json_boolean(mail->dsn_hard != 0));
	for (size_t i = 0; i < mail->dsn_count; i++) {
		json_t *one = json_object();

		json_object_set_new(one, "addr", text(mail->dsn[i].addr));
		json_object_set_new(one, "action", text(mail->dsn[i].action));
		json_object_set_new(one, "status", text(mail->dsn[i].status));
		json_object_set_new(one, "cause", text(mail->dsn[i].cause));
		json_array_append_new(list, one);
	}
	json_object_set_new(out, "recipients", list);
	json_object_set_new(
		out, "original_message_id", text(mail->dsn_original_id));
	return out;
}

static json_t *
forward(const struct ouv_mail *mail)
{
	json_t *out;

	if (!mail->has_forward)
		return json_null();
	out = json_object();
	json_object_set_new(out, "from", address(&mail->forward.from));
	json_object_set_new(out, "subject", text(mail->forward.subject));
	return out;
}

static json_t *
absence(const struct ouv_mail *mail)
{
	const struct ouv_mail_absence *a = &mail->absence;
	json_t *out;

	if (!mail->has_absence)
		return json_null();
	out = json_object();
	json_object_set_new(out, "from", text(a->from));
	json_object_set_new(out, "until", text(a->until));
	json_object_set_new(out, "back", text(a->back));
	json_object_set_new(out, "instead", addresses(&a->instead));
	return out;
}

/* Whether a token is one of ours only the holder of the key can say. */
static json_t *
thread(const struct ouv_mail *mail)
{
	json_t *out = json_object();

	json_object_set_new(out, "token", text(mail->token));
	json_object_set_new(out, "token_valid", json_false());
	json_object_set_new(out, "ids",
		strings(mail->thread_ids.list, mail->thread_ids.count));
	json_object_set_new(out, "subject_tag", text(mail->subject_tag));
	return out;
}

json_t *
ouv_mail_to_json(const struct ouv_mail *mail)
{
	json_t *out = json_object();

	json_object_set_new(out, "schema", json_string(MAIL_SCHEMA));
	json_object_set_new(out, "ok", json_boolean(mail->ok));
	json_object_set_new(out, "size", json_integer((json_int_t)mail->size));
	json_object_set_new(out, "sha256", text(mail->sha256));
	json_object_set_new(out, "defects",
		strings(mail->defects.list, mail->defects.count));
	json_object_set_new(out, "headers", headers(mail));
	json_object_set_new(out, "text", text(mail->text));
	json_object_set_new(
		out, "text_source", text(mail_source_names[mail->text_source]));
	if (mail->html_text != NULL)
		json_object_set_new(out, "html_text", text(mail->html_text));
	if (mail->has_page)
		json_object_set_new(out, "page", json_true());
	json_object_set_new(out, "reply_text", text(mail->reply_text));
	json_object_set_new(out, "lang", text(mail->lang));
	json_object_set_new(out, "attachments", attachments(mail));
	json_object_set_new(out, "class", class(mail));
	json_object_set_new(out, "actions", actions(mail));
	json_object_set_new(out, "dsn", dsn(mail));
	json_object_set_new(out, "thread", thread(mail));
	json_object_set_new(
		out, "delivered_to", addresses(&mail->delivered_to));
	json_object_set_new(out, "auth_results", text(mail->auth_results));
	json_object_set_new(
		out, "tokens", strings(mail->tokens.list, mail->tokens.count));
	json_object_set_new(out, "verp", text(mail->verp));
	json_object_set_new(
		out, "marks", strings(mail->marks.list, mail->marks.count));
	json_object_set_new(out, "forward", forward(mail));
	json_object_set_new(out, "absence", absence(mail));
	return out;
}
