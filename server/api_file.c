/*
 * api_file.c - a file that a company's program brings
 *
 * The body is the file.  It goes into sealed pieces as it comes, under a secret
 * of this token and this case, and lies there for a day under a number, which
 * an answer or a message then names.
 */
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "reply.h"

struct api_file {
	struct ouv_uploading *on_its_way; /* NULL: refused, or repeated */
	struct ouv_hasher *hasher; /* of its bytes, by the token's secret */
	char digest[2 * OUV_KEY + 1];
	enum ouv_err err;
	enum ouv_upload_why why;
};

/* Between two pieces another request of this thread may have lost the desk. */
static enum ouv_err
here(struct api_call *call)
{
	return desk_here(call->request->server, &call->desk);
}

static const char *
header(const struct api_call *call, const char *name)
{
	return header_find(
		call->request->headers, call->request->header_count, name);
}

static void
refuse(struct api_call *call, enum ouv_err err, enum ouv_upload_why why)
{
	json_t *errors;

	if (err == OUV_TEMPORARY || why == OUV_UPLOAD_BUSY) {
		api_error(call, OUV_TEMPORARY);
	} else if (why == OUV_UPLOAD_TOO_LARGE) {
		api_problem(call->request, API_TOO_LARGE, NULL);
	} else if (err == OUV_REFUSED) {
		errors = json_array();
		api_wrong(call->request, errors, "",
			ouv_arena_printf(call->request->arena, "upload_%s",
				ouv_upload_why_name(why)));
		api_problem(call->request, API_FILE, errors);
	} else {
		api_error(call, err);
	}
}

/* Are they told of that case? */
static enum ouv_err
check_case(struct api_call *call)
{
	struct ouv_page_messages none;

	return ouv_desk_page_messages(call->desk, call->request->arena,
		&call->caller.visit, call->args[0], 0, 1, &none);
}

static enum ouv_err
begin(struct api_call *call, struct api_file *file)
{
	const char *name = api_query(call, "name");
	char secret[OUV_UPLOAD_SECRET];
	enum ouv_err err = check_case(call);

	ouv_caller_upload(&call->caller, api_protocol(call), secret);
	if (err == OUV_OK)
		err = ouv_desk_upload_begin(call->desk, call->request->arena,
			secret, OUV_UPLOAD_PARTY, name != NULL ? name : "file",
			header(call, "Content-Type"), &file->on_its_way,
			&file->why);
	ouv_wipe(secret, sizeof(secret));
	return err;
}

bool
api_file_begin(struct api_call *call)
{
	const struct ouv_upload_limits limits =
		ouv_upload_limits(call->request->server->config);
	const char *length = header(call, "Content-Length");
	struct api_file *file;

	if (strtoull(length, NULL, 10) > limits.file) {
		api_problem(call->request, API_TOO_LARGE, NULL);
		return false;
	}
	file = ouv_arena_alloc(call->request->arena, sizeof(*file));
	file->hasher =
		ouv_hasher_new(call->request->arena, call->caller.visit.secret);
	call->file = file;
	if (call->once.repeated)
		return true; /* its bytes are compared at the end */
	file->err = begin(call, file);
	if (file->err == OUV_OK)
		return true;
	refuse(call, file->err, file->why);
	call->file = NULL;
	return false;
}

void
api_file_more(struct api_call *call, const char *data, size_t len)
{
	struct api_file *file = call->file;

	if (file == NULL || file->err != OUV_OK)
		return;
	ouv_hasher_add(file->hasher, data, len);
	if (file->on_its_way == NULL)
		return;
	file->err = here(call);
	if (file->err == OUV_OK)
		file->err = ouv_desk_upload_add(
			call->desk, file->on_its_way, data, len, &file->why);
	if (file->err != OUV_OK)
		api_file_cut(call);
}

void
api_file_cut(struct api_call *call)
{
	if (call->file == NULL || call->file->on_its_way == NULL)
		return;
	/* Without a database it is swept tomorrow. */
	if (here(call) == OUV_OK)
		ouv_desk_upload_drop(call->desk, call->file->on_its_way);
	call->file->on_its_way = NULL;
}

/* ---- it is whole -----------------------------------------------------------
 */

static json_t *
file_json(const struct ouv_upload *kept)
{
	return json_pack("{s:i, s:s, s:I, s:s, s:i, s:b, s:b}", "file", kept->n,
		"type", kept->type, "size", (json_int_t)kept->size, "sha256",
		kept->sha256, "pages", kept->pages, "locked",
		(kept->marks & OUV_UPLOAD_BIT(OUV_UPLOAD_LOCKED)) != 0,
		"damaged",
		(kept->marks & OUV_UPLOAD_BIT(OUV_UPLOAD_DAMAGED)) != 0);
}

/* The same file again: its digest stands before the answer of then. */
static void
repeat(struct api_call *call)
{
	const size_t len = strlen(call->file->digest);
	const char *then = call->once.answer;

	if (strncmp(then, call->file->digest, len) != 0) {
		api_problem(call->request, API_KEY_REUSED, NULL);
		return;
	}
	reply_bytes(call->request, call->once.status, "application/json",
		(struct ouv_str){ then + len, strlen(then + len) });
}

void
api_post_file(struct api_call *call)
{
	struct api_file *file = call->file;
	uint8_t digest[OUV_KEY];
	struct ouv_upload kept;

	ouv_hasher_end(file->hasher, digest);
	ouv_hex(digest, sizeof(digest), file->digest);
	call->mark = file->digest;
	if (call->once.repeated) {
		repeat(call);
		return;
	}
	if (file->err == OUV_OK)
		file->err = here(call);
	if (file->err == OUV_OK)
		file->err = ouv_desk_upload_end(
			call->desk, file->on_its_way, &kept, &file->why);
	if (file->err != OUV_OK) {
		refuse(call, file->err, file->why);
		return;
	}
	file->on_its_way = NULL;
	api_reply(call, file_json(&kept));
}
