/*
 * classify.h - questions about a mail that classification and actions share
 */
#ifndef OUV_MAIL_CLASSIFY_H
#define OUV_MAIL_CLASSIFY_H

#include "meaning.h"

enum mail_vacation {
	VACATION_NO,
	VACATION_MAYBE, /* people write that too */
	VACATION_YES
};

enum mail_vacation mail_vacation(struct mail_view *view);
/* Do its headers or its subject say that a program answered? */
bool mail_is_answer(struct mail_view *view);
/* An address that nobody reads: no-reply, mailer-daemon, owner-... */
bool mail_is_unread(struct ouv_arena *arena, const char *addr);
/* The report-type of a multipart/report, "" if it is none (RFC 6522 3). */
const char *mail_report_type(const struct mail_view *view);
/* The report part of that type near the top, NULL: none. */
const struct mail_leaf *mail_report_leaf(
	const struct mail_message *message, const char *type);

#endif
