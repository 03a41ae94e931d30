/*
 * html_token.h - what html.c needs of the tokens of a page
 */
#ifndef OUV_MAIL_HTML_TOKEN_H
#define OUV_MAIL_HTML_TOKEN_H

#include "internal.h"

/* Elements whose inside is neither HTML nor for reading. */
#define HTML_RAW__COUNT 4

struct html_reader {
	const char *p, *end;
	/* none of these comes any more: it need not be looked for again */
	bool no_close, no_comment, no_double, no_single;
	bool no_end_of[HTML_RAW__COUNT];
};

struct html_tag {
	char name[24];                           /* lower case */
	bool end;                                /* </name> */
	bool empty;                              /* <name/> */
	struct ouv_str href, alt, style, hidden; /* p NULL: not there */
};

enum html_token {
	HTML_END,
	HTML_TEXT,
	HTML_TAG
};

enum html_token html_next(
	struct html_reader *r, struct ouv_str *text_out, struct html_tag *tag);
/* After the start tag of such an element: goes to its end tag, if it has one.
 */
void html_skip_raw(struct html_reader *r, const char *tag_name);
/* The character reference at p ('&'): bytes taken, 0 if it is none. */
size_t html_reference(
	const char *p, const char *end, char out[4], size_t *len_out);

#endif
