/*
 * mail_auth_test.c - only our border server's own words count, and only as
 * results: nothing a sender can choose is kept
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/mail.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define A "Authentication-Results: "
#define OURS "mx.ouvidoria.example"

struct row {
	const char *what, *fields;
	const char *want; /* NULL: not believed */
};

static const struct ouv_mail_office office = {
	.address = "ouvidoria@ouvidoria.example",
	.reply_local = "caso",
	.authserv_id = OURS,
};

/* clang-format off */
static const struct row rows[] = {
	{ "none", "", NULL },
	{ "ours", A OURS "; dmarc=fail\n", OURS "; dmarc=fail" },
	{ "in capitals", A "MX.Ouvidoria.Example; DMARC=Fail\n", OURS "; dmarc=fail" },
	{ "the field's name in capitals", "AUTHENTICATION-RESULTS: " OURS "; spf=pass\n", OURS "; spf=pass" },
	{ "with a version", A OURS " 1; dkim=pass\n", OURS "; dkim=pass" },
	{ "quoted", A "\"" OURS "\"; dkim=pass\n", OURS "; dkim=pass" },
	{ "quoted with an escape", A "\"mx\\.ouvidoria.example\"; dkim=pass\n", OURS "; dkim=pass" },
	{ "comments before and behind", A "(a (b) c) " OURS " (d) 1 (e); dkim=pass\n", OURS "; dkim=pass" },
	{ "folded", A "\n " OURS ";\n spf=fail\n smtp.mailfrom=x.example;\n\tdkim=fail\n", OURS "; spf=fail; dkim=fail" },
	{ "properties and reasons", A OURS "; dkim=pass reason=\"good\" header.d=x.example; spf=none smtp.mailfrom=a@x.example\n", OURS "; dkim=pass; spf=none" },
	{ "a method with a version", A OURS "; dkim/1=pass\n", OURS "; dkim=pass" },
	{ "blanks around the sign", A OURS "; dkim = pass\n", OURS "; dkim=pass" },
	{ "nothing was checked", A OURS "; none\n", OURS },
	{ "no result at all", A OURS "\n", OURS },
	{ "no semicolon at the end", A OURS "; spf=pass;\n", OURS "; spf=pass" },
	/* somebody else's */
	{ "another server", A "mx.x.example; dmarc=pass\n", NULL },
	{ "a longer name", A OURS ".evil.example; dmarc=pass\n", NULL },
	{ "a shorter name", A "ouvidoria.example; dmarc=pass\n", NULL },
	{ "our name in a comment", A "(" OURS ") evil.example; dmarc=pass\n", NULL },
	{ "our name as a version", A "evil.example " OURS "; dmarc=pass\n", NULL },
	{ "our name in quotes, and more", A "\"" OURS "; x\"; dmarc=pass\n", NULL },
	{ "an open quote", A "\"" OURS "; dmarc=pass\n", NULL },
	{ "no semicolon behind the name", A OURS " dmarc=pass\n", NULL },
	{ "a forged one above ours", A "evil.example; dmarc=pass\n" A OURS "; dmarc=fail\n", NULL },
	{ "a forged one below ours", A OURS "; dmarc=fail\n" A OURS "; dmarc=pass\n", OURS "; dmarc=fail" },
	{ "another's below ours", A OURS "; spf=pass\n" A "evil.example; spf=fail\n", OURS "; spf=pass" },
	{ "ours is in another field", "ARC-" A "i=1; " OURS "; dmarc=pass\nX-" A OURS "; dmarc=pass\n", NULL },
	/* nothing is smuggled in */
	{ "a result in a comment", A OURS "; spf=pass (dkim=fail; dmarc=fail)\n", OURS "; spf=pass" },
	{ "a comment that does not end", A OURS "; spf=fail (; dkim=pass; dmarc=pass\n", OURS "; spf=fail" },
	{ "a comment in a comment", A OURS "; spf=fail ((; dkim=pass) ; dmarc=pass)\n", OURS "; spf=fail" },
	{ "an escaped end of a comment", A OURS "; spf=fail (\\) ; dkim=pass)\n", OURS "; spf=fail" },
	{ "a result in a quoted value", A OURS "; spf=fail smtp.mailfrom=\"x; dkim=pass\"\n", OURS "; spf=fail" },
	{ "an escaped quote", A OURS "; spf=fail smtp.mailfrom=\"x\\\"; dkim=pass\"\n", OURS "; spf=fail" },
	{ "a quote that does not end", A OURS "; spf=fail reason=\"x; dkim=pass\n", OURS "; spf=fail" },
	{ "a result as a value", A OURS "; spf=fail smtp.mailfrom=dkim=pass\n", OURS "; spf=fail" },
	{ "a result as a property", A OURS "; spf=fail dkim=pass\n", OURS "; spf=fail" },
	{ "an address like a result", A OURS "; spf=fail smtp.mailfrom=dmarc=pass@x.example\n", OURS "; spf=fail" },
	{ "a quoted method", A OURS "; \"x dmarc\"=pass; spf=fail\n", OURS "; spf=fail" },
	{ "a quoted result", A OURS "; spf=\"fail; dkim=pass\"; dkim=none\n", OURS "; dkim=none" },
	{ "a sign with nothing behind", A OURS "; dmarc=; spf=pass\n", OURS "; spf=pass" },
	{ "a comment between the parts", A OURS "; spf (x=y) = (z) fail\n", OURS "; spf=fail" },
};
/* clang-format on */

static const struct ouv_mail *
read_row(struct ouv_arena *arena, const char *fields,
	const struct ouv_mail_office *who)
{
	struct ouv_mail *mail = ouv_arena_alloc(arena, sizeof *mail);
	const char *raw = ouv_arena_printf(arena,
		"%sFrom: ana@x.example\nTo: ouvidoria@ouvidoria.example\n\nx\n",
		fields);

	ouv_mail_read(arena, raw, strlen(raw), who, mail);
	return mail;
}

static void
only_our_own_results_are_kept(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *got =
			read_row(arena, rows[i].fields, &office)->auth_results;

		if ((got == NULL) != (rows[i].want == NULL) ||
			(got != NULL && strcmp(got, rows[i].want) != 0))
			fail_msg("%s: [%s]", rows[i].what,
				got == NULL ? "not believed" : got);
	}
	ouv_arena_free(&arena);
}

static void
without_a_server_of_ours_nobody_is_believed(void **state)
{
	static const struct ouv_mail_office nobody,
		empty = { .authserv_id = "" };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	assert_null(
		read_row(arena, A OURS "; spf=pass\n", &nobody)->auth_results);
	assert_null(read_row(arena, A "; spf=pass\n", &empty)->auth_results);
	ouv_arena_free(&arena);
}

/* Every cut of every row: nothing but results ever comes out. */
static void
a_damaged_field_is_read_to_its_end(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t n = 0; n < strlen(rows[i].fields); n++) {
			const char *got = read_row(arena,
				ouv_arena_printf(arena, "%.*s\n", (int)n,
					rows[i].fields),
				&office)
						  ->auth_results;

			assert_true(got == NULL ||
				    strpbrk(got, "()\"\\@/") == NULL);
		}
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_our_own_results_are_kept),
		cmocka_unit_test(without_a_server_of_ours_nobody_is_believed),
		cmocka_unit_test(a_damaged_field_is_read_to_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
