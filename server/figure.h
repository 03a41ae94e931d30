/*
 * figure.h - what the pages of the office's figures share
 */
#ifndef SERVER_FIGURE_H
#define SERVER_FIGURE_H

#include "ouv/figures.h"

#include "view.h"

/* The word of a row or column of that figure, made safe. */
const char *figure_row_word(const struct request *request,
	enum ouv_figure figure, const struct ouv_figure_row *row);
const char *figure_column_word(
	const struct request *request, enum ouv_figure figure, size_t column);
/* "2026", "3º trimestre de 2026", "julho de 2026". */
const char *figure_period_word(
	const struct request *request, const struct ouv_period *period);

/*
 * One figure as its section of a page: name, heading, help, columns, rows,
 * chart.  At most `most` rows after the one whose code is after (NULL: from the
 * first); has_more, more_code say where it goes on, all how many there are.
 */
json_t *figure_view(const struct request *request,
	const struct ouv_figures *figures, enum ouv_figure figure,
	const char *after, size_t most);

/* The same as a table for spreadsheets, all rows; codes: what a column is
 * called is its code, else its word. */
struct ouv_str figure_csv(const struct request *request,
	const struct ouv_figures *figures, enum ouv_figure figure, bool codes);

#endif
