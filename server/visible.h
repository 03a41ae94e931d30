/*
 * visible.h - any bytes as text that hides nothing
 *
 * Pure.  What a page may show stands as it is; everything else is written out
 * as its bytes or its code point, and marked, so that no message can pretend
 * to hold such a mark.
 */
#ifndef SERVER_VISIBLE_H
#define SERVER_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>

#include "ouv/arena.h"
#include "ouv/buf.h"

/* A run of characters, or a run of bytes written out. */
struct visible_run {
	bool is_code; /* "FF 00" or "U+202E", no text of the message */
	struct ouv_str text;
};

/*
 * The runs of bytes, in order; none for no bytes.  UTF-8 is text; tabs and
 * line ends, with or without CR, are text, a CR line end as LF alone.
 */
struct visible_run *visible_runs(
	struct ouv_arena *arena, struct ouv_str bytes, size_t *count_out);

/*
 * Where a page begins that was asked for at offset: at the line's begin, when
 * there is one in the VISIBLE_BACK bytes before it, else at the character's.
 * The same for every asker, so that one page's end is the next one's begin.
 */
#define VISIBLE_BACK 1024
size_t visible_begin(struct ouv_str bytes, size_t offset);

#endif
