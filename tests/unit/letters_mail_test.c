/*
 * letters_mail_test.c - every letter as a message, read by others
 *
 * Each letter of the office, in each language and in two at once, is composed
 * and taken apart by GMime, by libetpan and by our own reader.  What they give
 * back, put together as RFC 3676 says, are the words of the letter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mail_oracles.c"
#include "ouv/text.h"
#include "ouv/tmpl.h"

static struct ouv_tmpl_set *set;
static struct ouv_text_book *book;

static int
load(void **state)
{
	struct ouv_tmpl_error error = { "", 0, "" };
	struct ouv_text_error wrong = { "", "", "" };

	(void)state;
	g_mime_init();
	if (ouv_tmpl_load("templates", &set, &error) != OUV_OK ||
		ouv_text_read("templates", &book, &wrong) != OUV_OK) {
		print_error("%s %s\n", error.what, wrong.what);
		return -1;
	}
	return 0;
}

static int
unload(void **state)
{
	(void)state;
	ouv_text_free(&book);
	ouv_tmpl_free(&set);
	g_mime_shutdown();
	return 0;
}

static struct ouv_text_part
render(struct ouv_arena *arena, const struct ouv_text_decl *decl,
	enum ouv_lang lang)
{
	struct ouv_text_part part = { .lang = lang };
	json_t *data = ouv_text_example(decl), *values = NULL;

	assert_int_equal(
		ouv_text_values(decl, data, lang, &values, NULL), OUV_OK);
	assert_int_equal(ouv_tmpl_render(arena, set,
				 ouv_arena_printf(arena, "%s.%s.txt",
					 decl->name, ouv_lang_tag(lang)),
				 values, &part.text, NULL),
		OUV_OK);
	json_decref(values);
	json_decref(data);
	return part;
}

/* RFC 3676 4, for bytes as they came: lines end with CRLF. */
static char *
unflow(struct ouv_arena *arena, const char *text)
{
	struct ouv_buf out;

	ouv_buf_init(&out, arena, strlen(text));
	while (*text != '\0') {
		const char *end = strstr(text, "\r\n");
		size_t len, stuffed = *text == ' ';

		assert_non_null(end);
		len = (size_t)(end - text);
		ouv_buf_add(&out, text + stuffed, len - stuffed);
		if (len == 0 || text[len - 1] != ' ' ||
			(len == 3 && memcmp(text, "-- ", 3) == 0))
			ouv_buf_char(&out, '\n');
		text = end + 2;
	}
	return out.data;
}

static void
check_view(struct ouv_arena *arena, const char *who, struct view *view,
	const struct ouv_text_letter *laid)
{
	const char *text = view->text != NULL ? view->text : "";

	if (view->subject == NULL || strcmp(view->subject, laid->subject) != 0)
		fail_msg("%s: subject [%s]", who, view->subject);
	assert_int_equal(view->leaves, 2);
	/* What stands before a boundary is the boundary's, or the text's. */
	if (strcmp(unflow(arena, text), laid->plain) != 0)
		fail_msg("%s: [%s] and [%s]", who, text, laid->plain);
	view_free(view);
}

static void
check_letter(struct ouv_arena *arena, const struct ouv_text_part *parts,
	size_t count, const char *langs)
{
	struct ouv_letter letter = { .from_name = "Ouvidoria",
		.from_addr = "ouvidoria@ouvidoria.example",
		.to_addr = "ana@consumidora.example",
		.message_id = "o.1.abcdef@ouvidoria.example",
		.lang = langs,
		.flowed = true };
	struct ouv_text_letter laid;
	struct ouv_mail mail;
	struct ouv_str mime;
	struct view view;

	assert_int_equal(
		ouv_text_layout(arena, parts, count, false, &laid), OUV_OK);
	letter.subject = laid.subject;
	letter.text = laid.text;
	letter.html = laid.html;
	assert_int_equal(ouv_letter_write(arena, &letter, &mime), OUV_OK);
	assert_non_null(
		strstr(mime.p, ouv_arena_printf(arena,
				       "\r\nContent-Language: %s\r\n", langs)));
	assert_non_null(strstr(mime.p,
		"\r\nContent-Type: text/plain; charset=utf-8; format=flowed; "
		"delsp=no\r\n"));
	assert_null(strstr(mime.p, "\r\nList-"));
	view_gmime(mime.p, mime.len, &view);
	check_view(arena, "GMime", &view, &laid);
	view_etpan(mime.p, mime.len, &view);
	check_view(arena, "libetpan", &view, &laid);
	ouv_mail_read(arena, mime.p, mime.len, NULL, &mail);
	assert_true(mail.ok);
	assert_string_equal(mail.subject, laid.subject);
	assert_string_equal(mail.text, laid.plain);
}

static void
three_readers_find_the_words_of_every_letter(void **state)
{
	size_t count, letters = 0;
	const struct ouv_text_decl *list = ouv_text_list(book, &count);

	(void)state;
	for (size_t i = 0; i < count * OUV_LANG__COUNT; i++) {
		const struct ouv_text_decl *decl = &list[i / OUV_LANG__COUNT];
		enum ouv_lang lang = (enum ouv_lang)(i % OUV_LANG__COUNT);
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct ouv_text_part part;

		if (decl->kind != OUV_TEXT_PIECE) {
			part = render(arena, decl, lang);
			check_letter(arena, &part, 1, ouv_lang_tag(lang));
			letters++;
		}
		ouv_arena_free(&arena);
	}
	assert_true(letters >= 6);
}

static void
and_of_one_in_two_languages(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const struct ouv_text_decl *decl = ouv_text_find(book, "mail/absence");
	struct ouv_text_part parts[2];

	(void)state;
	assert_non_null(decl);
	parts[0] = render(arena, decl, OUV_LANG_EN);
	parts[1] = render(arena, decl, OUV_LANG_PT_BR);
	check_letter(arena, parts, 2, "en, pt-BR");
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_readers_find_the_words_of_every_letter),
		cmocka_unit_test(and_of_one_in_two_languages),
	};

	(void)setenv("TZ", "America/Sao_Paulo", 1);
	return cmocka_run_group_tests_name("letters_mail", tests, load, unload);
}
