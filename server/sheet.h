/*
 * sheet.h - the forms of a case page: their tokens, what was typed into them,
 * and what was wrong with it
 */
#ifndef SERVER_SHEET_H
#define SERVER_SHEET_H

#include <jansson.h>

#include "server.h"

/* Why a form comes back: what the verb said, or a word for all of it. */
struct trouble {
	int status;
	const char *word; /* NULL: the fields say it */
	const struct ouv_verb_result *result;
};

struct sheet {
	const struct request *request;
	const char *path;              /* of the case */
	const char *verb;              /* that was sent: /path/VERB */
	const struct trouble *trouble; /* NULL: nothing went wrong */
	json_t *errors;                /* what the summary on top lists */
	bool found;       /* the form that was sent is shown again */
	const char *form; /* it is the element of this id; NULL: not found */
};

/* A field and the word that names it; a row without name ends a list. */
struct sheet_field {
	const char *name, *label;
};

struct sheet sheet_begin(const struct request *request, const char *path,
	const struct trouble *trouble);
/*
 * One form that posts to the case's verb: id, action_path, csrf, form_key, and
 * of each field NAME, has_NAME_error, NAME_error.  id is the page's only one
 * of this name; a field's stands at id-NAME.  mine: when several forms have
 * this verb, is this the one that was sent?  Then its fields hold what was
 * typed, and its errors go to the summary.
 */
json_t *sheet_form(struct sheet *sheet, const char *verb, const char *id,
	bool mine, const struct sheet_field *fields);
/* The key of a form that is made elsewhere. */
const char *sheet_new_key(const struct request *request);
/* Was this form, and no other, sent and refused? */
bool sheet_is_mine(const struct sheet *sheet, const char *verb, bool mine);
/* What was typed, in a form that was sent and refused; NULL: nothing. */
const char *sheet_typed(const struct sheet *sheet, const char *name);
/*
 * The choices of a select in order, of which the one typed is chosen; their
 * words stand under prefix.  codes ends with NULL.
 */
json_t *sheet_choices(const struct sheet *sheet, bool mine, const char *name,
	const char *prefix, const char *const *codes);
/* One more line of the summary, about a field of that label at target. */
void sheet_tell(struct sheet *sheet, const char *label, const char *target,
	const char *text);
/* The summary; whatever found no place is told there all the same. */
void sheet_end(struct sheet *sheet, json_t *data);

#endif
