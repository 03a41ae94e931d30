/*
 * reply.h - filling a request's response: page, redirect, bytes, error
 */
#ifndef SERVER_REPLY_H
#define SERVER_REPLY_H

#include <jansson.h>

#include "server.h"

/* One more header; name and value must live as long as the arena. */
void reply_header(struct request *request, const char *name, const char *value);
/* Replaces one that reply_* set before, or adds it. */
void reply_header_set(
	struct request *request, const char *name, const char *value);

/* Takes one away that reply_* set before. */
void reply_header_drop(struct request *request, const char *name);

/* Renders html/NAME.html with data, which is taken over. */
void reply_page(
	struct request *request, int status, const char *name, json_t *data);
/* 303 to a path of ours. */
void reply_redirect(struct request *request, const char *path);
void reply_text(struct request *request, int status, const char *text);
void reply_bytes(struct request *request, int status, const char *type,
	struct ouv_str bytes);

/* The status that stands for an error of the desk. */
int reply_status(enum ouv_err err);

/* What a page may do beyond showing itself; the rest it may not. */
enum policy {
	POLICY_SCRIPT = 1, /* run our scripts, which may ask us */
	POLICY_FRAME = 2,  /* show pages of ours in frames */
	POLICY__COUNT = 4,
};
/* Adds to what this answer may. */
void reply_policy(struct request *request, unsigned may);

/* The headers that every answer carries, whatever else it is. */
void reply_secure(struct request *request);

#endif
