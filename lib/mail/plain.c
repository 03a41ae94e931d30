/*
 * plain.c - text and addresses brought to a form that can be compared
 */
#include <string.h>
#include <strings.h>

#include "meaning.h"

/* U+00C0 to U+00FF without accents */
static const char latin1[] = "aaaaaaaceeeeiiiidnooooo*ouuuuyts"
			     "aaaaaaaceeeeiiiidnooooo/ouuuuyty";
/* U+0100 to U+017F */
static const char latin_a[] = "aaaaaaccccccccddddeeeeeeeeeegggg"
			      "gggghhhhiiiiiiiiiiiijjkkklllllll"
			      "lllnnnnnnnnnoooooooorrrrrrssssss"
			      "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

struct range {
	uint32_t from, to;
	char as; /* 0: drop */
};

/* clang-format off */
static const struct range ranges[] = {
	{ 0x00A0, 0x00A0, ' ' }, { 0x00AD, 0x00AD, 0 },
	{ 0x00B4, 0x00B4, '\'' }, { 0x0300, 0x036F, 0 },
	{ 0x2000, 0x200A, ' ' }, { 0x200B, 0x200F, 0 },
	{ 0x2010, 0x2015, '-' }, { 0x2018, 0x201B, '\'' },
	{ 0x201C, 0x201F, '"' }, { 0x2028, 0x2029, ' ' },
	{ 0x202A, 0x202E, 0 },   { 0x202F, 0x202F, ' ' },
	{ 0x205F, 0x205F, ' ' }, { 0x2060, 0x2069, 0 },
	{ 0x2212, 0x2212, '-' }, { 0x3000, 0x3000, ' ' },
	{ 0xFE00, 0xFE0F, 0 },   { 0xFEFF, 0xFEFF, 0 },
	{ 0xFF1A, 0xFF1A, ':' },
};
/* clang-format on */

/* One character; *p moves on.  Broken bytes count as themselves. */
static uint32_t
next_char(const unsigned char **p, const unsigned char *end)
{
	static const unsigned char first_bits[] = { 0, 0, 0x1F, 0x0F, 0x07 };
	unsigned char c = *(*p)++;
	size_t len = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 1;
	uint32_t code;

	if (len == 1 || (size_t)(end - *p) < len - 1)
		return c;
	code = c & first_bits[len];
	for (size_t i = 0; i + 1 < len; i++) {
		if (((*p)[i] & 0xC0) != 0x80)
			return c;
		code = code << 6 | ((*p)[i] & 0x3F);
	}
	*p += len - 1;
	return code;
}

/* The ASCII letter for a character; 0: drop, -1: there is none. */
static int
fold(uint32_t code)
{
	if (code <= ' ')
		return ' ';
	if (code < 0x80)
		return code >= 'A' && code <= 'Z' ? (int)code - 'A' + 'a'
						  : (int)code;
	if (code >= 0xC0 && code <= 0xFF)
		return latin1[code - 0xC0];
	if (code >= 0x100 && code <= 0x17F)
		return latin_a[code - 0x100];
	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (code >= ranges[i].from && code <= ranges[i].to)
			return ranges[i].as;
	return -1;
}

char *
mail_plain(struct ouv_arena *arena, const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text, *end = p + len;
	char *out = ouv_arena_alloc(arena, len + 1), *o = out;

	while (p < end) {
		const unsigned char *start = p;
		uint32_t code = next_char(&p, end);
		int c = fold(code);

		if (c == 0 || (c == ' ' && (o == out || o[-1] == ' ')))
			continue;
		if (c > 0) {
			*o++ = (char)c;
			if (code == 0xDF && p - start == 2) /* sharp s */
				*o++ = 's';
			continue;
		}
		memcpy(o, start, (size_t)(p - start));
		o += p - start;
	}
	while (o > out && o[-1] == ' ')
		o--;
	*o = '\0';
	return out;
}

bool
mail_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
mail_starts_any(const char *text, const char *const *words, size_t count)
{
	/* the first byte says no quickly: these tables are long */
	for (size_t i = 0; i < count; i++)
		if (text[0] == words[i][0] && mail_starts(text, words[i]))
			return true;
	return false;
}

bool
mail_has_any(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(text, words[i]) != NULL)
			return true;
	return false;
}

bool
mail_is_any(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}

bool
mail_ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), want = strlen(suffix);

	return len >= want && memcmp(text + len - want, suffix, want) == 0;
}

const char *
mail_domain(const char *addr)
{
	const char *at = addr == NULL ? NULL : strrchr(addr, '@');

	return at == NULL ? "" : at + 1;
}

static size_t
base_len(const char *addr)
{
	size_t local = strcspn(addr, "@"), plus = strcspn(addr, "+");

	return plus > 0 && plus < local ? plus : local;
}

bool
mail_same_mailbox(const char *a, const char *b)
{
	size_t len = base_len(a);

	return mail_domain(a)[0] != '\0' && len == base_len(b) &&
	       strncasecmp(a, b, len) == 0 &&
	       strcasecmp(mail_domain(a), mail_domain(b)) == 0;
}

const char *
mail_plus_name(struct ouv_arena *arena, const struct ouv_mail_office *office,
	const char *prefix, const char *addr)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-_=";
	size_t skip, len;

	if (office == NULL || prefix == NULL || addr == NULL ||
		mail_domain(office->address)[0] == '\0' ||
		strcasecmp(mail_domain(addr), mail_domain(office->address)) !=
			0)
		return NULL;
	skip = strlen(prefix);
	if (strncasecmp(addr, prefix, skip) != 0 || addr[skip] != '+')
		return NULL;
	addr += skip + 1;
	len = strspn(addr, letters);
	if (len == 0 || len > 128 || addr[len] != '@')
		return NULL;
	return ouv_arena_strndup(arena, addr, len);
}

bool
mail_is_ours(const struct ouv_mail_office *office, const char *addr)
{
	size_t local;

	if (office == NULL || office->address == NULL || addr == NULL)
		return false;
	if (mail_same_mailbox(addr, office->address))
		return true;
	if (office->reply_local == NULL)
		return false;
	local = strlen(office->reply_local);
	return strncasecmp(addr, office->reply_local, local) == 0 &&
	       (addr[local] == '+' || addr[local] == '@') &&
	       mail_domain(office->address)[0] != '\0' &&
	       strcasecmp(mail_domain(addr), mail_domain(office->address)) == 0;
}

bool
mail_id_is_ours(const struct ouv_mail_office *office, const char *id)
{
	return office != NULL && office->address != NULL && id != NULL &&
	       mail_domain(office->address)[0] != '\0' &&
	       mail_starts(id, "o.") &&
	       strcasecmp(mail_domain(id), mail_domain(office->address)) == 0;
}
