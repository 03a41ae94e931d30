/*
 * page_move.c - one act upon a case on a page of its own: the form, the letters
 * it would send, and what to do when it cannot be done
 *
 * Looking changes nothing and uses no key up.  Whatever goes wrong, what was
 * typed comes back: in its fields, or, when the case has moved on and the form
 * no longer exists, as text.
 */
#include <string.h>

#include "ouv/company_page.h"
#include "ouv/disclosure.h"
#include "ouv/id.h"

#include "again.h"
#include "move.h"
#include "page.h"
#include "reply.h"
#include "session.h"
#include "write.h"

/* One page as it is being made. */
struct paper {
	struct request *request;
	struct ouv_case_view view;
	const struct ouv_next *next; /* NULL: it cannot be done now */
	const struct trouble *trouble;
	const struct ouv_preview *preview; /* NULL: not looked at */
	struct ouv_effects effects;        /* of what was not looked at */
	struct ouv_mediation mediation;
	const struct ouv_prepared *prepared; /* what fills it; NULL: nothing */
};

static const char *const sides[] = { "consumer", "company" };

/* ---- finding it ------------------------------------------------------------
 */

static const char *
field(const struct request *request, const char *name)
{
	const char *value = form_get(&request->form, name);

	if (value == NULL)
		value = form_get(&request->query_form, name);
	return value != NULL ? value : "";
}

static bool
is_meant(const struct request *request, const struct ouv_next *next)
{
	const char *behalf = field(request, "behalf");
	const char *role = ouv_role_name(next->role);
	bool party = strcmp(role, sides[0]) == 0 || strcmp(role, sides[1]) == 0;

	if (strcmp(next->verb, request->args[1]) != 0)
		return false;
	return party ? strcmp(behalf, role) == 0 : *behalf == '\0';
}

static enum ouv_err
find(struct paper *paper)
{
	struct request *request = paper->request;
	struct ouv_next *list;
	struct ouv_desk *desk;
	size_t count;
	enum ouv_err err, end;

	err = desk_here(request->server, &desk);
	if (err != OUV_OK)
		return err;
	ouv_desk_together(desk, request->arena);
	err = ouv_desk_case(desk, request->arena, request->actor,
		request->args[0], &paper->view);
	if (err == OUV_OK)
		err = ouv_desk_next(desk, request->arena, request->actor,
			request->args[0], request->lang, &list, &count);
	for (size_t i = 0; err == OUV_OK && i < count; i++)
		if (is_meant(request, &list[i]))
			paper->next = &list[i];
	if (err == OUV_OK && paper->next != NULL && paper->preview == NULL)
		err = ouv_desk_effects(desk, request->arena, request->actor,
			request->args[0], paper->next->verb, paper->next->role,
			"", &paper->effects);
	if (err == OUV_OK && paper->next != NULL)
		err = ouv_desk_mediation(desk, request->arena, request->actor,
			request->args[0], request->lang, &paper->mediation);
	end = ouv_desk_apart(desk);
	return err != OUV_OK ? err : end;
}

/* ---- the letters -----------------------------------------------------------
 */

static json_t *
letter(const struct request *request, const char *side,
	const struct ouv_check *check)
{
	json_t *one = json_object();

	view_line(one, "letter_side", side);
	view_code(request, one, "letter_title", "letter_to_", side);
	view_line(one, "mail_to_name", check->to_name);
	view_line(one, "mail_to_addr", check->to_addr);
	view_flag(one, "has_mail_to_addr",
		check->to_addr != NULL && *check->to_addr != '\0');
	view_flag(one, "is_covered", check->covered);
	view_line(one, "mail_subject", check->subject);
	view_text(one, "mail_text", check->text);
	view_line(one, "mail_lang", ouv_lang_tag(check->lang));
	view_code(request, one, "mail_lang_name", "lang_",
		ouv_lang_tag(check->lang));
	view_findings(request, one, "move", check, NULL);
	view_line(one, "found_id",
		ouv_arena_printf(request->arena, "letter-%s-found", side));
	return one;
}

static void
add_letters(const struct paper *paper, json_t *form)
{
	const struct ouv_preview *p = paper->preview;
	const struct request *request = paper->request;
	json_t *list = json_array();

	for (size_t i = 0; p != NULL && i < 2; i++)
		if (p->letter[i].subject != NULL)
			json_array_append_new(
				list, letter(request, sides[i], &p->letter[i]));
	view_flag(form, "is_looked_at", p != NULL);
	view_flag(form, "has_letters", json_array_size(list) > 0);
	view_flag(form, "has_two_letters", json_array_size(list) > 1);
	json_object_set_new(form, "letters", list);
	view_flag(form, "would_wait", p != NULL && p->second);
	view_flag(form, "would_move",
		p != NULL && p->to != paper->view.line.state);
	view_code(request, form, "would_be", "state_",
		ouv_state_name(p != NULL ? p->to : paper->view.line.state));
}

/* ---- the form --------------------------------------------------------------
 */

static uint64_t
failing(const struct paper *paper)
{
	if (paper->preview != NULL)
		return paper->preview->failed & ~OUV_GUARD_BIT(OUV_GUARD_LINT);
	if (paper->trouble != NULL && paper->trouble->result->failed != 0)
		return paper->trouble->result->failed;
	return paper->next->failed;
}

static bool
is_warned(const struct paper *paper)
{
	const struct ouv_preview *p = paper->preview;
	const struct ouv_check *check =
		paper->trouble != NULL ? paper->trouble->result->check : NULL;

	if (check != NULL && check->warned)
		return true;
	return p != NULL && (p->letter[0].warned || p->letter[1].warned);
}

/* The revision the form is for: what its reader has seen by now. */
static int
revision(const struct paper *paper)
{
	if (paper->trouble != NULL && paper->trouble->result->rev != 0)
		return paper->trouble->result->rev;
	return paper->view.line.rev;
}

/* What was seen when the form was made stays so until it is told otherwise. */
static const char *
revision_text(const struct paper *paper)
{
	const struct trouble *trouble = paper->trouble;
	const char *typed = form_get(&paper->request->form, "rev");

	if (trouble != NULL && trouble->status != 409 && typed != NULL)
		return typed;
	return ouv_arena_printf(paper->request->arena, "%d", revision(paper));
}

static bool
sends_letters(const struct ouv_move *move)
{
	return move->text[0] != NULL || move->text[1] != NULL ||
	       (move->guards & OUV_GUARD_BIT(OUV_GUARD_LINT)) != 0;
}

static bool
makes_file(enum ouv_action action)
{
	return action == OUV_ACTION_CASE_FILE ||
	       action == OUV_ACTION_WHOLE_FILE ||
	       action == OUV_ACTION_TAKE_FILE;
}

static json_t *
make_form(struct sheet *sheet, const struct paper *paper)
{
	const struct request *request = paper->request;
	json_t *form = view_form(sheet, &paper->view, paper->next);
	const struct ouv_check *check =
		paper->trouble != NULL ? paper->trouble->result->check : NULL;
	uint64_t failed = failing(paper);
	const char *overrule = field(request, "overrule");

	view_line(form, "rev", revision_text(paper));
	view_line(form, "letters_path",
		ouv_arena_printf(request->arena, "%s/do/%s/preview",
			sheet->path, paper->next->verb));
	view_guards(request, form, failed);
	view_flag(form, "needs_second",
		(paper->next->move->guards & OUV_GUARD_BIT(OUV_GUARD_EYES)) !=
			0);
	view_flag(form, "sends_letters", sends_letters(paper->next->move));
	view_flag(form, "makes_file", makes_file(paper->next->move->action));
	view_dossier(request, form,
		paper->preview != NULL && paper->trouble != NULL
			? paper->trouble->result->look
			: NULL);
	view_flag(form, "is_weighty",
		sends_letters(paper->next->move) ||
			makes_file(paper->next->move->action) ||
			(paper->next->move->guards &
				OUV_GUARD_BIT(OUV_GUARD_EYES)) != 0);
	view_flag(form, "is_found", check != NULL);
	view_findings(request, form, "move", check, NULL);
	view_flag(form, "wants_overrule",
		is_warned(paper) || *overrule != '\0' ||
			json_is_true(
				json_object_get(form, "has_overrule_error")));
	add_letters(paper, form);
	view_effects(request, form,
		paper->preview != NULL ? &paper->preview->effects
				       : &paper->effects);
	return form;
}

/* ---- somebody was faster ---------------------------------------------------
 */

/* The form is gone with the state it belonged to. */
static void
add_kept(const struct paper *paper, json_t *data)
{
	const struct request *request = paper->request;
	const char *text = NULL;

	if (paper->next == NULL)
		text = (paper->prepared != NULL ? form_words : form_kept)(
			request->arena, &request->form);
	view_flag(data, "has_kept", text != NULL && *text != '\0');
	view_text(data, "kept_text", text);
}

/* ---- what was prepared, and came back ---------------------------------------
 */

static void
add_prepared(const struct paper *paper, json_t *data)
{
	static const struct ouv_prepared none;
	const struct request *request = paper->request;
	const struct ouv_prepared *p =
		paper->prepared != NULL ? paper->prepared : &none;

	view_flag(data, "has_prepared", paper->prepared != NULL);
	view_line(data, "prepared_by", p->author);
	view_time(request, data, "prepared_at", p->at);
	view_time(request, data, "prepared_end", p->decided_at);
	move_line(data, "prepared_second", p->second);
	view_code(request, data, "prepared_state", "prepared_state_",
		p->decision != NULL ? p->decision : "waits");
	move_body(data, "prepared_why", p->why);
}

/* Its words stand in the form as they were typed, or below it. */
static enum ouv_err
take_up(struct request *request, const char *act, struct ouv_prepared *prepared)
{
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK)
		err = ouv_desk_prepared(desk, request->arena, request->actor,
			request->args[0], act, prepared);
	if (err == OUV_OK && strcmp(prepared->action, request->args[1]) != 0)
		err = OUV_NOT_FOUND;
	for (size_t i = 0; err == OUV_OK && i < prepared->field_count; i++)
		again_set(request, prepared->fields[i].name,
			prepared->fields[i].value);
	return err;
}

/* What the company offered by a date on its own page is a promise already: in
 * the form of whoever passes its answer on.  False: there is none. */
static enum ouv_err
take_answer(struct request *request, bool *any_out)
{
	struct ouv_field *list = NULL;
	struct ouv_desk *desk;
	size_t count = 0;
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK)
		err = ouv_desk_member_answer(desk, request->arena,
			request->actor, request->args[0], &list, &count);
	for (size_t i = 0; err == OUV_OK && i < count; i++)
		again_set(request, list[i].name, list[i].value);
	*any_out = count > 0;
	return err;
}

/* ---- the page --------------------------------------------------------------
 */

static void
add_head(const struct paper *paper, json_t *data)
{
	const struct request *request = paper->request;
	const char *subject = paper->view.line.subject;
	const char *state = ouv_state_name(paper->view.line.state);
	const char *verb = request->args[1];
	const char *name = move_word(request, "action_", verb, state);
	const char *help = move_word(request, "actionhelp_", verb, state);

	if (name == NULL)
		name = words_code(&request->server->words, request->lang,
			"action_", verb);
	if (help == NULL)
		help = words_code(&request->server->words, request->lang,
			"actionhelp_", verb);
	view_line(data, "heading", name != NULL ? name : verb);
	move_line(data, "action_help", help);
	view_line(data, "title",
		ouv_arena_printf(request->arena, "%s - %s",
			name != NULL ? name : verb,
			paper->view.line.protocol != NULL
				? paper->view.line.protocol
				: ""));
	if (subject == NULL || *subject == '\0')
		subject = words_get(
			&request->server->words, request->lang, "no_subject");
	view_line(data, "case_subject", subject);
	view_code(request, data, "lang_consumer", "lang_",
		ouv_lang_tag(paper->view.lang));
	view_code(request, data, "lang_company", "lang_",
		ouv_lang_tag(paper->view.company_lang));
	view_flag(data, "has_company", paper->view.has_company);
}

static void
show(struct paper *paper, int status)
{
	struct request *request = paper->request;
	const char *path = view_case_path(request, &paper->view.line);
	struct sheet sheet = sheet_begin(request, path, paper->trouble);
	json_t *data = view_base(request, "worklist_title");

	view_line(data, "here", path);
	view_flag(data, "at_worklist", true);
	view_line(data, "case_path", path);
	view_line(data, "protocol", paper->view.line.protocol);
	add_head(paper, data);
	view_changes(request, data, paper->trouble,
		paper->next != NULL ? "changed_help" : "changed_gone");
	json_object_set_new(data, "move",
		paper->next != NULL ? make_form(&sheet, paper) : json_false());
	if (paper->next != NULL) {
		view_sides(request, data, &paper->view, &paper->mediation,
			paper->next->move->action);
		view_said(request, data, &paper->view, paper->next);
	}
	view_lookers(request, data, &paper->view);
	view_line(data, "stay_path",
		ouv_arena_printf(request->arena, "%s/check", path));
	view_line(data, "stay_verb", request->args[1]);
	view_line(data, "script_path",
		request->server->assets[ASSET_SCRIPT].path);
	add_prepared(paper, data);
	add_kept(paper, data);
	sheet_end(&sheet, data);
	if (paper->next != NULL && sheet.form == NULL)
		view_carry(data, "move",
			ouv_arena_printf(request->arena, "%s/%s", path,
				request->args[1]));
	view_flag(data, "has_error_title", status >= 400);
	if (paper->next != NULL)
		write_policy(request);
	reply_page(request, status, "move", data);
}

/* As it stands now, with what came back; status of the answer. */
static void
show_again(struct request *request, const struct trouble *trouble,
	const struct ouv_preview *preview)
{
	struct paper paper = {
		.request = request, .trouble = trouble, .preview = preview
	};
	enum ouv_err err = find(&paper);

	if (err != OUV_OK) {
		page_error_desk(
			request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
		return;
	}
	show(&paper, trouble->status);
}

void
page_move(struct request *request)
{
	static const struct ouv_verb_result nothing;
	const struct trouble typed = { .status = 200, .result = &nothing };
	const char *from = form_get(&request->query_form, "from");
	struct paper paper = { .request = request };
	struct ouv_prepared prepared = { 0 };
	enum ouv_action action;
	enum ouv_err err = OUV_OK;
	bool any = false;

	if (ouv_action_parse(request->args[1], &action) != OUV_OK) {
		page_error(request, 404);
		return;
	}
	if (from == NULL && action == OUV_ACTION_ANSWER) {
		err = take_answer(request, &any);
		paper.trouble = any ? &typed : NULL;
	}
	if (err == OUV_OK && from != NULL) {
		err = take_up(request, from, &prepared);
		paper.prepared = &prepared;
		paper.trouble = &typed;
	}
	if (err == OUV_OK)
		err = find(&paper);
	if (err != OUV_OK) {
		page_error_desk(
			request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
		return;
	}
	/* Known, but not in this state, or not for this role. */
	show(&paper, paper.next != NULL || from != NULL ? 200 : 403);
}

/* ---- when it was not done ---------------------------------------------------
 */

/* What the desk said, in words; false: it is an error of its own page. */
static bool
explain(enum ouv_err err, struct trouble *trouble)
{
	const struct ouv_verb_result *result = trouble->result;

	trouble->status = reply_status(err);
	switch (err) {
	case OUV_OK:
		return true;
	case OUV_INVALID:
		trouble->word = result->error_count == 0 ? "act_not_now" : NULL;
		if (result->check != NULL && result->error_count == 0)
			trouble->word = "field_blocked";
		return true;
	case OUV_CONFLICT:
		trouble->word = "act_changed";
		return true;
	case OUV_REFUSED:
		trouble->word =
			result->failed != 0 ? "act_guards" : "act_refused";
		return true;
	default:
		return false;
	}
}

void
page_move_again(struct request *request, enum ouv_err err,
	const struct ouv_verb_result *result)
{
	struct trouble trouble = { .result = result };

	if (explain(err, &trouble))
		show_again(request, &trouble, NULL);
	else
		page_error_desk(request, err);
}

/* ---- looking at its letters ------------------------------------------------
 */

/* The formatted part alone, for its frame. */
static bool
show_part(struct request *request, const struct ouv_preview *preview)
{
	const char *part = form_get(&request->query_form, "part");

	for (size_t i = 0; part != NULL && i < 2; i++)
		if (strcmp(part, sides[i]) == 0 &&
			preview->letter[i].html != NULL) {
			write_letter(request, preview->letter[i].html);
			return true;
		}
	return false;
}

_Static_assert(FORM_FIELDS >= OUV_PIECES_MOST + 64,
	"each box of a release, and what else stands in its form");

void
page_move_letters(struct request *request)
{
	struct ouv_verb_result result = { 0 };
	struct trouble trouble = { .result = &result };
	struct ouv_preview preview = { 0 };
	struct ouv_field list[FORM_FIELDS];
	struct ouv_desk *desk;
	enum ouv_err err;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_preview(desk, request->arena, request->actor,
			request->args[0], request->args[1], list,
			page_case_fields(request, list), &preview, &result);
	if (!explain(err, &trouble))
		page_error_desk(request, err);
	else if (err != OUV_OK || !show_part(request, &preview))
		show_again(request, &trouble, err == OUV_OK ? &preview : NULL);
}
