/*
 * act.c - an act of a party that acts alone, or of the clockwork
 *
 * The same frame as a colleague's, with the gateway's keys: it can write to
 * everybody and read nothing.
 */
#include <string.h>

#include "clock.h"
#include "frame.h"
#include "grant.h"

const struct ouv_actor *
act_nobody(void)
{
	static const struct ouv_actor nobody = {
		.role = OUV_ROLE_TIMER, .login = "", .name = ""
	};

	return &nobody;
}

/* The case's row locked, a call by nobody on it. */
struct alone {
	struct opened opened;
	struct casefile file;
	struct ouv_verb_result result;
	struct verb_call call;
};

static enum ouv_err
alone_begin(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, int64_t now, struct alone *a)
{
	struct colleague *colleagues;
	size_t count;

	memset(a, 0, sizeof(*a));
	TRY(keys_colleagues(desk, tx, arena, &colleagues, &count));
	TRY(casefile_lock(
		desk, tx, arena, colleagues, count, case_id, &a->file));
	a->opened.c = (struct store_case){ .id = *case_id,
		.protocol = a->file.protocol,
		.state = a->file.state,
		.lang = ouv_lang_tag(a->file.lang),
		.items = a->file.items,
		.key_version = a->file.version };
	a->call = (struct verb_call){ .desk = desk,
		.tx = tx,
		.arena = arena,
		.actor = act_nobody(),
		.opened = &a->opened,
		.file = &a->file,
		.colleagues = colleagues,
		.colleague_count = count,
		.now = now,
		.object = *case_id,
		.result = &a->result };
	return OUV_OK;
}

enum ouv_err
act_run(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct act *act, uint64_t *failed_out)
{
	const struct verb *verb = verb_find(ouv_action_name(act->action));
	struct frame frame = { .verb = verb,
		.role = act->role,
		.source = act->source,
		.auth = act->auth,
		.party = act->party,
		.item = act->item };
	enum ouv_state before;
	struct alone a;
	enum ouv_err err;

	*failed_out = 0;
	if (verb == NULL || verb->fields == NULL)
		return OUV_INVALID;
	TRY(alone_begin(desk, tx, arena, &act->case_id, act->now, &a));
	a.call.fields = act->fields;
	a.call.field_count = act->field_count;
	before = a.file.state;
	err = move_run(&a.call, &frame);
	move_free(&frame);
	*failed_out = a.result.failed;
	if (err == OUV_OK && a.file.state != before)
		err = grant_wait(tx, arena, &a.file);
	return err;
}

/* ---- a letter outside of a move ---------------------------------------------
 */

static enum ouv_err
look_at_case(struct verb_call *call, struct frame *frame)
{
	struct moving *move = &frame->move;

	TRY(store_mediation(call->tx, call->arena, &call->file->id, &move->m));
	TRY(store_clocks(call->tx, call->arena, &call->file->id, &frame->clocks,
		&frame->clock_count));
	move->to = move->m.state;
	frame->due_at =
		clock_case_due(move->to, frame->clocks, frame->clock_count);
	return OUV_OK;
}

static enum ouv_err
send_reminder(struct verb_call *call, const struct act_letter *letter,
	struct move_letter *l, int *queued_out)
{
	struct store_letter about = { .case_id = letter->case_id,
		.party = l->readers.party };
	struct letter_words words;

	l->draft.letter.kind = "reminder";
	TRY(letter_words(call->desk, call->tx, call->arena, &l->draft.to,
		&l->draft.letter, &words));
	if (words.blocked)
		return task_open(call->desk, call->tx, call->arena, call->file,
			&about, "write-by-hand", call->now);
	TRY(letter_deliver(call, l, letter->dedupe, queued_out));
	return log_case(call->desk, call->tx, call->file, NULL, "remind",
		&call->object);
}

enum ouv_err
act_letter(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct act_letter *letter, int *queued_out)
{
	struct frame frame = { .source = "timer" };
	struct move_letter l = { .wanted = false };
	json_t *none = json_object();
	struct alone a;
	enum ouv_err err;

	*queued_out = 0;
	err = alone_begin(desk, tx, arena, &letter->case_id, letter->now, &a);
	if (err == OUV_OK)
		err = look_at_case(&a.call, &frame);
	if (err == OUV_OK)
		err = letter_draft(&a.call, &frame, letter->side, letter->text,
			letter->data != NULL ? letter->data : none, &l);
	if (err == OUV_OK && l.readers.count > 0)
		err = send_reminder(&a.call, letter, &l, queued_out);
	draft_free(&l.draft);
	json_decref(none);
	return err;
}
