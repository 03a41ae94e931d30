/*
 * scan.h - what reading pictures shares: rows of pages under the key of their
 * item, which attachments are looked at, whom jobs are offered to
 */
#ifndef DESK_SCAN_H
#define DESK_SCAN_H

#include "desk_impl.h"
#include "ouv/scan.h"
#include "ouv/store_scan.h"

/* ---- scan_row.c ---------------------------------------------------------- */

/* Page 0: of how many pages, what each is ("sst": ouv/attach.h). */
struct scan_head {
	int pages;         /* 0: nothing to read, and why: a constant */
	const char *kinds; /* as many letters as pages */
	const char *why;
};

/* One row, under the item's key. */
void scan_seal(const struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_id *item, int part, int page,
	const uint8_t dek[OUV_KEY], struct ouv_str text,
	struct ouv_str *ct_out);
/* OUV_REFUSED: altered, or put in another's place. */
OUV_MUST_CHECK enum ouv_err scan_open(const struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_id *item, int part, int page,
	const uint8_t dek[OUV_KEY], struct ouv_str ct,
	struct ouv_str *text_out);
/* Strict.  OUV_INVALID. */
OUV_MUST_CHECK enum ouv_err scan_head_read(struct ouv_arena *arena,
	struct ouv_str text, struct scan_head *head_out);
/* The constant of "none WHY"; NULL: it does not say that. */
const char *scan_why(struct ouv_str text);
/* May it be a picture of pages?  By type, or by name where the type says
 * nothing. */
bool scan_is_picture(const struct ouv_mail_part *part);
/* What is known of the attachments of this item: only pictures, and those that
 * are not looked at yet have pages -1. */
void scan_states(const struct ouv_desk *desk, struct ouv_arena *arena,
	const uint8_t dek[OUV_KEY], const struct ouv_id *item,
	const struct ouv_mail *mail, const struct store_scan_state *rows,
	size_t count, struct ouv_scan_state **list_out, size_t *count_out);

/* ---- scan_job.c ---------------------------------------------------------- */

/*
 * The pictures of an item that was just filed, for whoever has its key now and
 * will not have it later (a party's own post, an upload of theirs).  In its
 * transaction or after it: the job waits for the row.  person zero: nobody's
 * session.
 */
void scan_offer(struct ouv_desk *desk, const struct ouv_id *case_id,
	const struct ouv_id *item, const uint8_t dek[OUV_KEY],
	enum ouv_lang lang, const struct ouv_mail *mail);

#endif
