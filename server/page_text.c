/*
 * page_text.c - a message as it came, shown as text that hides nothing
 *
 * No interpretation: no decoding, no links, no pictures.  The page is ours,
 * with its headers; what the sender wrote stands in it as text alone.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/id.h"
#include "ouv/mail.h"

#include "page.h"
#include "reply.h"
#include "view.h"
#include "visible.h"

#define PAGE_BYTES 65536
#define OFFSET_DIGITS 10

/* ?from=, 0 when it is not there; false: no number. */
static bool
read_from(const struct request *request, size_t *from_out)
{
	const char *text = form_get(&request->query_form, "from");

	*from_out = 0;
	if (text == NULL)
		return true;
	if (*text == '\0' || strlen(text) > OFFSET_DIGITS ||
		text[strspn(text, "0123456789")] != '\0')
		return false;
	*from_out = (size_t)strtoull(text, NULL, 10);
	return true;
}

static json_t *
runs(const struct request *request, struct ouv_str bytes)
{
	json_t *list = json_array();
	struct visible_run *run;
	size_t count;

	run = visible_runs(request->arena, bytes, &count);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list,
			json_pack("{s:b, s:s%}", "is_code", run[i].is_code,
				"text", run[i].text.p, run[i].text.len));
	return list;
}

static void
add_turn(const struct request *request, json_t *data, const char *name,
	bool there, size_t from)
{
	view_flag(
		data, ouv_arena_printf(request->arena, "has_%s", name), there);
	view_line(data, ouv_arena_printf(request->arena, "%s_path", name),
		ouv_arena_printf(request->arena, "%s?from=%zu", request->path,
			there ? from : 0));
}

static void
add_page(const struct request *request, json_t *data, struct ouv_str bytes,
	size_t from)
{
	size_t begin = visible_begin(bytes, from);
	size_t end = visible_begin(bytes, from + PAGE_BYTES);
	struct ouv_str shown = { bytes.p + begin, end - begin };

	json_object_set_new(data, "runs", runs(request, shown));
	view_flag(data, "has_runs", shown.len > 0);
	view_number(data, "first_byte", shown.len > 0 ? (int64_t)begin + 1 : 0);
	view_number(data, "last_byte", (int64_t)end);
	view_number(data, "all_bytes", (int64_t)bytes.len);
	add_turn(request, data, "before", from > 0,
		from > PAGE_BYTES ? from - PAGE_BYTES : 0);
	add_turn(request, data, "after", end < bytes.len, from + PAGE_BYTES);
	view_flag(data, "has_pages", from > 0 || end < bytes.len);
}

static enum ouv_err
fetch(struct request *request, struct ouv_str *bytes_out)
{
	struct ouv_desk *desk;
	struct ouv_id item;
	enum ouv_err err;

	if (ouv_id_parse(request->args[1], &item) != OUV_OK)
		return OUV_NOT_FOUND;
	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	err = ouv_desk_item_raw(desk, request->arena, request->actor,
		request->args[0], &item, bytes_out);
	return err == OUV_INVALID ? OUV_NOT_FOUND : err;
}

void
page_item_text(struct request *request)
{
	struct ouv_str bytes = { "", 0 };
	char sha256[65];
	const char *path;
	enum ouv_err err;
	json_t *data;
	size_t from;

	if (!read_from(request, &from)) {
		page_error(request, 400);
		return;
	}
	if ((err = fetch(request, &bytes)) != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	if (from > 0 && from >= bytes.len) {
		page_error(request, 404);
		return;
	}
	path = ouv_arena_printf(request->arena, "/cases/%s", request->args[0]);
	ouv_mail_sha256(bytes.p, bytes.len, sha256);
	data = view_base(request, "text_title");
	view_line(data, "case_path", path);
	view_line(data, "raw_path",
		ouv_arena_printf(request->arena, "%s/items/%s/raw", path,
			request->args[1]));
	view_line(data, "sha256", sha256);
	add_page(request, data, bytes, from);
	reply_page(request, 200, "text", data);
}
