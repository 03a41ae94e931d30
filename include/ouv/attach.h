/*
 * attach.h - the words inside an attachment
 *
 * Hostile bytes: call these behind a fence (ouv/fence.h) only.  What they give
 * is for finding, not for reading: order and layout are lost.
 */
#ifndef OUV_ATTACH_H
#define OUV_ATTACH_H

#include <stdbool.h>
#include <stddef.h>

#include "ouv/buf.h"

#define OUV_ATTACH_PAGES 500
#define OUV_ATTACH_TEXT (1UL << 20) /* bytes of text taken at most */
#define OUV_ATTACH_MS 1500          /* after which no page is begun */

/* Uses once what opens files on first use, while files may be opened. */
void ouv_attach_warm(void);

/* The text of a PDF's first pages, as many as there is time for.  False: it is
 * none, it is damaged, or it is locked with a password. */
bool ouv_attach_pdf(const void *data, size_t len, struct ouv_buf *text_out);

/* The text of a document of Word, Excel, PowerPoint (2007 on) or
 * OpenDocument.  False: it is none of them. */
bool ouv_attach_office(struct ouv_arena *arena, const void *data, size_t len,
	struct ouv_buf *text_out);

#endif
