/*
 * rules.c - the elements, attributes and values that may stay, as tables
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inner.h"

#define BIT(which) (1U << (which))
#define CELL (BIT(ATTR_COLSPAN) | BIT(ATTR_ROWSPAN))
#define GENERAL (BIT(ATTR_TITLE) | BIT(ATTR_DIR) | BIT(ATTR_LANG))
#define SPAN_MAX 100
#define ADDRESS_MAX 4000

/* clang-format off */
const char *const attribute_names[ATTR__COUNT] = {
	"href", "src", "alt", "title", "colspan", "rowspan", "dir", "lang",
};

/* In the order of strcmp. */
static const struct element elements[] = {
	{ "a", BIT(ATTR_HREF), false },
	{ "b", 0, false },
	{ "bdi", 0, false },
	{ "blockquote", 0, false },
	{ "br", 0, true },
	{ "caption", 0, false },
	{ "code", 0, false },
	{ "dd", 0, false },
	{ "del", 0, false },
	{ "div", 0, false },
	{ "dl", 0, false },
	{ "dt", 0, false },
	{ "em", 0, false },
	{ "h1", 0, false },
	{ "h2", 0, false },
	{ "h3", 0, false },
	{ "h4", 0, false },
	{ "h5", 0, false },
	{ "h6", 0, false },
	{ "hr", 0, true },
	{ "i", 0, false },
	{ "img", BIT(ATTR_SRC) | BIT(ATTR_ALT), true },
	{ "ins", 0, false },
	{ "li", 0, false },
	{ "ol", 0, false },
	{ "p", 0, false },
	{ "pre", 0, false },
	{ "s", 0, false },
	{ "small", 0, false },
	{ "span", 0, false },
	{ "strong", 0, false },
	{ "sub", 0, false },
	{ "sup", 0, false },
	{ "table", 0, false },
	{ "tbody", 0, false },
	{ "td", CELL, false },
	{ "tfoot", 0, false },
	{ "th", CELL, false },
	{ "thead", 0, false },
	{ "tr", 0, false },
	{ "u", 0, false },
	{ "ul", 0, false },
};

/* What is inside these is no text of a letter.  In the order of strcmp. */
static const char *const vanishing[] = {
	"applet", "area", "audio", "canvas", "datalist", "embed", "frame",
	"frameset", "head", "iframe", "math", "noembed", "noframes", "object",
	"option", "script", "select", "style", "svg", "template", "textarea",
	"title", "video",
};

static const char *const schemes[] = { "http://", "https://", "mailto:" };
/* clang-format on */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static int
by_element(const void *name, const void *row)
{
	return strcmp(name, ((const struct element *)row)->name);
}

const struct element *
rules_element(const char *name)
{
	return bsearch(name, elements, COUNT(elements), sizeof(elements[0]),
		by_element);
}

static int
by_name(const void *name, const void *row)
{
	return strcmp(name, *(const char *const *)row);
}

bool
rules_vanishes(const char *name)
{
	return bsearch(name, vanishing, COUNT(vanishing), sizeof(vanishing[0]),
		       by_name) != NULL;
}

/* ---- values
 * ------------------------------------------------------------------ */

/* As browsers read an address: blanks around it, and line ends and tabs
 * anywhere in it, do not count.  NULL: it holds other control characters. */
static char *
plain_address(struct ouv_arena *arena, const char *value)
{
	size_t len;
	char *address, *out;

	value += strspn(value, " \t\r\n\f");
	len = strlen(value);
	while (len > 0 && strchr(" \t\r\n\f", value[len - 1]) != NULL)
		len--;
	if (len == 0 || len > ADDRESS_MAX)
		return NULL;
	address = out = ouv_arena_alloc(arena, len + 1);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)value[i];

		if (c == '\t' || c == '\n' || c == '\r')
			continue;
		if (c < ' ' || c == 0x7f)
			return NULL;
		*out++ = (char)c;
	}
	*out = '\0';
	return address;
}

static const char *
link_value(struct ouv_arena *arena, const char *value)
{
	char *address = plain_address(arena, value);

	for (size_t i = 0; address != NULL && i < COUNT(schemes); i++) {
		size_t len = strlen(schemes[i]);

		if (strncasecmp(address, schemes[i], len) != 0 ||
			address[len] == '\0')
			continue;
		memcpy(address, schemes[i], len);
		return address;
	}
	return NULL;
}

/* A picture of the same mail. */
static const char *
picture_value(struct ouv_arena *arena, const char *value)
{
	char *address = plain_address(arena, value);

	if (address == NULL || strncasecmp(address, "cid:", 4) != 0 ||
		strlen(address) > 255)
		return NULL;
	memcpy(address, "cid:", 4);
	return address;
}

static const char *
span_value(struct ouv_arena *arena, const char *value)
{
	long n;

	value += strspn(value, " \t\r\n\f");
	n = strtol(value, NULL, 10);
	if (n < 2)
		return NULL;
	return ouv_arena_printf(arena, "%ld", n < SPAN_MAX ? n : SPAN_MAX);
}

static const char *
direction_value(struct ouv_arena *arena, const char *value)
{
	static const char *const known[] = { "auto", "ltr", "rtl" };

	(void)arena;
	for (size_t i = 0; i < COUNT(known); i++)
		if (strcasecmp(value, known[i]) == 0)
			return known[i];
	return NULL;
}

static const char *
language_value(struct ouv_arena *arena, const char *value)
{
	static const char tag[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t len = strlen(value);

	(void)arena;
	return len >= 2 && len <= 35 && value[strspn(value, tag)] == '\0'
		       ? value
		       : NULL;
}

static const char *
words_value(struct ouv_arena *arena, const char *value)
{
	(void)arena;
	return value;
}

const char *
rules_value(struct ouv_arena *arena, const struct element *element,
	enum attribute which, const char *value)
{
	/* clang-format off */
	static const char *(*const read[ATTR__COUNT])(
		struct ouv_arena *arena, const char *value) = {
		[ATTR_HREF] = link_value, [ATTR_SRC] = picture_value,
		[ATTR_ALT] = words_value, [ATTR_TITLE] = words_value,
		[ATTR_COLSPAN] = span_value, [ATTR_ROWSPAN] = span_value,
		[ATTR_DIR] = direction_value, [ATTR_LANG] = language_value,
	};
	/* clang-format on */

	if (((element->attributes | GENERAL) & BIT(which)) == 0)
		return NULL;
	return read[which](arena, value);
}

bool
rules_is_dot(const char *value)
{
	size_t digits = strspn(value, "0123456789");

	return digits > 0 && value[digits] != '%' &&
	       strtol(value, NULL, 10) <= 2;
}
