/*
 * paper.c - secrets made for people: recovery codes and first passwords
 *
 * A code is 32 random bytes and 3 of their hash, 56 characters in 8 groups;
 * the hash tells a slip of the pen from a code of somebody else.
 */
#include <string.h>

#include <sodium.h>

#include "stretch.h"

#define GROUP 7
#define GROUPS 8
#define CHARS ((size_t)GROUP * GROUPS)
#define CHECK ((size_t)3)
#define PASSWORD 20

_Static_assert(CHARS * 5 == (OUV_KEY + CHECK) * 8, "no bit left over");
_Static_assert(CHARS + GROUPS <= OUV_RECOVERY_MAX, "dashes and zero");

static void
code_check(const uint8_t code[OUV_KEY], uint8_t out[CHECK])
{
	uint8_t hash[32];

	vault_hash(NULL,
		VAULT_PARTS(VAULT_LABEL("ouv-paper"), { code, OUV_KEY }), hash,
		sizeof(hash));
	memcpy(out, hash, CHECK);
	sodium_memzero(hash, sizeof(hash));
}

void
ouv_recovery_new(char out[OUV_RECOVERY_MAX])
{
	uint8_t bytes[OUV_KEY + CHECK];
	char chars[CHARS];
	char *p = out;

	randombytes_buf(bytes, OUV_KEY);
	code_check(bytes, bytes + OUV_KEY);
	base32_write(bytes, sizeof(bytes), chars, CHARS);
	for (size_t i = 0; i < CHARS; i++) {
		if (i > 0 && i % GROUP == 0)
			*p++ = '-';
		*p++ = chars[i];
		if (p[-1] >= 'a' && p[-1] <= 'z') /* read better on paper */
			p[-1] = (char)(p[-1] - 'a' + 'A');
	}
	*p = 0;
	sodium_memzero(bytes, sizeof(bytes));
	sodium_memzero(chars, sizeof(chars));
}

bool
recovery_read(const char *text, uint8_t code_out[OUV_KEY])
{
	uint8_t bytes[OUV_KEY + CHECK], check[CHECK];
	char chars[CHARS];
	size_t n = 0;
	bool good;

	for (; *text != 0; text++) {
		if (*text == '-' || *text == ' ')
			continue;
		if (n == CHARS)
			break;
		chars[n++] = *text;
	}
	good = *text == 0 && n == CHARS &&
	       base32_read(chars, CHARS, bytes, sizeof(bytes));
	if (good) {
		code_check(bytes, check);
		good = sodium_memcmp(check, bytes + OUV_KEY, CHECK) == 0;
		sodium_memzero(check, sizeof(check));
	}
	if (good)
		memcpy(code_out, bytes, OUV_KEY);
	sodium_memzero(bytes, sizeof(bytes));
	sodium_memzero(chars, sizeof(chars));
	return good;
}

void
ouv_password_new(char out[OUV_PASSWORD_MAX])
{
	/* 31 symbols, one case: 99 bits, and easy to read to somebody. */
	static const char symbols[] = "abcdefghjkmnpqrstuvwxyz23456789";

	for (size_t i = 0; i < PASSWORD; i++)
		out[i] = symbols[randombytes_uniform(sizeof(symbols) - 1)];
	out[PASSWORD] = 0;
}
