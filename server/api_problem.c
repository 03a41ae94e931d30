/*
 * api_problem.c - what a program is told when something did not work (RFC 9457)
 *
 * `type` is an address of ours that explains it; title and detail are in the
 * language that was asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "reply.h"

#define JSON_PROBLEM "application/problem+json"

const char *
api_problem_type(const struct request *request, enum api_problem problem)
{
	return ouv_arena_printf(request->arena, "%s" API_ROOT "/problems/%s",
		request->server->site.origin, api_problems[problem].name);
}

static const char *
word(const struct request *request, const char *prefix, const char *code,
	const char *fallback)
{
	const char *text = words_code(
		&request->server->words, request->lang, prefix, code);

	return text != NULL ? text : fallback;
}

static json_t *
problem_json(const struct request *request, enum api_problem problem)
{
	const char *name = api_problems[problem].name;
	const char *title = word(request, "api_problem_", name, name);
	const char *detail = word(request, "api_why_", name, title);

	return json_pack("{s:s, s:s, s:i, s:s}", "type",
		api_problem_type(request, problem), "title", title, "status",
		api_problems[problem].status, "detail", detail);
}

static struct ouv_str
as_text(const struct request *request, json_t *doc)
{
	char *text = json_dumps(doc, JSON_COMPACT);
	struct ouv_str out = { NULL, 0 };

	json_decref(doc);
	if (text == NULL)
		return out;
	out.p = ouv_arena_strdup(request->arena, text);
	out.len = strlen(text);
	ouv_wipe(text, out.len);
	free(text);
	return out;
}

void
api_problem(struct request *request, enum api_problem problem, json_t *errors)
{
	json_t *doc = problem_json(request, problem);

	if (errors != NULL)
		json_object_set_new(doc, "errors", errors);
	if (problem == API_UNAUTHORIZED)
		reply_header_set(request, "WWW-Authenticate", "Bearer");
	if (problem == API_UNAVAILABLE || problem == API_BUSY)
		reply_header_set(request, "Retry-After", "5");
	reply_header_set(
		request, "Content-Language", ouv_lang_tag(request->lang));
	reply_bytes(request, api_problems[problem].status, JSON_PROBLEM,
		as_text(request, doc));
}

/* Codes of the desk's fields have words of their own. */
void
api_wrong(const struct request *request, json_t *errors, const char *pointer,
	const char *code)
{
	const char *detail = word(request, "api_error_", code, NULL);

	if (detail == NULL)
		detail = word(request, "field_", code, NULL);
	if (detail == NULL) /* of files */
		detail = word(request, "", code, code);
	json_array_append_new(
		errors, json_pack("{s:s, s:s, s:s}", "pointer", pointer, "code",
				code, "detail", detail));
}

/* The address in `type`: what it means, to be read by whoever meets it. */
void
api_get_problem(struct api_call *call)
{
	for (int p = 0; p < API_PROBLEM__COUNT; p++)
		if (strcmp(api_problems[p].name, call->args[0]) == 0) {
			api_reply(call, problem_json(call->request,
						(enum api_problem)p));
			return;
		}
	api_problem(call->request, API_NOT_FOUND, NULL);
}
