/*
 * page_texts_preview.c - a text as it would arrive, with examples or with the
 * values of a case
 *
 * The HTML part is shown in a frame without rights, from an address of its
 * own: its styles stand in the letter, as mail programs want them, and no page
 * of ours allows that.
 */
#include <string.h>

#include "page.h"
#include "reply.h"
#include "texts.h"
#include "view.h"

#define FRAME_POLICY                                               \
	"sandbox; default-src 'none'; style-src 'unsafe-inline'; " \
	"frame-ancestors 'self'; form-action 'none'; base-uri 'none'"

/* What the address asks for. */
struct wish {
	const struct ouv_text_version *version;
	enum ouv_lang lang;
	const char *number; /* of a case; NULL: the examples */
};

static bool
read_wish(struct request *request, const struct ouv_text_view *view,
	struct wish *wish)
{
	const char *lang = form_get(&request->query_form, "lang");
	const char *number = form_get(&request->query_form, "case");

	wish->version = texts_version(
		view, form_get(&request->query_form, "n"), view->live_n);
	wish->lang = lang == NULL ? request->lang
				  : ouv_lang_parse(lang, OUV_LANG__COUNT);
	wish->number = number != NULL && *number != '\0' ? number : NULL;
	if (wish->version != NULL && wish->lang < OUV_LANG__COUNT)
		return true;
	page_error(request, 404);
	return false;
}

static enum ouv_err
render(struct request *request, const struct ouv_text_view *view,
	const struct wish *wish, struct ouv_text_letter *letter,
	struct ouv_tmpl_error *error)
{
	const char *body = wish->version->body[wish->lang];
	struct ouv_desk *desk;
	enum ouv_err err;

	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	return ouv_desk_text_preview(desk, request->arena, request->actor,
		view->decl->name, body != NULL ? body : "", wish->lang,
		wish->number, letter, error);
}

/* ---- the page ------------------------------------------------------------ */

static void
add_choices(const struct request *request, json_t *data,
	const struct ouv_text_view *view, const struct wish *wish)
{
	json_t *list = json_array();

	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		json_t *one = texts_language(request, (enum ouv_lang)i);

		view_flag(one, "is_current", i == (int)wish->lang);
		json_array_append_new(list, one);
	}
	json_object_set_new(data, "langs", list);
	json_object_set_new(data, "n_choices",
		texts_version_choices(request, view, wish->version->n));
	view_line(data, "case_number", wish->number);
	view_flag(data, "has_case", wish->number != NULL);
	view_line(data, "body_tag", ouv_lang_tag(wish->lang));
	view_line(data, "html_path",
		ouv_arena_printf(request->arena, "%s/html?n=%d&lang=%s&case=%s",
			texts_path(request->arena, view->decl->name),
			wish->version->n, ouv_lang_tag(wish->lang),
			wish->number != NULL
				? form_escape(request->arena, wish->number)
				: ""));
}

static void
add_letter(json_t *data, const struct ouv_text_letter *letter)
{
	view_flag(data, "has_letter", letter->text != NULL);
	view_line(data, "subject", letter->subject);
	view_flag(data, "has_subject",
		letter->subject != NULL && *letter->subject != '\0');
	view_text(data, "text_part", letter->text);
	view_flag(data, "has_html",
		letter->html != NULL && *letter->html != '\0');
}

/* Errors of which the page itself speaks, beside what they are about. */
static const char *
case_word(enum ouv_err err, const struct wish *wish)
{
	if (wish->number == NULL)
		return NULL;
	if (err == OUV_REFUSED)
		return "texts_case_refused";
	return err == OUV_NOT_FOUND ? "texts_no_such_case" : NULL;
}

static void
show(struct request *request, const struct ouv_text_view *view,
	const struct wish *wish, enum ouv_err err,
	const struct ouv_text_letter *letter,
	const struct ouv_tmpl_error *error)
{
	const char *word = case_word(err, wish);
	json_t *data = texts_base(request, view);

	add_choices(request, data, view, wish);
	add_letter(data, letter);
	view_flag(data, "has_case_error", word != NULL);
	view_line(data, "case_error", "");
	if (word != NULL)
		view_code(request, data, "case_error", "", word);
	view_flag(data, "has_broken", err == OUV_INVALID && word == NULL);
	view_number(data, "broken_line", error->line);
	view_flag(data, "has_broken_line", error->line > 0);
	view_line(data, "broken", error->what);
	view_flag(data, "has_error_title", err != OUV_OK);
	reply_page(request, reply_status(err), "textpreview", data);
	reply_policy(request, POLICY_FRAME);
}

void
page_texts_preview(struct request *request)
{
	struct ouv_tmpl_error error = { { 0 }, 0, { 0 } };
	struct ouv_text_letter letter = { 0 };
	struct ouv_text_view view = { 0 };
	struct wish wish;
	enum ouv_err err;

	if (!texts_open(request, &view) || !read_wish(request, &view, &wish))
		return;
	err = render(request, &view, &wish, &letter, &error);
	if (err == OUV_OK || err == OUV_INVALID ||
		case_word(err, &wish) != NULL)
		show(request, &view, &wish, err, &letter, &error);
	else
		page_error_desk(request, err);
}

/* ---- the HTML part alone, for the frame ---------------------------------- */

void
page_texts_html(struct request *request)
{
	struct ouv_tmpl_error error = { { 0 }, 0, { 0 } };
	struct ouv_text_letter letter = { 0 };
	struct ouv_text_view view = { 0 };
	struct wish wish;
	struct ouv_str html;
	enum ouv_err err;

	if (!texts_open(request, &view) || !read_wish(request, &view, &wish))
		return;
	err = render(request, &view, &wish, &letter, &error);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	if (letter.html == NULL) {
		page_error(request, 404);
		return;
	}
	html = (struct ouv_str){ letter.html, strlen(letter.html) };
	reply_bytes(request, 200, "text/html; charset=utf-8", html);
	reply_header_set(request, "Content-Security-Policy", FRAME_POLICY);
	reply_header_set(request, "X-Frame-Options", "SAMEORIGIN");
}
