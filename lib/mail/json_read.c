/*
 * json_read.c - a mail's document back to its struct
 *
 * The document may come from a child that hostile bytes have taken over, so
 * every key is asked for its type, every number for its range, every word
 * for being one we know.  One doubt and the whole is refused.
 */
#include <string.h>

#include "internal.h"

struct reader {
	struct ouv_arena *arena;
	bool bad;
};

static const char *
string_of(struct reader *r, const json_t *value, bool may_be_null)
{
	const char *s = json_string_value(value);

	if (s != NULL && strlen(s) == json_string_length(value))
		return ouv_arena_strndup(
			r->arena, s, json_string_length(value));
	if (!may_be_null || !json_is_null(value))
		r->bad = true;
	return may_be_null ? NULL : "";
}

static const char *
must(struct reader *r, const json_t *object, const char *key)
{
	return string_of(r, json_object_get(object, key), false);
}

static const char *
may(struct reader *r, const json_t *object, const char *key)
{
	return string_of(r, json_object_get(object, key), true);
}

static bool
flag(struct reader *r, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	r->bad |= !json_is_boolean(value);
	return json_is_true(value);
}

static size_t
size(struct reader *r, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0) {
		r->bad = true;
		return 0;
	}
	return (size_t)json_integer_value(value);
}

/* An object's array, or an empty one; at most `most` long. */
static const json_t *
array(struct reader *r, const json_t *object, const char *key, size_t most)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_array(value) || json_array_size(value) > most) {
		r->bad = true;
		return NULL;
	}
	return value;
}

static const json_t *
object_in(struct reader *r, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	r->bad |= !json_is_object(value);
	return value;
}

#define LIST_MAX 10000

static const char **
strings(struct reader *r, const json_t *object, const char *key,
	size_t *count_out)
{
	const json_t *list = array(r, object, key, LIST_MAX);
	const char **out;

	*count_out = json_array_size(list);
	out = ouv_arena_array(r->arena, *count_out, sizeof(*out));
	for (size_t i = 0; i < *count_out; i++)
		out[i] = string_of(r, json_array_get(list, i), false);
	return out;
}

static struct ouv_mail_ids
ids(struct reader *r, const json_t *object, const char *key)
{
	struct ouv_mail_ids out;

	out.list = strings(r, object, key, &out.count);
	return out;
}

static struct ouv_mail_addr
address(struct reader *r, const json_t *object)
{
	return (struct ouv_mail_addr){ must(r, object, "name"),
		must(r, object, "addr") };
}

static struct ouv_mail_addrs
addresses(struct reader *r, const json_t *object, const char *key)
{
	const json_t *list = array(r, object, key, LIST_MAX);
	struct ouv_mail_addrs out;

	out.count = json_array_size(list);
	out.list = ouv_arena_array(r->arena, out.count, sizeof(*out.list));
	for (size_t i = 0; i < out.count; i++)
		out.list[i] = address(r, json_array_get(list, i));
	return out;
}

/* The index of a word in a table; what is not in it is refused. */
static int
word(struct reader *r, const json_t *object, const char *key,
	const char *const *names, int count)
{
	const char *value = must(r, object, key);

	for (int i = 0; i < count; i++)
		if (names[i] != NULL && strcmp(value, names[i]) == 0)
			return i;
	r->bad = true;
	return 0;
}

static void
sha256(struct reader *r, const json_t *object, char hex_out[65])
{
	const char *hex = must(r, object, "sha256");

	if (strlen(hex) != 64 || strspn(hex, "0123456789abcdef") != 64) {
		r->bad = true;
		return;
	}
	memcpy(hex_out, hex, 65);
}

static void
headers(struct reader *r, const json_t *doc, struct ouv_mail *mail)
{
	const json_t *h = object_in(r, doc, "headers");
	const char *date = may(r, h, "date");

	mail->subject = must(r, h, "subject");
	mail->from = addresses(r, h, "from");
	mail->sender = addresses(r, h, "sender");
	mail->reply_to = addresses(r, h, "reply_to");
	mail->to = addresses(r, h, "to");
	mail->cc = addresses(r, h, "cc");
	mail->has_date = date != NULL;
	if (date != NULL)
		r->bad |= !mail_date(
			(struct ouv_str){ date, strlen(date) }, &mail->date);
	mail->message_id = may(r, h, "message_id");
	mail->in_reply_to = ids(r, h, "in_reply_to");
	mail->references = ids(r, h, "references");
	mail->return_path = may(r, h, "return_path");
	mail->auto_submitted = may(r, h, "auto_submitted");
	mail->list_id = may(r, h, "list_id");
}

static void
attachment(struct reader *r, const json_t *one, struct ouv_mail_part *part)
{
	static const char *const dispositions[] = { "attachment", "inline" };
	size_t index;

	part->filename = may(r, one, "filename");
	part->content_type = must(r, one, "content_type");
	part->size = size(r, one, "size");
	sha256(r, one, part->sha256);
	part->inline_ = word(r, one, "disposition", dispositions, 2) == 1;
	part->content_id = may(r, one, "content_id");
	part->from_tnef = flag(r, one, "from_tnef");
	part->offset = size(r, one, "offset");
	part->length = size(r, one, "length");
	part->encoding = (enum ouv_mail_encoding)word(r, one, "encoding",
		mail_encoding_names, OUV_MAIL_ENCODING__COUNT);
	index = size(r, one, "index");
	r->bad |= index >= MAIL_TNEF_MAX;
	part->index = index < MAIL_TNEF_MAX ? (int)index : 0;
	/* a name that could leave the folder it is written to */
	r->bad |= part->filename != NULL &&
		  strpbrk(part->filename, "/\\\n\r") != NULL;
}

static void
attachments(struct reader *r, const json_t *doc, struct ouv_mail *mail)
{
	const json_t *list = array(r, doc, "attachments", LIST_MAX);

	mail->part_count = json_array_size(list);
	mail->parts = ouv_arena_array(
		r->arena, mail->part_count, sizeof(*mail->parts));
	for (size_t i = 0; i < mail->part_count; i++) {
		struct ouv_mail_part *part = &mail->parts[i];

		attachment(r, json_array_get(list, i), part);
		r->bad |= part->offset > mail->size ||
			  part->length > mail->size - part->offset;
	}
}

static void
dsn(struct reader *r, const json_t *doc, struct ouv_mail *mail)
{
	const json_t *d = json_object_get(doc, "dsn");
	const json_t *hard, *list;

	mail->dsn_hard = -1;
	if (json_is_null(d))
		return;
	r->bad |= !json_is_object(d);
	mail->has_dsn = true;
	hard = json_object_get(d, "hard");
	r->bad |= !json_is_boolean(hard) && !json_is_null(hard);
	if (json_is_boolean(hard))
		mail->dsn_hard = json_is_true(hard);
	list = array(r, d, "recipients", LIST_MAX);
	mail->dsn_count = json_array_size(list);
	mail->dsn =
		ouv_arena_array(r->arena, mail->dsn_count, sizeof(*mail->dsn));
	for (size_t i = 0; i < mail->dsn_count; i++) {
		const json_t *one = json_array_get(list, i);

		mail->dsn[i].addr = must(r, one, "addr");
		mail->dsn[i].action = must(r, one, "action");
		mail->dsn[i].status = must(r, one, "status");
		mail->dsn[i].cause = must(r, one, "cause");
	}
	mail->dsn_original_id = may(r, d, "original_message_id");
}

static void
forward(struct reader *r, const json_t *doc, struct ouv_mail *mail)
{
	const json_t *f = json_object_get(doc, "forward");

	if (json_is_null(f))
		return;
	r->bad |= !json_is_object(f);
	mail->has_forward = true;
	mail->forward.from = address(r, json_object_get(f, "from"));
	mail->forward.subject = must(r, f, "subject");
}

/* A day, or nothing. */
static const char *
day(struct reader *r, const json_t *object, const char *key)
{
	const char *s = may(r, object, key);

	if (s != NULL && (strlen(s) != 10 || strspn(s, "0123456789-") != 10))
		r->bad = true;
	return s;
}

static void
absence(struct reader *r, const json_t *doc, struct ouv_mail *mail)
{
	const json_t *a = json_object_get(doc, "absence");

	if (json_is_null(a))
		return;
	r->bad |= !json_is_object(a);
	mail->has_absence = true;
	mail->absence.from = day(r, a, "from");
	mail->absence.until = day(r, a, "until");
	mail->absence.back = day(r, a, "back");
	mail->absence.instead = addresses(r, a, "instead");
}

static void
meaning(struct reader *r, const json_t *doc, struct ouv_mail *mail)
{
	const char *names[OUV_MAIL_CLASS__COUNT];
	const json_t *class = object_in(r, doc, "class");
	const json_t *actions = object_in(r, doc, "actions");
	const json_t *thread = object_in(r, doc, "thread");

	for (int i = 0; i < OUV_MAIL_CLASS__COUNT; i++)
		names[i] = ouv_mail_class_name((enum ouv_mail_class)i);
	mail->kind = (enum ouv_mail_class)word(
		r, class, "kind", names, OUV_MAIL_CLASS__COUNT);
	mail->reasons.list = strings(r, class, "reasons", &mail->reasons.count);
	mail->may_case = flag(r, actions, "case");
	mail->may_ack = flag(r, actions, "ack");
	mail->may_ooo = flag(r, actions, "ooo");
	mail->token = may(r, thread, "token");
	(void)flag(r, thread, "token_valid");
	mail->thread_ids = ids(r, thread, "ids");
	mail->subject_tag = may(r, thread, "subject_tag");
	mail->delivered_to = addresses(r, doc, "delivered_to");
	mail->auth_results = may(r, doc, "auth_results");
	mail->tokens = ids(r, doc, "tokens");
	mail->verp = may(r, doc, "verp");
}

enum ouv_err
ouv_mail_from_json(
	struct ouv_arena *arena, const json_t *doc, struct ouv_mail *mail_out)
{
	struct reader r = { .arena = arena };
	struct ouv_mail mail;

	memset(&mail, 0, sizeof(mail));
	if (!json_is_object(doc) ||
		strcmp(must(&r, doc, "schema"), MAIL_SCHEMA) != 0)
		return OUV_INVALID;
	mail.ok = flag(&r, doc, "ok");
	mail.size = size(&r, doc, "size");
	sha256(&r, doc, mail.sha256);
	mail.defects.list = strings(&r, doc, "defects", &mail.defects.count);
	headers(&r, doc, &mail);
	mail.text = must(&r, doc, "text");
	mail.text_source = word(&r, doc, "text_source", mail_source_names, 3);
	if (json_object_get(doc, "html_text") != NULL)
		mail.html_text = must(&r, doc, "html_text");
	if (json_object_get(doc, "page") != NULL)
		mail.has_page = flag(&r, doc, "page");
	mail.reply_text = must(&r, doc, "reply_text");
	mail.lang = must(&r, doc, "lang");
	attachments(&r, doc, &mail);
	meaning(&r, doc, &mail);
	dsn(&r, doc, &mail);
	mail.marks.list = strings(&r, doc, "marks", &mail.marks.count);
	forward(&r, doc, &mail);
	absence(&r, doc, &mail);
	if (r.bad)
		return OUV_INVALID;
	*mail_out = mail;
	return OUV_OK;
}
