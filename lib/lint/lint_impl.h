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

/* Patterns of one rule, joined: one expression for each language, and one for
 * all of them.  Matching changes an expression: clone it first. */
#define ANY_LANG OUV_LANG__COUNT
#define LISTS (OUV_LANG__COUNT + 1)

struct patterns {
	URegularExpression *of[LISTS]; /* NULL: none */
};

/* One place of a text, in both encodings that are needed. */
struct page {
	const struct ouv_lint_text *text;
	enum ouv_lint_place place;
	struct ouv_str utf8;
	const UChar *units;
	int32_t unit_count;
};

/* What matched, in UTF-16 units. */
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

struct rule {
	unsigned kinds;  /* bit for each ouv_lint_kind */
	unsigned places; /* bit for each ouv_lint_place */
	struct patterns find, spare, need;
	struct patterns unless; /* in the same sentence */
	bool needs;             /* one of need must be there */
	enum where where;
	verify_fn *verify;
	measure_fn *measure;
	bool others; /* finds what belongs to the other party */
	int most;
};

struct ouv_lint_set {
	struct ouv_arena *arena;
	size_t count;
	struct ouv_lint_rule *rules;
	struct rule *how; /* one for each */
};

/* The sentence around a place: from the last to the next . ! ? or empty line.
 */
struct span lint_sentence(const struct page *page, int32_t at);
#endif
