/*
 * chart.h - numbers as bars: where each stands and how long it is
 *
 * Lengths are hundredths of the picture's width, texts have their own size, so
 * that a chart is as readable on a telephone as on paper.  templates/html's
 * chart.html draws it; what a bar means is written on it and nothing is said by
 * colour.
 */
#ifndef SERVER_CHART_H
#define SERVER_CHART_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ouv/arena.h"

struct chart_bar {
	const char *label;
	int64_t first, second; /* less than nothing counts as nothing */
};

enum chart_kind {
	CHART_BARS,      /* `first` alone                            */
	CHART_STACKED,   /* `second` after it, hatched               */
	CHART_HISTOGRAM, /* as bars, without a gap between           */
};

/* Characters of a label that are drawn; the table beside holds all. */
#define CHART_LABEL 40

/*
 * has_chart, chart: {id, height, stacked, bars: [{label, label_y, y, size,
 * first, first_width, second, second_x, second_width, value_x, value_y}]}.
 * No rows, no chart.  id must be a name within the page.
 */
void chart_add(json_t *data, struct ouv_arena *arena, const char *id,
	enum chart_kind kind, const struct chart_bar *bars, size_t count);

#endif
