/*
 * fuzz_form.c - form bodies of any bytes
 *
 * What is accepted must be clean (UTF-8, no carriage return, no name twice)
 * and must read the same again after it is written as an address.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../../server/form.c" /* NOLINT(bugprone-suspicious-include) */
#include "../../server/utf8.c" /* NOLINT(bugprone-suspicious-include) */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_field(struct ouv_arena *arena, const struct form *form, size_t i)
{
	const struct ouv_field *field = &form->fields[i];
	const char *text;
	struct form again;

	must(*field->name != '\0');
	must(utf8_is_text(field->name, strlen(field->name)));
	must(utf8_is_text(field->value, strlen(field->value)));
	must(strchr(field->value, '\r') == NULL);
	must(form_get(form, field->name) == field->value);
	text = ouv_arena_printf(arena, "%s=%s", form_escape(arena, field->name),
		form_escape(arena, field->value));
	if (strlen(text) > FORM_BYTES)
		return;
	must(form_parse(arena, text, strlen(text), &again) == OUV_OK);
	must(again.count == 1);
	must(strcmp(again.fields[0].name, field->name) == 0);
	must(strcmp(again.fields[0].value, field->value) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct form form;

	if (form_parse(arena, (const char *)data, size, &form) == OUV_OK) {
		must(form.count <= FORM_FIELDS);
		for (size_t i = 0; i < form.count; i++)
			check_field(arena, &form, i);
	}
	ouv_arena_free(&arena);
	return 0;
}
