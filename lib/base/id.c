/*
 * id.c - names of rows, randomness of the kernel, hexadecimal
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "ouv/clock.h"
#include "ouv/id.h"

void
ouv_random(void *out, size_t len)
{
	unsigned char *p = out;

	while (len > 0) {
		ssize_t n = getrandom(p, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			fputs("<3>no random numbers from the kernel\n", stderr);
			abort();
		}
		p += n;
		len -= (size_t)n;
	}
}

struct ouv_id
ouv_id_new(void)
{
	uint64_t ms = (uint64_t)(ouv_clock_now_us() / 1000);
	struct ouv_id id;

	ouv_random(id.b, sizeof(id.b));
	for (int i = 0; i < 6; i++)
		id.b[i] = (uint8_t)(ms >> (8 * (5 - i)));
	id.b[6] = (uint8_t)(0x70 | (id.b[6] & 0x0f)); /* version 7 */
	id.b[8] = (uint8_t)(0x80 | (id.b[8] & 0x3f)); /* RFC 9562 variant */
	return id;
}

bool
ouv_id_is_zero(const struct ouv_id *id)
{
	static const struct ouv_id zero;

	return memcmp(id, &zero, sizeof(zero)) == 0;
}

bool
ouv_id_equal(const struct ouv_id *a, const struct ouv_id *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

void
ouv_hex(const void *data, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * len] = '\0';
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

enum ouv_err
ouv_unhex(const char *text, void *data_out, size_t len)
{
	uint8_t *out = data_out;

	if (text == NULL || strlen(text) != 2 * len)
		return OUV_INVALID;
	for (size_t i = 0; i < 2 * len; i++)
		if (hex_value(text[i]) < 0)
			return OUV_INVALID;
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(hex_value(text[2 * i]) << 4 |
				   hex_value(text[2 * i + 1]));
	return OUV_OK;
}

void
ouv_id_hex(const struct ouv_id *id, char out[OUV_ID_HEX])
{
	ouv_hex(id->b, sizeof(id->b), out);
}

enum ouv_err
ouv_id_parse(const char *text, struct ouv_id *id_out)
{
	return ouv_unhex(text, id_out->b, sizeof(id_out->b));
}
