/*
 * page_worklist.c - the cases a person may read, by queue and by state
 */
#include <string.h>

#include "ouv/clock.h"

#include "page.h"
#include "reply.h"
#include "view.h"

/* Pages of the desk looked through for one filtered page of ours. */
#define FILTER_PAGES 20
#define FILTER_LINES 50

/* What the address asks for. */
struct wish {
	enum ouv_queue queue;
	enum ouv_state state; /* OUV_STATE__COUNT: any */
	const char *after;
};

static bool
read_wish(const struct request *request, struct wish *wish)
{
	const char *queue = form_get(&request->query_form, "queue");
	const char *state = form_get(&request->query_form, "state");

	wish->queue = OUV_QUEUE_OPEN;
	wish->state = OUV_STATE__COUNT;
	wish->after = form_get(&request->query_form, "after");
	if (state != NULL && *state != '\0') {
		if (ouv_state_parse(state, &wish->state) != OUV_OK)
			return false;
		if (!ouv_state_is_open(wish->state))
			wish->queue = OUV_QUEUE_CLOSED;
	}
	return queue == NULL || *queue == '\0' ||
	       ouv_queue_parse(queue, &wish->queue) == OUV_OK;
}

/* Adds the lines that the wish wants. */
static void
add_lines(const struct request *request, const struct wish *wish,
	const struct ouv_case_list *list, json_t *lines)
{
	int64_t now = ouv_clock_now();

	for (size_t i = 0; i < list->count; i++) {
		json_t *line;

		if (wish->state != OUV_STATE__COUNT &&
			list->lines[i].state != wish->state)
			continue;
		line = json_object();
		view_case_line(request, line, &list->lines[i], now);
		json_array_append_new(lines, line);
	}
}

static enum ouv_err
collect(struct request *request, const struct wish *wish,
	struct ouv_case_list *list, json_t *lines)
{
	struct ouv_desk *desk;
	const char *after = wish->after;
	enum ouv_err err;

	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	for (int page = 0; page < FILTER_PAGES; page++) {
		err = ouv_desk_list(desk, request->arena, request->actor,
			wish->queue, after, list);
		if (err != OUV_OK)
			return err;
		add_lines(request, wish, list, lines);
		after = list->after;
		if (after == NULL || json_array_size(lines) >= FILTER_LINES ||
			wish->state == OUV_STATE__COUNT)
			break;
	}
	return OUV_OK;
}

static void
add_tabs(const struct request *request, json_t *data,
	const struct ouv_case_list *list, const struct wish *wish)
{
	json_t *tabs = json_array();

	for (int i = 0; i < OUV_QUEUE__COUNT; i++) {
		const char *name = ouv_queue_name((enum ouv_queue)i);
		json_t *tab;

		/* Seldom anything waits for a second reading. */
		if (i == OUV_QUEUE_SECOND && list->counts[i] == 0 &&
			wish->queue != OUV_QUEUE_SECOND)
			continue;
		tab = json_object();
		view_code(request, tab, "name", "queue_", name);
		view_line(tab, "tab_path",
			ouv_arena_printf(
				request->arena, "/cases?queue=%s", name));
		view_line(tab, "count",
			ouv_arena_printf(request->arena, "%lld%s",
				(long long)list->counts[i],
				list->counts[i] >= OUV_COUNT_MOST ? "+" : ""));
		view_flag(tab, "has_urgent",
			(i == OUV_QUEUE_DUE || i == OUV_QUEUE_SECOND) &&
				list->counts[i] > 0);
		view_flag(tab, "is_current",
			i == (int)wish->queue &&
				wish->state == OUV_STATE__COUNT);
		json_array_append_new(tabs, tab);
	}
	json_object_set_new(data, "tabs", tabs);
}

static void
add_states(const struct request *request, json_t *data, const struct wish *wish)
{
	json_t *states = json_array();

	for (int i = 0; i < OUV_STATE__COUNT; i++) {
		const char *name = ouv_state_name((enum ouv_state)i);
		json_t *one;

		if (i == OUV_STATE_HELD) /* has a page of its own */
			continue;
		one = json_object();
		view_line(one, "value", name);
		view_code(request, one, "name", "state_", name);
		view_flag(one, "is_current", i == (int)wish->state);
		json_array_append_new(states, one);
	}
	json_object_set_new(data, "states", states);
	view_flag(data, "has_state", wish->state != OUV_STATE__COUNT);
	view_line(data, "state_filter", "");
	if (wish->state != OUV_STATE__COUNT)
		view_code(request, data, "state_filter", "state_",
			ouv_state_name(wish->state));
}

static void
add_next(const struct request *request, json_t *data, const char *after,
	const struct wish *wish)
{
	bool filtered = wish->state != OUV_STATE__COUNT;

	view_flag(data, "has_next", after != NULL);
	view_line(data, "next_path",
		after == NULL
			? "/"
			: ouv_arena_printf(request->arena,
				  "/cases?queue=%s%s%s&after=%s",
				  ouv_queue_name(wish->queue),
				  filtered ? "&state=" : "",
				  filtered ? ouv_state_name(wish->state) : "",
				  form_escape(request->arena, after)));
	view_flag(data, "is_first", wish->after == NULL);
	view_flag(data, "has_pager", after != NULL || wish->after != NULL);
	view_line(data, "first_path",
		ouv_arena_printf(request->arena, "/cases?queue=%s%s%s",
			ouv_queue_name(wish->queue), filtered ? "&state=" : "",
			filtered ? ouv_state_name(wish->state) : ""));
}

void
page_worklist(struct request *request)
{
	struct ouv_case_list list = { 0 };
	json_t *lines = json_array();
	struct wish wish;
	json_t *data;
	const char *done;
	enum ouv_err err;

	err = read_wish(request, &wish) ? collect(request, &wish, &list, lines)
					: OUV_INVALID;
	if (err != OUV_OK) {
		json_decref(lines);
		if (err == OUV_INVALID)
			page_error(request, 400);
		else
			page_error_desk(request, err);
		return;
	}
	data = view_base(request, "worklist_title");
	done = form_get(&request->query_form, "done");
	if (done != NULL) /* of a case that one can no longer open */
		(void)view_done(request, data, done);
	view_flag(data, "at_worklist", true);
	view_code(request, data, "queue_title", "queue_title_",
		ouv_queue_name(wish.queue));
	view_code(request, data, "empty_text", "empty_",
		ouv_queue_name(wish.queue));
	add_tabs(request, data, &list, &wish);
	add_states(request, data, &wish);
	view_news(request, data);
	add_next(request, data, list.after, &wish);
	view_flag(data, "has_lines", json_array_size(lines) > 0);
	json_object_set_new(data, "lines", lines);
	reply_page(request, 200, "worklist", data);
}
