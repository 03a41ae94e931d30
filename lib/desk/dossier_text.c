/*
 * dossier_text.c - the texts of a case file: one message, its README, its
 * manifest, in the recipient's language
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dossier.h"
#include "ouv/log.h"
#include "release.h"

/* ---- rendering -------------------------------------------------------------
 */

enum ouv_err
dossier_render(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_copy *copy, const char *name, const json_t *data,
	struct ouv_str *out)
{
	struct ouv_tmpl_error error = { 0 };
	enum ouv_err err = ouv_tmpl_render(arena, desk->office->templates,
		ouv_arena_printf(arena, "casefile/%s.%s.txt", name,
			ouv_lang_tag(copy->lang)),
		data, out, &error);

	if (err == OUV_OK)
		return OUV_OK;
	ouv_log_error(
		"template %s:%d: %s", error.template, error.line, error.what);
	return OUV_INVALID;
}

const char *
dossier_moment(struct ouv_arena *arena, const struct ouv_copy *copy, int64_t at)
{
	char text[OUV_TEXT_WHEN_MAX] = "";

	if (at != 0 && !ouv_text_when(copy->lang, OUV_TEXT_MOMENT, at, text))
		text[0] = '\0';
	return ouv_arena_strdup(arena, text);
}

static const char *
iso(struct ouv_arena *arena, int64_t at)
{
	time_t t = (time_t)at;
	char text[32] = "";
	struct tm tm;

	if (at != 0 && gmtime_r(&t, &tm) != NULL)
		(void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return ouv_arena_strdup(arena, text);
}

static void
set_flag(json_t *data, const char *name, bool value)
{
	(void)json_object_set_new(data, name, json_boolean(value));
}

/* NAME and has_NAME; on one line, whatever it was. */
void
dossier_line(json_t *data, const char *name, const char *text)
{
	char has[64], *one = strdup(text != NULL ? text : "");

	if (one == NULL)
		abort();
	for (char *p = one; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = ' ';
	(void)snprintf(has, sizeof(has), "has_%s", name);
	(void)json_object_set_new(data, name, json_string(one));
	set_flag(data, has, *one != '\0');
	free(one);
}

/* A flag for each of these words, so that a text can say it in its own. */
void
dossier_word(json_t *data, const char *prefix, const char *const *words,
	const char *value)
{
	for (; *words != NULL; words++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "%s_%s", prefix, *words);
		for (char *p = name; *p != '\0'; p++)
			*p = *p == '-' ? '_' : *p;
		set_flag(data, name, strcmp(*words, value) == 0);
	}
}

/* clang-format off */
static const char *const people[] = { "consumer", "company", "office", "other",
	NULL };
/* clang-format on */

json_t *
dossier_values(const struct ouv_desk *desk, const struct ouv_copy *copy)
{
	const struct dossier *d = copy->dossier;
	const struct dossier_ask *ask = &d->ask;
	json_t *data = json_object();

	dossier_line(data, "protocol", copy->protocol);
	dossier_line(data, "whom", ask->whom);
	dossier_line(data, "purpose", ask->purpose);
	dossier_line(data, "by", d->by);
	dossier_line(data, "from", ask->from);
	dossier_line(data, "until", ask->until);
	dossier_word(
		data, "for", dossier_for_names, dossier_for_names[ask->who]);
	set_flag(data, "is_party", dossier_is_party(ask));
	set_flag(data, "has_lane_consumer",
		(ask->lanes & 1U << OUV_LANE_CONSUMER) != 0);
	set_flag(data, "has_lane_company",
		(ask->lanes & 1U << OUV_LANE_COMPANY) != 0);
	set_flag(data, "has_lane_internal",
		(ask->lanes & 1U << OUV_LANE_INTERNAL) != 0);
	set_flag(data, "has_notes", ask->notes);
	set_flag(data, "has_log", ask->log);
	set_flag(data, "is_masked", ask->masked);
	set_flag(data, "has_pdf", d->press != NULL);
	copy_when(data, "made", copy->lang, OUV_TEXT_MOMENT, copy->made_at);
	copy_when(data, "opened", copy->lang, OUV_TEXT_MOMENT, d->opened_at);
	copy_when(data, "closed", copy->lang, OUV_TEXT_MOMENT, d->closed_at);
	dossier_line(data, "consumer_name", d->consumer_name);
	dossier_line(data, "consumer_addr", d->consumer_addr);
	dossier_line(data, "company", d->company);
	letter_office(desk->office->config, data);
	return data;
}

/* ---- one message -----------------------------------------------------------
 */

void
dossier_head(const struct ouv_copy *copy, const struct dossier_entry *e,
	json_t *data)
{
	(void)json_object_set_new(data, "number", json_integer(e->n));
	copy_when(data, "at", copy->lang, OUV_TEXT_MOMENT, e->at);
	copy_when(data, "sent", copy->lang, OUV_TEXT_MOMENT, e->sent_at);
	dossier_word(data, "from", people, e->from);
	dossier_word(data, "to", people, e->to);
	dossier_line(data, "from_name", e->from_name);
	dossier_line(data, "from_addr", e->from_addr);
	dossier_line(data, "to_name", e->to_name);
	dossier_line(data, "to_addr", e->to_addr);
	dossier_line(data, "author", e->author);
	dossier_line(data, "subject", e->subject);
	dossier_line(data, "path", e->path);
	set_flag(data, "is_lost", e->how == DOSSIER_LOST);
	set_flag(data, "is_released", e->how == DOSSIER_RELEASED);
	set_flag(data, "is_masked_here", e->how == DOSSIER_MASKED);
	set_flag(data, "is_note", e->how == DOSSIER_NOTE);
	set_flag(data, "is_automatic",
		e->kind == OUV_ITEM_AUTO_IN || e->kind == OUV_ITEM_AUTO_OUT);
	set_flag(data, "is_unread", e->kind == OUV_ITEM_UNPARSED);
}

const char *
dossier_mail_words(struct ouv_desk *desk, struct ouv_copy *copy,
	struct dossier_entry *e, struct ouv_arena *arena,
	const struct ouv_mail *mail)
{
	const char *text = mail->text != NULL ? mail->text : "";

	if (e->how == DOSSIER_RAW)
		return text;
	if (e->how == DOSSIER_RELEASED)
		text = release_words(desk, arena, mail);
	else if (e->how == DOSSIER_MASKED && copy->dossier->mask == NULL)
		text = link_hidden(desk, arena, text);
	return mask_words(copy->dossier->mask, desk, arena, text, &e->masked);
}

enum ouv_err
dossier_words(struct ouv_desk *desk, struct ouv_copy *copy, struct copy_file *f,
	struct ouv_arena *arena, const struct ouv_mail *mail,
	const char **text_out)
{
	json_t *data = json_object();
	struct ouv_str head;
	enum ouv_err err;

	dossier_head(copy, f->entry, data);
	err = dossier_render(desk, arena, copy, "message", data, &head);
	json_decref(data);
	if (err != OUV_OK)
		return err;
	*text_out = ouv_arena_printf(arena, "%.*s\n%s\n", (int)head.len, head.p,
		dossier_mail_words(desk, copy, f->entry, arena, mail));
	return OUV_OK;
}

/* ---- what was left out -----------------------------------------------------
 */

static void
add_left(json_t *list, const char *why, int count, bool told)
{
	json_t *one;

	if (count == 0 && told)
		return;
	one = json_pack("{s:s, s:i, s:b}", "why", why, "count", count,
		"is_counted", count > 0);
	for (const char *const *w = dossier_left_names; *w != NULL; w++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "is_%s", *w);
		for (char *p = name; *p != '\0'; p++)
			*p = *p == '-' ? '_' : *p;
		set_flag(one, name, strcmp(*w, why) == 0);
	}
	(void)json_array_append_new(list, one);
}

/* clang-format off */
const char *const dossier_left_names[] = { "not-released", "other-lane",
	"other-days", "notes", "masked-message", "unreadable", "does-not-open",
	NULL };
/* clang-format on */

json_t *
dossier_left(const struct ouv_copy *copy)
{
	const struct ouv_dossier_look *look = &copy->dossier->look;
	json_t *list = json_array();

	/* A party is not told whether there is any. */
	if (look->party)
		add_left(list, "not-released", 0, false);
	add_left(list, "other-lane", look->left_lane, true);
	add_left(list, "other-days", look->left_days, true);
	add_left(list, "notes", look->left_notes, true);
	add_left(list, "masked-message", look->left_attachments, true);
	add_left(list, "unreadable", look->left_unread, true);
	add_left(list, "does-not-open", look->lost, true);
	return list;
}

/* ---- README and manifest ---------------------------------------------------
 */

static enum ouv_err
put_rendered(struct ouv_desk *desk, struct ouv_copy *copy, const char *name,
	const json_t *data, struct raw_reading *out)
{
	struct ouv_str text;

	TRY(dossier_render(desk, copy_room(copy), copy, name, data, &text));
	ouv_buf_add(&out->out, text.p, text.len);
	out->end = true;
	return OUV_OK;
}

enum ouv_err
dossier_readme(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_copy *copy, struct copy_file *f, struct raw_reading *out)
{
	json_t *data = dossier_values(desk, copy);
	enum ouv_err err;

	(void)tx;
	(void)f;
	err = put_rendered(desk, copy, "readme", data, out);
	json_decref(data);
	return err;
}

static json_t *
list_part(const struct dossier_part *part, const struct copy_file *f)
{
	json_t *one = json_object();

	dossier_line(one, "file", part->path);
	dossier_line(one, "name", part->name);
	(void)json_object_set_new(one, "bytes", json_integer(part->size));
	set_flag(one, "is_left", part->path == NULL);
	set_flag(one, "is_broken", f != NULL && f->broken);
	return one;
}

static json_t *
list_entry(const struct ouv_copy *copy, const struct dossier_entry *e,
	const struct copy_file **next)
{
	const struct copy_file *end = copy->files + copy->count;
	json_t *one = json_object(), *files = json_array();
	bool broken = false;

	dossier_head(copy, e, one);
	if (e->path != NULL && *next < end && (*next)->entry == e)
		broken = (*next)++->broken;
	for (size_t i = 0; i < e->part_count; i++) {
		const struct copy_file *f = NULL;

		if (e->parts[i].path != NULL && *next < end)
			f = (*next)++;
		(void)json_array_append_new(files, list_part(&e->parts[i], f));
	}
	set_flag(one, "is_broken", broken);
	(void)json_object_set_new(one, "files", files);
	return one;
}

enum ouv_err
dossier_list(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	struct copy_file *f, struct raw_reading *out)
{
	const struct dossier *d = copy->dossier;
	const struct copy_file *next = copy->files + 1; /* behind README.txt */
	json_t *data = dossier_values(desk, copy), *list = json_array();
	enum ouv_err err;

	(void)tx;
	(void)f;
	for (size_t i = 0; i < d->count; i++)
		(void)json_array_append_new(
			list, list_entry(copy, &d->entries[i], &next));
	(void)json_object_set_new(data, "messages", list);
	(void)json_object_set_new(data, "left", dossier_left(copy));
	err = put_rendered(desk, copy, "manifest", data, out);
	json_decref(data);
	return err;
}

/* ---- for programs ----------------------------------------------------------
 */

static json_t *
masked_of(const struct masked *m)
{
	return json_pack("{s:i, s:i, s:i, s:i}", "names", m->names, "addresses",
		m->addresses, "numbers", m->numbers, "links", m->links);
}

static json_t *
part_row(const struct dossier_part *part)
{
	json_t *row = json_pack("{s:s, s:s, s:I}", "name", part->name, "type",
		part->type, "bytes", (json_int_t)part->size);

	if (part->path != NULL)
		(void)json_object_set_new(row, "path", json_string(part->path));
	else
		(void)json_object_set_new(
			row, "left_out", json_string(part->why));
	if (*part->sha256 != '\0')
		(void)json_object_set_new(
			row, "sha256_at_receipt", json_string(part->sha256));
	return row;
}

static const char *const hows[] = {
	[DOSSIER_RAW] = "whole",
	[DOSSIER_MASKED] = "masked",
	[DOSSIER_RELEASED] = "released",
	[DOSSIER_NOTE] = "note",
	[DOSSIER_LOST] = "lost",
};

static void
set_text(json_t *row, const char *name, const char *text)
{
	if (text != NULL && *text != '\0')
		(void)json_object_set_new(row, name, json_string(text));
}

static json_t *
message_row(struct ouv_arena *arena, const struct ouv_copy *copy,
	const struct dossier_entry *e)
{
	json_t *row = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s}", "n",
		e->n, "date", iso(arena, e->at), "kind",
		ouv_item_kind_name(e->kind), "how", hows[e->how], "from",
		e->from, "to", e->to, "subject", e->subject);
	json_t *parts = json_array();

	if (!dossier_is_party(&copy->dossier->ask)) {
		(void)json_object_set_new(
			row, "number_in_case", json_integer(e->seq));
		set_text(row, "lane", ouv_lane_name(e->lane));
	}
	set_text(row, "path", e->path);
	set_text(row, "message_id", e->message_id);
	set_text(row, "sha256_at_receipt", e->sha256);
	set_text(row, "from_name", e->from_name);
	set_text(row, "from_addr", e->from_addr);
	set_text(row, "to_name", e->to_name);
	set_text(row, "to_addr", e->to_addr);
	set_text(row, "author", e->author);
	set_text(row, "spf", e->spf);
	set_text(row, "dkim", e->dkim);
	set_text(row, "dmarc", e->dmarc);
	if (e->delivery != OUV_DELIVERY_NONE)
		set_text(row, "delivery", ouv_delivery_name(e->delivery));
	set_text(row, "sent", iso(arena, e->sent_at));
	if (e->how == DOSSIER_MASKED || e->how == DOSSIER_RELEASED)
		(void)json_object_set_new(row, "masked", masked_of(&e->masked));
	for (size_t i = 0; i < e->part_count; i++)
		(void)json_array_append_new(parts, part_row(&e->parts[i]));
	(void)json_object_set_new(row, "attachments", parts);
	return row;
}

static json_t *
file_row(const struct copy_file *f)
{
	json_t *row = json_pack("{s:s, s:I, s:s, s:b}", "path", f->name,
		"bytes", (json_int_t)f->size, "sha256", f->sha256, "complete",
		!f->broken);

	if (f->entry != NULL)
		(void)json_object_set_new(
			row, "message", json_integer(f->entry->n));
	return row;
}

static json_t *
lanes_of(const struct dossier_ask *ask)
{
	json_t *list = json_array();

	for (int lane = 0; lane < OUV_LANE__COUNT; lane++)
		if ((ask->lanes & 1U << lane) != 0)
			(void)json_array_append_new(list,
				json_string(
					ouv_lane_name((enum ouv_lane)lane)));
	return list;
}

static json_t *
manifest(const struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_copy *copy)
{
	const struct dossier *d = copy->dossier;
	const struct dossier_ask *ask = &d->ask;
	json_t *files = json_array(), *messages = json_array();
	bool complete = copy->lost == 0;

	for (size_t i = 0; i < copy->count && copy->files[i].done; i++) {
		complete = complete && !copy->files[i].broken;
		(void)json_array_append_new(files, file_row(&copy->files[i]));
	}
	for (size_t i = 0; i < d->count; i++)
		(void)json_array_append_new(
			messages, message_row(arena, copy, &d->entries[i]));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:b,"
			 " s:b, s:b, s:s, s:s, s:s, s:b, s:o, s:o, s:o}",
		"format", "ouvidoria-casefile-1", "protocol", copy->protocol,
		"office", desk->office->config->office_name, "made_at",
		iso(arena, copy->made_at), "made_by", d->by, "recipient",
		dossier_for_names[ask->who], "whom", ask->whom, "purpose",
		ask->purpose, "lanes", lanes_of(ask), "notes", ask->notes,
		"log", ask->log, "masked", ask->masked, "from", ask->from,
		"until", ask->until, "lang", ouv_lang_tag(copy->lang),
		"complete", complete, "files", files, "messages", messages,
		"left_out", dossier_left(copy));
}

enum ouv_err
dossier_manifest(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_copy *copy, struct copy_file *f, struct raw_reading *out)
{
	json_t *doc = manifest(desk, copy_room(copy), copy);
	char *dump = json_dumps(doc, JSON_INDENT(1));

	(void)tx;
	(void)f;
	ouv_buf_text(&out->out, dump);
	ouv_buf_char(&out->out, '\n');
	out->end = true;
	free(dump);
	json_decref(doc);
	return OUV_OK;
}

/* As sha256sum(1) reads it. */
enum ouv_err
dossier_sums(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	struct copy_file *f, struct raw_reading *out)
{
	(void)desk;
	(void)tx;
	(void)f;
	for (size_t i = 0; i < copy->count && copy->files[i].done; i++)
		ouv_buf_printf(&out->out, "%s  %s\n", copy->files[i].sha256,
			copy->files[i].name);
	out->end = true;
	return OUV_OK;
}
