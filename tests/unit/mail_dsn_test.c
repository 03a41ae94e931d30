/*
 * mail_dsn_test.c - a failed delivery is told from a late one, in any words
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/mail.h"
#include "../../lib/mail/meaning.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define US "ouvidoria.example"
#define DAEMON                                         \
	"Return-Path: <>\nFrom: Mail Delivery System " \
	"<MAILER-DAEMON@mx.example>\n"                 \
	"To: ouvidoria@" US "\nSubject: Undelivered\n\n"

struct fields {
	const char *what, *text;
	const char *want; /* "addr action status; ..." */
	int hard;
};

struct words {
	const char *what, *mail;
	enum ouv_mail_class kind;
	const char *want;
	int hard;
	const char *original; /* NULL: none */
};

static const struct ouv_mail_office office = {
	.address = "ouvidoria@" US,
	.reply_local = "caso",
};

/* clang-format off */
static const struct fields field_rows[] = {
	{ "one failure", "Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.1.1\n",
	  "b@x.example failed 5.1.1", 1 },
	{ "CRLF", "Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; b@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n",
	  "b@x.example failed 5.1.1", 1 },
	{ "a full mailbox is late, not lost", "\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.2.2\n",
	  "b@x.example failed 5.2.2", 0 },
	{ "given up after days", "\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 4.4.7\n",
	  "b@x.example failed 4.4.7", 0 },
	{ "a delay", "\nFinal-Recipient: rfc822; b@x.example\nAction: delayed\nStatus: 4.4.1\n", "b@x.example delayed 4.4.1", 0 },
	{ "a delivery", "\nFinal-Recipient: rfc822; b@x.example\nAction: delivered\nStatus: 2.0.0\n", "b@x.example delivered 2.0.0", -1 },
	{ "two people, one lost", "Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; b@x.example\nAction: delayed\nStatus: 4.4.1\n\n"
	  "Final-Recipient: rfc822; c@x.example\nAction: failed\nStatus: 5.1.1\n",
	  "b@x.example delayed 4.4.1; c@x.example failed 5.1.1", 1 },
	{ "no empty line before the person", "Reporting-MTA: dns; a\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.1.1\n",
	  "b@x.example failed 5.1.1", 1 },
	{ "many empty lines", "Reporting-MTA: dns; a\n\n\n\n\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.1.1\n\n\n",
	  "b@x.example failed 5.1.1", 1 },
	{ "a comment behind the status", "\nFinal-Recipient: RFC822; <b@x.example>\nAction: Failed (bad)\nStatus: 5.1.1 (no such user)\n",
	  "b@x.example failed 5.1.1", 1 },
	{ "only the original recipient", "\nOriginal-Recipient: rfc822;b@x.example\nAction: failed\nStatus: 5.1.1\n", "b@x.example failed 5.1.1", 1 },
	{ "no action", "\nFinal-Recipient: rfc822; b@x.example\nStatus: 4.2.0\n", "b@x.example delayed 4.2.0", 0 },
	{ "no status, enhanced in the diagnosis", "\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nDiagnostic-Code: smtp; 550 5.7.1 refused\n",
	  "b@x.example failed 5.7.1", 1 },
	{ "a vague status, better in the diagnosis", "\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 552 5.2.2 full\n",
	  "b@x.example failed 5.2.2", 0 },
	{ "a vague status, words of a full mailbox", "\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.0.0\n"
	  "Diagnostic-Code: smtp; 554 Mailbox is full\n", "b@x.example failed 5.2.2", 0 },
	{ "a reply code alone", "\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nDiagnostic-Code: smtp; 550 no\n", "b@x.example failed 5.0.0", 1 },
	{ "nothing said", "\nFinal-Recipient: rfc822; b@x.example\nAction: failed\n", "b@x.example failed ", -1 },
	{ "an X.400 address", "\nFinal-Recipient: x400; /G=a/\nAction: failed\nStatus: 5.1.1\n", NULL, 1 },
	{ "an IP address is no status", "\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; [5.6.7.8] said 550\n",
	  "b@x.example failed 5.1.1", 1 },
	{ "no person at all", "Reporting-MTA: dns; a\n", "", -1 },
	{ "nothing", "", "", -1 },
	{ "bytes", "\001\002\377:\n\n:\n\n \n", "", -1 },
};

static const struct words word_rows[] = {
	{ "qmail", DAEMON "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message.\n\n"
	  "<bia@x.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
	  "Return-Path: <ouvidoria@" US ">\nTo: cia@x.example\nMessage-ID: <o.1.a@" US ">\n\n5.2.2\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.1.1", 1, "o.1.a@" US },
	{ "Exim", DAEMON "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or\n"
	  "more of its recipients. The following address(es) failed:\n\n  bia@x.example\n    host mx.x.example [192.0.2.1]\n    550 Unknown user\n\n"
	  "------ This is a copy of the message, including all the headers. ------\n\nMessage-Id: <o.2.b@" US ">\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.0.0", 1, "o.2.b@" US },
	{ "Exim, delayed", DAEMON "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more\n"
	  "of its recipients after more than 24 hours.\n\n  bia@x.example\n", OUV_MAIL_DSN, "bia@x.example delayed ", 0, NULL },
	{ "X-Failed-Recipients", "Return-Path: <>\nFrom: x@mx.example\nX-Failed-Recipients: bia@x.example,\n cia@x.example\n\n550 5.1.1 unknown\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.1.1; cia@x.example failed 5.1.1", 1, NULL },
	{ "Exchange", "Return-Path: <>\nFrom: System Administrator <postmaster@x.example>\n\nYour message did not reach some or all of the intended recipients.\n\n"
	  "      Subject:  x\n\nThe following recipient(s) could not be reached:\n\n      bia@x.example on 2/2/2026\n            <mx.x.example #5.1.1>\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.1.1", 1, NULL },
	{ "Notes", "Return-Path: <>\nFrom: Postmaster@x.example\n\nYour message\n\n  Subject: x\n\nwas not delivered to:\n\n  bia@x.example\n\nbecause:\n\n  User not listed\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed ", -1, NULL },
	{ "Postfix without a report", DAEMON "This is the mail system at host mx.example.\n\nI'm sorry.\n\n<bia@x.example>: host mx.x.example[192.0.2.1] said: 552 5.2.2 Mailbox full (in reply to RCPT TO)\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.2.2", 0, NULL },
	{ "words alone", DAEMON "Something went wrong.\n", OUV_MAIL_BOUNCE, "", -1, NULL },
	{ "Amazon", "Return-Path: <x@amazonses.example>\nFrom: no-reply@sns.example\n\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bouncedRecipients\":"
	  "[{\"emailAddress\":\"bia@x.example\",\"action\":\"failed\",\"status\":\"5.1.1\"}]},\"mail\":{\"commonHeaders\":{\"messageId\":\"<o.3.c@" US ">\"}}}\n\n--\nstop\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.1.1", 1, "o.3.c@" US },
	{ "Amazon, for a while", "Return-Path: <x@amazonses.example>\nFrom: no-reply@sns.example\n\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Transient\",\"bouncedRecipients\":"
	  "[{\"emailAddress\":\"bia@x.example\"}]}}\n", OUV_MAIL_BOUNCE, "bia@x.example failed 4.0.0", 0, NULL },
	{ "a report with the letter's header",
	  "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nwords\n"
	  "--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; bia@x.example\nAction: failed\nStatus: 5.1.1\n\n"
	  "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <o.4.d@" US ">\nSubject: x\n\n--b--\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.1.1", 1, "o.4.d@" US },
	{ "a report with the whole letter, encoded",
	  "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=\"delivery-status\"; boundary=b\n\n--b\n\nwords\n"
	  "--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\nRmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGJpYUB4LmV4YW1wbGUKQWN0aW9uOiBmYWlsZWQKU3RhdHVzOiA1LjEuMQo=\n"
	  "--b\nContent-Type: message/rfc822\n\nMessage-ID:\n <o.5.e@" US ">\nSubject: x\n\nbody\n--b--\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.1.1", 1, "o.5.e@" US },
	{ "words labelled as a report, before the report",
	  "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
	  "--b\nContent-Type: message/delivery-status;\n\nThis Message was undeliverable.\n\n<bia@x.example> is barred\n\n"
	  "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nFinal-Recipient: RFC822; <bia@x.example>\nAction: failed\nStatus: 5.3.0\n\n--b--\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.3.0", 1, NULL },
	{ "one lost, one late is a bounce",
	  "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
	  "--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@x.example\nAction: delayed\nStatus: 4.4.1\n\n"
	  "Final-Recipient: rfc822; bia@x.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n",
	  OUV_MAIL_BOUNCE, "a@x.example delayed 4.4.1; bia@x.example failed 5.1.1", 1, NULL },
};
/* clang-format on */

static const char *
joined(struct ouv_arena *arena, const struct ouv_mail *mail)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 64);
	for (size_t i = 0; i < mail->dsn_count; i++)
		ouv_buf_printf(&buf, "%s%s %s %s", i ? "; " : "",
			mail->dsn[i].addr, mail->dsn[i].action,
			mail->dsn[i].status);
	return buf.data;
}

static void
fields_of_a_report_are_read(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(field_rows); i++) {
		const struct fields *row = &field_rows[i];
		struct ouv_mail mail = { 0 };
		struct ouv_str text = { row->text, strlen(row->text) };

		mail_dsn_fields(arena, text, &mail);
		if (row->want != NULL &&
			strcmp(joined(arena, &mail), row->want) != 0)
			fail_msg("%s: [%s]", row->what, joined(arena, &mail));
		if (mail.dsn_hard != row->hard)
			fail_msg("%s: hard %d", row->what, mail.dsn_hard);
	}
	ouv_arena_free(&arena);
}

static void
every_mailer_is_understood(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(word_rows); i++) {
		const struct words *row = &word_rows[i];
		struct ouv_mail mail = { 0 };
		const char *id;

		ouv_mail_read(
			arena, row->mail, strlen(row->mail), &office, &mail);
		id = mail.dsn_original_id;
		if (mail.kind != row->kind || !mail.has_dsn || mail.may_case ||
			mail.may_ack)
			fail_msg("%s: %s", row->what,
				ouv_mail_class_name(mail.kind));
		if (strcmp(joined(arena, &mail), row->want) != 0)
			fail_msg("%s: [%s]", row->what, joined(arena, &mail));
		if (mail.dsn_hard != row->hard)
			fail_msg("%s: hard %d", row->what, mail.dsn_hard);
		if ((id == NULL) != (row->original == NULL) ||
			(id != NULL && strcmp(id, row->original) != 0))
			fail_msg("%s: about %s", row->what, id);
		if (id != NULL)
			assert_string_equal(mail.thread_ids.list[0], id);
	}
	ouv_arena_free(&arena);
}

static void
statuses_are_found_in_any_text(void **state)
{
	static const char *const rows[][2] = {
		{ "5.1.1", "5.1.1" },
		{ "smtp; 550 5.1.10 x", "5.1.10" },
		{ "(#4.4.1)", "4.4.1" },
		{ "x5.1.1x", "5.1.1" },
		{ "1.5.1.1", NULL },
		{ "5.1.1.1", NULL },
		{ "192.5.1.1", NULL },
		{ "5.1", NULL },
		{ "5..1", NULL },
		{ "3.1.1", NULL },
		{ "5.1111.1", NULL },
		{ "", NULL },
	};
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *got =
			mail_status_find(arena, rows[i][0], strlen(rows[i][0]));

		if ((got == NULL) != (rows[i][1] == NULL) ||
			(got != NULL && strcmp(got, rows[i][1]) != 0))
			fail_msg("%s: %s", rows[i][0], got);
	}
	ouv_arena_free(&arena);
}

static void
a_read_receipt_names_the_letter_it_is_about(void **state)
{
	static const char raw[] =
		"From: ana@x.example\nContent-Type: multipart/report; "
		"report-type=disposition-notification; boundary=b\n\n--b\n\n"
		"read\n--b\nContent-Type: message/disposition-notification\n\n"
		"Final-Recipient: rfc822; ana@x.example\n"
		"Original-Message-ID: <o.9.z@" US ">\n"
		"Disposition: manual-action/MDN-sent-manually; displayed\n\n"
		"--b--\n";
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_mail mail = { 0 };

	(void)state;
	ouv_mail_read(arena, raw, strlen(raw), &office, &mail);
	assert_int_equal(mail.kind, OUV_MAIL_MDN);
	assert_false(mail.has_dsn);
	assert_string_equal(mail.thread_ids.list[0], "o.9.z@" US);
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_of_a_report_are_read),
		cmocka_unit_test(every_mailer_is_understood),
		cmocka_unit_test(statuses_are_found_in_any_text),
		cmocka_unit_test(a_read_receipt_names_the_letter_it_is_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
