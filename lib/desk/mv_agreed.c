/*
 * mv_agreed.c - options and promises, as a mediator sees them in the file
 */
#include <string.h>

#include "move.h"

/* Words that do not open must not hide the rest. */
static enum ouv_err
read_words(struct mv *mv, const struct ouv_id *item, const char **words_out)
{
	struct verb_call call = { .desk = mv->desk,
		.tx = mv->tx,
		.arena = mv->arena,
		.actor = mv->actor,
		.opened = (struct opened *)mv->opened };
	enum ouv_err err = words_read(&call, item, words_out);

	if (err == OUV_TEMPORARY)
		return err;
	if (err != OUV_OK)
		*words_out = "";
	return OUV_OK;
}

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
		TRY(read_words(mv, &list[i].item, &view->words));
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
		TRY(read_words(mv, &p->item, &view->words));
	}
	return OUV_OK;
}

enum ouv_err
mv_agreed(struct mv *mv)
{
	TRY(read_options(mv));
	return read_promises(mv);
}
