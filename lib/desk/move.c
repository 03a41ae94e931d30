/*
 * move.c - one run of a move: whose act it is, what stands against it, what
 * it does, what is written of it
 *
 * The same for a colleague, for a party that acts alone and for the clockwork;
 * looking without doing is the same run, undone.
 */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "frame.h"
#include "ouv/log.h"
#include "ouv/setup.h"

bool
by_program(const struct verb_call *call)
{
	return ouv_id_is_zero(&call->actor->person);
}

/* ---- whose act it is -------------------------------------------------------
 */

static bool
one_of(const char *value, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, value) == 0)
			return true;
	return false;
}

enum ouv_err
move_whose(struct verb_call *call, struct frame *frame)
{
	/* clang-format off */
	static const char *const sides[] = { "consumer", "company", NULL };
	static const char *const ways[] =
		{ "letter", "call", "fax", "chat", NULL };
	/* clang-format on */
	const char *behalf = verb_field(call, "behalf");
	const char *source = verb_field(call, "source");
	enum ouv_role role = call->actor->role;

	frame->role = role;
	frame->source = "console";
	frame->auth = true;
	if (*behalf == '\0')
		return OUV_OK;
	if (!one_of(behalf, sides))
		verb_error(call, "behalf", "unknown");
	if (!one_of(source, ways))
		verb_error(
			call, "source", *source == '\0' ? "empty" : "unknown");
	if (call->result->error_count > 0)
		return OUV_INVALID;
	if (role != OUV_ROLE_INTAKE && role != OUV_ROLE_MEDIATOR)
		return OUV_REFUSED;
	frame->source = source;
	return ouv_role_parse(behalf, &frame->role);
}

/* ---- was somebody faster? --------------------------------------------------
 */

static enum ouv_err
check_rev(struct verb_call *call, const struct verb *verb,
	const struct store_mediation *m)
{
	struct ouv_verb_result *result = call->result;
	const char *text = verb_field(call, "rev");
	int rev = (int)strtol(text, NULL, 10);

	/* What a second person must have seen is less than everything. */
	if (by_program(call) || *text == '\0' || rev == m->rev ||
		verb->action == OUV_ACTION_SECOND)
		return OUV_OK;
	TRY(store_changes(call->tx, call->arena, &m->case_id, rev,
		&result->changes, &result->change_count));
	result->rev = m->rev;
	return OUV_CONFLICT;
}

/* ---- before ----------------------------------------------------------------
 */

/* A second person is asked for when all else holds. */
#define EYES OUV_GUARD_BIT(OUV_GUARD_EYES)

static enum ouv_err
ask_guards(struct verb_call *call, struct frame *frame)
{
	struct moving *move = &frame->move;
	struct ouv_facts *f = &move->facts;
	bool second = !ouv_id_is_zero(&frame->second);

	TRY(facts_of(call, &move->m, f));
	f->auth = frame->auth;
	f->second = second;
	frame->failed = ouv_guards_failed(move->row, frame->role, f);
	if (frame->dry || frame->preview)
		frame->failed &= ~EYES;
	/* Whoever enters a party's act must be impartial as well. */
	if (!f->free && !by_program(call))
		frame->failed |= OUV_GUARD_BIT(OUV_GUARD_FREE);
	call->result->failed = frame->failed;
	return frame->failed != 0 && !frame->preview ? OUV_REFUSED : OUV_OK;
}

static enum ouv_err
load_party(struct verb_call *call, struct moving *move, int side,
	const char *name, struct readers *readers)
{
	TRY(readers_load(call, name, readers));
	move->party[side] = readers->count > 0 ? &readers->list[0] : NULL;
	return OUV_OK;
}

static enum ouv_err
begin(struct verb_call *call, struct frame *frame)
{
	struct moving *move = &frame->move;

	*move = (struct moving){ .role = frame->role,
		.source = frame->source,
		.second = frame->second,
		.party_id = frame->party,
		.item = frame->item,
		.dry = frame->dry || frame->preview,
		.data = { json_object(), json_object() } };
	call->move = move;
	TRY(store_mediation(call->tx, call->arena, &call->file->id, &move->m));
	TRY(check_rev(call, frame->verb, &move->m));
	TRY(ouv_workflow_find(
		move->m.state, frame->verb->action, frame->role, &move->row));
	move->to = ouv_move_to(move->row, move->m.state);
	move->text[CONSUMER] = move->row->text[CONSUMER];
	move->text[COMPANY] = move->row->text[COMPANY];
	move->name_consumer = move->m.identity != NULL &&
			      strcmp(move->m.identity, "open") == 0;
	TRY(calendar_live(call->desk, call->tx, move->m.calendar, &move->days));
	TRY(ask_guards(call, frame));
	TRY(fields_check(call, frame->verb->fields));
	TRY(load_party(call, move, CONSUMER, "consumer",
		&frame->letters[CONSUMER].readers));
	return load_party(call, move, COMPANY, "company",
		&frame->letters[COMPANY].readers);
}

/* ---- what it does ----------------------------------------------------------
 */

bool
move_has_clocks(
	const struct ouv_move *row, enum ouv_state from, enum ouv_state to)
{
	return (row->start | row->stop | row->pause | row->resume) != 0 ||
	       from != to || row->text[CONSUMER] != NULL;
}

static enum ouv_err
set_clocks(struct verb_call *call, struct frame *frame)
{
	struct moving *move = &frame->move;
	enum ouv_clock step = ouv_state_info(move->to)->clock;

	frame->due_at = -1;
	if (move->until == 0 &&
		!move_has_clocks(move->row, move->m.state, move->to))
		return store_clocks(call->tx, call->arena, &move->m.case_id,
			&frame->clocks, &frame->clock_count);
	TRY(clock_move(call->desk, call->tx, call->arena, &move->m, move->row,
		move->to, call->now, &frame->due_at));
	if (move->until != 0 && step != OUV_CLOCK__COUNT)
		TRY(clock_until(call->desk, call->tx, call->arena, &move->m,
			step, 0, move->until, call->now));
	TRY(move_on_paper(call, frame));
	TRY(store_clocks(call->tx, call->arena, &move->m.case_id,
		&frame->clocks, &frame->clock_count));
	frame->due_at =
		clock_case_due(move->to, frame->clocks, frame->clock_count);
	return OUV_OK;
}

static enum ouv_err
check_to(const struct frame *frame)
{
	const struct moving *move = &frame->move;

	if (move->to == OUV_STATE__COUNT ||
		(move->to != move->m.state &&
			(move->row->to & OUV_STATE_BIT(move->to)) == 0)) {
		ouv_log_error("verb %s leads where its row does not",
			frame->verb->name);
		return OUV_INVALID;
	}
	return OUV_OK;
}

static enum ouv_err
look(struct verb_call *call, struct frame *frame)
{
	enum ouv_err err = frame->verb->run(call);

	if (err == OUV_OK && call->result->error_count > 0)
		err = OUV_INVALID;
	if (err == OUV_OK)
		err = check_to(frame);
	if (err == OUV_OK && !frame->move.written)
		err = set_clocks(call, frame);
	if (err == OUV_OK && !frame->move.written)
		err = letters_write(call, frame);
	return err;
}

/* ---- what is written -------------------------------------------------------
 */

/* When, by what, and from which state: a review's end leaves how it ended. */
static void
note_end(struct store_mediation *m, const struct ending *ending, int64_t now)
{
	bool was = !ouv_state_is_open(m->state);
	bool is = !ouv_state_is_open(ending->to);

	if (is && !was) {
		m->closed_at = now;
		if (m->state == OUV_STATE_REVIEW)
			return;
		m->closed_by = ending->action;
		m->closed_from = ouv_state_name(m->state);
	} else if (was && !is && ending->to != OUV_STATE_REVIEW) {
		m->closed_at = 0;
		m->closed_by = m->closed_from = NULL;
	}
}

enum ouv_err
move_end(struct verb_call *call, struct store_mediation *m,
	const struct ending *ending)
{
	const struct store_move move = { .to = ending->to,
		.owner = ending->owner,
		.due_at = ending->due_at,
		.owes = ouv_owes_name(ouv_state_info(ending->to)->owes) };

	note_end(m, ending, call->now);
	TRY(store_mediation_set(call->tx, m, &move));
	m->state = call->file->state = call->opened->c.state = ending->to;
	return log_case_details(call->desk, call->tx, call->arena, call->file,
		&call->actor->person, ending->action, &call->object,
		ending->details);
}

json_t *
ouv_desk_guard_names(uint64_t guards)
{
	json_t *list = json_array();

	for (int g = 0; g < OUV_GUARD__COUNT; g++)
		if ((guards & OUV_GUARD_BIT(g)) != 0)
			(void)json_array_append_new(list,
				json_string(ouv_guard_name((enum ouv_guard)g)));
	return list;
}

static json_t *
clock_list(const struct frame *frame)
{
	json_t *list = json_array();

	for (size_t i = 0; i < frame->clock_count; i++) {
		const struct store_clock *c = &frame->clocks[i];

		if (c->state == STORE_CLOCK_STOPPED)
			continue;
		(void)json_array_append_new(
			list, json_pack("{s:s, s:i, s:s, s:I}", "kind",
				      ouv_clock_name(c->kind), "n", c->n,
				      "state", store_clock_state_name(c->state),
				      "due", (json_int_t)c->due_at));
	}
	return list;
}

static struct ouv_str
details_of(struct verb_call *call, const struct frame *frame)
{
	const struct moving *move = &frame->move;
	const char *reason = move->reason != NULL ? move->reason : call->reason;
	char hex[OUV_ID_HEX];
	json_t *doc = json_pack("{s:i, s:s, s:s, s:s, s:s, s:o, s:o}", "n",
		move->row->n, "from", ouv_state_name(move->m.state), "to",
		ouv_state_name(move->to), "role", ouv_role_name(frame->role),
		"source", frame->source, "guards",
		ouv_desk_guard_names(move->row->guards), "clocks",
		clock_list(frame));
	struct ouv_str text;
	char *dump;

	if (reason != NULL && *reason != '\0')
		(void)json_object_set_new(doc, "reason", json_string(reason));
	ouv_id_hex(&frame->second, hex);
	if (!ouv_id_is_zero(&frame->second))
		(void)json_object_set_new(doc, "second", json_string(hex));
	dump = json_dumps(doc, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(doc);
	text.len = strlen(dump);
	text.p = ouv_arena_strndup(call->arena, dump, text.len);
	free(dump);
	return text;
}

/* Whoever is away gets no case, even one they look at. */
static enum ouv_err
take(struct verb_call *call, const struct frame *frame, struct ouv_id *owner)
{
	const struct store_absence *away;

	if (!frame->verb->takes || by_program(call) ||
		frame->role != call->actor->role ||
		!ouv_id_is_zero(&call->opened->c.owner))
		return OUV_OK;
	TRY(absence_of(
		call->desk, call->tx, &call->actor->person, call->now, &away));
	if (away == NULL)
		*owner = call->actor->person;
	return OUV_OK;
}

static enum ouv_err
write_down(struct verb_call *call, struct frame *frame)
{
	struct moving *move = &frame->move;
	struct ending ending = { .to = move->to,
		.due_at = frame->due_at,
		.action = ouv_action_name(frame->verb->action) };

	if (move->written)
		return log_case(call->desk, call->tx, call->file,
			&call->actor->person, ending.action, &call->object);
	TRY(letters_send(call, frame));
	TRY(take(call, frame, &ending.owner));
	TRY(tasks_settle(call, frame));
	ending.details = details_of(call, frame);
	return move_end(call, &move->m, &ending);
}

/* What follows at once; where its guards refuse it this act stays alone. */
static enum ouv_err
follow(struct verb_call *call, const struct frame *before)
{
	struct ouv_verb_result result = { 0 };
	const struct verb *verb = verb_find(ouv_action_name(before->move.then));
	struct casefile kept = *call->file;
	struct verb_call then = *call;
	struct frame frame = { .verb = verb,
		.role = before->move.then_role,
		.source = before->source,
		.auth = true,
		.party = before->party,
		.item = before->item };
	enum ouv_err err;

	if (verb == NULL || verb->fields == NULL)
		return OUV_INVALID;
	then.fields = NULL;
	then.field_count = 0;
	then.result = &result;
	then.object = call->file->id;
	TRY(store_savepoint(call->tx));
	err = move_run(&then, &frame);
	move_free(&frame);
	if (err != OUV_REFUSED && err != OUV_INVALID)
		return err;
	*call->file = kept;
	call->opened->c.state = kept.state;
	return store_undo(call->tx);
}

enum ouv_err
move_run(struct verb_call *call, struct frame *frame)
{
	struct moving *outer = call->move;
	enum ouv_err err = begin(call, frame);

	if (err == OUV_OK)
		err = look(call, frame);
	if (err == OUV_OK && frame->failed != 0 && !frame->preview)
		err = OUV_REFUSED;
	if (err == OUV_OK && !frame->dry && !frame->preview)
		err = write_down(call, frame);
	if (err == OUV_OK && !frame->dry && !frame->preview &&
		frame->move.then != OUV_ACTION_HOLD)
		err = follow(call, frame);
	call->result->failed |= frame->failed;
	call->move = outer;
	return err;
}

/* ---- verbs without declared fields ------------------------------------------
 */

/* Whoever was told that it takes longer has a new date; the consumer was not
 * left in silence. */
static enum ouv_err
after_letter(struct verb_call *call, struct frame *frame)
{
	const struct ouv_state_info *info = ouv_state_info(frame->move.to);
	struct store_mediation *m = &frame->move.m;
	bool letter = frame->verb->action == OUV_ACTION_REPLY ||
		      frame->verb->action == OUV_ACTION_HOLDING;

	if (letter && strcmp(verb_field(call, "to"), "company") != 0 &&
		(info->clocks & OUV_CLOCK_BIT(OUV_CLOCK_SILENCE)) != 0)
		TRY(clock_begin(call->desk, call->tx, call->arena, m,
			OUV_CLOCK_SILENCE, 0, call->now));
	if (call->agreed_at == 0)
		return OUV_OK;
	frame->due_at = call->agreed_at;
	if (info->owes != OUV_OWES_OFFICE || info->clock == OUV_CLOCK__COUNT)
		return OUV_OK;
	return clock_until(call->desk, call->tx, call->arena, m, info->clock, 0,
		call->agreed_at, call->now);
}

enum ouv_err
move_plain(struct verb_call *call, struct frame *frame)
{
	struct moving *move = &frame->move;
	struct ending ending = { .action =
					 ouv_action_name(frame->verb->action) };

	TRY(store_mediation(call->tx, call->arena, &call->file->id, &move->m));
	TRY(check_rev(call, frame->verb, &move->m));
	TRY(ouv_workflow_find(
		move->m.state, frame->verb->action, frame->role, &move->row));
	TRY(hand_impartial(call->tx, &call->file->id, &call->actor->person));
	move->to = ouv_move_to(move->row, move->m.state);
	TRY(frame->verb->run(call));
	TRY(set_clocks(call, frame));
	TRY(after_letter(call, frame));
	TRY(take(call, frame, &ending.owner));
	TRY(tasks_settle(call, frame));
	ending.to = move->to;
	ending.due_at = frame->due_at;
	ending.details = details_of(call, frame);
	return move_end(call, &move->m, &ending);
}

void
move_free(struct frame *frame)
{
	for (int side = 0; side < SIDES; side++) {
		json_decref(frame->move.data[side]);
		frame->move.data[side] = NULL;
		draft_free(&frame->letters[side].draft);
	}
}
