/*
 * letter.c - from words to a letter that waits in the outbox
 *
 * The letter is rendered and composed once, here; what is sent later, and sent
 * again, are these bytes.  They lie in the case as an item; until they are
 * sent the gateway holds a key to them as well.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>

#include "desk_impl.h"
#include "ouv/log.h"

static UDateFormat *
open_format(enum ouv_lang lang, bool with_time)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar zone[64];
	const char *tz = getenv("TZ");
	UDateFormat *format;

	u_uastrncpy(zone, tz != NULL ? tz : "UTC", 63);
	zone[63] = 0;
	format = udat_open(with_time ? UDAT_SHORT : UDAT_NONE, UDAT_LONG,
		ouv_lang_tag(lang), zone, -1, NULL, 0, &status);
	return U_SUCCESS(status) ? format : NULL;
}

const char *
letter_when(struct ouv_arena *arena, enum ouv_lang lang, int64_t at, bool time)
{
	/* Opening one costs far more than using it; each thread keeps its
	 * own, since a format is not shared safely. */
	static _Thread_local UDateFormat *formats[OUV_LANG__COUNT][2];
	UDateFormat **format = &formats[lang][time];
	UErrorCode status = U_ZERO_ERROR;
	UChar wide[128];
	char out[384];
	int32_t len = 0;

	if (*format == NULL)
		*format = open_format(lang, time);
	if (*format != NULL)
		(void)udat_format(
			*format, (UDate)at * 1000, wide, 128, NULL, &status);
	if (*format == NULL || U_FAILURE(status))
		return "";
	(void)u_strToUTF8(out, sizeof(out), &len, wide, -1, &status);
	return U_SUCCESS(status) ? ouv_arena_strndup(arena, out, (size_t)len)
				 : "";
}

#define ANSWER_HOURS 24

int64_t
letter_due(const struct ouv_office *office, int64_t received_at)
{
	const struct ouv_calendar *calendar = &office->calendar.calendar;
	struct ouv_due due = { 0 };

	if (ouv_calendar_due(calendar, OUV_UNIT_HOURS, ANSWER_HOURS,
		    received_at, &due) == OUV_OK)
		return due.at;
	/* No mail waits because nobody wrote the next years down. */
	ouv_log_error("calendar %s ends in %d: no holidays are known",
		calendar->name, calendar->last_year);
	return received_at + (int64_t)ANSWER_HOURS * 3600;
}

/* The names every letter may use, beside its own. */
static void
add_office(const struct ouv_config *config, json_t *data)
{
	json_object_set_new(
		data, "office_name", json_string(config->office_name));
	json_object_set_new(
		data, "office_address", json_string(config->office_postal));
	json_object_set_new(
		data, "office_phone", json_string(config->office_phone));
	json_object_set_new(
		data, "has_phone", json_boolean(*config->office_phone));
	json_object_set_new(
		data, "office_site_url", json_string(config->office_site));
	json_object_set_new(
		data, "has_site", json_boolean(*config->office_site));
}

/* "Subject: ..." stands in the first line of a text template. */
static enum ouv_err
split_subject(struct ouv_arena *arena, struct ouv_str text,
	const char **subject_out, const char **body_out)
{
	static const char head[] = "Subject: ";
	const char *end = memchr(text.p, '\n', text.len);

	if (end == NULL || text.len < sizeof(head) ||
		memcmp(text.p, head, sizeof(head) - 1) != 0)
		return OUV_INVALID;
	*subject_out = ouv_arena_strndup(arena, text.p + sizeof(head) - 1,
		(size_t)(end - text.p) - (sizeof(head) - 1));
	end++;
	if (*end == '\n')
		end++;
	*body_out = ouv_arena_strndup(
		arena, end, text.len - (size_t)(end - text.p));
	return OUV_OK;
}

struct rendered {
	const char *subject, *text, *html;
};

static enum ouv_err
render(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct letter_out *letter, struct rendered *out)
{
	const char *tag = ouv_lang_tag(letter->lang);
	struct ouv_tmpl_error error = { 0 };
	struct ouv_str text, html;
	const char *name;
	enum ouv_err err;

	add_office(desk->office->config, letter->data);
	name = ouv_arena_printf(arena, "mail/%s.%s.txt", letter->template, tag);
	err = ouv_tmpl_render(arena, desk->office->templates, name,
		letter->data, &text, &error);
	if (err == OUV_OK) {
		name = ouv_arena_printf(
			arena, "mail/%s.%s.html", letter->template, tag);
		err = ouv_tmpl_render(arena, desk->office->templates, name,
			letter->data, &html, &error);
	}
	if (err == OUV_OK)
		err = split_subject(arena, text, &out->subject, &out->text);
	if (err != OUV_OK) {
		ouv_log_error(
			"template %s:%d: %s", name, error.line, error.what);
		return OUV_INVALID;
	}
	out->html = html.p;
	return OUV_OK;
}

/* What the console shows of it: the same document as for mail that came in. */
static struct ouv_str
make_doc(struct ouv_arena *arena, const struct ouv_letter *letter,
	struct ouv_str mime)
{
	struct ouv_mail_addr from = { letter->from_name, letter->from_addr };
	struct ouv_mail_addr to = { letter->to_name, letter->to_addr };
	struct ouv_mail mail = { .ok = true,
		.size = mime.len,
		.subject = letter->subject,
		.from = { 1, &from },
		.to = { 1, &to },
		.has_date = true,
		.date = letter->date,
		.message_id = letter->message_id,
		.auto_submitted = letter->auto_submitted,
		.text = letter->text,
		.text_source = OUV_TEXT_PLAIN,
		.reply_text = letter->text,
		.lang = "und",
		.kind = OUV_MAIL_OWN };
	struct ouv_buf doc;

	ouv_mail_sha256(mime.p, mime.len, mail.sha256);
	ouv_buf_init(&doc, arena, mime.len);
	ouv_mail_pack(&mail, &doc);
	return (struct ouv_str){ doc.data, doc.len };
}

/* RFC 5322 3.6.4: what the parent refers to, then the parent. */
static struct ouv_mail_ids
references(struct ouv_arena *arena, const struct letter_out *letter)
{
	struct ouv_mail_ids ids = letter->references;
	const char **list;

	if (letter->in_reply_to == NULL)
		return ids;
	list = ouv_arena_array(arena, ids.count + 1, sizeof(*list));
	for (size_t i = 0; i < ids.count; i++)
		list[i] = ids.list[i];
	list[ids.count++] = letter->in_reply_to;
	ids.list = list;
	return ids;
}

static enum ouv_err
compose(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct consumer *to, const struct letter_out *letter,
	const struct ouv_id *outbox, struct ouv_str *mime_out,
	struct ouv_str *doc_out)
{
	const struct ouv_office *office = desk->office;
	const struct ouv_config *config = office->config;
	char name[OUV_NAME_MAX];
	struct rendered words;
	struct ouv_letter mail = { .from_name = config->office_name,
		.from_addr = config->office_address,
		.to_name = to->name,
		.to_addr = to->addr,
		.in_reply_to = letter->in_reply_to,
		.references = references(arena, letter),
		.date = letter->now,
		.lang = ouv_lang_tag(letter->lang),
		.auto_submitted = letter->automatic ? "auto-replied" : NULL,
		.precedence_bulk = letter->automatic,
		.loop_id = office->loop_id };

	TRY(render(desk, arena, letter, &words));
	ouv_message_name(office->k_tok, "mid", outbox, name);
	mail.message_id =
		ouv_arena_printf(arena, "%s@%s", name, config->office_domain);
	mail.reply_to = ouv_arena_printf(arena, "%s+%s@%s",
		config->office_reply_local, to->code, config->office_domain);
	mail.subject = words.subject;
	mail.text = words.text;
	mail.html = words.html;
	TRY(ouv_letter_write(arena, &mail, mime_out));
	*doc_out = make_doc(arena, &mail, *mime_out);
	return OUV_OK;
}

enum ouv_err
letter_queue(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct casefile *file,
	const struct consumer *to, const struct letter_out *letter,
	struct ouv_id *outbox_out)
{
	uint8_t dek[OUV_KEY];
	struct ouv_context context;
	struct ouv_str mime, doc;
	struct store_item item = { .id = ouv_id_new(),
		.kind = letter->automatic ? OUV_ITEM_AUTO_OUT
					  : OUV_ITEM_MAIL_OUT,
		.lane = OUV_LANE_CONSUMER,
		.party = to->party,
		.author = letter->author,
		.at = letter->now };
	struct store_outbox out = { .id = ouv_id_new(),
		.case_id = file->id,
		.item = item.id,
		.capsule = to->capsule,
		.kind = letter->kind,
		.dedupe_key = letter->dedupe_key,
		.null_path = letter->automatic };

	TRY(compose(desk, arena, to, letter, &out.id, &mime, &doc));
	ouv_random(dek, sizeof(dek));
	TRY(casefile_raw(
		desk, tx, &item.id, dek, mime.p, mime.len, &item.raw_padded));
	TRY(casefile_item(desk, tx, arena, file, &item, dek, &doc));
	context_make(desk, OUV_KIND_ITEM_KEY, OUV_COLUMN_SVC, &file->id,
		&item.id, desk->svc_version, &context);
	ouv_seal_key(&context, desk->svc_public, dek, out.dek_box_svc);
	ouv_wipe(dek, sizeof(dek));
	TRY(store_outbox_add(tx, &out));
	*outbox_out = out.id;
	return OUV_OK;
}
