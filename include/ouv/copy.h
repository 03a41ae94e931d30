/*
 * copy.h - a copy of a case for the person it is about, file by file
 *
 * What that person wrote, what the office wrote to them, and what was released
 * to them; never what is another's.  The verb "export" makes it (its result's
 * copy) in the transaction that writes down who made it and what for.
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

#endif
