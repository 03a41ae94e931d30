/*
 * do.c - the frame around every verb: the one door for changing a case
 *
 * Begin, open, lock, ask the workflow, run the verb, move the state guarded by
 * the one that was read, write the log, commit.  No verb can forget one of
 * these, for no verb does them.
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"

/* clang-format off */
static const struct verb *const verbs[] = {
	&verb_open,
	&verb_reply,
	&verb_holding,
	&verb_substitute,
	&verb_accept,
	&verb_register,
	&verb_retry,
	&verb_discard,
	&verb_restore,
	&verb_task_done,
	&verb_assign,
	&verb_conflict,
};
/* clang-format on */

const struct verb *
verb_find(const char *name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	return NULL;
}

const char *
verb_field(const struct verb_call *call, const char *name)
{
	for (size_t i = 0; i < call->field_count; i++)
		if (strcmp(call->fields[i].name, name) == 0)
			return call->fields[i].value;
	return "";
}

void
verb_error(struct verb_call *call, const char *field, const char *code)
{
	struct ouv_verb_result *r = call->result;

	if (r->error_count < sizeof(r->errors) / sizeof(r->errors[0]))
		r->errors[r->error_count++] =
			(struct ouv_field_error){ field, code, NULL };
}

/* A held case without messages is closed; its log stays. */
static enum ouv_err
close_empty(struct verb_call *call)
{
	static const struct ouv_id nobody;
	const struct ouv_move *move;

	TRY(ouv_workflow_find(
		call->file->state, OUV_ACTION_EMPTY, call->actor->role, &move));
	TRY(store_case_move(
		call->tx, &call->file->id, move->from, move->to, &nobody));
	return log_case(call->desk, call->tx, call->file, &call->actor->person,
		ouv_action_name(OUV_ACTION_EMPTY), &call->file->id);
}

/* The case's row is locked by casefile_lock: what we read stays so. */
static enum ouv_err
run(struct verb_call *call, const struct verb *verb)
{
	struct casefile *file = call->file;
	const struct ouv_actor *actor = call->actor;
	const struct ouv_move *move;
	bool takes = verb->takes && ouv_id_is_zero(&call->opened->c.owner);
	const struct store_absence *away;

	/* Automatic mail that belongs to no case is nobody's to act on. */
	if (call->opened->c.desk_month != 0)
		return OUV_REFUSED;
	TRY(ouv_workflow_find(file->state, verb->action, actor->role, &move));
	TRY(hand_impartial(call->tx, &file->id, &actor->person));
	TRY(verb->run(call));
	/* Whoever is away gets no case, even one they look at. */
	TRY(absence_of(call->desk, call->tx, &actor->person, call->now, &away));
	takes = takes && away == NULL;
	if (move->to != move->from)
		TRY(store_case_move(call->tx, &file->id, move->from, move->to,
			takes ? &actor->person : &call->opened->c.owner));
	TRY(log_case(call->desk, call->tx, file, &actor->person,
		ouv_action_name(verb->action), &call->object));
	return call->emptied ? close_empty(call) : OUV_OK;
}

enum ouv_err
form_once(struct store_tx *tx, const struct ouv_actor *actor,
	const char *form_key, const char *verb)
{
	struct ouv_id key;

	if (ouv_id_parse(form_key, &key) != OUV_OK)
		return OUV_INVALID;
	return store_form_key_use(tx, &key, &actor->person, verb);
}

static enum ouv_err
do_once(struct verb_call *call, const struct verb *verb, const char *number,
	const char *form_key)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct colleague *colleagues;
	struct opened opened;
	struct casefile file;
	size_t count;
	enum ouv_err err;

	TRY(store_begin(call->desk->store, &tx));
	call->tx = tx;
	err = form_once(tx, call->actor, form_key, verb->name);
	if (err == OUV_CONFLICT) {
		call->result->repeated = true;
		return OUV_OK;
	}
	if (err != OUV_OK)
		return err;
	TRY(open_case(
		call->desk, tx, call->arena, call->actor, number, &opened));
	call->opened = &opened;
	call->file = &file;
	call->object = opened.c.id;
	err = keys_colleagues(call->desk, tx, call->arena, &colleagues, &count);
	call->colleagues = colleagues;
	call->colleague_count = count;
	if (err == OUV_OK)
		err = casefile_lock(call->desk, tx, call->arena, colleagues,
			count, &opened.c.id, &file);
	if (err == OUV_OK)
		err = run(call, verb);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	call->opened = NULL;
	call->file = NULL;
	return err != OUV_OK ? err : store_commit(&tx);
}

enum ouv_err
ouv_desk_do(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, const char *name,
	const char *form_key, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result_out)
{
	const struct verb *verb = verb_find(name);
	struct verb_call call = { .desk = desk,
		.arena = arena,
		.actor = actor,
		.fields = fields,
		.field_count = field_count,
		.now = ouv_clock_now(),
		.result = result_out };

	memset(result_out, 0, sizeof(*result_out));
	if (verb == NULL)
		return OUV_NOT_FOUND;
	return do_once(&call, verb, number, form_key);
}
