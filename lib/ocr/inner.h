/*
 * inner.h - what the files of this folder share
 */
#ifndef OCR_INNER_H
#define OCR_INNER_H

#include <leptonica/allheaders.h>

#include "ouv/ocr.h"

struct ouv_ocr_picture {
	PIX *pix; /* 8 or 32 bits a dot */
};

/* As it is read: straight, in greys, of a size that suits, and, if it may be
 * turned, upright; NULL: no memory.  How it was turned goes into the page. Free
 * it with pixDestroy. */
PIX *ocr_upright(PIX *pix, bool turn, struct ouv_ocr_page *page);
/* Turned by that; NULL: no memory. */
PIX *ocr_turned(PIX *pix, int turn, int skew);

#endif
