/*
 * ocr_page.h - one page as a machine read it: its lines, its words, how sure it
 * was of each
 *
 * The form in which it is handed out of the fence and kept under seal:
 *
 *   1 WIDTH HEIGHT TURN SKEW CONFIDENCE
 *   L FIRST                         a line; FIRST 1: a paragraph begins
 *   CONFIDENCE X Y W H WORD         its words, one a row
 *
 * Pure, and strict: what was written behind the fence is believed as little as
 * the picture was.
 */
#ifndef OUV_OCR_PAGE_H
#define OUV_OCR_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "ouv/buf.h"

#define OUV_OCR_WORDS 20000 /* of a page at most */
#define OUV_OCR_WORD 200    /* bytes of one */
/* A word that the machine was less sure of is marked as doubtful: on pages that
 * can hardly be read these are the greater part of those that are wrong, and a
 * tenth of those that are right (tests/unit/scanner_test.c). */
#define OUV_OCR_DOUBTFUL 85
/* Below this it is taken for a stain: shown, and not looked for. */
#define OUV_OCR_NOISE 30

struct ouv_ocr_word {
	const char *text;
	int conf;       /* 0 to 100 */
	int x, y, w, h; /* dots of the page as it was read; 0: not known */
};

struct ouv_ocr_line {
	bool first; /* of a paragraph */
	size_t count;
	struct ouv_ocr_word *words;
};

struct ouv_ocr_page {
	int width, height; /* dots, as it was read; 0: its own text */
	int turn; /* degrees clockwise it was turned: 0, 90, 180, 270 */
	int skew; /* and then, in hundredths of a degree */
	int conf; /* of all words, 0 to 100 */
	size_t count, words;
	struct ouv_ocr_line *lines;
};

/* How sure it was of all words together, 0 to 100. */
int ouv_ocr_page_sure(const struct ouv_ocr_page *page);
/* conf is reckoned from the words. */
void ouv_ocr_page_write(struct ouv_ocr_page *page, struct ouv_buf *out);
/* In the arena.  OUV_INVALID: not of that form, or no text. */
OUV_MUST_CHECK enum ouv_err ouv_ocr_page_read(struct ouv_arena *arena,
	struct ouv_str text, struct ouv_ocr_page *page_out);
/* A page that holds its own text: sure of every word. */
void ouv_ocr_page_plain(
	struct ouv_arena *arena, const char *text, struct ouv_ocr_page *out);
/* With line breaks, an empty line between paragraphs; words below `least` are
 * left out. */
const char *ouv_ocr_page_text(
	struct ouv_arena *arena, const struct ouv_ocr_page *page, int least);

#endif
