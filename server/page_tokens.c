/*
 * page_tokens.c - the tokens of a unit's programs: which there are, a new one,
 * the end of one
 */
#include <string.h>

#include "ouv/api.h"
#include "ouv/register.h"

#include "calendar.h"
#include "move.h"
#include "page.h"
#include "reply.h"
#include "session.h"
#include "sheet.h"
#include "view.h"

static const struct sheet_field token_fields[] = { { "label", "token_label" },
	{ "days", "token_days" }, { "read", "token_scopes" },
	{ "answer", "token_scopes" }, { NULL, NULL } };
static const struct sheet_field no_fields[] = { { NULL, NULL } };
static const char *const days_of[] = { "30", "90", "180", "365", NULL };

/* Which unit, and what of it. */
struct place {
	struct ouv_desk *desk;
	struct ouv_id company, unit;
	const char *path, *back;
	struct ouv_company_file file;
	const struct ouv_company_unit *of;
	struct ouv_token_list tokens;
};

static enum ouv_err
find(struct request *request, struct place *p)
{
	enum ouv_err err;

	if (!ouv_token_may_edit(request->actor))
		return OUV_REFUSED;
	if (ouv_id_parse(request->args[0], &p->company) != OUV_OK ||
		ouv_id_parse(request->args[1], &p->unit) != OUV_OK)
		return OUV_NOT_FOUND;
	p->back = ouv_arena_printf(
		request->arena, "/companies/%s", request->args[0]);
	p->path = ouv_arena_printf(
		request->arena, "%s/%s/tokens", p->back, request->args[1]);
	err = desk_here(request->server, &p->desk);
	if (err == OUV_OK)
		err = ouv_desk_company_entry(p->desk, request->arena,
			&p->company, request->lang, &p->file);
	for (size_t i = 0; err == OUV_OK && i < p->file.unit_count; i++)
		if (ouv_id_equal(&p->file.units[i].id, &p->unit))
			p->of = &p->file.units[i];
	if (err == OUV_OK && p->of == NULL)
		err = OUV_NOT_FOUND;
	if (err == OUV_OK)
		err = ouv_desk_tokens(
			p->desk, request->arena, &p->unit, &p->tokens);
	return err;
}

/* ---- the page --------------------------------------------------------------
 */

static json_t *
token_row(struct sheet *sheet, const struct ouv_token_line *t, int number)
{
	const struct request *request = sheet->request;
	json_t *one = json_object();
	char hex[OUV_ID_HEX];

	ouv_id_hex(&t->id, hex);
	view_line(one, "label", t->label);
	view_line(one, "by", t->by);
	view_flag(one, "has_by", *t->by != '\0');
	view_flag(one, "may_read",
		(t->scopes & OUV_SCOPE_BIT(OUV_SCOPE_READ)) != 0);
	view_flag(one, "may_answer",
		(t->scopes & OUV_SCOPE_BIT(OUV_SCOPE_ANSWER)) != 0);
	view_flag(one, "works", t->works);
	view_time(request, one, "made", t->made_at);
	view_time(request, one, "expires", t->expires_at);
	view_time(request, one, "revoked", t->revoked_at);
	view_time(request, one, "used", t->last_used_at);
	json_object_set_new(one, "end",
		t->works ? sheet_form(sheet,
				   ouv_arena_printf(
					   request->arena, "%s/end", hex),
				   ouv_arena_printf(
					   request->arena, "end-%d", number),
				   true, no_fields)
			 : json_false());
	return one;
}

static bool
is_ticked(const struct sheet *sheet, const char *name, bool usual)
{
	const char *typed = sheet_typed(sheet, name);

	return sheet_is_mine(sheet, "put", true)
		       ? typed != NULL && strcmp(typed, "yes") == 0
		       : usual;
}

static json_t *
new_form(struct sheet *sheet)
{
	const struct request *request = sheet->request;
	const bool mine = sheet_is_mine(sheet, "put", true);
	json_t *form = sheet_form(sheet, "put", "new", true, token_fields);
	json_t *list = json_array();
	const char *typed = mine ? sheet_typed(sheet, "days") : NULL;

	for (int i = 0; days_of[i] != NULL; i++)
		view_option(list, days_of[i],
			view_word_of(request, "token_days_", days_of[i]),
			strcmp(typed != NULL ? typed : "365", days_of[i]) == 0);
	json_object_set_new(form, "days_list", list);
	view_flag(form, "is_read", is_ticked(sheet, "read", true));
	view_flag(form, "is_answer", is_ticked(sheet, "answer", false));
	return form;
}

static void
show(struct request *request, const struct trouble *trouble)
{
	const char *done = form_get(&request->query_form, "done");
	struct place p = { .of = NULL };
	enum ouv_err err = find(request, &p);
	struct sheet sheet;
	json_t *data, *rows;

	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	sheet = sheet_begin(request, p.path, trouble);
	sheet.verb = trouble != NULL ? "put" : "";
	data = view_base(request, "tokens_title");
	view_line(data, "here", p.path);
	view_line(data, "back_path", p.back);
	view_line(data, "company", p.file.name);
	view_line(data, "unit", p.of->name);
	view_flag(data, "unit_works", p.of->works);
	rows = json_array();
	for (size_t i = 0; i < p.tokens.count; i++)
		json_array_append_new(
			rows, token_row(&sheet, &p.tokens.list[i], (int)i + 1));
	view_flag(data, "has_tokens", p.tokens.count > 0);
	json_object_set_new(data, "tokens", rows);
	json_object_set_new(
		data, "new", p.of->works ? new_form(&sheet) : json_false());
	view_line(data, "document",
		ouv_arena_printf(request->arena, "%s/api/v1/openapi.json",
			request->server->site.origin));
	sheet_end(&sheet, data);
	view_flag(data, "has_error_title",
		trouble != NULL && trouble->status >= 400);
	if (done != NULL)
		(void)view_done(request, data, done);
	reply_page(request, trouble != NULL ? trouble->status : 200, "tokens",
		data);
}

void
page_tokens(struct request *request)
{
	show(request, NULL);
}

void
page_token_again(struct request *request)
{
	static const struct ouv_verb_result nothing;

	show(request, &(struct trouble){ .status = 200, .result = &nothing });
}

/* ---- what is posted --------------------------------------------------------
 */

static const char *
done_path(const struct request *request, const char *done)
{
	return ouv_arena_printf(request->arena,
		"/companies/%s/%s/tokens?done=%s", request->args[0],
		request->args[1], done);
}

/* The answer to the form itself shows it: no address does a second time. */
static void
show_made(struct request *request, const char *bearer)
{
	json_t *data = view_base(request, "token_made");
	const char *back = ouv_arena_printf(request->arena,
		"/companies/%s/%s/tokens", request->args[0], request->args[1]);

	view_line(data, "here", back);
	view_line(data, "back_path", back);
	view_line(data, "label", form_get(&request->form, "label"));
	view_line(data, "bearer", bearer);
	view_line(data, "origin", request->server->site.origin);
	reply_page(request, 200, "tokenmade", data);
}

static void
answer(struct request *request, enum ouv_err err,
	const struct ouv_verb_result *result, const char *done)
{
	struct trouble trouble = { .status = reply_status(err),
		.result = result };

	if (err == OUV_OK) {
		reply_redirect(request, done_path(request, done));
	} else if (err == OUV_REFUSED && result->step_up) {
		page_step_up(request);
	} else if (err == OUV_INVALID || err == OUV_CONFLICT) {
		trouble.word = err == OUV_CONFLICT        ? "token_unit_over"
			       : result->error_count == 0 ? "field_wrong"
							  : NULL;
		show(request, &trouble);
	} else {
		page_error_desk(request, err);
	}
}

void
page_token_new(struct request *request)
{
	struct ouv_field fields[FORM_FIELDS];
	struct ouv_verb_result result = { 0 };
	char bearer[OUV_BEARER_MAX] = "";
	const char *key = own_key(request);
	struct place p = { .of = NULL };
	enum ouv_err err;

	if (key == NULL)
		return;
	err = find(request, &p);
	if (err == OUV_OK)
		err = ouv_desk_token_add(p.desk, request->arena, request->actor,
			key, &p.company, &p.unit, fields,
			own_fields(&request->form, fields), bearer, &result);
	if (err == OUV_OK && !result.repeated)
		show_made(request, ouv_arena_strdup(request->arena, bearer));
	else
		answer(request, err, &result, "token-seen");
	ouv_wipe(bearer, sizeof(bearer));
}

void
page_token_end(struct request *request)
{
	struct ouv_verb_result result = { 0 };
	const char *key = own_key(request);
	struct place p = { .of = NULL };
	struct ouv_id token;
	enum ouv_err err;

	if (key == NULL)
		return;
	err = find(request, &p);
	if (err == OUV_OK && ouv_id_parse(request->args[2], &token) != OUV_OK)
		err = OUV_NOT_FOUND;
	if (err == OUV_OK)
		err = ouv_desk_token_end(p.desk, request->arena, request->actor,
			key, &p.unit, &token, &result);
	answer(request, err, &result, "token-end");
}
