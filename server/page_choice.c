/*
 * page_choice.c - how a reader wants the pages: language, theme, single keys
 *
 * A colleague's choice goes with them; whoever is not logged in has it in a
 * cookie of this browser.  On a page with a form its buttons send the form too,
 * to where it would be sent anyway: nothing of it is done, and it stands there
 * again, in the look that was chosen.
 */
#include <string.h>

#include "again.h"
#include "page.h"
#include "reply.h"
#include "route.h"
#include "session.h"
#include "view.h"

static enum ouv_err
choose_theme(struct request *request, const char *name)
{
	enum ouv_theme theme = ouv_theme_parse(name, OUV_THEME__COUNT);
	struct ouv_desk *desk;
	enum ouv_err err = OUV_OK;

	if (theme == OUV_THEME__COUNT)
		return OUV_INVALID;
	if (request->actor != NULL) {
		err = desk_here(request->server, &desk);
		if (err == OUV_OK)
			err = ouv_desk_theme(desk, request->actor, theme);
	}
	if (err != OUV_OK)
		return err;
	session_keep_theme(request, theme);
	request->theme = theme;
	return OUV_OK;
}

static enum ouv_err
choose_language(struct request *request, const char *tag)
{
	enum ouv_lang lang = ouv_lang_parse(tag, OUV_LANG__COUNT);
	struct ouv_desk *desk;
	enum ouv_err err = OUV_OK;

	if (lang == OUV_LANG__COUNT)
		return OUV_INVALID;
	if (request->actor != NULL) {
		err = desk_here(request->server, &desk);
		if (err == OUV_OK)
			err = ouv_desk_language(desk, request->actor, lang);
	}
	if (err != OUV_OK)
		return err;
	session_keep_language(request, lang);
	request->lang = lang;
	return OUV_OK;
}

/* False: it has been answered. */
static bool
is_chosen(struct request *request, enum ouv_err err)
{
	if (err == OUV_INVALID)
		page_error(request, 400);
	else if (err != OUV_OK)
		page_error_desk(request, err);
	return err == OUV_OK;
}

void
page_theme(struct request *request)
{
	const char *name = form_get(&request->form, "theme");

	if (is_chosen(request, choose_theme(request, name)))
		reply_redirect(
			request, page_onward(form_get(&request->form, "to")));
}

void
page_language(struct request *request)
{
	const char *tag = form_get(&request->form, "lang");
	const char *to = form_get(&request->form, "to");

	if (!is_chosen(request, choose_language(request, tag)))
		return;
	if (to != NULL && strcmp(to, "/login") == 0)
		reply_redirect(request, "/login");
	else
		reply_redirect(request, page_onward(to));
}

/* ---- with a form that is being filled --------------------------------------
 */

/* clang-format off */
static const struct {
	const char *begin;
	enum ouv_err (*choose)(struct request *request, const char *name);
} choices[] = {
	{ "theme-", choose_theme },
	{ "lang-", choose_language },
};
/* clang-format on */

bool
page_choice_taken(struct request *request)
{
	const char *choice = again_choice(request);
	const bool login = request->route->answer == page_login_post;
	enum ouv_err err = OUV_INVALID;

	if (choice == NULL || !(login || again_knows(request)))
		return false;
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		const size_t len = strlen(choices[i].begin);

		if (strncmp(choice, choices[i].begin, len) == 0)
			err = choices[i].choose(request, choice + len);
	}
	if (is_chosen(request, err))
		(login ? page_login_again : again_as_sent)(request);
	return true;
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
	{ "a", "keys_assign" },
	{ "g w", "menu_worklist" },
	{ "g h", "menu_held" },
	{ "g l", "menu_letters" },
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
