/*
 * page_paper.c - the form by which a request about somebody's own data is
 * entered that came by letter, by telephone or in person
 */
#include <string.h>

#include "ouv/paper.h"

#include "calendar.h"
#include "inputs.h"
#include "page.h"
#include "reply.h"

#define HERE "/requests/new"

/* clang-format off */
static const struct input_field fields[] = {
	{ "channel",    NULL,                    INPUT_WORDS, true,  0,    0, "channel_", ouv_paper_channels },
	{ "arrived",    "paper_arrived_help",    INPUT_DATE,  true,  0,    0, NULL, NULL },
	{ "name",       NULL,                    INPUT_TEXT,  true,  200,  0, NULL, NULL },
	{ "addr",       "paper_addr_help",       INPUT_ADDR,  false, 254,  0, NULL, NULL },
	{ "postal",     NULL,                    INPUT_AREA,  false, 500,  0, NULL, NULL },
	{ "lang",       NULL,                    INPUT_LANG,  true,  0,    0, NULL, NULL },
	{ "identified", "paper_identified_help", INPUT_AREA,  true,  500,  0, NULL, NULL },
	{ "right",      NULL,                    INPUT_OWN,   true,  0,    0, NULL, NULL },
	{ "profile",    NULL,                    INPUT_WORDS, true,  0,    0, "profile_", ouv_paper_laws },
	{ "subject",    NULL,                    INPUT_TEXT,  true,  200,  0, NULL, NULL },
	{ "text",       NULL,                    INPUT_AREA,  true,  8000, 0, NULL, NULL },
};
/* clang-format on */

struct chosen {
	struct ouv_desk *desk;
	struct ouv_choice *rights;
	size_t right_count;
};

/* The law that is usual here. */
static const char *
value_of(const struct sheet *sheet, void *user, const struct input_field *f)
{
	const struct chosen *c = user;

	(void)sheet;
	return f->codes == ouv_paper_laws ? ouv_desk_paper_law(c->desk) : NULL;
}

static void
add_rights(const struct sheet *sheet, void *user, const struct input_field *f,
	const char *chosen, json_t *list)
{
	const struct chosen *c = user;

	(void)sheet;
	(void)f;
	for (size_t i = 0; i < c->right_count; i++)
		view_option(list, c->rights[i].value, c->rights[i].label,
			strcmp(c->rights[i].value, chosen) == 0);
}

/* ---- the page --------------------------------------------------------------
 */

static json_t *
paper_form(struct sheet *sheet, struct chosen *c)
{
	const struct inputs inputs = { .id = "paper",
		.prefix = "paper_",
		.fields = fields,
		.count = sizeof(fields) / sizeof(fields[0]),
		.value = value_of,
		.choices = add_rights,
		.user = c };
	json_t *form = sheet_form(sheet, "put", "paper", true,
		inputs_names(sheet, &inputs, NULL));

	json_object_set_new(
		form, "fields", inputs_view(sheet, &inputs, form, 0));
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
