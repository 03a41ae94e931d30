/*
 * once.h - documents that are given out once, to whoever has their address
 *
 * In memory, sealed under their address, of which only a digest is kept; so
 * what lies there between two requests says nothing.  Gone after a minute.
 */
#ifndef SERVER_ONCE_H
#define SERVER_ONCE_H

#include "ouv/buf.h"
#include "ouv/id.h"

#define ONCE_TOKEN 26 /* characters, 130 bits */
#define ONCE_SECS 60

/* now_ms is monotonic.  What was put first goes first when there is no room. */
void once_put(int64_t now_ms, const struct ouv_id *item, struct ouv_str bytes,
	char token_out[ONCE_TOKEN + 1]);
/* OUV_NOT_FOUND: never there, given out before, or too late. */
OUV_MUST_CHECK enum ouv_err once_take(struct ouv_arena *arena, int64_t now_ms,
	const char *token, struct ouv_str *bytes_out);
/* Forgets whatever nobody came for in time. */
void once_sweep(int64_t now_ms);

#endif
