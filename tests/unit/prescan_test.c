/*
 * prescan_test.c - each limit before parsing, at its value and one beyond
 *
 * The numbers stand here a second time, as the office was promised them.
 */
#include "../../mailgw/prescan.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "../../lib/mail/internal.h"

static struct ouv_buf mail;

static int
set_up(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	ouv_buf_init(&mail, arena, 1 << 20);
	*state = arena;
	return 0;
}

static int
tear_down(void **state)
{
	struct ouv_arena *arena = *state;

	ouv_arena_free(&arena);
	return 0;
}

static void
say(const char *text)
{
	ouv_buf_text(&mail, text);
}

static void
repeat(const char *text, long times)
{
	for (long i = 0; i < times; i++)
		say(text);
}

/* Begins anew with an ordinary head. */
static void
begin(void)
{
	mail.len = 0;
	say("From: Ana <ana@consumidora.example>\r\n"
	    "Subject: Geladeira\r\n");
}

static const char *
verdict(void)
{
	return prescan(mail.data, mail.len);
}

/* ---- one maker for each limit: n of what it counts ------------------------
 */

static void
make_header(long n)
{
	const char *line = "X-A: 56789012345678901234567890123456789012345678"
			   "9012345678901\r\n";
	long rest;

	mail.len = 0;
	while ((long)mail.len + 2 * (long)strlen(line) < n)
		say(line);
	say("X-B: ");
	rest = n - (long)mail.len - 2;
	repeat("b", rest);
	say("\r\n\r\nHello\r\n");
}

static void
make_field(long n)
{
	begin();
	say("X-Long:");
	for (; n > 100; n -= 100) {
		repeat("x", 97);
		say("\r\n ");
	}
	repeat("y", n);
	say("\r\n\r\nHello\r\n");
}

static void
make_parentheses(long n)
{
	begin();
	say("Reply-To: ana@consumidora.example ");
	repeat("(", n);
	say("\r\n\r\nHello\r\n");
}

static void
make_addresses(long n)
{
	begin(); /* which has one */
	say("To: a0@x.example");
	for (long i = 2; i < n / 2; i++)
		say(", \"@ @\" <a@x.example> (@)");
	say("\r\nCc: b@x.example");
	for (long i = n / 2; i < n - 1; i++)
		say(",\r\n b@x.example");
	say("\r\nReferences: <1@x> <2@x>\r\n\r\nHello@world\r\n");
}

static void
make_words(long n)
{
	begin();
	for (long i = 0; i < n; i++)
		say(i % 100 == 0 ? "X-Words: =?utf-8?Q?a?=\r\n"
				 : " =?utf-8?Q?b?=\r\n");
	say("\r\n=?utf-8?Q?not_here?=\r\n");
}

static void
make_depth(long n)
{
	char text[100];

	begin();
	for (long i = 0; i < n; i++) {
		(void)snprintf(text, sizeof(text),
			"Content-Type: multipart/mixed;\r\n"
			" boundary=\"b%ld\"\r\n\r\n--b%ld\r\n",
			i, i);
		say(text);
	}
	say("\r\nHello\r\n");
}

static void
make_parts(long n)
{
	begin();
	say("Content-Type: multipart/mixed; boundary=b\r\n\r\n");
	repeat("--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--x\r\n", n);
	say("--b--\r\n");
}

static void
make_boundary(long n)
{
	begin();
	say("Content-Type: Multipart/Mixed; charset=utf-8; Boundary=\"");
	repeat("b", n);
	say("\"\r\n\r\nHello\r\n");
}

static const struct {
	void (*make)(long n);
	long most;
	const char *over;
} limits[] = {
	{ make_header, 256 * 1024, "header_too_large" },
	{ make_field, 64 * 1024, "field_too_large" },
	{ make_parentheses, 32, "parentheses_too_deep" },
	{ make_addresses, 500, "too_many_addresses" },
	{ make_words, 2000, "too_many_encoded_words" },
	{ make_depth, 50, "parts_too_deep" },
	{ make_parts, 500, "too_many_parts" },
	{ make_boundary, 200, "boundary_too_long" },
};

#define LIMITS (sizeof(limits) / sizeof(limits[0]))

static void
at_its_limit_a_mail_passes_and_one_beyond_it_does_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < LIMITS; i++) {
		limits[i].make(limits[i].most);
		if (verdict() != NULL)
			fail_msg("%s, but it was at the limit", verdict());
		limits[i].make(limits[i].most + 1);
		if (verdict() == NULL)
			fail_msg("no %s", limits[i].over);
		assert_string_equal(verdict(), limits[i].over);
		limits[i].make(300000);
		assert_non_null(verdict());
	}
}

/* A limit on one part's header is one on every part's. */
static void
headers_of_parts_have_the_same_limits(void **state)
{
	(void)state;
	begin();
	say("Content-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n");
	say("--b\r\nX-Long: ");
	repeat("x", 70000);
	say("\r\n\r\nHello\r\n--b--\r\n");
	assert_string_equal(verdict(), "field_too_large");
}

/* What a person may well write. */
static void
what_people_write_passes(void **state)
{
	(void)state;
	begin();
	say("X-Mood: ");
	repeat("(", 5000);
	say("\r\nSubject: :(");
	repeat("(", 900);
	say("\r\nComments: ");
	repeat("a@b.example ", 600);
	say("\r\nReferences:");
	repeat("\r\n <a.long.name.of.a.message@mail.example>", 900);
	say("\r\n\r\n");
	repeat("Quando chega? (((((( word: a@b.example =?utf-8?Q?x?=\n", 20000);
	repeat("-----Original Message-----\n-- \n", 5000);
	assert_null(verdict());
}

static void
a_file_without_any_header_passes(void **state)
{
	(void)state;
	mail.len = 0;
	repeat("no field stands here, and no empty line either\n", 20000);
	assert_null(verdict());
	assert_null(prescan("", 0));
	assert_null(prescan(NULL, 0));
	assert_null(prescan("\0\0\0\0", 4));
}

/* Like the reader: whatever ends the lines, and with what stands before. */
static void
the_limits_hold_for_every_line_end(void **state)
{
	static const char *const ends[] = { "\n", "\r" };

	(void)state;
	for (size_t i = 0; i < LIMITS; i++)
		for (size_t e = 0; e < 2; e++) {
			size_t n = 0;

			limits[i].make(limits[i].most * 2);
			for (size_t k = 0; k < mail.len; k++)
				if (mail.data[k] != '\r')
					mail.data[n++] = mail.data[k] == '\n'
								 ? *ends[e]
								 : mail.data[k];
			mail.len = n;
			assert_non_null(verdict());
			assert_string_equal(verdict(), limits[i].over);
		}
	mail.len = 0;
	say("\r\n\r\nFrom ana Mon Feb  2 10:00:00 2026\r\nnot a field\r\nTo: ");
	repeat("(", 40);
	say("\r\n\r\n");
	assert_string_equal(verdict(), "parentheses_too_deep");
}

/* A mail that is cut off in its header. */
static void
the_last_field_counts_without_an_empty_line(void **state)
{
	(void)state;
	begin();
	say("Content-Type: multipart/mixed; boundary=");
	repeat("b", 201);
	assert_string_equal(verdict(), "boundary_too_long");
}

/* Closed multiparts are not inside each other. */
static void
neighbours_do_not_add_up_to_a_depth(void **state)
{
	char text[200];

	(void)state;
	begin();
	say("Content-Type: multipart/mixed; boundary=out\r\n\r\n");
	for (int i = 0; i < 100; i++) {
		(void)snprintf(text, sizeof(text),
			"--out\r\nContent-Type: multipart/alternative;\r\n"
			" boundary=\"in%d\"\r\n\r\n"
			"--in%d\r\n\r\nHello\r\n--in%d--\r\n",
			i, i, i);
		say(text);
	}
	say("--out--\r\n");
	assert_null(verdict());
}

static double
seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The worst mail for it: as many open boundaries as may be, and nothing but
 * lines that could be one of them. */
static void
scanning_is_linear(void **state)
{
	double took[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		make_depth(50);
		repeat("--b\n--b4x\n", (i + 1) * 400000L);
		took[i] = seconds();
		(void)verdict();
		took[i] = seconds() - took[i];
	}
	print_message("# 4 and 8 MB: %.0f and %.0f ms\n", took[0] * 1000,
		took[1] * 1000);
	assert_true(took[1] < 2.0 && took[1] < 6 * took[0] + 0.05);
}

/* ---- what the reader itself limits ----------------------------------------
 */

static const struct ouv_mail_office office = {
	.address = "ouvidoria@ouvidoria.example"
};

static bool
has_defect(const struct ouv_mail *read, const char *defect)
{
	for (size_t i = 0; i < read->defects.count; i++)
		if (strcmp(read->defects.list[i], defect) == 0)
			return true;
	return false;
}

static void
read_page(struct ouv_arena *arena, struct ouv_mail *out)
{
	assert_null(verdict());
	ouv_mail_read(arena, mail.data, mail.len, &office, out);
}

static void
begin_page(void)
{
	begin();
	say("Content-Type: text/html; charset=utf-8\r\n\r\n");
}

static void
html_below_200_elements_is_shown_and_said(void **state)
{
	struct ouv_mail out;

	for (int over = 0; over <= 1; over++) {
		begin_page();
		repeat("<div>", 200 + over);
		say("Onde est\xc3\xa1 a geladeira?");
		read_page(*state, &out);
		assert_non_null(strstr(out.text, "Onde est\xc3\xa1"));
		assert_int_equal(has_defect(&out, "html-depth-limit"), over);
	}
}

static void
html_above_2_mib_is_cut_said_and_kept(void **state)
{
	const size_t most = 2 << 20;
	struct ouv_mail out;

	for (size_t over = 0; over <= 1; over++) {
		size_t head;

		begin_page();
		head = mail.len;
		say("<p>Come\xc3\xa7o</p>");
		while (mail.len - head + 10 <= most)
			say("<p>aa</p>\n");
		repeat("z", (long)(most + over - (mail.len - head)));
		read_page(*state, &out);
		assert_non_null(strstr(out.text, "Come\xc3\xa7o"));
		assert_int_equal(has_defect(&out, "text-limit"), over);
		assert_int_equal(out.part_count, over);
		if (over)
			assert_int_equal(out.parts[0].size, most + over);
	}
}

static void
archives_are_stored_as_they_are(void **state)
{
	/* the head of a zip file whose content is never looked for */
	static const char zip[] = "PK\3\4 not opened";
	struct ouv_mail out;
	struct ouv_str bytes;

	begin();
	say("Content-Type: application/zip; name=fotos.zip\r\n\r\n");
	say(zip);
	read_page(*state, &out);
	assert_int_equal(out.part_count, 1);
	assert_int_equal(ouv_mail_part_bytes(*state, mail.data, mail.len,
				 &out.parts[0], &bytes),
		OUV_OK);
	assert_int_equal(bytes.len, sizeof(zip) - 1);
	assert_memory_equal(bytes.p, zip, bytes.len);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(at_its_limit_a_mail_passes_and_one_beyond_it_does_not),
		T(headers_of_parts_have_the_same_limits),
		T(what_people_write_passes),
		T(a_file_without_any_header_passes),
		T(the_limits_hold_for_every_line_end),
		T(the_last_field_counts_without_an_empty_line),
		T(neighbours_do_not_add_up_to_a_depth),
		T(scanning_is_linear),
		T(html_below_200_elements_is_shown_and_said),
		T(html_above_2_mib_is_cut_said_and_kept),
		T(archives_are_stored_as_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
