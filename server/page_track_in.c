/*
 * page_track_in.c - the way in for a consumer
 *
 * By the number of the case and the code of our first letter, or by a letter's
 * link that bears the code.  Looking at an address asks nothing of any case:
 * there is a button.  With it begins a visit of half an hour, by a cookie, at
 * addresses without the link.
 */
#include <string.h>

#include "cookie.h"
#include "page.h"
#include "reply.h"
#include "session.h"
#include "track.h"

static const char *
field(const struct request *request, const char *name)
{
	const char *value = form_get(&request->form, name);

	return value != NULL ? value : "";
}

/* ---- the door --------------------------------------------------------------
 */

struct door {
	int status;
	const char *path;  /* to which it posts */
	const char *error; /* a word; NULL: none */
	const char *at;    /* the field it is about: code, protocol; NULL */
	const char *look;  /* where the case stands without a code; NULL */
	bool coded;        /* the address bears the code */
	bool letter;       /* by a letter's link: the code is enough */
	bool kept;         /* a form waits for it */
	bool ended;        /* a visit is over */
};

/* Fields that are the page's own are made anew. */
static bool
is_kept(const char *name)
{
	static const char *const own[] = { "csrf", "code", "protocol", "open",
		"files", NULL };

	for (size_t i = 0; own[i] != NULL; i++)
		if (strcmp(own[i], name) == 0)
			return false;
	return true;
}

static void
add_kept(const struct request *request, json_t *data, bool kept)
{
	json_t *list = json_array();

	for (size_t i = 0; kept && i < request->form.count; i++) {
		const struct ouv_field *f = &request->form.fields[i];
		json_t *one;

		if (!is_kept(f->name))
			continue;
		one = json_object();
		view_line(one, "kept_name", f->name);
		view_text(one, "kept_value", f->value);
		json_array_append_new(list, one);
	}
	json_object_set_new(data, "kept_fields", list);
}

static void
add_office(const struct request *request, json_t *data)
{
	const struct ouv_config *config = request->server->config;

	view_line(data, "office_phone", config->office_phone);
	view_flag(data, "has_office_phone", *config->office_phone != '\0');
}

static void
add_trouble(
	const struct request *request, json_t *data, const struct door *door)
{
	const char *at = door->at != NULL ? door->at : "";

	view_flag(data, "has_error_title", door->status >= 400);
	view_flag(data, "has_error", door->error != NULL);
	view_flag(data, "has_code_error", strcmp(at, "code") == 0);
	view_flag(data, "has_protocol_error", strcmp(at, "protocol") == 0);
	view_line(data, "error", "");
	if (door->error != NULL)
		view_word(request, data, "error", door->error);
}

static void
show_door(struct request *request, const struct door *door)
{
	json_t *data;

	session_entry(request);
	data = view_base(request, "track_title");
	view_line(data, "here",
		request->method == METHOD_POST ? TRACK_HERE : request->path);
	view_line(data, "action_path", door->path);
	view_line(data, "csrf", session_token(request, door->path));
	view_flag(data, "is_coded", door->coded);
	view_flag(data, "is_kept", door->kept);
	view_flag(data, "is_ended", door->ended);
	view_flag(data, "wants_protocol", !door->letter && !door->kept);
	view_line(data, "protocol", field(request, "protocol"));
	view_line(data, "look_path", door->look);
	view_flag(data, "has_look", door->look != NULL);
	add_trouble(request, data, door);
	add_office(request, data);
	add_kept(request, data, door->kept);
	reply_page(request, door->status, "trackdoor", data);
}

/* ---- a visit ---------------------------------------------------------------
 */

static bool
read_cookie(const struct request *request, uint8_t token_out[32])
{
	const char *line =
		header_find(request->headers, request->header_count, "Cookie");
	const char *text;

	return cookie_find(request->arena, line,
		       request->server->site.track_cookie, &text) == OUV_OK &&
	       ouv_token_parse(text, token_out) == OUV_OK;
}

static void
set_cookie(struct request *request, const uint8_t token[32])
{
	const struct site *site = &request->server->site;
	char text[OUV_TOKEN_B64];

	ouv_token_text(token, text);
	reply_header(request, "Set-Cookie",
		cookie_write(request->arena, site->track_cookie, text,
			site->secure, COOKIE_SESSION));
	ouv_wipe(text, sizeof(text));
}

/* Why it opens nothing; false: an error of another kind. */
static bool
refuse(enum ouv_err err, const struct ouv_page_entry *entry, struct door *door)
{
	door->status = 422;
	door->at = "code";
	switch (err) {
	case OUV_INVALID:
		door->error = *entry->code == '\0' ? "track_code_empty"
						   : "track_code_none";
		return true;
	case OUV_NOT_FOUND:
		door->error = entry->protocol != NULL ? "track_wrong"
						      : "track_code_wrong";
		return true;
	case OUV_CONFLICT:
		door->error = "track_code_over";
		return true;
	case OUV_REFUSED:
		door->status = 429;
		door->error = "track_too_often";
		return true;
	default:
		return false;
	}
}

/* A number that is none is told before anything is asked. */
static bool
is_wrong_number(const struct ouv_page_entry *entry, struct door *door)
{
	char protocol[OUV_PROTOCOL_MAX];

	if (entry->protocol == NULL ||
		ouv_protocol_parse(entry->protocol, protocol) == OUV_OK)
		return false;
	door->status = 422;
	door->at = "protocol";
	door->error = *entry->protocol == '\0' ? "track_protocol_empty"
					       : "track_protocol_wrong";
	return true;
}

/* False: it has been answered, by the door where it may be tried again. */
static bool
open_door(struct request *request, struct ouv_desk *desk,
	const struct ouv_page_entry *entry, struct door *door,
	uint8_t cookie_out[32])
{
	int wait = 0;
	enum ouv_err err;

	if (is_wrong_number(entry, door)) {
		show_door(request, door);
		return false;
	}
	err = ouv_desk_page_enter(
		desk, request->arena, entry, cookie_out, &wait);
	if (err == OUV_OK) {
		set_cookie(request, cookie_out);
		return true;
	}
	if (!refuse(err, entry, door)) {
		page_error_desk(request, err);
		return false;
	}
	if (wait > 0)
		reply_header(request, "Retry-After",
			ouv_arena_printf(request->arena, "%d", wait));
	show_door(request, door);
	return false;
}

static struct ouv_page_entry
entry_of(const struct request *request)
{
	return (struct ouv_page_entry){ .kinds = 1u << OUV_PAGE_CONSUMER,
		.code = field(request, "code"),
		.address = session_address(request) };
}

static enum ouv_err
find_visit(struct track *t)
{
	uint8_t token[32];
	enum ouv_err err = OUV_NOT_FOUND;

	if (read_cookie(t->request, token))
		err = ouv_desk_page_visit(
			t->desk, t->request->arena, token, &t->visit);
	ouv_wipe(token, sizeof(token));
	return err;
}

/* A form came when the half hour was over: with the code it goes on from where
 * it was.  False: answered. */
static bool
ask_again(struct track *t)
{
	struct request *request = t->request;
	const bool post = request->method == METHOD_POST;
	uint8_t was[32], token[32];
	struct door door = { .status = post ? 403 : 200,
		.path = post ? request->path : TRACK_HERE,
		.kept = post,
		.ended = read_cookie(request, was) };
	const struct ouv_page_entry entry = entry_of(request);
	bool in = false;

	ouv_wipe(was, sizeof(was));
	if (!post || form_get(&request->form, "code") == NULL) {
		show_door(request, &door);
		return false;
	}
	if (open_door(request, t->desk, &entry, &door, token)) {
		in = ouv_desk_page_visit(t->desk, request->arena, token,
			     &t->visit) == OUV_OK;
		if (!in)
			page_error_desk(request, OUV_TEMPORARY);
	}
	ouv_wipe(token, sizeof(token));
	return in;
}

bool
track_enter(struct request *request, struct track *t)
{
	enum ouv_err err;

	*t = (struct track){ .request = request };
	session_entry(request);
	err = desk_here(request->server, &t->desk);
	if (err == OUV_OK)
		err = find_visit(t);
	if (err == OUV_NOT_FOUND) {
		if (!ask_again(t))
			return false;
		err = OUV_OK;
	}
	if (err == OUV_OK)
		err = ouv_desk_page_standing(
			t->desk, request->arena, &t->visit, NULL, &t->page);
	if (err == OUV_OK)
		return true;
	track_error(t, err);
	return false;
}

void
track_end(struct track *t)
{
	ouv_page_visit_wipe(&t->visit);
}

bool
track_may_upload(const struct request *request)
{
	struct ouv_page_visit visit;
	struct ouv_desk *desk;
	uint8_t token[32];
	bool may = false;

	if (read_cookie(request, token) &&
		desk_here(request->server, &desk) == OUV_OK)
		may = ouv_desk_page_visit(
			      desk, request->arena, token, &visit) == OUV_OK;
	if (may)
		ouv_page_visit_wipe(&visit);
	ouv_wipe(token, sizeof(token));
	return may;
}

json_t *
track_base(struct track *t, const char *title_key, const char *here)
{
	const struct request *request = t->request;
	json_t *data = view_base(t->request, title_key);

	view_line(data, "here", here);
	view_line(data, "protocol", t->page.protocol);
	view_time(request, data, "until", t->visit.until_at);
	view_line(data, "leave_path", TRACK_HERE "/leave");
	view_line(data, "leave_csrf",
		session_token(request, TRACK_HERE "/leave"));
	add_office(request, data);
	return data;
}

/* What is not theirs looks like what there is not. */
void
track_error(struct track *t, enum ouv_err err)
{
	if (err == OUV_NOT_FOUND)
		link_gone(t->request);
	else
		page_error_desk(t->request, err);
	track_end(t);
}

void
page_track_leave(struct request *request)
{
	const struct site *site = &request->server->site;
	struct ouv_desk *desk;
	uint8_t token[32];
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK && read_cookie(request, token))
		err = ouv_desk_page_leave(desk, token);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	reply_header(request, "Set-Cookie",
		cookie_write(request->arena, site->track_cookie, "",
			site->secure, COOKIE_GONE));
	reply_redirect(request, TRACK_HERE);
}

/* ---- in by number and code -------------------------------------------------
 */

void
page_track_post(struct request *request)
{
	struct ouv_page_entry entry = entry_of(request);
	struct door door = { .status = 200, .path = TRACK_HERE };
	struct ouv_desk *desk;
	uint8_t token[32];
	enum ouv_err err = desk_here(request->server, &desk);

	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	entry.protocol = field(request, "protocol");
	if (open_door(request, desk, &entry, &door, token))
		reply_redirect(request, TRACK_HERE);
	ouv_wipe(token, sizeof(token));
}

/* ---- in by a letter's link -------------------------------------------------
 */

/* "TOKEN-CODE": what letters bear where the office lets them. */
static const char *
split(struct ouv_arena *arena, const char *arg, const char **code_out)
{
	const char *dash = strchr(arg, '-');

	*code_out = dash != NULL ? dash + 1 : "";
	return dash != NULL
		       ? ouv_arena_strndup(arena, arg, (size_t)(dash - arg))
		       : arg;
}

static struct door
door_of_link(const struct request *request, const char *token, const char *code)
{
	return (struct door){ .status = 200,
		.path = request->path,
		.letter = true,
		.coded = *code != '\0',
		.look = ouv_arena_printf(
			request->arena, TRACK_HERE "/%s", token) };
}

void
track_link(struct request *request)
{
	const char *code;
	const char *token = split(request->arena, request->args[0], &code);
	const struct door door = door_of_link(request, token, code);

	show_door(request, &door);
}

void
track_link_post(struct request *request)
{
	struct ouv_page_entry entry = entry_of(request);
	const char *code;
	const char *token = split(request->arena, request->args[0], &code);
	struct door door = door_of_link(request, token, code);
	struct ouv_desk *desk;
	uint8_t cookie[32];
	enum ouv_err err = desk_here(request->server, &desk);

	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	entry.token = token;
	if (form_get(&request->form, "code") == NULL)
		entry.code = code;
	else
		door.coded = false;
	if (open_door(request, desk, &entry, &door, cookie))
		reply_redirect(request, TRACK_HERE);
	ouv_wipe(cookie, sizeof(cookie));
}

/* ---- another code ----------------------------------------------------------
 */

static void
show_ask(struct request *request, int status, const char *error, bool done)
{
	json_t *data;

	session_entry(request);
	data = view_base(request, "track_ask_title");
	view_line(data, "here", TRACK_HERE "/code");
	view_line(data, "action_path", TRACK_HERE "/code");
	view_line(data, "csrf", session_token(request, TRACK_HERE "/code"));
	view_line(data, "typed", field(request, "who"));
	view_flag(data, "is_done", done);
	view_flag(data, "has_error_title", status >= 400);
	view_flag(data, "has_error", error != NULL);
	view_line(data, "error", "");
	if (error != NULL)
		view_word(request, data, "error", error);
	add_office(request, data);
	reply_page(request, status, "trackask", data);
}

void
page_track_ask(struct request *request)
{
	show_ask(request, 200, NULL, false);
}

/* Whether there is such a case is not told, nor asked. */
void
page_track_ask_post(struct request *request)
{
	struct ouv_desk *desk;
	int wait = 0;
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK)
		err = ouv_desk_page_ask(desk, request->arena, OUV_PAGE_CONSUMER,
			field(request, "who"), session_address(request), &wait);
	if (wait > 0)
		reply_header(request, "Retry-After",
			ouv_arena_printf(request->arena, "%d", wait));
	if (err == OUV_OK)
		show_ask(request, 200, NULL, true);
	else if (err == OUV_INVALID)
		show_ask(request, 422, "track_ask_none", false);
	else if (err == OUV_REFUSED)
		show_ask(request, 429, "track_too_often", false);
	else
		page_error_desk(request, err);
}
