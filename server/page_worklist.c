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

/* Why the list is shown again, and after which form; all NULL: for itself. */
struct again {
	const struct trouble *trouble; /* of its name */
	const struct missing *missing; /* of what is done with many */
};

static bool
is_picked(const struct request *request, const struct ouv_work_line *line)
{
	return line->line.protocol != NULL &&
	       form_get(&request->form,
		       ouv_arena_printf(request->arena, "case-%s",
			       line->line.protocol)) != NULL;
}

static void
add_lines(const struct request *request, json_t *data,
	const struct ouv_work *work, const struct again *again)
{
	const bool all = form_get(&request->query_form, "all") != NULL;
	json_t *lines = json_array();
	int64_t now = ouv_clock_now();

	for (size_t i = 0; i < work->count; i++) {
		json_t *line = view_work_line(request, &work->lines[i], now);

		view_flag(line, "is_picked",
			all || (again->missing != NULL &&
				       is_picked(request, &work->lines[i])));
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
	query = wish_page(request, wish);
	view_line(data, "list_query", query);
	/* The same page, each of its cases chosen. */
	view_line(data, "all_path",
		ouv_arena_printf(request->arena, "/cases?%s%sall=1", query,
			*query != '\0' ? "&" : ""));
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

/* ---- its forms --------------------------------------------------------------
 */

/* Choices of the form for many, of which the one sent before is chosen. */
static void
add_choices(const struct request *request, json_t *data, const char *from,
	const char *name, const char *typed)
{
	json_t *list = json_array(), *one;
	size_t i;

	json_array_foreach(json_object_get(data, from), i, one)
	{
		json_t *copy = json_copy(one);
		const char *value =
			json_string_value(json_object_get(one, "value"));

		view_flag(copy, "is_current",
			typed != NULL && value != NULL &&
				strcmp(value, typed) == 0);
		json_array_append_new(list, copy);
	}
	json_object_set_new(data,
		ouv_arena_printf(request->arena, "bulk_%s_choices", name),
		list);
}

/* NULL: nothing is missing there. */
static const char *
missing_word(const struct request *request, const struct missing *missing,
	const char *field)
{
	for (; missing != NULL && missing->word != NULL; missing++)
		if (strcmp(missing->field, field) == 0)
			return words_get(&request->server->words, request->lang,
				missing->word);
	return NULL;
}

/* At its field, and in the summary on top. */
static void
add_missing(const struct request *request, json_t *data, const char *field,
	const char *word)
{
	struct ouv_arena *arena = request->arena;
	json_t *one;

	view_flag(data, ouv_arena_printf(arena, "has_bulk_%s_error", field),
		word != NULL);
	view_line(data, ouv_arena_printf(arena, "bulk_%s_error", field),
		word != NULL ? word : "");
	if (word == NULL)
		return;
	one = json_object();
	view_flag(one, "has_label", false);
	view_line(one, "label", "");
	view_line(
		one, "target_path", ouv_arena_printf(arena, "#bulk-%s", field));
	view_line(one, "text", word);
	json_array_append_new(json_object_get(data, "errors"), one);
	view_flag(data, "has_errors", true);
}

/* The form for many; again, with what was typed into it. */
static void
add_bulk(const struct request *request, json_t *data,
	const struct missing *missing)
{
	static const char *const fields[] = { "cases", "to", "severity",
		"note" };
	const struct form none = { 0 };
	const struct form *typed = missing != NULL ? &request->form : &none;
	const char *note = form_get(typed, "note");

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		add_missing(request, data, fields[i],
			missing_word(request, missing, fields[i]));
	add_choices(
		request, data, "owner_choices", "to", form_get(typed, "to"));
	add_choices(request, data, "severity_choices", "severity",
		form_get(typed, "severity"));
	view_text(data, "bulk_note_typed", note != NULL ? note : "");
}

/* The forms of the page: a name for this list, many cases, a file. */
static void
add_forms(
	const struct request *request, json_t *data, const struct again *again)
{
	static const struct sheet_field fields[] = { { "name", "view_name" },
		{ NULL, NULL } };
	struct sheet sheet = sheet_begin(request, "/cases", again->trouble);

	sheet.verb = "views";
	json_object_set_new(data, "save",
		sheet_form(&sheet, "views", "save", true, fields));
	view_line(data, "bulk_csrf", session_token(request, "/cases/bulk"));
	view_line(data, "csv_csrf", session_token(request, "/cases/csv"));
	view_line(
		data, "drop_csrf", session_token(request, "/cases/views/drop"));
	sheet_end(&sheet, data);
	view_flag(data, "is_keeping", again->trouble != NULL);
	add_bulk(request, data, again->missing);
	if (again->missing != NULL)
		view_carry(data, "bulk", "/cases/bulk");
}

/* ---- all of it --------------------------------------------------------------
 */

/* What the desk does not take is no wrong code by now: a place in the list that
 * it does not know, then the name of somebody. */
static enum ouv_err
list_work(struct request *request, struct ouv_desk *desk, struct wish *wish,
	struct ouv_work *work)
{
	enum ouv_err err = OUV_INVALID;

	if (wish->is_wrong)
		return OUV_OK;
	for (int i = 0; i < 2 && err == OUV_INVALID; i++) {
		err = ouv_desk_work(
			desk, request->arena, request->actor, &wish->ouv, work);
		if (err != OUV_INVALID || wish->ouv.at == NULL)
			break;
		wish->ouv.at = NULL;
		wish->ouv.back = false;
	}
	if (err != OUV_INVALID)
		return err;
	wish_wrong(wish, WISH_OWNER);
	return OUV_OK;
}

static enum ouv_err
fill(struct request *request, json_t *data, struct wish *wish,
	const struct again *again)
{
	struct ouv_queues queues = { 0 };
	struct ouv_work work = { 0 };
	struct ouv_desk *desk;
	enum ouv_err err;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = list_work(request, desk, wish, &work);
	if (err == OUV_OK)
		err = ouv_desk_queues(
			desk, request->arena, request->actor, &queues);
	if (err == OUV_OK)
		err = add_views(request, desk, data);
	if (err == OUV_OK)
		err = view_wish(request, data, wish);
	if (err != OUV_OK)
		return err;
	add_lines(request, data, &work, again);
	view_flag(data, "has_bulk", work.count > 0 || again->missing != NULL);
	add_pager(request, data, &work, wish);
	view_queues(request, data, &queues, wish);
	add_forms(request, data, again);
	return OUV_OK;
}

/* ---- the page ---------------------------------------------------------------
 */

static void
show(struct request *request, struct wish *wish, const struct again *again)
{
	const char *done = form_get(&request->query_form, "done");
	json_t *data;
	enum ouv_err err;

	data = view_base(request, "worklist_title");
	if (done != NULL) /* of a case that one can no longer open */
		(void)view_done(request, data, done);
	view_flag(data, "at_worklist", true);
	view_code(request, data, "queue_title", "queue_title_",
		ouv_queue_name(wish->ouv.queue));
	view_code(request, data, "empty_text", "empty_",
		ouv_queue_name(wish->ouv.queue));
	view_news(request, data);
	view_alarm(request, data);
	err = fill(request, data, wish, again);
	if (err == OUV_OK) {
		reply_page(request,
			again->trouble != NULL   ? again->trouble->status
			: again->missing != NULL ? 422
			: wish->is_wrong         ? 400
						 : 200,
			"worklist", data);
		return;
	}
	json_decref(data);
	page_error_desk(request, err);
}

void
worklist_show(struct request *request, const struct form *form,
	const struct trouble *trouble)
{
	const struct again again = { .trouble = trouble };
	struct wish wish;

	wish_read(request, form, &wish);
	show(request, &wish, &again);
}

void
worklist_choose(struct request *request, const char *query,
	const struct missing *missing)
{
	const struct again again = { .missing = missing };
	struct wish wish;

	wish_parse(request, query, &wish);
	show(request, &wish, &again);
}

void
page_worklist(struct request *request)
{
	const struct again again = { 0 };
	struct wish wish;

	wish_read(request, &request->query_form, &wish);
	show(request, &wish, &again);
	if (request->response.status == 200)
		session_keep_list(request, wish_page(request, &wish));
}
