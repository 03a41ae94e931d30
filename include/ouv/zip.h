/*
 * zip.h - ZIP archives: one that goes out as it is made, and one that is looked
 * at as it goes by
 */
#ifndef OUV_ZIP_H
#define OUV_ZIP_H

#include <stdint.h>

#include "ouv/arena.h"
#include "ouv/buf.h"
#include "ouv/err.h"

struct ouv_zip;

/* It goes with the arena; NULL: no memory. */
struct ouv_zip *ouv_zip_new(struct ouv_arena *arena);
/* The next file; names are plain ASCII.  OUV_TEMPORARY: no memory. */
OUV_MUST_CHECK enum ouv_err ouv_zip_file(
	struct ouv_zip *zip, const char *name, int64_t at);
OUV_MUST_CHECK enum ouv_err ouv_zip_bytes(
	struct ouv_zip *zip, const void *data, size_t len);
/* What makes it whole; nothing may follow. */
OUV_MUST_CHECK enum ouv_err ouv_zip_end(struct ouv_zip *zip);
/* What is ready, valid until the next call; taken at once. */
struct ouv_str ouv_zip_take(struct ouv_zip *zip);

/*
 * Somebody else's archive, from its first byte to its last, in pieces of any
 * size: behind a fence, for its bytes may be anybody's.  It is strict: files
 * one after the other, each as its entry in the directory at the end says it,
 * nothing between, before or behind them; so that no other program finds in it
 * what this one did not.
 */
#define OUV_UNZIP_FILES 200000 /* in one archive */
#define OUV_UNZIP_NAME 255     /* bytes of a name */

struct ouv_unzip;
enum ouv_unzip_step {
	OUV_UNZIP_FILE,  /* begins: name */
	OUV_UNZIP_BYTES, /* of it, unpacked */
	OUV_UNZIP_DONE,  /* it was whole, by its sum */
};
typedef void ouv_unzip_fn(void *user, enum ouv_unzip_step step,
	const char *name, const void *bytes, size_t len);

/* It goes with the arena. */
struct ouv_unzip *ouv_unzip_new(
	struct ouv_arena *arena, ouv_unzip_fn *tell, void *user);
/* OUV_INVALID: it is no such archive; the same from then on. */
OUV_MUST_CHECK enum ouv_err ouv_unzip_add(
	struct ouv_unzip *unzip, const void *bytes, size_t len);
/* OUV_INVALID also: it ends before its end. */
OUV_MUST_CHECK enum ouv_err ouv_unzip_end(struct ouv_unzip *unzip);
/* What is wrong, a sentence in English; NULL: nothing so far. */
const char *ouv_unzip_wrong(const struct ouv_unzip *unzip);

#endif
