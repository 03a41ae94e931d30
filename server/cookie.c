/*
 * cookie.c - reads the Cookie line strictly where our own names are concerned
 *
 * Other programs of the same host may set cookies of any shape; those are
 * passed over.  One of ours that comes twice is an attempt to put a session
 * under somebody (RFC 6265 8.6) and is refused.
 */
#include <string.h>

#include "cookie.h"

/* One name=value pair of the line. */
struct pair {
	const char *name, *value;
	size_t name_len, value_len;
};

/* Takes the next pair off *at; false at the end. */
static bool
next_pair(const char **at, struct pair *pair)
{
	const char *p = *at + strspn(*at, " \t;");
	size_t len = strcspn(p, ";");
	const char *equals = memchr(p, '=', len);

	if (*p == '\0')
		return false;
	*at = p + len;
	while (len > 0 && (p[len - 1] == ' ' || p[len - 1] == '\t'))
		len--;
	pair->name = p;
	pair->name_len = equals != NULL ? (size_t)(equals - p) : len;
	pair->value = equals != NULL ? equals + 1 : p + len;
	pair->value_len = (size_t)(p + len - pair->value);
	return true;
}

static bool
is_named(const struct pair *pair, const char *name)
{
	size_t len = pair->name_len;

	while (len > 0 &&
		(pair->name[len - 1] == ' ' || pair->name[len - 1] == '\t'))
		len--;
	return len == strlen(name) && memcmp(pair->name, name, len) == 0;
}

size_t
cookie_count(const char *line, const char *name)
{
	struct pair pair;
	size_t n = 0;

	while (next_pair(&line, &pair))
		n += is_named(&pair, name);
	return n;
}

static bool
octets_ok(const char *value, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)value[i];

		if (c <= 0x20 || c >= 0x7f || strchr("\",;\\", c) != NULL)
			return false;
	}
	return true;
}

enum ouv_err
cookie_find(struct ouv_arena *arena, const char *line, const char *name,
	const char **value_out)
{
	struct pair pair;

	if (line == NULL)
		return OUV_NOT_FOUND;
	if (cookie_count(line, name) > 1)
		return OUV_INVALID;
	while (next_pair(&line, &pair)) {
		if (!is_named(&pair, name))
			continue;
		if (!octets_ok(pair.value, pair.value_len))
			return OUV_INVALID;
		*value_out =
			ouv_arena_strndup(arena, pair.value, pair.value_len);
		return OUV_OK;
	}
	return OUV_NOT_FOUND;
}

const char *
cookie_write(struct ouv_arena *arena, const char *name, const char *value,
	bool secure, enum cookie_life life)
{
	static const char *const ages[] = {
		[COOKIE_SESSION] = "",
		[COOKIE_YEAR] = "; Max-Age=31536000",
		[COOKIE_GONE] = "; Max-Age=0",
	};

	return ouv_arena_printf(arena,
		"%s=%s; Path=/%s; HttpOnly; SameSite=Strict%s", name, value,
		ages[life], secure ? "; Secure" : "");
}
