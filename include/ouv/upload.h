/*
 * upload.h - files that somebody brings with a form
 *
 * They are staged as they arrive: sealed pieces of 256 KiB under a key of the
 * form's own secret (a hidden field) and PEPPER, so that neither the database
 * nor the disk of the server opens them.  A file that came whole is looked at
 * behind a fence; one that is not what it says is refused and nothing of it
 * stays.  When the form is done they become attachments of ONE message
 * (lib/desk/upload_use.h); what nobody finished is swept after a day.
 *
 * A page takes files with server/incoming.h, which calls all this.
 */
#ifndef OUV_UPLOAD_H
#define OUV_UPLOAD_H

#include "ouv/desk.h"

/* Of a file that is kept as it is, though there is something to know: bits.
 * Each is also a mark of the message (struct ouv_mail), by its name. */
enum ouv_upload_mark {
	OUV_UPLOAD_LOCKED,  /* it opens with a password only               */
	OUV_UPLOAD_DAMAGED, /* whole as it came, but not well formed        */
	OUV_UPLOAD_LONG,    /* more pages than are read by machine          */
	OUV_UPLOAD_MARK__COUNT
};
#define OUV_UPLOAD_BIT(mark) (1U << (mark))
/* "file-locked", "file-damaged", "file-long" */
const char *ouv_upload_mark_name(enum ouv_upload_mark mark);

/* Why a file was refused.  Its word is upload_NAME. */
enum ouv_upload_why {
	OUV_UPLOAD_FINE,
	OUV_UPLOAD_EMPTY,     /* no bytes                                     */
	OUV_UPLOAD_TOO_LARGE, /* [server] upload_file_mib                     */
	OUV_UPLOAD_TOO_MUCH,  /* all together: upload_form_mib                */
	OUV_UPLOAD_TOO_MANY,  /* upload_files                                 */
	OUV_UPLOAD_KIND,      /* none of the types that this form takes       */
	OUV_UPLOAD_LIES,      /* its name or type says another than it is     */
	OUV_UPLOAD_BOMB,      /* more dots than anybody needs                 */
	OUV_UPLOAD_UNREADABLE, /* looking at it took too long or too much */
	OUV_UPLOAD_BUSY, /* too many files at once: send it again        */
	OUV_UPLOAD_WHY__COUNT
};
const char *ouv_upload_why_name(enum ouv_upload_why why); /* "too-large"... */

/* Which types a form takes. */
enum ouv_upload_taker {
	OUV_UPLOAD_SCANS, /* colleagues, of what came on paper: PDF and pictures
			   */
	OUV_UPLOAD_PARTY, /* parties: also text, office documents and audio */
	OUV_UPLOAD_TAKER__COUNT
};

/* One file of a form, as it lies there. */
struct ouv_upload {
	int n;            /* of its form; 0 upwards, in order of arrival     */
	const char *name; /* no path, no control characters; never empty     */
	const char *type; /* what it is, by its bytes: "image/jpeg"          */
	uint64_t size;    /* bytes                                           */
	char sha256[65];
	int pages;      /* of a PDF or TIFF; 1 for a picture; 0: no pages    */
	unsigned marks; /* OUV_UPLOAD_BIT */
};

/* ---- the form's secret -----------------------------------------------------
 */

#define OUV_UPLOAD_SECRET 44 /* as text, with its zero */
/* A fresh one for the hidden field "upload". */
void ouv_upload_secret(char out[OUV_UPLOAD_SECRET]);

/* What [server] says of sizes, in bytes, and how many. */
struct ouv_upload_limits {
	uint64_t file, form;
	int files;
};
struct ouv_upload_limits ouv_upload_limits(const struct ouv_config *config);

/* ---- arriving --------------------------------------------------------------
 */

/*
 * Looks at a whole file behind a fence.  feed gives its bytes from the first
 * to the last, piece by piece, and no more once it gave none.  The answer goes
 * to *found; a file that must be refused is told in *why_out.  Set by the
 * program that has a fence (server/reader.c).
 * OUV_TEMPORARY: no fence, or the bytes could not be read.
 */
struct ouv_upload_feed {
	enum ouv_err (*more)(void *user, struct ouv_str *piece_out);
	void *user;
};
typedef enum ouv_err ouv_upload_look_fn(void *user,
	const struct ouv_upload_feed *feed, enum ouv_upload_taker taker,
	const char *name, const char *declared, struct ouv_upload *found,
	enum ouv_upload_why *why_out);
void ouv_office_looker(
	struct ouv_office *office, ouv_upload_look_fn *look, void *user);

/* A file on its way; it lives in the arena given. */
struct ouv_uploading;
/*
 * name and declared as the browser sent them, declared may be NULL.  The row is
 * made at once, so that what never arrives whole is swept.
 *
 * OUV_INVALID: secret is none of ours.  OUV_REFUSED: *why_out says why (too
 * many, too much; too large is seen on the way); nothing is stored.
 * OUV_TEMPORARY: no database, or no room for more files of everybody.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_upload_begin(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *secret,
	enum ouv_upload_taker taker, const char *name, const char *declared,
	struct ouv_uploading **out, enum ouv_upload_why *why_out);
/* More bytes, in transactions of their own.  Any desk of the program will do.
 * OUV_REFUSED: over a limit; what came of it is gone. */
OUV_MUST_CHECK enum ouv_err ouv_desk_upload_add(struct ouv_desk *desk,
	struct ouv_uploading *file, const void *data, size_t len,
	enum ouv_upload_why *why_out);
/* It is whole: looked at, and kept.  OUV_REFUSED as above. */
OUV_MUST_CHECK enum ouv_err ouv_desk_upload_end(struct ouv_desk *desk,
	struct ouv_uploading *file, struct ouv_upload *kept_out,
	enum ouv_upload_why *why_out);
/* It will not become whole: what came is gone.  Also in place of end. */
void ouv_desk_upload_drop(struct ouv_desk *desk, struct ouv_uploading *file);

/* ---- lying there -----------------------------------------------------------
 */

/* The whole files of this form, in order of arrival; none for an unknown
 * secret. */
OUV_MUST_CHECK enum ouv_err ouv_desk_uploads(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *secret,
	struct ouv_upload **list_out, size_t *count_out);
/* Takes one away; all for n -1.  One that is not there is no error. */
OUV_MUST_CHECK enum ouv_err ouv_desk_upload_remove(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *secret, int n);

/*
 * The fields "upload" (the secret) and "files" (numbers in their order, with
 * commas; "" : none) tell a verb which files go with it: server/incoming.h puts
 * them into the form.
 */
#define OUV_UPLOAD_FIELD "upload"
#define OUV_UPLOAD_FILES_FIELD "files"

#endif
