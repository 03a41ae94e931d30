/*
 * html_element.h - what each element of HTML does to the text
 */
#ifndef OUV_MAIL_HTML_ELEMENT_H
#define OUV_MAIL_HTML_ELEMENT_H

enum html_what {
	HTML_PLAIN,
	HTML_VOID,  /* has no inside, and says nothing */
	HTML_FETCH, /* the same, but comes from elsewhere */
	HTML_RAW,   /* nothing in it is for reading */
	HTML_BREAK,
	HTML_BLOCK, /* begins and ends a line */
	HTML_PARA,  /* with an empty line around */
	HTML_LIST,
	HTML_NUMBERED,
	HTML_ITEM,
	HTML_TABLE,
	HTML_GROUP, /* of rows */
	HTML_ROW,
	HTML_CELL,
	HTML_HEAD_CELL,
	HTML_QUOTE,
	HTML_PRE,
	HTML_LINK,
	HTML_IMAGE,
	HTML_RULE,
	HTML_INPUT,
	HTML_AREA,
	HTML_SELECT,
	HTML_OPTION,
	HTML_RUBY_TEXT,
	HTML_CITED, /* q */
	HTML_WHAT__COUNT
};

/* The kind of an element, by its name in lower case. */
enum html_what html_what(const char *name);

#endif
