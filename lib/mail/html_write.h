/*
 * html_write.h - the writing side of html.c: lines out of words
 */
#ifndef OUV_MAIL_HTML_WRITE_H
#define OUV_MAIL_HTML_WRITE_H

#include "internal.h"

/* empty lines in a row, at most */
#define HTML_BLANK_LINES 2

/* Where the text of a cell begins: a new line, as long as it is one. */
struct html_cell {
	size_t at, len; /* in out: what to write another thing for */
	int empty;      /* cells without text before it */
};

struct html_writer {
	struct ouv_arena *arena;
	struct ouv_buf *out;
	size_t begin;          /* of our text in out */
	int waiting;           /* blanks before the next word */
	bool line_start;       /* nothing on this line yet */
	bool line_is_blank;    /* but a blank that does not break */
	bool after_mark;       /* of a list item: its first block stays there */
	bool fresh_pre;        /* the line end right after <pre> is none */
	int breaks;            /* line ends that wait */
	int break_quote;       /* quote depth of the empty lines among them */
	int quote, pre, lists; /* how deep we are in each */

	bool in_new_cell; /* the next word is the first of a cell */
	int empty_cells;  /* in this row, before it */
	int spanned;      /* columns that the cell takes beside its own */
	size_t cell_count, cell_cap;
	struct html_cell *cells; /* of the rows that are open */
	struct ouv_buf row;      /* for joining one */
};

/* Ends the line; two leave an empty one.  Waits for the next word. */
void html_break(struct html_writer *w, int at_least);
/* Bytes as they are, at the place that waited. */
void html_put(struct html_writer *w, const char *text, size_t len);
/* Words: blanks in a row are one, except inside <pre>. */
void html_put_plain(struct html_writer *w, const char *p, const char *end);
/* The same with character references. */
void html_put_text(struct html_writer *w, struct ouv_str text);

/* ---- html_table.c ---------------------------------------------------------
 */

/* span: columns that the cell takes. */
void html_cell_begin(struct html_writer *w, int span);
/*
 * The row whose cells begin at index first is over: cells of one line each
 * become one line.  aligned: a table of data, whose empty cells count.
 */
void html_row_end(struct html_writer *w, size_t first, bool aligned);

#endif
