/*
 * encoded_word.c - words like =?UTF-8?Q?a=C3=A7=C3=A3o?= to text (RFC 2047)
 *
 * Read as mailers write them, not as the RFC asks: words glued to text, with
 * blanks inside, without padding, never closed, cut inside a character.
 * Neighbours of one charset are joined as bytes before they are converted.
 */
#include <string.h>
#include <strings.h>

#include "internal.h"

#define CHARSET_MAX 64

static const char *
find2(const char *p, const char *end, const char *two)
{
	return end - p < 2 ? NULL : memmem(p, (size_t)(end - p), two, 2);
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * Where the text ends: at "?=", but not at one that a mailer left in a Q
 * word before two hex digits ("what?=3F?="); or, never closed, at a blank.
 */
static const char *
text_end(struct mail_word *word, const char *p, const char *end)
{
	const char *close = find2(p, end, "?=");
	const char *inner;

	while (close != NULL && word->encoding == 'q' && end - close > 5 &&
		hex_value(close[2]) >= 0 && hex_value(close[3]) >= 0) {
		const char *next = find2(close + 2, end, "?=");

		if (next == NULL || find2(close + 2, next, "=?") != NULL ||
			memchr(close, ' ', (size_t)(next - close)) != NULL)
			break;
		close = next;
	}
	inner = memmem(
		p, (size_t)((close == NULL ? end : close) - p), " =?", 3);
	if (inner != NULL) {
		word->end = inner;
		return inner;
	}
	if (close != NULL) {
		word->end = close + 2;
		return close;
	}
	close = memchr(p, ' ', (size_t)(end - p));
	if (close == NULL)
		close = end;
	word->end = close;
	while (close > p && close[-1] == '?')
		close--;
	return close;
}

bool
mail_word_at(const char *p, const char *end, struct mail_word *word_out)
{
	const char *mark, *star;
	size_t most;

	if (end - p < 6 || p[0] != '=' || p[1] != '?')
		return false;
	p += 2;
	most = (size_t)(end - p) < CHARSET_MAX ? (size_t)(end - p)
					       : CHARSET_MAX;
	mark = memchr(p, '?', most);
	if (mark == NULL || end - mark < 3)
		return false;
	word_out->charset =
		mail_trim((struct ouv_str){ p, (size_t)(mark - p) });
	star = memchr(word_out->charset.p, '*', word_out->charset.len);
	if (star != NULL) /* RFC 2231 5: charset*language */
		word_out->charset.len = (size_t)(star - word_out->charset.p);
	for (size_t i = 0; i < word_out->charset.len; i++)
		if ((unsigned char)word_out->charset.p[i] <= ' ' ||
			word_out->charset.p[i] == '=')
			return false;
	for (p = mark + 1; p < end && *p == ' ';)
		p++;
	if (p == end)
		return false;
	word_out->encoding = (char)(*p | 0x20);
	if (word_out->encoding != 'b' && word_out->encoding != 'q')
		return false;
	for (p++; p < end && *p == ' ';)
		p++;
	if (p == end || *p != '?')
		return false;
	p++;
	word_out->text.p = p;
	word_out->text.len = (size_t)(text_end(word_out, p, end) - p);
	return true;
}

static void
decode_q(struct ouv_str text, struct ouv_buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		int high, low;

		if (text.p[i] == '_') {
			ouv_buf_char(out, ' ');
			continue;
		}
		if (text.p[i] == '=' && i + 2 < text.len &&
			(high = hex_value(text.p[i + 1])) >= 0 &&
			(low = hex_value(text.p[i + 2])) >= 0) {
			ouv_buf_char(out, (char)(high << 4 | low));
			i += 2;
			continue;
		}
		ouv_buf_char(out, text.p[i]);
	}
}

static void
add_to_buf(void *user, const unsigned char *data, size_t len)
{
	ouv_buf_add(user, data, len);
}

struct decoding {
	struct ouv_arena *arena;
	const char *charset;   /* of raw bytes */
	struct ouv_buf out;    /* UTF-8 */
	struct ouv_buf run;    /* bytes of neighbouring words */
	struct ouv_str run_of; /* their charset */
};

static void
flush_run(struct decoding *d)
{
	struct ouv_str text;

	if (d->run.len == 0)
		return;
	(void)mail_to_utf8(d->arena,
		ouv_arena_strndup(d->arena, d->run_of.p, d->run_of.len),
		d->charset, (struct ouv_str){ d->run.data, d->run.len }, &text);
	ouv_buf_add(&d->out, text.p, text.len);
	d->run.len = 0;
}

static void
take_word(struct decoding *d, const struct mail_word *word)
{
	if (d->run.len > 0 && (d->run_of.len != word->charset.len ||
				      strncasecmp(d->run_of.p, word->charset.p,
					      word->charset.len) != 0))
		flush_run(d);
	d->run_of = word->charset;
	if (word->encoding == 'q')
		decode_q(word->text, &d->run);
	else
		(void)mail_decode(
			OUV_MAIL_BASE64, word->text, add_to_buf, &d->run);
}

static void
take_raw(struct decoding *d, struct ouv_str raw)
{
	struct ouv_str text;

	if (raw.len == 0)
		return;
	flush_run(d);
	(void)mail_to_utf8(d->arena, NULL, d->charset, raw, &text);
	ouv_buf_add(&d->out, text.p, text.len);
}

struct ouv_str
mail_decode_words(
	struct ouv_arena *arena, struct ouv_str raw, const char *charset)
{
	struct decoding d = { .arena = arena, .charset = charset };
	const char *p = raw.p, *end = raw.p + raw.len, *from = p, *mark;
	struct mail_word word;
	struct ouv_str text;
	bool after_word = false;
	int words = 0;

	if (find2(p, end, "=?") == NULL) {
		(void)mail_to_utf8(arena, NULL, charset, raw, &text);
		return text;
	}
	ouv_buf_init(&d.out, arena, raw.len);
	ouv_buf_init(&d.run, arena, raw.len);
	while (words < MAIL_WORDS_MAX && (mark = find2(p, end, "=?")) != NULL) {
		if (!mail_word_at(mark, end, &word)) {
			p = mark + 2;
			continue;
		}
		text = (struct ouv_str){ from, (size_t)(mark - from) };
		if (!after_word || mail_trim(text).len > 0)
			take_raw(&d, text);
		take_word(&d, &word);
		after_word = true;
		from = p = word.end;
		words++;
	}
	take_raw(&d, (struct ouv_str){ from, (size_t)(end - from) });
	flush_run(&d);
	return (struct ouv_str){ d.out.data, d.out.len };
}

const char *
mail_decode_2047(
	struct ouv_arena *arena, struct ouv_str raw, const char *charset)
{
	if (raw.len == 0)
		return "";
	return mail_clean_line(arena, mail_decode_words(arena, raw, charset));
}
