/*
 * view_texts_diff.c - two versions of a text beside each other, by lines
 */
#include "diff.h"
#include "texts.h"
#include "view.h"

static json_t *
runs(const struct request *request, const struct diff_line *line)
{
	json_t *list = json_array();

	for (size_t i = 0; i < line->run_count; i++) {
		const struct diff_run *run = &line->runs[i];
		json_t *one = json_object();

		view_line(one, "text",
			ouv_arena_strndup(
				request->arena, run->text.p, run->text.len));
		view_flag(one, "is_changed", run->changed);
		json_array_append_new(list, one);
	}
	return list;
}

/* A line that stays needs showing only near one that changed. */
#define NEAR 2
#define FOLD_LEAST 4

static bool
is_near(const struct diff_line *lines, size_t count, size_t at)
{
	size_t from = at > NEAR ? at - NEAR : 0;

	for (size_t i = from; i < count && i <= at + NEAR; i++)
		if (lines[i].sign != DIFF_SAME)
			return true;
	return false;
}

/* How many lines from here on are far from all that changed. */
static size_t
far_lines(const struct diff_line *lines, size_t count, size_t at)
{
	size_t n = 0;

	while (at + n < count && !is_near(lines, count, at + n))
		n++;
	return n < FOLD_LEAST ? 0 : n;
}

static json_t *
line_view(const struct request *request, const struct diff_line *line)
{
	json_t *one = json_object();

	view_flag(one, "is_gone", line->sign == DIFF_GONE);
	view_flag(one, "is_new", line->sign == DIFF_NEW);
	view_flag(one, "is_kept", line->sign == DIFF_SAME);
	json_object_set_new(one, "runs", runs(request, line));
	return one;
}

/* Lines that stand together, or are folded together. */
static json_t *
stretch(const struct request *request, const struct diff_line *lines,
	size_t count, bool folded)
{
	json_t *one = json_object(), *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, line_view(request, &lines[i]));
	view_flag(one, "is_folded", folded);
	view_number(one, "line_count", (int64_t)count);
	view_flag(one, "has_one_line", count == 1);
	json_object_set_new(one, "lines", list);
	return one;
}

static json_t *
diff_view(const struct request *request, const char *a, const char *b)
{
	json_t *data = json_object(), *list = json_array();
	struct diff_line *lines;
	bool same = true;
	size_t count, n;

	diff_texts(request->arena, a != NULL ? a : "", b != NULL ? b : "",
		&lines, &count);
	for (size_t i = 0; i < count; i += n) {
		bool folded = (n = far_lines(lines, count, i)) > 0;

		while (!folded && i + n < count &&
			(n == 0 || far_lines(lines, count, i + n) == 0))
			n++;
		json_array_append_new(
			list, stretch(request, lines + i, n, folded));
	}
	for (size_t i = 0; i < count; i++)
		same = same && lines[i].sign == DIFF_SAME;
	view_flag(data, "is_same", same);
	json_object_set_new(data, "stretches", list);
	return data;
}

json_t *
texts_diffs(const struct request *request, const char *id,
	const struct ouv_text_version *a, const struct ouv_text_version *b,
	const struct ouv_text_finding *findings, size_t count)
{
	json_t *list = json_array();

	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		enum ouv_lang lang = (enum ouv_lang)i;
		json_t *one = texts_language(request, lang);
		json_t *diff = diff_view(request, a->body[i], b->body[i]);

		view_line(one, "diff_id", id);
		json_object_update(one, diff);
		json_decref(diff);
		texts_findings(request, one, findings, count, lang,
			ouv_arena_printf(request->arena, "#%s-%s", id,
				ouv_lang_tag(lang)));
		json_array_append_new(list, one);
	}
	return list;
}
