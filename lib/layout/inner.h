/*
 * inner.h - what the files of lib/layout share
 */
#ifndef LAYOUT_INNER_H
#define LAYOUT_INNER_H

#include <stdbool.h>

#include "ouv/layout.h"

/* Every attribute that is ever written. */
enum attribute {
	ATTR_HREF,
	ATTR_SRC,
	ATTR_ALT,
	ATTR_TITLE,
	ATTR_COLSPAN,
	ATTR_ROWSPAN,
	ATTR_DIR,
	ATTR_LANG,
	ATTR__COUNT
};

struct element {
	const char *name;
	unsigned attributes; /* bits of enum attribute, beside the general ones
			      */
	bool is_void;        /* it has no end */
};

/* Values that passed; NULL: none. */
struct values {
	const char *of[ATTR__COUNT];
};

/* ---- rules.c: what may stay ------------------------------------------------
 */

/* NULL: only what is inside it stays, if anything. */
const struct element *rules_element(const char *name);
/* Does it go with all that is inside it? */
bool rules_vanishes(const char *name);
extern const char *const attribute_names[ATTR__COUNT];
/* The value as it is written, in the arena; NULL: it may not stay. */
const char *rules_value(struct ouv_arena *arena, const struct element *element,
	enum attribute which, const char *value);
/* Is a width or height so small that nobody sees it? */
bool rules_is_dot(const char *value);

/* ---- tree.c: the only door to gumbo -----------------------------------------
 */

/* Told of what stays, in the order of the page; ends fit beginnings. */
struct visitor {
	void (*begin)(void *user, const struct element *element,
		const struct values *values);
	void (*end)(void *user, const struct element *element);
	void (*text)(void *user, const char *text);
	void *user;
};

/* Values and texts live until it returns.  OUV_INVALID: as in layout.h. */
OUV_MUST_CHECK enum ouv_err tree_walk(
	struct ouv_str html, const struct visitor *visitor);

/* ---- write.c ----------------------------------------------------------------
 */

/* Escapes; what is no character of a page is left out. */
void write_text(struct ouv_buf *out, const char *text);
void write_value(struct ouv_buf *out, enum attribute which, const char *value);
void write_begin(struct ouv_buf *out, const struct element *element,
	const struct values *values);
void write_end(struct ouv_buf *out, const struct element *element);

/* ---- picture.c
 * ----------------------------------------------------------------
 */

/* "image/png"; NULL: it does not begin as one of the three, or is too large to
 * be painted. */
const char *picture_type(struct ouv_str bytes);
void picture_base64(struct ouv_buf *out, struct ouv_str bytes);

#endif
