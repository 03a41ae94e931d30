/*
 * fuzz_letter.c - no value of a letter can begin a header line of its own
 *
 * The input is cut at 0xFF bytes into the values; what is written must be
 * 7-bit lines under CRLF whose header names are ours alone.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/mail.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const fields[] = { "From: ", "To: ", "Reply-To: ",
	"Subject: ", "Date: ", "Message-ID: ", "In-Reply-To: ", "References: ",
	"MIME-Version: ", "Content-Language: ", "Auto-Submitted: ",
	"X-Auto-Response-Suppress: ", "X-Ouvidoria-Loop: ", "Content-Type: ",
	"Content-Transfer-Encoding: ", " " };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static bool
is_ours(const char *line)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (strncmp(line, fields[i], strlen(fields[i])) == 0)
			return true;
	return false;
}

static void
check(struct ouv_str mime, bool wide)
{
	const char *p = mime.p, *end = mime.p + mime.len;
	bool header = true;

	while (p < end) {
		const char *eol = memmem(p, (size_t)(end - p), "\r\n", 2);

		must(eol != NULL && eol - p <= 998);
		if (eol == p)
			header = false;
		must(!header || is_ours(p));
		for (; p < eol; p++)
			must((*p >= ' ' && *p < 0x7f) || *p == '\t' ||
				(wide && *p < 0));
		p = eol + 2;
	}
}

/* What we wrote we read as we meant it. */
static void
check_read(struct ouv_arena *arena, struct ouv_str mime,
	const struct ouv_letter *letter)
{
	struct ouv_mail back;

	ouv_mail_read(arena, mime.p, mime.len, NULL, &back);
	must(back.message_id != NULL &&
		strcmp(back.message_id, letter->message_id) == 0);
	must(back.from.count == 1 &&
		strcmp(back.from.list[0].addr, letter->from_addr) == 0);
	must(back.to.count == 1);
	must(back.part_count >= letter->part_count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const char *p = ouv_arena_strndup(arena, (const char *)data, size);
	const char *values[9] = { "", "", "", "", "", "", "", "", "" };
	struct ouv_letter_part part = { NULL, NULL, data, size };
	struct ouv_letter letter = { 0 };
	struct ouv_str mime = { NULL, 0 };

	for (size_t i = 0; i < COUNT(values); i++) {
		size_t len = strcspn(p, "\377");

		values[i] = ouv_arena_strndup(arena, p, len);
		p += len + (p[len] != '\0');
	}
	letter.from_name = letter.to_name = values[0];
	letter.from_addr = "ouvidoria@ouvidoria.example";
	letter.to_addr = values[1][0] ? values[1] : "ana@x.example";
	letter.subject = values[2];
	letter.message_id = values[3][0] ? values[3] : "o.1@x.example";
	letter.in_reply_to = values[4];
	letter.references.list = &values[4];
	letter.references.count = 2;
	letter.text = values[6];
	letter.html = values[7][0] ? values[7] : NULL;
	part.filename = values[5];
	part.content_type = values[8];
	letter.parts = &part;
	letter.part_count = values[8][0] != '\0';
	letter.auto_submitted = "auto-generated";
	letter.loop_id = "loop";
	if (ouv_letter_write(arena, &letter, &mime) == OUV_OK) {
		check(mime, letter.to_addr == values[1]);
		check_read(arena, mime, &letter);
	}
	ouv_arena_free(&arena);
	return 0;
}
