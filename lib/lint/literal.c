/*
 * literal.c - what a text must hold before a pattern can match in it
 *
 * Most patterns of most rules match nowhere in most texts.  From each pattern
 * comes a set of short strings one of which every match holds; where none of
 * them stands, the pattern need not be tried.  The reading errs on the safe
 * side: what it does not understand demands nothing.
 */
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include "lint_impl.h"

#define EXACT_MOST 64 /* strings that a piece may be, spelt out */
#define NEED_MOST 400 /* strings one of which is needed         */
#define CLASS_MOST 8  /* characters of a class, spelt out       */
#define COPIES_MOST 6 /* x{6} is spelt out, x{7} is x{6} and more */

/* What a piece of a pattern may be, all of it ("exact"), or else one of which
 * it holds ("need"); neither: nothing is known. */
struct piece {
	bool is_exact;
	struct literals exact, need;
};

struct parser {
	struct ouv_arena *arena; /* for the time of reading */
	const UChar *p, *end;
	bool lost; /* something that is not understood */
};

static const UChar empty[1];

UChar
lint_fold(UChar c)
{
	if (c >= 'a' && c <= 'z')
		return c;
	if (u_isdigit(c))
		return '0';
	if (u_isUWhiteSpace(c))
		return ' ';
	return (UChar)u_foldCase(c, U_FOLD_CASE_DEFAULT);
}

/* ---- sets of strings ------------------------------------------------------
 */

/* Sets are never changed: a new one is made. */
static struct literals
room_for(struct parser *s, int count)
{
	return (struct literals){ .list = ouv_arena_array(s->arena,
					  (size_t)count,
					  sizeof(struct literal)) };
}

static struct literals
one(struct parser *s, const UChar *text, int32_t len)
{
	struct literals set = room_for(s, 1);

	set.list[set.count++] = (struct literal){ text, len };
	return set;
}

static struct piece
exactly(struct parser *s, const UChar *text, int32_t len)
{
	return (struct piece){ .is_exact = true, .exact = one(s, text, len) };
}

static struct piece
character(struct parser *s, UChar c)
{
	UChar *text = ouv_arena_array(s->arena, 1, sizeof(*text));

	*text = lint_fold(c);
	return exactly(s, text, 1);
}

static const struct piece anything;

/* Rare characters say more: blanks are everywhere, brackets are not. */
static int
weight(const struct literals *set)
{
	int least = set->count > 0 ? 1000 : 0;

	for (int i = 0; i < set->count; i++) {
		int sum = 0;

		for (int32_t n = 0; n < set->list[i].len; n++) {
			UChar c = set->list[i].p[n];

			sum += c == ' ' ? 1 : u_isalnum(c) ? 4 : 12;
		}
		least = sum < least ? sum : least;
	}
	return least;
}

static void
prefer(struct literals *best, const struct literals *other)
{
	int a = weight(best), b = weight(other);

	if (b > a || (b == a && b > 0 && other->count < best->count))
		*best = *other;
}

static bool
join_sets(struct parser *s, struct literals *into, const struct literals *more,
	int most)
{
	struct literals out = room_for(s, into->count + more->count);

	if (into->count + more->count > most)
		return false;
	for (int i = 0; i < into->count; i++)
		out.list[out.count++] = into->list[i];
	for (int i = 0; i < more->count; i++)
		out.list[out.count++] = more->list[i];
	*into = out;
	return true;
}

static bool
multiply(struct parser *s, struct literals *a, const struct literals *b)
{
	struct literals out;

	if (a->count * b->count > EXACT_MOST)
		return false;
	out = room_for(s, a->count * b->count);
	for (int i = 0; i < a->count; i++)
		for (int k = 0; k < b->count; k++) {
			const struct literal *x = &a->list[i], *y = &b->list[k];
			UChar *text = ouv_arena_array(s->arena,
				(size_t)(x->len + y->len) + 1, sizeof(*text));

			u_memcpy(text, x->p, x->len);
			u_memcpy(text + x->len, y->p, y->len);
			out.list[out.count++] =
				(struct literal){ text, x->len + y->len };
		}
	*a = out;
	return true;
}

/* ---- the parts of a pattern -----------------------------------------------
 */

static void parse_alternatives(struct parser *s, struct piece *out);

static bool
take(struct parser *s, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(s->end - s->p) < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (s->p[i] != (UChar)word[i])
			return false;
	s->p += n;
	return true;
}

/* Behind a backslash: the character it stands for, or 0. */
static UChar
escaped(struct parser *s)
{
	UChar c = s->p < s->end ? *s->p++ : 0;

	s->lost |= c == 0 || u_strchr(u"0cgkNQuUxXR", c) != NULL;
	if ((c == 'p' || c == 'P') && s->p < s->end && *s->p == '{')
		while (s->p < s->end && *s->p++ != '}')
			;
	if (c == 'd')
		return '0';
	if (c == 's' || c == 'n' || c == 't')
		return ' ';
	return u_isalnum(c) ? 0 : c;
}

static void
parse_escape(struct parser *s, struct piece *out)
{
	bool edge = s->p < s->end && (*s->p == 'b' || *s->p == 'B');
	UChar c = escaped(s);

	if (edge)
		*out = exactly(s, empty, 0);
	else
		*out = c != 0 ? character(s, c) : anything;
}

static bool
has(const struct literals *set, UChar c)
{
	for (int i = 0; i < set->count; i++)
		if (set->list[i].p[0] == c)
			return true;
	return false;
}

/* After "[": a few characters are spelt out, anything larger is not. */
static void
parse_class(struct parser *s, struct piece *out)
{
	struct piece next, all = { .is_exact = true };
	bool known = !take(s, "^"), first = true;

	for (; s->p < s->end && (first || *s->p != ']'); first = false) {
		UChar c = *s->p++;
		bool range;

		if (c == '\\')
			c = escaped(s);
		range = s->end - s->p >= 2 && s->p[0] == '-' && s->p[1] != ']';
		if (c == 0 || c == '[' || (range && !u_isdigit(c))) {
			known = false;
			continue;
		}
		if (range)
			s->p += 2; /* digits are all the same */
		c = lint_fold(c);
		if (has(&all.exact, c))
			continue;
		if (all.exact.count == CLASS_MOST) {
			known = false;
			continue;
		}
		next = character(s, c);
		(void)join_sets(s, &all.exact, &next.exact, CLASS_MOST);
	}
	if (s->p < s->end)
		s->p++;
	*out = known ? all : anything;
}

static void
parse_group(struct parser *s, struct piece *out)
{
	static const char *const around[] = { "?=", "?!", "?<=", "?<!" };
	bool looks = false;

	for (size_t i = 0; !looks && i < sizeof(around) / sizeof(*around); i++)
		looks = take(s, around[i]);
	if (!looks && take(s, "?")) {
		while (s->p < s->end && (*s->p == 'i' || *s->p == '-'))
			s->p++;
		s->lost |= !take(s, ":");
	}
	parse_alternatives(s, out);
	if (s->p < s->end)
		s->p++; /* ")" */
	if (looks)
		*out = exactly(s, empty, 0);
}

/* How often the piece before it: least, and most (-1: no end). */
static bool
parse_times(struct parser *s, int *least, int *most)
{
	int *at = least;

	*least = *most = 1;
	if (take(s, "?")) {
		*least = 0;
	} else if (take(s, "*")) {
		*least = 0;
		*most = -1;
	} else if (take(s, "+")) {
		*most = -1;
	} else if (take(s, "{")) {
		for (*least = 0, *most = -2; s->p < s->end && *s->p != '}';
			s->p++) {
			if (*s->p == ',') {
				at = most;
				*most = s->p[1] == '}' ? -1 : 0;
			} else {
				*at = *at * 10 + (*s->p - '0');
			}
		}
		if (s->p < s->end)
			s->p++;
		*most = *most == -2 ? *least : *most;
	} else {
		return false;
	}
	if (!take(s, "+"))
		(void)take(s, "?");
	return true;
}

/* ---- one after the other --------------------------------------------------
 */

struct row {
	struct literals open, best; /* what is being spelt; what is needed */
	bool whole;                 /* nothing unknown so far              */
};

static void
close_row(struct parser *s, struct row *row)
{
	prefer(&row->best, &row->open);
	row->open = one(s, empty, 0);
	row->whole = false;
}

static void
append(struct parser *s, struct row *row, const struct piece *piece)
{
	if (!piece->is_exact) {
		close_row(s, row);
		prefer(&row->best, &piece->need);
		return;
	}
	if (multiply(s, &row->open, &piece->exact))
		return;
	close_row(s, row);
	row->open = piece->exact;
}

static void
repeat(struct parser *s, struct row *row, struct piece *piece, int least,
	int most)
{
	struct literals none = one(s, empty, 0);
	int copies = least < COPIES_MOST ? least : COPIES_MOST;

	if (least == 0 && most == 1 && piece->is_exact &&
		join_sets(s, &piece->exact, &none, EXACT_MOST)) {
		append(s, row, piece);
		return;
	}
	for (int i = 0; i < copies; i++)
		append(s, row, piece);
	if (most != copies)
		close_row(s, row);
}

static void
parse_row(struct parser *s, struct piece *out)
{
	struct row row = { .open = one(s, empty, 0), .whole = true };

	while (s->p < s->end && *s->p != '|' && *s->p != ')') {
		struct piece piece;
		int least, most;
		UChar c = *s->p++;

		if (c == '(')
			parse_group(s, &piece);
		else if (c == '[')
			parse_class(s, &piece);
		else if (c == '\\')
			parse_escape(s, &piece);
		else if (c == '^' || c == '$')
			piece = exactly(s, empty, 0);
		else
			piece = c == '.' ? anything : character(s, c);
		if (parse_times(s, &least, &most))
			repeat(s, &row, &piece, least, most);
		else
			append(s, &row, &piece);
	}
	*out = anything;
	out->is_exact = row.whole;
	if (row.whole)
		out->exact = row.open;
	prefer(&row.best, &row.open);
	out->need = row.best;
}

static void
parse_alternatives(struct parser *s, struct piece *out)
{
	bool known = true;

	parse_row(s, out);
	while (s->p < s->end && *s->p == '|') {
		struct piece next;

		s->p++;
		parse_row(s, &next);
		known &= weight(&out->need) > 0 && weight(&next.need) > 0 &&
			 join_sets(s, &out->need, &next.need, NEED_MOST);
		out->is_exact &=
			next.is_exact &&
			join_sets(s, &out->exact, &next.exact, EXACT_MOST);
	}
	if (!known)
		out->need.count = 0;
}

static const struct literals *
kept(struct ouv_arena *arena, const struct literals *set)
{
	struct literals *out = ouv_arena_alloc(arena, sizeof(*out));
	size_t count = (size_t)set->count;

	out->list = ouv_arena_array(arena, count, sizeof(*out->list));
	out->count = set->count;
	for (size_t i = 0; i < count; i++) {
		const struct literal *from = &set->list[i];

		out->list[i].len = from->len;
		out->list[i].p = ouv_arena_memdup(
			arena, from->p, (size_t)from->len * sizeof(UChar));
	}
	return out;
}

const struct literals *
lint_literals(struct ouv_arena *arena, const UChar *pattern, int32_t len)
{
	struct ouv_arena *own = ouv_arena_new(OUV_ARENA_PLAIN);
	struct parser s = { own, pattern, pattern + len, false };
	const struct literals *out = NULL;
	struct piece all;

	parse_alternatives(&s, &all);
	if (!s.lost && s.p == s.end && weight(&all.need) > 0)
		out = kept(arena, &all.need);
	ouv_arena_free(&own);
	return out;
}
