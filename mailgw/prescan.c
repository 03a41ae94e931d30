/*
 * prescan.c - counts what a mail would have a parser build
 *
 * Lines, header fields, the boundaries of the multiparts that are open: not
 * one byte more of a message is understood here.
 */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "prescan.h"

struct text {
	const char *p;
	size_t len;
};

enum meaning {
	OTHER = 0,
	COMMENTED = 1, /* parentheses in it are comments */
	ADDRESSES = 2,
	TYPE = 4,
};

/* clang-format off */
static const struct {
	const char *name;
	int meaning;
} known[] = {
	{ "From",                      COMMENTED | ADDRESSES },
	{ "Sender",                    COMMENTED | ADDRESSES },
	{ "Reply-To",                  COMMENTED | ADDRESSES },
	{ "To",                        COMMENTED | ADDRESSES },
	{ "Cc",                        COMMENTED | ADDRESSES },
	{ "Bcc",                       COMMENTED | ADDRESSES },
	{ "Resent-From",               COMMENTED | ADDRESSES },
	{ "Resent-To",                 COMMENTED | ADDRESSES },
	{ "Resent-Cc",                 COMMENTED | ADDRESSES },
	{ "Return-Path",               COMMENTED },
	{ "Received",                  COMMENTED },
	{ "Date",                      COMMENTED },
	{ "Message-ID",                COMMENTED },
	{ "In-Reply-To",               COMMENTED },
	{ "References",                COMMENTED },
	{ "MIME-Version",              COMMENTED },
	{ "Auto-Submitted",            COMMENTED },
	{ "Authentication-Results",    COMMENTED },
	{ "Content-Type",              COMMENTED | TYPE },
	{ "Content-Disposition",       COMMENTED },
	{ "Content-Transfer-Encoding", COMMENTED },
};
/* clang-format on */

struct scan {
	const char *p, *end;
	char eol;
	bool in_header;

	/* of this header block */
	size_t header_len;

	/* of this field */
	int meaning;
	struct text field; /* value, folds and all */
	int depth;
	bool quoted, escaped;

	/* of the message */
	size_t addresses, words, parts;
	size_t height;
	struct text open[PRESCAN_DEPTH];
};

static bool
next_line(struct scan *s, struct text *line_out)
{
	const char *stop;

	if (s->p == s->end)
		return false;
	stop = memchr(s->p, s->eol, (size_t)(s->end - s->p));
	line_out->p = s->p;
	s->p = stop == NULL ? s->end : stop + 1;
	line_out->len = (size_t)((stop == NULL ? s->end : stop) - line_out->p);
	while (line_out->len > 0 && line_out->p[line_out->len - 1] == '\r')
		line_out->len--;
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
all_blank(struct text line)
{
	while (line.len > 0 && is_blank(line.p[line.len - 1]))
		line.len--;
	return line.len == 0;
}

/* ---- fields -------------------------------------------------------------- */

/* Bytes of the name; 0: the line is no field. */
static size_t
name_length(struct text line)
{
	size_t n = 0, colon;

	while (n < line.len && line.p[n] > ' ' && line.p[n] < 127 &&
		line.p[n] != ':')
		n++;
	for (colon = n; colon < line.len && is_blank(line.p[colon]);)
		colon++;
	return colon < line.len && line.p[colon] == ':' ? n : 0;
}

static int
meaning_of(struct text line, size_t name_len)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i].name) == name_len &&
			strncasecmp(line.p, known[i].name, name_len) == 0)
			return known[i].meaning;
	return OTHER;
}

/* One character of a field in which quotes and comments mean something. */
static const char *
structured_char(struct scan *s, char c)
{
	if (s->escaped) {
		s->escaped = false;
		return NULL;
	}
	if (c == '\\' && (s->quoted || s->depth > 0))
		s->escaped = true;
	else if (c == '"' && s->depth == 0)
		s->quoted = !s->quoted;
	else if (s->quoted)
		return NULL;
	else if (c == '(' && ++s->depth > PRESCAN_PARENTHESES)
		return "parentheses_too_deep";
	else if (c == ')' && s->depth > 0)
		s->depth--;
	else if (c == '@' && s->depth == 0 && (s->meaning & ADDRESSES) != 0 &&
		 ++s->addresses > PRESCAN_ADDRESSES)
		return "too_many_addresses";
	return NULL;
}

/* A line of a field, or one that goes on with it. */
static const char *
field_line(struct scan *s, struct text line)
{
	const char *why = NULL;

	s->field.len = (size_t)(line.p + line.len - s->field.p);
	s->header_len += (size_t)(s->p - line.p);
	if (s->field.len > PRESCAN_FIELD)
		return "field_too_large";
	if (s->header_len > PRESCAN_HEADER)
		return "header_too_large";
	for (size_t i = 0; i < line.len && why == NULL; i++) {
		if (line.p[i] == '?' && i > 0 && line.p[i - 1] == '=' &&
			++s->words > PRESCAN_ENCODED_WORDS)
			return "too_many_encoded_words";
		if ((s->meaning & COMMENTED) != 0)
			why = structured_char(s, line.p[i]);
	}
	return why;
}

static bool
begins(struct text text, const char *word)
{
	return text.len >= strlen(word) &&
	       strncasecmp(text.p, word, strlen(word)) == 0;
}

/* What "boundary=" names; len 0: it is not there. */
static struct text
boundary_of(struct text type)
{
	struct text rest = type, value;
	const char *stop;

	while (rest.len > 0 && !begins(rest, "boundary=")) {
		rest.p++;
		rest.len--;
	}
	if (rest.len <= 9)
		return (struct text){ NULL, 0 };
	value = (struct text){ rest.p + 9, rest.len - 9 };
	if (*value.p == '"') {
		value.p++;
		value.len--;
		stop = memchr(value.p, '"', value.len);
		if (stop != NULL)
			value.len = (size_t)(stop - value.p);
		return value;
	}
	for (size_t i = 0; i < value.len; i++)
		if (strchr("; \t\r\n", value.p[i]) != NULL) {
			value.len = i;
			break;
		}
	return value;
}

/* The field at hand is complete: only what opens a multipart matters. */
static const char *
field_ends(struct scan *s)
{
	struct text type = s->field, boundary;
	bool is_type = (s->meaning & TYPE) != 0;

	s->meaning = OTHER;
	if (!is_type)
		return NULL;
	while (type.len > 0 &&
		(is_blank(*type.p) || *type.p == '\r' || *type.p == '\n')) {
		type.p++;
		type.len--;
	}
	if (!begins(type, "multipart/"))
		return NULL;
	boundary = boundary_of(type);
	if (boundary.len > PRESCAN_BOUNDARY)
		return "boundary_too_long";
	if (boundary.len == 0)
		return NULL;
	if (s->height == PRESCAN_DEPTH)
		return "parts_too_deep";
	s->open[s->height++] = boundary;
	return NULL;
}

static const char *
header_line(struct scan *s, struct text line)
{
	size_t name_len;
	const char *why;

	if (line.len > 0 && is_blank(line.p[0]) && s->field.p != NULL &&
		!all_blank(line))
		return field_line(s, line);
	if ((why = field_ends(s)) != NULL)
		return why;
	s->field.p = NULL;
	if (line.len == 0) {
		/* Some mails begin with empty lines. */
		s->in_header = s->header_len == 0 && s->parts == 0;
		return NULL;
	}
	/* What is no field does not count, and may stand among fields. */
	name_len = name_length(line);
	if (name_len == 0)
		return NULL;
	s->meaning = meaning_of(line, name_len);
	s->field.p = (const char *)memchr(line.p, ':', line.len) + 1;
	s->depth = 0;
	s->quoted = s->escaped = false;
	return field_line(s, line);
}

/* ---- parts --------------------------------------------------------------- */

/* Is it "--boundary" or "--boundary--"? */
static bool
is_delimiter(struct text line, struct text boundary, bool *closes_out)
{
	struct text rest;

	if (line.len < boundary.len + 2 ||
		memcmp(line.p + 2, boundary.p, boundary.len) != 0)
		return false;
	rest.p = line.p + 2 + boundary.len;
	rest.len = line.len - 2 - boundary.len;
	*closes_out = begins(rest, "--");
	if (*closes_out) {
		rest.p += 2;
		rest.len -= 2;
	}
	return all_blank(rest);
}

/* A line that begins with two hyphens may end what is open and begin a part. */
static const char *
hyphens(struct scan *s, struct text line, bool *taken_out)
{
	for (size_t i = s->height; i-- > 0;) {
		bool closes;

		if (!is_delimiter(line, s->open[i], &closes))
			continue;
		*taken_out = true;
		s->height = i + 1;
		s->in_header = !closes;
		s->header_len = 0;
		s->field.p = NULL;
		if (!closes && ++s->parts > PRESCAN_PARTS)
			return "too_many_parts";
		return NULL;
	}
	return NULL;
}

static const char *
scan_line(struct scan *s, struct text line)
{
	if (line.len >= 2 && line.p[0] == '-' && line.p[1] == '-') {
		bool taken = false;
		const char *why = field_ends(s);

		if (why == NULL)
			why = hyphens(s, line, &taken);
		if (why != NULL || taken)
			return why;
	}
	return s->in_header ? header_line(s, line) : NULL;
}

const char *
prescan(const void *raw, size_t len)
{
	struct scan s = { .p = raw, .end = (const char *)raw + len };
	const char *why = NULL;
	struct text line;

	if (len == 0)
		return NULL;
	s.eol = memchr(raw, '\n', len) != NULL ? '\n' : '\r';
	s.in_header = true;
	while (why == NULL && next_line(&s, &line))
		why = scan_line(&s, line);
	return why != NULL ? why : field_ends(&s);
}
