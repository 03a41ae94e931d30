/*
 * picture.c - pictures of pages: opened under limits, drawn anew
 *
 * The only door to leptonica beside upright.c.  Everything is in memory: what
 * leptonica would put into a temporary file is refused by the fence.
 */
#include <stdlib.h>
#include <string.h>

#include "inner.h"

#define UNPACKED ((uint64_t)280 << 20) /* bytes of one picture, at most */
#define QUALITY 72

/* ---- how large -------------------------------------------------------------
 */

struct head {
	l_int32 format, width, height, bits, samples;
};

static bool
read_head(const void *data, size_t len, int n, struct head *h)
{
	l_int32 colours, inch, format;

	if (pixReadHeaderMem(data, len, &h->format, &h->width, &h->height,
		    &h->bits, &h->samples, &colours) != 0)
		return false;
	if (h->format >= IFF_TIFF && h->format <= IFF_TIFF_ZIP && n > 0 &&
		readHeaderMemTiff(data, len, n, &h->width, &h->height, &h->bits,
			&h->samples, &inch, &colours, &format) != 0)
		return false;
	return h->width > 0 && h->height > 0;
}

static bool
is_jpeg(const struct head *h)
{
	return h->format == IFF_JFIF_JPEG;
}

static uint64_t
dots(const struct head *h)
{
	return (uint64_t)h->width * (uint64_t)h->height;
}

/* A JPEG can be unpacked smaller than it is. */
static bool
is_large(const struct head *h)
{
	uint64_t bytes = h->bits * h->samples == 1 ? dots(h) / 8
			 : h->samples == 1         ? dots(h)
						   : dots(h) * 4;

	return dots(h) > OUV_OCR_DOTS_MOST || (!is_jpeg(h) && bytes > UNPACKED);
}

enum ouv_ocr_open
ouv_ocr_size(
	const void *data, size_t len, int n, int *width_out, int *height_out)
{
	struct head h;

	if (!read_head(data, len, n, &h))
		return OUV_OCR_DAMAGED;
	*width_out = h.width;
	*height_out = h.height;
	return is_large(&h) ? OUV_OCR_TOO_LARGE : OUV_OCR_OPEN;
}

/* ---- how a camera was held: Exif 2.32, 4.6.4, tag 0x0112 -------------------
 */

struct tiff {
	const unsigned char *p;
	size_t len;
	bool little;
};

static unsigned
word(const struct tiff *t, size_t at, int bytes)
{
	unsigned n = 0;

	if (at > t->len || t->len - at < (size_t)bytes)
		return 0;
	for (int i = 0; i < bytes; i++)
		n |= (unsigned)t->p[at + (size_t)i]
		     << 8 * (t->little ? i : bytes - 1 - i);
	return n;
}

/* 1 to 8; 1: upright, or it does not say. */
static unsigned
orientation(const struct tiff *t)
{
	size_t at = word(t, 4, 4);
	unsigned entries = word(t, at, 2);

	for (unsigned i = 0; i < entries && i < 64; i++) {
		size_t entry = at + 2 + (size_t)i * 12;

		if (word(t, entry, 2) == 0x0112)
			return word(t, entry + 8, 2);
	}
	return 1;
}

static unsigned
jpeg_orientation(const unsigned char *p, size_t len)
{
	size_t at = 2;

	while (len >= 4 && at <= len - 4 && p[at] == 0xff &&
		p[at + 1] != 0xda) {
		size_t size = (size_t)p[at + 2] << 8 | p[at + 3];

		if (size < 2 || size > len - at - 2)
			return 1;
		if (p[at + 1] == 0xe1 && size >= 16 &&
			memcmp(p + at + 4, "Exif\0\0", 6) == 0) {
			struct tiff t = { p + at + 10, size - 8,
				p[at + 10] == 'I' };

			return orientation(&t);
		}
		at += 2 + size;
	}
	return 1;
}

/* Mirrored ones (2, 4, 5, 7) no camera makes. */
static int
quarters(unsigned orientation)
{
	return orientation == 6   ? 1
	       : orientation == 3 ? 2
	       : orientation == 8 ? 3
				  : 0;
}

/* ---- opening ---------------------------------------------------------------
 */

/* Takes pix over. */
static PIX *
instead(PIX *pix, PIX *other)
{
	pixDestroy(&pix);
	return other;
}

/* 8 bits of grey or 32 of colour, on white. */
static PIX *
plain(PIX *pix)
{
	if (pix != NULL && pixGetColormap(pix) != NULL)
		pix = instead(
			pix, pixRemoveColormap(pix, REMOVE_CMAP_BASED_ON_SRC));
	if (pix != NULL && pixGetDepth(pix) == 32 && pixGetSpp(pix) == 4)
		pix = instead(pix, pixAlphaBlendUniform(pix, 0xffffff00));
	if (pix != NULL && pixGetDepth(pix) != 8 && pixGetDepth(pix) != 32)
		pix = instead(pix, pixConvertTo8(pix, 0));
	return pix;
}

/* By how much a JPEG is unpacked smaller: 1, 2, 4 or 8. */
static int
smaller(const struct head *h)
{
	uint64_t by = 1;

	while (by < 8 && dots(h) / (by * by) > UINT64_C(2) * OUV_OCR_DOTS)
		by *= 2;
	return (int)by;
}

static PIX *
open_jpeg(const void *data, size_t len, const struct head *h)
{
	int by = smaller(h), turn = quarters(jpeg_orientation(data, len));
	PIX *pix = pixReadMemJpeg(data, len, 0, by, NULL, 0);

	if (pix == NULL)
		return NULL;
	pixSetResolution(pix, pixGetXRes(pix) / by, pixGetYRes(pix) / by);
	return turn > 0 ? instead(pix, pixRotateOrth(pix, turn)) : pix;
}

enum ouv_ocr_open
ouv_ocr_picture(const void *data, size_t len, int n,
	struct ouv_ocr_picture **picture_out)
{
	struct ouv_ocr_picture *picture;
	struct head h;
	PIX *pix;

	if (!read_head(data, len, n, &h))
		return OUV_OCR_DAMAGED;
	if (is_large(&h))
		return OUV_OCR_TOO_LARGE;
	if (is_jpeg(&h))
		pix = open_jpeg(data, len, &h);
	else if (h.format == IFF_PNG)
		pix = pixReadMemPng(data, len);
	else if (h.format >= IFF_TIFF && h.format <= IFF_TIFF_ZIP)
		pix = pixReadMemTiff(data, len, n);
	else
		pix = NULL;
	if ((pix = plain(pix)) == NULL)
		return OUV_OCR_DAMAGED;
	picture = calloc(1, sizeof(*picture));
	if (picture == NULL)
		abort();
	picture->pix = pix;
	*picture_out = picture;
	return OUV_OCR_OPEN;
}

struct ouv_ocr_picture *
ouv_ocr_dots(const void *rows, int width, int height, int stride, int inch)
{
	struct ouv_ocr_picture *picture;
	PIX *pix;

	if (width <= 0 || height <= 0 ||
		(uint64_t)width * (uint64_t)height > OUV_OCR_DOTS_MOST / 4 ||
		(pix = pixCreate(width, height, 32)) == NULL)
		return NULL;
	for (int y = 0; y < height; y++) {
		const l_uint32 *from = (const void *)((const char *)rows +
						      (ptrdiff_t)y * stride);
		l_uint32 *to = pixGetData(pix) + (ptrdiff_t)y * pixGetWpl(pix);

		for (int x = 0; x < width; x++)
			to[x] = from[x] << 8;
	}
	pixSetResolution(pix, inch, inch);
	picture = calloc(1, sizeof(*picture));
	if (picture == NULL)
		abort();
	picture->pix = pix;
	return picture;
}

void
ouv_ocr_close(struct ouv_ocr_picture **picture)
{
	if (*picture == NULL)
		return;
	pixDestroy(&(*picture)->pix);
	free(*picture);
	*picture = NULL;
}

/* ---- drawn anew ------------------------------------------------------------
 */

bool
ouv_ocr_show(const struct ouv_ocr_picture *picture, int turn, int skew,
	int side, struct ouv_buf *out)
{
	const int longer =
		pixGetWidth(picture->pix) > pixGetHeight(picture->pix)
			? pixGetWidth(picture->pix)
			: pixGetHeight(picture->pix);
	const float by = longer > side ? (float)side / (float)longer : 1;
	PIX *small = pixScale(picture->pix, by, by), *turned = NULL;
	l_uint8 *bytes = NULL;
	size_t len = 0;
	bool done;

	if (small != NULL)
		turned = ocr_turned(small, turn, skew);
	/* No words of the file it came from go with it. */
	if (turned != NULL)
		pixSetText(turned, NULL);
	done = turned != NULL &&
	       pixWriteMemJpeg(&bytes, &len, turned, QUALITY, 0) == 0;
	if (done)
		ouv_buf_add(out, bytes, len);
	lept_free(bytes);
	pixDestroy(&small);
	pixDestroy(&turned);
	return done;
}
