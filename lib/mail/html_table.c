/*
 * html_table.c - rows of a table as lines that can be read
 *
 * Newsletters use tables for layout: there the cells are read one below the
 * other.  A row whose cells are short and of one line each is a line.
 */
#include <string.h>

#include "html_write.h"

#define CELL_MAX 160 /* bytes: what is longer is a text of its own */
#define EMPTY_MAX 20 /* empty cells in a row that are shown */

void
html_cell_begin(struct html_writer *w, int span)
{
	if (w->in_new_cell && w->empty_cells < EMPTY_MAX)
		w->empty_cells += 1 + w->spanned;
	w->spanned = span > 1 && span <= EMPTY_MAX ? span - 1 : 0;
	html_break(w, 1);
	w->in_new_cell = true;
}

/* The text of cell i, without the line it begins with. */
static struct ouv_str
cell_text(const struct html_writer *w, size_t i)
{
	size_t begin = w->cells[i].at + w->cells[i].len;
	size_t end = i + 1 < w->cell_count ? w->cells[i + 1].at : w->out->len;

	return (struct ouv_str){ w->out->data + begin, end - begin };
}

static bool
is_one_line(const struct html_writer *w, size_t first)
{
	for (size_t i = first; i < w->cell_count; i++) {
		struct ouv_str text = cell_text(w, i);

		if (text.len > CELL_MAX ||
			memchr(text.p, '\n', text.len) != NULL)
			return false;
	}
	return w->cell_count - first > 1;
}

/* "Total:" and its value need nothing between them but a blank. */
static void
put_separator(struct ouv_buf *line, const struct html_cell *cell, bool aligned)
{
	char last = line->len > 0 ? line->data[line->len - 1] : ' ';

	if (last == ':') {
		ouv_buf_char(line, ' ');
		return;
	}
	for (int i = 0; aligned && i < cell->empty && i < EMPTY_MAX; i++)
		ouv_buf_text(line, " |");
	ouv_buf_text(line, " | ");
}

static void
join(struct html_writer *w, size_t first, bool aligned)
{
	size_t begin = w->cells[first].at + w->cells[first].len;
	struct ouv_buf *line = &w->row;

	if (line->arena == NULL)
		ouv_buf_init(line, w->arena, 400);
	line->len = 0;
	for (int i = 0; aligned && i < w->cells[first].empty && i < EMPTY_MAX;
		i++)
		ouv_buf_text(line, "| ");
	for (size_t i = first; i < w->cell_count; i++) {
		struct ouv_str text = cell_text(w, i);

		if (i > first)
			put_separator(line, &w->cells[i], aligned);
		ouv_buf_add(line, text.p, text.len);
	}
	w->out->len = begin;
	ouv_buf_add(w->out, line->data, line->len);
}

void
html_row_end(struct html_writer *w, size_t first, bool aligned)
{
	if (is_one_line(w, first))
		join(w, first, aligned);
	w->cell_count = first;
	w->in_new_cell = false;
	w->empty_cells = w->spanned = 0;
}
