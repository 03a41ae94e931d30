/*
 * password_test.c - long passwords that are short in truth are refused
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../lib/desk/password.c" /* NOLINT(bugprone-suspicious-include) */

static const char *const words[] = { "batata", "correct", "dragon", "horse",
	"monkey", "password", "pudim", "staple" };
static const char *const names[] = { "ouvidoria", "marta", "queiroz" };

static const struct common common = { NULL, 8, (const char **)words };

/* clang-format off */
static const struct row {
	const char *password, *wrong; /* NULL: it will do */
} rows[] = {
	{ "",                                  "password-short" },
	{ "vinte um gansos",                   NULL }, /* fifteen */
	{ "vinte um ganso",                    "password-short" },
	{ "\u00e9\u00e9 ana z\u00e9 vovo",     "password-short" }, /* 14, 17 bytes */
	{ "\u00e9\u00e9 ana z\u00e9 vovob",    NULL },
	{ "passwordpassword",                  "password-common" },
	{ "Password!Password!",                "password-common" },
	{ "dragonmonkey2024!",                 "password-common" },
	{ "Dragon-Monkey-1999-02",             "password-common" },
	{ "p4ssw0rdp4ssw0rd",                  "password-common" },
	{ "dr@g0n!m0nkey....",                 "password-common" },
	{ "correcthorsestaple",                NULL }, /* three words */
	{ "dragonmonkey do mato",              NULL },
	{ "martaqueiroz1984",                  "password-named" },
	{ "Marta.Queiroz.99",                  "password-named" },
	{ "OUVIDORIA ouvidoria",               "password-named" },
	{ "ouvidoriadragon1",                  "password-named" },
	{ "qwertyuiopasdfgh",                  "password-common" },
	{ "poiuytrewqlkjhgf",                  "password-common" },
	{ "123456789012345",                   "password-common" },
	{ "abcdefghijklmnopq",                 "password-common" },
	{ "aaaaaaaaaaaaaaaa",                  "password-common" },
	{ "abababababababab",                  "password-common" },
	{ "k7-Zq!wm3_Xp9#Lr",                  NULL },
	{ "91735-28463-50926",                 NULL },
};
/* clang-format on */

static void
every_row_is_judged_as_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *got =
			password_judge(&common, names, 3, rows[i].password);

		if ((got == NULL) != (rows[i].wrong == NULL) ||
			(got != NULL && strcmp(got, rows[i].wrong) != 0))
			fail_msg("%s: %s, not %s", rows[i].password,
				got != NULL ? got : "accepted",
				rows[i].wrong != NULL ? rows[i].wrong
						      : "accepted");
	}
}

static void
the_longest_has_128_bytes(void **state)
{
	char text[130];

	(void)state;
	for (int i = 0; i < 129; i++)
		text[i] = "bcdfghjklmnpqrstvwxz"[(i * 7) % 20];
	text[129] = '\0';
	assert_string_equal(
		password_judge(&common, names, 3, text), "password-long");
	text[128] = '\0';
	assert_null(password_judge(&common, names, 3, text));
}

/* The list of the package is read, and its words count. */
static void
the_list_is_read_from_its_file(void **state)
{
	struct common *list = read_list("/usr/share/dict/cracklib-small");

	(void)state;
	assert_true(list->count > 40000);
	assert_string_equal(password_judge(list, NULL, 0, "elephant-banana!!"),
		"password-common");
	assert_null(password_judge(list, NULL, 0, "k7-Zq!wm3_Xp9#Lr"));
	ouv_arena_free(&list->arena);
}

/* What the office itself offers is always accepted. */
static void
a_generated_password_is_accepted(void **state)
{
	struct common *list = read_list("/usr/share/dict/cracklib-small");
	char password[OUV_PASSWORD_MAX];

	(void)state;
	for (int i = 0; i < 500; i++) {
		ouv_password_new(password);
		assert_null(password_judge(list, names, 3, password));
	}
	ouv_arena_free(&list->arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_judged_as_it_says),
		cmocka_unit_test(the_longest_has_128_bytes),
		cmocka_unit_test(the_list_is_read_from_its_file),
		cmocka_unit_test(a_generated_password_is_accepted),
	};

	ouv_vault_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
