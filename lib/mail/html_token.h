/*
 * html_token.h - what the reading of a page needs of its tokens
 */
#ifndef OUV_MAIL_HTML_TOKEN_H
#define OUV_MAIL_HTML_TOKEN_H

#include "internal.h"

/* Elements whose inside is neither HTML nor for reading. */
#define HTML_RAW__COUNT 7

struct html_reader {
	const char *p, *end;
	/* none of these comes any more: it need not be looked for again */
	bool no_close, no_comment, no_double, no_single, no_cdata;
	bool no_end_of[HTML_RAW__COUNT];
};

/* The attributes that change what is read. */
enum html_attr {
	HTML_ALT,
	HTML_BACKGROUND,
	HTML_BGCOLOR,
	HTML_BORDER,
	HTML_CHECKED,
	HTML_CLASS,
	HTML_COLOR,
	HTML_COLSPAN,
	HTML_HEIGHT,
	HTML_HIDDEN,
	HTML_HREF,
	HTML_ID,
	HTML_LABEL,
	HTML_NAME,
	HTML_REL,
	HTML_SELECTED,
	HTML_SRC,
	HTML_SRCSET,
	HTML_START,
	HTML_STYLE,
	HTML_TYPE,
	HTML_VALUE,
	HTML_WIDTH,
	HTML_ATTR__COUNT
};

struct html_tag {
	char name[24]; /* lower case */
	bool end;      /* </name> */
	bool empty;    /* <name/> */
	/* p NULL: not there */
	struct ouv_str attr[HTML_ATTR__COUNT];
};

enum html_token {
	HTML_END,
	HTML_TEXT,  /* with character references */
	HTML_CDATA, /* without */
	HTML_TAG
};

enum html_token html_next(
	struct html_reader *r, struct ouv_str *text_out, struct html_tag *tag);
/*
 * After the start tag of such an element: goes to its end tag, if it has
 * one, and returns what was passed over.
 */
struct ouv_str html_skip_raw(struct html_reader *r, const char *tag_name);
/* The character reference at p ('&'): bytes taken, 0 if it is none. */
size_t html_reference(
	const char *p, const char *end, char out[8], size_t *len_out);

#endif
