/*
 * compose.h - a letter being written: whole (compose.c), or while it goes by
 * (compose_stream.c)
 */
#ifndef OUV_MAIL_COMPOSE_H
#define OUV_MAIL_COMPOSE_H

#include "ouv/mail.h"

#define BOUNDARY_MAX 32

struct writer {
	struct ouv_buf buf;
	const struct ouv_letter *letter;
	size_t column; /* of the header line being written */
	/*
	 * "=_" occurs neither in quoted-printable nor in base64, so these
	 * cannot occur in a part (RFC 2045 6.7).
	 */
	char mixed[BOUNDARY_MAX], alternative[BOUNDARY_MAX];
};

/* Header and text, up to its first attachment; false: the letter may not be
 * written.  hint: bytes that will follow. */
bool letter_begin(struct writer *w, struct ouv_arena *arena,
	const struct ouv_letter *letter, size_t hint);
/* What stands before the bytes of an attachment. */
void letter_part(struct writer *w, const struct ouv_letter_part *part);
void letter_end(struct writer *w);

#endif
