/*
 * page_people.c - the people of the office: who can open how much, the keys of
 * many cases for one of them, and that somebody has left
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/grants.h"

#include "calendar.h"
#include "invite.h"
#include "page.h"
#include "reply.h"
#include "view.h"

#define HERE "/people"

/* clang-format off */
static const struct sheet_field
	keys_fields[] = { { "which", "keys_which" }, { "of", "keys_whose" },
		{ NULL, NULL } },
	no_fields[] = { { NULL, NULL } };
/* clang-format on */

/* ---- one person, as lists and heads show them
 * --------------------------------
 */

static json_t *
person_row(const struct request *request, const struct ouv_person *p)
{
	json_t *one = json_object();

	view_line(one, "name", p->name);
	view_line(one, "login", p->login);
	view_line(one, "person_path",
		ouv_arena_printf(request->arena, HERE "/%s", p->login));
	view_code(request, one, "role", "role_", ouv_role_name(p->role));
	view_flag(one, "is_here", p->active);
	view_flag(one, "is_away", p->active && p->away);
	view_flag(one, "is_self", p->self);
	view_flag(one, "is_desk", p->desk);
	view_number(one, "held", p->held);
	view_number(one, "owned", p->owned);
	view_number(one, "sessions", p->sessions);
	view_flag(one, "has_sessions", p->sessions > 0);
	view_time(request, one, "seen", p->seen_at);
	return one;
}

/* ---- the list
 * ----------------------------------------------------------------
 */

void
page_people(struct request *request)
{
	const char *done = form_get(&request->query_form, "done");
	json_t *data, *list = json_array();
	struct ouv_person *people;
	struct ouv_desk *desk;
	enum ouv_err err;
	size_t count;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_people(
			desk, request->arena, request->actor, &people, &count);
	if (err != OUV_OK) {
		json_decref(list);
		page_error_desk(request, err);
		return;
	}
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, person_row(request, &people[i]));
	data = view_base(request, "people_title");
	view_flag(data, "is_head", ouv_people_head(request->actor));
	json_object_set_new(data, "people", list);
	if (done != NULL)
		(void)view_done(request, data, done);
	reply_page(request, 200, "people", data);
}

/* ---- the keys of many cases
 * --------------------------------------------------
 */

static const char *
asked(const struct request *request, const char *name)
{
	const char *value = form_get(&request->form, name);

	if (value == NULL)
		value = form_get(&request->query_form, name);
	return value != NULL ? value : "";
}

static struct ouv_keys_wish
wish_of(const struct request *request, bool dry)
{
	return (struct ouv_keys_wish){ .to = request->args[0],
		.which = asked(request, "which"),
		.of = asked(request, "of"),
		.dry = dry };
}

/* What the address carries from step to step; it is shown and not believed. */
static int64_t
given_before(const struct request *request)
{
	int64_t n = strtoll(asked(request, "given"), NULL, 10);

	return n > 0 && n < 1000000000 ? n : 0;
}

static void
add_colleagues(const struct sheet *sheet, json_t *form,
	const struct ouv_colleague *people, size_t count)
{
	const char *typed = asked(sheet->request, "of");
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();

		view_line(one, "value", people[i].login);
		view_line(one, "name", people[i].name);
		view_flag(
			one, "is_current", strcmp(typed, people[i].login) == 0);
		json_array_append_new(list, one);
	}
	json_object_set_new(form, "colleagues", list);
}

static json_t *
keys_form(struct sheet *sheet, const struct ouv_colleague *people, size_t count)
{
	const struct request *request = sheet->request;
	const char *codes[OUV_KEYS__COUNT + 1] = { NULL };
	json_t *form = sheet_form(sheet, "keys", "keys", true, keys_fields);
	json_t *list;
	size_t i;
	json_t *one;

	for (int k = 0; k < OUV_KEYS__COUNT; k++)
		codes[k] = ouv_keys_which_name((enum ouv_keys_which)k);
	list = sheet_choices(sheet, true, "which", "keys_", codes);
	json_array_foreach(list, i, one) view_flag(one, "is_current",
		strcmp(asked(request, "which"), codes[i]) == 0 ||
			(i == 0 && *asked(request, "which") == '\0'));
	json_object_set_new(form, "choices", list);
	add_colleagues(sheet, form, people, count);
	return form;
}

/* "100 of 430", and the button that goes on. */
static enum ouv_err
add_progress(struct sheet *sheet, struct ouv_desk *desk, json_t *data)
{
	const struct request *request = sheet->request;
	const struct ouv_keys_wish wish = wish_of(request, true);
	struct ouv_keys_progress p = { 0 };
	struct ouv_verb_result result = { 0 };
	const int64_t given = given_before(request);
	bool is_begun = sheet->trouble == NULL && *wish.which != '\0';
	enum ouv_err err = OUV_OK;
	json_t *more;

	if (is_begun)
		err = ouv_desk_keys_give(desk, request->arena, request->actor,
			NULL, &wish, &p, &result);
	if (err == OUV_INVALID) /* an address typed by hand */
		is_begun = false;
	else if (err != OUV_OK)
		return err;
	view_flag(data, "is_begun", is_begun);
	view_number(data, "given", given);
	view_number(data, "total", given + p.left);
	view_flag(data, "is_empty", given + p.left == 0);
	view_number(data, "conflicts", p.conflicts);
	view_flag(data, "has_conflicts", p.conflicts > 0);
	if (!is_begun || p.left == 0) {
		json_object_set_new(data, "more", json_false());
		return OUV_OK;
	}
	more = sheet_form(sheet, "keys", "more", false, no_fields);
	view_line(more, "which", wish.which);
	view_line(more, "of", wish.of);
	view_number(more, "given", given);
	json_object_set_new(data, "more", more);
	return OUV_OK;
}

/* ---- one person
 * --------------------------------------------------------------
 */

/* Of which cases too few others have the key. */
static json_t *
with_stops(const struct request *request, json_t *form,
	const struct ouv_leaving *leaving)
{
	json_t *list = json_array();

	for (size_t i = 0; leaving != NULL && i < leaving->case_count; i++) {
		json_t *one = json_object();

		view_line(one, "stop", leaving->cases[i]);
		view_line(one, "stop_path",
			ouv_arena_printf(request->arena, "/cases/%s",
				leaving->cases[i]));
		json_array_append_new(list, one);
	}
	if (json_is_object(form)) {
		view_flag(form, "has_stops", json_array_size(list) > 0);
		json_object_set(form, "stops", list);
	}
	json_decref(list);
	return form;
}

static json_t *
leave_form(struct sheet *sheet, bool is_shown)
{
	return is_shown ? sheet_form(sheet, "leave", "leave", true, no_fields)
			: json_false();
}

static enum ouv_err
add_person(struct sheet *sheet, struct ouv_desk *desk, json_t *data,
	const struct ouv_person *p, const struct ouv_leaving *leaving)
{
	const struct request *request = sheet->request;
	const bool head = ouv_people_head(request->actor);
	const bool other = p->active && !p->self;
	struct ouv_colleague *people;
	enum ouv_err err;
	size_t count;

	err = ouv_desk_colleagues(desk, request->arena, &people, &count);
	if (err != OUV_OK)
		return err;
	json_object_set_new(data, "person", person_row(request, p));
	view_flag(data, "is_head", head);
	json_object_set_new(data, "keys",
		other ? keys_form(sheet, people, count) : json_false());
	json_object_set_new(data, "invite",
		with_stops(request, invite_form(sheet, p->role),
			sheet_is_mine(sheet, "invite", true) ? leaving : NULL));
	json_object_set_new(data, "leave",
		with_stops(request, leave_form(sheet, other && head),
			sheet_is_mine(sheet, "leave", true) ? leaving : NULL));
	return add_progress(sheet, desk, data);
}

void
person_show(struct request *request, const char *verb,
	const struct trouble *trouble, const struct ouv_leaving *leaving)
{
	const char *done = form_get(&request->query_form, "done");
	struct ouv_person person = { .login = "" };
	struct sheet sheet;
	struct ouv_desk *desk;
	json_t *data;
	enum ouv_err err;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_person(desk, request->arena, request->actor,
			request->args[0], &person);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	sheet = sheet_begin(request,
		ouv_arena_printf(request->arena, HERE "/%s", person.login),
		trouble);
	sheet.verb = verb;
	data = view_base(request, "people_title");
	view_line(data, "title", person.name);
	view_line(data, "here", sheet.path);
	err = add_person(&sheet, desk, data, &person, leaving);
	sheet_end(&sheet, data);
	if (err != OUV_OK) {
		json_decref(data);
		page_error_desk(request, err);
		return;
	}
	view_flag(data, "has_error_title", trouble != NULL);
	if (done != NULL)
		(void)view_done(request, data, done);
	reply_page(request, trouble != NULL ? trouble->status : 200, "person",
		data);
}

void
page_person(struct request *request)
{
	person_show(request, "", NULL, NULL);
}

/* ---- what is posted
 * ----------------------------------------------------------
 */

static void
answer_trouble(struct request *request, enum ouv_err err, const char *verb,
	const struct ouv_verb_result *result, const struct ouv_leaving *leaving)
{
	struct trouble trouble = { .status = reply_status(err),
		.result = result };

	if (err == OUV_REFUSED && result->step_up)
		page_step_up(request);
	else if (err == OUV_INVALID || err == OUV_REFUSED) {
		trouble.word = err == OUV_REFUSED         ? "people_refused"
			       : result->error_count == 0 ? "field_wrong"
							  : NULL;
		person_show(request, verb, &trouble, leaving);
	} else
		page_error_desk(request, err);
}

void
page_person_keys(struct request *request)
{
	const struct ouv_keys_wish wish = wish_of(request, false);
	struct ouv_keys_progress progress = { 0 };
	struct ouv_verb_result result = { 0 };
	const char *key = own_key(request);
	int64_t given;
	struct ouv_desk *desk;
	enum ouv_err err;

	if (key == NULL)
		return;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_keys_give(desk, request->arena, request->actor,
			key, &wish, &progress, &result);
	if (err != OUV_OK) {
		answer_trouble(request, err, "keys", &result, NULL);
		return;
	}
	given = given_before(request) + progress.given;
	reply_redirect(
		request, ouv_arena_printf(request->arena,
				 HERE "/%s?which=%s&of=%s&given=%" PRId64,
				 request->args[0],
				 form_escape(request->arena, wish.which),
				 form_escape(request->arena, wish.of), given));
}

void
page_person_leave(struct request *request)
{
	struct ouv_leaving leaving = { 0 };
	struct ouv_verb_result result = { 0 };
	const char *key = own_key(request);
	struct ouv_desk *desk;
	enum ouv_err err;

	if (key == NULL)
		return;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_leave(desk, request->arena, request->actor, key,
			request->args[0], &leaving, &result);
	if (err == OUV_OK)
		reply_redirect(request, HERE "?done=staff-leave");
	else
		answer_trouble(request, err, "leave", &result, &leaving);
}
