/*
 * protocol.c - the public number of a case, and its check digit
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ouv/case.h"

/* A totally anti-symmetric quasigroup of order 10 (H. M. Damm's thesis, 2004):
 * the digit a string leads to is its check digit; with it the string leads
 * to 0. */
/* clang-format off */
static const unsigned char damm[10][10] = {
	{ 0, 3, 1, 7, 5, 9, 8, 6, 4, 2 },
	{ 7, 0, 9, 2, 1, 5, 4, 8, 6, 3 },
	{ 4, 2, 0, 6, 8, 7, 1, 3, 5, 9 },
	{ 1, 7, 5, 0, 9, 8, 3, 4, 2, 6 },
	{ 6, 1, 2, 3, 0, 4, 5, 9, 7, 8 },
	{ 3, 6, 7, 4, 2, 0, 9, 5, 8, 1 },
	{ 5, 8, 6, 9, 7, 2, 0, 1, 3, 4 },
	{ 8, 9, 4, 5, 3, 6, 2, 0, 1, 7 },
	{ 9, 4, 3, 8, 6, 1, 7, 2, 0, 5 },
	{ 2, 5, 8, 1, 4, 3, 6, 7, 9, 0 },
};
/* clang-format on */

static int
check(const char *digits, size_t len)
{
	int state = 0;

	for (size_t i = 0; i < len; i++)
		state = damm[state][digits[i] - '0'];
	return state;
}

void
ouv_protocol_format(int year, int64_t number, char out[OUV_PROTOCOL_MAX])
{
	char digits[16];
	int len = snprintf(digits, sizeof(digits), "%04u%06u",
		(unsigned)year % 10000, (unsigned)(number % 1000000000));

	(void)snprintf(out, OUV_PROTOCOL_MAX, "%.4s-%.9s-%d", digits,
		digits + 4, check(digits, (size_t)len));
}

static bool
is_separator(char c)
{
	return c == '-' || c == '.' || c == '/' || c == ' ';
}

enum ouv_err
ouv_protocol_parse(const char *text, char canonical_out[OUV_PROTOCOL_MAX])
{
	char digits[OUV_PROTOCOL_MAX];
	size_t len = 0, end = strlen(text);

	while (end > 0 && isspace((unsigned char)text[end - 1]))
		end--;
	while (end > 0 && isspace((unsigned char)*text)) {
		text++;
		end--;
	}
	for (size_t i = 0; i < end; i++) {
		if (isdigit((unsigned char)text[i])) {
			if (len == 14)
				return OUV_INVALID;
			digits[len++] = text[i];
		} else if (!is_separator(text[i]) ||
			   !(len == 4 || i + 2 == end)) {
			return OUV_INVALID;
		}
	}
	if (len < 11 || check(digits, len) != 0)
		return OUV_INVALID;
	(void)snprintf(canonical_out, OUV_PROTOCOL_MAX, "%.4s-%.*s-%c", digits,
		(int)len - 5, digits + 4, digits[len - 1]);
	return OUV_OK;
}
