/*
 * page_track_say.c - what a consumer writes: a form, what will be sent as it
 * will stand in the case, and sending it
 *
 * Nothing counts before the second step, and then once.  Whatever stands
 * against it, what was typed stays.
 */
#include <string.h>

#include "ouv/id.h"

#include "incoming.h"
#include "page.h"
#include "reply.h"
#include "session.h"
#include "track.h"

#define HERE TRACK_HERE "/say"
#define ID "say"

struct saying {
	struct track t;
	struct ouv_page_said said;
	struct ouv_verb_result result;
	const char *what;  /* as forms say it: "accept", "choose:2", "person" */
	const char *label; /* in words; NULL: nothing was chosen */
	bool wish;         /* none of the choices of now */
	int status;
	const char *error; /* a word; NULL: the fields say it */
};

static const char *
field(const struct request *request, const char *name)
{
	const char *value = form_get(&request->form, name);

	return value != NULL ? value : "";
}

/* ---- what was sent ---------------------------------------------------------
 */

static bool
is_wish(const char *what)
{
	return strcmp(what, "message") == 0 || strcmp(what, "person") == 0 ||
	       strcmp(what, "data") == 0;
}

static void
choose(struct saying *s)
{
	const struct request *request = s->t.request;
	const struct ouv_party_page *page = &s->t.page;

	s->wish = is_wish(s->what);
	s->said.what = s->what;
	s->said.choice = "";
	if (s->wish)
		s->label = view_word_of(request, "track_do_", s->what);
	for (size_t i = 0; !s->wish && i < page->choice_count; i++) {
		const struct ouv_party_choice *c = &page->choices[i];

		if (strcmp(link_choice_value(request->arena, c), s->what) != 0)
			continue;
		s->said.what = c->action;
		s->said.choice = c->choice;
		s->label = link_choice_label(request, c);
	}
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

/* As it stands in the case: what they chose, then their words. */
static const char *
text_of(const struct saying *s)
{
	const char *words = s->said.words;

	if (strcmp(s->what, "message") == 0 || s->label == NULL)
		return words;
	return is_blank(words) ? s->label
			       : ouv_arena_printf(s->t.request->arena,
					 "%s\n\n%s", s->label, words);
}

static void
read_form(struct saying *s)
{
	const struct request *request = s->t.request;
	const char *asked = form_get(&request->query_form, "what");

	s->status = 200;
	s->what = form_get(&request->form, "what");
	if (s->what == NULL)
		s->what = asked != NULL ? asked : "";
	s->said.words =
		view_clean(request->arena, field(request, "words"), true);
	s->said.upload = field(request, OUV_UPLOAD_FIELD);
	s->said.files = field(request, OUV_UPLOAD_FILES_FIELD);
	s->said.form_key = field(request, "form_key");
	s->said.address = session_address(request);
	choose(s);
	s->said.text = text_of(s);
}

/* ---- the form --------------------------------------------------------------
 */

static void
add_choices(const struct saying *s, json_t *data)
{
	const struct request *request = s->t.request;
	const struct ouv_party_page *page = &s->t.page;
	json_t *list = json_array();

	for (size_t i = 0; !s->wish && i < page->choice_count; i++) {
		const struct ouv_party_choice *c = &page->choices[i];
		const char *value = link_choice_value(request->arena, c);
		json_t *one = json_object();

		view_line(one, "value", value);
		view_line(one, "id",
			ouv_arena_printf(request->arena, "what-%zu", i + 1));
		view_line(one, "name", link_choice_label(request, c));
		view_flag(one, "is_current", strcmp(value, s->what) == 0);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_choices", json_array_size(list) > 0);
	json_object_set_new(data, "choices", list);
}

static const char *
code_of(const struct saying *s, const char *name)
{
	for (size_t i = 0; i < s->result.error_count; i++)
		if (strcmp(s->result.errors[i].field, name) == 0)
			return s->result.errors[i].code;
	return NULL;
}

static void
add_error(const struct saying *s, json_t *data, const char *key,
	const char *name, const char *prefix)
{
	const char *code = code_of(s, name);
	const char *has = ouv_arena_printf(s->t.request->arena, "has_%s", key);

	view_flag(data, has, code != NULL);
	view_line(data, key, "");
	if (code != NULL)
		view_code(s->t.request, data, key, prefix, code);
}

static json_t *
begin(struct saying *s)
{
	const struct request *request = s->t.request;
	struct ouv_id id = ouv_id_new();
	char hex[OUV_ID_HEX];
	json_t *data = track_base(&s->t, "track_say_title", HERE);

	ouv_id_hex(&id, hex);
	view_line(data, "action_path", HERE);
	view_line(data, "csrf", session_token(request, HERE));
	view_line(data, "form_key",
		*s->said.form_key != '\0' && s->status == 200 ? s->said.form_key
							      : hex);
	view_line(data, "what", s->what);
	view_text(data, "words", s->said.words);
	view_flag(data, "is_wish", s->wish);
	view_code(request, data, "heading", "track_heading_",
		s->wish ? s->what : "decide");
	view_code(request, data, "lead", "track_lead_",
		s->wish ? s->what : "decide");
	view_flag(data, "has_error_title", s->status >= 400);
	view_flag(data, "has_error", s->error != NULL);
	view_line(data, "error", "");
	if (s->error != NULL)
		view_word(request, data, "error", s->error);
	return data;
}

static void
show_form(struct saying *s)
{
	struct request *request = s->t.request;
	json_t *data = begin(s);

	add_choices(s, data);
	add_error(s, data, "words_error", "words", "track_words_");
	add_error(s, data, "files_error", OUV_UPLOAD_FILES_FIELD, "field_");
	view_uploads(request, data, ID, true);
	view_line(
		data, "script_path", request->server->assets[ASSET_FILES].path);
	reply_policy(request, POLICY_SCRIPT);
	reply_page(request, s->status, "tracksay", data);
}

static void
show_confirm(struct saying *s)
{
	struct request *request = s->t.request;
	json_t *data = begin(s);

	view_text(data, "all_text", s->said.text);
	view_flag(data, "has_all_text", !is_blank(s->said.text));
	view_uploads(request, data, ID, true);
	reply_page(request, 200, "tracksure", data);
}

/* ---- requests --------------------------------------------------------------
 */

void
page_track_say(struct request *request)
{
	struct saying s = { .error = NULL };

	if (!track_enter(request, &s.t))
		return;
	read_form(&s);
	/* An address that was kept, of what is not to be decided any more. */
	if (s.label == NULL && *s.what != '\0' && s.t.page.choice_count == 0) {
		s.what = "message";
		choose(&s);
	}
	show_form(&s);
	track_end(&s.t);
}

/* Before the second step: what would be refused is told now. */
static bool
is_wrong(struct saying *s)
{
	static const char *const wordy[] = { "message", "complement", "comment",
		"ask-review" };
	bool needs = false;

	for (size_t i = 0; i < sizeof(wordy) / sizeof(wordy[0]); i++)
		needs |= strcmp(wordy[i], s->said.what) == 0;
	if (s->label == NULL)
		s->error = *s->what == '\0' ? "link_choose" : "link_not_now";
	else if (needs && is_blank(s->said.words) && *s->said.files == '\0')
		s->error = "link_words_needed";
	s->status = s->error != NULL ? 422 : 200;
	return s->error != NULL;
}

static void
done(struct saying *s)
{
	struct request *request = s->t.request;

	if (request->incoming != NULL)
		incoming_done(request);
	reply_redirect(
		request, ouv_arena_printf(request->arena, TRACK_HERE "?done=%s",
				 s->wish ? s->what : "decide"));
}

static void
send(struct saying *s)
{
	struct request *request = s->t.request;
	int wait = 0;
	enum ouv_err err = ouv_desk_page_say(s->t.desk, request->arena,
		&s->t.visit, NULL, &s->said, &s->result, &wait);

	switch (err) {
	case OUV_OK:
		done(s);
		return;
	case OUV_INVALID:
		if (s->result.error_count == 0)
			break;
		s->status = 422;
		show_form(s);
		return;
	case OUV_CONFLICT:
		s->status = 409;
		s->error = "link_not_now";
		show_form(s);
		return;
	case OUV_REFUSED:
		reply_header(request, "Retry-After",
			ouv_arena_printf(request->arena, "%d", wait));
		s->status = 429;
		s->error = "link_too_often";
		show_form(s);
		return;
	case OUV_NOT_FOUND:
		link_gone(request);
		return;
	default:
		break;
	}
	page_error_desk(request, err);
}

void
page_track_say_post(struct request *request)
{
	struct saying s = { .error = NULL };
	const bool confirmed = form_get(&request->form, "confirm") != NULL;

	if (!track_enter(request, &s.t))
		return;
	read_form(&s);
	if (incoming_trouble(request) ||
		form_get(&request->form, "more") != NULL ||
		form_get(&request->form, "back") != NULL ||
		form_get(&request->form, "files_lost") != NULL) {
		s.status = incoming_trouble(request) ? incoming_status(request)
						     : 200;
		show_form(&s);
	} else if (confirmed) {
		/* Sent twice: the first one has taken the choice away, and the
		 * desk knows the form. */
		send(&s);
	} else if (is_wrong(&s)) {
		show_form(&s);
	} else {
		show_confirm(&s);
	}
	track_end(&s.t);
}
