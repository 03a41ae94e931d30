/*
 * classify.h - questions about a mail that classification and actions share
 */
#ifndef OUV_MAIL_CLASSIFY_H
#define OUV_MAIL_CLASSIFY_H

#include "meaning.h"

/* ---- robot.c ------------------------------------------------------- */

/* What the subject says of an automatic answer. */
enum mail_vacation {
	VACATION_NO,
	VACATION_WORD,     /* a word for it, but no colon behind it */
	VACATION_ANSWERED, /* behind "Re:": somebody may answer such a mail */
	VACATION_PEOPLE,   /* with a colon, but people write that too */
	VACATION_YES
};

enum mail_vacation mail_vacation(struct mail_view *view);
/* What only words say of a program: last, and never against headers. */
void mail_robot(struct mail_view *view);

/* ---- classify.c ---------------------------------------------------- */

/* Records the reason; the first kind that is not human decides. */
void mail_hit(
	struct mail_view *view, enum ouv_mail_class kind, const char *reason);
/* Is there a reason that begins so, in any case? */
bool mail_has_reason(const struct ouv_mail *mail, const char *start);
/* Do its headers or its subject say that a program answered? */
bool mail_is_answer(struct mail_view *view);
/* An address that nobody reads: no-reply, mailer-daemon, owner-...; "" and
 * NULL are none. */
bool mail_is_unread(struct ouv_arena *arena, const char *addr);
/* The report-type of a multipart/report, "" if it is none (RFC 6522 3). */
const char *mail_report_type(const struct mail_view *view);
/* The report part of that type near the top, NULL: none. */
const struct mail_leaf *mail_report_leaf(
	const struct mail_message *message, const char *type);

#endif
