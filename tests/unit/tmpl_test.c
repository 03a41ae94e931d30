/*
 * tmpl_test.c - plain Mustache, rule by rule
 *
 * Each row of tests/data/mustache.json is one rule of the public Mustache
 * specification's required modules, in a case of our own.  The strict rules on
 * top of it are in tmpl_strict_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "ouv/tmpl.h"

/* One rule of the specification, or a template with partials of its own. */
struct spec_case {
	const char *text;
	const json_t *partials; /* {name: text}; NULL: none */
};

static const char *
case_partial(const char *name, void *user)
{
	const struct spec_case *c = user;

	return json_string_value(json_object_get(c->partials, name));
}

static int
is_met(const json_t *row)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct spec_case c = { json_string_value(
				       json_object_get(row, "template")),
		json_object_get(row, "partials") };
	const json_t *want = json_object_get(row, "expected");
	struct ouv_tmpl_error error = { "", 0, "" };
	struct ouv_str got = { "", 0 };
	enum ouv_err err;
	int met;

	err = ouv_tmpl_render_text(arena, OUV_TMPL_SPEC, "case", c.text,
		json_object_get(row, "data"), case_partial, &c, &got, &error);
	met = err == OUV_OK && got.len == json_string_length(want) &&
	      memcmp(got.p, json_string_value(want), got.len) == 0;
	if (!met)
		print_error("%s: [%.*s] for [%s]; %s\n",
			json_string_value(json_object_get(row, "rule")),
			(int)got.len, got.p, json_string_value(want),
			error.what);
	ouv_arena_free(&arena);
	return met;
}

/* tests/data/mustache.json: {module: [{rule, template, data, partials,
 * expected}]}; tests/integration/test_render.py walks it too. */
static void
walk(const char *module, size_t least)
{
	json_error_t error;
	json_t *all = json_load_file(
		"tests/data/mustache.json", JSON_DECODE_ANY, &error);
	const json_t *rows = json_object_get(all, module);
	size_t met = 0;

	if (all == NULL)
		fail_msg("line %d: %s", error.line, error.text);
	assert_true(json_array_size(rows) >= least);
	for (size_t i = 0; i < json_array_size(rows); i++)
		met += is_met(json_array_get(rows, i)) ? 1 : 0;
	assert_int_equal(met, json_array_size(rows));
	json_decref(all);
}

static void
comments_leave_nothing(void **state)
{
	(void)state;
	walk("comments", 18);
}

static void
delimiters_hold_for_their_own_text(void **state)
{
	(void)state;
	walk("delimiters", 20);
}

static void
values_are_put_in(void **state)
{
	(void)state;
	walk("interpolation", 58);
}

static void
sections_are_put_in_for_each_true_thing(void **state)
{
	(void)state;
	walk("sections", 45);
}

static void
inverted_sections_are_put_in_for_nothing(void **state)
{
	(void)state;
	walk("inverted", 27);
}

static void
partials_are_put_in_where_they_stand(void **state)
{
	(void)state;
	walk("partials", 27);
}

/* ---- what is no template ------------------------------------------------ */

struct bad_case {
	const char *text;
	int line;
	const char *what; /* a part of the message */
};

/* clang-format off */
static const struct bad_case bad[] = {
	{ "a {{b", 1, "never closed" },
	{ "a\n{{{b}} c", 2, "never closed" },
	{ "a\n\n{{!b", 3, "never closed" },
	{ "{{=<% %>}} x", 1, "never closed" },
	{ "{{}}", 1, "without a name" },
	{ "\n{{ }}", 2, "without a name" },
	{ "{{#}}{{/}}", 1, "without a name" },
	{ "{{>}}", 1, "without a name" },
	{ "{{a b}}", 1, "a space" },
	{ "{{>a b}}", 1, "a space" },
	{ "\n{{#a}}\n\n", 2, "never ended" },
	{ "{{^a}}", 1, "never ended" },
	{ "{{#a}}{{#b}}{{/b}}", 1, "section a is never ended" },
	{ "\n{{/a}}", 2, "not begun" },
	{ "{{#a}}\n{{#b}}\n{{/a}}{{/b}}", 3, "of line 2 must come first" },
	{ "{{#a}}{{/ab}}", 1, "must come first" },
	{ "{{=|=}}", 1, "two" },
	{ "{{= | =}}", 1, "two" },
	{ "{{==}}", 1, "two" },
	{ "{{=| | |=}}", 1, "two, not more" },
	{ "{{=|= |=}}", 1, "equals sign" },
	{ "{{=aaaaaaaaaaaaaaaaa b=}}", 1, "16 bytes" },
};
/* clang-format on */

static void
what_is_no_template_is_refused_with_its_line(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	json_t *data = json_object();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ouv_tmpl_error error = { "", 0, "" };
		struct ouv_str got = { "untouched", 9 };
		enum ouv_err err = ouv_tmpl_render_text(arena, OUV_TMPL_SPEC,
			"case", bad[i].text, data, NULL, NULL, &got, &error);

		if (err != OUV_INVALID || error.line != bad[i].line ||
			strstr(error.what, bad[i].what) == NULL)
			fail_msg("[%s]: line %d: %s", bad[i].text, error.line,
				error.what);
		assert_string_equal(error.template, "case");
		assert_string_equal(got.p, "untouched");
	}
	json_decref(data);
	ouv_arena_free(&arena);
}

static enum ouv_err
render_nested(unsigned depth)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	json_t *data = json_pack("{s:b}", "a", 1);
	struct ouv_str got;
	struct ouv_buf text;
	enum ouv_err err;

	ouv_buf_init(&text, arena, 1024);
	for (unsigned i = 0; i < depth; i++)
		ouv_buf_text(&text, "{{#a}}");
	for (unsigned i = 0; i < depth; i++)
		ouv_buf_text(&text, "{{/a}}");
	err = ouv_tmpl_render_text(arena, OUV_TMPL_SPEC, "case", text.data,
		data, NULL, NULL, &got, NULL);
	json_decref(data);
	ouv_arena_free(&arena);
	return err;
}

static void
sections_go_64_deep_and_no_deeper(void **state)
{
	(void)state;
	assert_int_equal(render_nested(64), OUV_OK);
	assert_int_equal(render_nested(65), OUV_INVALID);
}

static enum ouv_err
render_long(size_t len)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	char *text = ouv_arena_alloc(arena, len + 1);
	json_t *data = json_object();
	struct ouv_str got = { "", 0 };
	enum ouv_err err;

	memset(text, 'x', len);
	err = ouv_tmpl_render_text(arena, OUV_TMPL_SPEC, "case", text, data,
		NULL, NULL, &got, NULL);
	if (err == OUV_OK)
		assert_int_equal(got.len, len);
	json_decref(data);
	ouv_arena_free(&arena);
	return err;
}

static void
a_text_may_have_a_mebibyte_and_no_more(void **state)
{
	(void)state;
	assert_int_equal(render_long(1 << 20), OUV_OK);
	assert_int_equal(render_long((1 << 20) + 1), OUV_INVALID);
}

/* {"n":1,"next":{"n":1,"next": ... null}} with depth objects. */
static json_t *
chain(unsigned depth)
{
	json_t *data = json_null();

	for (unsigned i = 0; i < depth; i++)
		data = json_pack("{s:i,s:o}", "n", 1, "next", data);
	return data;
}

static void
partials_go_100_deep_and_no_deeper(void **state)
{
	json_t *partials =
		json_pack("{s:s}", "p", "{{n}}{{#next}}{{>p}}{{/next}}");
	struct spec_case node = { "{{>p}}", partials };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	json_t *fits = chain(100);
	json_t *too_deep = chain(101);
	struct ouv_tmpl_error error;
	struct ouv_str got;

	(void)state;
	assert_int_equal(
		ouv_tmpl_render_text(arena, OUV_TMPL_SPEC, "case", node.text,
			fits, case_partial, &node, &got, &error),
		OUV_OK);
	assert_int_equal(got.len, 100);
	assert_int_equal(
		ouv_tmpl_render_text(arena, OUV_TMPL_SPEC, "case", node.text,
			too_deep, case_partial, &node, &got, &error),
		OUV_INVALID);
	assert_string_equal(error.template, "p");
	json_decref(fits);
	json_decref(too_deep);
	json_decref(partials);
	ouv_arena_free(&arena);
}

static void
a_partial_without_end_is_ended(void **state)
{
	json_t *cases[] = {
		json_pack("{s:s}", "p", "x{{>p}}{{>p}}"),
		json_pack("{s:s}", "p",
			"{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}"
			"{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}"),
	};
	json_t *data = json_pack(
		"{s:[iiiiiiiiii]}", "l", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct spec_case c = { "{{>p}}", cases[i] };
		struct ouv_str got;

		assert_int_equal(
			ouv_tmpl_render_text(arena, OUV_TMPL_SPEC, "case",
				c.text, data, case_partial, &c, &got, NULL),
			OUV_INVALID);
		json_decref(cases[i]);
		ouv_arena_free(&arena);
	}
	json_decref(data);
}

static void
a_template_and_a_partial_of_one_name_are_two(void **state)
{
	json_t *row = json_pack("{s:s, s:s, s:{}, s:s, s:{s:s}}", "rule",
		"one name", "template", "a{{>case}}b", "data", "expected",
		"aPb", "partials", "case", "P");

	(void)state;
	assert_true(is_met(row));
	json_decref(row);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_leave_nothing),
		cmocka_unit_test(delimiters_hold_for_their_own_text),
		cmocka_unit_test(values_are_put_in),
		cmocka_unit_test(sections_are_put_in_for_each_true_thing),
		cmocka_unit_test(inverted_sections_are_put_in_for_nothing),
		cmocka_unit_test(partials_are_put_in_where_they_stand),
		cmocka_unit_test(what_is_no_template_is_refused_with_its_line),
		cmocka_unit_test(sections_go_64_deep_and_no_deeper),
		cmocka_unit_test(a_text_may_have_a_mebibyte_and_no_more),
		cmocka_unit_test(partials_go_100_deep_and_no_deeper),
		cmocka_unit_test(a_partial_without_end_is_ended),
		cmocka_unit_test(a_template_and_a_partial_of_one_name_are_two),
	};

	return cmocka_run_group_tests_name("tmpl", tests, NULL, NULL);
}
