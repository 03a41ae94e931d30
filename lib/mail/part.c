/*
 * part.c - the bytes of one attachment, cut from the raw mail again
 *
 * The place comes from a document that a child wrote which had read hostile
 * bytes: it is checked before it is believed.
 */
#include <string.h>

#include "internal.h"

static enum ouv_err
tnef_part(struct ouv_arena *arena, struct ouv_str encoded, int index,
	struct ouv_str *bytes_out)
{
	struct mail_tnef tnef;

	if (!mail_tnef_open(arena, mail_tnef_bytes(arena, encoded), &tnef) ||
		index < 0 || (size_t)index >= tnef.count)
		return OUV_INVALID;
	*bytes_out = tnef.files[index].data;
	return OUV_OK;
}

enum ouv_err
ouv_mail_part_bytes(struct ouv_arena *arena, const void *raw, size_t len,
	const struct ouv_mail_part *part, struct ouv_str *bytes_out)
{
	struct ouv_str encoded;

	if (part->offset > len || part->length > len - part->offset ||
		(int)part->encoding < 0 ||
		part->encoding >= OUV_MAIL_ENCODING__COUNT)
		return OUV_INVALID;
	encoded.p = (const char *)raw + part->offset;
	encoded.len = part->length;
	if (part->encoding == OUV_MAIL_TNEF)
		return tnef_part(arena, encoded, part->index, bytes_out);
	(void)mail_decode_bytes(arena, part->encoding, encoded, bytes_out);
	return OUV_OK;
}

/* ---- while its mail goes by ------------------------------------------------
 */

struct ouv_mail_part_stream {
	struct ouv_mail_part part;
	struct ouv_arena *arena;
	size_t at;           /* of the mail */
	struct ouv_buf kept; /* encoded, not yet decoded */
};

struct ouv_mail_part_stream *
ouv_mail_part_stream_new(
	struct ouv_arena *arena, const struct ouv_mail_part *part)
{
	struct ouv_mail_part_stream *stream =
		ouv_arena_alloc(arena, sizeof(*stream));

	stream->part = *part;
	stream->arena = arena;
	ouv_buf_init(&stream->kept, arena, 4096);
	return stream;
}

static bool
is_letter(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '/';
}

/* Up to where base64 means the same whatever follows: whole quanta.  Behind
 * padding the lines count, so from there on it is decoded as one. */
static size_t
whole_quanta(const struct ouv_buf *kept)
{
	size_t letters = 0, whole = 0;

	for (size_t i = 0; i < kept->len && kept->data[i] != '='; i++) {
		if (!is_letter((unsigned char)kept->data[i]))
			continue;
		if (++letters % 4 == 0)
			whole = i + 1;
	}
	return whole;
}

static size_t
whole_lines(const struct ouv_buf *kept)
{
	size_t n = kept->len;

	while (n > 0 && kept->data[n - 1] != '\n')
		n--;
	return n;
}

/* How much of what is kept can be decoded by itself. */
static size_t
separable(const struct ouv_mail_part_stream *stream)
{
	switch (stream->part.encoding) {
	case OUV_MAIL_IDENTITY:
		return stream->kept.len;
	case OUV_MAIL_BASE64:
		return whole_quanta(&stream->kept);
	case OUV_MAIL_QP:
		return whole_lines(&stream->kept);
	default:
		return 0;
	}
}

static void
add_decoded(void *user, const unsigned char *data, size_t len)
{
	ouv_buf_add(user, data, len);
}

void
ouv_mail_part_stream_add(struct ouv_mail_part_stream *stream, const void *data,
	size_t len, struct ouv_buf *out)
{
	const size_t from = stream->part.offset,
		     to = from + stream->part.length;
	const size_t first = stream->at < from ? from - stream->at : 0;
	const size_t last = stream->at + len > to ? to - stream->at : len;
	struct ouv_buf *kept = &stream->kept;
	size_t n;

	if (stream->at < to && first < last)
		ouv_buf_add(kept, (const char *)data + first, last - first);
	stream->at += len;
	n = separable(stream);
	if (n == 0)
		return;
	(void)mail_decode(stream->part.encoding,
		(struct ouv_str){ kept->data, n }, add_decoded, out);
	memmove(kept->data, kept->data + n, kept->len - n);
	kept->len -= n;
}

enum ouv_err
ouv_mail_part_stream_end(
	struct ouv_mail_part_stream *stream, struct ouv_buf *out)
{
	struct ouv_mail_part rest = stream->part;
	struct ouv_str bytes;

	if (stream->at < rest.length || stream->at - rest.length < rest.offset)
		return OUV_INVALID;
	rest.offset = 0;
	rest.length = stream->kept.len;
	if (ouv_mail_part_bytes(stream->arena, stream->kept.data,
		    stream->kept.len, &rest, &bytes) != OUV_OK)
		return OUV_INVALID;
	ouv_buf_add(out, bytes.p, bytes.len);
	return OUV_OK;
}
