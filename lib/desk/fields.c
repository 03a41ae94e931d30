/*
 * fields.c - what a colleague typed: words, days, promises
 */
#include <string.h>

#include "write.h"

#define PROMISE_MOST 500

/* ---- words ----------------------------------------------------------------
 */

/* A browser sends CR LF; blanks at the ends say nothing. */
static const char *
clean(struct ouv_arena *arena, const char *value)
{
	char *out;
	size_t len = 0;

	value += strspn(value, " \t\r\n");
	out = ouv_arena_strdup(arena, value);
	for (const char *p = value; *p != '\0'; p++)
		if (p[0] != '\r' || p[1] != '\n')
			out[len++] = *p == '\r' ? '\n' : *p;
	while (len > 0 && strchr(" \t\n", out[len - 1]) != NULL)
		len--;
	out[len] = '\0';
	return out;
}

/* In UTF-8 every byte but the continuing ones begins a character. */
static size_t
characters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

const char *
field_words(struct verb_call *call, const char *field, size_t most,
	bool one_line, bool needed)
{
	const char *text = clean(call->arena, verb_field(call, field));

	if (*text == '\0' && needed)
		verb_error(call, field, "empty");
	else if (characters(text) > most)
		verb_error(call, field, "too-long");
	else if (one_line && strchr(text, '\n') != NULL)
		verb_error(call, field, "line-break");
	return text;
}

/* verb_error, with a value that would do. */
static void
offer_instead(struct verb_call *call, const char *field, const char *code,
	const char *offer)
{
	size_t before = call->result->error_count;

	verb_error(call, field, code);
	if (call->result->error_count > before)
		call->result->errors[before].offer = offer;
}

/* ---- days -----------------------------------------------------------------
 */

static bool
knows(const struct ouv_calendar *calendar, int32_t day)
{
	int year, month, dom;

	ouv_day_split(day, &year, &month, &dom);
	return year >= calendar->first_year && year <= calendar->last_year;
}

const char *
field_day_text(struct ouv_arena *arena, int32_t day)
{
	char text[OUV_DAY_MAX];

	ouv_day_write(day, text);
	return ouv_arena_strdup(arena, text);
}

/* The next day on which the office is open; NULL: the calendar ends. */
static const char *
next_open(struct ouv_arena *arena, const struct ouv_calendar *calendar,
	int32_t day)
{
	while (knows(calendar, day) && !ouv_calendar_open(calendar, day, NULL))
		day++;
	return knows(calendar, day) ? field_day_text(arena, day) : NULL;
}

bool
field_day(struct verb_call *call, const struct ouv_calendar *calendar,
	const char *field, int after, int32_t *day_out, int64_t *end_out)
{
	const char *text = verb_field(call, field);
	int32_t today = ouv_calendar_day(calendar, call->now, NULL), day = 0;

	if (*text == '\0')
		verb_error(call, field, "empty");
	else if (!ouv_day_read(text, &day))
		verb_error(call, field, "not-a-date");
	else if (day < today + after)
		verb_error(call, field, "past");
	else if (!knows(calendar, day))
		verb_error(call, field, "calendar-ends");
	else if (!ouv_calendar_open(calendar, day, NULL))
		offer_instead(call, field, "not-open-day",
			next_open(call->arena, calendar, day));
	else {
		*day_out = day;
		*end_out = ouv_calendar_instant(calendar, day + 1, 0) - 1;
		return true;
	}
	return false;
}

/* ---- promises -------------------------------------------------------------
 */

enum ouv_err
field_promises(struct verb_call *call, struct draft *draft)
{
	/* clang-format off */
	static const struct {
		const char *text, *by;
	} names[PROMISES_MOST] = {
		{ "promise_text",   "promise_by" },
		{ "promise_text-2", "promise_by-2" },
		{ "promise_text-3", "promise_by-3" },
		{ "promise_text-4", "promise_by-4" },
		{ "promise_text-5", "promise_by-5" },
	};
	/* clang-format on */
	const struct ouv_calendar *calendar;
	int32_t day;

	TRY(absence_calendar(call->desk, call->tx, &calendar));
	for (size_t i = 0; i < PROMISES_MOST; i++) {
		struct promise *p = &draft->promises[draft->promise_count];

		/* Without a day it is not entered. */
		if (*verb_field(call, names[i].by) == '\0')
			continue;
		p->words = field_words(
			call, names[i].text, PROMISE_MOST, false, true);
		draft->promise_count += field_day(
			call, calendar, names[i].by, 0, &day, &p->due_at);
	}
	return OUV_OK;
}
