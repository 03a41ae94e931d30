/*
 * fuzz_marks.c - any text as one with OpenPGP armor, as an invitation, as
 * enriched text, as two shapes of a text (the first byte says which)
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
check_armor(struct ouv_arena *arena, struct ouv_str text)
{
	struct ouv_buf out;

	ouv_buf_init(&out, arena, 0);
	mail_armor_strip(text, &out);
	/* the last line may get an end */
	must(out.len <= text.len + 1);
	must(mail_utf8_valid((struct ouv_str){ out.data, out.len }));
	if ((mail_armor(text) & MAIL_ARMOR_SIGNED) == 0)
		must(out.len == text.len &&
			memcmp(out.data, text.p, text.len) == 0);
}

static void
check_invite(struct ouv_arena *arena, struct ouv_str text)
{
	struct ouv_buf out;

	ouv_buf_init(&out, arena, 0);
	mail_invite(arena, text, &out);
	must(out.len <= 2 * text.len + 100);
}

static void
check_rich(struct ouv_arena *arena, struct ouv_str text)
{
	struct ouv_buf out;

	for (int enriched = 0; enriched < 2; enriched++) {
		ouv_buf_init(&out, arena, 0);
		mail_rich(text, enriched == 1, &out);
		must(mail_utf8_valid((struct ouv_str){ out.data, out.len }));
	}
}

static void
check_choice(struct ouv_arena *arena, struct ouv_str text)
{
	size_t half = text.len / 2;
	struct ouv_str plain = { text.p, half };
	struct ouv_str html = { text.p + half, text.len - half };

	(void)arena;
	(void)mail_choose(plain, html);
	must(mail_choose(text, (struct ouv_str){ "", 0 }) == MAIL_READ_PLAIN);
}

static void (*const checks[])(struct ouv_arena *arena, struct ouv_str text) = {
	check_armor,
	check_invite,
	check_rich,
	check_choice,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena;
	struct ouv_str text;

	if (size == 0)
		return 0;
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	(void)mail_to_utf8(arena, "utf-8", NULL,
		(struct ouv_str){ (const char *)data + 1, size - 1 }, &text);
	checks[data[0] % 4](arena, text);
	ouv_arena_free(&arena);
	return 0;
}
