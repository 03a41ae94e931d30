/*
 * page_absence.c - absences: the list, a new one with its note, the end of one
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/id.h"

#include "calendar.h"
#include "page.h"
#include "reply.h"
#include "session.h"

#define BEFORE_DAYS 366
#define AFTER_DAYS 1100
#define HERE "/calendar/absences"

/* clang-format off */
static const struct sheet_field
	new_fields[] = { { "who", "absence_who" },
		{ "reason", "absence_reason" }, { "first", "absence_first" },
		{ "last", "absence_last" }, { "urgent_name", "urgent_name" },
		{ "urgent_email", "urgent_email" },
		{ "urgent_phone", "urgent_phone" },
		{ "substitute", "absence_substitute" }, { NULL, NULL } },
	no_fields[] = { { NULL, NULL } };
static const char *const dates[] = { "first", "last", NULL };
static const struct ouv_verb_result nothing_wrong;
/* clang-format on */

size_t
own_fields(const struct form *form, struct ouv_field out[FORM_FIELDS])
{
	size_t n = 0;

	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->fields[i].name, "csrf") != 0 &&
			strcmp(form->fields[i].name, "form_key") != 0 &&
			strcmp(form->fields[i].name, "preview") != 0)
			out[n++] = form->fields[i];
	return n;
}

void
own_blocked(struct ouv_verb_result *result)
{
	for (size_t i = 0; i < result->error_count; i++)
		if (strcmp(result->errors[i].code, "blocked") == 0)
			result->errors[i].code = "may-not-leave";
}

const char *
own_key(struct request *request)
{
	const char *key = form_get(&request->form, "form_key");
	uint8_t bytes[16];

	if (key != NULL && ouv_unhex(key, bytes, sizeof(bytes)) == OUV_OK)
		return key;
	page_error(request, 400);
	return NULL;
}

void
own_dates(struct request *request, const char *const *names)
{
	for (; *names != NULL; names++)
		for (size_t i = 0; i < request->form.count; i++) {
			struct ouv_field *field = &request->form.fields[i];
			int32_t day;

			if (strcmp(field->name, *names) == 0 &&
				view_day_typed(
					request->lang, field->value, &day))
				field->value =
					view_day_iso(request->arena, day);
		}
}

enum ouv_err
own_id(struct request *request, struct ouv_desk **desk_out,
	struct ouv_id *id_out)
{
	if (ouv_id_parse(request->args[0], id_out) != OUV_OK)
		return OUV_NOT_FOUND;
	return desk_here(request->server, desk_out);
}

/* ---- the list --------------------------------------------------------------
 */

struct lists {
	json_t *now, *coming, *past;
};

static json_t *
row(struct sheet *sheet, const struct ouv_absence *absence, int number,
	int32_t today)
{
	const struct request *request = sheet->request;
	json_t *one = view_absence(request, absence);
	char hex[OUV_ID_HEX];

	ouv_id_hex(&absence->id, hex);
	json_object_set_new(one, "end",
		absence_may_end(request, absence, today)
			? sheet_form(sheet,
				  ouv_arena_printf(
					  request->arena, "%s/end", hex),
				  ouv_arena_printf(
					  request->arena, "end-%d", number),
				  true, no_fields)
			: json_false());
	return one;
}

/* Those over, the latest first; the others as they come. */
static void
add_rows(struct sheet *sheet, json_t *data, const struct ouv_absence *list,
	size_t count)
{
	struct lists l = { json_array(), json_array(), json_array() };
	int32_t today = ouv_clock_today();

	for (size_t i = 0; i < count; i++) {
		const struct ouv_absence *a = &list[i];
		json_t *one = row(sheet, a, (int)i + 1, today);

		if (a->now)
			json_array_append_new(l.now, one);
		else if (absence_is_over(a, today))
			json_array_insert_new(l.past, 0, one);
		else
			json_array_append_new(l.coming, one);
	}
	view_flag(data, "has_now", json_array_size(l.now) > 0);
	view_flag(data, "has_coming", json_array_size(l.coming) > 0);
	view_flag(data, "has_past", json_array_size(l.past) > 0);
	json_object_set_new(data, "now", l.now);
	json_object_set_new(data, "coming", l.coming);
	json_object_set_new(data, "past", l.past);
}

static void
show_list(struct request *request, const struct trouble *trouble)
{
	struct sheet sheet = sheet_begin(request, HERE, trouble);
	const char *done = form_get(&request->query_form, "done");
	int32_t today = ouv_clock_today();
	struct ouv_absence *list;
	struct ouv_desk *desk;
	enum ouv_err err;
	size_t count;
	json_t *data;

	sheet.verb = "";
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_absences(desk, request->arena,
			today - BEFORE_DAYS, today + AFTER_DAYS, &list, &count);
	if (err != OUV_OK) {
		json_decref(sheet.errors);
		page_error_desk(request, err);
		return;
	}
	data = view_base(request, "absences_title");
	view_flag(data, "at_calendar", true);
	view_line(data, "here", HERE);
	add_rows(&sheet, data, list, count);
	sheet_end(&sheet, data);
	view_flag(data, "has_error_title", trouble != NULL);
	if (done != NULL)
		(void)view_done(request, data, done);
	reply_page(request, trouble != NULL ? trouble->status : 200, "absences",
		data);
}

void
page_absences(struct request *request)
{
	show_list(request, NULL);
}

void
page_absence_end(struct request *request)
{
	struct trouble trouble = { .result = &nothing_wrong };
	const char *key = own_key(request);
	struct ouv_desk *desk;
	struct ouv_id id;
	enum ouv_err err;

	if (key == NULL)
		return;
	err = own_id(request, &desk, &id);
	if (err == OUV_OK)
		err = ouv_desk_absence_end(
			desk, request->arena, request->actor, key, &id);
	trouble.status = reply_status(err);
	if (err == OUV_OK) {
		reply_redirect(request, HERE "?done=absence-end");
	} else if (err == OUV_CONFLICT || err == OUV_REFUSED) {
		trouble.word = err == OUV_CONFLICT ? "absence_is_over"
						   : "absence_refused";
		show_list(request, &trouble);
	} else {
		page_error_desk(request, err);
	}
}

/* ---- a new one -------------------------------------------------------------
 */

/* A select's choice among colleagues, which keeps what was typed. */
static void
add_choice(json_t *list, const struct sheet *sheet, const char *field,
	const char *login, const char *name)
{
	const char *typed = sheet_typed(sheet, field);
	json_t *one = json_object();

	view_line(one, "value", login);
	view_line(one, "name", name);
	view_flag(
		one, "is_current", typed != NULL && strcmp(typed, login) == 0);
	json_array_append_new(list, one);
}

static void
add_people(const struct sheet *sheet, json_t *form,
	const struct ouv_colleague *people, size_t count)
{
	json_t *who = json_array(), *substitutes = json_array();

	for (size_t i = 0; i < count; i++) {
		add_choice(who, sheet, "who", people[i].login, people[i].name);
		add_choice(substitutes, sheet, "substitute", people[i].login,
			people[i].name);
	}
	view_flag(form, "may_all", absence_may_all(sheet->request->actor));
	json_object_set_new(form, "people", who);
	json_object_set_new(form, "substitutes", substitutes);
	view_flag(form, "is_office",
		sheet_typed(sheet, "who") != NULL &&
			strcmp(sheet_typed(sheet, "who"), "office") == 0);
}

static json_t *
reasons(const struct sheet *sheet)
{
	const char *codes[OUV_ABSENCE__COUNT + 1] = { NULL };

	for (int i = 0; i < OUV_ABSENCE__COUNT; i++)
		codes[i] = ouv_absence_reason_name((enum ouv_absence_reason)i);
	return sheet_choices(sheet, true, "reason", "absence_", codes);
}

/* The note as it would go out, each language under its name. */
static void
add_notes(json_t *data, const struct ouv_text_letter *letters)
{
	json_t *list = json_array();

	for (int i = 0; letters != NULL && i < OUV_LANG__COUNT; i++) {
		json_t *one = json_object();

		view_line(one, "tag", ouv_lang_tag((enum ouv_lang)i));
		view_line(one, "subject", letters[i].subject);
		view_text(one, "words", letters[i].plain);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_notes", letters != NULL);
	json_object_set_new(data, "notes", list);
}

static void
show_new(struct request *request, const struct trouble *trouble,
	const struct ouv_text_letter *letters)
{
	struct sheet sheet = sheet_begin(request, HERE, trouble);
	struct ouv_colleague *people;
	struct ouv_desk *desk;
	json_t *data, *form;
	enum ouv_err err;
	size_t count;

	sheet.verb = "new";
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_colleagues(
			desk, request->arena, &people, &count);
	if (err != OUV_OK) {
		json_decref(sheet.errors);
		page_error_desk(request, err);
		return;
	}
	data = view_base(request, "absence_new_title");
	view_flag(data, "at_calendar", true);
	view_line(data, "here", HERE "/new");
	form = sheet_form(&sheet, "new", "new", true, new_fields);
	add_people(&sheet, form, people, count);
	json_object_set_new(form, "reasons", reasons(&sheet));
	json_object_set_new(data, "new", form);
	view_line(
		data, "today", view_day_iso(request->arena, ouv_clock_today()));
	sheet_end(&sheet, data);
	if (sheet.form == NULL)
		view_carry(data, "new", HERE "/new");
	add_notes(data, letters);
	view_flag(data, "has_error_title",
		trouble != NULL && trouble->status != 200);
	reply_page(request, trouble != NULL ? trouble->status : 200, "absence",
		data);
}

void
page_absence_new(struct request *request)
{
	show_new(request, NULL, NULL);
}

static void
preview(struct request *request, struct ouv_desk *desk,
	const struct ouv_field *fields, size_t count)
{
	struct ouv_text_letter letters[OUV_LANG__COUNT] = { 0 };
	struct ouv_verb_result result = { 0 };
	struct trouble trouble = { .result = &result };
	enum ouv_err err;

	err = ouv_desk_absence_preview(desk, request->arena, request->actor,
		fields, count, letters, &result);
	own_blocked(&result);
	trouble.status = reply_status(err);
	if (err != OUV_OK && err != OUV_INVALID && err != OUV_REFUSED) {
		page_error_desk(request, err);
		return;
	}
	if (err == OUV_REFUSED)
		trouble.word = "absence_refused";
	show_new(request, &trouble, err == OUV_OK ? letters : NULL);
}

static void
add(struct request *request, struct ouv_desk *desk, const char *key,
	const struct ouv_field *fields, size_t count)
{
	struct ouv_verb_result result = { 0 };
	struct trouble trouble = { .result = &result };
	enum ouv_err err;

	err = ouv_desk_absence_add(desk, request->arena, request->actor, key,
		fields, count, &result);
	own_blocked(&result);
	trouble.status = reply_status(err);
	if (err == OUV_OK) {
		reply_redirect(request, HERE "?done=absence-add");
	} else if (err == OUV_INVALID || err == OUV_REFUSED) {
		trouble.word = err == OUV_REFUSED        ? "absence_refused"
			       : result.error_count == 0 ? "field_wrong"
							 : NULL;
		show_new(request, &trouble, NULL);
	} else {
		page_error_desk(request, err);
	}
}

void
page_absence_new_post(struct request *request)
{
	struct ouv_field fields[FORM_FIELDS];
	const char *key = own_key(request);
	struct ouv_desk *desk;
	enum ouv_err err;
	size_t count;

	if (key == NULL)
		return;
	own_dates(request, dates);
	count = own_fields(&request->form, fields);
	err = desk_here(request->server, &desk);
	if (err != OUV_OK)
		page_error_desk(request, err);
	else if (form_get(&request->form, "preview") != NULL)
		preview(request, desk, fields, count);
	else
		add(request, desk, key, fields, count);
}

void
page_absence_again(struct request *request)
{
	const struct trouble typed = { .status = 200,
		.result = &nothing_wrong };

	show_new(request, &typed, NULL);
}
