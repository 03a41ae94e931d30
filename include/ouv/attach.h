/*
 * attach.h - the words inside an attachment, and what a file is
 *
 * Hostile bytes: call these behind a fence (ouv/fence.h) only.  The words they
 * give are for finding, not for reading: order and layout are lost.
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

/* ---- pages of a PDF, to be looked at ----------------------------------------
 */

enum ouv_attach_kind {
	OUV_ATTACH_WORDS = 't',   /* it holds its own text              */
	OUV_ATTACH_PICTURE = 's', /* a picture, with hardly any         */
	OUV_ATTACH_BARE = 'b'     /* neither: empty, or drawn by strokes */
};
/*
 * What each page is, one letter a page for the first OUV_ATTACH_PAGES.
 * pages_out: how many there are.  NULL: damaged; locked_out: by a password.
 */
const char *ouv_attach_pdf_kinds(struct ouv_arena *arena, const void *data,
	size_t len, int *pages_out, bool *locked_out);
/* The text of page n (from 0), its lines as they stand; NULL: no such page. */
const char *ouv_attach_pdf_words(
	struct ouv_arena *arena, const void *data, size_t len, int n);

/* Page n drawn on white: rows of dots 0x00RRGGBB, stride bytes apart. */
struct ouv_attach_drawing {
	int width, height, stride, inch; /* dots to the inch */
	const void *rows;
	void *inside;
};
/* At `inch` dots to the inch, or fewer so that it has no more than dots_most.
 * False: no such page, no size, no memory.  Free it with ouv_attach_drawn. */
bool ouv_attach_pdf_draw(const void *data, size_t len, int n, int inch,
	unsigned dots_most, struct ouv_attach_drawing *out);
void ouv_attach_drawn(struct ouv_attach_drawing *drawing);

/* ---- what a file is --------------------------------------------------------
 */

/* More dots than the largest page of a letter has at 600 to the inch: what is
 * larger was made to fill a memory. */
#define OUV_LOOK_DOTS 100000000U

struct ouv_look {
	const char *type; /* by its bytes; NULL: none that we know */
	int pages;        /* of a PDF or TIFF; 1 for a picture; 0: no pages */
	bool locked;      /* opens with a password only */
	bool damaged;     /* cut off, or against the rules of its format */
	bool bomb;        /* more dots than OUV_LOOK_DOTS */
};
void ouv_attach_look(const void *data, size_t len, struct ouv_look *look_out);

/* Parts of it: each is given bytes that begin as its type does. */
void ouv_look_pdf(const void *data, size_t len, struct ouv_look *look);
void ouv_look_jpeg(const void *data, size_t len, struct ouv_look *look);
void ouv_look_png(const void *data, size_t len, struct ouv_look *look);
void ouv_look_tiff(const void *data, size_t len, struct ouv_look *look);

/*
 * Is type one that a form takes (party: by a party), and do the name's ending
 * and the declared type (NULL, "" or application/octet-stream: not said) say
 * the same?  Pure; also outside of a fence.
 */
enum ouv_look_fits {
	OUV_LOOK_FITS,
	OUV_LOOK_NOT_TAKEN,
	OUV_LOOK_LIES
};
enum ouv_look_fits ouv_look_fits(
	const char *type, bool party, const char *name, const char *declared);
/* The constant of that text; NULL: none of ours. */
const char *ouv_look_type(const char *text);

#endif
