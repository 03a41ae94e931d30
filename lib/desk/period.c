/*
 * period.c - a year, a quarter or a month, as it is written and what comes next
 */
#include <stdio.h>
#include <string.h>

#include "ouv/calendar.h"
#include "ouv/figures.h"

static bool
digits(const char *text, size_t len, int *out)
{
	*out = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (text[i] - '0');
	}
	return true;
}

bool
ouv_period_read(const char *text, struct ouv_period *period_out)
{
	struct ouv_period p = { .month = 1, .months = 12 };
	size_t len = strlen(text);
	int n;

	if (len < 4 || !digits(text, 4, &p.year) || p.year < 1970 ||
		p.year > 9998)
		return false;
	if (len == 7 && text[4] == '-' && text[5] == 'Q') {
		if (!digits(text + 6, 1, &n) || n < 1 || n > 4)
			return false;
		p.month = 3 * n - 2;
		p.months = 3;
	} else if (len == 7 && text[4] == '-') {
		if (!digits(text + 5, 2, &n) || n < 1 || n > 12)
			return false;
		p.month = n;
		p.months = 1;
	} else if (len != 4)
		return false;
	*period_out = p;
	return true;
}

void
ouv_period_write(const struct ouv_period *period, char out[OUV_PERIOD_MAX])
{
	unsigned year = (unsigned)period->year % 10000;
	unsigned month = (unsigned)period->month % 100;

	if (period->months == 12)
		(void)snprintf(out, OUV_PERIOD_MAX, "%04u", year);
	else if (period->months == 3)
		(void)snprintf(out, OUV_PERIOD_MAX, "%04u-Q%u", year,
			(month + 2) / 3 % 10);
	else
		(void)snprintf(out, OUV_PERIOD_MAX, "%04u-%02u", year, month);
}

struct ouv_period
ouv_period_step(const struct ouv_period *period, bool back)
{
	int at = period->year * 12 + period->month - 1 +
		 (back ? -period->months : period->months);
	struct ouv_period out = {
		.year = at / 12, .month = at % 12 + 1, .months = period->months
	};

	return out;
}

int32_t
ouv_period_from(const struct ouv_period *period)
{
	return ouv_day_of(period->year, period->month, 1);
}

int32_t
ouv_period_before(const struct ouv_period *period)
{
	struct ouv_period next = ouv_period_step(period, false);

	return ouv_period_from(&next);
}
