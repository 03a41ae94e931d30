/*
 * marks.h - what text.c, parts.c and marks.c share: signed, sealed, invited
 */
#ifndef OUV_MAIL_MARKS_H
#define OUV_MAIL_MARKS_H

#include "internal.h"

/* ---- marks.c ----------------------------------------------------------------
 */

/* Marks by the types of the parts and by what stands in the text. */
void mail_marks(struct ouv_arena *arena, const struct mail_message *message,
	struct ouv_mail *mail);
/* Is it a whole mail in a PKCS #7 envelope, and not a signed file? */
bool mail_is_smime(
	const struct mail_message *message, const struct mail_leaf *leaf);

/* ---- cms.c: PKCS #7 ---------------------------------------------------------
 */

enum mail_cms {
	MAIL_CMS_NONE, /* it is no such thing */
	MAIL_CMS_SIGNED,
	MAIL_CMS_SEALED,
	MAIL_CMS_OTHER
};

/* content_out: what was signed, p NULL if it is not inside. */
enum mail_cms mail_cms_open(struct ouv_arena *arena, struct ouv_str bytes,
	struct ouv_str *content_out);

/* ---- armor.c: OpenPGP in a text -------------------------------------------
 */

enum {
	MAIL_ARMOR_SIGNED = 1,
	MAIL_ARMOR_MESSAGE = 2,
	MAIL_ARMOR_KEY = 4
};

/* Which blocks stand in the text, whole and as lines of their own. */
unsigned mail_armor(struct ouv_str text);
/* The text without the armor of what is signed in clear (RFC 9580 7). */
void mail_armor_strip(struct ouv_str text, struct ouv_buf *out);

/* ---- invite.c, rich.c, rtf.c: other shapes of text -------------------------
 */

/* What an invitation says (RFC 5545), for a mail without other text. */
void mail_invite(struct ouv_arena *scratch, struct ouv_str calendar,
	struct ouv_buf *out);
/* text/enriched (RFC 1896), or text/richtext (RFC 1341). */
void mail_rich(struct ouv_str text, bool enriched, struct ouv_buf *out);

enum mail_rtf {
	MAIL_RTF_NONE, /* it is no RTF */
	MAIL_RTF_TEXT,
	MAIL_RTF_HTML /* a page that was put inside: out is HTML */
};

/* Any RTF to UTF-8; out is text or the page that it was made of. */
enum mail_rtf mail_rtf_read(
	struct ouv_arena *scratch, struct ouv_str rtf, struct ouv_buf *out);
/* The RTF of a mailbox, which is compressed; false: it cannot be read. */
bool mail_rtf_expand(struct ouv_arena *arena, struct ouv_str compressed,
	struct ouv_str *rtf_out);

/* ---- text.c
 * ------------------------------------------------------------------- */

/* Says in defects and marks what a rendering left out or would fetch. */
void mail_say_rendering(struct ouv_arena *arena, struct ouv_mail *mail,
	const struct mail_rendering *seen);

/* ---- alternative.c
 * ----------------------------------------------------------- */

enum mail_choice {
	MAIL_READ_PLAIN,
	MAIL_READ_HTML,     /* the plain one only says that it is none */
	MAIL_READ_HTML_MORE /* most words are in the page alone */
};

/* Which of two shapes of a text is read. */
enum mail_choice mail_choose(struct ouv_str plain, struct ouv_str html);

#endif
