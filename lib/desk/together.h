/*
 * together.h - messages that this request opened already
 */
#ifndef OUV_DESK_TOGETHER_H
#define OUV_DESK_TOGETHER_H

#include "desk_impl.h"

/* False: not opened yet, or nothing is kept. */
bool docs_find(struct ouv_desk *desk, const struct ouv_id *case_id,
	const struct ouv_id *item, struct ouv_mail *mail_out);
/* Its texts live in arena. */
void docs_keep(struct ouv_desk *desk, const struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *item,
	const struct ouv_mail *mail);

#endif
