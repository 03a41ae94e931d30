/*
 * auth_result.c - one finding in an Authentication-Results field
 *
 * RFC 8601 2.2.  What stands in a comment or between quotes was written by the
 * sender as likely as not, and says nothing.
 */
#include <string.h>
#include <strings.h>

#include "attribute.h"

/* Past blanks and comments, which nest and may quote with a backslash. */
static const char *
skip_blanks(const char *p)
{
	int depth = 0;

	for (; *p != '\0'; p++) {
		if (*p == '(')
			depth++;
		else if (*p == ')' && depth > 0)
			depth--;
		else if (*p == '\\' && depth > 0 && p[1] != '\0')
			p++;
		else if (depth == 0 && strchr(" \t\r\n", *p) == NULL)
			break;
	}
	return p;
}

static const char *
skip_quoted(const char *p)
{
	for (p++; *p != '\0' && *p != '"'; p++)
		if (*p == '\\' && p[1] != '\0')
			p++;
	return *p == '"' ? p + 1 : p;
}

/* Behind the next semicolon that separates two findings; NULL: none. */
static const char *
next_finding(const char *p)
{
	for (p = skip_blanks(p); *p != '\0'; p = skip_blanks(p)) {
		if (*p == ';')
			return p + 1;
		p = *p == '"' ? skip_quoted(p) : p + 1;
	}
	return NULL;
}

static size_t
keyword_len(const char *p)
{
	return strcspn(p, " \t\r\n;=/(\"");
}

static bool
is_word(const char *p, const char *word)
{
	size_t len = keyword_len(p);

	return len == strlen(word) && strncasecmp(p, word, len) == 0;
}

bool
auth_says(const char *field, const char *method, const char *result)
{
	const char *p = field;

	/* The first piece is the name of the server. */
	while (p != NULL && (p = next_finding(p)) != NULL) {
		const char *at = skip_blanks(p);

		if (!is_word(at, method))
			continue;
		at = skip_blanks(at + keyword_len(at));
		if (*at == '/') { /* a version of the method */
			at = skip_blanks(at + 1);
			at = skip_blanks(at + strspn(at, "0123456789"));
		}
		if (*at == '=' && is_word(skip_blanks(at + 1), result))
			return true;
	}
	return false;
}
