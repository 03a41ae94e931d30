/*
 * cmd_report.c - figures of the office: report spread, report draw, report
 * retention
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "ouv/clock.h"
#include "ouv/impartial.h"
#include "ouv/retain.h"
#include "ouv/setup.h"

static const char usage[] =
	"usage: ouvidoria report spread [--by all|company|mediator]\n"
	"           [--from DAY] [--until DAY] [--json]\n"
	"       ouvidoria report figures --period PERIOD [--csv|--json]\n"
	"       ouvidoria report draw PROTOCOL [--json]\n"
	"       ouvidoria report retention [--json]\n";

struct wanted {
	enum ouv_spread_by by;
	int32_t from, until;
	const char *number;
	bool json, wrong;
};

/* ---- options ---------------------------------------------------------------
 */

static bool
take_by(struct wanted *w, const char *value)
{
	for (int i = 0; i < OUV_SPREAD__COUNT; i++)
		if (strcmp(value, ouv_spread_name((enum ouv_spread_by)i)) ==
			0) {
			w->by = (enum ouv_spread_by)i;
			return true;
		}
	return false;
}

static bool
take_option(struct wanted *w, const char *name, const char *value)
{
	if (value == NULL)
		return false;
	if (strcmp(name, "--by") == 0)
		return take_by(w, value);
	if (strcmp(name, "--from") == 0)
		return ouv_day_read(value, &w->from);
	if (strcmp(name, "--until") == 0)
		return ouv_day_read(value, &w->until);
	return false;
}

static void
take_options(struct wanted *w, int argc, char **argv)
{
	for (int i = 2; i < argc && !w->wrong; i++) {
		if (strcmp(argv[i], "--json") == 0)
			w->json = true;
		else if (argv[i][0] != '-' && w->number == NULL)
			w->number = argv[i];
		else if (take_option(
				 w, argv[i], i + 1 < argc ? argv[i + 1] : NULL))
			i++;
		else
			w->wrong = true;
	}
}

/* ---- spread
 * ------------------------------------------------------------------ */

static json_t *
spread_json(const struct ouv_spread *s)
{
	return json_pack("{s:s, s:I, s:{s:I, s:I, s:I, s:I, s:I},"
			 " s:{s:I, s:I, s:I, s:I, s:I}, s:{s:I, s:I, s:I}}",
		"who", s->who, "cases", (json_int_t)s->cases, "merit",
		"founded", (json_int_t)s->founded, "partly",
		(json_int_t)s->partly, "unfounded", (json_int_t)s->unfounded,
		"not-established", (json_int_t)s->not_established, "none",
		(json_int_t)s->no_merit, "resolution", "kept",
		(json_int_t)s->kept, "broken", (json_int_t)s->broken, "refused",
		(json_int_t)s->refused, "silent", (json_int_t)s->silent, "none",
		(json_int_t)s->none, "rating", "resolved",
		(json_int_t)s->resolved, "not-resolved",
		(json_int_t)s->not_resolved, "not-rated",
		(json_int_t)s->not_rated);
}

static void
print_spread(
	const struct wanted *w, const struct ouv_spread *list, size_t count)
{
	json_t *doc = json_array();

	for (size_t i = 0; w->json && i < count; i++)
		(void)json_array_append_new(doc, spread_json(&list[i]));
	if (w->json) {
		(void)json_dumpf(doc, stdout, JSON_COMPACT);
		(void)putchar('\n');
	}
	json_decref(doc);
	if (w->json)
		return;
	puts("cases  founded partly unfounded  kept broken refused silent  "
	     "resolved not-resolved not-rated  who");
	for (size_t i = 0; i < count; i++) {
		const struct ouv_spread *s = &list[i];

		printf("%5" PRId64 "  %7" PRId64 " %6" PRId64 " %9" PRId64
		       "  %4" PRId64 " %6" PRId64 " %7" PRId64 " %6" PRId64
		       "  %8" PRId64 " %12" PRId64 " %9" PRId64 "  %s\n",
			s->cases, s->founded, s->partly, s->unfounded, s->kept,
			s->broken, s->refused, s->silent, s->resolved,
			s->not_resolved, s->not_rated,
			*s->who != '\0' ? s->who : "-");
	}
}

static enum ouv_err
spread(struct ouv_desk *desk, struct ouv_arena *arena, const struct wanted *w)
{
	struct ouv_spread *list;
	size_t count;

	enum ouv_err err = ouv_desk_spread(
		desk, arena, w->by, w->from, w->until, &list, &count);

	if (err == OUV_OK)
		print_spread(w, list, count);
	return err;
}

/* ---- draws
 * ---------------------------------------------------------------------- */

static enum ouv_err
draw(struct ouv_desk *desk, struct ouv_arena *arena, const struct wanted *w)
{
	struct ouv_drawn *list;
	bool all = true;
	size_t count;
	enum ouv_err err =
		ouv_desk_draws_again(desk, arena, w->number, &list, &count);

	if (err != OUV_OK)
		return err;
	for (size_t i = 0; i < count; i++) {
		all = all && list[i].same;
		if (w->json)
			printf("{\"n\":%d,\"same\":%s}\n", list[i].n,
				list[i].same ? "true" : "false");
		else
			printf("%d: drawn %s, again %s: %s\n", list[i].n,
				list[i].recorded,
				list[i].again != NULL ? list[i].again : "-",
				list[i].same ? "OK" : "NOT THE SAME");
	}
	return all ? OUV_OK : OUV_REFUSED;
}

/* ---- retention
 * ------------------------------------------------------------------ */

#define LINES 500 /* of each list; more are counted */

static json_t *
moment(int64_t at)
{
	char text[21];

	if (at == 0)
		return json_null();
	ouv_clock_rfc3339(at, text);
	return json_string(text);
}

static json_t *
kept_json(const struct ouv_kept *k)
{
	char review[OUV_DAY_MAX] = "";

	if (k->review_day != 0)
		ouv_day_write(k->review_day, review);
	return json_pack(
		"{s:s, s:o, s:o, s:o, s:o, s:s?, s:s?, s:i, s:s?, s:s?, s:o}",
		"protocol", k->protocol, "closed", moment(k->closed_at), "due",
		moment(k->due_at), "erased", moment(k->erased_at), "waiting",
		moment(k->waiting_at), "ended",
		k->end != OUV_END__COUNT ? ouv_end_name(k->end) : NULL,
		"profile", k->profile, "amount", k->amount, "unit", k->unit,
		"review", *review != '\0' ? review : NULL, "against",
		ouv_desk_guard_names(k->against));
}

static void
print_kept(const char *name, const struct ouv_kept_page *page, int64_t all)
{
	printf("%s: %" PRId64 "\n", name, all);
	for (size_t i = 0; i < page->count; i++) {
		const struct ouv_kept *k = &page->list[i];
		int64_t at = k->erased_at != 0 ? k->erased_at : k->due_at;
		char text[21] = "-", review[OUV_DAY_MAX] = "";

		if (at != 0)
			ouv_clock_rfc3339(at, text);
		if (k->review_day != 0)
			ouv_day_write(k->review_day, review);
		printf("  %-15s %-20s %s", k->protocol, text,
			k->end != OUV_END__COUNT ? ouv_end_name(k->end) : "-");
		for (int g = 0; g < OUV_GUARD__COUNT; g++)
			if ((k->against & OUV_GUARD_BIT(g)) != 0)
				printf(" not:%s",
					ouv_guard_name((enum ouv_guard)g));
		printf("%s%s\n", *review != '\0' ? " review " : "", review);
	}
}

static enum ouv_err
retention(struct ouv_desk *desk, struct ouv_arena *arena, bool json)
{
	struct ouv_kept_page pages[OUV_KEPT__COUNT];
	struct ouv_kept_counts counts;
	json_t *doc;
	enum ouv_err err = ouv_desk_kept_counts(desk, &counts);

	for (int i = 0; err == OUV_OK && i < OUV_KEPT__COUNT; i++)
		err = ouv_desk_kept(desk, arena, NULL, (enum ouv_kept_list)i,
			NULL, LINES, &pages[i]);
	if (err != OUV_OK)
		return err;
	doc = json_pack("{s:i, s:I}", "days", OUV_KEPT_DAYS, "now",
		(json_int_t)counts.now);
	for (int i = 0; i < OUV_KEPT__COUNT; i++) {
		const char *name = ouv_kept_list_name((enum ouv_kept_list)i);
		json_t *list = json_array();

		for (size_t n = 0; n < pages[i].count; n++)
			(void)json_array_append_new(
				list, kept_json(&pages[i].list[n]));
		(void)json_object_set_new(doc, name, list);
		if (!json)
			print_kept(name, &pages[i], counts.of[i]);
	}
	if (json) {
		(void)json_dumpf(doc, stdout, JSON_COMPACT);
		(void)putchar('\n');
	}
	json_decref(doc);
	return OUV_OK;
}

int
cmd_report(struct cmd_env *env, int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct wanted w = { .by = OUV_SPREAD_ALL };
	struct ouv_office *office = NULL;
	struct ouv_desk *desk = NULL;
	enum ouv_err err;
	bool is_draw = argc > 1 && strcmp(argv[1], "draw") == 0;
	bool is_kept = argc > 1 && strcmp(argv[1], "retention") == 0;

	if (argc > 1 && strcmp(argv[1], "figures") == 0)
		return report_figures(env, argc, argv);
	take_options(&w, argc, argv);
	if (w.wrong || argc < 2 || is_draw != (w.number != NULL) ||
		(!is_draw && !is_kept && strcmp(argv[1], "spread") != 0) ||
		(is_kept && (w.by != OUV_SPREAD_ALL || w.from != 0 ||
				    w.until != 0))) {
		fputs(usage, stderr);
		return 2;
	}
	err = ouv_office_new(env->config, OUV_DESK_OPERATOR, &office);
	if (err == OUV_OK)
		err = ouv_desk_open(office, &desk);
	if (err == OUV_OK)
		err = is_draw   ? draw(desk, arena, &w)
		      : is_kept ? retention(desk, arena, w.json)
				: spread(desk, arena, &w);
	ouv_desk_close(&desk);
	ouv_office_free(&office);
	return cmd_status(err);
}
