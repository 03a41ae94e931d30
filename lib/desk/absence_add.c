/*
 * absence_add.c - an absence is entered, or called off
 *
 * What is entered here goes out by itself later: contact, substitute and the
 * note's own words are looked at now, while somebody is there to mend them.
 */
#include <stdio.h>
#include <string.h>

#include "grant.h"
#include "ouv/clock.h"
#include "ouv/log.h"

#define TEXT_MOST 120
#define DAYS_MOST 366

struct adding {
	struct verb_call call; /* fields and errors alone */
	struct store_absence row;
	struct store_person who, substitute; /* active: found */
	bool office;
	int32_t today;
};

/* ---- fields -------------------------------------------------------------- */

static bool
read_day(struct adding *a, const char *field, int32_t *day_out)
{
	const char *text = verb_field(&a->call, field);

	if (*text == '\0') {
		verb_error(&a->call, field, "empty");
		return false;
	}
	if (!ouv_day_read(text, day_out)) {
		verb_error(&a->call, field, "not-a-date");
		return false;
	}
	return true;
}

static void
read_days(struct adding *a)
{
	bool first = read_day(a, "first", &a->row.first_day);
	bool last = read_day(a, "last", &a->row.last_day);

	if (first && a->row.first_day < a->today)
		verb_error(&a->call, "first", "past");
	else if (first && last && a->row.last_day < a->row.first_day)
		verb_error(&a->call, "last", "order");
	else if (first && last &&
		 a->row.last_day - a->row.first_day >= DAYS_MOST)
		verb_error(&a->call, "last", "too-long");
}

static void
read_reason(struct adding *a)
{
	const char *reason = verb_field(&a->call, "reason");

	for (int i = 0; i < OUV_ABSENCE__COUNT; i++)
		if (strcmp(reason, ouv_absence_reason_name(
					   (enum ouv_absence_reason)i)) == 0)
			a->row.reason = reason;
	if (a->row.reason == NULL)
		verb_error(&a->call, "reason",
			*reason == '\0' ? "empty" : "unknown");
}

/* Without the blanks around it. */
static const char *
field(struct verb_call *call, const char *name, size_t most)
{
	const char *text = held_text(call, name, most, true);
	size_t len = strlen(text);

	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		len--;
	return ouv_arena_strndup(call->arena, text, len);
}

static void
read_contact(struct adding *a)
{
	struct verb_call *call = &a->call;
	const char *name = field(call, "urgent_name", TEXT_MOST);
	const char *email = field(call, "urgent_email", 254);
	const char *phone = field(call, "urgent_phone", TEXT_MOST);

	a->row.urgent_name = name;
	a->row.urgent_email = email;
	a->row.urgent_phone = phone;
	if (*name == '\0')
		verb_error(call, "urgent_name", "empty");
	if (*email == '\0' && *phone == '\0')
		verb_error(call, "urgent_email", "no-contact");
	if (*email != '\0' && !ouv_mail_addr_ok(email))
		verb_error(call, "urgent_email", "not-an-address");
	if (*phone != '\0' && !ouv_text_fits(OUV_TEXT_PHONE, phone))
		verb_error(call, "urgent_phone", "not-a-phone");
}

/* ---- people -------------------------------------------------------------- */

static bool
may_for_others(const struct ouv_actor *actor)
{
	return actor->role == OUV_ROLE_OMBUDSMAN ||
	       actor->role == OUV_ROLE_ADMIN;
}

static enum ouv_err
find_person(struct adding *a, const char *field, const char *login,
	struct store_person *person)
{
	enum ouv_err err =
		store_person_by_login(a->call.tx, a->call.arena, login, person);

	if (err == OUV_NOT_FOUND || (err == OUV_OK && !person->active)) {
		person->active = false;
		verb_error(&a->call, field, "unknown");
		return OUV_OK;
	}
	return err;
}

static enum ouv_err
read_who(struct adding *a)
{
	const struct ouv_actor *actor = a->call.actor;
	const char *who = verb_field(&a->call, "who");

	a->office = strcmp(who, "office") == 0;
	if (*who == '\0')
		who = actor->login;
	if (strcmp(who, actor->login) != 0 && !may_for_others(actor))
		return OUV_REFUSED;
	if (a->office) {
		a->row.signed_as = a->call.desk->office->config->office_name;
		return OUV_OK;
	}
	TRY(find_person(a, "who", who, &a->who));
	a->row.person = a->who.id;
	a->row.signed_as = a->who.name;
	return OUV_OK;
}

/* Does one who has this role answer where one with that role does? */
static bool
can_stand_in(enum ouv_role role, enum ouv_role other, enum ouv_state state)
{
	const struct ouv_move *move;

	return ouv_workflow_find(state, OUV_ACTION_REPLY, other, &move) !=
		       OUV_OK ||
	       ouv_workflow_find(state, OUV_ACTION_REPLY, role, &move) ==
		       OUV_OK;
}

/* Of the states in which the one who goes may answer, one at least. */
static bool
shares_work(enum ouv_role role, enum ouv_role other)
{
	const struct ouv_move *move;
	bool works = false;

	for (int s = 0; s < OUV_STATE__COUNT; s++) {
		enum ouv_state state = (enum ouv_state)s;

		if (ouv_workflow_find(state, OUV_ACTION_REPLY, other, &move) !=
			OUV_OK)
			continue;
		works = true;
		if (can_stand_in(role, other, state))
			return true;
	}
	return !works;
}

/* The cases that are there now: may the substitute work on each of them? */
static enum ouv_err
check_cases(struct adding *a)
{
	struct store_absence_cases *cases;
	bool role = shares_work(a->substitute.role, a->who.role);
	size_t count;

	TRY(store_absence_cases(
		a->call.tx, a->call.arena, &a->who.id, &cases, &count));
	for (size_t i = 0; i < count; i++)
		role = role && can_stand_in(a->substitute.role, a->who.role,
				       cases[i].state);
	if (!role)
		verb_error(&a->call, "substitute", "wrong-role");
	return OUV_OK;
}

static enum ouv_err
read_substitute(struct adding *a)
{
	const char *login = verb_field(&a->call, "substitute");

	a->row.substitute_as = "";
	if (a->office)
		return OUV_OK;
	if (*login == '\0') {
		verb_error(&a->call, "substitute", "empty");
		return OUV_OK;
	}
	TRY(find_person(a, "substitute", login, &a->substitute));
	if (!a->substitute.active || !a->who.active)
		return OUV_OK;
	if (ouv_id_equal(&a->substitute.id, &a->who.id)) {
		verb_error(&a->call, "substitute", "not-yourself");
		return OUV_OK;
	}
	a->row.substitute = a->substitute.id;
	a->row.substitute_as = a->substitute.name;
	return check_cases(a);
}

/* ---- against what is there ----------------------------------------------- */

/* Nobody else adds one meanwhile. */
static enum ouv_err
check_others(struct adding *a)
{
	struct store_absence *others;
	bool overlaps = false, away = false;
	size_t count;

	TRY(store_absences(a->call.tx, a->call.arena, a->row.first_day,
		a->row.last_day, &others, &count));
	for (size_t i = 0; i < count; i++) {
		const struct ouv_id *person = &others[i].person;

		if (others[i].called_off_at != 0)
			continue;
		overlaps = overlaps || ouv_id_equal(person, &a->row.person);
		away = away ||
		       (!ouv_id_is_zero(person) &&
			       ouv_id_equal(person, &a->row.substitute));
	}
	if (overlaps)
		verb_error(&a->call, "first", "overlaps");
	if (away)
		verb_error(&a->call, "substitute", "away");
	return OUV_OK;
}

static enum ouv_err
set_times(struct adding *a)
{
	const struct ouv_calendar *calendar;
	enum ouv_err err;

	TRY(absence_calendar(a->call.desk, a->call.tx, &calendar));
	a->row.starts_at = ouv_calendar_instant(calendar, a->row.first_day, 0);
	a->row.ends_at = ouv_calendar_instant(calendar, a->row.last_day + 1, 0);
	err = absence_back(a->call.desk, a->call.tx, &a->row, &a->row.back_day);
	if (err == OUV_INVALID) {
		verb_error(&a->call, "last", "calendar-ends");
		return OUV_OK;
	}
	return err;
}

/* What stands for somebody's name is not asked in the whole note: names are
 * what they are.  So alone: is it a blank that nobody has filled in? */
static bool
is_blank(struct verb_call *call, const char *name)
{
	struct ouv_lint_text text = { .lang = OUV_LANG__COUNT,
		.kind = OUV_LINT_PIECE,
		.body = name,
		.blocks_only = true };
	struct ouv_finding *findings;
	size_t count;

	ouv_lint_run(call->arena, call->desk->office->lint, &text, &findings,
		&count);
	return count > 0;
}

/* The note in each language.  Would it go out? */
static enum ouv_err
write_note(struct adding *a, struct ouv_text_letter letters[OUV_LANG__COUNT],
	bool *blocked)
{
	struct verb_call *call = &a->call;
	const struct consumer nobody = { .name = "", .addr = "" };
	char protocol[OUV_PROTOCOL_MAX];

	ouv_protocol_format(2025, 1, protocol); /* any */
	for (int l = 0; l < OUV_LANG__COUNT; l++) {
		struct letter_out letter;
		struct letter_words words = { 0 };
		enum ouv_err err;

		TRY(note_letter(call->desk, call->tx, &a->row,
			a->row.substitute_as, protocol, &nobody, call->now,
			&letter));
		letter.lang = (enum ouv_lang)l;
		err = letter_words(call->desk, call->tx, call->arena, &nobody,
			&letter, &words);
		json_decref(letter.data);
		if (err != OUV_OK && err != OUV_INVALID)
			return err;
		*blocked = *blocked || err == OUV_INVALID || words.blocked;
		letters[l] = (struct ouv_text_letter){ words.subject,
			words.text, words.html, words.plain, words.marked };
	}
	return OUV_OK;
}

/* Everything that can be wrong; the row is ready when nothing is. */
static enum ouv_err
check(struct adding *a, struct ouv_text_letter letters[OUV_LANG__COUNT])
{
	struct verb_call *call = &a->call;
	const struct ouv_calendar *calendar;
	bool blocked;

	TRY(store_absence_lock(call->tx));
	TRY(absence_calendar(call->desk, call->tx, &calendar));
	a->today = ouv_calendar_day(calendar, call->now, NULL);
	TRY(read_who(a));
	read_reason(a);
	read_days(a);
	read_contact(a);
	TRY(read_substitute(a));
	if (call->result->error_count > 0)
		return OUV_INVALID;
	TRY(check_others(a));
	TRY(set_times(a));
	if (call->result->error_count > 0)
		return OUV_INVALID;
	blocked = is_blank(call, a->row.urgent_name);
	TRY(write_note(a, letters, &blocked));
	if (blocked)
		verb_error(call, "urgent_name", "blocked");
	return blocked ? OUV_INVALID : OUV_OK;
}

static enum ouv_err
add(struct verb_call *call, void *user)
{
	struct ouv_text_letter letters[OUV_LANG__COUNT];
	struct adding *a = user;

	TRY(check(a, letters));
	a->row.id = ouv_id_new();
	a->row.made_by = call->actor->person;
	TRY(store_absence_add(call->tx, &a->row));
	if (!a->office)
		TRY(grants_to_substitute(
			call, &a->row.person, &a->row.substitute));
	return log_own(call->desk, call->tx, &call->actor->person,
		"absence-add", &a->row.id);
}

/* A closing of the office moves terms.  It is entered whatever becomes of
 * that: the clockwork counts again every day. */
static void
count_again(struct ouv_desk *desk, bool office)
{
	int64_t changed;

	if (office && ouv_desk_recompute(desk, NULL, &changed) != OUV_OK)
		ouv_log_warn("the terms are not counted again yet");
}

/* ---- the doors ------------------------------------------------------- */

enum ouv_err
ouv_desk_absence_add(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	struct adding a = { .call = change_call(desk, arena, actor, fields,
				    field_count, result_out) };

	TRY(change_once(&a.call, form_key, "absence-add", add, &a));
	count_again(desk, a.office);
	return OUV_OK;
}

enum ouv_err
ouv_desk_absence_preview(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_field *fields,
	size_t field_count, struct ouv_text_letter letters_out[OUV_LANG__COUNT],
	struct ouv_verb_result *result_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct adding a = { .call = change_call(desk, arena, actor, fields,
				    field_count, result_out) };

	memset(result_out, 0, sizeof(*result_out));
	TRY(store_begin(desk->store, &tx));
	a.call.tx = tx;
	return check(&a, letters_out);
}

/* Whose absence it is, found by its id. */
static enum ouv_err
end(struct verb_call *call, void *user)
{
	struct store_absence *row = user;
	const struct ouv_id *person = &call->actor->person;

	TRY(store_absence(call->tx, call->arena, &call->object, row));
	if (!ouv_id_equal(&row->person, person) && !may_for_others(call->actor))
		return OUV_REFUSED;
	TRY(store_absence_end(call->tx, &call->object, person));
	return log_own(
		call->desk, call->tx, person, "absence-end", &call->object);
}

enum ouv_err
ouv_desk_absence_end(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_id *absence)
{
	struct ouv_verb_result result;
	struct verb_call call =
		change_call(desk, arena, actor, NULL, 0, &result);
	struct store_absence row;

	call.object = *absence;
	TRY(change_once(&call, form_key, "absence-end", end, &row));
	if (!result.repeated)
		count_again(desk, ouv_id_is_zero(&row.person));
	return OUV_OK;
}
