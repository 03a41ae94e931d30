/*
 * page_letter.c - the form by which is registered what came by letter,
 * telephone, fax, chat or in person: a new case, or something for one
 */
#include <string.h>

#include "ouv/buf.h"
#include "ouv/letter_in.h"

#include "again.h"
#include "calendar.h"
#include "incoming.h"
#include "inputs.h"
#include "page.h"
#include "reply.h"
#include "words.h"

#define HERE "/letters/new"

enum group {
	CAME, /* how and when */
	CASE, /* of which case */
	WHO,
	ABOUT,
	CALL, /* how the call was answered */
	GROUPS
};

/* clang-format off */
static const char *const sides[] = { "consumer", "company", "third", NULL };
static const char *const persons[] = { "natural", "legal", NULL };

static const struct input_field fields[] = {
	{ "channel",        NULL,                      INPUT_WORDS,  true,  0,     CAME,  "channel_", ouv_letter_channels },
	{ "arrived",        "letter_arrived_help",     INPUT_DATE,   true,  0,     CAME,  NULL, NULL },
	{ "arrived_time",   "letter_arrived_time_help", INPUT_TIME,  false, 5,     CAME,  NULL, NULL },
	{ "protocol",       "letter_protocol_help",    INPUT_TEXT,   false, 40,    CASE,  NULL, NULL },
	{ "as",             "letter_as_help",          INPUT_WORDS,  false, 0,     CASE,  "letter_as_", sides },
	{ "name",           "letter_name_help",        INPUT_TEXT,   false, 200,   WHO,   NULL, NULL },
	{ "person",         NULL,                      INPUT_WORDS,  false, 0,     WHO,   "letter_person_", persons },
	{ "addr",           "letter_addr_help",        INPUT_ADDR,   false, 254,   WHO,   NULL, NULL },
	{ "postal",         NULL,                      INPUT_AREA,   false, 500,   WHO,   NULL, NULL },
	{ "phone",          NULL,                      INPUT_PHONE,  false, 60,    WHO,   NULL, NULL },
	{ "lang",           NULL,                      INPUT_LANG,   true,  0,     WHO,   NULL, NULL },
	{ "representative", "letter_representative_help", INPUT_TEXT, false, 200,  WHO,   NULL, NULL },
	{ "mandate",        "letter_mandate_help",     INPUT_TEXT,   false, 300,   WHO,   NULL, NULL },
	{ "subject",        NULL,                      INPUT_TEXT,   true,  200,   ABOUT, NULL, NULL },
	{ "text",           "letter_text_help",        INPUT_AREA,   false, 20000, ABOUT, NULL, NULL },
	{ "rings",          NULL,                      INPUT_NUMBER, false, 10,    CALL,  NULL, NULL },
	{ "wait",           NULL,                      INPUT_NUMBER, false, 10,    CALL,  NULL, NULL },
};
static const struct sheet_field more_names[] = {
	{ OUV_UPLOAD_FILES_FIELD, "uploads_scans" }, { NULL, NULL } };
static const char *const group_names[GROUPS] = {
	[CAME] = "came", [CASE] = "of_case", [WHO] = "who", [ABOUT] = "about",
	[CALL] = "call" };
/* What the office alone reads, in the note beside the message. */
static const char *const noted[] = { "person", "representative", "mandate",
	"phone", "rings", "wait", NULL };
/* clang-format on */

bool
page_letter_may(const struct request *request)
{
	return request->actor != NULL && ouv_letter_may(request->actor);
}

/* ---- the page --------------------------------------------------------------
 */

/* From the page of a case one comes with its number. */
static const char *
value_of(const struct sheet *sheet, void *user, const struct input_field *f)
{
	static const char *const asked[] = { "protocol", "as", "channel" };

	(void)user;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		if (strcmp(f->name, asked[i]) == 0)
			return form_get(&sheet->request->query_form, f->name);
	return NULL;
}

static json_t *
letter_form(struct request *request, struct sheet *sheet)
{
	const struct inputs inputs = { .id = "letter",
		.prefix = "letter_",
		.fields = fields,
		.count = sizeof(fields) / sizeof(fields[0]),
		.value = value_of };
	json_t *form = sheet_form(sheet, "put", "letter", true,
		inputs_names(sheet, &inputs, more_names));

	for (int g = 0; g < GROUPS; g++)
		json_object_set_new(form, group_names[g],
			inputs_view(sheet, &inputs, form, g));
	view_uploads(request, form, "letter", false);
	return form;
}

/* In the summary on top, too. */
static void
tell_refused(struct sheet *sheet)
{
	if (!incoming_trouble(sheet->request))
		return;
	sheet_tell(sheet, "uploads_scans", "#letter-files-input",
		words_get(&sheet->request->server->words, sheet->request->lang,
			"uploads_some_refused"));
}

static void
show(struct request *request, const struct trouble *trouble)
{
	struct sheet sheet;
	json_t *data, *form;

	if (!page_letter_may(request)) {
		page_error(request, 403);
		return;
	}
	sheet = sheet_begin(request, HERE, trouble);
	sheet.verb = trouble != NULL ? "put" : "";
	data = view_base(request, "letter_title");
	view_line(data, "here", HERE);
	form = letter_form(request, &sheet);
	tell_refused(&sheet);
	json_object_set_new(data, "letter", form);
	sheet_end(&sheet, data);
	if (sheet.form == NULL)
		view_carry(data, "letter", HERE "/put");
	view_line(
		data, "script_path", request->server->assets[ASSET_FILES].path);
	view_flag(data, "has_error_title",
		trouble != NULL && trouble->status >= 400);
	reply_page(request, trouble != NULL ? trouble->status : 200, "letter",
		data);
}

void
page_letter(struct request *request)
{
	show(request, NULL);
}

void
page_letter_again(struct request *request)
{
	static const struct ouv_verb_result nothing;
	const struct trouble typed = { .status = 200, .result = &nothing };

	show(request, &typed);
}

/* ---- what was sent ---------------------------------------------------------
 */

/* The word for what was chosen, in the office's language; what was typed as it
 * is. */
static const char *
said(const struct request *request, const char *name, const char *value)
{
	const struct words *words = &request->server->words;
	const enum ouv_lang lang = ouv_lang_parse(
		request->server->config->office_language, OUV_LANG_PT_BR);
	const char *word =
		strcmp(name, "person") == 0
			? words_code(words, lang, "letter_person_", value)
			: NULL;

	return word != NULL ? word : value;
}

/* Label and value, a line each; "" : nothing of it was told. */
static const char *
note_of(struct request *request)
{
	const struct words *words = &request->server->words;
	const enum ouv_lang lang = ouv_lang_parse(
		request->server->config->office_language, OUV_LANG_PT_BR);
	struct ouv_buf note;

	ouv_buf_init(&note, request->arena, 256);
	for (const char *const *name = noted; *name != NULL; name++) {
		const char *value = form_get(&request->form, *name);

		if (value == NULL || *value == '\0')
			continue;
		ouv_buf_printf(&note, "%s%s: %s", note.len > 0 ? "\n" : "",
			words_get(words, lang,
				ouv_arena_printf(
					request->arena, "letter_%s", *name)),
			said(request, *name, value));
	}
	return note.data;
}

static const char *
typed_protocol(const struct request *request)
{
	const char *text = form_get(&request->form, "protocol");

	return text == NULL ? "" : text + strspn(text, " \t");
}

static void
wrong(struct ouv_verb_result *result, const char *field, const char *code)
{
	result->errors[0] = (struct ouv_field_error){ field, code, NULL };
	result->error_count = 1;
}

/* Into the case of that number; one that is mistyped is told by its check
 * digit, before anything else is looked at. */
static enum ouv_err
append(struct request *request, struct ouv_desk *desk, const char *key,
	const struct ouv_field *sent, size_t count,
	struct ouv_verb_result *result)
{
	char protocol[OUV_PROTOCOL_MAX];
	enum ouv_err err;

	if (ouv_protocol_parse(typed_protocol(request), protocol) != OUV_OK) {
		wrong(result, "protocol", "mistyped-number");
		return OUV_INVALID;
	}
	err = ouv_desk_do(desk, request->arena, request->actor, protocol,
		"append", key, sent, count, result);
	if (err == OUV_NOT_FOUND)
		wrong(result, "protocol", "no-such-case");
	else if (err == OUV_REFUSED)
		wrong(result, "protocol", "not-yours");
	return err == OUV_NOT_FOUND || err == OUV_REFUSED ? OUV_INVALID : err;
}

static enum ouv_err
put(struct request *request, const char *key, struct ouv_verb_result *result)
{
	static const char *const dates[] = { "arrived", NULL };
	struct ouv_field sent[FORM_FIELDS];
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);
	size_t count;

	own_dates(request, dates);
	again_set(request, "note", note_of(request));
	count = own_fields(&request->form, sent);
	if (err != OUV_OK)
		return err;
	if (*typed_protocol(request) != '\0')
		return append(request, desk, key, sent, count, result);
	return ouv_desk_letter(
		desk, request->arena, request->actor, key, sent, count, result);
}

void
page_letter_put(struct request *request)
{
	struct ouv_verb_result result = { 0 };
	struct trouble trouble = { .result = &result };
	const char *key = own_key(request);
	enum ouv_err err;

	if (key == NULL)
		return;
	if (incoming_trouble(request)) {
		trouble.status = incoming_status(request);
		show(request, &trouble);
		return;
	}
	if (form_get(&request->form, "more") != NULL) {
		page_letter_again(request);
		return;
	}
	err = put(request, key, &result);
	trouble.status = reply_status(err);
	if (err == OUV_OK) {
		incoming_done(request);
		reply_redirect(request,
			result.location != NULL ? result.location : "/");
	} else if (err == OUV_INVALID && result.error_count > 0) {
		show(request, &trouble);
	} else {
		page_error_desk(request, err);
	}
}
