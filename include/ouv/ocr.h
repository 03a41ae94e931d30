/*
 * ocr.h - the words on a picture of a page
 *
 * The only door to tesseract and leptonica.  Hostile bytes: call these behind a
 * fence (ouv/fence.h) only, but for ouv_ocr_find.  Language data is opened by
 * ouv_ocr_warm alone, while files may be opened; after it nothing here asks for
 * a file, a thread or the network.
 */
#ifndef OUV_OCR_H
#define OUV_OCR_H

#include "ouv/ocr_page.h"

/* ---- languages -------------------------------------------------------------
 */

/* Where the data of tesseract lies, and for which of our languages. */
struct ouv_ocr_data {
	char path[256];
	char langs[16]; /* "por+eng+ita", as far as it is there */
};
/* TESSDATA_PREFIX, else where distributions put it.  False: none is there. */
bool ouv_ocr_find(struct ouv_ocr_data *data_out);
/* Takes a second, and some 110 MB for all three. */
void ouv_ocr_warm(const struct ouv_ocr_data *data);

/* ---- pictures --------------------------------------------------------------
 */

/* A side below which it is a sign or a logo and no page. */
#define OUV_OCR_SMALL 200
/* Dots of a page as it is read: A4 at 300 to the inch has 8.7 million. */
#define OUV_OCR_DOTS 12000000U
/* Dots of a picture that is unpacked at all. */
#define OUV_OCR_DOTS_MOST 100000000U

struct ouv_ocr_picture;

enum ouv_ocr_open {
	OUV_OCR_OPEN,
	OUV_OCR_DAMAGED,
	OUV_OCR_TOO_LARGE /* its head alone was looked at */
};

/* How large is page n (from 0) of a PNG, JPEG or TIFF, by its head alone? */
enum ouv_ocr_open ouv_ocr_size(
	const void *data, size_t len, int n, int *width_out, int *height_out);
/* OUV_OCR_OPEN: free it with ouv_ocr_close. */
enum ouv_ocr_open ouv_ocr_picture(const void *data, size_t len, int n,
	struct ouv_ocr_picture **picture_out);
/* Rows of 32-bit dots 0x00RRGGBB, stride bytes apart, at so many to the inch.
 * NULL: too large. */
struct ouv_ocr_picture *ouv_ocr_dots(
	const void *rows, int width, int height, int stride, int inch);
void ouv_ocr_close(struct ouv_ocr_picture **picture);

/*
 * The words: turned upright, made straight, about 300 dots to the inch.  lang:
 * what is tried first, "pt-BR", "en", "it"; the others where that does not fit;
 * anything else: not known.  False: there is no language data, or no memory.
 */
bool ouv_ocr_read(const struct ouv_ocr_picture *picture, const char *lang,
	struct ouv_arena *arena, struct ouv_ocr_page *page_out);

/* Drawn anew as a JPEG whose longer side has at most `side` dots, turned as the
 * page was when it was read. */
bool ouv_ocr_show(const struct ouv_ocr_picture *picture, int turn, int skew,
	int side, struct ouv_buf *out);

#endif
