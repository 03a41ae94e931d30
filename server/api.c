/*
 * api.c - the way of one request of a company's program
 *
 * The row of the table, the token, how often it asks, what it may, its query
 * and body; then, of what does something, whether it was done before.  No
 * cookie is looked at: a browser that somebody lured here has no token, so
 * nothing it sends counts, and no form needs a hidden field.
 *
 * A body that is a file is let in by its headers, before a byte of it is kept.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ouv/log.h"

#include "api.h"
#include "reply.h"
#include "session.h"

#define KEY_MOST 255
#define DRAIN_MOST (64LL << 20) /* more than any file we take */

static const char *
header(const struct request *request, const char *name)
{
	return header_find(request->headers, request->header_count, name);
}

/* ---- which operation -------------------------------------------------------
 */

bool
api_is(const char *target)
{
	const size_t len = strlen(API_ROOT);

	return strncmp(target, API_ROOT, len) == 0 &&
	       (target[len] == '/' || target[len] == '\0' ||
		       target[len] == '?');
}

/* What stands for a {name} goes to args. */
static bool
match(const char *pattern, const char *path, struct ouv_arena *arena,
	const char *args[API_ARGS])
{
	int n = 0;

	while (*pattern != '\0') {
		size_t len = strcspn(path, "/");

		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		if (len == 0 || n == API_ARGS)
			return false;
		args[n++] = ouv_arena_strndup(arena, path, len);
		path += len;
		pattern += strcspn(pattern, "}") + 1;
	}
	return *path == '\0';
}

static bool
has_method(const struct api_op *op, enum method method)
{
	return op->method == method ||
	       (op->method == METHOD_GET && method == METHOD_HEAD);
}

/* Sets op; problem_out when there is none for this method. */
static void
find(struct api_call *call, enum api_problem *problem_out)
{
	struct request *request = call->request;
	const char *path = request->path + strlen(API_ROOT);
	const char *allow = "";

	*problem_out = API_NOT_FOUND;
	for (size_t i = 0; i < api_op_count && call->op == NULL; i++) {
		const bool post = api_ops[i].method == METHOD_POST;

		if (!match(api_ops[i].path, path, request->arena, call->args))
			continue;
		*problem_out = API_METHOD;
		if (has_method(&api_ops[i], request->method))
			call->op = &api_ops[i];
		allow = *allow == '\0' ? (post ? "POST" : "GET, HEAD")
				       : "GET, HEAD, POST";
	}
	if (call->op == NULL && *problem_out == API_METHOD)
		reply_header(request, "Allow", allow);
}

const char *
api_route_name(const struct request *request)
{
	return request->api != NULL && request->api->op != NULL
		       ? request->api->op->name
		       : "api";
}

/* ---- what goes back --------------------------------------------------------
 */

void
api_reply(struct api_call *call, json_t *doc)
{
	struct request *request = call->request;
	char *text = json_dumps(doc, JSON_COMPACT);
	struct ouv_str bytes;

	json_decref(doc);
	if (text == NULL) { /* what is shown is valid UTF-8: never */
		api_problem(request, API_BROKEN, NULL);
		return;
	}
	bytes.len = strlen(text);
	bytes.p = ouv_arena_strdup(request->arena, text);
	ouv_wipe(text, bytes.len);
	free(text);
	reply_bytes(request, call->op->status, "application/json", bytes);
}

void
api_error(struct api_call *call, enum ouv_err err)
{
	static const enum api_problem problems[OUV_ERR__COUNT] = {
		[OUV_OK] = API_BROKEN,
		[OUV_NOT_FOUND] = API_NOT_FOUND,
		[OUV_INVALID] = API_BAD_QUERY,
		[OUV_REFUSED] = API_SHUT,
		[OUV_CONFLICT] = API_NOT_NOW,
		[OUV_TEMPORARY] = API_UNAVAILABLE,
	};

	if (err == OUV_TEMPORARY)
		desk_drop();
	api_problem(call->request, problems[err], NULL);
}

const char *
api_protocol(const struct api_call *call)
{
	char protocol[OUV_PROTOCOL_MAX];

	return ouv_protocol_parse(call->args[0], protocol) == OUV_OK
		       ? ouv_arena_strdup(call->request->arena, protocol)
		       : call->args[0];
}

/* The status of the gate or of the daemon, as a problem. */
void
api_refuse(struct request *request, int status)
{
	enum api_problem problem = API_MALFORMED;

	session_language(request);
	for (int p = API_METHOD; p <= API_MEDIA_TYPE; p++)
		if (api_problems[p].status == status && p != API_BUSY &&
			p != API_NOT_NOW && p != API_FASTER)
			problem = (enum api_problem)p;
	if (status >= 500)
		problem = API_METHOD; /* one that HTTP does not know either */
	api_problem(request, problem, NULL);
}

/* ---- who asks --------------------------------------------------------------
 */

static const char *
bearer(const struct request *request)
{
	const char *text = header(request, "Authorization");

	if (text == NULL || strncasecmp(text, "Bearer ", 7) != 0)
		return "";
	return text + 7 + strspn(text + 7, " ");
}

/* draft-ietf-httpapi-ratelimit-headers: one policy, by token. */
static void
tell_limit(struct request *request, const struct ouv_caller *caller)
{
	if (caller->limit == 0)
		return;
	reply_header(request, "RateLimit-Policy",
		ouv_arena_printf(request->arena, "\"token\";q=%d;w=%d",
			caller->limit, caller->window_secs));
	reply_header(request, "RateLimit",
		ouv_arena_printf(request->arena, "\"token\";r=%d;t=%d",
			caller->left, caller->reset_secs));
}

static bool
let_in(struct api_call *call)
{
	struct request *request = call->request;
	int wait = 0;
	enum ouv_err err = desk_here(request->server, &call->desk);

	if (err == OUV_OK)
		err = ouv_desk_caller(call->desk, request->arena,
			bearer(request), session_address(request),
			&call->caller, &wait);
	tell_limit(request, &call->caller);
	switch (err) {
	case OUV_OK:
		break;
	case OUV_REFUSED:
		reply_header(request, "Retry-After",
			ouv_arena_printf(
				request->arena, "%d", wait > 0 ? wait : 1));
		api_problem(request, API_TOO_MANY, NULL);
		return false;
	case OUV_TEMPORARY:
		api_error(call, err);
		return false;
	default:
		api_problem(request, API_UNAUTHORIZED, NULL);
		return false;
	}
	if (call->caller.shut)
		api_problem(request, API_SHUT, NULL);
	else if ((call->caller.scopes & OUV_SCOPE_BIT(call->op->scope)) == 0)
		api_problem(request, API_SCOPE, NULL);
	else
		return true;
	return false;
}

/* ---- once ------------------------------------------------------------------
 */

/* A string of RFC 8941, or the same without its quotes; NULL: none. */
static const char *
idempotency_key(const struct request *request)
{
	const char *text = header(request, "Idempotency-Key");
	size_t len = text != NULL ? strlen(text) : 0;

	if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
		text = ouv_arena_strndup(request->arena, text + 1, len - 2);
		len -= 2;
	}
	if (len == 0 || len > KEY_MOST || strchr(text, '"') != NULL)
		return NULL;
	for (const char *at = text; *at != '\0'; at++)
		if (*at < 0x20 || *at > 0x7e)
			return NULL;
	return text;
}

/* All that counts of it: where it goes, and what it brings.  A file's bytes
 * are compared when they have come (api_file.c). */
static struct ouv_str
whole(const struct api_call *call)
{
	const struct request *request = call->request;
	const char *type = header(request, "Content-Type");
	const char *length = header(request, "Content-Length");
	struct ouv_buf buf;

	ouv_buf_init(&buf, request->arena, request->body.len + 1024);
	ouv_buf_text(&buf, call->op->name);
	ouv_buf_text(&buf, "\n");
	ouv_buf_text(&buf, request->path);
	ouv_buf_text(&buf, "\n");
	if (call->op->stream) {
		ouv_buf_text(&buf, request->query);
		ouv_buf_text(&buf, "\n");
		ouv_buf_text(&buf, type != NULL ? type : "");
		ouv_buf_text(&buf, "\n");
		ouv_buf_text(&buf, length != NULL ? length : "");
	} else {
		ouv_buf_add(&buf, request->body.p, request->body.len);
	}
	return (struct ouv_str){ buf.data, buf.len };
}

/* False: it has been answered. */
static bool
begin_once(struct api_call *call)
{
	struct request *request = call->request;
	const char *key;
	enum ouv_err err;

	if (call->op->method != METHOD_POST)
		return true;
	key = idempotency_key(request);
	if (key == NULL) {
		api_problem(request, API_KEY_MISSING, NULL);
		return false;
	}
	err = ouv_desk_once_begin(call->desk, request->arena, &call->caller,
		key, whole(call), &call->once);
	if (err == OUV_OK) {
		call->begun = !call->once.repeated;
		return true;
	}
	if (err == OUV_INVALID || err == OUV_CONFLICT)
		api_problem(request,
			err == OUV_INVALID ? API_KEY_REUSED : API_BUSY, NULL);
	else
		api_error(call, err);
	return false;
}

static void
end_once(struct api_call *call)
{
	const struct response *response = &call->request->response;
	const char *answer = response->body.p;
	struct ouv_desk *desk;
	enum ouv_err err;

	if (!call->begun)
		return;
	call->begun = false;
	if (call->mark != NULL)
		answer = ouv_arena_printf(
			call->request->arena, "%s%s", call->mark, answer);
	/* The one it began with may be lost by now. */
	err = desk_here(call->request->server, &desk);
	if (err == OUV_OK)
		err = response->status < 300
			      ? ouv_desk_once_done(desk, &call->caller,
					&call->once, response->status, answer)
			      : ouv_desk_once_drop(
					desk, &call->caller, &call->once);
	/* The next minute's request with that key finds it done by its form
	 * key, or does it. */
	if (err != OUV_OK)
		ouv_log_warn("a request's key could not be settled: %s",
			ouv_err_name(err));
}

static void
repeat(struct api_call *call)
{
	struct ouv_str bytes = { call->once.answer, strlen(call->once.answer) };

	reply_bytes(
		call->request, call->once.status, "application/json", bytes);
}

/* ---- the way ---------------------------------------------------------------
 */

static void
end(struct api_call *call)
{
	end_once(call);
	json_decref(call->body);
	call->body = NULL;
	ouv_page_visit_wipe(&call->caller.visit);
}

static bool
admit(struct api_call *call)
{
	if (!call->op->open && !let_in(call))
		return false;
	return api_read_query(call);
}

/* A file is let in by what its headers say. */
static bool
admit_file(struct api_call *call)
{
	if (admit(call) && begin_once(call) && api_file_begin(call))
		return true;
	end(call);
	return false;
}

/* By its headers alone; false: it has been answered. */
static bool
admit_head(struct api_call *call, long long length)
{
	enum api_problem problem;

	find(call, &problem);
	if (call->op == NULL) {
		api_problem(call->request, problem, NULL);
		return false;
	}
	if (call->op->stream)
		return admit_file(call);
	if (length > FORM_BYTES) {
		api_problem(call->request, API_TOO_LARGE, NULL);
		return false;
	}
	return true;
}

bool
api_begin(struct request *request)
{
	struct api_call *call = ouv_arena_alloc(request->arena, sizeof(*call));
	const char *text = header(request, "Content-Length");
	const long long length = text != NULL ? strtoll(text, NULL, 10) : 0;

	call->request = request;
	request->api = call;
	session_language(request);
	call->over = !admit_head(call, length);
	/* A proxy that is still sending would take a line that is cut for a
	 * server that is away: what it sends is let go by. */
	return !call->over || (length > 0 && length <= DRAIN_MOST);
}

bool
api_takes_body(const struct request *request)
{
	const struct api_call *call = request->api;

	return call != NULL && (call->over || call->op->stream);
}

void
api_body_add(struct request *request, const char *data, size_t len)
{
	if (!request->api->over)
		api_file_more(request->api, data, len);
}

void
api_answer(struct request *request)
{
	struct api_call *call = request->api;

	if (call->over)
		return;
	if (call->op->stream)
		call->op->answer(call);
	else if (admit(call) && api_read_body(call) && begin_once(call)) {
		if (call->once.repeated)
			repeat(call);
		else
			call->op->answer(call);
	}
	end(call);
}

void
api_cut(struct request *request)
{
	struct api_call *call = request->api;

	if (call == NULL || call->over)
		return;
	if (call->op->stream)
		api_file_cut(call);
	request->response.status = 499; /* nobody reads it: nothing is kept */
	end(call);
}
