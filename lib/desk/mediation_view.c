/*
 * mediation_view.c - the file as mediators see it: each part by its own
 */
#include <string.h>

#include "move.h"

typedef enum ouv_err part_fn(struct mv *mv);

static enum ouv_err
mv_state(struct mv *mv)
{
	const struct store_case *c = &mv->opened->c;

	mv->out->owes = ouv_state_info(c->state)->owes;
	mv->out->due_at = c->due_at;
	return OUV_OK;
}

/* clang-format off */
static part_fn *const parts[] = {
	mv_state, mv_about, mv_clocks, mv_agreed, mv_file, mv_pending,
	mv_people,
};
/* clang-format on */

enum ouv_err
ouv_desk_mediation(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, enum ouv_lang lang,
	struct ouv_mediation *view_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct opened opened;
	struct mv mv = { .desk = desk,
		.arena = arena,
		.actor = actor,
		.opened = &opened,
		.lang = lang,
		.out = view_out };
	enum ouv_err err = OUV_OK;

	memset(view_out, 0, sizeof(*view_out));
	TRY(store_begin_reading(desk->store, &tx));
	mv.tx = tx;
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	for (size_t i = 0;
		err == OUV_OK && i < sizeof(parts) / sizeof(parts[0]); i++)
		err = parts[i](&mv);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	return err == OUV_OK ? store_commit(&tx) : err;
}
