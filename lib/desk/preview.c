/*
 * preview.c - what a move would do: the same run, with nothing left of it
 */
#include <string.h>

#include "frame.h"

/* Guards that hold once the form is filled in are told with the rest. */
static void
fill(const struct frame *frame, struct ouv_preview *preview)
{
	const struct ouv_move *row = frame->move.row;

	preview->failed = frame->failed;
	preview->to = frame->move.to;
	preview->second = row != NULL &&
			  (row->guards & OUV_GUARD_BIT(OUV_GUARD_EYES)) != 0;
	for (int side = 0; side < SIDES; side++)
		if (frame->letters[side].wanted)
			preview->letter[side] = frame->letters[side].check;
}

static enum ouv_err
look(struct verb_call *call, const struct verb *verb,
	struct ouv_preview *preview)
{
	struct frame frame = { .verb = verb, .preview = true };
	struct store_clock *was;
	size_t count;
	enum ouv_err err = move_whose(call, &frame);

	if (err == OUV_OK)
		err = store_clocks(
			call->tx, call->arena, &call->file->id, &was, &count);
	if (err == OUV_OK)
		err = move_run(call, &frame);
	if (err == OUV_OK && frame.clocks != NULL)
		preview->effects = effects_of(call->arena, frame.move.row, was,
			count, frame.clocks, frame.clock_count);
	/* What cannot be done need not come to its letters. */
	if (frame.failed != 0 && (err == OUV_REFUSED || err == OUV_INVALID)) {
		call->result->error_count = 0;
		err = OUV_OK;
	}
	if (err == OUV_OK)
		fill(&frame, preview);
	move_free(&frame);
	return err;
}

static enum ouv_err
look_at(struct verb_call *call, const struct verb *verb, const char *number,
	struct ouv_preview *preview)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct opened opened;
	struct casefile file;
	enum ouv_err err;

	TRY(store_begin(call->desk->store, &tx));
	call->tx = tx;
	TRY(open_case(
		call->desk, tx, call->arena, call->actor, number, &opened));
	call->opened = &opened;
	call->file = &file;
	call->object = opened.c.id;
	err = opened.c.desk_month != 0
		      ? OUV_REFUSED
		      : keys_colleagues(call->desk, tx, call->arena,
				&call->colleagues, &call->colleague_count);
	if (err == OUV_OK)
		err = casefile_lock(call->desk, tx, call->arena,
			call->colleagues, call->colleague_count, &opened.c.id,
			&file);
	if (err == OUV_OK)
		err = open_again(call->desk, tx, call->arena, call->actor,
			file.version, &opened);
	if (err == OUV_OK)
		err = look(call, verb, preview);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	call->opened = NULL;
	call->file = NULL;
	return err;
}

enum ouv_err
ouv_desk_preview(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, const char *name,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_preview *preview_out, struct ouv_verb_result *result_out)
{
	const struct verb *verb = verb_find(name);
	struct verb_call call = change_call(
		desk, arena, actor, fields, field_count, result_out);

	memset(result_out, 0, sizeof(*result_out));
	memset(preview_out, 0, sizeof(*preview_out));
	if (verb == NULL || verb->fields == NULL)
		return OUV_NOT_FOUND;
	return look_at(&call, verb, number, preview_out);
}
