/*
 * date.c - a Date value to seconds since the epoch
 *
 * RFC 5322 3.3 and 4.3, asctime, ISO 8601 and what mailers in Portuguese,
 * Italian, Spanish, German and French write: words are sorted by what they
 * look like, so their order hardly matters.
 */
#include <string.h>
#include <strings.h>

#include "internal.h"

/* clang-format off */
/* The first three letters as written, then longer ones that differ. */
static const struct {
	const char *name;
	int month;
} months[] = {
	{ "jan", 1 }, { "feb", 2 }, { "mar", 3 }, { "apr", 4 },
	{ "may", 5 }, { "jun", 6 }, { "jul", 7 }, { "aug", 8 },
	{ "sep", 9 }, { "oct", 10 }, { "nov", 11 }, { "dec", 12 },
	/* pt */
	{ "fev", 2 }, { "abr", 4 }, { "mai", 5 }, { "ago", 8 },
	{ "set", 9 }, { "out", 10 }, { "dez", 12 },
	/* it */
	{ "gen", 1 }, { "mag", 5 }, { "giu", 6 }, { "lug", 7 },
	{ "ott", 10 }, { "dic", 12 },
	/* es, de, fr */
	{ "ene", 1 }, { "mrz", 3 }, { "m\xc3\xa4", 3 }, { "okt", 10 },
	{ "f\xc3\xa9", 2 }, { "avr", 4 }, { "juin", 6 }, { "juil", 7 },
	{ "ao\xc3", 8 }, { "d\xc3\xa9", 12 }, { "j\xc3\xa4n", 1 },
	/* the same in raw windows-1252 */
	{ "m\xe4", 3 }, { "f\xe9", 2 }, { "ao\xfb", 8 }, { "d\xe9", 12 },
};

/* Where it matters (3/2 or 2/3?): the first letters tell the weekday. */
static const struct {
	const char *name;
	int weekday; /* 0: Sunday */
} weekdays[] = {
	{ "sun", 0 }, { "mon", 1 }, { "tue", 2 }, { "wed", 3 },
	{ "thu", 4 }, { "fri", 5 }, { "sat", 6 },
	/* pt, it, es */
	{ "dom", 0 }, { "seg", 1 }, { "ter", 2 }, { "qua", 3 },
	{ "qui", 4 }, { "sex", 5 }, { "sab", 6 }, { "s\xc3\xa1", 6 },
	{ "lun", 1 }, { "mar", 2 }, { "mer", 3 }, { "gio", 4 },
	{ "ven", 5 }, { "mie", 3 }, { "mi\xc3", 3 }, { "jue", 4 },
	{ "vie", 5 },
	/* fr, de */
	{ "dim", 0 }, { "jeu", 4 }, { "sam", 6 }, { "mo", 1 }, { "di", 2 },
	{ "mi", 3 }, { "do", 4 }, { "fr", 5 }, { "sa", 6 }, { "so", 0 },
};

/* RFC 5322 4.3; CET and its kind are no part of it, but are sent. */
static const struct {
	const char *name;
	int minutes;
} zones[] = {
	{ "UT", 0 }, { "UTC", 0 }, { "GMT", 0 }, { "Z", 0 },
	{ "EST", -300 }, { "EDT", -240 }, { "CST", -360 }, { "CDT", -300 },
	{ "MST", -420 }, { "MDT", -360 }, { "PST", -480 }, { "PDT", -420 },
	{ "BRT", -180 }, { "BRST", -120 }, { "ART", -180 }, { "WET", 0 },
	{ "WEST", 60 }, { "BST", 60 }, { "IST", 330 }, { "CET", 60 },
	{ "MET", 60 }, { "CEST", 120 }, { "MEST", 120 }, { "MESZ", 120 },
	{ "MEZ", 60 }, { "EET", 120 }, { "EEST", 180 }, { "MSK", 180 },
	{ "JST", 540 }, { "KST", 540 }, { "AEST", 600 }, { "AEDT", 660 },
	{ "AST", -240 }, { "ADT", -180 }, { "AKST", -540 }, { "AKDT", -480 },
	{ "HST", -600 }, { "CLT", -240 }, { "COT", -300 }, { "PET", -300 },
	{ "UYT", -180 }, { "SAST", 120 }, { "HKT", 480 }, { "SGT", 480 },
	{ "AWST", 480 }, { "NZST", 720 }, { "NZDT", 780 },
	/* fr (Canada) */
	{ "HNE", -300 }, { "HAE", -240 },
};
/* clang-format on */

struct parts {
	int year, month, day; /* -1: not seen yet */
	int hour, minute, second;
	int offset;  /* minutes east of Greenwich */
	int weekday; /* -1: not said */
	bool zone, afternoon, half_day;
	bool all_digits; /* 02/03/2026: which of the two is the day? */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits at the start, at most eight; moves on. */
static int
number(struct ouv_str *text, int *value_out)
{
	int n = 0;

	*value_out = 0;
	while (text->len > 0 && is_digit(*text->p) && n < 8) {
		*value_out = *value_out * 10 + (*text->p - '0');
		text->p++;
		text->len--;
		n++;
	}
	return n;
}

static void
skip(struct ouv_str *text, size_t n)
{
	text->p += n;
	text->len -= n;
}

/* "+0100", "+01:00", "-3"; what no place on earth has counts as UTC. */
static void
take_zone(struct parts *d, struct ouv_str word)
{
	int sign = word.p[0] == '-' ? -1 : 1, value, minutes = 0, digits;

	skip(&word, 1);
	digits = number(&word, &value);
	if (digits == 5) /* "+01000" */
		value /= 10;
	if (digits > 2) {
		minutes = value % 100;
		value /= 100;
	} else if (word.len > 1 && word.p[0] == ':') {
		skip(&word, 1);
		(void)number(&word, &minutes);
	}
	d->zone = true;
	if (value <= 14 && minutes < 60)
		d->offset = sign * (value * 60 + minutes);
}

static bool
take_month(struct parts *d, struct ouv_str word)
{
	int found = -1;
	size_t longest = 0;

	for (size_t i = 0; i < sizeof(months) / sizeof(months[0]); i++) {
		size_t len = strlen(months[i].name);

		if (len > longest && word.len >= len &&
			strncasecmp(word.p, months[i].name, len) == 0) {
			found = months[i].month;
			longest = len;
		}
	}
	if (found < 0)
		return false;
	/* "Mar" is also martes, mardi, martedi: the last name counts, but
	 * not one behind the time, where zones have names */
	if (d->month < 0 || (d->hour < 0 && d->year < 0))
		d->month = found;
	return true;
}

static void
take_weekday(struct parts *d, struct ouv_str word)
{
	size_t longest = 0;

	if (d->weekday >= 0 || d->day >= 0)
		return;
	for (size_t i = 0; i < sizeof(weekdays) / sizeof(weekdays[0]); i++) {
		size_t len = strlen(weekdays[i].name);

		if (len > longest && word.len >= len &&
			strncasecmp(word.p, weekdays[i].name, len) == 0) {
			d->weekday = weekdays[i].weekday;
			longest = len;
		}
	}
}

/* "PM", "p.m.", "am" */
static bool
take_half_day(struct parts *d, struct ouv_str word)
{
	char letters[2];
	size_t n = 0;

	for (size_t i = 0; i < word.len; i++) {
		if (word.p[i] == '.')
			continue;
		if (n == 2)
			return false;
		letters[n++] = (char)(word.p[i] | 0x20);
	}
	if (n != 2 || letters[1] != 'm' ||
		(letters[0] != 'a' && letters[0] != 'p'))
		return false;
	d->half_day = true;
	d->afternoon = letters[0] == 'p';
	return true;
}

static void
take_word(struct parts *d, struct ouv_str word)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		size_t len = strlen(zones[i].name);

		if (mail_str_is(word, zones[i].name)) {
			if (!d->zone) /* a number said it better */
				d->offset = zones[i].minutes;
			return;
		}
		/* GMT+0100 */
		if (word.len > len + 1 &&
			(word.p[len] == '+' || word.p[len] == '-') &&
			is_digit(word.p[len + 1]) &&
			strncasecmp(word.p, zones[i].name, len) == 0) {
			skip(&word, len);
			take_zone(d, word);
			return;
		}
	}
	if (take_half_day(d, word))
		return;
	take_weekday(d, word);
	(void)take_month(d, word);
}

/* "10:00:00", "10.00.00", with a zone or a fraction behind it. */
static void
take_time(struct parts *d, struct ouv_str word)
{
	char colon;

	(void)number(&word, &d->hour);
	colon = word.p[0];
	skip(&word, 1);
	(void)number(&word, &d->minute);
	d->second = 0;
	if (word.len > 1 && word.p[0] == colon && is_digit(word.p[1])) {
		skip(&word, 1);
		(void)number(&word, &d->second);
	}
	if (word.len > 1 && (word.p[0] == '.' || word.p[0] == ',') &&
		is_digit(word.p[1])) {
		skip(&word, 1);
		while (word.len > 0 && is_digit(word.p[0]))
			skip(&word, 1);
	}
	if (word.len > 1 && (word.p[0] == '+' || word.p[0] == '-'))
		take_zone(d, word);
	else if (word.len > 0)
		take_word(d, word);
}

/* RFC 5322 4.3: two and three digits count from 1900 or 2000. */
static int
full_year(int value, int digits)
{
	if (digits == 2 || (digits == 4 && value < 100)) /* "0026" is sent */
		return value < 50 ? 2000 + value : 1900 + value;
	return digits == 3 ? 1900 + value : value;
}

static void
take_number(struct parts *d, int value, int digits)
{
	if (digits <= 2 && d->day < 0 && value >= 1 && value <= 31)
		d->day = value;
	else if (d->year < 0 && digits <= 4)
		d->year = full_year(value, digits);
}

/* "2026-02-02", "02-Feb-2026", "02/Feb/26"; what follows a T is a time. */
static void
take_joined(struct parts *d, struct ouv_str word)
{
	int value, digits = number(&word, &value);

	if (digits == 4) {
		d->year = value;
		skip(&word, 1);
		(void)number(&word, &d->month);
		if (word.len > 1)
			skip(&word, 1);
		(void)number(&word, &d->day);
	} else {
		const char *sep = word.p;
		const char *next;
		struct ouv_str name;

		take_number(d, value, digits);
		skip(&word, 1);
		next = memchr(word.p, *sep, word.len);
		if (next == NULL)
			return;
		name = (struct ouv_str){ word.p, (size_t)(next - word.p) };
		if (number(&name, &value) > 0) {
			d->month = value;
			d->all_digits = true;
		} else {
			(void)take_month(d, name);
		}
		skip(&word, (size_t)(next + 1 - word.p));
		digits = number(&word, &value);
		d->year = full_year(value, digits);
	}
	if (word.len > 3 &&
		(*word.p == 'T' || *word.p == 't' || *word.p == ':')) {
		skip(&word, 1);
		if (word.len > 2 && is_digit(word.p[0]) &&
			memchr(word.p, ':', word.len) != NULL)
			take_time(d, word);
	}
}

/* ISO 8601 without signs: "20260202", "20260202T100000Z". */
static bool
take_compact(struct parts *d, struct ouv_str word)
{
	int value;

	if (word.len < 8 || number(&word, &value) != 8 || d->year >= 0 ||
		value < 19000101 || (word.len > 0 && is_digit(*word.p)))
		return false;
	d->year = value / 10000;
	d->month = value / 100 % 100;
	d->day = value % 100;
	if (word.len < 5 || (*word.p | 0x20) != 't')
		return true;
	skip(&word, 1);
	if (number(&word, &value) != 6)
		return true;
	d->hour = value / 10000;
	d->minute = value / 100 % 100;
	d->second = value % 100;
	if (word.len > 1 && (*word.p == '+' || *word.p == '-'))
		take_zone(d, word);
	return true;
}

/* "02.03.2026" (a time would have a day before it), "02/03/2026". */
static bool
is_dotted_date(const struct parts *d, struct ouv_str word)
{
	size_t dots = 0;

	for (size_t i = 0; i < word.len; i++) {
		if (word.p[i] == '.')
			dots++;
		else if (!is_digit(word.p[i]))
			return false;
	}
	return dots >= 2 && d->day < 0 && word.p[word.len - 1] != '.';
}

/* A number with letters behind it: "10PM", "10h30", "2Feb2026". */
static void
take_mixed(struct parts *d, int value, int digits, struct ouv_str rest)
{
	struct ouv_str name = rest, tail;

	if (digits <= 2 && d->hour < 0 && d->day >= 0 &&
		((*rest.p | 0x20) == 'h' || take_half_day(d, rest))) {
		d->hour = value;
		skip(&rest, 1);
		(void)number(&rest, &d->minute);
		return;
	}
	take_number(d, value, digits);
	for (name.len = 0; name.len < rest.len && !is_digit(rest.p[name.len]);)
		name.len++;
	take_word(d, name);
	tail = (struct ouv_str){ rest.p + name.len, rest.len - name.len };
	if (tail.len > 0 && (digits = number(&tail, &value)) > 0)
		take_number(d, value, digits);
}

static void
take(struct parts *d, struct ouv_str word)
{
	struct ouv_str rest = word;
	int value, digits = number(&rest, &value);

	if (digits == 0 && (*word.p == '+' || *word.p == '-') && word.len > 1 &&
		is_digit(word.p[1])) {
		if (d->hour >= 0 && !d->zone)
			take_zone(d, word);
		return;
	}
	if (digits == 0) {
		take_word(d, word);
		return;
	}
	if (take_compact(d, word))
		return;
	if (is_dotted_date(d, word)) {
		take_joined(d, word);
		return;
	}
	if (rest.len > 1 && is_digit(rest.p[1]) && d->hour < 0 && digits <= 2 &&
		(*rest.p == ':' || (*rest.p == '.' && d->day >= 0))) {
		take_time(d, word);
		return;
	}
	if (rest.len > 1 && (*rest.p == '-' || *rest.p == '/')) {
		take_joined(d, word);
		return;
	}
	if (rest.len > 0 && !is_digit(*rest.p) && *rest.p != '.')
		take_mixed(d, value, digits, rest);
	else
		take_number(d, value, digits);
}

/* Days from 1970-01-01 in the Gregorian calendar. */
static int64_t
days_from_civil(int64_t year, int month, int day)
{
	int64_t era, of_era, of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

static bool
day_exists(const struct parts *d)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap =
		d->year % 4 == 0 && (d->year % 100 != 0 || d->year % 400 == 0);

	return d->day >= 1 &&
	       d->day <= days[d->month - 1] + (d->month == 2 && leap);
}

static void
swap_day_and_month(struct parts *d)
{
	int day = d->day;

	d->day = d->month;
	d->month = day;
}

static int
weekday_of(const struct parts *d)
{
	/* 1970-01-01 was a Thursday */
	return (int)((days_from_civil(d->year, d->month, d->day) % 7 + 11) % 7);
}

/*
 * 02/03/2026 is the second of March for most of the world.  It is the third
 * of February when nothing else exists, when the weekday says so, or when the
 * clock has twelve hours, which those who write months first use.
 */
static void
settle_order(struct parts *d)
{
	struct parts other = *d;
	bool this_fits, other_fits;

	if (!d->all_digits || d->day < 1 || d->day > 12)
		return;
	swap_day_and_month(&other);
	if (d->month < 1 || d->month > 12) {
		*d = other;
		return;
	}
	this_fits = d->weekday == weekday_of(d);
	other_fits = d->weekday == weekday_of(&other);
	if (other_fits != this_fits ? other_fits : d->half_day)
		*d = other;
}

/* The next word: up to a blank, a comma or a comment, which are passed. */
static bool
next_word(struct ouv_str *text, struct ouv_str *word_out)
{
	int depth = 0;
	size_t n = 0;

	while (text->len > 0) {
		char c = *text->p;

		if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
		else if (depth == 0 && (unsigned char)c > ' ' && c != ',' &&
			 c != ';' && c != '"')
			break;
		skip(text, 1);
	}
	while (n < text->len && (unsigned char)text->p[n] > ' ' &&
		text->p[n] != ',' && text->p[n] != '(' && text->p[n] != ';' &&
		text->p[n] != '"')
		n++;
	*word_out = (struct ouv_str){ text->p, n };
	skip(text, n);
	return n > 0;
}

bool
mail_date(struct ouv_str raw, int64_t *date_out)
{
	struct parts d = {
		.year = -1, .month = -1, .day = -1, .hour = -1, .weekday = -1
	};
	struct ouv_str word;
	int words = 0;

	/* no date is longer; what follows is somebody's joke */
	if (raw.len > 200)
		raw.len = 200;
	while (words++ < 20 && next_word(&raw, &word))
		take(&d, word);
	settle_order(&d);
	if (d.year < 1900 || d.year > 9999 || d.month < 1 || d.month > 12 ||
		!day_exists(&d))
		return false;
	if (d.hour < 0)
		d.hour = 0;
	if (d.half_day && d.hour <= 12)
		d.hour = d.hour % 12 + (d.afternoon ? 12 : 0);
	if (d.hour > 24 || d.minute > 59 || d.second > 60 ||
		(d.hour == 24 && (d.minute > 0 || d.second > 0)))
		return false;
	*date_out = days_from_civil(d.year, d.month, d.day) * 86400 +
		    (int64_t)d.hour * 3600 + (int64_t)d.minute * 60 + d.second -
		    (int64_t)d.offset * 60;
	return true;
}
