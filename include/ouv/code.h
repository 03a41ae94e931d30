/*
 * code.h - codebooks: the words that cases are sorted by
 *
 * A book (codes/BOOK.json) is a list of entries, each with a code, the days
 * from and until which it counts, and a label in every language; docs/codes.md
 * says how one is written.  The entries live in the database, in versions.
 */
#ifndef OUV_CODE_H
#define OUV_CODE_H

#include <jansson.h>

#include "ouv/arena.h"
#include "ouv/case.h"
#include "ouv/config.h"

struct ouv_code {
	const char *code, *parent;   /* parent "" : of the first level */
	int32_t from_day, until_day; /* until 0: no end */
	const char *label[OUV_LANG__COUNT];
	const json_t *more; /* what the book needs besides; NULL: nothing */
};
struct ouv_code_book {
	const char *name;
	const char *title[OUV_LANG__COUNT];
	size_t count;
	const struct ouv_code *list; /* in the order of the file */
};

/* OUV_INVALID: it is no codebook; what_out says where and why, in words for
 * its editor. */
OUV_MUST_CHECK enum ouv_err ouv_code_parse(struct ouv_arena *arena,
	const char *json, size_t len, struct ouv_code_book *book_out,
	char what_out[200]);

struct ouv_code_change {
	int added; /* new entries, and new versions of known ones */
	int same;  /* as they are */
	int kept;  /* the office's own, which a shipped one never replaces */
};
/*
 * The entries of these books into the database, with the owner's role.  text
 * NULL: of every book in paths.codes, as shipped.  login: whose version it is;
 * a colleague's name for text, NULL for what is shipped.
 *
 * OUV_INVALID: one of them is no codebook (said on the log; nothing was
 * changed).  OUV_NOT_FOUND: no such folder, or no such colleague (said as
 * well).
 */
OUV_MUST_CHECK enum ouv_err ouv_code_import(const struct ouv_config *config,
	const char *text, const char *login,
	struct ouv_code_change *change_out);
/* [{"book","code","parent","n","from","until","label":{},"more":{},"shipped"}],
 * as they count on that day; book NULL: all.  With the owner's role. */
OUV_MUST_CHECK enum ouv_err ouv_code_list(const struct ouv_config *config,
	const char *book, int32_t day, json_t **list_out);

#endif
