/*
 * cmd_calendar.c - when the office is open, and who is away
 *
 * With --calendar a file alone is looked at, without a database: what another
 * office, or next year's file, would mean.  Otherwise the office's own
 * closings count as well.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "cmd.h"
#include "ouv/calendar_file.h"
#include "ouv/desk.h"
#include "ouv/log.h"

static const char usage[] =
	"usage: ouvidoria calendar days --year Y [--calendar NAME] [--json]\n"
	"       ouvidoria calendar absences [--json]\n"
	"       ouvidoria calendar why YYYY-MM-DD [--calendar NAME] [--json]\n"
	"       ouvidoria calendar import FILE --calendar NAME [--json]\n"
	"       ouvidoria calendar proposed [--all] [--json]\n"
	"       ouvidoria calendar accept|refuse --calendar NAME"
	" YYYY-MM-DD...|all\n";

struct asked {
	struct cmd_env *env;
	struct ouv_arena *arena;
	const char *calendar; /* NULL: the office's, with its closings */
	int32_t from, until;
	bool json, closed_only;
	enum ouv_lang lang;
};

static const char *const weekdays[] = { "mon", "tue", "wed", "thu", "fri",
	"sat", "sun" };

static const char *
day_text(struct ouv_arena *arena, int32_t day)
{
	char text[OUV_DAY_MAX];

	ouv_day_write(day, text);
	return ouv_arena_strdup(arena, text);
}

/* ---- days ---------------------------------------------------------------- */

/* As ouv_desk_days, of a file alone. */
static enum ouv_err
file_days(const struct asked *a, struct ouv_office_day **list_out,
	size_t *count_out)
{
	struct ouv_calendar_error error;
	struct ouv_calendar_book book;
	struct ouv_office_day *list;
	size_t count = (size_t)(a->until - a->from) + 1;
	enum ouv_err err;

	err = ouv_calendar_read(a->arena, a->env->config->paths_calendars,
		a->calendar, &book, &error);
	if (err != OUV_OK) {
		ouv_log_error("calendars in %s: %s: %s",
			a->env->config->paths_calendars, error.file,
			error.what);
		return err;
	}
	if (a->from < ouv_day_of(book.calendar.first_year, 1, 1) ||
		a->until > ouv_day_of(book.calendar.last_year, 12, 31))
		return OUV_INVALID;
	list = ouv_arena_array(a->arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct ouv_office_day *day = &list[i];
		const char *why;

		day->day = a->from + (int32_t)i;
		day->law = "";
		day->open = ouv_calendar_open(&book.calendar, day->day, &why);
		day->hours = book.calendar.week[ouv_day_weekday(day->day)];
		for (size_t n = 0; n < book.calendar.closed_count; n++) {
			if (book.names[n].id != why)
				continue;
			memcpy(day->why, book.names[n].in, sizeof(day->why));
			day->law = book.names[n].law;
		}
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

/* What the office is asked for; its words live in the arena. */
typedef enum ouv_err ask_fn(struct ouv_desk *desk, const struct asked *a,
	void *list_out, size_t *count_out);

static enum ouv_err
ask_days(struct ouv_desk *desk, const struct asked *a, void *list_out,
	size_t *count_out)
{
	return ouv_desk_days(
		desk, a->arena, a->from, a->until, list_out, count_out);
}

static enum ouv_err
ask_absences(struct ouv_desk *desk, const struct asked *a, void *list_out,
	size_t *count_out)
{
	return ouv_desk_absences(
		desk, a->arena, a->from, a->until, list_out, count_out);
}

static enum ouv_err
at_the_office(
	const struct asked *a, ask_fn *ask, void *list_out, size_t *count_out)
{
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	enum ouv_err err;

	err = ouv_office_new(a->env->config, OUV_DESK_OPERATOR, &office);
	if (err == OUV_OK)
		err = ouv_desk_open(office, &desk);
	return err == OUV_OK ? ask(desk, a, list_out, count_out) : err;
}

static json_t *
day_json(const struct asked *a, const struct ouv_office_day *day)
{
	json_t *hours = json_array(), *names = json_object();

	for (size_t i = 0; day->open && i < day->hours.count; i++)
		(void)json_array_append_new(
			hours, json_sprintf("%02d:%02d-%02d:%02d",
				       day->hours.list[i].open / 3600,
				       day->hours.list[i].open / 60 % 60,
				       day->hours.list[i].close / 3600,
				       day->hours.list[i].close / 60 % 60));
	for (int l = 0; l < OUV_LANG__COUNT; l++)
		if (day->why[l] != NULL)
			(void)json_object_set_new(names,
				ouv_lang_tag((enum ouv_lang)l),
				json_string(day->why[l]));
	return json_pack("{s:s, s:s, s:b, s:o, s:o, s:s, s:s?}", "day",
		day_text(a->arena, day->day), "weekday",
		weekdays[ouv_day_weekday(day->day)], "open", (int)day->open,
		"hours", hours, "name", names, "law", day->law, "closing",
		day->closing != NULL
			? ouv_absence_reason_name(day->closing->reason)
			: NULL);
}

static void
print_day(const struct asked *a, const struct ouv_office_day *day)
{
	const char *name = day->why[a->lang];

	printf("%s %s %s", day_text(a->arena, day->day),
		weekdays[ouv_day_weekday(day->day)],
		day->open ? "open" : "closed");
	for (size_t i = 0; day->open && i < day->hours.count; i++)
		printf(" %02d:%02d-%02d:%02d", day->hours.list[i].open / 3600,
			day->hours.list[i].open / 60 % 60,
			day->hours.list[i].close / 3600,
			day->hours.list[i].close / 60 % 60);
	if (day->closing != NULL)
		printf(" office %s",
			ouv_absence_reason_name(day->closing->reason));
	else if (!day->open)
		printf(" %s", name != NULL ? name : "weekly");
	if (*day->law != '\0')
		printf(" (%s)", day->law);
	(void)putchar('\n');
}

static void
print_json(json_t *doc)
{
	(void)json_dumpf(doc, stdout, JSON_COMPACT);
	(void)putchar('\n');
	json_decref(doc);
}

/* A list of days shows what is out of the ordinary; one day shows itself. */
static int
days(const struct asked *a)
{
	struct ouv_office_day *list;
	json_t *doc = a->json ? json_array() : NULL;
	size_t count;
	enum ouv_err err;

	err = a->calendar != NULL ? file_days(a, &list, &count)
				  : at_the_office(a, ask_days, &list, &count);
	if (err == OUV_INVALID)
		ouv_log_error("the calendar does not know that year");
	for (size_t i = 0; err == OUV_OK && i < count; i++) {
		const struct ouv_office_day *day = &list[i];

		if (a->closed_only &&
			(day->open ||
				(day->why[0] == NULL && day->closing == NULL)))
			continue;
		if (a->json)
			(void)json_array_append_new(doc, day_json(a, day));
		else
			print_day(a, day);
	}
	if (a->json && err == OUV_OK)
		print_json(json_incref(doc));
	json_decref(doc);
	return cmd_status(err);
}

/* ---- absences ------------------------------------------------------------ */

static json_t *
absence_json(const struct asked *a, const struct ouv_absence *one)
{
	return json_pack("{s:s?, s:s, s:s, s:s, s:s, s:s, s:s?, s:b, s:b, s:i}",
		"login", *one->login != '\0' ? one->login : NULL, "name",
		one->name, "reason", ouv_absence_reason_name(one->reason),
		"first", day_text(a->arena, one->first_day), "last",
		day_text(a->arena, one->last_day), "back",
		day_text(a->arena, one->back_day), "substitute",
		one->substitute, "now", (int)one->now, "called_off",
		(int)(one->called_off_at != 0), "told", one->told);
}

static int
absences(struct asked *a)
{
	struct ouv_absence *list;
	json_t *doc = json_array();
	size_t count = 0;
	enum ouv_err err;

	a->from = ouv_day_of(1970, 1, 1);
	a->until = ouv_day_of(4000, 1, 1);
	err = at_the_office(a, ask_absences, &list, &count);
	for (size_t i = 0; i < count; i++) {
		const struct ouv_absence *one = &list[i];

		if (a->json)
			(void)json_array_append_new(doc, absence_json(a, one));
		else
			printf("%s %s %-16s %-20s%s%s%s\n",
				day_text(a->arena, one->first_day),
				day_text(a->arena, one->last_day),
				ouv_absence_reason_name(one->reason),
				*one->login != '\0' ? one->login : "office",
				one->substitute != NULL ? one->substitute : "",
				one->now ? " now" : "",
				one->called_off_at != 0 ? " called-off" : "");
	}
	if (a->json && err == OUV_OK)
		print_json(json_incref(doc));
	json_decref(doc);
	return cmd_status(err);
}

/* ---- the command line ---------------------------------------------------- */

static bool
read_year(struct asked *a, const char *text)
{
	char *end;
	long year = strtol(text, &end, 10);

	if (*end != '\0' || year < 1970 || year > 4000)
		return false;
	a->from = ouv_day_of((int)year, 1, 1);
	a->until = ouv_day_of((int)year, 12, 31);
	return true;
}

static bool
read_options(int argc, char **argv, struct asked *a, bool *year)
{
	static const struct option options[] = { { "year", required_argument,
							 NULL, 'y' },
		{ "calendar", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' }, { NULL, 0, NULL, 0 } };
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'j')
			a->json = true;
		else if (c == 'c')
			a->calendar = optarg;
		else if (c == 'y' && read_year(a, optarg))
			*year = true;
		else
			return false;
	}
	return true;
}

int
cmd_calendar(struct cmd_env *env, int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct asked a = { .env = env,
		.arena = arena,
		.lang = ouv_lang_parse(
			env->config->office_language, OUV_LANG_PT_BR) };
	bool year = false, good;
	const char *verb;
	int left;

	if (argc > 1 && cmd_calendar_is_day(argv[1]))
		return cmd_calendar_days(env, argc, argv);
	good = read_options(argc, argv, &a, &year);
	left = argc - optind;
	verb = good && left > 0 ? argv[optind] : "";
	if (strcmp(verb, "days") == 0 && left == 1 && year) {
		a.closed_only = true;
		return days(&a);
	}
	if (strcmp(verb, "absences") == 0 && left == 1 && !year &&
		a.calendar == NULL)
		return absences(&a);
	if (strcmp(verb, "why") == 0 && left == 2 && !year &&
		ouv_day_read(argv[optind + 1], &a.from)) {
		a.until = a.from;
		return days(&a);
	}
	fputs(usage, stderr);
	return 2;
}
