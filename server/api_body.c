/*
 * api_body.c - what a program sends, read strictly and by the table alone
 *
 * A body has one meaning: no name twice, nothing behind it, not deeper than the
 * table goes, and every field that the table does not know is refused by its
 * name, so that nobody believes something was taken that was not.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ouv/calendar.h"

#include "api.h"
#include "utf8.h"

#define DEPTH 6
#define ERRORS_MOST 20
#define JSON_TYPE "application/json"
#define NUMBER_MOST INT64_C(9007199254740991) /* as RFC 8259 advises */

/* ---- queries ---------------------------------------------------------------
 */

const char *
api_query(const struct api_call *call, const char *name)
{
	return form_get(&call->query, name);
}

int
api_query_number(const struct api_call *call, const char *name, int fallback)
{
	const char *text = form_get(&call->query, name);

	return text != NULL ? (int)strtol(text, NULL, 10) : fallback;
}

static bool
is_word(const char *const *words, const char *text)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, text) == 0)
			return true;
	return false;
}

static size_t
characters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* NULL: nothing is wrong with the value. */
static const char *
wrong_query(const struct api_field *field, const char *value)
{
	const size_t len = characters(value);
	char *end;
	long n;

	if (field->type == API_WORD)
		return is_word(field->words, value) ? NULL : "not-in-list";
	if (field->type == API_NUMBER) {
		n = strtol(value, &end, 10);
		return strspn(value, "0123456789") == strlen(value) &&
				       len > 0 && len < 10 &&
				       n >= field->least && n <= field->most
			       ? NULL
			       : "number-range";
	}
	return len < (size_t)field->least || len > (size_t)field->most
		       ? "length"
		       : NULL;
}

static const struct api_field *
find_field(const struct api_field *fields, const char *name)
{
	for (; fields != NULL && fields->name != NULL; fields++)
		if (strcmp(fields->name, name) == 0)
			return fields;
	return NULL;
}

bool
api_read_query(struct api_call *call)
{
	struct request *request = call->request;
	json_t *errors;

	if (form_parse(request->arena, request->query, strlen(request->query),
		    &call->query) != OUV_OK) {
		api_problem(request, API_BAD_QUERY, NULL);
		return false;
	}
	errors = json_array();
	for (size_t i = 0; i < call->query.count; i++) {
		const struct ouv_field *sent = &call->query.fields[i];
		const struct api_field *field =
			find_field(call->op->query, sent->name);
		const char *code = field == NULL
					   ? "unknown-field"
					   : wrong_query(field, sent->value);

		if (code != NULL && json_array_size(errors) < ERRORS_MOST)
			api_wrong(request, errors,
				ouv_arena_printf(
					request->arena, "?%s", sent->name),
				code);
	}
	if (json_array_size(errors) == 0) {
		json_decref(errors);
		return true;
	}
	api_problem(request, API_BAD_QUERY, errors);
	return false;
}

/* ---- bodies ----------------------------------------------------------------
 */

struct checking {
	const struct request *request;
	json_t *errors;
};

static void
note(struct checking *c, const char *pointer, const char *code)
{
	if (json_array_size(c->errors) < ERRORS_MOST)
		api_wrong(c->request, c->errors, pointer, code);
}

static void check_object(struct checking *c, const struct api_schema *schema,
	const json_t *value, const char *pointer);

static const char *
wrong_text(const struct api_field *field, const json_t *value)
{
	const char *text = json_string_value(value);
	size_t len;
	int32_t day;

	if (text == NULL)
		return "not-text";
	len = characters(text);
	if (field->type == API_DAY)
		return ouv_day_read(text, &day) ? NULL : "not-a-day";
	if (field->type == API_WORD)
		return is_word(field->words, text) ? NULL : "not-in-list";
	return len < (size_t)field->least ||
			       (field->most > 0 && len > (size_t)field->most)
		       ? "length"
		       : NULL;
}

static const char *
wrong_number(const struct api_field *field, const json_t *value)
{
	json_int_t n = json_integer_value(value);

	if (!json_is_integer(value))
		return "not-a-number";
	return n < field->least ||
			       n > (field->most > 0 ? field->most : NUMBER_MOST)
		       ? "number-range"
		       : NULL;
}

static void
check_many(struct checking *c, const struct api_field *field,
	const json_t *value, const char *pointer)
{
	const struct api_field number = { "", API_NUMBER, .most = 1000000 };
	const char *code;
	size_t i;
	json_t *one;

	if (!json_is_array(value)) {
		note(c, pointer, "not-a-list");
		return;
	}
	if (json_array_size(value) > (size_t)field->most) {
		note(c, pointer, "too-many");
		return;
	}
	json_array_foreach(value, i, one)
	{
		const char *at = ouv_arena_printf(
			c->request->arena, "%s/%zu", pointer, i);

		if (field->type == API_MANY)
			check_object(c, field->of, one, at);
		else if ((code = wrong_number(&number, one)) != NULL)
			note(c, at, code);
	}
}

static void
check_field(struct checking *c, const struct api_field *field,
	const json_t *value, const char *pointer)
{
	const char *code = NULL;

	if (json_is_null(value)) {
		if ((field->flags & API_NULL) == 0)
			note(c, pointer, "not-null");
		return;
	}
	switch (field->type) {
	case API_TEXT:
	case API_DAY:
	case API_WORD:
		code = wrong_text(field, value);
		break;
	case API_NUMBER:
		code = wrong_number(field, value);
		break;
	case API_MANY:
	case API_NUMBERS:
		check_many(c, field, value, pointer);
		break;
	default: /* no field that is sent has another type */
		code = "unknown-field";
	}
	if (code != NULL)
		note(c, pointer, code);
}

/* "~" and "/" as RFC 6901 has them. */
static const char *
pointer_to(const struct request *request, const char *base, const char *name)
{
	char *out = ouv_arena_alloc(
		request->arena, strlen(base) + 2 * strlen(name) + 2);
	size_t n = strlen(base);

	memcpy(out, base, n);
	out[n++] = '/';
	for (; *name != '\0'; name++) {
		if (*name == '~' || *name == '/') {
			out[n++] = '~';
			out[n++] = *name == '~' ? '0' : '1';
		} else {
			out[n++] = *name;
		}
	}
	out[n] = '\0';
	return out;
}

static void
check_object(struct checking *c, const struct api_schema *schema,
	const json_t *value, const char *pointer)
{
	const struct api_field *field;
	const char *name;
	json_t *one;

	if (!json_is_object(value)) {
		note(c, pointer, "not-an-object");
		return;
	}
	json_object_foreach((json_t *)value, name, one)
	{
		const char *at = pointer_to(c->request, pointer, name);

		field = find_field(schema->fields, name);
		if (field == NULL)
			note(c, at, "unknown-field");
		else
			check_field(c, field, one, at);
	}
	for (field = schema->fields; field->name != NULL; field++)
		if ((field->flags & API_FREE) == 0 &&
			json_object_get(value, field->name) == NULL)
			note(c, pointer_to(c->request, pointer, field->name),
				"missing");
}

/* Before anything else reads it: jansson calls itself for each level, and has
 * no limit of ours. */
static bool
is_deep(struct ouv_str body)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < body.len; i++) {
		char c = body.p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			depth++;
		else if (!quoted && (c == '}' || c == ']'))
			depth--;
		if (depth > DEPTH)
			return true;
	}
	return false;
}

static bool
is_json(const struct request *request)
{
	const char *type = header_find(
		request->headers, request->header_count, "Content-Type");
	const size_t len = strlen(JSON_TYPE);

	return type != NULL && strncasecmp(type, JSON_TYPE, len) == 0 &&
	       (type[len] == '\0' || type[len] == ';' || type[len] == ' ');
}

/* No text that a page could not show either: control characters, half of a
 * pair of surrogates (which jansson refuses), a zero (likewise). */
static json_t *
parse(const struct request *request)
{
	json_error_t error;

	if (is_deep(request->body))
		return NULL;
	return json_loadb(request->body.p != NULL ? request->body.p : "",
		request->body.len, JSON_REJECT_DUPLICATES, &error);
}

bool
api_read_body(struct api_call *call)
{
	struct request *request = call->request;
	struct checking c = { .request = request };

	if (call->op->takes == NULL)
		return true;
	if (!is_json(request)) {
		api_problem(request, API_MEDIA_TYPE, NULL);
		return false;
	}
	call->body = parse(request);
	if (call->body == NULL || !json_is_object(call->body)) {
		api_problem(request, API_BAD_JSON, NULL);
		return false;
	}
	c.errors = json_array();
	check_object(&c, call->op->takes, call->body, "");
	if (json_array_size(c.errors) == 0) {
		json_decref(c.errors);
		return true;
	}
	api_problem(request, API_INVALID, c.errors);
	return false;
}
