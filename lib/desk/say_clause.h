/*
 * say_clause.h - a message as clauses of plain words
 */
#ifndef OUV_DESK_SAY_CLAUSE_H
#define OUV_DESK_SAY_CLAUSE_H

#include <stdbool.h>

#include "ouv/arena.h"

#define SAY_WORD 24 /* longer ones are cut: none of ours is */

struct clause {
	size_t count;
	const char (*words)[SAY_WORD];
	bool question; /* ... ends with a question mark */
	bool shouts;   /* ... or an exclamation mark */
	bool heading;  /* ... or a colon */
	bool quotes;   /* something in it stands between quotation marks */
	bool sentence; /* begins a sentence */
};

/*
 * The first clauses of a text, at most `most`; words lower case, without
 * accents.  Lines that quote are left out.  more_out: there were others.
 */
size_t say_clauses(struct ouv_arena *arena, const char *text,
	struct clause *clauses, size_t most, bool *more_out);
/* " a b c " holds " b "? */
bool say_among(const char *list, const char *word);

#endif
