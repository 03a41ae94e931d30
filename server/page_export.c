/*
 * page_export.c - a copy of a case goes out as an archive, while it is made, or
 * as the one file it is
 */
#include <string.h>

#include "ouv/copy.h"
#include "ouv/zip.h"

#include "page.h"
#include "reply.h"

/* So much is answered at once; of the rest as much as its reader takes. */
#define AT_ONCE ((size_t)256 * 1024)

struct exporting {
	const struct server *server;
	struct ouv_copy *copy;
	struct ouv_zip *zip; /* NULL: one file by itself */
	struct ouv_str ready;
	bool end;
};

/* One bit of the copy into the archive. */
static enum ouv_err
feed(struct exporting *e, struct ouv_desk *desk)
{
	struct ouv_copy_bit bit;
	enum ouv_err err = ouv_desk_copy_next(desk, e->copy, &bit);

	if (err != OUV_OK)
		return err;
	if (e->zip == NULL) {
		e->end = bit.step == OUV_COPY_END;
		if (bit.step == OUV_COPY_BYTES)
			e->ready = bit.bytes;
		return OUV_OK;
	}
	switch (bit.step) {
	case OUV_COPY_FILE:
		return ouv_zip_file(e->zip, bit.name, bit.at);
	case OUV_COPY_BYTES:
		return ouv_zip_bytes(e->zip, bit.bytes.p, bit.bytes.len);
	case OUV_COPY_END:
	default:
		e->end = true;
		return ouv_zip_end(e->zip);
	}
}

static enum ouv_err
more(void *user, char *bytes, size_t most, size_t *len_out)
{
	struct exporting *e = user;
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(e->server, &desk);

	while (err == OUV_OK && e->ready.len == 0 && !e->end) {
		err = feed(e, desk);
		if (e->zip != NULL)
			e->ready = ouv_zip_take(e->zip);
	}
	if (err == OUV_TEMPORARY)
		desk_drop();
	if (err != OUV_OK)
		return err;
	*len_out = e->ready.len < most ? e->ready.len : most;
	if (*len_out > 0)
		memcpy(bytes, e->ready.p, *len_out);
	e->ready.p += *len_out;
	e->ready.len -= *len_out;
	return OUV_OK;
}

void
page_export(struct request *request, struct ouv_copy *copy)
{
	struct exporting *e = ouv_arena_alloc(request->arena, sizeof(*e));
	char *bytes = ouv_arena_raw(request->arena, AT_ONCE);
	const char *type = ouv_copy_single(copy);
	size_t len = 0, n = 1;
	enum ouv_err err = OUV_OK;

	*e = (struct exporting){ .server = request->server, .copy = copy };
	if (type == NULL) {
		e->zip = ouv_zip_new(request->arena);
		type = "application/zip";
		err = e->zip != NULL ? OUV_OK : OUV_TEMPORARY;
	}
	while (err == OUV_OK && n > 0 && len < AT_ONCE) {
		err = more(e, bytes + len, AT_ONCE - len, &n);
		len += err == OUV_OK ? n : 0;
	}
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	reply_bytes(request, 200, type, (struct ouv_str){ bytes, len });
	if (n > 0) {
		request->response.more = more;
		request->response.more_user = e;
	}
	reply_header_set(request, "Content-Security-Policy",
		"sandbox; default-src 'none'");
	reply_header(request, "Content-Disposition",
		download_name(request, ouv_copy_name(copy)));
}
