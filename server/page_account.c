/*
 * page_account.c - one's own password, and where one is logged in
 */
#include <string.h>

#include "ouv/vault.h"

#include "account.h"

/* ---- what these pages share
 * ---------------------------------------------------
 */

bool
posted_take(struct request *request, struct posted *p)
{
	const char *key = own_key(request);
	enum ouv_err err;

	if (key == NULL)
		return false;
	*p = (struct posted){ .request = request };
	p->ask.form_key = key;
	p->ask.fields = p->fields;
	p->ask.field_count = own_fields(&request->form, p->fields);
	p->ask.result = &p->result;
	err = desk_here(request->server, &p->desk);
	if (err != OUV_OK)
		page_error_desk(request, err);
	return err == OUV_OK;
}

/* Too often, and how long to wait. */
static void
show_throttled(struct posted *p, const char *verb, account_show *show)
{
	struct trouble trouble = {
		.status = 429, .word = "account_throttled", .result = &p->result
	};

	reply_header(p->request, "Retry-After",
		ouv_arena_printf(p->request->arena, "%d", p->ask.wait_secs));
	show(p->request, verb, &trouble);
}

void
posted_answer(struct posted *p, enum ouv_err err, const char *verb,
	const char *done_path, account_show *show)
{
	struct trouble trouble = { .status = reply_status(err),
		.result = &p->result };

	if (err == OUV_OK)
		reply_redirect(p->request, done_path);
	else if (err == OUV_REFUSED && p->result.step_up)
		page_step_up(p->request);
	else if (err == OUV_INVALID && p->result.error_count > 0)
		show(p->request, verb, &trouble);
	else if (err == OUV_CONFLICT && p->ask.wait_secs > 0)
		show_throttled(p, verb, show);
	else
		page_error_desk(p->request, err);
}

/* The steps of a first login, in their order. */
/* clang-format off */
static const struct {
	int must;
	const char *path;
} steps[] = {
	{ OUV_MUST_PASSWORD, "/profile/password" },
	{ OUV_MUST_TOTP,     "/profile/device" },
	{ OUV_MUST_RECOVERY, "/profile/recovery" },
};
/* clang-format on */

void
page_entering(struct request *request)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if ((request->actor->must & steps[i].must) != 0) {
			reply_redirect(request, steps[i].path);
			return;
		}
	reply_redirect(request, "/");
}

json_t *
account_data(struct request *request, const char *title, const char *here,
	const struct trouble *trouble)
{
	const char *done = form_get(&request->query_form, "done");
	json_t *data = view_base(request, title);

	view_flag(data, "at_profile", true);
	view_line(data, "here", here);
	view_flag(data, "is_first", request->actor->must != 0);
	view_flag(data, "has_error_title", trouble != NULL);
	if (done != NULL)
		(void)view_done(request, data, done);
	return data;
}

void
account_end(struct sheet *sheet, json_t *data, const char *page,
	const struct trouble *trouble)
{
	sheet_end(sheet, data);
	reply_page((struct request *)sheet->request,
		trouble != NULL ? trouble->status : 200, page, data);
}

/* ---- password ---------------------------------------------------------------
 */

/* clang-format off */
static const struct sheet_field password_fields[] = {
	{ "password_old", "account_password_old" },
	{ "password", "account_password_new" },
	{ "password_again", "account_password_again" }, { NULL, NULL } };
/* clang-format on */

static void
show_password(struct request *request, const char *verb,
	const struct trouble *trouble)
{
	struct sheet sheet = sheet_begin(request, "/profile", trouble);
	json_t *data = account_data(
		request, "account_password", "/profile/password", trouble);
	char offer[OUV_PASSWORD_MAX];

	sheet.verb = verb;
	ouv_password_new(offer);
	view_line(data, "offer", offer);
	view_line(data, "login", request->actor->login);
	ouv_wipe(offer, sizeof(offer));
	json_object_set_new(data, "form",
		sheet_form(
			&sheet, "password", "password", true, password_fields));
	account_end(&sheet, data, "password", trouble);
}

void
page_password(struct request *request)
{
	show_password(request, "", NULL);
}

void
page_password_post(struct request *request)
{
	struct posted p;

	if (posted_take(request, &p))
		posted_answer(&p,
			ouv_desk_password_change(
				p.desk, request->arena, request->actor, &p.ask),
			"password", "/profile?done=password", show_password);
}

/* ---- sessions ---------------------------------------------------------------
 */

static const struct sheet_field no_fields[] = { { NULL, NULL } };

static void
add_sessions(struct sheet *sheet, json_t *data,
	const struct ouv_session_view *list, size_t count)
{
	const struct request *request = sheet->request;
	json_t *rows = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *one = sheet_form(sheet, "end",
			ouv_arena_printf(
				request->arena, "session-%d", (int)i + 1),
			false, no_fields);

		view_time(request, one, "created", list[i].created_at);
		view_time(request, one, "seen", list[i].seen_at);
		view_line(one, "agent", list[i].agent);
		view_flag(one, "has_agent", list[i].agent[0] != '\0');
		view_line(one, "session", list[i].id);
		view_flag(one, "is_mine", list[i].mine);
		json_array_append_new(rows, one);
	}
	json_object_set_new(data, "sessions", rows);
	json_object_set_new(data, "others",
		count > 1 ? sheet_form(sheet, "end", "others", false, no_fields)
			  : json_false());
}

static void
show_sessions(struct request *request, const char *verb,
	const struct trouble *trouble)
{
	struct sheet sheet = sheet_begin(request, "/profile/sessions", trouble);
	struct ouv_session_view *list = NULL;
	struct ouv_desk *desk;
	size_t count = 0;
	enum ouv_err err = desk_here(request->server, &desk);
	json_t *data;

	sheet.verb = verb;
	if (err == OUV_OK)
		err = ouv_desk_sessions(
			desk, request->arena, request->actor, &list, &count);
	if (err != OUV_OK) {
		json_decref(sheet.errors);
		page_error_desk(request, err);
		return;
	}
	data = account_data(
		request, "account_sessions", "/profile/sessions", trouble);
	add_sessions(&sheet, data, list, count);
	account_end(&sheet, data, "sessions", trouble);
}

void
page_sessions(struct request *request)
{
	show_sessions(request, "", NULL);
}

void
page_sessions_end(struct request *request)
{
	struct posted p;
	enum ouv_err err;

	if (!posted_take(request, &p))
		return;
	err = ouv_desk_sessions_end(p.desk, request->actor, &p.ask);
	if (err == OUV_CONFLICT) /* it was over: what was wanted is so */
		err = OUV_OK;
	posted_answer(&p, err, "end", "/profile/sessions?done=sessions",
		show_sessions);
}

void
page_sessions_known(struct request *request)
{
	struct ouv_visit visit;
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);

	session_visit(request, &visit);
	if (err == OUV_OK)
		err = ouv_desk_device_known(desk, request->actor, visit.device);
	if (err == OUV_OK)
		reply_redirect(request, "/");
	else if (err == OUV_REFUSED)
		page_step_up(request);
	else
		page_error_desk(request, err);
}
