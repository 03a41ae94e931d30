/*
 * diff.h - what was taken out of a text, and what was put in
 */
#ifndef SERVER_DIFF_H
#define SERVER_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "ouv/arena.h"
#include "ouv/buf.h"

enum diff_sign {
	DIFF_SAME,
	DIFF_GONE,
	DIFF_NEW
};

/* Words of a line, all of which changed or none. */
struct diff_run {
	struct ouv_str text; /* borrowed from the texts */
	bool changed;
};

struct diff_line {
	enum diff_sign sign;
	size_t run_count; /* 0: an empty line */
	struct diff_run *runs;
};

/*
 * Pure.  The lines of both texts, in order: what a has and b has not is gone,
 * the other way round new.  A line that was changed and not exchanged says
 * which of its words changed; in any other no run is.  Whether a text ends
 * with a line's end makes no difference.  Texts too long to compare are shown
 * as gone and new.
 */
void diff_texts(struct ouv_arena *arena, const char *a, const char *b,
	struct diff_line **lines_out, size_t *count_out);

#endif
