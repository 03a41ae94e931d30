/*
 * text_test.c - declarations, typed values, and a text as both parts of a mail
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "ouv/text.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- declarations ---------------------------------------------------------
 */

#define SAYS "\"says\":{\"pt-BR\":\"a\",\"en\":\"b\",\"it\":\"c\"}"
#define TITLE "\"title\":{\"pt-BR\":\"a\",\"en\":\"b\",\"it\":\"c\"}"
#define VAR(type, example) \
	"{\"type\":\"" type "\",\"example\":" example "," SAYS "}"
#define LETTER(vars) "{\"kind\":\"letter\"," TITLE ",\"variables\":{" vars "}}"

struct folder {
	char path[64];
};

static void
put(const struct folder *folder, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder->path, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static struct folder
make_folder(void)
{
	struct folder folder = { "/tmp/text_test.XXXXXX" };
	char path[80];

	assert_non_null(mkdtemp(folder.path));
	(void)snprintf(path, sizeof(path), "%s/mail", folder.path);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/piece", folder.path);
	assert_int_equal(mkdir(path, 0700), 0);
	return folder;
}

static void
drop_folder(const struct folder *folder)
{
	static const char *const names[] = { "mail/x.json", "piece/x.json",
		"office.json", "mail", "piece", "." };
	char path[128];

	for (size_t i = 0; i < COUNT(names); i++) {
		(void)snprintf(
			path, sizeof(path), "%s/%s", folder->path, names[i]);
		(void)remove(path);
	}
	(void)rmdir(folder->path);
}

/* clang-format off */
static const struct {
	const char *file, *json, *var, *what;
} slips[] = {
	{ "mail/x.json", "{", "", "line 1" },
	{ "mail/x.json", "[]", "", "is no object" },
	{ "mail/x.json", "{\"kind\":\"letter\"," TITLE "}", "", "variables is no object" },
	{ "mail/x.json", "{\"kind\":\"letter\"," TITLE ",\"variables\":{},\"more\":1}", "", "unknown key more" },
	{ "mail/x.json", "{\"kind\":\"note\"," TITLE ",\"variables\":{}}", "", "kind is" },
	{ "mail/x.json", "{" TITLE ",\"variables\":{}}", "", "kind is" },
	{ "mail/x.json", "{\"kind\":\"piece\"," TITLE ",\"group\":\"a\",\"variables\":{}}", "", "in piece/" },
	{ "piece/x.json", "{\"kind\":\"letter\"," TITLE ",\"variables\":{}}", "", "in piece/" },
	{ "piece/x.json", "{\"kind\":\"piece\"," TITLE ",\"variables\":{}}", "", "has a group" },
	{ "mail/x.json", "{\"kind\":\"letter\",\"group\":\"a\"," TITLE ",\"variables\":{}}", "", "has a group" },
	{ "mail/x.json", "{\"kind\":\"letter\",\"automatic\":1," TITLE ",\"variables\":{}}", "", "automatic is neither" },
	{ "mail/x.json", "{\"kind\":\"letter\",\"title\":{\"pt-BR\":\"a\",\"en\":\"b\"},\"variables\":{}}", "", "no words in it" },
	{ "mail/x.json", "{\"kind\":\"letter\",\"title\":{\"pt-BR\":\"a\",\"en\":\" \",\"it\":\"c\"},\"variables\":{}}", "", "no words in en" },
	{ "mail/x.json", "{\"kind\":\"letter\",\"title\":{\"pt-BR\":\"a\",\"en\":\"b\",\"it\":\"c\",\"de\":\"d\"},\"variables\":{}}", "", "unknown key de" },
	{ "mail/x.json", LETTER("\"a\":{\"type\":\"line\",\"example\":\"x\"}"), "a", "no words in pt-BR" },
	{ "mail/x.json", LETTER("\"a\":{\"example\":\"x\"," SAYS "}"), "a", "no type" },
	{ "mail/x.json", LETTER("\"a\":" VAR("word", "\"x\"")), "a", "no type" },
	{ "mail/x.json", LETTER("\"a\":{\"type\":\"line\"," SAYS "}"), "a", "the example is missing" },
	{ "mail/x.json", LETTER("\"a\":" VAR("line", "\" \"")), "a", "the example is empty" },
	{ "mail/x.json", LETTER("\"a\":{\"type\":\"line\",\"optional\":true,\"example\":\"\"," SAYS "}"), "a", "the example is empty" },
	{ "mail/x.json", LETTER("\"a\":" VAR("date", "\"3 March\"")), "a", "the example is no date" },
	{ "mail/x.json", LETTER("\"a\":{\"type\":\"line\",\"own\":\"yes\",\"example\":\"x\"," SAYS "}"), "a", "own is neither" },
	{ "mail/x.json", LETTER("\"a\":{\"type\":\"line\",\"example\":\"x\",\"size\":3," SAYS "}"), "a", "unknown key size" },
	{ "mail/x.json", LETTER("\"has_a\":" VAR("line", "\"x\"")), "has_a", "has_" },
	{ "mail/x.json", LETTER("\"A\":" VAR("line", "\"x\"")), "A", "small letters" },
	{ "mail/x.json", LETTER("\"a\":" VAR("list", "[]")), "a", "variables of its own" },
	{ "mail/x.json", LETTER("\"a\":{\"type\":\"line\",\"example\":\"x\",\"variables\":{}," SAYS "}"), "a", "variables of its own" },
	{ "mail/x.json", LETTER("\"a\":{\"type\":\"list\",\"example\":[],\"variables\":{}," SAYS "}"), "a", "the example is empty" },
	{ "mail/x.json", LETTER("\"a\":{\"type\":\"list\",\"example\":[{\"b\":\"x\"}],\"variables\":{\"b\":" VAR("number", "1") "}," SAYS "}"), "b", "no whole number" },
	{ "mail/x.json", LETTER("\"o\":" VAR("line", "\"x\"")), "o", "a variable of the office" },
};
/* clang-format on */

static void
every_slip_in_a_declaration_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(slips); i++) {
		struct folder folder = make_folder();
		struct ouv_text_book *book = NULL;
		struct ouv_text_error error = { 0 };

		put(&folder, "office.json",
			"{\"variables\":{\"o\":" VAR("line", "\"x\"") "}}");
		put(&folder, slips[i].file, slips[i].json);
		if (ouv_text_read(folder.path, &book, &error) != OUV_INVALID)
			fail_msg("%s is let through", slips[i].json);
		if (strncmp(error.text, slips[i].file, 4) != 0 ||
			strcmp(error.var, slips[i].var) != 0 ||
			strstr(error.what, slips[i].what) == NULL)
			fail_msg("%s: %s %s: %s", slips[i].json, error.text,
				error.var, error.what);
		assert_null(book);
		drop_folder(&folder);
	}
}

static void
a_declaration_is_read_as_it_stands(void **state)
{
	struct folder folder = make_folder();
	struct ouv_text_book *book = NULL;
	struct ouv_text_error error = { 0 };
	const struct ouv_text_decl *decl;
	size_t count = 0;

	(void)state;
	put(&folder, "office.json",
		"{\"variables\":{\"o\":" VAR("line", "\"x\"") "}}");
	put(&folder, "mail/x.json",
		"{\"kind\":\"absence\",\"automatic\":true," TITLE
		",\"variables\":{\"a\":{\"type\":\"date\",\"example\":1,"
		"\"optional\":true,\"own\":true," SAYS "}}}");
	put(&folder, "piece/x.json",
		"{\"kind\":\"piece\",\"group\":\"closing\"," TITLE
		",\"variables\":{}}");
	assert_int_equal(ouv_text_read(folder.path, &book, &error), OUV_OK);
	decl = ouv_text_list(book, &count);
	assert_int_equal(count, 2);
	assert_string_equal(decl[0].name, "mail/x");
	assert_string_equal(decl[1].name, "piece/x");
	decl = ouv_text_find(book, "mail/x");
	assert_non_null(decl);
	assert_int_equal(decl->kind, OUV_TEXT_ABSENCE);
	assert_true(decl->automatic);
	assert_string_equal(decl->title[OUV_LANG_IT], "c");
	assert_int_equal(decl->var_count, 2);
	assert_string_equal(decl->vars[0].name, "a");
	assert_int_equal(decl->vars[0].type, OUV_TEXT_DATE);
	assert_true(decl->vars[0].optional && decl->vars[0].own);
	assert_string_equal(decl->vars[0].says[OUV_LANG_EN], "b");
	assert_string_equal(decl->vars[1].name, "o");
	assert_false(decl->vars[1].optional || decl->vars[1].own);
	decl = ouv_text_find(book, "piece/x");
	assert_string_equal(decl->group, "closing");
	assert_false(decl->automatic);
	assert_null(ouv_text_find(book, "mail/y"));
	ouv_text_free(&book);
	assert_null(book);
	drop_folder(&folder);
}

static void
a_folder_that_is_not_there_is_not_found(void **state)
{
	struct ouv_text_book *book = NULL;
	struct ouv_text_error error = { 0 };

	(void)state;
	assert_int_equal(
		ouv_text_read("/nowhere/at/all", &book, &error), OUV_NOT_FOUND);
	assert_null(book);
}

/* ---- values ---------------------------------------------------------------
 */

/* clang-format off */
static const struct {
	enum ouv_text_type type;
	const char *good[6], *bad[10];
} values[] = {
	{ OUV_TEXT_LINE, { "\"Ana (Nina)\"", "\"ção\"", "\"{{x}}\"" },
		{ "\"a\\nb\"", "\"a\\rb\"", "\"a\\u0000b\"", "\"a\\u0085b\"", "\"a\\u2028b\"", "\"\\u001b[1m\"", "1", "true", "[\"a\"]", "\" \"" } },
	{ OUV_TEXT_LINES, { "\"a\\nb\"", "\"a\\r\\n\\tb\"" }, { "\"a\\u0000\"", "\"a\\u0007b\"", "7", "\"\\n \"" } },
	{ OUV_TEXT_DATE, { "0", "20000", "-719162", "2932896" }, { "\"2026-12-03\"", "1.5", "2932897", "-719163", "true", "\"\"" } },
	{ OUV_TEXT_MOMENT, { "0", "1741021500" }, { "\"now\"", "1741021500.5", "99999999999999", "false" } },
	{ OUV_TEXT_NUMBER, { "0", "-3", "15" }, { "\"15\"", "1.0", "[]" } },
	{ OUV_TEXT_PROTOCOL, { "\"2025-000123-3\"" }, { "\"2025-000123-4\"", "\"20250001233\"", "\"a\"", "20250001233" } },
	{ OUV_TEXT_EMAIL, { "\"a@b.example\"" }, { "\"a\"", "\"@b\"", "\"a@\"", "\"a@b@c\"", "\"a b@c\"", "\"<a@b>\"", "\"a@b\\n\"", "\"a@b,c\"" } },
	{ OUV_TEXT_PHONE, { "\"+55 (11) 5555-0100\"", "\"0.800\"" }, { "\"call me\"", "\"+5\"", "\"55\\n55\"", "551155550100" } },
	{ OUV_TEXT_URL, { "\"https://x.example/a\"", "\"http://x\"" }, { "\"x.example\"", "\"https://\"", "\"javascript:x\"", "\"https://a b\"", "\"https://a\\\"b\"" } },
	{ OUV_TEXT_FLAG, { "true", "false" }, { "1", "\"true\"", "\"\"" } },
	{ OUV_TEXT_LIST, { "[{}]" }, { "{}", "\"a\"", "[]", "[1]", "[{\"b\":1}]" } },
};
/* clang-format on */

static enum ouv_err
give(const struct ouv_text_decl *decl, const char *json, enum ouv_lang lang,
	json_t **values_out, struct ouv_text_error *error)
{
	json_t *data = json_loads(json, JSON_ALLOW_NUL, NULL);
	enum ouv_err err;

	if (data == NULL)
		fail_msg("%s is no JSON", json);
	err = ouv_text_values(decl, data, lang, values_out, error);
	json_decref(data);
	return err;
}

static void
a_value_is_of_its_type_or_refused(void **state)
{
	(void)state;
	assert_int_equal(COUNT(values), OUV_TEXT_TYPE__COUNT);
	for (size_t i = 0; i < COUNT(values); i++) {
		struct ouv_text_var var = { .name = "v",
			.type = values[i].type };
		struct ouv_text_decl decl = {
			.name = "mail/x", .var_count = 1, .vars = &var
		};
		struct ouv_text_error error = { 0 };
		char json[128];
		json_t *out = NULL;

		for (size_t n = 0; n < 6 && values[i].good[n] != NULL; n++) {
			(void)snprintf(json, sizeof(json), "{\"v\":%s}",
				values[i].good[n]);
			if (give(&decl, json, OUV_LANG_EN, &out, &error) !=
				OUV_OK)
				fail_msg("%s: %s %s",
					ouv_text_type_name(var.type), json,
					error.what);
			json_decref(out);
		}
		for (size_t n = 0; n < 10 && values[i].bad[n] != NULL; n++) {
			(void)snprintf(json, sizeof(json), "{\"v\":%s}",
				values[i].bad[n]);
			if (give(&decl, json, OUV_LANG_EN, &out, &error) !=
				OUV_INVALID)
				fail_msg("%s: %s is let through",
					ouv_text_type_name(var.type), json);
			assert_string_equal(error.text, "mail/x");
		}
	}
}

static void
what_may_be_missing_becomes_empty_and_says_so(void **state)
{
	static const char *const missing[] = { "{}", "{\"v\":null}",
		"{\"v\":\"\"}", "{\"v\":\" \\n\"}" };

	(void)state;
	for (int t = 0; t < OUV_TEXT_TYPE__COUNT; t++) {
		struct ouv_text_var var = { .name = "v",
			.type = (enum ouv_text_type)t,
			.optional = true };
		struct ouv_text_decl decl = {
			.name = "mail/x", .var_count = 1, .vars = &var
		};

		for (size_t i = 0; i < COUNT(missing); i++) {
			json_t *out = NULL, *v;

			assert_int_equal(give(&decl, missing[i], OUV_LANG_EN,
						 &out, NULL),
				OUV_OK);
			assert_int_equal(json_object_size(out), 2);
			assert_true(
				json_is_false(json_object_get(out, "has_v")));
			v = json_object_get(out, "v");
			if (t == OUV_TEXT_FLAG)
				assert_true(json_is_false(v));
			else if (t == OUV_TEXT_LIST)
				assert_int_equal(json_array_size(v), 0);
			else
				assert_string_equal(json_string_value(v), "");
			json_decref(out);
		}
		var.optional = false;
		for (size_t i = 0; i < COUNT(missing); i++) {
			struct ouv_text_error error = { 0 };
			json_t *out = NULL;

			assert_int_equal(give(&decl, missing[i], OUV_LANG_EN,
						 &out, &error),
				OUV_INVALID);
			assert_string_equal(error.var, "v");
		}
	}
}

static void
what_is_given_says_so_and_strangers_are_refused(void **state)
{
	struct ouv_text_var vars[] = {
		{ .name = "a", .type = OUV_TEXT_LINE, .optional = true },
		{ .name = "b", .type = OUV_TEXT_NUMBER }
	};
	struct ouv_text_decl decl = {
		.name = "mail/x", .var_count = 2, .vars = vars
	};
	struct ouv_text_error error = { 0 };
	json_t *out = NULL;

	(void)state;
	assert_int_equal(
		give(&decl, "{\"a\":\"x\",\"b\":0}", OUV_LANG_EN, &out, &error),
		OUV_OK);
	assert_int_equal(json_object_size(out), 3);
	assert_true(json_is_true(json_object_get(out, "has_a")));
	assert_string_equal(json_string_value(json_object_get(out, "a")), "x");
	assert_int_equal(json_integer_value(json_object_get(out, "b")), 0);
	json_decref(out);
	assert_int_equal(
		give(&decl, "{\"b\":1,\"c\":2}", OUV_LANG_EN, &out, &error),
		OUV_INVALID);
	assert_string_equal(error.var, "c");
	assert_int_equal(give(&decl, "{\"b\":1,\"has_a\":true}", OUV_LANG_EN,
				 &out, &error),
		OUV_INVALID);
	assert_string_equal(error.var, "has_a");
}

static void
the_entries_of_a_list_are_checked_by_its_own_variables(void **state)
{
	struct ouv_text_var inner[] = { { .name = "day",
						.type = OUV_TEXT_DATE },
		{ .name = "note", .type = OUV_TEXT_LINE, .optional = true } };
	struct ouv_text_var var = { .name = "list",
		.type = OUV_TEXT_LIST,
		.var_count = 2,
		.vars = inner };
	struct ouv_text_decl decl = {
		.name = "mail/x", .var_count = 1, .vars = &var
	};
	struct ouv_text_error error = { 0 };
	json_t *out = NULL, *entry;

	(void)state;
	assert_int_equal(give(&decl, "{\"list\":[{\"day\":0}]}", OUV_LANG_IT,
				 &out, &error),
		OUV_OK);
	entry = json_array_get(json_object_get(out, "list"), 0);
	assert_string_equal(json_string_value(json_object_get(entry, "day")),
		"1 gennaio 1970");
	assert_true(json_is_false(json_object_get(entry, "has_note")));
	json_decref(out);
	assert_int_equal(give(&decl, "{\"list\":[{\"day\":0},{}]}", OUV_LANG_IT,
				 &out, &error),
		OUV_INVALID);
	assert_string_equal(error.var, "day");
}

/* clang-format off */
static const struct {
	enum ouv_text_type type;
	int64_t value;
	const char *words[OUV_LANG__COUNT];
} days[] = {
	/* python3 -c "import datetime as d; print((d.date(2026,12,3)-d.date(1970,1,1)).days)" */
	{ OUV_TEXT_DATE, 20790, { "3 de dezembro de 2026", "December 3, 2026", "3 dicembre 2026" } },
	{ OUV_TEXT_DATE, 20150, { "3 de março de 2025", "March 3, 2025", "3 marzo 2025" } },
	{ OUV_TEXT_DATE, 19782, { "29 de fevereiro de 2024", "February 29, 2024", "29 febbraio 2024" } },
	{ OUV_TEXT_DATE, 0, { "1 de janeiro de 1970", "January 1, 1970", "1 gennaio 1970" } },
	/* 17:05 UTC is 14:05 in São Paulo; 01:30 UTC is the day before there */
	{ OUV_TEXT_MOMENT, 1741021500, { "3 de março de 2025 às 14:05", "March 3, 2025 at 2:05 PM", "3 marzo 2025 alle ore 14:05" } },
	{ OUV_TEXT_MOMENT, 1741051800, { "3 de março de 2025 às 22:30", "March 3, 2025 at 10:30 PM", "3 marzo 2025 alle ore 22:30" } },
};
/* clang-format on */

static void
dates_are_words_in_the_order_of_the_language(void **state)
{
	char out[OUV_TEXT_WHEN_MAX];

	(void)state;
	assert_string_equal(getenv("TZ"), "America/Sao_Paulo");
	for (size_t i = 0; i < COUNT(days); i++)
		for (int l = 0; l < OUV_LANG__COUNT; l++) {
			assert_true(ouv_text_when((enum ouv_lang)l,
				days[i].type, days[i].value, out));
			assert_string_equal(out, days[i].words[l]);
		}
}

/* ---- layout ---------------------------------------------------------------
 */

static struct ouv_text_letter
lay(struct ouv_arena *arena, const char *text)
{
	struct ouv_text_part part = { OUV_LANG_EN, { text, strlen(text) } };
	struct ouv_text_letter letter;

	if (ouv_text_layout(arena, &part, 1, false, &letter) != OUV_OK)
		fail_msg("[%s] is not laid out", text);
	return letter;
}

/* clang-format off */
/* What a text becomes as text/plain; $ stands for the blank at a line's end. */
static const struct {
	const char *body, *text;
} flows[] = {
	{ "Hello,\n\nshort.\n", "Hello,\n\nshort.\n" },
	{ "no end", "no end\n" },
	{ "\n\n\na\n\n\n\nb\n\n", "a\n\nb\n" },
	{ "  blanks around \t\r\n\tb \n", "blanks around\nb\n" },
	{ "# What now\nWords.\n# Then\n\nMore.\n", "What now\nWords.\n\nThen\n\nMore.\n" },
	{ "- one\n- two\n", "- one\n- two\n" },
	{ "#no heading\n-no item\n", "#no heading\n-no item\n" },
	/* exactly 72 columns, and 73 */
	{ "123456789 123456789 123456789 123456789 123456789 123456789 123456789 12\n",
	  "123456789 123456789 123456789 123456789 123456789 123456789 123456789 12\n" },
	{ "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhh\n",
	  "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg$\nhhh\n" },
	/* columns are characters, not bytes */
	{ "ççççççççç ççççççççç ççççççççç ççççççççç ççççççççç ççççççççç ççççççççç çç\n",
	  "ççççççççç ççççççççç ççççççççç ççççççççç ççççççççç ççççççççç ççççççççç çç\n" },
	/* an address is one piece, however long */
	{ "Our site is at this address, which is a rather long one to write down: https://ouvidoria.example/a/very/long/path/that/does/not/fit/on/any/line/of/seventy/two/columns?at=all for you\n",
	  "Our site is at this address, which is a rather long one to write down:$\nhttps://ouvidoria.example/a/very/long/path/that/does/not/fit/on/any/line/of/seventy/two/columns?at=all$\nfor you\n" },
	/* so is a phone number */
	{ "If anything is unclear, then please call us: the number is +55 (11) 5555-0100.\n",
	  "If anything is unclear, then please call us: the number is$\n+55 (11) 5555-0100.\n" },
	/* unless there is nothing else to break at */
	{ "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890\n",
	  "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890$\n1234567890\n" },
	/* several blanks stay together at the end */
	{ "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff gggggggg   hhhhhhh\n",
	  "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff gggggggg  $\nhhhhhhh\n" },
	/* stuffed: quote, mailbox line; also where a line was broken */
	{ "> no quote\nFrom here on\n>\n", " > no quote\n From here on\n >\n" },
	{ "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg > hhh\n",
	  "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg >$\nhhh\n" },
	{ "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggggg From hhh\n",
	  "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggggg$\n From hhh\n" },
	/* a signature's separator is left as it is, and none is made */
	{ "a\n-- \nAna\n", "a\n--$\nAna\n" },
	{ "-- https://ouvidoria.example/a/very/long/path/that/does/not/fit/on/any/line/of/seventy/two/columns\n",
	  "-- https://ouvidoria.example/a/very/long/path/that/does/not/fit/on/any/line/of/seventy/two/columns\n" },
};
/* clang-format on */

static void
a_line_flows_over_lines_of_72_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(flows); i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct ouv_text_letter letter =
			lay(arena, ouv_arena_printf(arena, "Subject: s\n\n%s",
					   flows[i].body));
		char *want = ouv_arena_strdup(arena, flows[i].text);

		for (char *p = want; (p = strchr(p, '$')) != NULL;)
			*p = ' ';
		assert_string_equal(letter.text, want);
		ouv_arena_free(&arena);
	}
}

/* RFC 3676 4: what a reading program puts together again. */
static char *
unflow(struct ouv_arena *arena, const char *text)
{
	struct ouv_buf out;

	ouv_buf_init(&out, arena, strlen(text));
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		bool separator = len == 3 && memcmp(text, "-- ", 3) == 0;
		bool soft = !separator && len > 0 && text[len - 1] == ' ';
		size_t stuffed = *text == ' ';

		ouv_buf_add(&out, text + stuffed, len - stuffed);
		if (!soft)
			ouv_buf_char(&out, '\n');
		text += len + (text[len] == '\n');
	}
	return out.data;
}

static unsigned
next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16 & 0x7fff;
}

static void
check_flow(const char *text, const char *plain)
{
	for (const char *p = text; *p != '\0';) {
		size_t len = strcspn(p, "\n"), columns = 0, end;

		for (size_t i = 0; i < len; i++)
			columns += ((unsigned char)p[i] & 0xC0) != 0x80;
		/* one column for the stuffing; longer only in one piece, with
		 * the blanks behind it */
		end = len;
		while (end > 0 && p[end - 1] == ' ')
			end--;
		if (columns > 73 && memchr(p + 3, ' ', end - 3) != NULL)
			fail_msg("a line of %zu columns: [%.*s]", columns,
				(int)len, p);
		if (*p == '>' || strncmp(p, "From ", 5) == 0)
			fail_msg("not stuffed: [%.*s]", (int)len, p);
		if (len == 3 && memcmp(p, "-- ", 3) == 0 &&
			strstr(plain, "-- \n") == NULL)
			fail_msg("a separator was made of [%s]", plain);
		p += len + (p[len] == '\n');
	}
}

static void
whatever_flows_can_be_put_together_again(void **state)
{
	static const char *const pieces[] = { "a", "palavra", "ação", " ", "  ",
		"--", "- ", "# ", ">", "From", "\n", "\n\n", "-- \n",
		"https://x.example/abcdefghijklmnopqrstuvwxyz",
		"extraordinariamente", ",", "?", "\t", "não" };
	unsigned seed = 20261203;

	(void)state;
	for (int round = 0; round < 4000; round++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct ouv_text_letter letter;
		struct ouv_buf text;

		ouv_buf_init(&text, arena, 1024);
		ouv_buf_text(&text, "Subject: s\n\nx\n");
		for (unsigned n = next(&seed) % 120; n > 0; n--) {
			ouv_buf_text(
				&text, pieces[next(&seed) % COUNT(pieces)]);
			if (next(&seed) % 2)
				ouv_buf_char(&text, ' ');
		}
		letter = lay(arena, text.data);
		assert_string_equal(unflow(arena, letter.text), letter.plain);
		check_flow(letter.text, letter.plain);
		ouv_arena_free(&arena);
	}
}

/* clang-format off */
/* What stands between the block's opening and its end. */
static const struct {
	const char *body, *html;
} pages[] = {
	{ "Hello,\n\nOne.\nTwo.\n", "<p>Hello,</p>\n<p>One.<br>\nTwo.</p>\n" },
	{ "# What now\nWords.\n", "<p><strong>What now</strong><br>\nWords.</p>\n" },
	{ "Choose:\n- one\n- two\nThen tell us.\n",
	  "<p>Choose:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<p>Then tell us.</p>\n" },
	{ "- one\n\n- two\n", "<ul>\n<li>one</li>\n</ul>\n<ul>\n<li>two</li>\n</ul>\n" },
	{ "a < b & c > \"d\" 'e'\n", "<p>a &lt; b &amp; c &gt; &quot;d&quot; &#39;e&#39;</p>\n" },
	{ "<script>x</script>\n", "<p>&lt;script&gt;x&lt;/script&gt;</p>\n" },
	{ "See https://x.example/a?b=1&c=2.\n",
	  "<p>See <a href=\"https://x.example/a?b=1&amp;c=2\" style=\"color: #0000EE\">https://x.example/a?b=1&amp;c=2</a>.</p>\n" },
	{ "(http://x.example)\n",
	  "<p>(<a href=\"http://x.example\" style=\"color: #0000EE\">http://x.example</a>)</p>\n" },
	{ "https://x.example/(a)\n",
	  "<p><a href=\"https://x.example/(a)\" style=\"color: #0000EE\">https://x.example/(a)</a></p>\n" },
	{ "https://x.example/\"onclick=\"y\n",
	  "<p><a href=\"https://x.example/\" style=\"color: #0000EE\">https://x.example/</a>&quot;onclick=&quot;y</p>\n" },
	{ "https:// javascript:x ftp://x\n", "<p>https:// javascript:x ftp://x</p>\n" },
};
/* clang-format on */

static void
the_same_lines_are_a_page_of_paragraphs_lists_and_links(void **state)
{
	static const char head[] =
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		"<meta charset=\"utf-8\">\n<title>s &amp; t</title>\n</head>\n"
		"<body>\n<div lang=\"en\" style=\"font-family: Arial, "
		"sans-serif; font-size: 10pt; color: #000000; max-width: "
		"40em\">\n";
	static const char tail[] = "</div>\n</body>\n</html>\n";

	(void)state;
	for (size_t i = 0; i < COUNT(pages); i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct ouv_text_letter letter = lay(
			arena, ouv_arena_printf(arena, "Subject: s & t\n\n%s",
				       pages[i].body));

		assert_string_equal(
			letter.html, ouv_arena_printf(arena, "%s%s%s", head,
					     pages[i].html, tail));
		assert_string_equal(letter.subject, "s & t");
		ouv_arena_free(&arena);
	}
}

static void
two_languages_are_one_mail(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_text_part parts[] = {
		{ OUV_LANG_EN, { "Subject: Away\n\nHello.\n", 22 } },
		{ OUV_LANG_PT_BR, { "Subject: Ausência\n\nOlá.\n", 26 } },
	};
	struct ouv_text_letter letter;

	(void)state;
	assert_int_equal(
		ouv_text_layout(arena, parts, 2, true, &letter), OUV_OK);
	assert_string_equal(letter.subject, "Away / Ausência");
	assert_string_equal(letter.text, "Hello.\n\n* * *\n\nOlá.\n");
	assert_string_equal(letter.plain, letter.text);
	assert_non_null(strstr(letter.html,
		"<p>Hello.</p>\n</div>\n<div lang=\"pt-BR\" style=\""
		"font-family: Arial, sans-serif; font-size: 10pt; color: "
		"#003399; max-width: 40em\">\n<hr>\n<p>Olá.</p>\n</div>\n"));
	assert_non_null(strstr(letter.html, "<html lang=\"en\">"));
	assert_null(strstr(letter.html, "#000000"));
	ouv_arena_free(&arena);
}

static void
without_a_subject_or_words_there_is_no_letter(void **state)
{
	static const char *const texts[] = { "", "Hello.\n", "\nSubject: s\n",
		"Subject: s\n", "Subject: s\n\n \n\n", "Subject: \n\nHello.\n",
		"subject: s\n\nHello.\n" };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_text_letter letter;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct ouv_text_part part = { OUV_LANG_EN,
			{ texts[i], strlen(texts[i]) } };

		assert_int_equal(
			ouv_text_layout(arena, &part, 1, false, &letter),
			OUV_INVALID);
	}
	assert_int_equal(
		ouv_text_layout(arena, NULL, 0, false, &letter), OUV_INVALID);
	ouv_arena_free(&arena);
}

/* ---- what is shipped ------------------------------------------------------
 */

static void
every_shipped_declaration_fits_its_own_example(void **state)
{
	struct ouv_text_book *book = NULL;
	struct ouv_text_error error = { 0 };
	const struct ouv_text_decl *list;
	size_t count = 0;

	(void)state;
	if (ouv_text_read("templates", &book, &error) != OUV_OK)
		fail_msg("%s: %s %s", error.text, error.var, error.what);
	list = ouv_text_list(book, &count);
	assert_non_null(ouv_text_find(book, "mail/ack"));
	for (size_t i = 0; i < count; i++) {
		json_t *data = ouv_text_example(&list[i]);

		for (int l = 0; l < OUV_LANG__COUNT; l++) {
			json_t *out = NULL;

			if (ouv_text_values(&list[i], data, (enum ouv_lang)l,
				    &out, &error) != OUV_OK)
				fail_msg("%s: %s %s", error.text, error.var,
					error.what);
			json_decref(out);
		}
		json_decref(data);
	}
	ouv_text_free(&book);
}

static void
what_the_office_says_of_itself_is_checked_alone(void **state)
{
	struct ouv_text_book *book = NULL;
	struct ouv_text_error error = { 0 };
	json_t *data = json_pack("{s:s, s:s, s:s, s:s}", "office_name", "O",
		"office_address", "", "office_phone", "0800 5, das 9h às 17h",
		"office_site_url", "");

	(void)state;
	assert_int_equal(ouv_text_read("templates", &book, &error), OUV_OK);
	assert_int_equal(ouv_text_office(book, data, &error), OUV_OK);
	json_object_set_new(data, "office_site_url", json_string("www.o.br"));
	assert_int_equal(ouv_text_office(book, data, &error), OUV_INVALID);
	assert_string_equal(error.var, "office_site_url");
	json_decref(data);
	ouv_text_free(&book);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_slip_in_a_declaration_is_named),
		cmocka_unit_test(a_declaration_is_read_as_it_stands),
		cmocka_unit_test(a_folder_that_is_not_there_is_not_found),
		cmocka_unit_test(a_value_is_of_its_type_or_refused),
		cmocka_unit_test(what_may_be_missing_becomes_empty_and_says_so),
		cmocka_unit_test(
			what_is_given_says_so_and_strangers_are_refused),
		cmocka_unit_test(
			the_entries_of_a_list_are_checked_by_its_own_variables),
		cmocka_unit_test(dates_are_words_in_the_order_of_the_language),
		cmocka_unit_test(a_line_flows_over_lines_of_72_columns),
		cmocka_unit_test(whatever_flows_can_be_put_together_again),
		cmocka_unit_test(
			the_same_lines_are_a_page_of_paragraphs_lists_and_links),
		cmocka_unit_test(two_languages_are_one_mail),
		cmocka_unit_test(without_a_subject_or_words_there_is_no_letter),
		cmocka_unit_test(
			every_shipped_declaration_fits_its_own_example),
		cmocka_unit_test(
			what_the_office_says_of_itself_is_checked_alone),
	};

	(void)setenv("TZ", "America/Sao_Paulo", 1);
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
