/*
 * incoming.h - a form that may bring files, as it comes in
 *
 * Its hidden fields stand before the files and are checked before a byte of a
 * file is stored; each file goes into its sealed pieces as it comes.  Which
 * forms may bring some is a table in incoming.c.
 */
#ifndef SERVER_INCOMING_H
#define SERVER_INCOMING_H

#include <jansson.h>

#include "ouv/upload.h"

#include "server.h"

/* A file of this form that was not taken. */
struct incoming_refused {
	const char *name; /* as the browser gave it, on one line */
	enum ouv_upload_why why;
};

/* Those of this request; and the numbers of those that lie there for this form,
 * in its order. */
const struct incoming_refused *incoming_refused(
	const struct request *request, size_t *count_out);
const int *incoming_order(const struct request *request, size_t *count_out);

/* Is that a form with files?  By its Content-Type; NULL: not said. */
bool incoming_is(const char *type);
/*
 * The request's address, type and length are known, of its body nothing.  Sets
 * request->incoming; else the status of the answer: 400 no boundary, 413 far
 * beyond all limits, 415 that form takes no files.
 */
int incoming_begin(struct request *request, const char *type, long long length);
void incoming_add(struct request *request, const char *data, size_t len);
/* All is there: request->form is whole.  False: it has been answered. */
bool incoming_end(struct request *request);
/* It will not become whole: what came of it is taken away again. */
void incoming_cut(struct request *request);

/* Was a file refused?  Then nothing is done: the form is shown again, with this
 * status. */
bool incoming_trouble(const struct request *request);
int incoming_status(const struct request *request);
/* What the form brought is of no use any more: done, or done before. */
void incoming_done(struct request *request);

/*
 * For {{> uploads}} in a form of that id: upload (its secret; a hidden field
 * before it), files that lie there, those that were refused, and the limits in
 * words.  party: by which types.  The names of sheet_form must have
 * OUV_UPLOAD_FILES_FIELD.
 */
void view_uploads(
	struct request *request, json_t *form, const char *form_id, bool party);

#endif
