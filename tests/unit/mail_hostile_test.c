/*
 * mail_hostile_test.c - mails made to exhaust a reader end soon and small
 *
 * Each is made and read in a child with 256 MB of address space and one second
 * of processor time, and must still give a document.  Then half of it, which
 * must take no less than about a third of the time: reading is linear.
 *
 * By hand: mail_hostile_test -v prints the table of times and peaks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../lib/mail/internal.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLOW 20      /* sanitizers are slow, not the reader */
#define ADDRESS_MB 0 /* and their shadow has no limit */
#else
#define SLOW 1
#define ADDRESS_MB 256
#endif

static const struct ouv_mail_office office = {
	.address = "ouvidoria@ouvidoria.example",
	.reply_local = "caso",
	.authserv_id = "mx.ouvidoria.example",
	.loop_id = "loop-7f3a",
};

/* ---- making them -----------------------------------------------------------
 */

struct made {
	char *p;
	size_t len, cap;
};

static void
put(struct made *m, const char *text, size_t len)
{
	if (m->cap - m->len < len) {
		m->cap = (m->cap + len) * 2;
		m->p = realloc(m->p, m->cap);
		if (m->p == NULL)
			abort();
	}
	memcpy(m->p + m->len, text, len);
	m->len += len;
}

static void
say(struct made *m, const char *text)
{
	put(m, text, strlen(text));
}

static void
number(struct made *m, const char *before, size_t n, const char *after)
{
	char text[40];

	(void)snprintf(text, sizeof(text), "%zu", n);
	say(m, before);
	say(m, text);
	say(m, after);
}

static void
times(struct made *m, const char *text, size_t n)
{
	while (n-- > 0)
		say(m, text);
}

static void
head(struct made *m, const char *fields)
{
	say(m, "From: ana@consumidora.example\r\nSubject: x\r\n");
	say(m, fields);
}

static void
nested_multiparts(struct made *m, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		number(m, "Content-Type: multipart/mixed; boundary=b", i,
			"\n\n");
		number(m, "--b", i, "\n");
	}
	say(m, "\nfundo\n");
}

static void
nested_messages(struct made *m, size_t n)
{
	times(m, "Content-Type: message/rfc822\nSubject: dentro\n\n", n);
	say(m, "fundo\n");
}

static void
open_parentheses(struct made *m, size_t n)
{
	say(m, "From: ");
	times(m, "(", n);
	say(m, "\n\ncorpo\n");
}

static void
many_words(struct made *m, size_t n)
{
	say(m, "From: ana@consumidora.example\nSubject:");
	times(m, " =?utf-8?Q?=C3=A1?=\n", n);
	say(m, "\ncorpo\n");
}

static void
words_in_brackets(struct made *m, size_t n)
{
	say(m, "To: ");
	times(m, "=?utf-8?B?", n);
	say(m, "\n\ncorpo\n");
}

static void
many_fields(struct made *m, size_t n)
{
	head(m, "");
	for (size_t i = 0; i < n; i++)
		number(m, "X-", i, ": y\n");
	say(m, "\ncorpo\n");
}

static void
many_senders(struct made *m, size_t n)
{
	times(m, "From: ninguem\nTo: a\nCc: b\nReceived: c\n", n);
	say(m, "\ncorpo\n");
}

static void
lost_folds(struct made *m, size_t n)
{
	head(m, "");
	times(m, "linha perdida\nX: y\n", n);
	say(m, "\ncorpo\n");
}

static void
many_parts(struct made *m, size_t n)
{
	head(m, "Content-Type: multipart/mixed; boundary=b\n\n");
	times(m, "--b\nContent-Type: text/plain\n\nx\n", n);
	say(m, "--b--\n");
}

static void
many_addresses(struct made *m, size_t n)
{
	head(m, "To: ");
	for (size_t i = 0; i < n; i++)
		number(m, "a", i, "@x.example,\n ");
	say(m, "b@x.example\n\ncorpo\n");
}

static void
odd_addresses(struct made *m, size_t n)
{
	static const char *const odd[] = { "<", "a:", "\"", "a @ ", "b <c ",
		"(", "a,", "x: <y ", ";:", "\\\"" };

	for (size_t k = 0; k < sizeof(odd) / sizeof(odd[0]); k++) {
		say(m, k % 2 == 0 ? "To: " : "Cc: ");
		times(m, odd[k], n / 10);
		say(m, "\n");
	}
	say(m, "\ncorpo\n");
}

static void
many_ids(struct made *m, size_t n)
{
	head(m, "References: ");
	for (size_t i = 0; i < n; i++)
		number(m, "<", i, "@x.example>\n ");
	say(m, "\n\ncorpo\n");
}

static void
continued_names(struct made *m, size_t n)
{
	head(m, "Content-Type: application/pdf");
	for (size_t i = n; i > 0; i--)
		number(m, ";\n name*", i, "*=a%20b");
	say(m, "\n\ncorpo\n");
}

static void
one_line(struct made *m, size_t n)
{
	head(m, "\n");
	times(m, "0123456789abcdef", n / 16);
}

static void
equals(struct made *m, size_t n)
{
	head(m, "Content-Type: text/plain\n"
		"Content-Transfer-Encoding: quoted-printable\n\n");
	times(m, "=", n);
}

static void
blanks(struct made *m, size_t n)
{
	head(m, "Content-Type: text/plain; format=flowed\n"
		"Content-Transfer-Encoding: quoted-printable\n\n");
	times(m, "= ", n / 4);
	times(m, "a \n", n / 6);
}

static void
junk_base64(struct made *m, size_t n)
{
	head(m, "Content-Type: application/pdf\n"
		"Content-Transfer-Encoding: base64\n\n");
	times(m, "A=\n*QQ=\n,,B\n", n / 12);
}

static void
nearly_boundaries(struct made *m, size_t n)
{
	head(m, "Content-Type: multipart/mixed; boundary=abcdefgh\n\n"
		"--abcdefgh\n\n");
	for (size_t i = 0; i < n; i++)
		number(m, "--abcdefg", i, "h\n--abcdefgh.\n--abcdefg\n");
	say(m, "--abcdefgh--\n");
}

static void
lost_boundaries(struct made *m, size_t n)
{
	head(m, "Content-Type: multipart/mixed; boundary=a\n\n");
	for (size_t i = 0; i < n; i++)
		say(m, "--a\nContent-Type: multipart/mixed; boundary=z\n\n"
		       "--b\nx\n");
	say(m, "--a--\n");
}

static void
nested_divs(struct made *m, size_t n)
{
	head(m, "Content-Type: text/html\n\n");
	times(m, "<div>", n);
	say(m, "fundo");
}

static void
one_tag(struct made *m, size_t n)
{
	head(m, "Content-Type: text/html\n\n<p ");
	times(m, "a=\"b\" ", n / 6);
}

static void
quote_marks(struct made *m, size_t n)
{
	head(m, "\n");
	times(m, ">", n);
}

static void
quote_lines(struct made *m, size_t n)
{
	head(m, "Content-Type: text/plain; format=flowed\n\n");
	times(m, ">>>> a \n> \n", n / 11);
}

static void
signatures(struct made *m, size_t n)
{
	head(m, "\n");
	times(m, "-- \nAna\n", n / 8);
}

static void
uuencoded(struct made *m, size_t n)
{
	head(m, "\n");
	times(m, "begin 644 a\n#0V%T\n", n / 18);
}

static void
many_recipients(struct made *m, size_t n)
{
	say(m, "From: MAILER-DAEMON@x.example\nContent-Type: multipart/report;"
	       " report-type=delivery-status; boundary=b\n\n--b\n\nfalhou\n"
	       "--b\nContent-Type: message/delivery-status\n\n"
	       "Reporting-MTA: dns; x.example\n\n");
	for (size_t i = 0; i < n; i++) {
		number(m, "Final-Recipient: rfc822; a", i, "@x.example\n");
		say(m, "Action: failed\nStatus: 5.1.1\n\n");
	}
	say(m, "--b--\n");
}

/* ---- the table -------------------------------------------------------------
 */

/* clang-format off */
static const struct hostile {
	const char *name;
	void (*make)(struct made *m, size_t n);
	size_t n;
	const char *defect; /* that must be said; NULL: any */
} table[] = {
	{ "50,000 nested multiparts",       nested_multiparts,     50000, "depth-limit" },
	{ "50,000 nested message/rfc822",   nested_messages,       50000, NULL },
	{ "1 MB of ( in From",              open_parentheses,    1000000, "header-limit" },
	{ "1 MB of encoded words",          many_words,            50000, "header-limit" },
	{ "1 MB of encoded words begun",    words_in_brackets,    100000, "header-limit" },
	{ "1,000,000 header lines",         many_fields,         1000000, "header-limit" },
	{ "100,000 times four fields",      many_senders,         100000, "header-limit" },
	{ "100,000 folds without blanks",   lost_folds,           100000, "bad-header" },
	{ "300,000 parts",                  many_parts,           300000, "parts-limit" },
	{ "1 MB of one address list",       many_addresses,        60000, "header-limit" },
	{ "1 MB of odd addresses",          odd_addresses,       1000000, "header-limit" },
	{ "1 MB of Message-IDs",            many_ids,              50000, "header-limit" },
	{ "1 MB of RFC 2231 continuations", continued_names,       50000, NULL },
	{ "20 MB in one line",              one_line,           20000000, "text-limit" },
	{ "5 MB of =",                      equals,              5000000, "bad-encoding" },
	{ "4 MB of blanks",                 blanks,              4000000, NULL },
	{ "20 MB of base64 junk",           junk_base64,        20000000, "bad-encoding" },
	{ "100,000 boundaries nearly right", nearly_boundaries,   100000, NULL },
	{ "3,000 boundaries that never come", lost_boundaries,      3000, "parts-limit" },
	{ "200,000 nested div",             nested_divs,          200000, "html-depth-limit" },
	{ "2 MB of one tag",                one_tag,             2000000, NULL },
	{ "1 MB of >",                      quote_marks,         1000000, NULL },
	{ "4 MB of quoted lines",           quote_lines,         4000000, NULL },
	{ "1 MB of signatures",             signatures,          1000000, NULL },
	{ "2 MB of uuencode begun",         uuencoded,           2000000, NULL },
	{ "DSN with 100,000 recipients",    many_recipients,      100000, NULL },
};
/* clang-format on */

#define COUNT (sizeof(table) / sizeof(table[0]))

/* ---- reading them ----------------------------------------------------------
 */

struct outcome {
	bool read;      /* there was a document, and it can be taken back */
	bool said;      /* the defect of the table is among its own */
	double seconds; /* of the processor, for reading alone */
	long peak_kb;
	size_t bytes;
};

static double
cpu_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
limit(int what, rlim_t most)
{
	struct rlimit r = { most, RLIM_INFINITY };

	if (setrlimit(what, &r) != 0)
		abort();
}

static bool
has_defect(const struct ouv_mail *mail, const char *defect)
{
	for (size_t i = 0; i < mail->defects.count; i++)
		if (strcmp(mail->defects.list[i], defect) == 0)
			return true;
	return false;
}

static void
child_main(int fd, const struct hostile *h, size_t n)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct outcome out = { 0 };
	struct made made = { 0 };
	struct ouv_mail mail, back;
	struct rusage usage;
	double begun;
	json_t *doc;

	if (ADDRESS_MB > 0)
		limit(RLIMIT_AS, (rlim_t)ADDRESS_MB << 20);
	(void)alarm(60);
	h->make(&made, n);
	begun = cpu_now();
	limit(RLIMIT_CPU, (rlim_t)begun + 1 + SLOW);
	ouv_mail_read(arena, made.p, made.len, &office, &mail);
	out.seconds = cpu_now() - begun;
	(void)getrusage(RUSAGE_SELF, &usage);
	out.peak_kb = usage.ru_maxrss;
	out.bytes = made.len;
	out.said = h->defect == NULL || has_defect(&mail, h->defect);
	limit(RLIMIT_CPU, RLIM_INFINITY);
	doc = ouv_mail_to_json(&mail);
	out.read = ouv_mail_from_json(arena, doc, &back) == OUV_OK;
	(void)!write(fd, &out, sizeof(out));
	_exit(0);
}

static struct outcome
run(const struct hostile *h, size_t n)
{
	struct outcome out = { 0 };
	int pipes[2], status;
	pid_t pid;

	if (pipe(pipes) != 0)
		abort();
	(void)fflush(NULL);
	pid = fork();
	if (pid < 0)
		abort();
	if (pid == 0) {
		(void)close(pipes[0]);
		child_main(pipes[1], h, n);
	}
	(void)close(pipes[1]);
	if (read(pipes[0], &out, sizeof(out)) != (ssize_t)sizeof(out))
		memset(&out, 0, sizeof(out));
	(void)close(pipes[0]);
	(void)waitpid(pid, &status, 0);
	return out;
}

static void
every_hostile_mail_is_read_in_its_bounds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		struct outcome out = run(&table[i], table[i].n);

		if (!out.read)
			fail_msg("%s: no document", table[i].name);
		if (!out.said)
			fail_msg("%s: %s is not said", table[i].name,
				table[i].defect);
		if (out.seconds > SLOW)
			fail_msg("%s: %.2f s", table[i].name, out.seconds);
	}
}

static double
seconds_of(const struct hostile *h, size_t n)
{
	struct outcome out = run(h, n);

	if (!out.read)
		fail_msg("%s: no document", h->name);
	return out.seconds;
}

static void
twice_the_mail_takes_at_most_about_thrice_the_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		double half, whole;
		int tries = 0;

		/* the machine may be busy, and below some milliseconds there
		 * is nothing to measure */
		do {
			half = seconds_of(&table[i], table[i].n / 2);
			whole = seconds_of(&table[i], table[i].n);
		} while (whole > 3 * half + 0.015 * SLOW && ++tries < 5);
		if (tries == 5)
			fail_msg("%s: %.0f ms, then %.0f ms", table[i].name,
				half * 1e3, whole * 1e3);
	}
}

/* ---- memory ----------------------------------------------------------------
 */

static void
attached_file(struct made *m, size_t n)
{
	head(m, "Content-Type: multipart/mixed; boundary=b\n\n--b\n\noi\n"
		"--b\nContent-Type: application/pdf\n"
		"Content-Transfer-Encoding: base64\n\n");
	times(m,
		"JVBERi0xLjQKJVBERi0xLjQKJVBERi0xLjQKJVBERi0xLjQKJVBERi0xL"
		"jQKJVBERi0xLjQK\n",
		n / 76);
	say(m, "--b--\n");
}

static void
encoded_text(struct made *m, size_t n)
{
	head(m, "Content-Type: text/plain; charset=iso-8859-2\n"
		"Content-Transfer-Encoding: quoted-printable\n\n");
	times(m, "Sehr geehrte Damen und Herren, =B3=F3d=BC, danke.=20\r\n",
		n / 53);
}

static void
page_text(struct made *m, size_t n)
{
	head(m, "Content-Type: text/html; charset=utf-8\n\n<html>");
	times(m, "<p>Prezados, <b>comprei</b> uma geladeira &amp; nada.</p>\n",
		n / 58);
}

static const struct hostile large[] = {
	{ "20 MB attachment", attached_file, 20000000, NULL },
	{ "20 MB text", encoded_text, 20000000, NULL },
	{ "20 MB page", page_text, 20000000, NULL },
};

/* What is held beyond the raw bytes is at most twice the mail. */
static void
a_large_mail_is_held_at_most_twice_beside_its_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
		struct outcome none = run(&large[i], 1000);
		struct outcome out = run(&large[i], large[i].n);
		size_t more = (size_t)(out.peak_kb - none.peak_kb) << 10;

		assert_true(none.read && out.read);
		if (SLOW == 1 && more > 3 * out.bytes)
			fail_msg("%s: %zu KB for %zu", large[i].name,
				more >> 10, out.bytes >> 10);
	}
}

static void
print_row(const struct hostile *h)
{
	struct outcome out = run(h, h->n);

	printf("%-34s %9zu %8.0f %8ld %s%s\n", h->name, out.bytes,
		out.seconds * 1e3, out.peak_kb, out.read ? "" : "DIED",
		out.said ? "" : " NOT SAID");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_hostile_mail_is_read_in_its_bounds),
		cmocka_unit_test(
			twice_the_mail_takes_at_most_about_thrice_the_time),
		cmocka_unit_test(
			a_large_mail_is_held_at_most_twice_beside_its_bytes),
	};

	if (argc == 1 || strcmp(argv[1], "-v") != 0)
		return cmocka_run_group_tests(tests, NULL, NULL);
	printf("%-34s %9s %8s %8s\n", "mail", "bytes", "ms", "peak KB");
	for (size_t i = 0; i < COUNT; i++)
		print_row(&table[i]);
	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++)
		print_row(&large[i]);
	return 0;
}
