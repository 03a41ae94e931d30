/*
 * err.h - what a caller can do about a failure
 *
 * Whoever meets the trouble logs it, once, where it is known; everybody else
 * passes the value on.  A failed call leaves its outputs alone.  Two tables,
 * in server/ and in mailgw/, turn the value into an HTTP status and into what
 * happens to a mail; no sentence for people lives in C.
 */
#ifndef OUV_ERR_H
#define OUV_ERR_H

enum ouv_err {
	OUV_OK = 0,
	OUV_NOT_FOUND, /* no such case, page, person     -> 404, drop   */
	OUV_INVALID,   /* the input breaks a rule        -> 422, bounce */
	OUV_REFUSED,   /* not this role, not this state  -> 403, bounce */
	OUV_CONFLICT,  /* somebody else moved it first   -> 409, retry  */
	OUV_TEMPORARY, /* database, network, disk        -> 503, retry  */
	OUV_ERR__COUNT
};

#define OUV_MUST_CHECK __attribute__((warn_unused_result))
#define OUV_CLEANUP(f) __attribute__((cleanup(f)))
#define OUV_PRINTF(a, b) __attribute__((format(printf, a, b)))

/* The word for a log line ("not_found"); never shown to people. */
const char *ouv_err_name(enum ouv_err err);

#endif
