/*
 * page_texts.c - all texts of the office, by what they are for
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/id.h"

#include "match.h"
#include "page.h"
#include "reply.h"
#include "texts.h"
#include "view.h"

#define NUMBER_DIGITS 9

bool
texts_open(struct request *request, struct ouv_text_view *view_out)
{
	struct ouv_desk *desk;
	enum ouv_err err;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_text(desk, request->arena, request->actor,
			ouv_arena_printf(request->arena, "%s/%s",
				request->args[0], request->args[1]),
			view_out);
	if (err == OUV_OK)
		return true;
	page_error_desk(request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
	return false;
}

json_t *
texts_base(struct request *request, const struct ouv_text_view *view)
{
	json_t *data = view_base(request, "texts_title");
	const char *done = form_get(&request->query_form, "done");
	const char *title = view->decl->title[request->lang];

	view_flag(data, "at_texts", true);
	view_line(data, "title", title);
	texts_head(request, data, view);
	/* After a form the language is changed on the page of the text. */
	if (request->method == METHOD_POST)
		view_line(data, "here",
			texts_path(request->arena, view->decl->name));
	if (done != NULL)
		(void)view_done(request, data, done);
	return data;
}

const struct ouv_text_version *
texts_version(const struct ouv_text_view *view, const char *text, int fallback)
{
	int n = fallback;

	if (text != NULL) {
		if (*text == '\0' || strlen(text) > NUMBER_DIGITS ||
			text[strspn(text, "0123456789")] != '\0')
			return NULL;
		n = (int)strtol(text, NULL, 10);
	}
	for (size_t i = 0; i < view->version_count; i++)
		if (view->versions[i].n == n)
			return &view->versions[i];
	return NULL;
}

bool
texts_form_key(struct request *request, const char **key_out)
{
	uint8_t bytes[16];

	*key_out = form_get(&request->form, "form_key");
	if (*key_out != NULL &&
		ouv_unhex(*key_out, bytes, sizeof(bytes)) == OUV_OK)
		return true;
	page_error(request, 400);
	return false;
}

enum ouv_err
texts_propose(struct request *request, const struct ouv_text_view *view,
	const char *key, const char *const *names,
	struct ouv_verb_result *result)
{
	struct ouv_field fields[FORM_FIELDS];
	struct ouv_desk *desk;
	size_t n = 0;
	enum ouv_err err;

	for (; *names != NULL; names++) {
		const char *value = form_get(&request->form, *names);

		if (value != NULL)
			fields[n++] = (struct ouv_field){ *names, value };
	}
	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	return ouv_desk_text_propose(desk, request->arena, request->actor,
		view->decl->name, key, fields, n, result);
}

void
texts_go_on(struct request *request, const struct ouv_text_view *view)
{
	reply_redirect(request,
		ouv_arena_printf(request->arena, "%s?done=%s",
			texts_path(request->arena, view->decl->name),
			view->decl->automatic ? "text-waits" : "text-live"));
}

bool
texts_trouble(
	struct request *request, enum ouv_err err, struct trouble *trouble)
{
	trouble->status = reply_status(err);
	switch (err) {
	case OUV_INVALID:
		if (trouble->result->error_count == 0)
			trouble->word = "field_wrong";
		return true;
	case OUV_CONFLICT:
		trouble->word = "texts_conflict";
		return true;
	case OUV_REFUSED:
		trouble->word = "texts_refused";
		return true;
	default:
		page_error_desk(request, err);
		return false;
	}
}

/* ---- the list ------------------------------------------------------------ */

/* The groups in their order; the word is said above each. */
enum group {
	GROUP_AUTOMATIC,
	GROUP_BY_HAND,
	GROUP_PIECES,
	GROUP__COUNT
};
static const struct {
	const char *id, *title, *help;
} groups[GROUP__COUNT] = {
	[GROUP_AUTOMATIC] = { "automatic", "texts_automatic",
		"texts_automatic_help" },
	[GROUP_BY_HAND] = { "by-hand", "texts_by_hand", "texts_by_hand_help" },
	[GROUP_PIECES] = { "pieces", "texts_pieces", "texts_pieces_help" },
};

static enum group
group_of(const struct ouv_text_decl *decl)
{
	if (decl->kind == OUV_TEXT_PIECE)
		return GROUP_PIECES;
	return decl->automatic ? GROUP_AUTOMATIC : GROUP_BY_HAND;
}

/* In its titles, its name and its words, in every language. */
static bool
is_wanted(const struct request *request, const struct ouv_text_line *line,
	const char *wanted)
{
	struct ouv_arena *scratch;
	struct ouv_buf all;
	bool found;

	if (*wanted == '\0')
		return true;
	scratch = ouv_arena_new(OUV_ARENA_PLAIN);
	ouv_buf_init(&all, scratch, 8192);
	ouv_buf_text(&all, line->decl->name);
	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		const char *group = words_code(&request->server->words,
			(enum ouv_lang)i, "piece_group_", line->decl->group);

		ouv_buf_printf(&all, "\n%s\n%s\n%s", line->decl->title[i],
			group != NULL ? group : "",
			line->body[i] != NULL ? line->body[i] : "");
	}
	found = match_words(
		match_fold(scratch, all.data), match_fold(scratch, wanted));
	ouv_arena_free(&scratch);
	return found;
}

static json_t *
line_view(const struct request *request, const struct ouv_text_line *line)
{
	json_t *one = json_object();

	view_line(
		one, "text_path", texts_path(request->arena, line->decl->name));
	view_line(one, "name", line->decl->title[request->lang]);
	view_line(one, "text_name", line->decl->name);
	view_flag(one, "is_product", line->live_n == 0);
	texts_number(request, one, "live", line->live_n);
	view_time(request, one, "changed_at", line->changed_at);
	view_line(one, "changed_by", line->changed_by);
	view_flag(one, "has_changed_by", line->changed_by != NULL);
	view_flag(one, "is_waiting", line->waiting);
	view_number(one, "finding_count", (int64_t)line->finding_count);
	view_flag(one, "has_findings", line->finding_count > 0);
	view_flag(one, "has_one_finding", line->finding_count == 1);
	return one;
}

/* A part of a table: all letters, or the pieces of one group. */
static json_t *
part_view(const struct request *request, const char *sub)
{
	json_t *one = json_object();

	view_code(request, one, "piece_group", "piece_group_", sub);
	view_flag(one, "has_piece_group", *sub != '\0');
	json_object_set_new(one, "lines", json_array());
	return one;
}

/* Those of one group that are wanted, in their parts. */
static json_t *
parts_of(const struct request *request, enum group group,
	const struct ouv_text_line *lines, size_t count, const char *wanted)
{
	json_t *list = json_array(), *part = NULL;
	const char *before = "";

	for (size_t i = 0; i < count; i++) {
		const char *sub = lines[i].decl->group;

		if (group_of(lines[i].decl) != group ||
			!is_wanted(request, &lines[i], wanted))
			continue;
		if (part == NULL || strcmp(sub, before) != 0) {
			part = part_view(request, sub);
			json_array_append_new(list, part);
			before = sub;
		}
		json_array_append_new(json_object_get(part, "lines"),
			line_view(request, &lines[i]));
	}
	return list;
}

/* Pieces by their group, all else as it was: by name. */
static int
by_group(const void *a, const void *b)
{
	const struct ouv_text_line *x = a, *y = b;
	int order = strcmp(x->decl->group, y->decl->group);

	return order != 0 ? order : strcmp(x->decl->name, y->decl->name);
}

static void
add_groups(const struct request *request, json_t *data,
	struct ouv_text_line *lines, size_t count, const char *wanted)
{
	json_t *list = json_array();

	if (count > 0)
		qsort(lines, count, sizeof(*lines), by_group);
	for (int i = 0; i < GROUP__COUNT; i++) {
		json_t *parts =
			parts_of(request, (enum group)i, lines, count, wanted);
		json_t *one = json_object();

		if (json_array_size(parts) == 0) {
			json_decref(parts);
			json_decref(one);
			continue;
		}
		view_line(one, "id", groups[i].id);
		view_code(request, one, "name", "", groups[i].title);
		view_code(request, one, "help", "", groups[i].help);
		json_object_set_new(one, "parts", parts);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_groups", json_array_size(list) > 0);
	json_object_set_new(data, "groups", list);
}

void
page_texts(struct request *request)
{
	const char *wanted = form_get(&request->query_form, "find");
	struct ouv_text_line *lines = NULL;
	struct ouv_desk *desk;
	size_t count = 0;
	int64_t waiting = 0;
	enum ouv_err err;
	json_t *data;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_texts(
			desk, request->arena, request->actor, &lines, &count);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	for (size_t i = 0; i < count; i++)
		waiting += lines[i].waiting;
	data = view_base(request, "texts_title");
	view_flag(data, "at_texts", true);
	view_line(data, "find", wanted);
	view_flag(data, "has_find", wanted != NULL && *wanted != '\0');
	view_number(data, "waiting_count", waiting);
	view_flag(data, "has_waiting", waiting > 0);
	add_groups(request, data, lines, count, wanted != NULL ? wanted : "");
	reply_page(request, 200, "texts", data);
}
