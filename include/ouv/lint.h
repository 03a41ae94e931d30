/*
 * lint.h - what may not leave the office, and what had better not
 *
 * The rules are data (lint/rules.json): patterns, what each must be checked
 * for, and the words that explain it in every language.  The same rules read
 * templates, automatic letters and what a colleague types.  Pure: a text in,
 * findings out; a rule that takes too long on a text is itself a finding.
 * docs/lint.md lists every rule.
 */
#ifndef OUV_LINT_H
#define OUV_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "ouv/arena.h"
#include "ouv/case.h"

enum ouv_severity {
	OUV_LINT_BLOCKS, /* nothing is sent while it is there       */
	OUV_LINT_WARNS,  /* may be overruled, with a reason that is kept */
};

/* What kind of text it is; a rule may hold for some only. */
enum ouv_lint_kind {
	OUV_LINT_LETTER,          /* a letter to a party             */
	OUV_LINT_ACKNOWLEDGEMENT, /* the first automatic answer       */
	OUV_LINT_ABSENCE,         /* an out-of-office note            */
	OUV_LINT_PIECE,           /* a snippet: no greeting, no thanks */
	OUV_LINT_KIND__COUNT
};
const char *ouv_lint_kind_name(enum ouv_lint_kind kind);

struct ouv_lint_rule {
	const char *name; /* "open-blank" */
	enum ouv_severity severity;
	const char *says[OUV_LANG__COUNT]; /* what is wrong, what to do */
};

/* A text and what must be known of its case.  Pointers may be NULL unless said
 * otherwise. */
struct ouv_lint_text {
	enum ouv_lang lang; /* OUV_LANG__COUNT: not known, all are tried */
	enum ouv_lint_kind kind;
	const char *written; /* the language it seems to be in; "und" */
	const char *subject;
	const char *body;     /* never NULL; UTF-8, LF */
	const char *html;     /* the HTML part as it will be sent */
	const char *protocol; /* of this case */
	/* names, addresses, numbers of the other party: never in here */
	size_t other_count;
	const char *const *others;
	/* the office's and the reader's own: never a finding */
	size_t own_count;
	const char *const *own;
	bool blocks_only; /* rules that warn are not asked */
};

enum ouv_lint_place {
	OUV_LINT_SUBJECT,
	OUV_LINT_BODY,
	OUV_LINT_HTML,
	OUV_LINT_PLACE__COUNT
};

struct ouv_finding {
	const struct ouv_lint_rule *rule;
	enum ouv_lint_place place;
	size_t offset, len;  /* bytes; len 0: something is missing */
	int line, column;    /* from 1; characters */
	const char *found;   /* the words themselves, "" for len 0 */
	const char *instead; /* a plainer word for them; "": none known */
};

struct ouv_lint_set;

/* Where the rules are wrong, in words for their editor (English). */
struct ouv_lint_error {
	char rule[64];
	char what[200];
};

/*
 * Reads a file of rules.  Read-only afterwards, may be shared by threads.
 *
 * OUV_NOT_FOUND: no such file.  OUV_INVALID: it is not what docs/lint.md
 * describes.  Both say so in error_out.
 */
OUV_MUST_CHECK enum ouv_err ouv_lint_load(const char *path,
	struct ouv_lint_set **set_out, struct ouv_lint_error *error_out);
void ouv_lint_free(struct ouv_lint_set **set);
/* The rules in the file's order; they live as long as the set. */
const struct ouv_lint_rule *ouv_lint_rules(
	const struct ouv_lint_set *set, size_t *count_out);

/* Findings by place, then by offset. */
void ouv_lint_run(struct ouv_arena *arena, const struct ouv_lint_set *set,
	const struct ouv_lint_text *text, struct ouv_finding **findings_out,
	size_t *count_out);

#endif
