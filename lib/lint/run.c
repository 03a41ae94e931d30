/*
 * run.c - every rule over every place of a text
 *
 * A rule that finds: candidates of its patterns, without what its spare
 * patterns cover, checked.  One that needs: a finding when nothing of it is
 * there.  One that measures: its function says where.
 */
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "lint_impl.h"

/* Lines of the head and of the tail in which greeting and thanks stand. */
#define HEAD_LINES 6
#define TAIL_LINES 16
/* Work for one pattern on one text, in ICU's steps; then it is given up. */
#define STEPS_MOST 200000
#define FINDINGS_MOST 1000

struct run {
	struct ouv_arena *arena;
	const struct ouv_lint_set *set;
	size_t n; /* the rule */
	const struct page *page;
	struct ouv_finding *findings;
	size_t count;
	struct span *spared;
	size_t spared_count, spared_room;
};

/* ---- pages
 * ----------------------------------------------------------------------------
 */

static void
open_page(struct ouv_arena *arena, const struct ouv_lint_text *text,
	enum ouv_lint_place place, const char *utf8, struct page *page)
{
	UErrorCode status = U_ZERO_ERROR;
	size_t len = strlen(utf8);
	UChar *units = ouv_arena_array(arena, len + 1, sizeof(*units));
	int32_t count = 0;

	/* A byte is at most one unit; what is no UTF-8 becomes U+FFFD. */
	u_strFromUTF8WithSub(units, (int32_t)len + 1, &count, utf8,
		(int32_t)len, 0xFFFD, NULL, &status);
	*page = (struct page){ text, place, { utf8, len }, units, count };
}

/* Where a UTF-16 place lies: bytes, line, column. */
static void
locate(const struct page *page, int32_t at, struct ouv_finding *f)
{
	size_t bytes = 0;
	int32_t i = 0;

	f->line = f->column = 1;
	while (i < at) {
		UChar32 c;

		U16_NEXT(page->units, i, page->unit_count, c);
		bytes += (size_t)(c < 0x80      ? 1
				  : c < 0x800   ? 2
				  : c < 0x10000 ? 3
						: 4);
		f->column++;
		if (c == '\n') {
			f->line++;
			f->column = 1;
		}
	}
	f->offset = bytes < page->utf8.len ? bytes : page->utf8.len;
}

static void
add(struct run *run, struct span span)
{
	struct ouv_finding *f, end;

	if (run->count == FINDINGS_MOST)
		return;
	f = &run->findings[run->count++];
	*f = (struct ouv_finding){ .rule = &run->set->rules[run->n],
		.place = run->page->place };
	locate(run->page, span.until, &end);
	locate(run->page, span.from, f);
	f->len = end.offset - f->offset;
	f->found = ouv_arena_strndup(
		run->arena, run->page->utf8.p + f->offset, f->len);
}

static void
add_measured(void *user, struct span span)
{
	add(user, span);
}

/* ---- patterns
 * --------------------------------------------------------------------------
 */

/* Calls each for every match; false: it was given up. */
static bool
matches(const struct run *run, const URegularExpression *pattern,
	struct span within, void (*each)(void *user, struct span span),
	void *user)
{
	UErrorCode status = U_ZERO_ERROR;
	URegularExpression *own = uregex_clone(pattern, &status);
	struct span span;

	uregex_setTimeLimit(own, STEPS_MOST, &status);
	uregex_setText(own, run->page->units, run->page->unit_count, &status);
	uregex_setRegion(own, within.from, within.until, &status);
	while (U_SUCCESS(status) && uregex_findNext(own, &status)) {
		span.from = uregex_start(own, 0, &status);
		span.until = uregex_end(own, 0, &status);
		if (span.until > span.from)
			each(user, span);
	}
	uregex_close(own);
	return U_SUCCESS(status);
}

/* Those of every language and those of the text's own; of all when it is not
 * known. */
static bool
all_matches(const struct run *run, const struct patterns *patterns,
	struct span within, void (*each)(void *user, struct span span),
	void *user)
{
	enum ouv_lang lang = run->page->text->lang;
	bool whole = true;

	for (int i = 0; i < LISTS; i++)
		if (patterns->of[i] != NULL &&
			(i == ANY_LANG || i == (int)lang ||
				lang == OUV_LANG__COUNT))
			whole &= matches(
				run, patterns->of[i], within, each, user);
	return whole;
}

static struct span
whole(const struct page *page)
{
	return (struct span){ 0, page->unit_count };
}

/* ---- the three ways
 * --------------------------------------------------------------------
 */

static void
spare(void *user, struct span span)
{
	struct run *run = user;

	if (run->spared_count == run->spared_room) {
		size_t room = run->spared_room * 2 + 16;
		struct span *more =
			ouv_arena_array(run->arena, room, sizeof(*more));

		if (run->spared_count > 0)
			memcpy(more, run->spared,
				run->spared_count * sizeof(*more));
		run->spared = more;
		run->spared_room = room;
	}
	run->spared[run->spared_count++] = span;
}

static bool
is_spared(const struct run *run, struct span span)
{
	for (size_t i = 0; i < run->spared_count; i++)
		if (span.from < run->spared[i].until &&
			run->spared[i].from < span.until)
			return true;
	return false;
}

/* The office's and the reader's own: whole, as they are written. */
static void
spare_own(struct run *run)
{
	const struct ouv_lint_text *text = run->page->text;

	for (size_t i = 0; i < text->own_count; i++) {
		struct page own;
		const UChar *at = run->page->units;

		open_page(
			run->arena, text, run->page->place, text->own[i], &own);
		if (own.unit_count == 0)
			continue;
		while ((at = u_strFindFirst(
				at, -1, own.units, own.unit_count)) != NULL) {
			int32_t from = (int32_t)(at - run->page->units);

			spare(run,
				(struct span){ from, from + own.unit_count });
			at += own.unit_count;
		}
	}
}

static void
seen(void *user, struct span span)
{
	(void)span;
	*(bool *)user = true;
}

static void
candidate(void *user, struct span span)
{
	struct run *run = user;
	const struct rule *rule = &run->set->how[run->n];
	bool excused = is_spared(run, span);

	if (!excused && rule->verify != NULL)
		excused = !rule->verify(run->page, span);
	if (!excused)
		(void)all_matches(run, &rule->unless,
			lint_sentence(run->page, span.from), seen, &excused);
	if (!excused)
		add(run, span);
}

static void
find(struct run *run)
{
	const struct rule *rule = &run->set->how[run->n];

	run->spared_count = 0;
	spare_own(run);
	(void)all_matches(run, &rule->spare, whole(run->page), spare, run);
	if (!all_matches(run, &rule->find, whole(run->page), candidate, run))
		add(run, (struct span){ 0, 0 }); /* given up: say so */
}

/* A name of the other party, in any case, as a whole word. */
static void
find_others(struct run *run)
{
	const struct ouv_lint_text *text = run->page->text;
	UErrorCode status = U_ZERO_ERROR;

	run->spared_count = 0;
	for (size_t i = 0; i < text->other_count; i++) {
		struct page other;
		URegularExpression *pattern;
		UChar *units;

		open_page(run->arena, text, run->page->place, text->others[i],
			&other);
		if (other.unit_count < 3)
			continue; /* too short to say anything */
		units = ouv_arena_array(run->arena,
			(size_t)other.unit_count + 32, sizeof(*units));
		u_uastrcpy(units, "(?<![\\p{L}\\p{N}])\\Q");
		u_strncat(units, other.units, other.unit_count);
		u_strcat(units, u"\\E(?![\\p{L}\\p{N}])");
		pattern = uregex_open(units, -1,
			UREGEX_CASE_INSENSITIVE | UREGEX_UWORD, NULL, &status);
		if (U_SUCCESS(status))
			(void)matches(
				run, pattern, whole(run->page), candidate, run);
		uregex_close(pattern);
		status = U_ZERO_ERROR;
	}
}

static bool
is_blank(const struct page *page, int32_t from, int32_t until)
{
	while (from < until && u_isUWhiteSpace(page->units[from]))
		from++;
	return from == until;
}

/* The first or the last lines that are not empty. */
static struct span
lines_of(const struct page *page, enum where where)
{
	struct span span = whole(page);
	int32_t end = page->unit_count, line = 0;
	int lines = 0;

	for (int32_t i = 0; where == WHERE_HEAD && i < end; i++) {
		if (page->units[i] != '\n')
			continue;
		lines += !is_blank(page, line, i);
		line = i + 1;
		if (lines == HEAD_LINES) {
			span.until = i;
			break;
		}
	}
	for (int32_t i = end; where == WHERE_TAIL && i-- > 0;) {
		if (page->units[i] != '\n' && i > 0)
			continue;
		lines += !is_blank(page, i, end);
		end = i;
		if (lines == TAIL_LINES) {
			span.from = i;
			break;
		}
	}
	return span;
}

static void
need(struct run *run)
{
	const struct rule *rule = &run->set->how[run->n];
	struct span within = lines_of(run->page, rule->where);
	bool there = false;

	(void)all_matches(run, &rule->need, within, seen, &there);
	if (!there)
		add(run, rule->where == WHERE_TAIL
				 ? (struct span){ run->page->unit_count,
					   run->page->unit_count }
				 : (struct span){ 0, 0 });
}

static void
run_rule(struct run *run)
{
	const struct rule *rule = &run->set->how[run->n];

	if ((rule->kinds & 1U << run->page->text->kind) == 0 ||
		(rule->places & 1U << run->page->place) == 0)
		return;
	if (rule->needs)
		need(run);
	else if (rule->measure != NULL)
		rule->measure(run->page, rule->most, add_measured, run);
	else if (rule->others)
		find_others(run);
	else
		find(run);
}

/* ---- all of it
 * -------------------------------------------------------------------------
 */

static int
by_place(const void *a, const void *b)
{
	const struct ouv_finding *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return (x->rule > y->rule) - (x->rule < y->rule);
}

void
ouv_lint_run(struct ouv_arena *arena, const struct ouv_lint_set *set,
	const struct ouv_lint_text *text, struct ouv_finding **findings_out,
	size_t *count_out)
{
	const char *places[OUV_LINT_PLACE__COUNT] = { text->subject, text->body,
		text->html };
	struct run run = { .arena = arena, .set = set };

	run.findings =
		ouv_arena_array(arena, FINDINGS_MOST, sizeof(*run.findings));
	for (int place = 0; place < OUV_LINT_PLACE__COUNT; place++) {
		struct page page;

		if (places[place] == NULL)
			continue;
		open_page(arena, text, (enum ouv_lint_place)place,
			places[place], &page);
		run.page = &page;
		for (run.n = 0; run.n < set->count; run.n++)
			run_rule(&run);
	}
	if (run.count > 1)
		qsort(run.findings, run.count, sizeof(*run.findings), by_place);
	*findings_out = run.findings;
	*count_out = run.count;
}
