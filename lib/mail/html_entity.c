/*
 * html_entity.c - character references of a page: &eacute; &#233; &#xe9;
 *
 * HTML 13.2.5.72, with numbers of windows-1252 read as they were meant.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "html_names.h"
#include "html_token.h"

#define NAME_MAX_LEN 31 /* CounterClockwiseContourIntegral */
#define BARE_MAX 6      /* the longest that may lack its semicolon */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
}

static uint32_t
usable(uint32_t c)
{
	if (c >= 0x80 && c < 0xa0) /* &#146; is meant as windows-1252 */
		return mail_1252((unsigned char)c);
	return c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? 0xfffd
								     : c;
}

/* "&#233;" and "&#xe9;"; 0: it is none. */
static size_t
take_number(const char *p, const char *end, uint32_t *c_out)
{
	const char *start = p, *digits;
	uint32_t value = 0;
	bool hex;

	p += 2;
	hex = p < end && (*p == 'x' || *p == 'X');
	p += hex;
	for (digits = p; p < end; p++) {
		char c = (char)(*p | 0x20);

		if (!is_digit(*p) && !(hex && c >= 'a' && c <= 'f'))
			break;
		if (value < 0x200000)
			value = value * (hex ? 16 : 10) +
				(uint32_t)(is_digit(*p) ? *p - '0'
							: c - 'a' + 10);
	}
	if (p == digits)
		return 0;
	*c_out = usable(value);
	return (size_t)(p + (p < end && *p == ';') - start);
}

static int
compare(const void *name, const void *row)
{
	return strcmp(name, ((const struct html_name *)row)->name);
}

static const struct html_name *
look_up(const char *name, size_t len)
{
	char word[NAME_MAX_LEN + 1];

	memcpy(word, name, len);
	word[len] = '\0';
	return bsearch(word, html_names,
		sizeof(html_names) / sizeof(html_names[0]),
		sizeof(html_names[0]), compare);
}

/* "&eacute;", and "&eacute" with anything behind it. */
static size_t
take_name(const char *p, const char *end, const struct html_name **name_out)
{
	const struct html_name *found = NULL;
	size_t n = 0;

	for (p++; p + n < end && n < NAME_MAX_LEN && is_name(p[n]);)
		n++;
	if (n > 1 && p + n < end && p[n] == ';') {
		found = look_up(p, n);
		if (found != NULL) {
			*name_out = found;
			return n + 2;
		}
	}
	for (n = n < BARE_MAX ? n : BARE_MAX; n > 1; n--) {
		found = look_up(p, n);
		if (found != NULL && found->bare) {
			*name_out = found;
			return n + 1;
		}
	}
	return 0;
}

size_t
html_reference(const char *p, const char *end, char out[8], size_t *len_out)
{
	const struct html_name *name = NULL;
	uint32_t c = 0;
	size_t n;

	if (end - p < 3)
		return 0;
	if (p[1] == '#') {
		n = take_number(p, end, &c);
		if (n > 0)
			*len_out = mail_utf8_put(c, out);
		return n;
	}
	n = take_name(p, end, &name);
	if (n == 0)
		return 0;
	*len_out = mail_utf8_put(name->first, out);
	if (name->second != 0)
		*len_out += mail_utf8_put(name->second, out + *len_out);
	return n;
}
