/*
 * page_loose.c - mail that is no case and is old enough to be erased: the list,
 * and the one form that erases what it shows
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/retain.h"

#include "calendar.h"
#include "page.h"
#include "reply.h"
#include "view.h"

#define HERE "/retention/mail"

/* clang-format off */
static const struct sheet_field fields[] = { { NULL, NULL } };
/* clang-format on */

static json_t *
row_of(const struct request *request, const struct ouv_loose *l)
{
	json_t *one = json_object();
	char hex[OUV_ID_HEX];

	ouv_id_hex(&l->id, hex);
	view_flag(one, "is_month", l->month != 0);
	view_line(one, "month",
		ouv_arena_printf(request->arena, "%02d/%04d", l->month % 100,
			l->month / 100));
	view_code(request, one, "reason", "discard_",
		l->aside != NULL ? l->aside : "other");
	view_time(request, one, "since", l->since);
	view_number(one, "items", l->items);
	view_flag(one, "is_single", l->items == 1);
	view_flag(one, "is_readable", l->readable);
	view_line(one, "case_path",
		ouv_arena_printf(request->arena, "/cases/%s", hex));
	return one;
}

static void
add_rule(json_t *data, const char *key, int days)
{
	char has[40];

	(void)snprintf(has, sizeof(has), "has_%s", key);
	view_flag(data, has, days > 0);
	view_number(data, key, days);
}

/* The form carries what it is about: the moment and the token of the list. */
static json_t *
erase_form(struct sheet *sheet, const struct ouv_loose_page *page)
{
	json_t *form;

	if (page->count == 0 ||
		sheet->request->actor->role != OUV_ROLE_CUSTODIAN)
		return json_false();
	form = sheet_form(sheet, "erase", "erase", true, fields);
	view_number(form, "at", page->at);
	view_line(form, "token", page->token);
	view_number(form, "count", (int64_t)page->count);
	return form;
}

static void
show(struct request *request, const struct trouble *trouble)
{
	const char *done = form_get(&request->query_form, "done");
	struct ouv_loose_page page = { 0 };
	json_t *data, *rows = json_array();
	struct ouv_desk *desk;
	struct sheet sheet;
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK)
		err = ouv_desk_loose(
			desk, request->arena, request->actor, 0, &page);
	if (err != OUV_OK) {
		json_decref(rows);
		page_error_desk(request, err);
		return;
	}
	for (size_t i = 0; i < page.count; i++)
		json_array_append_new(rows, row_of(request, &page.list[i]));
	data = view_base(request, "loose_title");
	sheet = sheet_begin(request, HERE, trouble);
	sheet.verb = trouble != NULL ? "erase" : "";
	view_flag(data, "at_retention", true);
	view_line(data, "here", HERE);
	add_rule(data, "aside_days", page.aside_days);
	add_rule(data, "automatic_days", page.automatic_days);
	view_number(data, "now_count", page.now);
	view_number(data, "soon_count", page.soon);
	view_flag(data, "is_part", page.now > (int64_t)page.count);
	view_flag(data, "has_rows", page.count > 0);
	json_object_set_new(data, "rows", rows);
	json_object_set_new(data, "erase", erase_form(&sheet, &page));
	sheet_end(&sheet, data);
	view_flag(data, "has_error_title", trouble != NULL);
	if (done != NULL)
		(void)view_done(request, data, done);
	reply_page(request, trouble != NULL ? trouble->status : 200, "loose",
		data);
}

void
page_loose(struct request *request)
{
	show(request, NULL);
}

void
page_loose_erase(struct request *request)
{
	const char *at = form_get(&request->form, "at");
	const char *token = form_get(&request->form, "token");
	struct ouv_verb_result result = { 0 };
	const char *key = own_key(request);
	struct trouble trouble = {
		.status = 409, .word = "loose_changed", .result = &result
	};
	struct ouv_desk *desk;
	size_t count = 0;
	enum ouv_err err;

	if (key == NULL)
		return;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_loose_erase(desk, request->arena, request->actor,
			key, at != NULL ? strtoll(at, NULL, 10) : 0,
			token != NULL ? token : "", &count, &result);
	if (err == OUV_OK)
		reply_redirect(request, HERE "?done=erase-loose");
	else if (err == OUV_REFUSED && result.step_up)
		page_step_up(request);
	else if (err == OUV_CONFLICT)
		show(request, &trouble);
	else
		page_error_desk(request, err);
}
