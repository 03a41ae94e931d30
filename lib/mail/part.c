/*
 * part.c - the bytes of one attachment, cut from the raw mail again
 *
 * The place comes from a document that a child wrote which had read hostile
 * bytes: it is checked before it is believed.
 */
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
