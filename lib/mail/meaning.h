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

/* ---- classify.c, dsn.c ------------------------------------------- */

/* Reads every header and report; sets kind and reasons. */
void mail_classify(struct mail_view *view);
void mail_reason(struct mail_view *view, const char *text);
/* Sets has_dsn and what belongs to it; false: this is no report. */
bool mail_dsn_read(struct mail_view *view);
/*
 * Free-form bounces of mailers that do not write RFC 3464.  From a person
 * (daemon false) only what begins with a mailer's words counts.
 */
bool mail_dsn_guess(struct mail_view *view, bool daemon);
/* Has it the field in which Exim and others name the failed? */
bool mail_names_failed(const struct mail_view *view);
/* A bounce of which nothing more is known. */
void mail_dsn_bare(struct mail_view *view);
/* One report's fields (RFC 3464 2.1), whatever bytes they are. */
void mail_dsn_fields(
	struct ouv_arena *arena, struct ouv_str text, struct ouv_mail *mail);
/* hard, soft or unknown from the recipients (RFC 3463 2). */
void mail_dsn_verdict(struct ouv_mail *mail);
void mail_dsn_add(struct ouv_arena *arena, struct ouv_mail *mail,
	const char *addr, const char *action, const char *status);
/* "5.1.1" from any text that holds one; NULL: none. */
const char *mail_status_find(
	struct ouv_arena *arena, const char *text, size_t len);
/* The same, else words for a full mailbox, else the class of a reply code. */
const char *mail_status_guess(
	struct ouv_arena *arena, const char *text, size_t len);
/* Amazon SES: JSON instead of a report. */
bool mail_dsn_json(struct mail_view *view);
/* The Message-ID that a report is about, NULL: none. */
const char *mail_original_id(struct mail_view *view);

/* ---- thread.c, auth.c, action.c ---------------------------------- */

/* delivered_to, tokens, verp: to whom it came */
void mail_recipients(struct mail_view *view);
/* thread_ids, subject_tag: what it answers */
void mail_thread(struct mail_view *view);
void mail_auth(struct mail_view *view);
void mail_action(struct mail_view *view);

/* ---- quote.c, lang.c --------------------------------------------- */

/* The writer's new text; text itself when there is nothing else. */
const char *mail_reply_text(struct ouv_arena *arena, const char *text);
/* pt it en es fr de und */
const char *mail_lang(struct ouv_arena *arena, const char *text, size_t len);

#endif
