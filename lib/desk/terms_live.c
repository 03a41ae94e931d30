/*
 * terms_live.c - which terms and which days count now: the product's files, or
 * what the office decided since
 *
 * Each desk keeps what it worked out and asks once a transaction whether a
 * profile, a day or a closing was added.  A version of the office's own that
 * can no longer be read is passed over: the file counts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "move.h"
#include "ouv/log.h"
#include "terms.h"

#define EXTENDS_MOST 8

/* What was worked out since the last change, the newest first. */
struct live_terms {
	struct live_terms *next;
	struct ouv_terms terms;
};
struct live_calendar {
	struct live_calendar *next;
	struct ouv_calendar_book book;
};

struct live {
	struct ouv_arena *arena; /* of everything here but this struct */
	uint64_t asked;          /* in which transaction */
	struct store_terms_stamp stamp;
	struct store_absence_stamp absences;
	struct store_terms *own; /* the last version of each profile */
	size_t own_count;
	struct store_calendar_day *days; /* accepted */
	size_t day_count;
	struct live_terms *terms;
	struct live_calendar *calendars;
};

/* ---- what this desk keeps ------------------------------------------------ */

static enum ouv_err
load(struct store_tx *tx, struct live *fresh)
{
	TRY(store_terms_newest(
		tx, fresh->arena, &fresh->own, &fresh->own_count));
	return store_days_accepted(
		tx, fresh->arena, &fresh->days, &fresh->day_count);
}

/* The old one stays until the new one is whole. */
static enum ouv_err
renew(struct ouv_desk *desk, struct store_tx *tx,
	const struct store_terms_stamp *stamp,
	const struct store_absence_stamp *absences)
{
	struct live fresh = { .arena = ouv_arena_new(OUV_ARENA_PLAIN),
		.stamp = *stamp,
		.absences = *absences };
	enum ouv_err err = load(tx, &fresh);

	if (err != OUV_OK) {
		ouv_arena_free(&fresh.arena);
		return err;
	}
	live_free(desk);
	desk->live = calloc(1, sizeof(*desk->live));
	if (desk->live == NULL)
		abort();
	*desk->live = fresh;
	return OUV_OK;
}

static enum ouv_err
need(struct ouv_desk *desk, struct store_tx *tx)
{
	const struct live *live = desk->live;
	struct store_absence_stamp absences;
	struct store_terms_stamp stamp;

	if (live != NULL && live->asked == store_tx_number(tx))
		return OUV_OK;
	TRY(office_calendar(desk->office));
	TRY(absence_stamp(desk, tx, &absences));
	TRY(store_terms_stamp(tx, &stamp));
	if (live == NULL || memcmp(&live->stamp, &stamp, sizeof(stamp)) != 0 ||
		memcmp(&live->absences, &absences, sizeof(absences)) != 0)
		TRY(renew(desk, tx, &stamp, &absences));
	desk->live->asked = store_tx_number(tx);
	return OUV_OK;
}

void
live_free(struct ouv_desk *desk)
{
	if (desk->live == NULL)
		return;
	ouv_arena_free(&desk->live->arena);
	free(desk->live);
	desk->live = NULL;
}

/* ---- profiles ------------------------------------------------------------ */

/* A profile on its way through those that it extends. */
struct resolving {
	struct ouv_desk *desk;
	struct ouv_arena *arena;
	const char *next;    /* content not yet stored, */
	const char *next_of; /* ... of this one; NULL: none */
	const char *within;  /* the office's own version being read; NULL */
	int depth;
};

static const struct store_terms *
own_version(const struct live *live, const char *name)
{
	for (size_t i = 0; i < live->own_count; i++)
		if (strcmp(live->own[i].name, name) == 0)
			return &live->own[i];
	return NULL;
}

static enum ouv_err resolve(void *of, const char *name,
	struct ouv_terms *terms_out, char what_out[200]);

static enum ouv_err
from_file(struct resolving *r, const char *name, struct ouv_terms *terms_out,
	char what_out[200])
{
	const char *text;
	size_t len;

	TRY(terms_text(r->arena, r->desk->office->config->paths_deadlines, name,
		&text, &len, what_out));
	return ouv_terms_parse(
		r->arena, name, text, len, resolve, r, terms_out, what_out);
}

static enum ouv_err
from_own(struct resolving *r, const char *name, const char *content, int n,
	struct ouv_terms *terms_out, char what_out[200])
{
	const char *within = r->within;
	enum ouv_err err;

	r->within = name;
	err = ouv_terms_parse(r->arena, name, content, strlen(content), resolve,
		r, terms_out, what_out);
	r->within = within;
	if (err == OUV_OK)
		terms_out->n = n;
	return err;
}

/* One that extends its own name means the product's. */
static enum ouv_err
resolve(void *of, const char *name, struct ouv_terms *terms_out,
	char what_out[200])
{
	struct resolving *r = of;
	const struct store_terms *own = own_version(r->desk->live, name);
	bool within = r->within != NULL && strcmp(r->within, name) == 0;
	enum ouv_err err;

	if (r->depth++ == EXTENDS_MOST) {
		(void)snprintf(what_out, 200, "extends: goes in circles");
		return OUV_INVALID;
	}
	if (r->next_of != NULL && strcmp(r->next_of, name) == 0 && !within)
		return from_own(r, name, r->next, own != NULL ? own->n + 1 : 1,
			terms_out, what_out);
	if (own == NULL || within)
		return from_file(r, name, terms_out, what_out);
	err = from_own(r, name, own->content, own->n, terms_out, what_out);
	if (err != OUV_INVALID)
		return err;
	ouv_log_error("deadline profile %s, version %d is not used: %s", name,
		own->n, what_out);
	return from_file(r, name, terms_out, what_out);
}

enum ouv_err
terms_resolve(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const char *name, const char *content,
	struct ouv_terms *terms_out, char what_out[200])
{
	struct resolving r = {
		.desk = desk,
		.arena = arena,
		.next = content,
		.next_of = content != NULL ? name : NULL,
	};

	TRY(need(desk, tx));
	TRY(resolve(&r, name, terms_out, what_out));
	terms_at_office(&desk->office->calendar, terms_out);
	return OUV_OK;
}

void
terms_at_office(const struct ouv_calendar_book *office, struct ouv_terms *terms)
{
	bool here = strcmp(office->calendar.name, terms->calendar) == 0;

	for (size_t i = 0; office->bases[i] != NULL; i++)
		here = here || strcmp(office->bases[i], terms->calendar) == 0;
	if (here)
		terms->calendar = "";
}

enum ouv_err
terms_live(struct ouv_desk *desk, struct store_tx *tx, const char *name,
	const struct ouv_terms **terms_out)
{
	struct live_terms *one;
	char what[200] = "";
	enum ouv_err err;

	if (name == NULL || *name == '\0')
		name = desk->office->config->office_deadlines;
	TRY(need(desk, tx));
	for (one = desk->live->terms; one != NULL; one = one->next)
		if (strcmp(one->terms.name, name) == 0) {
			*terms_out = &one->terms;
			return OUV_OK;
		}
	one = ouv_arena_alloc(desk->live->arena, sizeof(*one));
	err = terms_resolve(
		desk, tx, desk->live->arena, name, NULL, &one->terms, what);
	if (err != OUV_OK) {
		ouv_log_error("deadline profile %s: %s", name, what);
		return err;
	}
	one->next = desk->live->terms;
	desk->live->terms = one;
	*terms_out = &one->terms;
	return OUV_OK;
}

/* ---- calendars ----------------------------------------------------------- */

/* A day accepted for a calendar counts in those that build on it. */
static bool
counts_in(const struct ouv_calendar_book *book,
	const struct store_calendar_day *day)
{
	if (strcmp(day->calendar, book->calendar.name) == 0)
		return true;
	for (size_t i = 0; book->bases[i] != NULL; i++)
		if (strcmp(day->calendar, book->bases[i]) == 0)
			return true;
	return false;
}

/* Accepted days and closings behind the file's own rules; each has an id of
 * its own, by which its name is found. */
static void
add_days(struct ouv_desk *desk, struct ouv_calendar_book *book)
{
	struct ouv_arena *arena = desk->live->arena;
	struct ouv_calendar *c = &book->calendar;
	size_t closings = absence_closings(desk, c, NULL);
	size_t most = c->closed_count + desk->live->day_count + closings;
	struct ouv_closed *rules = ouv_arena_array(arena, most, sizeof(*rules));
	struct ouv_calendar_name *names =
		ouv_arena_array(arena, most, sizeof(*names));

	memcpy(rules, c->closed, c->closed_count * sizeof(*rules));
	memcpy(names, book->names, c->closed_count * sizeof(*names));
	for (size_t i = 0; i < desk->live->day_count; i++) {
		const struct store_calendar_day *day = &desk->live->days[i];
		size_t at = c->closed_count;

		if (!counts_in(book, day))
			continue;
		names[at].id = ouv_arena_strdup(arena, "imported");
		names[at].law = day->source;
		for (int l = 0; l < OUV_LANG__COUNT; l++)
			names[at].in[l] = day->name;
		rules[at] = (struct ouv_closed){ .kind = OUV_CLOSED_ONCE,
			.day_number = day->day,
			.id = names[at].id };
		c->closed_count++;
	}
	(void)absence_closings(desk, c, rules + c->closed_count);
	for (size_t i = 0; i < closings; i++)
		names[c->closed_count + i] = (struct ouv_calendar_name){
			.id = rules[c->closed_count + i].id, .law = ""
		};
	c->closed_count += closings;
	c->closed = rules;
	book->names = names;
}

static enum ouv_err
read_book(struct ouv_desk *desk, const char *name,
	struct ouv_calendar_book *book_out)
{
	const struct ouv_config *config = desk->office->config;
	struct ouv_calendar_error error;
	enum ouv_err err;

	if (strcmp(name, config->office_calendar) == 0) {
		*book_out = desk->office->calendar;
		return OUV_OK;
	}
	err = ouv_calendar_read(desk->live->arena, config->paths_calendars,
		name, book_out, &error);
	if (err != OUV_OK)
		ouv_log_error("calendars in %s: %s: %s",
			config->paths_calendars, error.file, error.what);
	return err;
}

enum ouv_err
calendar_book_live(struct ouv_desk *desk, struct store_tx *tx, const char *name,
	const struct ouv_calendar_book **book_out)
{
	struct live_calendar *one;

	if (name == NULL || *name == '\0')
		name = desk->office->config->office_calendar;
	TRY(need(desk, tx));
	for (one = desk->live->calendars; one != NULL; one = one->next)
		if (strcmp(one->book.calendar.name, name) == 0) {
			*book_out = &one->book;
			return OUV_OK;
		}
	one = ouv_arena_alloc(desk->live->arena, sizeof(*one));
	TRY(read_book(desk, name, &one->book));
	add_days(desk, &one->book);
	one->next = desk->live->calendars;
	desk->live->calendars = one;
	*book_out = &one->book;
	return OUV_OK;
}

enum ouv_err
calendar_live(struct ouv_desk *desk, struct store_tx *tx, const char *name,
	const struct ouv_calendar **calendar_out)
{
	const struct ouv_calendar_book *book;

	TRY(calendar_book_live(desk, tx, name, &book));
	*calendar_out = &book->calendar;
	return OUV_OK;
}

enum ouv_err
calendar_why(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_calendar *calendar, const char *why,
	enum ouv_lang lang, const char **name_out, const char **law_out)
{
	const struct ouv_calendar_book *book;

	*name_out = *law_out = NULL;
	TRY(calendar_book_live(desk, tx, calendar->name, &book));
	for (size_t i = 0; why != NULL && i < book->calendar.closed_count; i++)
		if (book->names[i].id == why) {
			*name_out = book->names[i].in[lang];
			*law_out =
				*name_out != NULL ? book->names[i].law : NULL;
			break;
		}
	return OUV_OK;
}
