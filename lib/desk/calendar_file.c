/*
 * calendar_file.c - calendars/NAME.json to a calendar
 *
 * Strict: a key or a value that is not understood is an error with its place,
 * never a day that silently does not count.  Offsets from UTC come from ICU's
 * copy of the time zone database, once, for the years that the file names.
 */
#include <stdio.h>
#include <string.h>
#include <jansson.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "desk_impl.h"
#include "ouv/calendar_file.h"

#define EXTENDS_MOST OUV_CALENDAR_BASES
#define CLOSED_MOST 400
#define SHIFTS_MOST 400

struct reader {
	struct ouv_arena *arena;
	const char *folder;
	struct ouv_calendar_book *book;
	struct ouv_calendar_error *error;
	struct ouv_closed *closed;
	int depth;
};

static enum ouv_err
wrong(struct reader *r, enum ouv_err err, const char *what, const char *where)
{
	(void)snprintf(
		r->error->what, sizeof(r->error->what), "%s: %s", where, what);
	return err;
}

/* ---- small pieces -----------------------------------------------------------
 */

static bool
known_keys(const json_t *object, const char *const *keys, const char **odd_out)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		size_t i = 0;

		while (keys[i] != NULL && strcmp(keys[i], key) != 0)
			i++;
		if (keys[i] == NULL) {
			*odd_out = key;
			return false;
		}
	}
	return true;
}

static enum ouv_err
words(struct reader *r, const json_t *object, const char *where,
	const char *out[3])
{
	for (int i = 0; i < 3; i++) {
		const char *text = json_string_value(json_object_get(
			object, ouv_lang_tag((enum ouv_lang)i)));

		if (text == NULL || *text == '\0')
			return wrong(r, OUV_INVALID,
				"its name is missing in a language", where);
		out[i] = ouv_arena_strdup(r->arena, text);
	}
	return OUV_OK;
}

/* Does text have the shape, a digit for each '0'?  One number a run of them. */
static bool
numbers(const char *text, const char *shape, int *numbers_out)
{
	if (text == NULL || strlen(text) != strlen(shape))
		return false;
	*numbers_out = 0;
	for (size_t i = 0; shape[i] != '\0'; i++) {
		if (shape[i] != '0') {
			if (text[i] != shape[i])
				return false;
			*++numbers_out = 0;
			continue;
		}
		if (text[i] < '0' || text[i] > '9')
			return false;
		*numbers_out = *numbers_out * 10 + (text[i] - '0');
	}
	return true;
}

static bool
month_day(const char *text, int *month_out, int *day_out)
{
	int n[2];

	if (!numbers(text, "00-00", n) || !ouv_day_valid(2000, n[0], n[1]))
		return false;
	*month_out = n[0];
	*day_out = n[1];
	return true;
}

static bool
whole_day(const char *text, int32_t *day_out)
{
	int n[3];

	if (!numbers(text, "0000-00-00", n) || !ouv_day_valid(n[0], n[1], n[2]))
		return false;
	*day_out = ouv_day_of(n[0], n[1], n[2]);
	return true;
}

static const char *const weekdays[] = { "mon", "tue", "wed", "thu", "fri",
	"sat", "sun", NULL };

static bool
weekday(const char *text, int *weekday_out)
{
	for (int i = 0; text != NULL && i < 7; i++) {
		if (strcmp(weekdays[i], text) != 0)
			continue;
		*weekday_out = i;
		return true;
	}
	return false;
}

/* ---- hours
 * -----------------------------------------------------------------------
 */

static bool
range(const char *text, int32_t *open_out, int32_t *close_out)
{
	int n[4];

	if (!numbers(text, "00:00-00:00", n) || n[1] > 59 || n[3] > 59)
		return false;
	*open_out = n[0] * 3600 + n[1] * 60;
	*close_out = n[2] * 3600 + n[3] * 60;
	return *close_out > *open_out && *close_out <= 86400;
}

static enum ouv_err
read_hours(struct reader *r, const json_t *hours)
{
	struct ouv_hours week[7];
	const char *key;
	json_t *list;
	int day = 0;

	memset(week, 0, sizeof(week));
	json_object_foreach((json_t *)hours, key, list)
	{
		struct ouv_hours *of;

		if (!weekday(key, &day))
			return wrong(r, OUV_INVALID, "no such weekday", key);
		of = &week[day];
		of->count = json_array_size(list);
		if (of->count > OUV_HOURS_MOST)
			return wrong(r, OUV_INVALID, "too many hours", key);
		for (size_t i = 0; i < of->count; i++) {
			const char *text =
				json_string_value(json_array_get(list, i));

			if (!range(text, &of->list[i].open,
				    &of->list[i].close) ||
				(i > 0 && of->list[i].open <
						  of->list[i - 1].close))
				return wrong(r, OUV_INVALID,
					"hours are HH:MM-HH:MM, in order", key);
		}
	}
	memcpy(r->book->calendar.week, week, sizeof(week));
	return OUV_OK;
}

/* ---- closed days
 * ------------------------------------------------------------------------ */

static bool
read_when(const json_t *one, struct ouv_closed *rule)
{
	const json_t *easter = json_object_get(one, "easter");
	const json_t *nth = json_object_get(one, "nth");
	const char *on = json_string_value(json_object_get(one, "on"));
	const char *day = json_string_value(json_object_get(one, "day"));

	if ((on != NULL) + (day != NULL) + (easter != NULL) + (nth != NULL) !=
		1)
		return false;
	if (on != NULL) {
		rule->kind = OUV_CLOSED_YEARLY;
		return month_day(on, &rule->month, &rule->day);
	}
	if (day != NULL) {
		rule->kind = OUV_CLOSED_ONCE;
		return whole_day(day, &rule->day_number);
	}
	if (easter != NULL) {
		rule->kind = OUV_CLOSED_EASTER;
		rule->offset = (int)json_integer_value(easter);
		return json_is_integer(easter) && rule->offset >= -100 &&
		       rule->offset <= 250;
	}
	rule->kind = OUV_CLOSED_NTH;
	rule->nth = (int)json_integer_value(json_object_get(nth, "n"));
	rule->month = (int)json_integer_value(json_object_get(nth, "month"));
	return weekday(json_string_value(json_object_get(nth, "weekday")),
		       &rule->weekday) &&
	       rule->month >= 1 && rule->month <= 12 && rule->nth >= -4 &&
	       rule->nth <= 4 && rule->nth != 0;
}

static enum ouv_err
read_closed(struct reader *r, const json_t *list)
{
	static const char *const keys[] = { "id", "on", "day", "easter", "nth",
		"from", "until", "law", "name", NULL };
	struct ouv_calendar *c = &r->book->calendar;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		const char *id = json_string_value(json_object_get(one, "id"));
		const char *law =
			json_string_value(json_object_get(one, "law"));
		struct ouv_closed *rule = &r->closed[c->closed_count];
		struct ouv_calendar_name *name =
			&r->book->names[c->closed_count];
		const char *odd;

		if (id == NULL || *id == '\0')
			return wrong(r, OUV_INVALID, "a closed day has no id",
				"closed");
		if (c->closed_count == CLOSED_MOST)
			return wrong(
				r, OUV_INVALID, "too many closed days", id);
		if (!known_keys(one, keys, &odd))
			return wrong(r, OUV_INVALID, "unknown key", odd);
		if (!read_when(one, rule))
			return wrong(r, OUV_INVALID,
				"needs one of on, day, easter, nth, and a "
				"date that exists",
				id);
		rule->from_year =
			(int)json_integer_value(json_object_get(one, "from"));
		rule->until_year =
			(int)json_integer_value(json_object_get(one, "until"));
		rule->id = name->id = ouv_arena_strdup(r->arena, id);
		name->law = ouv_arena_strdup(r->arena, law != NULL ? law : "");
		TRY(words(r, json_object_get(one, "name"), id, name->in));
		c->closed_count++;
	}
	return OUV_OK;
}

/* ---- the time zone
 * -------------------------------------------------------------------------- */

static double
millis(int32_t day)
{
	return (double)day * 86400 * 1000;
}

static enum ouv_err
read_zone(struct reader *r)
{
	struct ouv_calendar *c = &r->book->calendar;
	struct ouv_shift *shifts =
		ouv_arena_array(r->arena, SHIFTS_MOST, sizeof(*shifts));
	double at = millis(ouv_day_of(c->first_year, 1, 1)) - 86400000.0;
	double end = millis(ouv_day_of(c->last_year + 1, 1, 2));
	UErrorCode status = U_ZERO_ERROR;
	UChar id[64];
	UBool known = 0;
	UCalendar *cal;
	UChar canonical[64];

	u_uastrncpy(id, c->zone, 63);
	id[63] = 0;
	(void)ucal_getCanonicalTimeZoneID(
		id, -1, canonical, 64, &known, &status);
	if (U_FAILURE(status) || !known)
		return wrong(r, OUV_NOT_FOUND, "no such time zone", c->zone);
	cal = ucal_open(id, -1, "en", UCAL_GREGORIAN, &status);
	for (c->shift_count = 0; U_SUCCESS(status) && at < end &&
				 c->shift_count < SHIFTS_MOST;) {
		struct ouv_shift *shift = &shifts[c->shift_count++];

		ucal_setMillis(cal, at, &status);
		shift->at = (int64_t)(at / 1000);
		shift->offset =
			(ucal_get(cal, UCAL_ZONE_OFFSET, &status) +
				ucal_get(cal, UCAL_DST_OFFSET, &status)) /
			1000;
		if (!ucal_getTimeZoneTransitionDate(
			    cal, UCAL_TZ_TRANSITION_NEXT, &at, &status))
			break;
	}
	ucal_close(cal);
	c->shifts = shifts;
	return U_FAILURE(status)
		       ? wrong(r, OUV_INVALID, "its time zone cannot be read",
				 c->zone)
		       : OUV_OK;
}

/* ---- the file
 * --------------------------------------------------------------------------------
 */

static enum ouv_err read_file(struct reader *r, const char *name);

static enum ouv_err
read_head(struct reader *r, const json_t *doc, const char *name)
{
	struct ouv_calendar *c = &r->book->calendar;
	const json_t *years = json_object_get(doc, "years");
	const char *zone = json_string_value(json_object_get(doc, "zone"));
	const char *own = json_string_value(json_object_get(doc, "calendar"));

	if (own == NULL || strcmp(own, name) != 0)
		return wrong(r, OUV_INVALID, "is not the file's own name",
			"calendar");
	c->name = ouv_arena_strdup(r->arena, name);
	if (zone != NULL)
		c->zone = ouv_arena_strdup(r->arena, zone);
	if (years != NULL) {
		c->first_year =
			(int)json_integer_value(json_array_get(years, 0));
		c->last_year =
			(int)json_integer_value(json_array_get(years, 1));
	}
	if (c->zone == NULL)
		return wrong(r, OUV_INVALID, "is missing", "zone");
	if (c->first_year < 1970 || c->last_year < c->first_year ||
		c->last_year > c->first_year + 100)
		return wrong(r, OUV_INVALID,
			"the first and the last, at most 100 apart", "years");
	return words(r, json_object_get(doc, "name"), "name", r->book->title);
}

static enum ouv_err
read_doc(struct reader *r, const json_t *doc, const char *name)
{
	static const char *const keys[] = { "calendar", "extends", "name",
		"zone", "years", "hours", "closed", NULL };
	const json_t *hours = json_object_get(doc, "hours");
	const char *base = json_string_value(json_object_get(doc, "extends"));
	const char *odd;

	if (!json_is_object(doc))
		return wrong(r, OUV_INVALID, "is not an object", name);
	if (!known_keys(doc, keys, &odd))
		return wrong(r, OUV_INVALID, "unknown key", odd);
	if (base != NULL) {
		/* depth is this file's, counted from 1 */
		if (r->depth <= OUV_CALENDAR_BASES)
			r->book->bases[r->depth - 1] =
				ouv_arena_strdup(r->arena, base);
		TRY(read_file(r, base));
	}
	TRY(read_head(r, doc, name));
	if (hours != NULL)
		TRY(read_hours(r, hours));
	return read_closed(r, json_object_get(doc, "closed"));
}

static enum ouv_err
read_file(struct reader *r, const char *name)
{
	json_error_t json_error;
	json_t *doc;
	enum ouv_err err;

	(void)snprintf(r->error->file, sizeof(r->error->file), "%s.json", name);
	if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") !=
			strlen(name) ||
		*name == '\0')
		return wrong(r, OUV_NOT_FOUND, "is not a name", "calendar");
	if (r->depth++ == EXTENDS_MOST)
		return wrong(r, OUV_INVALID, "goes in circles", "extends");
	doc = json_load_file(
		ouv_arena_printf(r->arena, "%s/%s.json", r->folder, name),
		JSON_REJECT_DUPLICATES, &json_error);
	if (doc == NULL) {
		char line[24];

		if (json_error_code(&json_error) == json_error_cannot_open_file)
			return wrong(
				r, OUV_NOT_FOUND, json_error.text, "calendar");
		(void)snprintf(line, sizeof(line), "line %d", json_error.line);
		return wrong(r, OUV_INVALID, json_error.text, line);
	}
	err = read_doc(r, doc, name);
	json_decref(doc);
	return err;
}

enum ouv_err
ouv_calendar_read(struct ouv_arena *arena, const char *folder, const char *name,
	struct ouv_calendar_book *book_out,
	struct ouv_calendar_error *error_out)
{
	struct ouv_calendar_book book;
	struct reader r = { arena, folder, &book, error_out, NULL, 0 };

	memset(&book, 0, sizeof(book));
	memset(error_out, 0, sizeof(*error_out));
	r.closed = ouv_arena_array(arena, CLOSED_MOST, sizeof(*r.closed));
	book.names = ouv_arena_array(arena, CLOSED_MOST, sizeof(*book.names));
	book.calendar.closed = r.closed;
	TRY(read_file(&r, name));
	TRY(read_zone(&r));
	*book_out = book;
	return OUV_OK;
}
