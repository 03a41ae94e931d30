/*
 * mail_classify_test.c - no machine is answered, no person is refused
 *
 * A row is the header (and body) that makes a mail special; what it does not
 * say is that of an ordinary letter to the office.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/mail.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define NO false
#define YES true

#define DSN_TYPE                                                        \
	"Content-Type: multipart/report; report-type=delivery-status; " \
	"boundary=b\n"
#define DSN_BODY(action, status)                                         \
	"\n--b\n\nwords\n--b\nContent-Type: message/delivery-status\n\n" \
	"Reporting-MTA: dns; mx.x.example\n\nFinal-Recipient: rfc822; "  \
	"bia@x.example\n"                                                \
	"Action: " action "\nStatus: " status "\n\n--b--\n"

struct row {
	const char *what;
	const char *mail; /* header lines, then perhaps an empty one and text */
	enum ouv_mail_class kind;
	bool may_case, may_ack;
};

struct field {
	const char *name, *value;
};

static const struct field usual[] = {
	{ "Return-Path", "<ana@consumidora.example>" },
	{ "From", "Ana Souza <ana@consumidora.example>" },
	{ "To", "Ouvidoria <ouvidoria@ouvidoria.example>" },
	{ "Subject", "Geladeira" },
	{ "Date", "Mon, 2 Feb 2026 10:00:00 -0300" },
	{ "Message-ID", "<1@consumidora.example>" },
};

static const struct ouv_mail_office office = {
	.address = "ouvidoria@ouvidoria.example",
	.reply_local = "caso",
	.authserv_id = "mx.ouvidoria.example",
	.loop_id = "loop-7f3a",
};

/* clang-format off */
static const struct row rows[] = {
	/* ---- people, answered */
	{ "an ordinary letter", "", OUV_MAIL_HUMAN, YES, YES },
	{ "Auto-Submitted: no", "Auto-Submitted: no\n", OUV_MAIL_HUMAN, YES, YES },
	{ "Auto-Submitted: No, with comment", "Auto-Submitted: No (typed by hand)\n", OUV_MAIL_HUMAN, YES, YES },
	{ "Auto-Submitted: no, with parameter", "Auto-Submitted: no; owner-email=\"a@b.example\"\n", OUV_MAIL_HUMAN, YES, YES },
	{ "Auto-Submitted without a word", "Auto-Submitted: \n", OUV_MAIL_HUMAN, YES, YES },
	{ "Precedence: first-class", "Precedence: first-class\n", OUV_MAIL_HUMAN, YES, YES },
	{ "Precedence: normal", "Precedence: normal\n", OUV_MAIL_HUMAN, YES, YES },
	{ "X-Auto-Response-Suppress: DR, RN, NRN", "X-Auto-Response-Suppress: DR, RN, NRN\n", OUV_MAIL_HUMAN, YES, YES },
	{ "X-Autoreply: no", "X-Autoreply: no\n", OUV_MAIL_HUMAN, YES, YES },
	{ "X-Mailer of a person", "X-Mailer: Microsoft Outlook 16.0\n", OUV_MAIL_HUMAN, YES, YES },
	{ "copy to us", "To: Loja <sac@loja.example>\nCc: ouvidoria@ouvidoria.example\n", OUV_MAIL_HUMAN, YES, YES },
	{ "to a reply address", "To: caso+ABCD2345@ouvidoria.example\n", OUV_MAIL_HUMAN, YES, YES },
	{ "our address in capitals", "To: OUVIDORIA@Ouvidoria.Example\n", OUV_MAIL_HUMAN, YES, YES },
	{ "no Return-Path was recorded", "Return-Path\n", OUV_MAIL_HUMAN, YES, YES },
	{ "Return-Path below the sender's domain", "Return-Path: <ana@bounce.consumidora.example>\n", OUV_MAIL_HUMAN, YES, YES },
	{ "a talk about automatic replies", "Subject: A loja so manda resposta automatica\n", OUV_MAIL_HUMAN, YES, YES },
	{ "a colon later in the subject", "Subject: Sobre a resposta automatica: reclamo\n", OUV_MAIL_HUMAN, YES, YES },
	{ "a talk about bounces", "Subject: Undelivered order\n\nHi. This is the third time I write. My parcel could not be delivered.\n", OUV_MAIL_HUMAN, YES, YES },
	{ "words of qmail inside a letter", "\nRecebi isto: Hi. This is the qmail-send program at x.example.\n", OUV_MAIL_HUMAN, YES, YES },
	{ "words of a full mailbox", "\nO vendedor disse: mailbox full 5.2.2\n", OUV_MAIL_HUMAN, YES, YES },
	{ "a name with request in it", "From: Rita <request.rita@x.example>\nReturn-Path: <request.rita@x.example>\n", OUV_MAIL_HUMAN, YES, YES },
	{ "a shop owner", "From: <shop-owner@x.example>\nReturn-Path: <shop-owner@x.example>\n", OUV_MAIL_HUMAN, YES, YES },
	{ "a person called Auto", "Subject: Auto com defeito\n", OUV_MAIL_HUMAN, YES, YES },
	{ "dmarc pass", "Authentication-Results: mx.ouvidoria.example; dmarc=pass; spf=pass\n", OUV_MAIL_HUMAN, YES, YES },
	{ "somebody else's dmarc fail", "Authentication-Results: mx.x.example; dmarc=fail\n", OUV_MAIL_HUMAN, YES, YES },
	{ "spf fails but dkim passes", "Authentication-Results: mx.ouvidoria.example; spf=fail; dkim=pass\n", OUV_MAIL_HUMAN, YES, YES },
	{ "a reply in English", "Subject: Re: your message\nIn-Reply-To: <o.1.a@ouvidoria.example>\n", OUV_MAIL_HUMAN, YES, YES },
	{ "Disposition-Notification-To asks us", "Disposition-Notification-To: ana@consumidora.example\n", OUV_MAIL_HUMAN, YES, YES },
	{ "an id of our domain that is not ours", "Message-ID: <abc@ouvidoria.example>\n", OUV_MAIL_HUMAN, YES, YES },
	{ "a loop id of somebody else", "Subject: x\nX-Ouvidoria-Test: loop-7f3a\n", OUV_MAIL_HUMAN, YES, YES },

	{ "no, whatever the subject", "Auto-Submitted: no\nSubject: Resposta automatica: nao e\n", OUV_MAIL_HUMAN, YES, YES },
	{ "a courier called Mail Delivery", "From: Express Mail Delivery <ana@consumidora.example>\n", OUV_MAIL_HUMAN, YES, YES },
	{ "a read receipt passed on by a person",
	  "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nVejam.\n--b\nContent-Type: message/disposition-notification\n\n"
	  "Disposition: manual-action/x; displayed\n\n--b--\n", OUV_MAIL_HUMAN, YES, YES },
	{ "a bounce passed on as an attached mail",
	  "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nVejam.\n--b\nContent-Type: message/rfc822\n\nReturn-Path: <>\nFrom: MAILER-DAEMON@x.example\n"
	  "Auto-Submitted: auto-replied\nX-Ouvidoria-Loop: loop-7f3a\n\nno\n\n--b--\n", OUV_MAIL_HUMAN, YES, YES },

	/* ---- people, a case but no answer */
	{ "Exchange asks for silence", "X-Auto-Response-Suppress: All\n", OUV_MAIL_HUMAN, YES, NO },
	{ "Exchange asks for no OOF", "X-Auto-Response-Suppress: DR, OOF, AutoReply\n", OUV_MAIL_HUMAN, YES, NO },
	{ "misspelt by some program", "X-AutoResponse-Suppress: All\n", OUV_MAIL_HUMAN, YES, NO },
	{ "only in the envelope", "To: undisclosed-recipients:;\nDelivered-To: ouvidoria@ouvidoria.example\n", OUV_MAIL_HUMAN, YES, NO },
	{ "blind copy", "To: sac@loja.example\n", OUV_MAIL_HUMAN, YES, NO },
	{ "empty reverse path", "Return-Path: <>\n", OUV_MAIL_HUMAN, YES, NO },
	{ "another reverse path", "Return-Path: <x@outro.example>\n", OUV_MAIL_HUMAN, YES, NO },
	{ "a domain that only ends alike", "Return-Path: <x@maconsumidora.example>\n", OUV_MAIL_HUMAN, YES, NO },
	{ "no-reply", "From: Loja <no-reply@loja.example>\nReturn-Path: <no-reply@loja.example>\n", OUV_MAIL_HUMAN, YES, NO },
	{ "noreply+x", "From: <noreply+12@loja.example>\nReturn-Path: <noreply+12@loja.example>\n", OUV_MAIL_HUMAN, YES, NO },
	{ "nao-responda", "From: <nao-responda@loja.example>\nReturn-Path: <nao-responda@loja.example>\n", OUV_MAIL_HUMAN, YES, NO },
	{ "naoresponda in capitals", "From: <NaoResponda@loja.example>\nReturn-Path: <NaoResponda@loja.example>\n", OUV_MAIL_HUMAN, YES, NO },
	{ "non-rispondere", "From: <non-rispondere@negozio.example>\nReturn-Path: <non-rispondere@negozio.example>\n", OUV_MAIL_HUMAN, YES, NO },
	{ "postmaster writes himself", "From: <postmaster@loja.example>\nReturn-Path: <postmaster@loja.example>\n", OUV_MAIL_HUMAN, YES, NO },
	{ "no sender", "From: \n", OUV_MAIL_HUMAN, YES, NO },
	{ "a sender without domain", "From: ana\n", OUV_MAIL_HUMAN, YES, NO },
	{ "two senders", "From: a@consumidora.example, b@consumidora.example\n", OUV_MAIL_HUMAN, YES, NO },
	{ "our own address as sender", "From: <ouvidoria@ouvidoria.example>\nReturn-Path: <ouvidoria@ouvidoria.example>\n", OUV_MAIL_HUMAN, YES, NO },
	{ "our reply address as sender", "From: <caso+X@ouvidoria.example>\nReturn-Path: <caso+X@ouvidoria.example>\n", OUV_MAIL_HUMAN, YES, NO },
	{ "somebody else's X-Loop", "X-Loop: procmail@x.example\n", OUV_MAIL_HUMAN, YES, NO },
	{ "another help desk", "X-RT-Loop-Prevention: loja.example\n", OUV_MAIL_HUMAN, YES, NO },
	{ "dmarc fail", "Authentication-Results: mx.ouvidoria.example; dmarc=fail (p=none)\n", OUV_MAIL_HUMAN, YES, NO },
	{ "spf fail alone", "Authentication-Results: mx.ouvidoria.example; spf=fail\n", OUV_MAIL_HUMAN, YES, NO },
	{ "junk", "X-Spam-Flag: YES\n", OUV_MAIL_HUMAN, YES, NO },
	{ "a delivery report passed on by a person",
	  "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nVejam o erro.\n--b\nContent-Type: message/delivery-status\n\n"
	  "Final-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n", OUV_MAIL_HUMAN, YES, YES },

	/* ---- subjects that look automatic: kept, not answered */
	{ "Out of office about something", "Subject: Fora do escritorio: ninguem atende\n", OUV_MAIL_HUMAN, YES, NO },
	{ "Auto: about a car", "Subject: Auto: conserto malfeito\n", OUV_MAIL_HUMAN, YES, NO },
	{ "an answer to an automatic answer", "Subject: Re: Resposta automatica: Geladeira\nIn-Reply-To: <o.1.a@ouvidoria.example>\n", OUV_MAIL_HUMAN, YES, NO },
	{ "Automatic reply to nothing of ours", "Subject: Automatic reply: hello\n", OUV_MAIL_AUTO_REPLY, YES, NO },

	/* ---- automatic answers */
	{ "Auto-Submitted: auto-replied", "Auto-Submitted: auto-replied\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "with parameters", "Auto-Submitted: auto-replied; owner-email=\"a@b.example\"\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "with a comment first", "Auto-Submitted: (vacation) auto-replied\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "in capitals", "AUTO-SUBMITTED: AUTO-REPLIED\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "an unknown keyword", "Auto-Submitted: auto-something\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "both no and auto-replied", "Auto-Submitted: no\nAuto-Submitted: auto-replied\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-Autoreply", "X-Autoreply: yes\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-Autorespond", "X-Autorespond: Geladeira\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-AutoReply-From", "X-AutoReply-From: a@b.example\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-Auto-Reply", "X-Auto-Reply: 1\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-Mail-Autoreply", "X-Mail-Autoreply: yes\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-Autogenerated: Reply", "X-Autogenerated: Reply\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "Precedence: auto_reply", "Precedence: auto_reply\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-Precedence: auto_reply", "X-Precedence: auto_reply\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "Mailbox Rules Agent", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-Autoresponse", "X-Autoresponse: yes\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-Apple-Action: vacation", "X-Apple-Action: vacation\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-POST-MessageClass", "X-POST-MessageClass: 9; Autoresponder\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "vacation as mailer", "X-Mailer: vacation/1.2\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "Exchange out of office", "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nSubject: Automatic reply: Geladeira\n"
	  "In-Reply-To: <o.1.a@ouvidoria.example>\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "Gmail vacation", "Auto-Submitted: auto-replied\nPrecedence: bulk\nX-Autoreply: yes\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "answer at a bounce address", "To: b+AB12@ouvidoria.example\nReturn-Path: <>\nAuto-Submitted: auto-replied\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "answer to ours by subject, pt", "Subject: =?UTF-8?Q?Resposta_autom=C3=A1tica=3A?= Geladeira\nIn-Reply-To: <o.1.a@ouvidoria.example>\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "answer to ours by subject, it", "Subject: Risposta automatica: x\nReferences: <o.1.a@ouvidoria.example>\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "answer to ours by subject, fr", "Subject: =?UTF-8?Q?R=C3=A9ponse_automatique_=3A_x?=\nReferences: <o.1.a@ouvidoria.example>\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "answer to ours by subject, de", "Subject: Abwesenheitsnotiz: x\nReferences: <o.1.a@ouvidoria.example>\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "answer to ours by subject, es", "Subject: Respuesta automatica: x\nReferences: <o.1.a@ouvidoria.example>\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "answer to a reply address by subject", "Subject: Out of Office: x\nTo: caso+ABCD2345@ouvidoria.example\n", OUV_MAIL_AUTO_REPLY, NO, NO },

	{ "BoxTrapper's misspelling", "Preference: auto_reply\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-Auto-Submitted: auto-replied", "X-Auto-Submitted: auto-replied\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-Auto-Response", "X-Auto-Response: yes\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-Autoresponder-Name", "X-Autoresponder-Name: ferias\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-MDAutoResponder", "X-MDAutoResponder: ana@consumidora.example\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "the vacation script of a mail admin", "X-Loop: Postfix Admin Virtual Vacation\nPrecedence: junk\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "qmail's autoresponder", "Delivered-To: Autoresponder\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "a help desk's own word", "X-FreeScout-Mail-Type: auto.reply\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "a challenge", "X-SpamArrest-NoAuth: 1\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "old vacation program: bulk and a subject", "Precedence: bulk\nSubject: away from my mail\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "Domino", "Auto-Submitted: auto-generated\nSubject: AUTO: Ana Reis is out of the office (returning 16/02/2026)\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "Exchange in a language we do not know", "Auto-Submitted: auto-generated\nSubject: Sjalvvirkt: x\n\nI am out of the office until 12 March.\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "a note without a path", "Return-Path: <>\nSubject: Re: x\n\nEstou de ferias, retorno em 16/02.\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "answer to ours in brackets", "Subject: [Auto-Reply] x\nReferences: <o.1.a@ouvidoria.example>\n", OUV_MAIL_AUTO_REPLY, NO, NO },

	/* ---- programs */
	{ "Auto-Submitted: auto-generated", "Auto-Submitted: auto-generated\n", OUV_MAIL_NOTIFICATION, NO, NO },
	{ "Auto-Submitted: auto-notified", "Auto-Submitted: auto-notified; owner-email=\"x@y.example\"\n", OUV_MAIL_NOTIFICATION, NO, NO },
	{ "X-Amazon-Mail-Relay-Type", "X-Amazon-Mail-Relay-Type: notification\n", OUV_MAIL_NOTIFICATION, NO, NO },
	{ "cron", "X-Cron-Env: <SHELL=/bin/sh>\n", OUV_MAIL_NOTIFICATION, NO, NO },
	{ "X-Autogenerated", "X-Autogenerated: Letter\n", OUV_MAIL_NOTIFICATION, NO, NO },
	{ "cron by its name", "From: Cron Daemon <ana@consumidora.example>\n", OUV_MAIL_NOTIFICATION, NO, NO },
	{ "monitoring", "X-Mailer: Nagios 4\n", OUV_MAIL_NOTIFICATION, NO, NO },
	{ "a bug tracker", "X-Bugzilla-Reason: CC\n", OUV_MAIL_NOTIFICATION, NO, NO },
	{ "a forge", "X-GitHub-Sender: ana\n", OUV_MAIL_NOTIFICATION, NO, NO },
	{ "a carrier's delivery note", "X-Mms-Message-Type: m-delivery-ind\n", OUV_MAIL_NOTIFICATION, NO, NO },

	/* ---- lists */
	{ "List-Id, we are addressed", "List-Id: <consumidores.lista.example>\n", OUV_MAIL_LIST, YES, NO },
	{ "List-Id, we are a member", "List-Id: <a.lista.example>\nTo: a@lista.example\n", OUV_MAIL_LIST, NO, NO },
	{ "List-Post", "List-Post: <mailto:a@lista.example>\nTo: a@lista.example\n", OUV_MAIL_LIST, NO, NO },
	{ "Precedence: list", "Precedence: list\nTo: a@lista.example\n", OUV_MAIL_LIST, NO, NO },
	{ "owner-x", "From: owner-consumidores@lista.example\nTo: a@lista.example\n", OUV_MAIL_LIST, NO, NO },
	{ "x-request", "From: consumidores-request@lista.example\nTo: a@lista.example\n", OUV_MAIL_LIST, NO, NO },
	{ "LISTSERV", "From: LISTSERV@lista.example\nTo: a@lista.example\n", OUV_MAIL_LIST, NO, NO },
	{ "majordomo", "From: Majordomo@lista.example\nTo: a@lista.example\n", OUV_MAIL_LIST, NO, NO },
	{ "mailman's path", "Return-Path: <a-bounces@lista.example>\nTo: a@lista.example\n", OUV_MAIL_LIST, NO, NO },
	{ "a newsletter with a list's name", "List-Id: <a.loja.example>\nPrecedence: bulk\nList-Unsubscribe: <https://x.example/u>\n", OUV_MAIL_LIST, NO, NO },
	{ "an old list manager says bulk: a member writes to us and to it", "List-Id: <a.lista.example>\nList-Post: <mailto:a@lista.example>\nPrecedence: bulk\n", OUV_MAIL_LIST, YES, NO },
	{ "a list when nobody is named", "X-BeenThere: a@lista.example\nTo: a@lista.example\n", OUV_MAIL_LIST, NO, NO },
	{ "ezmlm", "Mailing-List: contact a-help@lista.example; run by ezmlm\nTo: a@lista.example\n", OUV_MAIL_LIST, NO, NO },
	{ "Google Groups", "X-Google-Group-Id: 123\nTo: a@lista.example\n", OUV_MAIL_LIST, NO, NO },
	{ "an agent's answer to our letter, with a link to unsubscribe", "List-Unsubscribe: <https://x.example/u>\nSubject: Re: caso\n"
	  "In-Reply-To: <o.1.a@ouvidoria.example>\n", OUV_MAIL_BULK, YES, NO },
	{ "a help desk's agent, marked bulk, to our letter", "Precedence: bulk\nX-RT-Ticket: x 1\nIn-Reply-To: <o.1.a@ouvidoria.example>\n", OUV_MAIL_BULK, YES, NO },
	{ "bulk that answers somebody else", "Precedence: bulk\nIn-Reply-To: <1@x.example>\n", OUV_MAIL_BULK, NO, NO },
	{ "a campaign", "X-CampaignID: 7\n", OUV_MAIL_BULK, NO, NO },
	{ "a newsletter's mailer", "X-Mailer: phplist v3\n", OUV_MAIL_BULK, NO, NO },
	{ "a newsletter", "List-Unsubscribe: <https://x.example/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n", OUV_MAIL_BULK, NO, NO },
	{ "a company's help desk to a case", "List-Unsubscribe: <https://x.example/u>\nTo: caso+ABCD2345@ouvidoria.example\n", OUV_MAIL_BULK, YES, NO },
	{ "Precedence: bulk", "Precedence: bulk\n", OUV_MAIL_BULK, NO, NO },
	{ "Precedence: junk", "Precedence: junk\n", OUV_MAIL_BULK, NO, NO },
	{ "X-FC-MachineGenerated", "X-FC-MachineGenerated: true\n", OUV_MAIL_BULK, NO, NO },

	/* ---- reports */
	{ "a failure", DSN_TYPE DSN_BODY("failed", "5.1.1"), OUV_MAIL_BOUNCE, NO, NO },
	{ "a delay", DSN_TYPE DSN_BODY("delayed", "4.4.1"), OUV_MAIL_DSN, NO, NO },
	{ "a delivery", DSN_TYPE DSN_BODY("delivered", "2.0.0"), OUV_MAIL_DSN, NO, NO },
	{ "relayed", DSN_TYPE DSN_BODY("relayed", "2.0.0"), OUV_MAIL_DSN, NO, NO },
	{ "a failure that is also auto-replied", "Return-Path: <>\nAuto-Submitted: auto-replied\n" DSN_TYPE DSN_BODY("failed", "5.1.1"), OUV_MAIL_BOUNCE, NO, NO },
	{ "a report without parts", "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\nx\n", OUV_MAIL_BOUNCE, NO, NO },
	{ "a report in a mixed mail of a daemon", "From: MAILER-DAEMON@x.example\nReturn-Path: <>\nContent-Type: multipart/mixed; boundary=b\n"
	  DSN_BODY("failed", "5.1.1"), OUV_MAIL_BOUNCE, NO, NO },
	{ "X-Failed-Recipients", "Return-Path: <>\nX-Failed-Recipients: bia@x.example\n", OUV_MAIL_BOUNCE, NO, NO },
	{ "MAILER-DAEMON", "From: MAILER-DAEMON@x.example\nReturn-Path: <>\n\nno such user\n", OUV_MAIL_BOUNCE, NO, NO },
	{ "DragonFly", "From: MAILER-DAEMON <>\nReturn-Path\n\nno such user\n", OUV_MAIL_BOUNCE, NO, NO },
	{ "Mail Delivery Subsystem", "From: Mail Delivery Subsystem <x@y.example>\nReturn-Path: <>\n\nno\n", OUV_MAIL_BOUNCE, NO, NO },
	{ "postmaster without a path", "From: postmaster@x.example\nReturn-Path: <>\n\nno\n", OUV_MAIL_BOUNCE, NO, NO },
	{ "qmail", "From: MAILER-DAEMON@x.example\nReturn-Path: <>\n\nHi. This is the qmail-send program at x.example.\n\n<bia@x.example>:\nno mailbox here by that name (#5.1.1)\n", OUV_MAIL_BOUNCE, NO, NO },
	{ "arrived at a bounce address", "To: b+AB12@ouvidoria.example\nReturn-Path: <>\nFrom: x@y.example\n\nno\n", OUV_MAIL_BOUNCE, NO, NO },
	{ "postmaster's failure that is also auto-replied", "From: postmaster@x.example\nReturn-Path: <>\nAuto-Submitted: auto-replied\n\nDelivery has failed to these recipients:\nbia@x.example\n", OUV_MAIL_BOUNCE, NO, NO },
	{ "postmaster is on holiday", "From: postmaster@x.example\nReturn-Path: <>\nAuto-Submitted: auto-replied\n\nI am away.\n", OUV_MAIL_AUTO_REPLY, NO, NO },
	{ "X-Failed-Recipients that is also auto-replied", "Return-Path: <>\nX-Failed-Recipients: bia@x.example\nAuto-Submitted: auto-replied\n", OUV_MAIL_BOUNCE, NO, NO },
	{ "MDN", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b\nContent-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--b--\n", OUV_MAIL_MDN, NO, NO },
	{ "ARF", "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nspam\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n\n--b--\n", OUV_MAIL_ARF, NO, NO },
	{ "MDN by its content class", "Content-Class: urn:content-classes:mdn\n", OUV_MAIL_MDN, NO, NO },
	{ "a receipt in words, to our letter", "Subject: Lida: Geladeira\nIn-Reply-To: <o.1.a@ouvidoria.example>\n\nSua mensagem\n\n  Para: Ana\n\nfoi lida em 2/2/2026.\n", OUV_MAIL_MDN, NO, NO },
	{ "hotmail's loop", "From: staff@hotmail.com\nReturn-Path: <staff@hotmail.com>\nSubject: complaint about message from 192.0.2.1\n", OUV_MAIL_ARF, NO, NO },

	/* ---- our own */
	{ "our id", "Message-ID: <o.12.abcdef@ouvidoria.example>\n", OUV_MAIL_OWN, NO, NO },
	{ "our loop field", "X-Ouvidoria-Loop: loop-7f3a\n", OUV_MAIL_OWN, NO, NO },
	{ "our id in X-Loop", "X-Loop: loop-7f3a\n", OUV_MAIL_OWN, NO, NO },
	{ "another office of this program", "X-Ouvidoria-Loop: loop-0000\n", OUV_MAIL_HUMAN, YES, NO },
};
/* clang-format on */

/* Does the row speak of this field itself?  A name alone leaves it out. */
static bool
mentions(const char *mail, const char *name)
{
	const char *end = strstr(mail, "\n\n");
	size_t len = strlen(name);

	for (const char *p = mail; p != NULL && *p != '\0';) {
		if (strncmp(p, name, len) == 0 &&
			(p[len] == ':' || p[len] == '\n'))
			return true;
		p = strchr(p, '\n');
		if (p == NULL || p == end)
			break;
		p++;
	}
	return false;
}

static const char *
build(struct ouv_arena *arena, const char *mail)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 1000);
	for (size_t i = 0; i < COUNT(usual); i++)
		if (mail[0] == '\n' || !mentions(mail, usual[i].name))
			ouv_buf_printf(&buf, "%s: %s\n", usual[i].name,
				usual[i].value);
	/* "Return-Path\n" only leaves it out */
	if (strstr(mail, "Return-Path\n") != NULL) {
		const char *at = strstr(mail, "Return-Path\n");

		ouv_buf_add(&buf, mail, (size_t)(at - mail));
		mail = at + strlen("Return-Path\n");
	}
	ouv_buf_text(&buf, mail);
	if (mail[0] != '\n' && strstr(mail, "\n\n") == NULL)
		ouv_buf_text(&buf, "\nA geladeira chegou quebrada.\n");
	return buf.data;
}

static struct ouv_mail *
read_row(struct ouv_arena *arena, const char *text)
{
	struct ouv_mail *mail = ouv_arena_alloc(arena, sizeof *mail);
	const char *raw = build(arena, text);

	ouv_mail_read(arena, raw, strlen(raw), &office, mail);
	return mail;
}

static void
every_mail_is_what_it_is(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	size_t bad = 0;

	(void)state;
	assert_true(COUNT(rows) >= 80);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		const struct ouv_mail *mail = read_row(arena, row->mail);

		if (mail->kind == row->kind &&
			mail->may_case == row->may_case &&
			mail->may_ack == row->may_ack &&
			mail->may_ooo == row->may_ack)
			continue;
		bad++;
		print_error("%s: %s case %d ack %d\n", row->what,
			ouv_mail_class_name(mail->kind), mail->may_case,
			mail->may_ack);
		for (size_t k = 0; k < mail->reasons.count; k++)
			print_error("    %s\n", mail->reasons.list[k]);
	}
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

/* Two signs at once: never answered when either alone is not. */
static void
no_sign_is_undone_by_another(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t k = 0; k < COUNT(rows); k++) {
			const char *a = rows[i].mail, *both;

			if (rows[i].kind == OUV_MAIL_HUMAN ||
				strstr(a, "\n\n") != NULL)
				continue;
			if (strstr(rows[k].mail, "Subject:") != NULL &&
				strstr(a, "Subject:") != NULL)
				continue;
			/* words of a subject give way to a program's "no" */
			if (strncmp(a, "Subject:", 8) == 0 &&
				strcasestr(rows[k].mail, "Submitted: no"))
				continue;
			if (rows[k].mail[0] == '\n' ||
				strstr(a, "Return-Path\n") != NULL)
				continue;
			both = ouv_arena_printf(arena, "%s%s", a, rows[k].mail);
			if (read_row(arena, both)->may_ack)
				fail_msg("answered: %s + %s", rows[i].what,
					rows[k].what);
			ouv_arena_reset(arena);
		}
	ouv_arena_free(&arena);
}

static void
every_refusal_gives_its_reason(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!rows[i].may_ack)
			assert_true(
				read_row(arena, rows[i].mail)->reasons.count >
				0);
	ouv_arena_free(&arena);
}

static void
every_hit_is_recorded(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const struct ouv_mail *mail = read_row(arena,
		"Auto-Submitted: auto-replied\nPrecedence: bulk\n"
		"List-Id: <a.lista.example>\n");

	(void)state;
	assert_int_equal(mail->reasons.count, 3);
	assert_string_equal(
		mail->reasons.list[0], "Auto-Submitted: auto-replied");
	assert_string_equal(
		mail->reasons.list[1], "List-Id: <a.lista.example>");
	assert_string_equal(mail->reasons.list[2], "Precedence: bulk");
	ouv_arena_free(&arena);
}

static void
without_an_office_a_person_is_still_a_person(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	static const struct ouv_mail_office nobody;
	const char *raw = build(arena, "");
	const struct ouv_mail_office *offices[] = { NULL, &nobody };
	struct ouv_mail mail;

	(void)state;
	for (size_t i = 0; i < COUNT(offices); i++) {
		memset(&mail, 0, sizeof mail);
		ouv_mail_read(arena, raw, strlen(raw), offices[i], &mail);
		assert_int_equal(mail.kind, OUV_MAIL_HUMAN);
		assert_true(mail.may_case && mail.may_ack);
	}
	/* nobody can say that a list's letter is not addressed to us */
	raw = build(arena, "List-Id: <a.lista.example>\nTo: a@lista.example\n");
	ouv_mail_read(arena, raw, strlen(raw), NULL, &mail);
	assert_true(mail.kind == OUV_MAIL_LIST && mail.may_case);
	assert_false(mail.may_ack);
	ouv_arena_free(&arena);
}

static void
only_our_topmost_verdict_is_kept(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const struct ouv_mail *mail = read_row(arena,
		"Authentication-Results: (a (b)) MX.ouvidoria.example 1;\n"
		" dmarc=fail\n"
		"Authentication-Results: evil.example; dmarc=pass\n"
		"Authentication-Results: mx.ouvidoria.example; dmarc=pass\n");

	(void)state;
	assert_non_null(strstr(mail->auth_results, "dmarc=fail"));
	assert_null(strstr(mail->auth_results, "pass"));
	assert_false(mail->may_ack);
	mail = read_row(arena,
		"Authentication-Results: mx.ouvidoria.example.evil.example; "
		"dmarc=pass\n");
	assert_null(mail->auth_results);
	ouv_arena_free(&arena);
}

static void
every_class_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < OUV_MAIL_CLASS__COUNT; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
				ouv_mail_class_name(i), ouv_mail_class_name(k));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mail_is_what_it_is),
		cmocka_unit_test(no_sign_is_undone_by_another),
		cmocka_unit_test(every_refusal_gives_its_reason),
		cmocka_unit_test(every_hit_is_recorded),
		cmocka_unit_test(without_an_office_a_person_is_still_a_person),
		cmocka_unit_test(only_our_topmost_verdict_is_kept),
		cmocka_unit_test(every_class_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
