/*
 * page_login.c - the way in, and the way out
 */
#include <string.h>

#include "ouv/log.h"
#include "ouv/vault.h"

#include "again.h"
#include "metrics.h"
#include "page.h"
#include "reply.h"
#include "route.h"
#include "session.h"
#include "view.h"

/* What the login page says besides its form. */
struct notice {
	int status;
	const char *word; /* NULL: nothing went wrong */
	int wait_secs;
	bool lost; /* a form came after the session had ended */
};

const char *
page_onward(const char *to)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789/_.~-";

	if (to == NULL || to[0] != '/' || to[strspn(to, allowed)] != '\0' ||
		strstr(to, "//") != NULL || strstr(to, "..") != NULL ||
		strcmp(to, "/login") == 0 || strlen(to) > 200)
		return "/";
	return to;
}

static void
show(struct request *request, const struct notice *notice, const char *to)
{
	const char *login = form_get(&request->form, "login");
	const char *text = form_kept(request->arena, &request->form);
	const char *done = form_get(&request->query_form, "done");
	const char *draft = notice->lost ? again_seal(request)
					 : form_get(&request->form, "draft");
	json_t *data;

	session_entry(request);
	data = view_base(request, "login_title");
	view_line(data, "here", "/login");
	view_line(data, "to", to);
	view_line(data, "csrf", session_token(request, "/login"));
	view_line(data, "login", login);
	view_flag(data, "has_login", login != NULL && *login != '\0');
	view_flag(data, "has_error", notice->word != NULL);
	view_line(data, "error", "");
	if (notice->word != NULL)
		view_word(request, data, "error", notice->word);
	view_wait(request, data, notice->wait_secs);
	view_flag(data, "has_draft", draft != NULL && *draft != '\0');
	view_text(data, "draft", draft);
	if (draft != NULL && *draft != '\0')
		view_carry(data, "enter", "/login");
	view_flag(data, "has_kept",
		notice->lost && draft == NULL && text != NULL);
	view_text(data, "kept_text", notice->lost && draft == NULL ? text : "");
	if (done != NULL && strcmp(done, "logout") == 0) {
		view_flag(data, "has_notice", true);
		view_word(request, data, "notice", "done_logout");
	}
	reply_page(request, notice->status, "login", data);
}

void
page_login(struct request *request)
{
	static const struct notice none = { .status = 200 };
	const char *to = page_onward(form_get(&request->query_form, "to"));

	if (request->actor != NULL)
		reply_redirect(request, to);
	else
		show(request, &none, to);
}

static const char *
field(const struct request *request, const char *name)
{
	const char *value = form_get(&request->form, name);

	return value != NULL ? value : "";
}

/* Whoever logs in again leaves no older session of this browser behind. */
static void
end_older(struct request *request, struct ouv_desk *desk)
{
	if (request->actor == NULL)
		return;
	if (ouv_desk_logout(desk, request->actor) != OUV_OK)
		ouv_log_warn("an older session could not be ended");
	request->actor = NULL;
}

/* To where they wanted to go, or back to the form that came without them. */
static void
go_in(struct request *request, struct ouv_desk *desk, const uint8_t token[32],
	const char *to)
{
	const char *draft = form_get(&request->form, "draft");

	if (again_log_in(request, desk, token) == OUV_OK && draft != NULL &&
		*draft != '\0')
		again_show(request, desk, draft);
	else
		reply_redirect(request, to);
}

void
page_login_post(struct request *request)
{
	const char *to = page_onward(form_get(&request->form, "to"));
	struct notice notice = { .status = 403, .word = "login_refused" };
	uint8_t token[32] = { 0 };
	struct ouv_visit visit;
	struct ouv_desk *desk;
	enum ouv_err err;

	if ((err = desk_here(request->server, &desk)) != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	end_older(request, desk);
	session_visit(request, &visit);
	err = ouv_desk_login(desk, field(request, "login"),
		field(request, "password"), field(request, "code"), &visit,
		token, &notice.wait_secs);
	if (err == OUV_OK) {
		metrics_login(LOGIN_DONE);
		session_begin(request, token);
		session_keep_device(request, &visit);
		go_in(request, desk, token, to);
		ouv_wipe(token, sizeof(token));
		return;
	}
	if (err == OUV_TEMPORARY) {
		page_error_desk(request, err);
		return;
	}
	metrics_login(err == OUV_CONFLICT ? LOGIN_THROTTLED : LOGIN_REFUSED);
	if (err == OUV_CONFLICT) {
		notice.status = 429;
		notice.word = "login_throttled";
		reply_header(request, "Retry-After",
			ouv_arena_printf(request->arena, "%d",
				notice.wait_secs > 0 ? notice.wait_secs : 1));
	} else {
		notice.wait_secs = 0;
	}
	show(request, &notice, to);
}

void
page_login_again(struct request *request)
{
	static const struct notice none = { .status = 200 };

	show(request, &none, page_onward(form_get(&request->form, "to")));
}

void
page_login_lost(struct request *request)
{
	const struct notice notice = {
		.status = 403, .word = "login_lost", .lost = true
	};

	if (strcmp(request->path, "/logout") == 0)
		reply_redirect(request, "/login");
	else
		show(request, &notice, page_onward(route_back(request)));
}

void
page_login_late(struct request *request)
{
	static const struct notice notice = { .status = 403,
		.word = "login_late" };
	struct ouv_desk *desk;
	enum ouv_err err;

	if (request->actor == NULL)
		show(request, &notice,
			page_onward(form_get(&request->form, "to")));
	else if ((err = desk_here(request->server, &desk)) != OUV_OK)
		page_error_desk(request, err);
	else
		again_show(request, desk, form_get(&request->form, "draft"));
}

void
page_logout(struct request *request)
{
	struct ouv_desk *desk;
	enum ouv_err err;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_logout(desk, request->actor);
	if (err == OUV_TEMPORARY) { /* it would still be open: say so */
		page_error_desk(request, err);
		return;
	}
	session_end(request);
	reply_redirect(request, "/login?done=logout");
}
