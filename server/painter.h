/*
 * painter.h - the page of a mail rebuilt for a frame, behind a fence
 */
#ifndef SERVER_PAINTER_H
#define SERVER_PAINTER_H

#include "ouv/buf.h"

/* What a person reads in the document. */
struct painter_words {
	const char *title, *remote, *missing; /* as in ouv/layout.h */
};

/* Forks the fence's keeper: as reader_begin. */
OUV_MUST_CHECK enum ouv_err painter_begin(void);
/*
 * The document of a raw mail, in the arena.  OUV_NOT_FOUND: the mail has no
 * page.  OUV_INVALID: it cannot be rebuilt within limits.  OUV_TEMPORARY: not
 * now.
 */
OUV_MUST_CHECK enum ouv_err painter_paint(struct ouv_arena *arena,
	const struct painter_words *words, struct ouv_str raw,
	struct ouv_str *document_out);
void painter_end(void);

#endif
