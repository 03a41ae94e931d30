/*
 * view_said.c - beside the form of an act, the messages that it judges: nobody
 * should have to remember the letter they are sorting
 *
 * Which messages an act is about is one table.  They are those that the case
 * page reads anyway, and of their words only as many as a small page has room
 * for: the rest is one link away.
 */
#include <stdlib.h>
#include <string.h>

#include "move.h"

#define ROOM 6000 /* bytes of words, of all messages together */
#define MOST 4    /* messages */

enum which {
	FIRST,
	LAST,
	UNREAD, /* the last that no colleague has dealt with; else the last */
};

/* clang-format off */
#define CONSUMER "consumer"
#define COMPANY "company"
#define THEIRS NULL /* of the party whose act it is */

/* A row for each message, in the order in which they are read. */
static const struct {
	enum ouv_action action;
	const char *side;
	enum which which;
	bool open;
} abouts[] = {
	{ OUV_ACTION_CLASSIFY, CONSUMER, FIRST, true },
	{ OUV_ACTION_SERVE, CONSUMER, FIRST, true },
	{ OUV_ACTION_SERVE, CONSUMER, LAST, true },
	{ OUV_ACTION_FORWARD, CONSUMER, FIRST, false },
	{ OUV_ACTION_REFUSE, CONSUMER, FIRST, false },
	{ OUV_ACTION_REFUSE, CONSUMER, LAST, false },
	{ OUV_ACTION_ASK, CONSUMER, LAST, false },
	{ OUV_ACTION_ANSWER_REQUEST, CONSUMER, FIRST, false },
	{ OUV_ACTION_ANSWER_REQUEST, CONSUMER, LAST, false },
	{ OUV_ACTION_COMPLEMENT, THEIRS, LAST, false },
	{ OUV_ACTION_FEED_BACK, COMPANY, UNREAD, false },
	{ OUV_ACTION_ANSWER, COMPANY, UNREAD, false },
	{ OUV_ACTION_DECLINE, COMPANY, UNREAD, false },
	{ OUV_ACTION_EXTEND, COMPANY, LAST, false },
	{ OUV_ACTION_ASK_EXTENSION, THEIRS, LAST, false },
	{ OUV_ACTION_ACCEPT, THEIRS, LAST, false },
	{ OUV_ACTION_REJECT, THEIRS, LAST, false },
	{ OUV_ACTION_CHOOSE, THEIRS, LAST, false },
	{ OUV_ACTION_COMMENT, THEIRS, LAST, false },
	{ OUV_ACTION_ATTEST, THEIRS, LAST, false },
	{ OUV_ACTION_WITHDRAW, THEIRS, LAST, false },
	{ OUV_ACTION_ASK_REVIEW, THEIRS, LAST, false },
	{ OUV_ACTION_RATE, THEIRS, LAST, false },
	{ OUV_ACTION_NO_AGREEMENT, CONSUMER, LAST, false },
	{ OUV_ACTION_NO_AGREEMENT, COMPANY, LAST, false },
	{ OUV_ACTION_PROPOSE, CONSUMER, LAST, false },
	{ OUV_ACTION_PROPOSE, COMPANY, LAST, false },
	{ OUV_ACTION_DRAFT_OPINION, CONSUMER, LAST, false },
	{ OUV_ACTION_DRAFT_OPINION, COMPANY, LAST, false },
	{ OUV_ACTION_DECIDE, CONSUMER, LAST, false },
	{ OUV_ACTION_DECIDE, COMPANY, LAST, false },
	{ OUV_ACTION_DECIDE_REVIEW, CONSUMER, LAST, false },
	{ OUV_ACTION_DECIDE_REVIEW, COMPANY, LAST, false },
	{ OUV_ACTION_CONFIRM, CONSUMER, LAST, false },
	{ OUV_ACTION_CONFIRM, COMPANY, LAST, false },
	{ OUV_ACTION_REOPEN, CONSUMER, LAST, false },
	{ OUV_ACTION_SPLIT, CONSUMER, FIRST, false },
};
/* clang-format on */

#define ABOUTS (sizeof(abouts) / sizeof(abouts[0]))

/* ---- which they are --------------------------------------------------------
 */

/* Did a person of that side write it? */
static bool
is_of(const struct ouv_item_view *item, const char *side)
{
	return view_is_incoming(item) && !view_is_automatic(item) &&
	       item->side != NULL && strcmp(item->side, side) == 0;
}

static bool
is_unread(const struct ouv_case_view *view, int seq)
{
	for (size_t i = 0; i < view->task_count; i++)
		if (view->tasks[i].item_seq == seq &&
			view->tasks[i].done_at == 0 &&
			strcmp(view->tasks[i].kind, "read-answer") == 0)
			return true;
	return false;
}

/* The one that the form, or its address, names. */
static bool
is_named(const struct request *request, int seq)
{
	const char *typed = form_get(&request->form, "item");

	if (typed == NULL)
		typed = form_get(&request->query_form, "item");
	return typed != NULL && strtol(typed, NULL, 10) == seq;
}

static const struct ouv_item_view *
find(const struct request *request, const struct ouv_case_view *view,
	const char *side, enum which which)
{
	const struct ouv_item_view *last = NULL, *unread = NULL;

	for (size_t i = 0; i < view->item_count; i++) {
		const struct ouv_item_view *item = &view->items[i];

		if (!is_of(item, side))
			continue;
		if (which == FIRST ||
			(which == UNREAD && is_named(request, item->seq)))
			return item;
		if (which == UNREAD && is_unread(view, item->seq))
			unread = item;
		last = item;
	}
	return unread != NULL ? unread : last;
}

const struct ouv_item_view *
view_said_unread(const struct request *request,
	const struct ouv_case_view *view, const struct ouv_next *next)
{
	for (size_t i = 0; i < ABOUTS; i++)
		if (abouts[i].action == next->move->action &&
			abouts[i].which == UNREAD)
			return find(request, view, abouts[i].side, UNREAD);
	return NULL;
}

struct said {
	const struct ouv_item_view *items[MOST];
	size_t count;
	bool open;
};

/* Each once, though it be the first and the last. */
static void
add(struct said *said, const struct ouv_item_view *item)
{
	for (size_t i = 0; i < said->count; i++)
		if (said->items[i] == item)
			return;
	if (item != NULL && said->count < MOST)
		said->items[said->count++] = item;
}

static struct said
choose(const struct request *request, const struct ouv_case_view *view,
	const struct ouv_next *next)
{
	struct said said = { .count = 0 };

	for (size_t i = 0; i < ABOUTS; i++) {
		const char *side = abouts[i].side;

		if (abouts[i].action != next->move->action)
			continue;
		if (side == THEIRS)
			side = ouv_role_name(next->role);
		add(&said, find(request, view, side, abouts[i].which));
		said.open = abouts[i].open;
	}
	return said;
}

/* ---- as the page shows them ------------------------------------------------
 */

/* room: what is left of it. */
static json_t *
make_one(const struct request *request, const char *path,
	const struct ouv_item_view *item, size_t most, size_t *room)
{
	struct ouv_arena *arena = request->arena;
	const char *text = view_fresh_text(&item->mail);
	const char *lang = item->mail.lang;
	size_t len = view_fitting(text, most), cost = 0;
	json_t *one = json_object();

	for (size_t i = 0; i < len; i++)
		cost += view_byte_cost(text[i]);
	*room -= cost;
	view_number(one, "said_seq", item->seq);
	view_line(one, "said_path",
		ouv_arena_printf(arena, "%s?open=%d#item-%d", path, item->seq,
			item->seq));
	view_code(request, one, "said_kind", "kind_",
		ouv_item_kind_name(item->kind));
	view_code(request, one, "said_side", "side_", item->side);
	view_line(one, "said_by", view_item_by(item));
	view_time(request, one, "said_at", item->at);
	view_text(one, "said", ouv_arena_strndup(arena, text, len));
	view_line(
		one, "said_lang", lang != NULL && *lang != '\0' ? lang : "und");
	view_flag(one, "has_said", *text != '\0');
	view_flag(one, "is_said_cut", len < strlen(text));
	view_number(one, "said_files", (int64_t)item->mail.part_count);
	view_flag(one, "has_said_files", item->mail.part_count > 0);
	view_flag(one, "has_one_said_file", item->mail.part_count == 1);
	return one;
}

void
view_said(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_next *next)
{
	const struct said said = choose(request, view, next);
	const char *path = view_case_path(request, &view->line);
	json_t *list = json_array();
	size_t room = ROOM;

	/* What one does not need is the next one's. */
	for (size_t i = 0; i < said.count; i++)
		json_array_append_new(
			list, make_one(request, path, said.items[i],
				      room / (said.count - i), &room));
	view_flag(data, "has_said_messages", said.count > 0);
	view_flag(data, "is_said_open", said.open);
	json_object_set_new(data, "said_messages", list);
}
