/*
 * mail_tnef_test.c - a winmail.dat gives its files, names and text
 *
 * libytnef reads the same bytes beside us, where it can.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ytnef.h>

#include "../../lib/mail/marks.h"
#include "tnef_build.h"

#define TITLE 0x00018010u
#define DATA 0x0006800fu
#define BODY 0x0002800cu
#define SUBJECT 0x00018004u
#define PT_TEXT 0x1eu
#define PT_BYTES 0x102u
#define PT_INSIDE 0x0du

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

static struct mail_tnef
open_it(struct ouv_arena *arena, const struct build *b)
{
	/* of its exact size, for the sanitizer */
	char *copy = ouv_arena_memdup(arena, b->bytes, b->len);
	struct mail_tnef tnef;

	assert_true(
		mail_tnef_open(arena, (struct ouv_str){ copy, b->len }, &tnef));
	return tnef;
}

static void
assert_file(const struct mail_tnef *tnef, size_t i, const char *name,
	const char *data)
{
	assert_true(i < tnef->count);
	if (name == NULL)
		assert_null(tnef->files[i].filename);
	else
		assert_string_equal(tnef->files[i].filename, name);
	assert_int_equal(tnef->files[i].data.len, strlen(data));
	assert_memory_equal(tnef->files[i].data.p, data, strlen(data));
}

static void
assert_str(struct ouv_str got, const char *want)
{
	if (got.len != strlen(want) ||
		(got.len > 0 && memcmp(got.p, want, got.len) != 0))
		fail_msg("\"%.*s\", not \"%s\"", (int)got.len, got.p, want);
}

/* ---- files ------------------------------------------------------------------
 */

/* Two files: one with a short name, one with a long one in Unicode. */
static void
build_two(struct build *b)
{
	struct build properties;

	build_start(b);
	b->wrong_sums = false;
	build_code_page(b, 1252);
	build_string(b, 1, BODY, "Segue.\r\n");
	build_file(b);
	build_string(b, 2, TITLE, "NOTA.TXT");
	build_attribute(b, 2, DATA, "primeira", 8);
	build_file(b);
	build_string(b, 2, TITLE, "RECLAM~1.TXT");
	build_attribute(b, 2, DATA, "segunda", 7);
	build_properties(&properties);
	build_unicode(&properties, 0x3707, "reclama\xe7\xe3o completa.txt");
	build_property(&properties, PT_TEXT, 0x370e, "text/plain", 11);
	build_property(&properties, PT_TEXT, 0x3712, "nota@x", 7);
	build_put(b, 2, &properties);
}

static void
files_have_their_bytes_and_their_long_names(void **state)
{
	static struct build b;
	struct mail_tnef tnef;

	build_two(&b);
	tnef = open_it(*state, &b);
	assert_int_equal(tnef.count, 2);
	assert_file(&tnef, 0, "NOTA.TXT", "primeira");
	assert_string_equal(
		tnef.files[0].content_type, "application/octet-stream");
	assert_null(tnef.files[0].content_id);
	assert_file(&tnef, 1, "reclamação completa.txt", "segunda");
	assert_string_equal(tnef.files[1].content_type, "text/plain");
	assert_string_equal(tnef.files[1].content_id, "nota@x");
	assert_str(tnef.text, "Segue.\r\n");
	assert_false(tnef.broken);
	assert_false(tnef.rtf);
}

static void
a_name_may_stand_behind_the_bytes(void **state)
{
	static struct build b;
	struct build properties;
	struct mail_tnef tnef;

	build_start(&b);
	build_file(&b);
	build_attribute(&b, 2, DATA, "um", 2);
	build_string(&b, 2, TITLE, "um.txt");
	build_file(&b);
	build_attribute(&b, 2, DATA, "dois", 4);
	build_properties(&properties);
	build_property(&properties, PT_TEXT, 0x3707, "..\\dois.txt", 12);
	build_put(&b, 2, &properties);
	tnef = open_it(*state, &b);
	assert_int_equal(tnef.count, 2);
	assert_file(&tnef, 0, "um.txt", "um");
	assert_file(&tnef, 1, "dois.txt", "dois");
}

static void
files_without_a_beginning_are_told_apart(void **state)
{
	static struct build b;
	struct mail_tnef tnef;

	build_start(&b);
	build_string(&b, 2, TITLE, "um.txt");
	build_attribute(&b, 2, DATA, "um", 2);
	build_attribute(&b, 2, DATA, "dois", 4);
	tnef = open_it(*state, &b);
	assert_int_equal(tnef.count, 2);
	assert_file(&tnef, 0, "um.txt", "um");
	assert_file(&tnef, 1, NULL, "dois");
}

static void
wrong_checksums_lose_nothing(void **state)
{
	static struct build b;
	struct mail_tnef tnef;

	build_start(&b);
	b.wrong_sums = true;
	build_file(&b);
	build_string(&b, 2, TITLE, "um.txt");
	build_attribute(&b, 2, DATA, "um", 2);
	tnef = open_it(*state, &b);
	assert_int_equal(tnef.count, 1);
	assert_file(&tnef, 0, "um.txt", "um");
}

static void
one_that_is_cut_gives_what_it_had(void **state)
{
	static struct build b;
	size_t len, most = 0;

	build_two(&b);
	len = b.len;
	for (b.len = 6; b.len < len; b.len++) {
		struct mail_tnef tnef = open_it(*state, &b);

		assert_true(tnef.count >= most);
		most = tnef.count;
		if (tnef.count > 0)
			assert_memory_equal(tnef.files[0].data.p, "primeira",
				tnef.files[0].data.len);
	}
	assert_int_equal(most, 2);
}

static void
what_is_no_tnef_is_refused(void **state)
{
	struct mail_tnef tnef;

	assert_false(mail_tnef_open(
		*state, (struct ouv_str){ "x\x9f>\"", 3 }, &tnef));
	assert_false(mail_tnef_open(
		*state, (struct ouv_str){ "PK\003\004abc", 7 }, &tnef));
}

static void
a_message_inside_is_kept_and_its_text_and_files_are_listed(void **state)
{
	static struct build inner, b, object;
	static const char class_id[] = "\x07\x03\x02\0\0\0\0\0"
				       "\xc0\0\0\0\0\0\0\x46";
	struct build properties;
	struct mail_tnef tnef;

	build_start(&inner);
	build_string(&inner, 1, SUBJECT, "Recusa");
	build_string(&inner, 1, BODY, "Recusamos a troca.");
	build_file(&inner);
	build_string(&inner, 2, TITLE, "laudo.txt");
	build_attribute(&inner, 2, DATA, "laudo", 5);
	memset(&object, 0, sizeof(object));
	build_add(&object, class_id, 16);
	build_add(&object, inner.bytes, inner.len);
	build_start(&b);
	build_file(&b);
	build_properties(&properties);
	build_long(&properties, 0x3705, 5);
	build_property(&properties, PT_TEXT, 0x3001, "Resposta da loja", 17);
	build_property(
		&properties, PT_INSIDE, 0x3701, object.bytes, object.len);
	build_put(&b, 2, &properties);
	tnef = open_it(*state, &b);
	assert_int_equal(tnef.count, 3);
	assert_string_equal(tnef.files[0].filename, "Resposta da loja");
	assert_string_equal(tnef.files[0].content_type, "application/ms-tnef");
	assert_int_equal(tnef.files[0].data.len, inner.len);
	assert_file(&tnef, 1, "Resposta da loja.txt",
		"Recusa\n\nRecusamos a troca.");
	assert_string_equal(tnef.files[1].content_type, "text/plain");
	assert_file(&tnef, 2, "laudo.txt", "laudo");
}

static void
messages_inside_each_other_come_to_an_end(void **state)
{
	static struct build b, object;
	struct build properties;
	struct mail_tnef tnef;

	build_start(&b);
	build_string(&b, 1, BODY, "dentro");
	for (int i = 0; i < 30; i++) {
		memset(&object, 0, sizeof(object));
		build_add(&object, "0123456789abcdef", 16);
		build_add(&object, b.bytes, b.len);
		build_start(&b);
		build_file(&b);
		build_properties(&properties);
		build_property(&properties, PT_INSIDE, 0x3701, object.bytes,
			object.len);
		build_put(&b, 2, &properties);
	}
	tnef = open_it(*state, &b);
	assert_int_equal(tnef.count, 5); /* the last one is kept whole */
}

/* ---- bodies
 * ------------------------------------------------------------------- */

static void
with_rtf(struct build *b, const char *rtf)
{
	static struct build packed, properties;

	build_start(b);
	build_rtf(&packed, rtf);
	build_properties(&properties);
	build_property(&properties, PT_BYTES, 0x1009, packed.bytes, packed.len);
	build_put(b, 1, &properties);
}

/* clang-format off */
static const struct {
	const char *rtf, *text, *html;
} bodies[] = {
	{ "{\\rtf1\\ansi Bom dia,\\par n\\'e3o recebi o \\b pedido\\b0 .\\par}",
		"Bom dia,\nnão recebi o pedido.\n", "" },
	{ "{\\rtf1\\ansi\\ansicpg1251{\\fonttbl{\\f0\\fcharset204 Arial;}{\\f1\\fcharset0 A;}}\\f0 \\'e4\\'e0 \\f1 \\'e9}",
		"да é", "" },
	{ "{\\rtf1\\uc1 \\u8364?10 \\u-10179?\\u-8704? {\\uc0\\u233}x\\u233\\'e9y}",
		"€10 😀 éxéy", "" },
	{ "{\\rtf1{\\info{\\title x}}{\\*\\generator y;}{\\stylesheet z}{\\pict 00ff}a\\line b\\tab c\\emdash\\~d\\_e\\{\\}\\\\}",
		"a\nb\tc—\u00a0d-e{}\\", "" },
	{ "{\\rtf1 a{\\field{\\*\\fldinst HYPERLINK \"https://x.example/\"}{\\fldrslt aqui}} b}",
		"aaqui <https://x.example/> b", "" },
	{ "{\\rtf1 a{\\field{\\*\\fldinst HYPERLINK \"mailto:a@b.example\"}{\\fldrslt mailto:a@b.example}}}",
		"amailto:a@b.example", "" },
	{ "{\\rtf1 a\\bin5 }}}}}b}", "ab", "" },
	{ "{\\rtf1\\ansi\\fromtext a\\par\r\nb\\par }", "a\nb\n", "" },
	{ "{\\rtf1\\ansi\\fromhtml1 \\deff0{\\*\\htmltag19 <html>}{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Ol\\'e1{\\*\\htmltag84 &nbsp;}\\htmlrtf \\'a0\\htmlrtf0 mundo\\htmlrtf\\par}\\htmlrtf0 {\\*\\htmltag72 </p>}{\\*\\mhtmltag8 no}}",
		"", "<html><p>Olá&nbsp;mundo</p>" },
	{ "{\\rtf1 unclosed {\\b group", "unclosed group", "" },
	{ "{\\rtf1 }}}a", "a", "" },
};
/* clang-format on */

static void
a_body_that_is_only_rtf_becomes_text_or_the_page_it_was(void **state)
{
	static struct build b;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct mail_tnef tnef;

		with_rtf(&b, bodies[i].rtf);
		tnef = open_it(*state, &b);
		assert_str(tnef.text, bodies[i].text);
		assert_str(tnef.html, bodies[i].html);
		assert_false(tnef.rtf);
		assert_false(tnef.broken);
	}
}

static void
an_rtf_that_cannot_be_read_is_said(void **state)
{
	static struct build b, properties;
	struct mail_tnef tnef;

	build_start(&b);
	build_properties(&properties);
	build_property(
		&properties, PT_BYTES, 0x1009, "0123456789abcdefnonsense", 24);
	build_put(&b, 1, &properties);
	tnef = open_it(*state, &b);
	assert_true(tnef.rtf);
	assert_int_equal(tnef.text.len, 0);
}

static void
a_stored_rtf_is_read_too(void **state)
{
	static const char stored[] = "\x1a\0\0\0\x0e\0\0\0MELA\0\0\0\0"
				     "{\\rtf1 direto}";
	static struct build b, properties;
	struct mail_tnef tnef;

	build_start(&b);
	build_properties(&properties);
	build_property(
		&properties, PT_BYTES, 0x1009, stored, sizeof(stored) - 1);
	build_put(&b, 1, &properties);
	tnef = open_it(*state, &b);
	assert_str(tnef.text, "direto");
}

static void
the_page_of_a_body_has_the_code_page_it_names(void **state)
{
	static const struct {
		uint32_t page;
		const char *html, *want;
	} pages[] = { { 65001, "<p>n\xc3\xa3o", "<p>não" },
		{ 28591, "<p>n\xe3o \x80", "<p>não €" },
		{ 1251, "\xe4\xe0", "да" } };
	static struct build b, properties;

	for (size_t i = 0; i < 3; i++) {
		struct mail_tnef tnef;

		build_start(&b);
		build_code_page(&b, 1250);
		build_properties(&properties);
		build_property(&properties, PT_BYTES, 0x1013, pages[i].html,
			strlen(pages[i].html));
		build_long(&properties, 0x3fde, pages[i].page);
		build_put(&b, 1, &properties);
		tnef = open_it(*state, &b);
		assert_str(tnef.html, pages[i].want);
	}
}

static void
text_is_read_before_the_page_and_the_page_before_rtf(void **state)
{
	static struct build b, properties, packed;
	struct mail_tnef tnef;

	build_start(&b);
	build_rtf(&packed, "{\\rtf1 rtf}");
	build_properties(&properties);
	build_property(&properties, PT_BYTES, 0x1009, packed.bytes, packed.len);
	build_property(&properties, PT_BYTES, 0x1013, "<p>html", 7);
	build_property(&properties, PT_TEXT, 0x1000, " \r\n", 4);
	build_put(&b, 1, &properties);
	tnef = open_it(*state, &b);
	assert_int_equal(tnef.text.len, 0);
	assert_str(tnef.html, "<p>html");
}

/* ---- the oracle
 * ------------------------------------------------------------------- */

static void
libytnef_finds_the_same_files(void **state)
{
	static struct build b;
	struct mail_tnef tnef;
	const Attachment *theirs;
	TNEFStruct oracle;

	build_two(&b);
	tnef = open_it(*state, &b);
	TNEFInitialize(&oracle);
	assert_int_equal(TNEFParseMemory(b.bytes, (long)b.len, &oracle), 0);
	theirs = oracle.starting_attach.next;
	for (size_t i = 0; i < tnef.count; i++, theirs = theirs->next) {
		assert_non_null(theirs);
		assert_int_equal(theirs->FileData.size, tnef.files[i].data.len);
		assert_memory_equal(theirs->FileData.data, tnef.files[i].data.p,
			tnef.files[i].data.len);
	}
	assert_null(theirs);
	assert_string_equal(
		(const char *)oracle.starting_attach.next->Title.data,
		tnef.files[0].filename);
	TNEFFree(&oracle);
}

/* Its window has the one line end of the prefix the other way round. */
static char
same_end(char c)
{
	return c == '\r' ? '\n' : c;
}

static void
libytnef_expands_rtf_to_the_same_bytes(void **state)
{
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		static struct build packed;
		variableLength theirs;
		struct ouv_str ours;
		BYTE *expanded;
		int size = 0;

		build_rtf(&packed, bodies[i].rtf);
		assert_true(mail_rtf_expand(*state,
			(struct ouv_str){
				(const char *)packed.bytes, packed.len },
			&ours));
		assert_str(ours, bodies[i].rtf);
		theirs.data = packed.bytes;
		theirs.size = (int)packed.len;
		expanded = DecompressRTF(&theirs, &size);
		assert_non_null(expanded);
		assert_true(size >= (int)ours.len);
		for (size_t k = 0; k < ours.len; k++)
			assert_int_equal(same_end((char)expanded[k]),
				same_end(ours.p[k]));
		free(expanded);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, fresh_arena, free_arena)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(files_have_their_bytes_and_their_long_names),
		T(a_name_may_stand_behind_the_bytes),
		T(files_without_a_beginning_are_told_apart),
		T(wrong_checksums_lose_nothing),
		T(one_that_is_cut_gives_what_it_had),
		T(what_is_no_tnef_is_refused),
		T(a_message_inside_is_kept_and_its_text_and_files_are_listed),
		T(messages_inside_each_other_come_to_an_end),
		T(a_body_that_is_only_rtf_becomes_text_or_the_page_it_was),
		T(an_rtf_that_cannot_be_read_is_said),
		T(a_stored_rtf_is_read_too),
		T(the_page_of_a_body_has_the_code_page_it_names),
		T(text_is_read_before_the_page_and_the_page_before_rtf),
		T(libytnef_finds_the_same_files),
		T(libytnef_expands_rtf_to_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
