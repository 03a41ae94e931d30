/*
 * verb_second.c - the second person confirms what another wrote, or gives it
 * back
 *
 * What is confirmed is run here, as its author's and with its words unaltered.
 * What happened in the case since it was written stands beside it: whoever
 * reads it decides whether it still holds, and confirms only what they saw.
 */
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "pending.h"

#define WHY_MOST 2000

/* clang-format off */
static const char *const decisions[] = { "confirm", "return", NULL };
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	{ .name = "act", .kind = OUV_FIELD_LINE, .required = true, .most = 32 },
	{ .name = "decision",
		.kind = OUV_FIELD_WORD,
		.required = true,
		.words = decisions },
	{ .name = "why", .kind = OUV_FIELD_WORDS, .most = WHY_MOST },
	{ .name = NULL },
};

static enum ouv_err
find(struct verb_call *call, struct store_pending *pending)
{
	struct ouv_id id;
	enum ouv_err err = ouv_id_parse(move_text(call, "act", 1), &id);

	if (err == OUV_OK)
		err = store_pending(
			call->tx, call->arena, &call->file->id, &id, pending);
	if (err == OUV_INVALID || err == OUV_NOT_FOUND) {
		verb_error(call, "act", "unknown");
		return OUV_INVALID;
	}
	call->object = id;
	return err;
}

/* Its task is done, the author has one. */
static enum ouv_err
decide(struct verb_call *call, const struct store_pending *p,
	const char *decision, const char *task)
{
	const char *why = move_text(call, "why", 1);
	bool mine = ouv_id_equal(&p->author, &call->actor->person);
	static const struct ouv_id nobody;
	struct ouv_id why_item = { 0 };

	if (*why != '\0')
		TRY(words_keep(call, why, &why_item));
	TRY(store_pending_decide(call->tx, p, decision,
		mine ? &nobody : &call->actor->person, &why_item));
	TRY(store_task_end(call->tx, &p->item, PENDING_TASK,
		&call->actor->person, "done"));
	if (task == NULL || mine)
		return OUV_OK;
	return task_ask(call, task, &p->item, 0);
}

/* The author, but for keys: those are the second person's. */
static struct ouv_actor
author_of(const struct store_pending *p)
{
	return (struct ouv_actor){ .person = p->author,
		.role = p->author_role,
		.login = p->author_login,
		.name = p->author_name,
		.lang = ouv_lang_parse(p->author_lang, OUV_LANG_PT_BR) };
}

static enum ouv_err
run_act(struct verb_call *call, const struct store_pending *p)
{
	const struct verb *verb = verb_find(p->action);
	struct ouv_actor author = author_of(p);
	struct frame frame = { .verb = verb, .second = call->actor->person };
	struct verb_call act = *call;
	const char *text;
	enum ouv_err err;

	if (verb == NULL || verb->fields == NULL)
		return OUV_INVALID;
	TRY(words_read(call, &p->item, &text));
	TRY(pending_fields(call->arena, text, &act.fields, &act.field_count));
	act.actor = &author;
	act.object = call->file->id;
	TRY(move_whose(&act, &frame));
	err = move_run(&act, &frame);
	move_free(&frame);
	call->move->written = true;
	return err;
}

/* Not the author, and in a role the row names. */
static enum ouv_err
may_confirm(struct verb_call *call, const struct store_pending *p,
	const struct ouv_move *row)
{
	if (!ouv_id_equal(&p->author, &call->actor->person) &&
		(row->second & OUV_ROLE_BIT(call->actor->role)) != 0) {
		/* What its author needed a code for, they need one for. */
		call->result->step_up = row->step_up && !call->actor->stepped;
		return call->result->step_up ? OUV_REFUSED : OUV_OK;
	}
	call->result->failed |= OUV_GUARD_BIT(OUV_GUARD_EYES);
	return OUV_REFUSED;
}

/* What changed since that revision is told. */
static enum ouv_err
tell_changes(struct verb_call *call, int rev)
{
	struct ouv_verb_result *result = call->result;

	TRY(store_changes_judged(call->tx, call->arena, &call->file->id, rev,
		&result->changes, &result->change_count));
	/* Here none of them is a letter that crossed one's own. */
	for (size_t i = 0; i < result->change_count; i++)
		result->changes[i].item = 0;
	result->rev = call->move->m.rev;
	return OUV_OK;
}

/* There is no such act any more: it is gone for good, and its author has the
 * words. */
static enum ouv_err
annul(struct verb_call *call, const struct store_pending *p)
{
	TRY(tell_changes(call, p->rev));
	call->move->written = call->annulled = true;
	return decide(call, p, "void", "act-void");
}

/* Whoever confirms has seen the case as their page showed it; a form that does
 * not say when that was knows no more than the author did. */
static enum ouv_err
check_seen(struct verb_call *call, const struct store_pending *p)
{
	const char *text = verb_field(call, "rev");

	TRY(tell_changes(
		call, *text != '\0' ? (int)strtol(text, NULL, 10) : p->rev));
	return call->result->change_count == 0 ? OUV_OK : OUV_CONFLICT;
}

static enum ouv_err
confirm(struct verb_call *call, const struct store_pending *p)
{
	const struct ouv_move *row;
	enum ouv_action action;

	TRY(ouv_action_parse(p->action, &action));
	if (ouv_workflow_find(
		    call->file->state, action, p->author_role, &row) != OUV_OK)
		return annul(call, p);
	TRY(may_confirm(call, p, row));
	TRY(check_seen(call, p));
	TRY(run_act(call, p));
	return decide(call, p, "confirmed", NULL);
}

static enum ouv_err
run(struct verb_call *call)
{
	bool confirms =
		strcmp(move_text(call, "decision", 1), decisions[0]) == 0;
	struct store_pending pending;

	TRY(find(call, &pending));
	if (!confirms) {
		if (*move_text(call, "why", 1) == '\0')
			verb_error(call, "why", "empty");
		if (call->result->error_count > 0)
			return OUV_INVALID;
		return decide(call, &pending, "returned", "act-returned");
	}
	return confirm(call, &pending);
}

const struct verb verb_second = { "second", OUV_ACTION_SECOND, run, false,
	fields };
