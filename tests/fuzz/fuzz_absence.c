/*
 * fuzz_absence.c - whatever a note says, its dates are dates and in order,
 * and words alone never refuse a letter
 *
 * The first line is the subject, the rest the text.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../lib/mail/absence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ouv_mail_office office = {
	.address = "ouvidoria@ouvidoria.example",
	.reply_local = "caso",
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static bool
digits(const char *text, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

static void
check_date(const char *date)
{
	if (date == NULL)
		return;
	must(strlen(date) == 10 && date[4] == '-' && date[7] == '-');
	must(digits(date, 0, 4) && digits(date, 5, 7) && digits(date, 8, 10));
	must(strncmp(date + 5, "01", 2) >= 0 &&
		strncmp(date + 5, "12", 2) <= 0);
	must(strcmp(date + 8, "01") >= 0 && strcmp(date + 8, "31") <= 0);
}

/* ISO dates compare as text. */
static void
check_order(const struct ouv_mail_absence *a)
{
	must(!a->from || !a->until || strcmp(a->from, a->until) <= 0);
	must(!a->back || (a->until && strcmp(a->back, a->until) > 0));
}

static void
check_people(const struct ouv_mail_addrs *instead)
{
	must(instead->count <= 10);
	for (size_t i = 0; i < instead->count; i++) {
		must(ouv_mail_addr_ok(instead->list[i].addr));
		must(strcasecmp(instead->list[i].addr, office.address) != 0);
		must(strcasecmp(instead->list[i].addr, "a@b.example") != 0);
		must(strpbrk(instead->list[i].name, "\r\n") == NULL);
	}
}

static void
read_with(struct ouv_arena *arena, const char *sign, const char *subject,
	const char *text, struct ouv_mail *mail_out)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 0);
	ouv_buf_printf(&buf,
		"Return-Path: <a@b.example>\nFrom: a@b.example\n"
		"To: ouvidoria@ouvidoria.example\n"
		"Date: Mon, 2 Feb 2026 10:00:00 +0000\n%s"
		"Content-Type: text/plain; charset=utf-8\nSubject: ",
		sign);
	ouv_buf_text(&buf, subject);
	ouv_buf_text(&buf, "\n\n");
	ouv_buf_text(&buf, text);
	ouv_mail_read(arena, buf.data, buf.len, &office, mail_out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	char *all = ouv_arena_strndup(arena, (const char *)data, size);
	char *text = all + strcspn(all, "\r\n");
	struct ouv_mail mail;

	if (*text != '\0')
		*text++ = '\0';
	read_with(arena, "Auto-Submitted: auto-replied\n", all, text, &mail);
	must(!mail.may_ack);
	check_date(mail.absence.from);
	check_date(mail.absence.until);
	check_date(mail.absence.back);
	check_order(&mail.absence);
	check_people(&mail.absence.instead);
	read_with(arena, "", all, text, &mail);
	must(mail.kind != OUV_MAIL_HUMAN || mail.may_case);
	must(!mail.may_ack ||
		(mail.kind == OUV_MAIL_HUMAN && mail.reasons.count == 0));
	must(mail.kind == OUV_MAIL_AUTO_REPLY || !mail.has_absence);
	ouv_arena_free(&arena);
	return 0;
}
