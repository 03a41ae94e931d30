/*
 * store_mediation.h - rows of a case on its way: what it is about, clocks,
 * agreements, evidence, impartiality, companies
 *
 * Beside store.h and with its conventions.  Each section is one file of
 * lib/store and one sql_*.h.
 */
#ifndef OUV_STORE_MEDIATION_H
#define OUV_STORE_MEDIATION_H

#include "ouv/hearing.h"
#include "ouv/store.h"

/* ---- what a case is about (mediation.c, sql_mediation.h)
 * ----------------------
 */

/* The columns of case_file that a move may change; codes are the database's
 * labels, NULL where there is none. */
struct store_mediation {
	struct ouv_id case_id;
	enum ouv_state state;
	int rev;
	const char *kind, *severity, *difficulty, *service, *remedy;
	const char *contact_channel, *direction, *identity;
	bool urgent, legal_hold, told;
	int32_t first_instance;                           /* day; 0: none */
	struct ouv_id first_instance_item, company, unit; /* zero: none */
	const char *company_name; /* filled, never written; NULL */
	const char *profile, *calendar;
	int64_t opened_at, complete_at, closed_at;
	const char *closed_by, *closed_from, *ground;
	const char *merit, *resolution, *rating;
	/* of a request about data: which right, what came of it, why not */
	const char *right, *outcome, *denial;
};
OUV_MUST_CHECK enum ouv_err store_mediation(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_mediation *m_out);
/*
 * The case goes to that state (or stays), with what changed about it; what a
 * program may not change is left alone by it.  OUV_CONFLICT (told later): it is
 * not in m->state any more.
 */
struct store_move {
	enum ouv_state to;
	struct ouv_id owner; /* zero: as it is */
	int64_t due_at;      /* 0: none; -1: as it is */
	const char *owes;
};
OUV_MUST_CHECK enum ouv_err store_mediation_set(struct store_tx *tx,
	const struct store_mediation *m, const struct store_move *move);
/* The item with that number. OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_item_seq(struct store_tx *tx,
	const struct ouv_id *case_id, int seq, struct ouv_id *item_out);
/* What happened since that revision; server only. */
OUV_MUST_CHECK enum ouv_err store_changes(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id, int rev,
	struct ouv_change **list_out, size_t *count_out);
/* Of these what changes the case that somebody judges. */
OUV_MUST_CHECK enum ouv_err store_changes_judged(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id, int rev,
	struct ouv_change **list_out, size_t *count_out);
/* For a part of a transaction that may have to be undone: one at a time. */
OUV_MUST_CHECK enum ouv_err store_savepoint(struct store_tx *tx);
OUV_MUST_CHECK enum ouv_err store_undo(struct store_tx *tx);

/* ---- what guards must know (facts.c, sql_mediation.h)
 * ------------------------- */

/* As struct ouv_facts has them; of the file and of that person (zero: a
 * program). */
struct store_facts {
	bool article, lapsed, refusable, agreed, consumer_asked;
	bool review_open, reopen_open, retained, notified;
	bool free, qualified, author, involved;
	bool asked, extended, late_mail, quiet, confirmed;
	int reminders, team;
};
/* clock: the one whose end says when the step of its state is due. */
OUV_MUST_CHECK enum ouv_err store_facts(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *person,
	enum ouv_clock clock, int64_t now, int32_t today,
	struct store_facts *facts_out);

/* ---- acts that wait for a second person (pending.c, sql_pending.h)
 * ------------- */

struct store_pending {
	struct ouv_id id, case_id, item, author; /* item: its fields */
	const char *action;
	int rev; /* of the case, when it was written */
	/* read only */
	const char *author_name, *author_login, *author_lang;
	enum ouv_role author_role;
	int64_t at;
};
/* Those of a case that nobody has decided. */
OUV_MUST_CHECK enum ouv_err store_pendings(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_pending **list_out, size_t *count_out);
/* OUV_NOT_FOUND: no such act waits in this case. */
OUV_MUST_CHECK enum ouv_err store_pending(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *id, struct store_pending *pending_out);
OUV_MUST_CHECK enum ouv_err store_pending_add(
	struct store_tx *tx, const struct store_pending *pending);
/* The one of that action that waits is void; item_out: its fields, or zero. */
OUV_MUST_CHECK enum ouv_err store_pending_void(struct store_tx *tx,
	const struct ouv_id *case_id, const char *action,
	struct ouv_id *item_out);
/* decision: confirmed, returned, void; second and why may be zero.
 * OUV_CONFLICT (told later): it was decided. */
OUV_MUST_CHECK enum ouv_err store_pending_decide(struct store_tx *tx,
	const struct store_pending *pending, const char *decision,
	const struct ouv_id *second, const struct ouv_id *why);
/* One of the case that was prepared and not carried out. */
struct store_prepared {
	struct ouv_id id, item, why; /* why: zero where nobody gave one */
	const char *action, *author_name;
	const char *second_name, *decision; /* NULL: none yet */
	int64_t at, decided_at;
};
/* OUV_NOT_FOUND: no such act in this case, or it was carried out. */
OUV_MUST_CHECK enum ouv_err store_prepared(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *id, struct store_prepared *prepared_out);
/* What somebody confirmed for its author since then, the newest first. */
struct store_confirmed {
	struct ouv_id id, item; /* item: its fields */
	const char *second_name;
	int64_t at;
};
OUV_MUST_CHECK enum ouv_err store_confirmed(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const char *action, const struct ouv_id *author, int64_t since_at,
	struct store_confirmed **list_out, size_t *count_out);
/* This act is prepared anew: the tasks of those that came back are done. */
OUV_MUST_CHECK enum ouv_err store_prepared_again(struct store_tx *tx,
	const struct ouv_id *case_id, const char *action,
	const struct ouv_id *person);
/* That task about that item is done; nothing where there is none open. */
OUV_MUST_CHECK enum ouv_err store_task_end(struct store_tx *tx,
	const struct ouv_id *item, const char *kind,
	const struct ouv_id *person, const char *outcome);

/* ---- codebooks (code.c, sql_code.h)
 * ------------------------------------------- */

/* An entry as it counts on a day. */
struct store_code {
	const char *book, *code, *parent; /* parent "" : of the first level */
	int n, pos;                       /* version; place in its book */
	int32_t from_day, until_day;      /* until 0: no end */
	const char *label[OUV_LANG__COUNT];
	const char *more;     /* JSON: what a book needs besides */
	struct ouv_id author; /* zero: shipped */
};
/* Those in force on that day, in the order of the book; book NULL: of all. */
OUV_MUST_CHECK enum ouv_err store_codes(struct store_tx *tx,
	struct ouv_arena *arena, const char *book, int32_t day,
	struct store_code **list_out, size_t *count_out);
/* OUV_NOT_FOUND: there was none by that day.  What has ended since is found:
 * a case keeps the code it was given (until_day says so). */
OUV_MUST_CHECK enum ouv_err store_code(struct store_tx *tx,
	struct ouv_arena *arena, const char *book, const char *code,
	int32_t day, struct store_code *code_out);
/* The newest version of each entry, also one to come. */
OUV_MUST_CHECK enum ouv_err store_code_last(struct store_tx *tx,
	struct ouv_arena *arena, const char *book, struct store_code **list_out,
	size_t *count_out);
/* Differs from what it was as soon as a version was added. */
struct store_code_stamp {
	int64_t count, last_us;
};
OUV_MUST_CHECK enum ouv_err store_code_stamp(
	struct store_tx *tx, struct store_code_stamp *stamp_out);
OUV_MUST_CHECK enum ouv_err store_code_add(
	struct store_tx *tx, const struct store_code *code);

/* ---- companies (company.c, sql_company.h)
 * ------------------------------------- */

struct store_company {
	struct ouv_id id;
	const char *name, *sector; /* sector "" : none */
	enum ouv_lang lang;
	int32_t member_from, member_until; /* until 0: no end */
	bool full_text;
	const char *calendar; /* "" : the office's */
};
/* A contact centre, with its company. */
struct store_unit {
	struct ouv_id id, company;
	const char *name, *kind;
	bool owned;
	int32_t from_day, until_day;
	const char *company_name;
	enum ouv_lang lang; /* of the company */
	const char *postal; /* lines of its address; "" : not known */
};
struct store_contact {
	struct ouv_id id, unit, substitute; /* substitute zero: none */
	const char *name, *addr, *role;     /* answers, copy */
	bool active;
	int32_t away_from, away_until; /* 0: not away */
};
/* By name; name or id of one: OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_companies(struct store_tx *tx,
	struct ouv_arena *arena, struct store_company **list_out,
	size_t *count_out);
OUV_MUST_CHECK enum ouv_err store_company(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *id, const char *name,
	struct store_company *company_out);
/* By company and name; company zero: of all; day 0: also those that ended. */
OUV_MUST_CHECK enum ouv_err store_units(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *company, int32_t day,
	struct store_unit **list_out, size_t *count_out);
/* One that works on that day. OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_unit(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *id, int32_t day,
	struct store_unit *unit_out);
OUV_MUST_CHECK enum ouv_err store_contacts(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *unit,
	struct store_contact **list_out, size_t *count_out);
/* Those of the register whom a party of a case can be written to by. */
OUV_MUST_CHECK enum ouv_err store_capsule_contacts(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *party,
	struct ouv_id **contacts_out, size_t *count_out);
/* A new one, or all its columns anew, by id. */
OUV_MUST_CHECK enum ouv_err store_company_set(
	struct store_tx *tx, const struct store_company *company);
OUV_MUST_CHECK enum ouv_err store_unit_set(
	struct store_tx *tx, const struct store_unit *unit);
OUV_MUST_CHECK enum ouv_err store_contact_set(
	struct store_tx *tx, const struct store_contact *contact);

/* ---- what is alleged (allegation.c, sql_allegation.h)
 * -------------------------- */

struct store_allegation {
	const char *code, *article, *law; /* "" : none */
};
OUV_MUST_CHECK enum ouv_err store_allegations(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_allegation **list_out, size_t *count_out);
/* These and no others from now on, in this order. */
OUV_MUST_CHECK enum ouv_err store_allegations_set(struct store_tx *tx,
	const struct ouv_id *case_id, const struct store_allegation *list,
	size_t count);

/* ---- impartiality (impartial.c, sql_impartial.h)
 * --------------------------------
 */

/* Who cannot be impartial towards a company, or a consumer (blind token). */
struct store_conflict {
	struct ouv_id id, person, company, made_by;
	struct store_token consumer; /* read: now alone */
	const char *kind, *note;
	int32_t from_day, until_day; /* until_day 0: without end */
	/* read only */
	const char *name, *company_name, *made_by_name; /* NULL: none */
	int64_t made_at, ended_at;                      /* 0: in force */
};
OUV_MUST_CHECK enum ouv_err store_conflict_declare(
	struct store_tx *tx, const struct store_conflict *c);
/* OUV_CONFLICT (told later): it has ended. */
OUV_MUST_CHECK enum ouv_err store_conflict_end(
	struct store_tx *tx, const struct ouv_id *id);
/* person zero: everybody's. */
OUV_MUST_CHECK enum ouv_err store_conflicts(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	struct store_conflict **list_out, size_t *count_out);
/* By order.  The schema takes the key away with it.  OUV_CONFLICT (told
 * later): that person is recused already. */
OUV_MUST_CHECK enum ouv_err store_recuse(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *person,
	const struct ouv_id *ordered_by);

/* How many colleagues besides that person hold the case's key. */
OUV_MUST_CHECK enum ouv_err store_grant_others(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *person,
	int *count_out);
/* By a person, in a session; nothing when there is one.  why: team, drawn,
 * given, batch, split, substitute, few-holders, second, decide, review,
 * custody.  OUV_INVALID (told later): the schema refuses a person in conflict.
 */
OUV_MUST_CHECK enum ouv_err store_grant_add(
	struct store_tx *tx, const struct store_grant *grant, const char *why);

/* Somebody to whom a case could fall. */
struct store_pool {
	struct ouv_id person;
	const char *login, *name;
	enum ouv_role role;
	bool key, conflict, away, trained;
	int load; /* open cases they look after */
};
/* In the order of their ids; trained on that day of the office. */
OUV_MUST_CHECK enum ouv_err store_pool(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id, int32_t today,
	struct store_pool **list_out, size_t *count_out);
struct store_draw {
	int n;
	int64_t at;
	struct ouv_id by, chosen; /* by zero: by itself */
	uint8_t seed[32];
	const char *pool;                  /* JSON */
	const char *by_name, *chosen_name; /* read only; by_name NULL */
};
OUV_MUST_CHECK enum ouv_err store_draw_add(struct store_tx *tx,
	const struct ouv_id *case_id, const struct store_draw *draw);
OUV_MUST_CHECK enum ouv_err store_draws(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_draw **list_out, size_t *count_out);

struct store_member {
	struct ouv_id person;
	const char *login, *name;
};
OUV_MUST_CHECK enum ouv_err store_team_add(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *person);
/* OUV_CONFLICT (told later): not in it. */
OUV_MUST_CHECK enum ouv_err store_team_end(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *person);
OUV_MUST_CHECK enum ouv_err store_team(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_member **list_out, size_t *count_out);

struct store_training {
	struct ouv_id id, person, made_by;
	const char *login, *name;  /* read only */
	const char *subject;       /* code */
	int32_t on_day, until_day; /* until_day 0: it does not expire */
};
OUV_MUST_CHECK enum ouv_err store_training_add(
	struct store_tx *tx, const struct store_training *t);
OUV_MUST_CHECK enum ouv_err store_trainings(struct store_tx *tx,
	struct ouv_arena *arena, struct store_training **list_out,
	size_t *count_out);

/* Closed complaints: how many, and on each axis how often what. */
struct store_spread {
	const char *who;
	int64_t cases;
	int64_t merit[5]; /* founded partly unfounded not-established none */
	int64_t resolution[5]; /* kept broken refused silent none */
	int64_t rating[3];     /* resolved not-resolved not-rated */
};
/* by: company, mediator, all; of cases closed from..until. */
OUV_MUST_CHECK enum ouv_err store_spread(struct store_tx *tx,
	struct ouv_arena *arena, const char *by, int64_t from, int64_t until,
	struct store_spread **list_out, size_t *count_out);
/* Of one company.  OUV_NOT_FOUND: nothing closed then. */
OUV_MUST_CHECK enum ouv_err store_spread_of(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *company, int64_t from,
	int64_t until, struct store_spread *spread_out);

/* ---- clocks and alarms (clock.c, sql_clock.h)
 * --------------------------------- */

enum store_clock_state {
	STORE_CLOCK_RUNNING,
	STORE_CLOCK_PAUSED,
	STORE_CLOCK_STOPPED,
	STORE_CLOCK__COUNT
};
const char *store_clock_state_name(enum store_clock_state state);
struct store_clock {
	struct ouv_id case_id;
	enum ouv_clock kind;
	int n, round, amount, profile_n;
	enum store_clock_state state;
	const char *profile, *calendar, *law;
	const char *unit; /* as ouv_unit_name, or "date": a day agreed */
	int64_t started_at, since_at, used, due_at, stopped_at; /* 0: none */
};
/* Of a case, by kind and number. */
OUV_MUST_CHECK enum ouv_err store_clocks(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_clock **list_out, size_t *count_out);
/* New ones, or all their columns anew; no clock twice. */
OUV_MUST_CHECK enum ouv_err store_clocks_set(
	struct store_tx *tx, const struct store_clock *list, size_t count);
/* It runs or stands still no more. */
OUV_MUST_CHECK enum ouv_err store_clock_stop(struct store_tx *tx,
	const struct ouv_id *case_id, enum ouv_clock kind, int n, int64_t now);
/* The case's own date; 0: none. */
OUV_MUST_CHECK enum ouv_err store_case_due_set(
	struct store_tx *tx, const struct ouv_id *case_id, int64_t due_at);

struct store_alarm {
	struct ouv_id case_id;
	enum ouv_clock clock;
	int n, round;
	const char *kind; /* remind, remind-2, lapse, delivery */
	int64_t at;
};
/* New ones, or another time for what has not been done. */
OUV_MUST_CHECK enum ouv_err store_alarms_set(
	struct store_tx *tx, const struct store_alarm *list, size_t count);
/* The one that has been due longest, its case's row locked. OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_alarm_claim(struct store_tx *tx,
	struct ouv_arena *arena, int64_t now, struct store_alarm *alarm_out);
OUV_MUST_CHECK enum ouv_err store_alarm_done(struct store_tx *tx,
	const struct store_alarm *alarm, const char *outcome, int64_t now);
/* All of its clock that still wait: not before that moment. */
OUV_MUST_CHECK enum ouv_err store_alarms_later(
	struct store_tx *tx, const struct store_alarm *alarm, int64_t at);
/* ... not until they get a new time. */
OUV_MUST_CHECK enum ouv_err store_alarms_never(
	struct store_tx *tx, const struct store_alarm *alarm);
/* The reminders of a clock's round. */
struct store_told {
	int made, arrived, waiting;
	int64_t last_at; /* when the last one left; 0: none did */
};
OUV_MUST_CHECK enum ouv_err store_alarm_told(struct store_tx *tx,
	const struct store_alarm *alarm, struct store_told *told_out);
/* Letters of one kind since a moment, but for the one that lies in that item.
 */
struct store_sent {
	int count, waiting, paper; /* waiting: by mail; paper: on paper */
	int64_t first_at;          /* when the first one arrived; 0: none did */
};
OUV_MUST_CHECK enum ouv_err store_letters_of_kind(struct store_tx *tx,
	const struct ouv_id *case_id, const char *kind, int64_t since,
	const struct ouv_id *but, struct store_sent *sent_out);
/* The kind of the letter that lies in this item; "" : it is none. */
OUV_MUST_CHECK enum ouv_err store_outbox_kind(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *item, const char **kind_out);
/* True: no address of that side ("consumer", "company") would read it now. */
OUV_MUST_CHECK enum ouv_err store_side_lost(struct store_tx *tx,
	const struct ouv_id *case_id, const char *side, int64_t now,
	bool *lost_out);
/* What a party decided, the oldest of its case; the case's row is locked.
 * OUV_NOT_FOUND: none waits; OUV_CONFLICT: another worker was faster. */
struct store_act {
	struct ouv_id id, case_id, party, item; /* item zero: none */
	enum ouv_action action;
	const char *choice, *source;
	bool company; /* whose act it is */
};
OUV_MUST_CHECK enum ouv_err store_act_claim(struct store_tx *tx,
	struct ouv_arena *arena, struct store_act *act_out);
OUV_MUST_CHECK enum ouv_err store_act_done(struct store_tx *tx,
	const struct ouv_id *id, const char *outcome, int64_t now);
/* Open tasks of these kinds are not needed any more. */
OUV_MUST_CHECK enum ouv_err store_tasks_void(struct store_tx *tx,
	const struct ouv_id *case_id, const char *const *kinds, size_t count,
	int64_t now);
/* Wakes the clockwork at commit. */
OUV_MUST_CHECK enum ouv_err store_timer_notify(struct store_tx *tx);
/* The next case after that one that no clock was ever begun for, locked. */
struct store_unclocked {
	struct ouv_id case_id;
	enum ouv_state state;
	int64_t opened_at, moved_at;
};
OUV_MUST_CHECK enum ouv_err store_clocks_none(struct store_tx *tx,
	const struct ouv_id *after, struct store_unclocked *out);

/* Cases with a running clock of this calendar ("" : any), after that one. */
OUV_MUST_CHECK enum ouv_err store_clocks_cases(struct store_tx *tx,
	struct ouv_arena *arena, const char *calendar,
	const struct ouv_id *after, int limit, struct ouv_id **cases_out,
	size_t *count_out);
/* Locks these cases, then reads their running clocks of that calendar. */
OUV_MUST_CHECK enum ouv_err store_clocks_running(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *cases, size_t count,
	const char *calendar, struct store_clock **list_out, size_t *count_out);
/* The case's date goes along where it was the clock's. */
struct store_due_move {
	struct ouv_id case_id;
	int64_t was_at, is_at;
};
OUV_MUST_CHECK enum ouv_err store_clocks_due(
	struct store_tx *tx, const struct store_due_move *list, size_t count);
/* The heads of these cases' logs: as store_audit_head, seq and hash at the
 * place of their case. */
struct store_head {
	int64_t seq;
	uint8_t hash[32];
};
OUV_MUST_CHECK enum ouv_err store_clocks_heads(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *cases, size_t count,
	struct store_head **heads_out);

/* ---- deadline profiles, days of a file (terms.c, sql_terms.h)
 * -------------------------- */

/* Differs as soon as other terms or other days count. */
struct store_terms_stamp {
	int64_t profiles, accepted, decided;
};
OUV_MUST_CHECK enum ouv_err store_terms_stamp(
	struct store_tx *tx, struct store_terms_stamp *stamp_out);

/* The office's own version of a profile. */
struct store_terms {
	const char *name, *content;
	int n;
	const char *reason; /* NULL: not asked for */
	int64_t at;
};
/* The last version of each. */
OUV_MUST_CHECK enum ouv_err store_terms_newest(struct store_tx *tx,
	struct ouv_arena *arena, struct store_terms **list_out,
	size_t *count_out);
/* Every version, of one or (NULL) of all; newest first.  Owner only. */
OUV_MUST_CHECK enum ouv_err store_terms_versions(struct store_tx *tx,
	struct ouv_arena *arena, const char *name,
	struct store_terms **list_out, size_t *count_out);
/* Owner only. */
OUV_MUST_CHECK enum ouv_err store_terms_add(struct store_tx *tx,
	const char *name, const char *content, const char *reason, int *n_out);

/* A day that came with a file. */
struct store_calendar_day {
	struct ouv_id id;
	const char *calendar, *name, *source;
	int32_t day;
	const char *state, *decided_by; /* decided_by: a name; NULL */
	int64_t added_at, decided_at;
};
/* calendar, day, name and source of those that count. */
OUV_MUST_CHECK enum ouv_err store_days_accepted(struct store_tx *tx,
	struct ouv_arena *arena, struct store_calendar_day **list_out,
	size_t *count_out);
/* "" for calendar or state: all. */
OUV_MUST_CHECK enum ouv_err store_days(struct store_tx *tx,
	struct ouv_arena *arena, const char *calendar, const char *state,
	struct store_calendar_day **list_out, size_t *count_out);
/* id, day and name of each; by zero: the operator.  new_out: those that were
 * not known yet.  Owner only. */
OUV_MUST_CHECK enum ouv_err store_days_propose(struct store_tx *tx,
	const char *calendar, const char *source, const struct ouv_id *by,
	const struct store_calendar_day *days, size_t count, size_t *new_out);
/* again: also one that was decided otherwise.  OUV_CONFLICT: decided already,
 * or there is no such day. */
OUV_MUST_CHECK enum ouv_err store_day_decide(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *id, bool accept,
	const struct ouv_id *by, bool again, const char **calendar_out);

/* ---- options and choices (settlement.c, sql_settlement.h)
 * ----------------------------
 */

struct store_option {
	int round, n;
	struct ouv_id item;   /* what would be done */
	const char *promiser; /* company, consumer, office */
	int64_t due_at;
	bool consumer, company; /* read only: who chose it */
};
/* Of the last round. */
OUV_MUST_CHECK enum ouv_err store_options(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_option **list_out, size_t *count_out);
/* The number of the last round; 0: there was none. */
OUV_MUST_CHECK enum ouv_err store_option_round(
	struct store_tx *tx, const struct ouv_id *case_id, int *round_out);
OUV_MUST_CHECK enum ouv_err store_option_add(struct store_tx *tx,
	const struct ouv_id *case_id, const struct store_option *option);
struct store_choice {
	int round, n;              /* n 0: none of them */
	const char *side, *source; /* side: consumer, company */
	int64_t at;
};
/* In place of an earlier one. */
OUV_MUST_CHECK enum ouv_err store_choice_set(struct store_tx *tx,
	const struct ouv_id *case_id, const struct store_choice *choice);
/* In the last round; -1: has not chosen. */
OUV_MUST_CHECK enum ouv_err store_choices(struct store_tx *tx,
	const struct ouv_id *case_id, int *consumer_out, int *company_out);

/* ---- the ledger of promises (promise.c, sql_promise.h)
 * -------------------------------
 */

struct store_promise {
	struct ouv_id id, item, person; /* person: of the office; or zero */
	int n;
	const char *promiser; /* company, consumer, office */
	const char *source;   /* agreement, answer, decision, letter */
	int64_t made_at, due_at, asked_at, ended_at; /* 0: not yet */
	const char *says_company, *says_consumer;    /* done, late, not-done;
							NULL */
	const char *state; /* open, kept, late, broken, void */
};
/* Of a case, by number. */
OUV_MUST_CHECK enum ouv_err store_promises(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_promise **list_out, size_t *count_out);
/* An open one; sets ->n. */
OUV_MUST_CHECK enum ouv_err store_promise_new(struct store_tx *tx,
	const struct ouv_id *case_id, struct store_promise *promise);
/* The consumer was asked whether it was done; n 0: all open ones of the plan.
 */
OUV_MUST_CHECK enum ouv_err store_promise_asked(
	struct store_tx *tx, const struct ouv_id *case_id, int n, int64_t now);
/* OUV_CONFLICT (told later): it is not open. */
OUV_MUST_CHECK enum ouv_err store_promise_says(struct store_tx *tx,
	const struct ouv_id *case_id, int n, const char *side,
	const char *says);
OUV_MUST_CHECK enum ouv_err store_promise_end(struct store_tx *tx,
	const struct ouv_id *case_id, int n, const char *state, int64_t now);
/* All open ones of the plan: nothing is owed any more. */
OUV_MUST_CHECK enum ouv_err store_promises_void(
	struct store_tx *tx, const struct ouv_id *case_id, int64_t now);
/* Of a letter of ours, with its task; another task: nothing. */
OUV_MUST_CHECK enum ouv_err store_promise_end_task(struct store_tx *tx,
	const struct ouv_id *task, const char *state, int64_t now);
/* resolved, not-resolved: what a party told a colleague after the end. */
OUV_MUST_CHECK enum ouv_err store_rating_add(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *party,
	const char *choice, const char *source, int64_t now);

/* ---- what parties say and decide (party_act.c, sql_party.h)
 * ------------------- */

/* What one needs to know to understand a party. */
struct store_say {
	struct ouv_id case_id, party;
	int code_version;
	enum ouv_state state;
	bool company;
	const char *protocol; /* NULL: none yet */
	enum ouv_lang lang;   /* of the case */
	int64_t moved_at, due_at;
	int options;  /* settlement options of the last round */
	bool chosen;  /* ... and this side has chosen */
	bool asked;   /* the consumer was asked whether a promise was kept */
	bool hearing; /* this side was shown the file and has not answered */
	bool waiting; /* something this party decided is not yet carried out */
};
/* Of many parties at once, in their order; of one that is not there party is
 * zero. */
OUV_MUST_CHECK enum ouv_err store_says(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *parties, size_t count,
	struct store_say *says_out);
/* OUV_NOT_FOUND: no such party. */
OUV_MUST_CHECK enum ouv_err store_say(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *party,
	struct store_say *say_out);
/* By the row of their reply address, while it is their present one. */
OUV_MUST_CHECK enum ouv_err store_say_link(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *address,
	struct store_say *say_out);
/* By the capsule of somebody who answers for a company, while they do. */
OUV_MUST_CHECK enum ouv_err store_say_capsule(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *capsule,
	struct store_say *say_out, struct ouv_id *contact_out);
struct store_party_act {
	struct ouv_id id, case_id, party, item; /* item zero: none */
	const char *action, *choice, *source;
	int64_t at;
};
/* Written down; the clockwork is woken and carries it out. */
OUV_MUST_CHECK enum ouv_err store_party_act_add(
	struct store_tx *tx, const struct store_party_act *act);
/* Is there a letter with this key already? */
OUV_MUST_CHECK enum ouv_err store_letter_known(
	struct store_tx *tx, const char *dedupe_key, bool *known_out);
/* Is it the address (folded) of a contact of the case's unit, or of whoever
 * stands in for one? */
OUV_MUST_CHECK enum ouv_err store_contact_fits(struct store_tx *tx,
	const struct ouv_id *case_id, const char *addr, bool *fits_out);

/* ---- evidence, hearing, opinions, recommendations (evidence.c, hearing.c,
 * opinion.c, recommendation.c; sql_hearing.h)
 * ----------------------------------
 */

struct store_evidence {
	int n, item_seq, part;     /* part -1: the message */
	struct ouv_id item, title; /* items */
	const char *side;          /* who brought it */
	int64_t added_at, removed_at;
};
/* By number, those that were removed as well. */
OUV_MUST_CHECK enum ouv_err store_evidence(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_evidence **list_out, size_t *count_out);
OUV_MUST_CHECK enum ouv_err store_evidence_add(struct store_tx *tx,
	const struct ouv_id *case_id, const struct store_evidence *evidence,
	const struct ouv_id *by, int *n_out);
/* OUV_CONFLICT (told later): it is not in the index. */
OUV_MUST_CHECK enum ouv_err store_evidence_remove(
	struct store_tx *tx, const struct ouv_id *case_id, int n, int64_t now);

/* The last round, as the rule of hearing.h wants it. */
OUV_MUST_CHECK enum ouv_err store_hearing(struct store_tx *tx,
	const struct ouv_id *case_id, int64_t now,
	struct ouv_hearing *hearing_out);
struct store_hearing_row {
	int round, last_n, days;
	const char *side;
	int64_t sent_at, due_at, answered_at, lapsed_at;
};
OUV_MUST_CHECK enum ouv_err store_hearings(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_hearing_row **list_out, size_t *count_out);
OUV_MUST_CHECK enum ouv_err store_hearing_add(struct store_tx *tx,
	const struct ouv_id *case_id, const struct store_hearing_row *hearing);
/* Of that side's last round; nothing when it was noted before. */
OUV_MUST_CHECK enum ouv_err store_hearing_answered(struct store_tx *tx,
	const struct ouv_id *case_id, const char *side, int64_t now);
OUV_MUST_CHECK enum ouv_err store_hearing_lapsed(struct store_tx *tx,
	const struct ouv_id *case_id, const char *side, int64_t now);
OUV_MUST_CHECK enum ouv_err store_hearing_extended(struct store_tx *tx,
	const struct ouv_id *case_id, const char *side, int days,
	int64_t due_at);

struct store_opinion {
	int n;
	const char *kind, *merit;           /* provisional, final, review */
	struct ouv_id item, author, reader; /* reader zero: none */
	const char *author_name, *reader_name, *rests_on; /* "1 3" */
	int64_t at;
};
OUV_MUST_CHECK enum ouv_err store_opinions(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_opinion **list_out, size_t *count_out);
OUV_MUST_CHECK enum ouv_err store_opinion_add(struct store_tx *tx,
	const struct ouv_id *case_id, const struct store_opinion *opinion,
	const int64_t *evidence, size_t count);
OUV_MUST_CHECK enum ouv_err store_recommendation_add(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *company,
	const struct ouv_id *item, int64_t made_at, int64_t due_at);

/* ---- links, the end of a case (link.c, sql_link.h)
 * ---------------------------- */

struct store_link {
	struct ouv_id id, other;
	const char *kind;     /* merge, split, linked, follows */
	const char *protocol; /* of the other; NULL: no key to it */
	bool outward;         /* this case is the first one of the two */
	int64_t at;
};
OUV_MUST_CHECK enum ouv_err store_links(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *person, struct store_link **list_out,
	size_t *count_out);
/* by zero: a program. */
OUV_MUST_CHECK enum ouv_err store_link_add(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *other,
	const char *kind, const struct ouv_id *by);
/* OUV_CONFLICT (told later): it is none of this case, or undone. */
OUV_MUST_CHECK enum ouv_err store_link_undo(struct store_tx *tx,
	const struct ouv_id *link, const struct ouv_id *case_id,
	const struct ouv_id *by);
/* Do both know an address of the same consumer? */
OUV_MUST_CHECK enum ouv_err store_link_shared(struct store_tx *tx,
	const struct ouv_id *a, const struct ouv_id *b, bool *shared_out);
/* Replaces a case that was merged by the one in which it goes on. */
struct store_merged {
	struct ouv_id case_id, party;
	bool found; /* filled */
};
OUV_MUST_CHECK enum ouv_err store_link_merged(
	struct store_tx *tx, struct store_merged *list, size_t count);
/* The cases that go on in this one, at last, and were not erased. */
OUV_MUST_CHECK enum ouv_err store_link_duplicates(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct ouv_id **list_out, size_t *count_out);
/* A number for a part of that case. OUV_CONFLICT: it is not open. */
OUV_MUST_CHECK enum ouv_err store_split_number(struct store_tx *tx,
	const struct ouv_id *from, int year, int64_t *number_out);
/* id, protocol and summary of c count; the rest is taken from the other. */
OUV_MUST_CHECK enum ouv_err store_split(struct store_tx *tx,
	const struct ouv_id *from, const struct store_case *c,
	const struct store_case_key *key);
/* Nothing of it can be read any more.  OUV_REFUSED: neither closed nor a
 * duplicate of one that was erased, or held. */
OUV_MUST_CHECK enum ouv_err store_case_erase(
	struct store_tx *tx, const struct ouv_id *case_id);
/* Of a batch of mails: which of their cases are closed. */
struct store_case_end {
	struct ouv_id case_id;
	bool closed, open_again; /* filled; may be opened again */
	const char *protocol;    /* of a closed one */
};
OUV_MUST_CHECK enum ouv_err store_case_ends(struct store_tx *tx,
	struct ouv_arena *arena, struct store_case_end *list, size_t count,
	int64_t now);

#endif
