/*
 * fuzz_quote.c - whatever a letter holds, its new text is a part of it
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/mail/meaning.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const char *text = ouv_arena_strndup(arena, (const char *)data, size);
	const char *reply = mail_reply_text(arena, text);
	const char *blank = " \t\r\n";

	must(strstr(text, reply) != NULL);
	/* a letter with words in it never comes out empty */
	must(text[strspn(text, blank)] == '\0' ||
		reply[strspn(reply, blank)] != '\0');
	must(strlen(mail_plain(arena, text, strlen(text))) <= strlen(text));
	must(strstr("pt it en es fr de und",
		     mail_lang(arena, text, strlen(text))) != NULL);
	ouv_arena_free(&arena);
	return 0;
}
