/*
 * view_entry.c - the forms of the register of companies, made of one table of
 * fields, and what somebody who was faster has changed
 */
#include <string.h>

#include "ouv/clock.h"

#include "entry.h"
#include "move.h"
#include "reply.h"

#define FIELDS_MOST 8

enum input {
	INPUT_NONE, /* ends a list */
	INPUT_TEXT,
	INPUT_ADDR,
	INPUT_DATE,
	INPUT_POSTAL, /* the lines of an envelope */
	INPUT_WORDS,  /* one of codes, under prefix */
	INPUT_SECTOR, /* of the codebook */
	INPUT_LANG,
	INPUT_CONTACT, /* another one of the unit */
};

struct entry_field {
	const char *name, *label, *help; /* words; help NULL: none */
	enum input input;
	bool needed;
	const char *prefix;
	const char *const *codes;
};

static const char *const yes_no[] = { "yes", "no", NULL };

/* clang-format off */
static const struct entry_field forms[OUV_ENTRY__COUNT][FIELDS_MOST] = {
	[OUV_ENTRY_COMPANY] = {
		{ "name",         "company_name",         NULL,                INPUT_TEXT,   true,  NULL, NULL },
		{ "sector",       "company_sector",       NULL,                INPUT_SECTOR, false, NULL, NULL },
		{ "lang",         "company_lang",         NULL,                INPUT_LANG,   true,  NULL, NULL },
		{ "member_until", "company_member_until", "company_member_help", INPUT_DATE, false, NULL, NULL },
		{ "full_text",    "company_full_text",    "company_full_help", INPUT_WORDS,  true,  "answer_", yes_no },
	},
	[OUV_ENTRY_UNIT] = {
		{ "name",  "unit_name",  NULL,            INPUT_TEXT,  true,  NULL, NULL },
		{ "kind",  "unit_kind",  NULL,            INPUT_WORDS, true,  "unit_kind_", ouv_unit_kinds },
		{ "owned", "unit_owned", NULL,            INPUT_WORDS, true,  "answer_", yes_no },
		{ "from",  "unit_from",  NULL,            INPUT_DATE,  true,  NULL, NULL },
		{ "until", "unit_until", "unit_until_help", INPUT_DATE, false, NULL, NULL },
		{ "postal", "unit_postal", "unit_postal_help", INPUT_POSTAL, false, NULL, NULL },
	},
	[OUV_ENTRY_CONTACT] = {
		{ "name",       "contact_name",       NULL,                INPUT_TEXT,    false, NULL, NULL },
		{ "addr",       "contact_addr",       "contact_addr_help", INPUT_ADDR,    true,  NULL, NULL },
		{ "role",       "contact_role",       NULL,                INPUT_WORDS,   true,  "contact_role_", ouv_contact_roles },
		{ "active",     "contact_active",     NULL,                INPUT_WORDS,   true,  "answer_", yes_no },
		{ "away_from",  "contact_away_from",  NULL,                INPUT_DATE,    false, NULL, NULL },
		{ "away_until", "contact_away_until", NULL,                INPUT_DATE,    false, NULL, NULL },
		{ "substitute", "contact_substitute", "contact_substitute_help", INPUT_CONTACT, false, NULL, NULL },
	},
};
static const char *const titles[OUV_ENTRY__COUNT][2] = {
	[OUV_ENTRY_COMPANY] = { "company_new", "company_edit" },
	[OUV_ENTRY_UNIT] = { "unit_new", "unit_edit" },
	[OUV_ENTRY_CONTACT] = { "contact_new", "contact_edit" },
};
/* clang-format on */

/* ---- the form --------------------------------------------------------------
 */

static const char *
day_text(const struct request *request, int32_t day)
{
	return day == 0 ? "" : view_day_iso(request->arena, day);
}

static const char *
hex_or_none(const struct request *request, const struct ouv_id *id)
{
	char *hex = ouv_arena_alloc(request->arena, OUV_ID_HEX);

	if (ouv_id_is_zero(id))
		return "";
	ouv_id_hex(id, hex);
	return hex;
}

struct value {
	const char *name, *now;
};

/* What the entry holds, or what is usual. */
static const char *
value_now(const struct request *request, const struct entry_place *p,
	const char *name)
{
	const struct ouv_company_file *f = &p->file;
	const struct ouv_company_unit *u = p->of;
	const struct ouv_company_contact *c = p->who;
	bool made = p->entry != OUV_ENTRY_COMPANY || !entry_is_new(p);
	/* clang-format off */
	const struct value of_company[] = {
		{ "name", made ? f->name : "" },
		{ "sector", made ? f->sector : "" },
		{ "lang", made ? ouv_lang_tag(f->lang) : request->server->config->office_language },
		{ "member_until", made ? day_text(request, f->member_until) : "" },
		{ "full_text", made && f->full_text ? "yes" : "no" },
		{ NULL, NULL },
	}, of_unit[] = {
		{ "name", u != NULL ? u->name : "" },
		{ "kind", u != NULL ? u->kind : "" },
		{ "owned", u == NULL || u->owned ? "yes" : "no" },
		{ "from", u != NULL ? day_text(request, u->from_day) : day_text(request, ouv_clock_today()) },
		{ "until", u != NULL ? day_text(request, u->until_day) : "" },
		{ "postal", u != NULL ? u->postal : "" },
		{ NULL, NULL },
	}, of_contact[] = {
		{ "name", c != NULL ? c->name : "" },
		{ "addr", c != NULL ? c->addr : "" },
		{ "role", c != NULL ? c->role : "answers" },
		{ "active", c == NULL || c->active ? "yes" : "no" },
		{ "away_from", c != NULL ? day_text(request, c->away_from) : "" },
		{ "away_until", c != NULL ? day_text(request, c->away_until) : "" },
		{ "substitute", c != NULL ? hex_or_none(request, &c->substitute_id) : "" },
		{ NULL, NULL },
	};
	/* clang-format on */
	const struct value *values[OUV_ENTRY__COUNT] = {
		[OUV_ENTRY_COMPANY] = of_company,
		[OUV_ENTRY_UNIT] = of_unit,
		[OUV_ENTRY_CONTACT] = of_contact,
	};

	for (const struct value *v = values[p->entry]; v->name != NULL; v++)
		if (strcmp(v->name, name) == 0)
			return v->now;
	return "";
}

/* Whoever the form is about is no substitute of their own. */
static void
add_contact(const struct request *request, json_t *list,
	const struct entry_place *p, const struct ouv_company_contact *contact,
	const char *chosen)
{
	const char *id = hex_or_none(request, &contact->id);

	if (contact != p->who)
		view_option(list, id, contact->addr, strcmp(id, chosen) == 0);
}

static json_t *
options(const struct request *request, const struct entry_place *p,
	const struct entry_field *f, const char *chosen)
{
	json_t *list = json_array();

	if (f->input == INPUT_WORDS)
		for (const char *const *c = f->codes; *c != NULL; c++)
			view_option(list, *c,
				view_word_of(request, f->prefix, *c),
				strcmp(*c, chosen) == 0);
	if (f->input == INPUT_LANG)
		for (int i = 0; i < OUV_LANG__COUNT; i++) {
			const char *tag = ouv_lang_tag((enum ouv_lang)i);

			view_option(list, tag,
				view_word_of(request, "lang_", tag),
				strcmp(tag, chosen) == 0);
		}
	if (f->input == INPUT_SECTOR)
		for (size_t i = 0; i < p->choices.sector_count; i++)
			view_option(list, p->choices.sectors[i].value,
				p->choices.sectors[i].label,
				strcmp(p->choices.sectors[i].value, chosen) ==
					0);
	if (f->input == INPUT_CONTACT && p->of != NULL)
		for (size_t i = 0; i < p->of->contact_count; i++)
			add_contact(
				request, list, p, &p->of->contacts[i], chosen);
	return list;
}

/* One field as {{> entryfield}} shows it; its error was put into form. */
static json_t *
field_of(const struct sheet *sheet, const struct entry_place *p, json_t *form,
	const struct entry_field *f)
{
	const struct request *request = sheet->request;
	const char *typed = sheet_typed(sheet, f->name);
	const char *value =
		typed != NULL ? typed : value_now(request, p, f->name);
	const char *wrong = json_string_value(json_object_get(
		form, ouv_arena_printf(request->arena, "%s_error", f->name)));
	bool select = f->input >= INPUT_WORDS;
	json_t *one = json_object();

	view_line(one, "name", f->name);
	view_word(request, one, "label", f->label);
	view_flag(one, "has_help", f->help != NULL);
	view_line(one, "help", "");
	if (f->help != NULL)
		view_word(request, one, "help", f->help);
	view_flag(one, "is_select", select);
	view_flag(one, "is_date", f->input == INPUT_DATE);
	view_flag(one, "is_addr", f->input == INPUT_ADDR);
	view_flag(one, "is_text", f->input == INPUT_TEXT);
	view_flag(one, "is_needed", f->needed);
	view_flag(one, "may_be_none", select && (!f->needed || *value == '\0'));
	view_flag(one, "is_postal", f->input == INPUT_POSTAL);
	if (f->input == INPUT_POSTAL)
		view_text(one, "value", value);
	else
		view_line(one, "value", value);
	view_flag(one, "has_wrong", wrong != NULL && *wrong != '\0');
	view_line(one, "wrong", wrong);
	json_object_set_new(one, "options", options(request, p, f, value));
	return one;
}

static json_t *
entry_form(struct sheet *sheet, const struct entry_place *p)
{
	struct sheet_field names[FIELDS_MOST + 1] = { { NULL, NULL } };
	const struct entry_field *fields = forms[p->entry];
	const char *rev = sheet_typed(sheet, "rev");
	json_t *form, *list = json_array();

	for (size_t i = 0; fields[i].input != INPUT_NONE; i++)
		names[i] =
			(struct sheet_field){ fields[i].name, fields[i].label };
	form = sheet_form(sheet, "put", "entry", true, names);
	/* Whoever was told that somebody else was faster looks at the new one.
	 */
	if (rev == NULL || sheet->trouble->status == 409)
		rev = ouv_arena_printf(
			sheet->request->arena, "%lld", (long long)p->rev);
	view_line(form, "rev", rev);
	for (size_t i = 0; fields[i].input != INPUT_NONE; i++)
		json_array_append_new(
			list, field_of(sheet, p, form, &fields[i]));
	json_object_set_new(form, "fields", list);
	return form;
}

/* ---- somebody was faster ---------------------------------------------------
 */

/* As a reader calls it: the word of a code, the date as it is written. */
static const char *
told(const struct request *request, const struct entry_place *p,
	const struct entry_field *f, const char *value)
{
	json_t *list = options(request, p, f, value);
	const char *label = NULL;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);

		if (json_is_true(json_object_get(one, "is_current")))
			label = ouv_arena_strdup(request->arena,
				json_string_value(
					json_object_get(one, "name")));
	}
	json_decref(list);
	if (label != NULL)
		return label;
	return *value != '\0' ? value : view_word_of(request, "", "entry_none");
}

/* Each field that is now another than what was typed. */
static void
add_now(const struct sheet *sheet, const struct entry_place *p, json_t *data)
{
	const struct request *request = sheet->request;
	const struct entry_field *f = forms[p->entry];
	json_t *list = json_array();

	for (; f->input != INPUT_NONE; f++) {
		const char *typed = sheet_typed(sheet, f->name);
		const char *now = value_now(request, p, f->name);
		json_t *one;

		if (typed == NULL || strcmp(typed, now) == 0)
			continue;
		one = json_object();
		view_word(request, one, "label", f->label);
		view_line(one, "now", told(request, p, f, now));
		json_array_append_new(list, one);
	}
	view_flag(data, "has_now", json_array_size(list) > 0);
	json_object_set_new(data, "now", list);
}

/* Who changed it meanwhile, when, and what it says now. */
static void
add_changed(const struct sheet *sheet, struct ouv_desk *desk,
	const struct entry_place *p, json_t *data)
{
	const bool late =
		sheet->trouble != NULL && sheet->trouble->status == 409;
	const char *who = NULL;
	int64_t at = 0;

	view_flag(data, "is_conflict", late);
	if (!late)
		return;
	if (ouv_desk_entry_last(desk, sheet->request->arena, entry_id(p), &at,
		    &who) != OUV_OK)
		at = 0;
	view_time(sheet->request, data, "changed_at", at);
	move_line(data, "changed_by", who);
	add_now(sheet, p, data);
}

static enum ouv_err
read_choices(
	struct request *request, struct ouv_desk *desk, struct entry_place *p)
{
	if (p->entry != OUV_ENTRY_COMPANY)
		return OUV_OK;
	return ouv_desk_register_choices(
		desk, request->arena, request->lang, &p->choices);
}

void
entry_show(struct request *request, struct ouv_desk *desk,
	struct entry_place *p, const struct trouble *trouble)
{
	struct sheet sheet = sheet_begin(request, p->path, trouble);
	enum ouv_err err = read_choices(request, desk, p);
	json_t *data;

	sheet.verb = trouble != NULL ? "put" : "";
	if (err != OUV_OK) {
		json_decref(sheet.errors);
		page_error_desk(request, err);
		return;
	}
	data = view_base(request, titles[p->entry][!entry_is_new(p)]);
	view_line(data, "here", p->path);
	view_line(data, "back_path", p->back);
	view_flag(data, "has_company", !ouv_id_is_zero(&p->company));
	view_line(data, "company", p->file.name);
	view_flag(data, "is_contact", p->entry == OUV_ENTRY_CONTACT);
	move_line(data, "unit", p->of != NULL ? p->of->name : NULL);
	json_object_set_new(data, "entry", entry_form(&sheet, p));
	add_changed(&sheet, desk, p, data);
	sheet_end(&sheet, data);
	if (sheet.form == NULL)
		view_carry(data, "entry",
			ouv_arena_printf(request->arena, "%s/put", p->path));
	view_flag(data, "has_error_title",
		trouble != NULL && trouble->status >= 400);
	reply_page(request, trouble != NULL ? trouble->status : 200, "entry",
		data);
}
