/*
 * totp.c - the six digits of the second factor, each good once
 */
#include <stdlib.h>
#include <string.h>

#include <liboath/oath.h>
#include <sodium.h>

#include "inner.h"

#define STEP_SECS 30
#define DIGITS 6

void
ouv_totp_base32(const uint8_t seed[OUV_TOTP_SEED], char out[OUV_TOTP_B32])
{
	char *text = NULL;
	size_t len = 0;

	if (oath_base32_encode((const char *)seed, OUV_TOTP_SEED, &text,
		    &len) != OATH_OK ||
		len != OUV_TOTP_B32 - 1)
		vault_die("base32 of a seed");
	memcpy(out, text, len);
	out[len] = 0;
	sodium_memzero(text, len);
	free(text);
}

static bool
code_well_formed(const char *code)
{
	return strlen(code) == DIGITS && strspn(code, "0123456789") == DIGITS;
}

enum ouv_err
ouv_totp_check(const uint8_t seed[OUV_TOTP_SEED], const char *code, int64_t now,
	int64_t last_step, int64_t *step_out)
{
	const int64_t middle = now / STEP_SECS;
	int64_t found = -1;
	char want[DIGITS + 1];

	if (now < 0 || !code_well_formed(code))
		return OUV_REFUSED;
	/* All three are tried, and of two that match the later one is used
	 * up: the same digits must not open twice. */
	for (int64_t step = middle - 1; step <= middle + 1; step++) {
		if (step < 0 || step <= last_step)
			continue;
		if (oath_hotp_generate((const char *)seed, OUV_TOTP_SEED,
			    (uint64_t)step, DIGITS, false,
			    OATH_HOTP_DYNAMIC_TRUNCATION, want) != OATH_OK)
			vault_die("HMAC of a TOTP step");
		if (sodium_memcmp(want, code, DIGITS) == 0)
			found = step;
	}
	sodium_memzero(want, sizeof(want));
	if (found < 0)
		return OUV_REFUSED;
	*step_out = found;
	return OUV_OK;
}
