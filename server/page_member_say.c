/*
 * page_member_say.c - what somebody of a company writes in a case: a form, what
 * will be sent as people read it, and sending it
 *
 * Nothing counts before the second step.  Whatever stands against it, what was
 * typed stays in its fields, also when a colleague was faster.
 */
#include <string.h>

#include "ouv/id.h"

#include "incoming.h"
#include "member.h"
#include "move.h"
#include "page.h"
#include "reply.h"
#include "session.h"

#define ID "say"

struct saying {
	struct member m;
	struct ouv_member_case c;
	struct ouv_member_said said;
	struct ouv_member_done done;
	const char *path, *kind; /* kind: as the address names it */
	int status;
	const char *error; /* a word; NULL: the fields say it */
	bool confirm;
	json_t *errors;
};

static const char *
field(const struct request *request, const char *name)
{
	const char *value = form_get(&request->form, name);

	return value != NULL ? value : "";
}

static const char *
name_of(const struct request *request, const char *name, size_t i)
{
	return i == 0 ? name
		      : ouv_arena_printf(request->arena, "%s-%zu", name, i + 1);
}

static const char *
typed(const struct request *request, const char *name, size_t i)
{
	return view_clean(request->arena,
		field(request, name_of(request, name, i)), true);
}

/* ---- what was sent ------------------------------------------------------ */

/* As it was typed, or as the browser's own field says it. */
static const char *
day_of(const struct request *request, const char *text)
{
	int32_t day;

	return view_day_typed(request->lang, text, &day)
		       ? view_day_iso(request->arena, day)
		       : text;
}

static void
read_points(struct saying *s)
{
	const struct request *request = s->m.request;
	struct ouv_member_point *points;
	size_t count = strcmp(s->kind, "answer") == 0 ? s->c.point_count : 0;

	points = ouv_arena_array(request->arena, count, sizeof(*points));
	for (size_t i = 0; i < count; i++)
		points[i] = (struct ouv_member_point){
			.happened = typed(request, "happened", i),
			.offered = typed(request, "offered", i),
			.by = day_of(request, typed(request, "by", i))
		};
	s->said.points = points;
	s->said.point_count = count;
}

/* "choose:2" is an action and its choice. */
static void
read_choice(struct saying *s)
{
	const char *value = field(s->m.request, "what");
	size_t len;

	if (*value == '\0')
		value = form_get(&s->m.request->query_form, "what") != NULL
				? form_get(&s->m.request->query_form, "what")
				: "";
	len = strcspn(value, ":");
	s->said.what = ouv_arena_strndup(s->m.request->arena, value, len);
	s->said.choice = value[len] == ':' ? value + len + 1 : "";
}

static void
read_form(struct saying *s)
{
	const struct request *request = s->m.request;
	const char *seen = field(request, "seen");

	s->said = (struct ouv_member_said){ .what = s->kind,
		.choice = "",
		.words = typed(request, "words", 0),
		.upload = field(request, OUV_UPLOAD_FIELD),
		.files = field(request, OUV_UPLOAD_FILES_FIELD),
		.seen = *seen != '\0' ? (int)strtol(seen, NULL, 10)
				      : s->c.last_seq,
		.form_key = field(request, "form_key"),
		.look = form_get(&request->form, "confirm") == NULL };
	if (strcmp(s->kind, "decide") == 0)
		read_choice(s);
	read_points(s);
	s->said.text = member_text(request, &s->c, &s->said);
	/* A colleague was faster: then it goes as a message of its own. */
	if (form_get(&request->form, "as_message") != NULL) {
		s->said.what = "message";
		s->said.words = s->said.text;
		s->said.points = NULL;
		s->said.point_count = 0;
	}
}

/* ---- the form ----------------------------------------------------------- */

static const char *
error_of(const struct saying *s, const char *name)
{
	for (size_t i = 0; i < s->done.result.error_count; i++)
		if (strcmp(s->done.result.errors[i].field, name) == 0)
			return s->done.result.errors[i].code;
	return NULL;
}

/* KEY, KEY_name, KEY_id, KEY_error, has_KEY_error; and a line of the summary.
 */
static void
add_field(struct saying *s, json_t *into, const char *key, const char *name,
	const char *value, const char *label)
{
	const struct request *request = s->m.request;
	const char *code = error_of(s, name), *text = NULL;
	char k[64];
	json_t *one;

	view_text(into, key, value);
	(void)snprintf(k, sizeof(k), "%s_name", key);
	view_line(into, k, name);
	(void)snprintf(k, sizeof(k), "%s_id", key);
	view_line(into, k, ouv_arena_printf(request->arena, ID "-%s", name));
	if (code != NULL)
		text = words_code(&request->server->words, request->lang,
			"member_field_", code);
	if (code != NULL && text == NULL)
		text = view_word_of(request, "field_", code);
	(void)snprintf(k, sizeof(k), "has_%s_error", key);
	view_flag(into, k, code != NULL);
	(void)snprintf(k, sizeof(k), "%s_error", key);
	view_line(into, k, text);
	if (code == NULL)
		return;
	one = json_object();
	view_line(one, "target_path",
		ouv_arena_printf(request->arena, "#" ID "-%s", name));
	view_flag(one, "has_label", true);
	view_line(one, "label", label);
	view_line(one, "text", text);
	json_array_append_new(s->errors, one);
}

static const char *
label_of(const struct saying *s, size_t i, const char *key)
{
	const struct request *request = s->m.request;
	const char *word =
		words_get(&request->server->words, request->lang, key);

	if (s->said.point_count == 0)
		return word;
	return ouv_arena_printf(request->arena, "%zu. %s", i + 1, word);
}

static void
add_points(struct saying *s, json_t *data)
{
	const struct request *request = s->m.request;
	json_t *list = json_array();

	for (size_t i = 0; i < s->said.point_count; i++) {
		const struct ouv_member_point *p = &s->said.points[i];
		json_t *one = json_object();

		view_number(one, "point_n", (int64_t)i + 1);
		view_line(one, "point", s->c.points[i].label);
		move_line(one, "article", s->c.points[i].article_label);
		move_line(one, "law", s->c.points[i].law_label);
		add_field(s, one, "happened", name_of(request, "happened", i),
			p->happened, label_of(s, i, "member_happened"));
		add_field(s, one, "offered", name_of(request, "offered", i),
			p->offered, label_of(s, i, "member_offered"));
		add_field(s, one, "by", name_of(request, "by", i), p->by,
			label_of(s, i, "member_by"));
		json_array_append_new(list, one);
	}
	view_flag(data, "has_points", s->said.point_count > 0);
	json_object_set_new(data, "points", list);
}

static void
add_choices(struct saying *s, json_t *data)
{
	const struct request *request = s->m.request;
	const struct ouv_party_choice now = { s->said.what, s->said.choice };
	const char *value = member_choice_value(request->arena, &now);
	const bool decide = strcmp(s->kind, "decide") == 0;
	json_t *list = json_array();

	for (size_t i = 0; decide && i < s->c.choice_count; i++) {
		const struct ouv_party_choice *c = &s->c.choices[i];
		const char *v = member_choice_value(request->arena, c);
		json_t *one = json_object();

		view_line(one, "value", v);
		view_line(one, "id",
			ouv_arena_printf(request->arena, "what-%zu", i + 1));
		view_line(one, "name", member_choice_label(request, c));
		view_flag(one, "is_current", strcmp(v, value) == 0);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_choices", json_array_size(list) > 0);
	json_object_set_new(data, "choices", list);
	view_line(data, "what", decide ? value : "");
	view_flag(data, "is_decide", decide);
}

/* Somebody of the company wrote since: who, when; and which words help. */
static void
add_faster(struct saying *s, json_t *data)
{
	const bool is = s->status == 409;

	view_flag(data, "is_conflict", is);
	view_flag(data, "is_faster", is && s->done.faster_at != 0);
	move_line(data, "faster_name", s->done.faster_name);
	view_time(s->m.request, data, "faster", s->done.faster_at);
	view_code(s->m.request, data, "faster_what", "member_faster_",
		s->done.faster_what != NULL ? s->done.faster_what : "mail");
}

static json_t *
begin(struct saying *s)
{
	struct member *m = &s->m;
	const struct request *request = m->request;
	const char *path =
		ouv_arena_printf(request->arena, "%s/%s", s->path, s->kind);
	struct ouv_id id = ouv_id_new();
	char hex[OUV_ID_HEX];
	json_t *data = member_base(m, "member_title", s->path);

	s->errors = json_array();
	ouv_id_hex(&id, hex);
	view_flag(data, "at_member_cases", true);
	view_line(data, "case_path", s->path);
	view_line(data, "protocol", s->c.line.protocol);
	view_line(data, "action_path", path);
	view_line(data, "csrf", session_token(request, path));
	view_line(data, "form_key",
		*s->said.form_key != '\0' && s->status == 200 ? s->said.form_key
							      : hex);
	view_number(
		data, "seen", s->status == 409 ? s->c.last_seq : s->said.seen);
	view_code(request, data, "heading", "member_form_", s->kind);
	view_code(request, data, "lead", "member_lead_", s->kind);
	view_line(data, "title",
		ouv_arena_printf(request->arena, "%s - %s",
			view_word_of(request, "member_form_", s->kind),
			s->c.line.protocol));
	view_flag(data, "is_answer", strcmp(s->kind, "answer") == 0);
	view_time(request, data, "due",
		strcmp(s->kind, "answer") == 0 ? s->c.line.due_at : 0);
	return data;
}

static void
show_form(struct saying *s)
{
	struct request *request = s->m.request;
	json_t *data = begin(s);

	add_points(s, data);
	add_choices(s, data);
	add_faster(s, data);
	add_field(s, data, "words", "words", s->said.words,
		view_word_of(request, "member_words_", s->kind));
	view_code(request, data, "words_label", "member_words_", s->kind);
	view_flag(data, "has_error", s->error != NULL);
	view_line(data, "error", "");
	if (s->error != NULL)
		view_word(request, data, "error", s->error);
	view_flag(data, "has_error_title", s->status >= 400);
	view_flag(data, "has_files_error",
		error_of(s, OUV_UPLOAD_FILES_FIELD) != NULL);
	view_line(data, "files_error", view_word_of(request, "field_", "gone"));
	view_flag(data, "has_errors", json_array_size(s->errors) > 0);
	json_object_set_new(data, "errors", s->errors);
	view_uploads(request, data, ID, true);
	reply_page(request, s->status, "membersay", data);
}

/* ---- the second step ---------------------------------------------------- */

/* Everything that was typed goes along, and each file's place. */
static void
add_hidden(struct saying *s, json_t *data)
{
	static const char *const own[] = { "csrf", "form_key", "seen",
		OUV_UPLOAD_FIELD, OUV_UPLOAD_FILES_FIELD, "confirm", "more",
		"back", "as_message", "code", NULL };
	const struct request *request = s->m.request;
	json_t *list = json_array(), *one;

	for (size_t i = 0; i < request->form.count; i++) {
		const struct ouv_field *f = &request->form.fields[i];
		bool skip = strncmp(f->name, "file-", 5) == 0 ||
			    strncmp(f->name, "drop-", 5) == 0;

		for (size_t k = 0; own[k] != NULL; k++)
			skip |= strcmp(own[k], f->name) == 0;
		if (skip)
			continue;
		one = json_object();
		view_line(one, "kept_name", f->name);
		view_text(one, "kept_value", f->value);
		json_array_append_new(list, one);
	}
	json_object_set_new(data, "kept_fields", list);
	view_flag(data, "as_message", form_get(&request->form, "as_message"));
}

static void
show_confirm(struct saying *s)
{
	struct request *request = s->m.request;
	json_t *data = begin(s);

	json_decref(s->errors);
	add_hidden(s, data);
	view_text(data, "all_text",
		*s->said.text != '\0' ? s->said.text : s->said.words);
	view_uploads(request, data, ID, true);
	view_code(request, data, "then", "member_then_",
		strcmp(s->kind, "decide") == 0 ? s->said.what : s->kind);
	view_flag(data, "has_error_title", false);
	reply_page(request, 200, "membersure", data);
}

/* ---- requests ----------------------------------------------------------- */

/* As the addresses name them. */
static bool
is_kind(const char *name)
{
	static const char *const kinds[] = { "answer", "message", "ask-datum",
		"decide", "reference", NULL };

	for (size_t i = 0; kinds[i] != NULL; i++)
		if (strcmp(kinds[i], name) == 0)
			return true;
	return false;
}

static bool
enter(struct request *request, struct saying *s)
{
	enum ouv_err err;

	*s = (struct saying){ .kind = request->args[1], .status = 200 };
	if (!is_kind(s->kind)) {
		page_error(request, 404);
		return false;
	}
	if (!member_enter(request, &s->m))
		return false;
	err = ouv_desk_member_case(s->m.desk, request->arena, &s->m.visit,
		request->args[0], request->lang, &s->c);
	if (err != OUV_OK) {
		member_error(&s->m, err);
		return false;
	}
	s->path = ouv_arena_printf(
		request->arena, MEMBER_HERE "/%s", s->c.line.protocol);
	read_form(s);
	return true;
}

void
page_member_form(struct request *request)
{
	struct saying s;

	if (strcmp(request->args[1], "text") == 0) {
		page_member_text(request);
		return;
	}
	if (strcmp(request->args[1], "hand") == 0) {
		page_member_hand(request);
		return;
	}
	if (!enter(request, &s))
		return;
	show_form(&s);
	member_end(&s.m);
}

static void
conflict(struct saying *s)
{
	s->status = 409;
	s->error = s->done.faster_at != 0 ? NULL : "link_not_now";
	show_form(s);
}

static void
judge(struct saying *s, enum ouv_err err)
{
	struct request *request = s->m.request;

	switch (err) {
	case OUV_OK:
		if (s->said.look) {
			show_confirm(s);
			return;
		}
		if (request->incoming != NULL)
			incoming_done(request);
		reply_redirect(request,
			ouv_arena_printf(request->arena, "%s?done=%s", s->path,
				strcmp(s->said.what, "message") == 0
					? "message"
					: s->kind));
		return;
	case OUV_INVALID:
		if (s->done.result.error_count == 0)
			break;
		s->status = 422;
		show_form(s);
		return;
	case OUV_CONFLICT:
		conflict(s);
		return;
	default:
		break;
	}
	page_error_desk(request, err);
}

void
page_member_form_post(struct request *request)
{
	struct saying s;
	enum ouv_err err;

	if (strcmp(request->args[1], "hand") == 0) {
		page_member_hand_post(request);
		return;
	}
	if (!enter(request, &s))
		return;
	if (incoming_trouble(request) ||
		form_get(&request->form, "more") != NULL ||
		form_get(&request->form, "back") != NULL ||
		form_get(&request->form, "files_lost") != NULL) {
		s.status = incoming_trouble(request) ? incoming_status(request)
						     : 200;
		show_form(&s);
		member_end(&s.m);
		return;
	}
	/* One's own number is nobody's business but one's own. */
	if (strcmp(s.kind, "reference") == 0)
		s.said.look = false;
	err = ouv_desk_member_say(s.m.desk, request->arena, &s.m.visit,
		request->args[0], &s.said, &s.done);
	judge(&s, err);
	member_end(&s.m);
}
