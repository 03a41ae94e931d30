/*
 * page_register.c - the registers of conflicts and of training
 *
 * A colleague declares and sees their own; the ombudsman and administrators see
 * all of them and enter anybody's.
 */
#include <string.h>

#include "ouv/id.h"
#include "ouv/impartial.h"

#include "calendar.h"
#include "page.h"
#include "reply.h"
#include "session.h"
#include "view.h"

#define HERE "/conflicts"

/* clang-format off */
static const struct sheet_field
	conflict_fields[] = { { "who", "absence_who" },
		{ "company", "register_company" }, { "case", "register_case" },
		{ "kind", "register_kind" }, { "from", "register_from" },
		{ "until", "register_until" }, { "note", "register_note" },
		{ NULL, NULL } },
	training_fields[] = { { "who", "absence_who" },
		{ "subject", "register_subject" }, { "on", "register_on" },
		{ "until", "register_until" }, { NULL, NULL } },
	no_fields[] = { { NULL, NULL } };
/* clang-format on */

static bool
heads(const struct request *request)
{
	return request->actor->role == OUV_ROLE_OMBUDSMAN ||
	       request->actor->role == OUV_ROLE_ADMIN;
}

/* What there is to show, asked in one place. */
struct found {
	struct ouv_conflict *conflicts;
	struct ouv_training *trainings;
	struct ouv_colleague *people;
	struct ouv_register_choices choices;
	size_t conflict_count, training_count, people_count;
};

static enum ouv_err
find(struct request *request, struct found *f)
{
	struct ouv_arena *arena = request->arena;
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK)
		err = ouv_desk_conflicts(desk, arena, request->actor,
			&f->conflicts, &f->conflict_count);
	if (err == OUV_OK)
		err = ouv_desk_trainings(
			desk, arena, &f->trainings, &f->training_count);
	if (err == OUV_OK)
		err = ouv_desk_colleagues(
			desk, arena, &f->people, &f->people_count);
	if (err == OUV_OK)
		err = ouv_desk_register_choices(
			desk, arena, request->lang, &f->choices);
	return err;
}

/* ---- rows ------------------------------------------------------------------
 */

static json_t *
conflict_row(struct sheet *sheet, const struct ouv_conflict *c, int number)
{
	const struct request *request = sheet->request;
	const bool may_end = request->actor->role == OUV_ROLE_OMBUDSMAN &&
			     c->ended_at == 0 && !c->mine;
	json_t *one = json_object();
	char hex[OUV_ID_HEX];

	ouv_id_hex(&c->id, hex);
	view_line(one, "who", c->name);
	view_flag(one, "has_company", c->company != NULL);
	view_line(one, "company", c->company != NULL ? c->company : "");
	view_code(request, one, "kind", "conflict_", c->kind);
	view_day(request, one, "from", c->from_day);
	view_day(request, one, "until", c->until_day);
	view_flag(one, "has_until", c->until_day != 0);
	view_line(one, "note", c->note);
	view_flag(one, "has_note", *c->note != '\0');
	view_line(one, "made_by", c->made_by);
	view_time(request, one, "made_at", c->made_at);
	view_time(request, one, "ended_at", c->ended_at);
	json_object_set_new(one, "end",
		may_end ? sheet_form(sheet,
				  ouv_arena_printf(
					  request->arena, "%s/end", hex),
				  ouv_arena_printf(
					  request->arena, "end-%d", number),
				  true, no_fields)
			: json_false());
	return one;
}

static void
add_rows(struct sheet *sheet, json_t *data, const struct found *f)
{
	json_t *conflicts = json_array(), *trainings = json_array();

	for (size_t i = 0; i < f->conflict_count; i++)
		json_array_append_new(conflicts,
			conflict_row(sheet, &f->conflicts[i], (int)i + 1));
	for (size_t i = 0; i < f->training_count; i++) {
		const struct ouv_training *t = &f->trainings[i];
		const char *label = t->subject;
		json_t *one = json_object();

		for (size_t n = 0; n < f->choices.subject_count; n++)
			if (strcmp(f->choices.subjects[n].value, t->subject) ==
				0)
				label = f->choices.subjects[n].label;
		view_line(one, "who", t->name);
		view_line(one, "subject", label);
		view_day(sheet->request, one, "on", t->on_day);
		view_day(sheet->request, one, "until", t->until_day);
		view_flag(one, "has_until", t->until_day != 0);
		json_array_append_new(trainings, one);
	}
	view_flag(data, "has_conflicts", f->conflict_count > 0);
	view_flag(data, "has_trainings", f->training_count > 0);
	json_object_set_new(data, "conflicts", conflicts);
	json_object_set_new(data, "trainings", trainings);
}

/* ---- forms
 * ------------------------------------------------------------------- */

static void
add_option(json_t *list, const struct sheet *sheet, bool mine,
	const char *field, const char *value, const char *name)
{
	const char *typed = mine ? sheet_typed(sheet, field) : NULL;
	json_t *one = json_object();

	view_line(one, "value", value);
	view_line(one, "name", name);
	view_flag(
		one, "is_current", typed != NULL && strcmp(typed, value) == 0);
	json_array_append_new(list, one);
}

static json_t *
people(const struct sheet *sheet, bool mine, const struct found *f)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->people_count; i++)
		add_option(list, sheet, mine, "who", f->people[i].login,
			f->people[i].name);
	return list;
}

static json_t *
choices(const struct sheet *sheet, bool mine, const char *field,
	const struct ouv_choice *from, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		add_option(
			list, sheet, mine, field, from[i].value, from[i].label);
	return list;
}

static void
add_forms(struct sheet *sheet, json_t *data, const struct found *f)
{
	const bool declare = strcmp(sheet->verb, "new") == 0;
	json_t *form = sheet_form(sheet, "new", "new", true, conflict_fields);

	view_flag(form, "may_all", heads(sheet->request));
	json_object_set_new(form, "people", people(sheet, declare, f));
	json_object_set_new(form, "companies",
		choices(sheet, declare, "company", f->choices.companies,
			f->choices.company_count));
	json_object_set_new(form, "kinds",
		sheet_choices(sheet, declare, "kind", "conflict_",
			ouv_conflict_kinds));
	json_object_set_new(data, "new", form);
	if (!heads(sheet->request)) {
		json_object_set_new(data, "train", json_false());
		return;
	}
	form = sheet_form(sheet, "training", "train", true, training_fields);
	json_object_set_new(form, "people", people(sheet, !declare, f));
	json_object_set_new(form, "subjects",
		choices(sheet, !declare, "subject", f->choices.subjects,
			f->choices.subject_count));
	json_object_set_new(data, "train", form);
}

static void
show(struct request *request, const char *verb, const struct trouble *trouble)
{
	struct sheet sheet = sheet_begin(request, HERE, trouble);
	const char *done = form_get(&request->query_form, "done");
	struct found f = { 0 };
	enum ouv_err err = find(request, &f);
	json_t *data;

	sheet.verb = verb;
	if (err != OUV_OK) {
		json_decref(sheet.errors);
		page_error_desk(request, err);
		return;
	}
	data = view_base(request, "register_title");
	view_line(data, "here", HERE);
	add_rows(&sheet, data, &f);
	add_forms(&sheet, data, &f);
	sheet_end(&sheet, data);
	view_flag(data, "has_error_title",
		trouble != NULL && trouble->status >= 400);
	if (done != NULL)
		(void)view_done(request, data, done);
	reply_page(request, trouble != NULL ? trouble->status : 200,
		"conflicts", data);
}

void
page_conflicts(struct request *request)
{
	show(request, "", NULL);
}

/* ---- what is posted
 * ------------------------------------------------------------ */

static void
answer(struct request *request, enum ouv_err err, const char *verb,
	const char *done, const struct ouv_verb_result *result)
{
	struct trouble trouble = { .status = reply_status(err),
		.result = result };

	if (err == OUV_OK) {
		reply_redirect(request, ouv_arena_printf(request->arena,
						HERE "?done=%s", done));
	} else if (err == OUV_REFUSED && result->step_up) {
		page_step_up(request);
	} else if (err == OUV_INVALID || err == OUV_REFUSED ||
		   err == OUV_CONFLICT) {
		trouble.word = err == OUV_REFUSED         ? "register_refused"
			       : err == OUV_CONFLICT      ? "register_over"
			       : result->error_count == 0 ? "field_wrong"
							  : NULL;
		show(request, verb, &trouble);
	} else {
		page_error_desk(request, err);
	}
}

typedef enum ouv_err enter_fn(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out);

static void
enter(struct request *request, enter_fn *run, const char *verb,
	const char *done)
{
	static const char *const dates[] = { "from", "until", "on", NULL };
	struct ouv_field fields[FORM_FIELDS];
	struct ouv_verb_result result = { 0 };
	const char *key = own_key(request);
	struct ouv_desk *desk;
	enum ouv_err err;

	if (key == NULL)
		return;
	own_dates(request, dates);
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = run(desk, request->arena, request->actor, key, fields,
			own_fields(&request->form, fields), &result);
	answer(request, err, verb, done, &result);
}

void
page_conflict_new(struct request *request)
{
	enter(request, ouv_desk_conflict_declare, "new", "conflict-declare");
}

void
page_training_new(struct request *request)
{
	enter(request, ouv_desk_training_add, "training", "training");
}

void
page_conflict_end(struct request *request)
{
	struct ouv_verb_result result = { 0 };
	const char *key = own_key(request);
	struct ouv_desk *desk;
	struct ouv_id id;
	enum ouv_err err;

	if (key == NULL)
		return;
	err = own_id(request, &desk, &id);
	if (err == OUV_OK)
		err = ouv_desk_conflict_end(desk, request->arena,
			request->actor, key, &id, &result);
	answer(request, err, "", "conflict-end", &result);
}

void
page_conflict_again(struct request *request)
{
	static const struct ouv_verb_result nothing;
	const struct trouble typed = { .status = 200, .result = &nothing };

	show(request, "new", &typed);
}

void
page_training_again(struct request *request)
{
	static const struct ouv_verb_result nothing;
	const struct trouble typed = { .status = 200, .result = &nothing };

	show(request, "training", &typed);
}
