/*
 * page_member_in.c - the way in for whoever answers for a company
 *
 * Looking at a link's address asks nothing of any case: there is a button, and
 * a code.  With the code begins a visit of half an hour, by a cookie, at
 * addresses without the link.  Without it the link of a letter shows where that
 * one case stands, and what may be decided in it.
 */
#include <string.h>

#include "ouv/id.h"
#include "ouv/vault.h"

#include "cookie.h"
#include "member.h"
#include "page.h"
#include "reply.h"
#include "session.h"

#define CODE "code"

static const char *
field(const struct request *request, const char *name)
{
	const char *value = form_get(&request->form, name);

	return value != NULL ? value : "";
}

/* ---- the door ----------------------------------------------------------- */

/* Fields that are the page's own are made anew. */
static bool
is_kept(const char *name)
{
	static const char *const own[] = { "csrf", CODE, "files", NULL };

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

void
member_door_show(struct request *request, const struct member_door *door)
{
	const struct ouv_config *config = request->server->config;
	json_t *data;

	session_entry(request);
	data = view_base(request, "member_title");
	view_line(data, "here",
		request->method == METHOD_POST ? MEMBER_HERE : request->path);
	view_line(data, "action_path", door->path);
	view_line(data, "csrf", session_token(request, door->path));
	view_flag(data, "is_letter", door->letter);
	view_flag(data, "is_coded", door->coded);
	view_flag(data, "is_kept", door->kept);
	view_flag(data, "is_ended", door->ended);
	view_flag(data, "has_error_title", door->status >= 400);
	view_flag(data, "has_error", door->error != NULL);
	view_line(data, "error", "");
	if (door->error != NULL)
		view_word(request, data, "error", door->error);
	view_line(data, "office_phone", config->office_phone);
	view_flag(data, "has_office_phone", *config->office_phone != '\0');
	add_kept(request, data, door->kept);
	reply_page(request, door->status, "memberdoor", data);
}

/* Left, contract over, no member any more: said plainly, to who has the code.
 */
static void
show_shut(struct request *request, const struct ouv_member_reader *reader)
{
	static const char *const words[OUV_MEMBER_SHUT__COUNT] = {
		[OUV_MEMBER_OPEN] = "member_title",
		[OUV_MEMBER_LEFT] = "member_shut_left",
		[OUV_MEMBER_UNIT_ENDED] = "member_shut_unit",
		[OUV_MEMBER_OVER] = "member_shut_over",
	};
	const struct ouv_config *config = request->server->config;
	json_t *data;

	session_entry(request);
	data = view_base(request, "member_shut_title");
	view_line(data, "here", MEMBER_HERE);
	view_word(request, data, "why", words[reader->shut]);
	view_flag(data, "has_until", reader->until_day != 0);
	view_day(request, data, "until", reader->until_day);
	view_line(data, "unit", reader->unit);
	view_line(data, "company", reader->company);
	view_line(data, "office_phone", config->office_phone);
	view_flag(data, "has_office_phone", *config->office_phone != '\0');
	view_flag(data, "has_error_title", true);
	reply_page(request, 403, "membershut", data);
}

/* ---- a visit ------------------------------------------------------------ */

static bool
read_cookie(const struct request *request, uint8_t token_out[32])
{
	const char *line =
		header_find(request->headers, request->header_count, "Cookie");
	const char *text;

	return cookie_find(request->arena, line,
		       request->server->site.member_cookie, &text) == OUV_OK &&
	       ouv_token_parse(text, token_out) == OUV_OK;
}

static void
set_cookie(struct request *request, const uint8_t token[32])
{
	const struct site *site = &request->server->site;
	char text[OUV_TOKEN_B64];

	ouv_token_text(token, text);
	reply_header(request, "Set-Cookie",
		cookie_write(request->arena, site->member_cookie, text,
			site->secure, COOKIE_SESSION));
	ouv_wipe(text, sizeof(text));
}

/* The word for why a code opens nothing; NULL: it is an error of its own. */
static const char *
refusal(enum ouv_err err, int *status_out)
{
	*status_out = 422;
	switch (err) {
	case OUV_INVALID:
		return "member_code_none";
	case OUV_NOT_FOUND:
		return "member_code_wrong";
	case OUV_CONFLICT:
		return "member_code_over";
	case OUV_REFUSED:
		*status_out = 429;
		return "member_too_often";
	default:
		return NULL;
	}
}

bool
member_door_open(struct request *request, struct ouv_desk *desk,
	const char *code, const char *token, struct member_door *door,
	uint8_t cookie_out[32])
{
	const struct ouv_page_entry entry = { .kinds = 1u << OUV_PAGE_CONTACT,
		.code = code,
		.token = token,
		.address = session_address(request) };
	int wait = 0;
	enum ouv_err err = ouv_desk_page_enter(
		desk, request->arena, &entry, cookie_out, &wait);

	if (err == OUV_OK) {
		set_cookie(request, cookie_out);
		return true;
	}
	door->error = *code == '\0' ? "member_code_empty"
				    : refusal(err, &door->status);
	if (*code == '\0')
		door->status = 422;
	if (door->error == NULL) {
		page_error_desk(request, err);
		return false;
	}
	if (wait > 0)
		reply_header(request, "Retry-After",
			ouv_arena_printf(request->arena, "%d", wait));
	member_door_show(request, door);
	return false;
}

static enum ouv_err
find_visit(struct member *m)
{
	uint8_t token[32];
	enum ouv_err err = OUV_NOT_FOUND;

	if (read_cookie(m->request, token))
		err = ouv_desk_page_visit(
			m->desk, m->request->arena, token, &m->visit);
	ouv_wipe(token, sizeof(token));
	return err;
}

/* A form came when the half hour was over: with the code it goes on from where
 * it was. */
static bool
ask_again(struct member *m, bool *answered_out)
{
	struct request *request = m->request;
	const bool post = request->method == METHOD_POST;
	struct member_door door = { .status = post ? 403 : 200,
		.path = post ? request->path : MEMBER_HERE,
		.kept = post,
		.ended = true };
	uint8_t token[32];
	bool in = false;

	*answered_out = true;
	if (!post || form_get(&request->form, CODE) == NULL) {
		member_door_show(request, &door);
		return false;
	}
	if (member_door_open(request, m->desk, field(request, CODE), NULL,
		    &door, token)) {
		*answered_out = false;
		in = ouv_desk_page_visit(m->desk, request->arena, token,
			     &m->visit) == OUV_OK;
	}
	ouv_wipe(token, sizeof(token));
	return in;
}

bool
member_enter(struct request *request, struct member *m)
{
	bool answered = false;
	enum ouv_err err;

	*m = (struct member){ .request = request };
	session_entry(request);
	err = desk_here(request->server, &m->desk);
	if (err == OUV_OK)
		err = find_visit(m);
	if (err == OUV_NOT_FOUND) {
		if (ask_again(m, &answered))
			err = OUV_OK;
		else if (answered)
			return false;
	}
	if (err == OUV_OK)
		err = ouv_desk_member_reader(
			m->desk, request->arena, &m->visit, &m->reader);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return false;
	}
	if (m->reader.shut == OUV_MEMBER_OPEN)
		return true;
	show_shut(request, &m->reader);
	member_end(m);
	return false;
}

void
member_end(struct member *m)
{
	ouv_page_visit_wipe(&m->visit);
}

bool
member_may_upload(const struct request *request)
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
member_base(struct member *m, const char *title_key, const char *here)
{
	const struct request *request = m->request;
	json_t *data = view_base(m->request, title_key);

	view_line(data, "here", here);
	view_line(data, "reader_name", m->reader.name);
	view_flag(data, "has_reader_name", *m->reader.name != '\0');
	view_line(data, "reader_company", m->reader.company);
	view_flag(data, "has_reader_company", *m->reader.company != '\0');
	view_line(data, "reader_unit", m->reader.unit);
	view_time(request, data, "until", m->visit.until_at);
	view_line(data, "leave_path", MEMBER_HERE "/leave");
	view_line(data, "leave_csrf",
		session_token(request, MEMBER_HERE "/leave"));
	view_flag(data, "at_member_cases", false);
	view_flag(data, "at_member_figures", false);
	return data;
}

/* What is none of theirs looks like what there is not. */
void
member_error(struct member *m, enum ouv_err err)
{
	page_error_desk(m->request, err);
	member_end(m);
}

void
page_member_leave(struct request *request)
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
		cookie_write(request->arena, site->member_cookie, "",
			site->secure, COOKIE_GONE));
	reply_redirect(request, MEMBER_HERE);
}

/* ---- in by a code alone ------------------------------------------------- */

void
page_member_post(struct request *request)
{
	struct member_door door = { .status = 200, .path = MEMBER_HERE };
	struct ouv_desk *desk;
	uint8_t token[32];
	enum ouv_err err = desk_here(request->server, &desk);

	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	if (member_door_open(
		    request, desk, field(request, CODE), NULL, &door, token))
		reply_redirect(request, MEMBER_HERE);
	ouv_wipe(token, sizeof(token));
}
