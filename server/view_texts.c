/*
 * view_texts.c - a text of the office, its versions and what the lint says
 */
#include <stdlib.h>
#include <string.h>

#include "texts.h"
#include "view.h"

const char *
texts_path(struct ouv_arena *arena, const char *name)
{
	return ouv_arena_printf(arena, "/templates/%s", name);
}

void
texts_number(
	const struct request *request, json_t *data, const char *key, int n)
{
	const char *word = words_get(
		&request->server->words, request->lang, "texts_version");

	if (n == 0)
		view_word(request, data, key, "texts_product");
	else
		view_line(data, key,
			ouv_arena_printf(request->arena, "%s %d", word, n));
}

void
texts_head(const struct request *request, json_t *data,
	const struct ouv_text_view *view)
{
	const struct ouv_text_decl *decl = view->decl;
	enum ouv_lint_kind kind = (enum ouv_lint_kind)decl->kind;

	view_line(data, "heading", decl->title[request->lang]);
	view_line(data, "text_name", decl->name);
	view_code(
		request, data, "kind", "texts_kind_", ouv_lint_kind_name(kind));
	view_flag(data, "is_piece", decl->kind == OUV_TEXT_PIECE);
	view_flag(data, "is_automatic", decl->automatic);
	view_line(data, "text_path", texts_path(request->arena, decl->name));
	view_flag(data, "can_change", view->may_change);
	texts_number(request, data, "live", view->live_n);
}

/* A name and whether there is one. */
static void
add_said(const struct request *request, json_t *data, const char *key,
	const char *text)
{
	view_line(data, key, text);
	view_flag(data, ouv_arena_printf(request->arena, "has_%s", key),
		text != NULL && *text != '\0');
}

/* Where this version can be looked at, and gone back to. */
static void
add_links(const struct request *request, json_t *one,
	const struct ouv_text_view *view,
	const struct ouv_text_version *version)
{
	struct ouv_arena *arena = request->arena;
	const char *path = texts_path(arena, view->decl->name);
	bool live = version->n == view->live_n;
	bool first = version == view->versions + view->version_count - 1;
	int other = live && !first ? version[1].n : view->live_n;

	view_line(one, "preview_path",
		ouv_arena_printf(arena, "%s/preview?n=%d", path, version->n));
	view_flag(one, "can_compare", other != version->n);
	view_line(one, "compare_path",
		live ? ouv_arena_printf(arena, "%s/compare?a=%d&b=%d", path,
			       other, version->n)
		     : ouv_arena_printf(arena, "%s/compare?a=%d&b=%d", path,
			       version->n, other));
	view_line(one, "edit_path",
		ouv_arena_printf(arena, "%s/edit?n=%d", path, version->n));
	view_flag(one, "can_go_back",
		view->may_change && version->state == OUV_VERSION_PAST);
	view_line(one, "back_path",
		ouv_arena_printf(arena, "%s/back?n=%d", path, version->n));
}

json_t *
texts_version_view(const struct request *request,
	const struct ouv_text_view *view,
	const struct ouv_text_version *version)
{
	const char *state = ouv_version_state_name(version->state);
	json_t *one = json_object();

	view_number(one, "n", version->n);
	texts_number(request, one, "name", version->n);
	view_line(one, "version_state", state);
	view_code(request, one, "state_name", "version_", state);
	view_flag(one, "is_live", version->state == OUV_VERSION_LIVE);
	view_flag(one, "is_waiting", version->state == OUV_VERSION_WAITING);
	view_flag(one, "is_doubtful", version->state == OUV_VERSION_DOUBTFUL);
	view_flag(one, "is_refused", version->state == OUV_VERSION_REFUSED);
	view_flag(one, "is_mine", version->mine);
	view_time(request, one, "at", version->at);
	view_time(request, one, "second_at", version->second_at);
	add_said(request, one, "author", version->author);
	add_said(request, one, "why", version->reason);
	add_said(request, one, "overrule", version->overrule);
	add_said(request, one, "second", version->second);
	add_said(request, one, "second_why", version->second_why);
	view_flag(one, "has_from", version->from_n >= 0);
	texts_number(request, one, "from", version->from_n);
	add_links(request, one, view, version);
	return one;
}

json_t *
texts_version_choices(const struct request *request,
	const struct ouv_text_view *view, int chosen)
{
	json_t *list = json_array();

	for (size_t i = 0; i < view->version_count; i++) {
		const struct ouv_text_version *version = &view->versions[i];
		json_t *one = json_object();

		view_number(one, "value", version->n);
		texts_number(request, one, "name", version->n);
		view_code(request, one, "state_name", "version_",
			ouv_version_state_name(version->state));
		view_flag(one, "is_current", version->n == chosen);
		json_array_append_new(list, one);
	}
	return list;
}

json_t *
texts_language(const struct request *request, enum ouv_lang lang)
{
	json_t *one = json_object();

	view_line(one, "tag", ouv_lang_tag(lang));
	view_code(request, one, "lang_name", "lang_", ouv_lang_tag(lang));
	return one;
}

static const char *
target_of(const struct request *request, const char *target, int line)
{
	size_t len = strlen(target);

	if (len == 0 || target[len - 1] != '-')
		return target;
	return ouv_arena_printf(
		request->arena, "%s%d", target, line > 0 ? line : 1);
}

static json_t *
finding_view(const struct request *request,
	const struct ouv_text_finding *finding, const char *target)
{
	json_t *one = json_object();

	view_line(one, "rule", finding->rule);
	view_flag(one, "blocks", finding->blocks);
	view_flag(one, "has_line", finding->line > 0);
	view_number(one, "line", finding->line);
	add_said(request, one, "found", finding->found);
	/* The parser's own words, for whoever knows the marks. */
	view_flag(
		one, "is_parser", strcmp(finding->rule, "template-error") == 0);
	if (finding->says[request->lang] != NULL)
		view_line(one, "says", finding->says[request->lang]);
	else
		view_code(request, one, "says", "finding_", finding->rule);
	view_line(
		one, "target_path", target_of(request, target, finding->line));
	return one;
}

void
texts_findings(const struct request *request, json_t *data,
	const struct ouv_text_finding *findings, size_t count,
	enum ouv_lang lang, const char *target)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		if (findings[i].lang == lang)
			json_array_append_new(list,
				finding_view(request, &findings[i], target));
	view_flag(data, "has_findings", json_array_size(list) > 0);
	json_object_set_new(data, "findings", list);
}

static bool
is_found(const struct ouv_text_finding *findings, size_t count,
	enum ouv_lang lang, int line)
{
	for (size_t i = 0; i < count; i++)
		if (findings[i].lang == lang && findings[i].line == line)
			return true;
	return false;
}

json_t *
texts_bodies(const struct request *request,
	const struct ouv_text_version *version,
	const struct ouv_text_finding *findings, size_t count)
{
	json_t *list = json_array();

	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		enum ouv_lang lang = (enum ouv_lang)i;
		const char *tag = ouv_lang_tag(lang);
		const char *at =
			version->body[i] != NULL ? version->body[i] : "";
		json_t *one = texts_language(request, lang);
		json_t *rows = json_array();

		for (int n = 1; *at != '\0'; n++) {
			size_t len = strcspn(at, "\n");
			json_t *row = json_object();

			view_number(row, "n", n);
			view_line(row, "text",
				ouv_arena_strndup(request->arena, at, len));
			view_flag(row, "is_found",
				is_found(findings, count, lang, n));
			json_array_append_new(rows, row);
			at += len + (at[len] == '\n');
		}
		view_flag(one, "has_rows", json_array_size(rows) > 0);
		json_object_set_new(one, "rows", rows);
		texts_findings(request, one, findings, count, lang,
			ouv_arena_printf(request->arena, "#line-%s-", tag));
		json_array_append_new(list, one);
	}
	return list;
}
