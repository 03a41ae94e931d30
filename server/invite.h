/*
 * invite.h - the form by which an administrator invites a colleague
 */
#ifndef SERVER_INVITE_H
#define SERVER_INVITE_H

#include <jansson.h>

#include "sheet.h"

/* On the page of somebody with this role; false: not for this reader. */
json_t *invite_form(struct sheet *sheet, enum ouv_role role);

#endif
