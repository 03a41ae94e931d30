/*
 * dossier_plan.h - what the two files that gather a case file share
 */
#ifndef OUV_DESK_DOSSIER_PLAN_H
#define OUV_DESK_DOSSIER_PLAN_H

#include "dossier.h"
#include "write.h"

struct planning {
	struct verb_call *call;
	struct dossier *d;
	struct store_mediation m;
	struct ouv_id party[SIDES]; /* zero: none */
	struct consumer who[SIDES]; /* addr NULL: not known */
	struct store_item_row *rows;
	struct store_disclosure *given;
	struct store_disclosure_piece *pieces;
	size_t row_count, given_count, piece_count;
	struct mask *mask; /* d->mask, while it is filled */
};

/* Whether, and how, a message is in it. */
enum choice {
	OUT,      /* and nobody is told */
	OUT_LANE, /* ... counted by its reason */
	OUT_DAYS,
	OUT_NOTE,
	OUT_UNREAD,
	IN_RAW,
	IN_MASKED,
	IN_RELEASED,
	IN_NOTE,
};

/* ---- dossier.c -------------------------------------------------------------
 */

bool plan_came_in(const struct store_item *item);
/* Index of the recipient; SIDES: no party. */
int plan_side(const struct dossier_ask *ask);
/* Was that released, to this side or (SIDES) to any?  part -1: the words. */
bool plan_given(const struct planning *p, const struct ouv_id *item, int part,
	int side);

/* ---- dossier_entry.c -------------------------------------------------------
 */

OUV_MUST_CHECK enum ouv_err plan_entry(struct planning *p,
	const struct store_item_row *row, enum choice choice);
/* In the request's arena; "" for NULL. */
const char *plan_kept(struct planning *p, const char *text);

#endif
