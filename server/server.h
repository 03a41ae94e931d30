/*
 * server.h - what the whole program shares, and what one request carries
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ouv/arena.h"
#include "ouv/buf.h"
#include "ouv/desk.h"

#include "form.h"
#include "gate.h"
#include "site.h"
#include "words.h"

/* A file of the static folder, read once at start. */
struct asset {
	const char *name, *type; /* "style.css", "text/css; charset=utf-8" */
	struct ouv_str bytes;
	char etag[36];    /* with its quotes */
	const char *path; /* "/static/style.css?v=..." */
};

enum asset_which {
	ASSET_STYLE,
	ASSET_ICON,
	ASSET_SCRIPT,
	ASSET_ICONS,
	ASSET_KEYS,
	ASSET_FILES,
	ASSET__COUNT
};

/* Read-only once the threads run. */
struct server {
	struct ouv_arena *arena; /* as long as the process */
	const struct ouv_config *config;
	struct ouv_office *office;
	struct site site;
	struct words words;
	struct asset assets[ASSET__COUNT];
	struct gate_rules rules;
	int64_t started_ms; /* monotonic */
};

enum method {
	METHOD_GET = 1,
	METHOD_HEAD = 2,
	METHOD_POST = 4,
};

#define RESPONSE_HEADERS 24
#define ROUTE_ARGS 4

/* More of a body: at most `most` bytes; none is the end.  An error cuts the
 * connection: its reader must not take what came for the whole. */
typedef enum ouv_err more_fn(
	void *user, char *bytes, size_t most, size_t *len_out);

struct response {
	int status;
	struct ouv_str body;
	more_fn *more; /* what comes behind body; NULL: nothing */
	void *more_user;
	struct header headers[RESPONSE_HEADERS];
	size_t header_count;
	bool close;      /* end the connection after it */
	unsigned policy; /* bits of enum policy (reply.h) */
};

struct route;
struct incoming;
struct api_call;

struct request {
	struct ouv_arena *arena; /* wiped; goes with the response */
	const struct server *server;
	enum method method;
	const char *path;  /* passed the gate: no percent, no dots */
	const char *query; /* "" when none */
	const struct header *headers;
	size_t header_count;
	struct ouv_str body;
	bool is_view; /* it came to the second name (page_layout.c) */

	/* set by route.c */
	const struct route *route; /* NULL: an unknown address */
	const char *args[ROUTE_ARGS];
	struct form query_form, form;
	enum ouv_lang lang;
	enum ouv_theme theme;
	struct ouv_actor *actor; /* NULL: nobody is logged in */
	uint8_t entry[32];       /* token of the visit before a login */
	bool has_entry;
	struct incoming *incoming; /* a form that may bring files; NULL */
	struct api_call *api;      /* of a company's program (api.h); NULL */
	bool again;  /* the form came back, as it was sent (again.c) */
	bool chosen; /* ... with a choice of theme or language */

	struct response response;
};

/* This thread's desk, opened when first asked for. */
OUV_MUST_CHECK enum ouv_err desk_here(
	const struct server *server, struct ouv_desk **desk_out);
/* After OUV_TEMPORARY: the next request begins with a fresh connection. */
void desk_drop(void);

/* Answers a request that passed the gate: fills request->response. */
void route_answer(struct request *request);
/* "case", "login"...; "-" for an unknown address. */
const char *route_name(const struct request *request);

#endif
