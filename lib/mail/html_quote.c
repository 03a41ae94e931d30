/*
 * html_quote.c - elements that mail programs make around quoted text
 *
 * They are known by class, id or name, and by the border that Outlook draws
 * above a repeated header.  Web mail puts "x_" before what it shows again.
 */
#include <string.h>
#include <strings.h>

#include "html_render.h"

enum match {
	WHOLE, /* one of the words */
	PART   /* somewhere in them */
};

/* clang-format off */
static const struct name {
	const char *name;
	enum match match;
	enum mail_span_kind kind;
} names[] = {
	{ "gmail_quote",              WHOLE, MAIL_SPAN_MARKED },
	{ "gmail_quote_container",    WHOLE, MAIL_SPAN_MARKED },
	{ "gmail_attr",               WHOLE, MAIL_SPAN_PREFIX },
	{ "gmail_signature",          WHOLE, MAIL_SPAN_SIGN },
	{ "yahoo_quoted",             PART,  MAIL_SPAN_QUOTE },
	{ "yqtdbase",                 PART,  MAIL_SPAN_QUOTE },
	{ "moz-cite-prefix",          WHOLE, MAIL_SPAN_PREFIX },
	{ "moz-forward-container",    WHOLE, MAIL_SPAN_QUOTE },
	{ "moz-signature",            WHOLE, MAIL_SPAN_SIGN },
	{ "reply-intro",              WHOLE, MAIL_SPAN_PREFIX },
	{ "divrplyfwdmsg",            PART,  MAIL_SPAN_REST },
	{ "outlookmessageheader",     WHOLE, MAIL_SPAN_REST },
	{ "appendonsend",             PART,  MAIL_SPAN_HEAD },
	{ "mail-editor-reference-message-container",
				      PART,  MAIL_SPAN_QUOTE },
	{ "ms-outlook-mobile-reference-message",
				      PART,  MAIL_SPAN_QUOTE },
	{ "ms-outlook-mobile-signature", PART, MAIL_SPAN_SIGN },
	{ "signature",                WHOLE, MAIL_SPAN_SIGN },
	{ "messagereplysection",      WHOLE, MAIL_SPAN_QUOTE },
	{ "messagesignaturesection",  WHOLE, MAIL_SPAN_SIGN },
	{ "applemailsignature",       WHOLE, MAIL_SPAN_SIGN },
	{ "protonmail_quote",         WHOLE, MAIL_SPAN_MARKED },
	{ "protonmail_signature_block", WHOLE, MAIL_SPAN_SIGN },
	{ "zmail_extra",              WHOLE, MAIL_SPAN_MARKED },
	{ "tutanota_quote",           WHOLE, MAIL_SPAN_MARKED },
	{ "hs_reply",                 WHOLE, MAIL_SPAN_QUOTE },
	{ "freshdesk_quote",          WHOLE, MAIL_SPAN_QUOTE },
	{ "sh-quoted-content",        WHOLE, MAIL_SPAN_QUOTE },
	{ "ik_mail_quote",            WHOLE, MAIL_SPAN_QUOTE },
	{ "forwardcontentmessage",    WHOLE, MAIL_SPAN_QUOTE },
	{ "mail-quote-collapse",      WHOLE, MAIL_SPAN_QUOTE },
	{ "missive_quote",            WHOLE, MAIL_SPAN_MARKED },
	{ "front-quote",              WHOLE, MAIL_SPAN_MARKED },
	{ "isreplycontent",           WHOLE, MAIL_SPAN_QUOTE },
	{ "isforwardcontent",         WHOLE, MAIL_SPAN_QUOTE },
	{ "bloop_sign",               PART,  MAIL_SPAN_SIGN },
	{ "quote",                    WHOLE, MAIL_SPAN_QUOTE },
};
/* clang-format on */

/* Lower case, without the "x_" of a mail that was shown in web mail. */
static size_t
word_of(const char *p, size_t len, char *out, size_t size)
{
	size_t n = 0;

	while (len > 2 && (p[0] == 'x' || p[0] == 'X') && p[1] == '_') {
		p += 2;
		len -= 2;
	}
	for (; n < len && n < size - 1; n++)
		out[n] =
			p[n] >= 'A' && p[n] <= 'Z' ? (char)(p[n] | 0x20) : p[n];
	out[n] = '\0';
	return n;
}

static enum mail_span_kind
kind_of_word(const char *word)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].match == WHOLE
				? strcmp(word, names[i].name) == 0
				: strstr(word, names[i].name) != NULL)
			return names[i].kind;
	return MAIL_SPAN_NONE;
}

/* Words between blanks; the rest of an absurdly long list is not read. */
static enum mail_span_kind
kind_of(struct ouv_str value)
{
	const char *p = value.p;
	const char *end = p + (value.len > 500 ? 500 : value.len);
	char word[64];

	while (p < end) {
		size_t n = 0;
		enum mail_span_kind kind;

		while (p + n < end && (unsigned char)p[n] > ' ')
			n++;
		if (n > 0 && word_of(p, n, word, sizeof(word)) > 0) {
			kind = kind_of_word(word);
			if (kind != MAIL_SPAN_NONE)
				return kind;
		}
		p += n + 1;
	}
	return MAIL_SPAN_NONE;
}

/* border:none;border-top:solid #E1E1E1 1.0pt: Outlook, above a header */
static bool
has_border_above(struct ouv_str style)
{
	const char *top;

	if (style.len == 0 || style.len > 500)
		return false;
	top = memmem(style.p, style.len, "border-top:", 11);
	if (top == NULL)
		return false;
	return memmem(top, (size_t)(style.p + style.len - top), "solid", 5) !=
	       NULL;
}

static enum mail_span_kind
span_kind(const struct html_tag *tag, enum html_what what)
{
	static const enum html_attr places[] = { HTML_ID, HTML_CLASS,
		HTML_NAME };
	enum mail_span_kind kind;

	if (what == HTML_QUOTE) /* its lines have marks of their own */
		return MAIL_SPAN_NONE;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct ouv_str value = tag->attr[places[i]];

		/* <a name="..."> is a place in the page */
		if (value.len == 0 ||
			(places[i] == HTML_NAME && what == HTML_LINK))
			continue;
		kind = kind_of(value);
		if (kind != MAIL_SPAN_NONE)
			return kind;
	}
	return has_border_above(tag->attr[HTML_STYLE]) ? MAIL_SPAN_HEAD
						       : MAIL_SPAN_NONE;
}

void
html_span_begin(struct html_renderer *r, const struct html_tag *tag,
	struct html_element *element)
{
	enum mail_span_kind kind = span_kind(tag, element->what);
	struct mail_span *span;

	if (kind == MAIL_SPAN_NONE || r->spans.count == HTML_SPANS_MAX)
		return;
	if (r->spans.list == NULL)
		r->spans.list = ouv_arena_array(
			r->arena, HTML_SPANS_MAX, sizeof(*r->spans.list));
	span = &r->spans.list[r->spans.count++];
	span->kind = kind;
	/* its first line begins behind what is written: before it, at most */
	span->from = r->w.out->len;
	span->to = SIZE_MAX;
	element->span = r->spans.count;
}

void
html_span_end(struct html_renderer *r, const struct html_element *element)
{
	if (element->span > 0)
		r->spans.list[element->span - 1].to = r->w.out->len;
}
