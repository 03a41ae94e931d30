/*
 * page_error.c - what a reader is told when something did not work
 *
 * Words stand under error_<status>_title and error_<status>_text.  Whatever
 * was typed into a form is shown again, so that nobody loses a letter.
 */
#include <string.h>

#include "ouv/history.h"
#include "ouv/log.h"

#include "page.h"
#include "reply.h"
#include "route.h"
#include "session.h"
#include "view.h"

/* Statuses that have words of their own; any other is told as 400 or 500. */
static const int told[] = { 400, 403, 404, 405, 411, 413, 414, 415, 431, 500,
	501, 503 };

static int
words_for(int status)
{
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (told[i] == status)
			return status;
	return status < 500 ? 400 : 500;
}

static bool
is_of_case(const struct request *request)
{
	return strncmp(request->path, "/cases/", 7) == 0;
}

/* What was typed comes back only to somebody who typed it on our pages. */
static void
add_kept(const struct request *request, json_t *data)
{
	const char *text = form_kept(request->arena, &request->form);
	/* Never what was typed about a case that is theirs no longer. */
	bool theirs = !request->again || !is_of_case(request);
	bool keep = text != NULL && *text != '\0' && theirs &&
		    session_foreign(request) == NULL;

	view_flag(data, "has_kept", keep);
	view_text(data, "kept_text", keep ? text : "");
}

/* back: where to go on from here; NULL: to the beginning. */
static void
show(struct request *request, int status, const char *back)
{
	json_t *data;
	char key[32];

	(void)snprintf(key, sizeof(key), "error_%d_title", words_for(status));
	data = view_base(request, key);
	(void)snprintf(key, sizeof(key), "error_%d_text", words_for(status));
	view_word(request, data, "text", key);
	view_flag(data, "is_no_key", false);
	view_flag(data, "has_back", back != NULL);
	view_line(data, "back_path", back != NULL ? back : "/");
	view_flag(data, "is_case_back",
		back != NULL && strncmp(back, "/cases/", 7) == 0);
	view_number(data, "status", status);
	view_line(data, "here", "/");
	add_kept(request, data);
	if (status == 503)
		reply_header(request, "Retry-After", "5");
	reply_page(request, status, "error", data);
}

void
page_error(struct request *request, int status)
{
	show(request, status, NULL);
}

void
page_error_method(struct request *request)
{
	const char *back = request->actor != NULL ? route_back(request) : NULL;

	show(request, 405,
		back != NULL && strcmp(back, "/") != 0 ? back : NULL);
}

/* A case that this person holds no key to: why, and whom to ask. */
static void
page_no_key(struct request *request)
{
	json_t *data = view_base(request, "no_key_title");

	view_word(request, data, "text", "no_key_text");
	view_flag(data, "is_no_key", true);
	view_flag(data, "has_back", false);
	view_line(data, "back_path", "/");
	view_flag(data, "is_case_back", false);
	view_number(data, "status", 403);
	view_line(data, "here", "/");
	add_kept(request, data);
	reply_page(request, 403, "error", data);
}

/* Of a case, or of another page. */
static void
note_denied(struct request *request)
{
	struct ouv_desk *desk;

	if (request->actor != NULL &&
		desk_here(request->server, &desk) == OUV_OK)
		ouv_desk_denied(desk, request->actor,
			is_of_case(request) ? request->args[0] : NULL);
}

void
page_error_desk(struct request *request, enum ouv_err err)
{
	if (err == OUV_TEMPORARY)
		desk_drop();
	if (err == OUV_REFUSED) {
		note_denied(request);
		page_no_key(request);
	} else {
		page_error(request, reply_status(err));
	}
}
