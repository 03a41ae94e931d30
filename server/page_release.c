/*
 * page_release.c - what was released to a party: the way in, and the pages
 * themselves
 *
 * Looking at the link's address consumes nothing and asks nothing of the
 * database, whatever program looks; the button opens it, once, for half an hour
 * under a cookie, at an address without the link.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/disclosure.h"
#include "ouv/vault.h"

#include "cookie.h"
#include "move.h"
#include "page.h"
#include "reply.h"
#include "session.h"

#define HERE "/d"

/* ---- the way in ------------------------------------------------------------
 */

static void
show_way(struct request *request, int status, bool wants_code,
	const char *error_word)
{
	json_t *data;

	session_entry(request);
	data = view_base(request, "rel_title");
	view_line(data, "here", request->path);
	view_line(data, "action_path", request->path);
	view_line(data, "csrf", session_token(request, request->path));
	view_flag(data, "wants_code", wants_code);
	view_flag(data, "has_error_title", status >= 400);
	view_flag(data, "has_error", error_word != NULL);
	view_flag(data, "has_code_error", error_word != NULL && wants_code);
	view_line(data, "error", "");
	if (error_word != NULL)
		view_word(request, data, "error", error_word);
	reply_page(request, status, "release", data);
}

/* Unknown, taken back, over, used up: one page, so that nobody learns which.
 * ended: it was open, and its half hour is over. */
static void
show_gone(struct request *request, bool ended)
{
	json_t *data;

	session_entry(request);
	data = view_base(request, ended ? "rel_ended_title" : "rel_gone_title");
	view_flag(data, "is_ended", ended);
	view_line(data, "office_phone", request->server->config->office_phone);
	view_flag(data, "has_office_phone",
		*request->server->config->office_phone != '\0');
	reply_page(request, 404, "releasegone", data);
}

void
page_release(struct request *request)
{
	bool wants_code;

	if (ouv_release_link(request->args[0], &wants_code) != OUV_OK)
		show_gone(request, false);
	else
		show_way(request, 200, wants_code, NULL);
}

static void
begin_visit(struct request *request, const uint8_t token[32])
{
	const struct site *site = &request->server->site;
	char text[OUV_TOKEN_B64];

	ouv_token_text(token, text);
	reply_header(request, "Set-Cookie",
		cookie_write(request->arena, site->release_cookie, text,
			site->secure, COOKIE_SESSION));
	ouv_wipe(text, sizeof(text));
	reply_redirect(request, HERE);
}

static void
refuse_for_now(struct request *request, bool wants_code, int wait)
{
	reply_header(request, "Retry-After",
		ouv_arena_printf(request->arena, "%d", wait > 0 ? wait : 1));
	show_way(request, 429, wants_code, "rel_too_often");
}

void
page_release_post(struct request *request)
{
	const char *code = form_get(&request->form, "code");
	const char *link = request->args[0];
	struct ouv_desk *desk;
	uint8_t token[32];
	bool wants_code;
	enum ouv_err err;
	int wait = 0;

	if (ouv_release_link(link, &wants_code) != OUV_OK) {
		show_gone(request, false);
		return;
	}
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_release_open(desk, request->arena, link,
			code != NULL ? code : "", session_address(request),
			token, &wait);
	if (err == OUV_OK)
		begin_visit(request, token);
	else if (err == OUV_REFUSED && wait > 0)
		refuse_for_now(request, wants_code, wait);
	else if (err == OUV_NOT_FOUND && wants_code)
		show_way(request, 422, true, "rel_code_wrong");
	else if (err == OUV_NOT_FOUND || err == OUV_CONFLICT)
		show_gone(request, false);
	else
		page_error_desk(request, err);
	ouv_wipe(token, sizeof(token));
}

/* ---- inside ----------------------------------------------------------------
 */

/* False: there is no visit, and it has been answered. */
static bool
read_token(struct request *request, uint8_t token_out[32])
{
	const char *line =
		header_find(request->headers, request->header_count, "Cookie");
	const char *text;

	if (cookie_find(request->arena, line,
		    request->server->site.release_cookie, &text) == OUV_OK &&
		ouv_token_parse(text, token_out) == OUV_OK)
		return true;
	show_gone(request, true);
	return false;
}

static void
show_error(struct request *request, enum ouv_err err)
{
	if (err == OUV_NOT_FOUND)
		show_gone(request, true);
	else if (err == OUV_CONFLICT)
		show_gone(request, false);
	else
		page_error_desk(request, err);
}

static json_t *
make_piece(
	const struct request *request, const struct ouv_released_piece *piece)
{
	json_t *one = json_object();

	view_flag(one, "is_file", piece->is_file);
	view_code(request, one, "from", "rel_from_", piece->from);
	view_time(request, one, "at", piece->at);
	move_line(one, "piece_subject", piece->subject);
	move_body(one, "piece_text", piece->text);
	view_line(one, "text_lang",
		piece->lang != NULL && *piece->lang != '\0' ? piece->lang
							    : "und");
	move_line(one, "file_name", piece->name);
	view_size(request, one, "size", piece->size);
	view_line(one, "file_path",
		ouv_arena_printf(request->arena, HERE "/file/%d", piece->n));
	return one;
}

void
page_released(struct request *request)
{
	struct ouv_released view;
	struct ouv_desk *desk;
	json_t *data, *list;
	uint8_t token[32];
	enum ouv_err err;

	if (!read_token(request, token))
		return;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_released(desk, request->arena, token, &view);
	ouv_wipe(token, sizeof(token));
	if (err != OUV_OK) {
		show_error(request, err);
		return;
	}
	session_entry(request);
	data = view_base(request, "rel_title");
	list = json_array();
	for (size_t i = 0; i < view.count; i++)
		json_array_append_new(
			list, make_piece(request, &view.pieces[i]));
	view_line(data, "here", HERE);
	view_line(data, "protocol", view.protocol);
	view_number(data, "opened", view.opened);
	view_number(data, "max_opens", view.max_opens);
	view_time(request, data, "expires", view.expires_at);
	view_time(request, data, "until", view.until_at);
	json_object_set_new(data, "pieces", list);
	reply_page(request, 200, "released", data);
}

void
page_released_file(struct request *request)
{
	const char *digits = request->args[0], *name = "";
	struct ouv_desk *desk;
	struct ouv_str bytes;
	uint8_t token[32];
	enum ouv_err err;

	if (strlen(digits) > 4 ||
		digits[strspn(digits, "0123456789")] != '\0') {
		page_error(request, 404);
		return;
	}
	if (!read_token(request, token))
		return;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_released_file(desk, request->arena, token,
			(int)strtol(digits, NULL, 10), &bytes, &name);
	ouv_wipe(token, sizeof(token));
	if (err != OUV_OK) {
		show_error(request, err);
		return;
	}
	reply_bytes(request, 200, "application/octet-stream", bytes);
	reply_header_set(request, "Content-Security-Policy",
		"sandbox; default-src 'none'");
	reply_header(request, "Content-Disposition",
		download_name(request, *name != '\0' ? name : digits));
}
