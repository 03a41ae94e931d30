/*
 * post_page.h - what the pages about letters on paper share
 */
#ifndef SERVER_POST_PAGE_H
#define SERVER_POST_PAGE_H

#include "ouv/post.h"

#include "page.h"

#define POST_HERE "/letters"
#define POST_ROWS 20 /* of a page, and so at most of one form */

/* One letter of a form: its id, the number of its case, what came of it. */
struct post_row {
	const char *id, *number;
	const char *field, *why; /* why NULL: it was done, or not tried */
	bool done;
	const struct ouv_post_printed *printed;
};
struct post_rows {
	size_t count;
	struct post_row list[POST_ROWS];
};

/* The boxes that are ticked: "letter-ID" with the number of its case.  False:
 * no form of ours. */
bool post_rows_read(const struct request *request, struct post_rows *rows);
/* A field of that row: NAME-ID; "" when it was not sent. */
const char *post_field(const struct request *request, const char *name,
	const struct post_row *row);
/* The word for why a row was not done. */
const char *post_why(const struct request *request, enum ouv_err err,
	const struct ouv_verb_result *result);

/* The list; rows NULL: nothing was sent.  What was typed stands in it, and of
 * each row why it was not done.  done: the word of the notice; or NULL. */
void post_show(struct request *request, enum ouv_post_list which,
	const struct post_rows *rows, int status, const char *done);

#endif
