/*
 * page_scan.c - a page of an attachment that is a picture: how it looks, beside
 * what a machine read on it
 *
 * The picture is drawn anew behind a fence (scanner.c), so nothing of the bytes
 * that came reaches a browser as they are; it has an address of its own, and
 * headers by which it can be nothing but a picture.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/id.h"

#include "page.h"
#include "reply.h"
#include "scan_words.h"
#include "scanner.h"
#include "view.h"

#define DIGITS 4

/* False: no such address; answered. */
static bool
number(struct request *request, const char *text, int *out)
{
	if (*text != '\0' && strlen(text) <= DIGITS &&
		text[strspn(text, "0123456789")] == '\0') {
		*out = (int)strtol(text, NULL, 10);
		return true;
	}
	page_error(request, 404);
	return false;
}

struct where {
	struct ouv_id item;
	int part, page;
	const char *case_path,
		*path; /* ... and of its pages, without a number */
};

static bool
find(struct request *request, struct where *w)
{
	*w = (struct where){ .page = 1 };
	if (ouv_id_parse(request->args[1], &w->item) != OUV_OK) {
		page_error(request, 404);
		return false;
	}
	if (!number(request, request->args[2], &w->part) ||
		(request->args[3] != NULL &&
			!number(request, request->args[3], &w->page)))
		return false;
	w->case_path =
		ouv_arena_printf(request->arena, "/cases/%s", request->args[0]);
	w->path = ouv_arena_printf(request->arena, "%s/items/%s/parts/%d/pages",
		w->case_path, request->args[1], w->part);
	return true;
}

/* A number typed into the field that leads to a page. */
static bool
goes_on(struct request *request, const struct where *w)
{
	const char *to = form_get(&request->query_form, "page");
	int n;

	if (to == NULL)
		return false;
	to += strspn(to, " ");
	if (*to == '\0')
		to = "1";
	if (number(request, to, &n))
		reply_redirect(request,
			ouv_arena_printf(request->arena, "%s/%d", w->path, n));
	return true;
}

/* ---- the page --------------------------------------------------------------
 */

static void
add_turn(const struct request *request, json_t *data, const char *name, int n,
	const struct where *w, bool there)
{
	view_flag(
		data, ouv_arena_printf(request->arena, "has_%s", name), there);
	view_line(data, ouv_arena_printf(request->arena, "%s_path", name),
		ouv_arena_printf(request->arena, "%s/%d", w->path, n));
}

static void
add_ways(const struct request *request, json_t *data, const struct where *w,
	const struct ouv_scan_page *page)
{
	struct ouv_arena *arena = request->arena;

	add_turn(request, data, "before", w->page - 1, w, w->page > 1);
	add_turn(request, data, "after", w->page + 1, w, w->page < page->pages);
	view_line(data, "pages_path", w->path);
	view_line(data, "case_path", w->case_path);
	view_line(data, "item_path",
		ouv_arena_printf(arena, "%s?open=%d#item-%d", w->case_path,
			page->seq, page->seq));
	view_line(data, "file_path",
		ouv_arena_printf(arena, "%s/items/%s/parts/%d", w->case_path,
			request->args[1], w->part));
	view_line(data, "picture_path",
		ouv_arena_printf(arena, "%s/%d/picture", w->path, w->page));
	view_line(data, "quote_path",
		ouv_arena_printf(arena, "%s?quote=%s.%d.%d#reply", w->case_path,
			request->args[1], w->part, w->page));
	view_line(data, "evidence_path",
		ouv_arena_printf(arena,
			"%s/do/evidence?what=add&item=%d&part=%d", w->case_path,
			page->seq, w->part + 1));
}

static void
add_page(const struct request *request, json_t *data, const struct where *w,
	const struct ouv_scan_page *page)
{
	bool cut = false;

	view_line(data, "name", page->name != NULL ? page->name : "");
	view_flag(data, "has_name", page->name != NULL && *page->name != '\0');
	view_number(data, "page", page->page);
	view_number(data, "pages", page->pages);
	view_number(data, "done", page->done);
	view_flag(data, "has_pages", page->pages > 1);
	view_flag(data, "is_done", page->done >= page->pages);
	view_flag(data, "is_read", page->read);
	view_flag(data, "has_words", page->read && page->words.words > 0);
	view_flag(data, "is_own", page->read && page->words.width == 0);
	view_flag(data, "is_given_up", !page->read && page->why != NULL);
	view_number(data, "sure", page->words.conf);
	view_line(data, "text_lang", ouv_lang_tag(page->lang));
	json_object_set_new(
		data, "runs", scan_runs(request->arena, &page->words, &cut));
	view_flag(data, "is_cut", cut);
	view_flag(data, "may_quote", page->may_quote);
	view_flag(data, "may_index", page->may_index);
	view_flag(data, "may_use", page->may_quote || page->may_index);
	view_flag(data, "has_doubts", scan_has_doubts(&page->words));
	add_ways(request, data, w, page);
}

void
page_scan(struct request *request)
{
	struct ouv_scan_page page;
	struct ouv_desk *desk;
	enum ouv_err err;
	struct where w;
	json_t *data;

	if (!find(request, &w) || goes_on(request, &w))
		return;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_scan_page(desk, request->arena, request->actor,
			request->args[0], &w.item, w.part, w.page, &page);
	if (err != OUV_OK) {
		page_error_desk(
			request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
		return;
	}
	data = view_base(request, "scan_title");
	view_flag(data, "at_worklist", true);
	add_page(request, data, &w, &page);
	reply_page(request, 200, "scan", data);
}

/* ---- the picture -----------------------------------------------------------
 */

/* What a browser shows where it asked for a picture says nothing: a status is
 * enough. */
static void
no_picture(struct request *request, enum ouv_err err)
{
	if (err == OUV_TEMPORARY)
		reply_header(request, "Retry-After", "2");
	reply_text(request, err == OUV_INVALID ? 404 : reply_status(err), "");
}

void
page_scan_picture(struct request *request)
{
	struct ouv_desk *desk;
	struct ouv_str jpeg;
	enum ouv_err err;
	struct where w;

	if (!find(request, &w))
		return;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_scan_picture(desk, request->arena,
			request->actor, request->args[0], &w.item, w.part,
			w.page, scanner_show, NULL, &jpeg);
	if (err != OUV_OK) {
		no_picture(request, err);
		return;
	}
	reply_bytes(request, 200, "image/jpeg", jpeg);
	reply_header_set(request, "Content-Security-Policy",
		"sandbox; default-src 'none'");
	reply_header(request, "Content-Disposition", "inline");
}
