/*
 * invite.c - what a calendar invitation says, as text (RFC 5545)
 *
 * Only for a mail that says nothing else, so that it is no empty document.
 * The order stands for labels: title, time, place, who, description.
 */
#include <string.h>
#include <strings.h>

#include "marks.h"

#define EVENTS_MAX 20 /* more of them are a calendar, no invitation */
#define VALUE_MAX ((size_t)64 * 1024)

enum field {
	SUMMARY,
	START,
	END,
	LOCATION,
	ORGANIZER,
	DESCRIPTION,
	FIELD__COUNT
};

static const char *const field_names[FIELD__COUNT] = {
	[SUMMARY] = "SUMMARY",
	[START] = "DTSTART",
	[END] = "DTEND",
	[LOCATION] = "LOCATION",
	[ORGANIZER] = "ORGANIZER",
	[DESCRIPTION] = "DESCRIPTION",
};

struct property {
	struct ouv_str params, value; /* p NULL: not there */
};

struct event {
	struct property fields[FIELD__COUNT];
};

/* ---- lines ------------------------------------------------------------------
 */

/* Joins folded lines (3.1): a line that begins with a blank goes on. */
static struct ouv_str
unfold(struct ouv_arena *scratch, struct ouv_str text)
{
	struct ouv_buf out;

	ouv_buf_init(&out, scratch, text.len);
	for (size_t i = 0; i < text.len; i++) {
		char next = i + 1 < text.len ? text.p[i + 1] : '\0';

		if (text.p[i] == '\n' && (next == ' ' || next == '\t'))
			i++;
		else
			ouv_buf_char(&out, text.p[i]);
	}
	return (struct ouv_str){ out.data, out.len };
}

/* "NAME;A=b:value"; a colon in quotes is part of a parameter. */
static bool
split(struct ouv_str line, struct ouv_str *name_out, struct property *out)
{
	bool quoted = false;
	size_t name = strcspn(line.p, ";:\n"), i = name;

	for (; i < line.len && (quoted || line.p[i] != ':'); i++)
		quoted ^= line.p[i] == '"';
	if (name >= line.len || i >= line.len)
		return false;
	*name_out = (struct ouv_str){ line.p, name };
	out->params = (struct ouv_str){ line.p + name, i - name };
	out->value = (struct ouv_str){ line.p + i + 1, line.len - i - 1 };
	if (out->value.len > VALUE_MAX)
		out->value.len = VALUE_MAX;
	return true;
}

/* The value of ";NAME=value", without its quotes. */
static struct ouv_str
param(struct ouv_str params, const char *name)
{
	size_t want = strlen(name);
	bool quoted = false;

	for (size_t i = 0; i < params.len; i++) {
		struct ouv_str value = { params.p + i + want + 2, 0 };
		size_t left;

		quoted ^= params.p[i] == '"';
		if (quoted || params.p[i] != ';' || params.len - i < want + 3 ||
			strncasecmp(params.p + i + 1, name, want) != 0 ||
			params.p[i + 1 + want] != '=')
			continue;
		left = params.len - i - want - 2;
		if (*value.p == '"') {
			value.p++;
			left--;
			while (value.len < left && value.p[value.len] != '"')
				value.len++;
		} else {
			while (value.len < left && value.p[value.len] != ';')
				value.len++;
		}
		return value;
	}
	return (struct ouv_str){ NULL, 0 };
}

/* ---- writing
 * ------------------------------------------------------------------ */

/* 3.3.11: "\n", "\," and the like. */
static void
put_text(struct ouv_buf *out, struct ouv_str value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.p[i];

		if (c == '\\' && i + 1 < value.len) {
			c = value.p[++i];
			if (c == 'n' || c == 'N')
				c = '\n';
		}
		ouv_buf_char(out, c);
	}
	if (value.len > 0)
		ouv_buf_char(out, '\n');
}

static bool
is_digits(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < '0' || p[i] > '9')
			return false;
	return true;
}

/* "20260210T150000Z" as "2026-02-10 15:00 UTC", else as it is written. */
static void
put_time(struct ouv_buf *out, const struct property *time)
{
	const char *p = time->value.p;
	size_t len = time->value.len;

	if (len < 8 || !is_digits(p, 8)) {
		ouv_buf_add(out, p, len);
		return;
	}
	ouv_buf_printf(out, "%.4s-%.2s-%.2s", p, p + 4, p + 6);
	if (len < 15 || p[8] != 'T' || !is_digits(p + 9, 6))
		return;
	ouv_buf_printf(out, " %.2s:%.2s", p + 9, p + 11);
	if (len > 15 && p[15] == 'Z')
		ouv_buf_text(out, " UTC");
}

static void
put_times(struct ouv_buf *out, const struct event *event)
{
	const struct property *start = &event->fields[START];
	const struct property *end = &event->fields[END];
	struct ouv_str zone;

	if (start->value.len == 0)
		return;
	put_time(out, start);
	if (end->value.len > 0) {
		ouv_buf_text(out, " \342\200\223 ");
		put_time(out, end);
	}
	zone = param(start->params, "TZID");
	if (zone.len > 0) {
		ouv_buf_text(out, " (");
		ouv_buf_add(out, zone.p, zone.len);
		ouv_buf_char(out, ')');
	}
	ouv_buf_char(out, '\n');
}

static void
put_organizer(struct ouv_buf *out, const struct property *organizer)
{
	struct ouv_str name, addr = organizer->value;

	if (addr.len == 0)
		return;
	name = param(organizer->params, "CN");
	if (addr.len > 7 && strncasecmp(addr.p, "mailto:", 7) == 0) {
		addr.p += 7;
		addr.len -= 7;
	}
	ouv_buf_add(out, name.p, name.len);
	ouv_buf_text(out, name.len > 0 ? " <" : "<");
	ouv_buf_add(out, addr.p, addr.len);
	ouv_buf_text(out, ">\n");
}

static void
put_event(struct ouv_buf *out, const struct event *event)
{
	if (out->len > 0)
		ouv_buf_char(out, '\n');
	put_text(out, event->fields[SUMMARY].value);
	put_times(out, event);
	put_text(out, event->fields[LOCATION].value);
	put_organizer(out, &event->fields[ORGANIZER]);
	if (event->fields[DESCRIPTION].value.len > 0) {
		ouv_buf_char(out, '\n');
		put_text(out, event->fields[DESCRIPTION].value);
	}
}

static void
keep(struct event *event, struct ouv_str name, const struct property *property)
{
	for (int i = 0; i < FIELD__COUNT; i++)
		if (mail_str_is(name, field_names[i]) &&
			event->fields[i].value.p == NULL)
			event->fields[i] = *property;
}

void
mail_invite(
	struct ouv_arena *scratch, struct ouv_str calendar, struct ouv_buf *out)
{
	struct ouv_str text = unfold(scratch, calendar), line, name;
	struct mail_lines lines = { text.p, text.p + text.len, '\n' };
	struct event event = { 0 };
	struct property property;
	int depth = 0, events = 0; /* of what is inside the event */

	while (events < EVENTS_MAX && mail_line_next(&lines, &line)) {
		if (!split(line, &name, &property))
			continue;
		if (mail_str_is(name, "BEGIN")) {
			if (depth > 0 || mail_str_is(mail_trim(property.value),
						 "VEVENT"))
				depth++;
		} else if (mail_str_is(name, "END") && depth > 0) {
			if (--depth > 0) /* of an alarm */
				continue;
			put_event(out, &event);
			memset(&event, 0, sizeof(event));
			events++;
		} else if (depth == 1) {
			keep(&event, name, &property);
		}
	}
}
