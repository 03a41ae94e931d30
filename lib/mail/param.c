/*
 * param.c - Content-Type and Content-Disposition with their parameters
 *
 * RFC 2045 5.1 and RFC 2231, and what is sent instead: encoded words in
 * quotes, raw 8-bit names, blanks without quotes, semicolons forgotten.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* One parameter as written; several may make one (RFC 2231 3). */
struct piece {
	struct ouv_str base; /* name up to the first '*' */
	int section;         /* number after '*', -1: none */
	bool extended;       /* name ends in '*': percent-encoded */
	bool quoted;
	struct ouv_str value;
};

struct reader {
	struct ouv_arena *arena;
	const char *p, *end;
	size_t count;
	struct piece pieces[MAIL_PARAMS_MAX];
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
skip_blanks(struct reader *r)
{
	while (r->p < r->end && is_blank(*r->p))
		r->p++;
}

/* A comment (RFC 5322 3.2.2); one that is never closed is none. */
static void
skip_comments(struct reader *r)
{
	int depth = 0;

	skip_blanks(r);
	if (r->p == r->end || *r->p != '(')
		return;
	for (const char *p = r->p; p < r->end; p++) {
		if (*p == '\\' && p + 1 < r->end)
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0) {
			r->p = p + 1;
			skip_blanks(r);
			return;
		}
	}
}

/* Does "name=" stand here?  Then a semicolon was forgotten. */
static bool
name_follows(const char *p, const char *end)
{
	const char *start;

	while (p < end && is_blank(*p))
		p++;
	for (start = p;
		p < end &&
		((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
			*p == '-' || *p == '*' || (*p >= '0' && *p <= '9'));)
		p++;
	return p - start > 2 && p < end && *p == '=' &&
	       (p + 1 == end || p[1] != '?');
}

/* Does the quote at p end a value?  Names with quotes inside are sent too. */
static bool
quote_ends(const char *p, const char *end)
{
	const char *rest = p + 1, *next;

	while (rest < end && is_blank(*rest))
		rest++;
	if (rest == end || *rest == ';' || *rest == '(' ||
		name_follows(rest, end))
		return true;
	next = memchr(rest, '"', (size_t)(end - rest));
	return next == NULL || memchr(rest, ';', (size_t)(next - rest)) != NULL;
}

static struct ouv_str
quoted_value(struct reader *r)
{
	const char *close = r->p;
	size_t n = 0;
	char *out;

	do {
		close = memchr(close + 1, '"', (size_t)(r->end - close - 1));
	} while (close != NULL &&
		 (close[-1] == '\\' || !quote_ends(close, r->end)));
	if (close == NULL)
		close = r->end;
	out = ouv_arena_alloc(r->arena, (size_t)(close - r->p) + 1);
	for (r->p++; r->p < close; r->p++) {
		/* "C:\dir\file" is no RFC 5322 quoting, but it is sent */
		if (*r->p == '\\' && r->p + 1 < r->end &&
			(r->p[1] == '"' || r->p[1] == '\\'))
			r->p++;
		out[n++] = *r->p;
	}
	r->p = close < r->end ? close + 1 : close;
	return (struct ouv_str){ out, n };
}

static struct ouv_str
token_value(struct reader *r)
{
	const char *start = r->p;
	struct mail_word word;

	while (r->p < r->end && *r->p != ';') {
		/* an encoded word is taken whole, with what it holds */
		if (*r->p == '=' && mail_word_at(r->p, r->end, &word))
			r->p = word.end;
		else if (!is_blank(*r->p))
			r->p++;
		else if (name_follows(r->p, r->end))
			break;
		else
			skip_blanks(r);
	}
	return mail_trim((struct ouv_str){ start, (size_t)(r->p - start) });
}

/* "filename*1*" is base "filename", section 1, extended. */
static void
split_name(struct ouv_str name, struct piece *piece)
{
	const char *star = memchr(name.p, '*', name.len);
	const char *end = name.p + name.len;

	piece->section = -1;
	piece->extended = false;
	piece->base = name;
	if (star == NULL)
		return;
	piece->base.len = (size_t)(star - name.p);
	piece->extended = end[-1] == '*';
	if (star + 1 < end && star[1] >= '0' && star[1] <= '9') {
		piece->section = 0;
		for (star++; star < end && *star >= '0' && *star <= '9' &&
			     piece->section < 10000;
			star++)
			piece->section = piece->section * 10 + (*star - '0');
	}
}

static bool
is_file(const struct piece *piece)
{
	return mail_name_is(piece->base, "filename") ||
	       mail_name_is(piece->base, "name");
}

/* "filename=a;b.pdf": a word without a value belongs to the name before. */
static void
take_loose(struct reader *r, const char *start)
{
	struct piece *last = r->count == 0 ? NULL : &r->pieces[r->count - 1];
	size_t len = (size_t)(r->p - start);

	if (last == NULL || !is_file(last) || last->quoted ||
		memchr(last->value.p, '.', last->value.len) != NULL ||
		memchr(start, '.', len) == NULL)
		return;
	last->value.len = (size_t)(r->p - last->value.p);
}

static void
read_pieces(struct reader *r)
{
	while (r->count < MAIL_PARAMS_MAX) {
		struct piece *piece = &r->pieces[r->count];
		const char *start;

		while (r->p < r->end && (*r->p == ';' || is_blank(*r->p)))
			r->p++;
		skip_comments(r);
		if (r->p == r->end)
			return;
		for (start = r->p;
			r->p < r->end && *r->p != '=' && *r->p != ';';)
			r->p++;
		if (r->p == r->end || *r->p == ';') {
			take_loose(r, start);
			continue;
		}
		split_name(mail_trim((struct ouv_str){
				   start, (size_t)(r->p - start) }),
			piece);
		r->p++;
		skip_comments(r);
		piece->quoted = r->p < r->end && *r->p == '"';
		piece->value = piece->quoted ? quoted_value(r) : token_value(r);
		if (piece->base.len > 0)
			r->count++;
	}
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
add_percent(struct ouv_buf *buf, struct ouv_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		int high, low;

		if (text.p[i] == '%' && i + 2 < text.len &&
			(high = hex_value(text.p[i + 1])) >= 0 &&
			(low = hex_value(text.p[i + 2])) >= 0) {
			ouv_buf_char(buf, (char)(high << 4 | low));
			i += 2;
		} else {
			ouv_buf_char(buf, text.p[i]);
		}
	}
}

/* Takes charset'lang' from the front of an extended value. */
static const char *
take_charset(struct ouv_arena *arena, struct ouv_str *value)
{
	const char *first = memchr(value->p, '\'', value->len), *second;
	const char *charset;

	if (first == NULL)
		return NULL;
	second = memchr(
		first + 1, '\'', value->len - (size_t)(first + 1 - value->p));
	if (second == NULL)
		return NULL;
	charset =
		ouv_arena_strndup(arena, value->p, (size_t)(first - value->p));
	value->len -= (size_t)(second + 1 - value->p);
	value->p = second + 1;
	return charset;
}

static bool
same_name(const struct piece *a, const struct piece *b)
{
	return a->base.len == b->base.len &&
	       strncasecmp(a->base.p, b->base.p, a->base.len) == 0;
}

/*
 * Of several spellings of one name the extended one counts: it is there
 * because the other could not say it (RFC 6266 4.3 says so for HTTP).
 */
static int
rank(const struct piece *piece)
{
	return piece->extended && piece->section < 0 ? 0
	       : piece->section >= 0                 ? 1
						     : 2;
}

/* The pieces that make up one parameter, in the order of their numbers. */
static size_t
gather(const struct reader *r, size_t from, const struct piece **list)
{
	int best = 3;
	size_t n = 0;

	for (size_t i = from; i < r->count; i++)
		if (same_name(&r->pieces[i], &r->pieces[from]) &&
			rank(&r->pieces[i]) < best)
			best = rank(&r->pieces[i]);
	for (size_t i = from; i < r->count; i++) {
		const struct piece *piece = &r->pieces[i];
		size_t at = n;

		if (!same_name(piece, &r->pieces[from]) || rank(piece) != best)
			continue;
		if (n > 0 && best != 1)
			break; /* said twice: the first counts */
		while (at > 0 && list[at - 1]->section > piece->section)
			at--;
		if (at > 0 && list[at - 1]->section == piece->section)
			continue;
		for (size_t k = n; k > at; k--)
			list[k] = list[k - 1];
		list[at] = piece;
		n++;
	}
	return n;
}

/* filename="utf-8''a%20b.pdf" forgot the '*' of its name. */
static bool
is_extended(struct reader *r, const struct piece *piece)
{
	struct ouv_str value = piece->value;
	const char *charset;

	if (piece->extended)
		return true;
	if (piece->section >= 0 || !is_file(piece) ||
		memchr(value.p, '%', value.len) == NULL)
		return false;
	charset = take_charset(r->arena, &value);
	return charset != NULL && mail_charset_known(charset);
}

/* What is no file's name has no blanks: a comment begins there. */
static struct ouv_str
without_comment(const struct piece *piece)
{
	struct ouv_str value = piece->value;
	const char *open = memmem(value.p, value.len, " (", 2);

	if (open != NULL && !piece->quoted && !is_file(piece))
		value.len = (size_t)(open - value.p);
	return mail_trim(value);
}

static const char *
value_of(struct reader *r, size_t from, const char *charset)
{
	const struct piece *list[MAIL_PARAMS_MAX];
	size_t n = gather(r, from, list);
	const char *named = NULL;
	bool extended = false;
	struct ouv_buf bytes;
	struct ouv_str text;

	ouv_buf_init(&bytes, r->arena, 64);
	for (size_t i = 0; i < n; i++) {
		struct ouv_str value = list[i]->quoted
					       ? list[i]->value
					       : without_comment(list[i]);
		bool percent = is_extended(r, list[i]);

		if (percent && !extended)
			named = take_charset(r->arena, &value);
		extended |= percent;
		if (percent)
			add_percent(&bytes, value);
		else
			ouv_buf_add(&bytes, value.p, value.len);
	}
	text = (struct ouv_str){ bytes.data, bytes.len };
	/* a boundary is compared byte by byte with lines of the mail */
	if (mail_name_is(r->pieces[from].base, "boundary"))
		return bytes.data;
	if (extended)
		(void)mail_to_utf8(r->arena, named, charset, text, &text);
	if (memmem(text.p, text.len, "=?", 2) != NULL || !extended)
		text = mail_decode_words(r->arena, text, charset);
	return mail_clean_line(r->arena, text);
}

static bool
seen_before(const struct reader *r, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (same_name(&r->pieces[j], &r->pieces[i]))
			return true;
	return false;
}

static struct ouv_str
without_quotes(struct ouv_str text)
{
	text = mail_trim(text);
	while (text.len > 1 && (*text.p == '"' || *text.p == '\'') &&
		text.p[text.len - 1] == *text.p)
		text = mail_trim((struct ouv_str){ text.p + 1, text.len - 2 });
	return text;
}

void
mail_params_read(struct ouv_arena *arena, struct ouv_str raw,
	const char *charset, struct mail_params *params_out)
{
	struct reader r = { .arena = arena };
	const char *start;

	memset(params_out, 0, sizeof(*params_out));
	params_out->value = "";
	if (raw.len == 0)
		return;
	if (raw.len > MAIL_PARAM_BYTES)
		raw.len = MAIL_PARAM_BYTES;
	r.p = raw.p;
	r.end = raw.p + raw.len;
	skip_comments(&r);
	for (start = r.p; r.p < r.end && *r.p != ';' && *r.p != '(';) {
		if (!is_blank(*r.p))
			r.p++;
		else if (name_follows(r.p, r.end))
			break;
		else
			skip_blanks(&r);
	}
	params_out->value = mail_lower(arena,
		without_quotes(
			(struct ouv_str){ start, (size_t)(r.p - start) }));
	skip_comments(&r);
	read_pieces(&r);
	if (r.count == 0)
		return;
	params_out->list =
		ouv_arena_array(arena, r.count, sizeof(*params_out->list));
	for (size_t i = 0; i < r.count; i++) {
		struct mail_param *param;

		if (seen_before(&r, i))
			continue;
		param = &params_out->list[params_out->count++];
		param->name = mail_lower(arena, r.pieces[i].base);
		param->value = value_of(&r, i, charset);
	}
}

const char *
mail_param(const struct mail_params *params, const char *name)
{
	for (size_t i = 0; i < params->count; i++)
		if (strcmp(params->list[i].name, name) == 0)
			return params->list[i].value;
	return NULL;
}
