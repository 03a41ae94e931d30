/*
 * tmpl_strict_test.c - the strict rules on top of Mustache
 *
 * What the product sends or shows must never hold a blank where a name was
 * mistyped, nor let a value become markup, a script or a header.
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

#include "ouv/tmpl.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define HTML OUV_TMPL_STRICT_HTML
#define TEXT OUV_TMPL_STRICT_TEXT

struct strict_case {
	enum ouv_tmpl_mode mode;
	int line; /* of the fault */
	const char *text;
	const char *data;
	const char *want; /* NULL: refused */
	const char *what; /* a part of the message, or NULL */
};

/* clang-format off */
static const struct strict_case names[] = {
	{ TEXT, 0, "{{a}}", "{\"a\":\"x\"}", "x", NULL },
	{ TEXT, 0, "{{a}}", "{\"a\":null}", "", NULL },
	{ TEXT, 0, "{{a}}", "{\"a\":\"\"}", "", NULL },
	{ TEXT, 2, "\n{{a}}", "{}", NULL, "no a in the data" },
	{ TEXT, 1, "{{a.b}}", "{\"a\":{}}", NULL, "no a.b in the data" },
	{ TEXT, 1, "{{a.b}}", "{\"a\":null}", NULL, "no a.b in the data" },
	{ TEXT, 0, "{{#a}}x{{/a}}", "{\"a\":true}", "x", NULL },
	{ TEXT, 0, "{{#a}}x{{/a}}", "{\"a\":null}", "", NULL },
	{ TEXT, 0, "{{#a}}x{{/a}}", "{\"a\":false}", "", NULL },
	{ TEXT, 0, "{{#a}}x{{/a}}", "{\"a\":[]}", "", NULL },
	{ TEXT, 0, "{{#a}}x{{/a}}", "{\"a\":\"\"}", "", NULL },
	{ TEXT, 3, "\n\n{{#a}}x{{/a}}", "{}", NULL, "no a in the data" },
	{ TEXT, 1, "{{#a.b}}x{{/a.b}}", "{\"a\":{}}", NULL, "no a.b" },
	{ TEXT, 0, "{{^a}}x{{/a}}", "{\"a\":null}", "x", NULL },
	{ TEXT, 0, "{{^a}}x{{/a}}", "{\"a\":1}", "", NULL },
	{ TEXT, 1, "{{^a}}x{{/a}}", "{}", NULL, "no a in the data" },
	{ TEXT, 0, "{{#a}}{{b}}{{/a}}", "{\"a\":{},\"b\":1}", "1", NULL },
	{ TEXT, 1, "{{#a}}{{.b}}{{/a}}", "{\"a\":{},\"b\":1}", NULL, "no .b" },
	{ TEXT, 0, "{{#a}}{{.}}{{/a}}", "{\"a\":[1,2]}", "12", NULL },
	{ TEXT, 1, "{{a}}", "{\"a\":[1]}", NULL, "a list or an object" },
	{ TEXT, 1, "{{a}}", "{\"a\":{}}", NULL, "a list or an object" },
	{ TEXT, 1, "{{a b}}", "{}", NULL, "a space" },
	{ TEXT, 1, "{{a|b}}", "{}", NULL, "may hold letters" },
	{ TEXT, 1, "{{a/b}}", "{}", NULL, "may hold letters" },
	{ TEXT, 1, "{{a..b}}", "{}", NULL, "an empty part" },
	{ TEXT, 1, "{{a.}}", "{}", NULL, "an empty part" },
	{ TEXT, 1, "{{>p}}", "{}", NULL, "no partial p" },
	{ TEXT, 0, "{{=<% %>=}}<%a%>", "{\"a\":1}", "1", NULL },
	{ TEXT, 0, "a{{! note }}b", "{}", "ab", NULL },
};

static const struct strict_case raw[] = {
	{ TEXT, 1, "{{{a}}}", "{\"a\":1}", NULL, "unescaped: a" },
	{ TEXT, 1, "{{&a}}", "{\"a\":1}", NULL, "unescaped: a" },
	{ HTML, 2, "\n{{{a}}}", "{\"a\":1}", NULL, "unescaped: a" },
	{ HTML, 1, "{{& a }}", "{\"a\":1}", NULL, "unescaped: a" },
	{ HTML, 1, "{{=| |=}}|{a}|", "{\"a\":1}", NULL, "unescaped: a" },
};

static const struct strict_case escaping[] = {
	{ HTML, 0, "<p>{{a}}</p>", "{\"a\":\"<b> & \\\"'\"}", "<p>&lt;b&gt; &amp; &quot;&#39;</p>", NULL },
	{ HTML, 0, "<p title=\"{{a}}\">", "{\"a\":\"\\\" onclick='\"}", "<p title=\"&quot; onclick=&#39;\">", NULL },
	{ HTML, 0, "{{#a}}{{.}}{{/a}}", "{\"a\":[\"<\",\"'\"]}", "&lt;&#39;", NULL },
	{ HTML, 0, "{{=| |=}}|a|", "{\"a\":\"<\"}", "&lt;", NULL },
	{ TEXT, 0, "{{a}}", "{\"a\":\"<b> & \\\"'\"}", "<b> & \"'", NULL },
	{ TEXT, 0, "a\n{{a}}", "{\"a\":\"x\\ny\"}", "a\nx\ny", NULL },
};

static const struct strict_case headers[] = {
	{ TEXT, 0, "Subject: {{a}}\n\n{{b}}", "{\"a\":\"x\",\"b\":\"1\\n2\"}", "Subject: x\n\n1\n2", NULL },
	{ TEXT, 1, "Subject: {{a}}\n", "{\"a\":\"x\\nBcc: y\"}", NULL, "break the header line" },
	{ TEXT, 1, "Subject: {{a}}\n", "{\"a\":\"x\\r\"}", NULL, "header line" },
	{ TEXT, 1, "Subject: {{a}}\n", "{\"a\":\"x\\ty\"}", NULL, "header line" },
	{ TEXT, 1, "Subject: {{a}}\n", "{\"a\":\"\\u007f\"}", NULL, "header line" },
	{ TEXT, 1, "Subject: {{a}}\n", "{\"a\":\"\\u0085\"}", NULL, "header line" },
	{ TEXT, 1, "Subject: {{a}}\n", "{\"a\":\"\\u2028\"}", NULL, "header line" },
	{ TEXT, 1, "Subject: {{a}}\n", "{\"a\":\"\\u2029\"}", NULL, "header line" },
	{ TEXT, 0, "Subject: {{a}}\n", "{\"a\":\"ção ’ 日本\"}", "Subject: ção ’ 日本\n", NULL },
	{ TEXT, 1, "Subject: {{a}}{{b}}\n", "{\"a\":\"x\",\"b\":\"\\n\"}", NULL, "b would break" },
	{ TEXT, 1, "Subject: {{#l}}{{.}}{{/l}}\n", "{\"l\":[\"x\",\"\\n\"]}", NULL, "header line" },
	{ TEXT, 0, "Subject: {{#l}}{{.}}\n{{/l}}", "{\"l\":[\"x\",\"y\\n\"]}", "Subject: x\ny\n\n", NULL },
	{ TEXT, 2, "Subject: {{#l}}\n{{/l}}{{a}}", "{\"l\":false,\"a\":\"\\n\"}", NULL, "header line" },
	{ TEXT, 2, "{{!note}}\nSubject: {{a}}\n", "{\"a\":\"\\n\"}", NULL, "header line" },
	{ HTML, 0, "Subject: {{a}}\n", "{\"a\":\"1\\n2\"}", "Subject: 1\n2\n", NULL },
	{ TEXT, 0, "Text: {{a}}\n", "{\"a\":\"1\\n2\"}", "Text: 1\n2\n", NULL },
	{ TEXT, 0, "A\nSubject: {{a}}\n", "{\"a\":\"1\\n2\"}", "A\nSubject: 1\n2\n", NULL },
};

/* Every place of a page where a value may not stand, and those where it may. */
static const struct strict_case places[] = {
	{ HTML, 0, "{{a}}", "{\"a\":1}", "1", NULL },
	{ HTML, 0, "<!doctype html><p>{{a}}</p>", "{\"a\":1}", "<!doctype html><p>1</p>", NULL },
	{ HTML, 0, "<p>1 < 2 {{a}}</p>", "{\"a\":1}", "<p>1 < 2 1</p>", NULL },
	{ HTML, 0, "<p><!-- note -->{{a}}", "{\"a\":1}", "<p><!-- note -->1", NULL },
	{ HTML, 0, "<!---->{{a}}", "{\"a\":1}", "<!---->1", NULL },
	{ HTML, 0, "<title>{{a}}</title>", "{\"a\":1}", "<title>1</title>", NULL },
	{ HTML, 0, "<textarea><p {{a}}</textarea>", "{\"a\":1}", "<textarea><p 1</textarea>", NULL },
	{ HTML, 0, "<script>x</script>{{a}}", "{\"a\":1}", "<script>x</script>1", NULL },
	{ HTML, 0, "<style>a<b</style>{{a}}", "{\"a\":1}", "<style>a<b</style>1", NULL },
	{ HTML, 0, "<p class=x id='y' title=\"{{a}}\" lang=en>{{a}}", "{\"a\":1}", "<p class=x id='y' title=\"1\" lang=en>1", NULL },
	{ HTML, 0, "<p title = \"{{a}}\">", "{\"a\":1}", "<p title = \"1\">", NULL },
	{ HTML, 0, "<br/>{{a}}", "{\"a\":1}", "<br/>1", NULL },
	{ HTML, 0, "<p title=\"a > b\">{{a}}</p>", "{\"a\":1}", "<p title=\"a > b\">1</p>", NULL },
	{ HTML, 2, "\n<{{a}}>", "{\"a\":1}", NULL, "a stands in a tag's name" },
	{ HTML, 1, "<p{{a}}>", "{\"a\":1}", NULL, "a tag's name" },
	{ HTML, 1, "</{{a}}>", "{\"a\":1}", NULL, "an end tag" },
	{ HTML, 1, "<p {{a}}>", "{\"a\":1}", NULL, "outside a quoted value" },
	{ HTML, 1, "<p x{{a}}=\"1\">", "{\"a\":1}", NULL, "an attribute's name" },
	{ HTML, 1, "<p x={{a}}>", "{\"a\":1}", NULL, "an unquoted value" },
	{ HTML, 1, "<p x=y{{a}}>", "{\"a\":1}", NULL, "an unquoted value" },
	{ HTML, 1, "<p x='{{a}}'>", "{\"a\":1}", NULL, "a single-quoted value" },
	{ HTML, 1, "<p x=\"1\"{{a}}>", "{\"a\":1}", NULL, "outside a quoted value" },
	{ HTML, 1, "<!-- {{a}} -->", "{\"a\":1}", NULL, "a comment" },
	{ HTML, 1, "<!-- a -- b {{a}} -->", "{\"a\":1}", NULL, "a comment" },
	{ HTML, 1, "<!doctype {{a}}>", "{\"a\":1}", NULL, "a declaration" },
	{ HTML, 1, "<script>{{a}}</script>", "{\"a\":1}", NULL, "script or style" },
	{ HTML, 2, "<SCRIPT type=x>\n{{a}}</SCRIPT>", "{\"a\":1}", NULL, "script or style" },
	{ HTML, 1, "<script>'</scrip>{{a}}'</script>", "{\"a\":1}", NULL, "script or style" },
	{ HTML, 1, "<script>\"</p>\"{{a}}</script>", "{\"a\":1}", NULL, "script or style" },
	{ HTML, 1, "<style>{{a}}</style>", "{\"a\":1}", NULL, "script or style" },
	{ HTML, 1, "<iframe>{{a}}</iframe>", "{\"a\":1}", NULL, "script or style" },
	{ HTML, 1, "<p onclick=\"{{a}}\">", "{\"a\":1}", NULL, "an attribute onclick" },
	{ HTML, 1, "<p ONMOUSEOVER=\"x{{a}}\">", "{\"a\":1}", NULL, "attribute onmouseover" },
	{ HTML, 1, "<p style=\"color:{{a}}\">", "{\"a\":1}", NULL, "attribute style" },
	{ HTML, 1, "<iframe srcdoc=\"{{a}}\"></iframe>", "{\"a\":1}", NULL, "attribute srcdoc" },
	{ HTML, 1, "<p title=\"x", "{}", NULL, "ends in a quoted value" },
	{ HTML, 1, "\n<p", "{}", NULL, "ends in a tag's name" },
	{ HTML, 1, "<script>", "{}", NULL, "ends in a script" },
	{ HTML, 1, "<p a=\"b\"c>", "{}", NULL, "a space is missing" },
	{ HTML, 1, "<p a=\"b\" =\"{{a}}\">", "{}", NULL, "belongs to no attribute" },
	{ HTML, 0, "<p a =\n \"{{b}}\" c d e = \"{{b}}\">", "{\"b\":1}", "<p a =\n \"1\" c d e = \"1\">", NULL },
};

static const struct strict_case links[] = {
	{ HTML, 0, "<a href=\"/cases/{{n}}\">", "{\"n\":\"2\"}", "<a href=\"/cases/2\">", NULL },
	{ HTML, 0, "<a href=\"?q={{n}}\">", "{\"n\":\"2\"}", "<a href=\"?q=2\">", NULL },
	{ HTML, 0, "<a href=\"#{{n}}\">", "{\"n\":\"2\"}", "<a href=\"#2\">", NULL },
	{ HTML, 0, "<a href=\"case?n={{n}}\">", "{\"n\":\"2\"}", "<a href=\"case?n=2\">", NULL },
	{ HTML, 0, "<a href=\"https://{{n}}/\">", "{\"n\":\"a.example\"}", "<a href=\"https://a.example/\">", NULL },
	{ HTML, 0, "<a href=\"mailto:{{n}}\">", "{\"n\":\"a@example.org\"}", "<a href=\"mailto:a@example.org\">", NULL },
	{ HTML, 0, "<a href=\"tel:{{n}}\">", "{\"n\":\"+55\"}", "<a href=\"tel:+55\">", NULL },
	{ HTML, 1, "<a href=\"{{n}}\">", "{\"n\":\"/x\"}", NULL, "must end in _url" },
	{ HTML, 1, "<form action=\"{{n}}\">", "{\"n\":\"/x\"}", NULL, "must end in _url" },
	{ HTML, 1, "<img src=\"{{n}}\">", "{\"n\":\"/x\"}", NULL, "must end in _url" },
	{ HTML, 1, "<button formaction=\"{{n}}\">", "{\"n\":\"/x\"}", NULL, "must end in _url" },
	{ HTML, 1, "<a HREF=\"{{n}}\">", "{\"n\":\"/x\"}", NULL, "must end in _url" },
	{ HTML, 1, "<a href=\"java{{n}}\">", "{\"n\":\"script:x\"}", NULL, "what kind of address" },
	{ HTML, 1, "<a href=\"javascript:{{n}}\">", "{\"n\":\"x\"}", NULL, "what kind of address" },
	{ HTML, 1, "<a href=\"JavaScript:{{n}}\">", "{\"n\":\"x\"}", NULL, "what kind of address" },
	{ HTML, 1, "<a href=\" data:{{n}}\">", "{\"n\":\"x\"}", NULL, "what kind of address" },
	{ HTML, 1, "<a href=\"{{#s}}java{{/s}}{{n_url}}\">", "{\"s\":1,\"n_url\":\"/\"}", NULL, "what kind of address" },
	{ HTML, 1, "<a href=\"{{#s}}/a/{{/s}}{{n}}\">", "{\"s\":0,\"n\":\"/\"}", NULL, "must end in _url" },
	{ HTML, 0, "<a href=\"{{a.n_url}}\">", "{\"a\":{\"n_url\":\"/x?a=1&b\"}}", "<a href=\"/x?a=1&amp;b\">", NULL },
	{ HTML, 0, "<a href=\"{{n_path}}\">", "{\"n_path\":\"/x\"}", "<a href=\"/x\">", NULL },
	{ HTML, 0, "<a href=\"{{n_url}}\">", "{\"n_url\":\"https://a.example\"}", "<a href=\"https://a.example\">", NULL },
	{ HTML, 0, "<a href=\"{{n_url}}\">", "{\"n_url\":\"http://a.example\"}", "<a href=\"http://a.example\">", NULL },
	{ HTML, 0, "<a href=\"{{n_url}}\">", "{\"n_url\":\"mailto:a@example.org\"}", "<a href=\"mailto:a@example.org\">", NULL },
	{ HTML, 0, "<a href=\"{{n_url}}\">", "{\"n_url\":\"?after=2\"}", "<a href=\"?after=2\">", NULL },
	{ HTML, 0, "<a href=\"{{n_url}}\">", "{\"n_url\":\"#top\"}", "<a href=\"#top\">", NULL },
	{ HTML, 0, "<a href=\"{{n_url}}/{{m}}\">", "{\"n_url\":\"/x\",\"m\":2}", "<a href=\"/x/2\">", NULL },
	{ HTML, 2, "\n<a href=\"{{n_url}}\">", "{\"n_url\":\"javascript:x\"}", NULL, "no address that may stand" },
	{ HTML, 1, "<a href=\"{{n_url}}\">", "{\"n_url\":\" https://a\"}", NULL, "no address" },
	{ HTML, 1, "<a href=\"{{n_url}}\">", "{\"n_url\":\"data:text/html,x\"}", NULL, "no address" },
	{ HTML, 1, "<a href=\"{{n_url}}\">", "{\"n_url\":\"\"}", NULL, "no address" },
	{ HTML, 1, "<a href=\"{{n_url}}\">", "{\"n_url\":null}", NULL, "no address" },
	{ HTML, 0, "<p>{{n_url}}</p>", "{\"n_url\":\"www.a.example\"}", "<p>www.a.example</p>", NULL },
};

static const struct strict_case markup_sections[] = {
	{ HTML, 0, "{{#a}}<p>{{.}}</p>{{/a}}", "{\"a\":[1,2]}", "<p>1</p><p>2</p>", NULL },
	{ HTML, 0, "{{#a}}<textarea>{{.}}</textarea>{{/a}}", "{\"a\":1}", "<textarea>1</textarea>", NULL },
	{ HTML, 0, "<title>{{#a}}{{.}}{{/a}}</title>", "{\"a\":1}", "<title>1</title>", NULL },
	{ HTML, 1, "<title>{{#a}}</title><textarea>{{/a}}", "{\"a\":1}", NULL, "section a" },
	{ HTML, 0, "<option{{#a}} selected{{/a}}>x", "{\"a\":1}", "<option selected>x", NULL },
	{ HTML, 0, "<option value=\"{{v}}\"{{#a}} selected{{/a}}>x", "{\"v\":1,\"a\":0}", "<option value=\"1\">x", NULL },
	{ HTML, 0, "<input {{#a}}checked{{/a}}>", "{\"a\":1}", "<input checked>", NULL },
	{ HTML, 0, "<input{{#a}} title=\"{{.}}\"{{/a}}{{#b}} lang=\"{{.}}\"{{/b}}/>", "{\"a\":1,\"b\":2}", "<input title=\"1\" lang=\"2\"/>", NULL },
	{ HTML, 0, "<p class=\"a{{#b}} b{{.}}{{/b}}\">", "{\"b\":1}", "<p class=\"a b1\">", NULL },
	{ HTML, 0, "<p\n  {{#b}}\n  title=\"{{.}}\"\n  {{/b}}\n>", "{\"b\":1}", "<p\n  title=\"1\"\n>", NULL },
	{ HTML, 0, "<p hidden {{#a}}title=\"{{.}}\"{{/a}}>", "{\"a\":1}", "<p hidden title=\"1\">", NULL },
	{ HTML, 1, "<p title {{#a}}=\"{{.}}\"{{/a}}>", "{\"a\":1}", NULL, "no attribute" },
	{ HTML, 1, "<p {{#a}}title {{/a}}=\"{{a}}\">", "{\"a\":1}", NULL, "no attribute" },
	{ HTML, 1, "{{#a}}<p{{/a}}>", "{\"a\":1}", NULL, "begins in text and ends in a tag" },
	{ HTML, 1, "<p{{#a}}>{{/a}}", "{\"a\":1}", NULL, "ends in text" },
	{ HTML, 1, "<p {{#a}}title=\"{{/a}}x\">", "{\"a\":1}", NULL, "ends in a quoted value" },
	{ HTML, 1, "{{#a}}<script>{{/a}}</script>", "{\"a\":1}", NULL, "ends in a script" },
	{ HTML, 1, "<p title=\"{{#a}}\" lang=\"{{/a}}\">", "{\"a\":1}", NULL, "ends in a quoted value" },
	{ HTML, 1, "<p{{#a}}x{{/a}}>", "{\"a\":1}", NULL, "a space is missing" },
	{ HTML, 1, "<p{{#a}} x{{/a}}y>", "{\"a\":1}", NULL, "a space is missing" },
	{ HTML, 1, "<p title=\"{{>p}}\">", "{}", NULL, "must stand in text" },
	{ HTML, 1, "<script>{{>p}}</script>", "{}", NULL, "must stand in text" },
};
/* clang-format on */

static int
is_met(const struct strict_case *c)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	json_t *data = json_loads(c->data, 0, NULL);
	struct ouv_tmpl_error error = { "", 0, "" };
	struct ouv_str got = { "", 0 };
	enum ouv_err err;
	int met;

	assert_non_null(data);
	err = ouv_tmpl_render_text(arena, c->mode, "case", c->text, data, NULL,
		NULL, &got, &error);
	if (c->want == NULL)
		met = err == OUV_INVALID && error.line == c->line &&
		      strstr(error.what, c->what) != NULL;
	else
		met = err == OUV_OK && got.len == strlen(c->want) &&
		      memcmp(got.p, c->want, got.len) == 0;
	if (!met)
		print_error("[%s] gave [%.*s], line %d: %s\n", c->text,
			(int)got.len, got.p, error.line, error.what);
	json_decref(data);
	ouv_arena_free(&arena);
	return met;
}

#define WALK(table)                                         \
	do {                                                \
		size_t met = 0;                             \
                                                            \
		(void)state;                                \
		for (size_t i = 0; i < COUNT(table); i++)   \
			met += is_met(&(table)[i]) ? 1 : 0; \
		assert_int_equal(met, COUNT(table));        \
	} while (0)

static void
a_name_that_is_not_in_the_data_is_an_error(void **state)
{
	WALK(names);
}

static void
no_value_goes_in_unescaped(void **state)
{
	WALK(raw);
}

static void
escaping_follows_the_kind(void **state)
{
	WALK(escaping);
}

static void
no_value_breaks_the_header_line(void **state)
{
	WALK(headers);
}

static void
values_stand_in_text_and_double_quotes_only(void **state)
{
	WALK(places);
}

static void
no_value_is_a_links_scheme(void **state)
{
	WALK(links);
}

static void
sections_leave_the_page_where_they_found_it(void **state)
{
	WALK(markup_sections);
}

/* ---- folders ------------------------------------------------------------ */

struct folder {
	char path[64];
	const char *files[8][2]; /* name, text */
};

static void
write_folder(struct folder *f)
{
	(void)snprintf(f->path, sizeof(f->path), "/tmp/tmpl_test.XXXXXX");
	assert_non_null(mkdtemp(f->path));
	for (size_t i = 0; i < 8 && f->files[i][0] != NULL; i++) {
		char path[256];
		char *slash = path + strlen(f->path);
		FILE *file;

		(void)snprintf(
			path, sizeof(path), "%s/%s", f->path, f->files[i][0]);
		while ((slash = strchr(slash + 1, '/')) != NULL) {
			*slash = '\0';
			(void)mkdir(path, 0700);
			*slash = '/';
		}
		file = fopen(path, "w");
		assert_non_null(file);
		assert_true(fputs(f->files[i][1], file) >= 0);
		assert_int_equal(fclose(file), 0);
	}
}

static void
remove_folder(struct folder *f)
{
	for (size_t i = 8; i-- > 0;) {
		char path[256];
		char *slash;

		if (f->files[i][0] == NULL)
			continue;
		(void)snprintf(
			path, sizeof(path), "%s/%s", f->path, f->files[i][0]);
		(void)unlink(path);
		while ((slash = strrchr(path, '/')) != NULL &&
			(size_t)(slash - path) >= strlen(f->path)) {
			*slash = '\0';
			if (rmdir(path) != 0)
				break;
		}
	}
	(void)rmdir(f->path);
}

static enum ouv_err
load(struct folder *f, struct ouv_tmpl_set **set_out,
	struct ouv_tmpl_error *error)
{
	enum ouv_err err;

	write_folder(f);
	err = ouv_tmpl_load(f->path, set_out, error);
	remove_folder(f);
	return err;
}

static void
check(const struct ouv_tmpl_set *set, const char *name, const char *json,
	const char *want)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	json_t *data = json_loads(json, 0, NULL);
	struct ouv_tmpl_error error;
	struct ouv_str got;
	enum ouv_err err =
		ouv_tmpl_render(arena, set, name, data, &got, &error);

	if (err != OUV_OK)
		fail_msg("%s:%d: %s", error.template, error.line, error.what);
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.p, want, got.len);
	json_decref(data);
	ouv_arena_free(&arena);
}

static void
a_folder_is_loaded_with_all_below_it(void **state)
{
	struct folder f = { .files = {
				    { "a.html", "<p>{{x}}</p>" },
				    { "mail/b.txt", "{{x}}" },
				    { "mail/deep/c.en.txt", "c" },
				    { "notes.md", "{{ not a template" },
				    { ".d.txt", "{{ an editor's backup" },
			    } };
	struct ouv_tmpl_set *set = NULL;
	struct ouv_tmpl_error error;

	(void)state;
	assert_int_equal(load(&f, &set, &error), OUV_OK);
	assert_true(ouv_tmpl_has(set, "a.html"));
	assert_true(ouv_tmpl_has(set, "mail/b.txt"));
	assert_true(ouv_tmpl_has(set, "mail/deep/c.en.txt"));
	assert_false(ouv_tmpl_has(set, "b.txt"));
	assert_false(ouv_tmpl_has(set, "notes.md"));
	assert_false(ouv_tmpl_has(set, ".d.txt"));
	check(set, "a.html", "{\"x\":\"<'\"}", "<p>&lt;&#39;</p>");
	check(set, "mail/b.txt", "{\"x\":\"<'\"}", "<'");
	ouv_tmpl_free(&set);
	assert_null(set);
	ouv_tmpl_free(&set);
}

static void
partials_are_found_beside_then_by_full_name(void **state)
{
	struct folder
		f = { .files = {
			      { "mail/a.en.txt",
				      "{{>s}} {{>t}} {{>u.txt}} {{>mail/w}}" },
			      { "mail/s.en.txt", "locale" },
			      { "mail/s.txt", "WRONG" },
			      { "s.en.txt", "WRONG" },
			      { "mail/t.txt", "suffix" },
			      { "u.txt", "root" },
			      { "mail/w.en.txt", "full" },
		      } };
	struct ouv_tmpl_set *set = NULL;
	struct ouv_tmpl_error error;

	(void)state;
	assert_int_equal(load(&f, &set, &error), OUV_OK);
	check(set, "mail/a.en.txt", "{}", "locale suffix root full");
	ouv_tmpl_free(&set);
}

struct bad_folder {
	struct folder folder;
	const char *template;
	int line;
	const char *what;
};

static void
a_folder_with_a_fault_is_not_loaded(void **state)
{
	struct bad_folder bad[] = {
		{ { .files = { { "a.txt", "a\n{{>b}}" } } }, "a.txt", 2,
			"no partial b" },
		{ { .files = { { "a.txt", "ok" }, { "x/b.txt", "\n{{#a}}" } } },
			"x/b.txt", 2, "never ended" },
		{ { .files = { { "a.txt", "{{>a}}" } } }, "a.txt", 1,
			"includes itself" },
		{ { .files = { { "a.txt", "{{>b}}" }, { "b.txt", "{{>c}}" },
			    { "c.txt", "\n{{#x}}{{>b}}{{/x}}" } } },
			"c.txt", 2, "includes itself" },
		{ { .files = { { "a.html", "{{>b.txt}}" }, { "b.txt", "" } } },
			"a.html", 1, "another kind" },
		{ { .files = { { "a.html", "<p {{x}}>" } } }, "a.html", 1,
			"outside a quoted value" },
		{ { .files = { { "a.txt", "{{{x}}}" } } }, "a.txt", 1,
			"unescaped" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct ouv_tmpl_error error = { "", 0, "" };
		struct ouv_tmpl_set *set = NULL;

		assert_int_equal(
			load(&bad[i].folder, &set, &error), OUV_INVALID);
		assert_null(set);
		assert_string_equal(error.template, bad[i].template);
		assert_int_equal(error.line, bad[i].line);
		assert_non_null(strstr(error.what, bad[i].what));
	}
}

static void
what_is_not_there_is_not_found(void **state)
{
	struct folder f = { .files = { { "a.txt", "a" } } };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_tmpl_set *set = NULL;
	struct ouv_tmpl_error error;
	struct ouv_str got;
	json_t *data = json_object();

	(void)state;
	assert_int_equal(
		ouv_tmpl_load("/nonexistent", &set, &error), OUV_NOT_FOUND);
	assert_int_equal(ouv_tmpl_load("", &set, &error), OUV_NOT_FOUND);
	assert_int_equal(load(&f, &set, &error), OUV_OK);
	assert_int_equal(
		ouv_tmpl_render(arena, set, "b.txt", data, &got, &error),
		OUV_NOT_FOUND);
	assert_int_equal(ouv_tmpl_render(arena, set, "b.txt", data, &got, NULL),
		OUV_NOT_FOUND);
	json_decref(data);
	ouv_tmpl_free(&set);
	ouv_arena_free(&arena);
}

static void
an_empty_folder_is_an_empty_set(void **state)
{
	struct folder f = { .files = { { NULL, NULL } } };
	struct ouv_tmpl_set *set = NULL;
	struct ouv_tmpl_error error;

	(void)state;
	assert_int_equal(load(&f, &set, &error), OUV_OK);
	assert_false(ouv_tmpl_has(set, "a.txt"));
	ouv_tmpl_free(&set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_that_is_not_in_the_data_is_an_error),
		cmocka_unit_test(no_value_goes_in_unescaped),
		cmocka_unit_test(escaping_follows_the_kind),
		cmocka_unit_test(no_value_breaks_the_header_line),
		cmocka_unit_test(values_stand_in_text_and_double_quotes_only),
		cmocka_unit_test(no_value_is_a_links_scheme),
		cmocka_unit_test(sections_leave_the_page_where_they_found_it),
		cmocka_unit_test(a_folder_is_loaded_with_all_below_it),
		cmocka_unit_test(partials_are_found_beside_then_by_full_name),
		cmocka_unit_test(a_folder_with_a_fault_is_not_loaded),
		cmocka_unit_test(what_is_not_there_is_not_found),
		cmocka_unit_test(an_empty_folder_is_an_empty_set),
	};

	return cmocka_run_group_tests_name("tmpl_strict", tests, NULL, NULL);
}
