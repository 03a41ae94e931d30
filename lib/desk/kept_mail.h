/*
 * kept_mail.h - checkpoints as they stand in mails that were kept
 */
#ifndef DESK_KEPT_MAIL_H
#define DESK_KEPT_MAIL_H

#include <stdio.h>

#include "ouv/vault.h"

/* One checkpoint as it was read; c.tenant is the reader's to fill in. */
struct kept {
	struct ouv_checkpoint c;
	uint8_t sig[OUV_SIG];
	bool whole; /* all of its lines were there, and could be read */
};
/* Anything but OUV_OK ends the reading and is what it returns. */
typedef enum ouv_err kept_fn(struct kept *kept, void *user);

/*
 * Tells of each checkpoint in the text, in its order.  What a mail program puts
 * around them, and the marks of what was handed on or quoted, are passed over.
 */
OUV_MUST_CHECK enum ouv_err kept_mail_read(
	FILE *file, kept_fn *tell, void *user);

#endif
