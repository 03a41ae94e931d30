/*
 * html_render.h - the state of one page being read, for the files html*.c
 */
#ifndef OUV_MAIL_HTML_RENDER_H
#define OUV_MAIL_HTML_RENDER_H

#include "html_element.h"
#include "html_style.h"
#include "html_token.h"
#include "html_write.h"

#define HTML_URL_MAX 2000
#define HTML_SPANS_MAX 200

/* One open element, as far as its end must undo something. */
struct html_element {
	char name[sizeof(((struct html_tag *)NULL)->name)];
	enum html_what what;
	bool hides;            /* display:none and its kind */
	bool tiny;             /* font-size:0, until an inner one differs */
	bool pre;              /* white-space: pre */
	bool aligned;          /* a table of data */
	bool bracket;          /* ruby text in brackets that we wrote */
	int color, background; /* what is in force */
	int number;            /* of the next item */
	char style;            /* of numbers: 1 a A i I */
	int step;              /* 1, or -1 where it counts down */
	size_t cells;          /* of a row: index of its first cell */
	size_t text_at;        /* where a link's text begins */
	const char *url;
	size_t span; /* its number in spans, 0: none */
};

struct html_renderer {
	struct html_writer w;
	struct ouv_arena *arena; /* for what is gone when rendering ends */
	bool show_hidden, saw_hidden, saw_depth, saw_remote;
	int hidden;
	const char *last_url; /* the one shown last */
	/* a <select>: what is chosen, else its first option */
	bool in_select, in_option, option_chosen, any_option;
	struct ouv_buf chosen, first;
	struct mail_spans spans; /* at most HTML_SPANS_MAX */
	int height, deeper;      /* of levels; elements above its top */
	struct html_element levels[MAIL_HTML_DEPTH];
};

bool html_is_hidden(const struct html_renderer *r);
/* One line of an attribute's value, references resolved. */
const char *html_value(
	struct html_renderer *r, struct ouv_str value, size_t most);

/* Is there more in a text than blanks and what fills previews? */
bool html_says_something(struct ouv_str text);

/* ---- html_quote.c -----------------------------------------------------------
 */

/* Notes where an element begins that a mail program made for a quotation. */
void html_span_begin(struct html_renderer *r, const struct html_tag *tag,
	struct html_element *element);
void html_span_end(struct html_renderer *r, const struct html_element *element);

/* ---- html_list.c ------------------------------------------------------------
 */

/* A number in an attribute; otherwise: it is none. */
int html_number(struct ouv_str value, int otherwise);
void html_list_begin(struct html_element *list, const struct html_tag *tag);
void html_item_begin(struct html_renderer *r, const struct html_tag *tag);

/* ---- html_link.c ------------------------------------------------------------
 */

void html_link_begin(struct html_renderer *r, const struct html_tag *tag,
	struct html_element *element);
/* The address after the text, unless the text says it already. */
void html_link_end(struct html_renderer *r, const struct html_element *element);
void html_image(struct html_renderer *r, const struct html_tag *tag,
	const struct html_look *look);

/* ---- html_form.c ------------------------------------------------------------
 */

void html_input(struct html_renderer *r, const struct html_tag *tag);
void html_area(struct html_renderer *r, struct ouv_str text);
void html_select_begin(struct html_renderer *r);
void html_select_end(struct html_renderer *r);
void html_option(struct html_renderer *r, const struct html_tag *tag);
void html_option_text(struct html_renderer *r, struct ouv_str text);

#endif
