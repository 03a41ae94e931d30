/*
 * page_worklist.c - the cases a person may read: queues, filters, pages
 */
#include <string.h>

#include "ouv/clock.h"

#include "cases.h"
#include "page.h"
#include "reply.h"
#include "session.h"
#include "view.h"
#include "wish.h"

/* ---- what stands on it ------------------------------------------------------
 */

static void
add_lines(const struct request *request, json_t *data,
	const struct ouv_work *work, bool all)
{
	json_t *lines = json_array();
	int64_t now = ouv_clock_now();

	for (size_t i = 0; i < work->count; i++) {
		json_t *line = view_work_line(request, &work->lines[i], now);

		view_flag(line, "is_picked", all);
		json_array_append_new(lines, line);
	}
	view_flag(data, "has_lines", work->count > 0);
	json_object_set_new(data, "lines", lines);
}

static void
add_pager(const struct request *request, json_t *data,
	const struct ouv_work *work, const struct wish *wish)
{
	const char *query = wish_query(request, wish, WISH__COUNT);
	const char *sep = *query != '\0' ? "&" : "";

	view_flag(data, "has_next", work->after != NULL);
	view_line(data, "next_path",
		work->after == NULL
			? "/"
			: ouv_arena_printf(request->arena,
				  "/cases?%s%safter=%s", query, sep,
				  form_escape(request->arena, work->after)));
	view_flag(data, "has_before", work->before != NULL);
	view_line(data, "before_path",
		work->before == NULL
			? "/"
			: ouv_arena_printf(request->arena,
				  "/cases?%s%sbefore=%s", query, sep,
				  form_escape(request->arena, work->before)));
	view_flag(data, "is_first",
		wish->ouv.at == NULL || *wish->ouv.at == '\0');
	view_flag(
		data, "has_pager", work->after != NULL || work->before != NULL);
	view_line(data, "first_path",
		ouv_arena_printf(request->arena, "/cases?%s", query));
	/* The same page, each of its cases chosen. */
	view_line(data, "all_path",
		ouv_arena_printf(request->arena, "/cases?%s%s%s%s%sall=1",
			query, sep,
			wish->ouv.at == NULL || *wish->ouv.at == '\0' ? ""
			: wish->ouv.back ? "before="
					 : "after=",
			wish->ouv.at == NULL
				? ""
				: form_escape(request->arena, wish->ouv.at),
			wish->ouv.at == NULL || *wish->ouv.at == '\0' ? ""
								      : "&"));
}

static enum ouv_err
add_views(struct request *request, struct ouv_desk *desk, json_t *data)
{
	struct ouv_saved_view *views;
	json_t *list = json_array();
	size_t count;
	enum ouv_err err;

	json_object_set_new(data, "views", list);
	err = ouv_desk_views(
		desk, request->arena, request->actor, &views, &count);
	if (err != OUV_OK)
		return err;
	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();
		char hex[OUV_ID_HEX];

		ouv_id_hex(&views[i].id, hex);
		view_line(one, "view_path",
			ouv_arena_printf(
				request->arena, "/cases?%s", views[i].query));
		view_line(one, "view_id", hex);
		view_line(one, "name", views[i].name);
		view_line(one, "author", views[i].author);
		view_flag(one, "is_mine", views[i].mine);
		view_flag(one, "may_drop", views[i].may_drop);
		view_flag(one, "is_shared", views[i].shared);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_views", count > 0);
	return OUV_OK;
}

/* The forms of the page: a name for this list, many cases, a file. */
static void
add_forms(const struct request *request, json_t *data,
	const struct trouble *trouble)
{
	static const struct sheet_field fields[] = { { "name", "view_name" },
		{ NULL, NULL } };
	struct sheet sheet = sheet_begin(request, "/cases", trouble);

	sheet.verb = "views";
	json_object_set_new(data, "save",
		sheet_form(&sheet, "views", "save", true, fields));
	view_line(data, "bulk_csrf", session_token(request, "/cases/bulk"));
	view_line(data, "csv_csrf", session_token(request, "/cases/csv"));
	view_line(
		data, "drop_csrf", session_token(request, "/cases/views/drop"));
	sheet_end(&sheet, data);
}

static enum ouv_err
fill(struct request *request, json_t *data, const struct wish *wish)
{
	struct ouv_queues queues = { 0 };
	struct ouv_work work = { 0 };
	struct ouv_desk *desk;
	enum ouv_err err;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK && !wish->is_wrong)
		err = ouv_desk_work(desk, request->arena, request->actor,
			&wish->ouv, &work);
	if (err == OUV_OK)
		err = ouv_desk_queues(
			desk, request->arena, request->actor, &queues);
	if (err == OUV_OK)
		err = add_views(request, desk, data);
	if (err == OUV_OK)
		err = view_wish(request, data, wish);
	if (err != OUV_OK)
		return err;
	add_lines(request, data, &work,
		form_get(&request->query_form, "all") != NULL);
	add_pager(request, data, &work, wish);
	view_queues(request, data, &queues, wish);
	return OUV_OK;
}

/* ---- the page ---------------------------------------------------------------
 */

void
worklist_show(struct request *request, const struct form *form,
	const struct trouble *trouble)
{
	const char *done = form_get(&request->query_form, "done");
	struct wish wish;
	json_t *data;
	enum ouv_err err;

	if (!wish_read(request, form, &wish)) {
		page_error(request, 400);
		return;
	}
	data = view_base(request, "worklist_title");
	if (done != NULL) /* of a case that one can no longer open */
		(void)view_done(request, data, done);
	view_flag(data, "at_worklist", true);
	view_code(request, data, "queue_title", "queue_title_",
		ouv_queue_name(wish.ouv.queue));
	view_code(request, data, "empty_text", "empty_",
		ouv_queue_name(wish.ouv.queue));
	view_news(request, data);
	view_alarm(request, data);
	err = fill(request, data, &wish);
	add_forms(request, data, trouble);
	if (err == OUV_OK) {
		reply_page(request,
			trouble != NULL ? trouble->status
			: wish.is_wrong ? 400
					: 200,
			"worklist", data);
		return;
	}
	json_decref(data);
	if (err == OUV_INVALID)
		page_error(request, 400);
	else
		page_error_desk(request, err);
}

void
page_worklist(struct request *request)
{
	worklist_show(request, &request->query_form, NULL);
}
