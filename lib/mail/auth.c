/*
 * auth.c - what our own border server found out about the sender
 *
 * RFC 8601 7.1: anybody can write such a field, so only the topmost one that
 * bears our server's name is believed; the others are not even kept.
 */
#include <string.h>
#include <strings.h>

#include "meaning.h"

/* Past blanks and nested comments. */
static size_t
skip_cfws(struct ouv_str raw, size_t i)
{
	int depth = 0;

	for (; i < raw.len; i++) {
		char c = raw.p[i];

		if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
		else if (depth == 0 && c != ' ' && c != '\t')
			break;
	}
	return i;
}

/* RFC 8601 2.2: [CFWS] authserv-id [CFWS authres-version] ";" ... */
static bool
is_from(struct ouv_str raw, const char *id)
{
	size_t start = skip_cfws(raw, 0), end = start;

	if (start < raw.len && raw.p[start] == '"')
		end = ++start;
	while (end < raw.len && raw.p[end] != '\0' &&
		strchr(" \t;(\"", raw.p[end]) == NULL)
		end++;
	return end - start == strlen(id) &&
	       strncasecmp(raw.p + start, id, end - start) == 0;
}

void
mail_auth(struct mail_view *view)
{
	const char *id = view->office->authserv_id;
	const struct mail_field *field;

	if (id == NULL || id[0] == '\0')
		return;
	for (size_t n = 0; (field = mail_field_nth(&view->message->header,
				    "Authentication-Results", n)) != NULL;
		n++)
		if (is_from(field->raw, id)) {
			view->mail->auth_results =
				mail_clean_line(view->arena, field->raw);
			return;
		}
}
