/*
 * mime.c - the structure of a message: which bytes are which part
 *
 * RFC 2046 in one pass over the lines, with a stack of open multiparts of a
 * fixed height: time grows with the mail's length, whatever its nesting.
 */
#include <string.h>
#include <strings.h>

#include "internal.h"

struct level {
	int node;
	struct ouv_str boundary;
	bool closed; /* "--boundary--" was seen; some go on all the same */
};

struct walker {
	struct ouv_arena *arena, *scratch;
	struct mail_message *message;
	struct ouv_mail *mail;
	struct mail_lines *lines;
	size_t cap;
	int current;   /* the leaf that takes the lines, -1: none */
	bool headless; /* not even an empty line stood before its body */
	int height;
	struct mail_edges edges;
	struct level levels[MAIL_DEPTH_MAX];
};

/* clang-format off */
/* Letters and digits of the name; what follows them does not count. */
static const struct {
	const char *name;
	enum ouv_mail_encoding encoding;
} encodings[] = {
	{ "base64",          OUV_MAIL_BASE64 },
	{ "quotedprintable", OUV_MAIL_QP },
	{ "printable",       OUV_MAIL_QP },
	{ "qp",              OUV_MAIL_QP },
	{ "xuu",             OUV_MAIL_UUENCODE },
	{ "uu",              OUV_MAIL_UUENCODE },
	{ "7",               OUV_MAIL_IDENTITY },
	{ "8",               OUV_MAIL_IDENTITY },
	{ "binary",          OUV_MAIL_IDENTITY },
};
/* clang-format on */

static bool
is_token(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("!#$&^_.+-", c) != NULL);
}

static size_t
token_length(const char *p)
{
	size_t n = 0;

	while (is_token(p[n]))
		n++;
	return n;
}

/* "a/b" out of what is written there; NULL: nothing of the kind. */
static const char *
clean_type(struct ouv_arena *arena, const char *value)
{
	size_t type = token_length(value), subtype;
	const char *rest = value + type;

	rest += strspn(rest, " \t");
	if (type == 0 || *rest != '/')
		return NULL;
	rest++;
	rest += strspn(rest, " \t");
	subtype = token_length(rest);
	if (subtype == 0)
		return NULL;
	return ouv_arena_printf(
		arena, "%.*s/%.*s", (int)type, value, (int)subtype, rest);
}

static const char *
type_of(struct walker *w, struct mail_leaf *node, const char *otherwise)
{
	const char *type = clean_type(w->arena, node->type.value);

	node->typed = type != NULL;
	if (type != NULL)
		return type;
	if (*node->type.value == '\0')
		return otherwise;
	mail_defect(w->arena, w->mail, "bad-content-type");
	if (strstr(node->type.value, "html") != NULL)
		return "text/html";
	if (strncmp(node->type.value, "multipart", 9) == 0)
		return "multipart/mixed";
	/* RFC 2045 5.2 would have text, but a file is no text */
	return node->filename == NULL ? "text/plain"
				      : "application/octet-stream";
}

/* "quoted - printable", "(x) base-64;": letters and digits. */
static void
encoding_name(struct ouv_str raw, char out[24])
{
	size_t n = 0;
	const char *shut;

	if (raw.len > 0 && *raw.p == '(' &&
		(shut = memchr(raw.p, ')', raw.len)) != NULL) {
		raw.len -= (size_t)(shut + 1 - raw.p);
		raw.p = shut + 1;
	}
	for (size_t i = 0; i < raw.len && n < 23; i++) {
		char c = (char)(raw.p[i] | 0x20);

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[n++] = c;
		else if (raw.p[i] == ';' || raw.p[i] == '(')
			break;
	}
	out[n] = '\0';
}

static enum ouv_mail_encoding
encoding_of(struct walker *w, const struct mail_header *header)
{
	char name[24];

	encoding_name(
		mail_field_raw(header, "Content-Transfer-Encoding"), name);
	if (*name == '\0')
		return OUV_MAIL_IDENTITY;
	for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++)
		if (strncmp(name, encodings[i].name,
			    strlen(encodings[i].name)) == 0)
			return encodings[i].encoding;
	mail_defect(w->arena, w->mail, "bad-encoding");
	return OUV_MAIL_IDENTITY;
}

/* The first value that is not empty: some mails say it twice. */
static struct ouv_str
first_value(const struct mail_header *header, const char *name)
{
	const struct mail_field *field;

	for (size_t n = 0; (field = mail_field_nth(header, name, n)) != NULL;
		n++)
		if (field->raw.len > 0)
			return field->raw;
	return (struct ouv_str){ NULL, 0 };
}

static void
describe(struct walker *w, const struct mail_header *header,
	const char *otherwise, struct mail_leaf *node)
{
	const char *charset = w->message->charset;
	struct mail_params disposition;
	struct mail_params *type = &node->type;
	struct ouv_mail_ids ids;
	struct ouv_str id = first_value(header, "Content-ID");

	mail_params_read(
		w->arena, first_value(header, "Content-Type"), charset, type);
	node->charset = mail_param(type, "charset");
	if (node->charset != NULL && *node->charset == '\0')
		node->charset = NULL;
	if (charset == NULL && node->charset != NULL)
		w->message->charset = charset = node->charset;
	mail_params_read(w->arena, first_value(header, "Content-Disposition"),
		charset, &disposition);
	node->disposition = disposition.value;
	node->filename = mail_clean_filename(
		w->arena, mail_param(&disposition, "filename"));
	if (node->filename == NULL)
		node->filename =
			mail_clean_filename(w->arena, mail_param(type, "name"));
	if (id.len > 0 && id.len < 1000) {
		mail_ids(w->arena, id, &ids);
		node->content_id =
			ids.count > 0 ? ids.list[0]
				      : mail_decode_2047(w->arena, id, charset);
	}
	node->content_type = type_of(w, node, otherwise);
	node->encoding = encoding_of(w, header);
}

static size_t
offset_of(const struct walker *w, const char *p)
{
	return (size_t)(p - w->message->raw.p);
}

static struct mail_leaf *
add_node(struct walker *w)
{
	struct mail_message *message = w->message;
	struct mail_leaf *node;

	if (message->count == w->cap) {
		struct mail_leaf *more;

		w->cap = w->cap == 0 ? 4 : w->cap * 2;
		more = ouv_arena_array(w->arena, w->cap, sizeof(*more));
		if (message->count > 0)
			memcpy(more, message->nodes,
				message->count * sizeof(*more));
		message->nodes = more;
	}
	node = &message->nodes[message->count++];
	memset(node, 0, sizeof(*node));
	node->content_type = "text/plain";
	node->disposition = "";
	node->type.value = "";
	node->depth = w->height;
	node->parent = w->height == 0 ? -1 : w->levels[w->height - 1].node;
	return node;
}

/* The line end before a boundary belongs to the boundary (RFC 2046 5.1.1). */
static const char *
before_line_end(const struct walker *w, const char *start, const char *p)
{
	if (p > start && p[-1] == w->lines->eol)
		p--;
	if (w->lines->eol == '\n' && p > start && p[-1] == '\r')
		p--;
	return p > start ? p : start;
}

/* Ends node before the boundary at p. */
static void
end_node(struct walker *w, int index, const char *p)
{
	struct mail_leaf *node = &w->message->nodes[index];
	const char *start = w->message->raw.p + node->offset;

	node->length = (size_t)(before_line_end(w, start, p) - start);
}

enum hit {
	MISS,
	DELIMITER,
	CLOSE
};

static enum hit
match(struct ouv_str line, struct ouv_str boundary)
{
	struct ouv_str rest;

	if (line.len < boundary.len + 2 ||
		memcmp(line.p + 2, boundary.p, boundary.len) != 0)
		return MISS;
	rest.p = line.p + 2 + boundary.len;
	rest.len = line.len - 2 - boundary.len;
	if (mail_trim(rest).len == 0)
		return DELIMITER;
	if (rest.len >= 2 && memcmp(rest.p, "--", 2) == 0 &&
		mail_trim((struct ouv_str){ rest.p + 2, rest.len - 2 }).len ==
			0)
		return CLOSE;
	return MISS;
}

/* The innermost open multipart the line belongs to, else a closed one. */
static enum hit
find_level(const struct walker *w, struct ouv_str line, int *level_out)
{
	for (int closed = 0; closed <= 1; closed++)
		for (int i = w->height - 1; i >= 0; i--) {
			enum hit hit;

			if (w->levels[i].closed != (closed == 1))
				continue;
			hit = match(line, w->levels[i].boundary);
			if (hit != MISS) {
				*level_out = i;
				return hit;
			}
		}
	return MISS;
}

/*
 * A multipart whose boundary is not said, or does not come: the first line
 * "--x" that a Content- field follows gives it away.
 */
static struct ouv_str
find_boundary(struct walker *w, struct ouv_str named)
{
	struct mail_lines ahead = *w->lines;
	struct ouv_str line, next, guess = { NULL, 0 };
	int level;

	if ((size_t)(ahead.end - ahead.p) > MAIL_FIELD_MAX)
		ahead.end = ahead.p + MAIL_FIELD_MAX;
	while (mail_line_next(&ahead, &line)) {
		struct mail_lines after = ahead;

		if (line.len < 3 || memcmp(line.p, "--", 2) != 0)
			continue;
		if (named.len > 0 && match(line, named) != MISS)
			return named;
		if (find_level(w, line, &level) != MISS)
			break;
		if (guess.len == 0 && mail_line_next(&after, &next) &&
			next.len > 8 && strncasecmp(next.p, "Content-", 8) == 0)
			guess = mail_trim(
				(struct ouv_str){ line.p + 2, line.len - 2 });
	}
	if (guess.len == 0)
		return named;
	if (named.len > 0)
		mail_defect(w->arena, w->mail, "bad-boundary");
	return guess;
}

/* Opens a multipart; false: it has to be a leaf after all. */
static bool
open_multipart(struct walker *w, struct mail_leaf *node)
{
	const char *named = mail_param(&node->type, "boundary");
	struct ouv_str boundary = { named, named == NULL ? 0 : strlen(named) };

	if (strncmp(node->content_type, "multipart/", 10) != 0)
		return false;
	if (w->height == MAIL_DEPTH_MAX) {
		mail_defect(w->arena, w->mail, "depth-limit");
		return false;
	}
	while (boundary.len > 0 && boundary.p[boundary.len - 1] <= ' ')
		boundary.len--;
	if (boundary.len > MAIL_BOUNDARY_MAX)
		boundary.len = 0;
	if (boundary.len == 0)
		mail_defect(w->arena, w->mail, "no-boundary");
	boundary = find_boundary(w, boundary);
	if (boundary.len == 0) {
		node->content_type = "text/plain";
		return false;
	}
	node->multipart = true;
	w->levels[w->height++] =
		(struct level){ .node = (int)w->message->count - 1,
			.boundary = boundary };
	return true;
}

/* A part begins: its header, then what it is. */
static void
open_entity(struct walker *w, const struct mail_header *header)
{
	const char *otherwise = "text/plain";
	struct mail_leaf *node = add_node(w);

	if (node->parent >= 0 &&
		strcmp(w->message->nodes[node->parent].content_type,
			"multipart/digest") == 0)
		otherwise = "message/rfc822";
	describe(w, header, otherwise, node);
	node->offset = offset_of(w, w->lines->p);
	node->length = w->message->raw.len - node->offset;
	w->current = -1;
	if (!open_multipart(w, node))
		w->current = (int)w->message->count - 1;
}

/* Over the limit: what is left is one part, whatever it holds. */
static void
keep_rest(struct walker *w, const char *from)
{
	struct mail_leaf *node = add_node(w);

	mail_defect(w->arena, w->mail, "parts-limit");
	node->content_type = "application/octet-stream";
	node->disposition = "attachment";
	node->offset = offset_of(w, from);
	node->length = w->message->raw.len - node->offset;
	w->current = (int)w->message->count - 1;
}

/* A delimiter behind a delimiter, or a multipart of nothing, is no part. */
static void
drop_empty(struct walker *w, int index)
{
	const struct mail_leaf *node = &w->message->nodes[index];

	if (node->length == 0 && node->parent >= 0 &&
		(w->headless || strncmp(node->type.value, "multipart", 9) == 0))
		w->message->count--;
}

static void
end_current(struct walker *w, const char *p)
{
	if (w->current < 0)
		return;
	end_node(w, w->current, p);
	drop_empty(w, w->current);
	w->current = -1;
}

static void
close_levels(struct walker *w, int level, const char *p)
{
	end_current(w, p);
	while (w->height > level + 1) {
		const struct level *top = &w->levels[--w->height];

		if (!top->closed)
			mail_defect(w->arena, w->mail, "unclosed-multipart");
		end_node(w, top->node, p);
	}
}

/* Where the first part of the message begins and its last one ends. */
static void
note_edges(struct walker *w, enum hit hit, struct ouv_str line)
{
	const char *start = w->message->raw.p + w->message->nodes[0].offset;

	if (w->message->count == 1)
		w->edges.preamble =
			offset_of(w, before_line_end(w, start, line.p));
	w->edges.epilogue = hit == CLOSE ? offset_of(w, w->lines->p) : 0;
}

static bool
has_content_field(const struct mail_header *header)
{
	for (size_t i = 0; i < header->count; i++)
		if (header->fields[i].name.len > 8 &&
			strncasecmp(header->fields[i].name.p, "Content-", 8) ==
				0)
			return true;
	return false;
}

static bool
begins_with(struct mail_lines lines, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(lines.end - lines.p) >= len &&
	       strncasecmp(lines.p, text, len) == 0;
}

/* A part may begin with its text, whose first line may look like a field. */
static void
read_part_header(struct walker *w, struct mail_header *header_out)
{
	struct mail_lines start = *w->lines;

	ouv_arena_reset(w->scratch);
	mail_header_lines(w->scratch, w->lines, header_out);
	if (header_out->cut)
		mail_defect(w->arena, w->mail, "header-limit");
	if (header_out->broken && !has_content_field(header_out) &&
		!begins_with(start, "Content-")) {
		*w->lines = start;
		memset(header_out, 0, sizeof(*header_out));
	}
}

static void
walk(struct walker *w)
{
	struct mail_header header;
	struct ouv_str line;
	int level = 0;

	while (mail_line_next(w->lines, &line)) {
		enum hit hit;

		if (line.len < 2 || line.p[0] != '-' || line.p[1] != '-' ||
			(hit = find_level(w, line, &level)) == MISS)
			continue;
		if (level == 0)
			note_edges(w, hit, line);
		close_levels(w, level, line.p);
		if (hit == CLOSE) {
			w->levels[level].closed = true;
			continue;
		}
		if (w->levels[level].closed)
			mail_defect(w->arena, w->mail, "parts-after-end");
		w->levels[level].closed = false;
		if (w->message->count >= MAIL_PARTS_MAX) {
			keep_rest(w, line.p);
			return;
		}
		read_part_header(w, &header);
		w->headless = header.length == 0;
		open_entity(w, &header);
	}
	if (w->current >= 0)
		drop_empty(w, w->current);
	for (int i = 0; i < w->height; i++)
		if (!w->levels[i].closed)
			mail_defect(w->arena, w->mail, "unclosed-multipart");
}

void
mail_structure(struct ouv_arena *arena, struct mail_lines *lines,
	struct mail_message *message, struct ouv_mail *mail)
{
	struct walker w = { .arena = arena,
		.message = message,
		.mail = mail,
		.lines = lines,
		.current = -1 };

	open_entity(&w, &message->header);
	if (w.height > 0) {
		w.scratch = ouv_arena_new(OUV_ARENA_WIPE);
		walk(&w);
		ouv_arena_free(&w.scratch);
	}
	mail_settle(arena, message, &w.edges, mail);
}
