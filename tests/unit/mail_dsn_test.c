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

struct reason {
	const char *status, *text; /* stated; NULL: none */
	const char *want, *cause;
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
	{ "escapes of RFC 6533", "\nFinal-Recipient: utf-8; jo\\x{E3}o\\x{40}x.example\nAction: failed\nStatus: 5.1.1\n", "jo\xC3\xA3o@x.example failed 5.1.1", 1 },
	{ "an escape that is none", "\nFinal-Recipient: utf-8; jo\\x{ZZ}@x.example\nOriginal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.1.1\n", "b@x.example failed 5.1.1", 1 },
	{ "a domain-defined X.400 attribute", "\nFinal-Recipient: x400; /DD.RFC-822=b(a)x.example/C=br/\nAction: failed\nStatus: 5.1.1\n", "b@x.example failed 5.1.1", 1 },
	{ "type unknown", "\nFinal-Recipient: unknown;b@x.example\nAction: failed\nStatus: 5.1.1\n", "b@x.example failed 5.1.1", 1 },
	{ "no type, a name in front", "\nFinal-Recipient: Bia <b@x.example>\nAction: failed\nStatus: 5.1.1\n", "b@x.example failed 5.1.1", 1 },
	{ "only the actual recipient is an address", "\nFinal-Recipient: local;bia\nX-Actual-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.1.1\n", "b@x.example failed 5.1.1", 1 },
	{ "a local name and nothing else", "\nFinal-Recipient: rfc822; <>\nAction: failed\nStatus: 5.1.1\n", " failed 5.1.1", 1 },
	{ "deferred is delayed", "\nFinal-Recipient: rfc822; b@x.example\nAction: Deferred\nStatus: 4.4.1\n", "b@x.example delayed 4.4.1", 0 },
	{ "relayed is no failure", "\nFinal-Recipient: rfc822; b@x.example\nAction: relayed (to a foreign place)\nStatus: 2.1.9\n", "b@x.example relayed 2.1.9", -1 },
	{ "expanded is no failure", "\nFinal-Recipient: rfc822; b@x.example\nAction: expanded\n", "b@x.example expanded ", -1 },
	{ "a status of one digit", "\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5\n", "b@x.example failed 5.0.0", 1 },
	{ "a reply code before the status", "\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 550 5.1.1\n", "b@x.example failed 5.1.1", 1 },
	{ "nothing but a diagnosis", "\nFinal-Recipient: rfc822; b@x.example\nDiagnostic-Code: smtp; 451 4.4.2 later\n", "b@x.example delayed 4.4.2", 0 },
	{ "a status that cannot be", "\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.99.1\nDiagnostic-Code: smtp; 550 5.1.1 no\n", "b@x.example failed 5.1.1", 1 },
	{ "two in one block", "Final-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; c@x.example\nAction: delayed\nStatus: 4.4.1\n",
	  "b@x.example failed 5.1.1; c@x.example delayed 4.4.1", 1 },
	{ "two in one block, original first", "Original-Recipient: rfc822; b@x.example\nFinal-Recipient: rfc822; B@x.example\nStatus: 5.1.1\nOriginal-Recipient: rfc822; c@x.example\nFinal-Recipient: rfc822; C@x.example\nStatus: 5.2.1\n",
	  "B@x.example failed 5.1.1; C@x.example failed 5.2.1", 1 },
	{ "an empty line inside", "\nFinal-Recipient: rfc822; b@x.example\n\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; c@x.example\n\nAction: failed\nStatus: 5.2.1\n",
	  "b@x.example failed 5.1.1; c@x.example failed 5.2.1", 1 },
	{ "a status of the whole report beside that of a person", "Reporting-MTA: dns; a\nStatus: 5.0.0\n\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.1.1\n", "b@x.example failed 5.1.1", 1 },
	{ "no person at all", "Reporting-MTA: dns; a\n", "", -1 },
	{ "nothing", "", "", -1 },
	{ "bytes", "\001\002\377:\n\n:\n\n \n", "", -1 },
};

/* RFC 3463 and the registry first, words where they know better. */
static const struct reason reason_rows[] = {
	{ "5.0.0", "", "5.0.0", "other", 1 },
	{ "5.1.0", "", "5.1.0", "unknown-user", 1 },
	{ "5.1.0", "sender rejected", "5.1.0", "policy", 1 },
	{ "5.1.1", "", "5.1.1", "unknown-user", 1 },
	{ "5.1.1", "mailbox full", "5.1.1", "unknown-user", 1 },
	{ "4.1.1", "", "4.1.1", "unknown-user", 0 },
	{ "5.1.2", "", "5.1.2", "host", 1 },
	{ "5.1.3", "", "5.1.3", "unknown-user", 1 },
	{ "5.1.4", "", "5.1.4", "unknown-user", 1 },
	{ "5.1.6", "", "5.1.6", "unknown-user", 1 },
	{ "5.1.8", "", "5.1.8", "policy", 1 },
	{ "5.1.10", "the domain has a null MX", "5.1.10", "host", 1 },
	{ "5.1.10", "RESOLVER.ADR.RecipNotFound; not found", "5.1.10", "unknown-user", 1 },
	{ "5.2.0", "", "5.2.0", "other", 1 },
	{ "5.2.0", "mailbox full", "5.2.0", "full", 0 },
	{ "5.2.1", "", "5.2.1", "disabled", 1 },
	{ "4.2.1", "", "4.2.1", "disabled", 0 },
	{ "5.2.2", "", "5.2.2", "full", 0 },
	{ "4.2.2", "", "4.2.2", "full", 0 },
	{ "5.2.3", "", "5.2.3", "too-big", 1 },
	{ "5.3.0", "", "5.3.0", "other", 1 },
	{ "5.3.0", "553 unknown e-mail address", "5.3.0", "unknown-user", 1 },
	{ "4.3.1", "", "4.3.1", "full", 0 },
	{ "4.3.2", "", "4.3.2", "host", 0 },
	{ "5.3.4", "", "5.3.4", "too-big", 1 },
	{ "4.4.1", "", "4.4.1", "host", 0 },
	{ "5.4.1", "550 5.4.1 Recipient address rejected: Access denied", "5.4.1", "unknown-user", 1 },
	{ "4.4.2", "", "4.4.2", "host", 0 },
	{ "5.4.4", "", "5.4.4", "host", 1 },
	{ "5.4.6", "", "5.4.6", "loop", 1 },
	{ "4.4.7", "", "4.4.7", "expired", 0 },
	{ "5.4.7", "", "5.4.7", "expired", 1 },
	{ "5.4.14", "", "5.4.14", "loop", 1 },
	{ "5.4.316", "", "5.4.316", "expired", 1 },
	{ "5.5.0", "550 5.5.0 mailbox unavailable", "5.5.0", "unknown-user", 1 },
	{ "5.5.3", "", "5.5.3", "policy", 1 },
	{ "5.6.1", "", "5.6.1", "other", 1 },
	{ "5.7.0", "", "5.7.0", "policy", 1 },
	{ "5.7.1", "", "5.7.1", "policy", 1 },
	{ "5.7.1", "listed at Spamhaus", "5.7.1", "spam", 1 },
	{ "5.7.1", "relaying denied", "5.7.1", "relay", 1 },
	{ "5.7.1", "SPF check failed", "5.7.1", "auth", 1 },
	{ "4.7.1", "greylisted", "4.7.1", "policy", 0 },
	{ "5.7.8", "", "5.7.8", "auth", 1 },
	{ "5.7.13", "", "5.7.13", "disabled", 1 },
	{ "5.7.17", "", "5.7.17", "unknown-user", 1 },
	{ "5.7.20", "", "5.7.20", "auth", 1 },
	{ "5.7.25", "", "5.7.25", "auth", 1 },
	{ "5.7.26", "", "5.7.26", "auth", 1 },
	{ "5.7.28", "", "5.7.28", "policy", 1 },
	{ "5.7.64", "", "5.7.64", "relay", 1 },
	{ "5.7.509", "", "5.7.509", "auth", 1 },
	{ "5.7.606", "", "5.7.606", "spam", 1 },
	/* a status that says nothing, or none: the text's own, words, code */
	{ "5.0.0", "smtp; 550 5.1.1 no", "5.1.1", "unknown-user", 1 },
	{ "5.0.0", "smtp; 451 4.4.1 later", "5.0.0", "other", 1 },
	{ "5.0.0", "mailbox is full", "5.2.2", "full", 0 },
	{ "4.0.0", "mailbox is full", "4.2.2", "full", 0 },
	{ NULL, "smtp; 550-5.7.1 no\n550 5.7.1 spam", "5.7.1", "spam", 1 },
	{ NULL, "(#5.1.2)", "5.1.2", "host", 1 },
	{ NULL, "mx 192.5.1.1 said: 550 5.2.1 off", "5.2.1", "disabled", 1 },
	{ NULL, "mailer 4.2.1 said 550 5.1.1 no", "5.1.1", "unknown-user", 1 },
	{ NULL, "550 user unknown", "5.1.1", "unknown-user", 1 },
	{ NULL, "450 user unknown", "4.1.1", "unknown-user", 0 },
	{ NULL, "user unknown", "5.1.1", "unknown-user", 1 },
	{ NULL, "over quota", "5.2.2", "full", 0 },
	{ NULL, "552 message too large", "5.3.4", "too-big", 1 },
	{ NULL, "552 no", "5.2.2", "full", 0 },
	{ NULL, "551 no", "5.1.6", "unknown-user", 1 },
	{ NULL, "553 no", "5.1.3", "unknown-user", 1 },
	{ NULL, "550 no", "5.0.0", "other", 1 },
	{ NULL, "450 no", "4.2.0", "other", 0 },
	{ NULL, "Connection refused", "4.4.1", "host", 0 },
	{ NULL, "Host or domain name not found", "5.4.4", "host", 1 },
	{ NULL, "Domain does not exist", "5.4.4", "host", 1 },
	{ NULL, "user does not exist", "5.1.1", "unknown-user", 1 },
	{ NULL, "retry timeout exceeded", "4.4.7", "expired", 0 },
	{ NULL, "554 too many hops", "5.4.6", "loop", 1 },
	{ NULL, "554 DMARC policy", "5.7.26", "auth", 1 },
	{ NULL, "554 relay access denied", "5.7.1", "relay", 1 },
	{ NULL, "550 blocked using a blocklist", "5.7.1", "spam", 1 },
	{ NULL, "550 content rejected", "5.7.1", "policy", 1 },
	{ NULL, "550-Unrouteable address", "5.1.1", "unknown-user", 1 },
	{ NULL, "mx.spam.example said: 550 no", "5.0.0", "other", 1 },
	{ NULL, "spam@x.example: 550 no", "5.0.0", "other", 1 },
	{ NULL, "caixa postal cheia", "5.2.2", "full", 0 },
	{ NULL, "la casella \xC3\xA8 piena", "5.2.2", "full", 0 },
	{ NULL, "buz\xC3\xB3n lleno", "5.2.2", "full", 0 },
	{ NULL, "bo\xC3\xAEte pleine", "5.2.2", "full", 0 },
	{ NULL, "Postfach ist voll", "5.2.2", "full", 0 },
	{ NULL, "usu\xC3\xA1rio inexistente", "5.1.1", "unknown-user", 1 },
	{ NULL, "utente sconosciuto", "5.1.1", "unknown-user", 1 },
	{ NULL, "usuario desconocido", "5.1.1", "unknown-user", 1 },
	{ NULL, "utilisateur inconnu", "5.1.1", "unknown-user", 1 },
	{ NULL, "Empf\xC3\xA4nger unbekannt", "5.1.1", "unknown-user", 1 },
	{ NULL, "\xE5\xAE\x9B\xE5\x85\x88\xE4\xB8\x8D\xE6\x98\x8E", "5.1.1", "unknown-user", 1 },
	{ NULL, "\xE9\x82\xAE\xE7\xAE\xB1\xE5\xB7\xB2\xE6\xBB\xA1", "5.2.2", "full", 0 },
	{ NULL, "250 2.1.5 ok, then 550 5.2.1 off", "5.2.1", "disabled", 1 },
	{ "5.7.1", "550 5.1.1 stated twice", "5.7.1", "policy", 1 },
	{ NULL, "250 2.1.5 ok, then nothing", "", "other", -1 },
	{ NULL, "something went wrong", "", "other", -1 },
	{ NULL, "port 4500, 192.0.2.550, 550/2, x550", "", "other", -1 },
};

static const struct words word_rows[] = {
	{ "qmail", DAEMON "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message.\n\n"
	  "<bia@x.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
	  "Return-Path: <ouvidoria@" US ">\nTo: cia@x.example\nMessage-ID: <o.1.a@" US ">\n\n5.2.2\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.1.1", 1, "o.1.a@" US },
	{ "Exim", DAEMON "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or\n"
	  "more of its recipients. The following address(es) failed:\n\n  bia@x.example\n    host mx.x.example [192.0.2.1]\n    550 Unknown user\n\n"
	  "------ This is a copy of the message, including all the headers. ------\n\nMessage-Id: <o.2.b@" US ">\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.1.1", 1, "o.2.b@" US },
	{ "Exim, delayed", DAEMON "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more\n"
	  "of its recipients after more than 24 hours.\n\n  bia@x.example\n", OUV_MAIL_DSN, "bia@x.example delayed ", 0, NULL },
	{ "X-Failed-Recipients", "Return-Path: <>\nFrom: x@mx.example\nX-Failed-Recipients: bia@x.example,\n cia@x.example\n\n550 5.1.1 unknown\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.1.1; cia@x.example failed 5.1.1", 1, NULL },
	{ "Exchange", "Return-Path: <>\nFrom: System Administrator <postmaster@x.example>\n\nYour message did not reach some or all of the intended recipients.\n\n"
	  "      Subject:  x\n\nThe following recipient(s) could not be reached:\n\n      bia@x.example on 2/2/2026\n            <mx.x.example #5.1.1>\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.1.1", 1, NULL },
	{ "Notes", "Return-Path: <>\nFrom: Postmaster@x.example\n\nYour message\n\n  Subject: x\n\nwas not delivered to:\n\n  bia@x.example\n\nbecause:\n\n  User not listed\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.1.1", 1, NULL },
	{ "Postfix without a report", DAEMON "This is the mail system at host mx.example.\n\nI'm sorry.\n\n<bia@x.example>: host mx.x.example[192.0.2.1] said: 552 5.2.2 Mailbox full (in reply to RCPT TO)\n",
	  OUV_MAIL_BOUNCE, "bia@x.example failed 5.2.2", 0, NULL },
	{ "the address it was sent to is not the one that failed", "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: b+N1@" US "\n\nHi. This is the qmail-send program at mx.example.\n\n"
	  "<b+N1@" US ">\n\nwrote to\n\n<bia@x.example>:\nSorry, no such user. (#5.1.1)\n", OUV_MAIL_BOUNCE, "bia@x.example failed 5.1.1", 1, NULL },
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
every_status_has_its_cause(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(reason_rows); i++) {
		const struct reason *row = &reason_rows[i];
		struct ouv_str text = { row->text, strlen(row->text) };
		struct ouv_mail mail = { 0 };
		struct mail_cause why;

		mail_cause(arena, row->status, text, false, &why);
		mail_dsn_add(arena, &mail, "b@x.example", "failed", &why);
		mail_dsn_verdict(&mail);
		if (strcmp(why.status, row->want) != 0 ||
			strcmp(mail.dsn[0].cause, row->cause) != 0 ||
			mail.dsn_hard != row->hard)
			fail_msg("%s \"%s\": %s %s %d", row->status, row->text,
				why.status, mail.dsn[0].cause, mail.dsn_hard);
	}
	assert_true(COUNT(reason_rows) >= 60);
	ouv_arena_free(&arena);
}

/* What is only late has a status of class 4, what arrived no cause. */
static void
only_a_failure_has_a_cause(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str text = { "over quota", 10 };
	struct mail_cause why;
	struct ouv_mail mail = { 0 };

	(void)state;
	mail_cause(arena, NULL, text, true, &why);
	assert_string_equal(why.status, "4.2.2");
	mail_dsn_add(arena, &mail, "a@x.example", "delayed", &why);
	mail_dsn_add(arena, &mail, "b@x.example", "delivered", &why);
	mail_dsn_add(arena, &mail, "c@x.example", "relayed", &why);
	assert_string_equal(mail.dsn[0].cause, "full");
	assert_string_equal(mail.dsn[1].cause, "");
	assert_string_equal(mail.dsn[2].cause, "");
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

/* ---- size -------------------------------------------------------- */

#define MANY 100000

static const char *
many(struct ouv_arena *arena, const char *head, const char *before,
	const char *behind, const char *tail)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, (size_t)MANY * 64);
	ouv_buf_text(&buf, head);
	for (int i = 0; i < MANY; i++)
		ouv_buf_printf(&buf, "%su%d@x.example%s", before, i, behind);
	ouv_buf_text(&buf, tail);
	return buf.data;
}

#define REPORT_HEAD                                                     \
	"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\n"             \
	"Content-Type: multipart/report; report-type=delivery-status; " \
	"boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"

static void
a_hundred_thousand_recipients_do_no_harm(void **state)
{
	static const struct {
		const char *what, *head, *before, *behind, *tail;
	} rows[] = {
		{ "fields", REPORT_HEAD, "Final-Recipient: rfc822; ",
			"\n"
			"Action: failed\nStatus: 5.1.1\n\n",
			"--b--\n" },
		{ "one block", REPORT_HEAD, "Final-Recipient: rfc822; ",
			"\n"
			"Action: failed\nStatus: 5.1.1\n",
			"\n--b--\n" },
		{ "words", DAEMON "Hi. This is the qmail-send program\n\n", "<",
			">:\nmailbox full\n", "" },
		{ "one line",
			DAEMON "Hi. This is the qmail-send program\n\n"
			       "<u@x.example>: 552 5.2.2 full ",
			"<", ">", "" },
		{ "X-Failed-Recipients",
			"Return-Path: <>\nFrom: x@mx.example\n"
			"X-Failed-Recipients: v@x.example",
			",\n ", "", "\n\n550 5.1.1 unknown\n" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct ouv_arena *own = ouv_arena_new(OUV_ARENA_PLAIN);
		const char *raw = many(own, rows[i].head, rows[i].before,
			rows[i].behind, rows[i].tail);
		struct ouv_mail mail = { 0 };
		size_t len = strlen(raw);

		ouv_mail_read(arena, raw, len, &office, &mail);
		if (mail.kind != OUV_MAIL_BOUNCE || mail.dsn_count == 0 ||
			mail.dsn_count > MAIL_ADDRS_MAX)
			fail_msg("%s: %zu", rows[i].what, mail.dsn_count);
		if (ouv_arena_used(arena) > 12 * len + ((size_t)8 << 20))
			fail_msg("%s: %zu bytes for %zu", rows[i].what,
				ouv_arena_used(arena), len);
		ouv_arena_free(&arena);
		ouv_arena_free(&own);
	}
}

/* Nine hundred reached, the last one lost: still a bounce. */
static void
a_late_failure_is_not_pushed_out(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_mail mail = { 0 };
	struct ouv_buf buf;

	(void)state;
	ouv_buf_init(&buf, arena, 0);
	for (int i = 0; i < 900; i++)
		ouv_buf_printf(&buf,
			"Final-Recipient: rfc822; u%d@x.example\n"
			"Action: delivered\nStatus: 2.0.0\n\n",
			i);
	ouv_buf_text(&buf, "Final-Recipient: rfc822; last@x.example\n"
			   "Action: failed\nStatus: 5.1.1\n\n");
	mail_dsn_fields(arena, (struct ouv_str){ buf.data, buf.len }, &mail);
	assert_int_equal(mail.dsn_count, MAIL_ADDRS_MAX);
	assert_int_equal(mail.dsn_hard, 1);
	assert_string_equal(
		mail.dsn[MAIL_ADDRS_MAX - 1].addr, "last@x.example");
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_of_a_report_are_read),
		cmocka_unit_test(every_status_has_its_cause),
		cmocka_unit_test(only_a_failure_has_a_cause),
		cmocka_unit_test(every_mailer_is_understood),
		cmocka_unit_test(statuses_are_found_in_any_text),
		cmocka_unit_test(a_read_receipt_names_the_letter_it_is_about),
		cmocka_unit_test(a_hundred_thousand_recipients_do_no_harm),
		cmocka_unit_test(a_late_failure_is_not_pushed_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
