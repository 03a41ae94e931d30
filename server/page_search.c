/*
 * page_search.c - finding cases by what stands in them
 *
 * What is looked for is content of cases, so it is posted: no address, and no
 * log of one, holds it.
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/search.h"

#include "page.h"
#include "reply.h"
#include "session.h"
#include "view.h"

#define QUERY_MOST 200

/* The field, as it was typed; strict pages want all of it. */
static json_t *
begin(struct request *request, const char *query)
{
	json_t *data = view_base(request, "search_title");

	view_flag(data, "at_search", true);
	view_line(data, "here", "/search");
	view_carry(data, "search", "/search");
	view_line(data, "query", query);
	view_flag(data, "has_query", *query != '\0');
	view_flag(data, "is_empty_query", false);
	view_flag(data, "is_too_long", false);
	view_flag(data, "has_lines", false);
	view_flag(data, "is_common", false);
	view_flag(data, "is_unfinished", false);
	view_number(data, "found", 0);
	view_flag(data, "has_one_found", false);
	view_number(data, "searched", 0);
	view_number(data, "mine", 0);
	view_flag(data, "is_partly", false);
	view_flag(data, "has_one_failed", false);
	view_number(data, "failed", 0);
	json_object_set_new(data, "lines", json_array());
	view_flag(data, "has_pager", false);
	view_flag(data, "is_first", true);
	view_flag(data, "has_next", false);
	view_line(data, "after", "");
	return data;
}

void
page_search(struct request *request)
{
	reply_page(request, 200, "search", begin(request, ""));
}

static void
add_lines(const struct request *request, json_t *data,
	const struct ouv_search *search)
{
	json_t *lines = json_array();
	int64_t now = ouv_clock_now();

	for (size_t i = 0; i < search->count; i++) {
		json_t *line = json_object();

		view_case_line(request, line, &search->lines[i], now);
		json_array_append_new(lines, line);
	}
	view_flag(data, "has_lines", search->count > 0);
	json_object_set_new(data, "lines", lines);
}

static void
show(struct request *request, const char *query, const char *after,
	const struct ouv_search *search)
{
	json_t *data = begin(request, query);

	add_lines(request, data, search);
	view_flag(data, "is_common", !search->asked);
	view_flag(data, "is_unfinished",
		search->asked && search->searched < search->mine);
	view_number(data, "found", (int64_t)search->found);
	view_flag(data, "has_one_found", search->found == 1);
	view_number(data, "searched", (int64_t)search->searched);
	view_number(data, "mine", (int64_t)search->mine);
	view_flag(data, "is_partly", search->failed > 0);
	view_flag(data, "has_one_failed", search->failed == 1);
	view_number(data, "failed", (int64_t)search->failed);
	view_flag(data, "is_first", after == NULL || *after == '\0');
	view_flag(data, "has_next", search->after != NULL);
	view_line(data, "after", search->after != NULL ? search->after : "");
	view_flag(data, "has_pager",
		search->after != NULL || (after != NULL && *after != '\0'));
	reply_page(request, 200, "search", data);
}

/* A number alone that leads to one case leads there at once. */
static bool
goes_to_case(struct request *request, const char *query,
	const struct ouv_search *search)
{
	char number[OUV_PROTOCOL_MAX];

	if (ouv_protocol_parse(query, number) != OUV_OK || search->found != 1 ||
		search->count != 1 || search->lines[0].protocol == NULL ||
		strcmp(search->lines[0].protocol, number) != 0)
		return false;
	reply_redirect(
		request, ouv_arena_printf(request->arena, "/cases/%s", number));
	return true;
}

/* The form again, with what is wrong in it. */
static void
refuse(struct request *request, const char *query, const char *flag)
{
	json_t *data = begin(request, query);

	view_flag(data, flag, true);
	view_flag(data, "has_error_title", true);
	reply_page(request, 422, "search", data);
}

void
page_search_post(struct request *request)
{
	const char *query = form_get(&request->form, "q");
	const char *after = form_get(&request->form, "after");
	struct ouv_search search = { 0 };
	struct ouv_desk *desk;
	enum ouv_err err;

	query = view_clean(request->arena, query != NULL ? query : "", false);
	query += strspn(query, " ");
	if (*query == '\0' || strlen(query) > QUERY_MOST) {
		refuse(request, query,
			*query == '\0' ? "is_empty_query" : "is_too_long");
		return;
	}
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_search(desk, request->arena, request->actor,
			query, after, &search);
	if (err == OUV_INVALID)
		page_error(request, 400);
	else if (err != OUV_OK)
		page_error_desk(request, err);
	else if (!goes_to_case(request, query, &search))
		show(request, query, after, &search);
}
