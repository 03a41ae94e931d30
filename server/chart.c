/*
 * chart.c - numbers as bars: where each stands and how long it is
 */
#include <string.h>

#include "chart.h"

#define LINE 20 /* a label, in pixels */
#define BAR 16
#define GAP 8
#define FULL 10000 /* hundredths of a percent */

struct shape {
	int full;  /* what the longest bar takes; beside it its number stands */
	int pitch; /* from one label to the next */
};

static const struct shape shapes[] = {
	[CHART_BARS] = { 8400, LINE + BAR + GAP },
	[CHART_STACKED] = { 7000, LINE + BAR + GAP },
	[CHART_HISTOGRAM] = { 8400, LINE + BAR },
};

static double
amount(int64_t value)
{
	return value > 0 ? (double)value : 0;
}

static double
longest(enum chart_kind kind, const struct chart_bar *bars, size_t count)
{
	double most = 0;

	for (size_t i = 0; i < count; i++) {
		double all = amount(bars[i].first);

		if (kind == CHART_STACKED)
			all += amount(bars[i].second);
		if (all > most)
			most = all;
	}
	return most;
}

/* "37.50": a decimal point in every language. */
static json_t *
hundredths(struct ouv_arena *arena, int n)
{
	return json_string(
		ouv_arena_printf(arena, "%d.%02d%%", n / 100, n % 100));
}

static int
length(double value, double most, int full)
{
	if (most <= 0)
		return 0;
	return (int)(value / most * full + 0.5);
}

/* Whole characters of UTF-8. */
static json_t *
label(struct ouv_arena *arena, const char *text)
{
	size_t chars = 0, at = 0, cut = 0;

	for (; text[at] != '\0'; at++) {
		if (((unsigned char)text[at] & 0xc0) == 0x80)
			continue;
		if (chars == CHART_LABEL - 1)
			cut = at;
		if (chars++ == CHART_LABEL)
			return json_string(ouv_arena_printf(
				arena, "%.*s…", (int)cut, text));
	}
	return json_string(text);
}

static json_t *
number(int64_t value)
{
	return json_integer(value > 0 ? value : 0);
}

static json_t *
bar(struct ouv_arena *arena, enum chart_kind kind, const struct chart_bar *b,
	double most, int y)
{
	const struct shape *shape = &shapes[kind];
	bool both = kind == CHART_STACKED;
	int first = length(amount(b->first), most, shape->full);
	int second = both ? length(amount(b->second), most, shape->full) : 0;
	json_t *out = json_object();

	if (first + second > FULL)
		second = FULL - first;
	json_object_set_new(out, "label", label(arena, b->label));
	json_object_set_new(out, "label_y", json_integer(y + LINE - 5));
	json_object_set_new(out, "y", json_integer(y + LINE));
	json_object_set_new(out, "size", json_integer(BAR));
	json_object_set_new(out, "first", number(b->first));
	json_object_set_new(out, "first_width", hundredths(arena, first));
	json_object_set_new(out, "second", number(both ? b->second : 0));
	json_object_set_new(out, "second_x", hundredths(arena, first));
	json_object_set_new(out, "second_width", hundredths(arena, second));
	json_object_set_new(out, "value_x", hundredths(arena, first + second));
	json_object_set_new(out, "value_y", json_integer(y + LINE + BAR - 4));
	return out;
}

void
chart_add(json_t *data, struct ouv_arena *arena, const char *id,
	enum chart_kind kind, const struct chart_bar *bars, size_t count)
{
	double most = longest(kind, bars, count);
	json_t *chart = json_object(), *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(
			list, bar(arena, kind, &bars[i], most,
				      (int)i * shapes[kind].pitch));
	json_object_set_new(chart, "id", json_string(id));
	json_object_set_new(chart, "height",
		json_integer((json_int_t)count * shapes[kind].pitch + 4));
	json_object_set_new(
		chart, "stacked", json_boolean(kind == CHART_STACKED));
	json_object_set_new(chart, "bars", list);
	json_object_set_new(data, "has_chart", json_boolean(count > 0));
	json_object_set_new(data, "chart", chart);
}
