/*
 * upright.c - a page as a machine reads it best: upright, straight, its paper
 * white, its letters of a usual size
 */
#include <math.h>

#include "inner.h"

#define INCH 300        /* dots, as tesseract was taught */
#define LONG_SIDE 3508  /* of A4 at that */
#define SURE_SKEW 3.0F  /* leptonica's own measure of being sure */
#define LEAST_SKEW 0.1F /* degrees: less harms nothing */
#define DARK 150        /* what is ink, on paper made white */
#define DEGREE 0.017453292F

static float
between(float n, float least, float most)
{
	return n < least ? least : n > most ? most : n;
}

/* A picture that says how large it is, if that is a page; else it shows one. */
static float
scale_of(PIX *pix)
{
	const int w = pixGetWidth(pix), h = pixGetHeight(pix);
	const int longer = w > h ? w : h, inch = pixGetXRes(pix);
	float by;

	if (inch >= 72 && inch <= 1200 && longer / inch >= 4 &&
		longer / inch <= 24)
		by = between((float)INCH / (float)inch, 0.25F, 3);
	else
		by = between((float)LONG_SIDE / (float)longer, 0.25F, 2);
	return fminf(by, sqrtf((float)OUV_OCR_DOTS / ((float)w * (float)h)));
}

/* Ink and paper alone, to find out how it lies. */
static PIX *
ink(PIX *grey)
{
	PIX *white = pixBackgroundNormSimple(grey, NULL, NULL);
	PIX *out = white != NULL ? pixThresholdToBinary(white, DARK) : NULL;

	pixDestroy(&white);
	return out;
}

static int
skew_of(PIX *black)
{
	l_float32 angle = 0, sure = 0;

	if (pixFindSkew(black, &angle, &sure) != 0 || sure < SURE_SKEW ||
		fabsf(angle) < LEAST_SKEW)
		return 0;
	return (int)lroundf(angle * 100);
}

PIX *
ocr_turned(PIX *pix, int turn, int skew)
{
	PIX *upright =
		turn != 0 ? pixRotateOrth(pix, turn / 90) : pixClone(pix);
	PIX *straight;

	if (upright == NULL || skew == 0)
		return upright;
	straight = pixRotate(upright, (float)skew / 100 * DEGREE,
		L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0);
	pixDestroy(&upright);
	return straight;
}

/* By which way most letters stick out of their lines; when it is not sure, as
 * it lies. */
static int
turn_of(PIX *black)
{
	/* clang-format off */
	static const int turns[] = {
		[L_TEXT_ORIENT_UNKNOWN] = 0, [L_TEXT_ORIENT_UP] = 0,
		[L_TEXT_ORIENT_LEFT] = 90, [L_TEXT_ORIENT_DOWN] = 180,
		[L_TEXT_ORIENT_RIGHT] = 270,
	};
	/* clang-format on */
	l_float32 up = 0, left = 0;
	l_int32 which = L_TEXT_ORIENT_UNKNOWN;

	if (pixOrientDetect(black, &up, &left, 0, 0) != 0 ||
		makeOrientDecision(up, left, 0, 0, &which, 0) != 0 ||
		which < 0 || which > L_TEXT_ORIENT_RIGHT)
		return 0;
	return turns[which];
}

static void
find_turn(PIX *grey, bool turn, struct ouv_ocr_page *page)
{
	PIX *black = ink(grey), *straight = NULL, *upright = NULL;

	if (black == NULL)
		return;
	page->skew = skew_of(black);
	straight = turn ? ocr_turned(black, 0, page->skew) : NULL;
	if (straight != NULL)
		page->turn = turn_of(straight);
	if (page->turn != 0 &&
		(upright = ocr_turned(black, page->turn, 0)) != NULL)
		page->skew = skew_of(upright);
	pixDestroy(&black);
	pixDestroy(&straight);
	pixDestroy(&upright);
}

PIX *
ocr_upright(PIX *pix, bool turn, struct ouv_ocr_page *page)
{
	const float by = scale_of(pix);
	PIX *grey = pixGetDepth(pix) == 8 ? pixClone(pix)
					  : pixConvertRGBToLuminance(pix);
	PIX *sized = grey != NULL ? pixScale(grey, by, by) : NULL;
	PIX *out = NULL;

	pixDestroy(&grey);
	if (sized == NULL)
		return NULL;
	find_turn(sized, turn, page);
	out = ocr_turned(sized, page->turn, page->skew);
	pixDestroy(&sized);
	if (out == NULL)
		return NULL;
	page->width = pixGetWidth(out);
	page->height = pixGetHeight(out);
	pixSetResolution(out, INCH, INCH);
	return out;
}
