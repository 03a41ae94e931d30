/*
 * alternative.c - which of two shapes of a text is read
 *
 * The plain one, unless it is empty, only says that there is another, or
 * lacks most of what the page says.
 */
#include <string.h>

#include "marks.h"

#define STUB_MAX 600
#define SET_BITS 65536u
#define PAGE_WORDS 25 /* a shorter page says too little to compare */
#define FEW_WORDS 40  /* a plain text of so few may be about the page */

/* A plain alternative that only says there is another. */
static const char *const stub_words[] = {
	"html",
	"email client",
	"e-mail client",
	"mail client",
	"mail reader",
	"mail program",
	"email program",
	"mailprogramm",
	"mail-programm",
	"programma di posta",
	"client di posta",
	"leitor de e",
	"programa de e",
	"programa de correo",
	"cliente de correo",
	"logiciel de messagerie",
	"client de messagerie",
};

/* The words of a text; two may share a bit, so counts are nearly right. */
struct words {
	unsigned char bits[SET_BITS / 8];
};

static bool
is_wordly(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static bool
is_address(const char *p, size_t len)
{
	return memchr(p, '@', len) != NULL || memmem(p, len, "://", 3) != NULL;
}

static void
add_words(struct words *set, const char *p, const char *end)
{
	while (p < end) {
		uint32_t hash = 2166136261U; /* FNV-1a */
		size_t len = 0;

		for (; p + len < end && is_wordly(p[len]); len++) {
			char c = p[len];

			if (c >= 'A' && c <= 'Z')
				c = (char)(c | 0x20);
			hash = (hash ^ (unsigned char)c) * 16777619U;
		}
		hash = (hash ^ hash >> 16) % SET_BITS;
		if (len >= 3)
			set->bits[hash / 8] |= (unsigned char)(1U << hash % 8);
		p += len + 1;
	}
}

/* Addresses stand in one of the shapes alone, and are no words. */
static void
read_words(struct words *set, struct ouv_str text)
{
	const char *p = text.p, *end = text.p + text.len;

	memset(set, 0, sizeof(*set));
	while (p < end) {
		size_t len = 0;

		while (p + len < end && (unsigned char)p[len] > ' ')
			len++;
		if (len > 0 && !is_address(p, len))
			add_words(set, p, p + len);
		p += len + 1;
	}
}

static size_t
count_bits(const struct words *a, const struct words *b)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(a->bits); i++)
		n += (size_t)__builtin_popcount(a->bits[i] & b->bits[i]);
	return n;
}

/* Are most words of the page in the page alone? */
static bool
lacks_most(struct ouv_str plain, struct ouv_str html)
{
	struct words in_plain, in_html;
	size_t page, text, both;

	read_words(&in_html, html);
	page = count_bits(&in_html, &in_html);
	if (page < PAGE_WORDS)
		return false;
	read_words(&in_plain, plain);
	text = count_bits(&in_plain, &in_plain);
	both = count_bits(&in_plain, &in_html);
	return both * 3 < page && (text <= FEW_WORDS || both * 5 >= text * 4);
}

static bool
contains_start(struct ouv_str html, struct ouv_str plain)
{
	size_t n = plain.len < 40 ? plain.len : 40;
	const char *nl = memchr(plain.p, '\n', n);

	if (nl != NULL)
		n = (size_t)(nl - plain.p);
	return n > 0 && memmem(html.p, html.len, plain.p, n) != NULL;
}

/* "Your client does not show HTML" and the like. */
static bool
is_stub(struct ouv_str plain, struct ouv_str html)
{
	char small[STUB_MAX + 1];

	if (plain.len > STUB_MAX || html.len < plain.len / 2 ||
		contains_start(html, plain))
		return false;
	for (size_t i = 0; i < plain.len; i++)
		small[i] = plain.p[i] >= 'A' && plain.p[i] <= 'Z'
				   ? (char)(plain.p[i] | 0x20)
				   : plain.p[i];
	small[plain.len] = '\0';
	for (size_t i = 0; i < sizeof(stub_words) / sizeof(stub_words[0]); i++)
		if (strstr(small, stub_words[i]) != NULL)
			return true;
	return false;
}

static struct ouv_str
trimmed(struct ouv_str text)
{
	while (text.len > 0 && (unsigned char)*text.p <= ' ') {
		text.p++;
		text.len--;
	}
	while (text.len > 0 && (unsigned char)text.p[text.len - 1] <= ' ')
		text.len--;
	return text;
}

enum mail_choice
mail_choose(struct ouv_str plain, struct ouv_str html)
{
	plain = trimmed(plain);
	html = trimmed(html);
	if (html.len == 0)
		return MAIL_READ_PLAIN;
	if (plain.len == 0 || is_stub(plain, html))
		return MAIL_READ_HTML;
	return lacks_most(plain, html) ? MAIL_READ_HTML_MORE : MAIL_READ_PLAIN;
}
