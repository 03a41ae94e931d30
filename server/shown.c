/*
 * shown.c - finds an address inside a display name
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "shown.h"

/* Signs that a reader takes for "@": full width, small. */
static const char *const signs[] = { "@", "\xef\xbc\xa0", "\xef\xb9\xab" };

/* What stands around an address in a name, and is no part of it. */
static bool
is_edge(char c)
{
	return strchr(" \t\r\n\"'()<>[],;:", c) != NULL;
}

static const char *
find_sign(const char *text, size_t *len_out)
{
	const char *best = NULL;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		const char *at = strstr(text, signs[i]);

		if (at == NULL || (best != NULL && at > best))
			continue;
		best = at;
		*len_out = strlen(signs[i]);
	}
	return best;
}

const char *
shown_address(struct ouv_arena *arena, const char *name, const char *addr)
{
	const char *at, *rest = name;
	size_t sign = 1;

	if (name == NULL || addr == NULL)
		return NULL;
	while ((at = find_sign(rest, &sign)) != NULL) {
		const char *begin = at, *end = at + sign;
		const char *found;

		while (begin > rest && !is_edge(begin[-1]))
			begin--;
		while (*end != '\0' && !is_edge(*end))
			end++;
		while (end > at + sign && strchr(".!?", end[-1]) != NULL)
			end--;
		found = ouv_arena_printf(arena, "%.*s@%.*s", (int)(at - begin),
			begin, (int)(end - at - sign), at + sign);
		if (at > begin && memchr(at, '.', (size_t)(end - at)) != NULL &&
			strcasecmp(found, addr) != 0)
			return found;
		rest = end > at + sign ? end : at + sign;
	}
	return NULL;
}
