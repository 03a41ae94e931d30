/*
 * api_doc.c - the OpenAPI document, written from the table (OpenAPI 3.1)
 *
 * Nothing of it is said elsewhere: an operation that is not in the table is not
 * served, and one that is served is here.
 */
#include <ctype.h>
#include <string.h>

#include "api.h"
#include "view.h"

/* A word that describes; "": there is none. */
static const char *
word(const struct request *request, const char *prefix, const char *code)
{
	const char *text = words_code(
		&request->server->words, request->lang, prefix, code);

	return text != NULL ? text : "";
}

static const char *
field_word(const struct request *request, const char *schema, const char *name)
{
	const char *text = word(request, "api_f_",
		ouv_arena_printf(request->arena, "%s_%s", schema, name));

	return *text != '\0' ? text : word(request, "api_f_", name);
}

static json_t *
ref(const struct request *request, const char *name)
{
	return json_pack("{s:s}", "$ref",
		ouv_arena_printf(
			request->arena, "#/components/schemas/%s", name));
}

/* ---- schemas ---------------------------------------------------------------
 */

static const char *const types[API_TYPE__COUNT] = {
	[API_TEXT] = "string",
	[API_NUMBER] = "integer",
	[API_TRUTH] = "boolean",
	[API_MOMENT] = "string",
	[API_DAY] = "string",
	[API_WORD] = "string",
	[API_URI] = "string",
	[API_MANY] = "array",
	[API_NUMBERS] = "array",
};
static const char *const formats[API_TYPE__COUNT] = {
	[API_MOMENT] = "date-time",
	[API_DAY] = "date",
	[API_URI] = "uri",
	[API_NUMBER] = "int64",
};

static json_t *
words_of(const struct api_field *field)
{
	json_t *list = json_array();

	for (const char *const *w = field->words; *w != NULL; w++)
		json_array_append_new(list, json_string(*w));
	if (field->flags & API_NULL)
		json_array_append_new(list, json_null());
	return list;
}

static void
put_limits(json_t *out, const struct api_field *field)
{
	const bool text = field->type == API_TEXT;
	const bool list = field->type == API_MANY || field->type == API_NUMBERS;

	if (field->type == API_WORD)
		json_object_set_new(out, "enum", words_of(field));
	if (field->type == API_NUMBER && field->most > 0)
		json_object_set_new(out, "minimum", json_integer(field->least));
	else if (field->least > 0)
		json_object_set_new(out, text ? "minLength" : "minItems",
			json_integer(field->least));
	if (field->most > 0)
		json_object_set_new(out,
			text   ? "maxLength"
			: list ? "maxItems"
			       : "maximum",
			json_integer(field->most));
}

static json_t *
value_schema(const struct request *request, const struct api_field *field)
{
	json_t *out = json_object();

	if (field->type == API_ONE && (field->flags & API_NULL) == 0) {
		json_decref(out);
		return ref(request, field->of->name);
	}
	if (field->type == API_ONE) {
		json_object_set_new(out, "anyOf",
			json_pack("[o, {s:s}]", ref(request, field->of->name),
				"type", "null"));
		return out;
	}
	if (field->flags & API_NULL)
		json_object_set_new(out, "type",
			json_pack("[s, s]", types[field->type], "null"));
	else
		json_object_set_new(
			out, "type", json_string(types[field->type]));
	if (formats[field->type] != NULL)
		json_object_set_new(
			out, "format", json_string(formats[field->type]));
	if (field->type == API_MANY)
		json_object_set_new(
			out, "items", ref(request, field->of->name));
	if (field->type == API_NUMBERS)
		json_object_set_new(out, "items",
			json_pack(
				"{s:s, s:i}", "type", "integer", "minimum", 0));
	put_limits(out, field);
	return out;
}

static json_t *
object_schema(const struct request *request, const struct api_schema *schema)
{
	json_t *properties = json_object(), *needed = json_array();

	for (const struct api_field *f = schema->fields; f->name != NULL; f++) {
		json_t *one = value_schema(request, f);
		const char *text = field_word(request, schema->name, f->name);

		if (*text != '\0')
			json_object_set_new(
				one, "description", json_string(text));
		json_object_set_new(properties, f->name, one);
		if ((f->flags & API_FREE) == 0)
			json_array_append_new(needed, json_string(f->name));
	}
	return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties",
		properties, "required", needed, "additionalProperties", 0);
}

static json_t *
all_schemas(const struct request *request)
{
	json_t *out = json_object();

	for (size_t i = 0; api_schemas[i] != NULL; i++)
		json_object_set_new(out, api_schemas[i]->name,
			object_schema(request, api_schemas[i]));
	return out;
}

/* ---- parameters ------------------------------------------------------------
 */

static json_t *
parameter(const struct request *request, const char *name, const char *where,
	bool needed, json_t *schema)
{
	return json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", name, "in", where,
		"required", (int)needed, "description",
		field_word(request, where, name), "schema", schema);
}

static json_t *
parameters(const struct request *request, const struct api_op *op)
{
	json_t *out = json_array();
	const char *at = op->path;

	while ((at = strchr(at, '{')) != NULL) {
		const char *name = ouv_arena_strndup(
			request->arena, at + 1, strcspn(at + 1, "}"));
		const bool number = strlen(name) == 1;

		json_array_append_new(
			out, parameter(request, name, "path", true,
				     json_pack("{s:s}", "type",
					     number ? "integer" : "string")));
		at++;
	}
	for (const struct api_field *f = op->query;
		f != NULL && f->name != NULL; f++)
		json_array_append_new(
			out, parameter(request, f->name, "query", false,
				     value_schema(request, f)));
	if (op->method == METHOD_POST)
		json_array_append_new(out,
			parameter(request, "Idempotency-Key", "header", true,
				json_pack("{s:s, s:i, s:i}", "type", "string",
					"minLength", 1, "maxLength", 255)));
	json_array_append_new(
		out, parameter(request, "Accept-Language", "header", false,
			     json_pack("{s:s}", "type", "string")));
	return out;
}

/* ---- answers ---------------------------------------------------------------
 */

static json_t *
answer_headers(const struct api_op *op, int status)
{
	json_t *out = json_object();
	static const char *const limits[] = { "RateLimit", "RateLimit-Policy" };

	if (!op->open && status != 401 && status != 411)
		for (size_t i = 0; i < 2; i++)
			json_object_set_new(out, limits[i],
				json_pack("{s:{s:s}}", "schema", "type",
					"string"));
	if (status == 409 || status == 429 || status == 503)
		json_object_set_new(out, "Retry-After",
			json_pack("{s:{s:s}}", "schema", "type", "integer"));
	if (status == 401)
		json_object_set_new(out, "WWW-Authenticate",
			json_pack("{s:{s:s}}", "schema", "type", "string"));
	return out;
}

static json_t *
content_of(const struct request *request, const struct api_op *op)
{
	if (op->gives != NULL)
		return json_pack("{s:{s:o}}", "application/json", "schema",
			ref(request, op->gives->name));
	if (op->open)
		return json_pack("{s:{s:{s:s}}}", "application/json", "schema",
			"type", "object");
	return json_pack("{s:{}}", "application/octet-stream");
}

/* All problems of one status, which their types tell apart. */
static json_t *
problem_answer(
	const struct request *request, const struct api_op *op, int status)
{
	json_t *types_of = json_array(), *names = json_array();
	const char *text = "";

	for (int p = 0; p < API_PROBLEM__COUNT; p++) {
		const char *name = api_problems[p].name;
		const char *title = word(request, "api_problem_", name);

		if ((op->problems & API_BIT(p)) == 0 ||
			api_problems[p].status != status)
			continue;
		json_array_append_new(
			types_of, json_string(api_problem_type(
					  request, (enum api_problem)p)));
		json_array_append_new(names, json_string(name));
		text = *text == '\0' ? title
				     : ouv_arena_printf(request->arena,
					       "%s / %s", text, title);
	}
	return json_pack("{s:s, s:o, s:o, s:{s:{s:{s:[o, {s:{s:{s:o}}}]}}}}",
		"description", text, "x-problems", names, "headers",
		answer_headers(op, status), "content",
		"application/problem+json", "schema", "allOf",
		ref(request, api_schema_problem.name), "properties", "type",
		"enum", types_of);
}

static json_t *
answers(const struct request *request, const struct api_op *op)
{
	json_t *out = json_object();
	char status[12];

	(void)snprintf(status, sizeof(status), "%d", op->status);
	json_object_set_new(out, status,
		json_pack("{s:s, s:o, s:o}", "description",
			word(request, "api_done_",
				op->method == METHOD_POST ? "post" : "get"),
			"headers", answer_headers(op, op->status), "content",
			content_of(request, op)));
	for (int p = 0; p < API_PROBLEM__COUNT; p++) {
		if ((op->problems & API_BIT(p)) == 0)
			continue;
		(void)snprintf(
			status, sizeof(status), "%d", api_problems[p].status);
		if (json_object_get(out, status) == NULL)
			json_object_set_new(out, status,
				problem_answer(
					request, op, api_problems[p].status));
	}
	return out;
}

/* ---- operations ------------------------------------------------------------
 */

static json_t *
body_of(const struct request *request, const struct api_op *op)
{
	if (op->takes != NULL)
		return json_pack("{s:b, s:{s:{s:o}}}", "required", 1, "content",
			"application/json", "schema",
			ref(request, op->takes->name));
	return json_pack("{s:b, s:{s:{}}}", "required", 1, "content", "*/*");
}

static json_t *
operation(const struct request *request, const struct api_op *op)
{
	json_t *out = json_pack("{s:s, s:s, s:o, s:o}", "operationId", op->name,
		"summary", word(request, "api_op_", op->name), "parameters",
		parameters(request, op), "responses", answers(request, op));

	if (op->open)
		json_object_set_new(out, "security", json_array());
	else
		json_object_set_new(
			out, "x-scope", json_string(ouv_scope_name(op->scope)));
	if (op->takes != NULL || op->stream)
		json_object_set_new(out, "requestBody", body_of(request, op));
	return out;
}

static json_t *
all_paths(const struct request *request)
{
	json_t *out = json_object();

	for (size_t i = 0; i < api_op_count; i++) {
		const char *path = ouv_arena_printf(
			request->arena, API_ROOT "%s", api_ops[i].path);
		json_t *item = json_object_get(out, path);

		if (item == NULL) {
			item = json_object();
			json_object_set_new(out, path, item);
		}
		json_object_set_new(item,
			api_ops[i].method == METHOD_POST ? "post" : "get",
			operation(request, &api_ops[i]));
	}
	return out;
}

void
api_get_document(struct api_call *call)
{
	struct request *request = call->request;

	api_reply(call,
		json_pack("{s:s, s:{s:s, s:s, s:s}, s:[{s:s}], s:[{s:[]}],"
			  " s:o, s:{s:o, s:{s:{s:s, s:s, s:s}}}}",
			"openapi", "3.1.0", "info", "title",
			request->server->config->office_name, "version",
			"1.0.0", "description", word(request, "api_", "about"),
			"servers", "url", request->server->site.origin,
			"security", "token", "paths", all_paths(request),
			"components", "schemas", all_schemas(request),
			"securitySchemes", "token", "type", "http", "scheme",
			"bearer", "description",
			word(request, "api_", "token_about")));
}
