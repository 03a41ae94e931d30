/*
 * again.h - a form that came after the session had ended, and its way back
 *
 * Nothing of it is done: it travels, sealed, in the page that asks to log in,
 * and stands in its fields again when the same person has.  The same way back
 * is that of a form sent by who only wanted the page in another look.
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
/* Is this address one of a form that can be shown as it was sent? */
bool again_knows(const struct request *request);
/* The theme or language whose button sent the form; NULL: none did. */
const char *again_choice(const struct request *request);
/* The form that came, as it was sent: nothing of it is done. */
void again_as_sent(struct request *request);
/* Sets a field of the form that came back, for a page that looks by it. */
void again_set(struct request *request, const char *name, const char *value);

#endif
