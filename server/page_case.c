/*
 * page_case.c - one case file, and what can be done to it
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/disclosure.h"
#include "ouv/grants.h"
#include "ouv/id.h"
#include "ouv/rotation.h"
#include "ouv/search.h"

#include "move.h"
#include "ocr_worker.h"
#include "page.h"
#include "reply.h"
#include "session.h"
#include "view.h"
#include "wish.h"
#include "write.h"

/* Taking the words of a case in may delay its page by about so much. */
#define TAKE_MS 100
#define NAMES_MS 10

/* clang-format off */
static const struct sheet_field
	no_fields[] = { { NULL, NULL } };
/* clang-format on */

static bool
can(const struct request *request, const struct ouv_case_view *view,
	enum ouv_action action)
{
	const struct ouv_move *move;

	return ouv_workflow_find(view->line.state, action, request->actor->role,
		       &move) == OUV_OK;
}

static void
add_forms(struct sheet *sheet, json_t *data, const struct ouv_case_view *view)
{
	const struct request *request = sheet->request;
	bool may_open =
		!view->in_conflict && can(request, view, OUV_ACTION_OPEN);
	const char *text = form_kept(request->arena, &request->form);

	view_write(sheet, data, view);
	json_object_set_new(data, "open",
		may_open ? sheet_form(sheet, "open", "open", true, no_fields)
			 : json_false());
	/* A text that can no longer be sent is shown all the same. */
	view_flag(data, "has_kept",
		sheet->trouble != NULL && !sheet->found && text != NULL &&
			*text != '\0');
	view_text(data, "kept_text", text);
}

/* Not registered, so not a case yet. */
static bool
is_held(const struct ouv_case_view *view)
{
	return view->line.protocol == NULL;
}

static void
add_head(const struct request *request, json_t *data,
	const struct ouv_case_view *view)
{
	const char *name = view->consumer_name;
	const char *addr = view->consumer_addr;

	view_case_line(request, data, &view->line, ouv_clock_now());
	view_flag(data, "is_held", is_held(view));
	view_line(data, "back_path",
		is_held(view) ? "/held"
			      : wish_back(request, session_list(request)));
	view_line(data, "consumer_name", name);
	view_flag(data, "has_consumer_name", name != NULL && *name != '\0');
	view_line(data, "consumer_addr", addr);
	view_flag(data, "has_consumer_addr", addr != NULL && *addr != '\0');
	view_code(request, data, "consumer_lang", "lang_",
		ouv_lang_tag(view->lang));
	view_line(data, "consumer_lang_tag", ouv_lang_tag(view->lang));
	view_flag(data, "has_company_lang", view->has_company);
	view_code(request, data, "company_lang", "lang_",
		ouv_lang_tag(view->company_lang));
}

/* "Subject - 2026-000123-7" in the window's title. */
static void
add_title(const struct request *request, json_t *data,
	const struct ouv_case_view *view)
{
	const struct ouv_case_line *line = &view->line;
	const char *subject = line->subject;

	if (subject == NULL || *subject == '\0')
		subject = view_unnamed(request, view);
	view_line(data, "title",
		line->protocol == NULL
			? subject
			: ouv_arena_printf(request->arena, "%s - %s",
				  line->protocol, subject));
	view_line(data, "heading", subject);
}

/* After a held message found its place: there it is, and back to the rest. */
static void
add_way_back(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const char *done)
{
	int seq = 0;

	for (size_t i = 0; i < view->item_count; i++)
		if (view_is_incoming(&view->items[i]))
			seq = view->items[i].seq;
	if (strcmp(done, "attribute") == 0 && seq > 0)
		view_notice_link(request, data,
			view_item_path(request, data,
				view_case_path(request, &view->line), seq),
			"to_the_message");
	if (strcmp(done, "attribute") == 0 || strcmp(done, "register") == 0)
		view_notice_link(request, data, "/held", "to_held");
}

/* ?done=reply after a form was done: its word, when there is one. */
static void
add_notice(const struct request *request, json_t *data,
	const struct ouv_case_view *view)
{
	const char *done = form_get(&request->query_form, "done");

	if (done == NULL || !view_done(request, data, done))
		return;
	add_way_back(request, data, view, done);
}

/* Did letters cross: was one sent or received that its writer did not know? */
static bool
is_crossed(const struct trouble *trouble)
{
	const struct ouv_verb_result *result =
		trouble != NULL ? trouble->result : NULL;

	return result != NULL && result->change_count > 0 &&
	       result->changes[0].item != 0;
}

/* Where it stands on its way, and what may happen next: of a held message
 * there is nothing of it. */
struct way {
	struct ouv_mediation mediation;
	struct ouv_next *next;
	size_t next_count;
	struct ouv_disclosure *released;
	size_t released_count;
	struct ouv_reader *readers;
	size_t reader_count;
};

static enum ouv_err
find_way(struct request *request, struct ouv_desk *desk,
	const struct ouv_case_view *view, struct way *way)
{
	enum ouv_err err = OUV_OK;

	if (is_held(view))
		return OUV_OK;
	err = ouv_desk_mediation(desk, request->arena, request->actor,
		request->args[0], request->lang, &way->mediation);
	if (err == OUV_OK)
		err = ouv_desk_next_bare(desk, request->arena, request->actor,
			request->args[0], request->lang, &way->next,
			&way->next_count);
	if (err == OUV_OK)
		err = ouv_desk_disclosures(desk, request->arena, request->actor,
			request->args[0], &way->released, &way->released_count);
	if (err == OUV_OK)
		err = ouv_desk_readers(desk, request->arena, request->actor,
			request->args[0], &way->readers, &way->reader_count);
	return err;
}

/* How to go on after somebody was faster. */
static const char *
changed_word(const struct sheet *sheet, const struct ouv_mediation *m)
{
	const char *verb = sheet->verb != NULL ? sheet->verb : "";

	if (strcmp(verb, "second") == 0)
		return view_pending_waits(sheet, m) ? "changed_second"
						    : "changed_void";
	return is_crossed(sheet->trouble) ? "changed_crossed" : "changed_help";
}

static void
add_way(struct sheet *sheet, json_t *data, const struct ouv_case_view *view,
	const struct way *way)
{
	const struct ouv_mediation *m = &way->mediation;

	view_clocks(sheet->request, data, view, m);
	view_mediation(sheet->request, data, m);
	view_file(sheet->request, data, view, m);
	view_releases(sheet->request, data, sheet->path, way->released,
		way->released_count);
	view_readers(sheet->request, data, way->readers, way->reader_count);
	view_key_moves(sheet->request, data, view, way->next, way->next_count);
	view_pending(sheet, data, view, m);
	view_next(sheet->request, data, view, way->next, way->next_count);
	view_guards(sheet->request, data,
		sheet->trouble != NULL ? sheet->trouble->result->failed : 0);
	view_changes(
		sheet->request, data, sheet->trouble, changed_word(sheet, m));
}

static void
add_all(struct request *request, json_t *data, const struct ouv_case_view *view,
	const struct way *way, const struct trouble *trouble)
{
	const char *path = view_case_path(request, &view->line);
	struct sheet sheet = sheet_begin(request, path, trouble);

	view_line(data, "here", path);
	view_line(data, "log_path",
		ouv_arena_printf(request->arena, "%s/log", path));
	view_flag(data, "at_worklist", !is_held(view));
	view_flag(data, "at_held", is_held(view));
	add_title(request, data, view);
	add_head(request, data, view);
	view_timeline(request, data, view, path);
	view_tasks(&sheet, data, view);
	view_away(&sheet, data, view);
	view_hand_over(&sheet, data, view);
	view_held(&sheet, data, view);
	add_way(&sheet, data, view, way);
	add_forms(&sheet, data, view);
	sheet_end(&sheet, data);
	view_flag(data, "has_error_title",
		trouble != NULL && trouble->status >= 400);
	add_notice(request, data, view);
}

/* Does the address ask for anything but the last messages? */
static bool
asks_for_others(const struct request *request)
{
	static const char *const names[] = { "lane", "before", "open" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (form_get(&request->query_form, names[i]) != NULL)
			return true;
	return false;
}

static enum ouv_err
read_all(struct request *request, struct ouv_desk *desk,
	const struct trouble *trouble, struct ouv_case_view *view,
	json_t **data_out)
{
	struct way way = { 0 };
	json_t *data;
	enum ouv_err err = (asks_for_others(request) ? ouv_desk_case
						     : ouv_desk_case_last)(
		desk, request->arena, request->actor, request->args[0], view);

	if (err == OUV_OK)
		err = find_way(request, desk, view, &way);
	if (err != OUV_OK)
		return err;
	if (view->may_reply || view->may_hold)
		write_policy(request);
	data = view_base(request, "worklist_title");
	add_all(request, data, view, &way, trouble);
	*data_out = data;
	return OUV_OK;
}

/* All of one moment. */
static enum ouv_err
read_together(struct request *request, const struct trouble *trouble,
	struct ouv_case_view *view, json_t **data_out)
{
	struct ouv_desk *desk;
	enum ouv_err err, end;

	err = desk_here(request->server, &desk);
	if (err != OUV_OK)
		return err;
	ouv_desk_together(desk, request->arena);
	err = read_all(request, desk, trouble, view, data_out);
	end = ouv_desk_apart(desk);
	return err == OUV_OK ? end : err;
}

/* What whoever opens a case alone can do for it. */
static void
take_over(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct ouv_id *id)
{
	ouv_desk_take_words(desk, actor, id, TAKE_MS);
	ouv_desk_take_names(desk, actor, id, NAMES_MS);
	ocr_worker_case(desk, actor, id);
}

void
page_case_show(struct request *request, const struct trouble *trouble)
{
	struct ouv_case_view view = { 0 };
	struct ouv_desk *desk;
	json_t *data = NULL;
	enum ouv_err err;

	if (page_decided(request, trouble))
		return;
	err = read_together(request, trouble, &view, &data);
	/* Nobody can open what was erased; whoever looks for it is told. */
	if (err == OUV_REFUSED && page_tombstone(request))
		return;
	if (err != OUV_OK) {
		json_decref(data);
		page_error_desk(
			request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
		return;
	}
	reply_page(
		request, trouble != NULL ? trouble->status : 200, "case", data);
	if (trouble == NULL && !is_held(&view) &&
		desk_here(request->server, &desk) == OUV_OK)
		take_over(desk, request->actor, &view.line.id);
}

void
page_case(struct request *request)
{
	char canonical[OUV_PROTOCOL_MAX];

	/* One case has one address, however its number was typed. */
	if (ouv_protocol_parse(request->args[0], canonical) == OUV_OK &&
		strcmp(canonical, request->args[0]) != 0) {
		reply_redirect(request, ouv_arena_printf(request->arena,
						"/cases/%s", canonical));
		return;
	}
	page_case_show(request, NULL);
}

/* What a form holds for us and not for the verb. */
static bool
is_ours(const char *name)
{
	static const char *const ours[] = { "csrf", "form_key", "held_next",
		"boxes_from" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(ours[i], name) == 0)
			return true;
	return false;
}

/* What is sent is what the page shows. */
size_t
page_case_fields(
	const struct request *request, struct ouv_field out[FORM_FIELDS])
{
	const struct form *form = &request->form;
	size_t n = 0;

	for (size_t i = 0; i < form->count; i++) {
		if (is_ours(form->fields[i].name))
			continue;
		out[n].name = form->fields[i].name;
		out[n++].value =
			view_clean(request->arena, form->fields[i].value, true);
	}
	return n;
}

static enum ouv_err
act(struct request *request, const char *key, struct ouv_verb_result *result)
{
	struct ouv_field list[FORM_FIELDS];
	size_t count = page_case_fields(request, list);
	struct ouv_desk *desk;
	enum ouv_err err;

	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	return ouv_desk_do(desk, request->arena, request->actor,
		request->args[0], request->args[1], key, list, count, result);
}

/* Back to the held mail, at the message that comes next. */
static void
go_on_held(struct request *request, const struct ouv_verb_result *result,
	const char *next)
{
	const char *number = request->args[0], *in = result->location;
	char protocol[OUV_PROTOCOL_MAX];
	struct ouv_id id;
	bool more = ouv_id_parse(next, &id) == OUV_OK;

	in = in != NULL && strncmp(in, "/cases/", 7) == 0 ? in + 7 : "";
	in = ouv_arena_strndup(request->arena, in, strcspn(in, "?#/"));
	if (ouv_protocol_parse(in, protocol) != OUV_OK)
		in = "";
	reply_redirect(request,
		ouv_arena_printf(request->arena,
			"/held?done=%s&of=%s%s%s%s%s%s", request->args[1],
			number, *in != '\0' ? "&in=" : "", in,
			more ? "&at=" : "", more ? next : "",
			more ? "#look" : ""));
}

/* What was done is told there, and where the message is. */
static void
go_on(struct request *request, const struct ouv_verb_result *result)
{
	const char *next = form_get(&request->form, "held_next");
	const char *number = request->args[0], *verb = request->args[1];
	const char *path = result->location;

	if (next != NULL) {
		go_on_held(request, result, next);
		return;
	}
	if (path == NULL)
		path = ouv_arena_printf(request->arena, "/cases/%s", number);
	if (strncmp(path, "/held", 5) == 0)
		path = ouv_arena_printf(
			request->arena, "/held?done=%s&of=%s", verb, number);
	else if (strchr(path, '?') == NULL)
		path = ouv_arena_printf(request->arena, "%s?done=%s", path,
			result->waiting ? "waiting" : verb);
	reply_redirect(request, path);
}

/* Two cases are in it: the key that lacks may be the other one's. */
static const char *
refused_word(const char *verb)
{
	const char *word = "act_refused";

	if (strcmp(verb, "attribute") == 0)
		word = "attribute_refused";
	return word;
}

/* Acts whose form stands on the page of the case; any other has its own. */
static const char *const here[] = { "open", "reply", "holding", "substitute",
	"attribute", "register", "retry", "discard", "restore", "task-done",
	"assign", "conflict", "second" };

static bool
has_own_page(const char *verb)
{
	enum ouv_action action;

	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
		if (strcmp(here[i], verb) == 0)
			return false;
	return ouv_action_parse(verb, &action) == OUV_OK;
}

void
page_case_post(struct request *request)
{
	const char *key = form_get(&request->form, "form_key");
	struct ouv_verb_result result = { 0 };
	struct trouble trouble = { .result = &result };
	uint8_t bytes[16];
	enum ouv_err err;

	if (key == NULL || ouv_unhex(key, bytes, sizeof(bytes)) != OUV_OK) {
		page_error(request, 400);
		return;
	}
	err = act(request, key, &result);
	if (err == OUV_REFUSED && result.step_up) {
		page_step_up(request);
		return;
	}
	if (err != OUV_OK && has_own_page(request->args[1])) {
		page_move_again(request, err, &result);
		return;
	}
	trouble.status = reply_status(err);
	switch (err) {
	case OUV_OK:
		if (result.copy != NULL)
			page_export(request, result.copy);
		else
			go_on(request, &result);
		return;
	case OUV_INVALID:
		trouble.word = result.error_count == 0 ? "field_wrong" : NULL;
		page_case_show(request, &trouble);
		return;
	case OUV_CONFLICT:
		trouble.word = is_crossed(&trouble)    ? "act_crossed"
			       : result.handed != NULL ? "act_handed"
						       : "act_conflict";
		page_case_show(request, &trouble);
		return;
	case OUV_REFUSED:
		trouble.word = result.failed != 0
				       ? "act_guards"
				       : refused_word(request->args[1]);
		page_case_show(request, &trouble);
		return;
	default:
		page_error_desk(request, err);
	}
}

void
page_case_again(struct request *request)
{
	static const struct ouv_verb_result nothing;
	const struct trouble typed = { .status = 200, .result = &nothing };

	if (has_own_page(request->args[1]))
		page_move_again(request, OUV_OK, &nothing);
	else
		page_case_show(request, &typed);
}
