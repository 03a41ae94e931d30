/*
 * fuzz_charset.c - any bytes under any name of a charset become UTF-8
 *
 * First line: what the mail says its charset is; second line: what to fall
 * back on; then the bytes.  An empty line stands for nothing said.
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

/* Cuts the next line off; NULL when it is empty. */
static const char *
line(struct ouv_arena *arena, struct ouv_str *rest)
{
	const char *end =
		rest->len > 0 ? memchr(rest->p, '\n', rest->len) : NULL;
	size_t len = end != NULL ? (size_t)(end - rest->p) : rest->len;
	const char *text = ouv_arena_strndup(arena, rest->p, len);

	rest->p += len + (end != NULL);
	rest->len -= len + (end != NULL);
	return *text != '\0' ? text : NULL;
}

static void
check_text(struct ouv_str text, size_t bytes)
{
	must(mail_utf8_valid(text));
	must(text.len == 0 || memchr(text.p, '\0', text.len) == NULL);
	/* one byte is one character or two, of four bytes at most */
	must(text.len <= 8 * bytes + 16);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str rest = { size > 0 ? (const char *)data : "", size };
	const char *charset = line(arena, &rest);
	const char *fallback = line(arena, &rest);
	struct ouv_str text, again;

	(void)mail_to_utf8(arena, charset, fallback, rest, &text);
	check_text(text, rest.len);
	/* What is UTF-8 stays as it is, with nothing to complain of; but for
	 * a mark in front, which is no text. */
	if (text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0) {
		text.p += 3;
		text.len -= 3;
	}
	if (text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		text.len = 0; /* marks upon marks: only one goes each time */
	must(mail_to_utf8(arena, "utf-8", NULL, text, &again));
	must(again.len == text.len);
	must(text.len == 0 || memcmp(again.p, text.p, text.len) == 0);
	/* Nobody said anything: a guess. */
	(void)mail_to_utf8(arena, NULL, NULL, rest, &text);
	check_text(text, rest.len);
	ouv_arena_free(&arena);
	return 0;
}
