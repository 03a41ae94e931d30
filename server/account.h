/*
 * account.h - what the pages about one's own account share
 */
#ifndef SERVER_ACCOUNT_H
#define SERVER_ACCOUNT_H

#include "ouv/account.h"

#include "calendar.h"
#include "page.h"
#include "reply.h"
#include "session.h"
#include "view.h"

/* A posted form on its way to the desk, and what came of it. */
struct posted {
	struct request *request;
	struct ouv_desk *desk;
	struct ouv_ask ask;
	struct ouv_verb_result result;
	struct ouv_field fields[FORM_FIELDS];
};
/* False: it has no key, or there is no database; that was answered. */
bool posted_take(struct request *request, struct posted *p);
/*
 * Went well: on to done_path, or to what is asked for next.  Else the page
 * again, by show(), with what was wrong; or the page that asks for a code.
 */
typedef void account_show(
	struct request *request, const char *verb, const struct trouble *why);
void posted_answer(struct posted *p, enum ouv_err err, const char *verb,
	const char *done_path, account_show *show);

/* The page's frame: title, trail, whether it is one of the first steps.  NULL
 * on errors is not possible; the caller renders it with account_end. */
json_t *account_data(struct request *request, const char *title,
	const char *here, const struct trouble *trouble);
void account_end(struct sheet *sheet, json_t *data, const char *page,
	const struct trouble *trouble);

/* qr.c: a link as a picture of dark squares, for the path of an SVG that is
 * *size_out units wide, margins included; NULL: too long. */
const char *qr_path(struct ouv_arena *arena, const char *text, int *size_out);

#endif
