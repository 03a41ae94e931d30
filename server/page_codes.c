/*
 * page_codes.c - the authenticator and the recovery code
 *
 * Both take two steps: something is made and shown, and counts once it came
 * back: a code of the app, the words on the paper.
 */
#include <string.h>

#include "ouv/vault.h"

#include "account.h"

/* clang-format off */
static const struct sheet_field
	begin_fields[] = { { "recovery", "account_recovery_code" }, { NULL, NULL } },
	code_fields[] = { { "code", "login_code" }, { NULL, NULL } },
	no_fields[] = { { NULL, NULL } };
/* clang-format on */

/* ---- the authenticator
 * --------------------------------------------------------
 */

/* In groups of four, as one reads it to somebody. */
static const char *
in_groups(struct ouv_arena *arena, const char *secret)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, (size_t)OUV_TOTP_B32 * 2);
	for (size_t i = 0; secret[i] != '\0'; i++) {
		if (i > 0 && i % 4 == 0)
			ouv_buf_char(&buf, ' ');
		ouv_buf_char(&buf, secret[i]);
	}
	return buf.data;
}

static void
add_secret(
	struct request *request, json_t *data, const struct ouv_totp_new *new)
{
	const bool waits = new->secret[0] != '\0';
	const char *path = NULL;
	int size = 0;

	if (waits)
		path = qr_path(request->arena, new->link, &size);
	view_flag(data, "has_secret", waits);
	view_line(data, "secret",
		waits ? in_groups(request->arena, new->secret) : "");
	view_flag(data, "has_picture", path != NULL);
	view_line(data, "picture", path);
	view_number(data, "picture_size", size);
}

static void
show_device(struct request *request, const char *verb,
	const struct trouble *trouble)
{
	struct sheet sheet = sheet_begin(request, "/profile/device", trouble);
	struct ouv_totp_new new = { .link = "" };
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);
	json_t *data;

	sheet.verb = verb;
	if (err == OUV_OK)
		err = ouv_desk_totp_waits(
			desk, request->arena, request->actor, &new);
	if (err != OUV_OK) {
		json_decref(sheet.errors);
		page_error_desk(request, err);
		return;
	}
	data = account_data(
		request, "account_device", "/profile/device", trouble);
	add_secret(request, data, &new);
	view_flag(
		data, "may_paper", (request->actor->must & OUV_MUST_TOTP) == 0);
	json_object_set_new(data, "begin",
		sheet_form(&sheet, "begin", "begin", true, begin_fields));
	json_object_set_new(data, "confirm",
		new.secret[0] != '\0' ? sheet_form(&sheet, "confirm", "confirm",
						true, code_fields)
				      : json_false());
	ouv_wipe(new.secret, sizeof(new.secret));
	account_end(&sheet, data, "device", trouble);
}

void
page_device(struct request *request)
{
	show_device(request, "", NULL);
}

void
page_device_begin(struct request *request)
{
	struct posted p;

	if (posted_take(request, &p))
		posted_answer(&p,
			ouv_desk_totp_begin(p.desk, request->actor, &p.ask),
			"begin", "/profile/device", show_device);
}

void
page_device_confirm(struct request *request)
{
	struct posted p;

	if (posted_take(request, &p))
		posted_answer(&p,
			ouv_desk_totp_confirm(p.desk, request->actor, &p.ask),
			"confirm", "/profile?done=device", show_device);
}

/* ---- the recovery code
 * ---------------------------------------------------------
 */

/* made: the one that is shown, this once; "" : none. */
static void
show_paper(struct request *request, const char *verb,
	const struct trouble *trouble, const char *made)
{
	struct sheet sheet = sheet_begin(request, "/profile/recovery", trouble);
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);
	bool waits = false;
	json_t *data;

	sheet.verb = verb;
	if (err == OUV_OK)
		err = ouv_desk_recovery_waits(desk, request->actor, &waits);
	if (err != OUV_OK) {
		json_decref(sheet.errors);
		page_error_desk(request, err);
		return;
	}
	data = account_data(
		request, "account_recovery", "/profile/recovery", trouble);
	view_flag(data, "has_made", *made != '\0');
	view_line(data, "made", made);
	json_object_set_new(data, "begin",
		sheet_form(&sheet, "begin", "begin", true, no_fields));
	json_object_set_new(data, "confirm",
		waits ? sheet_form(&sheet, "confirm", "confirm", true,
				begin_fields)
		      : json_false());
	account_end(&sheet, data, "recovery", trouble);
}

static void
show_recovery(struct request *request, const char *verb,
	const struct trouble *trouble)
{
	show_paper(request, verb, trouble, "");
}

void
page_recovery(struct request *request)
{
	show_paper(request, "", NULL, "");
}

/* The answer to the form itself shows it: no address does a second time. */
void
page_recovery_begin(struct request *request)
{
	char made[OUV_RECOVERY_MAX] = "";
	struct posted p;
	enum ouv_err err;

	if (!posted_take(request, &p))
		return;
	err = ouv_desk_recovery_begin(p.desk, request->actor, &p.ask, made);
	if (err == OUV_OK && !p.result.repeated)
		show_paper(request, "", NULL,
			ouv_arena_strdup(request->arena, made));
	else
		posted_answer(
			&p, err, "begin", "/profile/recovery", show_recovery);
	ouv_wipe(made, sizeof(made));
}

void
page_recovery_confirm(struct request *request)
{
	struct posted p;

	if (posted_take(request, &p))
		posted_answer(&p,
			ouv_desk_recovery_confirm(
				p.desk, request->actor, &p.ask),
			"confirm", "/profile?done=recovery", show_recovery);
}
