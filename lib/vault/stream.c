/*
 * stream.c - mails and attachments as rows of sealed chunks
 *
 * Only the last chunk is TAG_FINAL, every chunk knows its number, and every
 * chunk but the last is full: a stream has one shape, and a row that is
 * missing, doubled, moved or cut is seen.  The padding always adds at least
 * its mark, so a buffer filled with data is never the last chunk and can be
 * sealed as soon as it is full.
 */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "inner.h"

#define HEAD (1 + 4 + crypto_secretstream_xchacha20poly1305_HEADERBYTES)
#define TAG crypto_secretstream_xchacha20poly1305_ABYTES
#define FINAL crypto_secretstream_xchacha20poly1305_TAG_FINAL
#define MESSAGE crypto_secretstream_xchacha20poly1305_TAG_MESSAGE

struct ouv_stream_out {
	crypto_secretstream_xchacha20poly1305_state state;
	uint8_t ad[OUV_CONTEXT + 4];
	uint32_t n;   /* of the next chunk */
	uint64_t len; /* plain bytes taken */
	ouv_chunk_fn *emit;
	void *user;
	enum ouv_err failed; /* what emit said; nothing goes on after it */
	size_t used;         /* of plain */
	size_t touched;      /* most that plain ever held, to be wiped */
	uint8_t sealed[HEAD + OUV_CHUNK + TAG];
	uint8_t plain[OUV_CHUNK];
};

struct opened {
	struct opened *next;
	size_t len;
	uint8_t *data;
};

struct ouv_stream_in {
	crypto_secretstream_xchacha20poly1305_state state;
	struct ouv_arena *arena;
	uint8_t key[OUV_KEY];
	uint8_t ad[OUV_CONTEXT + 4];
	uint32_t version;
	uint32_t n; /* of the next chunk */
	bool final, failed;
	size_t len;
	struct opened *first, **last;
	/* piece by piece: what may be the padding, not handed out yet */
	bool mark;
	size_t zeros;
};

uint64_t
ouv_padme(uint64_t len)
{
	unsigned exponent, mantissa;
	uint64_t mask;

	if (len < 2)
		return len;
	exponent = 63 - (unsigned)__builtin_clzll(len);
	mantissa = 64 - (unsigned)__builtin_clzll(exponent);
	/* exponent >= mantissa for every exponent >= 1 */
	mask = (UINT64_C(1) << (exponent - mantissa)) - 1;
	return len > UINT64_MAX - mask ? len : (len + mask) & ~mask;
}

static void
stream_key(const uint8_t dek[OUV_KEY], const uint8_t *encoded,
	uint8_t key_out[OUV_KEY])
{
	vault_hash(dek,
		VAULT_PARTS(VAULT_LABEL("ouv-strm"), { encoded, OUV_CONTEXT }),
		key_out, OUV_KEY);
}

/* ---- sealing ----------------------------------------------------------- */

struct ouv_stream_out *
ouv_stream_out_new(const struct ouv_context *context,
	const uint8_t dek[OUV_KEY], ouv_chunk_fn *emit, void *user)
{
	struct ouv_stream_out *stream = calloc(1, sizeof(*stream));
	uint8_t key[OUV_KEY];

	if (stream == NULL)
		vault_die("out of memory");
	stream->emit = emit;
	stream->user = user;
	ouv_context_encode(context, stream->ad);
	stream_key(dek, stream->ad, key);
	stream->sealed[0] = OUV_SUITE;
	vault_put32(stream->sealed + 1, context->version);
	(void)crypto_secretstream_xchacha20poly1305_init_push(
		&stream->state, stream->sealed + 5, key);
	sodium_memzero(key, sizeof(key));
	return stream;
}

/* The head stays at the front of sealed and is handed out with chunk 0. */
static enum ouv_err
chunk_out(struct ouv_stream_out *stream, unsigned char tag)
{
	const size_t head = stream->n == 0 ? HEAD : 0;
	const size_t len = stream->used + TAG;

	vault_put32(stream->ad + OUV_CONTEXT, stream->n);
	(void)crypto_secretstream_xchacha20poly1305_push(&stream->state,
		stream->sealed + HEAD, NULL, stream->plain, stream->used,
		stream->ad, sizeof(stream->ad), tag);
	stream->failed = stream->emit(stream->n, stream->sealed + HEAD - head,
		head + len, stream->user);
	stream->n++;
	stream->used = 0;
	return stream->failed;
}

static void
chunk_fill(struct ouv_stream_out *stream, const void *data, size_t len)
{
	if (data != NULL)
		memcpy(stream->plain + stream->used, data, len);
	else
		memset(stream->plain + stream->used, 0, len);
	stream->used += len;
	if (stream->touched < stream->used)
		stream->touched = stream->used;
}

enum ouv_err
ouv_stream_out_push(struct ouv_stream_out *stream, const void *data, size_t len)
{
	const uint8_t *in = data;

	while (stream->failed == OUV_OK && len > 0) {
		size_t take = OUV_CHUNK - stream->used;

		if (take > len)
			take = len;
		chunk_fill(stream, in, take);
		stream->len += take;
		in += take;
		len -= take;
		if (stream->used == OUV_CHUNK)
			(void)chunk_out(stream, MESSAGE);
	}
	return stream->failed;
}

/* The mark, zeros up to the padded length, and the final chunk. */
static enum ouv_err
stream_pad(struct ouv_stream_out *stream, uint64_t padded)
{
	static const uint8_t mark = 0x80;
	uint64_t left = padded - stream->len - 1;

	chunk_fill(stream, &mark, 1);
	while (stream->failed == OUV_OK && left > 0) {
		size_t take = OUV_CHUNK - stream->used;

		if (take == 0) {
			(void)chunk_out(stream, MESSAGE);
			continue;
		}
		if (take > left)
			take = (size_t)left;
		chunk_fill(stream, NULL, take);
		left -= take;
	}
	if (stream->failed != OUV_OK)
		return stream->failed;
	return chunk_out(stream, FINAL);
}

enum ouv_err
ouv_stream_out_end(struct ouv_stream_out **stream, uint32_t *chunks_out,
	uint64_t *padded_out)
{
	const uint64_t padded = ouv_padme((*stream)->len + 1);
	enum ouv_err err = (*stream)->failed;

	if (err == OUV_OK)
		err = stream_pad(*stream, padded);
	if (err == OUV_OK && chunks_out != NULL)
		*chunks_out = (*stream)->n;
	if (err == OUV_OK && padded_out != NULL)
		*padded_out = padded;
	ouv_stream_out_free(stream);
	return err;
}

void
ouv_stream_out_free(struct ouv_stream_out **stream)
{
	if (stream == NULL || *stream == NULL)
		return;
	sodium_memzero(&(*stream)->state, sizeof((*stream)->state));
	/* No more than was used: the pages behind were never touched. */
	sodium_memzero((*stream)->plain, (*stream)->touched);
	free(*stream);
	*stream = NULL;
}

/* ---- opening ----------------------------------------------------------- */

static void
stream_in_wipe(void *stream)
{
	struct ouv_stream_in *in = stream;

	sodium_memzero(&in->state, sizeof(in->state));
	sodium_memzero(in->key, sizeof(in->key));
}

struct ouv_stream_in *
ouv_stream_in_new(struct ouv_arena *arena, const struct ouv_context *context,
	const uint8_t dek[OUV_KEY])
{
	struct ouv_stream_in *stream = ouv_arena_alloc(arena, sizeof(*stream));

	stream->arena = arena;
	stream->version = context->version;
	stream->last = &stream->first;
	ouv_context_encode(context, stream->ad);
	stream_key(dek, stream->ad, stream->key);
	ouv_arena_defer(arena, stream_in_wipe, stream);
	return stream;
}

/* Takes the head off chunk 0. */
static bool
stream_head(struct ouv_stream_in *stream, const uint8_t **in, size_t *len)
{
	if (*len < HEAD || (*in)[0] != OUV_SUITE ||
		vault_get32(*in + 1) != stream->version ||
		crypto_secretstream_xchacha20poly1305_init_pull(
			&stream->state, *in + 5, stream->key) != 0)
		return false;
	*in += HEAD;
	*len -= HEAD;
	return true;
}

/* The plain bytes of the next chunk, in the arena. */
static bool
chunk_open(struct ouv_stream_in *stream, struct ouv_arena *arena,
	const uint8_t *in, size_t len, uint8_t **plain_out, size_t *len_out)
{
	unsigned char tag;

	if (stream->final)
		return false;
	if (stream->n == 0 && !stream_head(stream, &in, &len))
		return false;
	if (len <= TAG || len > OUV_CHUNK + TAG)
		return false;
	*len_out = len - TAG;
	*plain_out = ouv_arena_alloc(arena, *len_out);
	vault_put32(stream->ad + OUV_CONTEXT, stream->n);
	if (crypto_secretstream_xchacha20poly1305_pull(&stream->state,
		    *plain_out, NULL, &tag, in, len, stream->ad,
		    sizeof(stream->ad)) != 0)
		return false;
	stream->final = tag == FINAL;
	if (!stream->final && (tag != MESSAGE || *len_out != OUV_CHUNK))
		return false;
	stream->len += *len_out;
	stream->n++;
	return true;
}

static bool
chunk_in(struct ouv_stream_in *stream, const uint8_t *in, size_t len)
{
	struct opened *chunk = ouv_arena_alloc(stream->arena, sizeof(*chunk));

	if (!chunk_open(
		    stream, stream->arena, in, len, &chunk->data, &chunk->len))
		return false;
	*stream->last = chunk;
	stream->last = &chunk->next;
	return true;
}

enum ouv_err
ouv_stream_in_chunk(struct ouv_stream_in *stream, const void *data, size_t len)
{
	if (!stream->failed)
		stream->failed = !chunk_in(stream, data, len);
	return stream->failed ? OUV_REFUSED : OUV_OK;
}

/* All chunks as one; a single chunk, the usual mail, is not copied. */
static uint8_t *
stream_join(const struct ouv_stream_in *stream)
{
	uint8_t *data, *p;

	if (stream->first->next == NULL)
		return stream->first->data;
	data = p = ouv_arena_alloc(stream->arena, stream->len);
	for (const struct opened *c = stream->first; c != NULL; c = c->next) {
		memcpy(p, c->data, c->len);
		p += c->len;
	}
	return data;
}

enum ouv_err
ouv_stream_in_end(struct ouv_stream_in *stream, struct ouv_str *data_out)
{
	uint8_t *data;
	size_t len;

	stream_in_wipe(stream);
	if (stream->failed || !stream->final) {
		stream->failed = true;
		return OUV_REFUSED;
	}
	data = stream_join(stream);
	len = stream->len;
	while (len > 0 && data[len - 1] == 0)
		len--;
	if (len == 0 || data[len - 1] != 0x80 || ouv_padme(len) != stream->len)
		return OUV_REFUSED;
	data[len - 1] = 0; /* a final zero where the mark was */
	data_out->p = (const char *)data;
	data_out->len = len - 1;
	return OUV_OK;
}

/* ---- piece by piece ------------------------------------------------------
 */

/* What is held back turned out to be no padding. */
static void
let_go(struct ouv_stream_in *stream, struct ouv_buf *out)
{
	static const uint8_t mark = 0x80, zeros[256];

	if (stream->mark)
		ouv_buf_add(out, &mark, 1);
	while (stream->zeros > 0) {
		size_t n = stream->zeros < sizeof(zeros) ? stream->zeros
							 : sizeof(zeros);

		ouv_buf_add(out, zeros, n);
		stream->zeros -= n;
	}
	stream->mark = false;
}

/* All but a mark and zeros at the end, or zeros alone behind what is held. */
static void
hand_out(struct ouv_stream_in *stream, const uint8_t *plain, size_t len,
	struct ouv_buf *out)
{
	size_t end = len;

	while (end > 0 && plain[end - 1] == 0)
		end--;
	if (end > 0) {
		let_go(stream, out);
		stream->mark = plain[end - 1] == 0x80;
		ouv_buf_add(out, plain, end - stream->mark);
	}
	stream->zeros += len - end;
}

/* The same judgement as ouv_stream_in_end. */
static bool
padding_fits(const struct ouv_stream_in *stream)
{
	return stream->mark &&
	       ouv_padme(stream->len - stream->zeros) == stream->len;
}

enum ouv_err
ouv_stream_in_next(struct ouv_stream_in *stream, struct ouv_arena *scratch,
	const void *data, size_t len, struct ouv_buf *out, bool *end_out)
{
	uint8_t *plain;
	size_t plain_len;

	if (!stream->failed)
		stream->failed = !chunk_open(
			stream, scratch, data, len, &plain, &plain_len);
	if (stream->failed)
		return OUV_REFUSED;
	hand_out(stream, plain, plain_len, out);
	if (stream->final && !padding_fits(stream)) {
		stream->failed = true;
		return OUV_REFUSED;
	}
	*end_out = stream->final;
	return OUV_OK;
}
