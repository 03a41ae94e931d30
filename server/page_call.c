/*
 * page_call.c - the form by which a message is taken for a colleague
 */
#include <string.h>

#include "ouv/letter_in.h"

#include "calendar.h"
#include "inputs.h"
#include "page.h"
#include "reply.h"
#include "words.h"

#define HERE "/calls/new"

/* clang-format off */
static const struct input_field fields[] = {
	{ "whom",     "call_whom_help",     INPUT_OWN,   true,  0,    0, NULL, NULL },
	{ "name",     NULL,                 INPUT_TEXT,  true,  200,  0, NULL, NULL },
	{ "phone",    "call_phone_help",    INPUT_PHONE, true,  60,   0, NULL, NULL },
	{ "text",     "call_text_help",     INPUT_AREA,  true,  4000, 0, NULL, NULL },
	{ "protocol", "call_protocol_help", INPUT_TEXT,  false, 40,   0, NULL, NULL },
};
/* clang-format on */

struct people {
	struct ouv_colleague *list;
	size_t count;
};

/* With who is away, until when, and who stands in. */
static void
add_people(const struct sheet *sheet, void *user, const struct input_field *f,
	const char *chosen, json_t *list)
{
	const struct request *request = sheet->request;
	const struct people *people = user;

	(void)f;
	for (size_t i = 0; i < people->count; i++) {
		const struct ouv_colleague *one = &people->list[i];
		const char *name = one->name;

		if (one->away)
			name = ouv_arena_printf(request->arena, "%s (%s%s%s)",
				one->name,
				words_get(&request->server->words,
					request->lang, "call_away"),
				one->substitute != NULL ? ": " : "",
				one->substitute != NULL ? one->substitute : "");
		view_option(list, one->login, name,
			strcmp(one->login, chosen) == 0);
	}
}

static const char *
value_of(const struct sheet *sheet, void *user, const struct input_field *f)
{
	(void)user;
	return form_get(&sheet->request->query_form, f->name);
}

static void
show(struct request *request, const struct trouble *trouble)
{
	struct people people = { .count = 0 };
	const struct inputs inputs = { .id = "call",
		.prefix = "call_",
		.fields = fields,
		.count = sizeof(fields) / sizeof(fields[0]),
		.value = value_of,
		.choices = add_people,
		.user = &people };
	struct ouv_desk *desk;
	struct sheet sheet;
	json_t *data, *form;
	enum ouv_err err;

	if (!ouv_call_may(request->actor)) {
		page_error(request, 403);
		return;
	}
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_colleagues(
			desk, request->arena, &people.list, &people.count);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	sheet = sheet_begin(request, HERE, trouble);
	sheet.verb = trouble != NULL ? "put" : "";
	data = view_base(request, "call_title");
	view_line(data, "here", HERE);
	form = sheet_form(&sheet, "put", "call", true,
		inputs_names(&sheet, &inputs, NULL));
	json_object_set_new(
		form, "fields", inputs_view(&sheet, &inputs, form, 0));
	json_object_set_new(data, "call", form);
	sheet_end(&sheet, data);
	if (sheet.form == NULL)
		view_carry(data, "call", HERE "/put");
	view_flag(data, "has_error_title",
		trouble != NULL && trouble->status >= 400);
	reply_page(
		request, trouble != NULL ? trouble->status : 200, "call", data);
}

void
page_call(struct request *request)
{
	show(request, NULL);
}

void
page_call_again(struct request *request)
{
	static const struct ouv_verb_result nothing;
	const struct trouble typed = { .status = 200, .result = &nothing };

	show(request, &typed);
}

/* ---- what was sent ---------------------------------------------------------
 */

static void
wrong(struct ouv_verb_result *result, const char *field, const char *code)
{
	result->errors[0] = (struct ouv_field_error){ field, code, NULL };
	result->error_count = 1;
}

/* A note and the task in the case of that number. */
static enum ouv_err
into_case(struct request *request, struct ouv_desk *desk, const char *number,
	const char *key, const struct ouv_field *sent, size_t count,
	struct ouv_verb_result *result)
{
	char protocol[OUV_PROTOCOL_MAX];
	enum ouv_err err;

	if (ouv_protocol_parse(number, protocol) != OUV_OK) {
		wrong(result, "protocol", "mistyped-number");
		return OUV_INVALID;
	}
	err = ouv_desk_do(desk, request->arena, request->actor, protocol,
		"message", key, sent, count, result);
	if (err == OUV_NOT_FOUND)
		wrong(result, "protocol", "no-such-case");
	else if (err == OUV_REFUSED)
		wrong(result, "protocol", "not-yours");
	return err == OUV_NOT_FOUND || err == OUV_REFUSED ? OUV_INVALID : err;
}

static enum ouv_err
put(struct request *request, const char *key, struct ouv_verb_result *result)
{
	const char *number = form_get(&request->form, "protocol");
	struct ouv_field sent[FORM_FIELDS];
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);
	const size_t count = own_fields(&request->form, sent);

	if (err != OUV_OK)
		return err;
	number = number != NULL ? number + strspn(number, " \t") : "";
	if (*number != '\0')
		return into_case(
			request, desk, number, key, sent, count, result);
	return ouv_desk_call(
		desk, request->arena, request->actor, key, sent, count, result);
}

void
page_call_put(struct request *request)
{
	struct ouv_verb_result result = { 0 };
	struct trouble trouble = { .result = &result };
	const char *key = own_key(request);
	enum ouv_err err;

	if (key == NULL)
		return;
	err = put(request, key, &result);
	trouble.status = reply_status(err);
	if (err == OUV_OK)
		reply_redirect(request,
			result.location != NULL ? result.location : "/");
	else if (err == OUV_INVALID && result.error_count > 0)
		show(request, &trouble);
	else
		page_error_desk(request, err);
}
