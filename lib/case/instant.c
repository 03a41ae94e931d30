/*
 * instant.c - instants as RFC 3339 writes them
 */
#include <stdio.h>
#include <string.h>

#include "ouv/calendar.h"

#define DAY 86400

/* Do the characters have that shape, a digit for each d? */
static bool
has_shape(const char *text, const char *shape)
{
	for (size_t i = 0; shape[i] != '\0'; i++)
		if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9'
				    : text[i] != shape[i])
			return false;
	return true;
}

static int
two(const char *text)
{
	return (text[0] - '0') * 10 + (text[1] - '0');
}

/* "Z", "+02:00", "-03:00" */
static bool
read_offset(const char *text, int *offset_out)
{
	*offset_out = 0;
	if (strcmp(text, "Z") == 0)
		return true;
	if ((*text != '+' && *text != '-') || !has_shape(text + 1, "dd:dd") ||
		text[6] != '\0' || two(text + 1) > 23 || two(text + 4) > 59)
		return false;
	*offset_out = (two(text + 1) * 60 + two(text + 4)) * 60;
	if (*text == '-')
		*offset_out = -*offset_out;
	return true;
}

bool
ouv_instant_read(const char *text, int64_t *at_out)
{
	char date[OUV_DAY_MAX] = "";
	int32_t day;
	int offset, secs;

	if (!has_shape(text, "dddd-dd-ddTdd:dd:dd") ||
		!read_offset(text + 19, &offset))
		return false;
	memcpy(date, text, OUV_DAY_MAX - 1);
	if (!ouv_day_read(date, &day) || two(text + 11) > 23 ||
		two(text + 14) > 59 || two(text + 17) > 59)
		return false;
	secs = (two(text + 11) * 60 + two(text + 14)) * 60 + two(text + 17);
	*at_out = (int64_t)day * DAY + secs - offset;
	return true;
}

void
ouv_instant_write(const struct ouv_calendar *calendar, int64_t at,
	char out[OUV_INSTANT_MAX])
{
	int32_t secs, day = ouv_calendar_day(calendar, at, &secs);
	int offset = (int)((int64_t)day * DAY + secs - at);
	int minutes = (offset < 0 ? -offset : offset) / 60;
	char date[OUV_DAY_MAX];

	ouv_day_write(day, date);
	(void)snprintf(out, OUV_INSTANT_MAX, "%sT%02d:%02d:%02d%c%02d:%02d",
		date, secs / 3600 % 24, secs / 60 % 60, secs % 60,
		offset < 0 ? '-' : '+', minutes / 60 % 24, minutes % 60);
}
