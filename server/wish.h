/*
 * wish.h - which cases an address asks for, and the address that asks for them
 */
#ifndef SERVER_WISH_H
#define SERVER_WISH_H

#include <jansson.h>

#include "ouv/worklist.h"

#include "server.h"

enum wish_field {
	WISH_QUEUE,
	WISH_STATE,
	WISH_OWNER, /* a login, "me", "nobody" */
	WISH_KIND,
	WISH_SEVERITY,
	WISH_COMPANY, /* part of its name */
	WISH_CHANNEL,
	WISH_LANG,
	WISH_DUE_FROM, /* days, both included */
	WISH_DUE_TO,
	WISH_OPENED_FROM,
	WISH_OPENED_TO,
	WISH_SORT,
	WISH__COUNT
};

#define WISH_MOST 80 /* bytes of a value */

struct wish {
	struct ouv_wish ouv;
	const char *values[WISH__COUNT]; /* as asked for; "" none */
	bool wrong[WISH__COUNT]; /* a day, a code, a name that is none */
	bool is_wrong;           /* any of them */
	bool is_filtered;        /* by more than the queue and the order */
};

const char *wish_name(enum wish_field field); /* "queue", "due_from", ... */
extern const char *const wish_langs[];        /* that cases are written in */
/* From an address or a form of ours; at and back too.  What is none of ours is
 * marked as wrong. */
void wish_read(const struct request *request, const struct form *form,
	struct wish *wish_out);
void wish_wrong(struct wish *wish, enum wish_field field);
/* "queue=mine&state=triage": the same without a field (WISH__COUNT: with all of
 * them) and without its place in the list. */
const char *wish_query(const struct request *request, const struct wish *wish,
	enum wish_field without);
/* The same with its place: this very page of the list. */
const char *wish_page(const struct request *request, const struct wish *wish);
/* A query that comes from outside, as a filter of ours; of one that cannot be
 * read, the whole list. */
void wish_parse(const struct request *request, const char *query,
	struct wish *wish_out);
/* The address of the page of the list that such a query means. */
const char *wish_back(const struct request *request, const char *query);

/* view_wish.c: the form of the filter, and what is filtered by with the way to
 * take it off: fields, tags, query. */
OUV_MUST_CHECK enum ouv_err view_wish(
	struct request *request, json_t *data, const struct wish *wish);

/* view_worklist.c: one row; many of them as lines and has_lines. */
json_t *view_work_line(const struct request *request,
	const struct ouv_work_line *line, int64_t now);
/* KEY_near ("tomorrow", "2 days ago"): how far that day is from today. */
void view_near(const struct request *request, json_t *data, const char *key,
	int64_t at);
/* tabs, waits: the queues with their counts; what is late or due first. */
void view_queues(const struct request *request, json_t *data,
	const struct ouv_queues *queues, const struct wish *wish);

#endif
