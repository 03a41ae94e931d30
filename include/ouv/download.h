/*
 * download.h - a message or an attachment, piece by piece, as long as its
 * reader may read it
 */
#ifndef OUV_DOWNLOAD_H
#define OUV_DOWNLOAD_H

#include "ouv/desk.h"

struct ouv_download {
	const char *name, *type; /* as the sender gave them */
	struct downloading *inside;
};

/*
 * The raw message of an item, or (part >= 0) one attachment decoded.  It lives
 * in the arena and goes with it.  Written to the case's log.  Errors as
 * ouv_desk_case; OUV_NOT_FOUND also for an item or a part that is not there.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_download(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const struct ouv_id *item, int part,
	struct ouv_download *download_out);
/*
 * The next bytes, at most `most`; none: that was all.  Any desk of the same
 * program will do.  Once a second it is asked whether the session lives and its
 * person still holds the key: OUV_REFUSED, at the latest then.  Also for a row
 * that was altered; after any error nothing more comes.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_download_read(struct ouv_desk *desk,
	struct ouv_download *download, char *bytes, size_t most,
	size_t *len_out);

#endif
