/*
 * cases.h - what the pages around the list of cases share
 */
#ifndef SERVER_CASES_H
#define SERVER_CASES_H

#include "sheet.h"

/* The list that form asks for; trouble: why its view was not kept, or NULL. */
void worklist_show(struct request *request, const struct form *form,
	const struct trouble *trouble);
/* Why nothing is done with many cases: at a field of the list's, and a word. */
struct missing {
	const char *field, *word;
};
/* The list that query means, with what request->form chose and typed on it, and
 * what is missing (a row without word ends it). */
void worklist_choose(struct request *request, const char *query,
	const struct missing *missing);

#endif
