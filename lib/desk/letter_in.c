/*
 * letter_in.c - what came by letter, telephone, fax, chat or in person is
 * registered: as a new case, or into one that there is
 */
#include <string.h>

#include "entering.h"
#include "ouv/letter_in.h"
#include "party_say.h"

#define NOTE_MOST 4000

const char *const ouv_letter_channels[] = { "letter", "phone", "fax", "chat",
	"in-person", "web", "other", NULL };

bool
ouv_letter_may(const struct ouv_actor *actor)
{
	const struct ouv_move *row;

	return ouv_workflow_find(OUV_STATE_HELD, OUV_ACTION_REGISTER,
		       actor->role, &row) == OUV_OK;
}

/* ---- what was typed --------------------------------------------------------
 */

/* Its words, or its scans; a letter of which there is neither is none. */
static enum ouv_err
read_words(struct entering *e)
{
	struct verb_call *call = e->call;

	e->subject = field_words(call, "subject", ENTER_LINE, true, true);
	e->text = field_words(call, "text", ENTER_TEXT, false, false);
	e->note = field_words(call, "note", NOTE_MOST, false, false);
	TRY(upload_chosen(call, &e->files));
	if (*e->text == '\0' && e->files.count == 0)
		verb_error(call, "text", "nothing-brought");
	return OUV_OK;
}

static enum ouv_err
end_of(const struct verb_call *call)
{
	return call->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

/* ---- a new case ------------------------------------------------------------
 */

/* In the order in which the form shows them. */
static enum ouv_err
read_new(struct entering *e)
{
	struct verb_call *call = e->call;

	e->channel = entering_word(call, "channel", ouv_letter_channels);
	TRY(entering_arrived(e, true));
	entering_who(e);
	TRY(read_words(e));
	return end_of(call);
}

static enum ouv_err
put_row(struct entering *e, void *user)
{
	(void)user;
	return store_entered(e->call->tx, &e->c, &e->key);
}

/* All terms begin with its arrival: who wrote a letter has not waited less. */
static enum ouv_err
begin_clocks(struct entering *e, void *user)
{
	struct verb_call *call = e->call;
	struct store_clock *list;
	size_t count;

	(void)user;
	TRY(clock_new_cases(call->desk, call->tx, call->arena,
		OUV_ACTION_REGISTER, &e->file.id, 1, e->arrived_at));
	TRY(store_clocks(call->tx, call->arena, &e->file.id, &list, &count));
	return store_case_due_set(
		call->tx, &e->file.id, clock_case_due(e->state, list, count));
}

static enum ouv_err
enter(struct verb_call *call, void *user)
{
	struct entering e = {
		.call = call, .state = OUV_STATE_RECEIVED, .phone_will_do = true
	};
	enum ouv_err err;

	(void)user;
	err = read_new(&e);
	if (err == OUV_OK)
		err = entering_case(&e, put_row, begin_clocks, NULL);
	upload_wipe(&e.files);
	if (err == OUV_OK)
		call->result->location = ouv_arena_printf(
			call->arena, "/cases/%s?done=letter-in", e.c.protocol);
	return err;
}

enum ouv_err
ouv_desk_letter(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	struct verb_call call = change_call(
		desk, arena, actor, fields, field_count, result_out);

	if (!ouv_letter_may(actor))
		return OUV_REFUSED;
	return change_once(&call, form_key, "register-letter", enter, NULL);
}

/* ---- into a case that there is ---------------------------------------------
 */

struct appending {
	struct entering e;
	const char *side; /* consumer, company, third */
	enum ouv_lane lane;
	struct ouv_id party;
};

/* clang-format off */
static const char *const sides[] = { "consumer", "company", "third", NULL };
static const enum ouv_lane lanes[] = { OUV_LANE_CONSUMER, OUV_LANE_COMPANY,
	OUV_LANE_INTERNAL };
/* clang-format on */

/* Whose it is; without a name it bears the one of the party. */
static enum ouv_err
find_party(struct appending *a)
{
	struct verb_call *call = a->e.call;
	struct consumer known;
	enum ouv_err err;

	for (size_t i = 0; sides[i] != NULL; i++)
		if (sides[i] == a->side)
			a->lane = lanes[i];
	if (*a->side == '\0' || a->lane == OUV_LANE_INTERNAL) {
		if (*a->side != '\0' && *a->e.who.name == '\0')
			verb_error(call, "name", "empty");
		return OUV_OK;
	}
	err = party_find(call->desk, call->tx, call->arena, call->opened,
		a->side, &known);
	if (err == OUV_NOT_FOUND) {
		verb_error(call, "as", "no-such-party");
		return OUV_OK;
	}
	if (err != OUV_OK)
		return err;
	a->party = known.party;
	a->e.who.lang = known.lang;
	if (*a->e.who.name == '\0')
		a->e.who.name = known.name;
	return OUV_OK;
}

static enum ouv_err
read_append(struct appending *a)
{
	struct entering *e = &a->e;
	struct verb_call *call = e->call;

	e->channel = entering_word(call, "channel", ouv_letter_channels);
	TRY(entering_arrived(e, true));
	a->side = entering_word(call, "as", sides);
	e->who.name = field_words(call, "name", ENTER_LINE, true, false);
	e->who.addr = field_words(call, "addr", ENTER_ADDR, true, false);
	e->who.lang = call->file->lang;
	if (*e->who.addr != '\0' && !ouv_mail_addr_ok(e->who.addr))
		verb_error(call, "addr", "not-an-address");
	TRY(find_party(a));
	TRY(read_words(e));
	return end_of(call);
}

/* As of a mail of theirs: somebody reads what it decides; what the company owes
 * waits until then; a case that is over is kept from now on. */
static enum ouv_err
open_tasks(struct appending *a)
{
	struct verb_call *call = a->e.call;
	const bool company = a->lane == OUV_LANE_COMPANY;
	const enum ouv_state state = call->file->state;

	if (state == OUV_STATE_CLOSED) {
		TRY(retain_anew(call->desk, call->tx, call->arena, call->file,
			&a->e.item.id, call->now));
		return task_ask(call, "reopen", &a->e.item.id, 0);
	}
	if (a->lane == OUV_LANE_INTERNAL || !party_say_listens(state, company))
		return OUV_OK;
	if (company && state == OUV_STATE_COMPANY)
		TRY(clock_pause(call->desk, call->tx, call->arena,
			&call->file->id, OUV_CLOCK_COMPANY, call->now));
	return task_ask(call, company ? "read-answer" : "read-decision",
		&a->e.item.id, 0);
}

static enum ouv_err
add_message(struct appending *a, const uint8_t dek[OUV_KEY])
{
	struct entering *e = &a->e;
	struct verb_call *call = e->call;
	struct ouv_id note;
	struct ouv_str doc;

	e->item = (struct store_item){ .id = ouv_id_new(),
		.kind = OUV_ITEM_MAIL_IN,
		.lane = a->lane,
		.party = a->party,
		.at = e->arrived_at };
	TRY(entering_message(e, dek, &doc));
	TRY(casefile_item(call->desk, call->tx, call->arena, call->file,
		&e->item, dek, &doc));
	TRY(upload_taken(call, &e->files));
	TRY(store_case_touch(call->tx, &call->file->id, 1, call->now));
	if (*e->note != '\0')
		TRY(held_note(call, e->note, &note));
	return open_tasks(a);
}

/* On the case's page, open, with what its writer may do by it beside it. */
static const char *
where_to(const struct appending *a)
{
	struct verb_call *call = a->e.call;
	const char *number = call->opened->c.protocol;

	return ouv_arena_printf(call->arena,
		"/cases/%s?done=append&open=%d&entered=%s&channel=%s", number,
		a->e.item.seq, a->side, a->e.channel);
}

static enum ouv_err
append(struct verb_call *call)
{
	struct appending a = { .e = { .call = call,
				       .state = call->file->state } };
	uint8_t dek[OUV_KEY];
	enum ouv_err err = read_append(&a);

	a.e.postal = "";
	ouv_random(dek, sizeof(dek));
	if (err == OUV_OK)
		err = add_message(&a, dek);
	ouv_wipe(dek, sizeof(dek));
	upload_wipe(&a.e.files);
	if (err != OUV_OK)
		return err;
	call->object = a.e.item.id;
	call->result->location = where_to(&a);
	return OUV_OK;
}

const struct verb verb_append = { "append", OUV_ACTION_APPEND, append, false,
	NULL };
