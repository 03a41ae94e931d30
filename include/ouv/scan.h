/*
 * scan.h - words of pictures: which attachments are to be read by machine, one
 * page of one read, and pages as people see them
 *
 * A scanned letter takes minutes, and a request has seconds.  So the session of
 * a colleague who opens a case (or whoever files something while they hold its
 * key) makes jobs: an attachment and the key of its item.  One thread does
 * them page by page; each page is a row of its own, sealed under that key, so
 * that no more than the page at work is ever lost.  docs/letters.md, "Words of
 * pictures".
 */
#ifndef OUV_SCAN_H
#define OUV_SCAN_H

#include "ouv/desk.h"
#include "ouv/ocr_page.h"

#define OUV_SCAN_PAGES 500 /* of one attachment at most */
#define OUV_SCAN_SIDE 1400 /* dots of a page that is shown */

/* ---- behind the fence ------------------------------------------------------
 */

enum ouv_scan_ask {
	OUV_SCAN_LOOK, /* is it a picture, how many pages has it? */
	OUV_SCAN_READ, /* the words of one page                   */
	OUV_SCAN_SHOW  /* one page as a JPEG                      */
};
struct ouv_scan_wish {
	enum ouv_scan_ask ask;
	int page;         /* from 1 */
	char kind;        /* of it, as LOOK told; to be read */
	const char *lang; /* of the case: "pt-BR"; "" : not known */
	int turn, skew;   /* to show it as it was read */
	int side;         /* dots of its longer side */
};
/*
 * The answer in the arena, to be believed as little as the attachment:
 *   LOOK  "scan N KINDS" or "none WHY"
 *   READ  a page (ouv/ocr_page.h) or "none WHY"
 *   SHOW  a JPEG, or nothing
 * WHY: words (it holds its own text), small (a logo), locked, damaged, large,
 * kind (no picture), slow.
 *
 * OUV_INVALID: it cannot be read.  OUV_TEMPORARY: not now.
 */
typedef enum ouv_err ouv_scanner_fn(void *user, struct ouv_arena *arena,
	const struct ouv_scan_wish *wish, struct ouv_str bytes,
	struct ouv_str *answer_out);

/* ---- jobs ------------------------------------------------------------------
 */

struct ouv_scan_job {
	struct ouv_id case_id, item;
	int part;
	enum ouv_lang lang;
	struct ouv_key *dek; /* of the item, in guarded memory */
	/* Whose session it came from: it ends with that session, and when they
	 * lose the key of the case.  Zero: who filed it is gone. */
	struct ouv_id person;
	int64_t begun_us; /* of the session */
};
/* Wipes the key; NULLs *job. */
void ouv_scan_job_free(struct ouv_scan_job **job);
/* Takes the job over. */
typedef void ouv_scan_take_fn(void *user, struct ouv_scan_job *job);
/* Before threads: whom whoever files something offers it to.  Without it
 * scans wait until a colleague opens their case. */
void ouv_office_scans(
	struct ouv_office *office, ouv_scan_take_fn *take, void *user);

/*
 * What of this case is not read yet, by its reader.  A case of which all is
 * read is not looked through again by the same desk until it gets more.  What
 * goes wrong is on the log: a reading does not fail by it.
 */
void ouv_desk_scan_jobs(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct ouv_id *case_id, ouv_scan_take_fn *take, void *user);

/*
 * The next page of a job, or the first look at it; left_out: there is more.
 * Pages that cannot be read are noted as such, so that they are not tried
 * again.
 *
 * OUV_REFUSED: whose job it is may not read it any more.  OUV_NOT_FOUND: the
 * item is not there (yet).  OUV_TEMPORARY: later; nothing was written.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_scan_step(struct ouv_desk *desk,
	const struct ouv_scan_job *job, ouv_scanner_fn *scanner, void *user,
	bool *left_out);

/* Before threads: by whom pictures in printed case files are drawn.  Without it
 * they are listed alone. */
void ouv_office_draws(
	struct ouv_office *office, ouv_scanner_fn *scanner, void *user);

/* ---- pages as people see them ----------------------------------------------
 */

/* Of one attachment, for the page of a case. */
struct ouv_scan_state {
	int part;
	int pages;       /* 0: nothing to read on it; -1: not looked at yet */
	int done;        /* pages, read or given up */
	const char *why; /* pages 0: as above; a constant */
};

/* One page, with what was read on it. */
struct ouv_scan_page {
	int seq;          /* of the item */
	const char *name; /* of the attachment; may be NULL */
	int pages, done, page;
	bool read;
	const char *why; /* not read: NULL: not yet; else why not */
	struct ouv_ocr_page words;
	enum ouv_lang lang; /* of the case */
	/* by the case's state and the colleague's role */
	bool may_quote, may_index;
};
/* As ouv_desk_case, whose line in the log it writes.  OUV_NOT_FOUND: also for a
 * page, part or item that is not there, or is no picture. */
OUV_MUST_CHECK enum ouv_err ouv_desk_scan_page(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const struct ouv_id *item, int part, int page,
	struct ouv_scan_page *page_out);
/* The same for a page of the case that quotes it: nothing is written. */
OUV_MUST_CHECK enum ouv_err ouv_desk_scan_words(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const struct ouv_id *item, int part, int page,
	struct ouv_scan_page *page_out);
/* The same drawn anew by the scanner, as a JPEG. */
OUV_MUST_CHECK enum ouv_err ouv_desk_scan_picture(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const struct ouv_id *item, int part, int page,
	ouv_scanner_fn *scanner, void *user, struct ouv_str *jpeg_out);

#endif
