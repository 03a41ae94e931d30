/*
 * raw_read.h - the bytes of a message as they came, or of one part of it, a few
 * pieces in memory at a time
 */
#ifndef DESK_RAW_READ_H
#define DESK_RAW_READ_H

#include "desk_impl.h"

struct raw_reading {
	struct ouv_arena *pieces;          /* what lies between two readings */
	struct ouv_stream_in *stream;      /* NULL: not begun */
	struct ouv_mail_part_stream *part; /* NULL: the whole message */
	struct ouv_buf out;
	int next; /* chunk */
	bool end;
};

/* The reading's own arena, that ends with the other. */
struct ouv_arena *raw_pieces(struct ouv_arena *arena);
/* The stream is of that arena, the key is copied into it. */
void raw_begin(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_id *item, const uint8_t dek[OUV_KEY],
	struct raw_reading *raw);
/* Fills out anew, which may stay empty before the end.  OUV_REFUSED: the bytes
 * were altered, or the last of them is missing. */
OUV_MUST_CHECK enum ouv_err raw_more(struct store_tx *tx,
	const struct ouv_id *item, struct raw_reading *raw);

#endif
