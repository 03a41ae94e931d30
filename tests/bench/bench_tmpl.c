/*
 * bench_tmpl.c - how many letters a second the template engine renders
 *
 * Prints one line of JSON: the median of several runs over the HTML part of
 * the acknowledgement, from the loaded set, an arena for each letter.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ouv/tmpl.h"

enum {
	RUNS = 7,
	LETTERS = 20000
};

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

static double
run(const struct ouv_tmpl_set *set, const json_t *data, size_t *len_out)
{
	double began = seconds();

	for (int i = 0; i < LETTERS; i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct ouv_str out;

		if (ouv_tmpl_render(arena, set, "ack.pt-BR.html", data, &out,
			    NULL) != OUV_OK)
			exit(1);
		*len_out = out.len;
		ouv_arena_free(&arena);
	}
	return LETTERS / (seconds() - began);
}

int
main(void)
{
	struct ouv_tmpl_error error = { "", 0, "" };
	struct ouv_tmpl_set *set = NULL;
	json_t *data =
		json_load_file("templates/mail/ack.example.json", 0, NULL);
	double rates[RUNS];
	size_t len = 0;

	if (data == NULL ||
		ouv_tmpl_load("templates/mail", &set, &error) != OUV_OK) {
		(void)fprintf(stderr, "%s:%d: %s\n", error.template, error.line,
			error.what);
		return 1;
	}
	for (int i = 0; i < RUNS; i++)
		rates[i] = run(set, data, &len);
	qsort(rates, RUNS, sizeof(rates[0]), ascending);
	printf("{\"name\":\"template_render\",\"value\":%.0f,"
	       "\"unit\":\"letters/s\",\"n\":%d,\"median_of\":%d,"
	       "\"bytes\":%zu}\n",
		rates[RUNS / 2], LETTERS, RUNS, len);
	json_decref(data);
	ouv_tmpl_free(&set);
	return 0;
}
