/*
 * absence_date.c - dates as people write them into notes, in six languages
 *
 * Which of "03/04" is the month: in English only what else is impossible, or
 * the time zone of the mail, can tell; else nothing is claimed, because a
 * wrong date is worse than none.  In the other languages the day comes first.
 */
#include <string.h>

#include "absence.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define YEAR_MIN 1990
#define YEAR_MAX 2100
#define LATE_DAYS 3   /* a responder that is switched off late */
#define SPAN_DAYS 800 /* nobody is away so long: it is another date */

/* clang-format off */
static const struct {
	const char *name;
	int month;
	bool english; /* may it stand in an English text? */
} months[] = {
	{ "january", 1, true },    { "jan", 1, true },
	{ "february", 2, true },   { "feb", 2, true },
	{ "march", 3, true },      { "mar", 3, true },
	{ "april", 4, true },      { "apr", 4, true },
	{ "may", 5, true },        { "june", 6, true },
	{ "jun", 6, true },        { "july", 7, true },
	{ "jul", 7, true },        { "august", 8, true },
	{ "aug", 8, true },        { "september", 9, true },
	{ "sep", 9, true },        { "sept", 9, true },
	{ "october", 10, true },   { "oct", 10, true },
	{ "november", 11, true },  { "nov", 11, true },
	{ "december", 12, true },  { "dec", 12, true },
	/* pt */
	{ "janeiro", 1, false },   { "fevereiro", 2, false },
	{ "fev", 2, false },       { "marco", 3, false },
	{ "abril", 4, false },     { "abr", 4, false },
	{ "maio", 5, false },      { "mai", 5, false },
	{ "junho", 6, false },     { "julho", 7, false },
	{ "agosto", 8, false },    { "ago", 8, false },
	{ "setembro", 9, false },  { "set", 9, false },
	{ "outubro", 10, false },  { "out", 10, false },
	{ "novembro", 11, false }, { "dezembro", 12, false },
	{ "dez", 12, false },
	/* it */
	{ "gennaio", 1, false },   { "gen", 1, false },
	{ "febbraio", 2, false },  { "febb", 2, false },
	{ "marzo", 3, false },     { "aprile", 4, false },
	{ "maggio", 5, false },    { "mag", 5, false },
	{ "giugno", 6, false },    { "giu", 6, false },
	{ "luglio", 7, false },    { "lug", 7, false },
	{ "settembre", 9, false }, { "sett", 9, false },
	{ "ottobre", 10, false },  { "ott", 10, false },
	{ "novembre", 11, false }, { "dicembre", 12, false },
	{ "dic", 12, false },
	/* es */
	{ "enero", 1, false },     { "ene", 1, false },
	{ "febrero", 2, false },   { "mayo", 5, false },
	{ "junio", 6, false },     { "julio", 7, false },
	{ "septiembre", 9, false },{ "setiembre", 9, false },
	{ "octubre", 10, false },  { "noviembre", 11, false },
	{ "diciembre", 12, false },
	/* fr */
	{ "janvier", 1, false },   { "janv", 1, false },
	{ "fevrier", 2, false },   { "fevr", 2, false },
	{ "mars", 3, false },      { "avril", 4, false },
	{ "avr", 4, false },       { "juin", 6, false },
	{ "juillet", 7, false },   { "juil", 7, false },
	{ "aout", 8, false },      { "septembre", 9, false },
	{ "octobre", 10, false },  { "decembre", 12, false },
	/* de */
	{ "januar", 1, false },    { "janner", 1, false },
	{ "februar", 2, false },   { "marz", 3, false },
	{ "maerz", 3, false },     { "mrz", 3, false },
	{ "juni", 6, false },      { "juli", 7, false },
	{ "oktober", 10, false },  { "okt", 10, false },
	{ "dezember", 12, false },
};

/* Behind the number of a day. */
static const char *const ordinals[] = {
	"st", "nd", "rd", "th", "er", "o", "a", "e", "\xc2\xba", "\xc2\xb0",
	"\xc2\xaa", ".",
};

/* Between day, month and year. */
static const char *const joints[] = {
	"de ", "del ", "of ", "di ", "do ", "the ", "d'", "", NULL,
};

/* Behind "8.30": it was an hour, a price, a version. */
static const char *const units[] = {
	"uhr", "h", "hs", "hrs", "horas", "hours", "ore", "heures", "pm", "am",
	"p.m", "a.m", "eur", "euro", "\xe2\x82\xac", "%", "reais", "mb", "gb",
};
/* clang-format on */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static const char *
blanks(const char *p)
{
	return p + strspn(p, " ");
}

/* Digits at p, their number in digits_out; more than 4 are none. */
static const char *
number(const char *p, int *value_out, int *digits_out)
{
	int digits = 0, value = 0;

	while (is_digit(p[digits]) && digits < 5) {
		value = value * 10 + (p[digits] - '0');
		digits++;
	}
	*digits_out = digits > 4 ? 0 : digits;
	*value_out = value;
	return p + digits;
}

static bool
is_year(int value, int digits)
{
	return digits == 4 && value >= YEAR_MIN && value <= YEAR_MAX;
}

/* ---- numbers ----------------------------------------------------- */

/* "2026-03-12" */
static size_t
read_iso(const char *p, struct away_date *date)
{
	const char *q;
	int digits, more;

	q = number(p, &date->year, &digits);
	if (!is_year(date->year, digits) || strchr("-./", *q) == NULL ||
		*q == '\0')
		return 0;
	q = number(q + 1, &date->month, &digits);
	if (digits < 1 || digits > 2 || strchr("-./", *q) == NULL || *q == '\0')
		return 0;
	q = number(q + 1, &date->day, &more);
	if (more < 1 || more > 2 || date->month < 1 || date->month > 12 ||
		date->day < 1 || date->day > 31)
		return 0;
	return (size_t)(q - p);
}

static bool
is_unit(const char *p)
{
	p = blanks(p);
	for (size_t i = 0; i < COUNT(units); i++) {
		size_t len = strlen(units[i]);

		if (strncmp(p, units[i], len) == 0 && !is_letter(p[len]) &&
			!is_digit(p[len]))
			return true;
	}
	return false;
}

/* Puts the two numbers where they belong; false: nowhere. */
static bool
set_order(struct away_date *date, int first, int second, bool english)
{
	date->day = first;
	date->month = second;
	if (english && second > 12) {
		date->day = second;
		date->month = first;
	} else if (english && first <= 12 && first != second) {
		date->either = true;
	}
	return date->day >= 1 && date->day <= 31 && date->month >= 1 &&
	       date->month <= 12;
}

/* A year behind the second dot or blank: "12.3. 2026". */
static const char *
year_apart(const char *p, int *year)
{
	const char *q = blanks(p);
	int value, digits;
	const char *end = number(q, &value, &digits);

	if (!is_year(value, digits) || is_letter(*end))
		return p;
	*year = value;
	return end;
}

/* What follows the second number: a year, a dot, nothing; NULL: no date. */
static const char *
read_tail(const char *p, char sep, struct away_date *date)
{
	const char *q;
	int digits;

	if (*p == sep) {
		q = sep == '.' ? blanks(p + 1) : p + 1;
		q = number(q, &date->year, &digits);
		if (digits == 4 && is_year(date->year, digits))
			return q;
		if (digits == 2 && q[-3] == sep) {
			date->year += 2000;
			return q;
		}
		date->year = 0;
		if (digits != 0 && q[-digits - 1] == sep)
			return NULL;
		if (sep == '.')
			return year_apart(p + 1, &date->year);
		return NULL;
	}
	return sep == '-' ? NULL : p;
}

/* "12/03/2026", "12.3.", "12.03.26", "12-3-2026", "12/03" */
static size_t
read_numbers(const char *p, bool english, struct away_date *date)
{
	const char *q;
	int first, second, digits;
	char sep;

	q = number(p, &first, &digits);
	if (digits < 1 || digits > 2 || *q == '\0' || strchr("./-", *q) == NULL)
		return 0;
	sep = *q++;
	if (sep == '.' && *q == ' ' && is_digit(q[1]))
		q++;
	q = number(q, &second, &digits);
	if (digits < 1 || digits > 2)
		return 0;
	if (q[-1 - digits] == ' ' && *q != '.')
		return 0;
	q = read_tail(q, sep, date);
	if (q == NULL || is_digit(*q) || is_letter(*q) || *q == '@' ||
		(strchr(":/", *q) != NULL && *q != '\0' && is_digit(q[1])))
		return 0;
	if (date->year == 0 && q[-1] != '.' && is_unit(q))
		return 0;
	if (!set_order(date, first, second, english && sep != '.'))
		return 0;
	return (size_t)(q - p);
}

/* ---- names of months --------------------------------------------- */

static const char *
read_month(const char *p, bool english, int *month)
{
	const char *end = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < COUNT(months); i++) {
		size_t len = strlen(months[i].name);

		if (len <= longest || strncmp(p, months[i].name, len) != 0 ||
			is_letter(p[len]) || (english && !months[i].english))
			continue;
		longest = len;
		*month = months[i].month;
		end = p + len;
	}
	return end == NULL ? NULL : end + (*end == '.');
}

static const char *
skip_ordinal(const char *p)
{
	for (size_t i = 0; i < COUNT(ordinals); i++) {
		size_t len = strlen(ordinals[i]);

		if (strncmp(p, ordinals[i], len) == 0 && !is_letter(p[len]))
			return p + len +
			       (ordinals[i][0] != '.' && p[len] == '.');
	}
	return p;
}

static const char *
skip_joint(const char *p)
{
	p = blanks(p);
	for (size_t i = 0; joints[i] != NULL; i++)
		if (mail_starts(p, joints[i]))
			return p + strlen(joints[i]);
	return p;
}

/* " de 2026", ", 2026", "-26", "/2026" */
static const char *
read_year(const char *p, int *year)
{
	bool tight = *p == '-' || *p == '/' || *p == '\'';
	const char *q = tight ? p + 1 : p, *end;
	int value, digits;

	if (!tight)
		q = skip_joint(q + (*q == ','));
	end = number(q, &value, &digits);
	if (is_letter(*end) || is_digit(*end) || *end == ':')
		return p;
	if (is_year(value, digits))
		*year = value;
	else if (tight && digits == 2)
		*year = 2000 + value;
	else
		return p;
	return end;
}

/* "12 de marco de 2026", "1er mars", "3rd of August", "12. Marz", "12-mar" */
static size_t
read_day_month(const char *p, bool english, struct away_date *date)
{
	const char *q, *month;
	int digits;

	q = number(p, &date->day, &digits);
	if (digits < 1 || digits > 2 || date->day < 1 || date->day > 31)
		return 0;
	q = skip_ordinal(q);
	if (*q == '-' || *q == '/')
		q++;
	month = read_month(skip_joint(q), english, &date->month);
	if (month == NULL)
		return 0;
	return (size_t)(read_year(month, &date->year) - p);
}

/* "March 12th, 2026", "Aug. 3" */
static size_t
read_month_day(const char *p, bool english, struct away_date *date)
{
	const char *q = read_month(p, english, &date->month);
	int digits;

	if (q == NULL)
		return 0;
	q = blanks(q);
	if (mail_starts(q, "the "))
		q += 4;
	q = number(q, &date->day, &digits);
	if (digits < 1 || digits > 2 || date->day < 1 || date->day > 31)
		return 0;
	q = skip_ordinal(q);
	if (is_letter(*q) || (*q == ':' && is_digit(q[1])))
		return 0;
	if (*q == '-' || *q == '/')
		return (size_t)(q - p);
	return (size_t)(read_year(q, &date->year) - p);
}

size_t
away_date_read(const char *p, bool english, struct away_date *date_out)
{
	typedef size_t read_fn(const char *, bool, struct away_date *);
	static read_fn *const shapes[] = { read_numbers, read_day_month,
		read_month_day };
	struct away_date date = { 0 };
	size_t len = read_iso(p, &date);

	for (size_t i = 0; i < COUNT(shapes) && len == 0; i++) {
		date = (struct away_date){ 0 };
		len = shapes[i](p, english, &date);
	}
	if (len > 0)
		*date_out = date;
	return len;
}

size_t
away_bare_day(const char *p, int *day_out)
{
	int value, digits;
	const char *q = number(p, &value, &digits);

	if (digits < 1 || digits > 2 || value < 1 || value > 31)
		return 0;
	q = skip_ordinal(q);
	if (is_letter(*q) || is_digit(*q) || *q == ':')
		return 0;
	*day_out = value;
	return (size_t)(q - p);
}

/* ---- the calendar ------------------------------------------------ */

/* Days since 1970-01-01 of a Gregorian date (March is the first month). */
static long
to_days(long year, int month, int day)
{
	long y = month <= 2 ? year - 1 : year;
	long era = y / 400, of_era = y - era * 400;
	long of_year =
		(153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

static void
from_days(long days, struct away_date *date)
{
	long z = days + 719468, era = z / 146097, doe = z - era * 146097;
	long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	long mp = (5 * doy + 2) / 153;

	date->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	date->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	date->year = (int)(yoe + era * 400 + (date->month <= 2));
}

/* -1: there is no such day */
static long
day_of(long year, int month, int day)
{
	struct away_date back = { 0 };
	long days = to_days(year, month, day);

	from_days(days, &back);
	return back.month == month && back.day == day ? days : -1;
}

static long
distance(long a, long b)
{
	return a < b ? b - a : a - b;
}

/* The year chosen as the text must mean it; -1: no such day. */
static long
choose_year(const struct away_date *date, const struct away_clock *clock,
	enum away_year how, long limit)
{
	struct away_date now = { 0 };
	long best = -1;

	from_days(clock->today, &now);
	for (long year = now.year - 1; year <= now.year + 4; year++) {
		long day = day_of(year, date->month, date->day);

		if (day < 0)
			continue;
		if (how == AWAY_NEXT) {
			if (day >= clock->today - LATE_DAYS)
				return day;
			continue;
		}
		if (limit >= 0 ? day <= limit
			       : best < 0 ||
					 distance(day, clock->today) <
						 distance(best, clock->today))
			best = day;
	}
	return best;
}

static long
resolve_one(const struct away_date *date, const struct away_clock *clock,
	enum away_year how, long limit)
{
	long day;

	if (date->year == 0)
		day = clock->known ? choose_year(date, clock, how, limit) : -1;
	else
		day = day_of(date->year, date->month, date->day);
	if (day < 0 ||
		(clock->known && distance(day, clock->today) > SPAN_DAYS))
		return -1;
	return day;
}

/* Two readings: the zone decides, else what is over cannot be meant. */
static long
resolve_either(const struct away_date *date, const struct away_clock *clock,
	enum away_year how, long limit)
{
	struct away_date other = *date;
	long a, b;

	other.day = date->month;
	other.month = date->day;
	a = resolve_one(date, clock, how, limit);
	b = resolve_one(&other, clock, how, limit);
	if (clock->order == ORDER_DAY_FIRST)
		return a;
	if (clock->order == ORDER_MONTH_FIRST)
		return b;
	if (date->year != 0 && clock->known && how == AWAY_NEXT) {
		if (a < clock->today - LATE_DAYS)
			return b < clock->today - LATE_DAYS ? -1 : b;
		if (b < clock->today - LATE_DAYS)
			return a;
	}
	return -1;
}

bool
away_resolve(const struct away_date *date, const struct away_clock *clock,
	enum away_year how, long limit, long *day_out)
{
	long day = date->either ? resolve_either(date, clock, how, limit)
				: resolve_one(date, clock, how, limit);

	if (day < 0)
		return false;
	*day_out = day;
	return true;
}

const char *
away_iso(struct ouv_arena *arena, long day)
{
	struct away_date date = { 0 };

	from_days(day, &date);
	return ouv_arena_printf(
		arena, "%04d-%02d-%02d", date.year, date.month, date.day);
}
