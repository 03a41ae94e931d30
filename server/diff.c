/*
 * diff.c - compares two texts by lines, and changed lines by words
 *
 * Paragraphs of a letter are one line each, so a line alone would say too
 * little.
 */
#include <stdint.h>
#include <string.h>

#include "diff.h"

/* Cells of one table: a thousand lines against a thousand. */
#define CELLS ((size_t)1 << 20)
/* A line that keeps fewer of its bytes than one in so many is another line. */
#define ALIKE 3

/* One text in pieces: lines, or the words of a line. */
struct pieces {
	size_t count;
	struct ouv_str *list;
	bool *kept; /* stands in the other text too */
};

static bool
equal(struct ouv_str a, struct ouv_str b)
{
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

static bool
is_space(struct ouv_str piece)
{
	return piece.len > 0 && (*piece.p == ' ' || *piece.p == '\t');
}

static size_t
line_len(struct ouv_str text)
{
	const char *end = memchr(text.p, '\n', text.len);

	return end != NULL ? (size_t)(end - text.p) + 1 : text.len;
}

static bool
is_word(unsigned char c)
{
	return c >= 0x80 || c == '_' || (c >= '0' && c <= '9') ||
	       (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* A word, a space, or one sign. */
static size_t
word_len(struct ouv_str text)
{
	size_t n = 0;

	while (n < text.len && is_word((unsigned char)text.p[n]))
		n++;
	if (n > 0)
		return n;
	while (n < text.len && (text.p[n] == ' ' || text.p[n] == '\t'))
		n++;
	return n > 0 ? n : 1;
}

static struct pieces
cut(struct ouv_arena *arena, struct ouv_str text,
	size_t (*piece_len)(struct ouv_str))
{
	struct pieces pieces = { 0 };
	struct ouv_str rest = text;

	for (; rest.len > 0; pieces.count++) {
		size_t len = piece_len(rest);

		rest.p += len;
		rest.len -= len;
	}
	pieces.list =
		ouv_arena_array(arena, pieces.count, sizeof(*pieces.list));
	pieces.kept =
		ouv_arena_array(arena, pieces.count, sizeof(*pieces.kept));
	for (size_t i = 0; i < pieces.count; i++) {
		size_t len = piece_len(text);

		pieces.list[i] = (struct ouv_str){ text.p, len };
		text.p += len;
		text.len -= len;
	}
	return pieces;
}

/* Without the line's end, so that the last one is like the others. */
static struct pieces
cut_lines(struct ouv_arena *arena, const char *text)
{
	struct pieces lines =
		cut(arena, (struct ouv_str){ text, strlen(text) }, line_len);

	for (size_t i = 0; i < lines.count; i++)
		if (lines.list[i].p[lines.list[i].len - 1] == '\n')
			lines.list[i].len--;
	return lines;
}

/* What it is worth to keep it: a word more than a space, a paragraph more than
 * an empty line. */
static uint32_t
worth(struct ouv_str piece)
{
	return is_space(piece) ? 1 : 1 + (uint32_t)piece.len;
}

/* What the weightiest common subsequence of a[from, a_end) and b keeps. */
static void
keep_longest(const struct pieces *a, const struct pieces *b, size_t from,
	size_t a_end, size_t b_end)
{
	size_t rows = a_end - from, wide = b_end - from + 1;
	struct ouv_arena *scratch;
	uint32_t *best; /* best[i * wide + j]: of a[i..] and b[j..] */
	size_t i, j;

	if (rows == 0 || wide == 1 || wide > CELLS / (rows + 1))
		return;
	scratch = ouv_arena_new(OUV_ARENA_PLAIN);
	best = ouv_arena_array(scratch, (rows + 1) * wide, sizeof(*best));
	for (i = rows; i-- > 0;)
		for (j = wide - 1; j-- > 0;) {
			uint32_t down = best[(i + 1) * wide + j];
			uint32_t right = best[i * wide + j + 1];
			uint32_t both = best[(i + 1) * wide + j + 1];
			struct ouv_str piece = a->list[from + i];

			best[i * wide + j] = equal(piece, b->list[from + j])
						     ? both + worth(piece)
					     : down > right ? down
							    : right;
		}
	for (i = 0, j = 0; i < rows && j + 1 < wide;) {
		if (equal(a->list[from + i], b->list[from + j])) {
			a->kept[from + i++] = true;
			b->kept[from + j++] = true;
		} else if (best[(i + 1) * wide + j] >= best[i * wide + j + 1]) {
			i++;
		} else {
			j++;
		}
	}
	ouv_arena_free(&scratch);
}

static void
compare(const struct pieces *a, const struct pieces *b)
{
	size_t from = 0, a_end = a->count, b_end = b->count;

	while (from < a_end && from < b_end &&
		equal(a->list[from], b->list[from])) {
		a->kept[from] = b->kept[from] = true;
		from++;
	}
	while (a_end > from && b_end > from &&
		equal(a->list[a_end - 1], b->list[b_end - 1])) {
		a->kept[--a_end] = true;
		b->kept[--b_end] = true;
	}
	keep_longest(a, b, from, a_end, b_end);
}

static size_t
kept_bytes(const struct pieces *words, size_t *all_out)
{
	size_t kept = 0;

	*all_out = 0;
	for (size_t i = 0; i < words->count; i++) {
		if (is_space(words->list[i]))
			continue;
		*all_out += words->list[i].len;
		kept += words->kept[i] ? words->list[i].len : 0;
	}
	return kept;
}

/* Are they the same line, changed? */
static bool
alike(const struct pieces *a, const struct pieces *b)
{
	size_t a_all, b_all;
	size_t a_kept = kept_bytes(a, &a_all), b_kept = kept_bytes(b, &b_all);

	return a_kept * ALIKE >= a_all && b_kept * ALIKE >= b_all && a_kept > 0;
}

/* Neighbours in one run; a space between two changed words is theirs. */
static void
add_runs(struct ouv_arena *arena, const struct pieces *words,
	struct diff_line *line)
{
	struct diff_run *runs =
		ouv_arena_array(arena, words->count + 1, sizeof(*runs));
	size_t n = 0;

	for (size_t i = 0; i < words->count; i++) {
		bool changed = !words->kept[i];

		if (is_space(words->list[i]) && i > 0 && i + 1 < words->count &&
			!words->kept[i - 1] && !words->kept[i + 1])
			changed = true;
		if (n > 0 && runs[n - 1].changed == changed)
			runs[n - 1].text.len += words->list[i].len;
		else
			runs[n++] =
				(struct diff_run){ words->list[i], changed };
	}
	line->runs = runs;
	line->run_count = n;
}

static void
add_whole(struct ouv_arena *arena, struct ouv_str text, struct diff_line *line)
{
	if (text.len == 0)
		return;
	line->runs = ouv_arena_alloc(arena, sizeof(*line->runs));
	line->runs[line->run_count++] = (struct diff_run){ text, false };
}

/* A line that is gone and the one that came in its place. */
static void
add_pair(struct ouv_arena *arena, struct ouv_str gone, struct ouv_str new_,
	struct diff_line *gone_line, struct diff_line *new_line)
{
	struct pieces a = cut(arena, gone, word_len);
	struct pieces b = cut(arena, new_, word_len);

	compare(&a, &b);
	if (alike(&a, &b)) {
		add_runs(arena, &a, gone_line);
		add_runs(arena, &b, new_line);
	} else {
		add_whole(arena, gone, gone_line);
		add_whole(arena, new_, new_line);
	}
}

/* a[i, i2) gave way to b[j, j2): all that is gone, then all that is new. */
static size_t
add_change(struct ouv_arena *arena, const struct pieces *a, size_t i, size_t i2,
	const struct pieces *b, size_t j, size_t j2, struct diff_line *out)
{
	size_t gone = i2 - i, come = j2 - j;

	for (size_t k = 0; k < gone + come; k++)
		out[k].sign = k < gone ? DIFF_GONE : DIFF_NEW;
	for (size_t k = 0; k < gone || k < come; k++)
		if (k < gone && k < come)
			add_pair(arena, a->list[i + k], b->list[j + k], &out[k],
				&out[gone + k]);
		else if (k < gone)
			add_whole(arena, a->list[i + k], &out[k]);
		else
			add_whole(arena, b->list[j + k], &out[gone + k]);
	return gone + come;
}

void
diff_texts(struct ouv_arena *arena, const char *a, const char *b,
	struct diff_line **lines_out, size_t *count_out)
{
	struct pieces x = cut_lines(arena, a), y = cut_lines(arena, b);
	struct diff_line *lines =
		ouv_arena_array(arena, x.count + y.count, sizeof(*lines));
	size_t i = 0, j = 0, n = 0;

	compare(&x, &y);
	while (i < x.count || j < y.count) {
		size_t i2 = i, j2 = j;

		while (i2 < x.count && !x.kept[i2])
			i2++;
		while (j2 < y.count && !y.kept[j2])
			j2++;
		n += add_change(arena, &x, i, i2, &y, j, j2, lines + n);
		i = i2;
		j = j2;
		if (i < x.count) {
			add_whole(arena, x.list[i], &lines[n++]);
			i++;
			j++;
		}
	}
	*lines_out = lines;
	*count_out = n;
}
