/*
 * again.h - a form that came after the session had ended, and its way back
 *
 * Nothing of it is done: it travels, sealed, in the page that asks to log in,
 * and stands in its fields again when the same person has.
 */
#ifndef SERVER_AGAIN_H
#define SERVER_AGAIN_H

#include "server.h"

/* The form that came, sealed to whoever used this browser last; NULL: that is
 * not known, they are not here any more, or it is too long. */
const char *again_seal(struct request *request);
/* Takes the session that was just begun as this request's. */
OUV_MUST_CHECK enum ouv_err again_log_in(struct request *request,
	struct ouv_desk *desk, const uint8_t token[32]);
/* After that: the form, or the word that it could not be opened. */
void again_show(
	struct request *request, struct ouv_desk *desk, const char *sealed);
/* Sets a field of the form that came back, for a page that looks by it. */
void again_set(struct request *request, const char *name, const char *value);

#endif
