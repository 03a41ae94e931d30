/*
 * draw.c - to whom a case falls
 */
#include "ouv/draw.h"

#define SHARE 1000

int
ouv_draw_weight(int load)
{
	int weight = SHARE / (1 + (load > 0 ? load : 0));

	return weight > 0 ? weight : 1;
}

static uint64_t
number(const uint8_t *bytes)
{
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		n = n << 8 | bytes[i];
	return n;
}

/* Evenly below sum, which is not 0: what lies above its last whole multiple is
 * passed over. */
static uint64_t
below(uint64_t sum, const uint8_t seed[OUV_DRAW_SEED])
{
	const uint64_t end = UINT64_MAX - UINT64_MAX % sum;
	uint64_t n = 0;

	for (int i = 0; i < OUV_DRAW_SEED; i += 8) {
		n = number(seed + i);
		if (n < end)
			break;
	}
	return n % sum;
}

size_t
ouv_draw(const int *loads, size_t count, const uint8_t seed[OUV_DRAW_SEED])
{
	uint64_t sum = 0, ticket, seen = 0;
	size_t i = 0;

	for (size_t k = 0; k < count; k++)
		sum += (uint64_t)ouv_draw_weight(loads[k]);
	if (sum == 0)
		return 0; /* nobody: the caller's mistake */
	ticket = below(sum, seed);
	for (; i + 1 < count; i++) {
		seen += (uint64_t)ouv_draw_weight(loads[i]);
		if (ticket < seen)
			break;
	}
	return i;
}
