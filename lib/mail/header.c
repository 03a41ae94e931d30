/*
 * header.c - a block of lines to header fields
 *
 * RFC 5322 2.2, read as kindly as mail is really written: any line end, lines
 * that are no field, a body that begins without the empty line.  Whatever is
 * taken for no field is either passed over and said, or is body.
 */
#include <string.h>
#include <strings.h>

#include "internal.h"

char
mail_eol(const void *data, size_t len)
{
	return len > 0 && memchr(data, '\n', len) != NULL ? '\n' : '\r';
}

bool
mail_line_next(struct mail_lines *lines, struct ouv_str *line_out)
{
	const char *start = lines->p, *stop;

	if (start == lines->end)
		return false;
	stop = memchr(start, lines->eol, (size_t)(lines->end - start));
	lines->p = stop == NULL ? lines->end : stop + 1;
	if (stop == NULL)
		stop = lines->end;
	while (stop > start && stop[-1] == '\r')
		stop--;
	line_out->p = start;
	line_out->len = (size_t)(stop - start);
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_space(char c)
{
	return is_blank(c) || c == '\r' || c == '\n';
}

struct ouv_str
mail_trim(struct ouv_str text)
{
	while (text.len > 0 && is_space(text.p[0])) {
		text.p++;
		text.len--;
	}
	while (text.len > 0 && is_space(text.p[text.len - 1]))
		text.len--;
	return text;
}

bool
mail_str_is(struct ouv_str text, const char *want)
{
	size_t len = strlen(want);

	return text.len == len && strncasecmp(text.p, want, len) == 0;
}

bool
mail_name_is(struct ouv_str name, const char *want)
{
	return mail_str_is(name, want);
}

/* How long the field name is; 0: the line is no field. */
static size_t
name_length(struct ouv_str line)
{
	size_t n = 0, end;

	while (n < line.len && line.p[n] > ' ' && line.p[n] < 127 &&
		line.p[n] != ':')
		n++;
	for (end = n; end < line.len && is_blank(line.p[end]);)
		end++;
	return end < line.len && line.p[end] == ':' ? n : 0;
}

static bool
is_mbox_line(struct ouv_str line)
{
	return (line.len > 5 && memcmp(line.p, "From ", 5) == 0) ||
	       (line.len > 6 && memcmp(line.p, ">From ", 6) == 0);
}

/*
 * A value that was folded needs a copy without the line ends; one blank
 * stands for a fold that has none.
 */
static struct ouv_str
unfold(struct ouv_arena *arena, struct ouv_str value)
{
	char *copy;
	size_t n = 0;
	bool fold = false;

	if (memchr(value.p, '\n', value.len) == NULL &&
		memchr(value.p, '\r', value.len) == NULL)
		return value;
	copy = ouv_arena_raw(arena, value.len + 1);
	for (size_t i = 0; i < value.len; i++) {
		char c = value.p[i];

		if (c == '\n' || c == '\r') {
			fold = true;
			continue;
		}
		if (fold && !is_blank(c))
			copy[n++] = ' ';
		fold = false;
		copy[n++] = c;
	}
	return (struct ouv_str){ copy, n };
}

struct splitter {
	struct ouv_arena *arena;
	struct mail_header *header;
	size_t cap;
	size_t kept; /* bytes of the fields kept so far */
};

static void
keep_field(struct splitter *s, struct ouv_str line, size_t name_len,
	const char *value_end)
{
	struct mail_header *header = s->header;
	struct mail_field *field;
	const char *colon = memchr(line.p, ':', line.len);
	struct ouv_str value = { colon + 1, (size_t)(value_end - colon - 1) };

	if (value.len > MAIL_FIELD_MAX) {
		value.len = MAIL_FIELD_MAX;
		header->cut = true;
	}
	if (s->kept + value.len > MAIL_HEADER_MAX ||
		header->count >= MAIL_FIELDS_MAX) {
		header->cut = true;
		return;
	}
	s->kept += name_len + value.len + 3;
	if (header->count == s->cap) {
		struct mail_field *more;

		s->cap = s->cap == 0 ? 32 : s->cap * 2;
		more = ouv_arena_array(s->arena, s->cap, sizeof(*more));
		if (header->count > 0)
			memcpy(more, header->fields,
				header->count * sizeof(*more));
		header->fields = more;
	}
	field = &header->fields[header->count++];
	field->name = (struct ouv_str){ line.p, name_len };
	field->raw = mail_trim(unfold(s->arena, mail_trim(value)));
}

static bool
all_blank(struct ouv_str line)
{
	return mail_trim(line).len == 0;
}

/* Does what comes next look like header still? */
static bool
header_goes_on(const struct mail_lines *lines, bool blank_ends)
{
	struct mail_lines ahead = *lines;
	struct ouv_str line;

	if (!mail_line_next(&ahead, &line))
		return !blank_ends;
	if (line.len == 0 || (blank_ends && all_blank(line)))
		return !blank_ends;
	return is_blank(line.p[0]) || name_length(line) > 0;
}

/*
 * A line that is no field, between fields, is the rest of the one above: its
 * blank was lost.  Not where it would be read as a part of a parameter.
 */
static bool
is_lost_fold(const struct mail_lines *lines, struct ouv_str field,
	const char *value_end, struct ouv_str line)
{
	if (all_blank(line) || name_length(line) > 0 || is_mbox_line(line) ||
		(line.len > 1 && memcmp(line.p, "--", 2) == 0))
		return false;
	if (field.len > 8 && strncasecmp(field.p, "Content-", 8) == 0)
		return value_end[-1] == ';' &&
		       memchr(line.p, '=', line.len) != NULL;
	return header_goes_on(lines, true);
}

/* Where the value of a field that begins in line ends: over all its folds. */
static const char *
take_folds(struct mail_lines *lines, struct ouv_str field, bool *broken)
{
	const char *value_end = field.p + field.len;
	struct ouv_str line;

	for (;;) {
		struct mail_lines before = *lines;
		bool fold, lost = false;

		if (!mail_line_next(lines, &line))
			return value_end;
		fold = line.len > 0 && is_blank(line.p[0]) &&
		       (!all_blank(line) || header_goes_on(lines, false));
		if (!fold)
			lost = is_lost_fold(lines, field, value_end, line);
		if (!fold && !lost) {
			*lines = before;
			return value_end;
		}
		*broken |= lost;
		value_end = line.p + line.len;
	}
}

void
mail_header_lines(struct ouv_arena *arena, struct mail_lines *lines,
	struct mail_header *header_out)
{
	struct splitter s = { .arena = arena, .header = header_out };
	const char *start = lines->p;
	struct mail_lines before = *lines;
	struct ouv_str line;

	memset(header_out, 0, sizeof(*header_out));
	while (mail_line_next(lines, &line)) {
		size_t name_len;

		if (all_blank(line))
			break;
		if (line.len > 1 && line.p[0] == '-' && line.p[1] == '-') {
			*lines = before; /* a boundary: never ours to eat */
			break;
		}
		name_len = name_length(line);
		if (name_len > 0) {
			const char *end =
				take_folds(lines, line, &header_out->broken);

			keep_field(&s, line, name_len, end);
		} else if (header_goes_on(lines, true)) {
			header_out->broken |= !is_mbox_line(line);
		} else {
			header_out->broken = true;
			*lines = before; /* the body began unannounced */
			break;
		}
		before = *lines;
	}
	header_out->length = (size_t)(lines->p - start);
}

void
mail_header_split(struct ouv_arena *arena, const void *data, size_t len,
	struct mail_header *header_out)
{
	struct mail_lines lines = { data, (const char *)data + len,
		mail_eol(data, len) };

	mail_header_lines(arena, &lines, header_out);
}

const struct mail_field *
mail_field_nth(const struct mail_header *header, const char *name, size_t n)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < header->count; i++) {
		const struct mail_field *field = &header->fields[i];

		if (field->name.len == len &&
			strncasecmp(field->name.p, name, len) == 0 && n-- == 0)
			return field;
	}
	return NULL;
}

struct ouv_str
mail_field_raw(const struct mail_header *header, const char *name)
{
	const struct mail_field *field = mail_field_nth(header, name, 0);

	return field == NULL ? (struct ouv_str){ NULL, 0 } : field->raw;
}
