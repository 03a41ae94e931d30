/*
 * number.c - whole numbers that somebody wrote
 */
#include <stdint.h>

#include "ouv/number.h"

bool
ouv_number(const char **at, int least, int most, int *out)
{
	const char *p = *at;
	bool minus = least < 0 && *p == '-';
	int64_t n = 0;

	p += minus;
	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		n = n * 10 + (*p - '0');
		if (n > INT32_MAX)
			return false;
	}
	n = minus ? -n : n;
	if (n < least || n > most)
		return false;
	*out = (int)n;
	*at = p;
	return true;
}

bool
ouv_passed(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}
