/*
 * route.h - the addresses of the console, as one table
 */
#ifndef SERVER_ROUTE_H
#define SERVER_ROUTE_H

#include "server.h"

enum who {
	WHO_ANYBODY,  /* no session is looked for                    */
	WHO_VISITOR,  /* one is used when there is one                */
	WHO_STAFF,    /* without one: to the login page               */
	WHO_ENTERING, /* ... also before the first login is complete  */
};

struct route {
	const char *name; /* for the log */
	unsigned methods; /* bits of enum method */
	enum who who;
	const char *pattern; /* "*" stands for one segment */
	void (*answer)(struct request *request);
};

/*
 * What route_answer does, in two steps, for a form that is read while it comes:
 * address, session and form (its hidden fields are there).  False: it has been
 * answered.
 */
bool route_admit(struct request *request);
void route_serve(struct request *request);
/* Sets route and args when the path is one of ours. */
void route_find(struct request *request);
/* The page that the form of this request stands on. */
const char *route_back(const struct request *request);

#endif
