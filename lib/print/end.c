/*
 * end.c - the end of a document: laid out, drawn, made to be kept
 */
#include <cairo-pdf.h>
#include <string.h>
#include <time.h>

#include "inner.h"
#include "ouv/log.h"

static cairo_status_t
take(void *user, const unsigned char *data, unsigned int len)
{
	ouv_buf_add(user, data, len);
	return CAIRO_STATUS_SUCCESS;
}

/* Without a time cairo would write the clock's. */
static void
set_about(cairo_surface_t *surface, const struct ouv_print_about *about)
{
	struct tm tm;
	char at[32];

	(void)gmtime_r(&(time_t){ about->made_at }, &tm);
	(void)strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", &tm);
	cairo_pdf_surface_set_metadata(
		surface, CAIRO_PDF_METADATA_TITLE, about->title);
	cairo_pdf_surface_set_metadata(
		surface, CAIRO_PDF_METADATA_AUTHOR, about->author);
	cairo_pdf_surface_set_metadata(
		surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
}

static enum ouv_err
draw(struct ouv_print *print, size_t *part_pages, struct ouv_buf *out)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
		take, out, PAGE_WIDTH, PAGE_HEIGHT);
	struct flow flow = { .print = print,
		.surface = surface,
		.part_pages = part_pages,
		.cr = cairo_create(surface) };
	cairo_status_t status;

	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
	set_about(surface, &print->about);
	memset(print->parents, 0, sizeof(print->parents));
	flow_run(&flow);
	status = cairo_status(flow.cr);
	cairo_destroy(flow.cr);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		return OUV_OK;
	ouv_log_error("cairo: %s", cairo_status_to_string(status));
	return OUV_TEMPORARY;
}

enum ouv_err
ouv_print_end(struct ouv_print *print, struct ouv_print_made *made_out)
{
	struct ouv_arena *arena = print->arena;
	size_t *part_pages = ouv_arena_array(
		arena, print->part_count + 1, sizeof(*part_pages));
	struct flow count = { .print = print, .part_pages = part_pages };
	struct ouv_buf drawn;
	struct ouv_str pdf;
	enum ouv_err err;

	flow_run(&count);
	if (count.pages > OUV_PRINT_PAGES)
		return OUV_INVALID;
	ouv_buf_init(&drawn, arena, 65536);
	err = draw(print, part_pages, &drawn);
	if (err == OUV_OK)
		err = archive_make(arena, &print->about,
			(struct ouv_str){ drawn.data, drawn.len }, &pdf);
	if (err != OUV_OK)
		return err;
	*made_out = (struct ouv_print_made){ .pdf = pdf,
		.pages = count.pages,
		.unknown = print->unknown,
		.unknown_in = print->unknown_in,
		.undecoded = print->undecoded };
	return OUV_OK;
}
