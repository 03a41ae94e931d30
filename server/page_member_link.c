/*
 * page_member_link.c - the link of a letter to whoever answers for a company,
 * and how they get another code
 *
 * Looking at its address asks nothing of any case.  With a code the button
 * begins a visit; without one it shows where that one case stands, and what may
 * be decided in it.
 */
#include <string.h>

#include "ouv/id.h"
#include "ouv/vault.h"

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

/* ---- a letter's link ---------------------------------------------------- */

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

static bool
is_case(const char *arg)
{
	char protocol[OUV_PROTOCOL_MAX];

	return ouv_protocol_parse(arg, protocol) == OUV_OK;
}

void
page_member_link(struct request *request)
{
	const char *code;
	struct member_door door = {
		.status = 200, .path = request->path, .letter = true
	};

	if (is_case(request->args[0])) {
		member_case_page(request);
		return;
	}
	(void)split(request->arena, request->args[0], &code);
	door.coded = *code != '\0';
	member_door_show(request, &door);
}

/* Wrong, old, of an erased case: nobody learns which. */
static void
show_gone(struct request *request)
{
	json_t *data;

	session_entry(request);
	data = view_base(request, "link_gone_title");
	reply_page(request, 404, "linkgone", data);
}

/* ... of a letter's case, without a code. */
struct looking {
	struct ouv_party_page page;
	struct ouv_member_reader reader;
	int status;
	const char *what, *words, *error;
	bool confirm, done;
};

static void
add_look_choices(
	const struct request *request, json_t *data, const struct looking *l)
{
	json_t *list = json_array();

	view_line(data, "chosen", "");
	for (size_t i = 0; i < l->page.choice_count; i++) {
		const struct ouv_party_choice *c = &l->page.choices[i];
		const char *value = member_choice_value(request->arena, c);
		const bool is = strcmp(value, l->what) == 0;
		json_t *one = json_object();

		view_line(one, "value", value);
		view_line(one, "id",
			ouv_arena_printf(request->arena, "what-%zu", i + 1));
		view_line(one, "name", member_choice_label(request, c));
		view_flag(one, "is_current", is);
		if (is)
			view_line(data, "chosen",
				member_choice_label(request, c));
		json_array_append_new(list, one);
	}
	view_flag(data, "has_choices", l->page.choice_count > 0);
	json_object_set_new(data, "choices", list);
}

static void
show_look(struct request *request, const struct looking *l)
{
	struct ouv_id id = ouv_id_new();
	char hex[OUV_ID_HEX];
	json_t *data;

	session_entry(request);
	data = view_base(request, "member_title");
	ouv_id_hex(&id, hex);
	view_line(data, "here", request->path);
	view_line(data, "action_path", request->path);
	view_line(data, "csrf", session_token(request, request->path));
	view_line(data, "form_key", hex);
	view_line(data, "protocol", l->page.protocol);
	view_line(data, "reader_name", l->reader.name);
	view_flag(data, "has_reader_name", *l->reader.name != '\0');
	view_line(data, "reader_company", l->reader.company);
	view_flag(data, "has_reader_company", *l->reader.company != '\0');
	view_code(request, data, "standing", "link_state_",
		ouv_state_name(l->page.state));
	view_code(request, data, "turn", "member_turn_",
		ouv_owes_name(l->page.owes));
	view_time(request, data, "by",
		ouv_state_is_open(l->page.state) ? l->page.due_at : 0);
	view_flag(data, "is_waiting", l->page.waiting);
	view_flag(data, "is_done", l->done);
	view_flag(data, "is_confirm", l->confirm);
	view_line(data, "what", l->what);
	view_text(data, "words", l->words);
	view_flag(data, "has_words", *l->words != '\0');
	view_flag(data, "has_error_title", l->status >= 400);
	view_flag(data, "has_error", l->error != NULL);
	view_line(data, "error", "");
	if (l->error != NULL)
		view_word(request, data, "error", l->error);
	add_look_choices(request, data, l);
	reply_page(request, l->status, "memberlook", data);
}

static const struct ouv_party_choice *
chosen(const struct request *request, const struct looking *l)
{
	for (size_t i = 0; i < l->page.choice_count; i++)
		if (strcmp(member_choice_value(
				   request->arena, &l->page.choices[i]),
			    l->what) == 0)
			return &l->page.choices[i];
	return NULL;
}

static void
decide(struct request *request, struct ouv_desk *desk, const char *token,
	struct looking *l, const struct ouv_party_choice *choice)
{
	const struct ouv_party_decision decision = { .action = choice->action,
		.choice = choice->choice,
		.text = ouv_arena_printf(request->arena, "%s\n\n%s",
			member_choice_label(request, choice), l->words),
		.form_key = field(request, "form_key") };
	int wait = 0;
	enum ouv_err err = ouv_desk_party_decide(desk, request->arena, token,
		session_address(request), &decision, &wait);

	l->status = err == OUV_OK ? 200 : err == OUV_REFUSED ? 429 : 409;
	l->confirm = false;
	l->done = err == OUV_OK;
	if (err == OUV_REFUSED)
		l->error = "link_too_often";
	else if (err == OUV_CONFLICT || err == OUV_INVALID)
		l->error = "link_not_now";
	else if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	/* What may be decided now is another thing. */
	err = ouv_desk_party_page(desk, request->arena, token, &l->page);
	if (err == OUV_OK)
		show_look(request, l);
	else
		page_error_desk(request, err);
}

static void
look(struct request *request, struct ouv_desk *desk, const char *token)
{
	struct looking l = { .status = 200,
		.what = field(request, "what"),
		.words = view_clean(
			request->arena, field(request, "words"), true) };
	const bool sent = form_get(&request->form, "what") != NULL ||
			  form_get(&request->form, "words") != NULL;
	const struct ouv_party_choice *choice;
	enum ouv_err err =
		ouv_desk_party_page(desk, request->arena, token, &l.page);

	if (err == OUV_OK)
		err = ouv_desk_member_link(
			desk, request->arena, token, &l.reader);
	if (err != OUV_OK) {
		if (err == OUV_NOT_FOUND)
			show_gone(request);
		else
			page_error_desk(request, err);
		return;
	}
	choice = chosen(request, &l);
	if (sent && choice == NULL)
		l.error = *l.what == '\0' ? "link_choose" : "link_not_now";
	if (l.error != NULL)
		l.status = 422;
	l.confirm = sent && choice != NULL;
	if (l.confirm && form_get(&request->form, "confirm") != NULL)
		decide(request, desk, token, &l, choice);
	else
		show_look(request, &l);
}

/* To the case of the letter. */
static void
go_in(struct request *request, struct ouv_desk *desk, const char *token)
{
	struct ouv_party_page page;
	enum ouv_err err =
		ouv_desk_party_page(desk, request->arena, token, &page);

	reply_redirect(request,
		err == OUV_OK ? ouv_arena_printf(request->arena,
					MEMBER_HERE "/%s", page.protocol)
			      : MEMBER_HERE);
}

void
page_member_link_post(struct request *request)
{
	struct member_door door = {
		.status = 200, .path = request->path, .letter = true
	};
	const char *code;
	const char *token = split(request->arena, request->args[0], &code);
	const bool only_look = form_get(&request->form, CODE) == NULL &&
			       form_get(&request->form, "open") == NULL;
	struct ouv_desk *desk;
	uint8_t cookie[32];
	enum ouv_err err = desk_here(request->server, &desk);

	if (err != OUV_OK || is_case(request->args[0])) {
		page_error_desk(request, err != OUV_OK ? err : OUV_NOT_FOUND);
		return;
	}
	door.coded = *code != '\0';
	if (form_get(&request->form, "look") != NULL || only_look) {
		look(request, desk, token);
		return;
	}
	if (*field(request, CODE) != '\0')
		code = field(request, CODE);
	if (member_door_open(request, desk, code, token, &door, cookie))
		go_in(request, desk, token);
	ouv_wipe(cookie, sizeof(cookie));
}

/* ---- another code ------------------------------------------------------- */

static void
show_ask(struct request *request, int status, const char *error, bool done)
{
	json_t *data;

	session_entry(request);
	data = view_base(request, "member_ask_title");
	view_line(data, "here", MEMBER_HERE "/code");
	view_line(data, "action_path", MEMBER_HERE "/code");
	view_line(data, "csrf", session_token(request, MEMBER_HERE "/code"));
	view_line(data, "addr", field(request, "addr"));
	view_flag(data, "is_done", done);
	view_flag(data, "has_error_title", status >= 400);
	view_flag(data, "has_error", error != NULL);
	view_line(data, "error", "");
	if (error != NULL)
		view_word(request, data, "error", error);
	reply_page(request, status, "memberask", data);
}

void
page_member_ask(struct request *request)
{
	show_ask(request, 200, NULL, false);
}

/* Whether anybody has that address is not told. */
void
page_member_ask_post(struct request *request)
{
	struct ouv_desk *desk;
	int wait = 0;
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK)
		err = strchr(field(request, "addr"), '@') == NULL
			      ? OUV_INVALID
			      : ouv_desk_page_ask(desk, request->arena,
					OUV_PAGE_CONTACT,
					field(request, "addr"),
					session_address(request), &wait);
	if (wait > 0)
		reply_header(request, "Retry-After",
			ouv_arena_printf(request->arena, "%d", wait));
	if (err == OUV_OK)
		show_ask(request, 200, NULL, true);
	else if (err == OUV_INVALID)
		show_ask(request, 422, "field_not_an_address", false);
	else if (err == OUV_REFUSED)
		show_ask(request, 429, "member_too_often", false);
	else
		page_error_desk(request, err);
}
