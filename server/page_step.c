/*
 * page_step.c - the page that asks for a code before something grave is done
 *
 * What was posted stands in it as hidden fields, so that the same form does it
 * once the code is there; a code comes as the field code_now, with any form.
 */
#include <string.h>

#include "ouv/account.h"
#include "ouv/vault.h"

#include "again.h"
#include "page.h"
#include "reply.h"
#include "route.h"
#include "session.h"
#include "view.h"

#define CODE "code_now"

/* Never in a page again, not even hidden. */
static bool
is_secret(const char *name)
{
	return strncmp(name, "password", 8) == 0 ||
	       strncmp(name, "recovery", 8) == 0;
}

static void
add_hidden(const struct request *request, json_t *data)
{
	const struct form *form = &request->form;
	json_t *list = json_array();

	for (size_t i = 0; i < form->count; i++) {
		const char *name = form->fields[i].name;
		json_t *one;

		if (strcmp(name, "csrf") == 0 || strcmp(name, CODE) == 0 ||
			is_secret(name))
			continue;
		one = json_object();
		view_line(one, "name", name);
		view_text(one, "value", form->fields[i].value);
		json_array_append_new(list, one);
	}
	json_object_set_new(data, "hidden", list);
}

/* "Give the key to a colleague", and of which case. */
static void
add_what(const struct request *request, json_t *data)
{
	const bool on_case = strcmp(request->route->name, "act") == 0;
	const char *what = words_code(&request->server->words, request->lang,
		on_case ? "action_" : "stepup_",
		on_case ? request->args[1] : request->route->name);

	view_flag(data, "has_what", what != NULL);
	view_line(data, "what", what);
	view_flag(data, "has_case", on_case);
	view_line(data, "case", on_case ? request->args[0] : "");
	view_line(data, "back_path",
		on_case ? ouv_arena_printf(
				  request->arena, "/cases/%s", request->args[0])
			: "/");
}

static void
show(struct request *request, int status, const char *wrong, int wait_secs)
{
	json_t *data = view_base(request, "stepup_title");

	add_what(request, data);
	add_hidden(request, data);
	view_line(data, "action_path", request->path);
	view_line(data, "csrf", session_token(request, request->path));
	view_flag(data, "has_error", wrong != NULL);
	view_line(data, "error", "");
	if (wrong != NULL)
		view_word(request, data, "error", wrong);
	view_wait(request, data, wait_secs);
	view_flag(data, "has_error_title", wrong != NULL);
	if (again_knows(request))
		view_carry(data, "step", request->path);
	reply_page(request, status, "stepup", data);
}

void
page_step_up(struct request *request)
{
	show(request, 403, NULL, 0);
}

/* Nobody after this one sees it. */
static const char *
take_code(struct form *form)
{
	const char *code = form_get(form, CODE);
	size_t n = 0;

	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->fields[i].name, CODE) != 0)
			form->fields[n++] = form->fields[i];
	form->count = n;
	return code;
}

bool
step_up_taken(struct request *request)
{
	const char *code = take_code(&request->form);
	uint8_t token[32] = { 0 };
	struct ouv_desk *desk;
	int wait_secs = 0;
	enum ouv_err err;

	if (code == NULL || request->actor->stepped)
		return true;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_step_up(
			desk, request->actor, code, token, &wait_secs);
	if (err == OUV_OK) {
		session_begin(request, token);
		ouv_wipe(token, sizeof(token));
		return true;
	}
	if (err == OUV_CONFLICT) {
		reply_header(request, "Retry-After",
			ouv_arena_printf(request->arena, "%d", wait_secs));
		show(request, 429, "login_throttled", wait_secs);
	} else if (err == OUV_REFUSED) {
		show(request, 403, "stepup_refused", 0);
	} else {
		page_error_desk(request, err);
	}
	return false;
}
