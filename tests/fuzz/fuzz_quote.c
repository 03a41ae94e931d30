/*
 * fuzz_quote.c - whatever a letter holds, its new text is made of its own lines
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

/* Up to the line's end, without blanks there. */
static size_t
line_length(const char *line)
{
	size_t len = strcspn(line, "\n");

	while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL)
		len--;
	return len;
}

static const char *
next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line == '\0' ? line : line + 1;
}

/* Each line of part stands in whole, one after the other. */
static bool
made_of_lines(const char *part, const char *whole)
{
	for (; *part != '\0'; part = next_line(part)) {
		size_t len = line_length(part);

		while (line_length(whole) != len ||
			memcmp(whole, part, len) != 0) {
			if (*whole == '\0')
				return false;
			whole = next_line(whole);
		}
		whole = next_line(whole);
	}
	return true;
}

/* The same bytes as a mail, plain or HTML, that forwards something. */
static void
read_as_mail(struct ouv_arena *arena, const char *type, const uint8_t *data,
	size_t size)
{
	struct ouv_buf raw;
	struct ouv_mail mail;

	ouv_buf_init(&raw, arena, size + 100);
	ouv_buf_printf(&raw,
		"Subject: Fwd: x\nContent-Type: %s; charset=utf-8\n\n", type);
	ouv_buf_add(&raw, data, size);
	ouv_mail_read(arena, raw.data, raw.len, NULL, &mail);
	must(strstr(mail.text, mail.reply_text) != NULL);
	must(!mail.has_forward || (mail.forward.subject != NULL &&
					  mail.forward.from.name != NULL &&
					  mail.forward.from.addr != NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const char *text = ouv_arena_strndup(arena, (const char *)data, size);
	const char *reply = mail_reply_text(arena, text);
	const char *blank = " \t\r\n";

	must(made_of_lines(reply, text));
	/* a letter with words in it never comes out empty */
	must(text[strspn(text, blank)] == '\0' ||
		reply[strspn(reply, blank)] != '\0');
	must(strlen(mail_plain(arena, text, strlen(text))) <= strlen(text));
	must(strstr("pt it en es fr de und",
		     mail_lang(arena, text, strlen(text))) != NULL);
	read_as_mail(arena, "text/plain", data, size);
	read_as_mail(arena, "text/html", data, size);
	ouv_arena_free(&arena);
	return 0;
}
