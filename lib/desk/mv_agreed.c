/*
 * mv_agreed.c - options and promises, as a mediator sees them in the file
 */
#include "move.h"

static enum ouv_err
read_options(struct mv *mv)
{
	struct ouv_mediation *out = mv->out;
	struct store_option *list;

	TRY(store_options(mv->tx, mv->arena, &mv->opened->c.id, &list,
		&out->option_count));
	out->options = ouv_arena_array(
		mv->arena, out->option_count, sizeof(*out->options));
	for (size_t i = 0; i < out->option_count; i++) {
		struct ouv_option_view *view = &out->options[i];

		*view = (struct ouv_option_view){ .n = list[i].n,
			.promiser = list[i].promiser,
			.due_at = list[i].due_at,
			.consumer = list[i].consumer,
			.company = list[i].company };
		TRY(mv_words(mv, &list[i].item, &view->words));
	}
	return OUV_OK;
}

static enum ouv_err
read_promises(struct mv *mv)
{
	struct ouv_mediation *out = mv->out;
	struct store_promise *list;

	TRY(store_promises(mv->tx, mv->arena, &mv->opened->c.id, &list,
		&out->promise_count));
	out->promises = ouv_arena_array(
		mv->arena, out->promise_count, sizeof(*out->promises));
	for (size_t i = 0; i < out->promise_count; i++) {
		const struct store_promise *p = &list[i];
		struct ouv_promise_view *view = &out->promises[i];

		*view = (struct ouv_promise_view){ .n = p->n,
			.promiser = p->promiser,
			.source = p->source,
			.state = p->state,
			.says_company = p->says_company,
			.says_consumer = p->says_consumer,
			.made_at = p->made_at,
			.due_at = p->due_at,
			.ended_at = p->ended_at };
		TRY(mv_words(mv, &p->item, &view->words));
	}
	return OUV_OK;
}

enum ouv_err
mv_agreed(struct mv *mv)
{
	TRY(read_options(mv));
	return read_promises(mv);
}
