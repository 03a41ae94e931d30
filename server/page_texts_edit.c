/*
 * page_texts_edit.c - writing a new version: three languages beside each
 * other, checked by button and kept only when nothing blocks
 */
#include <string.h>

#include "again.h"
#include "page.h"
#include "reply.h"
#include "texts.h"
#include "view.h"

/* clang-format off */
static const char *const body_names[OUV_LANG__COUNT] = {
	[OUV_LANG_PT_BR] = "body-pt-BR",
	[OUV_LANG_EN] = "body-en",
	[OUV_LANG_IT] = "body-it",
};
static const struct sheet_field edit_fields[] = {
	{ "body-pt-BR", "lang_pt_br" }, { "body-en", "lang_en" },
	{ "body-it", "lang_it" }, { "reason", "texts_reason" },
	{ "overrule", "texts_overrule" }, { NULL, NULL },
};
/* clang-format on */

/* What the page shows: bodies, and what is said of them. */
struct draft {
	const struct ouv_text_view *view;
	const struct ouv_text_version *from; /* the bodies began as these  */
	const struct ouv_text_version *base; /* live when it was begun     */
	const char *body[OUV_LANG__COUNT];
	struct ouv_text_finding *findings;
	size_t finding_count;
	bool checked; /* by the button */
};

static void
take_typed(const struct request *request, struct draft *draft)
{
	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		const char *typed = form_get(&request->form, body_names[i]);

		draft->body[i] = typed != NULL ? typed : "";
	}
}

static enum ouv_err
check(struct request *request, struct draft *draft)
{
	struct ouv_desk *desk;
	enum ouv_err err;

	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	return ouv_desk_text_check(desk, request->arena,
		draft->view->decl->name, draft->body, &draft->findings,
		&draft->finding_count);
}

/* ---- the page ------------------------------------------------------------ */

/* How the words typed would arrive, with the examples; nothing when they do
 * not render, which is a finding then. */
static void
add_sample(struct request *request, json_t *one, const struct draft *draft,
	enum ouv_lang lang)
{
	struct ouv_tmpl_error error = { { 0 }, 0, { 0 } };
	struct ouv_text_letter letter = { 0 };
	struct ouv_desk *desk;
	bool good;

	good = draft->checked && desk_here(request->server, &desk) == OUV_OK &&
	       ouv_desk_text_preview(desk, request->arena, request->actor,
		       draft->view->decl->name, draft->body[lang], lang, NULL,
		       &letter, &error) == OUV_OK;
	view_flag(one, "has_sample", good);
	view_line(one, "subject", letter.subject);
	view_flag(one, "has_subject",
		letter.subject != NULL && *letter.subject != '\0');
	view_text(one, "sample", letter.plain);
}

/* One column: the field of the form, what is wrong with it, its findings. */
static json_t *
column(struct request *request, const json_t *form, const struct draft *draft,
	enum ouv_lang lang)
{
	struct ouv_arena *arena = request->arena;
	const char *name = body_names[lang];
	const char *id = ouv_arena_printf(arena, "edit-%s", name);
	json_t *one = texts_language(request, lang);

	view_line(one, "field_id", id);
	view_line(one, "field_name", name);
	view_text(one, "text", draft->body[lang]);
	json_object_set(one, "has_error",
		json_object_get(
			form, ouv_arena_printf(arena, "has_%s_error", name)));
	json_object_set(one, "error",
		json_object_get(
			form, ouv_arena_printf(arena, "%s_error", name)));
	texts_findings(request, one, draft->findings, draft->finding_count,
		lang, ouv_arena_printf(arena, "#%s", id));
	add_sample(request, one, draft, lang);
	return one;
}

static bool
wants_overrule(const struct request *request, const struct draft *draft)
{
	const char *typed = form_get(&request->form, "overrule");

	for (size_t i = 0; i < draft->finding_count; i++)
		if (!draft->findings[i].blocks)
			return true;
	return typed != NULL && *typed != '\0';
}

static void
add_form(struct request *request, struct sheet *sheet, json_t *data,
	const struct draft *draft)
{
	json_t *columns = json_array(), *form;

	form = sheet_form(sheet, "edit", "edit", true, edit_fields);
	for (int i = 0; i < OUV_LANG__COUNT; i++)
		json_array_append_new(columns,
			column(request, form, draft, (enum ouv_lang)i));
	json_object_set_new(form, "columns", columns);
	view_number(form, "base", draft->view->live_n);
	view_flag(form, "wants_overrule", wants_overrule(request, draft));
	json_object_set_new(data, "edit", form);
}

static void
add_check(json_t *data, const struct draft *draft)
{
	size_t blocking = 0;

	for (size_t i = 0; i < draft->finding_count; i++)
		blocking += draft->findings[i].blocks;
	view_flag(data, "was_checked", draft->checked);
	view_number(data, "finding_count", (int64_t)draft->finding_count);
	view_flag(data, "has_findings", draft->finding_count > 0);
	view_flag(data, "has_one_finding", draft->finding_count == 1);
	view_number(data, "blocking_count", (int64_t)blocking);
	view_flag(data, "has_blocking", blocking > 0);
}

/* What somebody else changed while this was written. */
static void
add_changed(const struct request *request, json_t *data,
	const struct draft *draft, const struct ouv_text_version *live)
{
	bool changed = live != NULL && draft->base != live;

	view_flag(data, "has_changed", changed);
	if (!changed)
		return;
	json_object_set_new(data, "changed",
		texts_version_view(request, draft->view, live));
	json_object_set_new(data, "diffs",
		texts_diffs(request, "diff", draft->base, live, NULL, 0));
}

static void
add_waiting(const struct request *request, json_t *data,
	const struct ouv_text_view *view)
{
	const struct ouv_text_version *waiting = NULL;

	for (size_t i = view->version_count; i-- > 0;)
		if (view->versions[i].state == OUV_VERSION_WAITING)
			waiting = &view->versions[i];
	json_object_set_new(data, "waiting",
		waiting == NULL ? json_false()
				: texts_version_view(request, view, waiting));
}

static void
show(struct request *request, struct draft *draft,
	const struct trouble *trouble)
{
	const struct ouv_text_view *view = draft->view;
	struct sheet sheet = sheet_begin(
		request, texts_path(request->arena, view->decl->name), trouble);
	enum ouv_err err = check(request, draft);
	json_t *data;

	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	data = texts_base(request, view);
	sheet.verb = "edit";
	add_form(request, &sheet, data, draft);
	add_check(data, draft);
	add_changed(
		request, data, draft, texts_version(view, NULL, view->live_n));
	add_waiting(request, data, view);
	texts_number(request, data, "from_name", draft->from->n);
	view_flag(data, "is_from_live", draft->from->n == view->live_n);
	texts_variables(request, data, view->decl);
	sheet_end(&sheet, data);
	if (sheet.form == NULL)
		view_carry(data, "edit", request->path);
	view_flag(data, "has_error_title",
		trouble != NULL && trouble->status != 200);
	reply_page(request, trouble != NULL ? trouble->status : 200, "textedit",
		data);
}

/* Those who may not write can read; the form would only be refused. */
static bool
may_write(struct request *request, const struct ouv_text_view *view)
{
	if (view->may_change)
		return true;
	reply_redirect(request,
		ouv_arena_printf(request->arena, "%s?done=text-not-yours",
			texts_path(request->arena, view->decl->name)));
	return false;
}

void
page_texts_edit(struct request *request)
{
	struct ouv_text_view view = { 0 };
	struct draft draft = { .view = &view };

	if (!texts_open(request, &view) || !may_write(request, &view))
		return;
	draft.from = texts_version(
		&view, form_get(&request->query_form, "n"), view.live_n);
	draft.base = texts_version(&view, NULL, view.live_n);
	if (draft.from == NULL || draft.base == NULL) {
		page_error(request, 404);
		return;
	}
	memcpy(draft.body, draft.from->body, sizeof(draft.body));
	show(request, &draft, NULL);
}

/* ---- what the form does -------------------------------------------------- */

static void
save(struct request *request, struct draft *draft, const char *key)
{
	static const char *const names[] = { "body-pt-BR", "body-en", "body-it",
		"base", "reason", "overrule", NULL };
	struct ouv_verb_result result = { 0 };
	struct trouble trouble = { .result = &result };
	enum ouv_err err;

	err = texts_propose(request, draft->view, key, names, &result);
	if (err == OUV_OK)
		texts_go_on(request, draft->view);
	else if (texts_trouble(request, err, &trouble))
		show(request, draft, &trouble);
}

static void
look(struct request *request, struct draft *draft)
{
	static const struct ouv_verb_result nothing;
	const struct trouble checked = { .status = 200, .result = &nothing };

	draft->checked = true;
	show(request, draft, &checked);
}

void
page_texts_edit_post(struct request *request)
{
	const char *todo = form_get(&request->form, "do");
	struct ouv_text_view view = { 0 };
	struct draft draft = { .view = &view };
	const char *key;

	if (!texts_form_key(request, &key) || !texts_open(request, &view))
		return;
	draft.base = texts_version(
		&view, form_get(&request->form, "base"), view.live_n);
	draft.from = draft.base;
	if (draft.base == NULL) {
		page_error(request, 400);
		return;
	}
	take_typed(request, &draft);
	if (todo != NULL && strcmp(todo, "check") == 0)
		look(request, &draft);
	else
		save(request, &draft, key);
}

void
page_texts_edit_again(struct request *request)
{
	again_set(request, "do", "check");
	page_texts_edit_post(request);
}
