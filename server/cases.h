/*
 * cases.h - what the pages around the list of cases share
 */
#ifndef SERVER_CASES_H
#define SERVER_CASES_H

#include "sheet.h"

/* The list that form asks for; trouble: why its view was not kept, or NULL. */
void worklist_show(struct request *request, const struct form *form,
	const struct trouble *trouble);

#endif
