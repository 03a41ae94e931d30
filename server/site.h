/*
 * site.h - where browsers reach us, from the configured base_url
 */
#ifndef SERVER_SITE_H
#define SERVER_SITE_H

#include <stdbool.h>

#include "ouv/arena.h"
#include "ouv/err.h"

struct site {
	bool secure;        /* https                                 */
	const char *origin; /* "https://ouvidoria.example"           */
	const char *host;   /* what the Host header must say          */
	/* the same of the name mails are framed from; NULL: there is none */
	const char *view_origin, *view_host;
	/* names of our cookies; with the __Host- prefix when secure */
	const char *session_cookie, *entry_cookie, *language_cookie,
		*release_cookie, *device_cookie, *theme_cookie, *who_cookie,
		*list_cookie, *member_cookie, *track_cookie;
	const char *cookies[11]; /* all of them, NULL ends */
};

/*
 * OUV_INVALID: not http(s)://host[:port], or http for a host that is not
 * this machine (said on the log).
 */
OUV_MUST_CHECK enum ouv_err site_parse(
	struct ouv_arena *arena, const char *base_url, struct site *site_out);

/*
 * Sets view_origin and view_host of a site that was parsed; "" is none.
 * OUV_INVALID: as above, another scheme than the console's, or the console's
 * own name, of which browsers would send its cookies (said on the log).
 */
OUV_MUST_CHECK enum ouv_err site_parse_view(
	struct ouv_arena *arena, const char *view_url, struct site *site);

#endif
