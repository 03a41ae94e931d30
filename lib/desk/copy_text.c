/*
 * copy_text.c - the words of a copy: its index, what is missing, its manifest
 */
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "ouv/log.h"
#include "ouv/text.h"

/* "" and a false has_NAME where there is none. */
void
copy_when(json_t *data, const char *name, enum ouv_lang lang,
	enum ouv_text_type type, int64_t value)
{
	char text[OUV_TEXT_WHEN_MAX] = "", has[64];

	if (value != 0 && !ouv_text_when(lang, type, value, text))
		text[0] = '\0';
	(void)snprintf(has, sizeof(has), "has_%s", name);
	(void)json_object_set_new(data, name, json_string(text));
	(void)json_object_set_new(data, has, json_boolean(text[0] != '\0'));
}

static enum ouv_err
render(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_copy *copy, const char *name, const char *suffix,
	const json_t *data, struct ouv_str *out)
{
	struct ouv_tmpl_error error = { 0 };
	enum ouv_err err = ouv_tmpl_render(arena, desk->office->templates,
		ouv_arena_printf(arena, "copy/%s.%s.%s", name,
			ouv_lang_tag(copy->lang), suffix),
		data, out, &error);

	if (err == OUV_OK)
		return OUV_OK;
	ouv_log_error(
		"template %s:%d: %s", error.template, error.line, error.what);
	return OUV_INVALID;
}

enum ouv_err
copy_index(struct ouv_desk *desk, struct ouv_copy *copy, const json_t *data,
	struct ouv_str *html_out, struct ouv_str *text_out)
{
	TRY(render(desk, copy->arena, copy, "index", "html", data, html_out));
	return render(desk, copy->arena, copy, "index", "txt", data, text_out);
}

enum ouv_err
copy_problems(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_copy *copy, struct ouv_str *text_out)
{
	json_t *list = json_array(), *data;
	enum ouv_err err;

	for (size_t i = 0; i < copy->count; i++)
		if (copy->files[i].broken)
			(void)json_array_append_new(
				list, json_string(copy->files[i].name));
	data = json_pack("{s:s, s:i, s:b, s:o}", "protocol", copy->protocol,
		"lost", copy->lost, "has_lost", copy->lost > 0, "files", list);
	err = render(desk, arena, copy, "incomplete", "txt", data, text_out);
	json_decref(data);
	return err;
}

struct ouv_str
copy_manifest(struct ouv_arena *arena, const struct ouv_copy *copy)
{
	json_t *files = json_array(), *doc;
	bool complete = copy->lost == 0;
	struct ouv_str text;
	char *dump;

	for (size_t i = 0; i < copy->count; i++) {
		const struct copy_file *f = &copy->files[i];

		if (!f->done)
			continue;
		complete = complete && !f->broken;
		(void)json_array_append_new(files,
			json_pack("{s:s, s:I, s:s, s:b}", "path", f->name,
				"bytes", (json_int_t)f->size, "sha256",
				f->sha256, "complete", !f->broken));
	}
	doc = json_pack("{s:s, s:s, s:I, s:s, s:b, s:o}", "format",
		"ouvidoria-copy-1", "protocol", copy->protocol, "made_at",
		(json_int_t)copy->made_at, "lang", ouv_lang_tag(copy->lang),
		"complete", complete, "files", files);
	dump = json_dumps(doc, JSON_INDENT(1));
	json_decref(doc);
	text.len = strlen(dump);
	text.p = ouv_arena_strndup(arena, dump, text.len);
	free(dump);
	return text;
}
