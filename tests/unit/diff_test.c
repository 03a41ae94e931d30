/*
 * diff_test.c - what was taken out of a text and what was put in; words as
 * people look for them
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../server/diff.c"  /* NOLINT(bugprone-suspicious-include) */
#include "../../server/match.c" /* NOLINT(bugprone-suspicious-include) */

static int
setup(void **state)
{
	*state = ouv_arena_new(OUV_ARENA_WIPE);
	return 0;
}

static int
teardown(void **state)
{
	struct ouv_arena *arena = *state;

	ouv_arena_free(&arena);
	return 0;
}

/* Each line behind its sign, "[" and "]" around what changed in it. */
static const char *
show(struct ouv_arena *arena, const char *a, const char *b)
{
	static const char *const signs[] = { " ", "-", "+" };
	struct diff_line *lines;
	struct ouv_buf buf;
	size_t count;

	ouv_buf_init(&buf, arena, 64);
	diff_texts(arena, a, b, &lines, &count);
	for (size_t i = 0; i < count; i++) {
		ouv_buf_text(&buf, signs[lines[i].sign]);
		for (size_t j = 0; j < lines[i].run_count; j++) {
			const struct diff_run *run = &lines[i].runs[j];

			ouv_buf_text(&buf, run->changed ? "[" : "");
			ouv_buf_add(&buf, run->text.p, run->text.len);
			ouv_buf_text(&buf, run->changed ? "]" : "");
		}
		ouv_buf_char(&buf, '\n');
	}
	return buf.data;
}

/* clang-format off */
static const struct {
	const char *a, *b, *shown;
} pairs[] = {
	{ "", "", "" },
	{ "a\nb\n", "a\nb\n", " a\n b\n" },
	/* whether the last line ends makes no difference */
	{ "a\nb", "a\nb\n", " a\n b\n" },
	{ "", "a\n\nb\n", "+a\n+\n+b\n" },
	{ "a\n\nb\n", "", "-a\n-\n-b\n" },
	/* one in the middle, at the beginning, at the end */
	{ "a\nb\nc\n", "a\nc\n", " a\n-b\n c\n" },
	{ "a\nc\n", "a\nb\nc\n", " a\n+b\n c\n" },
	{ "a\nb\n", "x\na\nb\ny\n", "+x\n a\n b\n+y\n" },
	/* moved: gone here, new there, the longest run stays */
	{ "1\n2\n3\n4\n", "2\n3\n4\n1\n", "-1\n 2\n 3\n 4\n+1\n" },
	{ "a\nb\nc\nd\ne\n", "b\nx\nd\nf\n",
		"-a\n b\n-c\n+x\n d\n-e\n+f\n" },
	/* a changed line says which words */
	{ "We answer within two days.\n", "We answer within three days.\n",
		"-We answer within [two] days.\n"
		"+We answer within [three] days.\n" },
	{ "Dear {{name}}, thank you.\n", "Dear {{name}}!\n",
		"-Dear {{name}}[, thank you.]\n+Dear {{name}}[!]\n" },
	{ "não há custo algum\n", "não há nenhum custo\n",
		"-não há custo[ algum]\n+não há [nenhum ]custo\n" },
	/* only spaces */
	{ "a  word here\n", "a word here\n",
		"-a[  ]word here\n+a[ ]word here\n" },
	/* another line altogether does not */
	{ "Good morning to all\n", "Write soon\n",
		"-Good morning to all\n+Write soon\n" },
	/* two for one */
	{ "one two three four\n", "one two three five\nsix\n",
		"-one two three [four]\n+one two three [five]\n+six\n" },
};
/* clang-format on */

static void
what_changed_is_told_by_lines_and_words(void **state)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_string_equal(
			show(*state, pairs[i].a, pairs[i].b), pairs[i].shown);
}

/* Both texts can be put together again from what is said, whatever they are. */
static void
nothing_is_lost_or_invented(void **state)
{
	unsigned seed = 7;

	for (int round = 0; round < 400; round++) {
		struct ouv_buf text[2], back[2];
		struct diff_line *lines;
		size_t count;

		ouv_arena_reset(*state);
		for (int k = 0; k < 2; k++) {
			ouv_buf_init(&text[k], *state, 64);
			ouv_buf_init(&back[k], *state, 64);
			for (int n = 0; n < round % 23; n++) {
				seed = seed * 1103515245U + 12345U;
				ouv_buf_text(&text[k],
					&"a\0b \0c\n\0, \0\xc3\xa3\0\n\0x y\n"[(
						const int[]){ 0, 2, 5, 8, 11,
						14, 16 }[(seed >> 16) % 7]]);
			}
			if (text[k].len > 0 &&
				text[k].data[text[k].len - 1] != '\n')
				ouv_buf_char(&text[k], '\n');
		}
		diff_texts(*state, text[0].data, text[1].data, &lines, &count);
		for (size_t i = 0; i < count; i++)
			for (int k = 0; k < 2; k++) {
				if (lines[i].sign ==
					(k == 0 ? DIFF_NEW : DIFF_GONE))
					continue;
				for (size_t j = 0; j < lines[i].run_count; j++)
					ouv_buf_add(&back[k],
						lines[i].runs[j].text.p,
						lines[i].runs[j].text.len);
				ouv_buf_char(&back[k], '\n');
			}
		assert_string_equal(back[0].data, text[0].data);
		assert_string_equal(back[1].data, text[1].data);
	}
}

static void
texts_too_long_to_compare_are_gone_and_new(void **state)
{
	struct ouv_buf a, b;
	struct diff_line *lines;
	size_t count, kept = 0;

	ouv_buf_init(&a, *state, 65536);
	ouv_buf_init(&b, *state, 65536);
	for (int i = 0; i < 3000; i++) {
		ouv_buf_printf(&a, "a%d\n", i);
		ouv_buf_printf(&b, "b%d\n", i);
		ouv_buf_text(&a, i == 1500 ? "same\n" : "");
		ouv_buf_text(&b, i == 1400 ? "same\n" : "");
	}
	diff_texts(*state, a.data, b.data, &lines, &count);
	for (size_t i = 0; i < count; i++)
		kept += lines[i].sign == DIFF_SAME;
	assert_int_equal(count, 6002);
	assert_int_equal(kept, 0);
}

/* clang-format off */
static const struct {
	const char *text, *words;
	bool found;
} sought[] = {
	{ "Ausência do escritório", "ausencia", true },
	{ "Ausência do escritório", "AUSÊNCIA  escrit", true },
	{ "Ausencia", "ausência", true },
	{ "Perché è così", "cosi perche", true },
	{ "Straße", "STRASSE", true },
	{ "Ausência do escritório", "ausencia casa", false },
	{ "anything", "", true },
	{ "anything", "   ", true },
	{ "", "a", false },
};
/* clang-format on */

static void
words_are_found_without_regard_to_case_and_accents(void **state)
{
	for (size_t i = 0; i < sizeof(sought) / sizeof(sought[0]); i++)
		if (match_words(match_fold(*state, sought[i].text),
			    match_fold(*state, sought[i].words)) !=
			sought[i].found)
			fail_msg("\"%s\" in \"%s\"", sought[i].words,
				sought[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_changed_is_told_by_lines_and_words, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			nothing_is_lost_or_invented, setup, teardown),
		cmocka_unit_test_setup_teardown(
			texts_too_long_to_compare_are_gone_and_new, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			words_are_found_without_regard_to_case_and_accents,
			setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
