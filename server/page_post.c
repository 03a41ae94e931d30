/*
 * page_post.c - the register of letters on paper: what is to be printed, to be
 * posted, under way, and done
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ouv/clock.h"
#include "ouv/letter_in.h"

#include "post_page.h"
#include "reply.h"
#include "session.h"
#include "sheet.h"
#include "view.h"

/* ---- what the address asks for ---------------------------------------------
 */

static enum ouv_post_list
which_list(const struct form *form)
{
	const char *name = form_get(form, "list");
	enum ouv_post_list which = OUV_POST_TO_PRINT;

	if (name == NULL || ouv_post_list_parse(name, &which) != OUV_OK)
		return OUV_POST_TO_PRINT;
	return which;
}

static const char *
list_path(const struct request *request, enum ouv_post_list which,
	const char *after)
{
	return ouv_arena_printf(request->arena, POST_HERE "?list=%s%s%s",
		ouv_post_list_name(which), after != NULL ? "&after=" : "",
		after != NULL ? after : "");
}

/* ---- one letter ------------------------------------------------------------
 */

static const struct post_row *
row_of(const struct post_rows *rows, const char *id)
{
	for (size_t i = 0; rows != NULL && i < rows->count; i++)
		if (strcmp(rows->list[i].id, id) == 0)
			return &rows->list[i];
	return NULL;
}

/* A day that somebody may type, and one that is known. */
static void
add_day(const struct request *request, json_t *one, const char *key,
	int32_t day)
{
	char has[40];

	(void)snprintf(has, sizeof(has), "has_%s", key);
	view_flag(one, has, day != 0);
	view_day(request, one, key, day);
}

static void
add_typed(
	const struct request *request, json_t *one, const struct post_row *row)
{
	static const char *const names[] = { "tracking", "day", "outcome",
		"why", "message" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		view_line(one,
			ouv_arena_printf(request->arena, "typed_%s", names[i]),
			row != NULL ? post_field(request, names[i], row) : "");
	view_flag(one, "is_delivered",
		row != NULL && strcmp(post_field(request, "outcome", row),
				       "delivered") == 0);
	view_flag(one, "is_returned",
		row != NULL && strcmp(post_field(request, "outcome", row),
				       "returned") == 0);
}

static void
add_trouble(json_t *one, const struct post_row *row)
{
	const bool wrong = row != NULL && row->why != NULL;

	view_flag(one, "has_wrong", wrong);
	view_line(one, "wrong", wrong ? row->why : "");
	view_flag(one, "is_wrong_day",
		wrong && row->field != NULL && strcmp(row->field, "day") == 0);
}

static void
add_way(const struct request *request, json_t *one,
	const struct ouv_post_line *l)
{
	view_time(request, one, "made", l->made_at);
	view_time(request, one, "printed", l->printed_at);
	view_flag(one, "has_printed_by", l->printed_by != NULL);
	view_line(
		one, "printed_by", l->printed_by != NULL ? l->printed_by : "");
	view_number(one, "page_count", l->pages);
	view_flag(one, "has_one_page", l->pages == 1);
	add_day(request, one, "posted", l->posted);
	add_day(request, one, "presumed", l->presumed);
	add_day(request, one, "ended", l->ended);
	view_flag(one, "is_assumed", l->assumed);
	view_flag(one, "has_service", *l->service != '\0');
	view_code(request, one, "service", "post_service_", l->service);
	view_flag(one, "has_tracking", *l->tracking != '\0');
	view_line(one, "tracking", l->tracking);
	view_flag(one, "has_why", *l->why != '\0');
	view_text(one, "why", l->why);
}

static json_t *
line_of(const struct request *request, const struct ouv_post_line *l,
	const struct post_rows *rows, bool all)
{
	json_t *one = json_object();
	const struct post_row *row;
	char hex[OUV_ID_HEX];

	ouv_id_hex(&l->id, hex);
	row = row_of(rows, hex);
	view_line(one, "id", hex);
	view_line(one, "number",
		l->line.protocol != NULL ? l->line.protocol : "");
	view_line(one, "case_path", view_case_path(request, &l->line));
	view_line(one, "reach_path",
		ouv_arena_printf(request->arena, "%s/do/reach",
			view_case_path(request, &l->line)));
	view_number(one, "seq", l->seq);
	view_flag(one, "has_name", *l->name != '\0');
	view_line(one, "name", l->name);
	view_flag(one, "has_postal", *l->postal != '\0');
	view_text(one, "postal", l->postal);
	view_code(request, one, "side", "lane_", l->side);
	view_code(request, one, "state_name", "post_state_", l->state);
	view_flag(one, "is_back", strcmp(l->state, "returned") == 0);
	view_flag(one, "is_picked", all || row != NULL);
	add_way(request, one, l);
	add_typed(request, one, row);
	add_trouble(one, row);
	return one;
}

/* ---- the page --------------------------------------------------------------
 */

static void
add_tabs(const struct request *request, json_t *data, enum ouv_post_list which,
	const int64_t counts[OUV_POST__COUNT])
{
	json_t *tabs = json_array();

	for (int i = 0; i < OUV_POST__COUNT; i++) {
		json_t *one = json_object();

		view_line(one, "tab_path",
			list_path(request, (enum ouv_post_list)i, NULL));
		view_code(request, one, "name", "post_list_",
			ouv_post_list_name((enum ouv_post_list)i));
		view_flag(one, "is_current", i == (int)which);
		view_flag(one, "has_count", counts[i] > 0);
		view_number(one, "count", counts[i]);
		view_flag(one, "has_urgent", false);
		json_array_append_new(tabs, one);
	}
	json_object_set_new(data, "tabs", tabs);
}

/* Each letter is an act of its own: others may have been noted. */
static bool
some_done(const struct post_rows *rows)
{
	for (size_t i = 0; rows != NULL && i < rows->count; i++)
		if (rows->list[i].done)
			return true;
	return false;
}

/* Everything wrong once more on top, each line leading to its row. */
static void
add_errors(const struct request *request, json_t *data,
	const struct post_rows *rows, int status)
{
	json_t *errors = json_array();

	for (size_t i = 0; rows != NULL && i < rows->count; i++) {
		const struct post_row *row = &rows->list[i];
		json_t *one;

		if (row->why == NULL)
			continue;
		one = json_object();
		view_flag(one, "has_label", true);
		view_line(one, "label", row->number);
		view_line(one, "target_path",
			ouv_arena_printf(
				request->arena, "#letter-%s", row->id));
		view_line(one, "text", row->why);
		json_array_append_new(errors, one);
	}
	if (rows != NULL && rows->count == 0 && status >= 400) {
		json_t *one = json_object();

		view_flag(one, "has_label", false);
		view_line(one, "label", "");
		view_line(one, "target_path", "#letters");
		view_word(request, one, "text", "post_nothing");
		json_array_append_new(errors, one);
	}
	view_word(request, data, "errors_head",
		some_done(rows) ? "post_some" : "errors_heading");
	view_flag(data, "has_errors", json_array_size(errors) > 0);
	view_flag(data, "has_error_title", json_array_size(errors) > 0);
	json_object_set_new(data, "errors", errors);
}

static void
add_services(const struct request *request, json_t *data)
{
	const char *typed = form_get(&request->form, "service");
	json_t *list = json_array();

	for (size_t i = 0; ouv_post_services[i] != NULL; i++)
		view_option(list, ouv_post_services[i],
			view_word_of(
				request, "post_service_", ouv_post_services[i]),
			typed != NULL &&
				strcmp(typed, ouv_post_services[i]) == 0);
	json_object_set_new(data, "services", list);
}

/* What the form below the list is: where it goes, which day it offers. */
static void
add_form(const struct request *request, json_t *data, enum ouv_post_list which,
	size_t rows)
{
	static const char *const acts[OUV_POST__COUNT] = { "print", "post",
		"end", "" };
	const char *day = form_get(&request->form, "day");
	const char *path =
		ouv_arena_printf(request->arena, POST_HERE "/%s", acts[which]);

	view_flag(data, "has_form", rows > 0 && *acts[which] != '\0');
	view_line(data, "action_path", path);
	view_line(data, "csrf", session_token(request, path));
	view_line(data, "csv_csrf", session_token(request, POST_HERE "/csv"));
	view_line(data, "form_key", sheet_new_key(request));
	view_line(data, "today",
		day != NULL ? day
			    : view_day_iso(request->arena, ouv_clock_today()));
	for (int i = 0; i < OUV_POST__COUNT; i++) {
		char key[40];

		(void)snprintf(key, sizeof(key), "at_%s",
			ouv_post_list_name((enum ouv_post_list)i));
		for (char *p = key; *p != '\0'; p++)
			if (*p == '-')
				*p = '_';
		view_flag(data, key, i == (int)which);
	}
	add_services(request, data);
}

struct found {
	struct ouv_post_line *list;
	size_t count;
	const char *after;
	int64_t counts[OUV_POST__COUNT], unaddressed;
};

static enum ouv_err
find(struct request *request, enum ouv_post_list which, struct found *found)
{
	const char *after = form_get(&request->query_form, "after");
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK)
		err = ouv_desk_post_counts(desk, request->actor, found->counts,
			&found->unaddressed);
	if (err == OUV_OK)
		err = ouv_desk_posts(desk, request->arena, request->actor,
			which, after, POST_ROWS, &found->list, &found->count,
			&found->after);
	return err;
}

void
post_show(struct request *request, enum ouv_post_list which,
	const struct post_rows *rows, int status, const char *done)
{
	bool all = form_get(&request->query_form, "all") != NULL;
	bool first = form_get(&request->query_form, "after") == NULL;
	json_t *data, *lines = json_array();
	struct found found = { 0 };
	enum ouv_err err = find(request, which, &found);

	if (err != OUV_OK) {
		json_decref(lines);
		page_error_desk(request, err);
		return;
	}
	for (size_t i = 0; i < found.count; i++)
		json_array_append_new(
			lines, line_of(request, &found.list[i], rows, all));
	data = view_base(request, "post_title");
	view_flag(data, "at_letters", true);
	view_flag(data, "may_register", ouv_letter_may(request->actor));
	view_flag(data, "may_call", ouv_call_may(request->actor));
	add_tabs(request, data, which, found.counts);
	add_errors(request, data, rows, status);
	add_form(request, data, which, found.count);
	view_code(
		request, data, "lead", "post_lead_", ouv_post_list_name(which));
	view_line(data, "list", ouv_post_list_name(which));
	view_line(data, "all_path",
		ouv_arena_printf(request->arena, "%s&all=1",
			list_path(request, which, NULL)));
	view_number(data, "unaddressed", found.unaddressed);
	view_flag(data, "has_unaddressed", found.unaddressed > 0);
	view_flag(data, "has_lines", found.count > 0);
	json_object_set_new(data, "lines", lines);
	view_flag(data, "has_pager", found.after != NULL || !first);
	view_flag(data, "is_first", first);
	view_line(data, "first_path", list_path(request, which, NULL));
	view_flag(data, "has_next", found.after != NULL);
	view_line(data, "next_path",
		found.after != NULL ? list_path(request, which, found.after)
				    : "");
	if (done != NULL)
		(void)view_done(request, data, done);
	reply_page(request, status, "letters", data);
}

void
page_letters(struct request *request)
{
	post_show(request, which_list(&request->query_form), NULL, 200,
		form_get(&request->query_form, "done"));
}

/* As it was sent; nothing is done. */
void
page_letters_again(struct request *request)
{
	static const struct {
		const char *path;
		enum ouv_post_list which;
	} forms[] = { { POST_HERE "/post", OUV_POST_TO_POST },
		{ POST_HERE "/end", OUV_POST_UNDER_WAY } };
	enum ouv_post_list which = OUV_POST_TO_PRINT;
	struct post_rows rows;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(request->path, forms[i].path) == 0)
			which = forms[i].which;
	if (!post_rows_read(request, &rows))
		rows.count = 0;
	post_show(request, which, rows.count > 0 ? &rows : NULL, 200, NULL);
}
