/*
 * page_case.c - one case file, and what can be done to it
 */
#include <string.h>
#include <strings.h>

#include "ouv/clock.h"
#include "ouv/id.h"

#include "page.h"
#include "reply.h"
#include "session.h"
#include "view.h"

/* Why a form comes back: what the verb said, or a word for all of it. */
struct trouble {
	int status;
	const char *word; /* NULL: the fields say it */
	const struct ouv_verb_result *result;
};

/* clang-format off */
/* Fields of the composer that can be wrong, and where they stand. */
static const struct {
	const char *name, *label, *anchor, *flag, *text;
} fields[] = {
	{ "subject", "subject", "#reply-subject", "has_subject_error", "subject_error" },
	{ "text", "reply_text", "#reply-text", "has_text_error", "text_error" },
};
/* clang-format on */
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static const char *
error_word(const struct request *request, const char *code)
{
	const char *word = words_code(
		&request->server->words, request->lang, "field_", code);

	return word != NULL ? word
			    : words_get(&request->server->words, request->lang,
				      "field_wrong");
}

static void
add_error(const struct request *request, json_t *errors, const char *label,
	const char *target, const char *text)
{
	json_t *one = json_object();

	view_flag(one, "has_label", label != NULL);
	view_line(one, "label", "");
	if (label != NULL)
		view_word(request, one, "label", label);
	view_line(one, "target_path", target);
	view_line(one, "text", text);
	json_array_append_new(errors, one);
}

static void
add_field_error(const struct request *request, json_t *data, json_t *errors,
	const struct ouv_field_error *wrong)
{
	const char *text = error_word(request, wrong->code);

	for (size_t i = 0; i < FIELDS; i++) {
		if (strcmp(fields[i].name, wrong->field) != 0)
			continue;
		view_flag(data, fields[i].flag, true);
		view_line(data, fields[i].text, text);
		add_error(request, errors, fields[i].label, fields[i].anchor,
			text);
		return;
	}
	add_error(request, errors, NULL, "#reply", text);
}

static void
add_trouble(const struct request *request, json_t *data,
	const struct trouble *trouble)
{
	json_t *errors = json_array();

	for (size_t i = 0; i < FIELDS; i++) {
		view_flag(data, fields[i].flag, false);
		view_line(data, fields[i].text, "");
	}
	if (trouble != NULL && trouble->word != NULL)
		add_error(request, errors, NULL, "#reply",
			words_get(&request->server->words, request->lang,
				trouble->word));
	else if (trouble != NULL)
		for (size_t i = 0; i < trouble->result->error_count; i++)
			add_field_error(request, data, errors,
				&trouble->result->errors[i]);
	view_flag(data, "has_errors", json_array_size(errors) > 0);
	json_object_set_new(data, "errors", errors);
}

/* "Re: " before it, once (RFC 5322 3.6.5). */
static const char *
reply_subject(const struct request *request, const char *subject)
{
	if (subject == NULL)
		subject = "";
	if (strncasecmp(subject, "Re:", 3) == 0)
		return subject;
	return ouv_arena_printf(request->arena, "Re: %s", subject);
}

/* The key by which a form sent twice is done once. */
static const char *
form_key(const struct request *request, const char *given)
{
	uint8_t bytes[16];
	char hex[33];

	if (given != NULL && ouv_unhex(given, bytes, sizeof(bytes)) == OUV_OK)
		return given; /* it was not done: the same form again */
	ouv_random(bytes, sizeof(bytes));
	ouv_hex(bytes, sizeof(bytes), hex);
	return ouv_arena_strdup(request->arena, hex);
}

static bool
can(const struct request *request, const struct ouv_case_view *view,
	enum ouv_action action)
{
	const struct ouv_move *move;

	return ouv_workflow_find(view->line.state, action, request->actor->role,
		       &move) == OUV_OK;
}

static void
add_forms(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const char *path)
{
	const char *subject = form_get(&request->form, "subject");
	const char *text = form_get(&request->form, "text");
	const char *open = ouv_arena_printf(request->arena, "%s/open", path);
	const char *reply = ouv_arena_printf(request->arena, "%s/reply", path);

	view_flag(data, "may_open", can(request, view, OUV_ACTION_OPEN));
	view_line(data, "open_path", open);
	view_line(data, "open_csrf", session_token(request, open));
	view_flag(data, "may_reply", view->may_reply);
	view_line(data, "reply_path", reply);
	view_line(data, "reply_csrf", session_token(request, reply));
	view_line(data, "open_key", form_key(request, NULL));
	view_line(data, "form_key",
		form_key(request, form_get(&request->form, "form_key")));
	view_line(data, "reply_subject",
		subject != NULL ? subject
				: reply_subject(request, view->line.subject));
	view_text(data, "reply_text", text);
	/* A text that can no longer be sent is shown all the same. */
	view_flag(data, "has_kept",
		!view->may_reply && text != NULL && *text != '\0');
	view_text(data, "kept_text", text);
}

static void
add_items(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const char *path)
{
	json_t *items = json_array();

	for (size_t i = 0; i < view->item_count; i++)
		json_array_append_new(
			items, view_item(request, path, &view->items[i]));
	view_flag(data, "has_items", view->item_count > 0);
	json_object_set_new(data, "items", items);
}

static void
add_head(const struct request *request, json_t *data,
	const struct ouv_case_view *view)
{
	const char *name = view->consumer_name;
	const char *addr = view->consumer_addr;

	view_case_line(request, data, &view->line, ouv_clock_now());
	view_flag(data, "is_held", view->line.state == OUV_STATE_HELD);
	view_line(data, "back_path",
		view->line.state == OUV_STATE_HELD ? "/held" : "/");
	view_line(data, "consumer_name", name);
	view_flag(data, "has_consumer_name", name != NULL && *name != '\0');
	view_line(data, "consumer_addr", addr);
	view_flag(data, "has_consumer_addr", addr != NULL && *addr != '\0');
	view_flag(data, "has_party",
		view->line.state != OUV_STATE_HELD ||
			(addr != NULL && *addr != '\0'));
	view_code(request, data, "consumer_lang", "lang_",
		ouv_lang_tag(view->lang));
	view_line(data, "consumer_lang_tag", ouv_lang_tag(view->lang));
}

/* "Subject - 2026-000123-7" in the window's title. */
static void
add_title(const struct request *request, json_t *data,
	const struct ouv_case_line *line)
{
	const char *subject = line->subject;

	if (subject == NULL || *subject == '\0')
		subject = words_get(
			&request->server->words, request->lang, "no_subject");
	view_line(data, "title",
		line->protocol == NULL
			? subject
			: ouv_arena_printf(request->arena, "%s - %s",
				  line->protocol, subject));
	view_line(data, "heading", subject);
}

/* ?done=reply after a form was done: its word, when there is one. */
static void
add_notice(const struct request *request, json_t *data)
{
	const char *done = form_get(&request->query_form, "done");
	const char *word;

	if (done == NULL)
		return;
	word = words_code(
		&request->server->words, request->lang, "done_", done);
	if (word == NULL)
		return;
	view_flag(data, "has_notice", true);
	view_line(data, "notice", word);
}

static void
show(struct request *request, const struct trouble *trouble)
{
	struct ouv_case_view view = { 0 };
	struct ouv_desk *desk;
	const char *path;
	json_t *data;
	enum ouv_err err;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_case(desk, request->arena, request->actor,
			request->args[0], &view);
	if (err != OUV_OK) {
		page_error_desk(
			request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
		return;
	}
	path = view_case_path(request, &view.line);
	data = view_base(request, "worklist_title");
	view_line(data, "here", path);
	view_flag(data, "at_worklist", view.line.state != OUV_STATE_HELD);
	view_flag(data, "at_held", view.line.state == OUV_STATE_HELD);
	add_title(request, data, &view.line);
	add_head(request, data, &view);
	add_items(request, data, &view, path);
	add_forms(request, data, &view, path);
	add_trouble(request, data, trouble);
	view_flag(data, "has_error_title", trouble != NULL);
	add_notice(request, data);
	reply_page(
		request, trouble != NULL ? trouble->status : 200, "case", data);
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
	show(request, NULL);
}

/* The fields that are the verb's own. */
static size_t
verb_fields(const struct form *form, struct ouv_field out[FORM_FIELDS])
{
	size_t n = 0;

	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->fields[i].name, "csrf") != 0 &&
			strcmp(form->fields[i].name, "form_key") != 0)
			out[n++] = form->fields[i];
	return n;
}

static enum ouv_err
act(struct request *request, const char *key, struct ouv_verb_result *result)
{
	struct ouv_field list[FORM_FIELDS];
	size_t count = verb_fields(&request->form, list);
	struct ouv_desk *desk;
	enum ouv_err err;

	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	return ouv_desk_do(desk, request->arena, request->actor,
		request->args[0], request->args[1], key, list, count, result);
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
	trouble.status = reply_status(err);
	switch (err) {
	case OUV_OK:
		reply_redirect(request,
			result.location != NULL
				? result.location
				: ouv_arena_printf(request->arena,
					  "/cases/%s?done=%s", request->args[0],
					  request->args[1]));
		return;
	case OUV_INVALID:
		trouble.word = result.error_count == 0 ? "field_wrong" : NULL;
		show(request, &trouble);
		return;
	case OUV_CONFLICT:
		trouble.word = "act_conflict";
		show(request, &trouble);
		return;
	case OUV_REFUSED:
		trouble.word = "act_refused";
		show(request, &trouble);
		return;
	default:
		page_error_desk(request, err);
	}
}
