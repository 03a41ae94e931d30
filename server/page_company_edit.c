/*
 * page_company_edit.c - the forms of the register of companies, made of one
 * table of fields, and the second look at an address
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/register.h"

#include "again.h"
#include "calendar.h"
#include "move.h"
#include "page.h"
#include "reply.h"
#include "session.h"

#define HERE "/companies"
#define FIELDS_MOST 8

enum input {
	INPUT_NONE, /* ends a list */
	INPUT_TEXT,
	INPUT_ADDR,
	INPUT_DATE,
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
static const char *const dates[] = { "member_until", "from", "until",
	"away_from", "away_until", NULL };
/* clang-format on */

/* Which entry an address means, and what is there. */
struct place {
	enum ouv_entry entry;
	const char *path, *back; /* the form's; the company's file */
	struct ouv_id company, unit, contact; /* zero: none, or a new one */
	struct ouv_company_file file;
	const struct ouv_company_unit *of; /* the unit; NULL: none */
	const struct ouv_company_contact *who;
	struct ouv_register_choices choices;
	int64_t rev;
};

/* ---- finding it ------------------------------------------------------------
 */

static const struct ouv_id *
entry_id(const struct place *p)
{
	const struct ouv_id *ids[OUV_ENTRY__COUNT] = {
		[OUV_ENTRY_COMPANY] = &p->company,
		[OUV_ENTRY_UNIT] = &p->unit,
		[OUV_ENTRY_CONTACT] = &p->contact,
	};

	return ids[p->entry];
}

static bool
is_new(const struct place *p)
{
	return ouv_id_is_zero(entry_id(p));
}

/* "new" is nobody's id. */
static bool
read_id(const char *text, struct ouv_id *id)
{
	return text == NULL || strcmp(text, "new") == 0 ||
	       ouv_id_parse(text, id) == OUV_OK;
}

static enum ouv_err
find_parts(struct place *p)
{
	for (size_t i = 0; i < p->file.unit_count; i++)
		if (ouv_id_equal(&p->file.units[i].id, &p->unit))
			p->of = &p->file.units[i];
	if (p->of == NULL)
		return ouv_id_is_zero(&p->unit) && p->entry != OUV_ENTRY_CONTACT
			       ? OUV_OK
			       : OUV_NOT_FOUND;
	for (size_t i = 0; i < p->of->contact_count; i++)
		if (ouv_id_equal(&p->of->contacts[i].id, &p->contact))
			p->who = &p->of->contacts[i];
	return p->who == NULL && !ouv_id_is_zero(&p->contact) ? OUV_NOT_FOUND
							      : OUV_OK;
}

static enum ouv_err
find(struct request *request, struct ouv_desk **desk, struct place *p)
{
	enum ouv_err err = OUV_OK;

	if (!ouv_company_may_edit(request->actor))
		return OUV_REFUSED;
	if (!read_id(request->args[0], &p->company) ||
		!read_id(request->args[1], &p->unit) ||
		!read_id(request->args[2], &p->contact))
		return OUV_NOT_FOUND;
	p->path = request->path;
	p->back = ouv_id_is_zero(&p->company)
			  ? HERE
			  : ouv_arena_printf(request->arena, HERE "/%s",
				    request->args[0]);
	err = desk_here(request->server, desk);
	if (err == OUV_OK && !ouv_id_is_zero(&p->company))
		err = ouv_desk_company_entry(*desk, request->arena, &p->company,
			request->lang, &p->file);
	if (err == OUV_OK)
		err = find_parts(p);
	if (err == OUV_OK && !is_new(p))
		err = ouv_desk_entry_rev(*desk, p->entry, entry_id(p), &p->rev);
	return err;
}

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
value_now(
	const struct request *request, const struct place *p, const char *name)
{
	const struct ouv_company_file *f = &p->file;
	const struct ouv_company_unit *u = p->of;
	const struct ouv_company_contact *c = p->who;
	bool made = p->entry != OUV_ENTRY_COMPANY || !is_new(p);
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
add_contact(const struct request *request, json_t *list, const struct place *p,
	const struct ouv_company_contact *contact, const char *chosen)
{
	const char *id = hex_or_none(request, &contact->id);

	if (contact != p->who)
		view_option(list, id, contact->addr, strcmp(id, chosen) == 0);
}

static json_t *
options(const struct request *request, const struct place *p,
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
field_of(const struct sheet *sheet, const struct place *p, json_t *form,
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
	view_line(one, "value", value);
	view_flag(one, "has_wrong", wrong != NULL && *wrong != '\0');
	view_line(one, "wrong", wrong);
	json_object_set_new(one, "options", options(request, p, f, value));
	return one;
}

static json_t *
entry_form(struct sheet *sheet, const struct place *p)
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
told(const struct request *request, const struct place *p,
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
add_now(const struct sheet *sheet, const struct place *p, json_t *data)
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
	const struct place *p, json_t *data)
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
read_choices(struct request *request, struct ouv_desk *desk, struct place *p)
{
	if (p->entry != OUV_ENTRY_COMPANY)
		return OUV_OK;
	return ouv_desk_register_choices(
		desk, request->arena, request->lang, &p->choices);
}

static void
show(struct request *request, struct ouv_desk *desk, struct place *p,
	const struct trouble *trouble)
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
	data = view_base(request, titles[p->entry][!is_new(p)]);
	view_line(data, "here", p->path);
	view_line(data, "back_path", p->back);
	view_flag(data, "has_company", !ouv_id_is_zero(&p->company));
	view_line(data, "company", p->file.name);
	view_flag(data, "is_contact", p->entry == OUV_ENTRY_CONTACT);
	move_line(data, "unit", p->of != NULL ? p->of->name : NULL);
	json_object_set_new(data, "entry", entry_form(&sheet, p));
	add_changed(&sheet, desk, p, data);
	sheet_end(&sheet, data);
	view_flag(data, "has_error_title",
		trouble != NULL && trouble->status >= 400);
	reply_page(request, trouble != NULL ? trouble->status : 200, "entry",
		data);
}

static void
show_form(struct request *request, enum ouv_entry entry)
{
	struct place p = { .entry = entry };
	struct ouv_desk *desk;
	enum ouv_err err = find(request, &desk, &p);

	if (err != OUV_OK)
		page_error_desk(request, err);
	else
		show(request, desk, &p, NULL);
}

void
page_company_edit(struct request *request)
{
	show_form(request, OUV_ENTRY_COMPANY);
}

void
page_unit_edit(struct request *request)
{
	show_form(request, OUV_ENTRY_UNIT);
}

void
page_contact_edit(struct request *request)
{
	show_form(request, OUV_ENTRY_CONTACT);
}

/* ---- the second look -------------------------------------------------------
 */

static bool
wants_look(const struct ouv_verb_result *result)
{
	return result->error_count == 1 &&
	       strcmp(result->errors[0].code, "look-again") == 0;
}

/* The address alone and in full, and everything else as it was typed. */
static void
show_look(struct request *request, const struct place *p)
{
	const char *action =
		ouv_arena_printf(request->arena, "%s/put", p->path);
	json_t *data = view_base(request, "contact_look");
	json_t *kept = json_array();

	for (size_t i = 0; i < request->form.count; i++) {
		const struct ouv_field *f = &request->form.fields[i];
		json_t *one;

		if (strcmp(f->name, "csrf") == 0 ||
			strcmp(f->name, "seen") == 0 ||
			strcmp(f->name, "back") == 0)
			continue;
		one = json_object();
		view_line(one, "name", f->name);
		view_line(one, "value", f->value);
		json_array_append_new(kept, one);
	}
	view_line(data, "here", p->path);
	view_line(data, "back_path", p->back);
	view_line(data, "company", p->file.name);
	view_line(data, "unit", p->of->name);
	view_line(data, "action_path", action);
	view_line(data, "csrf", session_token(request, action));
	view_line(data, "addr", form_get(&request->form, "addr"));
	move_line(data, "was", p->who != NULL ? p->who->addr : NULL);
	json_object_set_new(data, "kept", kept);
	reply_page(request, 200, "contactlook", data);
}

/* ---- what is posted --------------------------------------------------------
 */

static const char *
done_path(const struct request *request, const struct place *p)
{
	return ouv_id_is_zero(&p->company)
		       ? ouv_arena_printf(request->arena, HERE "?q=%s",
				 form_escape(request->arena,
					 form_get(&request->form, "name")))
		       : ouv_arena_printf(request->arena, "%s?done=company-set",
				 p->back);
}

static void
answer(struct request *request, struct ouv_desk *desk, struct place *p,
	enum ouv_err err, const struct ouv_verb_result *result)
{
	struct trouble trouble = { .status = reply_status(err),
		.result = result };

	if (err == OUV_OK) {
		reply_redirect(request, done_path(request, p));
	} else if (err == OUV_REFUSED && result->step_up) {
		page_step_up(request);
	} else if (err == OUV_INVALID && wants_look(result)) {
		show_look(request, p);
	} else if (err == OUV_INVALID || err == OUV_CONFLICT) {
		trouble.word = err == OUV_CONFLICT        ? "entry_changed"
			       : result->error_count == 0 ? "field_wrong"
							  : NULL;
		show(request, desk, p, &trouble);
	} else {
		page_error_desk(request, err);
	}
}

static void
put(struct request *request, enum ouv_entry entry)
{
	static const struct ouv_verb_result nothing_wrong;
	struct ouv_field fields[FORM_FIELDS];
	struct ouv_verb_result result = { 0 };
	const char *key = own_key(request);
	struct place p = { .entry = entry };
	struct ouv_desk *desk;
	enum ouv_err err;
	char *path;

	if (key == NULL)
		return;
	path = ouv_arena_strdup(request->arena, request->path);
	err = find(request, &desk, &p);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	*strrchr(path, '/') = '\0'; /* without "/put" */
	p.path = path;
	own_dates(request, dates);
	if (form_get(&request->form, "back") != NULL) {
		show(request, desk, &p,
			&(struct trouble){
				.status = 200, .result = &nothing_wrong });
		return;
	}
	err = ouv_desk_entry_put(desk, request->arena, request->actor, key,
		entry, entry == OUV_ENTRY_CONTACT ? &p.unit : &p.company,
		entry_id(&p), fields, own_fields(&request->form, fields),
		&result);
	answer(request, desk, &p, err, &result);
}

void
page_company_put(struct request *request)
{
	put(request, OUV_ENTRY_COMPANY);
}

void
page_unit_put(struct request *request)
{
	put(request, OUV_ENTRY_UNIT);
}

void
page_contact_put(struct request *request)
{
	put(request, OUV_ENTRY_CONTACT);
}

/* As whoever goes back from the second look. */
static void
put_again(struct request *request, enum ouv_entry entry)
{
	again_set(request, "back", "1");
	put(request, entry);
}

void
page_company_again(struct request *request)
{
	put_again(request, OUV_ENTRY_COMPANY);
}

void
page_unit_again(struct request *request)
{
	put_again(request, OUV_ENTRY_UNIT);
}

void
page_contact_again(struct request *request)
{
	put_again(request, OUV_ENTRY_CONTACT);
}
