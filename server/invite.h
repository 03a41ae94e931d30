/*
 * invite.h - the form by which an administrator invites a colleague
 */
#ifndef SERVER_INVITE_H
#define SERVER_INVITE_H

#include <jansson.h>

#include "sheet.h"

struct ouv_leaving;

/* On the page of somebody with this role; false: not for this reader. */
json_t *invite_form(struct sheet *sheet, enum ouv_role role);

/* page_people.c: that person's page; leaving: the cases that stand against what
 * was posted, or NULL. */
void person_show(struct request *request, const char *verb,
	const struct trouble *trouble, const struct ouv_leaving *leaving);

#endif
