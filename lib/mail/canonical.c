/*
 * canonical.c - what of a mail stays the same when it is delivered twice
 *
 * Relays add and change trace fields; the six fields below and the body are
 * the writer's.  One scan over raw bytes, before anything is parsed, so that
 * it can run while the mail is still being sealed.
 */
#include <string.h>
#include <strings.h>

#include "ouv/mail.h"

typedef void add_fn(void *user, const void *data, size_t len);

/* clang-format off */
static const char *const fields[] = {
	"message-id", "date", "from", "to", "cc", "subject",
};
/* clang-format on */

enum {
	FIELD_MESSAGE_ID,
	FIELD_DATE,
	FIELD__COUNT = sizeof fields / sizeof fields[0]
};

struct scan {
	const char *p, *end;
};

struct field {
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_eol(char c)
{
	return c == '\r' || c == '\n';
}

/* End of the line at p, and the start of the next: CRLF, LF or CR. */
static const char *
line_end(const char *p, const char *end, const char **next_out)
{
	while (p < end && !is_eol(*p))
		p++;
	if (p == end)
		*next_out = end;
	else if (*p == '\r' && p + 1 < end && p[1] == '\n')
		*next_out = p + 2;
	else
		*next_out = p + 1;
	return p;
}

/* Blank lines and an mbox "From " line before the first field. */
static void
skip_prologue(struct scan *scan)
{
	while (scan->p < scan->end && is_eol(*scan->p))
		scan->p++;
	if ((size_t)(scan->end - scan->p) >= 5 &&
		memcmp(scan->p, "From ", 5) == 0)
		(void)line_end(scan->p, scan->end, &scan->p);
}

/* RFC 5322 2.2: printable but no colon; blanks before the colon are seen. */
static size_t
name_len(const char *p, const char *end, const char **colon_out)
{
	const char *start = p;
	size_t len;

	while (p<end && * p> ' ' && *p < 0x7f && *p != ':')
		p++;
	len = (size_t)(p - start);
	while (p < end && is_blank(*p))
		p++;
	*colon_out = p;
	return p < end && *p == ':' ? len : 0;
}

/*
 * The next field, its folds included; false at the end of the block.  The
 * first line that is no field ends the block too: it may be text, and text
 * is never left out of the digest.
 */
static bool
next_field(struct scan *scan, struct field *field_out)
{
	const char *colon, *stop, *next;
	size_t len;

	if (scan->p == scan->end || is_eol(*scan->p))
		return false;
	len = name_len(scan->p, scan->end, &colon);
	if (len == 0)
		return false;
	field_out->name = scan->p;
	field_out->name_len = len;
	field_out->value = colon + 1;
	stop = line_end(colon + 1, scan->end, &next);
	while (next < scan->end && is_blank(*next))
		stop = line_end(next, scan->end, &next);
	field_out->value_len = (size_t)(stop - field_out->value);
	scan->p = next;
	return true;
}

static void
trim(struct field *field)
{
	while (field->value_len > 0 &&
		(is_blank(*field->value) || is_eol(*field->value))) {
		field->value++;
		field->value_len--;
	}
	while (field->value_len > 0 &&
		(is_blank(field->value[field->value_len - 1]) ||
			is_eol(field->value[field->value_len - 1])))
		field->value_len--;
}

static bool
is_named(const struct field *field, const char *name)
{
	return field->name_len == strlen(name) &&
	       strncasecmp(field->name, name, field->name_len) == 0;
}

/* The value without its line ends: relays fold anew. */
static void
feed_value(const struct field *field, add_fn *add, void *user)
{
	const char *p = field->value, *end = p + field->value_len;

	while (p < end) {
		const char *next, *stop = line_end(p, end, &next);

		if (stop > p)
			add(user, p, (size_t)(stop - p));
		p = next;
	}
}

static void
feed_text(const char *text, add_fn *add, void *user)
{
	add(user, text, strlen(text));
}

/* Which of the fields have a value; leaves *scan at the end of the block. */
static unsigned
survey(struct scan *scan)
{
	unsigned seen = 0;
	struct field field;

	while (next_field(scan, &field)) {
		trim(&field);
		for (unsigned i = 0; i < FIELD__COUNT; i++)
			if (field.value_len > 0 && is_named(&field, fields[i]))
				seen |= 1U << i;
	}
	return seen;
}

void
ouv_mail_canonical(const void *raw, size_t len, add_fn *add, void *user)
{
	const unsigned need = 1U << FIELD_MESSAGE_ID | 1U << FIELD_DATE;
	struct scan start = { raw, (const char *)raw + len }, body;
	struct field field;
	unsigned seen;

	skip_prologue(&start);
	body = start;
	seen = survey(&body);
	if ((seen & need) != need) {
		feed_text("whole\n", add, user);
		if (len > 0)
			add(user, raw, len);
		return;
	}
	/*
	 * name ":" value LF: a value holds no LF, so two mails never feed
	 * the same bytes by shifting text from one value into the next.
	 */
	for (unsigned i = 0; i < FIELD__COUNT; i++) {
		struct scan scan = start;

		if (!(seen & 1U << i))
			continue;
		while (next_field(&scan, &field)) {
			if (!is_named(&field, fields[i]))
				continue;
			trim(&field);
			feed_text(fields[i], add, user);
			feed_text(":", add, user);
			feed_value(&field, add, user);
			feed_text("\n", add, user);
		}
	}
	feed_text("\n", add, user);
	if (body.p < body.end && is_eol(*body.p))
		(void)line_end(body.p, body.end, &body.p);
	if (body.p < body.end)
		add(user, body.p, (size_t)(body.end - body.p));
}
