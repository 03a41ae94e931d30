/*
 * fuzz_dsn.c - reports of strangers' mail systems, and mails about to be told
 * apart, are read to their end whatever bytes they are
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/mail/meaning.h"

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
check(const struct ouv_mail *mail)
{
	must(mail->dsn_count <= MAIL_ADDRS_MAX);
	must(mail->dsn_hard >= -1 && mail->dsn_hard <= 1);
	for (size_t i = 0; i < mail->dsn_count; i++) {
		const struct ouv_mail_dsn_rcpt *rcpt = &mail->dsn[i];

		must(rcpt->addr && rcpt->status && rcpt->cause);
		/* delivered, relayed, expanded: nothing to explain */
		must((strcmp(rcpt->action, "failed") == 0 ||
			     strcmp(rcpt->action, "delayed") == 0) ==
			(rcpt->cause[0] != '\0'));
	}
	must(mail->has_dsn || mail->dsn_count == 0);
}

static void
read_whole(struct ouv_arena *arena, const uint8_t *data, size_t size)
{
	struct ouv_mail *mail = ouv_arena_alloc(arena, sizeof *mail);

	ouv_mail_read(arena, data, size, &office, mail);
	check(mail);
	must(mail->kind < OUV_MAIL_CLASS__COUNT);
	must(!mail->may_ack ||
		(mail->kind == OUV_MAIL_HUMAN && mail->from.count == 1 &&
			ouv_mail_addr_ok(mail->from.list[0].addr)));
	must(mail->kind != OUV_MAIL_HUMAN || mail->may_case);
	must(mail->reply_text != NULL && mail->lang != NULL);
	must((mail->token != NULL) == (mail->tokens.count > 0));
}

static void
count(void *user, const void *data, size_t len)
{
	size_t *total = user;

	must(data != NULL && len > 0);
	*total += len;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_mail fields = { 0 };
	size_t fed = 0;

	mail_dsn_fields(
		arena, (struct ouv_str){ (const char *)data, size }, &fields);
	check(&fields);
	read_whole(arena, data, size);
	ouv_mail_canonical(data, size, count, &fed);
	must(fed > 0);
	ouv_arena_free(&arena);
	return 0;
}
