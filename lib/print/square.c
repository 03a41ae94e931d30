/*
 * square.c - a QR code on the page (libqrencode)
 */
#include <qrencode.h>
#include <string.h>

#include "inner.h"

#define QUIET 4 /* modules around it, as the standard wants */

/* Runs of dark modules are one rectangle: fewer hairlines between them. */
static void
draw_row(cairo_t *cr, const unsigned char *row, int width, double x, double y,
	double module)
{
	for (int i = 0; i < width; i++) {
		int from = i;

		while (i < width && (row[i] & 1) != 0)
			i++;
		if (i > from)
			cairo_rectangle(cr, x + from * module, y,
				(i - from) * module, module);
	}
}

void
square_draw(
	struct flow *flow, const char *text, double x, double y, double width)
{
	QRcode *code;
	double module;

	if (flow->cr == NULL || text == NULL || *text == '\0')
		return;
	code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (code == NULL)
		return;
	module = width / (code->width + 2 * QUIET);
	for (int i = 0; i < code->width; i++)
		draw_row(flow->cr, code->data + (size_t)i * (size_t)code->width,
			code->width, x + QUIET * module,
			y + (QUIET + i) * module, module);
	cairo_fill(flow->cr);
	/* It may name a reader's own page. */
	explicit_bzero(code->data, (size_t)code->width * (size_t)code->width);
	QRcode_free(code);
}
