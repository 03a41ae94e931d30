/*
 * multipart.c - own parser for forms with files
 *
 * The HTTP library's one is lenient about headers, and gives no sign of a body
 * that was cut; this one is small enough to be read whole.  It holds back no
 * more than one boundary: what may be its beginning.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "multipart.h"
#include "utf8.h"

#define TYPE "multipart/form-data"
#define MARK_MAX (4 + MULTIPART_BOUNDARY) /* CR LF - - and the boundary */
#define TYPE_MAX 255

enum state {
	START, /* the first boundary, without a line before it */
	AFTER, /* behind a boundary: CR LF, or the end's "--" */
	HEAD,  /* lines of a part */
	BODY,  /* its bytes */
	TAIL,  /* behind the last boundary */
	FAILED,
};

struct multipart {
	struct ouv_arena *arena;
	struct multipart_sink sink;
	enum state state;
	char mark[MARK_MAX + 1];
	size_t mark_len;
	size_t seen; /* of the mark, or of what stands behind a boundary */
	char behind[4];
	size_t head_len;
	char head[MULTIPART_HEAD];
	int parts;
};

/* ---- the boundary ----------------------------------------------------------
 */

static bool
is_bchar(char c)
{
	return c != '\0' && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz"
				   "0123456789'()+_,-./:=?",
				    c) != NULL;
}

enum ouv_err
multipart_boundary(
	struct ouv_arena *arena, const char *type, const char **boundary_out)
{
	static const char before[] = "boundary=";
	const size_t type_len = sizeof(TYPE) - 1;
	bool quoted;
	size_t len = 0;

	if (type == NULL || strncasecmp(type, TYPE, type_len) != 0)
		return OUV_INVALID;
	type += type_len;
	type += strspn(type, " \t");
	if (*type++ != ';')
		return OUV_INVALID;
	type += strspn(type, " \t");
	if (strncasecmp(type, before, sizeof(before) - 1) != 0)
		return OUV_INVALID;
	type += sizeof(before) - 1;
	quoted = *type == '"';
	type += quoted;
	while (is_bchar(type[len]))
		len++;
	if (len == 0 || len > MULTIPART_BOUNDARY ||
		strcmp(type + len, quoted ? "\"" : "") != 0)
		return OUV_INVALID;
	*boundary_out = ouv_arena_strndup(arena, type, len);
	return OUV_OK;
}

/* ---- the header lines of a part --------------------------------------------
 */

/* What a browser writes for the three characters it cannot write (WHATWG). */
static void
unescape(char *text)
{
	static const struct {
		const char *code;
		char c;
	} codes[] = { { "%22", '"' }, { "%0D", '\r' }, { "%0A", '\n' } };
	char *out = text;

	while (*text != '\0') {
		size_t i = 0;

		while (i < 3 && strncmp(text, codes[i].code, 3) != 0)
			i++;
		*out++ = i < 3 ? codes[i].c : *text;
		text += i < 3 ? 3 : 1;
	}
	*out = '\0';
}

/* NAME="...", from *p on; its value, or NULL. */
static const char *
take_quoted(struct ouv_arena *arena, const char **p, const char *name)
{
	const size_t len = strlen(name);
	const char *end;
	char *value;

	if (strncasecmp(*p, name, len) != 0 || (*p)[len] != '=' ||
		(*p)[len + 1] != '"')
		return NULL;
	*p += len + 2;
	end = strchr(*p, '"');
	if (end == NULL)
		return NULL;
	value = ouv_arena_strndup(arena, *p, (size_t)(end - *p));
	*p = end + 1;
	unescape(value);
	return utf8_is_text(value, strlen(value)) ? value : NULL;
}

/* form-data; name="..."[; filename="..."] and nothing else: RFC 7578 has no
 * filename*, and no browser writes another parameter. */
static bool
take_disposition(
	struct ouv_arena *arena, const char *p, struct multipart_part *part)
{
	if (strncasecmp(p, "form-data; ", 11) != 0)
		return false;
	p += 11;
	part->name = take_quoted(arena, &p, "name");
	if (part->name == NULL || *part->name == '\0')
		return false;
	if (*p == '\0')
		return true;
	if (strncmp(p, "; ", 2) != 0)
		return false;
	p += 2;
	part->filename = take_quoted(arena, &p, "filename");
	return part->filename != NULL && *p == '\0';
}

static bool
take_type(struct ouv_arena *arena, const char *p, struct multipart_part *part)
{
	size_t len = strlen(p);

	for (size_t i = 0; i < len; i++)
		if (p[i] < ' ' || p[i] > '~')
			return false;
	part->type = ouv_arena_strndup(arena, p, len);
	return len > 0 && len <= TYPE_MAX;
}

/* "Name: value" of that name; NULL: it is another. */
static const char *
value_of(const char *line, const char *name)
{
	const size_t len = strlen(name);

	if (strncasecmp(line, name, len) != 0 || line[len] != ':')
		return NULL;
	line += len + 1;
	return line + strspn(line, " \t");
}

/* Each of the two lines once; others are no browser's. */
static bool
take_line(
	struct ouv_arena *arena, const char *line, struct multipart_part *part)
{
	const char *value;

	if ((value = value_of(line, "Content-Disposition")) != NULL)
		return part->name == NULL &&
		       take_disposition(arena, value, part);
	if ((value = value_of(line, "Content-Type")) != NULL)
		return part->type == NULL && take_type(arena, value, part);
	return false;
}

/* The lines are whole: each ended by CR LF, the last one is empty. */
static enum ouv_err
take_head(struct multipart *m)
{
	struct multipart_part *part = ouv_arena_alloc(m->arena, sizeof(*part));
	char *line = m->head, *end;

	m->head[m->head_len - 2] = '\0'; /* of the empty one */
	while (*line != '\0') {
		end = strstr(line, "\r\n");
		if (end == NULL)
			return OUV_INVALID;
		*end = '\0';
		if (strpbrk(line, "\r\n") != NULL ||
			!take_line(m->arena, line, part))
			return OUV_INVALID;
		line = end + 2;
	}
	m->head_len = 0;
	if (part->name == NULL || ++m->parts > MULTIPART_PARTS)
		return OUV_INVALID;
	return m->sink.begin(m->sink.user, part);
}

/* ---- as it comes -----------------------------------------------------------
 */

struct multipart *
multipart_new(struct ouv_arena *arena, const char *boundary,
	const struct multipart_sink *sink)
{
	struct multipart *m = ouv_arena_alloc(arena, sizeof(*m));

	m->arena = arena;
	m->sink = *sink;
	m->state = START;
	memcpy(m->mark, "\r\n--", 4);
	m->mark_len = 4 + strlen(boundary);
	memcpy(m->mark + 4, boundary, m->mark_len - 4);
	m->seen = 2; /* no line's end before the first */
	return m;
}

/* The first boundary, byte for byte. */
static enum ouv_err
add_start(struct multipart *m, const char **data, size_t *len)
{
	if (**data != m->mark[m->seen])
		return OUV_INVALID;
	(*data)++;
	(*len)--;
	if (++m->seen == m->mark_len) {
		m->state = AFTER;
		m->seen = 0;
	}
	return OUV_OK;
}

static enum ouv_err
add_after(struct multipart *m, const char **data, size_t *len)
{
	m->behind[m->seen++] = *(*data)++;
	(*len)--;
	if (m->seen < 2)
		return OUV_OK;
	m->seen = 0;
	if (memcmp(m->behind, "\r\n", 2) == 0)
		m->state = HEAD;
	else if (memcmp(m->behind, "--", 2) == 0)
		m->state = TAIL;
	else
		return OUV_INVALID;
	return OUV_OK;
}

static enum ouv_err
add_head(struct multipart *m, const char **data, size_t *len)
{
	const char c = *(*data)++;

	(*len)--;
	if (c == '\0' || m->head_len == sizeof(m->head))
		return OUV_INVALID;
	m->head[m->head_len++] = c;
	if (m->head_len < 4 ||
		memcmp(m->head + m->head_len - 4, "\r\n\r\n", 4) != 0)
		return OUV_OK;
	m->state = BODY;
	m->seen = 0;
	return take_head(m);
}

/* What was held back for a boundary and is none. */
static enum ouv_err
let_go(struct multipart *m)
{
	const size_t n = m->seen;

	m->seen = 0;
	return n > 0 ? m->sink.data(m->sink.user, m->mark, n) : OUV_OK;
}

static enum ouv_err
end_part(struct multipart *m)
{
	m->state = AFTER;
	m->seen = 0;
	return m->sink.end(m->sink.user);
}

/* A CR can only begin a mark, so where one does not fit there is none within
 * what was held back. */
static enum ouv_err
add_body(struct multipart *m, const char **data, size_t *len)
{
	const char *cr;
	size_t n;
	enum ouv_err err;

	if (m->seen > 0) {
		if (**data == m->mark[m->seen]) {
			(*data)++;
			(*len)--;
			return ++m->seen == m->mark_len ? end_part(m) : OUV_OK;
		}
		return let_go(m);
	}
	cr = memchr(*data, '\r', *len);
	n = cr != NULL ? (size_t)(cr - *data) : *len;
	err = n > 0 ? m->sink.data(m->sink.user, *data, n) : OUV_OK;
	*data += n;
	*len -= n;
	if (cr != NULL) {
		m->seen = 1;
		(*data)++;
		(*len)--;
	}
	return err;
}

/* Nothing, or one line's end. */
static enum ouv_err
add_tail(struct multipart *m, const char **data, size_t *len)
{
	if (m->seen == 2 || **data != "\r\n"[m->seen])
		return OUV_INVALID;
	m->seen++;
	(*data)++;
	(*len)--;
	return OUV_OK;
}

typedef enum ouv_err add_fn(
	struct multipart *m, const char **data, size_t *len);

enum ouv_err
multipart_add(struct multipart *m, const char *data, size_t len)
{
	static add_fn *const adds[] = { [START] = add_start,
		[AFTER] = add_after,
		[HEAD] = add_head,
		[BODY] = add_body,
		[TAIL] = add_tail };
	enum ouv_err err = m->state == FAILED ? OUV_INVALID : OUV_OK;

	while (err == OUV_OK && len > 0)
		err = adds[m->state](m, &data, &len);
	if (err != OUV_OK)
		m->state = FAILED;
	return err;
}

enum ouv_err
multipart_end(struct multipart *m)
{
	const bool whole = m->state == TAIL && m->seen != 1;

	m->state = FAILED;
	return whole ? OUV_OK : OUV_INVALID;
}
