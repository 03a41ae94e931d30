/*
 * deadline.c - a due date with its reasons, as an operator asks for it
 */
#include <stdio.h>
#include <string.h>

#include "move.h"
#include "ouv/deadline.h"
#include "terms.h"

#define WHAT 200
#define REASON_MOST 500

/* ---- one due date ----------------------------------------------------------
 */

static struct ouv_deadline_why
why_of(struct ouv_arena *arena, const struct ouv_calendar_book *book,
	const struct ouv_step *step)
{
	struct ouv_deadline_why why = { .code = step->why, .law = "" };

	for (size_t i = 0; i < book->calendar.closed_count; i++) {
		if (step->why == NULL || book->names[i].id != step->why)
			continue;
		for (int l = 0; l < OUV_LANG__COUNT; l++)
			if (book->names[i].in[l] != NULL)
				why.in[l] = ouv_arena_strdup(
					arena, book->names[i].in[l]);
		why.law = ouv_arena_strdup(arena, book->names[i].law);
		break;
	}
	if (why.code != NULL)
		why.code = ouv_arena_strdup(arena, why.code);
	return why;
}

static enum ouv_err
calendar_ends(const struct ouv_calendar *calendar, char what_out[200])
{
	(void)snprintf(what_out, WHAT,
		"calendar %s: it knows the years %d to %d, and this term is "
		"not within them",
		calendar->name, calendar->first_year, calendar->last_year);
	return OUV_INVALID;
}

/* terms is known; the rest follows from it. */
static enum ouv_err
work_out(struct ouv_arena *arena, const struct ouv_deadline_ask *ask,
	const struct ouv_calendar_book *book, struct ouv_deadline *d,
	char what_out[200])
{
	const struct ouv_term *term = d->term;
	struct ouv_deadline_why *why;

	memset(&d->due, 0, sizeof(d->due));
	if (ouv_calendar_due(&book->calendar, term->unit, term->amount,
		    ask->from, &d->due) != OUV_OK)
		return calendar_ends(&book->calendar, what_out);
	d->due.step_room = d->due.step_count;
	d->due.steps =
		ouv_arena_array(arena, d->due.step_room, sizeof(*d->due.steps));
	TRY(ouv_calendar_due(
		&book->calendar, term->unit, term->amount, ask->from, &d->due));
	why = ouv_arena_array(arena, d->due.step_count, sizeof(*why));
	for (size_t i = 0; i < d->due.step_count; i++)
		why[i] = why_of(arena, book, &d->due.steps[i]);
	d->why = why;
	d->calendar = &book->calendar;
	return OUV_OK;
}

static enum ouv_err
find_term(const struct ouv_deadline_ask *ask, struct ouv_deadline *d,
	char what_out[200])
{
	enum ouv_clock clock;
	enum ouv_end end;

	d->term = ouv_terms_find(&d->terms, ask->clock);
	if (d->term != NULL && ask->outcome != NULL) {
		if (ouv_clock_parse(ask->clock, &clock) != OUV_OK ||
			clock != OUV_CLOCK_RETENTION ||
			ouv_end_parse(ask->outcome, &end) != OUV_OK) {
			(void)snprintf(what_out, WHAT,
				"%.60s: no file is kept by that outcome",
				ask->outcome);
			return OUV_INVALID;
		}
		d->term = ouv_terms_kept(&d->terms, end);
	}
	if (d->term != NULL)
		return OUV_OK;
	(void)snprintf(
		what_out, WHAT, "%.60s: there is no such clock", ask->clock);
	return OUV_INVALID;
}

static const char *
which_calendar(const struct ouv_deadline_ask *ask, const struct ouv_deadline *d,
	const struct ouv_config *config)
{
	if (ask->calendar != NULL)
		return ask->calendar;
	return *d->terms.calendar != '\0' ? d->terms.calendar
					  : config->office_calendar;
}

/* ---- from the files --------------------------------------------------------
 */

static enum ouv_err
file_book(const struct ouv_config *config, struct ouv_arena *arena,
	const char *name, struct ouv_calendar_book **book_out,
	char what_out[200])
{
	struct ouv_calendar_book *book = ouv_arena_alloc(arena, sizeof(*book));
	struct ouv_calendar_error error;
	enum ouv_err err = ouv_calendar_read(
		arena, config->paths_calendars, name, book, &error);

	if (err != OUV_OK)
		(void)snprintf(what_out, WHAT, "calendar %.60s: %.120s", name,
			error.what);
	*book_out = book;
	return err;
}

static enum ouv_err
file_terms(const struct ouv_config *config, struct ouv_arena *arena,
	const char *name, struct ouv_terms *terms_out, char what_out[200])
{
	struct ouv_calendar_book *office;

	TRY(ouv_terms_read_file(
		arena, config->paths_deadlines, name, terms_out, what_out));
	TRY(file_book(
		config, arena, config->office_calendar, &office, what_out));
	terms_at_office(office, terms_out);
	return OUV_OK;
}

enum ouv_err
ouv_file_deadline(const struct ouv_config *config, struct ouv_arena *arena,
	const struct ouv_deadline_ask *ask, struct ouv_deadline *out,
	char what_out[200])
{
	struct ouv_calendar_book *book;

	TRY(file_terms(config, arena,
		ask->profile != NULL ? ask->profile : config->office_deadlines,
		&out->terms, what_out));
	TRY(find_term(ask, out, what_out));
	TRY(file_book(config, arena, which_calendar(ask, out, config), &book,
		what_out));
	return work_out(arena, ask, book, out, what_out);
}

/* ---- at the office ---------------------------------------------------------
 */

static enum ouv_err
live_book(struct ouv_desk *desk, struct store_tx *tx, const char *name,
	const struct ouv_calendar_book **book_out, char what_out[200])
{
	enum ouv_err err = calendar_book_live(desk, tx, name, book_out);

	if (err == OUV_NOT_FOUND || err == OUV_INVALID)
		(void)snprintf(what_out, WHAT,
			"calendar %.60s: it cannot be read", name);
	return err;
}

enum ouv_err
ouv_desk_deadline(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_deadline_ask *ask, struct ouv_deadline *out,
	char what_out[200])
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_config *config = desk->office->config;
	const struct ouv_calendar_book *book;

	what_out[0] = '\0';
	TRY(store_begin(desk->store, &tx));
	TRY(terms_resolve(desk, tx, arena,
		ask->profile != NULL ? ask->profile : config->office_deadlines,
		NULL, &out->terms, what_out));
	TRY(find_term(ask, out, what_out));
	TRY(live_book(
		desk, tx, which_calendar(ask, out, config), &book, what_out));
	TRY(work_out(arena, ask, book, out, what_out));
	return store_commit(&tx);
}

/* ---- profiles --------------------------------------------------------------
 */

/* Both lists are sorted by name; one of the office's own may be new. */
static void
merge(struct ouv_arena *arena, const char *const *names, size_t name_count,
	const struct store_terms *own, size_t own_count,
	struct ouv_terms_line *list, size_t *count_out)
{
	size_t i = 0, k = 0, n = 0;

	while (i < name_count || k < own_count) {
		int order = i == name_count  ? 1
			    : k == own_count ? -1
					     : strcmp(names[i], own[k].name);
		struct ouv_terms_line *line = &list[n++];

		line->name = ouv_arena_strdup(
			arena, order <= 0 ? names[i] : own[k].name);
		i += order <= 0;
		if (order < 0)
			continue;
		line->n = own[k].n;
		line->at = own[k].at;
		line->reason = ouv_arena_strdup(arena, own[k].reason);
		/* older versions follow */
		for (k++;
			k < own_count && strcmp(own[k].name, line->name) == 0;)
			k++;
	}
	*count_out = n;
}

enum ouv_err
ouv_desk_terms_list(struct ouv_desk *desk, const struct ouv_config *config,
	struct ouv_arena *arena, struct ouv_terms_line **list_out,
	size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_terms *own = NULL;
	size_t own_count = 0, count;
	const char **names;

	TRY(ouv_terms_names(arena, config->paths_deadlines, &names, &count));
	if (desk != NULL) {
		TRY(store_begin(desk->store, &tx));
		TRY(store_terms_versions(tx, arena, NULL, &own, &own_count));
		TRY(store_commit(&tx));
	}
	*list_out =
		ouv_arena_array(arena, count + own_count, sizeof(**list_out));
	merge(arena, names, count, own, own_count, *list_out, count_out);
	return OUV_OK;
}

enum ouv_err
ouv_desk_terms(struct ouv_desk *desk, const struct ouv_config *config,
	struct ouv_arena *arena, const char *name, struct ouv_terms *terms_out,
	char what_out[200])
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	what_out[0] = '\0';
	if (desk == NULL)
		return file_terms(config, arena, name, terms_out, what_out);
	TRY(store_begin(desk->store, &tx));
	TRY(terms_resolve(desk, tx, arena, name, NULL, terms_out, what_out));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_terms_set(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *name, const char *content, const char *reason, int *n_out,
	char what_out[200])
{
	static const struct ouv_id nobody;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_calendar_book *book;
	struct ouv_terms terms;

	what_out[0] = '\0';
	if (strspn(reason, " \t\r\n") == strlen(reason) ||
		strlen(reason) > REASON_MOST) {
		(void)snprintf(what_out, WHAT,
			"reason: is empty, or longer than %d bytes",
			REASON_MOST);
		return OUV_INVALID;
	}
	TRY(store_begin(desk->store, &tx));
	TRY(terms_resolve(desk, tx, arena, name, content, &terms, what_out));
	if (*terms.calendar != '\0')
		TRY(live_book(desk, tx, terms.calendar, &book, what_out));
	TRY(store_terms_add(tx, name, content, reason, n_out));
	TRY(log_command(desk, tx, "deadline-set", &nobody, name));
	return store_commit(&tx);
}
