/*
 * cmd_deadline.c - when something is due, and why; the profiles that say so
 *
 * Without a database the product's files answer, and standard error says so:
 * the office's own versions, accepted days and closings are not in them.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <jansson.h>

#include "cmd.h"
#include "ouv/clock.h"
#include "ouv/deadline.h"
#include "ouv/log.h"

static const char usage[] =
	"usage: ouvidoria deadline --clock NAME --from RFC3339 [--profile NAME]"
	" [--calendar NAME] [--outcome NAME] [--json]\n"
	"       ouvidoria deadline list [--json]\n"
	"       ouvidoria deadline show NAME [--json]\n"
	"       ouvidoria deadline set NAME --file FILE --reason TEXT\n";

struct asked {
	struct cmd_env *env;
	struct ouv_arena *arena;
	struct ouv_deadline_ask ask;
	const char *file, *reason, *name;
	bool json, have_from;
	enum ouv_lang lang;
};

/* OUV_OK without a desk: the files must do. */
static void
open_desk(const struct asked *a, struct ouv_office **office_out,
	struct ouv_desk **desk_out)
{
	enum ouv_err err;

	err = ouv_office_new(a->env->config, OUV_DESK_OPERATOR, office_out);
	if (err == OUV_OK)
		err = ouv_desk_open(*office_out, desk_out);
	if (err != OUV_OK)
		ouv_log_warn("no database: the product's files alone are "
			     "looked at");
}

static int
failed(enum ouv_err err, const char *what)
{
	if (*what != '\0')
		ouv_log_error("%s", what);
	return cmd_status(err);
}

static void
print_json(json_t *doc)
{
	(void)json_dumpf(doc, stdout, JSON_COMPACT);
	(void)putchar('\n');
	json_decref(doc);
}

static const char *
day_text(struct ouv_arena *arena, int32_t day)
{
	char text[OUV_DAY_MAX];

	ouv_day_write(day, text);
	return ouv_arena_strdup(arena, text);
}

static const char *
term_text(struct ouv_arena *arena, const struct ouv_term *term)
{
	return term->amount == 0
		       ? "none"
		       : ouv_arena_printf(arena, "%d %s", term->amount,
				 ouv_unit_name(term->unit));
}

/* ---- one due date ---------------------------------------------------------
 */

/* "Natal (Lei 662/1949)", "weekly"; NULL: nothing closes that day. */
static const char *
reason_text(const struct asked *a, const struct ouv_deadline_why *why)
{
	const char *name = why->in[a->lang];

	if (name == NULL)
		return why->code;
	return *why->law == '\0'
		       ? name
		       : ouv_arena_printf(a->arena, "%s (%s)", name, why->law);
}

static json_t *
step_json(const struct asked *a, const struct ouv_deadline *d, size_t i)
{
	const struct ouv_step *step = &d->due.steps[i];

	return json_pack("{s:s, s:b, s:s?}", "date",
		day_text(a->arena, step->day), "counted", (int)step->counted,
		"reason", step->counted ? NULL : reason_text(a, &d->why[i]));
}

static void
print_due_json(const struct asked *a, const struct ouv_deadline *d)
{
	json_t *steps = json_array();
	char due[OUV_INSTANT_MAX];

	for (size_t i = 0; i < d->due.step_count; i++)
		(void)json_array_append_new(steps, step_json(a, d, i));
	ouv_instant_write(d->calendar, d->due.at, due);
	print_json(json_pack(
		"{s:s, s:s, s:s, s:s, s:o, s:s, s:i, s:s, s:s*, s:s}", "due",
		due, "rule", term_text(a->arena, d->term), "calendar",
		d->calendar->name, "day_zero",
		day_text(a->arena, d->due.day_zero), "steps", steps, "profile",
		d->terms.name, "version", d->terms.n, "clock", a->ask.clock,
		"outcome", a->ask.outcome, "law", d->term->law));
}

static void
print_due(const struct asked *a, const struct ouv_deadline *d)
{
	char due[OUV_INSTANT_MAX];

	ouv_instant_write(d->calendar, d->due.at, due);
	printf("due       %s\n", due);
	printf("rule      %s %s%s%s: %s%s%s%s\n", d->terms.name, a->ask.clock,
		a->ask.outcome != NULL ? ", " : "",
		a->ask.outcome != NULL ? a->ask.outcome : "",
		term_text(a->arena, d->term), *d->term->law != '\0' ? " (" : "",
		d->term->law, *d->term->law != '\0' ? ")" : "");
	printf("calendar  %s, %s\n", d->calendar->name, d->calendar->zone);
	printf("day zero  %s\n", day_text(a->arena, d->due.day_zero));
	for (size_t i = 0; i < d->due.step_count; i++) {
		const struct ouv_step *step = &d->due.steps[i];
		const char *reason = reason_text(a, &d->why[i]);

		printf("%s  %s%s%s\n", day_text(a->arena, step->day),
			step->counted ? "counted" : "passed over",
			step->counted || reason == NULL ? "" : ": ",
			step->counted || reason == NULL ? "" : reason);
	}
}

static int
due(const struct asked *a)
{
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	struct ouv_deadline d = { 0 };
	char what[200] = "";
	enum ouv_err err;

	open_desk(a, &office, &desk);
	err = desk != NULL
		      ? ouv_desk_deadline(desk, a->arena, &a->ask, &d, what)
		      : ouv_file_deadline(
				a->env->config, a->arena, &a->ask, &d, what);
	if (err != OUV_OK)
		return failed(err, what);
	(a->json ? print_due_json : print_due)(a, &d);
	return 0;
}

/* ---- profiles -------------------------------------------------------------
 */

static int
list(const struct asked *a)
{
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	struct ouv_terms_line *lines;
	json_t *doc = json_array();
	size_t count = 0;
	enum ouv_err err;

	open_desk(a, &office, &desk);
	err = ouv_desk_terms_list(
		desk, a->env->config, a->arena, &lines, &count);
	for (size_t i = 0; i < count; i++) {
		char at[21] = "";

		if (lines[i].n != 0)
			ouv_clock_rfc3339(lines[i].at, at);
		if (a->json)
			(void)json_array_append_new(doc,
				json_pack("{s:s, s:i, s:s?, s:s?}", "profile",
					lines[i].name, "version", lines[i].n,
					"at", lines[i].n != 0 ? at : NULL,
					"reason", lines[i].reason));
		else
			printf("%-16s %3d  %s%s%s\n", lines[i].name, lines[i].n,
				at, *at != '\0' ? "  " : "",
				lines[i].reason != NULL ? lines[i].reason : "");
	}
	if (a->json && err == OUV_OK)
		print_json(json_incref(doc));
	json_decref(doc);
	return cmd_status(err);
}

static json_t *
clock_json(const struct asked *a, const struct ouv_terms_clock *clock)
{
	json_t *remind = json_array();

	for (int i = 0; i < OUV_REMINDERS; i++)
		if (clock->remind[i].amount != 0)
			(void)json_array_append_new(
				remind, json_string(term_text(
						a->arena, &clock->remind[i])));
	return json_pack("{s:s, s:s, s:s, s:o, s:s}", "term",
		term_text(a->arena, &clock->term), "law", clock->term.law,
		"extension", term_text(a->arena, &clock->extension), "remind",
		remind, "notice", term_text(a->arena, &clock->notice));
}

static void
show_json(const struct asked *a, const struct ouv_terms *terms)
{
	json_t *clocks = json_object(), *limits = json_object();
	json_t *kept = json_object();

	for (int i = 0; i < OUV_CLOCK__COUNT; i++)
		(void)json_object_set_new(clocks,
			ouv_clock_name((enum ouv_clock)i),
			clock_json(a, &terms->clocks[i]));
	for (int i = 0; i < OUV_LIMIT__COUNT; i++)
		(void)json_object_set_new(limits,
			ouv_limit_name((enum ouv_limit)i),
			json_string(term_text(a->arena, &terms->limits[i])));
	for (int i = 0; i < OUV_END__COUNT; i++)
		if (terms->kept[i].amount != 0)
			(void)json_object_set_new(kept,
				ouv_end_name((enum ouv_end)i),
				json_string(
					term_text(a->arena, &terms->kept[i])));
	print_json(json_pack("{s:s, s:i, s:s, s:s, s:s, s:o, s:o, s:o}",
		"profile", terms->name, "version", terms->n, "title",
		terms->title[a->lang], "law", terms->law, "calendar",
		terms->calendar, "clocks", clocks, "limits", limits,
		"retention", kept));
}

static void
show_text(const struct asked *a, const struct ouv_terms *terms)
{
	printf("%s, version %d: %s\n", terms->name, terms->n,
		terms->title[a->lang]);
	for (int i = 0; i < OUV_CLOCK__COUNT; i++) {
		const struct ouv_terms_clock *clock = &terms->clocks[i];

		printf("%-16s %s", ouv_clock_name((enum ouv_clock)i),
			term_text(a->arena, &clock->term));
		if (clock->extension.amount != 0)
			printf(", once +%s",
				term_text(a->arena, &clock->extension));
		for (int n = 0; n < OUV_REMINDERS; n++)
			if (clock->remind[n].amount != 0)
				printf("%s %s",
					n == 0 ? ", reminders before:" : ",",
					term_text(a->arena, &clock->remind[n]));
		printf("%s%s%s\n", *clock->term.law != '\0' ? " (" : "",
			clock->term.law, *clock->term.law != '\0' ? ")" : "");
	}
	for (int i = 0; i < OUV_LIMIT__COUNT; i++)
		printf("%-16s %s\n", ouv_limit_name((enum ouv_limit)i),
			term_text(a->arena, &terms->limits[i]));
	for (int i = 0; i < OUV_END__COUNT; i++)
		if (terms->kept[i].amount != 0)
			printf("retention, %s: %s\n",
				ouv_end_name((enum ouv_end)i),
				term_text(a->arena, &terms->kept[i]));
}

static int
show(const struct asked *a)
{
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	struct ouv_terms terms;
	char what[200] = "";
	enum ouv_err err;

	open_desk(a, &office, &desk);
	err = ouv_desk_terms(
		desk, a->env->config, a->arena, a->name, &terms, what);
	if (err != OUV_OK)
		return failed(err, what);
	(a->json ? show_json : show_text)(a, &terms);
	return 0;
}

/* Without a database there is nowhere to put it. */
static int
set(const struct asked *a)
{
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	const char *content = cmd_slurp(a->arena, a->file);
	char what[200] = "";
	enum ouv_err err;
	int n = 0;

	if (content == NULL) {
		ouv_log_error("%s: %s", a->file, strerror(errno));
		return 1;
	}
	err = ouv_office_new(a->env->config, OUV_DESK_OPERATOR, &office);
	if (err == OUV_OK)
		err = ouv_desk_open(office, &desk);
	if (err == OUV_OK)
		err = ouv_desk_terms_set(
			desk, a->arena, a->name, content, a->reason, &n, what);
	if (err != OUV_OK)
		return failed(err, what);
	printf("%s %d\n", a->name, n);
	return 0;
}

/* ---- the command line -----------------------------------------------------
 */

static bool
read_options(int argc, char **argv, struct asked *a)
{
	static const struct option options[] = { { "profile", required_argument,
							 NULL, 'p' },
		{ "clock", required_argument, NULL, 'k' },
		{ "from", required_argument, NULL, 'f' },
		{ "calendar", required_argument, NULL, 'c' },
		{ "outcome", required_argument, NULL, 'o' },
		{ "file", required_argument, NULL, 'i' },
		{ "reason", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' }, { NULL, 0, NULL, 0 } };
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'j')
			a->json = true;
		else if (c == 'p')
			a->ask.profile = optarg;
		else if (c == 'k')
			a->ask.clock = optarg;
		else if (c == 'c')
			a->ask.calendar = optarg;
		else if (c == 'o')
			a->ask.outcome = optarg;
		else if (c == 'i')
			a->file = optarg;
		else if (c == 'r')
			a->reason = optarg;
		else if (c == 'f' && ouv_instant_read(optarg, &a->ask.from))
			a->have_from = true;
		else
			return false;
	}
	return true;
}

int
cmd_deadline(struct cmd_env *env, int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct asked a = { .env = env,
		.arena = arena,
		.lang = ouv_lang_parse(
			env->config->office_language, OUV_LANG_PT_BR) };
	bool good = read_options(argc, argv, &a);
	int left = argc - optind;
	const char *verb = good && left > 0 ? argv[optind] : "";
	bool plain = a.ask.clock == NULL && !a.have_from &&
		     a.ask.profile == NULL && a.ask.calendar == NULL &&
		     a.ask.outcome == NULL;
	bool storing = a.file != NULL || a.reason != NULL;

	a.name = left > 1 ? argv[optind + 1] : NULL;
	if (good && left == 0 && a.ask.clock != NULL && a.have_from && !storing)
		return due(&a);
	if (strcmp(verb, "list") == 0 && left == 1 && plain && !storing)
		return list(&a);
	if (strcmp(verb, "show") == 0 && left == 2 && plain && !storing)
		return show(&a);
	if (strcmp(verb, "set") == 0 && left == 2 && plain && !a.json &&
		a.file != NULL && a.reason != NULL)
		return set(&a);
	fputs(usage, stderr);
	return 2;
}
