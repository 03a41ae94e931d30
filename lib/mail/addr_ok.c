/*
 * addr_ok.c - which addresses may reach an SMTP server, and how they compare
 *
 * An address from a hostile mail goes into RCPT TO as it stands: whatever
 * could end the command or start another is refused here, once for all.
 */
#include <string.h>

#include "ouv/mail.h"

#define ADDR_MAX 254 /* RFC 5321 4.5.3.1.3: a path of 256 with its <> */
#define LABEL_MAX 63 /* RFC 1035 2.3.4 */

static bool
is_alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* Length of the UTF-8 sequence at p, 0 when there is none or it is a C1. */
static size_t
utf8_len(const unsigned char *p)
{
	size_t len;

	if (p[0] >= 0xC2 && p[0] <= 0xDF)
		len = 2;
	else if ((p[0] & 0xF0) == 0xE0)
		len = 3;
	else if (p[0] >= 0xF0 && p[0] <= 0xF4)
		len = 4;
	else
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	if ((p[0] == 0xC2 && p[1] < 0xA1) || (p[0] == 0xE0 && p[1] < 0xA0) ||
		(p[0] == 0xED && p[1] > 0x9F) ||
		(p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
		return 0;
	/* U+2000..200F and U+2028..202F: blanks, line ends, direction marks */
	if (p[0] == 0xE2 && p[1] == 0x80 &&
		(p[2] <= 0x8F || (p[2] >= 0xA8 && p[2] <= 0xAF)))
		return 0;
	return len;
}

/* atext and dots (RFC 5321 4.1.2, RFC 6531 3.3); no quoted strings. */
static const unsigned char *
skip_local(const unsigned char *p)
{
	while (*p != '\0' && *p != '@') {
		size_t len = 1;

		if (*p >= 0x80)
			len = utf8_len(p);
		else if (!is_alnum(*p) && !strchr("!#$%&'*+-/=?^_`{|}~.", *p))
			return NULL;
		if (len == 0)
			return NULL;
		p += len;
	}
	return p;
}

/* Labels of letters, digits, "-" and "_" (seen in the wild), with a dot. */
static bool
domain_ok(const unsigned char *p)
{
	size_t label = 0;
	bool dot = false;

	for (; *p != '\0'; p++) {
		if (*p == '.') {
			if (label == 0)
				return false;
			dot = true;
			label = 0;
			continue;
		}
		if (*p >= 0x80) {
			size_t len = utf8_len(p);

			if (len == 0)
				return false;
			p += len - 1;
			label += len;
		} else if (is_alnum(*p) || *p == '_' || (*p == '-' && label)) {
			label++;
		} else {
			return false;
		}
		if (label > LABEL_MAX)
			return false;
	}
	return dot && label > 0;
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]" */
static bool
literal_ok(const char *p)
{
	size_t len = strlen(p);

	if (len < 4 || p[0] != '[' || p[len - 1] != ']')
		return false;
	return strspn(p + 1, "0123456789abcdefABCDEFIPv:.") == len - 2;
}

bool
ouv_mail_addr_ok(const char *addr)
{
	const unsigned char *p;

	if (addr == NULL || addr[0] == '\0' || addr[0] == '@' ||
		strnlen(addr, ADDR_MAX + 1) > ADDR_MAX)
		return false;
	p = skip_local((const unsigned char *)addr);
	if (p == NULL || *p != '@')
		return false;
	p++;
	return *p == '[' ? literal_ok((const char *)p) : domain_ok(p);
}

char *
ouv_mail_addr_fold(struct ouv_arena *arena, const char *addr)
{
	char *copy = ouv_arena_strdup(arena, addr);

	for (char *p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return copy;
}
