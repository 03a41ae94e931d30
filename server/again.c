/*
 * again.c - carries a form over a login
 */
#include <string.h>

#include "ouv/buf.h"
#include "ouv/draft.h"
#include "ouv/vault.h"

#include "again.h"
#include "page.h"
#include "reply.h"
#include "route.h"
#include "session.h"

#define TEXT_MOST ((size_t)96 << 10)
#define CHOICE "page_choice"

/* Forms in which somebody types: how each is shown as it was sent.  None of
 * these functions changes anything.  Of some nothing is ever done but looking:
 * whoever is still here is shown what they saw. */
/* clang-format off */
static const struct {
	const char *pattern;
	void (*show)(struct request *request);
	void (*look)(struct request *request);
} forms[] = {
	{ "/cases/views",               page_view_again, NULL },
	{ "/cases/bulk",                page_bulk_again, NULL },
	{ "/search",                    page_search_post, page_search_post },
	{ "/cases/*/check",             page_check_again, page_check },
	{ "/cases/*/*",                 page_case_again, NULL },
	{ "/cases/*/do/*/preview",      page_case_again, page_move_letters },
	{ "/templates/*/*/edit",        page_texts_edit_again, NULL },
	{ "/templates/*/*/back",        page_texts_back_again, NULL },
	{ "/templates/*/*/decide",      page_texts_decide_again, NULL },
	{ "/calendar/absences/new",     page_absence_again, NULL },
	{ "/companies/new/put",         page_company_again, NULL },
	{ "/companies/*/edit/put",      page_company_again, NULL },
	{ "/companies/*/new/put",       page_unit_again, NULL },
	{ "/companies/*/*/edit/put",    page_unit_again, NULL },
	{ "/companies/*/*/contacts/*/put", page_contact_again, NULL },
	{ "/companies/*/*/tokens/put",  page_token_again, NULL },
	{ "/requests/new/put",          page_paper_again, NULL },
	{ "/letters/print",             page_letters_again, NULL },
	{ "/letters/post",              page_letters_again, NULL },
	{ "/letters/end",               page_letters_again, NULL },
	{ "/letters/new/put",           page_letter_again, NULL },
	{ "/calls/new/put",             page_call_again, NULL },
	{ "/conflicts/new",             page_conflict_again, NULL },
	{ "/conflicts/training",        page_training_again, NULL },
	{ "/profile",                   page_profile_again, NULL },
};
/* clang-format on */
#define FORMS (sizeof(forms) / sizeof(forms[0]))

/* What no page may hold a second time, and what belonged to the visit. */
static bool
stays_out(const char *name)
{
	static const char *const begins[] = { "csrf", "code", "password",
		"recovery", CHOICE };

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (strncmp(name, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* ---- before the login
 * ----------------------------------------------------------
 */

/* The address, a line's end, and the fields as a browser sends them. */
static const char *
text_of(const struct request *request)
{
	const struct form *form = &request->form;
	struct ouv_buf buf;
	bool first = true;

	ouv_buf_init(&buf, request->arena, 4096);
	ouv_buf_printf(&buf, "%s\n", request->path);
	for (size_t i = 0; i < form->count; i++) {
		if (stays_out(form->fields[i].name))
			continue;
		ouv_buf_printf(&buf, "%s%s=", first ? "" : "&",
			form_escape(request->arena, form->fields[i].name));
		ouv_buf_printf(&buf, "%s",
			form_escape(request->arena, form->fields[i].value));
		first = false;
	}
	return buf.len <= TEXT_MOST ? buf.data : NULL;
}

bool
again_knows(const struct request *request)
{
	for (size_t i = 0; request->route != NULL && i < FORMS; i++)
		if (strcmp(forms[i].pattern, request->route->pattern) == 0)
			return true;
	return false;
}

const char *
again_seal(struct request *request)
{
	const char *text = text_of(request);
	struct ouv_str sealed;
	struct ouv_desk *desk;
	struct ouv_id person;

	if (text == NULL || !again_knows(request) ||
		!session_who(request, &person) ||
		desk_here(request->server, &desk) != OUV_OK ||
		ouv_desk_draft_seal(
			desk, request->arena, &person, text, &sealed) != OUV_OK)
		return NULL;
	return ouv_b64_text(request->arena, sealed);
}

/* ---- after it
 * ------------------------------------------------------------------
 */

/* Sets path, route and form as if it had come just now. */
static bool
take(struct request *request, const char *text)
{
	const char *end = strchr(text, '\n');

	if (end == NULL)
		return false;
	request->path =
		ouv_arena_strndup(request->arena, text, (size_t)(end - text));
	route_find(request);
	return request->route != NULL &&
	       form_parse(request->arena, end + 1, strlen(end + 1),
		       &request->form) == OUV_OK;
}

enum ouv_err
again_log_in(
	struct request *request, struct ouv_desk *desk, const uint8_t token[32])
{
	enum ouv_err err =
		ouv_desk_session(desk, request->arena, token, &request->actor);

	if (err != OUV_OK)
		return err;
	request->lang = request->actor->lang;
	request->theme = request->actor->theme;
	session_keep_who(request, &request->actor->person);
	return OUV_OK;
}

static void
show(struct request *request)
{
	for (size_t i = 0; i < FORMS; i++)
		if (strcmp(forms[i].pattern, request->route->pattern) == 0) {
			request->again = true;
			forms[i].show(request);
			return;
		}
	reply_redirect(request, "/");
}

void
again_show(struct request *request, struct ouv_desk *desk, const char *sealed)
{
	struct ouv_str bytes;
	const char *text;

	if (request->actor->must != 0)
		page_entering(request);
	else if (ouv_b64_parse(request->arena, sealed, &bytes) != OUV_OK ||
		 ouv_desk_draft_open(desk, request->arena, request->actor,
			 bytes, &text) != OUV_OK ||
		 !take(request, text))
		reply_redirect(request, "/?done=draft-gone");
	else
		show(request);
}

/* ---- while one is here
 * ------------------------------------------------------
 */

static void
drop_secrets(struct form *form)
{
	size_t n = 0;

	for (size_t i = 0; i < form->count; i++)
		if (!stays_out(form->fields[i].name))
			form->fields[n++] = form->fields[i];
	form->count = n;
}

const char *
again_choice(const struct request *request)
{
	return form_get(&request->form, CHOICE);
}

void
again_as_sent(struct request *request)
{
	request->chosen = true;
	drop_secrets(&request->form);
	for (size_t i = 0; i < FORMS; i++)
		if (strcmp(forms[i].pattern, request->route->pattern) == 0 &&
			forms[i].look != NULL) {
			forms[i].look(request);
			return;
		}
	show(request);
}

void
again_set(struct request *request, const char *name, const char *value)
{
	struct form *form = &request->form;

	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->fields[i].name, name) == 0) {
			form->fields[i].value = value;
			return;
		}
	if (form->count < FORM_FIELDS)
		form->fields[form->count++] = (struct ouv_field){ name, value };
}
