/*
 * html_write.h - the writing side of html.c
 */
#ifndef OUV_MAIL_HTML_WRITE_H
#define OUV_MAIL_HTML_WRITE_H

#include "internal.h"

/* empty lines in a row, at most */
#define HTML_BLANK_LINES 2

struct html_writer {
	struct ouv_buf *out;
	size_t begin;          /* of our text in out */
	char waiting;          /* a blank or tab before the next word, or 0 */
	bool line_start;       /* nothing on this line yet */
	bool after_mark;       /* of a list item: its first block stays there */
	bool after_cell;       /* the same for a cell's first paragraph */
	bool fresh_pre;        /* the line end right after <pre> is none */
	int breaks;            /* line ends that wait */
	int break_quote;       /* quote depth of the empty lines among them */
	int quote, pre, lists; /* how deep we are in each */
};

/* Ends the line; two leave an empty one.  Waits for the next word. */
void html_break(struct html_writer *w, int at_least);
/* Bytes as they are, at the place that waited. */
void html_put(struct html_writer *w, const char *text, size_t len);
/* Words: blanks in a row are one, except inside <pre>. */
void html_put_plain(struct html_writer *w, const char *p, const char *end);
/* The same with character references. */
void html_put_text(struct html_writer *w, struct ouv_str text);

#endif
