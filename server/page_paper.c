/*
 * page_paper.c - the form by which a request about somebody's own data is
 * entered that came by letter, by telephone or in person
 */
#include <string.h>

#include "ouv/paper.h"

#include "calendar.h"
#include "page.h"
#include "reply.h"
#include "words.h"

#define HERE "/requests/new"

enum input {
	TEXT,
	ADDR,
	DATE,
	AREA,
	WORDS,
	LANG,
	RIGHT
};

/* clang-format off */
static const struct paper_field {
	const char *name, *help;      /* its word: paper_NAME; help NULL: none */
	enum input input;
	bool needed;
	int most;
	const char *prefix;           /* of the words of codes */
	const char *const *codes;
} fields[] = {
	{ "channel",    NULL,                    WORDS, true,  0,    "channel_", ouv_paper_channels },
	{ "arrived",    "paper_arrived_help",    DATE,  true,  0,    NULL, NULL },
	{ "name",       NULL,                    TEXT,  true,  200,  NULL, NULL },
	{ "addr",       "paper_addr_help",       ADDR,  false, 254,  NULL, NULL },
	{ "postal",     NULL,                    AREA,  false, 500,  NULL, NULL },
	{ "lang",       NULL,                    LANG,  true,  0,    NULL, NULL },
	{ "identified", "paper_identified_help", AREA,  true,  500,  NULL, NULL },
	{ "right",      NULL,                    RIGHT, true,  0,    NULL, NULL },
	{ "profile",    NULL,                    WORDS, true,  0,    "profile_", ouv_paper_laws },
	{ "subject",    NULL,                    TEXT,  true,  200,  NULL, NULL },
	{ "text",       NULL,                    AREA,  true,  8000, NULL, NULL },
};
/* clang-format on */

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

struct chosen {
	struct ouv_desk *desk;
	struct ouv_choice *rights;
	size_t right_count;
};

/* ---- one field -------------------------------------------------------------
 */

static const char *
value_of(const struct sheet *sheet, const struct chosen *c,
	const struct paper_field *f)
{
	const struct request *request = sheet->request;
	const char *typed = sheet_typed(sheet, f->name);

	if (typed != NULL)
		return typed;
	if (f->input == LANG)
		return request->server->config->office_language;
	if (f->codes == ouv_paper_laws)
		return ouv_desk_paper_law(c->desk);
	return "";
}

static json_t *
options(const struct request *request, const struct chosen *c,
	const struct paper_field *f, const char *chosen)
{
	json_t *list = json_array();

	for (const char *const *p = f->codes; p != NULL && *p != NULL; p++)
		view_option(list, *p, view_word_of(request, f->prefix, *p),
			strcmp(*p, chosen) == 0);
	if (f->input == LANG)
		for (int i = 0; i < OUV_LANG__COUNT; i++) {
			const char *tag = ouv_lang_tag((enum ouv_lang)i);

			view_option(list, tag,
				view_word_of(request, "lang_", tag),
				strcmp(tag, chosen) == 0);
		}
	if (f->input == RIGHT)
		for (size_t i = 0; i < c->right_count; i++)
			view_option(list, c->rights[i].value,
				c->rights[i].label,
				strcmp(c->rights[i].value, chosen) == 0);
	return list;
}

static json_t *
field_of(const struct sheet *sheet, const struct chosen *c, const json_t *form,
	const struct paper_field *f)
{
	const struct request *request = sheet->request;
	const char *value = value_of(sheet, c, f);
	const char *wrong = json_string_value(json_object_get(
		form, ouv_arena_printf(request->arena, "%s_error", f->name)));
	json_t *one = json_object();

	view_line(one, "name", f->name);
	view_word(request, one, "label",
		ouv_arena_printf(request->arena, "paper_%s", f->name));
	view_flag(one, "has_help", f->help != NULL);
	view_line(one, "help", "");
	if (f->help != NULL)
		view_word(request, one, "help", f->help);
	view_flag(one, "is_select", f->input >= WORDS);
	view_flag(one, "is_date", f->input == DATE);
	view_flag(one, "is_addr", f->input == ADDR);
	view_flag(one, "is_text", f->input == TEXT);
	view_flag(one, "is_area", f->input == AREA);
	view_flag(one, "is_needed", f->needed);
	view_flag(one, "may_be_none", *value == '\0');
	view_number(one, "most", f->most);
	view_number(one, "rows", f->most > 500 ? 12 : 3);
	view_text(one, "value", value);
	view_flag(one, "has_wrong", wrong != NULL && *wrong != '\0');
	view_line(one, "wrong", wrong);
	json_object_set_new(one, "options", options(request, c, f, value));
	return one;
}

/* ---- the page --------------------------------------------------------------
 */

static json_t *
paper_form(struct sheet *sheet, const struct chosen *c)
{
	struct sheet_field names[FIELDS + 1] = { { NULL, NULL } };
	json_t *form, *list = json_array();

	for (size_t i = 0; i < FIELDS; i++)
		names[i] = (struct sheet_field){ fields[i].name,
			ouv_arena_printf(sheet->request->arena, "paper_%s",
				fields[i].name) };
	form = sheet_form(sheet, "put", "paper", true, names);
	for (size_t i = 0; i < FIELDS; i++)
		json_array_append_new(
			list, field_of(sheet, c, form, &fields[i]));
	json_object_set_new(form, "fields", list);
	return form;
}

static void
show(struct request *request, const struct trouble *trouble)
{
	struct chosen c = { .right_count = 0 };
	struct sheet sheet;
	json_t *data;
	enum ouv_err err = OUV_REFUSED;

	if (ouv_paper_may(request->actor))
		err = desk_here(request->server, &c.desk);
	if (err == OUV_OK)
		err = ouv_desk_paper_rights(c.desk, request->arena,
			request->lang, &c.rights, &c.right_count);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	sheet = sheet_begin(request, HERE, trouble);
	sheet.verb = trouble != NULL ? "put" : "";
	data = view_base(request, "paper_title");
	view_line(data, "here", HERE);
	json_object_set_new(data, "paper", paper_form(&sheet, &c));
	sheet_end(&sheet, data);
	if (sheet.form == NULL)
		view_carry(data, "paper", HERE "/put");
	view_flag(data, "has_error_title",
		trouble != NULL && trouble->status >= 400);
	reply_page(request, trouble != NULL ? trouble->status : 200, "paper",
		data);
}

void
page_paper(struct request *request)
{
	show(request, NULL);
}

void
page_paper_put(struct request *request)
{
	static const char *const dates[] = { "arrived", NULL };
	struct ouv_field sent[FORM_FIELDS];
	struct ouv_verb_result result = { 0 };
	const char *key = own_key(request);
	struct trouble trouble = { .result = &result };
	struct ouv_desk *desk;
	enum ouv_err err;

	if (key == NULL)
		return;
	own_dates(request, dates);
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_paper(desk, request->arena, request->actor, key,
			sent, own_fields(&request->form, sent), &result);
	trouble.status = reply_status(err);
	if (err == OUV_OK)
		reply_redirect(request,
			result.location != NULL ? result.location : "/");
	else if (err == OUV_INVALID && result.error_count > 0)
		show(request, &trouble);
	else
		page_error_desk(request, err);
}

void
page_paper_again(struct request *request)
{
	static const struct ouv_verb_result nothing;
	const struct trouble typed = { .status = 200, .result = &nothing };

	show(request, &typed);
}
