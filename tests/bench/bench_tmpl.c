/*
 * bench_tmpl.c - how many acknowledgements a second are made ready to send
 *
 * Three lines of JSON, each the median of several runs, an arena for each
 * letter: the template alone; from typed data to both parts of the mail; the
 * same, read by the lint as an automatic letter is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ouv/lint.h"
#include "ouv/text.h"
#include "ouv/tmpl.h"

enum {
	RUNS = 7,
	LETTERS = 2000
};

enum how {
	TEMPLATE,
	WORDS,
	LINTED,
	HOW__COUNT
};

static const char *const names[HOW__COUNT] = { "ack_template", "ack_words",
	"ack_words_linted" };

static struct ouv_tmpl_set *set;
static struct ouv_lint_set *rules;
static const struct ouv_text_decl *decl;
static json_t *data, *values;

static double
seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
ascending(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

static struct ouv_str
render(struct ouv_arena *arena, const json_t *with)
{
	struct ouv_str out;

	if (ouv_tmpl_render(arena, set, "mail/ack.pt-BR.txt", with, &out,
		    NULL) != OUV_OK)
		exit(1);
	return out;
}

static void
read_it(struct ouv_arena *arena, const struct ouv_text_letter *letter)
{
	const char *own[64];
	struct ouv_lint_text text = { .lang = OUV_LANG_PT_BR,
		.kind = OUV_LINT_ACKNOWLEDGEMENT,
		.subject = letter->subject,
		.body = letter->plain,
		.protocol =
			json_string_value(json_object_get(data, "protocol")),
		.own = own,
		.blocks_only = true };
	struct ouv_finding *findings;
	size_t count;

	for (size_t i = 0; i < decl->var_count && i < 64; i++)
		if (decl->vars[i].own)
			own[text.own_count++] =
				json_string_value(decl->vars[i].example);
	ouv_lint_run(arena, rules, &text, &findings, &count);
	if (count != 0)
		exit(1);
}

static void
make(struct ouv_arena *arena, enum how how)
{
	struct ouv_text_part part = { .lang = OUV_LANG_PT_BR };
	struct ouv_text_letter letter;
	json_t *with = NULL;

	if (how == TEMPLATE) {
		(void)render(arena, values);
		return;
	}
	if (ouv_text_values(decl, data, part.lang, &with, NULL) != OUV_OK)
		exit(1);
	part.text = render(arena, with);
	json_decref(with);
	if (ouv_text_layout(arena, &part, 1, false, &letter) != OUV_OK)
		exit(1);
	if (how == LINTED)
		read_it(arena, &letter);
}

static double
run(enum how how)
{
	double began = seconds();

	for (int i = 0; i < LETTERS; i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

		make(arena, how);
		ouv_arena_free(&arena);
	}
	return LETTERS / (seconds() - began);
}

static int
load(struct ouv_text_book **book)
{
	struct ouv_tmpl_error error = { "", 0, "" };
	struct ouv_text_error wrong = { "", "", "" };
	struct ouv_lint_error broken = { "", "" };

	if (ouv_tmpl_load("templates", &set, &error) != OUV_OK ||
		ouv_text_read("templates", book, &wrong) != OUV_OK ||
		ouv_lint_load("lint/rules.json", &rules, &broken) != OUV_OK) {
		(void)fprintf(stderr, "%s %s %s\n", error.what, wrong.what,
			broken.what);
		return 1;
	}
	decl = ouv_text_find(*book, "mail/ack");
	data = decl != NULL ? ouv_text_example(decl) : NULL;
	return data == NULL || ouv_text_values(decl, data, OUV_LANG_PT_BR,
				       &values, NULL) != OUV_OK;
}

int
main(void)
{
	struct ouv_text_book *book = NULL;
	double rates[RUNS];

	(void)setenv("TZ", "America/Sao_Paulo", 1);
	if (load(&book) != 0)
		return 1;
	for (int how = 0; how < HOW__COUNT; how++) {
		for (int i = 0; i < RUNS; i++)
			rates[i] = run((enum how)how);
		qsort(rates, RUNS, sizeof(rates[0]), ascending);
		printf("{\"name\":\"%s\",\"value\":%.0f,"
		       "\"unit\":\"letters/s\",\"n\":%d,\"median_of\":%d}\n",
			names[how], rates[RUNS / 2], LETTERS, RUNS);
	}
	json_decref(values);
	json_decref(data);
	ouv_lint_free(&rules);
	ouv_text_free(&book);
	ouv_tmpl_free(&set);
	return 0;
}
