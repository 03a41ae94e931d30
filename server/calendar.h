/*
 * calendar.h - what the pages of calendar, absences and profile share
 */
#ifndef SERVER_CALENDAR_H
#define SERVER_CALENDAR_H

#include "view.h"

/* ---- view_absence.c --------------------------------------------------------
 */

/* May this person enter and end everybody's absences, and the office's? */
bool absence_may_all(const struct ouv_actor *actor);
bool absence_is_office(const struct ouv_absence *absence);
/* Past, or called off. */
bool absence_is_over(const struct ouv_absence *absence, int32_t today);
bool absence_may_end(const struct request *request,
	const struct ouv_absence *absence, int32_t today);
/* "Ana Lima", or the word for the whole office. */
void absence_who(const struct request *request, json_t *one, const char *key,
	const struct ouv_absence *absence);
/* away_who, reason, first, last, back, urgent_..., substitute, called_off,
 * is_now, told. */
json_t *view_absence(
	const struct request *request, const struct ouv_absence *absence);

/* ---- view_month.c ----------------------------------------------------------
 */

struct month {
	int year, month;     /* 1 to 12 */
	int32_t first, last; /* days of the month */
	int32_t from, until; /* days of its weeks, Monday to Sunday */
};
struct month month_of(int year, int month);
/* weekdays, weeks: the month as a table. */
void view_month(const struct request *request, json_t *data,
	const struct month *month, const struct ouv_office_day *days,
	size_t day_count, const struct ouv_absence *absences, size_t count);
/* KEY, has_KEY: the named days of the list; closings: those of the office's own
 * too, each once. */
void view_closed(const struct request *request, json_t *data, const char *key,
	const struct ouv_office_day *days, size_t count, bool closings);
/* hours: the seven weekdays with their service hours. */
void view_hours(const struct request *request, json_t *data,
	const struct ouv_office_day *days, size_t count);

/* weekday, weekday_short of that day. */
void view_weekday(const struct request *request, json_t *one, int32_t day);

/* ---- page_calendar_import.c ------------------------------------------------
 */

/* proposed: days that came with a file and wait for whoever may decide; the
 * first `most` of them. */
OUV_MUST_CHECK enum ouv_err view_proposed(
	struct sheet *sheet, struct ouv_desk *desk, size_t most, json_t *data);

/* ---- page_absence.c --------------------------------------------------------
 */

/* The fields of a posted form that are the page's own. */
size_t own_fields(const struct form *form, struct ouv_field out[FORM_FIELDS]);
/* Here no list of findings stands beside the form: the word says it all. */
void own_blocked(struct ouv_verb_result *result);
/* The form's key as it came; NULL: none, answered with an error. */
const char *own_key(struct request *request);
/* Dates typed as one writes them become what the desk knows; NULL at the end of
 * the names. */
void own_dates(struct request *request, const char *const *names);
/* What the form is about, by the id in its address, and a desk. */
OUV_MUST_CHECK enum ouv_err own_id(struct request *request,
	struct ouv_desk **desk_out, struct ouv_id *id_out);

#endif
