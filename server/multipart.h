/*
 * multipart.h - a form with files (multipart/form-data), strictly, as it comes
 *
 * Pure.  RFC 7578 as browsers write it (WHATWG HTML, "multipart form data"):
 * whatever they would not write is refused, so that one body has one meaning.
 * Nothing of a file is kept here: its bytes go on as they come.
 */
#ifndef SERVER_MULTIPART_H
#define SERVER_MULTIPART_H

#include <stddef.h>

#include "ouv/arena.h"
#include "ouv/err.h"

/* RFC 2046 5.1.1: at most 70 characters. */
#define MULTIPART_BOUNDARY 70
#define MULTIPART_HEAD 4096 /* bytes of a part's header lines */
#define MULTIPART_PARTS 600

struct multipart_part {
	const char *name;     /* never NULL or "" */
	const char *filename; /* NULL: a field of text; "" : no file chosen */
	const char *type;     /* as it was sent; NULL: not said */
};

/* An error of these ends the parsing and is passed on.  part lives in the
 * arena. */
struct multipart_sink {
	enum ouv_err (*begin)(void *user, const struct multipart_part *part);
	enum ouv_err (*data)(void *user, const char *data, size_t len);
	enum ouv_err (*end)(void *user);
	void *user;
};

struct multipart;
/* The boundary of a Content-Type line.  OUV_INVALID: not this type, no or two
 * boundaries, a character that none has. */
OUV_MUST_CHECK enum ouv_err multipart_boundary(
	struct ouv_arena *arena, const char *type, const char **boundary_out);
struct multipart *multipart_new(struct ouv_arena *arena, const char *boundary,
	const struct multipart_sink *sink);
/* The next bytes, any number.  OUV_INVALID: a rule is broken; nothing more is
 * taken after that. */
OUV_MUST_CHECK enum ouv_err multipart_add(
	struct multipart *multipart, const char *data, size_t len);
/* That was all.  OUV_INVALID: it was cut. */
OUV_MUST_CHECK enum ouv_err multipart_end(struct multipart *multipart);

#endif
