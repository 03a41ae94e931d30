/*
 * mail_canonical_test.c - delivered twice feeds the same bytes, nothing else
 * does
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/mail.h"

#define HEAD                                       \
	"From: Ana <ana@consumidora.example>\r\n"  \
	"To: ouvidoria@ouvidoria.example\r\n"      \
	"Cc: loja@loja.example\r\n"                \
	"Subject: Entrega\r\n"                     \
	"Date: Mon, 2 Feb 2026 10:00:00 -0300\r\n" \
	"Message-ID: <1@consumidora.example>\r\n"
#define BODY "\r\nA loja não entregou.\r\n"

struct row {
	const char *what, *mail;
};

/* clang-format off */
static const char base[] = HEAD BODY;

static const struct row same[] = {
	{ "a Received more", "Received: by mx.example; now\r\n\twith fold\r\n" HEAD BODY },
	{ "trace below", HEAD "Delivered-To: x@ouvidoria.example\r\nX-Spam: no\r\n" BODY },
	{ "an mbox line", "From ana@consumidora.example Mon Feb  2 10:00:00 2026\r\n" HEAD BODY },
	{ "blank lines before", "\r\n\r\n" HEAD BODY },
	{ "another order and case",
	  "MESSAGE-ID: <1@consumidora.example>\r\ndate: Mon, 2 Feb 2026 10:00:00 -0300\r\n"
	  "SUBJECT: Entrega\r\nCC: loja@loja.example\r\nto: ouvidoria@ouvidoria.example\r\n"
	  "from: Ana <ana@consumidora.example>\r\n" BODY },
	{ "folded anew and blanks at the ends",
	  "From:   Ana\r\n <ana@consumidora.example>  \r\nTo: ouvidoria@ouvidoria.example\r\n"
	  "Cc: loja@loja.example\r\nSubject:\r\n Entrega\r\nDate: Mon, 2 Feb 2026\r\n 10:00:00 -0300\r\n"
	  "Message-ID:\r\n <1@consumidora.example>\r\n" BODY },
};

static const struct row other[] = {
	{ "sender", "From: Eva <ana@consumidora.example>\r\n"
	  "To: ouvidoria@ouvidoria.example\r\nCc: loja@loja.example\r\nSubject: Entrega\r\n"
	  "Date: Mon, 2 Feb 2026 10:00:00 -0300\r\nMessage-ID: <1@consumidora.example>\r\n" BODY },
	{ "recipient", "From: Ana <ana@consumidora.example>\r\n"
	  "To: outra@ouvidoria.example\r\nCc: loja@loja.example\r\nSubject: Entrega\r\n"
	  "Date: Mon, 2 Feb 2026 10:00:00 -0300\r\nMessage-ID: <1@consumidora.example>\r\n" BODY },
	{ "no copy", "From: Ana <ana@consumidora.example>\r\n"
	  "To: ouvidoria@ouvidoria.example\r\nSubject: Entrega\r\n"
	  "Date: Mon, 2 Feb 2026 10:00:00 -0300\r\nMessage-ID: <1@consumidora.example>\r\n" BODY },
	{ "copy and subject exchanged", "From: Ana <ana@consumidora.example>\r\n"
	  "To: ouvidoria@ouvidoria.example\r\nCc: Entrega\r\nSubject: loja@loja.example\r\n"
	  "Date: Mon, 2 Feb 2026 10:00:00 -0300\r\nMessage-ID: <1@consumidora.example>\r\n" BODY },
	{ "subject", HEAD "Subject: Outra\r\n" BODY },
	{ "an empty subject more", HEAD "Subject:\r\n" BODY },
	{ "date", "From: Ana <ana@consumidora.example>\r\n"
	  "To: ouvidoria@ouvidoria.example\r\nCc: loja@loja.example\r\nSubject: Entrega\r\n"
	  "Date: Mon, 2 Feb 2026 10:00:01 -0300\r\nMessage-ID: <1@consumidora.example>\r\n" BODY },
	{ "id", "From: Ana <ana@consumidora.example>\r\n"
	  "To: ouvidoria@ouvidoria.example\r\nCc: loja@loja.example\r\nSubject: Entrega\r\n"
	  "Date: Mon, 2 Feb 2026 10:00:00 -0300\r\nMessage-ID: <2@consumidora.example>\r\n" BODY },
	{ "body", HEAD "\r\nA loja nao entregou.\r\n" },
	{ "a blank line in the body", HEAD "\r\n" BODY },
	{ "no body", HEAD },
	{ "text that looks like a trace field, without the empty line",
	  HEAD "Olá, escrevo porque\r\nX-Spam: no\r\n" BODY },
	{ "other text there", HEAD "Oi, escrevo porque\r\nX-Spam: no\r\n" BODY },
	{ "a subject moved into the body", HEAD "\r\nSubject: Entrega\r\n" BODY },
};

/* Fed whole: every byte counts, trace fields too. */
static const struct row whole[] = {
	{ "no id", "From: a@b.example\r\nDate: Mon, 2 Feb 2026 10:00:00 -0300\r\n\r\nx" },
	{ "an empty id", "Message-ID: \r\nDate: Mon, 2 Feb 2026 10:00:00 -0300\r\n\r\nx" },
	{ "no date", "From: a@b.example\r\nMessage-ID: <1@b.example>\r\n\r\nx" },
	{ "no header", "\r\nx" },
	{ "nothing but text", "x" },
	{ "a bare continuation", " x: y\r\n\r\nx" },
};
/* clang-format on */

static void
collect(void *user, const void *data, size_t len)
{
	ouv_buf_add(user, data, len);
}

static struct ouv_str
digest_input(struct ouv_arena *arena, const char *raw, size_t len)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, len);
	ouv_mail_canonical(raw, len, collect, &buf);
	return (struct ouv_str){ buf.data, buf.len };
}

static bool
equal(struct ouv_str a, struct ouv_str b)
{
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

static void
trace_fields_and_folds_do_not_count(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str want = digest_input(arena, base, strlen(base));

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		struct ouv_str got =
			digest_input(arena, same[i].mail, strlen(same[i].mail));

		if (!equal(got, want))
			fail_msg("%s:\n%s\n---\n%s", same[i].what, got.p,
				want.p);
	}
	ouv_arena_free(&arena);
}

static void
any_two_different_mails_differ(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	size_t count = sizeof other / sizeof other[0];
	struct ouv_str all[sizeof other / sizeof other[0] + 1];

	(void)state;
	all[count] = digest_input(arena, base, strlen(base));
	for (size_t i = 0; i < count; i++) {
		all[i] = digest_input(
			arena, other[i].mail, strlen(other[i].mail));
		for (size_t k = 0; k < i; k++)
			if (equal(all[i], all[k]))
				fail_msg("%s = %s", other[i].what,
					other[k].what);
		if (equal(all[i], all[count]))
			fail_msg("%s does not count", other[i].what);
	}
	ouv_arena_free(&arena);
}

static void
without_id_or_date_every_byte_counts(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
		const char *mail = whole[i].mail;
		const char *traced =
			ouv_arena_printf(arena, "X-T: 1\r\n%s", mail);
		struct ouv_str got = digest_input(arena, mail, strlen(mail));

		assert_memory_equal(
			got.p + got.len - strlen(mail), mail, strlen(mail));
		assert_false(equal(
			got, digest_input(arena, traced, strlen(traced))));
	}
	ouv_arena_free(&arena);
}

static void
each_byte_of_the_body_counts(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str want = digest_input(arena, base, strlen(base));
	char *copy = ouv_arena_strdup(arena, base);

	(void)state;
	for (size_t i = strlen(HEAD) + 2; i < strlen(base); i++) {
		copy[i] ^= 1;
		assert_false(
			equal(want, digest_input(arena, copy, strlen(base))));
		copy[i] ^= 1;
	}
	ouv_arena_free(&arena);
}

/* Cut anywhere, with line ends of every sort: no crash, always something. */
static void
hostile_bytes_end_quickly(void **state)
{
	static const char *const units[] = { "\r", "\n", ":", " ", "a:\n",
		"Subject:\r\n ", "From: a\n", "\0", "Message-ID: <1@a>\n" };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t cut = 0; cut <= strlen(base); cut++)
		assert_true(digest_input(arena, base, cut).len > 0);
	for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
		size_t n = strlen(units[u]) ? strlen(units[u]) : 1;
		char *raw = ouv_arena_alloc(arena, 8000000);

		for (size_t i = 0; i + n <= 8000000; i += n)
			memcpy(raw + i, units[u], n);
		assert_true(digest_input(arena, raw, 8000000).len > 0);
		ouv_arena_reset(arena);
	}
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trace_fields_and_folds_do_not_count),
		cmocka_unit_test(any_two_different_mails_differ),
		cmocka_unit_test(without_id_or_date_every_byte_counts),
		cmocka_unit_test(each_byte_of_the_body_counts),
		cmocka_unit_test(hostile_bytes_end_quickly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
