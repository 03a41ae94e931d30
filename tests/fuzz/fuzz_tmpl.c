/*
 * fuzz_tmpl.c - no template and no data may break the template engine
 *
 * The first byte chooses the mode; then come the template, a partial and the
 * data, parted by zero bytes.  Without data of its own a page is rendered
 * with harmless and with hostile values: strict mode promises that both
 * results hold equally many < > " and '.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/tmpl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Of one shape; %s is what each value ends in. */
static const char shape[] =
	"{\"name\":\"n%s\",\"has_name\":true,\"n\":1.5,\"z\":null,\"no\":false,"
	"\"list\":[{\"text\":\"a%s\"},{\"text\":\"b%s\"}],\"x_url\":\"/%s\","
	"\"o\":{\"p\":{\"q\":\"q%s\"}},\"words\":[\"w%s\",\"\"],\"zero\":0}";

static const char hostile[] = "<b \\\"'>&\\n\\u2028-->";

struct input {
	enum ouv_tmpl_mode mode;
	const char *text;
	const char *partial;
};

static const char *
fuzz_partial(const char *name, void *user)
{
	const struct input *input = user;

	return strcmp(name, "p") == 0 ? input->partial : NULL;
}

static enum ouv_err
render(struct ouv_arena *arena, const struct input *input, const json_t *data,
	struct ouv_str *out)
{
	struct ouv_tmpl_error error = { "", 0, "" };
	enum ouv_err err = ouv_tmpl_render_text(arena, input->mode, "fuzz",
		input->text, data, fuzz_partial, (void *)input, out, &error);

	if (err != OUV_OK && (err != OUV_INVALID || error.what[0] == '\0'))
		abort();
	if (err == OUV_OK && out->p[out->len] != '\0')
		abort();
	return err;
}

static size_t
count_markup(struct ouv_str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count +=
			text.p[i] != '\0' && strchr("<>\"'", text.p[i]) != NULL;
	return count;
}

static void
render_ready(struct ouv_arena *arena, const struct input *input)
{
	const char *ends[2] = { "x", hostile };
	struct ouv_str out[2] = { { "", 0 }, { "", 0 } };
	enum ouv_err err[2];

	for (int i = 0; i < 2; i++) {
		const char *e = ends[i];
		char json[1024];
		json_t *data;

		(void)snprintf(json, sizeof(json), shape, e, e, e, e, e, e);
		data = json_loads(json, 0, NULL);
		if (data == NULL)
			abort();
		err[i] = render(arena, input, data, &out[i]);
		json_decref(data);
	}
	if (input->mode == OUV_TMPL_STRICT_HTML && err[0] == OUV_OK &&
		err[1] == OUV_OK &&
		count_markup(out[0]) != count_markup(out[1]))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ouv_arena *arena;
	struct input input;
	const char *part[3] = { "", "", "" };
	struct ouv_str ignored;
	char *copy;
	json_t *json;

	if (len < 1)
		return 0;
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	copy = ouv_arena_strndup(arena, (const char *)data, len);
	part[0] = copy + 1;
	for (int i = 1; i < 3; i++) {
		const char *next = part[i - 1] + strlen(part[i - 1]) + 1;

		part[i] = next < copy + len ? next : copy + len;
	}
	input.mode = (enum ouv_tmpl_mode)(data[0] % 3);
	input.text = part[0];
	input.partial = part[1];
	json = json_loads(part[2], JSON_DECODE_ANY, NULL);
	if (json == NULL)
		render_ready(arena, &input);
	else
		(void)render(arena, &input, json, &ignored);
	json_decref(json);
	ouv_arena_free(&arena);
	return 0;
}
