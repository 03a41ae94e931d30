/*
 * cmd_calendar_days.c - days of an iCalendar file: proposed, accepted, refused
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <jansson.h>

#include "cmd.h"
#include "ouv/calendar_import.h"
#include "ouv/log.h"

static const char usage[] =
	"usage: ouvidoria calendar import FILE --calendar NAME [--json]\n"
	"       ouvidoria calendar proposed [--all] [--json]\n"
	"       ouvidoria calendar accept|refuse --calendar NAME"
	" YYYY-MM-DD...|all\n";

struct asked {
	struct cmd_env *env;
	struct ouv_arena *arena;
	struct ouv_desk *desk;
	const char *calendar;
	bool json, all;
	int argc;    /* what follows the verb */
	char **argv; /* ... */
};

static const char *
day_text(struct ouv_arena *arena, int32_t day)
{
	char text[OUV_DAY_MAX];

	ouv_day_write(day, text);
	return ouv_arena_strdup(arena, text);
}

static void
print_json(json_t *doc)
{
	(void)json_dumpf(doc, stdout, JSON_COMPACT);
	(void)putchar('\n');
	json_decref(doc);
}

/* ---- import ---------------------------------------------------------------
 */

/* No more of a file than is ever read of it; one byte more tells. */
static const char *
some_of(struct ouv_arena *arena, const char *path, size_t *len_out)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char *text;
	int failed;

	if (file == NULL)
		return NULL;
	text = ouv_arena_raw(arena, OUV_ICAL_BYTES + 1);
	*len_out = fread(text, 1, OUV_ICAL_BYTES + 1, file);
	failed = ferror(file) ? errno : 0;
	if (file != stdin)
		(void)fclose(file);
	errno = failed;
	return failed == 0 ? text : NULL;
}

static int
import(struct asked *a)
{
	const char *path = a->argv[0], *slash = strrchr(path, '/');
	struct ouv_day_import done;
	size_t len = 0;
	const char *text = some_of(a->arena, path, &len);
	char what[200] = "";
	enum ouv_err err;

	if (text == NULL) {
		ouv_log_error("%s: %s", path, strerror(errno));
		return 1;
	}
	err = ouv_desk_days_import(a->desk, a->arena, a->calendar,
		slash != NULL ? slash + 1 : path, text, len, &done, what);
	if (err != OUV_OK) {
		if (*what != '\0')
			ouv_log_error("%s: %s", path, what);
		return cmd_status(err);
	}
	if (a->json)
		print_json(json_pack("{s:I, s:I, s:I, s:I, s:I}", "proposed",
			(json_int_t)done.proposed, "known",
			(json_int_t)done.known, "closed",
			(json_int_t)done.closed, "cancelled",
			(json_int_t)done.cancelled, "outside",
			(json_int_t)done.outside));
	else
		printf("proposed %zu, known %zu, closed already %zu, "
		       "cancelled %zu, outside of the calendar %zu\n",
			done.proposed, done.known, done.closed, done.cancelled,
			done.outside);
	return 0;
}

/* ---- proposed -------------------------------------------------------------
 */

static int
proposed(struct asked *a)
{
	struct ouv_imported_day *list;
	json_t *doc = json_array();
	size_t count = 0;
	enum ouv_err err;

	err = ouv_desk_imported_days(
		a->desk, a->arena, a->all ? "" : "proposed", &list, &count);
	for (size_t i = 0; i < count; i++) {
		const struct ouv_imported_day *day = &list[i];

		if (a->json)
			(void)json_array_append_new(doc,
				json_pack("{s:s, s:s, s:s, s:s, s:s}", "day",
					day_text(a->arena, day->day),
					"calendar", day->calendar, "name",
					day->name, "source", day->source,
					"state", day->state));
		else
			printf("%s %-8s %-8s %s (%s)\n",
				day_text(a->arena, day->day), day->calendar,
				day->state, day->name, day->source);
	}
	if (a->json && err == OUV_OK)
		print_json(json_incref(doc));
	json_decref(doc);
	return cmd_status(err);
}

/* ---- accept, refuse -------------------------------------------------------
 */

static bool
is_meant(const struct asked *a, const struct ouv_imported_day *day)
{
	const char *text = day_text(a->arena, day->day);

	if (strcmp(day->calendar, a->calendar) != 0)
		return false;
	if (a->argc == 1 && strcmp(a->argv[0], "all") == 0)
		return strcmp(day->state, "proposed") == 0;
	for (int i = 0; i < a->argc; i++)
		if (strcmp(a->argv[i], text) == 0)
			return true;
	return false;
}

/* A day named that came with no file is told before anything is decided. */
static bool
all_there(const struct asked *a, const struct ouv_imported_day *list,
	size_t count)
{
	for (int i = 0; i < a->argc; i++) {
		bool there = a->argc == 1 && strcmp(a->argv[i], "all") == 0;

		for (size_t n = 0; n < count; n++)
			there = there ||
				(strcmp(list[n].calendar, a->calendar) == 0 &&
					strcmp(day_text(a->arena, list[n].day),
						a->argv[i]) == 0);
		if (!there) {
			ouv_log_error("%s: no file brought that day for "
				      "calendar %s",
				a->argv[i], a->calendar);
			return false;
		}
	}
	return true;
}

static int
decide(struct asked *a, bool accept)
{
	const char *want = accept ? "accepted" : "refused";
	struct ouv_imported_day *list;
	size_t count = 0, done = 0;
	enum ouv_err err;

	err = ouv_desk_imported_days(a->desk, a->arena, "", &list, &count);
	if (err == OUV_OK && !all_there(a, list, count))
		return 1;
	for (size_t i = 0; i < count && err == OUV_OK; i++) {
		if (!is_meant(a, &list[i]) || strcmp(list[i].state, want) == 0)
			continue;
		err = ouv_desk_day_decide(
			a->desk, a->arena, NULL, NULL, &list[i].id, accept);
		done += err == OUV_OK;
	}
	printf("%s %zu\n", want, done);
	return cmd_status(err);
}

static int
accept_days(struct asked *a)
{
	return decide(a, true);
}

static int
refuse_days(struct asked *a)
{
	return decide(a, false);
}

/* ---- the command line -----------------------------------------------------
 */

/* clang-format off */
static const struct {
	const char *name;
	int (*run)(struct asked *a);
	int least, most; /* words after it */
	bool calendar;   /* needs --calendar */
} verbs[] = {
	{ "import",   import,      1, 1,    true },
	{ "proposed", proposed,    0, 0,    false },
	{ "accept",   accept_days, 1, 1000, true },
	{ "refuse",   refuse_days, 1, 1000, true },
};
/* clang-format on */
#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

bool
cmd_calendar_is_day(const char *verb)
{
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(verbs[i].name, verb) == 0)
			return true;
	return false;
}

static bool
read_options(int argc, char **argv, struct asked *a)
{
	static const struct option options[] = {
		{ "calendar", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "all", no_argument, NULL, 'a' }, { NULL, 0, NULL, 0 }
	};
	int c;

	optind = 0; /* the options are read anew */
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'j')
			a->json = true;
		else if (c == 'a')
			a->all = true;
		else if (c == 'c')
			a->calendar = optarg;
		else
			return false;
	}
	a->argc = argc - optind - 1;
	a->argv = argv + optind + 1;
	return a->argc >= 0;
}

static int
run(struct asked *a, const char *verb)
{
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	enum ouv_err err;

	for (size_t i = 0; i < VERBS; i++) {
		if (strcmp(verbs[i].name, verb) != 0)
			continue;
		if (a->argc < verbs[i].least || a->argc > verbs[i].most ||
			(a->calendar != NULL) != verbs[i].calendar)
			break;
		err = ouv_office_new(
			a->env->config, OUV_DESK_OPERATOR, &office);
		if (err == OUV_OK)
			err = ouv_desk_open(office, &desk);
		if (err != OUV_OK)
			return cmd_status(err);
		a->desk = desk;
		return verbs[i].run(a);
	}
	fputs(usage, stderr);
	return 2;
}

int
cmd_calendar_days(struct cmd_env *env, int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct asked a = { .env = env, .arena = arena };

	if (!read_options(argc, argv, &a)) {
		fputs(usage, stderr);
		return 2;
	}
	return run(&a, argv[optind]);
}
