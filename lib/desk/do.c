/*
 * do.c - the frame around every verb: the one door for changing a case
 *
 * Begin, open, lock, ask the workflow, run the verb, move the state guarded by
 * the one that was read, write the log, commit.  No verb can forget one of
 * these, for no verb does them.
 */
#include <string.h>

#include "frame.h"
#include "grant.h"
#include "ouv/history.h"
#include "ouv/worklist.h"

/* clang-format off */
static const struct verb *const verbs[] = {
	&verb_open,
	&verb_rate,
	&verb_withdraw,
	&verb_confirm,
	&verb_attest,
	&verb_no_agreement,
	&verb_choose,
	&verb_propose,
	&verb_reject,
	&verb_accept,
	&verb_decline,
	&verb_answer,
	&verb_second,
	&verb_reply,
	&verb_holding,
	&verb_substitute,
	&verb_attribute,
	&verb_register,
	&verb_retry,
	&verb_discard,
	&verb_restore,
	&verb_task_done,
	&verb_assign,
	&verb_conflict,
	&verb_draw,
	&verb_recuse,
	&verb_team,
	&verb_classify,
	&verb_ask,
	&verb_complement,
	&verb_lapse,
	&verb_refuse,
	&verb_forward,
	&verb_feed_back,
	&verb_serve,
	&verb_extend,
	&verb_note,
	&verb_draft_opinion,
	&verb_decide,
	&verb_ask_review,
	&verb_decide_review,
	&verb_reopen,
	&verb_erase,
	&verb_hear,
	&verb_comment,
	&verb_ask_extension,
	&verb_evidence,
	&verb_link,
	&verb_merge,
	&verb_unlink,
	&verb_split,
	&verb_legal_hold,
	&verb_disclose,
	&verb_withhold,
	&verb_redact,
	&verb_export,
	&verb_case_file,
	&verb_whole_file,
	&verb_take_file,
	&verb_answer_request,
	&verb_grant,
	&verb_revoke,
	&verb_append,
	&verb_message,
	&verb_print,
	&verb_post,
	&verb_delivered,
	&verb_returned,
	&verb_reach,
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

const struct verb *const *
verb_all(size_t *count_out)
{
	*count_out = sizeof(verbs) / sizeof(verbs[0]);
	return verbs;
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
	TRY(store_case_move(call->tx, &call->file->id, call->file->state,
		ouv_move_to(move, call->file->state), &nobody));
	return log_case(call->desk, call->tx, call->file, &call->actor->person,
		ouv_action_name(OUV_ACTION_EMPTY), &call->file->id);
}

/* Must somebody else confirm it?  When it is not even an act of this state the
 * frame says so. */
static bool
needs_second(const struct verb_call *call, const struct frame *frame)
{
	const struct ouv_move *row;

	return ouv_workflow_find(call->file->state, frame->verb->action,
		       frame->role, &row) == OUV_OK &&
	       (row->guards & OUV_GUARD_BIT(OUV_GUARD_EYES)) != 0;
}

/* It is done as a rehearsal, undone, and waits. */
static enum ouv_err
wait_for_second(struct verb_call *call, struct frame *frame)
{
	struct casefile kept = *call->file;

	frame->dry = true;
	TRY(store_savepoint(call->tx));
	TRY(move_run(call, frame));
	TRY(store_undo(call->tx));
	*call->file = kept;
	return pending_keep(call, frame->verb);
}

static enum ouv_err
run_move(struct verb_call *call, struct frame *frame)
{
	TRY(move_whose(call, frame));
	if (needs_second(call, frame))
		return wait_for_second(call, frame);
	return move_run(call, frame);
}

/* Is it an act for which a code is asked anew? */
static bool
wants_code(const struct verb_call *call, const struct verb *verb)
{
	const struct ouv_move *row;

	return !call->actor->stepped &&
	       ouv_workflow_find(call->file->state, verb->action,
		       call->actor->role, &row) == OUV_OK &&
	       row->step_up;
}

/* The case's row is locked by casefile_lock: what we read stays so. */
static enum ouv_err
run(struct verb_call *call, const struct verb *verb)
{
	struct frame frame = { .verb = verb,
		.role = call->actor->role,
		.source = "console",
		.auth = true };
	enum ouv_state before = call->file->state;
	enum ouv_err err;

	/* Automatic mail that belongs to no case is nobody's to act on. */
	if (call->opened->c.desk_month != 0)
		return OUV_REFUSED;
	if (wants_code(call, verb)) {
		call->result->step_up = true;
		return OUV_REFUSED;
	}
	if (verb->fields == NULL)
		err = move_plain(call, &frame);
	else
		err = run_move(call, &frame);
	move_free(&frame);
	if (err != OUV_OK)
		return err;
	return call->emptied ? close_empty(call) : grant_follow(call, before);
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

/* Did this act in a closed case write to somebody? */
static enum ouv_err
write_again(struct verb_call *call)
{
	bool back;

	TRY(address_back(call->desk, call->tx, call->arena, call->actor,
		call->opened, &back));
	return back ? log_case(call->desk, call->tx, call->file,
			      &call->actor->person, "address-back",
			      &call->file->id)
		    : OUV_OK;
}

/* In the call's transaction, whatever becomes of it. */
static enum ouv_err
do_here(struct verb_call *call, const struct verb *verb, const char *number)
{
	struct store_tx *tx = call->tx;
	struct colleague *colleagues;
	struct opened opened;
	struct casefile file;
	size_t count;
	enum ouv_err err;

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
		err = open_again(call->desk, tx, call->arena, call->actor,
			file.version, &opened);
	if (err == OUV_OK && opened.c.rekey_due)
		err = rekey_run(call);
	if (err == OUV_OK)
		err = run(call, verb);
	if (err == OUV_OK)
		err = write_again(call);
	if (err == OUV_OK)
		err = rekey_if_due(call);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	call->opened = NULL;
	call->file = NULL;
	return err;
}

static enum ouv_err
do_once(struct verb_call *call, const struct verb *verb, const char *number,
	const char *form_key)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	enum ouv_err err;

	TRY(store_begin(call->desk->store, &tx));
	call->tx = tx;
	err = form_once(tx, call->actor, form_key, verb->name);
	if (err == OUV_CONFLICT) {
		call->result->repeated = true;
		return OUV_OK;
	}
	if (err == OUV_OK)
		err = do_here(call, verb, number);
	if (err != OUV_OK)
		return err;
	err = store_commit(&tx);
	return err == OUV_OK && call->annulled ? OUV_CONFLICT : err;
}

/* What one may not do is written down; a guard that fails is no attempt at it.
 */
static enum ouv_err
noted(const struct verb_call *call, const char *number, enum ouv_err err)
{
	if (err == OUV_REFUSED && !call->result->step_up &&
		call->result->failed == 0)
		ouv_desk_denied(call->desk, call->actor, number);
	return err;
}

/* The transaction is rolled back, and the log's number with it. */
static enum ouv_err
rehearse(struct verb_call *call, const struct verb *verb, const char *number)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(call->desk->store, &tx));
	call->tx = tx;
	TRY(do_here(call, verb, number));
	return call->annulled ? OUV_CONFLICT : OUV_OK;
}

enum ouv_err
ouv_desk_rehearse(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, const char *name,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	const struct verb *verb = verb_find(name);
	struct verb_call call = change_call(
		desk, arena, actor, fields, field_count, result_out);

	memset(result_out, 0, sizeof(*result_out));
	if (verb == NULL)
		return OUV_NOT_FOUND;
	return noted(&call, number, rehearse(&call, verb, number));
}

enum ouv_err
ouv_desk_do(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, const char *name,
	const char *form_key, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result_out)
{
	const struct verb *verb = verb_find(name);
	struct verb_call call = change_call(
		desk, arena, actor, fields, field_count, result_out);

	memset(result_out, 0, sizeof(*result_out));
	if (verb == NULL)
		return OUV_NOT_FOUND;
	return noted(&call, number, do_once(&call, verb, number, form_key));
}
