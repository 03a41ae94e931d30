/*
 * fuzz_multipart.c - forms with files of any bytes, cut anywhere
 *
 * However it is cut, a form is read the same; names are UTF-8 without NUL; what
 * comes out of a file was in the body.
 */
#include <stdint.h>
#include <stdlib.h>

#include "ouv/buf.h"

#include "../../server/multipart.c" /* NOLINT(bugprone-suspicious-include) */
#include "../../server/utf8.c"      /* NOLINT(bugprone-suspicious-include) */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
	struct ouv_buf buf;
	size_t bytes;
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static enum ouv_err
heard_begin(void *user, const struct multipart_part *part)
{
	struct heard *h = user;

	must(*part->name != '\0');
	must(utf8_is_text(part->name, strlen(part->name)));
	ouv_buf_printf(&h->buf, "\1%s", part->name);
	if (part->filename != NULL) {
		must(utf8_is_text(part->filename, strlen(part->filename)));
		ouv_buf_printf(&h->buf, "\2%s", part->filename);
	}
	ouv_buf_char(&h->buf, '\3');
	return OUV_OK;
}

static enum ouv_err
heard_data(void *user, const char *data, size_t len)
{
	struct heard *h = user;

	must(len > 0);
	h->bytes += len;
	ouv_buf_add(&h->buf, data, len);
	return OUV_OK;
}

static enum ouv_err
heard_end(void *user)
{
	struct heard *h = user;

	ouv_buf_char(&h->buf, '\4');
	return OUV_OK;
}

static enum ouv_err
hear(struct ouv_arena *arena, const uint8_t *data, size_t size, size_t piece,
	struct heard *h)
{
	const struct multipart_sink sink = { heard_begin, heard_data, heard_end,
		h };
	struct multipart *m = multipart_new(arena, "b", &sink);
	enum ouv_err err = OUV_OK;

	h->bytes = 0;
	ouv_buf_init(&h->buf, arena, size);
	for (size_t at = 0; err == OUV_OK && at < size; at += piece)
		err = multipart_add(m, (const char *)data + at,
			size - at < piece ? size - at : piece);
	return err != OUV_OK ? err : multipart_end(m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct heard whole, cut;
	const size_t piece = size > 0 ? data[size - 1] % 7U + 1 : 1;
	enum ouv_err err = hear(arena, data, size, size + 1, &whole);

	must(err == OUV_OK || err == OUV_INVALID);
	must(hear(arena, data, size, piece, &cut) == err);
	must(whole.bytes <= size);
	must(cut.buf.len == whole.buf.len &&
		memcmp(cut.buf.data, whole.buf.data, whole.buf.len) == 0);
	ouv_arena_free(&arena);
	return 0;
}
