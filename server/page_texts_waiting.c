/*
 * page_texts_waiting.c - what waits for a second person, and the decision
 */
#include <string.h>

#include "page.h"
#include "reply.h"
#include "texts.h"
#include "view.h"

/* clang-format off */
static const struct sheet_field decide_fields[] = {
	{ "why", "texts_second_why" }, { NULL, NULL },
};
/* clang-format on */

/* Its id on the page: mail-ack-4. */
static const char *
id_of(const struct request *request, const struct ouv_text_view *view, int n)
{
	char *id =
		ouv_arena_printf(request->arena, "%s-%d", view->decl->name, n);

	for (char *p = id; *p != '\0'; p++)
		if (*p == '/')
			*p = '-';
	return id;
}

/* Is it the version whose form was sent? */
static bool
is_sent(const struct sheet *sheet, const struct ouv_text_view *view, int n)
{
	const struct request *request = sheet->request;
	const char *sent = form_get(&request->form, "n");
	const char *name;

	if (sheet->trouble == NULL || sent == NULL)
		return false;
	name = ouv_arena_printf(
		request->arena, "%s/%s", request->args[0], request->args[1]);
	return strcmp(name, view->decl->name) == 0 &&
	       strcmp(sent, ouv_arena_printf(request->arena, "%d", n)) == 0;
}

/* What the second person must know of it: the lint as it reads it now. */
static json_t *
changes(struct request *request, const struct ouv_text_view *view,
	const struct ouv_text_version *version, const char *id)
{
	const struct ouv_text_version *live =
		texts_version(view, NULL, view->live_n);
	struct ouv_text_finding *findings = NULL;
	struct ouv_desk *desk;
	size_t count = 0;

	if (desk_here(request->server, &desk) != OUV_OK ||
		ouv_desk_text_check(desk, request->arena, view->decl->name,
			version->body, &findings, &count) != OUV_OK)
		count = 0;
	return texts_diffs(request, id, live != NULL ? live : version, version,
		findings, count);
}

static json_t *
waiting_view(struct request *request, struct sheet *sheet,
	const struct ouv_text_view *view,
	const struct ouv_text_version *version)
{
	const char *id = id_of(request, view, version->n);
	bool may = view->may_decide && !version->mine;
	json_t *one = texts_version_view(request, view, version);

	texts_head(request, one, view);
	view_line(one, "version_id", id);
	json_object_set_new(one, "diffs", changes(request, view, version, id));
	sheet->path = texts_path(request->arena, view->decl->name);
	json_object_set_new(one, "decide",
		may ? sheet_form(sheet, "decide",
			      ouv_arena_printf(request->arena, "decide-%s", id),
			      is_sent(sheet, view, version->n), decide_fields)
		    : json_false());
	view_flag(one, "is_not_allowed", !may && !version->mine);
	return one;
}

/* All versions of one text that wait, oldest first. */
static void
add_waiting(struct request *request, struct sheet *sheet, json_t *list,
	const struct ouv_text_view *view)
{
	for (size_t i = view->version_count; i-- > 0;)
		if (view->versions[i].state == OUV_VERSION_WAITING)
			json_array_append_new(
				list, waiting_view(request, sheet, view,
					      &view->versions[i]));
}

static enum ouv_err
collect(struct request *request, struct sheet *sheet, json_t *list)
{
	struct ouv_text_line *lines = NULL;
	struct ouv_desk *desk;
	size_t count = 0;
	enum ouv_err err;

	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	err = ouv_desk_texts(
		desk, request->arena, request->actor, &lines, &count);
	for (size_t i = 0; err == OUV_OK && i < count; i++) {
		struct ouv_text_view view = { 0 };

		if (!lines[i].waiting)
			continue;
		err = ouv_desk_text(desk, request->arena, request->actor,
			lines[i].decl->name, &view);
		if (err == OUV_OK)
			add_waiting(request, sheet, list, &view);
	}
	return err;
}

static void
show(struct request *request, const struct trouble *trouble)
{
	struct sheet sheet = sheet_begin(request, "/templates", trouble);
	const char *done = form_get(&request->query_form, "done");
	json_t *list = json_array(), *data;
	enum ouv_err err;

	sheet.verb = "decide";
	if ((err = collect(request, &sheet, list)) != OUV_OK) {
		json_decref(list);
		page_error_desk(request, err);
		return;
	}
	data = view_base(request, "texts_waiting_title");
	view_flag(data, "at_texts", true);
	view_line(data, "here", "/templates/waiting");
	view_flag(data, "has_waiting", json_array_size(list) > 0);
	view_number(data, "waiting_count", (int64_t)json_array_size(list));
	json_object_set_new(data, "waiting", list);
	sheet_end(&sheet, data);
	view_flag(data, "has_error_title",
		trouble != NULL && trouble->status >= 400);
	if (done != NULL)
		(void)view_done(request, data, done);
	reply_page(request, trouble != NULL ? trouble->status : 200,
		"textswaiting", data);
}

void
page_texts_waiting(struct request *request)
{
	show(request, NULL);
}

static enum ouv_err
decide(struct request *request, const char *key, struct ouv_verb_result *result)
{
	static const char *const names[] = { "n", "decision", "why" };
	struct ouv_field fields[sizeof(names) / sizeof(names[0])];
	struct ouv_desk *desk;
	size_t n = 0;
	enum ouv_err err;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = form_get(&request->form, names[i]);

		if (value != NULL)
			fields[n++] = (struct ouv_field){ names[i], value };
	}
	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	return ouv_desk_text_decide(desk, request->arena, request->actor,
		ouv_arena_printf(request->arena, "%s/%s", request->args[0],
			request->args[1]),
		key, fields, n, result);
}

void
page_texts_decide(struct request *request)
{
	const char *decision = form_get(&request->form, "decision");
	struct ouv_verb_result result = { 0 };
	struct trouble trouble = { .result = &result };
	const char *key;
	enum ouv_err err;

	if (!texts_form_key(request, &key))
		return;
	err = decide(request, key, &result);
	if (err == OUV_OK)
		reply_redirect(request,
			ouv_arena_printf(request->arena,
				"/templates/waiting?done=text-%s",
				decision != NULL &&
						strcmp(decision, "refuse") == 0
					? "refused"
					: "published"));
	else if (texts_trouble(request, err, &trouble)) {
		if (err == OUV_REFUSED)
			trouble.word = "texts_decide_refused";
		if (err == OUV_CONFLICT)
			trouble.word = "texts_decide_conflict";
		show(request, &trouble);
	}
}

void
page_texts_decide_again(struct request *request)
{
	static const struct ouv_verb_result nothing;
	const struct trouble typed = { .status = 200, .result = &nothing };

	show(request, &typed);
}
