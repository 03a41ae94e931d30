/*
 * guard.c - counts what a mail server says and stops it in time
 *
 * The IMAP side follows the lines and literals of RFC 3501.  A literal may
 * only stand in a FETCH answer and only as `{number}` at the end of a line
 * outside quotes, so that this file and libetpan cannot disagree on where one
 * begins: whatever could be read in two ways is refused.
 */
#include <string.h>
#include <strings.h>

#include "guard.h"

static bool
refuse(const char **why, const char *reason)
{
	if (*why == NULL)
		*why = reason;
	return false;
}

/* ---- IMAP ---------------------------------------------------------------- */

void
guard_imap_arm(struct guard_imap *guard, size_t text, size_t literals)
{
	guard->text_left = text;
	guard->literal_left = literals;
}

/* The word after "* <number> ", or NULL; the number goes to number_out. */
static const char *
numbered(const struct guard_imap *guard, uint32_t *number_out)
{
	const char *p = guard->head;
	uint64_t number = 0;

	if (p[0] != '*' || p[1] != ' ' || p[2] < '0' || p[2] > '9')
		return NULL;
	for (p += 2; *p >= '0' && *p <= '9' && number <= UINT32_MAX; p++)
		number = number * 10 + (uint64_t)(*p - '0');
	if (*p != ' ' || number > UINT32_MAX)
		return NULL;
	*number_out = (uint32_t)number;
	return p + 1;
}

static bool
is_fetch(const struct guard_imap *guard)
{
	uint32_t number;
	const char *word = numbered(guard, &number);

	return word != NULL && strncasecmp(word, "FETCH ", 6) == 0;
}

static void
line_ends(struct guard_imap *guard)
{
	uint32_t number;
	const char *word = numbered(guard, &number);

	if (word != NULL && strncasecmp(word, "EXISTS", 6) == 0) {
		if (number > guard->exists)
			guard->news = true;
		guard->exists = number;
	} else if (word != NULL && strncasecmp(word, "EXPUNGE", 7) == 0 &&
		   guard->exists > 0) {
		guard->exists--;
	}
	guard->head_len = 0;
	memset(guard->head, 0, sizeof(guard->head));
	guard->parens = 0;
	guard->quoted = guard->escaped = false;
	guard->brace = GUARD_NO_BRACE;
}

static bool
literal_begins(struct guard_imap *guard)
{
	if (guard->number > guard->literal_left)
		return refuse(&guard->why, "a literal larger than was asked");
	guard->in_literal = guard->number;
	guard->literal_left -= guard->number;
	guard->brace = GUARD_NO_BRACE;
	guard->continues = true;
	return true;
}

/* `{12}` and the line's end, step by step; anything else after a brace is
 * refused where a literal could stand and is plain text elsewhere. */
static bool
brace_step(struct guard_imap *guard, char c)
{
	bool digit = c >= '0' && c <= '9';

	switch (guard->brace) {
	case GUARD_NO_BRACE:
		return true;
	case GUARD_BRACE:
	case GUARD_NUMBER:
		if (digit && guard->number <= UINT32_MAX) {
			guard->number =
				guard->number * 10 + (uint64_t)(c - '0');
			guard->brace = GUARD_NUMBER;
			return true;
		}
		if (c == '}' && guard->brace == GUARD_NUMBER) {
			guard->brace = GUARD_CLOSED;
			return true;
		}
		break;
	case GUARD_CLOSED:
		if (c == '\r') {
			guard->brace = GUARD_CR;
			return true;
		}
		break;
	case GUARD_CR:
		if (c == '\n')
			return literal_begins(guard);
		break;
	}
	return refuse(&guard->why, "a malformed literal");
}

/* In text for people a brace means nothing, unless libetpan could take it for
 * a literal: { then perhaps blanks or a minus, then a digit. */
static bool
stray_brace(struct guard_imap *guard, char c)
{
	if (guard->brace == GUARD_BRACE && c >= '0' && c <= '9')
		return refuse(&guard->why, "a literal outside FETCH");
	if (c == '{')
		guard->brace = GUARD_BRACE;
	else if (c != ' ' && c != '\t' && c != '-')
		guard->brace = GUARD_NO_BRACE;
	return true;
}

static bool
fetch_char(struct guard_imap *guard, char c)
{
	if (guard->quoted) {
		if (c == '\r' || c == '\n')
			return refuse(&guard->why, "a quoted string cut short");
		if (guard->escaped)
			guard->escaped = false;
		else if (c == '\\')
			guard->escaped = true;
		else if (c == '"')
			guard->quoted = false;
		return true;
	}
	if (guard->brace != GUARD_NO_BRACE)
		return brace_step(guard, c);
	if (c == '"')
		guard->quoted = true;
	if (c == '{') {
		guard->brace = GUARD_BRACE;
		guard->number = 0;
	}
	return true;
}

static bool
line_char(struct guard_imap *guard, char c)
{
	bool fetch;

	if (c == '\0')
		return refuse(&guard->why, "a zero byte in a line");
	if (guard->text_left == 0)
		return refuse(&guard->why, "an answer without end");
	guard->text_left--;
	if (guard->head_len < sizeof(guard->head) - 1)
		guard->head[guard->head_len++] = c;
	/* `* SEARCH 1 (MODSEQ 2)`, which nobody asked for, would have libetpan
	 * store the 2 through a null pointer. */
	if (c == '(' && strncasecmp(guard->head, "* SEARCH", 8) == 0)
		return refuse(&guard->why, "a search answer with extras");
	/* Closing ones and quotes do not matter: then libetpan can never
	 * recurse deeper than this file has counted. */
	if (c == '(' && ++guard->parens > GUARD_IMAP_PARENS)
		return refuse(&guard->why, "parentheses too deep");
	fetch = is_fetch(guard);
	if (!(fetch ? fetch_char(guard, c) : stray_brace(guard, c)))
		return false;
	if (c == '\n' && !guard->continues)
		line_ends(guard);
	guard->continues = false;
	return true;
}

bool
guard_imap_feed(void *user, char *data, size_t len)
{
	struct guard_imap *guard = user;

	if (guard->why != NULL)
		return false;
	for (size_t i = 0; i < len;) {
		if (guard->in_literal > 0) {
			size_t skip = len - i;

			if (skip > guard->in_literal)
				skip = (size_t)guard->in_literal;
			guard->in_literal -= skip;
			i += skip;
			continue;
		}
		if (!line_char(guard, data[i++]))
			return false;
	}
	return true;
}

/* ---- SMTP ---------------------------------------------------------------- */

void
guard_smtp_arm(struct guard_smtp *guard)
{
	guard->reply_left = GUARD_SMTP_REPLY;
}

static bool
smtp_char(struct guard_smtp *guard, char *c)
{
	if (guard->reply_left == 0)
		return refuse(&guard->why, "a reply without end");
	guard->reply_left--;
	if (*c == '\n') {
		/* Also what "digits only" leaves: an empty line has none. */
		if (guard->line_len < 3)
			return refuse(&guard->why, "a line without a code");
		guard->line_len = 0;
		return true;
	}
	if (guard->line_len < 3 && (*c < '0' || *c > '9'))
		return refuse(&guard->why, "a line without a code");
	if (guard->line_len == 3 && *c != ' ' && *c != '-' && *c != '\r')
		return refuse(&guard->why, "a line without a code");
	if (++guard->line_len > GUARD_SMTP_LINE)
		return refuse(&guard->why, "a line without end");
	if (*c != '\r' && (*c < 0x20 || *c > 0x7e))
		*c = '?'; /* a signed char beyond ASCII is below 0x20 too */
	return true;
}

bool
guard_smtp_feed(void *user, char *data, size_t len)
{
	struct guard_smtp *guard = user;

	if (guard->why != NULL)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!smtp_char(guard, data + i))
			return false;
	return true;
}
