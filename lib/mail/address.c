/*
 * address.c - From, To and their kind to names and addresses
 *
 * RFC 5322 3.4 in one pass without recursion: comments are counted, groups
 * are flattened, and whatever people write between is somebody's name.
 */
#include <string.h>
#include <strings.h>

#include "internal.h"

/* One address on its way. */
struct reading {
	struct ouv_arena *arena;
	const char *charset;
	const char *p, *end;
	struct ouv_buf phrase;  /* the words of the name, without quotes */
	struct ouv_buf bare;    /* the same with quotes, for a@b alone */
	struct ouv_buf comment; /* the last one */
	struct ouv_buf angle;   /* between < and > */
	bool has_angle;
	bool last_bare;   /* the row before was a name without < > */
	size_t name_len;  /* of phrase, when the angle was met */
	bool no_comments; /* a '(' was never closed: they are letters */
	bool no_quotes;   /* the same for '"', which are nothing then */
	int words;
	size_t cap;
	struct ouv_mail_addrs *out;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct ouv_str
str_of(const struct ouv_buf *buf)
{
	return (struct ouv_str){ buf->data, buf->len };
}

static void
clear(struct ouv_buf *buf)
{
	buf->len = 0;
	buf->data[0] = '\0';
}

/* An address has no blanks, control characters, quotes around it. */
static const char *
clean_addr(struct reading *r, struct ouv_str text)
{
	struct ouv_str utf8;
	char *out;
	size_t n = 0;
	bool quoted = false;

	text = mail_trim(text);
	while (text.len > 1 &&
		(text.p[0] == '\'' || text.p[0] == '<' || text.p[0] == '"') &&
		(text.p[text.len - 1] == text.p[0] ||
			(text.p[0] == '<' && text.p[text.len - 1] == '>'))) {
		text.p++;
		text.len -= 2;
	}
	if (text.len > 7 && strncasecmp(text.p, "mailto:", 7) == 0) {
		text.p += 7;
		text.len -= 7;
	}
	/* RFC 5322 4.4: <@route,@route:local@domain> */
	if (text.len > 0 && text.p[0] == '@') {
		const char *colon = memchr(text.p, ':', text.len);

		if (colon != NULL) {
			text.len -= (size_t)(colon + 1 - text.p);
			text.p = colon + 1;
		}
	}
	(void)mail_to_utf8(r->arena, NULL, r->charset, text, &utf8);
	out = ouv_arena_alloc(r->arena, utf8.len + 1);
	for (size_t i = 0; i < utf8.len; i++) {
		char c = utf8.p[i];

		if (c == '"')
			quoted = !quoted;
		if ((unsigned char)c < ' ' || c == 0x7f || c == '<' ||
			c == '>' || (c == ' ' && !quoted))
			continue;
		out[n++] = c;
	}
	out[n] = '\0';
	return mail_clean_line(r->arena, (struct ouv_str){ out, n });
}

/* Blanks in a row, which folding makes, become one. */
static const char *
one_blank(struct reading *r, const char *name)
{
	char *out, *to;

	if (strstr(name, "  ") == NULL)
		return name;
	to = out = ouv_arena_strdup(r->arena, name);
	for (; *name != '\0'; name++)
		if (*name != ' ' || name[1] != ' ')
			*to++ = *name;
	*to = '\0';
	return out;
}

/* A decoded name without the quotes somebody put into it. */
static const char *
clean_name(struct reading *r, struct ouv_str raw)
{
	const char *name =
		one_blank(r, mail_decode_2047(r->arena, raw, r->charset));
	size_t len = strlen(name);

	while (len > 1 && (name[0] == '"' || name[0] == '\'') &&
		name[len - 1] == name[0]) {
		name = mail_clean_line(
			r->arena, (struct ouv_str){ name + 1, len - 2 });
		len = strlen(name);
	}
	return name;
}

/* The word with an @ among several; the others are the name. */
static struct ouv_str
word_with_at(struct ouv_str text)
{
	const char *from = text.p, *end = text.p + text.len;
	const char *at, *start, *stop;

	if (text.len > 1 && text.p[0] == '"') {
		const char *close = memchr(from + 1, '"', text.len - 1);

		if (close == NULL || close + 1 == end || close[1] == '@')
			return text; /* "quoted local part"@domain */
		from = close + 1;
	}
	at = memchr(from, '@', (size_t)(end - from));
	if (at == NULL)
		return (struct ouv_str){ NULL, 0 };
	for (start = at; start > from && !is_blank(start[-1]);)
		start--;
	for (stop = at; stop < end && !is_blank(*stop);)
		stop++;
	return (struct ouv_str){ start, (size_t)(stop - start) };
}

static void
add(struct reading *r, const char *name, const char *addr)
{
	struct ouv_mail_addrs *out = r->out;

	/* Unquoted "Silva, Ana <ana@...>": what came before is her name. */
	if (r->last_bare && r->has_angle && *name != '\0' &&
		strchr(out->list[out->count - 1].addr, '@') == NULL) {
		struct ouv_mail_addr *last = &out->list[out->count - 1];

		last->name = ouv_arena_printf(
			r->arena, "%s%s, %s", last->name, last->addr, name);
		last->addr = addr;
		r->last_bare = false;
		return;
	}
	r->last_bare = !r->has_angle;
	if (out->count >= MAIL_ADDRS_MAX)
		return;
	if (out->count == r->cap) {
		struct ouv_mail_addr *more;

		r->cap = r->cap == 0 ? 4 : r->cap * 2;
		more = ouv_arena_array(r->arena, r->cap, sizeof(*more));
		if (out->count > 0)
			memcpy(more, out->list, out->count * sizeof(*more));
		out->list = more;
	}
	out->list[out->count++] = (struct ouv_mail_addr){ name, addr };
}

/* A name that is "Ana <ana@...>" as a whole, once decoded. */
static void
add_from_name(struct reading *r, const char *name)
{
	const char *open = strrchr(name, '<'), *at = strchr(name, '@');
	struct ouv_str word;
	const char *shut;

	if (open != NULL && at > open && (shut = strchr(open, '>')) != NULL &&
		shut > at) {
		add(r,
			clean_name(r, (struct ouv_str){ name,
					      (size_t)(open - name) }),
			clean_addr(r, (struct ouv_str){ open + 1,
					      (size_t)(shut - open - 1) }));
		return;
	}
	word = word_with_at((struct ouv_str){ name, strlen(name) });
	add(r, word.len == strlen(name) ? "" : name, clean_addr(r, word));
}

static void
add_without_angle(struct reading *r)
{
	struct ouv_str bare = mail_trim(str_of(&r->bare));
	struct ouv_str at = word_with_at(bare);
	const char *name;

	if (at.p != NULL) {
		size_t before = (size_t)(at.p - bare.p);

		name = clean_name(
			r, before > 0 ? (struct ouv_str){ bare.p, before }
				      : str_of(&r->comment));
		add(r, name, clean_addr(r, at));
		return;
	}
	name = clean_name(r, str_of(&r->phrase));
	if (strchr(name, '@') != NULL)
		add_from_name(r, name);
	else if (strcspn(name, " \t") == strlen(name) && bare.len > 0 &&
		 memmem(bare.p, bare.len, "=?", 2) == NULL)
		add(r, "", name); /* root, MAILER-DAEMON: a local part */
	else
		add(r, name, "");
}

/* The end of one address: what was gathered becomes a row. */
static void
finish(struct reading *r)
{
	struct ouv_str name = mail_trim(str_of(&r->phrase));

	if (r->has_angle)
		add(r, clean_name(r, name.len > 0 ? name : str_of(&r->comment)),
			clean_addr(r, str_of(&r->angle)));
	else if (mail_trim(str_of(&r->bare)).len > 0)
		add_without_angle(r);
	clear(&r->phrase);
	clear(&r->bare);
	clear(&r->comment);
	clear(&r->angle);
	r->has_angle = false;
}

static void
put(struct reading *r, char c)
{
	ouv_buf_char(&r->phrase, c);
	ouv_buf_char(&r->bare, c);
}

/* The ')' of the comment at r->p; NULL: it is never closed. */
static const char *
comment_end(struct reading *r)
{
	int depth = 0;

	if (r->no_comments)
		return NULL;
	for (const char *p = r->p; p < r->end; p++) {
		if (*p == '\\' && p + 1 < r->end)
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p;
	}
	r->no_comments = true;
	return NULL;
}

/* At '(': keeps the inside, unless it is never closed. */
static void
take_comment(struct reading *r)
{
	const char *p = comment_end(r);

	if (p == NULL) {
		put(r, *r->p++);
		return;
	}
	clear(&r->comment);
	ouv_buf_add(&r->comment, r->p + 1, (size_t)(p - r->p - 1));
	r->p = p + 1;
}

/* Is the quote at r->p closed somewhere? */
static bool
quote_closes(struct reading *r)
{
	if (r->no_quotes)
		return false;
	for (const char *p = r->p + 1; p < r->end; p++) {
		if (*p == '\\' && p + 1 < r->end)
			p++;
		else if (*p == '"')
			return true;
	}
	r->no_quotes = true;
	return false;
}

static void
take_quoted(struct reading *r)
{
	if (!quote_closes(r)) {
		r->p++;
		return;
	}
	ouv_buf_char(&r->bare, '"');
	for (r->p++; r->p < r->end && *r->p != '"'; r->p++) {
		if (*r->p == '\\' && r->p + 1 < r->end) {
			ouv_buf_char(&r->bare, '\\');
			r->p++;
		}
		put(r, *r->p);
	}
	ouv_buf_char(&r->bare, '"');
	if (r->p < r->end)
		r->p++;
}

/* "Rui <a@b> Ana <c@d>": a comma was forgotten. */
static void
finish_early(struct reading *r)
{
	char *rest = ouv_arena_strndup(r->arena, r->phrase.data + r->name_len,
		r->phrase.len - r->name_len);

	if (mail_trim((struct ouv_str){ r->phrase.data, r->name_len }).len > 0)
		r->phrase.len = r->name_len;
	else
		rest = ouv_arena_strdup(r->arena, "");
	finish(r);
	ouv_buf_text(&r->phrase, rest);
	ouv_buf_text(&r->bare, rest);
}

/* At '<': the inside up to '>', or to a comma when that never comes. */
static void
take_angle(struct reading *r)
{
	bool quoted = false;
	const char *shut;

	if (r->has_angle)
		finish_early(r);
	r->has_angle = true;
	r->name_len = r->phrase.len;
	for (r->p++; r->p < r->end && *r->p != '>'; r->p++) {
		if (*r->p == '"')
			quoted = !quoted;
		if (!quoted && *r->p == '(' &&
			(shut = comment_end(r)) != NULL) {
			r->p = shut;
			continue;
		}
		/* but not in "<@route,@route:a@b>" */
		if (!quoted && *r->p == ',' && r->angle.len > 0 &&
			r->angle.data[0] != '@')
			return;
		if (*r->p != '<')
			ouv_buf_char(&r->angle, *r->p);
	}
	while (r->p < r->end && *r->p == '>')
		r->p++;
}

/* "mailto:" and group names go; a colon inside an address stays. */
static void
take_colon(struct reading *r)
{
	if (memchr(r->bare.data, '@', r->bare.len) != NULL ||
		memchr(r->bare.data, '[', r->bare.len) != NULL) {
		put(r, *r->p++);
		return;
	}
	r->p++;
	if (r->has_angle)
		finish_early(r);
	clear(&r->phrase);
	clear(&r->bare);
}

static void
take_one(struct reading *r)
{
	struct mail_word word;

	switch (*r->p) {
	case '(':
		take_comment(r);
		return;
	case '"':
		take_quoted(r);
		return;
	case '<':
		take_angle(r);
		return;
	case ':':
		take_colon(r);
		return;
	case ',':
	case ';':
		finish(r);
		r->p++;
		return;
	case '=':
		/* an encoded word is taken whole: mailers leave commas in */
		if (r->words++ < MAIL_WORDS_MAX &&
			mail_word_at(r->p, r->end, &word)) {
			while (r->p < word.end)
				put(r, *r->p++);
			return;
		}
		break;
	default:
		break;
	}
	put(r, *r->p++);
}

void
mail_addresses(struct ouv_arena *arena, struct ouv_str raw, const char *charset,
	struct ouv_mail_addrs *addrs_out)
{
	struct reading r = { .arena = arena,
		.charset = charset,
		.p = raw.p,
		.end = raw.p + raw.len,
		.out = addrs_out };

	addrs_out->count = 0;
	addrs_out->list = NULL;
	if (raw.len == 0)
		return;
	ouv_buf_init(&r.phrase, arena, 64);
	ouv_buf_init(&r.bare, arena, 64);
	ouv_buf_init(&r.comment, arena, 64);
	ouv_buf_init(&r.angle, arena, 64);
	while (r.p < r.end && addrs_out->count < MAIL_ADDRS_MAX)
		take_one(&r);
	finish(&r);
}

static bool
ids_have(const struct ouv_mail_ids *ids, const char *id)
{
	for (size_t i = 0; i < ids->count; i++)
		if (strcmp(ids->list[i], id) == 0)
			return true;
	return false;
}

/* Blanks that folding left inside an id are no part of it. */
static const char *
clean_id(struct ouv_arena *arena, const char *start, const char *stop)
{
	char *out = ouv_arena_alloc(arena, (size_t)(stop - start) + 1);
	struct ouv_str utf8;
	size_t n = 0;

	for (; start < stop; start++)
		if ((unsigned char)*start > ' ' && *start != '<' &&
			*start != '>' && *start != 0x7f)
			out[n++] = *start;
	if (n == 0)
		return "";
	(void)mail_to_utf8(
		arena, NULL, NULL, (struct ouv_str){ out, n }, &utf8);
	return mail_clean_line(arena, utf8);
}

void
mail_ids(struct ouv_arena *arena, struct ouv_str raw,
	struct ouv_mail_ids *ids_out)
{
	const char *p = raw.p, *end = raw.p + raw.len;
	size_t cap = 0;

	ids_out->count = 0;
	ids_out->list = NULL;
	while (p < end && ids_out->count < MAIL_IDS_MAX) {
		const char *start, *id;

		while (p < end && (is_blank(*p) || *p == ',' || *p == '>'))
			p++;
		if (p == end)
			return;
		start = p;
		if (*p == '<')
			for (p++; p < end && *p != '>' && *p != '<';)
				p++;
		else /* an id that forgot its brackets; prose has no @ */
			while (p < end && !is_blank(*p) && *p != '<' &&
				*p != ',')
				p++;
		if (*start != '<' &&
			memchr(start, '@', (size_t)(p - start)) == NULL)
			continue;
		id = clean_id(arena, start, p);
		if (*id == '\0' || ids_have(ids_out, id))
			continue;
		if (ids_out->count == cap) {
			const char **more;

			cap = cap == 0 ? 8 : cap * 2;
			more = ouv_arena_array(arena, cap, sizeof(*more));
			if (ids_out->count > 0)
				memcpy(more, ids_out->list,
					ids_out->count * sizeof(*more));
			ids_out->list = more;
		}
		ids_out->list[ids_out->count++] = id;
	}
}
