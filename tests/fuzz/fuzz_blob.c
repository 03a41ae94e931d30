/*
 * fuzz_blob.c - sealed rows from a database that somebody else wrote to
 *
 * The first byte chooses.  Raw bytes go to each opener, which must refuse
 * them; or a row of ours is changed by the rest of the input, and must be
 * refused if and only if it is no longer the row we sealed.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/vault.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t dek[OUV_KEY] = "a key that everybody may know";
static const struct ouv_context context = { .kind = OUV_KIND_RAW,
	.column = OUV_COLUMN_SVC,
	.row = { { 1, 2, 3 } },
	.version = 1 };

struct rows {
	struct ouv_buf buf;
	size_t end[64]; /* of each chunk in buf */
	uint32_t n;
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* ---- bytes of somebody else -------------------------------------------- */

static void
open_raw(struct ouv_arena *arena, const uint8_t *data, size_t size)
{
	static const struct ouv_cert cert = { .kind = OUV_CERT_CASE };
	struct ouv_str out;
	struct ouv_key *pepper = ouv_key_new(dek);
	struct ouv_identity *identity = NULL;
	struct ouv_wrap wrap = { .version = 1 };
	struct ouv_stream_in *in = ouv_stream_in_new(arena, &context, dek);
	uint8_t key[OUV_KEY];

	must(ouv_blob_open(arena, &context, dek, data, size, &out) != OUV_OK);
	must(ouv_open_key(&context, dek, data, size, key) != OUV_OK);
	must(ouv_totp_open(&context, dek, data, size, key) != OUV_OK);
	must(ouv_cert_check(&cert, dek, data, size) != OUV_OK);
	must(ouv_stream_in_chunk(in, data, size) != OUV_OK);
	must(ouv_stream_in_end(in, &out) != OUV_OK);
	must(ouv_session_unwrap(data, size, &context.row, &context.row, pepper,
		     dek, &identity) != OUV_OK);
	memcpy(&wrap, data, size < sizeof(wrap) ? size : sizeof(wrap));
	wrap.ops = 0;
	wrap.mem = 0;
	must(ouv_identity_unwrap(&wrap, &context.row, &context.row,
		     OUV_COLUMN_RECOVERY, pepper, "0000000",
		     &identity) != OUV_OK);
	ouv_key_free(&pepper);
}

/* ---- rows of ours, changed --------------------------------------------- */

/* Pairs of place and mask; true if anything is different afterwards. */
static bool
change(char *row, size_t len, const uint8_t *data, size_t size)
{
	char *before = malloc(len + 1);
	bool changed;

	must(before != NULL);
	memcpy(before, row, len);
	for (; size >= 3; data += 3, size -= 3)
		row[((size_t)data[0] << 8 | data[1]) % len] ^= (char)data[2];
	changed = memcmp(before, row, len) != 0;
	free(before);
	return changed;
}

static void
change_blob(struct ouv_arena *arena, const uint8_t *data, size_t size)
{
	const size_t len = size > 0 ? data[0] * 4u : 0;
	char *text = ouv_arena_alloc(arena, len + 1);
	struct ouv_str blob, out;
	bool changed;

	memset(text, 'x', len);
	ouv_blob_seal(arena, &context, dek, text, len, &blob);
	changed = size > 1 && change((char *)(uintptr_t)blob.p, blob.len,
				      data + 1, size - 1);
	if (changed) {
		must(ouv_blob_open(arena, &context, dek, blob.p, blob.len,
			     &out) == OUV_REFUSED);
		return;
	}
	must(ouv_blob_open(arena, &context, dek, blob.p, blob.len, &out) ==
		OUV_OK);
	must(out.len == len && memcmp(out.p, text, len) == 0);
}

static enum ouv_err
keep(uint32_t n, const void *data, size_t len, void *user)
{
	struct rows *rows = user;

	must(n == rows->n && n < 64);
	ouv_buf_add(&rows->buf, data, len);
	rows->end[rows->n++] = rows->buf.len;
	return OUV_OK;
}

/* The rest is the order in which the chunks come back. */
static void
shuffle_stream(struct ouv_arena *arena, const uint8_t *data, size_t size)
{
	const size_t len = size > 0 ? data[0] * 4000u : 0;
	char *text = ouv_arena_alloc(arena, len + 1);
	struct rows rows = { .n = 0 };
	struct ouv_stream_out *out;
	struct ouv_stream_in *in = ouv_stream_in_new(arena, &context, dek);
	struct ouv_str got;
	bool good = true;

	ouv_buf_init(&rows.buf, arena, len + 1000);
	out = ouv_stream_out_new(&context, dek, keep, &rows);
	must(ouv_stream_out_push(out, text, len) == OUV_OK);
	must(ouv_stream_out_end(&out, NULL, NULL) == OUV_OK);
	for (size_t i = 1; i < size && i < 16; i++) {
		const uint32_t n = data[i] % rows.n;
		const size_t at = n == 0 ? 0 : rows.end[n - 1];

		good = good && n + 1 == i;
		must((ouv_stream_in_chunk(in, rows.buf.data + at,
			      rows.end[n] - at) == OUV_OK) == good);
	}
	good = good && size == rows.n + 1;
	must((ouv_stream_in_end(in, &got) == OUV_OK) == good);
	if (good)
		must(got.len == len && memcmp(got.p, text, len) == 0);
}

static void (*const ways[])(
	struct ouv_arena *arena, const uint8_t *data, size_t size) = {
	open_raw,
	change_blob,
	shuffle_stream,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	struct ouv_arena *arena;

	if (size == 0)
		return 0;
	if (!started)
		ouv_vault_init();
	started = true;
	arena = ouv_arena_new(OUV_ARENA_WIPE);
	ways[data[0] % (sizeof(ways) / sizeof(ways[0]))](
		arena, data + 1, size - 1);
	ouv_arena_free(&arena);
	return 0;
}
