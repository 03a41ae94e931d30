/*
 * layout.h - a page that a stranger sent, rebuilt of what is harmless
 *
 * Hostile bytes: call these behind a fence (ouv/fence.h) only.  The page is
 * read as browsers read it, and what is written is new: some forty elements, a
 * handful of attributes whose values were checked, everything else escaped.
 * Nothing that is written can fetch, run, send or lead anywhere.
 */
#ifndef OUV_LAYOUT_H
#define OUV_LAYOUT_H

#include "ouv/buf.h"
#include "ouv/err.h"

#define OUV_LAYOUT_HTML ((size_t)2 << 20)     /* of a mail's pages */
#define OUV_LAYOUT_PICTURES ((size_t)2 << 20) /* of its pictures together */

/* A picture that came with the page, by its Content-ID without <>. */
struct ouv_layout_picture {
	const char *id;
	struct ouv_str bytes;
};

struct ouv_layout {
	size_t part_count;
	const struct ouv_str *parts; /* any bytes; each a page by itself */
	size_t picture_count;
	const struct ouv_layout_picture *pictures;
	/* for people: the document's title; in place of a picture from outside,
	 * and of one that came along and cannot be shown */
	const char *title, *remote, *missing;
};

/*
 * The page with addresses of links (http, https, mailto) and of pictures that
 * came along (cid).  Rebuilding it once more changes nothing.
 *
 * OUV_INVALID: longer than OUV_LAYOUT_HTML, or it nests or multiplies so that
 * reading it would take too much time or memory.
 */
OUV_MUST_CHECK enum ouv_err ouv_layout_clean(
	struct ouv_str html, struct ouv_buf *out);
/*
 * The document for the frame: no link leads anywhere and each shows where it
 * would have led, pictures that came along are in it, others are a box.
 * Errors as above.
 */
OUV_MUST_CHECK enum ouv_err ouv_layout_document(
	const struct ouv_layout *layout, struct ouv_buf *out);

#endif
