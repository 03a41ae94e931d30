/*
 * absence_calendar.c - who is away, and the calendar with the office's own
 * closings in it
 *
 * Each desk keeps the absences that still matter and reads them again when one
 * was added or called off: one cheap question a transaction.  Whether one is in
 * effect is a comparison of times and nothing else, so it begins and ends by
 * itself.
 */
#include <stdlib.h>
#include <string.h>

#include "move.h"
#include "terms.h"
#include "ouv/clock.h"
#include "ouv/log.h"

#define ANSWER_HOURS 24

struct absences {
	struct ouv_arena *arena;
	struct store_absence_stamp stamp;
	uint64_t tx; /* the transaction in which it was last asked */
	struct store_absence *list;
	size_t count;
};

/* ---- the calendar -------------------------------------------------------- */

/* Days on which a closing counts: those before it was called off. */
static int32_t
days_of(const struct ouv_calendar *calendar, const struct store_absence *a)
{
	int32_t last = a->last_day;

	if (a->called_off_at != 0) {
		int32_t off =
			ouv_calendar_day(calendar, a->called_off_at, NULL);

		if (off - 1 < last)
			last = off - 1;
	}
	return last < a->first_day ? 0 : last - a->first_day + 1;
}

size_t
absence_closings(const struct ouv_desk *desk, const struct ouv_calendar *file,
	struct ouv_closed *rules)
{
	const struct absences *all = desk->absences;
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++) {
		const struct store_absence *a = &all->list[i];
		int32_t n = ouv_id_is_zero(&a->person) ? days_of(file, a) : 0;

		for (int32_t d = 0; d < n; d++, count++)
			if (rules != NULL)
				rules[count] = (struct ouv_closed){
					.kind = OUV_CLOSED_ONCE,
					.day_number = a->first_day + d,
					.id = a->reason
				};
	}
	return count;
}

static enum ouv_err
load(struct ouv_desk *desk, struct store_tx *tx,
	const struct store_absence_stamp *stamp)
{
	struct absences *fresh = calloc(1, sizeof(*fresh));

	if (fresh == NULL)
		abort();
	fresh->arena = ouv_arena_new(OUV_ARENA_PLAIN);
	fresh->stamp = *stamp;
	absence_free(desk);
	desk->absences = fresh;
	TRY(store_absences_live(tx, fresh->arena, ouv_clock_now(), &fresh->list,
		&fresh->count));
	fresh->tx = store_tx_number(tx);
	return OUV_OK;
}

static enum ouv_err
need(struct ouv_desk *desk, struct store_tx *tx)
{
	struct store_absence_stamp stamp;
	struct absences *all = desk->absences;

	if (all != NULL && all->tx == store_tx_number(tx))
		return OUV_OK;
	TRY(office_calendar(desk->office));
	TRY(store_absence_stamp(tx, &stamp));
	if (all == NULL || all->tx == 0 || all->stamp.count != stamp.count ||
		all->stamp.called_off != stamp.called_off)
		return load(desk, tx, &stamp);
	all->tx = store_tx_number(tx);
	return OUV_OK;
}

void
absence_free(struct ouv_desk *desk)
{
	if (desk->absences == NULL)
		return;
	ouv_arena_free(&desk->absences->arena);
	free(desk->absences);
	desk->absences = NULL;
}

enum ouv_err
absence_stamp(struct ouv_desk *desk, struct store_tx *tx,
	struct store_absence_stamp *stamp_out)
{
	TRY(need(desk, tx));
	*stamp_out = desk->absences->stamp;
	return OUV_OK;
}

enum ouv_err
absence_calendar(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_calendar **calendar_out)
{
	return calendar_live(desk, tx, NULL, calendar_out);
}

enum ouv_err
office_day(struct ouv_desk *desk, struct store_tx *tx, int64_t now,
	int32_t *day_out)
{
	const struct ouv_calendar *calendar;

	TRY(absence_calendar(desk, tx, &calendar));
	*day_out = ouv_calendar_day(calendar, now, NULL);
	return OUV_OK;
}

enum ouv_err
letter_due(struct ouv_desk *desk, struct store_tx *tx, int64_t received_at,
	int64_t *due_at_out)
{
	const struct ouv_calendar *calendar;
	const struct ouv_terms *terms;
	const struct ouv_term *term;
	struct ouv_due due = { 0 };

	TRY(absence_calendar(desk, tx, &calendar));
	TRY(terms_live(desk, tx, NULL, &terms));
	term = &terms->clocks[OUV_CLOCK_RESPONSE].term;
	if (ouv_calendar_due(calendar, term->unit, term->amount, received_at,
		    &due) == OUV_OK) {
		*due_at_out = due.at;
		return OUV_OK;
	}
	/* No mail waits because nobody wrote the next years down. */
	ouv_log_error("calendar %s ends in %d: no holidays are known",
		calendar->name, calendar->last_year);
	*due_at_out = received_at + (int64_t)ANSWER_HOURS * 3600;
	return OUV_OK;
}

/* ---- who is away --------------------------------------------------------- */

bool
absence_holds(const struct store_absence *a, int64_t now)
{
	return a->starts_at <= now && now < a->ends_at &&
	       (a->called_off_at == 0 || now < a->called_off_at);
}

enum ouv_err
absence_of(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_id *person, int64_t now,
	const struct store_absence **absence_out)
{
	const struct absences *all;

	TRY(need(desk, tx));
	all = desk->absences;
	*absence_out = NULL;
	for (size_t i = 0; i < all->count; i++)
		if (absence_holds(&all->list[i], now) &&
			ouv_id_equal(&all->list[i].person, person))
			*absence_out = &all->list[i];
	return OUV_OK;
}

enum ouv_err
absence_any(
	struct ouv_desk *desk, struct store_tx *tx, int64_t now, bool *any_out)
{
	const struct absences *all;

	TRY(need(desk, tx));
	all = desk->absences;
	*any_out = false;
	for (size_t i = 0; i < all->count; i++)
		if (absence_holds(&all->list[i], now))
			*any_out = true;
	return OUV_OK;
}

#define CHAIN_MOST 8

enum ouv_err
absence_stand_in(struct ouv_desk *desk, struct store_tx *tx,
	const struct store_absence *absence, const struct ouv_id *case_id,
	int64_t now, const char **name_out)
{
	const struct store_absence *a = absence, *next = NULL;
	bool conflict;

	*name_out = "";
	for (int i = 0; i < CHAIN_MOST; i++) {
		if (ouv_id_is_zero(&a->substitute))
			return OUV_OK;
		TRY(absence_of(desk, tx, &a->substitute, now, &next));
		if (next == NULL)
			break;
		a = next;
	}
	if (next != NULL)
		return OUV_OK; /* in a circle */
	TRY(store_conflict_is(tx, case_id, &a->substitute, &conflict));
	if (!conflict)
		*name_out = a->substitute_as;
	return OUV_OK;
}

/* The day after the last one of an absence that day is in; 0: in none. */
static int32_t
skip(const struct absences *all, const struct ouv_id *person, int32_t day)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct store_absence *a = &all->list[i];

		if (ouv_id_equal(&a->person, person) && a->called_off_at == 0 &&
			day >= a->first_day && day <= a->last_day)
			return a->last_day + 1;
	}
	return 0;
}

enum ouv_err
absence_back(struct ouv_desk *desk, struct store_tx *tx,
	const struct store_absence *a, int32_t *day_out)
{
	const struct ouv_calendar *calendar;
	int32_t day = a->last_day + 1, last, next;

	TRY(absence_calendar(desk, tx, &calendar));
	last = ouv_day_of(calendar->last_year, 12, 31);
	while (day <= last) {
		next = ouv_id_is_zero(&a->person)
			       ? 0
			       : skip(desk->absences, &a->person, day);
		if (next == 0 && ouv_calendar_open(calendar, day, NULL)) {
			*day_out = day;
			return OUV_OK;
		}
		day = next != 0 ? next : day + 1;
	}
	return OUV_INVALID;
}

/* ---- days ---------------------------------------------------------------- */

static void
name_day(const struct ouv_desk *desk, const struct ouv_calendar_book *book,
	struct ouv_arena *arena, const char *why, struct ouv_office_day *day)
{
	const struct absences *all = desk->absences;
	const struct ouv_calendar *calendar = &book->calendar;

	for (size_t i = 0; i < calendar->closed_count; i++) {
		if (book->names[i].id != why || book->names[i].in[0] == NULL)
			continue;
		for (int l = 0; l < OUV_LANG__COUNT; l++)
			day->why[l] =
				ouv_arena_strdup(arena, book->names[i].in[l]);
		day->law = ouv_arena_strdup(arena, book->names[i].law);
		return;
	}
	for (size_t i = 0; i < all->count; i++) {
		const struct store_absence *a = &all->list[i];

		if (!ouv_id_is_zero(&a->person) || day->day < a->first_day ||
			day->day >= a->first_day + days_of(calendar, a))
			continue;
		day->closing = absence_view(arena, a);
		return;
	}
}

enum ouv_err
ouv_desk_days(struct ouv_desk *desk, struct ouv_arena *arena, int32_t from_day,
	int32_t until_day, struct ouv_office_day **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_calendar_book *book;
	const struct ouv_calendar *calendar;
	struct ouv_office_day *list;
	size_t count;

	TRY(store_begin(desk->store, &tx));
	TRY(calendar_book_live(desk, tx, NULL, &book));
	TRY(store_commit(&tx));
	calendar = &book->calendar;
	if (until_day < from_day ||
		from_day < ouv_day_of(calendar->first_year, 1, 1) ||
		until_day > ouv_day_of(calendar->last_year, 12, 31))
		return OUV_INVALID;
	count = (size_t)(until_day - from_day) + 1;
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct ouv_office_day *day = &list[i];
		const char *why;

		day->day = from_day + (int32_t)i;
		day->law = "";
		day->open = ouv_calendar_open(calendar, day->day, &why);
		day->hours = calendar->week[ouv_day_weekday(day->day)];
		if (!day->open)
			name_day(desk, book, arena, why, day);
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}
