/*
 * page_member_hand.c - a case goes from one who answers for a company to
 * another
 */
#include <string.h>

#include "ouv/id.h"

#include "member.h"
#include "page.h"
#include "reply.h"
#include "session.h"

static const char *
field(const struct request *request, const char *name)
{
	const char *value = form_get(&request->form, name);

	return value != NULL ? value : "";
}

static const char *
path_of(const struct request *request)
{
	return ouv_arena_printf(
		request->arena, MEMBER_HERE "/%s", request->args[0]);
}

static void
add_heirs(struct member *m, json_t *data, const struct ouv_member_heir *list,
	size_t count)
{
	const struct request *request = m->request;
	json_t *rows = json_array();

	view_line(data, "chosen", "");
	view_line(data, "chosen_unit", "");
	for (size_t i = 0; i < count; i++) {
		char *hex = ouv_arena_alloc(request->arena, OUV_ID_HEX);
		json_t *one = json_object();
		bool is;

		ouv_id_hex(&list[i].contact, hex);
		is = strcmp(field(request, "to"), hex) == 0;
		view_line(one, "value", hex);
		view_line(one, "id",
			ouv_arena_printf(request->arena, "to-%zu", i + 1));
		view_line(one, "person", list[i].name);
		view_line(one, "person_unit", list[i].unit);
		view_flag(one, "is_outsourced", !list[i].owned);
		view_flag(one, "is_away", list[i].away);
		view_flag(one, "is_current", is);
		if (is) {
			view_line(data, "chosen", list[i].name);
			view_line(data, "chosen_unit", list[i].unit);
		}
		json_array_append_new(rows, one);
	}
	view_flag(data, "has_heirs", count > 0);
	json_object_set_new(data, "heirs", rows);
}

/* error: a word; confirm: the second step. */
static void
show(struct member *m, int status, const char *error, bool confirm)
{
	struct request *request = m->request;
	const char *case_path = path_of(request);
	const char *path =
		ouv_arena_printf(request->arena, "%s/hand", case_path);
	struct ouv_id id = ouv_id_new();
	struct ouv_member_heir *list;
	size_t count;
	char hex[OUV_ID_HEX];
	json_t *data;
	enum ouv_err err = ouv_desk_member_heirs(m->desk, request->arena,
		&m->visit, request->args[0], &list, &count);

	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	ouv_id_hex(&id, hex);
	data = member_base(m, "member_hand_title", case_path);
	view_flag(data, "at_member_cases", true);
	view_line(data, "case_path", case_path);
	view_line(data, "protocol", request->args[0]);
	view_line(data, "action_path", path);
	view_line(data, "csrf", session_token(request, path));
	view_line(data, "form_key", hex);
	view_flag(data, "is_confirm", confirm);
	view_line(data, "to", field(request, "to"));
	view_flag(data, "keeps", strcmp(field(request, "keeps"), "1") == 0);
	view_flag(data, "has_error", error != NULL);
	view_line(data, "error", "");
	if (error != NULL)
		view_word(request, data, "error", error);
	view_flag(data, "has_error_title", status >= 400);
	add_heirs(m, data, list, count);
	reply_page(request, status, "memberhand", data);
}

void
page_member_hand(struct request *request)
{
	struct member m;

	if (!member_enter(request, &m))
		return;
	show(&m, 200, NULL, false);
	member_end(&m);
}

static bool
is_heir(struct member *m, bool *is_out)
{
	struct ouv_member_heir *list;
	struct ouv_id id;
	size_t count;
	enum ouv_err err = ouv_desk_member_heirs(m->desk, m->request->arena,
		&m->visit, m->request->args[0], &list, &count);

	*is_out = false;
	if (err != OUV_OK) {
		page_error_desk(m->request, err);
		return false;
	}
	if (ouv_id_parse(field(m->request, "to"), &id) == OUV_OK)
		for (size_t i = 0; i < count; i++)
			*is_out |= ouv_id_equal(&list[i].contact, &id);
	return true;
}

static void
hand_over(struct member *m)
{
	struct request *request = m->request;
	const struct ouv_member_handing handing = { .to = field(request, "to"),
		.both = strcmp(field(request, "keeps"), "1") == 0,
		.form_key = field(request, "form_key") };
	struct ouv_verb_result result = { 0 };
	enum ouv_err err = ouv_desk_member_hand(m->desk, request->arena,
		&m->visit, request->args[0], &handing, &result);

	if (err == OUV_OK)
		reply_redirect(
			request, ouv_arena_printf(request->arena,
					 "%s?done=hand", path_of(request)));
	else if (err == OUV_INVALID && result.error_count > 0)
		show(m, 422, "member_hand_choose", false);
	else if (err == OUV_CONFLICT)
		show(m, 409, "link_not_now", false);
	else if (err == OUV_REFUSED)
		show(m, 409, "member_hand_not_now", false);
	else
		page_error_desk(request, err);
}

void
page_member_hand_post(struct request *request)
{
	struct member m;
	bool is;

	if (!member_enter(request, &m))
		return;
	if (is_heir(&m, &is)) {
		if (!is)
			show(&m, 422, "member_hand_choose", false);
		else if (form_get(&request->form, "confirm") == NULL)
			show(&m, 200, NULL,
				form_get(&request->form, "back") == NULL);
		else
			hand_over(&m);
	}
	member_end(&m);
}
