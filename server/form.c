/*
 * form.c - own parser for form bodies and query strings
 *
 * The HTTP library's one delivers values in pieces, passes %zz on undecoded
 * and both of two equal names; this one is small enough to be read whole.
 */
#include <stdbool.h>
#include <string.h>

#include "ouv/buf.h"

#include "form.h"
#include "utf8.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* The byte that stands at text[*at], decoded; -1: none may stand so. */
static int
take_byte(const char *text, size_t len, size_t *at)
{
	char c = text[(*at)++];
	int high, low;

	if (c == '+')
		return ' ';
	if (c != '%')
		return c > 0x20 && c < 0x7f ? c : -1;
	if (len - *at < 2)
		return -1;
	high = hex_digit(text[*at]);
	low = hex_digit(text[*at + 1]);
	*at += 2;
	if (high < 0 || low < 0 || (high == 0 && low == 0))
		return -1;
	return high * 16 + low;
}

/* A CR alone is a line's end too; NULL: it is not UTF-8.  text is ours, with
 * room for a zero. */
static const char *
whole_text(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\r')
			text[i] = '\n';
	text[len] = '\0';
	return utf8_is_text(text, len) ? text : NULL;
}

/* Decodes into the arena; NULL when a rule is broken. */
static const char *
decode(struct ouv_arena *arena, const char *text, size_t len)
{
	char *out = ouv_arena_alloc(arena, len + 1);
	size_t n = 0;

	for (size_t i = 0; i < len;) {
		int byte = take_byte(text, len, &i);

		if (byte < 0)
			return NULL;
		if (byte == '\n' && n > 0 && out[n - 1] == '\r')
			n--;
		out[n++] = (char)byte;
	}
	return whole_text(out, n);
}

static enum ouv_err
add_pair(struct ouv_arena *arena, const char *text, size_t len,
	struct form *form)
{
	const char *equals = memchr(text, '=', len);
	struct ouv_field *field = &form->fields[form->count];

	if (equals == NULL || equals == text || form->count == FORM_FIELDS)
		return OUV_INVALID;
	field->name = decode(arena, text, (size_t)(equals - text));
	field->value =
		decode(arena, equals + 1, (size_t)(text + len - equals - 1));
	if (field->name == NULL || field->value == NULL ||
		form_get(form, field->name) != NULL)
		return OUV_INVALID;
	form->count++;
	return OUV_OK;
}

enum ouv_err
form_parse(struct ouv_arena *arena, const char *text, size_t len,
	struct form *form_out)
{
	struct form form = { 0 };

	if (len > FORM_BYTES)
		return OUV_INVALID;
	while (len > 0) {
		const char *end = memchr(text, '&', len);
		size_t pair = end != NULL ? (size_t)(end - text) : len;

		if (add_pair(arena, text, pair, &form) != OUV_OK)
			return OUV_INVALID;
		if (end != NULL && ++pair == len)
			return OUV_INVALID; /* nothing follows the last & */
		text += pair;
		len -= pair;
	}
	*form_out = form;
	return OUV_OK;
}

enum ouv_err
form_put(struct ouv_arena *arena, const char *name, const char *value,
	size_t len, struct form *form)
{
	char *out = ouv_arena_alloc(arena, len + 1);
	size_t n = 0;

	if (form->count == FORM_FIELDS || form_get(form, name) != NULL ||
		memchr(value, '\0', len) != NULL)
		return OUV_INVALID;
	for (size_t i = 0; i < len; i++) {
		if (value[i] == '\n' && n > 0 && out[n - 1] == '\r')
			n--;
		out[n++] = value[i];
	}
	form->fields[form->count] =
		(struct ouv_field){ ouv_arena_strdup(arena, name),
			whole_text(out, n) };
	if (form->fields[form->count].value == NULL)
		return OUV_INVALID;
	form->count++;
	return OUV_OK;
}

const char *
form_get(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->fields[i].name, name) == 0)
			return form->fields[i].value;
	return NULL;
}

/* Each of these that came, one below the other; NULL: none did. */
static const char *
kept_together(
	struct ouv_arena *arena, const struct form *form, const char *prefix)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 1024);
	for (size_t i = 0; i < form->count; i++) {
		const struct ouv_field *field = &form->fields[i];

		if (strncmp(field->name, prefix, strlen(prefix)) == 0)
			ouv_buf_printf(&buf, "%s%s", buf.len > 0 ? "\n\n" : "",
				field->value);
	}
	return buf.len > 0 ? buf.data : NULL;
}

/* Of the form of a case: what are words, not codes, numbers or days. */
const char *
form_words(struct ouv_arena *arena, const struct form *form)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 1024);
	for (size_t i = 0; i < form->count; i++) {
		const char *value = form->fields[i].value;

		if (value != NULL &&
			(strpbrk(value, " \n") != NULL ||
				strcmp(form->fields[i].name, "text") == 0))
			ouv_buf_printf(
				&buf, "%s%s", buf.len > 0 ? "\n\n" : "", value);
	}
	return buf.len > 0 ? buf.data : NULL;
}

const char *
form_kept(struct ouv_arena *arena, const struct form *form)
{
	const char *bodies = kept_together(arena, form, "body-");
	const char *text = form_get(form, "text");
	const char *doing = form_get(form, "what_we_do");

	if (doing != NULL && form_get(form, "reason") != NULL)
		return ouv_arena_printf(
			arena, "%s\n\n%s", form_get(form, "reason"), doing);
	if (bodies != NULL)
		return bodies;
	if (form_get(form, "rev") != NULL)
		return form_words(arena, form);
	return text != NULL ? text : form_get(form, "note");
}

const char *
form_escape(struct ouv_arena *arena, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~";
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, strlen(text) * 3 + 1);
	for (; *text != '\0'; text++) {
		if (strchr(plain, *text) != NULL)
			ouv_buf_char(&buf, *text);
		else
			ouv_buf_printf(
				&buf, "%%%02X", (unsigned)(unsigned char)*text);
	}
	return buf.data;
}
