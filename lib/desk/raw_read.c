/*
 * raw_read.c - the bytes of a message as they came, or of one part of it, a few
 * pieces in memory at a time
 */
#include "raw_read.h"

#define PIECES 4 /* of 256 KiB, at a time */

static void
free_arena(void *arena)
{
	struct ouv_arena *it = arena;

	ouv_arena_free(&it);
}

struct ouv_arena *
raw_pieces(struct ouv_arena *arena)
{
	struct ouv_arena *pieces = ouv_arena_new(OUV_ARENA_WIPE);

	ouv_arena_defer(arena, free_arena, pieces);
	return pieces;
}

void
raw_begin(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_id *item, const uint8_t dek[OUV_KEY],
	struct raw_reading *raw)
{
	struct ouv_context context;

	context_make(
		desk, OUV_KIND_RAW, OUV_COLUMN_NONE, NULL, item, 1, &context);
	raw->stream = ouv_stream_in_new(arena, &context, dek);
}

static enum ouv_err
take_chunk(int n, const void *data, size_t len, void *user)
{
	struct raw_reading *raw = user;
	struct ouv_buf plain;

	raw->next = n + 1; /* the stream itself refuses a wrong order */
	if (raw->part == NULL)
		return ouv_stream_in_next(raw->stream, raw->pieces, data, len,
			&raw->out, &raw->end);
	ouv_buf_init(&plain, raw->pieces, OUV_CHUNK);
	TRY(ouv_stream_in_next(
		raw->stream, raw->pieces, data, len, &plain, &raw->end));
	ouv_mail_part_stream_add(raw->part, plain.data, plain.len, &raw->out);
	return raw->end ? ouv_mail_part_stream_end(raw->part, &raw->out)
			: OUV_OK;
}

enum ouv_err
raw_more(
	struct store_tx *tx, const struct ouv_id *item, struct raw_reading *raw)
{
	int count;

	ouv_arena_reset(raw->pieces);
	ouv_buf_init(&raw->out, raw->pieces, (size_t)PIECES * OUV_CHUNK);
	TRY(store_chunks_some(
		tx, item, raw->next, PIECES, take_chunk, raw, &count));
	return count == 0 ? OUV_REFUSED : OUV_OK; /* the last one is missing */
}
