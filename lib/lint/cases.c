/*
 * cases.c - what any letter is where case does not count, said beforehand
 *
 * Where case is ignored, ICU closes each set of a pattern over all cases, one
 * character of Unicode after another.  Of all letters that takes a thousand
 * times as long as the rest of the pattern, and adds one single mark, U+0345,
 * which an iota becomes.  Here it is added by name, in a group in which case
 * counts.
 */
#include <string.h>

#include "lint_impl.h"

#define LETTERS "\\p{L}"
#define MARK "\\x{345}"

static size_t
escape_len(const char *at)
{
	return at[1] != '\0' ? 2 : 1;
}

/* From one bracket to the other; 0: it is more than a list, or might become
 * another one where something is put before it. */
static size_t
set_len(const char *at)
{
	const char *p = at + 1;

	while (*p != ']') {
		if (*p == '\0' || *p == '[' || *p == '&' || at[1] == '-')
			return 0;
		p += *p == '\\' ? escape_len(p) : 1;
	}
	return (size_t)(p + 1 - at);
}

/* How often: it stays with what it counts, for a group is counted slowly. */
static size_t
count_len(const char *at)
{
	size_t len = *at == '{' ? strcspn(at, "}") + 1 : strspn(at, "*+?");

	if (*at == '{' && (at[len] == '?' || at[len] == '+'))
		len++;
	return len;
}

static bool
has_letters(const char *at, size_t len)
{
	return memmem(at, len, LETTERS, strlen(LETTERS)) != NULL;
}

/* A list of characters as a group in which case counts. */
static size_t
put_list(struct ouv_buf *out, const char *list, size_t len, const char *rest)
{
	size_t count = count_len(rest);

	ouv_buf_printf(out, "(?-i:[" MARK "%.*s]%.*s)", (int)len, list,
		(int)count, rest);
	return count;
}

/* Writes the next piece; how much of the pattern it was. */
static size_t
put_next(struct ouv_buf *out, const char *at)
{
	size_t len = strlen(LETTERS);

	if (strncmp(at, LETTERS, len) == 0)
		return len + put_list(out, at, len, at + len);
	if (*at == '[') {
		len = set_len(at);
		if (len == 0)
			len = strlen(at);
		else if (at[1] != '^' && has_letters(at, len))
			return len + put_list(out, at + 1, len - 2, at + len);
	} else {
		len = *at == '\\' ? escape_len(at) : 1;
	}
	ouv_buf_add(out, at, len);
	return len;
}

const char *
lint_any_case(struct ouv_arena *arena, const char *pattern)
{
	struct ouv_buf out;

	if (strstr(pattern, LETTERS) == NULL || strstr(pattern, "\\Q") != NULL)
		return pattern;
	ouv_buf_init(&out, arena, strlen(pattern) * 2);
	while (*pattern != '\0')
		pattern += put_next(&out, pattern);
	return out.data;
}
