/*
 * mail_charset_test.c - bytes of any charset become valid UTF-8
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/mail/internal.h"

#define BYTES(s) (s), sizeof(s) - 1

/* clang-format off */
static const struct row {
	const char *charset, *fallback, *bytes;
	size_t len;
	const char *text;
	bool clean;
} rows[] = {
	/* undeclared: UTF-8, then the fallback, then windows-1252 */
	{ NULL, NULL, BYTES("ol\xc3\xa1"), "olá", true },
	{ NULL, NULL, BYTES("ol\xe1 \x80"), "olá €", true },
	{ NULL, "koi8-r", BYTES("\xd6\xc1"), "жа", true },
	{ NULL, "koi8-r", BYTES("\xc3\xa1"), "á", true },
	{ "", NULL, BYTES("ol\xe1"), "olá", true },
	{ "us-ascii", NULL, BYTES("ol\xe1"), "olá", true },
	{ "unknown-8bit", "iso-8859-2", BYTES("\xb3"), "ł", true },
	{ "x-unknown", NULL, BYTES("\xc3\xa9"), "é", true },
	{ NULL, NULL, BYTES("a\0\xc3\xa9"), "aé", true },
	{ NULL, NULL, BYTES("\xef\xbb\xbf" "ol\xc3\xa1"), "olá", true },
	{ NULL, NULL, BYTES("\xff\xfe" "a\0"), "a", true },
	{ NULL, NULL, BYTES("o\0l\0\xe1\0!\0"), "olá!", true },
	{ NULL, NULL, BYTES("\0o\0l\0\xe1\0!"), "olá!", true },
	{ "utf-8", NULL, BYTES("\xff\xfeo\0l\0\xe1\0"), "olá", false },
	{ NULL, NULL, BYTES("\x1b$B6l>p\x1b(B"), "苦情", true },
	{ "us-ascii", NULL, BYTES("\x1b$)C\x0e\x3a\x52\x0f"), "불", true },
	{ NULL, NULL, BYTES("\x1b[31m"), "\x1b[31m", true },
	/* most of it UTF-8: cut at the end, or joined with something else */
	{ NULL, NULL, BYTES("\xc3\xa1\xc3\xa9\xc3"), "áé\xef\xbf\xbd", false },
	{ NULL, NULL, BYTES("\xc3\xa1\xc3\xa9 \xe7 a"), "áé ç a", false },
	{ NULL, NULL, BYTES("\xabOL\xc9\xbb"), "«OLÉ»", true },
	{ NULL, "koi8-r", BYTES("\xc3\xa1 \xd6 a"), "ц║ ж a", true },
	/* UTF-8 under another name; a name that fits is believed */
	{ "iso-8859-1", NULL, BYTES("\xc3\xa1gua"), "água", false },
	{ "windows-1252", NULL, BYTES("\xe2\x80\x9c"), "“", false },
	{ "windows-1252", NULL, BYTES("AMANH\xc3\x85"), "AMANHÃ…", true },
	{ "windows-1252", NULL, BYTES("AMANH\xc3\xa0"), "AMANHÃ\u00a0", true },
	{ "iso-8859-1", NULL, BYTES("\xc3\xa1 \xe7 a"), "Ã¡ ç a", true },
	/* names that mean another */
	{ "1251", NULL, BYTES("\xe6"), "ж", true },
	{ "win-1250", NULL, BYTES("\xb3"), "ł", true },
	{ "x-cp1252", NULL, BYTES("\x93"), "“", true },
	{ "pt_BR.UTF-8", NULL, BYTES("\xc3\xa9"), "é", true },
	{ "x-utf8", NULL, BYTES("\xc3\xa9"), "é", true },
	{ "65001", NULL, BYTES("\xc3\xa9"), "é", true },
	{ "iso-latin-1", NULL, BYTES("\x93"), "“", true },
	{ "iso-8859", NULL, BYTES("\xe9"), "é", true },
	{ "eucJP-ms", NULL, BYTES("\xb6\xec"), "苦", true },
	{ "ibm850", NULL, BYTES("\xa0"), "á", true },
	{ "ibm437", NULL, BYTES("\xa0"), "á", true },
	{ "iso-2022-cn", NULL, BYTES("\x1b$)A\x0eVPND\x0f"), "中文", true },
	{ "iso-8859-1", NULL, BYTES("\x93" "a\x94 \x92"), "“a” ’", true },
	{ "ISO-8859-1", NULL, BYTES("\x80"), "€", true },
	{ "latin1", NULL, BYTES("\xe9"), "é", true },
	{ "Windows-1252", NULL, BYTES("\x85"), "…", true },
	{ "windows-1252http-equivcontent-type", NULL, BYTES("\xe9"), "é", true },
	{ "ansi", NULL, BYTES("\xe9"), "é", true },
	{ "iso-8859-9", NULL, BYTES("\xfd\x80"), "ı€", true },
	{ "iso-8859-15", NULL, BYTES("\xa4"), "€", true },
	{ "iso-8859-8-i", NULL, BYTES("\xe0"), "א", true },
	{ "x-mac-roman", NULL, BYTES("\x8e"), "é", true },
	{ "uft-8", NULL, BYTES("\xc3\xa9"), "é", true },
	{ "utf8", NULL, BYTES("\xc3\xa9"), "é", true },
	{ "\"UTF-8\"", NULL, BYTES("\xc3\xa9"), "é", true },
	{ "charset=utf-8", NULL, BYTES("\xc3\xa9"), "é", true },
	{ "3D\"utf-8\"", NULL, BYTES("\xc3\xa9"), "é", true },
	{ "utf-8; reply-type=original", NULL, BYTES("\xc3\xa9"), "é", true },
	{ "utf-8", NULL, BYTES("\xef\xbb\xbf" "a"), "a", true },
	/* the far east */
	{ "gb2312", NULL, BYTES("\xcd\xb6\xcb\xdf\xa2\xe3"), "投诉€", true },
	{ "gbk", NULL, BYTES("\xcd\xb6"), "投", true },
	{ "gb18030", NULL, BYTES("\x81\x30\x81\x30"), "\xc2\x80", true },
	{ "ks_c_5601-1987", NULL, BYTES("\x8c\x63"), "똠", true },
	{ "euc-kr", NULL, BYTES("\xba\xd2"), "불", true },
	{ "shift_jis", NULL, BYTES("\x87\x40"), "①", true },
	{ "iso-2022-jp", NULL, BYTES("\x1b$B6l>p\x1b(B!"), "苦情!", true },
	{ "cp50220", NULL, BYTES("\x1b$B6l\x1b(B"), "苦", true },
	{ "iso-2022-kr", NULL, BYTES("\x1b$)C\x0e\x3a\x52\x0f"), "불", true },
	{ "euc-jp", NULL, BYTES("\xb6\xec"), "苦", true },
	{ "big5", NULL, BYTES("\xa4\xa4"), "中", true },
	{ "hz-gb-2312", NULL, BYTES("~{MK~}"), "退", true },
	{ "koi8-r", NULL, BYTES("\xd6"), "ж", true },
	{ "koi8-u", NULL, BYTES("\xa4"), "є", true },
	{ "windows-1251", NULL, BYTES("\xe6"), "ж", true },
	{ "tis-620", NULL, BYTES("\xa1"), "ก", true },
	/* 7 and 16 bits */
	{ "utf-7", NULL, BYTES("+AOE-gua"), "água", true },
	{ "unicode-1-1-utf-7", NULL, BYTES("+2D3eAA-"), "😀", true },
	{ "utf-16", NULL, BYTES("\xff\xfe" "a\0"), "a", true },
	{ "utf-16", NULL, BYTES("\xfe\xff\0a"), "a", true },
	{ "utf-16", NULL, BYTES("a\0b\0"), "ab", true },
	{ "utf-16", NULL, BYTES("\0a\0b"), "ab", true },
	{ "utf-16le", NULL, BYTES("=\xd8\0\xde"), "😀", true },
	{ "utf-32be", NULL, BYTES("\0\0\0a"), "a", true },
	/* broken: said, and still text */
	{ "utf-8", NULL, BYTES("ol\xe1"), "olá", false },
	{ "utf-8", NULL, BYTES("\xc3\xa1\xc3"), "á\xef\xbf\xbd", false },
	{ "utf-8", NULL, BYTES("\xc3\xa1\xed\xa0\x80"), "á\xef\xbf\xbd", false },
	{ "utf-8", NULL, BYTES("\xc3\xa1\xc0\x80"), "á\xef\xbf\xbd", false },
	{ "utf-8", NULL, BYTES("\xc3\xa1\xf4\x90\x80\x80"), "á\xef\xbf\xbd", false },
	{ "utf-16le", NULL, BYTES("=\xd8" "a\0"), "\xef\xbf\xbd" "a", false },
	{ "utf-7", NULL, BYTES("+2D0-a"), "\xef\xbf\xbd" "a", false },
	{ "windows-1252", NULL, BYTES("a\x81"), "a\xef\xbf\xbd", false },
	{ "x-inventado", NULL, BYTES("ol\xe1"), "olá", false },
	{ "x-inventado", NULL, BYTES("\xc3\xa1"), "á", false },
	{ "iso-2022-jp", NULL, BYTES("\x1b$B6"), "\xef\xbf\xbd", false },
};
/* clang-format on */

static void
every_row_of_the_table_holds(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		/* of the exact size, for the sanitizer */
		char *copy = ouv_arena_memdup(arena, row->bytes, row->len);
		struct ouv_str text;
		bool clean = mail_to_utf8(arena, row->charset, row->fallback,
			(struct ouv_str){ copy, row->len }, &text);

		if (text.len != strlen(row->text) ||
			memcmp(text.p, row->text, text.len) != 0)
			fail_msg("row %zu (%s): \"%.*s\"", i, row->text,
				(int)text.len, text.p);
		if (clean != row->clean)
			fail_msg("row %zu (%s): clean is %d", i, row->text,
				clean);
	}
	ouv_arena_free(&arena);
}

/* Bytes without sense, but the same in every run. */
static unsigned
next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

static void
whatever_the_bytes_the_result_is_utf8_without_zero_bytes(void **state)
{
	static const char *const names[] = { NULL, "utf-8", "windows-1252",
		"utf-7", "utf-16", "utf-16le", "utf-32", "iso-2022-jp",
		"iso-2022-kr", "iso-2022-cn", "gb2312", "hz-gb-2312", "big5",
		"shift_jis", "euc-jp", "koi8-r", "scsu", "bocu-1", "cesu-8",
		"imap-mailbox-name", "ebcdic-cp-us", "x-inventado" };
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 4000; round++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		size_t len = next_random(&seed) % 60 + 1;
		char *bytes = malloc(len);
		struct ouv_str text;

		for (size_t i = 0; i < len; i++)
			bytes[i] = (char)(next_random(&seed) >> (round % 3));
		(void)mail_to_utf8(arena,
			names[(size_t)round %
				(sizeof(names) / sizeof(names[0]))],
			NULL, (struct ouv_str){ bytes, len }, &text);
		assert_true(mail_utf8_valid(text));
		ouv_arena_free(&arena);
		free(bytes);
	}
}

static void
only_names_of_charsets_are_known(void **state)
{
	(void)state;
	assert_true(mail_charset_known("UTF-8"));
	assert_true(mail_charset_known("iso-8859-1"));
	assert_true(mail_charset_known("us-ascii"));
	assert_true(mail_charset_known("ks_c_5601-1987"));
	assert_false(mail_charset_known("x-inventado"));
	assert_false(mail_charset_known(""));
	assert_false(mail_charset_known("../../utf-8"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_of_the_table_holds),
		cmocka_unit_test(
			whatever_the_bytes_the_result_is_utf8_without_zero_bytes),
		cmocka_unit_test(only_names_of_charsets_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
