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
/* Work for one pattern on one page, and for all of them on a text: places
 * tried and steps back, as ICU reports them.  Then it is given up. */
#define PATTERN_WORK_MOST 3000000
#define TEXT_WORK_MOST 20000000
#define WORK_PER_PLACE 4
#define WORK_PER_TICK 10000 /* ICU calls back once in so many steps */
#define FINDINGS_MOST 1000
#define NUMBER_DIGITS 8 /* of the other party's number that are compared */
#define CANDIDATES_MOST 4000

/* Spans that grow. */
struct spans {
	size_t count, room;
	struct span *list;
};

struct run {
	struct ouv_arena *arena;
	const struct ouv_lint_set *set;
	size_t n; /* the rule */
	const struct page *page;
	struct sifted sifted;
	long work, pattern_work;
	struct ouv_finding *findings;
	size_t count;
	struct spans candidates, spared;
	struct span sentence; /* the last one asked about ... */
	bool excused;         /* ... and what "unless" said   */
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

/* Patterns of every language count and those of the text's own; all of them
 * when it is not known. */
static bool
speaks(const struct run *run, int lang)
{
	enum ouv_lang own = run->page->text->lang;

	return lang == ANY_LANG || lang == (int)own || own == OUV_LANG__COUNT;
}

static const char *
instead_of(const struct run *run, struct span span)
{
	const struct rule *rule = &run->set->how[run->n];

	for (size_t i = 0; i < rule->instead_count; i++) {
		const struct instead *one = &rule->instead[i];
		UErrorCode status = U_ZERO_ERROR;
		UChar wide[64];
		int32_t len = 0;

		u_strFromUTF8(wide, 64, &len, one->found, -1, &status);
		if (U_SUCCESS(status) && speaks(run, one->lang) &&
			u_strCaseCompare(run->page->units + span.from,
				span.until - span.from, wide, len,
				U_FOLD_CASE_DEFAULT, &status) == 0)
			return one->word;
	}
	return "";
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
	f->instead = instead_of(run, span);
}

static void
add_measured(void *user, struct span span)
{
	add(user, span);
}

/* ---- patterns
 * --------------------------------------------------------------------------
 */

/* What ICU hands back to us is constant; the run behind it is not. */
struct meter {
	struct run *run;
};

static UBool
goes_on(struct run *run, long work)
{
	run->work += work;
	run->pattern_work += work;
	return run->work < TEXT_WORK_MOST &&
	       run->pattern_work < PATTERN_WORK_MOST;
}

static UBool
on_place(const void *meter, int64_t at)
{
	(void)at;
	return goes_on(((const struct meter *)meter)->run, WORK_PER_PLACE);
}

static UBool
on_tick(const void *meter, int32_t steps)
{
	(void)steps;
	return goes_on(((const struct meter *)meter)->run, WORK_PER_TICK);
}

static void
push(struct run *run, struct spans *spans, struct span span)
{
	if (spans->count == spans->room) {
		size_t room = spans->room * 2 + 16;
		struct span *more =
			ouv_arena_array(run->arena, room, sizeof(*more));

		if (spans->count > 0)
			memcpy(more, spans->list, spans->count * sizeof(*more));
		spans->list = more;
		spans->room = room;
	}
	spans->list[spans->count++] = span;
}

/* All matches in one part of the page; false: it was given up. */
static bool
match_part(struct run *run, URegularExpression *own, struct span part,
	struct spans *out)
{
	UErrorCode status = U_ZERO_ERROR;

	uregex_setRegion(own, part.from, part.until, &status);
	while (U_SUCCESS(status) && out->count < CANDIDATES_MOST &&
		uregex_findNext(own, &status)) {
		struct span span = { uregex_start(own, 0, &status),
			uregex_end(own, 0, &status) };

		if (U_SUCCESS(status) && span.until > span.from)
			push(run, out, span);
	}
	return U_SUCCESS(status) && out->count < CANDIDATES_MOST;
}

/* A matcher of our own on this page; it sees beyond the part it works on. */
static URegularExpression *
open_matcher(const struct run *run, const URegularExpression *pattern,
	const struct meter *meter)
{
	UErrorCode status = U_ZERO_ERROR;
	URegularExpression *own = uregex_clone(pattern, &status);

	uregex_setFindProgressCallback(own, on_place, meter, &status);
	uregex_setMatchCallback(own, on_tick, meter, &status);
	uregex_setText(own, run->page->units, run->page->unit_count, &status);
	uregex_useTransparentBounds(own, true, &status);
	uregex_useAnchoringBounds(own, false, &status);
	return own;
}

static bool
matches(struct run *run, const URegularExpression *pattern, struct span part,
	struct spans *out)
{
	struct meter meter = { run };
	URegularExpression *own = open_matcher(run, pattern, &meter);
	bool whole;

	run->pattern_work = 0;
	whole = match_part(run, own, part, out);
	uregex_close(own);
	return whole;
}

static bool
all_matches(struct run *run, const struct patterns *patterns, struct span part,
	struct spans *out)
{
	bool whole = true;

	for (int i = 0; i < LISTS; i++)
		if (patterns->of[i] != NULL && speaks(run, i))
			whole &= matches(run, patterns->of[i], part, out);
	return whole;
}

static bool
any_match(struct run *run, const struct patterns *patterns, struct span part)
{
	struct spans found = { 0 };

	(void)all_matches(run, patterns, part, &found);
	return found.count > 0;
}

static struct span
whole(const struct page *page)
{
	return (struct span){ 0, page->unit_count };
}

/* ---- the three ways
 * --------------------------------------------------------------------
 */

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

			push(run, &run->spared,
				(struct span){ from, from + own.unit_count });
			at += own.unit_count;
		}
	}
}

/* Spare patterns are tried only where there is a candidate. */
static void
spare(struct run *run)
{
	const struct rule *rule = &run->set->how[run->n];
	const struct span *pieces = run->sifted.pieces;
	size_t next = 0;

	run->spared.count = 0;
	if (rule->others)
		return; /* what is the other party's is nobody else's */
	spare_own(run);
	for (size_t i = 0; i < run->sifted.piece_count; i++) {
		while (next < run->candidates.count &&
			run->candidates.list[next].from < pieces[i].from)
			next++;
		if (next < run->candidates.count &&
			run->candidates.list[next].from < pieces[i].until)
			(void)all_matches(
				run, &rule->spare, pieces[i], &run->spared);
	}
}

static bool
is_spared(const struct run *run, struct span span)
{
	for (size_t i = 0; i < run->spared.count; i++)
		if (span.from < run->spared.list[i].until &&
			run->spared.list[i].from < span.until)
			return true;
	return false;
}

/* Does "unless" stand in the same sentence? */
static bool
is_excused(struct run *run, struct span span)
{
	if (span.from < run->sentence.from ||
		span.from >= run->sentence.until) {
		run->sentence = lint_sentence(run->page, span.from);
		run->excused = any_match(
			run, &run->set->how[run->n].unless, run->sentence);
	}
	return run->excused;
}

static int
by_from(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->until < y->until) - (x->until > y->until);
}

/* Of candidates that overlap the first counts, and of two at one place the
 * longer. */
static void
settle(struct run *run)
{
	const struct rule *rule = &run->set->how[run->n];
	int32_t until = 0;

	if (run->candidates.count == 0)
		return;
	qsort(run->candidates.list, run->candidates.count, sizeof(struct span),
		by_from);
	spare(run);
	run->sentence = (struct span){ -1, -1 };
	for (size_t i = 0; i < run->candidates.count; i++) {
		struct span span = run->candidates.list[i];

		if (span.from < until || is_spared(run, span) ||
			(rule->verify != NULL &&
				!rule->verify(run->page, span)) ||
			is_excused(run, span))
			continue;
		add(run, span);
		until = span.until;
	}
	run->candidates.count = 0;
}

static bool
find_one(struct run *run, const struct pattern *pattern)
{
	const struct sifted *sifted = &run->sifted;
	struct meter meter = { run };
	URegularExpression *own;
	bool whole = true;
	size_t piece = lint_sifted_next(sifted, pattern->n, 0);

	if (piece == sifted->piece_count)
		return true;
	run->pattern_work = 0;
	own = open_matcher(run, pattern->expression, &meter);
	for (; whole && piece < sifted->piece_count;
		piece = lint_sifted_next(sifted, pattern->n, piece + 1))
		whole = match_part(
			run, own, sifted->pieces[piece], &run->candidates);
	uregex_close(own);
	return whole;
}

static void
find(struct run *run)
{
	const struct rule *rule = &run->set->how[run->n];
	bool whole = true;

	for (size_t i = 0; i < rule->find_count; i++)
		if (speaks(run, rule->find[i].lang))
			whole &= find_one(run, &rule->find[i]);
	settle(run);
	if (!whole)
		add(run, (struct span){ 0, 0 }); /* given up: say so */
}

/* A number as it may be written: its last digits, with anything between them
 * that people put there.  Returns the length; 0: this is no number. */
static int32_t
number_pattern(const struct page *other, UChar *out)
{
	static const UChar between[] = u"[ ().+/-]*";
	int32_t digits = 0, skip;

	for (int32_t i = 0; i < other->unit_count; i++) {
		digits += u_isdigit(other->units[i]);
		if (u_isalpha(other->units[i]))
			return 0;
	}
	if (digits < NUMBER_DIGITS)
		return 0;
	skip = digits - NUMBER_DIGITS;
	u_strcpy(out, u"");
	for (int32_t i = 0; i < other->unit_count; i++) {
		if (!u_isdigit(other->units[i]) || skip-- > 0)
			continue;
		if (*out != 0)
			u_strcat(out, between);
		u_strncat(out, &other->units[i], 1);
	}
	u_strcat(out, u"(?!\\d)");
	return u_strlen(out);
}

/* A name or an address, in any case, as a whole word. */
static int32_t
word_pattern(const struct page *other, UChar *out)
{
	int32_t n;

	u_strcpy(out, u"(?<![\\p{L}\\p{N}])");
	n = u_strlen(out);
	for (int32_t i = 0; i < other->unit_count; i++) {
		UChar c = other->units[i];

		if (c < 0x80 && !u_isalnum(c))
			out[n++] = '\\'; /* nothing in a name is a pattern */
		out[n++] = c;
	}
	u_strcpy(out + n, u"(?![\\p{L}\\p{N}])");
	return u_strlen(out);
}

static void
find_others(struct run *run)
{
	const struct ouv_lint_text *text = run->page->text;

	for (size_t i = 0; i < text->other_count; i++) {
		UErrorCode status = U_ZERO_ERROR;
		URegularExpression *pattern;
		struct page other;
		UChar *units;
		int32_t len;

		open_page(run->arena, text, run->page->place, text->others[i],
			&other);
		if (other.unit_count < 3)
			continue; /* too short to say anything */
		units = ouv_arena_array(run->arena,
			(size_t)other.unit_count * 2 + 128, sizeof(*units));
		len = number_pattern(&other, units);
		if (len == 0)
			len = word_pattern(&other, units);
		pattern = uregex_open(
			units, len, UREGEX_CASE_INSENSITIVE, NULL, &status);
		if (U_FAILURE(status) ||
			!matches(run, pattern, whole(run->page),
				&run->candidates))
			add(run, (struct span){ 0, 0 }); /* not to be known */
		uregex_close(pattern);
	}
	settle(run);
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

	if (!any_match(run, &rule->need, within))
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
	if (run->page->text->blocks_only &&
		run->set->rules[run->n].severity != OUV_LINT_BLOCKS)
		return;
	if (rule->needs)
		need(run);
	else if (rule->measure != NULL)
		rule->measure(run->page, rule->most, add_measured, run);
	else if (rule->others)
		find_others(run);
	else if (rule->find_count > 0)
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
		lint_sift(arena, set->sieve, &page, &run.sifted);
		for (run.n = 0; run.n < set->count; run.n++)
			run_rule(&run);
	}
	if (run.count > 1)
		qsort(run.findings, run.count, sizeof(*run.findings), by_place);
	*findings_out = run.findings;
	*count_out = run.count;
}
