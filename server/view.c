/*
 * view.c - from values to what a template may show
 *
 * Texts come from strangers' mail: whatever HTML does not allow, and whatever
 * turns the direction of a line around to make a name look like another, is
 * taken out here and nowhere else.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ouv/buf.h"
#include "ouv/log.h"

#include "session.h"
#include "utf8.h"
#include "view.h"

#define REPLACEMENT "\xef\xbf\xbd"

static void
add_char(struct ouv_buf *buf, const char *p, size_t n, uint32_t code,
	bool many_lines)
{
	if (code == '\r' || utf8_turning(code) ||
		(!many_lines && utf8_invisible(code)))
		return;
	if (code == '\n' || code == '\t')
		ouv_buf_char(buf, many_lines ? (char)code : ' ');
	else if (utf8_forbidden(code))
		ouv_buf_text(buf, REPLACEMENT);
	else
		ouv_buf_add(buf, p, n);
}

const char *
view_clean(struct ouv_arena *arena, const char *text, bool many_lines)
{
	size_t len = text != NULL ? strlen(text) : 0;
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, len + 16);
	while (len > 0) {
		uint32_t code = 0;
		size_t n = utf8_step(text, len, &code);

		if (n == 0) {
			ouv_buf_text(&buf, REPLACEMENT);
			n = 1;
		} else {
			add_char(&buf, text, n, code, many_lines);
		}
		text += n;
		len -= n;
	}
	return buf.data;
}

static void
set_clean(json_t *data, const char *key, const char *text, bool many_lines)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_WIPE);

	json_object_set_new(
		data, key, json_string(view_clean(arena, text, many_lines)));
	ouv_arena_free(&arena);
}

void
view_line(json_t *data, const char *key, const char *text)
{
	set_clean(data, key, text, false);
}

void
view_text(json_t *data, const char *key, const char *text)
{
	set_clean(data, key, text, true);
}

void
view_flag(json_t *data, const char *key, bool value)
{
	json_object_set_new(data, key, json_boolean(value));
}

void
view_number(json_t *data, const char *key, int64_t number)
{
	json_object_set_new(data, key, json_integer(number));
}

void
view_word(const struct request *request, json_t *data, const char *key,
	const char *word_key)
{
	const char *word =
		words_get(&request->server->words, request->lang, word_key);

	if (word == NULL) {
		ouv_log_error("no word for %s", word_key);
		word = word_key;
	}
	json_object_set_new(data, key, json_string(word));
}

const char *
view_word_of(
	const struct request *request, const char *prefix, const char *code)
{
	const char *word = words_code(
		&request->server->words, request->lang, prefix, code);

	return word != NULL ? word : code;
}

void
view_code(const struct request *request, json_t *data, const char *key,
	const char *prefix, const char *code)
{
	view_line(data, key, view_word_of(request, prefix, code));
}

void
view_option(json_t *list, const char *value, const char *name, bool is_current)
{
	json_t *one = json_object();

	view_line(one, "value", value);
	view_line(one, "name", name);
	view_flag(one, "is_current", is_current);
	json_array_append_new(list, one);
}

bool
view_done(const struct request *request, json_t *data, const char *verb)
{
	const char *word = words_code(
		&request->server->words, request->lang, "done_", verb);

	if (word == NULL)
		return false;
	view_flag(data, "has_notice", true);
	view_line(data, "notice", word);
	return true;
}

void
view_notice_link(const struct request *request, json_t *data, const char *path,
	const char *word_key)
{
	json_t *one = json_object();

	view_line(one, "link_path", path);
	view_word(request, one, "name", word_key);
	json_array_append_new(json_object_get(data, "notice_links"), one);
}

/* How each language writes a date and a time; and its decimal sign. */
static size_t
format_time(enum ouv_lang lang, const struct tm *tm, char *out, size_t cap)
{
	if (lang == OUV_LANG_EN)
		return strftime(out, cap, "%-d %b %Y, %H:%M", tm);
	return strftime(out, cap, "%d/%m/%Y %H:%M", tm);
}

void
view_time(const struct request *request, json_t *data, const char *key,
	int64_t at)
{
	char name[64], text[64] = "", iso[64] = "";
	time_t when = (time_t)at;
	struct tm tm;

	if (at != 0 && localtime_r(&when, &tm) != NULL) {
		(void)format_time(request->lang, &tm, text, sizeof(text));
		(void)strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M%z", &tm);
	}
	view_line(data, key, text);
	(void)snprintf(name, sizeof(name), "%s_iso", key);
	view_line(data, name, iso);
	(void)snprintf(name, sizeof(name), "has_%s", key);
	view_flag(data, name, text[0] != '\0');
}

void
view_size(const struct request *request, json_t *data, const char *key,
	size_t size)
{
	static const char *const units[] = { "B", "kB", "MB", "GB" };
	char text[32];
	size_t unit = 0;
	double n = (double)size;
	char *point;

	while (n >= 999.5 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		n /= 1000;
		unit++;
	}
	(void)snprintf(text, sizeof(text), "%.*f %s",
		unit > 0 && n < 9.95 ? 1 : 0, n, units[unit]);
	point = strchr(text, '.');
	if (point != NULL && request->lang != OUV_LANG_EN)
		*point = ',';
	view_line(data, key, text);
}

/* Seconds up to a minute, then minutes; each with its singular. */
void
view_wait(const struct request *request, json_t *data, int secs)
{
	int minutes = (secs + 59) / 60;
	bool small = secs <= 60;
	int n = small ? secs : minutes;

	view_flag(data, "has_wait", secs > 0);
	view_number(data, "wait", n);
	view_word(request, data, "wait_unit",
		small ? (n == 1 ? "second_one" : "second_other")
		      : (n == 1 ? "minute_one" : "minute_other"));
}

static json_t *
languages(const struct request *request)
{
	static const char *const names[OUV_LANG__COUNT] = {
		[OUV_LANG_PT_BR] = "Português",
		[OUV_LANG_EN] = "English",
		[OUV_LANG_IT] = "Italiano",
	};
	json_t *list = json_array();

	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		json_t *one = json_object();

		view_line(one, "tag", ouv_lang_tag((enum ouv_lang)i));
		view_line(one, "name", names[i]);
		view_flag(one, "is_current", i == (int)request->lang);
		json_array_append_new(list, one);
	}
	return list;
}

/* Automatic comes first; contrast has a switch of its own in the head. */
static json_t *
themes(const struct request *request)
{
	json_t *list = json_array();

	for (int i = 0; i < OUV_THEME__COUNT; i++) {
		const char *name = ouv_theme_name((enum ouv_theme)i);
		json_t *one = json_object();

		view_line(one, "value", name);
		view_code(request, one, "name", "theme_", name);
		view_flag(one, "is_current", i == (int)request->theme);
		json_array_append_new(list, one);
	}
	return list;
}

/* How they want their pages; single keys need our script. */
static void
add_choice(struct request *request, json_t *data, bool forms)
{
	static const char *const schemes[OUV_THEME__COUNT] = {
		[OUV_THEME_AUTO] = "light dark",
		[OUV_THEME_LIGHT] = "light",
		[OUV_THEME_DARK] = "dark",
		[OUV_THEME_CONTRAST] = "dark",
	};
	bool keys = request->actor != NULL && request->actor->keys;

	view_line(data, "theme", ouv_theme_name(request->theme));
	view_line(data, "scheme", schemes[request->theme]);
	view_flag(data, "is_contrast", request->theme == OUV_THEME_CONTRAST);
	json_object_set_new(data, "themes", themes(request));
	view_line(data, "theme_csrf",
		forms ? session_token(request, "/theme") : "");
	view_flag(data, "has_keys", keys);
	view_line(data, "keys_path", request->server->assets[ASSET_KEYS].path);
}

/* Where in the menu a page stands, by its address; a page may know better. */
static void
add_place(const struct request *request, json_t *data)
{
	/* clang-format off */
	static const struct {
		const char *flag, *path;
	} places[] = {
		{ "at_worklist", "/" },
		{ "at_worklist", "/cases" },
		{ "at_held", "/held" },
		{ "at_letters", "/letters" },
		{ "at_calendar", "/calendar" },
		{ "at_companies", "/companies" },
		{ "at_texts", "/templates" },
		{ "at_reports", "/reports" },
		{ "at_office", "/office" },
		{ "at_office", "/people" },
		{ "at_office", "/conflicts" },
		{ "at_office", "/retention" },
		{ "at_office", "/log" },
		{ "at_office", "/admin" },
		{ "at_profile", "/profile" },
		{ "at_search", "/search" },
	};
	/* clang-format on */
	const char *path = request->path;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		view_flag(data, places[i].flag, false);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		size_t len = strlen(places[i].path);

		if (strncmp(path, places[i].path, len) == 0 &&
			(path[len] == '\0' || path[len] == '/'))
			view_flag(data, places[i].flag, true);
	}
}

static void
add_person(struct request *request, json_t *data)
{
	const struct ouv_actor *actor = request->actor;
	bool forms = actor != NULL || request->has_entry;

	view_flag(data, "has_actor", actor != NULL);
	view_line(data, "actor_name", actor != NULL ? actor->name : "");
	view_line(data, "actor_role", "");
	if (actor != NULL)
		view_code(request, data, "actor_role", "role_",
			ouv_role_name(actor->role));
	view_flag(data, "has_languages", forms);
	view_line(data, "language_csrf",
		forms ? session_token(request, "/language") : "");
	view_line(data, "logout_csrf",
		forms ? session_token(request, "/logout") : "");
	view_line(data, "search_csrf",
		actor != NULL ? session_token(request, "/search") : "");
	add_choice(request, data, forms);
}

void
view_carry(json_t *data, const char *form_id, const char *path)
{
	view_flag(data, "has_carry", form_id != NULL);
	view_line(data, "carry_form", form_id);
	view_line(data, "carry_path", path);
}

json_t *
view_base(struct request *request, const char *title_key)
{
	const struct server *server = request->server;
	json_t *data = json_object();

	json_object_set(data, "w", server->words.in[request->lang]);
	view_line(data, "lang_tag", ouv_lang_tag(request->lang));
	view_word(request, data, "title", title_key);
	view_line(data, "office_name", server->config->office_name);
	view_line(data, "office_address", server->config->office_address);
	view_line(data, "style_path", server->assets[ASSET_STYLE].path);
	view_line(data, "icon_path", server->assets[ASSET_ICON].path);
	view_line(data, "icons_path", server->assets[ASSET_ICONS].path);
	json_object_set_new(data, "languages", languages(request));
	view_line(data, "here",
		request->method == METHOD_POST ? "/" : request->path);
	view_flag(data, "has_notice", false);
	view_line(data, "notice", "");
	if (request->again)
		(void)view_done(
			request, data, request->chosen ? "choice" : "draft");
	view_carry(data, NULL, "");
	json_object_set_new(data, "notice_links", json_array());
	add_place(request, data);
	view_flag(data, "has_error_title", false);
	add_person(request, data);
	return data;
}
