/*
 * page_held.c - mail that belongs to no case, until a person decides
 */
#include "ouv/clock.h"

#include "page.h"
#include "reply.h"
#include "view.h"

void
page_held(struct request *request)
{
	const char *after = form_get(&request->query_form, "after");
	struct ouv_case_list list = { 0 };
	int64_t now = ouv_clock_now();
	json_t *lines = json_array();
	struct ouv_desk *desk;
	json_t *data;
	enum ouv_err err;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_held(desk, request->arena, request->actor, false,
			after, &list);
	if (err != OUV_OK) {
		json_decref(lines);
		if (err == OUV_INVALID)
			page_error(request, 400);
		else
			page_error_desk(request, err);
		return;
	}
	for (size_t i = 0; i < list.count; i++) {
		json_t *line = json_object();

		view_case_line(request, line, &list.lines[i], now);
		json_array_append_new(lines, line);
	}
	data = view_base(request, "held_title");
	view_flag(data, "at_held", true);
	view_flag(data, "has_lines", list.count > 0);
	json_object_set_new(data, "lines", lines);
	view_flag(data, "has_next", list.after != NULL);
	view_line(data, "next_path",
		list.after == NULL
			? "/"
			: ouv_arena_printf(request->arena, "/held?after=%s",
				  form_escape(request->arena, list.after)));
	view_flag(data, "is_first", after == NULL);
	view_flag(data, "has_pager", list.after != NULL || after != NULL);
	view_line(data, "first_path", "/held");
	reply_page(request, 200, "held", data);
}
