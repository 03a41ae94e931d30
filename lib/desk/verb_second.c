/*
 * verb_second.c - the second person confirms what another wrote, or gives it
 * back
 *
 * What is confirmed is run here, as its author's, on the case as it was when
 * it was written: has anything happened since, the act is void and both learn
 * of it.
 */
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
may_confirm(struct verb_call *call, const struct store_pending *p)
{
	const struct ouv_move *row;
	enum ouv_action action;

	TRY(ouv_action_parse(p->action, &action));
	if (ouv_workflow_find(
		    call->file->state, action, p->author_role, &row) != OUV_OK)
		return OUV_OK; /* it is void, and is told so */
	if (!ouv_id_equal(&p->author, &call->actor->person) &&
		(row->second & OUV_ROLE_BIT(call->actor->role)) != 0) {
		/* What its author needed a code for, they need one for. */
		call->result->step_up = row->step_up && !call->actor->stepped;
		return call->result->step_up ? OUV_REFUSED : OUV_OK;
	}
	call->result->failed |= OUV_GUARD_BIT(OUV_GUARD_EYES);
	return OUV_REFUSED;
}

/* What happened since is told, and the act is gone for good. */
static enum ouv_err
annul(struct verb_call *call, const struct store_pending *p)
{
	struct ouv_verb_result *result = call->result;
	struct store_change *list;
	size_t count;

	TRY(store_changes(
		call->tx, call->arena, &call->file->id, p->rev, &list, &count));
	result->rev = call->move->m.rev;
	result->change_count = count;
	result->changes =
		ouv_arena_array(call->arena, count, sizeof(*result->changes));
	for (size_t i = 0; i < count; i++)
		result->changes[i] = (struct ouv_change){ list[i].at,
			list[i].who, list[i].action };
	call->move->written = call->annulled = true;
	return decide(call, p, "void", "act-void");
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
	TRY(may_confirm(call, &pending));
	if (pending.rev != call->move->m.rev)
		return annul(call, &pending);
	TRY(run_act(call, &pending));
	return decide(call, &pending, "confirmed", NULL);
}

const struct verb verb_second = { "second", OUV_ACTION_SECOND, run, false,
	fields };
