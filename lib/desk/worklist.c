/*
 * worklist.c - the lists of cases a colleague works from
 *
 * What a line shows is opened with that colleague's keys, in that request.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "grant.h"
#include "ouv/history.h"
#include "ouv/store_console.h"
#include "ouv/store_keys.h"
#include "ouv/store_post.h"
#include "ouv/worklist.h"

/* Another request of ours may write to the same chain. */
#define EXPORT_TRIES 5

_Static_assert(STORE_QUEUES == OUV_QUEUE__COUNT + 1 &&
		       STORE_COUNT_MOST == OUV_COUNT_MOST &&
		       (int)STORE_ORDER__COUNT == (int)OUV_ORDER__COUNT,
	"the queues and orders of the store are ours");

/* clang-format off */
static const char *const queues[OUV_QUEUE__COUNT] = {
	[OUV_QUEUE_OPEN] = "open",
	[OUV_QUEUE_MINE] = "mine",
	[OUV_QUEUE_NEW] = "new",
	[OUV_QUEUE_DUE] = "due",
	[OUV_QUEUE_CLOSED] = "closed",
	[OUV_QUEUE_SECOND] = "second",
	[OUV_QUEUE_OVERDUE] = "overdue",
	[OUV_QUEUE_SOON] = "soon",
	[OUV_QUEUE_CONSUMER] = "consumer",
	[OUV_QUEUE_COMPANY] = "company",
	[OUV_QUEUE_OFFICE] = "office",
	[OUV_QUEUE_TROUBLE] = "trouble",
	[OUV_QUEUE_PROMISE] = "promise",
	[OUV_QUEUE_TASK] = "task",
	[OUV_QUEUE_UNREAD] = "unread",
};
static const char *const orders[OUV_ORDER__COUNT] = {
	[OUV_ORDER_LAST] = "last",
	[OUV_ORDER_DUE] = "due",
	[OUV_ORDER_OPENED] = "opened",
};

/* As verb_classify.c takes them. */
const char *const ouv_work_kinds[] = { "complaint", "suggestion", "question",
	"criticism", "praise", "report", "data-request", NULL };
const char *const ouv_work_severities[] = { "low", "moderate", "high",
	"critical", NULL };
const char *const ouv_work_channels[] = { "phone", "e-mail", "chat", "fax",
	"letter", "in-person", "site", "app", "social", "other", NULL };
/* clang-format on */

/* ---- names -----------------------------------------------------------------
 */

static int
among(const char *const *names, int count, const char *name)
{
	for (int i = 0; name != NULL && i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

const char *
ouv_queue_name(enum ouv_queue queue)
{
	return queues[queue];
}

enum ouv_err
ouv_queue_parse(const char *name, enum ouv_queue *queue_out)
{
	int i = among(queues, OUV_QUEUE__COUNT, name);

	if (i < 0)
		return OUV_INVALID;
	*queue_out = (enum ouv_queue)i;
	return OUV_OK;
}

const char *
ouv_order_name(enum ouv_order order)
{
	return orders[order];
}

enum ouv_err
ouv_order_parse(const char *name, enum ouv_order *order_out)
{
	int i = among(orders, OUV_ORDER__COUNT, name);

	if (i < 0)
		return OUV_INVALID;
	*order_out = (enum ouv_order)i;
	return OUV_OK;
}

static bool
is_code(const char *const *codes, const char *code)
{
	if (code == NULL || *code == '\0')
		return true;
	for (; *codes != NULL; codes++)
		if (strcmp(*codes, code) == 0)
			return true;
	return false;
}

/* ---- a page ----------------------------------------------------------------
 */

static enum ouv_err
find_owner(struct store_tx *tx, struct ouv_arena *arena, const char *login,
	struct store_wish *w)
{
	struct store_person *list;
	size_t count;

	if (login == NULL || *login == '\0')
		return OUV_OK;
	if (strcmp(login, "nobody") == 0) {
		w->ownerless = true;
		return OUV_OK;
	}
	TRY(store_person_list(tx, arena, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].login, login) == 0)
			w->owner = list[i].id;
	return ouv_id_is_zero(&w->owner) ? OUV_INVALID : OUV_OK;
}

static enum ouv_err
translate(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_wish *wish,
	struct store_wish *w)
{
	*w = (struct store_wish){ .person = actor->person,
		.queue = queues[wish->queue],
		.state = wish->state == OUV_STATE__COUNT
				 ? NULL
				 : ouv_state_name(wish->state),
		.kind = wish->kind,
		.severity = wish->severity,
		.lang = wish->lang,
		.channel = wish->channel,
		.company = wish->company,
		.due_from = wish->due_from,
		.due_before = wish->due_before,
		.opened_from = wish->opened_from,
		.opened_before = wish->opened_before,
		.order = (enum store_order)wish->order,
		.back = wish->back,
		/* One more tells whether there is a further page. */
		.limit = 1 + (wish->most > 0 ? wish->most : OUV_WORK_PAGE) };
	if (!is_code(ouv_work_kinds, wish->kind) ||
		!is_code(ouv_work_severities, wish->severity))
		return OUV_INVALID;
	TRY(list_cursor(wish->at, &w->at_us, &w->at_id));
	return find_owner(tx, arena, wish->owner, w);
}

static const char *
cursor(struct ouv_arena *arena, const struct store_work_line *row)
{
	char hex[OUV_ID_HEX];

	ouv_id_hex(&row->row.c.id, hex);
	return ouv_arena_printf(arena, "%" PRId64 "-%s", row->key_us, hex);
}

/* Who owes the next step, by when: the office, while the company has answered
 * and nobody has read it. */
static void
set_turn(const struct store_work_line *from, struct ouv_work_line *to)
{
	to->owes = ouv_state_info(from->row.c.state)->owes;
	if (from->row.c.state != OUV_STATE_COMPANY || from->read_by == 0)
		return;
	to->owes = OUV_OWES_OFFICE;
	to->line.due_at = from->read_by;
}

static void
open_lines(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct store_work_line *rows,
	struct ouv_work *work)
{
	work->lines = ouv_arena_array(arena, work->count, sizeof(*work->lines));
	for (size_t i = 0; i < work->count; i++) {
		struct ouv_work_line *to = &work->lines[i];
		const struct store_work_line *from = &rows[i];

		list_line(&from->row, &to->line);
		to->line.last_at = from->row.c.last_at / 1000000;
		list_summary(desk, arena, actor, &from->row, &to->line);
		to->company = from->company;
		to->kind = from->kind;
		to->severity = from->severity;
		to->channel = from->channel;
		to->lang = from->row.c.lang;
		set_turn(from, to);
		to->promise = from->promise;
		to->second = from->second;
		to->away = from->away;
		to->fresh = from->fresh;
	}
}

static enum ouv_err
list_work(struct ouv_desk *desk, struct store_tx **tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_wish *wish,
	struct ouv_work *work_out)
{
	struct ouv_work work = { 0 };
	struct store_work_line *rows;
	struct store_wish w;
	bool more;

	TRY(translate(*tx, arena, actor, wish, &w));
	TRY(store_work(*tx, arena, &w, &rows, &work.count));
	TRY(store_commit(tx));
	more = work.count == (size_t)w.limit;
	if (more) {
		work.count--;
		if (w.back) /* the one too many comes first */
			rows++;
	}
	if (work.count > 0) {
		if (w.back ? more : !ouv_id_is_zero(&w.at_id))
			work.before = cursor(arena, &rows[0]);
		if (w.back || more)
			work.after = cursor(arena, &rows[work.count - 1]);
	}
	open_lines(desk, arena, actor, rows, &work);
	*work_out = work;
	return OUV_OK;
}

enum ouv_err
ouv_desk_work(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_wish *wish,
	struct ouv_work *work_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(grants_due(desk, tx, arena, actor, NULL));
	return list_work(desk, &tx, arena, actor, wish, work_out);
}

/* What a form says is no number may hold a comma. */
static const char *
joined(struct ouv_arena *arena, const char *const *numbers, size_t count)
{
	char protocol[OUV_PROTOCOL_MAX];
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, count * sizeof(protocol) + 1);
	ouv_buf_printf(&buf, "%s", "");
	for (size_t i = 0; i < count; i++)
		if (ouv_protocol_parse(numbers[i], protocol) == OUV_OK)
			ouv_buf_printf(
				&buf, "%s%s", buf.len > 0 ? "," : "", protocol);
	return buf.data;
}

enum ouv_err
ouv_desk_chosen(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *const *numbers,
	size_t number_count, struct ouv_chosen **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_chosen *rows;
	struct ouv_chosen *list;
	size_t count;

	TRY(store_begin_reading(desk->store, &tx));
	TRY(store_work_chosen(tx, arena, &actor->person,
		joined(arena, numbers, number_count), &rows, &count));
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		list_line(&rows[i].row, &list[i].line);
		list_summary(desk, arena, actor, &rows[i].row, &list[i].line);
		list[i].kind = rows[i].kind;
		list[i].severity = rows[i].severity;
		list[i].urgent = rows[i].urgent;
		list[i].owner = rows[i].owner;
	}
	*list_out = list;
	*count_out = count;
	return store_commit(&tx);
}

static enum ouv_err
session_lives(
	struct store_tx *tx, const struct ouv_actor *actor, int64_t *begun_us)
{
	uint8_t session[32];
	enum ouv_err err;

	if (*begun_us != 0)
		return store_session_lives(tx, &actor->person, *begun_us);
	ouv_session_id(actor->token, session);
	err = store_session_begun(tx, session, begun_us);
	return err == OUV_NOT_FOUND ? OUV_REFUSED : err;
}

enum ouv_err
ouv_desk_work_step(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_wish *wish,
	int64_t *begun_us, struct ouv_work *work_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(session_lives(tx, actor, begun_us));
	return list_work(desk, &tx, arena, actor, wish, work_out);
}

enum ouv_err
ouv_desk_queues(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct ouv_queues *queues_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	int64_t counts[STORE_QUEUES], letters[STORE_POST__COUNT], none;

	TRY(store_begin(desk->store, &tx));
	TRY(store_work_counts(tx, arena, &actor->person, counts));
	TRY(store_post_counts(tx, &actor->person, letters, &none));
	TRY(store_commit(&tx));
	memcpy(queues_out->counts, counts, sizeof(queues_out->counts));
	queues_out->held = counts[OUV_QUEUE__COUNT];
	queues_out->letters =
		letters[STORE_POST_TO_PRINT] + letters[STORE_POST_TO_POST];
	return OUV_OK;
}

static enum ouv_err
note_export(struct ouv_desk *desk, const struct ouv_actor *actor)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(log_own(desk, tx, &actor->person, "list-export", &actor->person));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_work_export(struct ouv_desk *desk, const struct ouv_actor *actor,
	struct ouv_verb_result *result_out)
{
	enum ouv_err err = OUV_CONFLICT;

	memset(result_out, 0, sizeof(*result_out));
	if (!actor->stepped) {
		result_out->step_up = true;
		return OUV_REFUSED;
	}
	for (int i = 0; i < EXPORT_TRIES && err == OUV_CONFLICT; i++)
		err = note_export(desk, actor);
	return err;
}
