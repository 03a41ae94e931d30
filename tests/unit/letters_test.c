/*
 * letters_test.c - every text of the office, in every language
 *
 * Whatever has a declaration below templates/ is rendered with its example,
 * with each optional value left out and each flag turned, laid out as a mail
 * and read as its reader reads it: both parts say the same, it greets and
 * thanks, and the lint finds nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ouv/lint.h"
#include "ouv/text.h"
#include "ouv/tmpl.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* clang-format off */
static const struct locale {
	const char *greetings[4]; /* one of them begins the body     */
	const char *thanks[5];    /* one of them stands near its end */
} locales[OUV_LANG__COUNT] = {
	[OUV_LANG_PT_BR] = { { "Olá", "Bom dia" }, { "gradece", "Obrigad", "gradecimento" } },
	[OUV_LANG_EN] = { { "Dear ", "Hello" }, { "Thank you", "thanks" } },
	[OUV_LANG_IT] = { { "Gentile ", "Buongiorno" }, { "ringrazia", "Grazie" } },
};

/* Words that argue or blame; what goes out by itself must not hold them. */
static const char *const defences[] = {
	"infelizmente", "unfortunately", "purtroppo", "lamentamos",
	"nossa política", "our policy", "no entanto", "however", "tuttavia",
};

/* Of these one is true and the others are not. */
static const char *const one_of[] = {
	"is_vacation", "is_holiday", "is_business_trip", "is_training",
	"is_external_meeting",
	NULL,
	"is_ombudsman", "is_reader", "is_mediator", "is_intake",
};

/* A value that a flag promises: without it the flag is false. */
static const struct {
	const char *var, *flag;
} promised[] = {
	{ "first_day", "is_away" }, { "last_day", "is_away" },
	{ "back_day", "is_away" }, { "urgent_name", "is_away" },
	{ "opens_at", "closed_now" },
};
/* clang-format on */

static struct ouv_tmpl_set *set;
static struct ouv_text_book *book;
static struct ouv_lint_set *rules;

static int
load(void **state)
{
	struct ouv_tmpl_error error = { "", 0, "" };
	struct ouv_text_error wrong = { "", "", "" };
	struct ouv_lint_error broken = { "", "" };

	(void)state;
	if (ouv_tmpl_load("templates", &set, &error) != OUV_OK)
		print_error(
			"%s:%d: %s\n", error.template, error.line, error.what);
	else if (ouv_text_read("templates", &book, &wrong) != OUV_OK)
		print_error("%s: %s %s\n", wrong.text, wrong.var, wrong.what);
	else if (ouv_lint_load("lint/rules.json", &rules, &broken) != OUV_OK)
		print_error("%s: %s\n", broken.rule, broken.what);
	else
		return 0;
	return -1;
}

static int
unload(void **state)
{
	(void)state;
	ouv_lint_free(&rules);
	ouv_text_free(&book);
	ouv_tmpl_free(&set);
	return 0;
}

/* ---- every text with every shape of its data -------------------------------
 */

/* One text with one set of data, in one language. */
struct letter {
	struct ouv_arena *arena;
	const struct ouv_text_decl *decl;
	enum ouv_lang lang;
	const char *what;   /* for messages */
	const json_t *data; /* as given */
	struct ouv_str rendered;
	struct ouv_text_letter laid; /* of a piece only plain */
	bool odd;                    /* the office's values are extreme */
};

typedef void check_fn(const struct letter *letter);

static void
run_one(const struct ouv_text_decl *decl, enum ouv_lang lang,
	const json_t *data, const char *what, bool odd, check_fn *check)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_tmpl_error error = { "", 0, "" };
	struct ouv_text_error wrong = { "", "", "" };
	struct letter letter = { .arena = arena,
		.decl = decl,
		.lang = lang,
		.data = data,
		.odd = odd };
	struct ouv_text_part part = { .lang = lang };
	json_t *values = NULL;

	letter.what = ouv_arena_printf(
		arena, "%s.%s, %s", decl->name, ouv_lang_tag(lang), what);
	if (ouv_text_values(decl, data, lang, &values, &wrong) != OUV_OK)
		fail_msg("%s: %s %s", letter.what, wrong.var, wrong.what);
	if (ouv_tmpl_render(arena, set,
		    ouv_arena_printf(
			    arena, "%s.%s.txt", decl->name, ouv_lang_tag(lang)),
		    values, &letter.rendered, &error) != OUV_OK)
		fail_msg("%s:%d: %s", error.template, error.line, error.what);
	json_decref(values);
	part.text = letter.rendered;
	if (decl->kind == OUV_TEXT_PIECE)
		letter.laid.plain = letter.rendered.p;
	else if (ouv_text_layout(arena, &part, 1, false, &letter.laid) !=
		 OUV_OK)
		fail_msg("%s: no subject, or no words", letter.what);
	check(&letter);
	ouv_arena_free(&arena);
}

static void
turn_off(json_t *data, const char *flag)
{
	if (json_object_get(data, flag) != NULL)
		json_object_set_new(data, flag, json_false());
}

/* One true among its like, if it is one of those; else just the other way. */
static void
turn(json_t *data, const char *flag)
{
	bool on = !json_is_true(json_object_get(data, flag));
	size_t at = 0, from;

	while (at < COUNT(one_of) &&
		(one_of[at] == NULL || strcmp(one_of[at], flag) != 0))
		at++;
	for (from = at;
		at < COUNT(one_of) && from > 0 && one_of[from - 1] != NULL;
		from--)
		continue;
	for (; at < COUNT(one_of) && from < COUNT(one_of) &&
		one_of[from] != NULL;
		from++)
		turn_off(data, one_of[from]);
	on |= at < COUNT(one_of);
	json_object_set_new(data, flag, json_boolean(on));
}

static void
leave_out(json_t *data, const char *var)
{
	json_object_del(data, var);
	for (size_t i = 0; i < COUNT(promised); i++)
		if (strcmp(promised[i].var, var) == 0)
			turn_off(data, promised[i].flag);
}

/* Each optional value left out, alone and all together; each flag turned. */
static void
each_variation(const struct ouv_text_decl *decl, enum ouv_lang lang,
	const json_t *base, check_fn *check)
{
	json_t *bare = json_deep_copy(base);

	run_one(decl, lang, base, "as it is", false, check);
	for (size_t i = 0; i < decl->var_count; i++) {
		const struct ouv_text_var *var = &decl->vars[i];
		json_t *data = json_deep_copy(base);

		if (var->optional) {
			leave_out(data, var->name);
			leave_out(bare, var->name);
		}
		if (var->type == OUV_TEXT_FLAG)
			turn(data, var->name);
		if (!json_equal(data, (json_t *)base))
			run_one(decl, lang, data, var->name, false, check);
		json_decref(data);
	}
	run_one(decl, lang, bare, "without anything optional", false, check);
	json_decref(bare);
}

/* Of the office: as much as anybody may write into the configuration. */
static void
extreme_office(
	const struct ouv_text_decl *decl, enum ouv_lang lang, check_fn *check)
{
	json_t *data = ouv_text_example(decl);
	char words[400], url[300] = "https://ouvidoria.example/";

	for (size_t i = 0; i + 8 < sizeof(words); i += 8)
		memcpy(words + i, "Ouvidor ", 9);
	memset(url + strlen(url), 'a', sizeof(url) - 27);
	url[sizeof(url) - 1] = '\0';
	json_object_set_new(data, "office_name", json_string(words));
	json_object_set_new(data, "office_address",
		json_string("Rua (sem nome), 100 - sala [3] <fundos> & \"B\""));
	json_object_set_new(data, "office_phone",
		json_string("0800 55 0100 (das 9h às 17h), ramal 3"));
	json_object_set_new(data, "office_site_url", json_string(url));
	run_one(decl, lang, data, "extreme office", true, check);
	json_decref(data);
}

static void
for_each_text(check_fn *check)
{
	size_t count;
	const struct ouv_text_decl *list = ouv_text_list(book, &count);

	assert_true(count >= 2);
	for (size_t i = 0; i < count * OUV_LANG__COUNT; i++) {
		const struct ouv_text_decl *decl = &list[i / OUV_LANG__COUNT];
		enum ouv_lang lang = (enum ouv_lang)(i % OUV_LANG__COUNT);
		json_t *data = ouv_text_example(decl);

		each_variation(decl, lang, data, check);
		if (json_object_get(data, "is_away") != NULL) {
			turn(data, "is_away");
			turn(data, "is_vacation");
			turn_off(data, "closed_now");
			each_variation(decl, lang, data, check);
		}
		json_decref(data);
		extreme_office(decl, lang, check);
	}
}

static bool
is_letter(const struct letter *l)
{
	return l->decl->kind != OUV_TEXT_PIECE;
}

/* ---- both parts say the same ----------------------------------------------
 */

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

/* The body's text: an item begins with "-", another tag is a space or, inside
 * of a line, nothing; entities are read. */
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
			bool within = strncmp(p, "<a ", 3) == 0 ||
				      strncmp(p, "</a>", 4) == 0 ||
				      strstr(p, "strong>") == p + 1 ||
				      strstr(p, "/strong>") == p + 1;

			if (strncmp(p, "<li>", 4) == 0)
				ouv_buf_text(&out, "- ");
			len = strcspn(p, ">") + 1;
			p += len;
			if (!within)
				ouv_buf_char(&out, ' ');
			continue;
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
same_words(const char *what, const char *a, const char *b)
{
	unsigned words = 0;

	for (;;) {
		size_t a_len = next_word(&a);
		size_t b_len = next_word(&b);

		if (a_len != b_len || memcmp(a, b, a_len) != 0)
			fail_msg("%s word %u: [%.*s] and [%.*s]", what, words,
				(int)a_len, a, (int)b_len, b);
		if (a_len == 0)
			break;
		a += a_len;
		b += b_len;
		words++;
	}
	assert_true(words > 20);
}

static void
check_same_words(const struct letter *l)
{
	if (!is_letter(l))
		return;
	same_words(l->what, l->laid.text, strip(l->arena, l->laid.html));
	same_words(l->what, l->laid.plain, l->laid.text);
}

static void
text_and_html_say_the_same(void **state)
{
	(void)state;
	for_each_text(check_same_words);
}

/* ---- what it says -----------------------------------------------------------
 */

static void
check_greeting_and_thanks(const struct letter *l)
{
	const char *plain = l->laid.plain;
	const char *end = plain + (l->odd ? 0 : strlen(plain) / 2);
	int greets = 0;
	int thanks = 0;

	if (!is_letter(l))
		return;
	for (size_t i = 0; i < COUNT(locales[0].greetings); i++) {
		const char *greeting = locales[l->lang].greetings[i];

		greets += greeting != NULL &&
			  strncmp(plain, greeting, strlen(greeting)) == 0;
	}
	for (size_t i = 0; i < COUNT(locales[0].thanks); i++) {
		const char *thank = locales[l->lang].thanks[i];

		thanks += thank != NULL && strstr(end, thank) != NULL;
	}
	if (!greets || !thanks)
		fail_msg("%s: no greeting, or no thanks", l->what);
}

static void
every_letter_greets_and_thanks(void **state)
{
	(void)state;
	for_each_text(check_greeting_and_thanks);
}

/* What a blank leaves where a value was forgotten. */
static void
check_no_hole(const struct letter *l)
{
	static const char *const holes[] = { "  ", " .", " ,", " :", "()",
		": .", ",,", "..", "{", "}" };
	const char *begun = strchr(l->rendered.p, '\n');

	for (size_t i = 0; i < COUNT(holes); i++) {
		const char *at = strstr(l->laid.plain, holes[i]);

		if (at != NULL && !l->odd)
			fail_msg("%s: [%s] in [%.60s]", l->what, holes[i], at);
	}
	if (is_letter(l) && (begun == NULL || begun[1] != '\n'))
		fail_msg("%s: no empty line after the subject", l->what);
	if (strstr(l->rendered.p, "\n\n\n") != NULL)
		fail_msg("%s: a gap of several lines", l->what);
	if (strstr(l->laid.plain, "\n\n\n") != NULL)
		fail_msg("%s: a gap of several lines", l->what);
}

static void
no_value_leaves_a_hole(void **state)
{
	(void)state;
	for_each_text(check_no_hole);
}

static void
check_no_defence(const struct letter *l)
{
	if (!l->decl->automatic)
		return;
	for (size_t i = 0; i < COUNT(defences); i++) {
		if (strcasestr(l->laid.plain, defences[i]) != NULL)
			fail_msg("%s: %s", l->what, defences[i]);
	}
}

static void
what_goes_out_by_itself_does_not_defend_anybody(void **state)
{
	(void)state;
	for_each_text(check_no_defence);
}

static void
check_case_number(const struct letter *l)
{
	const char *protocol =
		json_string_value(json_object_get(l->data, "protocol"));

	if (!is_letter(l))
		return;
	if (protocol == NULL)
		fail_msg("%s: no protocol among the variables", l->what);
	else if (strstr(l->laid.plain, protocol) == NULL ||
		 strstr(l->laid.subject, protocol) == NULL)
		fail_msg("%s: no case number", l->what);
}

static void
every_letter_names_the_case(void **state)
{
	(void)state;
	for_each_text(check_case_number);
}

/* ---- the lint ---------------------------------------------------------------
 */

static void
check_lint(const struct letter *l)
{
	const char *own[64];
	struct ouv_lint_text text = { .lang = l->lang,
		.kind = (enum ouv_lint_kind)l->decl->kind,
		.subject = l->laid.subject,
		.body = l->laid.plain,
		.html = l->laid.html,
		.protocol =
			json_string_value(json_object_get(l->data, "protocol")),
		.own = own,
		.blocks_only = l->odd };
	struct ouv_finding *findings;
	size_t count;

	for (size_t i = 0; i < l->decl->var_count && i < 64; i++) {
		const char *value = json_string_value(
			json_object_get(l->data, l->decl->vars[i].name));

		if (l->decl->vars[i].own && value != NULL)
			own[text.own_count++] = value;
	}
	ouv_lint_run(l->arena, rules, &text, &findings, &count);
	for (size_t i = 0; i < count; i++)
		print_error("%s: %s at %d: [%s]\n", l->what,
			findings[i].rule->name, findings[i].line,
			findings[i].found);
	assert_int_equal(count, 0);
}

static void
the_lint_finds_nothing(void **state)
{
	(void)state;
	for_each_text(check_lint);
}

/* The test above would find it. */
static void
an_open_blank_is_found(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_lint_text text = { .lang = OUV_LANG_EN,
		.kind = OUV_LINT_ABSENCE,
		.subject = "Away",
		.body = "Hello,\n\nI will be back on (month/day).\n\nThank "
			"you.\n",
		.blocks_only = true };
	struct ouv_finding *findings;
	size_t count;

	(void)state;
	ouv_lint_run(arena, rules, &text, &findings, &count);
	assert_int_equal(count, 1);
	assert_string_equal(findings[0].rule->name, "open-blank");
	ouv_arena_free(&arena);
}

/* ---- the three languages ----------------------------------------------------
 */

#define NAMES_MOST 200

struct names {
	char *list[NAMES_MOST];
	size_t count;
};

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in the tags of a template, each once, has_ taken off. */
static struct names
names_of(struct ouv_arena *arena, const char *path)
{
	struct names names = { .count = 0 };
	char text[20000];
	FILE *file = fopen(path, "r");
	size_t len;

	if (file == NULL)
		fail_msg("%s is not there", path);
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	assert_int_equal(fclose(file), 0);
	for (const char *p = text; (p = strstr(p, "{{")) != NULL;) {
		const char *name = p + 2 + strspn(p + 2, "#^/& ");
		size_t n = strcspn(name, " }"), i = 0;
		char *copy;

		p = name;
		if (*name == '!')
			continue;
		if (strncmp(name, "has_", 4) == 0) {
			name += 4;
			n -= 4;
		}
		copy = ouv_arena_strndup(arena, name, n);
		while (i < names.count && strcmp(names.list[i], copy) != 0)
			i++;
		assert_true(names.count < NAMES_MOST);
		if (i == names.count)
			names.list[names.count++] = copy;
	}
	qsort(names.list, names.count, sizeof(names.list[0]), by_name);
	return names;
}

static bool
holds(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->list[i], name) == 0)
			return true;
	return false;
}

/* Whatever is declared is said, and said in all the languages. */
static void
every_language_uses_the_same_variables(void **state)
{
	size_t count;
	const struct ouv_text_decl *list = ouv_text_list(book, &count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct names names[OUV_LANG__COUNT];

		for (int l = 0; l < OUV_LANG__COUNT; l++)
			names[l] = names_of(arena,
				ouv_arena_printf(arena, "templates/%s.%s.txt",
					list[i].name,
					ouv_lang_tag((enum ouv_lang)l)));
		for (int l = 1; l < OUV_LANG__COUNT; l++) {
			for (size_t n = 0; n < names[0].count; n++)
				if (!holds(&names[l], names[0].list[n]))
					fail_msg("%s: no %s in %s",
						list[i].name, names[0].list[n],
						ouv_lang_tag((enum ouv_lang)l));
			if (names[l].count != names[0].count)
				fail_msg("%s: %s says more", list[i].name,
					ouv_lang_tag((enum ouv_lang)l));
		}
		for (size_t v = 0; v < list[i].own_count; v++)
			if (!holds(&names[0], list[i].vars[v].name))
				fail_msg("%s: nobody says %s", list[i].name,
					list[i].vars[v].name);
		ouv_arena_free(&arena);
	}
}

static void
a_line_break_in_a_subject_stops_the_letter(void **state)
{
	const struct ouv_text_decl *decl = ouv_text_find(book, "mail/letter");
	struct ouv_text_error error = { "", "", "" };
	json_t *data = ouv_text_example(decl), *values = NULL;

	(void)state;
	json_object_set_new(
		data, "subject", json_string("x\r\nBcc: all@example.org"));
	for (int l = 0; l < OUV_LANG__COUNT; l++) {
		assert_int_equal(ouv_text_values(decl, data, (enum ouv_lang)l,
					 &values, &error),
			OUV_INVALID);
		assert_string_equal(error.var, "subject");
	}
	json_decref(data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_html_say_the_same),
		cmocka_unit_test(every_letter_greets_and_thanks),
		cmocka_unit_test(no_value_leaves_a_hole),
		cmocka_unit_test(
			what_goes_out_by_itself_does_not_defend_anybody),
		cmocka_unit_test(every_letter_names_the_case),
		cmocka_unit_test(the_lint_finds_nothing),
		cmocka_unit_test(an_open_blank_is_found),
		cmocka_unit_test(every_language_uses_the_same_variables),
		cmocka_unit_test(a_line_break_in_a_subject_stops_the_letter),
	};

	(void)setenv("TZ", "America/Sao_Paulo", 1);
	return cmocka_run_group_tests_name("letters", tests, load, unload);
}
