/*
 * page_bytes.c - a message as it came, and its attachments, to keep
 *
 * Bytes from strangers: always a download, never a page of ours, whatever
 * type their sender gave them.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/id.h"

#include "page.h"
#include "reply.h"
#include "view.h"

/* RFC 6266: an ASCII name for all, and the real one percent-encoded. */
static const char *
disposition(struct request *request, const char *name)
{
	const char *clean = view_clean(request->arena, name, false);
	char *ascii = ouv_arena_strdup(request->arena, clean);

	for (char *p = ascii; *p != '\0'; p++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "abcdefghijklmnopqrstuvwxyz0123456789._- ",
			    *p) == NULL)
			*p = '_';
	return ouv_arena_printf(request->arena,
		"attachment; filename=\"%s\"; filename*=UTF-8''%s", ascii,
		form_escape(request->arena, clean));
}

static void
send_bytes(struct request *request, int part, const char *fallback)
{
	struct ouv_desk *desk;
	struct ouv_str bytes;
	const char *name = NULL, *type = NULL;
	struct ouv_id item;
	enum ouv_err err;

	if (ouv_id_parse(request->args[1], &item) != OUV_OK) {
		page_error(request, 404);
		return;
	}
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_item_bytes(desk, request->arena, request->actor,
			request->args[0], &item, part, &bytes, &name, &type);
	if (err != OUV_OK) {
		page_error_desk(
			request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
		return;
	}
	reply_bytes(request, 200, "application/octet-stream", bytes);
	reply_header_set(request, "Content-Security-Policy",
		"sandbox; default-src 'none'");
	reply_header(request, "Content-Disposition",
		disposition(request, part >= 0 && name != NULL && *name != '\0'
					     ? name
					     : fallback));
}

void
page_item_raw(struct request *request)
{
	send_bytes(request, -1,
		ouv_arena_printf(request->arena, "%s-%.8s.eml",
			request->args[0],
			request->args[1] +
				(strlen(request->args[1]) > 8
						? strlen(request->args[1]) - 8
						: 0)));
}

void
page_item_part(struct request *request)
{
	const char *digits = request->args[2];
	int part;

	if (strlen(digits) > 4 ||
		digits[strspn(digits, "0123456789")] != '\0') {
		page_error(request, 404);
		return;
	}
	part = (int)strtol(digits, NULL, 10);
	send_bytes(request, part,
		ouv_arena_printf(
			request->arena, "%s-%d", request->args[0], part + 1));
}
