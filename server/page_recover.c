/*
 * page_recover.c - the way in without a password: a code on paper
 */
#include "ouv/vault.h"

#include "account.h"
#include "metrics.h"

/* clang-format off */
static const struct sheet_field fields[] = { { "login", "login_name" },
	{ "recovery", "recover_code" }, { "password", "account_password_new" },
	{ "password_again", "account_password_again" },
	{ "code", "recover_totp" }, { NULL, NULL } };
/* clang-format on */

static void
show(struct request *request, const char *verb, const struct trouble *trouble,
	int wait_secs)
{
	struct sheet sheet = sheet_begin(request, "", trouble);
	json_t *data;

	(void)verb;
	sheet.verb = "recover";
	session_entry(request);
	data = view_base(request, "recover_title");
	view_line(data, "here", "/login");
	view_wait(request, data, wait_secs);
	json_object_set_new(data, "form",
		sheet_form(&sheet, "recover", "recover", true, fields));
	view_flag(data, "has_error_title", trouble != NULL);
	account_end(&sheet, data, "recover", trouble);
}

void
page_recover(struct request *request)
{
	if (request->actor != NULL)
		reply_redirect(request, "/profile");
	else
		show(request, "", NULL, 0);
}

/* One and the same answer, whatever of it is wrong. */
static void
refuse(struct posted *p, enum ouv_err err)
{
	const bool late = err == OUV_CONFLICT;
	struct trouble trouble = { .status = late ? 429 : reply_status(err),
		.word = late                         ? "login_throttled"
			: p->result.error_count == 0 ? "recover_refused"
						     : NULL,
		.result = &p->result };

	if (late)
		reply_header(p->request, "Retry-After",
			ouv_arena_printf(p->request->arena, "%d",
				p->ask.wait_secs > 0 ? p->ask.wait_secs : 1));
	metrics_login(late ? LOGIN_THROTTLED : LOGIN_REFUSED);
	show(p->request, "", &trouble, late ? p->ask.wait_secs : 0);
}

void
page_recover_post(struct request *request)
{
	struct ouv_visit visit;
	uint8_t token[32] = { 0 };
	struct posted p;
	enum ouv_err err;

	if (request->actor != NULL) {
		reply_redirect(request, "/profile");
		return;
	}
	if (!posted_take(request, &p))
		return;
	session_visit(request, &visit);
	err = ouv_desk_recover(p.desk, request->arena, &visit, &p.ask, token);
	if (err == OUV_OK) {
		metrics_login(LOGIN_DONE);
		session_begin(request, token);
		session_keep_device(request, &visit);
		ouv_wipe(token, sizeof(token));
		reply_redirect(request, "/");
	} else if (err == OUV_TEMPORARY) {
		page_error_desk(request, err);
	} else {
		refuse(&p, err);
	}
}
