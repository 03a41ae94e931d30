/*
 * form.h - fields of a form body or of a query string, strictly
 *
 * Pure.  application/x-www-form-urlencoded as browsers write it (WHATWG URL
 * standard, section 5); whatever they would not write is refused, so that one
 * body has one meaning.
 */
#ifndef SERVER_FORM_H
#define SERVER_FORM_H

#include <stddef.h>

#include "ouv/arena.h"
#include "ouv/desk.h" /* struct ouv_field */

#define FORM_BYTES 262144
/* The largest form is a release of everything a case has (OUV_PIECES_MOST). */
#define FORM_FIELDS 512

struct form {
	size_t count;
	struct ouv_field fields[FORM_FIELDS];
};

/*
 * Names and values are decoded, valid UTF-8 without NUL; CR LF, as browsers
 * send a line's end, has become LF.  No text is a form without fields.
 *
 * OUV_INVALID: too long, too many, a name twice or empty, no "=", a percent
 * sign without two digits, a byte that must be encoded, NUL, not UTF-8.
 */
OUV_MUST_CHECK enum ouv_err form_parse(struct ouv_arena *arena,
	const char *text, size_t len, struct form *form_out);
/* One more field, as it came in a form with files; the same rules.  *form is
 * as it was on failure. */
OUV_MUST_CHECK enum ouv_err form_put(struct ouv_arena *arena, const char *name,
	const char *value, size_t len, struct form *form);
/* NULL: no such field. */
const char *form_get(const struct form *form, const char *name);

/* What somebody took time to write: a letter, a holding notice, a note; NULL.
 */
const char *form_kept(struct ouv_arena *arena, const struct form *form);
/* All words of the form of a case; NULL: none. */
const char *form_words(struct ouv_arena *arena, const struct form *form);

/* text with everything but A-Za-z0-9-._~ as %XX, for our own addresses. */
const char *form_escape(struct ouv_arena *arena, const char *text);

#endif
