/*
 * layout_test.c - that a page of a stranger is rebuilt of harmless things alone
 *
 * What was written is taken apart again by a reader that knows no tolerance:
 * its list of what may stand there is written here anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "ouv/layout.h"

#include "layout_hostile.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct ouv_arena *arena;

static int
begin(void **state)
{
	(void)state;
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	ouv_arena_free(&arena);
	return 0;
}

static struct ouv_str
str(const char *text)
{
	return (struct ouv_str){ text, strlen(text) };
}

/* ---- a reader without tolerance
 * ----------------------------------------------
 */

/* In the document there is no href, and src is the picture itself. */
struct strict {
	const char *p, *end;
	bool document;
	const char *open[256];
	size_t depth;
	const char *wrong;
	size_t links, pictures;
};

static const char *const pairs[] = { "a", "b", "bdi", "blockquote", "caption",
	"code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4",
	"h5", "h6", "i", "ins", "li", "ol", "p", "pre", "s", "small", "span",
	"strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
	"tr", "u", "ul" };
static const char *const singles[] = { "br", "hr", "img" };

static const char *
one_of(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return names[i];
	return NULL;
}

static bool
begins(const struct strict *s, const char *with)
{
	return (size_t)(s->end - s->p) >= strlen(with) &&
	       memcmp(s->p, with, strlen(with)) == 0;
}

static bool
take(struct strict *s, const char *what)
{
	if (!begins(s, what))
		return false;
	s->p += strlen(what);
	return true;
}

/* One character of words or of a value; '\0': it may not stand there. */
static char
take_char(struct strict *s)
{
	static const struct {
		const char *as;
		char c;
	} refs[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
		{ "&quot;", '"' }, { "&#39;", '\'' }, { "&#96;", '`' } };
	unsigned char c = (unsigned char)*s->p;

	for (size_t i = 0; i < COUNT(refs); i++)
		if (take(s, refs[i].as))
			return refs[i].c;
	if (strchr("&<>\"'`", *s->p) != NULL ||
		(c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
		return '\0';
	return *s->p++;
}

static void
take_name(struct strict *s, char out[16])
{
	size_t n = 0;

	while (s->p < s->end && n < 15 &&
		((*s->p >= 'a' && *s->p <= 'z') ||
			(n > 0 && *s->p >= '0' && *s->p <= '9')))
		out[n++] = *s->p++;
	out[n] = '\0';
}

static bool
has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool
is_number(const char *value)
{
	long n = strtol(value, NULL, 10);

	return *value != '\0' && value[strspn(value, "0123456789")] == '\0' &&
	       n >= 2 && n <= 100;
}

static bool
is_address(const char *value)
{
	for (const char *p = value; *p != '\0'; p++)
		if ((unsigned char)*p < ' ')
			return false;
	return has_prefix(value, "http://") || has_prefix(value, "https://") ||
	       has_prefix(value, "mailto:");
}

static bool
is_class(const char *tag, const char *value)
{
	return (strcmp(tag, "a") == 0 && strcmp(value, "link") == 0) ||
	       (strcmp(tag, "small") == 0 && strcmp(value, "to") == 0) ||
	       (strcmp(tag, "span") == 0 && strcmp(value, "pic") == 0);
}

static bool
is_data(const char *value)
{
	return has_prefix(value, "data:image/png;base64,") ||
	       has_prefix(value, "data:image/gif;base64,") ||
	       has_prefix(value, "data:image/jpeg;base64,");
}

static bool
value_is_good(
	struct strict *s, const char *tag, const char *name, const char *value)
{
	bool cell = strcmp(tag, "td") == 0 || strcmp(tag, "th") == 0;
	bool img = strcmp(tag, "img") == 0;

	if (strcmp(name, "title") == 0)
		return true;
	if (strcmp(name, "lang") == 0)
		return strlen(value) >= 2;
	if (strcmp(name, "dir") == 0)
		return strcmp(value, "ltr") == 0 || strcmp(value, "rtl") == 0 ||
		       strcmp(value, "auto") == 0;
	if (strcmp(name, "colspan") == 0 || strcmp(name, "rowspan") == 0)
		return cell && is_number(value);
	if (strcmp(name, "alt") == 0)
		return img;
	if (strcmp(name, "src") == 0) {
		s->pictures++;
		return img && (s->document ? is_data(value)
					   : has_prefix(value, "cid:"));
	}
	if (strcmp(name, "href") == 0) {
		s->links++;
		return !s->document && strcmp(tag, "a") == 0 &&
		       is_address(value);
	}
	return strcmp(name, "class") == 0 && s->document &&
	       is_class(tag, value);
}

static bool
take_attribute(struct strict *s, const char *tag)
{
	size_t most = (size_t)(s->end - s->p), n = 0;
	char *value = ouv_arena_alloc(arena, most + 1);
	char name[16];

	take_name(s, name);
	if (!take(s, "=\""))
		return false;
	while (s->p < s->end && *s->p != '"') {
		if ((value[n] = take_char(s)) == '\0')
			return false;
		n++;
	}
	return take(s, "\"") && value_is_good(s, tag, name, value);
}

static bool
take_tag(struct strict *s)
{
	bool ends = take(s, "</") || !take(s, "<");
	const char *known;
	char name[16];

	take_name(s, name);
	if (ends) {
		if (s->depth == 0 || strcmp(s->open[s->depth - 1], name) != 0)
			return false;
		s->depth--;
		return take(s, ">");
	}
	known = one_of(pairs, COUNT(pairs), name);
	if (known == NULL && one_of(singles, COUNT(singles), name) == NULL)
		return false;
	while (take(s, " "))
		if (!take_attribute(s, name))
			return false;
	if (known != NULL) {
		if (s->depth == COUNT(s->open))
			return false;
		s->open[s->depth++] = known;
	}
	return take(s, ">");
}

static bool
holds(struct strict *s)
{
	while (s->p < s->end)
		if (*s->p == '<' ? !take_tag(s) : take_char(s) == '\0')
			return false;
	return s->depth == 0;
}

/* ---- the two shapes
 * ---------------------------------------------------------- */

static struct ouv_str
clean(struct ouv_str html)
{
	struct ouv_buf out;

	ouv_buf_init(&out, arena, 0);
	assert_int_equal(ouv_layout_clean(html, &out), OUV_OK);
	return (struct ouv_str){ out.data, out.len };
}

static struct ouv_str
document(struct ouv_str html, const struct ouv_layout_picture *pictures,
	size_t count)
{
	const struct ouv_layout layout = { 1, &html, count, pictures, "Title",
		"not loaded", "not shown" };
	struct ouv_buf out;

	ouv_buf_init(&out, arena, 0);
	assert_int_equal(ouv_layout_document(&layout, &out), OUV_OK);
	return (struct ouv_str){ out.data, out.len };
}

/* What stands between the head, which is ours, and the end. */
static struct ouv_str
body_of(struct ouv_str whole)
{
	static const char tail[] = "\n</body></html>\n";
	const char *from = memmem(whole.p, whole.len, "<body>\n", 7);

	assert_non_null(from);
	from += 7;
	assert_string_equal(whole.p + whole.len - strlen(tail), tail);
	return (struct ouv_str){ from,
		(size_t)(whole.p + whole.len - from) - strlen(tail) };
}

static void
check(struct ouv_str html)
{
	struct ouv_str once = clean(html), twice = clean(once), body;
	struct strict s = { .p = once.p, .end = once.p + once.len };

	if (!holds(&s))
		fail_msg("%.*s\nbecame\n%s\nwrong at\n%.60s", (int)html.len,
			html.p, once.p, s.p);
	if (strcmp(once.p, twice.p) != 0)
		fail_msg("%.*s\nbecame\n%s\nand then\n%s", (int)html.len,
			html.p, once.p, twice.p);
	body = body_of(document(html, NULL, 0));
	s = (struct strict){
		.p = body.p, .end = body.p + body.len, .document = true
	};
	if (!holds(&s))
		fail_msg("%.*s\nis shown as\n%s\nwrong at\n%.60s",
			(int)html.len, html.p, body.p, s.p);
}

static void
hostile_pages_become_harmless(void **state)
{
	(void)state;
	assert_true(COUNT(hostile) >= 120);
	for (size_t i = 0; i < COUNT(hostile); i++)
		check(str(hostile[i]));
}

static void
so_they_do_inside_anything(void **state)
{
	static const char *const around[] = { "<table>", "<svg>", "<select>",
		"<math><mtext>", "<template>", "<noscript>", "<textarea>",
		"<a href=https://a.example/>", "<b><p>", "<table><tr><td>",
		"<svg><foreignObject>", "<style>", "<!--", "<p title=\"",
		"<p title='", "<title>", "<object>", "<ul><li>" };

	(void)state;
	for (size_t i = 0; i < COUNT(hostile); i++)
		for (size_t k = 0; k < COUNT(around); k++)
			check(str(ouv_arena_printf(
				arena, "%s%s", around[k], hostile[i])));
}

/* Any two, one behind the other: what one leaves open meets the other. */
static void
so_do_two_of_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hostile); i++) {
		size_t k = (i * 97 + 31) % COUNT(hostile);

		check(str(ouv_arena_printf(
			arena, "%s%s", hostile[i], hostile[k])));
		ouv_arena_reset(arena);
	}
}

/* ---- limits
 * ------------------------------------------------------------------ */

static struct ouv_str
many(const char *piece, size_t count)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, strlen(piece) * count);
	for (size_t i = 0; i < count; i++)
		ouv_buf_text(&buf, piece);
	return (struct ouv_str){ buf.data, buf.len };
}

static void
what_nests_for_ever_is_refused_at_once(void **state)
{
	static const char *const pieces[] = { "<div>", "<b>", "<table>",
		"<svg>", "<ul><li>", "<font color=a>", "<blockquote>", "<x>" };
	struct ouv_buf out;
	clock_t began = clock();

	(void)state;
	for (size_t i = 0; i < COUNT(pieces); i++) {
		ouv_buf_init(&out, arena, 0);
		assert_int_equal(
			ouv_layout_clean(many(pieces[i], 100000), &out),
			OUV_INVALID);
		assert_int_equal(out.len, 0);
	}
	assert_true(clock() - began < 2 * CLOCKS_PER_SEC);
}

/* None of these nests as it is written, all do as it is read, or multiply. */
static void
what_takes_too_long_ends(void **state)
{
	struct ouv_buf attributes, formats, out;
	clock_t began = clock();

	(void)state;
	ouv_buf_init(&attributes, arena, 0);
	ouv_buf_text(&attributes, "<p");
	for (int i = 0; i < 150000; i++)
		ouv_buf_printf(&attributes, " a%d", i);
	ouv_buf_init(&formats, arena, 0);
	ouv_buf_text(&formats, "<p>");
	for (int i = 0; i < 900; i++)
		ouv_buf_printf(&formats, "<b a=%d>", i);
	for (int i = 0; i < 100000; i++)
		ouv_buf_text(&formats, "</p><p>x");
	ouv_buf_init(&out, arena, 0);
	assert_int_equal(ouv_layout_clean((struct ouv_str){ attributes.data,
						  attributes.len },
				 &out),
		OUV_INVALID);
	assert_int_equal(
		ouv_layout_clean(
			(struct ouv_str){ formats.data, formats.len }, &out),
		OUV_INVALID);
	assert_int_equal(out.len, 0);
	assert_true(clock() - began < 5 * CLOCKS_PER_SEC);
}

static void
what_is_too_long_is_refused(void **state)
{
	struct ouv_buf out;

	(void)state;
	ouv_buf_init(&out, arena, 0);
	assert_int_equal(ouv_layout_clean(many("x", OUV_LAYOUT_HTML + 1), &out),
		OUV_INVALID);
	assert_int_equal(
		ouv_layout_clean(many("x", OUV_LAYOUT_HTML), &out), OUV_OK);
	assert_int_equal(out.len, OUV_LAYOUT_HTML);
}

/* Deeper than browsers go, but not for ever: its words stay. */
static void
words_below_the_depth_stay(void **state)
{
	struct ouv_str deep = many("<div>", 900), whole;

	(void)state;
	whole = str(ouv_arena_printf(
		arena, "%sdeep words%s", deep.p, many("</div>", 900).p));
	check(whole);
	assert_non_null(strstr(clean(whole).p, "deep words"));
}

static void
zero_bytes_hide_nothing(void **state)
{
	static const char page[] = "<p>a\0b</p><scr\0ipt>alert(1)</scr\0ipt>"
				   "<a hr\0ef=\"java\0script:x\">c</a>\0<b>d";

	(void)state;
	check((struct ouv_str){ page, sizeof(page) - 1 });
	assert_string_equal(clean((struct ouv_str){ page, sizeof(page) - 1 }).p,
		"<p>ab</p><a>c</a><b>d</b>");
}

/* ---- what stays
 * -------------------------------------------------------------- */

static void
each_page_becomes_as_in_the_table(void **state)
{
	/* clang-format off */
	static const struct { const char *html, *want; } pages[] = {
		{ "<h1>Title</h1><p>Two <b>bold</b> &amp; <em>other</em> words</p>",
			"<h1>Title</h1><p>Two <b>bold</b> &amp; <em>other</em> words</p>" },
		{ "<table border=0 width=600><tr><td colspan=2 style='x'>a<td rowspan=\"3\">b</table>",
			"<table><tbody><tr><td colspan=\"2\">a</td><td rowspan=\"3\">b</td></tr></tbody></table>" },
		{ "<a href=\" HTTPS://Example.org/a?b=c&amp;d \">x</a>",
			"<a href=\"https://Example.org/a?b=c&amp;d\">x</a>" },
		{ "<a href=mailto:a@b.example>x</a>", "<a href=\"mailto:a@b.example\">x</a>" },
		{ "<a href=javascript:alert(1)>x</a>", "<a>x</a>" },
		{ "<img src=http://t.example/p alt='A boat'>", "<img alt=\"A boat\">" },
		{ "<img src=\"cid:part1@x\" alt=''>", "<img src=\"cid:part1@x\" alt=\"\">" },
		{ "<img src=http://t.example/p width=1 height=1>a", "a" },
		{ "<img src=http://t.example/p width=100% height=40>", "<img>" },
		{ "<font color=red><center>x</center></font>", "x" },
		{ "<style>p{}</style><p lang=pt-BR dir=RTL title='&quot;'>x", "<p title=\"&quot;\" dir=\"rtl\" lang=\"pt-BR\">x</p>" },
		{ "<svg><desc>a</desc></svg><math><mi>b</mi></math>c", "c" },
		{ "<ul><li>a<li>b<ol><li>c</ol></ul>", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>" },
		{ "<noscript><p>no script</p></noscript>", "<p>no script</p>" },
		{ "<form><label>a</label><input value=b><button>c</button></form>", "ac" },
		{ "a<!-- b -->c", "ac" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(pages); i++)
		assert_string_equal(clean(str(pages[i].html)).p, pages[i].want);
}

static const char *
shown(const char *html)
{
	struct ouv_str body = body_of(document(str(html), NULL, 0));

	return ouv_arena_strndup(arena, body.p, body.len);
}

#define TO(address) \
	" <small class=\"to\" dir=\"ltr\">&lt;" address "&gt;</small>"

static void
a_link_shows_where_it_would_lead(void **state)
{
	/* clang-format off */
	static const struct { const char *html, *want; } links[] = {
		{ "<a href=https://evil.example/x>My bank</a>",
			"<a class=\"link\">My bank</a>" TO("https://evil.example/x") },
		{ "<a href=https://evil.example/>https://bank.example/</a>",
			"<a class=\"link\">https://bank.example/</a>" TO("https://evil.example/") },
		{ "<a href=https://bank.example/>bank.example</a>",
			"<a class=\"link\">bank.example</a>" },
		{ "<a href=https://bank.example/a>https://bank.example/a</a>",
			"<a class=\"link\">https://bank.example/a</a>" },
		{ "<a href=mailto:a@b.example>A@b.example</a>",
			"<a class=\"link\">A@b.example</a>" },
		{ "<a href=mailto:a@b.example>c@b.example</a>",
			"<a class=\"link\">c@b.example</a>" TO("mailto:a@b.example") },
		{ "<a href=https://a.example/><img src=http://t.example/p alt=Go></a>",
			"<a class=\"link\"><span class=\"pic\">Go – not loaded</span></a>" TO("https://a.example/") },
		{ "<a href=javascript:alert(1)>x</a>", "<a>x</a>" },
	};
	/* clang-format on */
	char name[201] = { 0 };
	const char *page;

	(void)state;
	for (size_t i = 0; i < COUNT(links); i++)
		assert_string_equal(shown(links[i].html), links[i].want);
	/* The host's name is not pushed out of sight. */
	memset(name, 'a', sizeof(name) - 1);
	page = shown(ouv_arena_printf(arena,
		"<a href=https://bank.example.%s@evil.example/%s>x</a>", name,
		name));
	assert_non_null(strstr(page, "@evil.example/aaaa"));
	assert_non_null(strstr(page, "a…&gt;</small>"));
}

/* ---- pictures
 * ---------------------------------------------------------------- */

/* A picture's first bytes, with these sizes. */
static struct ouv_str
png(uint32_t width, uint32_t height, size_t len)
{
	char *p = ouv_arena_alloc(arena, len);

	memcpy(p, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
	for (int i = 0; i < 4; i++) {
		p[16 + i] = (char)(width >> (24 - 8 * i));
		p[20 + i] = (char)(height >> (24 - 8 * i));
	}
	return (struct ouv_str){ p, len };
}

static size_t
shown_of(const struct ouv_layout_picture *pictures, size_t count,
	const char *html)
{
	struct ouv_str body = body_of(document(str(html), pictures, count));
	struct strict s = {
		.p = body.p, .end = body.p + body.len, .document = true
	};

	assert_true(holds(&s));
	return s.pictures;
}

static void
a_picture_is_known_by_its_bytes(void **state)
{
	static const char jpeg[] = "\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x11\x08"
				   "\0\x10\0\x10\3";
	static const char huge[] = "\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x11\x08"
				   "\xff\xff\xff\xff\3";
	const struct {
		struct ouv_str bytes;
		const char *type;
	} all[] = {
		{ png(10, 10, 40), "image/png" },
		{ { "GIF89a\1\0\1\0\0", 11 }, "image/gif" },
		{ { jpeg, sizeof(jpeg) - 1 }, "image/jpeg" },
		{ { huge, sizeof(huge) - 1 }, NULL },
		{ png(100000, 100000, 40), NULL },
		{ png(0, 10, 40), NULL },
		{ str("<svg xmlns='http://www.w3.org/2000/svg'>"), NULL },
		{ str("GIF89"), NULL },
		{ str(""), NULL },
		{ { "\0\0\1\0icon", 8 }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		const struct ouv_layout_picture one = { "x@y", all[i].bytes };
		struct ouv_str body = body_of(
			document(str("<img src=cid:x@y alt=A>"), &one, 1));

		if (all[i].type == NULL)
			assert_memory_equal(body.p,
				"<span class=\"pic\">A – not shown</span>",
				body.len);
		else
			assert_true(has_prefix(
				body.p, ouv_arena_printf(arena,
						"<img src=\"data:%s;base64,",
						all[i].type)));
	}
}

static void
base64_is_that_of_rfc_4648(void **state)
{
	struct ouv_layout_picture one = { "x", { "GIF89a\1\0\1\0", 10 } };
	struct ouv_str page = document(str("<img src=cid:x>"), &one, 1);

	(void)state;
	assert_non_null(strstr(page.p, "base64,R0lGODlhAQABAA==\""));
	one.bytes = (struct ouv_str){ "GIF89a\1\0\1\0\xff\xfe", 12 };
	page = document(str("<img src=cid:x>"), &one, 1);
	assert_non_null(strstr(page.p, "base64,R0lGODlhAQABAP/+\""));
}

static void
pictures_have_two_mebibytes_together(void **state)
{
	const struct ouv_layout_picture two[] = {
		{ "a", png(9, 9, OUV_LAYOUT_PICTURES - 100) },
		{ "b", png(9, 9, 100) },
	};

	(void)state;
	assert_int_equal(shown_of(two, 2, "<img src=cid:a><img src=cid:b>"), 2);
	assert_int_equal(shown_of(two, 2, "<img src=cid:a><img src=cid:a>"), 1);
	assert_int_equal(
		shown_of(two, 2,
			"<img src=cid:b><img src=cid:b><img src=cid:a>"),
		2);
	assert_int_equal(shown_of(two, 2, "<img src=cid:c>"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_pages_become_harmless),
		cmocka_unit_test(so_they_do_inside_anything),
		cmocka_unit_test(so_do_two_of_them),
		cmocka_unit_test(what_nests_for_ever_is_refused_at_once),
		cmocka_unit_test(what_takes_too_long_ends),
		cmocka_unit_test(what_is_too_long_is_refused),
		cmocka_unit_test(words_below_the_depth_stay),
		cmocka_unit_test(zero_bytes_hide_nothing),
		cmocka_unit_test(each_page_becomes_as_in_the_table),
		cmocka_unit_test(a_link_shows_where_it_would_lead),
		cmocka_unit_test(a_picture_is_known_by_its_bytes),
		cmocka_unit_test(base64_is_that_of_rfc_4648),
		cmocka_unit_test(pictures_have_two_mebibytes_together),
	};

	return cmocka_run_group_tests_name("layout", tests, begin, end);
}
