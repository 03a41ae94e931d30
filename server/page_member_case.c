/*
 * page_member_case.c - one case, for whoever answers for the company: where it
 * stands, what may be done, dates, what was alleged, evidence, messages
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/id.h"

#include "member.h"
#include "move.h"
#include "page.h"
#include "reply.h"
#include "session.h"

#define MESSAGES 20
#define ROOM 30000 /* bytes of words on one page */

static const char *
case_path(const struct request *request, const struct ouv_member_case *c)
{
	return ouv_arena_printf(
		request->arena, MEMBER_HERE "/%s", c->line.protocol);
}

/* ---- what may be done --------------------------------------------------- */

static void
add_act(const struct request *request, json_t *list, const char *path,
	const char *name, bool first)
{
	json_t *one = json_object();

	view_line(one, "act_path", path);
	view_line(one, "act", name);
	view_flag(one, "is_main", first);
	json_array_append_new(list, one);
	(void)request;
}

static const char *
word(const struct request *request, const char *key)
{
	const char *text =
		words_get(&request->server->words, request->lang, key);

	return text != NULL ? text : key;
}

/* As a button says it: what wants words has a form of its own for them. */
static const char *
choice_name(const struct request *request, const struct ouv_party_choice *c)
{
	const char *name = words_code(&request->server->words, request->lang,
		"member_act_", c->action);

	return name != NULL ? name : member_choice_label(request, c);
}

static void
add_acts(const struct request *request, json_t *data,
	const struct ouv_member_case *c)
{
	const char *path = case_path(request, c);
	struct ouv_arena *arena = request->arena;
	json_t *list = json_array(), *more = json_array();

	if (c->may_answer)
		add_act(request, list,
			ouv_arena_printf(arena, "%s/answer", path),
			word(request, c->line.reading ? "member_answer_more"
						      : "member_answer"),
			true);
	for (size_t i = 0; i < c->choice_count; i++)
		add_act(request, list,
			ouv_arena_printf(arena, "%s/decide?what=%s", path,
				form_escape(arena, member_choice_value(arena,
							   &c->choices[i]))),
			choice_name(request, &c->choices[i]), false);
	add_act(request, more, ouv_arena_printf(arena, "%s/message", path),
		word(request, "member_message"), false);
	if (c->line.stage != OUV_MEMBER_CLOSED)
		add_act(request, more,
			ouv_arena_printf(arena, "%s/ask-datum", path),
			word(request, "member_ask_datum"), false);
	if (c->may_hand)
		add_act(request, more, ouv_arena_printf(arena, "%s/hand", path),
			word(request, "member_hand"), false);
	view_flag(data, "has_acts", json_array_size(list) > 0);
	json_object_set_new(data, "acts", list);
	json_object_set_new(data, "more_acts", more);
}

/* ---- dates, points, promises -------------------------------------------- */

static void
add_clocks(const struct request *request, json_t *data,
	const struct ouv_member_case *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->clock_count; i++)
		json_array_append_new(
			list, view_clock(request, &c->clocks[i], (int)i + 1));
	view_flag(data, "has_clocks", c->clock_count > 0);
	json_object_set_new(data, "clocks", list);
}

static void
add_points(const struct request *request, json_t *data,
	const struct ouv_member_case *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->point_count; i++) {
		json_t *one = json_object();

		view_number(one, "point_n", (int64_t)i + 1);
		move_line(one, "point", c->points[i].label);
		move_line(one, "article", c->points[i].article_label);
		move_line(one, "law", c->points[i].law_label);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_points", c->point_count > 0);
	json_object_set_new(data, "points", list);
	(void)request;
}

static void
add_promises(const struct request *request, json_t *data,
	const struct ouv_member_case *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->promise_count; i++) {
		const struct ouv_member_promise *p = &c->promises[i];
		json_t *one = json_object();

		view_number(one, "promise_n", p->n);
		view_flag(one, "is_yours", strcmp(p->promiser, "company") == 0);
		view_flag(one, "is_offer", strcmp(p->source, "answer") == 0);
		view_code(request, one, "promise_state", "member_promise_",
			p->state);
		view_time(request, one, "promise_due", p->due_at);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_promises", c->promise_count > 0);
	json_object_set_new(data, "promises", list);
}

/* ---- messages ----------------------------------------------------------- */

static const char *
file_path(const struct request *request, const char *path, int seq, int part)
{
	return ouv_arena_printf(
		request->arena, "%s/files/%d/%d", path, seq, part);
}

static json_t *
make_files(const struct request *request, const char *path,
	const struct ouv_page_message *msg)
{
	json_t *list = json_array();

	for (size_t i = 0; i < msg->file_count; i++) {
		const struct ouv_page_file *f = &msg->files[i];
		json_t *one = json_object();

		view_line(one, "file_path",
			file_path(request, path, msg->seq, f->part));
		move_line(one, "file_name", f->name);
		view_size(request, one, "file_size", f->size);
		json_array_append_new(list, one);
	}
	return list;
}

/* room: what is left of the page; at least the beginning of each is shown. */
static json_t *
make_message(const struct request *request, const char *path,
	const struct ouv_page_message *msg, size_t *room)
{
	const char *text = msg->text != NULL ? msg->text : "";
	const size_t len = strlen(text);
	const size_t fits = view_fitting(text, *room > 400 ? *room : 400);
	json_t *one = json_object();

	view_number(one, "seq", msg->seq);
	view_code(request, one, "from", "member_from_", msg->from);
	view_flag(one, "is_yours", strcmp(msg->from, "you") == 0);
	view_time(request, one, "at", msg->at);
	/* Of what was written here the number of the case is all there is. */
	move_line(one, "msg_subject",
		msg->subject != NULL &&
				strcmp(msg->subject, request->args[0]) == 0
			? ""
			: msg->subject);
	view_text(
		one, "msg_text", ouv_arena_strndup(request->arena, text, fits));
	view_flag(one, "has_msg_text", len > 0);
	view_flag(one, "is_cut", fits < len);
	view_line(one, "text_path",
		ouv_arena_printf(
			request->arena, "%s/text?n=%d", path, msg->seq));
	view_line(one, "msg_lang",
		msg->lang != NULL && *msg->lang != '\0' ? msg->lang : "und");
	view_flag(one, "is_released", msg->released);
	view_time(request, one, "released_until",
		msg->released ? msg->until_at : 0);
	view_flag(one, "has_files", msg->file_count > 0);
	json_object_set_new(one, "files", make_files(request, path, msg));
	*room -= fits < *room ? fits : *room;
	return one;
}

static void
add_messages(const struct request *request, json_t *data,
	const struct ouv_member_case *c, const struct ouv_page_messages *msgs)
{
	const char *path = case_path(request, c);
	json_t *list = json_array();
	size_t room = ROOM;
	int last = 0;

	for (size_t i = 0; i < msgs->count && room > 0; i++) {
		json_array_append_new(list,
			make_message(request, path, &msgs->list[i], &room));
		last = msgs->list[i].seq;
	}
	view_flag(data, "has_messages", json_array_size(list) > 0);
	view_flag(data, "has_older",
		msgs->more || json_array_size(list) < msgs->count);
	view_line(data, "older_path",
		ouv_arena_printf(
			request->arena, "%s?before=%d#messages", path, last));
	view_line(data, "newest_path",
		ouv_arena_printf(request->arena, "%s#messages", path));
	view_flag(data, "is_newest",
		form_get(&request->query_form, "before") == NULL);
	json_object_set_new(data, "messages", list);
	view_number(data, "lacking", msgs->lacking);
	view_flag(data, "has_lacking", msgs->lacking > 0);
}

static void
add_proofs(const struct request *request, json_t *data,
	const struct ouv_member_case *c)
{
	const char *path = case_path(request, c);
	json_t *list = json_array();

	for (size_t i = 0; i < c->proof_count; i++) {
		const struct ouv_member_proof *p = &c->proofs[i];
		json_t *one = json_object();

		view_number(one, "proof_n", p->n);
		view_code(request, one, "proof_side", "member_proof_", p->side);
		view_time(request, one, "proof_added", p->added_at);
		view_flag(one, "is_readable", p->readable);
		view_flag(one, "is_file", p->part >= 0);
		view_line(one, "proof_path",
			p->part >= 0
				? file_path(request, path, p->item_seq, p->part)
				: ouv_arena_printf(request->arena,
					  "%s?before=%d#m-%d", path,
					  p->item_seq + 1, p->item_seq));
		json_array_append_new(list, one);
	}
	view_flag(data, "has_proofs", c->proof_count > 0);
	json_object_set_new(data, "proofs", list);
}

/* ---- people ------------------------------------------------------------- */

static void
add_people(const struct request *request, json_t *data,
	const struct ouv_member_case *c)
{
	json_t *people = json_array(), *hands = json_array();

	for (size_t i = 0; i < c->colleague_count; i++) {
		json_t *one = json_object();

		view_line(one, "person", c->colleagues[i].name);
		view_line(one, "person_unit", c->colleagues[i].unit);
		view_flag(one, "gets_letters", c->colleagues[i].gets_letters);
		json_array_append_new(people, one);
	}
	for (size_t i = 0; i < c->hand_count; i++) {
		json_t *one = json_object();

		view_line(one, "hand_from", c->hands[i].from);
		view_line(one, "hand_to", c->hands[i].to);
		view_line(one, "hand_unit", c->hands[i].to_unit);
		view_time(request, one, "hand", c->hands[i].at);
		json_array_append_new(hands, one);
	}
	view_flag(data, "has_people", c->colleague_count > 0);
	json_object_set_new(data, "people", people);
	view_flag(data, "has_hands", c->hand_count > 0);
	json_object_set_new(data, "hands", hands);
}

static void
add_reference(const struct request *request, json_t *data,
	const struct ouv_member_case *c)
{
	const char *path = ouv_arena_printf(
		request->arena, "%s/reference", case_path(request, c));
	struct ouv_id id = ouv_id_new();
	char hex[OUV_ID_HEX];

	ouv_id_hex(&id, hex);
	view_line(data, "reference_path", path);
	view_line(data, "reference_csrf", session_token(request, path));
	view_line(data, "reference_key", hex);
	view_line(data, "reference", c->line.reference);
	view_flag(data, "has_reference", *c->line.reference != '\0');
}

/* ---- the page ----------------------------------------------------------- */

static void
add_head(const struct request *request, json_t *data,
	const struct ouv_member_case *c)
{
	const char *done = form_get(&request->query_form, "done");

	json_object_set_new(data, "line", member_line_view(request, &c->line));
	view_line(data, "protocol", c->line.protocol);
	view_line(data, "title",
		ouv_arena_printf(request->arena, "%s %s",
			word(request, "link_case"), c->line.protocol));
	view_code(request, data, "standing", "link_state_",
		ouv_state_name(c->line.state));
	view_code(request, data, "turn", "member_turn_",
		ouv_owes_name(
			c->line.reading ? OUV_OWES_OFFICE : c->line.owes));
	view_flag(data, "is_reading", c->line.reading);
	view_flag(data, "is_waiting", c->line.waiting);
	view_flag(data, "is_closed", c->line.stage == OUV_MEMBER_CLOSED);
	view_flag(data, "is_protected", !c->consumer_named);
	if (done != NULL)
		done = words_code(&request->server->words, request->lang,
			"member_done_", done);
	view_flag(data, "is_done", done != NULL);
	view_line(data, "done", done);
}

static void
show(struct member *m, const struct ouv_member_case *c,
	const struct ouv_page_messages *msgs)
{
	const struct request *request = m->request;
	json_t *data = member_base(m, "member_title", case_path(request, c));

	view_flag(data, "at_member_cases", true);
	add_head(request, data, c);
	add_acts(request, data, c);
	add_clocks(request, data, c);
	add_points(request, data, c);
	add_promises(request, data, c);
	add_proofs(request, data, c);
	add_people(request, data, c);
	add_reference(request, data, c);
	add_messages(request, data, c, msgs);
	reply_page(m->request, 200, "membercase", data);
}

static int
before(const struct request *request)
{
	const char *text = form_get(&request->query_form, "before");
	long n = text != NULL ? strtol(text, NULL, 10) : 0;

	return n > 0 && n < 1000000 ? (int)n : 0;
}

void
member_case_page(struct request *request)
{
	struct ouv_page_messages msgs;
	struct ouv_member_case c;
	struct member m;
	enum ouv_err err;

	if (!member_enter(request, &m))
		return;
	err = ouv_desk_member_case(m.desk, request->arena, &m.visit,
		request->args[0], request->lang, &c);
	if (err == OUV_OK)
		err = ouv_desk_page_messages(m.desk, request->arena, &m.visit,
			request->args[0], before(request), MESSAGES, &msgs);
	if (err != OUV_OK) {
		member_error(&m, err);
		return;
	}
	show(&m, &c, &msgs);
	member_end(&m);
}

/* ---- files, a long text ------------------------------------------------- */

static bool
number(const char *text, int *out)
{
	if (text == NULL || strlen(text) > 6 || *text == '\0' ||
		text[strspn(text, "0123456789")] != '\0')
		return false;
	*out = (int)strtol(text, NULL, 10);
	return true;
}

void
page_member_file(struct request *request)
{
	const char *name = "";
	struct ouv_str bytes;
	struct member m;
	enum ouv_err err;
	int seq, part;

	if (!number(request->args[1], &seq) ||
		!number(request->args[2], &part)) {
		page_error(request, 404);
		return;
	}
	if (!member_enter(request, &m))
		return;
	err = ouv_desk_page_file(m.desk, request->arena, &m.visit,
		request->args[0], seq, part, &bytes, &name);
	if (err != OUV_OK) {
		member_error(&m, err);
		return;
	}
	member_end(&m);
	reply_bytes(request, 200, "application/octet-stream", bytes);
	reply_header_set(request, "Content-Security-Policy",
		"sandbox; default-src 'none'");
	reply_header(request, "Content-Disposition",
		download_name(
			request, *name != '\0' ? name : request->args[2]));
}

/* All of one message, as plain text. */
void
page_member_text(struct request *request)
{
	struct ouv_page_messages msgs = { .count = 0 };
	struct member m;
	enum ouv_err err;
	int seq;

	if (!number(form_get(&request->query_form, "n"), &seq)) {
		page_error(request, 404);
		return;
	}
	if (!member_enter(request, &m))
		return;
	err = ouv_desk_page_messages(m.desk, request->arena, &m.visit,
		request->args[0], seq + 1, 1, &msgs);
	if (err == OUV_OK && (msgs.count == 0 || msgs.list[0].seq != seq))
		err = OUV_NOT_FOUND;
	if (err != OUV_OK) {
		member_error(&m, err);
		return;
	}
	member_end(&m);
	reply_text(request, 200,
		view_clean(request->arena, msgs.list[0].text, true));
}
