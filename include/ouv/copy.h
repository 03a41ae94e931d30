/*
 * copy.h - a copy of a case that goes out of the office, file by file
 *
 * For the person it is about (the verb "export"): what they wrote, what the
 * office wrote to them, what was released to them; never what is another's.
 * For somebody else (the verbs "case-file", "take-file"): what its recipient
 * may have, with a manifest and, where it was asked for, the log
 * (docs/casefile.md).  The verb makes it (its result's copy) in the transaction
 * that writes down who made it and what for.
 */
#ifndef OUV_COPY_H
#define OUV_COPY_H

#include "ouv/desk.h"

struct ouv_copy;

enum ouv_copy_step {
	OUV_COPY_FILE,  /* the next file begins */
	OUV_COPY_BYTES, /* of the file that began last */
	OUV_COPY_END,   /* that was all */
};
struct ouv_copy_bit {
	enum ouv_copy_step step;
	const char *name; /* of FILE: a path of plain ASCII, no ".." in it */
	int64_t at;       /* of FILE: when it was written */
	struct ouv_str bytes; /* valid until the next call */
};

/*
 * The next bit.  Any desk of the same program will do.  Once a second it is
 * asked whether the session lives and its person still holds the key:
 * OUV_REFUSED, at the latest then; after any error nothing more comes.  A file
 * that cannot be read to its end is no error: the copy says so itself.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_copy_next(struct ouv_desk *desk,
	struct ouv_copy *copy, struct ouv_copy_bit *bit_out);
/* "2026-000123-4.zip" */
const char *ouv_copy_name(const struct ouv_copy *copy);
/* It is one file by itself, of this type; NULL: several, for an archive. */
const char *ouv_copy_single(const struct ouv_copy *copy);

/* ---- case files -----------------------------------------------------------
 */

/* What would be in one, before it is made. */
struct ouv_dossier_look {
	int messages, notes, released, attachments, log; /* that are in it */
	int masked; /* messages whose words alone are in it, masked */
	int lost;   /* that do not open */
	/* left out, and why; 0 also where its recipient is not to know */
	int left_lane, left_days, left_notes, left_attachments, left_unread;
	int64_t bytes; /* about so many, unpacked */
	int pages;     /* about so many, printed */
	bool party;    /* its recipient is a party: theirs and released alone */
	enum ouv_lang lang;
};

/* Case files of this program also come printed, as one PDF. */
void ouv_office_prints(struct ouv_office *office);

/*
 * Somebody else checks a case file they were handed: no secret, no database, no
 * office.  Its bytes may be anybody's: behind a fence.
 */
struct ouv_dossier_check;
struct ouv_dossier_found {
	const char *wrong;  /* a sentence; NULL: it holds */
	const char *where;  /* the file it is about; "" : the archive */
	int files, entries; /* whose sums hold; of the log */
	const char *protocol, *manifest; /* ... its sum; "" */
	const char *log_head; /* hash of the log's last entry; "" : no log */
	bool incomplete; /* it says itself that something could not be read */
};
struct ouv_dossier_check *ouv_dossier_check_new(struct ouv_arena *arena);
void ouv_dossier_check_add(
	struct ouv_dossier_check *check, const void *bytes, size_t len);
void ouv_dossier_check_end(
	struct ouv_dossier_check *check, struct ouv_dossier_found *found_out);

#endif
