/*
 * icalendar.c - an iCalendar file to the days on which an office is closed
 *
 * The only door to libical.  The file is a stranger's: its lines are joined
 * and looked at before the library sees them, only events are read, only
 * yearly repetitions are followed, and everything has a limit.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <libical/ical.h>

#include "desk_impl.h"
#include "ouv/calendar_import.h"

#define WHAT 200
#define DEPTH_MOST 6
#define DAYS_IN_ONE 60 /* days of one event */
#define TURNS_MOST 5000

struct found {
	int32_t day;
	bool gone; /* taken back by an exception */
	const char *uid;
	const char *name;
	size_t order; /* in the file */
};

struct reader {
	struct ouv_arena *arena;
	const struct ouv_calendar *calendar;
	char *what;
	struct found *found;
	size_t count, cancelled, outside;
	int32_t first, last; /* of the calendar */
};

/* One event while it is read. */
struct event {
	icalcomponent *vevent;
	const char *name, *uid;
	struct icaltimetype start;
	int32_t day;
	int32_t length; /* in days */
};

static enum ouv_err
wrong(const struct reader *r, const char *where, const char *what)
{
	(void)snprintf(r->what, WHAT, "%.70s%s%s", where,
		*where != '\0' ? ": " : "", what);
	return OUV_INVALID;
}

/* ---- before the library sees it -------------------------------------------
 */

/* Lines end with one LF and are no longer folded. */
static char *
unfold(struct ouv_arena *arena, const char *text, size_t len, size_t *len_out)
{
	char *out = ouv_arena_raw(arena, len + 2);
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n')
			continue;
		if (text[i] == '\n' && i + 1 < len &&
			(text[i + 1] == ' ' || text[i + 1] == '\t')) {
			i++;
			continue;
		}
		out[n++] = text[i];
	}
	if (n > 0 && out[n - 1] != '\n')
		out[n++] = '\n';
	out[n] = '\0';
	*len_out = n;
	return out;
}

/* Well-formed, shortest form, no surrogates (RFC 3629). */
static bool
is_utf8(const unsigned char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		unsigned char c = s[i++];
		int more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
		uint32_t point = more == 0 ? c : c & (0x3f >> more);
		static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };

		if ((c >= 0x80 && c < 0xc2) || c > 0xf4)
			return false;
		for (int n = 0; n < more; n++, i++) {
			if (i >= len || (s[i] & 0xc0) != 0x80)
				return false;
			point = point << 6 | (s[i] & 0x3f);
		}
		if (point < least[more] || point > 0x10ffff ||
			(point >= 0xd800 && point <= 0xdfff))
			return false;
	}
	return true;
}

static bool
begins(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncasecmp(line, word, len) == 0 &&
	       (line[len] == ':' || line[len] == ';');
}

/* How deep, how many: a tree that the library can hold and free. */
static enum ouv_err
check_shape(const struct reader *r, const char *text)
{
	int depth = 0, events = 0;

	for (const char *line = text; *line != '\0';
		line = strchr(line, '\n') + 1) {
		const char *colon = strchr(line, ':');

		if (begins(line, "BEGIN")) {
			depth++;
			events += colon != NULL &&
				  strncasecmp(colon + 1, "VEVENT", 6) == 0;
		} else if (begins(line, "END")) {
			depth--;
		}
		if (depth < 0 || depth > DEPTH_MOST)
			return wrong(r, "",
				"its BEGIN and END lines do not fit together");
		if (events > OUV_ICAL_EVENTS)
			return wrong(r, "", "it has more than 2000 events");
	}
	if (depth != 0)
		return wrong(
			r, "", "its BEGIN and END lines do not fit together");
	return OUV_OK;
}

static enum ouv_err
prepare(const struct reader *r, const char *text, size_t len, char **text_out)
{
	size_t n;

	if (len > OUV_ICAL_BYTES)
		return wrong(r, "", "it is larger than 1 MiB");
	if (memchr(text, '\0', len) != NULL)
		return wrong(r, "", "it has a zero byte in it");
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	*text_out = unfold(r->arena, text, len, &n);
	if (!is_utf8((const unsigned char *)*text_out, n))
		return wrong(r, "", "it is not UTF-8");
	if (!begins(*text_out, "BEGIN"))
		return wrong(r, "", "it is no iCalendar file");
	return check_shape(r, *text_out);
}

/* ---- one event: when ------------------------------------------------------
 */

/* In words for the operator, the event by its name and first day. */
static enum ouv_err
not_understood(const struct reader *r, const struct event *e, const char *what)
{
	char day[OUV_DAY_MAX] = "?";

	if (e->day != 0)
		ouv_day_write(e->day, day);
	(void)snprintf(
		r->what, WHAT, "event \"%.60s\" (%s): %s", e->name, day, what);
	return OUV_INVALID;
}

/* Some programs write a whole day as midnight to midnight; that will do on
 * this calendar's own wall. */
static bool
is_whole(const struct reader *r, icalproperty *property,
	const struct icaltimetype *time)
{
	icalparameter *zone =
		icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);

	if (time->is_date)
		return true;
	if (time->hour != 0 || time->minute != 0 || time->second != 0 ||
		icaltime_is_utc(*time))
		return false;
	return zone == NULL ||
	       strcmp(icalparameter_get_tzid(zone), r->calendar->zone) == 0;
}

static enum ouv_err
day_of(const struct reader *r, const struct event *e, icalproperty *property,
	struct icaltimetype time, int32_t *day_out)
{
	if (icaltime_is_null_time(time) ||
		!ouv_day_valid(time.year, time.month, time.day))
		return not_understood(r, e, "has a date that does not exist");
	if (!is_whole(r, property, &time))
		return not_understood(r, e,
			"has a time of day; only whole days of this "
			"calendar's time zone can be closed");
	*day_out = ouv_day_of(time.year, time.month, time.day);
	return OUV_OK;
}

/* DTEND is the day after the last one. */
static enum ouv_err
read_length(const struct reader *r, struct event *e)
{
	icalproperty *end = icalcomponent_get_first_property(
		e->vevent, ICAL_DTEND_PROPERTY);
	icalproperty *span = icalcomponent_get_first_property(
		e->vevent, ICAL_DURATION_PROPERTY);
	int64_t length = 1;
	int32_t after;

	if (end != NULL) {
		TRY(day_of(r, e, end, icalproperty_get_dtend(end), &after));
		length = (int64_t)after - e->day;
		/* one day to itself: seen in the wild, and meant as one day */
		length += length == 0;
	} else if (span != NULL) {
		struct icaldurationtype d = icalproperty_get_duration(span);

		if (d.is_neg || d.hours != 0 || d.minutes != 0 ||
			d.seconds != 0)
			return not_understood(r, e, "does not last whole days");
		length = (int64_t)d.weeks * 7 + d.days;
	}
	if (length < 1 || length > DAYS_IN_ONE)
		return not_understood(
			r, e, "lasts less than a day or more than 60");
	e->length = (int32_t)length;
	return OUV_OK;
}

/* ---- one event: what it adds ----------------------------------------------
 */

static enum ouv_err
add(struct reader *r, const struct event *e, int32_t first)
{
	for (int32_t day = first; day < first + e->length; day++) {
		if (day < r->first || day > r->last) {
			r->outside++;
			continue;
		}
		if (r->count == OUV_ICAL_DAYS)
			return wrong(r, "", "it has more than 2000 days");
		r->found[r->count] = (struct found){ .day = day,
			.uid = e->uid,
			.name = e->name,
			.order = r->count };
		r->count++;
	}
	return OUV_OK;
}

/* Takes back what that event has on the days of one turn. */
static void
take_back(struct reader *r, const char *uid, int32_t first, int32_t length)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->found[i].day >= first &&
			r->found[i].day < first + length &&
			strcmp(r->found[i].uid, uid) == 0)
			r->found[i].gone = true;
}

static bool
part_given(const short *list)
{
	return list[0] != ICAL_RECURRENCE_ARRAY_MAX;
}

/* Only what a holiday needs: "the last Monday of May", "every 7 September". */
static bool
is_yearly(const struct icalrecurrencetype *rule)
{
	return rule->freq == ICAL_YEARLY_RECURRENCE && rule->rscale == NULL &&
	       !part_given(rule->by_second) && !part_given(rule->by_minute) &&
	       !part_given(rule->by_hour) && !part_given(rule->by_year_day) &&
	       !part_given(rule->by_week_no) && !part_given(rule->by_set_pos);
}

static enum ouv_err
add_turns(struct reader *r, const struct event *e, icalproperty *property)
{
	struct icalrecurrencetype rule = icalproperty_get_rrule(property);
	struct icaltimetype start = e->start, next;
	icalrecur_iterator *turns;
	enum ouv_err err = OUV_OK;
	int count = 0;

	if (!is_yearly(&rule))
		return not_understood(r, e,
			"repeats in another way than every year on a day or a "
			"weekday of a month");
	start.is_date = 1;
	start.zone = NULL;
	turns = icalrecur_iterator_new(rule, start);
	if (turns == NULL)
		return not_understood(r, e, "repeats in a way that is wrong");
	while (err == OUV_OK &&
		(next = icalrecur_iterator_next(turns),
			!icaltime_is_null_time(next)) &&
		next.year <= r->calendar->last_year) {
		if (++count > TURNS_MOST)
			err = not_understood(r, e, "repeats too often");
		else
			err = add(r, e,
				ouv_day_of(next.year, next.month, next.day));
	}
	icalrecur_iterator_free(turns);
	return err;
}

static enum ouv_err
add_more(struct reader *r, const struct event *e)
{
	icalproperty *p;
	int32_t day;

	for (p = icalcomponent_get_first_property(
		     e->vevent, ICAL_RDATE_PROPERTY);
		p != NULL; p = icalcomponent_get_next_property(
				   e->vevent, ICAL_RDATE_PROPERTY)) {
		struct icaldatetimeperiodtype rdate = icalproperty_get_rdate(p);

		if (!icalperiodtype_is_null_period(rdate.period))
			return not_understood(
				r, e, "repeats in periods, not in days");
		TRY(day_of(r, e, p, rdate.time, &day));
		TRY(add(r, e, day));
	}
	for (p = icalcomponent_get_first_property(
		     e->vevent, ICAL_EXDATE_PROPERTY);
		p != NULL; p = icalcomponent_get_next_property(
				   e->vevent, ICAL_EXDATE_PROPERTY)) {
		TRY(day_of(r, e, p, icalproperty_get_exdate(p), &day));
		take_back(r, e->uid, day, e->length);
	}
	return OUV_OK;
}

/* ---- one event ------------------------------------------------------------
 */

/* One line, without blanks around it, cut between characters. */
static const char *
clean(struct ouv_arena *arena, const char *text)
{
	size_t len;
	char *out;

	while (*text != '\0' && (unsigned char)*text <= ' ')
		text++;
	len = strlen(text);
	if (len > OUV_ICAL_NAME) {
		len = OUV_ICAL_NAME;
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	out = ouv_arena_strndup(arena, text, len);
	for (size_t i = 0; i < len; i++)
		if (iscntrl((unsigned char)out[i]))
			out[i] = ' ';
	while (len > 0 && out[len - 1] == ' ')
		out[--len] = '\0';
	return out;
}

/* A property that the library could not read is gone from the event: it must
 * not be read as if it had never been there.  An empty one says nothing. */
static bool
has_errors(icalcomponent *vevent)
{
	icalproperty *p;

	for (p = icalcomponent_get_first_property(
		     vevent, ICAL_XLICERROR_PROPERTY);
		p != NULL; p = icalcomponent_get_next_property(
				   vevent, ICAL_XLICERROR_PROPERTY)) {
		const char *said = icalproperty_get_xlicerror(p);

		if (said == NULL || strncmp(said, "No value for", 12) != 0)
			return true;
	}
	return false;
}

static enum ouv_err
read_event(struct reader *r, icalcomponent *vevent, bool cancelled)
{
	icalproperty *start =
		icalcomponent_get_first_property(vevent, ICAL_DTSTART_PROPERTY);
	icalproperty *rule =
		icalcomponent_get_first_property(vevent, ICAL_RRULE_PROPERTY);
	icalproperty *of = icalcomponent_get_first_property(
		vevent, ICAL_RECURRENCEID_PROPERTY);
	const char *name = icalcomponent_get_summary(vevent);
	const char *uid = icalcomponent_get_uid(vevent);
	struct event e = { .vevent = vevent,
		.name = name != NULL ? clean(r->arena, name) : "",
		/* without one it is only itself */
		.uid = uid != NULL
			       ? ouv_arena_strdup(r->arena, uid)
			       : ouv_arena_printf(r->arena, "#%zu", r->count) };
	int32_t moved = 0;

	cancelled = cancelled ||
		    icalcomponent_get_status(vevent) == ICAL_STATUS_CANCELLED;
	if (cancelled && of == NULL) {
		r->cancelled++;
		return OUV_OK;
	}
	if (start == NULL)
		return not_understood(r, &e, "has no first day");
	e.start = icalproperty_get_dtstart(start);
	TRY(day_of(r, &e, start, e.start, &e.day));
	if (has_errors(vevent))
		return not_understood(
			r, &e, "has a line that is not iCalendar");
	if (*e.name == '\0')
		return not_understood(r, &e, "has no name (SUMMARY)");
	TRY(read_length(r, &e));
	if (of != NULL) {
		TRY(day_of(
			r, &e, of, icalproperty_get_recurrenceid(of), &moved));
		take_back(r, e.uid, moved, e.length);
		r->cancelled += cancelled;
		return cancelled ? OUV_OK : add(r, &e, e.day);
	}
	if (icalcomponent_count_properties(vevent, ICAL_RRULE_PROPERTY) > 1 ||
		icalcomponent_count_properties(vevent, ICAL_EXRULE_PROPERTY) >
			0)
		return not_understood(r, &e, "repeats in two ways at once");
	if (rule == NULL)
		TRY(add(r, &e, e.day));
	else
		TRY(add_turns(r, &e, rule));
	return add_more(r, &e);
}

/* ---- the file -------------------------------------------------------------
 */

/* Moved or cancelled turns come after the events that they belong to. */
static enum ouv_err
read_events(struct reader *r, icalcomponent *calendar, bool turns)
{
	bool all_cancelled =
		icalcomponent_get_first_property(
			calendar, ICAL_METHOD_PROPERTY) != NULL &&
		icalcomponent_get_method(calendar) == ICAL_METHOD_CANCEL;
	icalcompiter at =
		icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);

	for (; icalcompiter_deref(&at) != NULL; icalcompiter_next(&at)) {
		icalcomponent *vevent = icalcompiter_deref(&at);
		bool one = icalcomponent_get_first_property(
				   vevent, ICAL_RECURRENCEID_PROPERTY) != NULL;

		if (one == turns)
			TRY(read_event(r, vevent, all_cancelled));
	}
	return OUV_OK;
}

static enum ouv_err
read_calendars(struct reader *r, icalcomponent *root)
{
	icalcompiter at;
	size_t calendars = 0;

	if (icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT) {
		TRY(read_events(r, root, false));
		return read_events(r, root, true);
	}
	at = icalcomponent_begin_component(root, ICAL_VCALENDAR_COMPONENT);
	for (; icalcompiter_deref(&at) != NULL; icalcompiter_next(&at)) {
		calendars++;
		TRY(read_events(r, icalcompiter_deref(&at), false));
		TRY(read_events(r, icalcompiter_deref(&at), true));
	}
	return calendars > 0 ? OUV_OK
			     : wrong(r, "", "there is no calendar in it");
}

static int
by_day(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* In order, each day once: by the name that came first. */
static void
gather(struct reader *r, struct ouv_ical *out)
{
	struct ouv_ical_day *days =
		ouv_arena_array(r->arena, r->count, sizeof(*days));
	size_t n = 0;

	qsort(r->found, r->count, sizeof(*r->found), by_day);
	for (size_t i = 0; i < r->count; i++) {
		if (r->found[i].gone ||
			(n > 0 && days[n - 1].day == r->found[i].day))
			continue;
		days[n++] = (struct ouv_ical_day){ r->found[i].day,
			r->found[i].name };
	}
	*out = (struct ouv_ical){ n, days, r->cancelled, r->outside };
}

enum ouv_err
ouv_ical_read(struct ouv_arena *arena, const char *text, size_t len,
	const struct ouv_calendar *calendar, struct ouv_ical *ical_out,
	char what_out[200])
{
	struct reader r = { .arena = arena,
		.calendar = calendar,
		.what = what_out,
		.first = ouv_day_of(calendar->first_year, 1, 1),
		.last = ouv_day_of(calendar->last_year, 12, 31) };
	icalcomponent *root;
	enum ouv_err err;
	char *lines;

	TRY(prepare(&r, text, len, &lines));
	r.found = ouv_arena_array(arena, OUV_ICAL_DAYS, sizeof(*r.found));
	icalerror_set_errors_are_fatal(false);
	root = icalparser_parse_string(lines);
	if (root == NULL)
		return wrong(&r, "", "it is no iCalendar file");
	err = read_calendars(&r, root);
	icalcomponent_free(root);
	if (err == OUV_OK)
		gather(&r, ical_out);
	return err;
}
