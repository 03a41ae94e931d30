/*
 * csv.h - tables as text that spreadsheets and programs read alike
 *
 * RFC 4180, UTF-8.  A text that a spreadsheet would take for a formula (it
 * begins with = + - @, a tab or a carriage return, or goes on so behind a
 * semicolon, a tab or a line's end) gets an apostrophe in front: whoever writes
 * to the office does not compute in its spreadsheets.
 */
#ifndef OUV_CSV_H
#define OUV_CSV_H

#include <stdint.h>

#include "ouv/buf.h"

/* What a file for a person begins with, or spreadsheets misread its accents. A
 * program's does not. */
#define OUV_CSV_BOM "\xef\xbb\xbf"

/* One more cell of the row; NULL is an empty one. */
void ouv_csv_cell(struct ouv_buf *buf, const char *text);
void ouv_csv_number(struct ouv_buf *buf, int64_t number);
/* Ends the row. */
void ouv_csv_end(struct ouv_buf *buf);

#endif
