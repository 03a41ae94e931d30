/*
 * page_layout.c - a message in the layout its sender gave it, in a frame that
 * may do nothing, and the second host name that the frame is served from
 *
 * The page is ours and has an address of the second name in its frame.  There
 * no cookie of ours is known; one address is answered once, within a minute,
 * and nothing else at all.
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/mail.h"

#include "once.h"
#include "page.h"
#include "painter.h"
#include "reply.h"
#include "session.h"
#include "view.h"

#define PREFIX "/view/"
#define VIEW_POLICY                                                \
	"sandbox; default-src 'none'; style-src 'unsafe-inline'; " \
	"img-src data:; form-action 'none'; base-uri 'none'; "     \
	"frame-ancestors %s"

/* ---- the page ---------------------------------------------------------------
 */

/* What there is instead of a frame; NULL: the frame. */
static void
show(struct request *request, const char *instead, const char *token)
{
	const struct site *site = &request->server->site;
	const char *path =
		ouv_arena_printf(request->arena, "/cases/%s", request->args[0]);
	json_t *data = view_base(request, "layout_title");

	view_line(data, "case_path", path);
	view_line(data, "text_path",
		ouv_arena_printf(request->arena, "%s/items/%s/text", path,
			request->args[1]));
	view_flag(data, "has_frame", instead == NULL);
	view_line(data, "frame_url",
		instead != NULL
			? ""
			: ouv_arena_printf(request->arena, "%s" PREFIX "%s",
				  site->view_origin, token));
	view_word(request, data, "instead",
		instead != NULL ? instead : "layout_title");
	reply_page(request, 200, "layout", data);
}

/* Adds to what a page of ours may: one frame, from there. */
static void
allow_frame(struct request *request)
{
	static const char name[] = "Content-Security-Policy";
	static const char first[] = "default-src 'none'; ";
	const struct response *response = &request->response;
	const char *policy =
		header_find(response->headers, response->header_count, name);

	if (policy == NULL || strncmp(policy, first, strlen(first)) != 0)
		return;
	reply_header_set(request, name,
		ouv_arena_printf(request->arena, "%sframe-src %s; %s", first,
			request->server->site.view_origin,
			policy + strlen(first)));
}

static enum ouv_err
paint(struct request *request, const struct ouv_id *item,
	struct ouv_str *document_out)
{
	const struct words *words = &request->server->words;
	const struct painter_words told = {
		words_get(words, request->lang, "layout_frame"),
		words_get(words, request->lang, "layout_remote"),
		words_get(words, request->lang, "layout_missing"),
	};
	struct ouv_desk *desk;
	struct ouv_str raw;
	enum ouv_err err;

	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	err = ouv_desk_item_raw(desk, request->arena, request->actor,
		request->args[0], item, &raw);
	if (err != OUV_OK) {
		page_error_desk(
			request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
		return OUV_REFUSED; /* it has been answered */
	}
	return painter_paint(request->arena, &told, raw, document_out);
}

void
page_item_layout(struct request *request)
{
	struct ouv_str document;
	struct ouv_id item;
	char token[ONCE_TOKEN + 1];
	enum ouv_err err;

	if (ouv_id_parse(request->args[1], &item) != OUV_OK) {
		page_error(request, 404);
		return;
	}
	if (request->server->site.view_origin == NULL) {
		show(request, "layout_no_name", NULL);
		return;
	}
	err = paint(request, &item, &document);
	if (err == OUV_OK) {
		once_put(ouv_clock_mono_ms(), &item, document, token);
		show(request, NULL, token);
		allow_frame(request);
	} else if (err == OUV_NOT_FOUND || err == OUV_INVALID) {
		show(request,
			err == OUV_NOT_FOUND ? "layout_none" : "layout_cannot",
			NULL);
	} else if (err == OUV_TEMPORARY) {
		page_error(request, 503);
	}
}

/* ---- the second name --------------------------------------------------------
 */

/* Nobody is known here, so no page of ours is in reach. */
static void
secure(struct request *request)
{
	reply_header_drop(request, "X-Frame-Options");
	reply_header_drop(request, "Cross-Origin-Opener-Policy");
	reply_header_set(request, "Referrer-Policy", "no-referrer");
	reply_header_set(request, "Content-Security-Policy",
		ouv_arena_printf(request->arena, VIEW_POLICY,
			request->server->site.origin));
}

void
page_view_refuse(struct request *request, int status)
{
	const char *words;

	session_language(request);
	words = words_get(
		&request->server->words, request->lang, "layout_gone");
	secure(request);
	reply_text(request, status,
		ouv_arena_printf(request->arena, "%s\n", words));
}

void
page_view(struct request *request)
{
	size_t prefix = strlen(PREFIX);
	struct ouv_str document;

	if (request->method != METHOD_GET || *request->query != '\0' ||
		strncmp(request->path, PREFIX, prefix) != 0 ||
		once_take(request->arena, ouv_clock_mono_ms(),
			request->path + prefix, &document) != OUV_OK) {
		page_view_refuse(request, 404);
		return;
	}
	secure(request);
	reply_bytes(request, 200, "text/html; charset=utf-8", document);
}
