/*
 * seal.h - checkpoints of the log: written by each part of the gateway, mailed
 * by one
 */
#ifndef MAILGW_SEAL_H
#define MAILGW_SEAL_H

#include <stdint.h>

#include "ouv/history.h"

/* What this process logged, when it is time, or (now) whatever there is. */
void gw_seal(struct ouv_desk *desk, bool now);

struct keeping;
struct sealing {
	int64_t next_ms;         /* when to look again; 0: now */
	struct keeping *keeping; /* a mail on its way; NULL: none */
};
/* When it is time: the newest checkpoints of every program to those who keep
 * them.  OUV_TEMPORARY: the database. */
OUV_MUST_CHECK enum ouv_err gw_mail_checkpoints(struct sealing *s,
	const struct ouv_config *config, struct ouv_desk *desk);
void gw_sealing_free(struct sealing *s);

#endif
