/*
 * page_choice.c - how a reader wants the pages: theme, and single keys
 *
 * A colleague's choice goes with them; whoever is not logged in has it in a
 * cookie of this browser.
 */
#include <string.h>

#include "page.h"
#include "reply.h"
#include "session.h"
#include "view.h"

void
page_theme(struct request *request)
{
	enum ouv_theme theme = ouv_theme_parse(
		form_get(&request->form, "theme"), OUV_THEME__COUNT);
	struct ouv_desk *desk;
	enum ouv_err err = OUV_OK;

	if (theme == OUV_THEME__COUNT) {
		page_error(request, 400);
		return;
	}
	if (request->actor != NULL) {
		err = desk_here(request->server, &desk);
		if (err == OUV_OK)
			err = ouv_desk_theme(desk, request->actor, theme);
	}
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	session_keep_theme(request, theme);
	reply_redirect(request, page_onward(form_get(&request->form, "to")));
}

/* ---- what one may press ---------------------------------------------------
 */

/* The same list as in static/console.js; the test compares them. */
/* clang-format off */
static const struct {
	const char *keys, *word; /* with blanks between: one after the other */
} map[] = {
	{ "?", "keys_map" },
	{ "j", "keys_next" },
	{ "k", "keys_previous" },
	{ "o", "keys_open" },
	{ "u", "keys_back" },
	{ "/", "keys_search" },
	{ "r", "keys_reply" },
	{ "n", "keys_moves" },
	{ "g w", "menu_worklist" },
	{ "g h", "menu_held" },
	{ "g c", "menu_calendar" },
	{ "g e", "menu_companies" },
	{ "g t", "menu_texts" },
	{ "g f", "menu_reports" },
	{ "g o", "menu_office" },
};
/* clang-format on */

/* "g w" is two keys. */
static json_t *
pressed(const char *keys)
{
	json_t *list = json_array();

	for (; *keys != '\0'; keys++) {
		json_t *one = json_object();
		char text[2] = { *keys, '\0' };

		if (*keys != ' ') {
			view_line(one, "key", text);
			json_array_append_new(list, one);
		} else {
			json_decref(one);
		}
	}
	return list;
}

void
page_keys(struct request *request)
{
	const char *done = form_get(&request->query_form, "done");
	json_t *data = view_base(request, "keys_title");
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++) {
		json_t *one = json_object();

		json_object_set_new(one, "keys", pressed(map[i].keys));
		view_word(request, one, "name", map[i].word);
		view_flag(one, "is_going", strncmp(map[i].keys, "g ", 2) == 0);
		json_array_append_new(list, one);
	}
	json_object_set_new(data, "map", list);
	view_line(data, "csrf", session_token(request, "/keys"));
	if (done != NULL)
		(void)view_done(request, data, done);
	reply_page(request, 200, "keys", data);
}

void
page_keys_post(struct request *request)
{
	const char *on = form_get(&request->form, "on");
	struct ouv_desk *desk;
	enum ouv_err err;

	if (on == NULL || (strcmp(on, "yes") != 0 && strcmp(on, "no") != 0)) {
		page_error(request, 400);
		return;
	}
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_keys_on(
			desk, request->actor, strcmp(on, "yes") == 0);
	if (err == OUV_OK)
		reply_redirect(request, "/keys?done=keys");
	else
		page_error_desk(request, err);
}
