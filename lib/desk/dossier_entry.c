/*
 * dossier_entry.c - what a case file tells of one message and its attachments
 */
#include <string.h>

#include "dossier_plan.h"

#define HIDDEN "\xe2\x80\xa6" /* as link_hidden writes it */
#include "ouv/clock.h"

/* ---- what nobody else may hold ----------------------------------------------
 */

/* The address or the code of a party's own page: whoever has it decides in
 * their name.  In letters of ours it is hidden from those who open the case. */
static bool
bears_key(struct planning *p, struct ouv_arena *arena,
	const struct store_item *item, const struct ouv_mail *mail)
{
	const char *text = mail->text != NULL ? mail->text : "";

	if (p->d->ask.who == DOSSIER_CONSUMER)
		return false;
	if (!plan_came_in(item) && strstr(text, HIDDEN) != NULL)
		return true;
	return strcmp(link_hidden(p->call->desk, arena, text), text) != 0;
}

/* Is it told as it is, but for that? */
static bool
is_open(const struct planning *p, const struct dossier_entry *e)
{
	return e->how == DOSSIER_RAW ||
	       (e->how == DOSSIER_MASKED && p->d->mask == NULL);
}

/* ---- what is told of a message ---------------------------------------------
 */

/* What the masking takes of memory goes at once: there may be thousands. */
static const char *
masked(struct planning *p, struct dossier_entry *e, const char *text)
{
	struct ouv_arena *own OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);

	if (text == NULL || is_open(p, e))
		return plan_kept(p, text);
	return plan_kept(p,
		mask_words(p->d->mask, p->call->desk, own, text, &e->masked));
}

const char *
plan_kept(struct planning *p, const char *text)
{
	return ouv_arena_strdup(p->call->arena, text != NULL ? text : "");
}

/* One result of our own server's field: "pass"; "" : it says none. */
static const char *
verdict(struct planning *p, const char *results, const char *method)
{
	size_t len = strlen(method);
	const char *at = results;

	while (at != NULL && (at = strstr(at, method)) != NULL) {
		bool begins = at == results || at[-1] == ' ' || at[-1] == ';';

		if (begins && at[len] == '=')
			return ouv_arena_strndup(p->call->arena, at + len + 1,
				strcspn(at + len + 1, "; "));
		at += len;
	}
	return "";
}

static void
tell_people(struct planning *p, struct dossier_entry *e,
	const struct store_item_row *row, const struct ouv_mail *mail)
{
	const char *side = row->side != NULL ? row->side : "other";
	bool in = plan_came_in(&row->item);

	e->from = in ? side : "office";
	e->to = in ? "office" : row->item.kind == OUV_ITEM_NOTE ? "" : side;
	e->from_name = e->from_addr = e->to_name = e->to_addr = "";
	e->author = dossier_is_party(&p->d->ask)
			    ? ""
			    : plan_kept(p, row->author_name);
	if (!is_open(p, e))
		return;
	if (mail->from.count > 0) {
		e->from_name = plan_kept(p, mail->from.list[0].name);
		e->from_addr = plan_kept(p, mail->from.list[0].addr);
	}
	if (mail->to.count > 0 && !in) {
		e->to_name = plan_kept(p, mail->to.list[0].name);
		e->to_addr = plan_kept(p, mail->to.list[0].addr);
	}
}

static enum ouv_delivery
delivery_of(const struct store_item_row *row)
{
	for (int d = 0; row->has_outbox && d < OUV_DELIVERY__COUNT; d++)
		if (strcmp(ouv_delivery_name((enum ouv_delivery)d),
			    row->out_state) == 0)
			return (enum ouv_delivery)d;
	return OUV_DELIVERY_NONE;
}

static void
tell_mail(struct planning *p, struct dossier_entry *e,
	const struct store_item_row *row, const struct ouv_mail *mail)
{
	bool raw = is_open(p, e), in = plan_came_in(&row->item);

	tell_people(p, e, row, mail);
	e->subject = e->how == DOSSIER_RELEASED && !e->words
			     ? ""
			     : masked(p, e, mail->subject);
	e->message_id = plan_kept(p, raw ? mail->message_id : NULL);
	e->sha256 =
		plan_kept(p, e->how == DOSSIER_RELEASED ? NULL : mail->sha256);
	e->size = (int64_t)mail->size;
	e->spf = e->dkim = e->dmarc = "";
	if (in && mail->auth_results != NULL && e->how != DOSSIER_RELEASED) {
		e->spf = verdict(p, mail->auth_results, "spf");
		e->dkim = verdict(p, mail->auth_results, "dkim");
		e->dmarc = verdict(p, mail->auth_results, "dmarc");
	}
}

/* ---- its attachments -------------------------------------------------------
 */

static const char *
part_path(struct planning *p, const struct dossier_entry *e, int part,
	const char *name)
{
	struct ouv_arena *arena = p->call->arena;

	return ouv_arena_printf(arena, "attachments/%03d-%d-%s", e->n, part + 1,
		copy_plain_name(arena, *name != '\0' ? name : "file"));
}

static void
add_part(struct planning *p, struct dossier_entry *e,
	const struct ouv_mail_part *from, int part, const char *why)
{
	struct dossier_part *it = &e->parts[e->part_count++];

	it->n = part;
	it->name = masked(p, e, from->filename);
	it->type = plan_kept(p, from->content_type);
	it->size = (int64_t)from->size;
	it->sha256 = why == NULL ? plan_kept(p, from->sha256) : "";
	it->why = why;
	it->path = why == NULL ? part_path(p, e, part, it->name) : NULL;
	if (why == NULL) {
		p->d->look.attachments++;
		p->d->look.bytes += it->size;
	} else {
		p->d->look.left_attachments++;
	}
}

static void
tell_parts(struct planning *p, struct dossier_entry *e,
	const struct store_item *item, const struct ouv_mail *mail)
{
	int side = plan_side(&p->d->ask);

	e->parts = ouv_arena_array(
		p->call->arena, mail->part_count, sizeof(*e->parts));
	for (size_t i = 0; i < mail->part_count; i++) {
		bool given = plan_given(p, &item->id, (int)i, side);

		bool masked = e->how == DOSSIER_MASKED && !given &&
			      p->d->mask != NULL;

		if (given || e->how == DOSSIER_RAW || e->how == DOSSIER_MASKED)
			add_part(p, e, &mail->parts[i], (int)i,
				masked ? "masked-message" : NULL);
	}
}

/* ---- its file --------------------------------------------------------------
 */

static const char *
day_text(struct ouv_arena *arena, int64_t at)
{
	return field_day_text(arena, ouv_clock_day(at));
}

/* "messages/007-2026-03-02-from-consumer.eml" */
static const char *
path_of(struct planning *p, const struct dossier_entry *e)
{
	struct ouv_arena *arena = p->call->arena;
	const char *day = day_text(arena, e->at);
	bool in = strcmp(e->to, "office") == 0;

	if (e->how == DOSSIER_NOTE)
		return ouv_arena_printf(arena, "notes/%03d-%s.txt", e->n, day);
	if (e->how == DOSSIER_RELEASED)
		return ouv_arena_printf(
			arena, "released/%03d-%s.txt", e->n, day);
	return ouv_arena_printf(arena, "messages/%03d-%s-%s-%s.%s", e->n, day,
		in ? "from" : "to", in ? e->from : e->to,
		e->how == DOSSIER_RAW ? "eml" : "txt");
}

static void
tell_file(struct planning *p, struct dossier_entry *e,
	const struct store_item *item, const struct ouv_mail *mail)
{
	struct ouv_dossier_look *look = &p->d->look;

	look->messages += e->how == DOSSIER_RAW || e->how == DOSSIER_MASKED;
	look->masked += e->how == DOSSIER_MASKED;
	look->released += e->how == DOSSIER_RELEASED;
	look->notes += e->how == DOSSIER_NOTE;
	if (e->how == DOSSIER_RELEASED && !e->words)
		return;
	e->path = path_of(p, e);
	look->bytes += e->how == DOSSIER_RAW ? item->raw_padded
					     : (int64_t)strlen(mail->text);
	look->pages += 1 + (int)(strlen(mail->text) / 2500);
}

/* ---- one after the other ---------------------------------------------------
 */

static struct dossier_entry *
new_entry(struct dossier *d, struct ouv_arena *arena)
{
	if (d->count == d->room) {
		size_t room = 2 * d->room + 64;
		struct dossier_entry *more =
			ouv_arena_array(arena, room, sizeof(*more));

		if (d->count > 0)
			memcpy(more, d->entries, d->count * sizeof(*more));
		d->entries = more;
		d->room = room;
	}
	memset(&d->entries[d->count], 0, sizeof(d->entries[0]));
	return &d->entries[d->count++];
}

static enum dossier_how
how_of(enum choice choice)
{
	return choice == IN_RAW        ? DOSSIER_RAW
	       : choice == IN_MASKED   ? DOSSIER_MASKED
	       : choice == IN_RELEASED ? DOSSIER_RELEASED
				       : DOSSIER_NOTE;
}

static void
tell_lost(struct planning *p, struct dossier_entry *e,
	const struct store_item_row *row)
{
	static const struct ouv_mail nothing = { .subject = "", .text = "" };

	tell_mail(p, e, row, &nothing);
	e->how = DOSSIER_LOST;
	e->subject = e->sha256 = "";
	p->d->look.lost++;
}

enum ouv_err
plan_entry(struct planning *p, const struct store_item_row *row,
	enum choice choice)
{
	struct ouv_arena *own OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct verb_call *call = p->call;
	const struct store_item *item = &row->item;
	struct dossier_entry *e = new_entry(p->d, call->arena);
	struct ouv_mail mail;
	struct ouv_str doc;
	enum ouv_err err;

	*e = (struct dossier_entry){ .item = item->id,
		.how = how_of(choice),
		.kind = item->kind,
		.lane = item->lane,
		.n = (int)p->d->count,
		.seq = item->seq,
		.at = item->at,
		.sent_at = row->sent_at,
		.delivery = delivery_of(row),
		.why = item->why != NULL ? plan_kept(p, item->why) : "",
		.words = choice != IN_RELEASED ||
			 plan_given(p, &item->id, -1, plan_side(&p->d->ask)) };
	err = open_body(call->desk, own, call->opened, item, e->dek, &doc);
	if (err == OUV_OK)
		err = ouv_mail_unpack(own, doc, &mail);
	if (err == OUV_TEMPORARY)
		return err;
	if (err != OUV_OK) {
		tell_lost(p, e, row);
		return OUV_OK;
	}
	if (choice == IN_RAW && bears_key(p, own, item, &mail))
		e->how = DOSSIER_MASKED;
	tell_mail(p, e, row, &mail);
	tell_file(p, e, item, &mail);
	if (choice != IN_NOTE)
		tell_parts(p, e, item, &mail);
	return OUV_OK;
}
