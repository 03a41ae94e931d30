/*
 * render.h - what the two halves of `ouvidoria render` share
 */
#ifndef ADMIN_RENDER_H
#define ADMIN_RENDER_H

#include <jansson.h>

#include "ouv/tmpl.h"

enum render_as {
	RENDER_TEXT, /* the subject and the words */
	RENDER_HTML, /* the HTML part */
	RENDER_MAIL, /* the whole message, as it would be sent */
};

struct render_ask {
	struct ouv_arena *arena;
	const char *templates;       /* folder */
	const char *name;            /* "mail/ack" */
	const char *locale, *second; /* second NULL: one language */
	json_t *data;                /* NULL: the declaration's examples */
	enum render_as as;
};

/* One line on standard error; always 1. */
int render_say(const char *where, int line, const char *what);
/* Writes it to standard output; exit status. */
int render_print(const char *text, size_t len);
/*
 * A text that has a declaration, with the office's examples where the data say
 * nothing of the office.  Exit status; -1: it has none.
 */
int render_letter(const struct render_ask *ask, struct ouv_tmpl_set *set);

#endif
