/*
 * picture.c - pictures on the page
 *
 * Their heads are read here, their bytes by libpng through cairo; a JPEG goes
 * into the file as it is.  All were made anew behind a fence before they came
 * here (ouv/print.h).
 */
#include <stdint.h>
#include <string.h>

#include "inner.h"

#define SIDE_MOST 20000      /* pixels */
#define PIXELS_MOST 60000000 /* of a PNG: four bytes each while it is drawn */
#define DPI 150.0            /* no small picture is blown up beyond it */
#define CAPTION_ROOM MM(14)

static bool
is_png(struct ouv_str b)
{
	return b.len > 33 && memcmp(b.p, "\x89PNG\r\n\x1a\n", 8) == 0;
}

static int
be16(const unsigned char *p)
{
	return p[0] << 8 | p[1];
}

static bool
png_size(struct ouv_str b, int *width, int *height)
{
	const unsigned char *p = (const unsigned char *)b.p + 16;

	*width = be16(p) << 16 | be16(p + 2);
	*height = be16(p + 4) << 16 | be16(p + 6);
	return true;
}

/* A frame that is drawn at once or in steps; grey or three colours: what four
 * colours mean, sRGB does not say. */
static bool
jpeg_frame(const unsigned char *p, int *width, int *height)
{
	*height = be16(p + 1);
	*width = be16(p + 3);
	return p[0] == 8 && (p[5] == 1 || p[5] == 3);
}

static bool
jpeg_size(struct ouv_str b, int *width, int *height)
{
	const unsigned char *p = (const unsigned char *)b.p;
	size_t at = 2;

	if (b.len < 4 || p[0] != 0xFF || p[1] != 0xD8)
		return false;
	while (at + 10 < b.len && p[at] == 0xFF) {
		unsigned char mark = p[at + 1];

		if (mark == 0xC0 || mark == 0xC1 || mark == 0xC2)
			return jpeg_frame(p + at + 4, width, height);
		at += 2 + (size_t)be16(p + at + 2);
	}
	return false;
}

bool
picture_size(struct ouv_str bytes, int *width, int *height)
{
	bool known = is_png(bytes) ? png_size(bytes, width, height)
				   : jpeg_size(bytes, width, height);

	return known && *width > 0 && *height > 0 && *width <= SIDE_MOST &&
	       *height <= SIDE_MOST && (int64_t)*width * *height <= PIXELS_MOST;
}

/* ---- drawing ---------------------------------------------------------------
 */

static cairo_status_t
read_bytes(void *user, unsigned char *data, unsigned int len)
{
	struct ouv_str *left = user;

	if (len > left->len)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(data, left->p, len);
	left->p += len;
	left->len -= len;
	return CAIRO_STATUS_SUCCESS;
}

/* On white: a page has no background of its own to look through to. */
static cairo_surface_t *
open_png(struct ouv_str bytes)
{
	cairo_surface_t *from =
		cairo_image_surface_create_from_png_stream(read_bytes, &bytes);
	cairo_surface_t *on = cairo_image_surface_create(CAIRO_FORMAT_RGB24,
		cairo_image_surface_get_width(from),
		cairo_image_surface_get_height(from));
	cairo_t *cr = cairo_create(on);

	if (cairo_surface_status(from) == CAIRO_STATUS_SUCCESS) {
		cairo_set_source_rgb(cr, 1, 1, 1);
		cairo_paint(cr);
		cairo_set_source_surface(cr, from, 0, 0);
		cairo_paint(cr);
	}
	cairo_destroy(cr);
	cairo_surface_destroy(from);
	return on;
}

/* The bytes go into the file; of the surface only its size counts. */
static cairo_surface_t *
open_jpeg(struct ouv_str bytes, int width, int height)
{
	cairo_surface_t *on =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);

	if (cairo_surface_set_mime_data(on, CAIRO_MIME_TYPE_JPEG,
		    (const unsigned char *)bytes.p, bytes.len, NULL,
		    NULL) != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(on);
		return NULL;
	}
	return on;
}

static void
draw(struct flow *flow, const struct piece *piece, int width, int height,
	double scale)
{
	cairo_surface_t *on = is_png(piece->bytes)
				      ? open_png(piece->bytes)
				      : open_jpeg(piece->bytes, width, height);
	cairo_t *cr = flow->cr;

	if (on == NULL || cairo_image_surface_get_width(on) != width ||
		cairo_surface_status(on) != CAIRO_STATUS_SUCCESS)
		flow->print->undecoded++;
	else {
		flow_tag(flow, "Figure");
		cairo_save(cr);
		cairo_translate(cr, LEFT, flow->y);
		cairo_scale(cr, scale, scale);
		cairo_set_source_surface(cr, on, 0, 0);
		/* ISO 19005-2, 6.2.8: nothing is invented between pixels. */
		cairo_pattern_set_filter(
			cairo_get_source(cr), CAIRO_FILTER_NEAREST);
		/* Painted without a shape it would hide elements begun before.
		 */
		cairo_rectangle(cr, 0, 0, width, height);
		cairo_fill(cr);
		cairo_restore(cr);
		flow_untag(flow, "Figure");
	}
	if (on != NULL)
		cairo_surface_destroy(on);
}

void
picture_place(struct flow *flow, const struct piece *piece)
{
	const double most_high = PAGE_HEIGHT - BOTTOM - TOP - CAPTION_ROOM;
	int width, height;
	double scale = 72.0 / DPI;

	if (piece->bytes.len == 0 ||
		!picture_size(piece->bytes, &width, &height))
		return;
	if (width * scale > TEXT_WIDTH)
		scale = TEXT_WIDTH / width;
	if (height * scale > most_high)
		scale = most_high / height;
	if (height * scale + CAPTION_ROOM > flow_room(flow) && flow->y > TOP)
		flow_page(flow);
	if (flow->cr != NULL)
		draw(flow, piece, width, height, scale);
	flow->y += height * scale;
}
