/*
 * http.h - the HTTP daemon: starts it, lets it finish
 */
#ifndef SERVER_HTTP_H
#define SERVER_HTTP_H

#include "server.h"

struct http;

/*
 * Serves on socket, which stays the caller's.  OUV_TEMPORARY: it could not be
 * started (said on the log).
 */
OUV_MUST_CHECK enum ouv_err http_start(
	const struct server *server, int socket, struct http **http_out);
/* Takes no new connections, waits for requests in flight, at most the time
 * limit of a request, and ends. */
void http_stop(struct http **http);

/* ---- listen.c ---------------------------------------------------------------
 */

/* Is it "unix:/path" or "127.0.0.1:port"? Says on the log what is wrong. */
OUV_MUST_CHECK enum ouv_err listen_check(const char *where);
/*
 * The socket systemd handed over, or a new one.  A file that nobody listens on
 * any more is replaced.  OUV_CONFLICT: somebody listens there.
 * OUV_TEMPORARY: it cannot be made.  Both said on the log.
 */
OUV_MUST_CHECK enum ouv_err listen_open(const char *where, int *socket_out);
/* Closes it and takes its file away. */
void listen_close(const char *where, int socket);

#endif
