/*
 * read.c - what a colleague sees: a case file, one message as it came
 *
 * Everything is opened with that colleague's keys, in that request.
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/log.h"
#include "ouv/store_console.h"
#include "grant.h"
#include "page_seal.h"
#include "scan.h"
#include "write.h"

/* clang-format off */
static const char *const deliveries[OUV_DELIVERY__COUNT] = {
	[OUV_DELIVERY_NONE] = "none",
	[OUV_DELIVERY_QUEUED] = "queued",
	[OUV_DELIVERY_RETRY] = "retry",
	[OUV_DELIVERY_UNKNOWN] = "unknown",
	[OUV_DELIVERY_SENT] = "sent",
	[OUV_DELIVERY_FAILED] = "failed",
	[OUV_DELIVERY_BOUNCED] = "bounced",
	[OUV_DELIVERY_TO_PRINT] = "to-print",
	[OUV_DELIVERY_PRINTED] = "printed",
	[OUV_DELIVERY_POSTED] = "posted",
	[OUV_DELIVERY_PRESUMED] = "presumed",
	[OUV_DELIVERY_DELIVERED] = "delivered",
	[OUV_DELIVERY_RETURNED] = "returned",
};
/* clang-format on */

const char *
ouv_delivery_name(enum ouv_delivery delivery)
{
	return deliveries[delivery];
}

#define READ_US INT64_C(60000000)

/* ---- a case
 * ---------------------------------------------------------------------------
 */

/* One that is void came to nothing, as a letter that was refused. */
static enum ouv_delivery
on_paper(const struct store_item_row *row)
{
	if (row->post_assumed && strcmp(row->post_state, "posted") == 0)
		return OUV_DELIVERY_PRESUMED;
	for (int d = OUV_DELIVERY_TO_PRINT; d < OUV_DELIVERY__COUNT; d++)
		if (strcmp(row->post_state, deliveries[d]) == 0)
			return (enum ouv_delivery)d;
	return OUV_DELIVERY_FAILED;
}

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
	if (row->post_state != NULL)
		return on_paper(row);
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
	bool open, struct ouv_item_view *view)
{
	const struct store_item *item = &row->item;
	char hex[OUV_ID_HEX];

	view->id = item->id;
	view->seq = item->seq;
	view->kind = item->kind;
	view->lane = item->lane;
	view->side = row->side;
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
	view->mail = (struct ouv_mail){
		.subject = "", .text = "", .reply_text = "", .lang = "und"
	};
	if (!open || open_doc(desk, arena, opened, item, &view->mail) == OUV_OK)
		return;
	/* Altered rows must not hide the rest of the file. */
	ouv_id_hex(&item->id, hex);
	ouv_log_error("item=%s does not open: altered or moved", hex);
	view->why = "does-not-open";
}

/* Where our letters go, by mail or on paper; "": nobody knows yet, NULL: there
 * is no such party. */
static const char *
reached_at(struct ouv_arena *arena, const struct consumer *to)
{
	return to->addr != NULL && to->by_post ? post_line(arena, to->postal)
					       : to->addr;
}

/* Both parties, as far as there are addresses: the page says which lack. */
static enum ouv_err
view_parties(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct opened *opened,
	struct ouv_case_view *view, struct consumer *company)
{
	struct consumer consumer = { .addr = NULL };
	enum ouv_err err;

	err = party_find(desk, tx, arena, opened, "consumer", &consumer);
	if (err == OUV_TEMPORARY)
		return err;
	view->consumer_name = consumer.name;
	view->consumer_addr = reached_at(arena, &consumer);
	err = party_find(desk, tx, arena, opened, "company", company);
	if (err == OUV_TEMPORARY)
		return err;
	view->company_name = company->name;
	view->company_addr = reached_at(arena, company);
	view->company_lang = company->lang;
	return OUV_OK;
}

/* To whom else our last letter to the company may go; may: this actor. */
static void
view_substitutes(struct ouv_arena *arena, const struct ouv_calendar *calendar,
	const struct store_item_row *rows, const struct consumer *company,
	bool may, struct ouv_case_view *view)
{
	bool written = false;

	if (company->addr == NULL || !may)
		return;
	for (size_t i = 0; i < view->item_count; i++)
		written |= substitute_is_letter(
			&rows[i].item, &view->items[i].mail, company);
	for (size_t i = 0; written && i < view->item_count; i++) {
		struct ouv_item_view *item = &view->items[i];
		struct substitute_note note = { &rows[i].item, &item->mail,
			company, view->consumer_addr, ouv_clock_now() };

		item->substitutes = substitute_offers(arena, calendar, &note);
		item->may_substitute = item->substitutes != 0;
	}
}

/* ---- guesses, tasks, what may be done ------------------------------------ */

/* They come in the order of the items. */
static void
view_guesses(struct ouv_arena *arena, const struct store_guess *guesses,
	size_t count, struct ouv_case_view *view)
{
	size_t g = 0;

	for (size_t i = 0; i < view->item_count; i++) {
		struct ouv_item_view *item = &view->items[i];
		size_t n = 0;

		while (g + n < count &&
			ouv_id_equal(&guesses[g + n].item, &item->id))
			n++;
		item->guesses =
			ouv_arena_array(arena, n, sizeof(*item->guesses));
		item->guess_count = n;
		for (size_t k = 0; k < n; k++)
			item->guesses[k] = list_guess(&guesses[g + k]);
		if (n > 0 && view->line.guess.lead == NULL)
			view->line.guess = item->guesses[0];
		g += n;
	}
}

static void
view_tasks(struct ouv_arena *arena, const struct store_task *tasks,
	size_t count, struct ouv_case_view *view)
{
	view->tasks = ouv_arena_array(arena, count, sizeof(*view->tasks));
	view->task_count = count;
	for (size_t i = 0; i < count; i++) {
		struct ouv_task_view *task = &view->tasks[i];

		*task = (struct ouv_task_view){ .id = tasks[i].id,
			.kind = tasks[i].kind,
			.act = tasks[i].act,
			.verb = tasks[i].verb,
			.opened_at = tasks[i].opened_at,
			.due_at = tasks[i].due_at,
			.done_at = tasks[i].done_at,
			.done_by = tasks[i].done_by,
			.outcome = tasks[i].outcome,
			.whom = tasks[i].whom };
		for (size_t k = 0; k < view->item_count; k++)
			if (ouv_id_equal(&view->items[k].id, &tasks[i].note))
				task->note = view->items[k].mail.text;
			else if (ouv_id_equal(
					 &view->items[k].id, &tasks[i].words))
				task->words = view->items[k].mail.text;
		/* What a form held stands nowhere among the messages. */
		if (task->verb == NULL)
			task->item_seq = tasks[i].item_seq;
	}
}

static void
view_may(const struct ouv_actor *actor, const struct store_case *c,
	bool *substitute_out, struct ouv_case_view *view)
{
	const struct {
		enum ouv_action action;
		bool *may;
		bool there;
	} list[] = {
		{ OUV_ACTION_REPLY, &view->may_reply,
			view->consumer_addr != NULL },
		{ OUV_ACTION_REPLY, &view->has_company,
			view->company_addr != NULL },
		{ OUV_ACTION_HOLDING, &view->may_hold,
			view->consumer_addr != NULL },
		{ OUV_ACTION_SUBSTITUTE, substitute_out, true },
		{ OUV_ACTION_ATTRIBUTE, &view->may_attribute, true },
		{ OUV_ACTION_REGISTER, &view->may_register, true },
		{ OUV_ACTION_DISCARD, &view->may_discard, true },
		{ OUV_ACTION_RETRY, &view->may_retry, true },
		{ OUV_ACTION_RESTORE, &view->may_restore,
			view->line.aside != NULL },
	};
	const struct ouv_move *move;

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		*list[i].may = list[i].there && !view->in_conflict &&
			       c->desk_month == 0 &&
			       ouv_workflow_find(c->state, list[i].action,
				       actor->role, &move) == OUV_OK;
}

/* Of a held case: why, by its first message. */
static void
view_why(const struct store_case *c, struct ouv_case_view *view)
{
	bool held = c->state == OUV_STATE_HELD || view->line.aside != NULL;

	for (size_t i = 0; held && i < view->item_count; i++) {
		if (view->items[i].kind == OUV_ITEM_NOTE)
			continue;
		view->line.why = view->items[i].why;
		return;
	}
}

/* Read before anything is opened, in the same transaction. */
struct case_rows {
	struct store_case_line line;
	struct store_item_row *items;
	struct store_guess *guesses;
	struct store_task *tasks;
	struct store_looker *lookers;
	size_t item_count, guess_count, task_count, looker_count;
	int base; /* the last message known when this visit began */
	struct store_scan_state *scans;
	size_t scan_count;
	struct consumer company; /* addr NULL: none */
	const struct ouv_calendar *calendar;
};

static enum ouv_err
read_rows(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_id *id,
	struct case_rows *rows)
{
	TRY(store_items(tx, arena, id, &rows->items, &rows->item_count));
	TRY(store_guesses(tx, arena, id, &actor->person, &rows->guesses,
		&rows->guess_count));
	TRY(store_tasks(tx, arena, id, &rows->tasks, &rows->task_count));
	TRY(store_scan_states(tx, arena, id, &rows->scans, &rows->scan_count));
	TRY(store_seen(tx, arena, id, &actor->person, &rows->base,
		&rows->lookers, &rows->looker_count));
	return store_case_line_of(tx, arena, id, &actor->person, &rows->line);
}

/* How far its pictures are read, as far as there are any. */
static void
view_scans(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct opened *opened, const struct case_rows *rows,
	const struct store_item *item, struct ouv_item_view *view)
{
	struct ouv_scan_state *list;
	uint8_t dek[OUV_KEY];
	bool any = false;

	for (size_t i = 0; i < view->mail.part_count; i++)
		any = any || scan_is_picture(&view->mail.parts[i]);
	if (!any || open_item_key(desk, opened, item, dek) != OUV_OK)
		return;
	scan_states(desk, arena, dek, &item->id, &view->mail, rows->scans,
		rows->scan_count, &list, &view->scan_count);
	view->scans = list;
	ouv_wipe(dek, sizeof(dek));
}

/* What a form held is shown where its act waits, and nowhere else. */
static void
drop_fields(struct ouv_case_view *view)
{
	size_t n = 0;

	for (size_t i = 0; i < view->item_count; i++)
		if (view->items[i].why == NULL ||
			strcmp(view->items[i].why, "fields") != 0)
			view->items[n++] = view->items[i];
	view->item_count = n;
}

/* What others wrote since the last visit; our programs' own letters are no
 * news. */
static void
view_news(struct ouv_arena *arena, const struct ouv_actor *actor,
	const struct case_rows *rows, struct ouv_case_view *view)
{
	for (size_t i = 0; i < view->item_count; i++) {
		const struct store_item *item = &rows->items[i].item;

		view->items[i].is_new =
			item->seq > rows->base &&
			item->kind != OUV_ITEM_AUTO_OUT &&
			!ouv_id_equal(&item->author, &actor->person);
	}
	view->looker_count = rows->looker_count;
	view->lookers = ouv_arena_array(
		arena, view->looker_count, sizeof(*view->lookers));
	for (size_t i = 0; i < view->looker_count; i++)
		view->lookers[i] = (struct ouv_looker){ rows->lookers[i].name,
			rows->lookers[i].at, rows->lookers[i].left };
}

/* Letters to and fro, which nothing on a page of the last ones speaks of; not
 * what the file is made of, nor what says that somebody is away. */
static bool
is_old_letter(const struct case_rows *rows, size_t i)
{
	const struct store_item *item = &rows->items[i].item;

	if (rows->item_count - i <= OUV_LAST_OPENED ||
		rows->line.c.protocol == NULL)
		return false;
	return item->kind == OUV_ITEM_MAIL_IN ||
	       item->kind == OUV_ITEM_AUTO_OUT ||
	       (item->kind == OUV_ITEM_MAIL_OUT &&
		       !ouv_id_equal(&item->party, &rows->company.party));
}

static void
fill_view(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct opened *opened,
	const struct case_rows *rows, bool whole, struct ouv_case_view *view)
{
	bool substitute;

	list_line(&rows->line, &view->line);
	view->line.last_at = opened->c.last_at;
	list_summary(desk, arena, actor, &rows->line, &view->line);
	view->lang = ouv_lang_parse(opened->c.lang, OUV_LANG_PT_BR);
	view->item_count = rows->item_count;
	view->items =
		ouv_arena_array(arena, view->item_count, sizeof(*view->items));
	for (size_t i = 0; i < view->item_count; i++)
		view_item(desk, arena, opened, &rows->items[i],
			whole || !is_old_letter(rows, i), &view->items[i]);
	for (size_t i = 0; i < view->item_count; i++)
		view_scans(desk, arena, opened, rows, &rows->items[i].item,
			&view->items[i]);
	view_guesses(arena, rows->guesses, rows->guess_count, view);
	view_tasks(arena, rows->tasks, rows->task_count, view);
	view_may(actor, &opened->c, &substitute, view);
	view_substitutes(arena, rows->calendar, rows->items, &rows->company,
		substitute, view);
	view_why(&opened->c, view);
	view_news(arena, actor, rows, view);
	drop_fields(view);
}

/* Whoever reads leaves a line, once a minute: before anything is shown. */
static enum ouv_err
note_reading(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct opened *opened)
{
	const struct ouv_id *id = &opened->c.id;
	bool did = false;

	TRY(store_history_since(tx, id, &actor->person, "read",
		ouv_clock_now_us() - READ_US, &did));
	if (!did || opened->c.rekey_due)
		TRY(open_lock(desk, tx, arena, actor, opened));
	if (!did)
		TRY(log_locked(desk, tx, id, &actor->person, "read", id));
	TRY(grants_due(desk, tx, arena, actor, id));
	TRY(page_catch_up(desk, tx, arena, opened));
	TRY(presence_at(tx, actor, id));
	/* Last: a mail that is filed locks the case first, then what a list
	 * says of it to each reader. */
	return store_seen_look(tx, id, &actor->person, opened->c.items);
}

enum ouv_err
open_reading(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number)
{
	return open_noted(desk, arena, actor, number, note_reading);
}

static enum ouv_err
read_case(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, bool whole,
	struct ouv_case_view *view_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_case_view view = { 0 };
	struct case_rows rows = { 0 };
	struct opened opened;
	enum ouv_err err;

	TRY(open_reading(desk, arena, actor, number));
	TRY(store_begin_reading(desk->store, &tx));
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	err = store_ahead(tx, &opened.c.id, &actor->person);
	if (err == OUV_OK)
		err = read_rows(tx, arena, actor, &opened.c.id, &rows);
	if (err == OUV_OK)
		err = view_parties(
			desk, tx, arena, &opened, &view, &rows.company);
	if (err == OUV_OK)
		err = absence_calendar(desk, tx, &rows.calendar);
	if (err == OUV_OK)
		err = hand_view(tx, arena, actor, &opened.c, &view);
	if (err == OUV_OK)
		err = absence_owner(desk, tx, arena, &opened.c.id, &view);
	if (err == OUV_OK)
		err = store_commit(&tx);
	if (err == OUV_OK) {
		fill_view(desk, arena, actor, &opened, &rows, whole, &view);
		*view_out = view;
	}
	ouv_wipe(opened.csk, sizeof(opened.csk));
	return err;
}

enum ouv_err
ouv_desk_case(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	struct ouv_case_view *view_out)
{
	return read_case(desk, arena, actor, number, true, view_out);
}

enum ouv_err
ouv_desk_case_last(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	struct ouv_case_view *view_out)
{
	return read_case(desk, arena, actor, number, false, view_out);
}

/* ---- bytes of one item
 * ----------------------------------------------------------------- */

enum ouv_err
ouv_desk_item_raw(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	const struct ouv_id *item_id, struct ouv_str *bytes_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct opened opened;
	struct store_item item;
	struct ouv_str bytes;
	uint8_t dek[OUV_KEY] = { 0 };
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	TRY(open_locked(desk, tx, arena, actor, number, &opened));
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
	ouv_wipe(opened.csk, sizeof(opened.csk));
	ouv_wipe(dek, sizeof(dek));
	if (err == OUV_OK)
		*bytes_out = bytes;
	return err;
}
