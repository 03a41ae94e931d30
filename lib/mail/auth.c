/*
 * auth.c - what our own border server found out about the sender
 *
 * RFC 8601 7.1: anybody can write such a field, so only the topmost one is
 * believed, and only if it bears our server's name.  Of that only methods
 * and results are kept: comments, reasons and properties hold words that the
 * sender chose.
 */
#include <string.h>
#include <strings.h>

#include "meaning.h"

#define TOKEN_MAX 64   /* bytes of a method's or result's name */
#define ID_MAX 256     /* bytes of a server's name */
#define RESULTS_MAX 50 /* methods of one field */

/* A field on its way through; p never goes past end. */
struct cursor {
	const char *p, *end;
};

/* Past blanks and comments, which nest; one without end takes the rest. */
static void
skip_cfws(struct cursor *c)
{
	int depth = 0;

	for (; c->p < c->end; c->p++) {
		if (*c->p == '(')
			depth++;
		else if (depth > 0 && *c->p == ')')
			depth--;
		else if (depth > 0 && *c->p == '\\' && c->p + 1 < c->end)
			c->p++;
		else if (depth == 0 && strchr(" \t\r\n", *c->p) == NULL)
			return;
	}
}

/* A word or a quoted string (RFC 2045 5.1); the start of one without end. */
static const char *
token(struct cursor *c, struct ouv_arena *arena)
{
	struct ouv_buf out;
	bool quoted;

	skip_cfws(c);
	ouv_buf_init(&out, arena, 0);
	quoted = c->p < c->end && *c->p == '"';
	for (c->p += quoted; c->p < c->end && *c->p != '\0'; c->p++) {
		if (quoted && *c->p == '"') {
			c->p++;
			break;
		}
		if (quoted && *c->p == '\\' && c->p + 1 < c->end)
			c->p++;
		else if (!quoted && strchr(" \t\r\n;=/()\"", *c->p) != NULL)
			break;
		if (out.len < ID_MAX)
			ouv_buf_char(&out, *c->p);
	}
	return out.data;
}

static bool
take(struct cursor *c, char want)
{
	skip_cfws(c);
	if (c->p == c->end || *c->p != want)
		return false;
	c->p++;
	return true;
}

/* To behind the next ';' that is in no comment and no quotes. */
static void
skip_result(struct cursor *c)
{
	while (c->p < c->end) {
		skip_cfws(c);
		if (c->p == c->end)
			return;
		if (*c->p == '"') {
			for (c->p++; c->p < c->end && *c->p != '"'; c->p++)
				c->p += *c->p == '\\' && c->p + 1 < c->end;
			c->p += c->p < c->end;
		} else if (*c->p++ == ';') {
			return;
		}
	}
}

static bool
is_keyword(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

	return len > 0 && len <= TOKEN_MAX && text[len] == '\0';
}

/* [CFWS] method [CFWS "/" version] "=" result (RFC 8601 2.2) */
static void
take_result(struct cursor *c, struct ouv_arena *arena, struct ouv_buf *out)
{
	const char *method = token(c, arena), *result;

	if (take(c, '/'))
		(void)token(c, arena);
	if (!is_keyword(method) || !take(c, '='))
		return;
	result = token(c, arena);
	if (is_keyword(result))
		ouv_buf_printf(out, "; %s=%s", method, result);
}

/* "id; method=result; ..." in lower case; NULL: it is not from id. */
static const char *
read_field(struct ouv_arena *arena, struct ouv_str raw, const char *id)
{
	struct cursor c = { raw.p, raw.p + raw.len };
	struct ouv_buf out;

	if (strcasecmp(token(&c, arena), id) != 0)
		return NULL;
	ouv_buf_init(&out, arena, raw.len);
	ouv_buf_text(&out, id);
	(void)token(&c, arena); /* the version */
	skip_cfws(&c);
	if (c.p < c.end && *c.p != ';')
		return NULL;
	c.p += c.p < c.end;
	for (int i = 0; i < RESULTS_MAX && c.p < c.end; i++) {
		take_result(&c, arena, &out);
		skip_result(&c);
	}
	return mail_lower(arena, (struct ouv_str){ out.data, out.len });
}

void
mail_auth(struct mail_view *view)
{
	const char *id = view->office->authserv_id;
	struct ouv_str raw = mail_field_raw(
		&view->message->header, "Authentication-Results");

	if (id != NULL && id[0] != '\0' && raw.p != NULL)
		view->mail->auth_results = read_field(view->arena, raw, id);
}
