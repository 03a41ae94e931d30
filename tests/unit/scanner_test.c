/*
 * scanner_test.c - that letters on pictures are read, and that a hostile
 * picture gives nothing else
 */
#include "../../server/scanner.c"
#include "../../server/turn.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <zlib.h>

#include <cmocka.h>

#include "../../lib/fence/fence_int.h"
#include "ouv/clock.h"
#include "scan_pages.h"

static struct ouv_arena *arena;

static int
begin(void **state)
{
	(void)state;
	arena = ouv_arena_new(OUV_ARENA_WIPE);
	return scanner_begin() == OUV_OK && scanner_reads() ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	scanner_end();
	ouv_arena_free(&arena);
	return 0;
}

/* ---- files ----------------------------------------------------------------
 */

static struct ouv_str
packed(PIX *pix, l_int32 format)
{
	l_uint8 *bytes = NULL;
	struct ouv_str out;
	size_t len = 0;

	assert_int_equal(pixWriteMem(&bytes, &len, pix, format), 0);
	out.p = ouv_arena_memdup(arena, bytes, len);
	out.len = len;
	lept_free(bytes);
	return out;
}

static struct ouv_str
letter(const char *text, const struct scan_look *look, l_int32 format)
{
	PIX *pix = scan_draw(text, look);
	struct ouv_str out = packed(pix, format);

	pixDestroy(&pix);
	return out;
}

/* A PDF whose pages are these JPEGs, each as large as A4; more: objects. */
static struct ouv_str
pdf_of(const struct ouv_str *jpegs, int count, int wide, int high)
{
	struct ouv_buf out;

	ouv_buf_init(&out, arena, 1 << 20);
	ouv_buf_printf(&out,
		"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
		"2 0 obj<</Type/Pages/Count %d/Kids[",
		count);
	for (int i = 0; i < count; i++)
		ouv_buf_printf(&out, "%d 0 R ", 10 + i * 3);
	ouv_buf_text(&out, "]>>endobj\n");
	for (int i = 0; i < count; i++) {
		ouv_buf_printf(&out,
			"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 "
			"842]/Resources<</XObject<</I %d 0 R>>>>/Contents %d 0 "
			"R>>endobj\n%d 0 obj<</Length 30>>stream\nq 595 0 0 "
			"842 "
			"0 0 cm /I Do Q   \nendstream endobj\n%d 0 obj<</Type"
			"/XObject/Subtype/Image/Width %d/Height %d/ColorSpace"
			"/DeviceGray/BitsPerComponent 8/Filter/DCTDecode"
			"/Length %zu>>stream\n",
			10 + i * 3, 12 + i * 3, 11 + i * 3, 11 + i * 3,
			12 + i * 3, wide, high, jpegs[i].len);
		ouv_buf_add(&out, jpegs[i].p, jpegs[i].len);
		ouv_buf_text(&out, "\nendstream endobj\n");
	}
	ouv_buf_text(&out, "trailer<</Root 1 0 R>>\n%%EOF\n");
	return (struct ouv_str){ out.data, out.len };
}

/* ---- asking ---------------------------------------------------------------
 */

static const char *
answer_of(const struct ouv_scan_wish *wish, struct ouv_str file)
{
	struct ouv_str answer = { "", 0 };
	enum ouv_err err =
		(wish->ask == OUV_SCAN_SHOW ? scanner_show : scanner_read)(
			NULL, arena, wish, file, &answer);

	return err == OUV_OK ? ouv_arena_strndup(arena, answer.p, answer.len)
			     : "failed";
}

static const char *
look_at(struct ouv_str file)
{
	const struct ouv_scan_wish wish = { .ask = OUV_SCAN_LOOK };

	return answer_of(&wish, file);
}

static enum ouv_err
read_at(struct ouv_str file, int n, const char *lang, struct ouv_ocr_page *page)
{
	const struct ouv_scan_wish wish = {
		.ask = OUV_SCAN_READ, .page = n, .kind = 's', .lang = lang
	};
	const char *text = answer_of(&wish, file);

	return ouv_ocr_page_read(
		arena, (struct ouv_str){ text, strlen(text) }, page);
}

/* How many words of the letter were read, in their order: the longest way
 * through both. */
static double
right_of(const char *letter_text, const struct ouv_ocr_page *page)
{
	char *copy = strdup(letter_text), *save = NULL;
	const char *want[512], *got[2048];
	size_t wants = 0, gots = 0;
	static int best[513][2049];
	double out;

	for (char *w = strtok_r(copy, " \n", &save); w != NULL;
		w = strtok_r(NULL, " \n", &save))
		want[wants++] = w;
	for (size_t i = 0; i < page->count; i++)
		for (size_t k = 0; k < page->lines[i].count && gots < 2048; k++)
			got[gots++] = page->lines[i].words[k].text;
	memset(best, 0, sizeof(best));
	for (size_t i = 1; i <= wants; i++)
		for (size_t k = 1; k <= gots; k++) {
			int a = best[i - 1][k], b = best[i][k - 1];

			best[i][k] = a > b ? a : b;
			if (strcmp(want[i - 1], got[k - 1]) == 0 &&
				best[i - 1][k - 1] + 1 > best[i][k])
				best[i][k] = best[i - 1][k - 1] + 1;
		}
	out = 100.0 * best[wants][gots] / (double)wants;
	free(copy);
	return out;
}

/* ---- letters --------------------------------------------------------------
 */

static const struct {
	const char *lang, *text;
} letters[] = {
	{ "pt-BR", letter_pt },
	{ "en", letter_en },
	{ "it", letter_it },
};

static void
letters_are_read(void **state)
{
	static const struct {
		const char *name;
		struct scan_look look;
		double least;
	} looks[] = {
		{ "300 dots, clean", { .inch = 300 }, 95 },
		{ "150 dots, clean", { .inch = 150 }, 95 },
		{ "300 dots, 2 degrees askew, noisy",
			{ .inch = 300, .angle = 2, .noise = 60 }, 90 },
		{ "150 dots, 1.5 degrees askew, noisy",
			{ .inch = 150, .angle = -1.5, .noise = 35 }, 85 },
	};

	(void)state;
	for (size_t l = 0; l < 4; l++)
		for (size_t i = 0; i < 3; i++) {
			struct ouv_ocr_page page;
			double right;

			assert_int_equal(
				read_at(letter(letters[i].text, &looks[l].look,
						IFF_JFIF_JPEG),
					1, letters[i].lang, &page),
				OUV_OK);
			right = right_of(letters[i].text, &page);
			print_message("  %s, %s: %.1f %% of the words, sure "
				      "%d %%, skew %d\n",
				looks[l].name, letters[i].lang, right,
				page.conf, page.skew);
			assert_true(right >= looks[l].least);
		}
}

/* What the machine is less sure of is wrong more often: else marking it would
 * say nothing. */
static void
doubtful_words_are_the_wrong_ones(void **state)
{
	static const struct scan_look looks[] = {
		{ .inch = 80, .noise = 45 },
		{ .inch = 90, .noise = 50 },
		{ .inch = 100, .noise = 55 },
	};
	size_t wrong = 0, marked = 0, right = 0, spared = 0;

	(void)state;
	for (size_t l = 0; l < sizeof(looks) / sizeof(looks[0]); l++) {
		struct ouv_ocr_page page;

		assert_int_equal(read_at(letter(letter_en, &looks[l], IFF_PNG),
					 1, "en", &page),
			OUV_OK);
		for (size_t i = 0; i < page.count; i++)
			for (size_t k = 0; k < page.lines[i].count; k++) {
				const struct ouv_ocr_word *w =
					&page.lines[i].words[k];
				bool doubtful = w->conf < OUV_OCR_DOUBTFUL;

				if (strstr(letter_en, w->text) == NULL) {
					wrong++;
					marked += doubtful;
				} else {
					right++;
					spared += !doubtful;
				}
			}
	}
	print_message("  of pages hardly to be read: %zu of %zu wrong words "
		      "are marked, %zu of %zu right ones are not\n",
		marked, wrong, spared, right);
	assert_true(wrong > 0 && marked * 2 >= wrong);
	assert_true(spared * 100 >= right * 85);
}

static void
a_page_in_another_language_is_read(void **state)
{
	const struct scan_look look = { .inch = 300 };
	struct ouv_ocr_page page;

	(void)state;
	assert_int_equal(
		read_at(letter(letter_pt, &look, IFF_PNG), 1, "en", &page),
		OUV_OK);
	assert_true(right_of(letter_pt, &page) >= 95);
	assert_int_equal(
		read_at(letter(letter_it, &look, IFF_PNG), 1, "", &page),
		OUV_OK);
	assert_true(right_of(letter_it, &page) >= 95);
}

static void
a_page_that_lies_on_its_side_is_turned(void **state)
{
	static const int upright[] = { 0, 270, 180, 90 };

	(void)state;
	for (int turn = 1; turn < 4; turn++) {
		const struct scan_look look = { .inch = 200, .turn = turn };
		struct ouv_ocr_page page;

		assert_int_equal(read_at(letter(letter_pt, &look, IFF_PNG), 1,
					 "pt-BR", &page),
			OUV_OK);
		assert_int_equal(page.turn, upright[turn]);
		assert_true(right_of(letter_pt, &page) >= 90);
	}
}

/* A camera writes into the file how it was held. */
static void
a_photograph_is_turned_as_it_says(void **state)
{
	static const char exif[] = "\xff\xe1\0\x22"
				   "Exif\0\0II*\0\x08\0\0\0\x01\0"
				   "\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
	const struct scan_look look = { .inch = 150, .turn = 3 };
	struct ouv_str plain = letter(letter_en, &look, IFF_JFIF_JPEG);
	struct ouv_ocr_page page;
	struct ouv_buf file;

	(void)state;
	ouv_buf_init(&file, arena, plain.len + 100);
	ouv_buf_add(&file, plain.p, 2);
	ouv_buf_add(&file, exif, 36);
	ouv_buf_add(&file, plain.p + 2, plain.len - 2);
	assert_int_equal(read_at((struct ouv_str){ file.data, file.len }, 1,
				 "en", &page),
		OUV_OK);
	assert_int_equal(page.turn, 0);
	assert_true(page.height > page.width);
	assert_true(right_of(letter_en, &page) >= 90);
}

/* ---- kinds of files --------------------------------------------------------
 */

static struct ouv_str
tiff_of_two(void)
{
	const struct scan_look look = { .inch = 150 };
	PIXA *all = pixaCreate(2);
	struct ouv_str out;
	l_uint8 *bytes = NULL;
	size_t len = 0;

	pixaAddPix(all, scan_draw(letter_pt, &look), L_INSERT);
	pixaAddPix(all, scan_draw(letter_it, &look), L_INSERT);
	assert_int_equal(pixaWriteMemMultipageTiff(&bytes, &len, all), 0);
	out.p = ouv_arena_memdup(arena, bytes, len);
	out.len = len;
	lept_free(bytes);
	pixaDestroy(&all);
	return out;
}

static void
each_page_of_a_tiff_is_read(void **state)
{
	struct ouv_str file = tiff_of_two();
	struct ouv_ocr_page page;

	(void)state;
	assert_string_equal(look_at(file), "scan 2 ss");
	assert_int_equal(read_at(file, 2, "it", &page), OUV_OK);
	assert_true(right_of(letter_it, &page) >= 95);
	assert_int_equal(read_at(file, 1, "pt-BR", &page), OUV_OK);
	assert_true(right_of(letter_pt, &page) >= 95);
}

static void
each_page_of_a_scanned_pdf_is_read(void **state)
{
	const struct scan_look look = { .inch = 200 };
	const struct ouv_str jpegs[] = { letter(letter_pt, &look,
						 IFF_JFIF_JPEG),
		letter(letter_en, &look, IFF_JFIF_JPEG) };
	struct ouv_str file = pdf_of(jpegs, 2, 1654, 2338);
	struct ouv_ocr_page page;

	(void)state;
	assert_string_equal(look_at(file), "scan 2 ss");
	assert_int_equal(read_at(file, 2, "pt-BR", &page), OUV_OK);
	assert_true(right_of(letter_en, &page) >= 95);
	assert_true(page.width > 2400 && page.height > 3400);
	/* No third one. */
	assert_int_equal(read_at(file, 3, "pt-BR", &page), OUV_INVALID);
}

#define WORDS                                                               \
	"BT /F 12 Tf 50 700 Td (Prezados senhores, esta carta foi escrita " \
	"numa maquina e traz as suas proprias palavras, que ninguem "       \
	"precisa de ler em voz alta nem de adivinhar.) Tj ET"

static void
a_pdf_with_its_own_words_is_no_scan(void **state)
{
	struct ouv_buf out;

	(void)state;
	ouv_buf_init(&out, arena, 4096);
	ouv_buf_printf(&out,
		"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
		"2 0 obj<</Type/Pages/Count 1/Kids[4 0 R]>>endobj\n"
		"3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
		"4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
		"/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R>>endobj\n"
		"5 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n"
		"trailer<</Root 1 0 R>>\n%%%%EOF\n",
		strlen(WORDS), WORDS);
	assert_string_equal(
		look_at((struct ouv_str){ out.data, out.len }), "none words");
}

static void
a_logo_is_passed_over(void **state)
{
	PIX *logo = pixCreate(180, 400, 8);

	(void)state;
	assert_string_equal(look_at(packed(logo, IFF_PNG)), "none small");
	pixDestroy(&logo);
	assert_string_equal(
		look_at((struct ouv_str){ "GIF89a....", 10 }), "none kind");
	assert_string_equal(look_at((struct ouv_str){ "", 0 }), "none kind");
}

static void
an_empty_page_has_no_words(void **state)
{
	PIX *paper = pixCreate(1654, 2338, 8);
	struct ouv_ocr_page page;

	(void)state;
	(void)pixSetAll(paper);
	assert_int_equal(
		read_at(packed(paper, IFF_PNG), 1, "en", &page), OUV_OK);
	assert_int_equal(page.words, 0);
	assert_int_equal(page.conf, 0);
	pixDestroy(&paper);
}

/* ---- shown ----------------------------------------------------------------
 */

static void
a_page_is_drawn_anew(void **state)
{
	const struct scan_look look = { .inch = 300, .turn = 1 };
	struct ouv_str file = letter(letter_pt, &look, IFF_PNG), jpeg;
	const struct ouv_scan_wish wish = {
		.ask = OUV_SCAN_SHOW, .page = 1, .turn = 270, .side = 1400
	};
	l_int32 format, wide, high, bits, samples, colours;

	(void)state;
	assert_int_equal(scanner_show(NULL, arena, &wish, file, &jpeg), OUV_OK);
	assert_int_equal(
		pixReadHeaderMem((const l_uint8 *)jpeg.p, jpeg.len, &format,
			&wide, &high, &bits, &samples, &colours),
		0);
	assert_int_equal(format, IFF_JFIF_JPEG);
	assert_int_equal(high, 1400);
	assert_true(wide > 950 && wide < 1050);
	print_message("  %zu KiB\n", jpeg.len >> 10);
	assert_true(jpeg.len < (400UL << 10));
}

/* ---- hostile --------------------------------------------------------------
 */

static void
put_big(struct ouv_buf *out, uint32_t n)
{
	for (int i = 24; i >= 0; i -= 8)
		ouv_buf_char(out, (char)(n >> i));
}

static void
put_chunk(
	struct ouv_buf *out, const char type[5], const void *data, uint32_t len)
{
	uLong sum = crc32(crc32(0, (const Bytef *)type, 4), data, len);

	put_big(out, len);
	ouv_buf_text(out, type);
	ouv_buf_add(out, data, len);
	put_big(out, (uint32_t)sum);
}

/* A PNG of that size whose rows are one long nothing. */
static struct ouv_str
huge_png(uint32_t wide, uint32_t high)
{
	const size_t blanks = 64UL << 20;
	uLongf room = compressBound(blanks);
	Bytef *packed_rows = malloc(room), *zeros = calloc(1, blanks);
	struct ouv_buf out, head;

	assert_int_equal(compress2(packed_rows, &room, zeros, blanks, 9), Z_OK);
	ouv_buf_init(&head, arena, 32);
	put_big(&head, wide);
	put_big(&head, high);
	ouv_buf_add(&head, "\x08\x02\0\0\0", 5);
	ouv_buf_init(&out, arena, room + 200);
	ouv_buf_add(&out, "\x89PNG\r\n\x1a\n", 8);
	put_chunk(&out, "IHDR", head.data, (uint32_t)head.len);
	put_chunk(&out, "IDAT", packed_rows, (uint32_t)room);
	put_chunk(&out, "IEND", "", 0);
	free(packed_rows);
	free(zeros);
	return (struct ouv_str){ out.data, out.len };
}

static void
a_huge_picture_is_refused_by_its_head(void **state)
{
	struct ouv_str file = huge_png(50000, 50000);
	const struct ouv_scan_wish wish = {
		.ask = OUV_SCAN_READ, .page = 1, .kind = 's', .lang = ""
	};
	int64_t before = ouv_clock_mono_ms();

	(void)state;
	assert_true(file.len < 200000);
	assert_string_equal(look_at(file), "none large");
	assert_string_equal(answer_of(&wish, file), "none large");
	assert_true(ouv_clock_mono_ms() - before < 5000);
}

static void
a_pdf_that_unfolds_without_end_ends_at_the_limit(void **state)
{
	struct ouv_str bomb = huge_png(9000, 11000);
	struct ouv_str file = pdf_of(&bomb, 1, 60000, 60000);
	const struct ouv_scan_wish wish = {
		.ask = OUV_SCAN_READ, .page = 1, .kind = 's', .lang = ""
	};
	int64_t before = ouv_clock_mono_ms();

	(void)state;
	(void)look_at(file);
	(void)answer_of(&wish, file);
	assert_true(ouv_clock_mono_ms() - before < 120000);
}

static void
cut_files_give_no_more_than_they_hold(void **state)
{
	struct ouv_str tiff = tiff_of_two();
	const struct scan_look look = { .inch = 150 };
	struct ouv_str png = letter(letter_en, &look, IFF_PNG);
	struct ouv_ocr_page page;

	(void)state;
	for (size_t cut = 1; cut < 8; cut++) {
		struct ouv_str part = { tiff.p, tiff.len * cut / 8 };
		const char *said = look_at(part);

		assert_true(strcmp(said, "none damaged") == 0 ||
			    strncmp(said, "scan ", 5) == 0);
		part = (struct ouv_str){ png.p, png.len * cut / 8 };
		(void)look_at(part);
	}
	(void)read_at((struct ouv_str){ png.p, png.len / 2 }, 1, "en", &page);
	(void)read_at((struct ouv_str){ tiff.p, tiff.len / 2 }, 2, "it", &page);
	assert_int_equal(read_at(tiff, 2, "it", &page), OUV_OK);
}

/* A page of nothing but small marks, each of which might be a letter. */
static struct ouv_str
busy_picture(void)
{
	PIX *pix = pixCreate(3400, 3400, 8);
	uint32_t n = 1;
	struct ouv_str out;

	(void)pixSetAll(pix);
	for (int y = 8; y < 3390; y += 11)
		for (int x = 8; x < 3390; x += 9) {
			n = n * 1664525U + 1013904223U;
			for (int k = 0; k < 20; k++)
				pixSetPixel(pix, x + (int)(n >> (k + 3)) % 6,
					y + (int)(n >> k) % 8, 0);
		}
	out = packed(pix, IFF_PNG);
	pixDestroy(&pix);
	return out;
}

static void
a_picture_that_keeps_it_busy_ends_at_the_limit(void **state)
{
	struct ouv_str file = busy_picture();
	const struct scan_look look = { .inch = 150 };
	struct ouv_ocr_page page;
	struct ouv_fence_stats before = ouv_fence_stats(scanner.reading);
	int64_t began = ouv_clock_mono_ms();
	enum ouv_err err = read_at(file, 1, "pt-BR", &page);

	(void)state;
	print_message("  %s after %lld s, %lu stopped for time\n",
		err == OUV_OK ? "read" : "given up",
		(long long)(ouv_clock_mono_ms() - began) / 1000,
		ouv_fence_stats(scanner.reading).timeouts - before.timeouts);
	assert_true(ouv_clock_mono_ms() - began < READ_WALL_MS + 5000);
	/* ... and the next one is read. */
	assert_int_equal(
		read_at(letter(letter_en, &look, IFF_PNG), 1, "en", &page),
		OUV_OK);
	assert_true(right_of(letter_en, &page) >= 95);
}

/* The child of the page before may still be there: it is not the one meant. */
static void *
hurry(void *children)
{
	const unsigned long before = *(const unsigned long *)children;

	while (ouv_fence_stats(scanner.reading).children == before)
		(void)usleep(10000);
	scanner_hurry();
	return NULL;
}

static void
whoever_ends_the_program_does_not_wait_for_a_page(void **state)
{
	struct ouv_str file = busy_picture();
	const struct ouv_scan_wish wish = {
		.ask = OUV_SCAN_READ, .page = 1, .kind = 's', .lang = ""
	};
	struct ouv_fence_stats before = ouv_fence_stats(scanner.reading), after;
	int64_t began = ouv_clock_mono_ms();
	pthread_t thread;

	(void)state;
	assert_int_equal(
		pthread_create(&thread, NULL, hurry, &before.children), 0);
	assert_string_equal(answer_of(&wish, file), "failed");
	assert_int_equal(pthread_join(thread, NULL), 0);
	after = ouv_fence_stats(scanner.reading);
	assert_true(ouv_clock_mono_ms() - began < 15000);
	assert_int_equal(after.killed, before.killed + 1);
	assert_int_equal(after.timeouts, before.timeouts);
}

/* ---- its own form ---------------------------------------------------------
 */

static void
what_is_not_of_its_form_is_refused(void **state)
{
	static const char *const wrong[] = { "", "1 2 3 0 0 50",
		"2 2 3 0 0 50\n", "1 2 3 45 0 50\n", "1 2 3 0 0 101\n",
		"1 2 3 0 0 50\n90 0 0 1 1 a\n", "1 2 3 0 0 50\nL 2\n",
		"1 2 3 0 0 50\nL 1\n90 0 0 1 1 \n",
		"1 2 3 0 0 50\nL 1\n90 0 0 1 1 a b\n",
		"1 2 3 0 0 50\nL 1\n90 0 0 1 a\n",
		"1 2 3 0 0 50\nL 1\n90 0 0 1 1 \xff\n",
		"1 2 3 0 0 50\nL 1\n90 0 0 1 1 \xe2\x80\xae"
		"a\n",
		"1 2 3 0 0 50\nL 1\n90 0 0 1 1 a\x01\n",
		"1 2 3 0 0 50\nL 1\n-1 0 0 1 1 a\n",
		"1 2 3 0 0 50\nL 1\n90 0 0 1 1 a" };
	struct ouv_ocr_page page;
	const char *good =
		"1 20 30 90 -150 80\nL 1\n80 1 2 3 4 ação\n9 1 2 3 4 "
		"x\nL 0\n75 1 2 3 4 b\nL 1\n70 1 2 3 4 c\n";

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
			ouv_ocr_page_read(arena,
				(struct ouv_str){ wrong[i], strlen(wrong[i]) },
				&page),
			OUV_INVALID);
	assert_int_equal(ouv_ocr_page_read(arena,
				 (struct ouv_str){ good, strlen(good) }, &page),
		OUV_OK);
	assert_int_equal(page.skew, -150);
	assert_string_equal(
		ouv_ocr_page_text(arena, &page, 0), "ação x\nb\n\nc");
	assert_string_equal(
		ouv_ocr_page_text(arena, &page, OUV_OCR_NOISE), "ação\nb\n\nc");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_of_its_form_is_refused),
		cmocka_unit_test(letters_are_read),
		cmocka_unit_test(doubtful_words_are_the_wrong_ones),
		cmocka_unit_test(a_page_in_another_language_is_read),
		cmocka_unit_test(a_page_that_lies_on_its_side_is_turned),
		cmocka_unit_test(a_photograph_is_turned_as_it_says),
		cmocka_unit_test(each_page_of_a_tiff_is_read),
		cmocka_unit_test(each_page_of_a_scanned_pdf_is_read),
		cmocka_unit_test(a_pdf_with_its_own_words_is_no_scan),
		cmocka_unit_test(a_logo_is_passed_over),
		cmocka_unit_test(an_empty_page_has_no_words),
		cmocka_unit_test(a_page_is_drawn_anew),
		cmocka_unit_test(a_huge_picture_is_refused_by_its_head),
		cmocka_unit_test(
			a_pdf_that_unfolds_without_end_ends_at_the_limit),
		cmocka_unit_test(cut_files_give_no_more_than_they_hold),
		cmocka_unit_test(
			a_picture_that_keeps_it_busy_ends_at_the_limit),
		cmocka_unit_test(
			whoever_ends_the_program_does_not_wait_for_a_page),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
