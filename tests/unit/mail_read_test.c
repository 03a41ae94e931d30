/*
 * mail_read_test.c - headers, parameters, addresses, encodings, HTML and
 * limits of the mail reader, table by table
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

#ifdef __SANITIZE_ADDRESS__
#define SECONDS 10 /* sanitizers are slow, not the reader */
#else
#define SECONDS 1
#endif

static const struct ouv_mail_office office = {
	.address = "ouvidoria@ouvidoria.example",
	.reply_local = "caso",
	.authserv_id = "mx.ouvidoria.example",
	.loop_id = "loop-7f3a",
};

static struct ouv_str
str(const char *text)
{
	return (struct ouv_str){ text, strlen(text) };
}

static int
fresh_arena(void **state)
{
	*state = ouv_arena_new(OUV_ARENA_PLAIN);
	return 0;
}

static int
free_arena(void **state)
{
	ouv_arena_free((struct ouv_arena **)state);
	return 0;
}

/* ---- header
 * ------------------------------------------------------------------ */

/* clang-format off */
static const struct {
	const char *block, *name, *value; /* NULL: no such field */
	const char *rest;                 /* what is body */
	bool broken;
} headers[] = {
	{ "A: b\n\nx", "a", "b", "x", false },
	{ "A: b\r\n\r\nx", "a", "b", "x", false },
	{ "A: b\r\r\n\r\r\nx", "a", "b", "x", false },
	{ "A: b\r\rx", "a", "b", "x", false },
	{ "A:b\n c\n\td\n\nx", "A", "b c\td", "x", false },
	{ "A : b\n\nx", "a", "b", "x", false },
	{ "A:\n b\n\nx", "a", "b", "x", false },
	/* a line that lost its blank belongs to the field above */
	{ "A: b\nc d\nE: f\n\nx", "a", "b c d", "x", true },
	{ "A: b\n=?utf-8?q?c?=\nE: f\n\nx", "a", "b =?utf-8?q?c?=", "x", true },
	{ "A: b\rc\nE: f\n\nx", "a", "b c", "x", false },
	{ "Content-Type: a/b;\nc=d\n\nx", "content-type", "a/b; c=d", "x", true },
	{ "Content-Type: a/b\nlixo\nE: f\n\nx", "content-type", "a/b", "x", true },
	{ "A: b\nFrom a Mon\nE: f\n\nx", "a", "b", "x", false },
	{ "titulo\n \ntexto\n", "a", NULL, "titulo\n \ntexto\n", true },
	{ "A:\n\nx", "a", "", "x", false },
	{ "A: b\n \nC: d\n\nx", "c", "d", "x", false },
	{ "A: b\n \ntexto\n", "a", "b", "texto\n", false },
	{ "A: b", "a", "b", "", false },
	{ "", "a", NULL, "", false },
	{ "\nx", "a", NULL, "x", false },
	{ "From a Mon\nA: b\n\nx", "a", "b", "x", false },
	{ ">From a Mon\nA: b\n\nx", "a", "b", "x", false },
	{ "lixo\nA: b\n\nx", "a", "b", "x", true },
	{ "A: b\nlixo lixo\nC: d\n\nx", "c", "d", "x", true },
	{ "A: b\nola bom dia\nmais\n", "a", "b", "ola bom dia\nmais\n", true },
	{ "A: b\n--x\nC: d\n\n", "c", NULL, "--x\nC: d\n\n", false },
	{ ": b\nA: c\n\nx", "a", "c", "x", true },
	{ "Ab: b\nA: c\n\nx", "a", "c", "x", false },
};
/* clang-format on */

static void
a_header_is_split_however_it_is_written(void **state)
{
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		const char *block = headers[i].block;
		struct mail_header header;
		struct ouv_str value;

		mail_header_split(*state, block, strlen(block), &header);
		value = mail_field_raw(&header, headers[i].name);
		if ((value.p == NULL) != (headers[i].value == NULL) ||
			(value.p != NULL &&
				!mail_str_is(value, headers[i].value)))
			fail_msg("row %zu: \"%.*s\"", i, (int)value.len,
				value.p);
		assert_string_equal(block + header.length, headers[i].rest);
		if (header.broken != headers[i].broken)
			fail_msg("row %zu: broken", i);
		assert_false(header.cut);
	}
}

static void
fields_are_found_in_order_and_in_any_case(void **state)
{
	static const char block[] = "To: a\nCC: b\nto: c\nTO : d\n\n";
	struct mail_header header;

	mail_header_split(*state, block, sizeof(block) - 1, &header);
	assert_true(mail_str_is(mail_field_nth(&header, "to", 1)->raw, "c"));
	assert_true(mail_str_is(mail_field_nth(&header, "To", 2)->raw, "d"));
	assert_null(mail_field_nth(&header, "to", 3));
	assert_null(mail_field_nth(&header, "t", 0));
}

/* ---- encoded words
 * ---------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *raw, *text;
} words[] = {
	{ "", "" },
	{ "plain", "plain" },
	{ "=?utf-8?q?ol=C3=A1?=", "olá" },
	{ "=?UTF-8?B?b2zDoQ==?=", "olá" },
	{ "=?utf-8?q?a?= =?utf-8?q?b?=", "ab" },
	{ "=?utf-8?q?a?=  \t =?utf-8?q?b?=", "ab" },
	{ "=?utf-8?q?a?==?utf-8?q?b?=", "ab" },
	{ "=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c" },
	{ "a =?utf-8?q?b?=", "a b" },
	{ "a=?utf-8?q?b?=c", "abc" },
	{ "=?utf-8?q?a_b?=", "a b" },
	{ "=?utf-8?q?a b?=", "a b" },
	{ "=?iso-8859-1?q?=E1?= =?utf-8?q?=C3=A1?=", "áá" },
	{ "=?utf-8?q?=C3?= =?UTF-8?q?=A1?=", "á" },
	{ "=?utf-8?B?ww==?= =?utf-8?B?oQ==?=", "á" },
	{ "=?utf-8*pt?q?=C3=A1?= =?utf-8?q?b?=", "áb" },
	{ "=? utf-8 ? q ?a?=", "a" },
	{ "=?utf-8?q?" "?=", "" },
	{ "=?utf-8?q?what?=3F?=", "what??" },
	{ "=?utf-8?q?a=?=", "a=" },
	{ "=?utf-8?q?a=XY?=", "a=XY" },
	{ "=?utf-8?x?a?=", "=?utf-8?x?a?=" },
	{ "=??q?a=C3=A1?=", "aá" },
	{ "=?utf-8?q", "=?utf-8?q" },
	{ "=?utf-8?q?nunca fechado", "nunca fechado" },
	{ "=?utf-8?q?um =?utf-8?q?dois?=", "umdois" },
	{ "=?x-inventado?q?=E1?=", "á" },
	{ "=?us-ascii?q?=C3=A1?=", "á" },
	{ "\"=?utf-8?q?a?=\"", "\"a\"" },
	{ "ol\xc3\xa1", "olá" },
	{ "ol\xe1", "olá" },
	{ "ol\xe1 =?utf-8?q?=C3=A1?= \xe9", "olá á é" },
	{ "a\tb\x01\x7f", "a b" },
	{ "=?utf-8?q?a=00=0D=0Ab?=", "a  b" },
	{ "=?utf-8?q?a=E2=80=8Bb=E2=80=AEc?=", "abc" },
	{ "=?utf-8?q?=E2=80=A8a?=", "a" },
	{ "=?utf-8?B?8J+YgA==?=", "😀" },
	{ "=?utf-8?Q?=F0=9F?= =?utf-8?Q?=98=80?=", "😀" },
	{ "=?iso-2022-jp?B?GyRCNmw+cBsoQg==?=", "苦情" },
};
/* clang-format on */

static void
encoded_words_are_decoded_as_they_are_sent(void **state)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *text =
			mail_decode_2047(*state, str(words[i].raw), NULL);

		if (strcmp(text, words[i].text) != 0)
			fail_msg("%s: \"%s\"", words[i].raw, text);
	}
}

static void
raw_bytes_of_a_header_take_the_charset_of_the_body(void **state)
{
	assert_string_equal(
		mail_decode_2047(*state, str("\xd6\xc1"), "koi8-r"), "жа");
	assert_string_equal(
		mail_decode_2047(*state, str("\xc3\xa1"), "koi8-r"), "á");
}

/* ---- parameters
 * ---------------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *raw, *value, *name, *param; /* param NULL: not there */
} params[] = {
	{ "text/plain; charset=utf-8", "text/plain", "charset", "utf-8" },
	{ "TEXT/Plain ; CharSet = \"UTF-8\"", "text/plain", "charset", "UTF-8" },
	{ "text/plain charset=utf-8", "text/plain", "charset", "utf-8" },
	{ "text/plain (a; b) ; charset=utf-8", "text/plain", "charset", "utf-8" },
	{ "text/plain; ; charset=utf-8;", "text/plain", "charset", "utf-8" },
	{ "text/plain; charset", "text/plain", "charset", NULL },
	{ "text/plain; charset=", "text/plain", "charset", "" },
	{ "; charset=utf-8", "", "charset", "utf-8" },
	{ "", "", "charset", NULL },
	{ "a/b; name=\"a\\\"b\"", "a/b", "name", "a\"b" },
	{ "a/b; name=\"C:\\dir\\f.txt\"", "a/b", "name", "C:\\dir\\f.txt" },
	{ "a/b; name=\"nunca fechado; x=1", "a/b", "name", "nunca fechado; x=1" },
	{ "a/b; name=um dois.pdf; x=1", "a/b", "name", "um dois.pdf" },
	{ "a/b; name=um dois.pdf size=1", "a/b", "name", "um dois.pdf" },
	{ "a/b; name=a; name=b", "a/b", "name", "a" },
	{ "a/b; name==?utf-8?q?=C3=A1?=", "a/b", "name", "á" },
	{ "a/b; name=\"=?utf-8?q?=C3=A1?= =?utf-8?q?b?=\"", "a/b", "name", "áb" },
	{ "a/b; name=\"\xe1.pdf\"", "a/b", "name", "á.pdf" },
	{ "a/b; name*=utf-8''%C3%A1", "a/b", "name", "á" },
	{ "a/b; name*=iso-8859-1'pt'%E1", "a/b", "name", "á" },
	{ "a/b; name*=''%C3%A1", "a/b", "name", "á" },
	{ "a/b; name*=%C3%A1", "a/b", "name", "á" },
	{ "a/b; name*=\"utf-8''%C3%A1\"", "a/b", "name", "á" },
	{ "a/b; name*=utf-8''a%2", "a/b", "name", "a%2" },
	{ "a/b; name*=utf-8''a%00b", "a/b", "name", "ab" },
	{ "a/b; name=x; name*=utf-8''%C3%A1", "a/b", "name", "á" },
	{ "a/b; name*=utf-8''%C3%A1; name=x", "a/b", "name", "á" },
	{ "a/b; name*0=a; name*1=b; name*2=c", "a/b", "name", "abc" },
	{ "a/b; name*2=c; name*0=a; name*1=b", "a/b", "name", "abc" },
	{ "a/b; name*0*=utf-8''%C3; name*1*=%A1; name*2=%41", "a/b", "name", "á%41" },
	{ "a/b; name*10=k; name*9=j; name*0=a", "a/b", "name", "ajk" },
	{ "a/b; name*0=\"=?utf-8?q?=C3=A1\"; name*1=\"?=b\"", "a/b", "name", "áb" },
	{ "a/b; name=x; name*0=a; name*1=b", "a/b", "name", "ab" },
	{ "a/b; name*0=a; name*0=z; name*1=b", "a/b", "name", "ab" },
	{ "a/b; name=\"utf-8''%C3%A1\"", "a/b", "name", "á" },
	{ "a/b; name=\"inventado''%C3%A1\"", "a/b", "name", "inventado''%C3%A1" },
	{ "a/b; name=\"a%20b\"", "a/b", "name", "a%20b" },
	{ "a/b; name=\"a \"b\" c\"; x=1", "a/b", "name", "a \"b\" c" },
	{ "a/b; name=\"a\"x=1", "a/b", "x", "1" },
	{ "a/b; name=a;b.pdf; x=1", "a/b", "name", "a;b.pdf" },
	{ "a/b; name=a.pdf; b", "a/b", "name", "a.pdf" },
	{ "a/b; name==?utf-8?q?a;b?=", "a/b", "name", "a;b" },
	{ "a/b; name=a (1).pdf", "a/b", "name", "a (1).pdf" },
	{ "a/b; charset=utf-8 (x)", "a/b", "charset", "utf-8" },
	{ "a/b; boundary=x (y)", "a/b", "boundary", "x" },
	{ "\"a/b\"; x=1", "a/b", "x", "1" },
	{ "m/m; boundary=\"a b'()+_,-./:=?\"", "m/m", "boundary", "a b'()+_,-./:=?" },
};
/* clang-format on */

static void
parameters_are_read_in_every_spelling(void **state)
{
	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
		struct mail_params read;
		const char *got;

		mail_params_read(*state, str(params[i].raw), NULL, &read);
		got = mail_param(&read, params[i].name);
		if (strcmp(read.value, params[i].value) != 0)
			fail_msg("%s: value \"%s\"", params[i].raw, read.value);
		if ((got == NULL) != (params[i].param == NULL) ||
			(got != NULL && strcmp(got, params[i].param) != 0))
			fail_msg("%s: \"%s\"", params[i].raw,
				got == NULL ? "none" : got);
	}
}

static void
a_filename_has_no_path_and_keeps_its_extension(void **state)
{
	char name[1001];
	const char *cut;

	(void)snprintf(name, sizeof(name), "%0996d.pdf", 0);
	cut = mail_clean_filename(*state, name);
	assert_true(strlen(cut) <= MAIL_FILENAME_MAX);
	assert_string_equal(cut + strlen(cut) - 4, ".pdf");
	assert_string_equal(mail_clean_filename(*state, "a/b\\c.txt"), "c.txt");
	assert_null(mail_clean_filename(*state, ".."));
	assert_null(mail_clean_filename(*state, "a/"));
	assert_null(mail_clean_filename(*state, " \x01 "));
	assert_null(mail_clean_filename(*state, NULL));
}

/* ---- addresses
 * ------------------------------------------------------------------------ */

/* Each row's addresses as "name|addr" with ", " between them. */
/* clang-format off */
static const struct {
	const char *raw, *list;
} addresses[] = {
	{ "", "" },
	{ "a@b.example", "|a@b.example" },
	{ "<a@b.example>", "|a@b.example" },
	{ "Ana <a@b.example>", "Ana|a@b.example" },
	{ "\"Ana S.\" <a@b.example>", "Ana S.|a@b.example" },
	{ "\"Ana \\\"Bia\\\"\" <a@b.example>", "Ana \"Bia\"|a@b.example" },
	{ "'Ana' <a@b.example>", "Ana|a@b.example" },
	{ "Ana Maria\t <a@b.example>", "Ana Maria|a@b.example" },
	{ "a@b.example (Ana)", "Ana|a@b.example" },
	{ "a@b.example (Ana (b) \\) c)", "Ana (b) \\) c|a@b.example" },
	{ "Ana (casa) <a@b.example>", "Ana|a@b.example" },
	{ "(Ana) <a@b.example>", "Ana|a@b.example" },
	{ "Ana <a(x)@b(y).example>", "Ana|a@b.example" },
	{ "a@b.example, c@d.example", "|a@b.example, |c@d.example" },
	{ "a@b.example; c@d.example", "|a@b.example, |c@d.example" },
	{ ",, a@b.example,,", "|a@b.example" },
	{ "Silva, Ana <a@b.example>", "Silva, Ana|a@b.example" },
	{ "\"Silva, Ana\" <a@b.example>", "Silva, Ana|a@b.example" },
	{ "A B <a@b.example> C D <c@d.example>", "A B|a@b.example, C D|c@d.example" },
	{ "Ana a@b.example", "Ana|a@b.example" },
	{ "\"Ana S\" a@b.example", "Ana S|a@b.example" },
	{ "\"a b\"@c.example", "|\"a b\"@c.example" },
	{ "Ana <\"a b\"@c.example>", "Ana|\"a b\"@c.example" },
	{ "g: a@b.example, C <c@d.example>;", "|a@b.example, C|c@d.example" },
	{ "undisclosed-recipients:;", "" },
	{ "A <a@b.example> g: C <c@d.example>", "A|a@b.example, C|c@d.example" },
	{ "g1: a@b.example; g2: c@d.example;", "|a@b.example, |c@d.example" },
	{ "<@r.example,@s.example:a@b.example>", "|a@b.example" },
	{ "<mailto:a@b.example>", "|a@b.example" },
	{ "mailto:a@b.example", "|a@b.example" },
	{ "<a@b.example", "|a@b.example" },
	{ "<<a@b.example>>", "|a@b.example" },
	{ "<'a@b.example'>", "|a@b.example" },
	{ "< a@ b.example >", "|a@b.example" },
	{ "a@[192.0.2.1]", "|a@[192.0.2.1]" },
	{ "a@[IPv6:2001:db8::1]", "|a@[IPv6:2001:db8::1]" },
	{ "Ana <a@[IPv6:2001:db8::1]>", "Ana|a@[IPv6:2001:db8::1]" },
	{ "MAILER-DAEMON <>", "MAILER-DAEMON|" },
	{ "a @ b.example", "|a@b.example" },
	{ "a@b .example", "|a@b.example" },
	{ "a@b.example c@d.example", "|a@b.example, |c@d.example" },
	{ "A a@b.example C c@d.example", "A|a@b.example, C|c@d.example" },
	{ "a@b.example Ana", "Ana|a@b.example" },
	{ "Silva, Ana, Dra. <a@b.example>", "Silva, Ana, Dra.|a@b.example" },
	{ "Ana,<a@b.example>", "Ana|a@b.example" },
	{ "Ana; Rui <r@b.example>", "|Ana, Rui|r@b.example" },
	{ "Loja: Ana <a@b.example>", "Loja: Ana|a@b.example" },
	{ "Loja: Ana <a@b.example>;", "Ana|a@b.example" },
	{ "From: Ana <a@b.example>", "Ana|a@b.example" },
	{ "<a@b.example> Ana", "Ana|a@b.example" },
	{ "Ana <a@b.example>.", "Ana|a@b.example" },
	{ "<Ana> a@b.example", "Ana|a@b.example" },
	{ "Ana <Silva> <a@b.example>", "Ana <Silva>|a@b.example" },
	{ "Ana <3 <a@b.example>", "Ana <3|a@b.example" },
	{ "Ana [mailto:a@b.example]", "Ana|a@b.example" },
	{ "<mailto:a@b.example?subject=x>", "|a@b.example" },
	{ "Ana <SMTP:a@b.example>", "Ana|a@b.example" },
	{ "=?utf-8?q?Ana_<a@b.example>?=", "Ana|a@b.example" },
	{ "Ana <=?utf-8?q?a=40b.example?=>", "Ana|a@b.example" },
	{ "<>", "|" },
	{ "MAILER-DAEMON", "|MAILER-DAEMON" },
	{ "Ana Silva", "Ana Silva|" },
	{ "=?utf-8?q?Jo=C3=A3o?= <a@b.example>", "João|a@b.example" },
	{ "\"=?utf-8?q?Jo=C3=A3o?=\" <a@b.example>", "João|a@b.example" },
	{ "=?utf-8?q?Silva, Ana?= <a@b.example>", "Silva, Ana|a@b.example" },
	{ "=?utf-8?q?Ana_=3Ca=40b.example=3E?=", "Ana|a@b.example" },
	{ "=?utf-8?q?a=40b.example?=", "|a@b.example" },
	{ "Jo\xe3o <a@b.example>", "João|a@b.example" },
	{ "j\xc3\xa1@b.example", "|já@b.example" },
	{ "\"a@b.example\" <c@d.example>", "a@b.example|c@d.example" },
	{ "a@b.example <c@d.example>", "a@b.example|c@d.example" },
	{ "A\x01\xe2\x80\x8b" "B <a\x02@b.example>", "A B|a@b.example" },
	{ "(((( a@b.example", "((((|a@b.example" },
	{ "\"nunca fechado <a@b.example>", "nunca fechado|a@b.example" },
};
/* clang-format on */

static void
addresses_are_read_in_every_spelling(void **state)
{
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		struct ouv_mail_addrs addrs;
		struct ouv_buf list;

		mail_addresses(*state, str(addresses[i].raw), NULL, &addrs);
		ouv_buf_init(&list, *state, 0);
		for (size_t k = 0; k < addrs.count; k++)
			ouv_buf_printf(&list, "%s%s|%s", k > 0 ? ", " : "",
				addrs.list[k].name, addrs.list[k].addr);
		if (strcmp(list.data, addresses[i].list) != 0)
			fail_msg("%s: %s", addresses[i].raw, list.data);
	}
}

static void
message_ids_lose_their_brackets_and_their_doubles(void **state)
{
	struct ouv_mail_ids ids;

	mail_ids(*state, str("<a@b> <a@b>,c@d palavra <e @f> <> <g@h <i@j>"),
		&ids);
	assert_int_equal(ids.count, 5);
	assert_string_equal(ids.list[0], "a@b");
	assert_string_equal(ids.list[1], "c@d");
	assert_string_equal(ids.list[2], "e@f");
	assert_string_equal(ids.list[3], "g@h");
	assert_string_equal(ids.list[4], "i@j");
}

/* ---- transfer encodings
 * ------------------------------------------------------------------ */

/* clang-format off */
static const struct {
	const char *encoded, *bytes;
	enum ouv_mail_encoding encoding;
	bool clean;
} transfers[] = {
	{ "", "", OUV_MAIL_BASE64, true },
	{ "YWJj", "abc", OUV_MAIL_BASE64, true },
	{ "YW\r\nJj\n", "abc", OUV_MAIL_BASE64, true },
	{ "YWI=", "ab", OUV_MAIL_BASE64, true },
	{ "YQ==", "a", OUV_MAIL_BASE64, true },
	{ "YWI", "ab", OUV_MAIL_BASE64, true },
	{ "YQ", "a", OUV_MAIL_BASE64, true },
	{ "Y", "", OUV_MAIL_BASE64, false },
	{ "YQ==Yg==", "ab", OUV_MAIL_BASE64, true },
	{ "YQ==\nYg==\n", "ab", OUV_MAIL_BASE64, true },
	{ "YW*Jj", "abc", OUV_MAIL_BASE64, false },
	{ "YWJj====", "abc", OUV_MAIL_BASE64, true },
	{ "YQ==\n_____\num rodape\n", "a", OUV_MAIL_BASE64, false },
	{ "a=20b", "a b", OUV_MAIL_QP, true },
	{ "a=\nb", "ab", OUV_MAIL_QP, true },
	{ "a=\r\nb", "ab", OUV_MAIL_QP, true },
	{ "a= \t\r\nb", "ab", OUV_MAIL_QP, true },
	{ "a=", "a", OUV_MAIL_QP, true },
	{ "=c3=A1", "á", OUV_MAIL_QP, true },
	{ "a  \nb\t\r\n", "a\nb\r\n", OUV_MAIL_QP, true },
	{ "a  b", "a  b", OUV_MAIL_QP, true },
	{ "1 = 2", "1 = 2", OUV_MAIL_QP, false },
	{ "=4", "=4", OUV_MAIL_QP, false },
	{ "==41", "=A", OUV_MAIL_QP, false },
	{ "begin 644 f\n#86)C\n`\nend\n", "abc", OUV_MAIL_UUENCODE, true },
	{ "x\nbegin 644 f\n#86)C\n!80``\n`\nend\n", "abca", OUV_MAIL_UUENCODE, true },
	{ "begin 644 f\r\n#86)C\r\nend\r\n", "abc", OUV_MAIL_UUENCODE, true },
	{ "begin 644 f\n#86)C\n", "abc", OUV_MAIL_UUENCODE, false },
	{ "nada", "", OUV_MAIL_UUENCODE, false },
};
/* clang-format on */

static void
transfer_encodings_are_total(void **state)
{
	for (size_t i = 0; i < sizeof(transfers) / sizeof(transfers[0]); i++) {
		struct ouv_str bytes;
		/* of the exact size, for the sanitizer */
		size_t len = strlen(transfers[i].encoded);
		char *copy = malloc(len + (len == 0));
		bool clean;

		memcpy(copy, transfers[i].encoded, len);
		clean = mail_decode_bytes(*state, transfers[i].encoding,
			(struct ouv_str){ copy, len }, &bytes);
		if (bytes.len != strlen(transfers[i].bytes) ||
			memcmp(bytes.p, transfers[i].bytes, bytes.len) != 0 ||
			clean != transfers[i].clean)
			fail_msg("%s: \"%.*s\" %d", transfers[i].encoded,
				(int)bytes.len, bytes.p, clean);
		free(copy);
	}
}

/* ---- limits
 * ----------------------------------------------------------------------------------------
 */

struct attack {
	const char *name;
	const char *head; /* once */
	const char *again;
	size_t times;
	const char *tail;
	const char *defect; /* one that must be said; NULL: none */
};

#define FROM "From: a@b.example\nSubject: s\n"

/* clang-format off */
static const struct attack attacks[] = {
	{ "50,000 messages inside each other", FROM "Content-Type: message/rfc822\n\n",
		"From: a@b.example\nContent-Type: message/rfc822\n\n", 50000, "x", NULL },
	{ "50,000 multiparts inside each other", FROM,
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n", 50000, "\nx", "depth-limit" },
	{ "300,000 parts", FROM "Content-Type: multipart/mixed; boundary=b\n\n",
		"--b\n\nx\n", 300000, "--b--\n", "parts-limit" },
	{ "100,000 multiparts side by side", FROM "Content-Type: multipart/mixed; boundary=b\n\n",
		"--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nx\n", 100000, "", "parts-limit" },
	{ "300,000 lines that are nearly the boundary", FROM "Content-Type: multipart/mixed; boundary=b\n\n",
		"--bb\n", 300000, "", "no-parts" },
	{ "a megabyte of parentheses", "Subject: s\nFrom: ", "(", 1000000, "\n\nx", "header-limit" },
	{ "a million headers", FROM, "X: y\n", 1000000, "\nx", "header-limit" },
	{ "a million senders", FROM, "From: a@b.example\n", 200000, "\nx", "several-from" },
	{ "recipients without end", FROM "To: ", "a <a@b.example>,", 200000, "\n\nx", "addresses-limit" },
	{ "angles that never close", FROM "To: ", "<", 60000, "\n\nx", NULL },
	{ "quotes that never close", FROM "To: ", "\"(,", 20000, "\n\nx", NULL },
	{ "encoded words that never close", FROM "Subject: ", "=?u?q? ", 9000, "\n\nx", NULL },
	{ "encoded words that nearly close", FROM "To: =?u?q?", "?=aa", 16000, "\n\nx", NULL },
	{ "parameters without end", FROM "Content-Type: text/plain", "; a*0=b", 9000, "\n\nx", NULL },
	{ "blanks in a parameter", FROM "Content-Type: text/plain; a=b", " ", 60000, "c\n\nx", NULL },
	{ "references without end", FROM "References: ", "<a@b>", 13000, "\n\nx", NULL },
	{ "broken header lines", FROM, "junk junk\nA: b\n", 200000, "\nx", "bad-header" },
	{ "files that never end", FROM "\n", "begin 644 x\n", 300000, "", NULL },
	{ "quoted-printable blanks", FROM "Content-Type: a/b\nContent-Transfer-Encoding: quoted-printable\n\n",
		"= ", 1500000, "", "bad-encoding" },
	{ "padding and blanks", FROM "Content-Type: a/b\nContent-Transfer-Encoding: base64\n\nQQ==\n",
		" =", 1500000, "", NULL },
	{ "quote marks", FROM "Content-Type: text/plain; format=flowed\n\n", ">", 3000000, "", NULL },
	{ "elements inside each other", FROM "Content-Type: text/html\n\n", "<div>", 400000, "x", "html-depth-limit" },
	{ "opening angles", FROM "Content-Type: text/html\n\n", "<", 2000000, "x", NULL },
	{ "open comments", FROM "Content-Type: text/html\n\n", "<!--", 500000, "x", NULL },
	{ "open scripts", FROM "Content-Type: text/html\n\n", "<script>", 250000, "x", NULL },
	{ "open quotes", FROM "Content-Type: text/html\n\n", "<a b=\"", 300000, "x", NULL },
	{ "one element of many attributes", FROM "Content-Type: text/html\n\n<p ", "a b=c ", 300000, ">x", NULL },
	{ "references of characters", FROM "Content-Type: text/html\n\n", "&x;&#;", 300000, "x", NULL },
	{ "lists inside each other", FROM "Content-Type: text/html\n\n", "<ul><li>", 250000, "x", "html-depth-limit" },
	{ "quotes inside each other", FROM "Content-Type: text/html\n\n", "<blockquote>a<br>", 100000, "x", "html-depth-limit" },
	{ "stray ends", FROM "Content-Type: text/html\n\n<i>", "<b></u>", 300000, "x", "html-depth-limit" },
	{ "a long text", FROM "\n", "uma linha de texto\n", 500000, "", "text-limit" },
};
/* clang-format on */

static char *
build(const struct attack *attack, size_t *len_out)
{
	size_t head = strlen(attack->head), again = strlen(attack->again);
	size_t tail = strlen(attack->tail);
	size_t len = head + again * attack->times + tail;
	char *raw = malloc(len), *p = raw;

	memcpy(p, attack->head, head);
	p += head;
	for (size_t i = 0; i < attack->times; i++, p += again)
		memcpy(p, attack->again, again);
	memcpy(p, attack->tail, tail);
	*len_out = len;
	return raw;
}

static bool
says(const struct ouv_mail *mail, const char *defect)
{
	for (size_t i = 0; i < mail->defects.count; i++)
		if (strcmp(mail->defects.list[i], defect) == 0)
			return true;
	return false;
}

static void
hostile_mails_cost_little_time_and_memory(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		const struct attack *attack = &attacks[i];
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct ouv_mail mail;
		size_t len;
		char *raw = build(attack, &len);
		clock_t start = clock();
		double seconds;

		ouv_mail_read(arena, raw, len, &office, &mail);
		seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
		if (seconds > SECONDS)
			fail_msg("%s: %.2f s", attack->name, seconds);
		if (ouv_arena_used(arena) > 2 * len + 16000000)
			fail_msg("%s: %zu bytes", attack->name,
				ouv_arena_used(arena));
		if (attack->defect != NULL && !says(&mail, attack->defect))
			fail_msg("%s: %s is not said", attack->name,
				attack->defect);
		assert_true(mail.from.count <= MAIL_ADDRS_MAX);
		assert_true(mail.to.count <= MAIL_ADDRS_MAX);
		assert_true(mail.references.count <= MAIL_IDS_MAX);
		assert_true(mail.part_count <= MAIL_PARTS_MAX + 1);
		ouv_arena_free(&arena);
		free(raw);
	}
}

static void
the_last_part_over_the_limit_holds_all_the_rest(void **state)
{
	static const struct attack many = { "",
		FROM "Content-Type: multipart/mixed; boundary=b\n\n",
		"--b\nContent-Type: a/b\n\nx\n", MAIL_PARTS_MAX + 10, "--b--\n",
		NULL };
	struct ouv_mail mail;
	size_t len;
	char *raw = build(&many, &len);
	const struct ouv_mail_part *last;

	ouv_mail_read(*state, raw, len, &office, &mail);
	assert_int_equal(mail.part_count, MAIL_PARTS_MAX);
	last = &mail.parts[mail.part_count - 1];
	assert_int_equal(last->offset + last->length, len);
	assert_memory_equal(raw + last->offset, "--b\n", 4);
	free(raw);
}

/* ---- parts and documents
 * ------------------------------------------------------------------------------
 */

static const char rich[] =
	"From: Ana <a@b.example>\nTo: c@d.example\nSubject: s\n"
	"Date: Mon, 2 Feb 2026 10:00:00 +0000\nMessage-ID: <m@b.example>\n"
	"In-Reply-To: <n@b.example>\nReferences: <o@b.example>\n"
	"Return-Path: <a@b.example>\nAuto-Submitted: no\nList-Id: <l.example>\n"
	"Delivered-To: caso+ABCDEFGH@ouvidoria.example\n"
	"Content-Type: multipart/report; report-type=delivery-status;"
	" boundary=b\n\n"
	"--b\nContent-Type: multipart/alternative; boundary=c\n\n"
	"--c\nContent-Type: text/plain\n\nola\n"
	"--c\nContent-Type: text/html\n\n<p>ola\n--c--\n"
	"--b\nContent-Type: message/delivery-status\n\n"
	"Reporting-MTA: dns; mx.example\n\n"
	"Final-Recipient: rfc822; z@d.example\nAction: failed\n"
	"Status: 5.1.1\n\n"
	"--b\nContent-Type: a/b; name=f.bin\nContent-ID: <i@b>\n"
	"Content-Transfer-Encoding: base64\n\nYWJj\n--b--\n";

static void
passes_by(struct ouv_arena *arena, const struct ouv_mail_part *part, size_t len,
	enum ouv_err err)
{
	struct ouv_mail_part_stream *stream =
		ouv_mail_part_stream_new(arena, part);
	struct ouv_buf out;

	ouv_buf_init(&out, arena, 0);
	ouv_mail_part_stream_add(stream, rich, len, &out);
	assert_int_equal(ouv_mail_part_stream_end(stream, &out), err);
}

static void
a_part_outside_of_the_mail_is_refused(void **state)
{
	struct ouv_mail_part part = { .offset = 0, .length = 10 };
	struct ouv_str bytes = { "alone", 5 };

	assert_int_equal(ouv_mail_part_bytes(*state, rich, 9, &part, &bytes),
		OUV_INVALID);
	passes_by(*state, &part, 10, OUV_OK);
	passes_by(*state, &part, 9, OUV_INVALID);
	part.offset = 11;
	part.length = 0;
	assert_int_equal(ouv_mail_part_bytes(*state, rich, 10, &part, &bytes),
		OUV_INVALID);
	passes_by(*state, &part, 10, OUV_INVALID);
	part.offset = SIZE_MAX - 2;
	part.length = 5;
	assert_int_equal(ouv_mail_part_bytes(*state, rich, 10, &part, &bytes),
		OUV_INVALID);
	passes_by(*state, &part, 10, OUV_INVALID);
	part = (struct ouv_mail_part){ .encoding = OUV_MAIL_ENCODING__COUNT };
	assert_int_equal(ouv_mail_part_bytes(*state, rich, 10, &part, &bytes),
		OUV_INVALID);
	passes_by(*state, &part, 10, OUV_INVALID);
	part = (struct ouv_mail_part){ .length = 10,
		.encoding = OUV_MAIL_TNEF };
	assert_int_equal(ouv_mail_part_bytes(*state, rich, 10, &part, &bytes),
		OUV_INVALID);
	passes_by(*state, &part, 10, OUV_INVALID);
	assert_string_equal(bytes.p, "alone");
}

static json_t *
rich_document(struct ouv_arena *arena)
{
	struct ouv_mail mail;
	json_t *doc;

	ouv_mail_read(arena, rich, sizeof(rich) - 1, &office, &mail);
	assert_true(mail.has_dsn);
	assert_non_null(mail.html_text);
	assert_int_equal(mail.part_count, 2);
	doc = ouv_mail_to_json(&mail);
	assert_int_equal(ouv_mail_from_json(arena, doc, &mail), OUV_OK);
	return doc;
}

static void
must_be_refused(struct ouv_arena *arena, const json_t *doc, const char *what)
{
	struct ouv_mail mail = { .size = 4711 };

	if (ouv_mail_from_json(arena, doc, &mail) != OUV_INVALID)
		fail_msg("%s is taken", what);
	assert_int_equal(mail.size, 4711); /* left alone */
}

/* Puts a wrong value into every place below node, one at a time. */
static void
spoil(struct ouv_arena *arena, json_t *doc, json_t *node, int *places)
{
	size_t count = json_object_size(node), n = 0;
	const char **names = ouv_arena_array(arena, count, sizeof(*names));
	const char *key;
	json_t *value;

	for (size_t i = 0; i < json_array_size(node); i++) {
		value = json_incref(json_array_get(node, i));
		spoil(arena, doc, value, places);
		json_array_set_new(node, i, json_real(1.5));
		must_be_refused(arena, doc, "a number in a list");
		json_array_set_new(node, i, value);
		++*places;
	}
	/* the object changes below: its names first */
	json_object_foreach(node, key, value) names[n++] =
		ouv_arena_strdup(arena, key);
	for (size_t i = 0; i < n; i++) {
		value = json_incref(json_object_get(node, names[i]));
		spoil(arena, doc, value, places);
		json_object_set_new(node, names[i], json_real(1.5));
		must_be_refused(arena, doc, names[i]);
		if (strcmp(names[i], "html_text") != 0 &&
			strcmp(names[i], "page") != 0) {
			json_object_del(node, names[i]);
			must_be_refused(arena, doc, names[i]);
		}
		json_object_set_new(node, names[i], value);
		++*places;
	}
}

static void
a_document_with_one_wrong_type_is_refused(void **state)
{
	json_t *doc = rich_document(*state);
	int places = 0;

	spoil(*state, doc, doc, &places);
	assert_true(places > 60);
	json_decref(doc);
}

/* clang-format off */
static const struct {
	const char *where, *value;
} lies[] = {
	{ "/schema", "\"mailgw.parse/2\"" },
	{ "/size", "-1" },
	{ "/size", "10" }, /* the parts lie outside */
	{ "/sha256", "\"00\"" },
	{ "/text_source", "\"rtf\"" },
	{ "/class/kind", "\"friend\"" },
	{ "/headers/date", "\"ontem\"" },
	{ "/attachments/0/offset", "-1" },
	{ "/attachments/0/offset", "9223372036854775807" },
	{ "/attachments/0/length", "9223372036854775807" },
	{ "/attachments/0/index", "-1" },
	{ "/attachments/0/index", "4294967296" },
	{ "/attachments/0/index", "100000" },
	{ "/attachments/0/encoding", "\"rot13\"" },
	{ "/attachments/0/disposition", "\"both\"" },
	{ "/attachments/0/filename", "\"../a\"" },
	{ "/attachments/0/filename", "\"a\\nb\"" },
	{ "/dsn/hard", "1" },
	{ "/text", "\"a\\u0000b\"" },
};
/* clang-format on */

static json_t *
container_of(json_t *doc, char *path, const char **last_out)
{
	char *save = NULL, *part = strtok_r(path, "/", &save), *next;

	while ((next = strtok_r(NULL, "/", &save)) != NULL) {
		doc = json_is_array(doc)
			      ? json_array_get(doc, strtoul(part, NULL, 10))
			      : json_object_get(doc, part);
		part = next;
	}
	*last_out = part;
	return doc;
}

static void
a_document_that_lies_is_refused(void **state)
{
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		json_t *doc = rich_document(*state), *node, *value;
		char *path = ouv_arena_strdup(*state, lies[i].where);
		const char *last;

		value = json_loads(
			lies[i].value, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		assert_non_null(value);
		node = container_of(doc, path, &last);
		assert_non_null(json_object_get(node, last));
		json_object_set_new(node, last, value);
		must_be_refused(*state, doc, lies[i].where);
		json_decref(doc);
	}
}

static void
what_is_no_document_at_all_is_refused(void **state)
{
	json_t *array = json_array(), *empty = json_object();

	must_be_refused(*state, NULL, "nothing");
	must_be_refused(*state, array, "a list");
	must_be_refused(*state, empty, "an empty object");
	json_decref(array);
	json_decref(empty);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fresh_arena, free_arena)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_header_is_split_however_it_is_written),
		T(fields_are_found_in_order_and_in_any_case),
		T(encoded_words_are_decoded_as_they_are_sent),
		T(raw_bytes_of_a_header_take_the_charset_of_the_body),
		T(parameters_are_read_in_every_spelling),
		T(a_filename_has_no_path_and_keeps_its_extension),
		T(addresses_are_read_in_every_spelling),
		T(message_ids_lose_their_brackets_and_their_doubles),
		T(transfer_encodings_are_total),
		T(hostile_mails_cost_little_time_and_memory),
		T(the_last_part_over_the_limit_holds_all_the_rest),
		T(a_part_outside_of_the_mail_is_refused),
		T(a_document_with_one_wrong_type_is_refused),
		T(a_document_that_lies_is_refused),
		T(what_is_no_document_at_all_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
