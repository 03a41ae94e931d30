/*
 * page_invite.c - a way in for a colleague who has no password: the code, once
 */
#include "ouv/grants.h"
#include "ouv/vault.h"

#include "account.h"
#include "invite.h"

static const struct sheet_field invite_fields[] = {
	{ "all_the_same", "invite_all_the_same" }, { NULL, NULL }
};

json_t *
invite_form(struct sheet *sheet, enum ouv_role role)
{
	const struct ouv_actor *actor = sheet->request->actor;

	if (actor->role != OUV_ROLE_ADMIN || role == OUV_ROLE_ADMIN)
		return json_false();
	return sheet_form(sheet, "invite", "invite", true, invite_fields);
}

/* The answer to the form itself shows it: no address does a second time. */
static void
show_code(struct request *request, const char *code)
{
	json_t *data = view_base(request, "invite_made");

	view_line(data, "here", "/people");
	view_line(data, "login", request->args[0]);
	view_line(data, "code", code);
	view_line(data, "where",
		ouv_arena_printf(request->arena, "%s/recover",
			request->server->site.origin));
	view_line(data, "person_path",
		ouv_arena_printf(
			request->arena, "/people/%s", request->args[0]));
	reply_page(request, 200, "invited", data);
}

void
page_invite(struct request *request)
{
	char code[OUV_RECOVERY_MAX] = "";
	struct ouv_leaving leaving;
	struct trouble trouble;
	struct posted p;
	enum ouv_err err;

	if (!posted_take(request, &p))
		return;
	err = ouv_desk_invite(p.desk, request->arena, request->actor,
		request->args[0], &p.ask, code, &leaving);
	if (err == OUV_OK && p.result.repeated)
		reply_redirect(
			request, ouv_arena_printf(request->arena, "/people/%s",
					 request->args[0]));
	else if (err == OUV_OK)
		show_code(request, ouv_arena_strdup(request->arena, code));
	else if (err == OUV_REFUSED && p.result.step_up)
		page_step_up(request);
	else if (err == OUV_REFUSED)
		page_error(request, 403);
	else if (err == OUV_INVALID && p.result.error_count > 0) {
		trouble = (struct trouble){ .status = reply_status(err),
			.result = &p.result };
		person_show(request, "invite", &trouble, &leaving);
	} else
		page_error_desk(request, err);
	ouv_wipe(code, sizeof(code));
}
