/*
 * pdf.c - the words of a PDF, and whether it is whole
 *
 * The only door to poppler.  It needs no file and no thread for this, so it
 * works where neither can be had; tables for East Asian fonts are left out.
 */
#include <string.h>
#include <time.h>

#include <poppler.h>

#include "ouv/attach.h"

static void
take(struct ouv_buf *out, const char *text)
{
	size_t room =
		OUV_ATTACH_TEXT > out->len ? OUV_ATTACH_TEXT - out->len : 0;
	size_t len = strlen(text);

	ouv_buf_add(out, text, len < room ? len : room);
	ouv_buf_char(out, '\n');
}

static void
take_page(PopplerDocument *document, int n, struct ouv_buf *out)
{
	PopplerPage *page = poppler_document_get_page(document, n);
	char *text;

	if (page == NULL)
		return;
	text = poppler_page_get_text(page);
	if (text != NULL)
		take(out, text);
	g_free(text);
	g_object_unref(page);
}

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool
ouv_attach_pdf(const void *data, size_t len, struct ouv_buf *text_out)
{
	GBytes *bytes = g_bytes_new_static(data, len);
	PopplerDocument *document =
		poppler_document_new_from_bytes(bytes, NULL, NULL);
	int64_t until_ms = now_ms() + OUV_ATTACH_MS;
	int pages;

	g_bytes_unref(bytes);
	if (document == NULL)
		return false;
	pages = poppler_document_get_n_pages(document);
	if (pages > OUV_ATTACH_PAGES)
		pages = OUV_ATTACH_PAGES;
	for (int n = 0; n < pages && text_out->len < OUV_ATTACH_TEXT &&
			now_ms() < until_ms;
		n++)
		take_page(document, n, text_out);
	g_object_unref(document);
	return true;
}

/* Its end stands where readers look for it: ISO 32000-1, annex H.3.  What comes
 * after a cut is not there. */
static bool
has_end(const void *data, size_t len)
{
	const size_t tail = len < 2048 ? len : 2048;

	return memmem((const char *)data + len - tail, tail, "%%EOF", 5) !=
	       NULL;
}

void
ouv_look_pdf(const void *data, size_t len, struct ouv_look *look)
{
	GBytes *bytes = g_bytes_new_static(data, len);
	GError *error = NULL;
	PopplerDocument *document =
		poppler_document_new_from_bytes(bytes, NULL, &error);

	g_bytes_unref(bytes);
	look->damaged = !has_end(data, len);
	if (document == NULL) {
		look->locked = g_error_matches(
			error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED);
		look->damaged |= !look->locked;
		g_clear_error(&error);
		return;
	}
	look->pages = poppler_document_get_n_pages(document);
	look->damaged |= look->pages <= 0;
	if (look->pages < 0)
		look->pages = 0;
	g_object_unref(document);
}

/* clang-format off */
static const char smallest[] =
	"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
	"2 0 obj<</Type/Pages/Count 1/Kids[4 0 R]>>endobj\n"
	"3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
	"/Encoding/WinAnsiEncoding>>endobj\n"
	"4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]"
	"/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R>>endobj\n"
	"5 0 obj<</Length 26>>stream\nBT /F 1 Tf (\351 a) Tj ET   \nendstream endobj\n"
	"trailer<</Root 1 0 R>>\n%%EOF\n";
/* clang-format on */

void
ouv_attach_warm(void)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_buf text;

	ouv_buf_init(&text, arena, 0);
	(void)ouv_attach_pdf(smallest, sizeof(smallest) - 1, &text);
	ouv_arena_free(&arena);
}
