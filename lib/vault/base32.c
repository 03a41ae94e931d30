/*
 * base32.c - the 32 symbols of codes, names and paper
 *
 * Digits and letters without i, l, o and u: what is easily taken for another
 * is not written, and what is written in its place is still understood.
 */
#include <string.h>

#include "inner.h"

const char base32_alphabet[33] = "0123456789abcdefghjkmnpqrstvwxyz";

int
base32_value(char c)
{
	const char *hit;

	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	if (c == 'i' || c == 'l')
		return 1;
	if (c == 'o')
		return 0;
	if (c == 'u')
		return BASE32_UNKNOWN;
	if (c == 0 || (hit = strchr(base32_alphabet, c)) == NULL)
		return -1;
	return (int)(hit - base32_alphabet);
}

uint8_t
base32_bits(const uint8_t *data, size_t len, size_t i)
{
	const size_t byte = i * 5 / 8, shift = 11 - i * 5 % 8;
	const unsigned high = byte < len ? data[byte] : 0u;
	const unsigned low = byte + 1 < len ? data[byte + 1] : 0u;

	return (uint8_t)((high << 8 | low) >> shift & 31);
}

void
base32_write(const uint8_t *data, size_t len, char *out, size_t chars)
{
	for (size_t i = 0; i < chars; i++)
		out[i] = base32_alphabet[base32_bits(data, len, i)];
}

bool
base32_read(const char *text, size_t chars, uint8_t *out, size_t len)
{
	unsigned bits = 0, held = 0;
	size_t done = 0;

	for (size_t i = 0; i < chars; i++) {
		const int value = base32_value(text[i]);

		if (value < 0 || value == BASE32_UNKNOWN)
			return false;
		bits = (bits << 5 | (unsigned)value) & 0xfff;
		held += 5;
		if (held < 8)
			continue;
		held -= 8;
		if (done < len)
			out[done++] = (uint8_t)(bits >> held);
		else
			return false;
	}
	/* What does not fill a byte must be zero: one spelling each. */
	return done == len && (bits & ((1u << held) - 1)) == 0;
}
