/*
 * mail_html_test.c - pages of mails become text as a person would read them
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "../../lib/mail/internal.h"

/* CPU seconds for 2 MB of a page; a sanitizer is slower. */
#if defined(__SANITIZE_ADDRESS__)
#define SECONDS 3.0
#else
#define SECONDS 0.5
#endif

static int
fresh_arena(void **state)
{
	*state = ouv_arena_new(OUV_ARENA_PLAIN);
	return 0;
}

static int
free_arena(void **state)
{
	struct ouv_arena *arena = *state;

	ouv_arena_free(&arena);
	return 0;
}

struct page {
	const char *html, *text;
};

static void
check(struct ouv_arena *arena, const struct page *pages, size_t count,
	bool hidden)
{
	for (size_t i = 0; i < count; i++) {
		struct ouv_str html = { pages[i].html, strlen(pages[i].html) };
		struct mail_rendering seen;
		struct ouv_buf out;

		ouv_buf_init(&out, arena, 0);
		seen = mail_html_render(arena, html, &out);
		if (strcmp(out.data, pages[i].text) != 0)
			fail_msg("%s: \"%s\"", pages[i].html, out.data);
		if (seen.hidden != hidden)
			fail_msg(
				"%s: hidden is %d", pages[i].html, seen.hidden);
		assert_false(seen.too_deep);
		assert_false(seen.cut);
	}
}

#define CHECK(pages, hidden) \
	check(*state, pages, sizeof(pages) / sizeof(pages[0]), hidden)

/* clang-format off */
static const struct page lines[] = {
	{ "", "" },
	{ "a  b\n c", "a b c\n" },
	{ "<p>a<p>b", "a\n\nb\n" },
	{ "a<br>b<br/><br>c", "a\nb\n\nc\n" },
	{ "a<br><br><br><br><br><br><br>b", "a\n\n\nb\n" },
	{ "<div>a</div><div>b</div>", "a\nb\n" },
	{ "<div>a<br></div><div>b</div>", "a\nb\n" },
	{ "<div>a</div><div><br></div><div>b</div>", "a\n\nb\n" },
	{ "<div><div>a</div></div>b", "a\nb\n" },
	{ "<b>a</b><i>b</i> <u>c</u>", "ab c\n" },
	{ "<p class=MsoNormal>a</p><p class=MsoNormal>b</p>", "a\nb\n" },
	{ "<p class=MsoNormal>a</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>b</p>", "a\n\nb\n" },
	{ "<p style='margin:0'>a</p><p style='margin:0'>b</p>", "a\nb\n" },
	{ "<p style='margin:0cm 0cm 10pt'>a</p><p>b</p>", "a\n\nb\n" },
	{ "<div>a</div><div>&nbsp;</div><div>b</div>", "a\n\nb\n" },
	{ "<h1>T</h1><h2>S</h2>a", "T\n\nS\n\na\n" },
	{ "a<hr>b", "a\n----\nb\n" },
	{ "<pre>\na\n  b\n</pre>c", "a\n  b\n\nc\n" },
	{ "<pre>a\n\n\n\n\n\nb</pre>", "a\n\n\nb\n" },
	{ "<div style='white-space: pre-wrap'>a\n  b</div>c", "a\n  b\nc\n" },
	{ "a&nbsp;&nbsp;b&nbsp;", "a  b\n" },
	{ "a\u00ad\u200bb\ufeff", "ab\n" },
	{ "a&shy;b&ZeroWidthSpace;c&zwnj;&nbsp;&zwnj;&nbsp;", "abc\n" },
	{ "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\n" },
	{ "<div>--&nbsp;</div><div>Ana</div>", "-- \nAna\n" },
	{ "<div dir=rtl>\u05d0 1</div>", "\u05d0 1\n" },
	{ "<details><summary>s</summary>a</details>b", "s\na\nb\n" },
	{ "<ruby>\u6f22<rt>kan</rt>\u5b57<rp>(</rp><rt>ji</rt><rp>)</rp></ruby>", "\u6f22(kan)\u5b57(ji)\n" },
	{ "<q>a</q> b", "\u201ca\u201d b\n" },
	{ "<dl><dt>a<dd>b<dt>c<dd>d</dl>", "a\nb\nc\nd\n" },
	{ "<p/>a<p/>b", "a\n\nb\n" },
};

static const struct page lists[] = {
	{ "<ul><li>a<li>b</ul>", "* a\n* b\n" },
	{ "<ol><li>a<li>b</ol>", "1. a\n2. b\n" },
	{ "<ol start=9><li>a<li>b<li value=20>c<li>d</ol>", "9. a\n10. b\n20. c\n21. d\n" },
	{ "<ol type=a start=26><li>a<li>b</ol>", "z. a\naa. b\n" },
	{ "<ol type=A><li>a</ol><ol type=I start=4><li>b</ol><ol type=i start=1999><li>c</ol>", "A. a\n\nIV. b\n\nmcmxcix. c\n" },
	{ "<ol start=-1 type=i><li>a<li>b<li>c</ol>", "-1. a\n0. b\ni. c\n" },
	{ "<ol start=x><li>a</ol>", "1. a\n" },
	{ "<ul><li>a<ul><li>b</ul><li>c</ul>", "* a\n  * b\n* c\n" },
	{ "<ol><li>a<ol><li>b<li>c</ol><li>d</ol>", "1. a\n  1. b\n  2. c\n2. d\n" },
	{ "<ul><li><p>a</p><p>b</p></ul>", "* a\nb\n" },
	{ "<ul><li></li><li>a</ul>", "*\n* a\n" },
	{ "<ul><li><a href='https://x.example/'>y</a></ul>", "* y <https://x.example/>\n" },
	{ "<li>a<li>b", "* a\n* b\n" },
};

static const struct page links[] = {
	{ "<a href=\"https://x.example/\">y</a>", "y <https://x.example/>\n" },
	{ "<a href='https://x.example'>x.example</a>", "x.example\n" },
	{ "<a href='https://www.x.example/a/'>http://x.example/a</a>", "http://x.example/a\n" },
	{ "<a href='https://evil.example/'>https://bank.example/</a>", "https://bank.example/ <https://evil.example/>\n" },
	{ "<a href='mailto:a@b.example'>a@b.example</a>", "a@b.example\n" },
	{ "<a href='mailto:a@b.example?subject=x'>&lt;A@b.example&gt;</a>", "<A@b.example>\n" },
	{ "<a href='mailto:a@b.example'>Ana</a>", "Ana <mailto:a@b.example>\n" },
	{ "<a href='tel:+551155501234'>(11) 5550-1234</a>", "(11) 5550-1234\n" },
	{ "<a href='tel:+551155501234'>ligue</a>", "ligue <tel:+551155501234>\n" },
	{ "<a href='javascript:alert(1)'>y</a>", "y\n" },
	{ "<a href='#x'>y</a>", "y\n" },
	{ "<a href='//x.example/b'>y</a>", "y <https://x.example/b>\n" },
	{ "<a href='https://x.example/?a=1&copy=2&amp;b'>y</a>", "y <https://x.example/?a=1&copy=2&b>\n" },
	{ "<a href=https://x.example/ ><img alt=logo></a>", "[logo] <https://x.example/>\n" },
	{ "<a href='https://x.example/'>a</a><a href='https://x.example/'>b</a>", "a <https://x.example/>b\n" },
	{ "<a href='https://x.example/'></a>a", "a\n" },
	{ "<a href='https://x.example/'>a<p>b</p></a>c", "a\n\nb <https://x.example/>\n\nc\n" },
	{ "<img alt='foto do dano' src='cid:a'>", "[foto do dano]\n" },
	{ "<img alt='x' width=1 height=1 src='https://t.example/p.gif'>a", "a\n" },
	{ "<img alt='x' style='width:1px;height:1px'>a<img alt=''><img>", "a\n" },
	{ "<img alt='l' width='100%'>", "[l]\n" },
};

static const struct page tables[] = {
	{ "<table><tr><td>a<td>b<tr><td>c</table>", "a | b\nc\n" },
	{ "<table border=1><tr><td>a</td><td></td><td>b</td></tr></table>", "a | | b\n" },
	{ "<table><tr><td>a</td><td></td><td>b</td></tr></table>", "a | b\n" },
	{ "<table><tr><th>Item<th>Qtd<th>Valor<tr><td colspan=2>Total<td>30</table>", "Item | Qtd | Valor\nTotal | | 30\n" },
	{ "<table><tr><td>Pedido:</td><td>4711</td></tr></table>", "Pedido: 4711\n" },
	{ "<table><tr><td><p>a</p></td><td><p>b</p></td></tr></table>", "a | b\n" },
	{ "<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc\n" },
	{ "<table><tr><td><table><tr><td><table><tr><td>a</td></tr></table></td></tr></table></td></tr><tr><td>b</td></tr></table>", "a\nb\n" },
	{ "<table><tr><td width=20>&nbsp;</td><td><div>a</div></td><td width=20>&nbsp;</td></tr></table>b", "a\nb\n" },
	{ "<table><caption>c</caption><thead><tr><th>a<th>b<tbody><tr><td>1<td>2</table>", "c\na | b\n1 | 2\n" },
	{ "<table><td>a<td>b</table>", "a | b\n" },
	{ "x<table><tr><td>a<td>b</table>y", "x\na | b\ny\n" },
	{ "<blockquote><table><tr><td>a<td>b</table></blockquote>", "> a | b\n" },
	{ "<ul><li><table><tr><td>a<td>b</table></ul>", "* a | b\n" },
	{ "<table><tr><td>a</td></td></tr></tr><td>b</table>", "a\nb\n" },
};

static const struct page quotes[] = {
	{ "<blockquote>a<br>b<blockquote>c</blockquote></blockquote>d", "> a\n> b\n>\n>> c\n\nd\n" },
	{ "<blockquote type=cite style='border:none'>a</blockquote>b", "> a\n\nb\n" },
	{ "<blockquote class='gmail_quote' style='border:none'>a</blockquote>b", "> a\n\nb\n" },
	{ "<blockquote style='margin:0 0 0 40px;border:none;padding:0'>a</blockquote>b", "a\nb\n" },
};

static const struct page names[] = {
	{ "&lt;&amp;&gt;&quot;&apos;&eacute;&#233;&#xE9;&euro;", "<&>\"'éé\u00e9€\n" },
	{ "&eacute &bogus; & &; &#; &#x; &#150;", "é &bogus; & &; &#; &#x; –\n" },
	{ "caf&eacutes &copy2026 &notit;", "cafés ©2026 ¬it;\n" },
	{ "&CounterClockwiseContourIntegral;&fjlig;&NotEqualTilde;&check;", "\u2233fj\u2242\u0338\u2713\n" },
	{ "R&D AT&T a&b;c &hellip &hellip;", "R&D AT&T a&b;c &hellip …\n" },
	{ "&#128;&#x80;&#0;&#xD800;&#x110000;&#99999999999;", "€€\ufffd\ufffd\ufffd\ufffd\n" },
	{ "&ccedil&atilde;o N&Atilde;O", "ção NÃO\n" },
};

static const struct page markup[] = {
	{ "<script>if (a<b) x</script>a<style>p{}</style>b", "ab\n" },
	{ "<title>x</title><body>a", "a\n" },
	{ "<SCRIPT>x</sCRIPT >a", "a\n" },
	{ "<script>never closed", "never closed\n" },
	{ "<noscript>a</noscript>b<template><p>x</p></template>", "ab\n" },
	{ "a<iframe src=x>old</iframe>b", "ab\n" },
	{ "a<!-- x -->b<!---->c<!--[if mso]>y<![endif]-->d", "abcd\n" },
	{ "<!--[if mso]><table><tr><td>x<![endif]-->a<![if !mso]>b<![endif]>", "ab\n" },
	{ "<!--[if !mso]><!-->a<!--<![endif]-->b", "ab\n" },
	{ "<!--[if gte mso 9]><xml><o:x>96</o:x></xml><![endif]-->a", "a\n" },
	{ "<xml>x</xml>a", "a\n" },
	{ "a<!-- never closed", "a<!-- never closed\n" },
	{ "a<!-- never <b>closed", "a never closed\n" },
	{ "a<![CDATA[b & <b>&amp;]]>c<?xml version=1?>d<!DOCTYPE html>e", "ab & <b>&amp;cde\n" },
	{ "1<2 <3 a<", "1<2 <3 a<\n" },
	{ "<a@b.example> <https://x.example/a b>", "<a@b.example> <https://x.example/a b>\n" },
	{ "<p class=\"x>a</p>", "a\n" },
	{ "<p title='a>b'>c</p>", "c\n" },
	{ "<img alt='a > b' src=x>c", "[a > b]c\n" },
	{ "<o:p/>a<o:p>&nbsp;</o:p>b", "a b\n" },
	{ "<b>a<p>b</b>c</p>d", "a\n\nbc\n\nd\n" },
	{ "</p></div></b>a</li>", "a\n" },
	{ "<b><i>a</b>b</i>c", "abc\n" },
	{ "<td><table><tr><td>a</div></td></tr></table>b", "a\nb\n" },
};

static const struct page forms[] = {
	{ "Nome: <input value='Ana &amp; Rui'> <input type=hidden value=t>x", "Nome: Ana & Rui x\n" },
	{ "<input type=checkbox checked> sim <input type=radio> no", "[x] sim [ ] no\n" },
	{ "<input type=submit value=Enviar><input type=password value=s>", "[Enviar]\n" },
	{ "a<textarea rows=2>\num <b>\n dois</textarea>b", "a\num <b>\n dois\nb\n" },
	{ "<select><option>a<option selected>b<option>c</select>d", "bd\n" },
	{ "<select><option>a</option><option>b</option></select> c", "a c\n" },
	{ "<select multiple><option selected>a<option selected>b</select>", "a, b\n" },
	{ "<select><option>a<option>b</div>", "a\n" },
	{ "<button>ok</button><label>l</label>", "okl\n" },
};

static const struct page hidden[] = {
	{ "<p style='display:none'>x</p>a", "a\n" },
	{ "<p style='DISPLAY : None !important'>x<p>a", "a\n" },
	{ "<div style='display:none'><div>x</div>y</div>a", "a\n" },
	{ "<span hidden>x</span>a", "a\n" },
	{ "<span style='visibility: hidden'>x</span>a", "a\n" },
	{ "<span style='mso-hide:all'>x</span>a", "a\n" },
	{ "<span style='opacity:0.0'>x</span>a", "a\n" },
	{ "<td style='font-size:0'><b style='font-size:9px'>a</b>x</td>", "a\n" },
	{ "<p style='font-size:0.0em'>x</p>a", "a\n" },
	{ "<p style='font-size:1px'>x</p>a", "a\n" },
	{ "<p style='font:0/0 a'>x</p>a", "a\n" },
	{ "<p style='max-height:0;overflow:hidden'>x</p>a", "a\n" },
	{ "<p style='overflow:hidden;height:0px'>x</p>a", "a\n" },
	{ "<p style='position:absolute;left:-9999px'>x</p>a", "a\n" },
	{ "<p style='text-indent:-1000em'>x</p>a", "a\n" },
	{ "<p style='clip: rect(0 0 0 0); position:absolute'>x</p>a", "a\n" },
	{ "<p style='color:transparent'>x</p>a", "a\n" },
	{ "<div style='background:#fff'><p style='color:white'>x</p>a</div>", "a\n" },
	{ "<table><tr><td bgcolor='#FFFFFF'><font color='#ffffff'>x</font>a</table>", "a\n" },
	{ "<div style='background-color:rgb(10, 20,30)'><b style='color:#0a141e'>x</b>a</div>", "a\n" },
	{ "<td><span style='display:none'><table><tr><td>x</td></span></tr></table></span>a", "a\n" },
	{ "<div style='display:none'>Veja as ofertas &zwnj;&nbsp;</div>a", "a\n" },
};

static const struct page shown[] = {
	{ "<p style='font-size:0.9em'>a", "a\n" },
	{ "<p style='display:none'> &nbsp;&zwnj;&#847; </p>a", "a\n" },
	{ "<p style='color:white'>a", "a\n" }, /* no background is known */
	{ "<div style='background:#fff url(x.png)'><p style='color:#fff'>a</div>", "a\n" },
	{ "<td bgcolor=white><a href='#' style='x:y'>a</a></td>", "a\n" },
	{ "<div style='background:#000'><p style='color:#fff'>a</div>", "a\n" },
	{ "<p style='max-height:0'>a</p>", "a\n" },
	{ "<p style='left:-10px;height:10px;overflow:hidden'>a", "a\n" },
	{ "<p style='opacity:0.4'>a", "a\n" },
	{ "<p style='background:url(a;display:none)'>a", "a\n" },
};
/* clang-format on */

static void
words_stand_in_their_lines(void **state)
{
	CHECK(lines, false);
}

static void
lists_have_marks_numbers_and_steps(void **state)
{
	CHECK(lists, false);
}

static void
an_address_is_written_when_the_text_does_not_say_it(void **state)
{
	CHECK(links, false);
}

static void
a_table_of_data_has_rows_and_a_layout_has_none(void **state)
{
	CHECK(tables, false);
}

static void
quotes_are_marked_and_indents_are_not(void **state)
{
	CHECK(quotes, false);
}

static void
every_name_of_a_character_is_known(void **state)
{
	CHECK(names, false);
}

static void
odd_markup_loses_no_word(void **state)
{
	CHECK(markup, false);
}

static void
what_was_filled_into_a_form_is_read(void **state)
{
	CHECK(forms, false);
}

static void
what_nobody_can_see_is_left_out_and_said(void **state)
{
	CHECK(hidden, true);
}

static void
what_may_be_seen_is_shown(void **state)
{
	CHECK(shown, false);
}

static void
a_page_that_hides_everything_is_shown(void **state)
{
	static const struct page pages[] = {
		{ "<p style='display:none'>only</p>", "only\n" },
		{ "<div style='font-size:0'><p>a</p><p>b</p></div>",
			"a\n\nb\n" },
	};

	CHECK(pages, false); /* it hid nothing: it was written oddly */
}

/* clang-format off */
static const struct {
	const char *html;
	bool remote;
} fetching[] = {
	{ "<img src='https://x.example/a.png'>", true },
	{ "<img src=HTTP://x.example/a.png width=1 height=1>", true },
	{ "<img src='//x.example/a.png'>", true },
	{ "<div style='display:none'><img src='https://x.example/a'></div>b", true },
	{ "<td background='http://x.example/a'>", true },
	{ "<p style='background:url(\"https://x.example/a\")'>", true },
	{ "<link rel=stylesheet href='https://x.example/a.css'>", true },
	{ "<style>@import 'https://x.example/a.css';</style>", true },
	{ "<style>p { background: url( 'http://x.example/' ) }</style>", true },
	{ "<video src='https://x.example/a'></video>", true },
	{ "<input type=image src='https://x.example/a'>", true },
	{ "<img srcset='https://x.example/a 2x'>", true },
	{ "<img src='cid:a@b'>", false },
	{ "<img src='data:image/png;base64,AAAA'>", false },
	{ "<a href='https://x.example/'>a</a>", false },
	{ "<!-- <img src='https://x.example/a.png'> -->", false },
	{ "&lt;img src='https://x.example/a.png'>", false },
	{ "<style>p { background: url(data:a) }</style>", false },
	{ "", false },
};
/* clang-format on */

static void
a_page_that_would_fetch_something_is_known(void **state)
{
	for (size_t i = 0; i < sizeof(fetching) / sizeof(fetching[0]); i++) {
		struct ouv_str html = { fetching[i].html,
			strlen(fetching[i].html) };
		struct ouv_buf out;

		ouv_buf_init(&out, *state, 0);
		if (mail_html_render(*state, html, &out).remote !=
			fetching[i].remote)
			fail_msg("%s", fetching[i].html);
	}
}

/* ---- limits -----------------------------------------------------------------
 */

/* clang-format off */
static const struct {
	const char *head, *again, *tail;
} attacks[] = {
	{ "", "<div>", "x" },
	{ "", "<", "x" },
	{ "", "<!--", "x" },
	{ "", "<![CDATA[", "x" },
	{ "", "<script>", "x" },
	{ "", "<textarea>", "x" },
	{ "", "<a b=\"", "x" },
	{ "<p ", "a b=c ", ">x" },
	{ "<p style='", "color:red;", "'>x" },
	{ "", "<p style='a:(;'>x", "" },
	{ "", "&x;&#;", "x" },
	{ "", "&CounterClockwiseContourIntegra;", "x" },
	{ "", "&ampere", "x" },
	{ "", "&nbsp;", "x" },
	{ "", "<ul><li>", "x" },
	{ "", "<blockquote>a<br>", "x" },
	{ "<i>", "<b></u>", "x" },
	{ "", "<table><tr><td>a<td>b", "x" },
	{ "", "<tr><td>a<td>b", "x" },
	{ "<table><tr>", "<td>a", "</table>x" },
	{ "<table border=1><tr><td>a", "<td>", "</table>x" },
	{ "", "<select><option>a", "</select>x" },
	{ "<select>", "<option selected>a", "</select>x" },
	{ "", "<ol type=i start=3999><li>a", "x" },
	{ "", "<a href='https://x.example/y'>a", "x" },
	{ "", "<a href='https://x.example/y'>a</a>", "x" },
	{ "", "<ruby><rt>a", "x" },
	{ "", "<img alt='a b' src='https://x.example/'>", "x" },
	{ "", "<p>a<p style='display:none'>b", "</p>x" },
	{ "", "<style>url(</style>", "x" },
	{ "<style>", "url(", "</style>x" },
	{ "", "--&nbsp;<br>", "x" },
};
/* clang-format on */

static void
two_megabytes_of_anything_cost_little_time(void **state)
{
	const size_t size = 2000000;
	char *html = malloc(size + 100);

	(void)state;
	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		size_t again = strlen(attacks[i].again), len;
		struct ouv_buf out;
		clock_t start;
		double seconds;

		len = strlen(attacks[i].head);
		memcpy(html, attacks[i].head, len);
		for (; len + again <= size; len += again)
			memcpy(html + len, attacks[i].again, again);
		memcpy(html + len, attacks[i].tail, strlen(attacks[i].tail));
		len += strlen(attacks[i].tail);
		ouv_buf_init(&out, arena, 0);
		start = clock();
		(void)mail_html_render(
			arena, (struct ouv_str){ html, len }, &out);
		seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
		if (seconds > SECONDS)
			fail_msg("%s: %.2f s", attacks[i].again, seconds);
		if (strchr(out.data, 'x') == NULL)
			fail_msg("%s: the end is lost", attacks[i].again);
		ouv_arena_free(&arena);
	}
	free(html);
}

static void
what_is_too_long_or_too_deep_is_said(void **state)
{
	size_t size = MAIL_HTML_MAX + 1000;
	char *html = malloc(size);
	struct mail_rendering seen;
	struct ouv_buf out;

	memset(html, 'a', size);
	ouv_buf_init(&out, *state, 0);
	seen = mail_html_render(*state, (struct ouv_str){ html, size }, &out);
	assert_true(seen.cut);
	assert_int_equal(out.len, MAIL_HTML_MAX + 1);
	for (size_t i = 0; i < 1000; i++)
		memcpy(html + 3 * i, "<b>", 3);
	out.len = 0;
	seen = mail_html_render(*state, (struct ouv_str){ html, 3001 }, &out);
	assert_true(seen.too_deep);
	assert_false(seen.cut);
	assert_string_equal(out.data, "a\n");
	free(html);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fresh_arena, free_arena)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(words_stand_in_their_lines),
		T(lists_have_marks_numbers_and_steps),
		T(an_address_is_written_when_the_text_does_not_say_it),
		T(a_table_of_data_has_rows_and_a_layout_has_none),
		T(quotes_are_marked_and_indents_are_not),
		T(every_name_of_a_character_is_known),
		T(odd_markup_loses_no_word),
		T(what_was_filled_into_a_form_is_read),
		T(what_nobody_can_see_is_left_out_and_said),
		T(what_may_be_seen_is_shown),
		T(a_page_that_hides_everything_is_shown),
		T(a_page_that_would_fetch_something_is_known),
		T(two_megabytes_of_anything_cost_little_time),
		T(what_is_too_long_or_too_deep_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
