/*
 * view_uploads.c - the files of a form: what lies there, what was not taken,
 * and how much may be brought
 */
#include "incoming.h"
#include "view.h"

/* "25 MB": whole megabytes, and rather a little less than is taken. */
static void
add_limits(const struct request *request, json_t *form)
{
	const struct ouv_config *config = request->server->config;
	const struct ouv_upload_limits limits = ouv_upload_limits(config);

	view_line(form, "file_most",
		ouv_arena_printf(request->arena, "%d MB",
			config->server_upload_file_mib));
	view_line(form, "form_most",
		ouv_arena_printf(request->arena, "%d MB",
			config->server_upload_form_mib));
	view_number(form, "file_bytes", (int64_t)limits.file);
	view_number(form, "form_bytes", (int64_t)limits.form);
	view_number(form, "files_most", limits.files);
}

static json_t *
refused_one(const struct request *request, const struct incoming_refused *r)
{
	json_t *one = json_object();

	view_line(one, "file_name", r->name);
	view_code(request, one, "file_why", "upload_",
		ouv_upload_why_name(r->why));
	return one;
}

static json_t *
kept_one(const struct request *request, const char *form_id,
	const struct ouv_upload *file, size_t place)
{
	struct ouv_arena *arena = request->arena;
	json_t *one = json_object(), *marks = json_array();

	view_line(one, "file_id",
		ouv_arena_printf(arena, "%s-file-%d", form_id, file->n));
	view_line(
		one, "place_name", ouv_arena_printf(arena, "file-%d", file->n));
	view_line(
		one, "drop_name", ouv_arena_printf(arena, "drop-%d", file->n));
	view_number(one, "place", (int64_t)place);
	view_line(one, "file_name", file->name);
	view_size(request, one, "file_size", (size_t)file->size);
	view_number(one, "file_pages", file->pages);
	view_flag(one, "has_file_pages", file->pages > 1);
	for (int mark = 0; mark < OUV_UPLOAD_MARK__COUNT; mark++)
		if ((file->marks & OUV_UPLOAD_BIT(mark)) != 0) {
			json_t *say = json_object();

			view_code(request, say, "mark_text", "mark_",
				ouv_upload_mark_name(
					(enum ouv_upload_mark)mark));
			json_array_append_new(marks, say);
		}
	json_object_set_new(one, "file_marks", marks);
	return one;
}

/* Those the form knows of, in its order; the others are from a sending that
 * nobody saw the answer of, and will go. */
static json_t *
kept_all(struct request *request, const char *form_id, const char *secret)
{
	json_t *list = json_array();
	struct ouv_upload *files;
	struct ouv_desk *desk;
	size_t count, order_count;
	const int *order = incoming_order(request, &order_count);

	if (order_count == 0 || desk_here(request->server, &desk) != OUV_OK ||
		ouv_desk_uploads(
			desk, request->arena, secret, &files, &count) != OUV_OK)
		return list;
	for (size_t i = 0; i < order_count; i++)
		for (size_t k = 0; k < count; k++)
			if (files[k].n == order[i])
				json_array_append_new(list,
					kept_one(request, form_id, &files[k],
						json_array_size(list) + 1));
	return list;
}

void
view_uploads(
	struct request *request, json_t *form, const char *form_id, bool party)
{
	const char *given = form_get(&request->form, OUV_UPLOAD_FIELD);
	const struct incoming_refused *refused;
	json_t *list = json_array(), *kept;
	char fresh[OUV_UPLOAD_SECRET];
	uint8_t bytes[OUV_UPLOAD_KEY];
	size_t count;

	if (given == NULL || ouv_token_parse(given, bytes) != OUV_OK) {
		ouv_upload_secret(fresh);
		given = ouv_arena_strdup(request->arena, fresh);
	}
	view_line(form, "upload", given);
	refused = incoming_refused(request, &count);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, refused_one(request, &refused[i]));
	view_flag(form, "has_refused_files", count > 0);
	json_object_set_new(form, "refused_files", list);
	view_flag(form, "has_lost_files",
		form_get(&request->form, "files_lost") != NULL);
	kept = kept_all(request, form_id, given);
	view_flag(form, "has_kept_files", json_array_size(kept) > 0);
	json_object_set_new(form, "kept_files", kept);
	view_line(form, "files_id",
		ouv_arena_printf(request->arena, "%s-files", form_id));
	view_flag(form, "is_party_files", party);
	add_limits(request, form);
}
