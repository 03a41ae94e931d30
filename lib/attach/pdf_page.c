/*
 * pdf_page.c - pages of a PDF: which hold their own text, and how they look
 *
 * Needs no file and no thread.  A page whose letters are those of a font that
 * is not embedded is drawn without them, for fonts lie in files; a scan has
 * none.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include <poppler.h>

#include "ouv/attach.h"

/* What a program that scans puts under its pages ("Scanned by ...") is less. */
#define WORDS_LEAST 100
#define POINTS 72.0
#define POINTS_MOST 14400.0 /* ISO 32000-1, annex C: 200 inches */

static PopplerDocument *
open_pdf(const void *data, size_t len, bool *locked_out)
{
	GBytes *bytes = g_bytes_new_static(data, len);
	GError *error = NULL;
	PopplerDocument *document =
		poppler_document_new_from_bytes(bytes, NULL, &error);

	g_bytes_unref(bytes);
	*locked_out = document == NULL && g_error_matches(error, POPPLER_ERROR,
						  POPPLER_ERROR_ENCRYPTED);
	g_clear_error(&error);
	return document;
}

/* NULL: there is none of that number. */
static PopplerPage *
page_of(PopplerDocument *document, int n)
{
	if (document == NULL || n < 0 ||
		n >= poppler_document_get_n_pages(document))
		return NULL;
	return poppler_document_get_page(document, n);
}

/* ---- what a page is --------------------------------------------------------
 */

static size_t
letters(PopplerPage *page)
{
	char *text = poppler_page_get_text(page);
	size_t n = 0;

	for (const char *p = text; p != NULL && *p != '\0'; p++)
		n += !isspace((unsigned char)*p);
	g_free(text);
	return n;
}

static bool
has_picture(PopplerPage *page)
{
	GList *list = poppler_page_get_image_mapping(page);
	bool any = list != NULL;

	poppler_page_free_image_mapping(list);
	return any;
}

static char
kind_of(PopplerDocument *document, int n)
{
	PopplerPage *page = page_of(document, n);
	enum ouv_attach_kind kind = OUV_ATTACH_BARE;
	size_t count;

	if (page == NULL)
		return (char)kind;
	count = letters(page);
	if (count < WORDS_LEAST && has_picture(page))
		kind = OUV_ATTACH_PICTURE;
	else if (count > 0)
		kind = OUV_ATTACH_WORDS;
	g_object_unref(page);
	return (char)kind;
}

const char *
ouv_attach_pdf_kinds(struct ouv_arena *arena, const void *data, size_t len,
	int *pages_out, bool *locked_out)
{
	PopplerDocument *document = open_pdf(data, len, locked_out);
	char *kinds;
	int count;

	if (document == NULL)
		return NULL;
	*pages_out = poppler_document_get_n_pages(document);
	if (*pages_out < 0)
		*pages_out = 0;
	count = *pages_out < OUV_ATTACH_PAGES ? *pages_out : OUV_ATTACH_PAGES;
	kinds = ouv_arena_alloc(arena, (size_t)count + 1);
	for (int n = 0; n < count; n++)
		kinds[n] = kind_of(document, n);
	g_object_unref(document);
	return kinds;
}

const char *
ouv_attach_pdf_words(
	struct ouv_arena *arena, const void *data, size_t len, int n)
{
	bool locked;
	PopplerDocument *document = open_pdf(data, len, &locked);
	PopplerPage *page = page_of(document, n);
	char *text = page != NULL ? poppler_page_get_text(page) : NULL;
	const char *out = text != NULL ? ouv_arena_strdup(arena, text) : NULL;

	g_free(text);
	g_clear_object(&page);
	g_clear_object(&document);
	return out;
}

/* ---- how it looks ----------------------------------------------------------
 */

static cairo_surface_t *
draw(PopplerPage *page, int width, int height, double by)
{
	cairo_surface_t *surface =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
	cairo_t *cr = cairo_create(surface);
	bool done;

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, by, by);
	poppler_page_render(page, cr);
	done = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	if (done && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
		return surface;
	cairo_surface_destroy(surface);
	return NULL;
}

static bool
draw_page(PopplerPage *page, int inch, unsigned dots_most,
	struct ouv_attach_drawing *out)
{
	double wide, high, by = inch / POINTS;
	cairo_surface_t *surface;

	poppler_page_get_size(page, &wide, &high);
	if (!(wide > 0 && high > 0 && wide <= POINTS_MOST &&
		    high <= POINTS_MOST))
		return false;
	by = fmin(by, sqrt(dots_most / (wide * high)));
	surface = draw(page, (int)fmax(1, floor(wide * by)),
		(int)fmax(1, floor(high * by)), by);
	if (surface == NULL)
		return false;
	*out = (struct ouv_attach_drawing){
		.width = cairo_image_surface_get_width(surface),
		.height = cairo_image_surface_get_height(surface),
		.stride = cairo_image_surface_get_stride(surface),
		.inch = (int)lround(by * POINTS),
		.rows = cairo_image_surface_get_data(surface),
		.inside = surface,
	};
	return true;
}

bool
ouv_attach_pdf_draw(const void *data, size_t len, int n, int inch,
	unsigned dots_most, struct ouv_attach_drawing *out)
{
	bool locked, done;
	PopplerDocument *document = open_pdf(data, len, &locked);
	PopplerPage *page = page_of(document, n);

	done = page != NULL && draw_page(page, inch, dots_most, out);
	g_clear_object(&page);
	g_clear_object(&document);
	return done;
}

void
ouv_attach_drawn(struct ouv_attach_drawing *drawing)
{
	cairo_surface_destroy(drawing->inside);
	*drawing = (struct ouv_attach_drawing){ .inside = NULL };
}
