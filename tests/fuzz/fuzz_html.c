/*
 * fuzz_html.c - any page becomes text in valid UTF-8; an encoded part becomes
 * bytes (the first byte says which of them the rest is)
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/mail/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_html(struct ouv_arena *arena, struct ouv_str page)
{
	struct ouv_str html;
	struct ouv_buf out;

	(void)mail_to_utf8(arena, "utf-8", NULL, page, &html);
	ouv_buf_init(&out, arena, 0);
	(void)mail_html_render(arena, html, &out);
	must(mail_utf8_valid((struct ouv_str){ out.data, out.len }));
	/* links are shown beside their text, marks before each line */
	must(out.len <= 40 * html.len + 100);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str rest = { (const char *)data + 1, size - 1 }, bytes;

	if (size > 1 && data[0] >= 1 && data[0] <= 3) {
		(void)mail_decode_bytes(
			arena, (enum ouv_mail_encoding)data[0], rest, &bytes);
		must(bytes.len <= rest.len);
	} else if (size > 0) {
		check_html(arena, (struct ouv_str){ (const char *)data, size });
	}
	ouv_arena_free(&arena);
	return 0;
}
