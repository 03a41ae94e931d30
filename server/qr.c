/*
 * qr.c - a link as a picture that a telephone can read
 */
#include <qrencode.h>

#include "ouv/buf.h"

#include "account.h"

#define MARGIN 4 /* as the standard wants it around the code */

/* One row as its runs of dark squares. */
static void
add_row(struct ouv_buf *buf, const unsigned char *row, int width, int y)
{
	for (int x = 0; x < width; x++) {
		int from = x;

		while (x < width && (row[x] & 1) != 0)
			x++;
		if (x > from)
			ouv_buf_printf(buf, "M%d %dh%dv1h-%dz", from + MARGIN,
				y + MARGIN, x - from, x - from);
	}
}

const char *
qr_path(struct ouv_arena *arena, const char *text, int *size_out)
{
	QRcode *code = QRcode_encodeString(
		text, 0, QR_ECLEVEL_M, QR_MODE_8, /* case-sensitive */ 1);
	struct ouv_buf buf;

	if (code == NULL)
		return NULL;
	ouv_buf_init(&buf, arena, 8192);
	for (int y = 0; y < code->width; y++)
		add_row(&buf, code->data + (size_t)y * (size_t)code->width,
			code->width, y);
	*size_out = code->width + 2 * MARGIN;
	ouv_wipe(code->data, (size_t)code->width * (size_t)code->width);
	QRcode_free(code);
	return buf.data;
}
