/*
 * zip.h - a ZIP archive that goes out as it is made
 */
#ifndef OUV_SERVER_ZIP_H
#define OUV_SERVER_ZIP_H

#include <stdint.h>

#include "ouv/arena.h"
#include "ouv/buf.h"
#include "ouv/err.h"

struct zip;

/* It goes with the arena; NULL: no memory. */
struct zip *zip_new(struct ouv_arena *arena);
/* The next file; names are plain ASCII.  OUV_TEMPORARY: no memory. */
OUV_MUST_CHECK enum ouv_err zip_file(
	struct zip *zip, const char *name, int64_t at);
OUV_MUST_CHECK enum ouv_err zip_bytes(
	struct zip *zip, const void *data, size_t len);
/* What makes it whole; nothing may follow. */
OUV_MUST_CHECK enum ouv_err zip_end(struct zip *zip);
/* What is ready, valid until the next call; taken at once. */
struct ouv_str zip_take(struct zip *zip);

#endif
