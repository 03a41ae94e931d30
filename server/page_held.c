/*
 * page_held.c - mail that belongs to no case, until a person decides
 *
 * A list of its own: what counts here is who wrote, why it waits and where it
 * may belong, not state, owner and clock.
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/id.h"

#include "page.h"
#include "reply.h"
#include "view.h"

/* The tabs, in their order. */
static const struct {
	enum ouv_held which;
	const char *field; /* in the address; NULL: when there is no other */
	const char *path, *word;
} tabs[] = {
	{ OUV_HELD_WAITING, NULL, "/held", "held_waiting" },
	{ OUV_HELD_ASIDE, "aside", "/held?aside=1", "held_aside" },
	{ OUV_HELD_MONTHS, "automatic", "/held?automatic=1", "held_automatic" },
};
#define TABS (sizeof(tabs) / sizeof(tabs[0]))

/* The name is the address again when there is no name: once is enough. */
static void
add_sender(json_t *one, const struct ouv_case_line *line)
{
	const char *addr = line->from_addr != NULL ? line->from_addr : "";
	bool twice = strcmp(addr, line->from_name) == 0;

	view_line(one, "from_addr", addr);
	view_flag(one, "has_from_addr", *addr != '\0' && !twice);
	view_flag(one, "has_from", *addr != '\0' || *line->from_name != '\0');
}

static json_t *
lines(const struct request *request, const struct ouv_case_list *list,
	const char *at)
{
	json_t *array = json_array();
	int64_t now = ouv_clock_now();

	for (size_t i = 0; i < list->count; i++) {
		const struct ouv_case_line *line = &list->lines[i];
		json_t *one = json_object();
		char hex[OUV_ID_HEX];

		ouv_id_hex(&line->id, hex);
		view_flag(one, "is_looked_at",
			at != NULL && strcmp(at, hex) == 0);
		view_line(one, "look_here_path",
			ouv_arena_printf(
				request->arena, "/held?at=%s#look", hex));

		view_case_line(request, one, line, now);
		add_sender(one, line);
		view_held_line(request, one, line);
		view_line(one, "first_words", line->words);
		view_flag(one, "has_first_words", *line->words != '\0');
		view_guess(request, one, &line->guess);
		view_flag(one, "has_aside", line->aside != NULL);
		view_code(request, one, "aside", "discard_",
			line->aside != NULL ? line->aside : "");
		json_array_append_new(array, one);
	}
	return array;
}

static void
add_tabs(const struct request *request, json_t *data, size_t at)
{
	json_t *array = json_array();

	for (size_t i = 0; i < TABS; i++) {
		json_t *one = json_object();

		view_line(one, "tab_path", tabs[i].path);
		view_word(request, one, "name", tabs[i].word);
		view_flag(one, "is_current", i == at);
		json_array_append_new(array, one);
	}
	json_object_set_new(data, "tabs", array);
	view_flag(data, "at_waiting", tabs[at].which == OUV_HELD_WAITING);
	view_flag(data, "at_aside", tabs[at].which == OUV_HELD_ASIDE);
	view_flag(data, "at_automatic", tabs[at].which == OUV_HELD_MONTHS);
}

/* The tab that the address asks for. */
static size_t
tab_of(const struct request *request)
{
	for (size_t i = TABS; i-- > 1;)
		if (form_get(&request->query_form, tabs[i].field) != NULL)
			return i;
	return 0;
}

static void
add_pager(const struct request *request, json_t *data, const char *first,
	const char *after, const char *next)
{
	const char *sign = strchr(first, '?') != NULL ? "&" : "?";

	view_flag(data, "has_next", next != NULL);
	view_line(data, "next_path",
		next == NULL ? "/"
			     : ouv_arena_printf(request->arena, "%s%safter=%s",
				       first, sign,
				       form_escape(request->arena, next)));
	view_flag(data, "is_first", after == NULL);
	view_flag(data, "has_pager", next != NULL || after != NULL);
	view_line(data, "first_path", first);
}

/* ?done=discard&of=ID: said, with the way to the message. */
static void
add_notice(struct request *request, json_t *data)
{
	const char *done = form_get(&request->query_form, "done");
	const char *of = form_get(&request->query_form, "of");
	const char *in = form_get(&request->query_form, "in");
	char protocol[OUV_PROTOCOL_MAX];
	struct ouv_id id;

	json_object_set_new(data, "undo", json_false());
	if (done == NULL || !view_done(request, data, done))
		return;
	if (in != NULL && ouv_protocol_parse(in, protocol) == OUV_OK)
		view_notice_link(request, data,
			ouv_arena_printf(request->arena, "/cases/%s", protocol),
			"to_the_case");
	else if (of != NULL && ouv_id_parse(of, &id) == OUV_OK)
		view_notice_link(request, data,
			ouv_arena_printf(request->arena, "/cases/%s", of),
			"to_the_message");
	if (of != NULL && ouv_id_parse(of, &id) == OUV_OK &&
		strcmp(done, "discard") == 0)
		view_triage_undo(request, data, of);
}

void
page_held(struct request *request)
{
	const char *after = form_get(&request->query_form, "after");
	const char *at = form_get(&request->query_form, "at");
	const size_t tab = tab_of(request);
	struct ouv_case_list list = { 0 };
	struct ouv_desk *desk;
	json_t *data;
	enum ouv_err err;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_held(desk, request->arena, request->actor,
			tabs[tab].which, after, &list);
	if (err == OUV_INVALID) {
		page_error(request, 400);
		return;
	}
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	data = view_base(request, "held_title");
	view_flag(data, "at_held", true);
	add_tabs(request, data, tab);
	view_flag(data, "has_lines", list.count > 0);
	if (view_fate(request, data, at) ||
		!view_triage(request, data, &list, at)) {
		json_object_set_new(data, "look", json_false());
		at = NULL;
	}
	json_object_set_new(data, "lines", lines(request, &list, at));
	add_pager(request, data, tabs[tab].path, after, list.after);
	add_notice(request, data);
	reply_page(request, 200, "held", data);
}
