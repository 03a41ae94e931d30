/*
 * print_test.c - documents as files: the same bytes, pages that are counted,
 * letters that no font has, pictures that cannot be shown
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/print.h"

struct paper {
	struct ouv_arena *arena;
	struct ouv_print *print;
	struct ouv_print_made made;
};

static const struct ouv_print_about about = { .title = "Ação <&>",
	.author = "Ouvidoria",
	.lang = "pt-BR",
	.made_at = INT64_C(1795435200) };

static struct paper
begin(void)
{
	struct paper p = { .arena = ouv_arena_new(OUV_ARENA_PLAIN) };

	assert_int_equal(ouv_print_begin(p.arena, &about, &p.print), OUV_OK);
	return p;
}

static void
end(struct paper *p)
{
	assert_int_equal(ouv_print_end(p->print, &p->made), OUV_OK);
	assert_memory_equal(p->made.pdf.p, "%PDF-1.7\n", 9);
}

static bool
holds(struct ouv_str bytes, const char *text)
{
	return memmem(bytes.p, bytes.len, text, strlen(text)) != NULL;
}

/* ---- the file --------------------------------------------------------------
 */

static struct paper
sample(void)
{
	struct paper p = begin();

	ouv_print_part(p.print, "x - {n}/{m}");
	ouv_print_heading(p.print, 1, "Título");
	ouv_print_words(p.print, 2,
		"# Um\n- a\n- b\r\n\nUm parágrafo\nem duas linhas.\n");
	ouv_print_row(p.print, "Rótulo", "valor");
	ouv_print_rule(p.print);
	ouv_print_para(p.print, OUV_PRINT_QUOTE, "citação");
	end(&p);
	return p;
}

static void
the_same_gives_the_same_bytes(void **state)
{
	struct paper a = sample(), b = sample();

	(void)state;
	assert_int_equal(a.made.pdf.len, b.made.pdf.len);
	assert_memory_equal(a.made.pdf.p, b.made.pdf.p, a.made.pdf.len);
	ouv_arena_free(&a.arena);
	ouv_arena_free(&b.arena);
}

static void
it_says_what_it_is(void **state)
{
	struct paper p = sample();

	(void)state;
	assert_true(holds(p.made.pdf, "<pdfaid:part>2</pdfaid:part>"));
	assert_true(holds(p.made.pdf, "A\xC3\xA7\xC3\xA3o &lt;&amp;&gt;"));
	assert_true(holds(p.made.pdf, "2026-11-23T12:00:00Z"));
	assert_true(holds(p.made.pdf, "/S /GTS_PDFA1"));
	assert_true(holds(p.made.pdf, "/Lang (pt-BR)"));
	ouv_arena_free(&p.arena);
}

static void
without_fonts_there_is_no_document(void **state)
{
	struct ouv_print_about nowhere = about;
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_print *print;

	(void)state;
	nowhere.fonts = "/nonexistent";
	assert_int_equal(
		ouv_print_begin(arena, &nowhere, &print), OUV_TEMPORARY);
	ouv_arena_free(&arena);
}

/* ---- pages -----------------------------------------------------------------
 */

static void
an_empty_document_has_a_page(void **state)
{
	struct paper p = begin();

	(void)state;
	end(&p);
	assert_int_equal(p.made.pages, 1);
	ouv_arena_free(&p.arena);
}

static void
parts_begin_on_pages_of_their_own(void **state)
{
	struct paper p = begin();

	(void)state;
	for (int i = 0; i < 3; i++) {
		ouv_print_part(p.print, "{n}/{m}");
		ouv_print_para(p.print, OUV_PRINT_PLAIN, "a");
	}
	ouv_print_break(p.print);
	ouv_print_break(p.print); /* one page is not made twice */
	ouv_print_para(p.print, OUV_PRINT_PLAIN, "b");
	end(&p);
	assert_int_equal(p.made.pages, 4);
	ouv_arena_free(&p.arena);
}

/* Lines, words and paragraphs of any length come to an end. */
static void
long_texts_are_broken(void **state)
{
	static char word[20001], lines[20001];
	struct paper p = begin();

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	for (size_t i = 0; i < sizeof(lines) - 1; i++)
		lines[i] = i % 2 == 0 ? 'a' : '\n';
	ouv_print_para(p.print, OUV_PRINT_PLAIN, word);
	ouv_print_item(p.print, lines);
	ouv_print_row(p.print, "a", lines);
	ouv_print_heading(p.print, 9, "zu tief");
	end(&p);
	assert_true(p.made.pages > 300);
	ouv_arena_free(&p.arena);
}

static void
more_pages_than_a_document_may_have_are_refused(void **state)
{
	struct paper p = begin();

	(void)state;
	for (int i = 0; i < OUV_PRINT_PAGES + 2; i++)
		ouv_print_part(p.print, "");
	assert_int_equal(ouv_print_end(p.print, &p.made), OUV_INVALID);
	ouv_arena_free(&p.arena);
}

/* ---- letters that no font has ----------------------------------------------
 */

/* clang-format off */
static const struct {
	const char *text;
	size_t unknown;
} texts[] = {
	{ "S\xC3\xA3o Paulo \xE2\x80\x93 \xE2\x82\xAC 5", 0 },        /* – € */
	{ "A\xCC\x83 o\xCC\x81", 0 },                     /* marks that compose */
	{ "\xD0\x9C\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0", 0 },    /* Москва */
	{ "\xCE\x91\xCE\xB8\xCE\xAE\xCE\xBD\xCE\xB1", 0 },            /* Αθήνα */
	{ "\xE4\xBD\xA0\xE5\xA5\xBD", 2 },                            /* 你好 */
	{ "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", 4 },                    /* שלום */
	{ "\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85", 4 },                    /* سلام */
	{ "\xF0\x9F\x98\x80", 1 },                                    /* 😀 */
	{ "a\xE2\x80\x8B" "b\xEF\xB8\x8F\xC2\xAD\xE2\x80\xAE", 0 },   /* unseen */
	{ "\xFF\xC3(", 2 },                                           /* no UTF-8 */
	{ "\x01\x02\x1b[31m", 0 },                                    /* controls */
	{ "", 0 },
};
/* clang-format on */

static void
what_no_font_has_is_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct paper p = begin();
		size_t unknown = 99;

		ouv_print_para(p.print, OUV_PRINT_PLAIN, texts[i].text);
		end(&p);
		assert_int_equal(p.made.unknown, texts[i].unknown);
		assert_int_equal(
			ouv_print_unknown(NULL, texts[i].text, &unknown),
			OUV_OK);
		assert_int_equal(unknown, texts[i].unknown);
		assert_int_equal(
			*p.made.unknown_in != '\0', texts[i].unknown > 0);
		ouv_arena_free(&p.arena);
	}
}

static void
the_first_word_is_named(void **state)
{
	struct paper p = begin();

	(void)state;
	ouv_print_para(p.print, OUV_PRINT_PLAIN,
		"Rua \xE9\x87\x91-\xE5\xB1\xB1, 4 \xE4\xBA\x94");
	end(&p);
	assert_string_equal(p.made.unknown_in, "\xE9\x87\x91-\xE5\xB1\xB1,");
	ouv_arena_free(&p.arena);
}

/* ---- pictures --------------------------------------------------------------
 */

/* clang-format off */
static const unsigned char dot[] = { /* 1 x 1, red, half transparent */
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d,
	0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01,
	0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00,
	0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xd0,
	0x00, 0x00, 0x04, 0x81, 0x01, 0x80, 0x2c, 0x55, 0xce, 0xb0, 0x00, 0x00,
	0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};
/* clang-format on */

static size_t
undecoded(const void *bytes, size_t len)
{
	struct paper p = begin();
	size_t count;

	ouv_print_picture(p.print, (struct ouv_str){ bytes, len }, "Foto");
	end(&p);
	count = p.made.undecoded;
	ouv_arena_free(&p.arena);
	return count;
}

static void
pictures_are_shown_or_counted(void **state)
{
	unsigned char broken[sizeof(dot)];
	static const unsigned char four[] = { 0xFF, 0xD8, 0xFF, 0xC0, 0, 20, 8,
		0, 9, 0, 9, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

	(void)state;
	assert_int_equal(undecoded(dot, sizeof(dot)), 0);
	assert_int_equal(undecoded(dot, 20), 1);
	assert_int_equal(undecoded("", 0), 1);
	assert_int_equal(undecoded("GIF89a..............", 20), 1);
	assert_int_equal(undecoded(four, sizeof(four)), 1); /* four colours */
	memcpy(broken, dot, sizeof(dot));
	broken[45] ^= 0xFF;
	assert_int_equal(undecoded(broken, sizeof(broken)), 1);
	memcpy(broken, dot, sizeof(dot));
	broken[17] = 0xFF; /* sixteen million pixels wide */
	assert_int_equal(undecoded(broken, sizeof(broken)), 1);
}

/* ---- a letter --------------------------------------------------------------
 */

static void
an_address_of_any_length_has_its_place(void **state)
{
	const char *to[12];
	struct paper p = begin();
	struct ouv_print_letter letter = { .foot = "{n}/{m}",
		.office = "O",
		.sender = "",
		.to = to,
		.place_date = "",
		.reference_label = "",
		.reference = "",
		.qr = "2026-000001-3",
		.subject = "S",
		.words = "Um\n\nNome\nTitulo\n",
		.signature = "Nome" };

	(void)state;
	for (size_t i = 0; i < 12; i++)
		to[i] = "Uma linha bastante longa de um endere\xC3\xA7o postal";
	for (letter.to_count = 0; letter.to_count <= 12; letter.to_count++)
		ouv_print_letter(p.print, &letter);
	end(&p);
	assert_int_equal(p.made.pages, 13);
	ouv_arena_free(&p.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_gives_the_same_bytes),
		cmocka_unit_test(it_says_what_it_is),
		cmocka_unit_test(without_fonts_there_is_no_document),
		cmocka_unit_test(an_empty_document_has_a_page),
		cmocka_unit_test(parts_begin_on_pages_of_their_own),
		cmocka_unit_test(long_texts_are_broken),
		cmocka_unit_test(
			more_pages_than_a_document_may_have_are_refused),
		cmocka_unit_test(what_no_font_has_is_counted),
		cmocka_unit_test(the_first_word_is_named),
		cmocka_unit_test(pictures_are_shown_or_counted),
		cmocka_unit_test(an_address_of_any_length_has_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
