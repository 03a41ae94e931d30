/*
 * texts_render.c - a version's words with data put in
 */
#include <string.h>

#include "texts.h"

const char *
text_split(struct ouv_arena *arena, const char *text, const char **subject_out)
{
	static const char head[] = "Subject: ";
	const size_t len = sizeof(head) - 1;
	const char *end = strchr(text, '\n');

	*subject_out = NULL;
	if (strncmp(text, head, len) != 0)
		return text;
	if (end == NULL)
		end = text + strlen(text);
	*subject_out = ouv_arena_strndup(
		arena, text + len, (size_t)(end - text) - len);
	while (*end == '\n')
		end++;
	return end;
}

enum ouv_err
text_render(struct ouv_arena *arena, const struct ouv_text_decl *decl,
	const char *body, enum ouv_lang lang, const json_t *data,
	struct ouv_str *text_out, struct ouv_tmpl_error *error_out)
{
	struct ouv_text_error wrong = { 0 };
	json_t *values;
	enum ouv_err err = ouv_text_values(decl, data, lang, &values, &wrong);

	if (err != OUV_OK) {
		memset(error_out, 0, sizeof(*error_out));
		(void)snprintf(error_out->what, sizeof(error_out->what),
			"%.60s: %.120s", wrong.var, wrong.what);
		return err;
	}
	err = ouv_tmpl_render_text(arena, OUV_TMPL_STRICT_TEXT, decl->name,
		body, values, NULL, NULL, text_out, error_out);
	json_decref(values);
	return err;
}

enum ouv_err
text_fits(struct ouv_arena *arena, const struct ouv_text_decl *decl,
	const char *const body[OUV_LANG__COUNT],
	struct ouv_tmpl_error *error_out)
{
	json_t *data = ouv_text_example(decl);
	enum ouv_err err = OUV_OK;

	for (int l = 0; l < OUV_LANG__COUNT && err == OUV_OK; l++) {
		struct ouv_str text;

		err = text_render(arena, decl, body[l], (enum ouv_lang)l, data,
			&text, error_out);
	}
	json_decref(data);
	return err;
}
