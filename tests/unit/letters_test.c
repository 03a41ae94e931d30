/*
 * letters_test.c - every letter of the office, in every language
 *
 * A letter has a text part and an HTML part.  Both must say the same, greet
 * and thank, and look as the office's rules want: Arial 10, black or blue, no
 * pictures.  Whatever has an example in templates/mail is walked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ouv/tmpl.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* clang-format off */
static const struct locale {
	const char *name;
	const char *greetings[4]; /* one of them begins the body     */
	const char *thanks[4];    /* one of them stands near its end */
} locales[] = {
	{ "pt-BR", { "Olá", "Bom dia" }, { "Agradecemos", "Obrigad" } },
	{ "en", { "Dear ", "Hello" }, { "Thank you" } },
	{ "it", { "Gentile ", "Buongiorno" }, { "ringraziamo", "Grazie" } },
};

static const char *const allowed_colours[] = {
	"#000000", "#0000EE", "#003399",
};

/* Words that argue or blame; an acknowledgement must not hold them. */
static const char *const defences[] = {
	"infelizmente", "unfortunately", "purtroppo", "lamentamos",
	"nossa política", "our policy", "no entanto", "however", "tuttavia",
};

static const char *const forbidden_markup[] = {
	"<img", "<script", "<style", "<link", "background", "<table",
	"<font", "<svg", "<iframe", "<form", "<object", "http-equiv",
};
/* clang-format on */

static struct ouv_tmpl_set *set;
static glob_t examples;

static const char *
folder(void)
{
	const char *path = getenv("OUV_TEMPLATES");

	return path == NULL ? "templates" : path;
}

static int
load_letters(void **state)
{
	struct ouv_tmpl_error error = { "", 0, "" };
	char path[512];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/mail/*.example.json", folder());
	if (glob(path, 0, NULL, &examples) != 0) {
		print_error("no examples: %s\n", path);
		return -1;
	}
	(void)snprintf(path, sizeof(path), "%s/mail", folder());
	if (ouv_tmpl_load(path, &set, &error) != OUV_OK) {
		print_error(
			"%s:%d: %s\n", error.template, error.line, error.what);
		return -1;
	}
	return 0;
}

static int
free_letters(void **state)
{
	(void)state;
	globfree(&examples);
	ouv_tmpl_free(&set);
	return 0;
}

/* One letter with one set of data, in one language. */
struct letter {
	struct ouv_arena *arena;
	const struct locale *locale;
	const char *what; /* for messages */
	const char *subject;
	const char *text; /* after the subject line and the empty line */
	const char *html;
	const char *protocol;
};

static const char *
render(struct ouv_arena *arena, const char *name, const json_t *data)
{
	struct ouv_tmpl_error error = { "", 0, "" };
	struct ouv_str out;
	enum ouv_err err =
		ouv_tmpl_render(arena, set, name, data, &out, &error);

	if (err != OUV_OK)
		fail_msg("%s:%d: %s", error.template, error.line, error.what);
	return out.p;
}

static struct letter
read_letter(struct ouv_arena *arena, const char *example,
	const struct locale *locale, const json_t *data)
{
	const char *base = strrchr(example, '/') + 1;
	int len = (int)(strstr(base, ".example.json") - base);
	char *name =
		ouv_arena_printf(arena, "%.*s.%s.", len, base, locale->name);
	const char *whole =
		render(arena, ouv_arena_printf(arena, "%stxt", name), data);
	const char *end = strstr(whole, "\n\n");
	const char *protocol =
		json_string_value(json_object_get(data, "protocol"));
	struct letter l = { arena, locale, name, "", "", "", "" };

	if (protocol == NULL || strncmp(whole, "Subject: ", 9) != 0 ||
		end == NULL ||
		memchr(whole, '\n', (size_t)(end - whole)) != NULL) {
		fail_msg("%s: no protocol, or no subject and empty line", name);
		return l;
	}
	l.protocol = protocol;
	l.subject =
		ouv_arena_strndup(arena, whole + 9, (size_t)(end - whole) - 9);
	l.text = end + 2;
	l.html = render(arena, ouv_arena_printf(arena, "%shtml", name), data);
	return l;
}

/*
 * Calls check for each example as it stands, with each has_x false, and
 * without a postal address.
 */
static void
for_each_letter(void (*check)(const struct letter *letter))
{
	unsigned count = 0;

	for (size_t i = 0; i < examples.gl_pathc * COUNT(locales); i++) {
		const char *path = examples.gl_pathv[i / COUNT(locales)];
		const struct locale *locale = &locales[i % COUNT(locales)];
		json_t *whole = json_load_file(path, 0, NULL);
		const char *key;
		json_t *value;

		if (whole == NULL)
			fail_msg("%s is no JSON", path);
		json_object_foreach(whole, key, value)
		{
			struct ouv_arena *arena =
				ouv_arena_new(OUV_ARENA_PLAIN);
			json_t *data = json_copy(whole);
			struct letter letter;

			if (json_is_true(value))
				json_object_set_new(data, key, json_false());
			if (strcmp(key, "office_address") == 0)
				json_object_set_new(data, key, json_string(""));
			letter = read_letter(arena, path, locale, data);
			check(&letter);
			count++;
			json_decref(data);
			ouv_arena_free(&arena);
		}
		json_decref(whole);
	}
	assert_true(count > 0);
}

/* ---- what a reader sees of an HTML part --------------------------------- */

static const struct {
	const char *entity;
	char c;
} entities[] = {
	{ "&amp;", '&' },
	{ "&lt;", '<' },
	{ "&gt;", '>' },
	{ "&quot;", '"' },
	{ "&#39;", '\'' },
};

/* The body's text: a tag is a space, entities are read. */
static const char *
strip(struct ouv_arena *arena, const char *html)
{
	const char *p = strstr(html, "<body");
	struct ouv_buf out;

	assert_non_null(p);
	ouv_buf_init(&out, arena, 4096);
	while (*p != '\0') {
		char c = *p;
		size_t len = 1;

		if (c == '<') {
			len = strcspn(p, ">") + 1;
			c = ' ';
		}
		for (size_t i = 0; c == '&' && i < COUNT(entities); i++) {
			size_t n = strlen(entities[i].entity);

			if (strncmp(p, entities[i].entity, n) != 0)
				continue;
			len = n;
			c = entities[i].c;
			break;
		}
		ouv_buf_char(&out, c);
		p += len;
	}
	return out.data;
}

static size_t
next_word(const char **p)
{
	*p += strspn(*p, " \t\r\n");
	return strcspn(*p, " \t\r\n");
}

static void
check_same_words(const struct letter *l)
{
	const char *a = l->text;
	const char *b = strip(l->arena, l->html);
	unsigned words = 0;

	for (;;) {
		size_t a_len = next_word(&a);
		size_t b_len = next_word(&b);

		if (a_len != b_len || memcmp(a, b, a_len) != 0)
			fail_msg("%s word %u: [%.*s] and [%.*s]", l->what,
				words, (int)a_len, a, (int)b_len, b);
		if (a_len == 0)
			break;
		a += a_len;
		b += b_len;
		words++;
	}
	assert_true(words > 20);
}

static void
text_and_html_say_the_same(void **state)
{
	(void)state;
	for_each_letter(check_same_words);
}

static void
check_greeting_and_thanks(const struct letter *l)
{
	const char *end = l->text + strlen(l->text) / 2;
	int greets = 0;
	int thanks = 0;

	for (size_t i = 0; i < 4; i++) {
		const char *greeting = l->locale->greetings[i];
		const char *thank = l->locale->thanks[i];

		greets += greeting != NULL &&
			  strncmp(l->text, greeting, strlen(greeting)) == 0;
		thanks += thank != NULL && strstr(end, thank) != NULL;
	}
	if (!greets || !thanks)
		fail_msg("%s: no greeting, or no thanks", l->what);
}

static void
every_letter_greets_and_thanks(void **state)
{
	(void)state;
	for_each_letter(check_greeting_and_thanks);
}

static void
check_colours(const struct letter *l)
{
	for (const char *p = strstr(l->html, "color:"); p != NULL;
		p = strstr(p + 1, "color:")) {
		const char *value = p + strlen("color:");
		int known = 0;

		value += strspn(value, " ");
		for (size_t i = 0; i < COUNT(allowed_colours); i++)
			known += strncmp(value, allowed_colours[i], 7) == 0;
		if (!known)
			fail_msg("%s: colour %.7s", l->what, value);
	}
}

static void
check_looks(const struct letter *l)
{
	char *lang = ouv_arena_printf(
		l->arena, "<html lang=\"%s\">", l->locale->name);

	if (strncmp(l->html, "<!DOCTYPE html>\n", 16) != 0 ||
		strstr(l->html, lang) == NULL ||
		strstr(l->html, "</html>\n") == NULL)
		fail_msg("%s: not a whole document with %s", l->what, lang);
	if (strstr(l->html, "font-family: Arial, sans-serif; font-size: 10pt; "
			    "color: #000000") == NULL)
		fail_msg("%s: not in black Arial 10", l->what);
	for (size_t i = 0; i < COUNT(forbidden_markup); i++) {
		if (strcasestr(l->html, forbidden_markup[i]) != NULL)
			fail_msg("%s: %s", l->what, forbidden_markup[i]);
	}
	check_colours(l);
}

static void
the_html_is_plain_black_or_blue_arial(void **state)
{
	(void)state;
	for_each_letter(check_looks);
}

static void
check_no_prompt(const struct letter *l)
{
	/* What writers leave in parentheses to be filled in, and forget. */
	if (strpbrk(l->text, "(){}<>") != NULL &&
		strstr(l->what, "letter.") == NULL)
		fail_msg("%s: parentheses in [%s]", l->what, l->text);
	if (strpbrk(l->subject, "(){}") != NULL)
		fail_msg("%s: parentheses in [%s]", l->what, l->subject);
	if (strstr(l->text, "\n\n\n") != NULL)
		fail_msg("%s: a gap of several lines", l->what);
}

static void
no_prompt_and_no_gap_is_left(void **state)
{
	(void)state;
	for_each_letter(check_no_prompt);
}

static void
check_no_defence(const struct letter *l)
{
	if (strncmp(l->what, "ack.", 4) != 0)
		return;
	for (size_t i = 0; i < COUNT(defences); i++) {
		if (strcasestr(l->text, defences[i]) != NULL)
			fail_msg("%s: %s", l->what, defences[i]);
	}
}

static void
an_acknowledgement_does_not_defend_anybody(void **state)
{
	(void)state;
	for_each_letter(check_no_defence);
}

static void
check_case_number(const struct letter *l)
{
	if (strstr(l->subject, l->protocol) == NULL ||
		strstr(l->text, l->protocol) == NULL)
		fail_msg("%s: no case number", l->what);
}

static void
every_letter_names_the_case(void **state)
{
	(void)state;
	for_each_letter(check_case_number);
}

static void
a_line_break_in_a_subject_stops_the_letter(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	char path[512];
	struct ouv_str out;
	json_t *data;

	(void)state;
	(void)snprintf(
		path, sizeof(path), "%s/mail/letter.example.json", folder());
	data = json_load_file(path, 0, NULL);
	assert_non_null(data);
	json_object_set_new(
		data, "subject", json_string("x\r\nBcc: all@example.org"));
	for (size_t i = 0; i < COUNT(locales); i++)
		assert_int_equal(
			ouv_tmpl_render(arena, set,
				ouv_arena_printf(arena, "letter.%s.txt",
					locales[i].name),
				data, &out, NULL),
			OUV_INVALID);
	json_decref(data);
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_html_say_the_same),
		cmocka_unit_test(every_letter_greets_and_thanks),
		cmocka_unit_test(the_html_is_plain_black_or_blue_arial),
		cmocka_unit_test(no_prompt_and_no_gap_is_left),
		cmocka_unit_test(an_acknowledgement_does_not_defend_anybody),
		cmocka_unit_test(every_letter_names_the_case),
		cmocka_unit_test(a_line_break_in_a_subject_stops_the_letter),
	};

	return cmocka_run_group_tests_name(
		"letters", tests, load_letters, free_letters);
}
