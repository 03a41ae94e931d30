/*
 * reader_test.c - that an attachment gives its words, and that a hostile one
 * gives nothing else
 */
#include "../../server/reader.c"
#include "../../server/turn.c"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <zlib.h>

#include <cmocka.h>

#include "../../lib/fence/fence_int.h"
#include "ouv/clock.h"

static struct ouv_arena *arena;

static int
begin(void **state)
{
	(void)state;
	arena = ouv_arena_new(OUV_ARENA_WIPE);
	return reader_begin() == OUV_OK ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	reader_end();
	ouv_arena_free(&arena);
	return 0;
}

static enum ouv_err
read_it(const char *type, const void *data, size_t len, struct ouv_str *text)
{
	struct ouv_buf whole;

	ouv_buf_init(&whole, arena, len + 100);
	ouv_buf_printf(&whole, "Content-Type: %s\r\n\r\n", type);
	ouv_buf_add(&whole, data, len);
	return reader_text(
		NULL, arena, (struct ouv_str){ whole.data, whole.len }, text);
}

static const char *
read_words(const char *type, const void *data, size_t len)
{
	struct ouv_str text;

	return read_it(type, data, len, &text) == OUV_OK && text.len > 0
		       ? text.p
		       : NULL;
}

/* ---- PDFs -------------------------------------------------------------------
 */

#define FONT                                                   \
	"3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica" \
	"/Encoding/WinAnsiEncoding>>endobj\n"

/* One page that shows this stream; more goes into the trailer. */
static struct ouv_buf
pdf(const char *filter, const void *stream, size_t len, const char *more)
{
	struct ouv_buf out;

	ouv_buf_init(&out, arena, len + 1024);
	ouv_buf_printf(&out,
		"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
		"2 0 obj<</Type/Pages/Count 1/Kids[4 0 R]>>endobj\n" FONT
		"4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
		"/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R>>endobj\n"
		"5 0 obj<</Length %zu%s>>stream\n",
		len, filter);
	ouv_buf_add(&out, stream, len);
	ouv_buf_printf(&out,
		"\nendstream endobj\ntrailer<</Root 1 0 R%s>>\n%%%%EOF\n",
		more);
	return out;
}

#define SHOWN "BT /F 12 Tf 50 700 Td (Recibo n\372mero 4711 geladeira) Tj ET"

static void
a_pdf_gives_its_words(void **state)
{
	struct ouv_buf one = pdf("", SHOWN, strlen(SHOWN), "");
	const char *words =
		read_words("application/octet-stream", one.data, one.len);

	(void)state;
	assert_non_null(words);
	assert_non_null(strstr(words, "Recibo n\xc3\xbamero 4711 geladeira"));
}

static void
a_locked_pdf_gives_nothing_and_harms_nothing(void **state)
{
	const char *lock = "/Encrypt<</Filter/Standard/V 1/R 2/P -4"
			   "/O(0123456789abcdef0123456789abcdef)"
			   "/U(fedcba9876543210fedcba9876543210)>>"
			   "/ID[(0123456789abcdef)(0123456789abcdef)]";
	struct ouv_buf one = pdf("", SHOWN, strlen(SHOWN), lock);

	assert_null(read_words("application/pdf", one.data, one.len));
	a_pdf_gives_its_words(state);
}

static struct ouv_buf
deflated(const void *data, size_t len)
{
	uLongf room = compressBound(len);
	struct ouv_buf out;
	Bytef *packed = malloc(room);

	assert_int_equal(compress2(packed, &room, data, len, 9), Z_OK);
	ouv_buf_init(&out, arena, room);
	ouv_buf_add(&out, packed, room);
	free(packed);
	return out;
}

static void
a_bomb_ends_at_the_limit(void **state)
{
	const size_t blanks = 256UL << 20;
	char *room = calloc(1, blanks);
	struct ouv_buf once, twice, one;

	memset(room, ' ', blanks);
	once = deflated(room, blanks);
	/* Twice packed, 256 copies: 64 GiB of nothing from a few kilobytes. */
	for (size_t i = 0; i < 256; i++)
		memcpy(room + i * once.len, once.data, once.len);
	free(room);
	twice = deflated(once.data, once.len);
	one = pdf(
		"/Filter[/FlateDecode/FlateDecode]", twice.data, twice.len, "");
	assert_true(one.len < 65536);
	(void)read_words("application/pdf", one.data, one.len);
	a_pdf_gives_its_words(state);
}

static void
of_many_pages_the_first_are_read(void **state)
{
	struct ouv_buf one;
	const char *words;

	(void)state;
	ouv_buf_init(&one, arena, 1 << 20);
	ouv_buf_text(&one,
		"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" FONT
		"2 0 obj<</Type/Pages/Count 2000/Kids[");
	for (int i = 0; i < 2000; i++)
		ouv_buf_printf(&one, "%d 0 R ", 10 + 2 * i);
	ouv_buf_text(&one, "]>>endobj\n");
	for (int i = 0; i < 2000; i++) {
		char shown[80];
		int len = snprintf(shown, sizeof(shown),
			"BT /F 9 Tf 9 9 Td (pagina%d) Tj ET", i + 1);

		ouv_buf_printf(&one,
			"%d 0 obj<</Type/Page/Parent 2 0 R"
			"/MediaBox[0 0 99 99]/Resources<</Font<</F 3 0 R>>>>"
			"/Contents %d 0 R>>endobj\n"
			"%d 0 obj<</Length %d>>stream\n%s\nendstream endobj\n",
			10 + 2 * i, 11 + 2 * i, 11 + 2 * i, len, shown);
	}
	ouv_buf_text(&one, "trailer<</Root 1 0 R>>\n%%EOF\n");
	words = read_words("application/pdf", one.data, one.len);
	assert_non_null(words);
	assert_non_null(strstr(words, "pagina1\n"));
	assert_non_null(strstr(words, "pagina500"));
	assert_null(strstr(words, "pagina501"));
}

/* One page shows words; all others draw nothing, for a long time. */
static void
where_time_is_short_the_first_pages_are_read(void **state)
{
	const size_t work = 2UL << 20;
	char *room = malloc(work);
	struct ouv_buf one, slow;
	const char *words;

	(void)state;
	for (size_t i = 0; i < work; i++)
		room[i] = "q Q\n"[i % 4];
	slow = deflated(room, work);
	free(room);
	ouv_buf_init(&one, arena, 1 << 20);
	ouv_buf_printf(&one,
		"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" FONT
		"4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
		"/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R>>endobj\n"
		"5 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n"
		"2 0 obj<</Type/Pages/Count 400/Kids[4 0 R",
		strlen(SHOWN), SHOWN);
	for (int i = 1; i < 400; i++)
		ouv_buf_printf(&one, " %d 0 R", 10 + i);
	ouv_buf_text(&one, "]>>endobj\n");
	for (int i = 1; i < 400; i++)
		ouv_buf_printf(&one,
			"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]"
			"/Contents 7 0 R>>endobj\n",
			10 + i);
	ouv_buf_printf(&one,
		"7 0 obj<</Length %zu/Filter/FlateDecode>>stream\n", slow.len);
	ouv_buf_add(&one, slow.data, slow.len);
	ouv_buf_text(
		&one, "\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
	words = read_words("application/pdf", one.data, one.len);
	assert_non_null(words);
	assert_non_null(strstr(words, "geladeira"));
}

static void
pages_that_contain_themselves_end(void **state)
{
	static const char one[] =
		"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
		"2 0 obj<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>endobj\n"
		"trailer<</Root 1 0 R/Prev 9>>\n%%EOF\n";

	(void)read_words("application/pdf", one, sizeof(one) - 1);
	a_pdf_gives_its_words(state);
}

static void
no_damage_to_a_pdf_harms_us(void **state)
{
	struct ouv_buf good = pdf("", SHOWN, strlen(SHOWN), "");
	unsigned seed = 11;

	for (int round = 0; round < 100; round++) {
		char *bad = ouv_arena_memdup(arena, good.data, good.len);

		for (int i = 0; i < 8; i++) {
			seed = seed * 1103515245 + 12345;
			bad[seed / 7 % good.len] = (char)(seed >> 16);
		}
		(void)read_words(
			"application/pdf", bad, good.len - (size_t)round);
	}
	a_pdf_gives_its_words(state);
}

/* ---- archives
 * ------------------------------------------------------------------ */

struct archive {
	struct ouv_buf file, directory;
	int count;
};

static void
put(struct ouv_buf *buf, unsigned long n, int bytes)
{
	for (int i = 0; i < bytes; i++, n >>= 8)
		ouv_buf_char(buf, (char)n);
}

/* One part, packed as PKZIP does. */
static void
add_part(struct archive *archive, const char *name, const char *text)
{
	size_t len = strlen(text), at = archive->file.len;
	unsigned char packed[4096];
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)text,
		.avail_in = (uInt)len,
		.next_out = packed,
		.avail_out = sizeof(packed) };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 9,
				 Z_DEFAULT_STRATEGY),
		Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	(void)deflateEnd(&z);
	for (int both = 0; both < 2; both++) {
		struct ouv_buf *buf =
			both == 0 ? &archive->file : &archive->directory;

		ouv_buf_text(buf, both == 0 ? "PK\3\4" : "PK\1\2");
		if (both == 1)
			put(buf, 20, 2);
		put(buf, 20, 2);
		put(buf, 0, 2);
		put(buf, 8, 2);
		put(buf, 0, 8);
		put(buf, z.total_out, 4);
		put(buf, len, 4);
		put(buf, strlen(name), 2);
		put(buf, 0, both == 0 ? 2 : 12);
		if (both == 1)
			put(buf, at, 4);
		ouv_buf_text(buf, name);
		if (both == 0)
			ouv_buf_add(buf, packed, z.total_out);
	}
	archive->count++;
}

static struct ouv_buf
closed(struct archive *archive)
{
	size_t at = archive->file.len;

	ouv_buf_add(&archive->file, archive->directory.data,
		archive->directory.len);
	ouv_buf_text(&archive->file, "PK\5\6");
	put(&archive->file, 0, 4);
	put(&archive->file, (unsigned long)archive->count, 2);
	put(&archive->file, (unsigned long)archive->count, 2);
	put(&archive->file, archive->directory.len, 4);
	put(&archive->file, at, 4);
	put(&archive->file, 0, 2);
	return archive->file;
}

static struct archive
archive_new(void)
{
	struct archive archive = { .count = 0 };

	ouv_buf_init(&archive.file, arena, 4096);
	ouv_buf_init(&archive.directory, arena, 4096);
	return archive;
}

static void
a_document_gives_its_words(void **state)
{
	struct archive archive = archive_new();
	const char *words;
	struct ouv_buf one;

	(void)state;
	add_part(&archive, "[Content_Types].xml", "<Types>segredo</Types>");
	add_part(&archive, "word/document.xml",
		"<?xml version=\"1.0\"?><w:document><w:p><w:r><w:t>gela</w:t>"
		"</w:r><w:r><w:t>deira</w:t></w:r></w:p><w:p><w:t>R&amp;D "
		"&#231;&#xE3;o</w:t></w:p></w:document>");
	add_part(&archive, "word/footnotes.xml", "<w:t>rodap\xc3\xa9</w:t>");
	one = closed(&archive);
	words = read_words("application/vnd.openxmlformats-officedocument"
			   ".wordprocessingml.document",
		one.data, one.len);
	assert_non_null(words);
	assert_string_equal(
		words, " geladeira  R&D \xc3\xa7\xc3\xa3o \nrodap\xc3\xa9\n");
}

static void
no_damage_to_an_archive_harms_us(void **state)
{
	struct archive archive = archive_new();
	struct ouv_buf one;

	add_part(&archive, "content.xml", "<text:p>geladeira</text:p>");
	one = closed(&archive);
	for (size_t i = 0; i < one.len; i++) {
		char *bad = ouv_arena_memdup(arena, one.data, one.len);

		bad[i] = (char)0xff;
		(void)read_words("application/zip", bad, one.len);
		if (i % 8 == 0)
			(void)read_words("application/zip", one.data, i);
	}
	a_document_gives_its_words(state);
}

/* ---- all else
 * ------------------------------------------------------------------- */

static void
a_web_page_and_a_text_give_their_words(void **state)
{
	static const char page[] = "<title>x</title><p>gela<b>deira</b><p>"
				   "<script>alert(1)</script>quebrada &eacute;",
			  mail[] = "Subject: Pedido 4711\r\n\r\nfogao\r\n",
			  text[] = "Fog\303\243o, 4711;sim\n";
	const char *words;

	(void)state;
	words = read_words("text/html", page, sizeof(page) - 1);
	assert_non_null(words);
	assert_non_null(strstr(words, "geladeira"));
	assert_non_null(strstr(words, "quebrada \xc3\xa9"));
	assert_null(strstr(words, "alert"));
	words = read_words("text/csv", text, sizeof(text) - 1);
	assert_non_null(words);
	assert_non_null(strstr(words, "Fog\xc3\xa3o, 4711;sim"));
	words = read_words("message/rfc822", mail, sizeof(mail) - 1);
	assert_non_null(words);
	assert_non_null(strstr(words, "fogao"));
	assert_null(read_words("application/x-dosexec", "MZ\0\1\2\3", 6));
}

/* ---- when it cannot be
 * ----------------------------------------------------------- */

static void
while_another_is_read_nobody_waits_long(void **state)
{
	struct ouv_str text;
	int64_t begun;

	(void)state;
	assert_int_equal(pthread_mutex_lock(&reader.lock), 0);
	begun = ouv_clock_mono_ms();
	assert_int_equal(
		read_it("text/plain", "geladeira", 9, &text), OUV_TEMPORARY);
	assert_true(ouv_clock_mono_ms() - begun < 2000);
	assert_int_equal(pthread_mutex_unlock(&reader.lock), 0);
	assert_int_equal(read_it("text/plain", "geladeira", 9, &text), OUV_OK);
}

/* Last: it is gone for ever. */
static void
without_a_child_it_is_left_for_later(void **state)
{
	struct ouv_str text;

	(void)state;
	assert_int_equal(
		read_it("application/pdf", "%PDF-none", 9, &text), OUV_OK);
	assert_int_equal(text.len, 0);
	assert_int_equal(kill(reader.fence->keeper, SIGKILL), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(read_it("text/plain", "geladeira", 9, &text),
			OUV_TEMPORARY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pdf_gives_its_words),
		cmocka_unit_test(a_locked_pdf_gives_nothing_and_harms_nothing),
		cmocka_unit_test(a_bomb_ends_at_the_limit),
		cmocka_unit_test(of_many_pages_the_first_are_read),
		cmocka_unit_test(where_time_is_short_the_first_pages_are_read),
		cmocka_unit_test(pages_that_contain_themselves_end),
		cmocka_unit_test(no_damage_to_a_pdf_harms_us),
		cmocka_unit_test(a_document_gives_its_words),
		cmocka_unit_test(no_damage_to_an_archive_harms_us),
		cmocka_unit_test(a_web_page_and_a_text_give_their_words),
		cmocka_unit_test(while_another_is_read_nobody_waits_long),
		cmocka_unit_test(without_a_child_it_is_left_for_later),
	};

	return cmocka_run_group_tests_name("reader", tests, begin, end);
}
