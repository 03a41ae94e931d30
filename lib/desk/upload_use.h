/*
 * upload_use.h - files that lie there for a form go into one message
 */
#ifndef OUV_DESK_UPLOAD_USE_H
#define OUV_DESK_UPLOAD_USE_H

#include "desk_impl.h"

struct upload_one {
	struct ouv_upload is;
	struct ouv_id id;
	uint8_t dek[OUV_KEY];
};
/* Those that go with a form, in its order. */
struct upload_list {
	size_t count;
	struct upload_one *list;
	uint8_t form[32];
	bool any; /* the form has a secret */
};

/*
 * By the fields "upload" and "files" of the call; none: nothing was brought.
 * One that is not there any more is a field's error of "files": files-gone.
 * upload_ wipe when the list is of no use any more.
 */
OUV_MUST_CHECK enum ouv_err upload_chosen(
	struct verb_call *call, struct upload_list *list_out);
void upload_wipe(struct upload_list *list);

/*
 * The letter with these files, written into the item's sealed pieces; a piece
 * or two of it are in memory at a time.  Of mail size, sha256, parts and marks
 * are set, of the item raw_padded.
 */
OUV_MUST_CHECK enum ouv_err upload_letter(struct verb_call *call,
	const struct upload_list *list, const struct ouv_letter *letter,
	struct store_item *item, const uint8_t dek[OUV_KEY],
	struct ouv_mail *mail);
/* They are in a message now: what lay there goes, in this transaction. */
OUV_MUST_CHECK enum ouv_err upload_taken(
	struct verb_call *call, const struct upload_list *list);

/* A file's bytes, from the first to the last, a few pieces in memory; of its
 * own arena, that ends with the other. */
struct upload_reading {
	struct ouv_arena *scratch;
	struct ouv_stream_in *stream;
	struct ouv_buf out;
	struct ouv_id id;
	int next;
	bool end;
};
void upload_read_begin(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_id *id, const uint8_t dek[OUV_KEY],
	struct upload_reading *reading);
/* Fills out anew; empty: that was all.  OUV_REFUSED: altered, or cut. */
OUV_MUST_CHECK enum ouv_err upload_read_more(
	struct store_tx *tx, struct upload_reading *reading);

#endif
