/*
 * reply.c - every answer leaves through here, with the headers that protect it
 */
#include <string.h>
#include <strings.h>

#include "ouv/log.h"

#include "page.h"
#include "reply.h"

/* clang-format off */
static const int statuses[OUV_ERR__COUNT] = {
	[OUV_OK] = 200, [OUV_NOT_FOUND] = 404, [OUV_INVALID] = 422,
	[OUV_REFUSED] = 403, [OUV_CONFLICT] = 409, [OUV_TEMPORARY] = 503,
};

#define POLICY(more)                                                    \
	"default-src 'none'; " more "style-src 'self'; img-src 'self'; "   \
	"font-src 'self'; form-action 'self'; frame-ancestors 'none'; " \
	"base-uri 'none'"
#define SCRIPT "script-src 'self'; connect-src 'self'; "
#define FRAME "frame-src 'self'; "
static const char *const policies[POLICY__COUNT] = {
	[0] = POLICY(""),
	[POLICY_SCRIPT] = POLICY(SCRIPT),
	[POLICY_FRAME] = POLICY(FRAME),
	[POLICY_SCRIPT | POLICY_FRAME] = POLICY(SCRIPT FRAME),
};

/*
 * same-origin and not no-referrer: with the latter browsers send "Origin:
 * null" on our own forms (Fetch standard), and the check of Origin would fail.
 */
static const struct header secure[] = {
	{ "Content-Security-Policy", POLICY("") },
	{ "X-Content-Type-Options", "nosniff" },
	{ "X-Frame-Options", "DENY" },
	{ "Referrer-Policy", "same-origin" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Permissions-Policy",
		"accelerometer=(), autoplay=(), camera=(), display-capture=(), "
		"encrypted-media=(), fullscreen=(), geolocation=(), "
		"gyroscope=(), magnetometer=(), microphone=(), midi=(), "
		"payment=(), picture-in-picture=(), "
		"publickey-credentials-get=(), screen-wake-lock=(), usb=(), "
		"xr-spatial-tracking=()" },
	{ "Cache-Control", "no-store" },
};
/* clang-format on */

int
reply_status(enum ouv_err err)
{
	return statuses[err];
}

void
reply_header(struct request *request, const char *name, const char *value)
{
	struct response *response = &request->response;

	if (response->header_count == RESPONSE_HEADERS) {
		ouv_log_error("no room for header %s", name);
		return;
	}
	response->headers[response->header_count++] =
		(struct header){ name, value };
}

void
reply_header_set(struct request *request, const char *name, const char *value)
{
	struct response *response = &request->response;

	for (size_t i = 0; i < response->header_count; i++) {
		if (strcasecmp(response->headers[i].name, name) != 0)
			continue;
		response->headers[i].value = value;
		return;
	}
	reply_header(request, name, value);
}

void
reply_policy(struct request *request, unsigned may)
{
	request->response.policy |= may;
	reply_header_set(request, "Content-Security-Policy",
		policies[request->response.policy]);
}

void
reply_secure(struct request *request)
{
	for (size_t i = 0; i < sizeof(secure) / sizeof(secure[0]); i++)
		reply_header(request, secure[i].name, secure[i].value);
	if (request->server->site.secure)
		reply_header(request, "Strict-Transport-Security",
			"max-age=63072000; includeSubDomains");
}

void
reply_header_drop(struct request *request, const char *name)
{
	struct response *response = &request->response;
	size_t kept = 0;

	for (size_t i = 0; i < response->header_count; i++)
		if (strcasecmp(response->headers[i].name, name) != 0)
			response->headers[kept++] = response->headers[i];
	response->header_count = kept;
}

void
reply_bytes(struct request *request, int status, const char *type,
	struct ouv_str bytes)
{
	request->response.status = status;
	request->response.body = bytes;
	reply_header_set(request, "Content-Type", type);
}

void
reply_text(struct request *request, int status, const char *text)
{
	struct ouv_str bytes = { text, strlen(text) };

	reply_bytes(request, status, "text/plain; charset=utf-8", bytes);
}

void
reply_page(struct request *request, int status, const char *name, json_t *data)
{
	const char *file =
		ouv_arena_printf(request->arena, "html/%s.html", name);
	struct ouv_tmpl_error error = { { 0 }, 0, { 0 } };
	struct ouv_str text;
	enum ouv_err err;

	err = ouv_tmpl_render(request->arena,
		ouv_office_templates(request->server->office), file, data,
		&text, &error);
	if (json_is_true(json_object_get(data, "has_keys")))
		reply_policy(request, POLICY_SCRIPT);
	json_decref(data);
	if (err != OUV_OK) {
		ouv_log_error("page %s: %s:%d: %s", file, error.template,
			error.line, error.what);
		if (strcmp(name, "error") != 0)
			page_error(request, 500);
		else
			reply_text(request, 500, "500\n");
		return;
	}
	reply_bytes(request, status, "text/html; charset=utf-8", text);
}

void
reply_redirect(struct request *request, const char *path)
{
	reply_header(request, "Location", path);
	reply_text(request, 303, "");
}
