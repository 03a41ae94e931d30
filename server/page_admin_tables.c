/*
 * page_admin_tables.c - what the office works by, as tables to read: who may do
 * what, how long each term runs, the codebooks, how the keys stand
 */
#include <string.h>

#include "ouv/deadline.h"
#include "ouv/health.h"

#include "move.h"
#include "page.h"
#include "reply.h"
#include "view.h"

/* ---- who may do what -------------------------------------------------------
 */

typedef const char *label_fn(int bit);

static const char *
state_label(int bit)
{
	return ouv_state_name((enum ouv_state)bit);
}

static const char *
role_label(int bit)
{
	return ouv_role_name((enum ouv_role)bit);
}

/* The words of the bits that are set. */
static void
add_bits(const struct request *request, json_t *one, const char *key,
	uint32_t bits, int count, const char *prefix, label_fn *label)
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++) {
		json_t *word;

		if ((bits >> i & 1) == 0)
			continue;
		word = json_object();
		view_code(request, word, "word", prefix, label(i));
		json_array_append_new(list, word);
	}
	view_flag(one, ouv_arena_printf(request->arena, "has_%s", key),
		json_array_size(list) > 0);
	json_object_set_new(one, key, list);
}

static json_t *
move_row(const struct request *request, const struct ouv_move *move)
{
	json_t *one = json_object();

	view_code(request, one, "action", "action_",
		ouv_action_name(move->action));
	view_flag(one, "is_new", (move->from & OUV_STATE_NEW) != 0);
	view_flag(one, "is_move", move->to != 0);
	view_flag(one, "is_stepped", move->step_up);
	add_bits(request, one, "from", move->from, OUV_STATE__COUNT, "state_",
		state_label);
	add_bits(request, one, "to", move->to, OUV_STATE__COUNT, "state_",
		state_label);
	add_bits(request, one, "roles", move->roles, OUV_ROLE__COUNT, "role_",
		role_label);
	add_bits(request, one, "second", move->second, OUV_ROLE__COUNT, "role_",
		role_label);
	return one;
}

void
page_admin_roles(struct request *request)
{
	size_t count;
	const struct ouv_move *moves = ouv_workflow_rows(&count);
	json_t *data, *list = json_array();

	if (!admin_may(request)) {
		json_decref(list);
		return;
	}
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, move_row(request, &moves[i]));
	data = view_base(request, "admin_roles");
	view_line(data, "here", "/admin/roles");
	json_object_set_new(data, "moves", list);
	reply_page(request, 200, "adminroles", data);
}

/* ---- how long each term runs -----------------------------------------------
 */

/* KEY: "10 service days"; has_KEY. */
static void
add_term(const struct request *request, json_t *one, const char *key,
	const struct ouv_term *term)
{
	const char *unit = words_code(&request->server->words, request->lang,
		term->amount == 1 ? "unit_one_" : "unit_",
		ouv_unit_name(term->unit));

	view_flag(one, ouv_arena_printf(request->arena, "has_%s", key),
		term->amount != 0);
	view_line(one, key,
		term->amount == 0
			? ""
			: ouv_arena_printf(request->arena, "%d %s",
				  term->amount, unit != NULL ? unit : ""));
}

static json_t *
clock_row(const struct request *request, const struct ouv_terms *terms,
	enum ouv_clock clock)
{
	const struct ouv_terms_clock *c = &terms->clocks[clock];
	json_t *one = json_object(), *reminders = json_array();

	view_code(request, one, "clock", "clock_", ouv_clock_name(clock));
	add_term(request, one, "term", &c->term);
	add_term(request, one, "extension", &c->extension);
	add_term(request, one, "notice", &c->notice);
	move_line(one, "law", c->term.law);
	for (int i = 0; i < OUV_REMINDERS; i++) {
		json_t *r;

		if (c->remind[i].amount == 0)
			continue;
		r = json_object();
		add_term(request, r, "before", &c->remind[i]);
		json_array_append_new(reminders, r);
	}
	view_flag(one, "has_reminders", json_array_size(reminders) > 0);
	json_object_set_new(one, "reminders", reminders);
	return one;
}

static void
add_profile(const struct request *request, json_t *data,
	const struct ouv_terms *terms)
{
	json_t *clocks = json_array();

	for (int i = 0; i < OUV_CLOCK__COUNT; i++)
		if (terms->clocks[i].term.amount != 0)
			json_array_append_new(clocks,
				clock_row(request, terms, (enum ouv_clock)i));
	json_object_set_new(data, "clocks", clocks);
	view_line(data, "profile", terms->name);
	view_line(data, "profile_title", terms->title[request->lang]);
	view_flag(data, "is_own", terms->n > 0);
	view_number(data, "profile_n", terms->n);
	move_line(data, "law", terms->law);
	move_line(data, "profile_calendar", terms->calendar);
}

static void
add_profiles(const struct request *request, json_t *data,
	const struct ouv_terms_line *lines, size_t count, const char *current)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();

		view_line(one, "profile_path",
			ouv_arena_printf(request->arena,
				"/admin/deadlines?profile=%s",
				form_escape(request->arena, lines[i].name)));
		view_code(request, one, "name", "profile_", lines[i].name);
		view_flag(
			one, "is_current", strcmp(lines[i].name, current) == 0);
		json_array_append_new(list, one);
	}
	json_object_set_new(data, "profiles", list);
}

void
page_admin_deadlines(struct request *request)
{
	const struct ouv_config *config = request->server->config;
	const char *name = form_get(&request->query_form, "profile");
	struct ouv_terms_line *lines;
	struct ouv_terms terms;
	struct ouv_desk *desk;
	char what[200];
	enum ouv_err err;
	size_t count;
	json_t *data;

	if (!admin_may(request))
		return;
	if (name == NULL)
		name = config->office_deadlines;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_terms_list(
			desk, config, request->arena, &lines, &count);
	if (err == OUV_OK)
		err = ouv_desk_terms(
			desk, config, request->arena, name, &terms, what);
	if (err != OUV_OK) {
		page_error_desk(
			request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
		return;
	}
	data = view_base(request, "admin_deadlines");
	view_line(data, "here", "/admin/deadlines");
	view_flag(data, "is_offices",
		strcmp(name, config->office_deadlines) == 0);
	add_profiles(request, data, lines, count, name);
	add_profile(request, data, &terms);
	reply_page(request, 200, "admindeadlines", data);
}

/* ---- the codebooks ---------------------------------------------------------
 */

static void
add_codes(const struct request *request, json_t *data,
	const struct ouv_code_page *page)
{
	json_t *books = json_array(), *codes = json_array();

	for (size_t i = 0; i < page->book_count; i++) {
		json_t *one = json_object();

		view_line(one, "book_path",
			ouv_arena_printf(request->arena, "/admin/codes?book=%s",
				page->books[i]));
		view_code(request, one, "name", "book_", page->books[i]);
		view_flag(one, "is_current",
			strcmp(page->books[i], page->book) == 0);
		json_array_append_new(books, one);
	}
	for (size_t i = 0; i < page->count; i++) {
		const struct ouv_code_line *line = &page->list[i];
		json_t *one = json_object();

		view_line(one, "code", line->code);
		view_line(one, "label", line->label);
		view_flag(one, "is_below", *line->parent != '\0');
		view_flag(one, "is_own", line->own);
		view_flag(one, "has_until", line->until_day != 0);
		view_day(request, one, "until", line->until_day);
		json_array_append_new(codes, one);
	}
	json_object_set_new(data, "books", books);
	json_object_set_new(data, "codes", codes);
	view_code(request, data, "book", "book_", page->book);
}

void
page_admin_codes(struct request *request)
{
	struct ouv_code_page page;
	struct ouv_desk *desk;
	enum ouv_err err;
	json_t *data;

	if (!admin_may(request))
		return;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_code_page(desk, request->arena,
			form_get(&request->query_form, "book"), request->lang,
			&page);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	data = view_base(request, "admin_codes");
	view_line(data, "here", "/admin/codes");
	add_codes(request, data, &page);
	reply_page(request, 200, "admincodes", data);
}

/* ---- how the keys stand ----------------------------------------------------
 */

static void
add_keys(const struct request *request, json_t *data,
	const struct ouv_office_keys *keys)
{
	json_t *list = json_array();

	for (size_t i = 0; i < keys->count; i++) {
		json_t *one = json_object();

		view_line(one, "key", keys->list[i].name);
		view_code(
			request, one, "what", "key_what_", keys->list[i].name);
		view_number(one, "version", keys->list[i].version);
		view_flag(one, "is_there", keys->list[i].version > 0);
		view_flag(one, "is_backed_up", keys->list[i].backed_up);
		json_array_append_new(list, one);
	}
	json_object_set_new(data, "keys", list);
	view_number(data, "case_count", keys->cases);
	view_number(data, "no_escrow", keys->no_escrow);
	view_flag(data, "has_no_escrow", keys->no_escrow > 0);
	view_number(data, "nobody_count", keys->nobody);
	view_flag(data, "has_nobody", keys->nobody > 0);
	view_number(data, "rekey_due", keys->rekey_due);
	view_number(data, "people_count", keys->people);
	view_number(data, "no_recovery", keys->no_recovery);
	view_flag(data, "has_no_recovery", keys->no_recovery > 0);
	view_number(data, "escrow_given", keys->escrow_given);
	view_time(request, data, "escrow_at", keys->escrow_at);
	view_time(request, data, "drill_at", keys->drill_at);
}

void
page_admin_keys(struct request *request)
{
	struct ouv_office_keys keys;
	struct ouv_desk *desk;
	enum ouv_err err;
	json_t *data;

	if (!admin_may(request))
		return;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_office_keys(desk, request->arena, &keys);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	data = view_base(request, "admin_keys");
	view_line(data, "here", "/admin/keys");
	add_keys(request, data, &keys);
	reply_page(request, 200, "adminkeys", data);
}
