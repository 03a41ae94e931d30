/*
 * page_bytes.c - a message as it came, and its attachments, to keep
 *
 * Bytes from strangers: always a download, never a page of ours, whatever
 * type their sender gave them.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/download.h"
#include "ouv/id.h"

#include "page.h"
#include "reply.h"
#include "view.h"

/* RFC 6266: an ASCII name for all, and the real one percent-encoded. */
const char *
download_name(struct request *request, const char *name)
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

/* So much is answered at once; of the rest as much as its reader takes. */
#define AT_ONCE ((size_t)256 * 1024)

struct sending {
	const struct server *server;
	struct ouv_download download;
};

static enum ouv_err
more(void *user, char *bytes, size_t most, size_t *len_out)
{
	struct sending *sending = user;
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(sending->server, &desk);

	if (err == OUV_OK)
		err = ouv_desk_download_read(
			desk, &sending->download, bytes, most, len_out);
	if (err == OUV_TEMPORARY)
		desk_drop();
	return err;
}

/* The first bytes; end_out: they are all. */
static enum ouv_err
begin(struct request *request, struct sending *sending,
	struct ouv_str *bytes_out, bool *end_out)
{
	char *bytes = ouv_arena_raw(request->arena, AT_ONCE);
	size_t len = 0, n = 1;

	while (n > 0 && len < AT_ONCE) {
		enum ouv_err err =
			more(sending, bytes + len, AT_ONCE - len, &n);

		if (err != OUV_OK)
			return err;
		len += n;
	}
	*bytes_out = (struct ouv_str){ bytes, len };
	*end_out = n == 0;
	return OUV_OK;
}

static enum ouv_err
prepare(struct request *request, int part, struct sending *sending)
{
	struct ouv_desk *desk;
	struct ouv_id item;
	enum ouv_err err;

	if (ouv_id_parse(request->args[1], &item) != OUV_OK)
		return OUV_NOT_FOUND;
	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	err = ouv_desk_download(desk, request->arena, request->actor,
		request->args[0], &item, part, &sending->download);
	return err == OUV_INVALID ? OUV_NOT_FOUND : err;
}

static void
send_bytes(struct request *request, int part, const char *fallback)
{
	struct sending *sending =
		ouv_arena_alloc(request->arena, sizeof(*sending));
	struct ouv_str bytes = { "", 0 };
	bool end = true;
	const char *name;
	enum ouv_err err;

	sending->server = request->server;
	err = prepare(request, part, sending);
	if (err == OUV_OK)
		err = begin(request, sending, &bytes, &end);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	name = sending->download.name;
	reply_bytes(request, 200, "application/octet-stream", bytes);
	if (!end) {
		request->response.more = more;
		request->response.more_user = sending;
	}
	reply_header_set(request, "Content-Security-Policy",
		"sandbox; default-src 'none'");
	reply_header(request, "Content-Disposition",
		download_name(request,
			part >= 0 && name != NULL && *name != '\0' ? name
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
