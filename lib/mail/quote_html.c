/*
 * quote_html.c - what HTML knows of a quotation, used on the lines of a text
 *
 * The containers that mail programs make tell more than any words.  Where a
 * mail has a plain text as well, the place is looked for in that.
 */
#include <string.h>

#include "quote.h"

#define PREFIX_LINES 6 /* of an attribution, in a container */
#define SIGN_LINES 12  /* more is a letter that somebody wrote there */
#define TRANSFER_MAX ((size_t)256 * 1024) /* bytes that are compared */
#define KEY 40 /* bytes before a cut that must be the same */

/* ---- spans --------------------------------------------------------------- */

/* The lines that begin in a span. */
struct lines {
	size_t from, to;
};

static struct lines
lines_of(const struct quote_letter *letter, const char *text,
	const struct mail_span *span)
{
	struct lines lines;
	size_t low = 0, high = letter->count;

	while (low < high) { /* the first line that begins at from or later */
		size_t mid = low + (high - low) / 2;

		if ((size_t)(letter->lines[mid].p - text) < span->from)
			low = mid + 1;
		else
			high = mid;
	}
	lines.from = lines.to = low;
	while (lines.to < letter->count &&
		(size_t)(letter->lines[lines.to].p - text) < span->to)
		lines.to++;
	return lines;
}

static void
set_text(struct quote_letter *letter, size_t from, size_t to,
	enum quote_kind kind)
{
	for (size_t i = from; i < to; i++)
		if (letter->lines[i].kind == QUOTE_TEXT)
			letter->lines[i].kind = kind;
}

/* Lines, '>' ones too, that belong to somebody else. */
static void
set_foreign(struct quote_letter *letter, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (letter->lines[i].kind != QUOTE_BLANK)
			letter->lines[i].kind = QUOTE_FOREIGN;
}

static void
remember(struct quote_letter *letter, size_t at)
{
	struct quote_block block;
	enum quote_cut_kind kind;

	at = quote_next(letter, at);
	if (at >= letter->count ||
		(letter->first.kind != CUT_NONE && letter->first.at <= at))
		return;
	/* "----" drawn above a header says nothing of its own */
	if (quote_is_rule(quote_plain(letter, at)))
		at = quote_next(letter, at + 1);
	if (at >= letter->count)
		return;
	kind = quote_separator(letter, at);
	if (kind == CUT_NONE) {
		quote_read_block(letter, at, &block);
		kind = block.seen & LABEL_FROM ? CUT_HEADER : CUT_INTRO;
	}
	letter->first = (struct quote_cut){ kind, at };
}

/*
 * A container in which answers may stand: what is above the first '>' line
 * announces it, and what has no mark behind that is new.
 */
static void
use_marked(struct quote_letter *letter, struct lines lines)
{
	size_t full = 0, i;

	for (i = lines.from; i < lines.to; i++) {
		if (letter->lines[i].kind == QUOTE_QUOTED)
			break;
		full += letter->lines[i].kind != QUOTE_BLANK;
	}
	remember(letter, lines.from);
	if (i == lines.to || full > PREFIX_LINES ||
		letter->first.kind == CUT_HEADER ||
		letter->first.kind == CUT_FORWARD)
		set_foreign(letter, lines.from, lines.to);
	else
		set_text(letter, lines.from, i, QUOTE_INTRO);
}

static void
use_prefix(struct quote_letter *letter, struct lines lines)
{
	size_t next = quote_next(letter, lines.to);

	/* without a quotation under it, it is no prefix */
	if (lines.to - lines.from > PREFIX_LINES || next >= letter->count ||
		letter->lines[next].kind != QUOTE_QUOTED)
		return;
	remember(letter, lines.from);
	set_text(letter, lines.from, lines.to, QUOTE_INTRO);
}

static void
use_sign(struct quote_letter *letter, struct lines lines)
{
	size_t full = 0;

	for (size_t i = lines.from; i < lines.to; i++)
		full += letter->lines[i].kind != QUOTE_BLANK;
	if (full <= SIGN_LINES)
		set_text(letter, lines.from, lines.to, QUOTE_SIGNED);
}

void
quote_use_spans(struct quote_letter *letter, const char *text,
	const struct mail_spans *spans)
{
	for (size_t i = 0; i < spans->count; i++) {
		const struct mail_span *span = &spans->list[i];
		struct lines lines = lines_of(letter, text, span);
		size_t first = quote_next(letter, lines.from);

		switch (span->kind) {
		case MAIL_SPAN_QUOTE:
			remember(letter, lines.from);
			set_foreign(letter, lines.from, lines.to);
			break;
		case MAIL_SPAN_REST:
			remember(letter, lines.from);
			set_foreign(letter, lines.from, letter->count);
			break;
		case MAIL_SPAN_MARKED:
			use_marked(letter, lines);
			break;
		case MAIL_SPAN_PREFIX:
			use_prefix(letter, lines);
			break;
		case MAIL_SPAN_SIGN:
			use_sign(letter, lines);
			break;
		default:
			if (first < letter->count)
				letter->lines[first].head = true;
			break;
		}
	}
}

/* ---- from the one shape to the other ------------------------------------- */

/* Letters and digits of a text, each with its place. */
struct squeezed {
	char *p;
	uint32_t *at;
	size_t len;
};

static bool
counts(const char *p)
{
	unsigned char c = (unsigned char)*p;

	if (c >= 0x80) /* but not a blank that does not break */
		return !(c == 0xC2 && (unsigned char)p[1] == 0xA0) &&
		       !(c == 0xA0);
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

static struct squeezed
squeeze(struct ouv_arena *arena, const char *text)
{
	size_t len = strnlen(text, TRANSFER_MAX);
	struct squeezed s = { ouv_arena_alloc(arena, len + 1),
		ouv_arena_array(arena, len + 1, sizeof(uint32_t)), 0 };

	for (size_t i = 0; i < len; i++)
		if (counts(text + i)) {
			s.at[s.len] = (uint32_t)i;
			s.p[s.len++] = text[i];
		}
	return s;
}

/* To the end of the line, as long as only signs stand there. */
static size_t
end_of_words(const char *text, size_t at)
{
	size_t end = at + 1, line = end + strcspn(text + end, "\n");

	for (size_t i = end; i < line; i++)
		if (counts(text + i))
			return end;
	while (line > end && (text[line - 1] == '\r' || text[line - 1] == ' '))
		line--;
	return line;
}

const char *
quote_transfer(struct ouv_arena *arena, const char *text, const char *html_text,
	const char *html_reply)
{
	struct squeezed plain = squeeze(arena, text);
	struct squeezed html = squeeze(arena, html_text);
	struct squeezed reply = squeeze(arena, html_reply);
	size_t tail = reply.len < KEY ? reply.len : KEY;
	size_t head = html.len - reply.len;
	const char *key, *found = NULL;

	if (reply.len == 0 || html.len < reply.len ||
		memcmp(html.p, reply.p, reply.len) != 0)
		return NULL;
	if (head > KEY / 2)
		head = KEY / 2;
	key = reply.p + reply.len - tail;
	for (const char *p = plain.p; found == NULL; p++) {
		size_t left = plain.len - (size_t)(p - plain.p);

		p = memmem(p, left, key, tail);
		if (p == NULL)
			return NULL;
		left = plain.len - (size_t)(p - plain.p);
		if (left >= tail + head &&
			memcmp(p + tail, html.p + reply.len, head) == 0)
			found = p + tail - 1;
	}
	return ouv_arena_strndup(
		arena, text, end_of_words(text, plain.at[found - plain.p]));
}
