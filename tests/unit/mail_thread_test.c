/*
 * mail_thread_test.c - a mail finds its case by what we gave out, best first
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/case.h"
#include "ouv/mail.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define US "ouvidoria.example"

struct row {
	const char *what, *header;
	const char *want; /* words joined by a blank */
};

static const struct ouv_mail_office office = {
	.address = "ouvidoria@" US,
	.reply_local = "caso",
};

/* clang-format off */
static const struct row token_rows[] = {
	{ "none", "To: ouvidoria@" US "\n", "" },
	{ "in To", "To: Ouvidoria <caso+AB12@" US ">\n", "AB12" },
	{ "in Cc", "To: x@y.example\nCc: caso+AB12@" US "\n", "AB12" },
	{ "as written", "To: caso+aB12@" US "\n", "aB12" },
	{ "the local part in capitals", "To: CASO+AB12@OUVIDORIA.example\n", "AB12" },
	{ "only in the envelope", "To: undisclosed-recipients:;\nDelivered-To: caso+AB12@" US "\n", "AB12" },
	{ "X-Original-To", "X-Original-To: caso+AB12@" US "\n", "AB12" },
	{ "Envelope-To", "Envelope-To: caso+AB12@" US "\n", "AB12" },
	{ "in angle brackets", "Delivered-To: <caso+AB12@" US ">\n", "AB12" },
	{ "order of trust, whatever the order of lines",
	  "Cc: caso+E5@" US "\nTo: caso+D4@" US "\nEnvelope-To: caso+C3@" US "\n"
	  "X-Original-To: caso+B2@" US "\nDelivered-To: caso+A1@" US "\n", "A1 B2 C3 D4 E5" },
	{ "several cases in one mail", "To: caso+A1@" US ", caso+B2@" US "\nCc: caso+C3@" US "\n", "A1 B2 C3" },
	{ "each once, in any case", "Delivered-To: caso+A1@" US "\nTo: caso+a1@" US ", caso+B2@" US "\n", "A1 B2" },
	{ "another domain", "To: caso+AB12@evil.example\n", "" },
	{ "a domain that ends alike", "To: caso+AB12@x" US "\n", "" },
	{ "a domain that begins alike", "To: caso+AB12@" US ".evil.example\n", "" },
	{ "another local part", "To: casos+AB12@" US ", xcaso+AB12@" US "\n", "" },
	{ "an empty code", "To: caso+@" US "\n", "" },
	{ "a code with strange letters", "To: caso+A/B@" US "\n", "" },
	{ "a code in the display name", "To: \"caso+AB12@" US "\" <x@y.example>\n", "" },
	{ "a code in From", "From: caso+AB12@" US "\nTo: x@y.example\n", "" },
};

static const struct row id_rows[] = {
	{ "none", "To: x@y.example\n", "" },
	{ "In-Reply-To", "In-Reply-To: <a@x>\n", "a@x" },
	{ "References from last to first", "References: <a@x> <b@x>\n <c@x>\n", "c@x b@x a@x" },
	{ "both, each once", "References: <a@x> <b@x> <c@x>\nIn-Reply-To: <c@x>\n", "c@x b@x a@x" },
	{ "In-Reply-To before a later reference", "References: <a@x> <b@x>\nIn-Reply-To: <a@x>\n", "a@x b@x" },
	{ "two in In-Reply-To", "In-Reply-To: <a@x> <b@x>\n", "a@x b@x" },
	{ "Thread-Index and Thread-Topic say nothing", "Thread-Index: AQHZ\nThread-Topic: x\n", "" },
};

static const struct row verp_rows[] = {
	{ "none", "To: ouvidoria@" US "\n", "" },
	{ "in To", "To: b+N1@" US "\n", "N1" },
	{ "in Delivered-To first", "To: b+N2@" US "\nDelivered-To: b+N1@" US "\n", "N1" },
	{ "another domain", "To: b+N1@x.example\n", "" },
	{ "not a reply address", "To: caso+N1@" US "\n", "" },
	{ "not another name with b", "To: bb+N1@" US "\n", "" },
};
/* clang-format on */

static struct ouv_mail *
read_header(struct ouv_arena *arena, const char *header,
	const struct ouv_mail_office *of)
{
	struct ouv_mail *mail = ouv_arena_alloc(arena, sizeof *mail);
	const char *raw = ouv_arena_printf(arena, "%s\nolá\n", header);

	ouv_mail_read(arena, raw, strlen(raw), of, mail);
	return mail;
}

static const char *
joined(struct ouv_arena *arena, const struct ouv_mail_ids *ids)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 64);
	for (size_t i = 0; i < ids->count; i++)
		ouv_buf_printf(&buf, "%s%s", i ? " " : "", ids->list[i]);
	return buf.data;
}

static void
check(const struct row *row, const char *got)
{
	if (strcmp(got, row->want) != 0)
		fail_msg("%s: [%s], not [%s]", row->what, got, row->want);
}

static void
codes_are_found_best_place_first(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(token_rows); i++) {
		const struct ouv_mail *mail =
			read_header(arena, token_rows[i].header, &office);

		check(&token_rows[i], joined(arena, &mail->tokens));
		if (mail->tokens.count == 0)
			assert_null(mail->token);
		else
			assert_string_equal(mail->token, mail->tokens.list[0]);
	}
	ouv_arena_free(&arena);
}

static void
ids_are_tried_nearest_first(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(id_rows); i++)
		check(&id_rows[i],
			joined(arena,
				&read_header(arena, id_rows[i].header, &office)
					 ->thread_ids));
	ouv_arena_free(&arena);
}

static void
bounce_addresses_are_found(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(verp_rows); i++) {
		const char *verp =
			read_header(arena, verp_rows[i].header, &office)->verp;

		check(&verp_rows[i], verp == NULL ? "" : verp);
	}
	ouv_arena_free(&arena);
}

/* Every wrong digit and every separator, from the number's own formatter. */
static void
only_true_protocol_numbers_are_tags(void **state)
{
	/* clang-format off */
	static const char *const around[] = {
		"%s", "Re: [Ouvidoria %s] Geladeira", "protocolo n. %s.", "(%s)", "x 12 %s y",
	};
	static const char *const not_around[] = { "1%s", "%s5", "x %s4711" };
	/* clang-format on */
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	char number[OUV_PROTOCOL_MAX], subject[200], header[300];

	(void)state;
	ouv_protocol_format(2026, 123, number);
	for (size_t i = 0; i < COUNT(around) + COUNT(not_around); i++) {
		const char *form = i < COUNT(around)
					   ? around[i]
					   : not_around[i - COUNT(around)];
		const char *at = strstr(form, "%s"), *tag;

		(void)snprintf(subject, sizeof subject, "%.*s%s%s",
			(int)(at - form), form, number, at + 2);
		(void)snprintf(header, sizeof header, "Subject: %s\n", subject);
		tag = read_header(arena, header, &office)->subject_tag;
		if (i < COUNT(around)) {
			assert_non_null(tag);
			assert_string_equal(tag, number);
		} else {
			assert_null(tag);
		}
	}
	for (size_t i = 0; number[i] != '\0'; i++) {
		char kept = number[i];

		if (kept == '-')
			continue;
		number[i] = kept == '9' ? '0' : (char)(kept + 1);
		(void)snprintf(header, sizeof header, "Subject: %s\n", number);
		assert_null(read_header(arena, header, &office)->subject_tag);
		number[i] = kept;
	}
	assert_null(read_header(arena, "Subject: tel 11 99876-5432\n", &office)
			    ->subject_tag);
	ouv_arena_free(&arena);
}

static void
envelope_addresses_are_kept_in_order(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const struct ouv_mail *mail = read_header(arena,
		"X-Original-To: a@" US "\nDelivered-To: b@" US
		"\nEnvelope-To: c@" US ", d@" US "\nDelivered-To: e@" US "\n",
		&office);
	char got[8] = "";

	(void)state;
	assert_int_equal(mail->delivered_to.count, 5);
	for (size_t i = 0; i < 5; i++)
		got[i] = mail->delivered_to.list[i].addr[0];
	assert_string_equal(got, "abcde");
	ouv_arena_free(&arena);
}

static void
without_an_office_a_code_is_still_seen(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const struct ouv_mail *mail =
		read_header(arena, "To: caso+AB12@x.example\n", NULL);

	(void)state;
	assert_string_equal(mail->token, "AB12");
	assert_null(mail->verp);
	ouv_arena_free(&arena);
}

static void
a_thousand_references_are_bounded(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_buf buf;

	(void)state;
	ouv_buf_init(&buf, arena, 100000);
	ouv_buf_text(&buf, "References:");
	for (int i = 0; i < 2000; i++)
		ouv_buf_printf(&buf, " <%d@x.example>\n", i);
	ouv_buf_text(&buf, "To:");
	for (int i = 0; i < 2000; i++)
		ouv_buf_printf(&buf, " caso+%d@" US ",\n", i);
	ouv_buf_text(&buf, " x@y.example\n");
	{
		const struct ouv_mail *mail =
			read_header(arena, buf.data, &office);

		assert_in_range(mail->thread_ids.count, 100, 500);
		assert_in_range(mail->tokens.count, 10, 200);
	}
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_found_best_place_first),
		cmocka_unit_test(ids_are_tried_nearest_first),
		cmocka_unit_test(bounce_addresses_are_found),
		cmocka_unit_test(only_true_protocol_numbers_are_tags),
		cmocka_unit_test(envelope_addresses_are_kept_in_order),
		cmocka_unit_test(without_an_office_a_code_is_still_seen),
		cmocka_unit_test(a_thousand_references_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
