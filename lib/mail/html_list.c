/*
 * html_list.c - the marks and numbers of lists
 */
#include <stdlib.h>
#include <string.h>

#include "html_render.h"

/* 1 to z: "a", 27: "aa" */
static void
letters(int number, char first, char *out, size_t size)
{
	char turned[8];
	size_t n = 0, used = 0;

	for (; number > 0 && n < sizeof(turned); number = (number - 1) / 26)
		turned[n++] = (char)(first + (number - 1) % 26);
	while (n > 0 && used < size - 1)
		out[used++] = turned[--n];
	out[used] = '\0';
}

static void
roman(int number, bool small, char *out, size_t size)
{
	static const struct {
		int value;
		const char *large, *small;
	} digits[] = { { 1000, "M", "m" }, { 900, "CM", "cm" },
		{ 500, "D", "d" }, { 400, "CD", "cd" }, { 100, "C", "c" },
		{ 90, "XC", "xc" }, { 50, "L", "l" }, { 40, "XL", "xl" },
		{ 10, "X", "x" }, { 9, "IX", "ix" }, { 5, "V", "v" },
		{ 4, "IV", "iv" }, { 1, "I", "i" } };
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++)
		for (; number >= digits[i].value && used < size - 3;
			number -= digits[i].value)
			used += (size_t)snprintf(out + used, size - used, "%s",
				small ? digits[i].small : digits[i].large);
}

static void
write_mark(const struct html_element *list, char *out, size_t size)
{
	char number[24];

	(void)snprintf(number, sizeof(number), "%d", list->number);
	if (list->number > 0 && list->number < 4000) {
		if (list->style == 'a' || list->style == 'A')
			letters(list->number, list->style, number,
				sizeof(number));
		else if (list->style == 'i' || list->style == 'I')
			roman(list->number, list->style == 'i', number,
				sizeof(number));
	}
	(void)snprintf(out, size, "%s. ", number);
}

int
html_number(struct ouv_str value, int otherwise)
{
	char text[12] = "";
	char *end;
	long number;

	value = mail_trim(value);
	if (value.len == 0 || value.len >= sizeof(text))
		return otherwise;
	memcpy(text, value.p, value.len);
	number = strtol(text, &end, 10);
	return end == text || labs(number) > 1000000 ? otherwise : (int)number;
}

void
html_list_begin(struct html_element *list, const struct html_tag *tag)
{
	struct ouv_str type = tag->attr[HTML_TYPE];

	list->number = html_number(tag->attr[HTML_START], 1);
	if (type.len == 1 && strchr("aAiI", *type.p) != NULL)
		list->style = *type.p;
}

void
html_item_begin(struct html_renderer *r, const struct html_tag *tag)
{
	struct html_element *list = NULL;
	char mark[32] = "* ";

	for (int i = r->height - 1; i >= 0 && list == NULL; i--)
		if (r->levels[i].what == HTML_LIST ||
			r->levels[i].what == HTML_NUMBERED)
			list = &r->levels[i];
	if (r->w.after_mark) { /* the item before was empty */
		r->w.out->len--;
		r->w.after_mark = false;
	}
	html_break(&r->w, 1);
	if (html_is_hidden(r))
		return;
	if (list != NULL && list->what == HTML_NUMBERED) {
		list->number = html_number(tag->attr[HTML_VALUE], list->number);
		write_mark(list, mark, sizeof(mark));
		list->number++;
	}
	r->w.line_start = true;
	html_put(&r->w, mark, strlen(mark));
	r->w.after_mark = true;
}
