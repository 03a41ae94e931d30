/*
 * report.h - what the files that read delivery reports share
 *
 * report.c decides whether a mail is one, dsn.c reads fields, bounce.c words,
 * bounce_json.c JSON, cause.c why it failed, original.c which letter it was.
 */
#ifndef OUV_MAIL_REPORT_H
#define OUV_MAIL_REPORT_H

#include "meaning.h"

/* How sure it is that a mail system wrote this. */
enum report_sender {
	SENDER_PERSON,
	SENDER_PERHAPS, /* a name that firms have too */
	SENDER_LIKELY,  /* postmaster, an empty reverse path */
	SENDER_SURE     /* MAILER-DAEMON: nobody writes letters as that */
};

/* What the words of a report say before any recipient is looked for. */
struct report_words {
	bool opening;       /* words of a mail system, in its first lines */
	bool certain;       /* it begins as no person begins a letter */
	bool subject;       /* a subject that mail systems write */
	bool copy;          /* a line that announces our letter's copy */
	const char *action; /* "failed", "delayed", "delivered" */
	size_t len;         /* bytes of the text before that copy */
};

/*
 * Reads the fields of a multipart/report; in other mails those in parts that
 * are labelled so (parts), or in any text (texts).  false: there are none.
 */
bool mail_dsn_read(struct mail_view *view, bool parts, bool texts);
void report_words(struct mail_view *view, struct report_words *words_out);
/*
 * Adds the recipients that the words name to mail->dsn; true: at least one
 * stands beside a reply or a reason.
 */
bool report_recipients(
	struct mail_view *view, const struct report_words *words);
/* Those in X-Failed-Recipients (Exim, Gmail), with what the words say. */
void report_header_recipients(
	struct mail_view *view, const struct report_words *words);
/* The header of the letter that came back; false: none was returned. */
bool report_returned(
	struct mail_view *view, size_t from, struct mail_header *header_out);
/* SES, SNS: JSON instead of words; what it is in kind_out. */
bool report_json(struct mail_view *view, enum ouv_mail_class *kind_out);

#endif
