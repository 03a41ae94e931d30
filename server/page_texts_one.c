/*
 * page_texts_one.c - one text: what it says, its history, two versions
 * compared, and the way back to an earlier one
 */
#include <string.h>

#include "page.h"
#include "reply.h"
#include "texts.h"
#include "view.h"

/* clang-format off */
static const struct sheet_field back_fields[] = {
	{ "reason", "texts_reason" }, { "overrule", "texts_overrule" },
	{ NULL, NULL },
};
/* clang-format on */

static void
add_versions(const struct request *request, json_t *data,
	const struct ouv_text_view *view)
{
	json_t *list = json_array();
	int waiting = 0, doubtful = 0;

	for (size_t i = 0; i < view->version_count; i++) {
		const struct ouv_text_version *version = &view->versions[i];

		waiting += version->state == OUV_VERSION_WAITING;
		doubtful += version->state == OUV_VERSION_DOUBTFUL;
		json_array_append_new(
			list, texts_version_view(request, view, version));
	}
	json_object_set_new(data, "versions", list);
	view_flag(data, "has_waiting", waiting > 0);
	view_flag(data, "has_doubtful", doubtful > 0);
	view_line(data, "waiting_path", "/templates/waiting");
}

void
page_texts_one(struct request *request)
{
	struct ouv_text_view view = { 0 };
	const struct ouv_text_version *live;
	json_t *data;

	if (!texts_open(request, &view))
		return;
	live = texts_version(&view, NULL, view.live_n);
	if (live == NULL) {
		page_error(request, 500);
		return;
	}
	data = texts_base(request, &view);
	json_object_set_new(
		data, "live_version", texts_version_view(request, &view, live));
	json_object_set_new(data, "bodies",
		texts_bodies(request, live, view.findings, view.finding_count));
	view_number(data, "finding_count", (int64_t)view.finding_count);
	view_flag(data, "has_findings", view.finding_count > 0);
	view_flag(data, "has_one_finding", view.finding_count == 1);
	texts_variables(request, data, view.decl);
	add_versions(request, data, &view);
	reply_page(request, 200, "textone", data);
}

/* ---- two versions -------------------------------------------------------- */

/* Without a choice: the live version, and the one before it. */
static const struct ouv_text_version *
before_live(const struct ouv_text_view *view)
{
	const struct ouv_text_version *live =
		texts_version(view, NULL, view->live_n);

	if (live != NULL && live + 1 < view->versions + view->version_count)
		return live + 1;
	return live;
}

void
page_texts_compare(struct request *request)
{
	const struct ouv_text_version *a, *b;
	struct ouv_text_view view = { 0 };
	json_t *data;

	if (!texts_open(request, &view))
		return;
	a = form_get(&request->query_form, "a") == NULL
		    ? before_live(&view)
		    : texts_version(
			      &view, form_get(&request->query_form, "a"), -1);
	b = texts_version(
		&view, form_get(&request->query_form, "b"), view.live_n);
	if (a == NULL || b == NULL) {
		page_error(request, 404);
		return;
	}
	data = texts_base(request, &view);
	json_object_set_new(
		data, "a_choices", texts_version_choices(request, &view, a->n));
	json_object_set_new(
		data, "b_choices", texts_version_choices(request, &view, b->n));
	texts_number(request, data, "a_name", a->n);
	texts_number(request, data, "b_name", b->n);
	json_object_set_new(
		data, "diffs", texts_diffs(request, "diff", a, b, NULL, 0));
	reply_page(request, 200, "textcompare", data);
}

/* ---- back to an earlier one ---------------------------------------------- */

static bool
is_warned(const struct trouble *trouble)
{
	if (trouble == NULL)
		return false;
	for (size_t i = 0; i < trouble->result->error_count; i++)
		if (strcmp(trouble->result->errors[i].code, "warned") == 0)
			return true;
	return false;
}

static json_t *
back_form(struct sheet *sheet, const struct ouv_text_view *view,
	const struct ouv_text_version *to)
{
	const char *overrule = form_get(&sheet->request->form, "overrule");
	json_t *form = sheet_form(sheet, "back", "back", true, back_fields);

	view_number(form, "from", to->n);
	view_number(form, "base", view->live_n);
	view_flag(form, "wants_overrule",
		is_warned(sheet->trouble) ||
			(overrule != NULL && *overrule != '\0'));
	return form;
}

/* The version that ?n= or the form's `from` names. */
static void
show_back(struct request *request, const struct ouv_text_view *view,
	const struct ouv_text_version *to, const struct trouble *trouble)
{
	const struct ouv_text_version *live =
		texts_version(view, NULL, view->live_n);
	struct sheet sheet = sheet_begin(
		request, texts_path(request->arena, view->decl->name), trouble);
	bool may = view->may_change && to != live;
	json_t *data = texts_base(request, view);

	sheet.verb = "back";
	json_object_set_new(
		data, "back", may ? back_form(&sheet, view, to) : json_false());
	texts_number(request, data, "to_name", to->n);
	json_object_set_new(data, "diffs",
		texts_diffs(request, "diff", live != NULL ? live : to, to, NULL,
			0));
	sheet_end(&sheet, data);
	view_flag(data, "has_error_title",
		trouble != NULL && trouble->status >= 400);
	reply_page(request, trouble != NULL ? trouble->status : 200, "textback",
		data);
}

void
page_texts_back(struct request *request)
{
	const struct ouv_text_version *to;
	struct ouv_text_view view = { 0 };

	if (!texts_open(request, &view))
		return;
	to = texts_version(&view, form_get(&request->query_form, "n"), -1);
	if (to == NULL)
		page_error(request, 404);
	else
		show_back(request, &view, to, NULL);
}

void
page_texts_back_post(struct request *request)
{
	static const char *const names[] = { "from", "base", "reason",
		"overrule", NULL };
	const struct ouv_text_version *to;
	struct ouv_text_view view = { 0 };
	struct ouv_verb_result result = { 0 };
	struct trouble trouble = { .result = &result };
	const char *key;
	enum ouv_err err;

	if (!texts_form_key(request, &key) || !texts_open(request, &view))
		return;
	to = texts_version(&view, form_get(&request->form, "from"), -1);
	if (to == NULL) {
		page_error(request, 404);
		return;
	}
	err = texts_propose(request, &view, key, names, &result);
	if (err == OUV_OK)
		texts_go_on(request, &view);
	else if (texts_trouble(request, err, &trouble))
		show_back(request, &view, to, &trouble);
}

void
page_texts_back_again(struct request *request)
{
	static const struct ouv_verb_result nothing;
	const struct trouble typed = { .status = 200, .result = &nothing };
	const struct ouv_text_version *to;
	struct ouv_text_view view = { 0 };

	if (!texts_open(request, &view))
		return;
	to = texts_version(&view, form_get(&request->form, "from"), -1);
	if (to == NULL)
		page_error(request, 404);
	else
		show_back(request, &view, to, &typed);
}
