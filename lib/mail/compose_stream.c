/*
 * compose_stream.c - a letter with large attachments, written while it goes by
 *
 * The same bytes as ouv_letter_write; of an attachment only a piece is here at
 * a time.  What the reader of mails would say of its parts is known on the way.
 */
#include <string.h>

#include "compose.h"
#include "qp.h"

#define LINE 57 /* bytes that base64 puts on a line (RFC 2045 6.8) */

struct passing {
	struct writer w;
	const struct ouv_letter_sink *sink;
	struct ouv_mail_digest *digest;
	size_t at; /* of the message */
	unsigned char rest[LINE];
	size_t rest_len;
};

/* Hands on what was written; the buffer is used again. */
static enum ouv_err
hand_on(struct passing *p)
{
	struct ouv_buf *buf = &p->w.buf;
	enum ouv_err err;

	ouv_mail_digest_add(p->digest, buf->data, buf->len);
	err = p->sink->put(p->sink->user, buf->data, buf->len);
	p->at += buf->len;
	buf->len = 0;
	return err;
}

/* Whole lines; what is left of one waits for the next piece. */
static enum ouv_err
add_bytes(struct passing *p, const unsigned char *data, size_t len)
{
	size_t whole;

	if (p->rest_len > 0) {
		size_t take =
			LINE - p->rest_len < len ? LINE - p->rest_len : len;

		memcpy(p->rest + p->rest_len, data, take);
		p->rest_len += take;
		data += take;
		len -= take;
		if (p->rest_len < LINE)
			return OUV_OK;
		mail_base64(&p->w.buf, p->rest, LINE);
		p->rest_len = 0;
	}
	whole = len / LINE * LINE;
	mail_base64(&p->w.buf, data, whole);
	memcpy(p->rest, data + whole, len - whole);
	p->rest_len = len - whole;
	return hand_on(p);
}

static enum ouv_err
add_part(struct passing *p, struct ouv_arena *arena, size_t i,
	struct ouv_mail_part *out)
{
	const struct ouv_letter_part *part = &p->w.letter->parts[i];
	struct ouv_mail_digest *digest = ouv_mail_digest_new(arena);
	struct ouv_str piece;
	enum ouv_err err;

	*out = (struct ouv_mail_part){ .filename = part->filename,
		.content_type = part->content_type,
		.encoding = OUV_MAIL_BASE64 };
	letter_part(&p->w, part);
	err = hand_on(p);
	out->offset = p->at;
	while (err == OUV_OK) {
		err = p->sink->more(p->sink->user, i, &piece);
		if (err != OUV_OK || piece.len == 0)
			break;
		ouv_mail_digest_add(digest, piece.p, piece.len);
		out->size += piece.len;
		err = add_bytes(p, (const unsigned char *)piece.p, piece.len);
	}
	ouv_mail_digest_end(digest, out->sha256);
	if (err != OUV_OK)
		return err;
	mail_base64(&p->w.buf, p->rest, p->rest_len);
	p->rest_len = 0;
	err = hand_on(p);
	out->length = p->at - out->offset;
	return err;
}

enum ouv_err
ouv_letter_pass(struct ouv_arena *arena, const struct ouv_letter *letter,
	const struct ouv_letter_sink *sink, struct ouv_mail_part *parts_out,
	size_t *size_out, char sha256_out[65])
{
	struct passing p = { .sink = sink };
	enum ouv_err err;

	if (!letter_begin(&p.w, arena, letter, 0))
		return OUV_INVALID;
	p.digest = ouv_mail_digest_new(arena);
	if (letter->part_count == 0)
		letter_end(&p.w); /* it looks at how the text ends */
	err = hand_on(&p);
	for (size_t i = 0; err == OUV_OK && i < letter->part_count; i++)
		err = add_part(&p, arena, i, &parts_out[i]);
	if (err == OUV_OK && letter->part_count > 0) {
		letter_end(&p.w);
		err = hand_on(&p);
	}
	ouv_mail_digest_end(p.digest, sha256_out);
	*size_out = p.at;
	return err;
}
