/*
 * checkpoint_mail.c - the newest checkpoints as a mail, for people outside
 *
 * Whoever has the database and the programs can cut the log and begin again; a
 * mail that somebody else keeps he does not have.
 */
#include <string.h>
#include <time.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/history.h"
#include "ouv/log.h"

#define CHECKPOINTS_MOST                                     \
	200 /* runs of programs; the rest with the next mail \
	     */
#define KEEPERS_MOST 8

static void
set_hex(json_t *one, const char *key, const uint8_t *bytes, size_t len)
{
	char hex[2 * 64 + 1];

	ouv_hex(bytes, len, hex);
	json_object_set_new(one, key, json_string(hex));
}

static void
set_number(json_t *one, const char *key, int64_t number)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)number);
	json_object_set_new(one, key, json_string(text));
}

static json_t *
describe(const struct store_checkpoint *c)
{
	json_t *one = json_object();
	time_t at = (time_t)(c->at_us / 1000000);
	char text[32] = "";
	struct tm tm;

	if (gmtime_r(&at, &tm) != NULL)
		(void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	json_object_set_new(one, "at", json_string(text));
	json_object_set_new(one, "kind", json_string(c->kind));
	set_number(one, "n", c->n);
	set_number(one, "at_us", c->at_us);
	set_number(one, "signer_seq", c->signer_seq);
	set_number(one, "events", c->events);
	set_hex(one, "signer", c->signer.b, sizeof(c->signer.b));
	set_hex(one, "root", c->root, sizeof(c->root));
	set_hex(one, "prev", c->prev, sizeof(c->prev));
	set_hex(one, "sig_a", c->sig, 32);
	set_hex(one, "sig_b", c->sig + 32, 32);
	return one;
}

/* The first line is the subject. */
static enum ouv_err
render(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct store_checkpoint *rows, size_t count,
	const char **subject_out, const char **text_out)
{
	struct ouv_tmpl_error error = { 0 };
	json_t *data = json_object(), *list = json_array();
	struct ouv_str text;
	const char *end;
	enum ouv_err err;

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, describe(&rows[i]));
	json_object_set_new(data, "checkpoints", list);
	set_number(data, "count", (int64_t)count);
	err = ouv_tmpl_render(arena, desk->office->templates,
		"audit/checkpoint.txt", data, &text, &error);
	json_decref(data);
	if (err != OUV_OK) {
		ouv_log_error("template %s:%d: %s", error.template, error.line,
			error.what);
		return OUV_INVALID;
	}
	end = memchr(text.p, '\n', text.len);
	if (end == NULL)
		return OUV_INVALID;
	*subject_out = ouv_arena_strndup(arena, text.p, (size_t)(end - text.p));
	*text_out = ouv_arena_strndup(
		arena, end + 1, text.len - (size_t)(end + 1 - text.p));
	return OUV_OK;
}

/* "a@b.example, c@d.example" */
static enum ouv_err
keepers(const struct ouv_config *config, struct ouv_arena *arena,
	const char **list, size_t *count_out)
{
	const char *at = config->audit_mail_to;
	size_t n = 0;

	for (;;) {
		size_t len;

		at += strspn(at, ", \t");
		if (*at == '\0')
			break;
		len = strcspn(at, ", \t");
		list[n] = ouv_arena_strndup(arena, at, len);
		at += len;
		if (!ouv_mail_addr_ok(list[n])) {
			ouv_log_error(
				"[audit] mail_to: %s is no address", list[n]);
			return OUV_INVALID;
		}
		if (++n == KEEPERS_MOST)
			break;
	}
	*count_out = n;
	return OUV_OK;
}

struct rows {
	struct store_checkpoint *list;
	size_t count;
};

static enum ouv_err
compose(struct ouv_desk *desk, struct ouv_arena *arena, const char *to,
	const char *subject, const char *text, struct ouv_str *mime_out)
{
	const struct ouv_config *config = desk->office->config;
	struct ouv_id id = ouv_id_new();
	char hex[OUV_ID_HEX];
	struct ouv_letter mail = { .from_name = config->office_name,
		.from_addr = config->office_address,
		.to_name = "",
		.to_addr = to,
		.date = ouv_clock_now(),
		.lang = "en",
		.subject = subject,
		.text = text,
		.auto_submitted = "auto-generated",
		.loop_id = desk->office->loop_id };

	ouv_id_hex(&id, hex);
	mail.message_id = ouv_arena_printf(
		arena, "log.%s@%s", hex, config->office_domain);
	return ouv_letter_write(arena, &mail, mime_out);
}

enum ouv_err
ouv_desk_checkpoint_mail(struct ouv_desk *desk, struct ouv_arena *arena,
	struct ouv_checkpoint_mail *mail_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct rows *rows = ouv_arena_alloc(arena, sizeof(*rows));
	const char *list[KEEPERS_MOST], *subject, *text;
	struct ouv_checkpoint_mail mail = { .rows = rows };

	TRY(keepers(desk->office->config, arena, list, &mail.to_count));
	TRY(store_begin(desk->store, &tx));
	TRY(store_checkpoints_unmailed(
		tx, arena, CHECKPOINTS_MOST, &rows->list, &rows->count));
	TRY(store_commit(&tx));
	mail.count = rows->count;
	if (mail.count > 0 && mail.to_count > 0) {
		TRY(render(
			desk, arena, rows->list, rows->count, &subject, &text));
		mail.mails = ouv_arena_array(
			arena, mail.to_count, sizeof(*mail.mails));
		for (size_t i = 0; i < mail.to_count; i++) {
			mail.mails[i].to = list[i];
			TRY(compose(desk, arena, list[i], subject, text,
				&mail.mails[i].mime));
		}
	}
	*mail_out = mail;
	return OUV_OK;
}

enum ouv_err
ouv_desk_checkpoints_mailed(
	struct ouv_desk *desk, const struct ouv_checkpoint_mail *mail)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct rows *rows = mail->rows;

	TRY(store_begin(desk->store, &tx));
	for (size_t i = 0; i < rows->count; i++)
		TRY(store_checkpoint_mailed(
			tx, &rows->list[i].signer, rows->list[i].n));
	return store_commit(&tx);
}
