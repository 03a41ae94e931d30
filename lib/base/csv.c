/*
 * csv.c - tables as text that spreadsheets and programs read alike
 */
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "ouv/csv.h"

/* Between two cells of a row. */
static void
separate(struct ouv_buf *buf)
{
	if (buf->len > 0 && buf->data[buf->len - 1] != '\n' &&
		strcmp(buf->data, OUV_CSV_BOM) != 0)
		ouv_buf_char(buf, ',');
}

/* Would a cell that begins here be computed?  Quotes and spaces before it do
 * not keep a spreadsheet from it. */
static bool
is_formula(const char *text)
{
	text += strspn(text, " \"");
	return *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
}

/* Where the list separator is a semicolon, and in a file that is pasted, a
 * text's own separators begin a cell or a row: the quotes around it hold for
 * commas alone. */
static bool
parts(char c)
{
	return strchr(";\t\r\n", c) != NULL;
}

void
ouv_csv_cell(struct ouv_buf *buf, const char *text)
{
	separate(buf);
	if (text == NULL)
		text = "";
	ouv_buf_char(buf, '"');
	if (is_formula(text))
		ouv_buf_char(buf, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			ouv_buf_char(buf, '"');
		ouv_buf_char(buf, *text);
		if (parts(*text) && is_formula(text + 1))
			ouv_buf_char(buf, '\'');
	}
	ouv_buf_char(buf, '"');
}

void
ouv_csv_number(struct ouv_buf *buf, int64_t number)
{
	separate(buf);
	ouv_buf_printf(buf, "%" PRId64, number);
}

void
ouv_csv_end(struct ouv_buf *buf)
{
	ouv_buf_text(buf, "\r\n");
}
