/*
 * address.c - From, To and their kind to names and addresses
 *
 * RFC 5322 3.4 in one pass without recursion: comments are counted, groups
 * are flattened, and whatever people write between is somebody's name.
 */
#include <string.h>

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
	size_t bare_rows; /* the last rows are names without < > */
	size_t name_len;  /* of phrase, when the angle was met */
	bool no_comments; /* a '(' was never closed: they are letters */
	bool no_quotes;   /* the same for '"', which are nothing then */
	int words;
	const char *semicolon, *comma, *open; /* the next one, once sought */
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

static const char *
address(struct reading *r, struct ouv_str text)
{
	return mail_clean_addr(r->arena, text, r->charset);
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

/* Unquoted "Silva, Ana, Dra. <ana@...>": what came before is her name. */
static const char *
join_bare(struct reading *r, const char *name)
{
	struct ouv_mail_addrs *out = r->out;
	struct ouv_buf whole;

	ouv_buf_init(&whole, r->arena, 64);
	for (size_t i = out->count - r->bare_rows; i < out->count; i++)
		ouv_buf_printf(&whole, "%s%s%s", whole.len > 0 ? ", " : "",
			out->list[i].name, out->list[i].addr);
	if (*name != '\0')
		ouv_buf_printf(&whole, ", %s", name);
	out->count -= r->bare_rows;
	r->bare_rows = 0;
	return whole.data;
}

static void
add(struct reading *r, const char *name, const char *addr)
{
	struct ouv_mail_addrs *out = r->out;
	bool has_at = strchr(addr, '@') != NULL;

	if (r->bare_rows > 0 && r->has_angle && has_at)
		name = join_bare(r, name);
	if (out->count >= MAIL_ADDRS_MAX)
		return;
	r->bare_rows = r->has_angle || has_at ? 0 : r->bare_rows + 1;
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
			address(r, (struct ouv_str){ open + 1,
					   (size_t)(shut - open - 1) }));
		return;
	}
	word = word_with_at((struct ouv_str){ name, strlen(name) });
	add(r, word.len == strlen(name) ? "" : name, address(r, word));
}

/* "ana @ x .example": blanks around the @ and the dots were never meant. */
static struct ouv_str
close_at(struct reading *r)
{
	struct ouv_str text = mail_trim(str_of(&r->bare));
	char *out;
	size_t n = 0;
	bool at = false;

	if (text.len == 0 || text.p[0] == '"' ||
		memchr(text.p, '@', text.len) == NULL)
		return text;
	out = ouv_arena_raw(r->arena, text.len);
	for (size_t i = 0; i < text.len; i++) {
		at |= text.p[i] == '@';
		if (text.p[i] == '@' || (at && text.p[i] == '.'))
			while (n > 0 && is_blank(out[n - 1]))
				n--;
		if (!is_blank(text.p[i]) || n == 0 || out[n - 1] != '@')
			out[n++] = text.p[i];
	}
	return (struct ouv_str){ out, n };
}

/* Words, one or more of them with an @: a comma may have been forgotten. */
static void
add_words(struct reading *r, struct ouv_str text, struct ouv_str at)
{
	const char *end = text.p + text.len;
	bool first = true;

	while (at.p != NULL) {
		struct ouv_str name = mail_trim(
			(struct ouv_str){ text.p, (size_t)(at.p - text.p) });
		struct ouv_str rest = { at.p + at.len,
			(size_t)(end - at.p - at.len) };
		struct ouv_str next = word_with_at(rest);

		if (name.len == 0 && first)
			name = str_of(&r->comment);
		if (name.len == 0 && next.p == NULL)
			name = rest;
		add(r, clean_name(r, name), address(r, at));
		text = rest;
		at = next;
		first = false;
	}
}

static void
add_without_angle(struct reading *r)
{
	struct ouv_str bare = close_at(r), at = word_with_at(bare);
	const char *name;

	/* an @ inside an encoded word waits until that is decoded */
	if (at.p != NULL && memmem(at.p, at.len, "=?", 2) == NULL) {
		add_words(r, bare, at);
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

static bool
has_char(const struct ouv_buf *buf, char c)
{
	return memchr(buf->data, c, buf->len) != NULL;
}

/* The name stands before the angle, else behind it, else in a comment. */
static struct ouv_str
name_of(const struct reading *r)
{
	struct ouv_str before = { r->phrase.data, r->name_len };
	struct ouv_str behind = { r->phrase.data + r->name_len,
		r->phrase.len - r->name_len };

	if (mail_trim(before).len > 0)
		return mail_trim(before);
	if (r->comment.len > 0)
		return str_of(&r->comment);
	return mail_trim(behind);
}

/* The end of one address: what was gathered becomes a row. */
static void
finish(struct reading *r)
{
	if (r->has_angle && !has_char(&r->angle, '@') &&
		has_char(&r->bare, '@')) {
		/* "<Ana> ana@x.example": the wrong one is in brackets */
		if (r->angle.len > 0) {
			clear(&r->comment);
			ouv_buf_add(&r->comment, r->angle.data, r->angle.len);
		}
		r->has_angle = false;
	}
	if (r->has_angle)
		add(r, clean_name(r, name_of(r)),
			address(r, str_of(&r->angle)));
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

/* "Ana <Silva> <ana@...>", "Ana <3 <ana@...>": it was part of the name. */
static void
angle_to_name(struct reading *r, bool closed)
{
	put(r, '<');
	ouv_buf_add(&r->phrase, r->angle.data, r->angle.len);
	ouv_buf_add(&r->bare, r->angle.data, r->angle.len);
	if (closed)
		put(r, '>');
	clear(&r->angle);
	r->name_len = r->phrase.len;
}

/* At '<': the inside up to '>', or to a comma when that never comes. */
static void
take_angle(struct reading *r)
{
	bool quoted = false;
	const char *shut;

	if (r->has_angle && r->angle.len > 0 && !has_char(&r->angle, '@'))
		angle_to_name(r, true);
	else if (r->has_angle)
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
		else if (r->angle.len > 0 && !has_char(&r->angle, '@'))
			angle_to_name(r, false);
	}
	while (r->p < r->end && *r->p == '>')
		r->p++;
}

/* The next c from here on, found once; the end: there is none. */
static const char *
ahead(const struct reading *r, const char **known, char c)
{
	if (*known == NULL || *known < r->p) {
		*known = memchr(r->p, c, (size_t)(r->end - r->p));
		if (*known == NULL)
			*known = r->end;
	}
	return *known;
}

/* "Loja: Ana <ana@...>" is no group, as no ';' ends it: it is a name. */
static bool
is_name_colon(struct reading *r)
{
	static const char *const words[] = { "mailto", "smtp", "from", "to" };
	struct ouv_str before = mail_trim(str_of(&r->bare));

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (mail_str_is(before, words[i]))
			return false;
	return !r->has_angle && before.len > 0 &&
	       ahead(r, &r->semicolon, ';') == r->end &&
	       ahead(r, &r->open, '<') < ahead(r, &r->comma, ',');
}

/* "mailto:" and group names go; a colon inside an address stays. */
static void
take_colon(struct reading *r)
{
	if (has_char(&r->bare, '@') || has_char(&r->bare, '[') ||
		is_name_colon(r)) {
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
		finish(r);
		r->p++;
		return;
	case ';':
		finish(r);
		r->bare_rows = 0; /* a name before it is a row of its own */
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
