/*
 * page_company.c - the register of companies, and the file of one: its units,
 * to whom a notice goes, its cases, what it owes, how its cases end
 */
#include <string.h>

#include "ouv/api.h"
#include "ouv/clock.h"
#include "ouv/register.h"

#include "move.h"
#include "page.h"
#include "reply.h"
#include "view.h"

#define HERE "/companies"

static const char *
hex_of(const struct request *request, const struct ouv_id *id)
{
	char *hex = ouv_arena_alloc(request->arena, OUV_ID_HEX);

	ouv_id_hex(id, hex);
	return hex;
}

/* ---- the list --------------------------------------------------------------
 */

static void
add_list(const struct request *request, json_t *data,
	const struct ouv_company_list *list)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < list->count; i++) {
		const struct ouv_company_line *line = &list->list[i];
		json_t *one = json_object();

		view_line(one, "name", line->name);
		view_line(one, "company_path",
			ouv_arena_printf(request->arena, HERE "/%s",
				hex_of(request, &line->id)));
		move_line(one, "sector", line->sector);
		view_flag(one, "is_member", line->member);
		json_array_append_new(rows, one);
	}
	view_flag(data, "has_companies", list->count > 0);
	json_object_set_new(data, "companies", rows);
}

void
page_companies(struct request *request)
{
	const char *text = form_get(&request->query_form, "q");
	const char *after = form_get(&request->query_form, "after");
	struct ouv_company_list list = { 0 };
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);
	const char *here;
	json_t *data;

	if (text == NULL)
		text = "";
	if (err == OUV_OK)
		err = ouv_desk_companies(desk, request->arena, text, after,
			request->lang, &list);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	here = ouv_arena_printf(request->arena, HERE "?q=%s",
		form_escape(request->arena, text));
	data = view_base(request, "companies_title");
	view_line(data, "here", here);
	view_line(data, "q", text);
	view_flag(data, "has_q", *text != '\0');
	view_flag(data, "may_edit", ouv_company_may_edit(request->actor));
	add_list(request, data, &list);
	view_flag(data, "has_next", list.after != NULL);
	view_line(data, "next_path",
		list.after == NULL
			? here
			: ouv_arena_printf(request->arena, "%s&after=%s", here,
				  form_escape(request->arena, list.after)));
	view_flag(data, "is_first", after == NULL);
	view_line(data, "first_path", here);
	view_flag(data, "has_pager", list.after != NULL || after != NULL);
	reply_page(request, 200, "companies", data);
}

/* ---- the file --------------------------------------------------------------
 */

static json_t *
contact_of(const struct request *request, const struct ouv_company_contact *c,
	const char *unit_path)
{
	json_t *one = json_object();
	int32_t today = ouv_clock_today();

	move_line(one, "name", c->name);
	view_line(one, "addr", c->addr);
	view_code(request, one, "role", "contact_role_", c->role);
	view_flag(one, "is_active", c->active);
	view_flag(one, "has_away", c->away_from != 0);
	view_flag(one, "is_away",
		c->away_from != 0 && c->away_from <= today &&
			today <= c->away_until);
	view_day(request, one, "away_from", c->away_from);
	view_day(request, one, "away_until", c->away_until);
	move_line(one, "substitute", c->substitute);
	view_line(one, "edit_path",
		ouv_arena_printf(request->arena, "%s/contacts/%s", unit_path,
			hex_of(request, &c->id)));
	return one;
}

static json_t *
unit_of(const struct request *request, const struct ouv_company_file *f,
	const struct ouv_company_unit *u, int number)
{
	const char *path = ouv_arena_printf(request->arena, HERE "/%s/%s",
		hex_of(request, &f->id), hex_of(request, &u->id));
	json_t *one = json_object(), *contacts = json_array();

	view_number(one, "unit_n", number);
	view_line(one, "name", u->name);
	view_code(request, one, "kind", "unit_kind_", u->kind);
	view_flag(one, "is_owned", u->owned);
	view_flag(one, "works", u->works);
	view_day(request, one, "from", u->from_day);
	view_flag(one, "has_until", u->until_day != 0);
	view_day(request, one, "until", u->until_day);
	view_line(one, "unit_edit_path",
		ouv_arena_printf(request->arena, "%s/edit", path));
	view_line(one, "tokens_path",
		ouv_arena_printf(request->arena, "%s/tokens", path));
	view_line(one, "contact_new_path",
		ouv_arena_printf(request->arena, "%s/contacts/new", path));
	for (size_t i = 0; i < u->contact_count; i++)
		json_array_append_new(
			contacts, contact_of(request, &u->contacts[i], path));
	view_flag(one, "has_contacts", u->contact_count > 0);
	json_object_set_new(one, "contacts", contacts);
	return one;
}

static void
add_cases(const struct request *request, json_t *data,
	const struct ouv_company_file *f)
{
	json_t *cases = json_array(), *owed = json_array();

	for (size_t i = 0; i < f->case_count; i++) {
		json_t *one = json_object();

		view_line(one, "case_path",
			view_case_path(request, &f->cases[i]));
		move_line(one, "protocol", f->cases[i].protocol);
		move_line(one, "subject", f->cases[i].subject);
		view_code(request, one, "state", "state_",
			ouv_state_name(f->cases[i].state));
		view_time(request, one, "opened", f->cases[i].opened_at);
		json_array_append_new(cases, one);
	}
	for (size_t i = 0; i < f->owed_count; i++) {
		json_t *one = json_object();

		view_line(one, "protocol", f->owed[i].protocol);
		view_line(one, "case_path",
			ouv_arena_printf(request->arena, "/cases/%s",
				f->owed[i].protocol));
		view_flag(one, "is_promise", f->owed[i].promise);
		view_time(request, one, "due", f->owed[i].at);
		view_flag(one, "is_late", f->owed[i].at < ouv_clock_now());
		json_array_append_new(owed, one);
	}
	view_flag(data, "has_cases", f->case_count > 0);
	json_object_set_new(data, "cases", cases);
	view_flag(data, "has_owed", f->owed_count > 0);
	json_object_set_new(data, "owed", owed);
	view_number(data, "most", OUV_COMPANY_MOST);
}

/* "12 / 40": of how many is part of the figure.  A share of few would be what
 * became of a case. */
static void
add_figures(const struct request *request, json_t *data,
	const struct ouv_company_file *f)
{
	const struct ouv_spread *s = &f->spread;
	/* clang-format off */
	const struct { const char *word; int64_t part, whole; } figures[] = {
		{ "spread_founded", s->founded + s->partly, s->founded + s->partly + s->unfounded + s->not_established },
		{ "spread_kept", s->kept, s->kept + s->broken + s->refused + s->silent + s->none },
		{ "spread_silent", s->silent, s->kept + s->broken + s->refused + s->silent + s->none },
		{ "spread_resolved", s->resolved, s->resolved + s->not_resolved },
	};
	/* clang-format on */
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		json_t *one;

		if (figures[i].whole < OUV_SPREAD_LEAST)
			continue;
		one = json_object();
		view_word(request, one, "what",
			ouv_arena_printf(
				request->arena, "company_%s", figures[i].word));
		view_number(one, "part", figures[i].part);
		view_number(one, "whole", figures[i].whole);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_figures",
		f->has_spread && json_array_size(list) > 0);
	view_number(data, "closed", s->cases);
	view_number(data, "least", OUV_SPREAD_LEAST);
	json_object_set_new(data, "figures", list);
}

static void
add_file(const struct request *request, json_t *data,
	const struct ouv_company_file *f)
{
	const char *path = ouv_arena_printf(
		request->arena, HERE "/%s", hex_of(request, &f->id));
	json_t *units = json_array();

	view_line(data, "here", path);
	view_line(data, "title", f->name);
	view_line(data, "name", f->name);
	move_line(data, "sector", f->sector_word);
	view_line(data, "company_lang", ouv_lang_tag(f->lang));
	view_code(request, data, "lang_name", "lang_", ouv_lang_tag(f->lang));
	view_day(request, data, "member_from", f->member_from);
	view_flag(data, "has_member_until", f->member_until != 0);
	view_day(request, data, "member_until", f->member_until);
	view_flag(data, "is_member", f->member);
	view_flag(data, "is_full_text", f->full_text);
	view_flag(data, "may_edit", ouv_company_may_edit(request->actor));
	view_flag(data, "may_token", ouv_token_may_edit(request->actor));
	view_line(data, "edit_path",
		ouv_arena_printf(request->arena, "%s/edit", path));
	view_line(data, "unit_new_path",
		ouv_arena_printf(request->arena, "%s/new", path));
	for (size_t i = 0; i < f->unit_count; i++)
		json_array_append_new(
			units, unit_of(request, f, &f->units[i], (int)i + 1));
	view_flag(data, "has_units", f->unit_count > 0);
	json_object_set_new(data, "units", units);
	add_cases(request, data, f);
	add_figures(request, data, f);
}

void
page_company(struct request *request)
{
	const char *done = form_get(&request->query_form, "done");
	struct ouv_company_file file;
	struct ouv_desk *desk;
	struct ouv_id id;
	json_t *data;
	enum ouv_err err = ouv_id_parse(request->args[0], &id) == OUV_OK
				   ? desk_here(request->server, &desk)
				   : OUV_NOT_FOUND;

	if (err == OUV_OK)
		err = ouv_desk_company(desk, request->arena, request->actor,
			&id, request->lang, &file);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	data = view_base(request, "companies_title");
	add_file(request, data, &file);
	if (done != NULL)
		(void)view_done(request, data, done);
	reply_page(request, 200, "company", data);
}
