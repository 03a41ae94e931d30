/*
 * read.c - what a colleague sees: lists, a case file, one attachment
 *
 * Everything is opened with that colleague's keys, in that request.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/log.h"

#define PAGE 50

/* clang-format off */
static const char *const queues[OUV_QUEUE__COUNT] = {
	[OUV_QUEUE_OPEN] = "open",
	[OUV_QUEUE_MINE] = "mine",
	[OUV_QUEUE_NEW] = "new",
	[OUV_QUEUE_DUE] = "due",
	[OUV_QUEUE_CLOSED] = "closed",
};
static const char *const deliveries[OUV_DELIVERY__COUNT] = {
	[OUV_DELIVERY_NONE] = "none",
	[OUV_DELIVERY_QUEUED] = "queued",
	[OUV_DELIVERY_RETRY] = "retry",
	[OUV_DELIVERY_UNKNOWN] = "unknown",
	[OUV_DELIVERY_SENT] = "sent",
	[OUV_DELIVERY_FAILED] = "failed",
	[OUV_DELIVERY_BOUNCED] = "bounced",
};
/* clang-format on */

const char *
ouv_queue_name(enum ouv_queue queue)
{
	return queues[queue];
}

enum ouv_err
ouv_queue_parse(const char *name, enum ouv_queue *queue_out)
{
	for (int i = 0; name != NULL && i < OUV_QUEUE__COUNT; i++) {
		if (strcmp(queues[i], name) == 0) {
			*queue_out = (enum ouv_queue)i;
			return OUV_OK;
		}
	}
	return OUV_INVALID;
}

const char *
ouv_delivery_name(enum ouv_delivery delivery)
{
	return deliveries[delivery];
}

/* ---- lists
 * ----------------------------------------------------------------------- */

static void
open_summary(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct store_case_line *row,
	struct ouv_case_line *line)
{
	struct ouv_context context;
	uint8_t csk[OUV_KEY], key[OUV_KEY];
	struct ouv_str text;
	const char *subject = "", *name = "";
	json_t *doc = NULL;

	context_make(desk, OUV_KIND_CASE_KEY, OUV_COLUMN_PERSON, &row->c.id,
		&actor->person, row->c.key_version, &context);
	if (ouv_open_key(&context, actor->identity->box, row->box,
		    sizeof(row->box), csk) == OUV_OK) {
		ouv_hash_keyed(csk, "ouv-summ", "", 0, key);
		context_make(desk, OUV_KIND_SUMMARY, OUV_COLUMN_NONE,
			&row->c.id, &row->c.id, row->c.key_version, &context);
		if (ouv_blob_open(arena, &context, key, row->c.summary.p,
			    row->c.summary.len, &text) == OUV_OK)
			doc = json_loadb(text.p, text.len, 0, NULL);
		ouv_wipe(key, sizeof(key));
		ouv_wipe(csk, sizeof(csk));
	}
	(void)json_unpack(
		doc, "{s?s, s?s}", "subject", &subject, "name", &name);
	line->subject = ouv_arena_strdup(arena, subject);
	line->from_name = ouv_arena_strdup(arena, name);
	json_decref(doc);
}

static void
line_from(const struct store_case *c, struct ouv_case_line *line)
{
	line->id = c->id;
	line->protocol = c->protocol;
	line->state = c->state;
	line->opened_at = c->opened_at;
	line->due_at = c->due_at;
	line->items = c->items;
}

/* "microseconds-id": where a page ended. */
static enum ouv_err
read_cursor(const char *text, int64_t *us_out, struct ouv_id *id_out)
{
	char *end;

	*us_out = 0;
	memset(id_out, 0, sizeof(*id_out));
	if (text == NULL || *text == '\0')
		return OUV_OK;
	*us_out = strtoll(text, &end, 10);
	if (end == text || *end != '-' || *us_out <= 0)
		return OUV_INVALID;
	return ouv_id_parse(end + 1, id_out);
}

static enum ouv_err
list(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *queue, const char *after,
	bool with_counts, struct ouv_case_list *list_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_case_list result = { 0 };
	struct store_case_line *rows;
	struct ouv_id after_id;
	char hex[OUV_ID_HEX];
	int64_t after_us;
	size_t count;

	TRY(read_cursor(after, &after_us, &after_id));
	TRY(store_begin(desk->store, &tx));
	/* One more than shown tells whether there is a next page. */
	TRY(store_case_list(tx, arena, &actor->person, queue, after_us,
		&after_id, PAGE + 1, &rows, &count));
	if (with_counts)
		TRY(store_case_counts(tx, &actor->person, result.counts));
	TRY(store_commit(&tx));
	result.count = count > PAGE ? PAGE : count;
	result.lines =
		ouv_arena_array(arena, result.count, sizeof(*result.lines));
	for (size_t i = 0; i < result.count; i++) {
		struct ouv_case_line *line = &result.lines[i];

		line_from(&rows[i].c, line);
		line->last_at = rows[i].c.last_at / 1000000;
		line->owner = rows[i].owner_name;
		line->failed = rows[i].failed;
		open_summary(desk, arena, actor, &rows[i], line);
	}
	if (count > PAGE) {
		ouv_id_hex(&rows[PAGE - 1].c.id, hex);
		result.after = ouv_arena_printf(
			arena, "%" PRId64 "-%s", rows[PAGE - 1].c.last_at, hex);
	}
	*list_out = result;
	return OUV_OK;
}

enum ouv_err
ouv_desk_list(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, enum ouv_queue queue, const char *after,
	struct ouv_case_list *list_out)
{
	return list(desk, arena, actor, queues[queue], after, true, list_out);
}

enum ouv_err
ouv_desk_held(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, bool set_aside, const char *after,
	struct ouv_case_list *list_out)
{
	(void)set_aside;
	return list(desk, arena, actor, "held", after, false, list_out);
}

/* ---- a case
 * ---------------------------------------------------------------------------
 */

static enum ouv_delivery
delivery_of(const struct store_item_row *row)
{
	/* clang-format off */
	static const struct { const char *state; enum ouv_delivery is; } map[] = {
		{ "sent", OUV_DELIVERY_SENT },
		{ "unknown", OUV_DELIVERY_UNKNOWN },
		{ "failed", OUV_DELIVERY_FAILED },
		{ "bounced", OUV_DELIVERY_BOUNCED },
	};
	/* clang-format on */

	if (!row->has_outbox)
		return OUV_DELIVERY_NONE;
	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (strcmp(row->out_state, map[i].state) == 0)
			return map[i].is;
	return row->attempts > 0 && row->last_text != NULL
		       ? OUV_DELIVERY_RETRY
		       : OUV_DELIVERY_QUEUED;
}

static void
view_item(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct opened *opened, const struct store_item_row *row,
	struct ouv_item_view *view)
{
	const struct store_item *item = &row->item;
	char hex[OUV_ID_HEX];

	view->id = item->id;
	view->seq = item->seq;
	view->kind = item->kind;
	view->lane = item->lane;
	view->at = item->at;
	view->author = row->author_name;
	view->why = item->why;
	view->delivery = delivery_of(row);
	view->attempts = row->attempts;
	view->sent_at = row->sent_at;
	view->next_at = view->delivery == OUV_DELIVERY_RETRY ||
					view->delivery == OUV_DELIVERY_UNKNOWN
				? row->next_at
				: 0;
	view->reply = row->last_text;
	if (open_doc(desk, arena, opened, item, &view->mail) == OUV_OK)
		return;
	/* Altered rows must not hide the rest of the file. */
	ouv_id_hex(&item->id, hex);
	ouv_log_error("item=%s does not open: altered or moved", hex);
	view->mail = (struct ouv_mail){
		.subject = "", .text = "", .reply_text = "", .lang = "und"
	};
	view->why = "does-not-open";
}

static enum ouv_err
view_consumer(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct opened *opened,
	struct ouv_case_view *view)
{
	struct store_capsule *capsules;
	struct ouv_context context;
	struct consumer consumer;
	size_t count;

	TRY(store_capsules(tx, arena, &opened->c.id, &capsules, &count));
	if (count == 0)
		return OUV_OK;
	context_make(desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_CPK, &opened->c.id,
		&capsules[0].id, capsules[0].key_version, &context);
	if (open_capsule(arena, &context, opened->csk, capsules[0].box_case,
		    &capsules[0], &consumer) != OUV_OK)
		return OUV_OK; /* the page says there is no address */
	view->consumer_name = consumer.name;
	view->consumer_addr = consumer.addr;
	return OUV_OK;
}

enum ouv_err
ouv_desk_case(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	struct ouv_case_view *view_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_case_view view = { 0 };
	const struct ouv_move *move;
	struct store_item_row *rows;
	struct store_case_line summary = { 0 };
	struct opened opened;
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	TRY(log_existing(desk, tx, arena, &opened.c.id, &actor->person, "read",
		&opened.c.id));
	TRY(store_items(tx, arena, &opened.c.id, &rows, &view.item_count));
	TRY(view_consumer(desk, tx, arena, &opened, &view));
	err = store_case_line_of(
		tx, arena, &opened.c.id, &actor->person, &summary);
	if (err == OUV_OK)
		err = store_commit(&tx);
	if (err == OUV_OK) {
		line_from(&opened.c, &view.line);
		view.line.last_at = opened.c.last_at;
		view.line.owner = summary.owner_name;
		view.line.failed = summary.failed;
		open_summary(desk, arena, actor, &summary, &view.line);
		view.lang = ouv_lang_parse(opened.c.lang, OUV_LANG_PT_BR);
		view.may_reply =
			view.consumer_addr != NULL &&
			ouv_workflow_find(opened.c.state, OUV_ACTION_REPLY,
				actor->role, &move) == OUV_OK;
		view.items = ouv_arena_array(
			arena, view.item_count, sizeof(*view.items));
		for (size_t i = 0; i < view.item_count; i++)
			view_item(
				desk, arena, &opened, &rows[i], &view.items[i]);
		*view_out = view;
	}
	ouv_wipe(opened.csk, sizeof(opened.csk));
	return err;
}

/* ---- bytes of one item
 * ----------------------------------------------------------------- */

static enum ouv_err
cut_part(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct opened *opened, const struct store_item *item, int part,
	struct ouv_str *bytes, const char **name_out, const char **type_out)
{
	struct ouv_mail mail;

	TRY(open_doc(desk, arena, opened, item, &mail));
	if ((size_t)part >= mail.part_count)
		return OUV_NOT_FOUND;
	TRY(ouv_mail_part_bytes(
		arena, bytes->p, bytes->len, &mail.parts[part], bytes));
	*name_out = mail.parts[part].filename != NULL
			    ? mail.parts[part].filename
			    : ouv_arena_printf(arena, "%d.bin", part + 1);
	*type_out = mail.parts[part].content_type;
	return OUV_OK;
}

enum ouv_err
ouv_desk_item_bytes(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	const struct ouv_id *item_id, int part, struct ouv_str *bytes_out,
	const char **name_out, const char **type_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct opened opened;
	struct store_item item;
	struct ouv_str bytes;
	uint8_t dek[OUV_KEY];
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	err = store_item(tx, arena, &opened.c.id, item_id, &item);
	if (err == OUV_OK)
		err = open_item_key(desk, &opened, &item, dek);
	if (err == OUV_OK)
		err = open_raw(desk, tx, arena, item_id, dek, false, &bytes);
	if (err == OUV_OK)
		err = log_existing(desk, tx, arena, &opened.c.id,
			&actor->person, "download", item_id);
	if (err == OUV_OK)
		err = store_commit(&tx);
	*name_out = ouv_arena_printf(arena, "%d.eml", item.seq);
	*type_out = "message/rfc822";
	if (err == OUV_OK && part >= 0)
		err = cut_part(desk, arena, &opened, &item, part, &bytes,
			name_out, type_out);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	ouv_wipe(dek, sizeof(dek));
	if (err == OUV_OK)
		*bytes_out = bytes;
	return err;
}
