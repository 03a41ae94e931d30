/*
 * fuzz_tnef.c - any bytes as a winmail.dat, as RTF, as compressed RTF, as an
 * S/MIME envelope (the first byte says which)
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/mail/marks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_tnef(struct ouv_arena *arena, struct ouv_str bytes)
{
	struct mail_tnef tnef;

	if (!mail_tnef_open(arena, bytes, &tnef))
		return;
	must(tnef.count <= MAIL_TNEF_MAX);
	for (size_t i = 0; i < tnef.count; i++) {
		const struct mail_tnef_file *file = &tnef.files[i];

		must(file->content_type != NULL);
		must(file->filename == NULL ||
			(strchr(file->filename, '/') == NULL &&
				strlen(file->filename) <= MAIL_FILENAME_MAX));
	}
	must(mail_utf8_valid(tnef.text));
	must(mail_utf8_valid(tnef.html));
}

static void
check_rtf(struct ouv_arena *arena, struct ouv_str bytes)
{
	struct ouv_buf out;

	ouv_buf_init(&out, arena, 0);
	(void)mail_rtf_read(arena, bytes, &out);
	must(mail_utf8_valid((struct ouv_str){ out.data, out.len }));
	/* a link's address stands behind its text */
	must(out.len <= 8 * bytes.len + 8);
}

static void
check_packed(struct ouv_arena *arena, struct ouv_str bytes)
{
	struct ouv_str rtf;

	if (mail_rtf_expand(arena, bytes, &rtf))
		must(rtf.len <= 9 * bytes.len);
}

static void
check_cms(struct ouv_arena *arena, struct ouv_str bytes)
{
	struct ouv_str content;

	(void)mail_cms_open(arena, bytes, &content);
	must(content.len <= bytes.len);
}

static void (*const checks[])(struct ouv_arena *arena, struct ouv_str bytes) = {
	check_tnef,
	check_rtf,
	check_packed,
	check_cms,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena;

	if (size == 0)
		return 0;
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	checks[data[0] % 4](
		arena, (struct ouv_str){ (const char *)data + 1, size - 1 });
	ouv_arena_free(&arena);
	return 0;
}
