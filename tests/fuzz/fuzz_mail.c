/*
 * fuzz_mail.c - a whole mail, whatever bytes it is, becomes one struct, one
 * document that is taken back, one pack that is taken back, attachments that
 * can be cut out again, and a digest that no relay on its way changes
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

/* In pieces the part is the same, however it was damaged. */
static void
check_passing(struct ouv_arena *arena, const uint8_t *data, size_t size,
	const struct ouv_mail_part *part, struct ouv_str whole)
{
	struct ouv_mail_part_stream *stream =
		ouv_mail_part_stream_new(arena, part);
	const size_t piece = 1 + data[0] % 64;
	struct ouv_buf out;

	ouv_buf_init(&out, arena, whole.len);
	for (size_t at = 0; at < size; at += piece)
		ouv_mail_part_stream_add(stream, data + at,
			size - at < piece ? size - at : piece, &out);
	must(ouv_mail_part_stream_end(stream, &out) == OUV_OK);
	must(out.len == whole.len && memcmp(out.data, whole.p, whole.len) == 0);
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
		must(part->offset <= size &&
			part->length <= size - part->offset);
		must(strcmp(hex, part->sha256) == 0);
		check_passing(arena, data, size, part, bytes);
		if (part->filename != NULL) {
			must_be_line(part->filename);
			must(strpbrk(part->filename, "/\\") == NULL);
		}
	}
}

static void
must_be_text(const char *text)
{
	must(mail_utf8_valid((struct ouv_str){ text, strlen(text) }));
	must(strlen(text) <= 4 * MAIL_TEXT_MAX);
}

static void
check_limits(const struct ouv_mail *mail, size_t size)
{
	must(mail->size == size);
	must(mail->kind < OUV_MAIL_CLASS__COUNT);
	must(mail->defects.count <= MAIL_DEFECTS_MAX);
	must(mail->marks.count <= MAIL_MARKS_MAX);
	must(mail->references.count <= MAIL_IDS_MAX);
	must(mail->in_reply_to.count <= MAIL_IDS_MAX);
	must_be_text(mail->text);
	must_be_text(mail->reply_text);
	must(mail->text_source != OUV_TEXT_NONE || mail->text[0] == '\0');
	/* What is not for an answer opens no case, and the other way round. */
	must(!mail->may_ack || mail->may_case);
}

static void
check_pack(struct ouv_arena *arena, const struct ouv_mail *mail)
{
	struct ouv_buf packed, again;
	struct ouv_mail back;

	ouv_buf_init(&packed, arena, 0);
	ouv_mail_pack(mail, &packed);
	must(ouv_mail_unpack(arena, (struct ouv_str){ packed.data, packed.len },
		     &back) == OUV_OK);
	ouv_buf_init(&again, arena, 0);
	ouv_mail_pack(&back, &again);
	must(again.len == packed.len &&
		memcmp(again.data, packed.data, packed.len) == 0);
}

static void
collect(void *user, const void *data, size_t len)
{
	ouv_buf_add(user, data, len);
}

static struct ouv_str
canonical(struct ouv_arena *arena, const void *raw, size_t len)
{
	struct ouv_buf fed;

	ouv_buf_init(&fed, arena, 0);
	ouv_mail_canonical(raw, len, collect, &fed);
	return (struct ouv_str){ fed.data, fed.len };
}

/* One relay more. */
static void
check_canonical(struct ouv_arena *arena, const uint8_t *data, size_t size)
{
	static const char trace[] = "Received: from a.example by b.example;"
				    "\r\n\tMon, 2 Feb 2026 10:00:00 +0000\r\n"
				    "Delivered-To: x@ouvidoria.example\r\n";
	struct ouv_str once = canonical(arena, data, size), twice;
	struct ouv_buf relayed;

	/* Without a name and a date it counts whole; and before an empty line
	 * or the line of a mailbox file no relay writes. */
	if (size < 5 || (once.len >= 6 && memcmp(once.p, "whole\n", 6) == 0) ||
		data[0] <= ' ' || memcmp(data, "From ", 5) == 0)
		return;
	ouv_buf_init(&relayed, arena, size + sizeof(trace));
	ouv_buf_text(&relayed, trace);
	ouv_buf_add(&relayed, data, size);
	twice = canonical(arena, relayed.data, relayed.len);
	must(once.len == twice.len && memcmp(once.p, twice.p, once.len) == 0);
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
	check_limits(&mail, size);
	check_pack(arena, &mail);
	check_canonical(arena, data, size);
	doc = ouv_mail_to_json(&mail);
	must(ouv_mail_from_json(arena, doc, &back) == OUV_OK);
	again = ouv_mail_to_json(&back);
	must(json_equal(doc, again));
	json_decref(doc);
	json_decref(again);
	ouv_arena_free(&arena);
	return 0;
}
