/*
 * html_style.h - how an element looks, as far as that changes what is read
 */
#ifndef OUV_MAIL_HTML_STYLE_H
#define OUV_MAIL_HTML_STYLE_H

#include "html_token.h"

#define HTML_COLOR_UNSET (-1)   /* that of what is around */
#define HTML_COLOR_UNKNOWN (-2) /* a picture, or a name we do not know */

enum html_space {
	HTML_SPACE_UNSET,
	HTML_SPACE_NORMAL,
	HTML_SPACE_PRE
};

enum html_size {
	HTML_SIZE_UNSET,
	HTML_SIZE_NONE, /* too small to be seen */
	HTML_SIZE_SEEN
};

struct html_look {
	bool hides;     /* with everything in it */
	bool fetches;   /* something from another machine */
	bool tight;     /* a paragraph without space around */
	bool frameless; /* says that it has no border */
	bool dot;       /* at most one pixel wide or high */
	enum html_space space;
	enum html_size font;
	int color, background; /* 0xrrggbb or one of the above */
};

void html_look_at(const struct html_tag *tag, struct html_look *look_out);
/* Is it an address on another machine? */
bool html_is_remote(struct ouv_str url);
/* Does a style sheet fetch anything? */
bool html_sheet_fetches(struct ouv_str sheet);

#endif
