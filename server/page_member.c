/*
 * page_member.c - the cases of whoever answers for a company: what the company
 * owes, soonest first
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/clock.h"

#include "member.h"
#include "move.h"
#include "page.h"
#include "reply.h"
#include "session.h"

#define ROWS 25
#define CLOSED_DAYS 90

/* ---- one line ----------------------------------------------------------- */

const char *
member_choice_value(
	struct ouv_arena *arena, const struct ouv_party_choice *choice)
{
	if (choice->choice[0] == '\0')
		return choice->action;
	return ouv_arena_printf(arena, "%s:%s", choice->action, choice->choice);
}

const char *
member_choice_label(
	const struct request *request, const struct ouv_party_choice *choice)
{
	const struct words *words = &request->server->words;
	const char *value = member_choice_value(request->arena, choice);
	const char *label = words_code(words, request->lang, "link_do_", value);

	if (label != NULL)
		return label;
	label = words_code(words, request->lang, "link_do_", choice->action);
	return ouv_arena_printf(request->arena, "%s %s",
		label != NULL ? label : choice->action, choice->choice);
}

/* In a few words what is to be done, or what is waited for. */
static const char *
step_of(const struct ouv_member_line *line)
{
	if (line->waiting)
		return "entering";
	if (line->reading && (line->state == OUV_STATE_COMPANY ||
				     line->state == OUV_STATE_FORWARDED))
		return "reading";
	return ouv_state_name(line->state);
}

json_t *
member_line_view(
	const struct request *request, const struct ouv_member_line *line)
{
	const bool owed = line->stage == OUV_MEMBER_OWED;
	json_t *one = json_object();

	view_line(one, "protocol", line->protocol);
	view_line(one, "case_path",
		ouv_arena_printf(
			request->arena, MEMBER_HERE "/%s", line->protocol));
	view_code(request, one, "stage", "member_stage_",
		ouv_member_stage_name(line->stage));
	view_flag(one, "is_owed", owed);
	view_flag(one, "is_closed", line->stage == OUV_MEMBER_CLOSED);
	view_code(request, one, "step", owed ? "member_step_" : "member_wait_",
		step_of(line));
	view_time(request, one, "due", line->due_at);
	view_flag(one, "is_late", line->late);
	view_flag(one, "is_soon",
		owed && !line->late && line->due_at != 0 &&
			line->due_at < ouv_clock_now() + INT64_C(2) * 86400);
	view_time(request, one, "closed", line->closed_at);
	move_line(one, "reference", line->reference);
	move_line(one, "last_by", line->last_by);
	view_time(request, one, "last", line->last_at);
	view_flag(one, "has_why", line->clock_count > 0);
	json_object_set_new(one, "why_clock",
		line->clock_count > 0 ? view_clock(request, line->clocks, 0)
				      : json_false());
	return one;
}

/* ---- the list ----------------------------------------------------------- */

/* clang-format off */
static const struct tab {
	const char *name;
	unsigned stages;
} tabs[] = {
	{ "owed",    1u << OUV_MEMBER_OWED },
	{ "waiting", 1u << OUV_MEMBER_WAITING },
	{ "open",    1u << OUV_MEMBER_OWED | 1u << OUV_MEMBER_WAITING },
	{ "closed",  1u << OUV_MEMBER_CLOSED },
};
/* clang-format on */
#define TABS (sizeof(tabs) / sizeof(tabs[0]))

static const char *
query(const struct request *request, const char *name)
{
	const char *value = form_get(&request->query_form, name);

	return value != NULL ? value : "";
}

/* What they owe, unless they ask for something else; a search is in all. */
static size_t
tab_of(const struct request *request)
{
	for (size_t i = 0; i < TABS; i++)
		if (strcmp(query(request, "show"), tabs[i].name) == 0)
			return i;
	return *query(request, "q") != '\0' ? TABS : 0;
}

static int
days_of(const struct request *request)
{
	long days = strtol(query(request, "days"), NULL, 10);

	return days >= 1 && days <= 3650 ? (int)days : CLOSED_DAYS;
}

static void
add_tabs(const struct request *request, json_t *data, size_t at,
	const struct ouv_member_lines *lines)
{
	json_t *list = json_array();

	for (size_t i = 0; i < TABS; i++) {
		json_t *one = json_object();
		int64_t n = 0;

		for (int s = 0; s < OUV_MEMBER_STAGE__COUNT; s++)
			if ((tabs[i].stages & 1u << s) != 0)
				n += lines->counts[s];
		view_line(one, "tab_path",
			ouv_arena_printf(request->arena, MEMBER_HERE "?show=%s",
				tabs[i].name));
		view_code(request, one, "tab", "member_tab_", tabs[i].name);
		view_number(one, "tab_count", n);
		view_flag(one, "has_tab_count", strcmp(tabs[i].name, "closed"));
		view_flag(one, "is_tab", i == at);
		json_array_append_new(list, one);
	}
	json_object_set_new(data, "tabs", list);
	view_flag(data, "is_owed_tab", at == 0);
	view_flag(data, "is_closed_tab",
		at < TABS && strcmp(tabs[at].name, "closed") == 0);
}

static void
add_lines(const struct request *request, json_t *data,
	const struct ouv_member_lines *lines, size_t at)
{
	json_t *list = json_array();
	const char *here = ouv_arena_printf(request->arena,
		MEMBER_HERE "?show=%s&q=%s&days=%d",
		at < TABS ? tabs[at].name : "",
		form_escape(request->arena, query(request, "q")),
		days_of(request));

	for (size_t i = 0; i < lines->count; i++)
		json_array_append_new(
			list, member_line_view(request, &lines->list[i]));
	view_flag(data, "has_lines", lines->count > 0);
	json_object_set_new(data, "lines", list);
	view_flag(data, "has_next", lines->after != NULL);
	view_line(data, "next_path",
		lines->after == NULL
			? here
			: ouv_arena_printf(request->arena, "%s&after=%s", here,
				  form_escape(request->arena, lines->after)));
	view_flag(data, "is_first", *query(request, "after") == '\0');
	view_line(data, "first_path", here);
	view_flag(data, "has_pager",
		lines->after != NULL || *query(request, "after") != '\0');
}

static void
show(struct member *m, const struct ouv_member_lines *lines, size_t at)
{
	const struct request *request = m->request;
	json_t *data = member_base(m, "member_title", MEMBER_HERE);

	view_flag(data, "at_member_cases", true);
	view_line(data, "q", query(request, "q"));
	view_flag(data, "has_q", *query(request, "q") != '\0');
	view_number(data, "days", days_of(request));
	view_number(data, "late", lines->late);
	view_flag(data, "has_late", lines->late > 0);
	add_tabs(request, data, at, lines);
	add_lines(request, data, lines, at);
	reply_page(m->request, 200, "membercases", data);
}

void
page_member(struct request *request)
{
	const size_t at = tab_of(request);
	struct ouv_member_wish wish = { .stages = at < TABS ? tabs[at].stages
							    : 7u,
		.closed_days = at < TABS ? days_of(request) : 0,
		.search =
			view_clean(request->arena, query(request, "q"), false),
		.after = form_get(&request->query_form, "after"),
		.most = ROWS };
	struct ouv_member_lines lines;
	struct member m;
	enum ouv_err err;

	if (!member_enter(request, &m))
		return;
	err = ouv_desk_member_lines(
		m.desk, request->arena, &m.visit, &wish, request->lang, &lines);
	if (err != OUV_OK) {
		member_error(&m, err);
		return;
	}
	show(&m, &lines, at);
	member_end(&m);
}
