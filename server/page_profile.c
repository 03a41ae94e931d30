/*
 * page_profile.c - what stands under one's letters, one's language and absences
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/id.h"

#include "calendar.h"
#include "page.h"
#include "reply.h"

#define AHEAD_DAYS 400

/* clang-format off */
static const struct sheet_field fields[] = { { "title", "profile_name_title" },
	{ "phone", "profile_phone" }, { "color", "profile_color" },
	{ NULL, NULL } };
static const char *const colors[] = { "black", "blue", NULL };
/* clang-format on */

/* As it is kept, below a letter in each language. */
static enum ouv_err
add_signatures(const struct request *request, struct ouv_desk *desk,
	json_t *data, const struct ouv_profile *profile)
{
	json_t *list = json_array();

	json_object_set_new(data, "signatures", list);
	view_flag(data, "is_blue", profile->blue);
	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		json_t *one = json_object();
		const char *text = "";
		enum ouv_err err;

		err = ouv_desk_signature(desk, request->arena, request->actor,
			profile, (enum ouv_lang)i, &text);
		view_line(one, "tag", ouv_lang_tag((enum ouv_lang)i));
		view_code(request, one, "name", "lang_",
			ouv_lang_tag((enum ouv_lang)i));
		view_text(one, "signed", text);
		json_array_append_new(list, one);
		if (err != OUV_OK)
			return err;
	}
	return OUV_OK;
}

static enum ouv_err
add_absences(const struct request *request, struct ouv_desk *desk, json_t *data)
{
	int32_t today = ouv_clock_today();
	json_t *list = json_array();
	struct ouv_absence *all;
	enum ouv_err err;
	size_t count = 0;

	json_object_set_new(data, "absences", list);
	err = ouv_desk_absences(
		desk, request->arena, today, today + AHEAD_DAYS, &all, &count);
	for (size_t i = 0; err == OUV_OK && i < count; i++)
		if (!absence_is_over(&all[i], today) &&
			ouv_id_equal(&all[i].person, &request->actor->person))
			json_array_append_new(
				list, view_absence(request, &all[i]));
	view_flag(data, "has_absences", json_array_size(list) > 0);
	return err;
}

static void
add_form(struct sheet *sheet, json_t *data, const struct ouv_profile *profile)
{
	json_t *form = sheet_form(sheet, "profile", "profile", true, fields);
	json_t *choices = sheet_choices(sheet, true, "color", "color_", colors);

	if (sheet->trouble == NULL) {
		view_line(form, "title", profile->title);
		view_line(form, "phone", profile->phone);
		view_flag(json_array_get(choices, profile->blue), "is_current",
			true);
	}
	json_object_set_new(form, "colors", choices);
	json_object_set_new(data, "profile", form);
	sheet_end(sheet, data);
}

static void
show(struct request *request, const struct trouble *trouble)
{
	struct sheet sheet = sheet_begin(request, "", trouble);
	const char *done = form_get(&request->query_form, "done");
	struct ouv_profile profile;
	struct ouv_desk *desk;
	enum ouv_err err;
	json_t *data;

	sheet.verb = "profile";
	data = view_base(request, "profile_title");
	view_flag(data, "at_profile", true);
	view_line(data, "here", "/profile");
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_profile(
			desk, request->arena, request->actor, &profile);
	if (err == OUV_OK)
		err = add_signatures(request, desk, data, &profile);
	if (err == OUV_OK)
		err = add_absences(request, desk, data);
	if (err != OUV_OK) {
		json_decref(sheet.errors);
		json_decref(data);
		page_error_desk(request, err);
		return;
	}
	add_form(&sheet, data, &profile);
	view_flag(data, "has_error_title",
		trouble != NULL && trouble->status >= 400);
	if (done != NULL)
		(void)view_done(request, data, done);
	reply_page(request, trouble != NULL ? trouble->status : 200, "profile",
		data);
}

void
page_profile(struct request *request)
{
	show(request, NULL);
}

void
page_profile_post(struct request *request)
{
	struct ouv_verb_result result = { 0 };
	struct trouble trouble = { .status = 422, .result = &result };
	struct ouv_field list[FORM_FIELDS];
	const char *key = own_key(request);
	struct ouv_desk *desk;
	enum ouv_err err;
	size_t count;

	if (key == NULL)
		return;
	count = own_fields(&request->form, list);
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_profile_set(desk, request->arena, request->actor,
			key, list, count, &result);
	own_blocked(&result);
	if (err == OUV_OK)
		reply_redirect(request, "/profile?done=profile");
	else if (err == OUV_INVALID)
		show(request, &trouble);
	else
		page_error_desk(request, err);
}

void
page_profile_again(struct request *request)
{
	static const struct ouv_verb_result nothing;
	const struct trouble typed = { .status = 200, .result = &nothing };

	show(request, &typed);
}
