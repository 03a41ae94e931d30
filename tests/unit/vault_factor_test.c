/*
 * vault_factor_test.c - six digits that open once, and shares of a secret
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/vault.h"

/* ---- TOTP -------------------------------------------------------------- */

static const uint8_t rfc_seed[OUV_TOTP_SEED] = "12345678901234567890";

static void
a_totp_code_is_good_for_its_step_and_both_neighbours(void **state)
{
	/* Step 37037036 has 081804 (RFC 6238, appendix B). */
	const int64_t own = 37037036;

	(void)state;
	for (int64_t now = 30 * own - 91; now < 30 * own + 120; now++) {
		const bool near = now >= 30 * (own - 1) && now < 30 * (own + 2);
		int64_t step = -5;

		assert_int_equal(
			ouv_totp_check(rfc_seed, "081804", now, -1, &step),
			near ? OUV_OK : OUV_REFUSED);
		assert_int_equal(step, near ? own : -5);
	}
}

static void
a_totp_code_opens_once(void **state)
{
	const int64_t own = 37037036, now = 30 * own + 5;
	int64_t step = 0;

	(void)state;
	assert_int_equal(
		ouv_totp_check(rfc_seed, "081804", now, own - 1, &step),
		OUV_OK);
	assert_int_equal(ouv_totp_check(rfc_seed, "081804", now, step, &step),
		OUV_REFUSED);
	assert_int_equal(
		ouv_totp_check(rfc_seed, "081804", now, own + 9, &step),
		OUV_REFUSED);
	/* Steps 910737 and 910738 of this seed have the same digits: both are
	 * used up at once. */
	for (int64_t at = 910737; at <= 910738; at++) {
		assert_int_equal(
			ouv_totp_check(rfc_seed, "911617", 30 * at, -1, &step),
			OUV_OK);
		assert_int_equal(step, 910738);
	}
	assert_int_equal(ouv_totp_check(rfc_seed, "911617",
				 INT64_C(30) * 910736, -1, &step),
		OUV_OK);
	assert_int_equal(step, 910737);
}

static void
what_is_not_six_digits_is_no_totp_code(void **state)
{
	/* clang-format off */
	static const char *const texts[] = { "", "0", "08180", "0818040",
		"08180a", " 081804", "081804 ", "081 804", "+81804", "-81804",
		"081804\n", "0x1804", "081805", "981804", "\331\24081804" };
	/* clang-format on */
	int64_t step = 3;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(ouv_totp_check(rfc_seed, texts[i],
					 INT64_C(30) * 37037036, -1, &step),
			OUV_REFUSED);
	assert_int_equal(
		ouv_totp_check(rfc_seed, "755224", -1, -1, &step), OUV_REFUSED);
	assert_int_equal(step, 3);
	/* Step 0 has 755224 (RFC 4226, appendix D). */
	assert_int_equal(
		ouv_totp_check(rfc_seed, "755224", 0, -1, &step), OUV_OK);
	assert_int_equal(step, 0);
}

/* ---- shares ------------------------------------------------------------ */

static void
any_two_shares_give_the_secret_and_one_gives_nothing(void **state)
{
	uint8_t secret[OUV_KEY], out[OUV_KEY];
	char first[3][OUV_SHARE_MAX], lines[3][OUV_SHARE_MAX];
	char hex[2 * OUV_KEY + 1];

	(void)state;
	ouv_random(secret, sizeof(secret));
	ouv_hex(secret, sizeof(secret), hex);
	ouv_share_split("escrow", secret, first);
	ouv_share_split("escrow", secret, lines);
	for (int a = 0; a < 3; a++) {
		/* The same secret, and no share like the one before. */
		assert_int_equal(strlen(first[a]), strlen(lines[a]));
		assert_memory_not_equal(first[a] + 21, lines[a] + 21, 64);
		assert_memory_not_equal(first[a] + 85, lines[a] + 85, 64);
		assert_null(strstr(lines[a], hex));
		for (int b = 0; b < 3; b++) {
			memset(out, 0, sizeof(out));
			assert_int_equal(ouv_share_join("escrow", lines[a],
						 lines[b], out),
				a == b ? OUV_INVALID : OUV_OK);
			if (a != b)
				assert_memory_equal(out, secret, OUV_KEY);
		}
	}
}

static void
a_share_altered_cut_or_of_another_secret_is_refused(void **state)
{
	uint8_t secret[OUV_KEY], out[OUV_KEY];
	char lines[3][OUV_SHARE_MAX], bad[OUV_SHARE_MAX + 8];

	(void)state;
	ouv_random(secret, sizeof(secret));
	ouv_share_split("escrow", secret, lines);
	for (size_t i = 0; lines[0][i] != 0; i++) {
		(void)snprintf(bad, sizeof(bad), "%s", lines[0]);
		bad[i] = bad[i] == '7' ? '8' : '7';
		assert_int_equal(ouv_share_join("escrow", bad, lines[2], out),
			OUV_INVALID);
		assert_int_equal(ouv_share_join("escrow", lines[2], bad, out),
			OUV_INVALID);
		bad[i] = 0;
		assert_int_equal(ouv_share_join("escrow", bad, lines[2], out),
			OUV_INVALID);
	}
	(void)snprintf(bad, sizeof(bad), " \t%s\r\n", lines[0]);
	assert_int_equal(ouv_share_join("escrow", bad, lines[1], out), OUV_OK);
	(void)snprintf(bad, sizeof(bad), "%s x", lines[0]);
	assert_int_equal(
		ouv_share_join("escrow", bad, lines[1], out), OUV_INVALID);
	/* clang-format off */
	static const char *const names[] = { "escro", "escrow2", "root", "",
		"es crow" };
	/* clang-format on */
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(
			ouv_share_join(names[i], lines[0], lines[1], out),
			OUV_INVALID);
}

/* ---- the frame --------------------------------------------------------- */

static int
start(void **state)
{
	(void)state;
	ouv_vault_init();
	return 0;
}

#define ROW(claim) cmocka_unit_test(claim)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(a_totp_code_is_good_for_its_step_and_both_neighbours),
		ROW(a_totp_code_opens_once),
		ROW(what_is_not_six_digits_is_no_totp_code),
		ROW(any_two_shares_give_the_secret_and_one_gives_nothing),
		ROW(a_share_altered_cut_or_of_another_secret_is_refused),
	};

	return cmocka_run_group_tests_name("vault_factor", tests, start, NULL);
}
