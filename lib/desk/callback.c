/*
 * callback.c - a message that was taken for a colleague: who called, and that
 * they are called back in time
 */
#include <string.h>

#include "entering.h"
#include "ouv/letter_in.h"
#include "ouv/paper.h"

#define NAME_MOST 200
#define PHONE_MOST 60
#define WORDS_MOST 4000
#define SUBJECT_MOST 80
#define CHAIN 4 /* a substitute may be away, too */
#define MESSAGE_HOURS 2

bool
ouv_call_may(const struct ouv_actor *actor)
{
	return ouv_paper_may(actor);
}

/* ---- whose it is -----------------------------------------------------------
 */

/* They, or while they are away whoever stands in. */
static enum ouv_err
find_whom(struct verb_call *call, struct ouv_id *person_out)
{
	const char *login = verb_field(call, "whom");
	const struct store_absence *away;
	struct store_person person;
	enum ouv_err err;

	err = store_person_by_login(call->tx, call->arena, login, &person);
	if (err == OUV_NOT_FOUND || (err == OUV_OK && !person.active)) {
		verb_error(call, "whom", *login == '\0' ? "empty" : "unknown");
		return OUV_OK;
	}
	if (err != OUV_OK)
		return err;
	*person_out = person.id;
	for (int i = 0; i < CHAIN; i++) {
		TRY(absence_of(
			call->desk, call->tx, person_out, call->now, &away));
		if (away == NULL || ouv_id_is_zero(&away->substitute))
			return OUV_OK;
		*person_out = away->substitute;
	}
	return OUV_OK;
}

/* By when, in hours in which the office serves. */
static enum ouv_err
due_at(struct verb_call *call, int64_t *due_out)
{
	const struct ouv_calendar *calendar;
	const struct ouv_terms *terms;
	struct ouv_due due = { 0 };
	struct ouv_term term;

	TRY(terms_live(call->desk, call->tx, NULL, &terms));
	TRY(calendar_live(call->desk, call->tx, terms->calendar, &calendar));
	term = terms->limits[OUV_LIMIT_MESSAGE];
	if (term.amount == 0)
		term = (struct ouv_term){ .amount = MESSAGE_HOURS,
			.unit = OUV_UNIT_SERVICE_HOURS };
	TRY(ouv_calendar_due(
		calendar, term.unit, term.amount, call->now, &due));
	*due_out = due.at;
	return OUV_OK;
}

enum ouv_err
callback_ask(struct verb_call *call, struct casefile *file,
	const struct ouv_id *whom, const struct ouv_id *item)
{
	struct store_task task = { .id = ouv_id_new(),
		.case_id = file->id,
		.item = *item,
		.words = *item,
		.person = *whom,
		.kind = "callback",
		.opened_at = call->now };

	TRY(due_at(call, &task.due_at));
	TRY(store_callback_add(call->tx, &task));
	return log_case(call->desk, call->tx, file, &call->actor->person,
		"task-open", &task.id);
}

/* ---- what was typed --------------------------------------------------------
 */

struct calling {
	struct entering e;
	struct ouv_id whom;
	const char *name, *phone, *words;
};

/* As it is kept: who, at which number, what. */
static const char *
message(const struct calling *c)
{
	return ouv_arena_printf(
		c->e.call->arena, "%s, %s\n\n%s", c->name, c->phone, c->words);
}

static enum ouv_err
read_call(struct calling *c)
{
	struct verb_call *call = c->e.call;

	TRY(find_whom(call, &c->whom));
	c->name = field_words(call, "name", NAME_MOST, true, true);
	c->phone = field_words(call, "phone", PHONE_MOST, true, true);
	if (*c->phone != '\0' && !entering_is_phone(c->phone))
		verb_error(call, "phone", "not-a-phone");
	c->words = field_words(call, "text", WORDS_MOST, false, true);
	return call->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

/* ---- a case of its own -----------------------------------------------------
 */

/* How it begins, on one line, whole words. */
static const char *
subject_of(struct ouv_arena *arena, const char *words)
{
	size_t len = strcspn(words, "\n");

	if (len > SUBJECT_MOST) {
		len = SUBJECT_MOST;
		while (len > SUBJECT_MOST / 2 && words[len] != ' ')
			len--;
		while (((unsigned char)words[len] & 0xc0) == 0x80)
			len--;
	}
	return ouv_arena_strndup(arena, words, len);
}

static enum ouv_err
put_row(struct entering *e, void *user)
{
	const struct calling *c = user;

	e->c.owner = c->whom;
	return store_entered(e->call->tx, &e->c, &e->key);
}

static enum ouv_err
begin_clocks(struct entering *e, void *user)
{
	struct verb_call *call = e->call;
	const struct calling *c = user;
	struct store_clock *list;
	size_t count;

	TRY(clock_new_cases(call->desk, call->tx, call->arena,
		OUV_ACTION_REGISTER, &e->file.id, 1, call->now));
	TRY(store_clocks(call->tx, call->arena, &e->file.id, &list, &count));
	TRY(store_case_due_set(
		call->tx, &e->file.id, clock_case_due(e->state, list, count)));
	return callback_ask(call, &e->file, &c->whom, &e->item.id);
}

static enum ouv_err
enter(struct verb_call *call, void *user)
{
	const enum ouv_lang lang = ouv_lang_parse(
		call->desk->office->config->office_language, OUV_LANG_PT_BR);
	struct calling c = { .e = { .call = call,
				     .channel = "phone",
				     .state = OUV_STATE_RECEIVED,
				     .postal = "",
				     .note = "",
				     .arrived_at = call->now } };

	(void)user;
	TRY(read_call(&c));
	c.e.also = c.whom;
	c.e.who.name = c.name;
	c.e.who.addr = "";
	c.e.who.lang = lang;
	c.e.who.lang_assumed = true;
	c.e.subject = subject_of(call->arena, c.words);
	c.e.text = message(&c);
	TRY(entering_case(&c.e, put_row, begin_clocks, &c));
	call->result->location = ouv_arena_printf(
		call->arena, "/cases/%s?done=message", c.e.c.protocol);
	return OUV_OK;
}

enum ouv_err
ouv_desk_call(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	struct verb_call call = change_call(
		desk, arena, actor, fields, field_count, result_out);

	if (!ouv_call_may(actor))
		return OUV_REFUSED;
	return change_once(&call, form_key, "take-message", enter, NULL);
}

/* ---- in a case that there is -----------------------------------------------
 */

/* Whoever is to call back must be able to open it. */
static enum ouv_err
may_open(struct verb_call *call, const struct ouv_id *whom)
{
	struct store_candidate *list;
	size_t count;

	TRY(store_candidates(
		call->tx, call->arena, &call->file->id, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&list[i].person, whom) && list[i].key &&
			!list[i].conflict)
			return OUV_OK;
	verb_error(call, "whom", "cannot-open");
	return OUV_INVALID;
}

static enum ouv_err
run(struct verb_call *call)
{
	struct calling c = { .e = { .call = call } };
	struct ouv_id note;

	TRY(read_call(&c));
	TRY(may_open(call, &c.whom));
	TRY(held_note(call, message(&c), &note));
	TRY(callback_ask(call, call->file, &c.whom, &note));
	call->object = note;
	call->result->location = ouv_arena_printf(call->arena,
		"/cases/%s?done=message", call->opened->c.protocol);
	return OUV_OK;
}

const struct verb verb_message = { "message", OUV_ACTION_NOTE, run, false,
	NULL };
