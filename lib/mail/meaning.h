/*
 * meaning.h - what the files of the meaning half share among themselves
 */
#ifndef OUV_MAIL_MEANING_H
#define OUV_MAIL_MEANING_H

#include "internal.h"

/* One mail on its way to being understood; every step adds to *mail. */
struct mail_view {
	struct ouv_arena *arena;
	const struct mail_message *message;
	const struct ouv_mail_office *office;
	struct ouv_mail *mail;
};

/* ---- plain.c ----------------------------------------------------------------
 */

/*
 * Text folded for comparing: ASCII lower case, Latin letters without
 * accents, runs of any blank as one, none at the ends, nothing invisible.
 */
char *mail_plain(struct ouv_arena *arena, const char *text, size_t len);
bool mail_starts(const char *text, const char *prefix);
bool mail_ends(const char *text, const char *suffix);
/* Does it begin with, hold, equal one of count words (none of them empty)? */
bool mail_starts_any(const char *text, const char *const *words, size_t count);
bool mail_has_any(const char *text, const char *const *words, size_t count);
bool mail_is_any(const char *text, const char *const *words, size_t count);
/* The domain of an address, "" if it has none. */
const char *mail_domain(const char *addr);
/* Same local part (without +detail) and domain, any case. */
bool mail_same_mailbox(const char *a, const char *b);
/* The office's own mailbox, or a reply address of it. */
bool mail_is_ours(const struct ouv_mail_office *office, const char *addr);
/*
 * X in "prefix+X@domain of the office", in the arena; NULL: another address
 * or a letter that no name of ours has.
 */
const char *mail_plus_name(struct ouv_arena *arena,
	const struct ouv_mail_office *office, const char *prefix,
	const char *addr);
/* Is this Message-ID one that we gave out? */
bool mail_id_is_ours(const struct ouv_mail_office *office, const char *id);

/* ---- classify.c, report.c, dsn.c, cause.c ------------------------- */

/* Reads every header and report; sets kind and reasons. */
void mail_classify(struct mail_view *view);
void mail_reason(struct mail_view *view, const char *text);
/*
 * Is it a report of a mail system?  Then dsn, has_dsn and what belongs to
 * them are set, and what it is in kind_out.  Returns the reason, NULL: no.
 */
const char *mail_report(struct mail_view *view, enum ouv_mail_class *kind_out);
/* One report's fields (RFC 3464 2.1), whatever bytes they are. */
void mail_dsn_fields(
	struct ouv_arena *arena, struct ouv_str text, struct ouv_mail *mail);
/* hard, soft or unknown from the recipients (RFC 3463 2). */
void mail_dsn_verdict(struct ouv_mail *mail);

/* Why a delivery failed; neither is NULL. */
struct mail_cause {
	const char *status; /* "5.1.1"; "": nothing tells */
	const char *cause;  /* as in struct ouv_mail_dsn_rcpt */
};

/*
 * What a stated status (NULL: none) and the words around it say of a failure;
 * a late letter has a status of class 4 where none was stated.
 */
void mail_cause(struct ouv_arena *arena, const char *status,
	struct ouv_str text, bool late, struct mail_cause *cause_out);
void mail_dsn_add(struct ouv_arena *arena, struct ouv_mail *mail,
	const char *addr, const char *action, const struct mail_cause *why);
/* "5.1.1" from any text that holds one; NULL: none. */
const char *mail_status_find(
	struct ouv_arena *arena, const char *text, size_t len);
/* The Message-ID that a report is about, NULL: none. */
const char *mail_original_id(struct mail_view *view);

/* ---- absence.c --------------------------------------------------- */

/* has_absence and absence, of an automatic answer */
void mail_absence(struct mail_view *view);

/* ---- thread.c, auth.c, action.c ---------------------------------- */

/* delivered_to, tokens, verp: to whom it came */
void mail_recipients(struct mail_view *view);
/* thread_ids, subject_tag: what it answers */
void mail_thread(struct mail_view *view);
void mail_auth(struct mail_view *view);
void mail_action(struct mail_view *view);

/* ---- quote.c, lang.c --------------------------------------------- */

/* Sets reply_text, has_forward and forward. */
void mail_quote(struct mail_view *view);
/* The writer's new text; text itself when there is nothing else. */
const char *mail_reply_text(struct ouv_arena *arena, const char *text);
/* pt it en es fr de und */
const char *mail_lang(struct ouv_arena *arena, const char *text, size_t len);

#endif
