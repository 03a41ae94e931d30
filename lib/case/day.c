/*
 * day.c - days as numbers, weekdays, Easter
 *
 * The year is counted from March, so that the leap day is its last one and
 * every month before it has a fixed place.
 */
#include "ouv/calendar.h"

#define DAYS_400_YEARS 146097
#define DAYS_TO_1970 719468 /* from 0000-03-01 */

static int32_t
floor_div(int32_t a, int32_t b)
{
	return a / b - (a % b < 0);
}

int32_t
ouv_day_of(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int32_t era = floor_div(y, 400);
	int32_t year_of_era = y - era * 400;
	int32_t month_from_march = (month + 9) % 12;
	int32_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;

	return era * DAYS_400_YEARS + year_of_era * 365 + year_of_era / 4 -
	       year_of_era / 100 + day_of_year - DAYS_TO_1970;
}

void
ouv_day_split(int32_t day, int *year_out, int *month_out, int *day_out)
{
	int32_t since = day + DAYS_TO_1970;
	int32_t era = floor_div(since, DAYS_400_YEARS);
	int32_t of_era = since - era * DAYS_400_YEARS;
	int32_t year = (of_era - of_era / 1460 + of_era / 36524 -
			       of_era / (DAYS_400_YEARS - 1)) /
		       365;
	int32_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int32_t from_march = (5 * of_year + 2) / 153;

	*day_out = of_year - (153 * from_march + 2) / 5 + 1;
	*month_out = from_march < 10 ? from_march + 3 : from_march - 9;
	*year_out = year + era * 400 + (*month_out <= 2);
}

bool
ouv_day_valid(int year, int month, int day)
{
	int y, m, d;

	if (year < 1583 || year > 4099 || month < 1 || month > 12 || day < 1 ||
		day > 31)
		return false;
	ouv_day_split(ouv_day_of(year, month, day), &y, &m, &d);
	return y == year && m == month && d == day;
}

/* What stands for a digit in a written day; the rest stands for itself. */
static const char day_shape[OUV_DAY_MAX] = "dddd-dd-dd";

static int
digits(const char *text, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

bool
ouv_day_read(const char *text, int32_t *day_out)
{
	int year, month, day;

	for (size_t i = 0; i < OUV_DAY_MAX; i++)
		if (day_shape[i] == 'd' ? text[i] < '0' || text[i] > '9'
					: text[i] != day_shape[i])
			return false;
	year = digits(text, 4);
	month = digits(text + 5, 2);
	day = digits(text + 8, 2);
	if (!ouv_day_valid(year, month, day))
		return false;
	*day_out = ouv_day_of(year, month, day);
	return true;
}

void
ouv_day_write(int32_t day, char out[OUV_DAY_MAX])
{
	int parts[3];

	ouv_day_split(day, &parts[0], &parts[1], &parts[2]);
	for (int i = OUV_DAY_MAX - 1, part = 2; i >= 0; i--) {
		out[i] = day_shape[i];
		if (day_shape[i] == '-')
			part--;
		if (day_shape[i] != 'd')
			continue;
		out[i] = (char)('0' + parts[part] % 10);
		parts[part] /= 10;
	}
}

int
ouv_day_weekday(int32_t day)
{
	return day + 3 - floor_div(day + 3, 7) * 7; /* 1970-01-01: Thursday */
}

/* Butcher's rule (Nature, 20 April 1876), good for every Gregorian year. */
int32_t
ouv_day_easter(int year)
{
	int golden = year % 19;
	int century = year / 100, of_century = year % 100;
	int lunar = (century + 8) / 25;
	int epact = (19 * golden + century - century / 4 -
			    (century - lunar + 1) / 3 + 15) %
		    30;
	int to_sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact -
				of_century % 4) %
			7;
	int late = (golden + 11 * epact + 22 * to_sunday) / 451;
	int march = epact + to_sunday - 7 * late + 114;

	return ouv_day_of(year, march / 31, march % 31 + 1);
}
