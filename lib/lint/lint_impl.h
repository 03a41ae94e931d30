/*
 * lint_impl.h - what the files of lib/lint share
 */
#ifndef OUV_LINT_IMPL_H
#define OUV_LINT_IMPL_H

#include <stdint.h>
#include <jansson.h>
#include <unicode/uregex.h>

#include "ouv/buf.h"
#include "ouv/lint.h"

#define TRY(call)                              \
	do {                                   \
		enum ouv_err try_err = (call); \
		if (try_err != OUV_OK)         \
			return try_err;        \
	} while (0)

/* A pattern is for one language or for any.  Matching changes an expression:
 * clone it first. */
#define ANY_LANG OUV_LANG__COUNT
#define LISTS (OUV_LANG__COUNT + 1)

/* Patterns of one rule, joined: one expression for each language. */
struct patterns {
	URegularExpression *of[LISTS]; /* NULL: none */
};

/* A pattern for itself, with its number in the set's sieve. */
struct pattern {
	int lang; /* or ANY_LANG */
	URegularExpression *expression;
	size_t n;
};

/* One place of a text, in both encodings that are needed. */
struct page {
	const struct ouv_lint_text *text;
	enum ouv_lint_place place;
	struct ouv_str utf8;
	const UChar *units;
	int32_t unit_count;
};

/* What matched, and other places of a page, in UTF-16 units. */
struct span {
	int32_t from, until;
};

/* Is a candidate really one?  (A CPF whose check digits do not fit is none.)
 */
typedef bool verify_fn(const struct page *page, struct span span);
/* Spans of a page that are too long, too loud, ...; calls add for each. */
typedef void measure_fn(const struct page *page, int most,
	void (*add)(void *user, struct span span), void *user);

verify_fn *lint_verify_find(const char *name);   /* NULL: no such */
measure_fn *lint_measure_find(const char *name); /* NULL: no such */

/* Where a rule with "need" looks. */
enum where {
	WHERE_HEAD, /* the first lines */
	WHERE_TAIL, /* the last lines  */
	WHERE_ALL,
};

/* A plainer word for what was found. */
struct instead {
	int lang;
	const char *found, *word;
};

struct rule {
	unsigned kinds;  /* bit for each ouv_lint_kind */
	unsigned places; /* bit for each ouv_lint_place */
	size_t find_count;
	struct pattern *find;
	struct patterns spare, need;
	struct patterns unless; /* in the same sentence */
	bool needs;             /* one of need must be there */
	enum where where;
	verify_fn *verify;
	measure_fn *measure;
	bool others; /* finds what belongs to the other party */
	int most;
	size_t instead_count;
	struct instead *instead;
};

/* ---- literal.c: what a match must hold ------------------------------------
 */

struct literal {
	const UChar *p;
	int32_t len;
};

struct literals {
	int count;
	struct literal *list;
};

/* Upper and lower case, every digit and every blank are the same. */
UChar lint_fold(UChar c);
/* Folded strings one of which stands in every match; NULL: not known. */
const struct literals *lint_literals(
	struct ouv_arena *arena, const UChar *pattern, int32_t len);

/* ---- cases.c: the same pattern, quicker to make where case does not count --
 */

const char *lint_any_case(struct ouv_arena *arena, const char *pattern);

/* ---- sieve.c: which patterns are worth trying, and where ------------------
 */

struct sieve;
struct sieve *lint_sieve_new(struct ouv_arena *arena);
/* Adds a pattern; returns its number. */
size_t lint_sieve_add(struct sieve *sieve, const UChar *pattern, int32_t len);

/* A page in pieces, cut at empty lines, and what may match in which. */
struct sifted {
	size_t piece_count;
	const struct span *pieces;
	size_t words;         /* of bits for each pattern */
	const uint64_t *bits; /* pattern by pattern       */
};
void lint_sift(struct ouv_arena *arena, const struct sieve *sieve,
	const struct page *page, struct sifted *out);
/* The next piece from `piece` on in which that pattern may match; piece_count:
 * none. */
size_t lint_sifted_next(
	const struct sifted *sifted, size_t pattern, size_t piece);

/* ---- the set ---------------------------------------------------------------
 */

struct ouv_lint_set {
	struct ouv_arena *arena;
	struct sieve *sieve; /* of the patterns that find */
	size_t count;
	struct ouv_lint_rule *rules;
	struct rule *how; /* one for each */
};

/* The sentence around a place: from the last to the next . ! ? or empty line.
 */
struct span lint_sentence(const struct page *page, int32_t at);
#endif
