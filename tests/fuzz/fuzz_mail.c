/*
 * fuzz_mail.c - a whole mail, whatever bytes it is, becomes one struct, one
 * document that is taken back, and attachments that can be cut out again
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/mail/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ouv_mail_office office = {
	.address = "ouvidoria@ouvidoria.example",
	.reply_local = "caso",
	.authserv_id = "mx.ouvidoria.example",
	.loop_id = "loop-7f3a",
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
must_be_line(const char *text)
{
	must(mail_utf8_valid((struct ouv_str){ text, strlen(text) }));
	for (; *text != '\0'; text++)
		must((unsigned char)*text >= ' ' && *text != 0x7f);
}

static void
check_addrs(const struct ouv_mail_addrs *addrs)
{
	must(addrs->count <= MAIL_ADDRS_MAX);
	for (size_t i = 0; i < addrs->count; i++) {
		must_be_line(addrs->list[i].name);
		must_be_line(addrs->list[i].addr);
	}
}

static void
check_parts(struct ouv_arena *arena, const uint8_t *data, size_t size,
	const struct ouv_mail *mail)
{
	for (size_t i = 0; i < mail->part_count; i++) {
		const struct ouv_mail_part *part = &mail->parts[i];
		struct ouv_str bytes;
		char hex[65];

		must(ouv_mail_part_bytes(arena, data, size, part, &bytes) ==
			OUV_OK);
		mail_sha256(bytes.p, bytes.len, hex);
		must(bytes.len == part->size);
		must(strcmp(hex, part->sha256) == 0);
		if (part->filename != NULL) {
			must_be_line(part->filename);
			must(strpbrk(part->filename, "/\\") == NULL);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_mail mail, back;
	json_t *doc, *again;

	ouv_mail_read(arena, data, size, &office, &mail);
	must_be_line(mail.subject);
	check_addrs(&mail.from);
	check_addrs(&mail.to);
	check_addrs(&mail.cc);
	must(mail_utf8_valid((struct ouv_str){ mail.text, strlen(mail.text) }));
	check_parts(arena, data, size, &mail);
	doc = ouv_mail_to_json(&mail);
	must(ouv_mail_from_json(arena, doc, &back) == OUV_OK);
	again = ouv_mail_to_json(&back);
	must(json_equal(doc, again));
	json_decref(doc);
	json_decref(again);
	ouv_arena_free(&arena);
	return 0;
}
