/*
 * session.h - who asks, in which language, and whether the form is ours
 */
#ifndef SERVER_SESSION_H
#define SERVER_SESSION_H

#include "server.h"

/* Language of the cookie, else of the browser, else of the office. */
void session_language(struct request *request);
/* Theme of the cookie, else as the reader's system says. */
void session_theme(struct request *request);
/*
 * Looks at the session cookie: sets actor, or leaves it NULL when there is no
 * session (any longer).  OUV_TEMPORARY: could not be found out.
 */
OUV_MUST_CHECK enum ouv_err session_load(struct request *request);
/* Makes sure the visit has an entry token, for forms before a login. */
void session_entry(struct request *request);
/* The hidden token of a form that posts to action; needs actor or entry. */
const char *session_token(const struct request *request, const char *action);
/*
 * Three independent checks of a POST: hidden token, Origin (or Referer), and
 * Sec-Fetch-Site when the browser sends it.  NULL: all hold, else the name of
 * the first that does not, for the log.
 */
const char *session_forged(const struct request *request);
/* The first two of the three, which need no token. */
const char *session_foreign(const struct request *request);

void session_begin(struct request *request, const uint8_t token[32]);
void session_end(struct request *request);
/* Remembers in this browser who used it, to whom a form is sealed that comes
 * when their session has ended; and reads that.  False: not known. */
void session_keep_who(struct request *request, const struct ouv_id *person);
bool session_who(const struct request *request, struct ouv_id *person_out);
void session_keep_language(struct request *request, enum ouv_lang lang);
void session_keep_theme(struct request *request, enum ouv_theme theme);

/* The list of cases this browser looked at last, as the query of its address;
 * "" is the whole list. */
void session_keep_list(struct request *request, const char *query);
/* The list this page was opened from, else the one looked at last.  It comes
 * from outside. */
const char *session_list(const struct request *request);

/* Where this request comes from.  The browser gets a cookie of its own, by
 * which it is known again, with session_keep_device. */
void session_visit(struct request *request, struct ouv_visit *visit_out);
void session_keep_device(
	struct request *request, const struct ouv_visit *visit);

/* Address of the browser as our proxy gave it; NULL: unknown. */
const char *session_address(const struct request *request);

#endif
