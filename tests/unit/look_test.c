/*
 * look_test.c - what a file is, behind its fence: true type, damage, locks and
 * bombs; and that a hostile one gives nothing else
 */
#include "../../server/reader.c" /* NOLINT(bugprone-suspicious-include) */
#include "../../server/turn.c"   /* NOLINT(bugprone-suspicious-include) */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <zlib.h>

#include <cmocka.h>

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

/* ---- bytes, a few at a time ------------------------------------------------
 */

struct source {
	const unsigned char *p;
	size_t len, piece;
	enum ouv_err err;
};

static enum ouv_err
more(void *user, struct ouv_str *piece_out)
{
	struct source *s = user;
	size_t n = s->len < s->piece ? s->len : s->piece;

	*piece_out = (struct ouv_str){ (const char *)s->p, n };
	s->p += n;
	s->len -= n;
	return s->err;
}

static enum ouv_err
look_at(const void *data, size_t len, enum ouv_upload_taker taker,
	const char *name, const char *declared, struct ouv_upload *found,
	enum ouv_upload_why *why)
{
	struct source source = { data, len, 60000, OUV_OK };
	const struct ouv_upload_feed feed = { more, &source };

	*found = (struct ouv_upload){ .name = name };
	return reader_look(NULL, &feed, taker, name, declared, found, why);
}

/* ---- pictures that are made here -------------------------------------------
 */

static void
put32(struct ouv_buf *buf, uint32_t n)
{
	const unsigned char bytes[] = { (unsigned char)(n >> 24),
		(unsigned char)(n >> 16), (unsigned char)(n >> 8),
		(unsigned char)n };

	ouv_buf_add(buf, bytes, sizeof(bytes));
}

static void
chunk(struct ouv_buf *buf, const char *type, const void *data, size_t len)
{
	size_t from = buf->len + 4;

	put32(buf, (uint32_t)len);
	ouv_buf_add(buf, type, 4);
	ouv_buf_add(buf, data, len);
	put32(buf, (uint32_t)crc32(0, (const Bytef *)buf->data + from,
			   (uInt)(buf->len - from)));
}

/* 8 bits of grey; `dots` bytes are packed, however many there should be. */
static struct ouv_buf
png(uint32_t width, uint32_t height, size_t dots, int interlace)
{
	struct ouv_buf buf, head;
	unsigned char *plain = calloc(1, dots + 1);
	uLongf packed_len = compressBound(dots);
	Bytef *packed = malloc(packed_len);

	assert_non_null(plain);
	assert_non_null(packed);
	assert_int_equal(compress2(packed, &packed_len, plain, dots, 1), Z_OK);
	ouv_buf_init(&buf, arena, 4096);
	ouv_buf_init(&head, arena, 16);
	ouv_buf_add(&buf, "\x89PNG\r\n\x1a\n", 8);
	put32(&head, width);
	put32(&head, height);
	ouv_buf_add(&head, (const char[]){ 8, 0, 0, 0, (char)interlace }, 5);
	chunk(&buf, "IHDR", head.data, head.len);
	chunk(&buf, "IDAT", packed, packed_len / 2);
	chunk(&buf, "IDAT", packed + packed_len / 2,
		packed_len - packed_len / 2);
	chunk(&buf, "IEND", "", 0);
	free(plain);
	free(packed);
	return buf;
}

/* Baseline, with nothing that could be drawn. */
static struct ouv_buf
jpeg(unsigned width, unsigned height)
{
	struct ouv_buf buf;
	const unsigned char frame[] = { 0xff, 0xc0, 0, 11, 8,
		(unsigned char)(height >> 8), (unsigned char)height,
		(unsigned char)(width >> 8), (unsigned char)width, 1, 1, 0x11,
		0 };

	ouv_buf_init(&buf, arena, 256);
	ouv_buf_add(
		&buf, "\xff\xd8\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0", 20);
	ouv_buf_add(&buf, frame, sizeof(frame));
	ouv_buf_add(&buf, "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00", 10);
	ouv_buf_add(&buf,
		"abc\xff\x00"
		"def\xff\xd0"
		"ghi\xff\xd9",
		15);
	return buf;
}

static void
le(struct ouv_buf *buf, uint32_t n, int bytes)
{
	for (int i = 0; i < bytes; i++)
		ouv_buf_char(buf, (char)(n >> (8 * i)));
}

static void
entry(struct ouv_buf *buf, unsigned tag, unsigned type, uint32_t count,
	uint32_t value)
{
	le(buf, tag, 2);
	le(buf, type, 2);
	le(buf, count, 4);
	le(buf, value, 4);
}

/* So many pages of one strip each; next: where the last one points. */
static struct ouv_buf
tiff(uint32_t width, uint32_t pages, uint32_t strip_len, uint32_t next)
{
	struct ouv_buf buf;
	const uint32_t size = 2 + 4 * 12 + 4;

	ouv_buf_init(&buf, arena, 4096);
	ouv_buf_add(&buf, "II*\0", 4);
	le(&buf, 16, 4);
	ouv_buf_add(&buf, "dotsdots", 8);
	for (uint32_t i = 0; i < pages; i++) {
		le(&buf, 4, 2);
		entry(&buf, 256, 4, 1, width);
		entry(&buf, 257, 3, 1, 10);
		entry(&buf, 273, 4, 1, 8);
		entry(&buf, 279, 4, 1, strip_len);
		le(&buf, i + 1 < pages ? 16 + size * (i + 1) : next, 4);
	}
	return buf;
}

/* ---- PDFs ------------------------------------------------------------------
 */

static struct ouv_buf
pdf(int pages, const char *extra)
{
	size_t *at = ouv_arena_array(arena, (size_t)pages + 3, sizeof(*at));
	size_t index;
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 4096);
	ouv_buf_text(&buf, "%PDF-1.4\n");
	at[1] = buf.len;
	ouv_buf_text(&buf, "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n");
	at[2] = buf.len;
	ouv_buf_printf(&buf, "2 0 obj<</Type/Pages/Count %d/Kids[\n", pages);
	for (int i = 0; i < pages; i++)
		ouv_buf_printf(&buf, "%d 0 R\n", i + 3);
	ouv_buf_text(&buf, "]>>endobj\n");
	for (int i = 0; i < pages; i++) {
		at[i + 3] = buf.len;
		ouv_buf_printf(&buf,
			"%d 0 obj<</Type/Page/Parent 2 0 R"
			"/MediaBox[0 0 9 9]>>endobj\n",
			i + 3);
	}
	index = buf.len;
	ouv_buf_printf(&buf, "xref\n0 %d\n0000000000 65535 f \n", pages + 3);
	for (int i = 1; i < pages + 3; i++)
		ouv_buf_printf(&buf, "%010zu 00000 n \n", at[i]);
	ouv_buf_printf(&buf,
		"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%zu\n%%%%EOF\n",
		pages + 3, extra, index);
	return buf;
}

/* ---- what is said of them --------------------------------------------------
 */

#define PARTY OUV_UPLOAD_PARTY
#define SCANS OUV_UPLOAD_SCANS
#define LOCKED OUV_UPLOAD_BIT(OUV_UPLOAD_LOCKED)
#define DAMAGED OUV_UPLOAD_BIT(OUV_UPLOAD_DAMAGED)
#define LONG OUV_UPLOAD_BIT(OUV_UPLOAD_LONG)

static void
taken(struct ouv_buf bytes, const char *name, const char *type, int pages,
	unsigned marks)
{
	struct ouv_upload found;
	enum ouv_upload_why why;

	if (look_at(bytes.data, bytes.len, SCANS, name, type, &found, &why) !=
		OUV_OK)
		fail_msg("%s: refused, %s", name, ouv_upload_why_name(why));
	assert_string_equal(found.type, type);
	if (found.pages != pages || found.marks != marks)
		fail_msg("%s: %d pages, marks %x", name, found.pages,
			found.marks);
}

static void
refused(struct ouv_buf bytes, enum ouv_upload_taker taker, const char *name,
	const char *type, enum ouv_upload_why wanted)
{
	struct ouv_upload found;
	enum ouv_upload_why why;

	if (look_at(bytes.data, bytes.len, taker, name, type, &found, &why) !=
			OUV_REFUSED ||
		why != wanted)
		fail_msg("%s: %s", name, ouv_upload_why_name(why));
}

static struct ouv_buf
text(const char *words)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, strlen(words) + 1);
	ouv_buf_text(&buf, words);
	return buf;
}

static struct ouv_buf
cut(struct ouv_buf bytes, size_t off)
{
	bytes.len -= off;
	return bytes;
}

static void
whole_files_are_taken_as_what_they_are(void **state)
{
	(void)state;
	taken(png(30, 20, 31 * 20, 0), "a.png", "image/png", 1, 0);
	/* 2 x 2, in the passes 1, 6 and 7 of Adam7: 2 + 2 + 3 bytes. */
	taken(png(2, 2, 7, 1), "a.png", "image/png", 1, 0);
	taken(jpeg(30, 20), "a.JPG", "image/jpeg", 1, 0);
	taken(jpeg(30, 20), "a.jpeg", "image/jpeg", 1, 0);
	taken(tiff(10, 1, 8, 0), "a.tif", "image/tiff", 1, 0);
	taken(tiff(10, 3, 8, 0), "a.tiff", "image/tiff", 3, 0);
	taken(pdf(1, ""), "a.pdf", "application/pdf", 1, 0);
	taken(pdf(500, ""), "a.pdf", "application/pdf", 500, 0);
	/* Without an ending, or none that says anything. */
	taken(pdf(1, ""), "a", "application/pdf", 1, 0);
}

static void
damaged_ones_are_taken_and_marked(void **state)
{
	struct ouv_buf bent = png(30, 20, 31 * 20, 0);

	(void)state;
	taken(cut(png(30, 20, 31 * 20, 0), 12), "a.png", "image/png", 1,
		DAMAGED);
	taken(cut(png(30, 20, 31 * 20, 0), 1), "a.png", "image/png", 1,
		DAMAGED);
	bent.data[50] = (char)~bent.data[50];
	taken(bent, "a.png", "image/png", 1, DAMAGED);
	taken(png(30, 20, 31 * 19, 0), "a.png", "image/png", 1, DAMAGED);
	taken(png(30, 20, 31 * 21, 0), "a.png", "image/png", 1, DAMAGED);
	taken(png(0, 20, 31 * 20, 0), "a.png", "image/png", 1, DAMAGED);
	taken(cut(jpeg(30, 20), 2), "a.jpg", "image/jpeg", 1, DAMAGED);
	taken(cut(jpeg(30, 20), 30), "a.jpg", "image/jpeg", 1, DAMAGED);
	taken(jpeg(0, 20), "a.jpg", "image/jpeg", 1, DAMAGED);
	taken(tiff(10, 1, 4000, 0), "a.tif", "image/tiff", 1, DAMAGED);
	taken(tiff(10, 2, 8, 70000), "a.tif", "image/tiff", 2, DAMAGED);
	taken(cut(pdf(3, ""), 6), "a.pdf", "application/pdf", 3, DAMAGED);
	taken(text("%PDF-1.4\nnothing behind it"), "a.pdf", "application/pdf",
		0, DAMAGED);
}

static void
a_chain_of_pages_that_is_a_ring_comes_to_an_end(void **state)
{
	(void)state;
	taken(tiff(10, 2, 8, 16), "a.tif", "image/tiff", 20000, DAMAGED | LONG);
}

static void
many_pages_are_said(void **state)
{
	(void)state;
	taken(pdf(2000, ""), "a.pdf", "application/pdf", 2000, LONG);
	taken(tiff(10, 501, 8, 0), "a.tif", "image/tiff", 501, LONG);
}

static void
a_locked_pdf_is_taken_and_marked(void **state)
{
	/* RC4, 40 bits; that nothing opens it is all that is looked at. */
	static const char lock[] = "/ID[<00112233445566778899aabbccddeeff>"
				   "<00112233445566778899aabbccddeeff>]"
				   "/Encrypt<</Filter/Standard/V 1/R 2/P -4"
				   "/O<00112233445566778899aabbccddeeff"
				   "00112233445566778899aabbccddeeff>"
				   "/U<ffeeddccbbaa99887766554433221100"
				   "ffeeddccbbaa99887766554433221100>>>";

	(void)state;
	taken(pdf(1, lock), "a.pdf", "application/pdf", 0, LOCKED);
}

static void
more_dots_than_anybody_scans_are_refused(void **state)
{
	(void)state;
	refused(png(50000, 50000, 100, 0), SCANS, "a.png", "image/png",
		OUV_UPLOAD_BOMB);
	refused(jpeg(65000, 65000), SCANS, "a.jpg", "image/jpeg",
		OUV_UPLOAD_BOMB);
	refused(tiff(4000000000U, 1, 8, 0), SCANS, "a.tif", "image/tiff",
		OUV_UPLOAD_BOMB);
	/* A0 at 300 to the inch is none. */
	taken(jpeg(9933, 9933), "a.jpg", "image/jpeg", 1, 0);
}

static void
a_name_or_a_type_that_lies_is_told(void **state)
{
	(void)state;
	refused(jpeg(30, 20), SCANS, "a.pdf", "application/pdf",
		OUV_UPLOAD_LIES);
	refused(jpeg(30, 20), SCANS, "a.jpg", "application/pdf",
		OUV_UPLOAD_LIES);
	refused(pdf(1, ""), SCANS, "letter.pdf.exe", "application/pdf",
		OUV_UPLOAD_LIES);
	refused(text("\x7f"
		     "ELF\1\1\1"),
		SCANS, "a.pdf", "application/pdf", OUV_UPLOAD_KIND);
	refused(text("<!DOCTYPE html><script>1</script>"), PARTY, "a.html",
		"text/html", OUV_UPLOAD_LIES);
	refused(text("words"), SCANS, "a.txt", "text/plain", OUV_UPLOAD_KIND);
}

/* clang-format off */
static const struct {
	const char *bytes;
	size_t len;
	const char *name, *declared, *type; /* type NULL: refused */
} of_parties[] = {
#define BYTES(text) text, sizeof(text) - 1
	{ BYTES("words \xe9\n"), "a.txt", "text/plain", "text/plain" },
	{ BYTES("a;b\r\n"), "a.csv", "text/csv", "text/plain" },
	{ BYTES("a\0b"), "a.txt", "text/plain", NULL },
	{ BYTES("ID3\4\0\0\0"), "a.mp3", "audio/mpeg", "audio/mpeg" },
	{ BYTES("\xff\xfb\x90\x64\0\0"), "a.mp3", "audio/mpeg", "audio/mpeg" },
	{ BYTES("OggS\0\2\0"), "a.ogg", "video/ogg", "audio/ogg" },
	{ BYTES("RIFF\1\0\0\0WAVEfmt "), "a.wav", "audio/x-wav", "audio/wav" },
	{ BYTES("\0\0\0\x20" "ftypM4A \0"), "a.m4a", "audio/x-m4a", "audio/mp4" },
	{ BYTES("RIFF\1\0\0\0AVI fmt "), "a.wav", "audio/wav", NULL },
	{ BYTES("PK\3\4\24\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\10\0\0\0mimetypeapplication/vnd.oasis.opendocument.textPK\5\6"), "a.odt", "", "application/vnd.oasis.opendocument.text" },
	{ BYTES("PK\3\4 [Content_Types].xml word/document.xml PK\5\6"), "a.docx", "application/octet-stream", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
	{ BYTES("PK\3\4 [Content_Types].xml word/document.xml PK\5\6"), "a.xlsx", "", NULL },
	{ BYTES("PK\3\4 other.txt PK\5\6"), "a.zip", "application/zip", NULL },
	{ BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "a.doc", "application/msword", NULL },
	{ BYTES("MZ\x90\0"), "a.exe", "", NULL },
};
/* clang-format on */

static void
parties_may_bring_more_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(of_parties) / sizeof(of_parties[0]);
		i++) {
		struct ouv_upload found;
		enum ouv_upload_why why;
		enum ouv_err err = look_at(of_parties[i].bytes,
			of_parties[i].len, PARTY, of_parties[i].name,
			of_parties[i].declared, &found, &why);

		if ((err == OUV_OK) != (of_parties[i].type != NULL))
			fail_msg("%zu: %s", i, ouv_upload_why_name(why));
		if (err == OUV_OK)
			assert_string_equal(found.type, of_parties[i].type);
		/* Of what came on paper nothing of these is one. */
		if (err == OUV_OK)
			assert_int_equal(
				look_at(of_parties[i].bytes, of_parties[i].len,
					SCANS, of_parties[i].name,
					of_parties[i].declared, &found, &why),
				OUV_REFUSED);
	}
}

static void
what_kills_its_reader_is_refused_and_the_next_is_looked_at(void **state)
{
	/* A PDF whose catalogue lies in an object stream, behind more than a
	 * gigabyte of blanks. */
	static const char offsets[] = "1 0 2 1250000000 ";
	const size_t plain_len = (size_t)1200 << 20;
	struct ouv_buf buf, packed;
	unsigned char piece[1 << 16] = { 0 }, out[1 << 16];
	z_stream z = { .next_in = NULL };
	size_t index;
	int status;

	(void)state;
	ouv_buf_init(&packed, arena, 1 << 21);
	assert_int_equal(deflateInit(&z, 9), Z_OK);
	memset(piece, ' ', sizeof(piece));
	memcpy(piece, offsets, sizeof(offsets) - 1);
	for (size_t at = 0; at <= plain_len; at += sizeof(piece)) {
		z.next_in = piece;
		z.avail_in = sizeof(piece);
		do {
			z.next_out = out;
			z.avail_out = sizeof(out);
			status = deflate(&z, at + sizeof(piece) > plain_len
						     ? Z_FINISH
						     : Z_NO_FLUSH);
			ouv_buf_add(&packed, out, sizeof(out) - z.avail_out);
		} while (z.avail_out == 0);
		memset(piece, ' ', sizeof(offsets));
	}
	assert_int_equal(status, Z_STREAM_END);
	(void)deflateEnd(&z);
	ouv_buf_init(&buf, arena, packed.len + 1000);
	ouv_buf_text(&buf, "%PDF-1.5\n4 0 obj<</Type/ObjStm/N 2/First 32"
			   "/Filter/FlateDecode/Length ");
	ouv_buf_printf(&buf, "%zu>>stream\n", packed.len);
	ouv_buf_add(&buf, packed.data, packed.len);
	ouv_buf_text(&buf, "\nendstream endobj\n");
	index = buf.len;
	ouv_buf_text(&buf, "5 0 obj<</Type/XRef/Size 6"
			   "/W[1 2 1]/Root 1 0 R/Length 24>>stream\n");
	ouv_buf_add(&buf,
		"\0\0\0\0"
		"\2\0\4\0"
		"\2\0\4\1"
		"\0\0\0\0"
		"\1\0\11\0"
		"\1\0\0\0",
		24);
	ouv_buf_printf(
		&buf, "\nendstream endobj\nstartxref\n%zu\n%%%%EOF\n", index);
	refused(buf, SCANS, "a.pdf", "application/pdf", OUV_UPLOAD_UNREADABLE);
	taken(pdf(1, ""), "a.pdf", "application/pdf", 1, 0);
}

static void
bytes_that_cannot_be_read_are_no_fault_of_the_file(void **state)
{
	const struct ouv_buf bytes = pdf(1, "");
	struct source source = { (const unsigned char *)bytes.data, bytes.len,
		10, OUV_TEMPORARY };
	const struct ouv_upload_feed feed = { more, &source };
	struct ouv_upload found = { .n = 0 };
	enum ouv_upload_why why;

	(void)state;
	assert_int_equal(
		reader_look(NULL, &feed, SCANS, "a.pdf", "", &found, &why),
		OUV_TEMPORARY);
	taken(pdf(1, ""), "a.pdf", "application/pdf", 1, 0);
}

static void
an_answer_that_no_honest_child_gives_is_not_believed(void **state)
{
	static const char *const lies[] = { "", "image/png", "image/png 1 0 0",
		"image/png 1 0 0 0 ", "image/png 1 0 0 0 0",
		"image/png -1 0 0 0", "image/gif 1 0 0 0",
		"image/png 1 0 0 0\n", "- 1" };
	struct ouv_look is;

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
		if (read_answer(
			    (struct ouv_str){ lies[i], strlen(lies[i]) }, &is))
			fail_msg("believed: %s", lies[i]);
	assert_true(
		read_answer((struct ouv_str){ "image/png 1 0 1 0", 17 }, &is));
	assert_true(is.damaged && !is.locked && !is.bomb && is.pages == 1);
	assert_true(read_answer((struct ouv_str){ "- 0 0 0 0", 9 }, &is));
	assert_null(is.type);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_files_are_taken_as_what_they_are),
		cmocka_unit_test(damaged_ones_are_taken_and_marked),
		cmocka_unit_test(
			a_chain_of_pages_that_is_a_ring_comes_to_an_end),
		cmocka_unit_test(many_pages_are_said),
		cmocka_unit_test(a_locked_pdf_is_taken_and_marked),
		cmocka_unit_test(more_dots_than_anybody_scans_are_refused),
		cmocka_unit_test(a_name_or_a_type_that_lies_is_told),
		cmocka_unit_test(parties_may_bring_more_kinds),
		cmocka_unit_test(
			what_kills_its_reader_is_refused_and_the_next_is_looked_at),
		cmocka_unit_test(
			bytes_that_cannot_be_read_are_no_fault_of_the_file),
		cmocka_unit_test(
			an_answer_that_no_honest_child_gives_is_not_believed),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
