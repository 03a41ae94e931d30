/*
 * cookie.h - one cookie out of a Cookie line, and one Set-Cookie line
 */
#ifndef SERVER_COOKIE_H
#define SERVER_COOKIE_H

#include <stdbool.h>
#include <stddef.h>

#include "ouv/arena.h"
#include "ouv/err.h"

/* How often a cookie of exactly that name stands in the line. */
size_t cookie_count(const char *line, const char *name);
/*
 * Its value as sent.  OUV_NOT_FOUND: none.  OUV_INVALID: more than one, or a
 * byte that no cookie value has (RFC 6265 4.1.1).  line may be NULL.
 */
OUV_MUST_CHECK enum ouv_err cookie_find(struct ouv_arena *arena,
	const char *line, const char *name, const char **value_out);

enum cookie_life {
	COOKIE_SESSION, /* until the browser closes */
	COOKIE_YEAR,
	COOKIE_GONE, /* deletes it */
};

/*
 * Value of a Set-Cookie header: Path=/, HttpOnly, SameSite=Strict, never a
 * Domain.  name and value are ours and hold nothing that needs quoting.
 */
const char *cookie_write(struct ouv_arena *arena, const char *name,
	const char *value, bool secure, enum cookie_life life);

#endif
