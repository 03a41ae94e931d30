/*
 * mail_robot_test.c - each guard keeps us silent alone; words never refuse
 *
 * A perfect letter of a person is answered.  One thing about it is changed,
 * and no answer goes out, but the letter still makes a case.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/mail.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct ouv_mail_office office = {
	.address = "ouvidoria@ouvidoria.example",
	.reply_local = "caso",
	.authserv_id = "mx.ouvidoria.example",
	.loop_id = "loop-7f3a",
};

static const char *const usual[] = {
	"Return-Path: <ana@consumidora.example>",
	"From: Ana Souza <ana@consumidora.example>",
	"To: Ouvidoria <ouvidoria@ouvidoria.example>",
	"Subject: Geladeira",
	"Date: Mon, 2 Feb 2026 10:00:00 -0300",
	"Message-ID: <1@consumidora.example>",
	"Content-Type: text/plain; charset=utf-8",
};

/* Does a line of header begin with this line's name? */
static bool
replaced(const char *header, const char *line)
{
	size_t len = strcspn(line, ":") + 1;

	for (const char *p = header; p != NULL && *p != '\0';
		p = strchr(p, '\n') == NULL ? NULL : strchr(p, '\n') + 1)
		if (strncmp(p, line, len) == 0)
			return true;
	return false;
}

/* header: lines that replace the usual ones of their name, or are added. */
static struct ouv_mail *
read_mail(struct ouv_arena *arena, const char *header, const char *text)
{
	struct ouv_mail *mail = ouv_arena_alloc(arena, sizeof *mail);
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 1000);
	for (size_t i = 0; i < COUNT(usual); i++)
		if (!replaced(header, usual[i]))
			ouv_buf_printf(&buf, "%s\n", usual[i]);
	ouv_buf_text(&buf, header);
	ouv_buf_char(&buf, '\n');
	ouv_buf_text(&buf, text);
	ouv_buf_char(&buf, '\n');
	ouv_mail_read(arena, buf.data, buf.len, &office, mail);
	return mail;
}

#define LETTER "A geladeira que comprei chegou quebrada e ninguém responde."

/* ---- guards ------------------------------------------------------ */

struct guard {
	const char *header;
	const char *reason; /* stands in one of the reasons */
};

/* clang-format off */
static const struct guard guards[] = {
	{ "From:\n", "no From" },
	{ "From: Ana Souza\n", "From is no address" },
	{ "From: ana\n", "From is no address" },
	{ "From: ana@localhost\n", "From is no address" },
	{ "From: a@consumidora.example, b@consumidora.example\n", "several in From" },
	{ "From: ouvidoria@ouvidoria.example\nReturn-Path: <ouvidoria@ouvidoria.example>\n", "From is ours" },
	{ "From: OUVIDORIA@Ouvidoria.Example\nReturn-Path: <ouvidoria@ouvidoria.example>\n", "From is ours" },
	{ "From: caso+ABCD@ouvidoria.example\nReturn-Path: <caso+ABCD@ouvidoria.example>\n", "From is ours" },
	{ "From: b+ABCD@ouvidoria.example\nReturn-Path: <b+ABCD@ouvidoria.example>\n", "From is ours" },
	{ "From: no-reply@consumidora.example\n", "From is not read" },
	{ "From: ana@noreply.consumidora.example\n", "From is not read" },
	{ "Sender: calendar-notification@consumidora.example\n", "Sender is not read" },
	{ "Reply-To: ana@outro.example\n", "Reply-To and From differ" },
	{ "Reply-To: chamado@consumidora.example\n", "Reply-To and From differ" },
	{ "Return-Path: <>\n", "Return-Path: <>" },
	{ "Return-Path: <ana@outro.example>\n", "Return-Path and From differ" },
	{ "Return-Path: <bounce-7@consumidora.example>\n", "Return-Path is not read" },
	{ "Return-Path: <MAILER-DAEMON@consumidora.example>\n", "Return-Path is not read" },
	{ "To: sac@loja.example\n", "not addressed" },
	{ "To: undisclosed-recipients:;\n", "not addressed" },
	{ "To: sac@loja.example\nDelivered-To: ouvidoria@ouvidoria.example\n", "not addressed" },
	{ "List-Help: no\n", "List-Help" },
	{ "List-Id:\n", "List-Id" },
	{ "List-Unsubscribe:\n", "List-Unsubscribe" },
	{ "List-Something: x\n", "List-Something" },
	{ "X-Auto-Response-Suppress: All\n", "Suppress" },
	{ "X-Auto-Response-Suppress: OOF\n", "Suppress" },
	{ "X-Auto-Response-Suppress: AutoReply\n", "Suppress" },
	{ "X-Auto-Response-Suppress: DR, NDR, RN, NRN, OOF, AutoReply\n", "Suppress" },
	{ "X-AUTO-RESPONSE-SUPPRESS: autoreply\n", "Suppress" },
	{ "X-Auto-Response-Suppress: 48\n", "Suppress" },
	{ "X-Auto-Response-Suppress: 0x20\n", "Suppress" },
	{ "X-Auto-Response-Suppress: -1\n", "Suppress" },
	{ "X-Loop: procmail@x.example\n", "X-Loop" },
	{ "X-Loop:\n", "X-Loop" },
	{ "X-Ouvidoria-Loop: another-office\n", "X-Ouvidoria-Loop" },
	{ "X-RT-Loop-Prevention: loja\n", "X-RT-Loop-Prevention" },
	{ "X-OTRS-Loop: 1\n", "X-OTRS-Loop" },
	{ "X-Zammad-Loop:\n", "X-Zammad-Loop" },
	{ "RT-Ticket: loja #7\n", "RT-Ticket" },
	{ "X-Mailer: OTRS Mail Service (6.0)\n", "X-Mailer" },
	{ "X-Mailer: osTicket Mailer\n", "X-Mailer" },
	{ "X-Powered-By: Zammad - Helpdesk\n", "X-Powered-By" },
	{ "X-Zendesk-From-Account-Id: 1\n", "X-Zendesk" },
	{ "X-ServiceNow-Generated: true\n", "X-ServiceNow" },
	{ "X-SFDC-User: 1\n", "X-SFDC" },
	{ "X-MS-Exchange-Inbox-Rules-Loop: ana@consumidora.example\n", "Inbox-Rules-Loop" },
	{ "Autoforwarded: TRUE\n", "Autoforwarded" },
	{ "$AutoForward: 1\n", "$AutoForward" },
	{ "X-Autogenerated: Redirect\n", "X-Autogenerated" },
	{ "Feedback-ID: 1:2:3:x\n", "Feedback-ID" },
	{ "X-CSA-Complaints: a@b.example\n", "X-CSA-Complaints" },
	{ "Content-Class: urn:content-classes:dsn\n", "Content-Class" },
	{ "Content-Type: text/calendar; method=REPLY; charset=utf-8\n", "calendar" },
	{ "Content-Type: text/calendar; method=request; charset=utf-8\n", "calendar" },
	{ "Authentication-Results: mx.ouvidoria.example; dmarc=fail\n", "Authentication-Results" },
	{ "Authentication-Results: mx.ouvidoria.example; spf=fail\n", "Authentication-Results" },
	{ "X-Spam-Flag: YES\n", "X-Spam-Flag" },
};

/* Nothing of this is a program's sign. */
static const char *const harmless[] = {
	"",
	"Reply-To: Ana <ana@consumidora.example>\n",
	"Reply-To: ANA@consumidora.example, b@outro.example\n",
	"Sender: ana@consumidora.example\n",
	"Return-Path: <ana+x@consumidora.example>\n",
	"Return-Path: <ana@mail.consumidora.example>\n",
	"To: sac@loja.example, ouvidoria@ouvidoria.example\n",
	"To: sac@loja.example\nCc: ouvidoria@ouvidoria.example\n",
	"X-Auto-Response-Suppress: DR, NDR, RN, NRN\n",
	"X-Auto-Response-Suppress: 15\n",
	"X-Auto-Response-Suppress: None\n",
	"Auto-Submitted: no\n",
	"X-Autoreply: no\n",
	"Precedence: normal\n",
	"Disposition-Notification-To: ana@consumidora.example\n",
	"Return-Receipt-To: ana@consumidora.example\n",
	"X-Confirm-Reading-To: ana@consumidora.example\n",
	"X-Spam-Flag: NO\nX-Spam-Status: No, score=-1\nX-Spam-Level: *\n",
	"X-MS-Exchange-Transport-Rules-Loop: x\nX-MS-Has-Attach:\nX-MS-TNEF-Correlator:\n",
	"X-MS-Exchange-CrossTenant-AuthSource: x\nX-MS-Exchange-AntiSpam-MessageData-0: x\n",
	"X-Notes-Item: x; name=y\nX-Mailer: HCL Notes Release 12\nX-MIMETrack: Itemize by x\n",
	"X-Mailer: Microsoft Outlook 16.0\nX-Originating-IP: [192.0.2.1]\n",
	"X-Mailer: iPhone Mail (22A1)\n",
	"User-Agent: Roundcube Webmail/1.6\nX-PHP-Originating-Script: 1000:rcube.php\n",
	"X-Priority: 1\nImportance: high\n",
	"X-Gm-Message-State: x\nX-Google-Smtp-Source: x\nX-Google-DKIM-Signature: x\n",
	"X-Yahoo-Newman-Id: x\nX-YMail-OSG: x\nX-AOL-IP: 192.0.2.1\nX-UI-Sender-Class: x\n",
	"Thread-Index: AdqVwXzY\nThread-Topic: Geladeira\n",
	"Content-Class: urn:content-classes:message\n",
	"Content-Type: text/plain; charset=utf-8; method=REPLY\n",
	"Authentication-Results: mx.ouvidoria.example; dmarc=pass\n",
};
/* clang-format on */

static bool
has_reason(const struct ouv_mail *mail, const char *words)
{
	for (size_t i = 0; i < mail->reasons.count; i++)
		if (strstr(mail->reasons.list[i], words) != NULL)
			return true;
	return false;
}

static void
each_guard_alone_keeps_us_silent(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(guards); i++) {
		const struct ouv_mail *mail =
			read_mail(arena, guards[i].header, LETTER);

		if (mail->kind == OUV_MAIL_HUMAN && mail->may_case &&
			!mail->may_ack && !mail->may_ooo &&
			has_reason(mail, guards[i].reason) &&
			has_reason(mail, "no answer: "))
			continue;
		bad++;
		print_error("%s: %s case %d ack %d\n", guards[i].header,
			ouv_mail_class_name(mail->kind), mail->may_case,
			mail->may_ack);
	}
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

static void
what_people_send_is_answered(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(harmless); i++) {
		const struct ouv_mail *mail =
			read_mail(arena, harmless[i], LETTER);

		if (mail->kind != OUV_MAIL_HUMAN || !mail->may_case ||
			!mail->may_ack || mail->reasons.count > 0)
			fail_msg("%s: %s", harmless[i],
				mail->reasons.count > 0 ? mail->reasons.list[0]
							: "no reason");
	}
	ouv_arena_free(&arena);
}

static void
fifty_hops_are_a_way_and_one_more_is_a_loop(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_buf buf;
	const struct ouv_mail *mail;

	(void)state;
	ouv_buf_init(&buf, arena, 0);
	for (int i = 0; i < 50; i++)
		ouv_buf_text(&buf, "Received: from a by b\n");
	assert_true(read_mail(arena, buf.data, LETTER)->may_ack);
	ouv_buf_text(&buf, "Received: from a by b\n");
	mail = read_mail(arena, buf.data, LETTER);
	assert_false(mail->may_ack);
	assert_true(mail->may_case);
	assert_true(has_reason(mail, "Received: too many"));
	ouv_arena_free(&arena);
}

/* ---- senders ----------------------------------------------------- */

/* clang-format off */
static const char *const unread[] = {
	"noreply", "no-reply", "no_reply", "no.reply", "No-Reply", "NOREPLY",
	"noreply-sac", "sac-noreply", "sac.no-reply", "noreply+123",
	"donotreply", "do-not-reply", "do_not_reply", "DoNotReply", "dontreply",
	"naoresponda", "nao-responda", "nao_responda", "nao.responda",
	"naoresponder", "nao-responder", "naorespondaesteemail",
	"sac-nao-responda", "nonrispondere", "non-rispondere", "non.rispondere",
	"noresponder", "no-responder", "no_responder", "noresponda",
	"no-contestar", "nepasrepondre", "ne-pas-repondre", "ne_pas_repondre",
	"pasdereponse", "nichtantworten", "nicht-antworten", "nicht_antworten",
	"bitte-nicht-antworten", "keineantwort", "keine-antwort",
	"mailer-daemon", "MAILER-DAEMON", "mailerdaemon", "postmaster",
	"bounce", "bounces", "bounce+1", "bounces+ana=x.example", "bounce-1",
	"double-bounce", "root", "nobody", "www-data", "apache", "cron",
	"wordpress", "notification", "notifications", "notificacao",
	"notificacoes", "notifiche", "notificaciones", "newsletter", "alerts",
	"autoresponder", "auto-reply", "autoreply", "autoresposta",
	"automated-response", "robot",
};

/* People have these. */
static const char *const read[] = {
	"ana", "renato.noronha", "norma", "noe.reply.silva", "no", "reply",
	"norberto.responda", "responda", "request.rita", "rita.request.x",
	"shop-owner", "owner", "lista", "robotti", "crono", "rooter",
	"mailerson", "alertino", "nota", "autor", "automoveis", "autopecas",
	"bouncer", "jumping-bounce-club", "diretoria", "sac", "contato",
	"ouvidoria", "atendimento", "info", "vendas", "marketing",
	"webmaster", "hostmaster", "admin", "suporte", "abuse",
};
/* clang-format on */

static void
nobody_is_answered_who_does_not_read(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(unread); i++) {
		const char *header = ouv_arena_printf(arena,
			"From: Loja <%s@loja.example>\n"
			"Return-Path: <sac@loja.example>\n",
			unread[i]);

		if (read_mail(arena, header, LETTER)->may_ack)
			fail_msg("%s is answered", unread[i]);
	}
	for (size_t i = 0; i < COUNT(read); i++) {
		const char *header = ouv_arena_printf(arena,
			"From: Ana <%s@loja.example>\n"
			"Return-Path: <%s@loja.example>\n",
			read[i], read[i]);
		const struct ouv_mail *mail = read_mail(arena, header, LETTER);

		if (mail->kind != OUV_MAIL_HUMAN || !mail->may_ack)
			fail_msg("%s is not answered", read[i]);
	}
	ouv_arena_free(&arena);
}

/* ---- words ------------------------------------------------------- */

struct words {
	const char *subject, *text;
};

/* clang-format off */
/* Letters of people about machines, and people who go on holiday. */
static const struct words people[] = {
	{ "Resposta automática da empresa não ajuda", LETTER },
	{ "Out of office reply from company X is a joke", "They only send me their automatic reply." },
	{ "Undelivered order", "My parcel was not delivered." },
	{ "Delivery failure: my fridge never came", "Delivery to the following address failed: my house." },
	{ "Newsletter unsubscribe does not work", "I clicked on unsubscribe ten times." },
	{ "Automatic renewal", "They renewed my contract without asking." },
	{ "Automatic reply but no answer", "I want a person." },
	{ "Auto com defeito", LETTER },
	{ "Autoescola não devolve o dinheiro", LETTER },
	{ "Auto", LETTER },
	{ "Férias", "A agência cancelou a viagem de férias que eu paguei." },
	{ "Férias canceladas pela agência", LETTER },
	{ "Vacation package refund", "The agency keeps my money." },
	{ "Away game tickets", "The tickets never came." },
	{ "Ausência de resposta da loja", LETTER },
	{ "Absence de réponse", "Le vendeur ne répond pas à mes courriers depuis un mois." },
	{ "Absent de la liste", "Mon nom n'est pas sur la liste des remboursements." },
	{ "Urlaub verdorben", "Das Hotel war eine Baustelle, wir wollen unser Geld zurück." },
	{ "Urlaubsreise", "Die Reise wurde abgesagt." },
	{ "Abwesenheit des Technikers", "Der Techniker kam dreimal nicht." },
	{ "Fuori servizio da due mesi", "La caldaia non funziona." },
	{ "Ferie rovinate", "L'albergo era chiuso." },
	{ "Vacaciones arruinadas", "El hotel estaba cerrado." },
	{ "Fuera de garantía", "No quieren reparar la lavadora." },
	{ "Risposta automatica e nessun aiuto", "Ricevo solo messaggi automatici." },
	{ "Réponse automatique sans suite", "Je ne reçois que des messages automatiques." },
	{ "Automatische Abbuchung", "Es wurde zweimal abgebucht." },
	{ "Read my complaint", "Your message to me was rude, said the shop." },
	{ "Lida e ignorada", "Minha mensagem foi lida e ignorada." },
	{ "Licença de software", "A licença que comprei não funciona." },
	{ "Confirmação de recebimento que nunca veio", LETTER },
	{ "Geladeira",
	  "A geladeira chegou quebrada. Estarei fora do escritório até dia 10 de março, "
	  "depois disso podem me ligar. A loja já tem o meu número e não responde." },
	{ "Refund", "I am on vacation and the shop sold me a broken tent for it. I want my money back." },
	{ "Reembolso", "Estou de férias e a agência cancelou o hotel sem aviso." },
	{ "Refund", "The shop does not answer me. I am on vacation from 3 to 14 August, please write by mail." },
	{ "Rimborso", "Il negozio non risponde. Sono in ferie fino al 14 agosto, poi vi chiamo." },
	{ "Reklamation", "Das Gerät ist kaputt. Ich bin bis 12.3. im Urlaub und danach erreichbar." },
	{ "Remboursement", "Le vendeur ne répond pas. Je suis absent jusqu'au 12 mars." },
	{ "Reembolso", "La tienda no contesta. Estoy de vacaciones hasta el 12 de marzo." },
	{ "Loja não atende", "A loja me respondeu assim:\n\nEsta é uma mensagem automática, não responda.\n\nE mais nada." },
	{ "Shop", "All I ever get is:\n\nThis is an automated response. Please do not reply.\n\nWhat now?" },
	{ "Fwd: Recebemos a sua mensagem", "Vejam.\n\nEsta é uma mensagem automática." },
	{ "Enc: Thank you for contacting us", "See below.\n\nPlease do not reply to this email." },
	{ "", LETTER },
	{ "Oi", "" },
};

/* Nothing but words, to nobody's letter: kept as a letter, not answered. */
static const struct words doubtful[] = {
	{ "Férias: pacote cancelado", LETTER },
	{ "Ausente: ninguém na loja", LETTER },
	{ "Urlaub: Reise abgesagt", "Das Hotel war zu." },
	{ "Re: Automatic reply: fridge", "No." },
	{ "Ana Reis is out of the office", LETTER },
	{ "Geladeira", "Estou de férias até 12/03 e responderei no meu retorno." },
	{ "Fridge", "Thank you for your email.\n\nI am out of the office until 12 March. In urgent cases please contact my colleague." },
	{ "Kühlschrank", "Guten Tag,\n\nich bin bis 12.3. nicht im Büro. In dringenden Fällen wenden Sie sich an die Zentrale." },
	{ "Frigo", "Bonjour,\n\nje suis en congés jusqu'au 12 mars. En cas d'urgence, veuillez contacter le standard." },
	{ "Frigo", "Buongiorno, sono in ferie fino al 14 agosto. Per urgenze contattare l'ufficio." },
	{ "Nevera", "Hola, estoy de vacaciones hasta el 12 de marzo. Para urgencias llame a la oficina." },
	{ "[Chamado 4711] Recebemos a sua mensagem", "Olá!\n\n** Esta é uma mensagem automática. **" },
	{ "Ticket created (#77)", "This is an automated message." },
	{ "Lida: Geladeira", "Sua mensagem para Loja foi lida em 2/2/2026 10:00." },
};

/* The same in an answer: still a letter, for a person may have written it. */
static const struct words answers[] = {
	{ "Re: Geladeira", "Estou de férias até 12/03." },
	{ "Re: Fridge", "I am out of the office until 12 March." },
	{ "R: Frigorifero", "Sono fuori ufficio fino al 12 marzo." },
	{ "RE: Nevera", "Estoy fuera de la oficina hasta el 12 de marzo." },
	{ "Re: Frigo", "Je suis absent jusqu'au 12 mars." },
	{ "AW: Kühlschrank", "Ich bin bis 12.3. nicht im Büro." },
	{ "Re: Geladeira", "Olá,\n\nNão responda este e-mail." },
	{ "Re: Fridge", "This mailbox is protected by a filter.\nClick here to verify that you are a person." },
	{ "Re: Automatic reply: fridge", "Thanks, I will wait." },
	{ "Res: Resposta automática: Geladeira", "Obrigada, aguardo." },
};

/* Before a colon, in a mail that answers one of ours: automatic. */
static const char *const prefixes[] = {
	"Automatic reply", "Out of Office", "Auto Response", "Auto-Reply", "OOO", "Auto",
	"Out of Office AutoReply", "Automated response", "Vacation reply",
	"Resposta automática", "Resposta automatica", "RESPOSTA AUTOMÁTICA",
	"Ausência temporária", "Fora do escritório", "Ausente", "Férias", "Autoresposta",
	"Risposta automatica", "Fuori sede", "Fuori ufficio", "Messaggio automatico", "Assente",
	"Respuesta automática", "Fuera de la oficina", "Fuera de oficina", "Autorespuesta",
	"Réponse automatique ", "Réponse automatique", "Absence du bureau ", "Absent du bureau",
	"Automatische Antwort", "Abwesenheitsnotiz", "Abwesend", "Abwesenheit", "Außer Haus",
	"Automatisch antwoord", "Afwezig", "Automatiskt svar", "Autosvar", "Frånvarande",
	"Automatisk svar", "Automaattinen vastaus", "Automatyczna odpowiedź",
	"Automatická odpověď", "Automatikus válasz", "Răspuns automat", "Otomatik Yanıt",
	"Автоматический ответ", "Автоматична відповідь", "Αυτόματη απάντηση",
	"自動応答", "自動返信", "自动答复", "自動回覆", "자동 회신",
};

/* The whole subject, without any colon. */
static const char *const whole[] = {
	"Automatic reply", "Out of Office", "Resposta automática", "Risposta automatica",
	"Respuesta automática", "Réponse automatique", "Abwesenheitsnotiz", "[Auto-Reply]",
	"Yahoo! Auto Response", "Out of Office.",
};
/* clang-format on */

static const char *
encoded(struct ouv_arena *arena, const char *subject)
{
	return ouv_arena_printf(arena, "Subject: %s\n", subject);
}

static void
people_may_write_about_machines(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(people); i++) {
		const struct ouv_mail *mail = read_mail(arena,
			encoded(arena, people[i].subject), people[i].text);

		if (mail->kind == OUV_MAIL_HUMAN && mail->may_case &&
			mail->may_ack)
			continue;
		bad++;
		print_error("%s: %s (%s)\n", people[i].subject,
			ouv_mail_class_name(mail->kind),
			mail->reasons.count > 0 ? mail->reasons.list[0] : "");
	}
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

static int
not_kept(struct ouv_arena *arena, const struct words *row, const char *more)
{
	const struct ouv_mail *mail = read_mail(arena,
		ouv_arena_printf(
			arena, "%s%s", encoded(arena, row->subject), more),
		row->text);

	if (mail->kind == OUV_MAIL_HUMAN && mail->may_case && !mail->may_ack &&
		(has_reason(mail, "Subject: ") || has_reason(mail, "Text: ")))
		return 0;
	print_error("%s / %.40s: %s case %d ack %d\n", row->subject, row->text,
		ouv_mail_class_name(mail->kind), mail->may_case, mail->may_ack);
	return 1;
}

static void
by_words_alone_nothing_is_refused(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(doubtful); i++)
		bad += not_kept(arena, &doubtful[i], "");
	for (size_t i = 0; i < COUNT(answers); i++)
		bad += not_kept(arena, &answers[i],
			"In-Reply-To: <o.1.a@ouvidoria.example>\n");
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

static void
a_subject_that_fits_is_an_automatic_answer(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(prefixes); i++) {
		const struct ouv_mail *mail = read_mail(arena,
			ouv_arena_printf(arena,
				"Subject: %s: Geladeira\n"
				"In-Reply-To: <o.1.a@ouvidoria.example>\n",
				prefixes[i]),
			"...");

		if (mail->kind == OUV_MAIL_AUTO_REPLY && !mail->may_ack)
			continue;
		bad++;
		print_error("%s: %s\n", prefixes[i],
			ouv_mail_class_name(mail->kind));
	}
	for (size_t i = 0; i < COUNT(whole); i++) {
		const struct ouv_mail *mail =
			read_mail(arena, encoded(arena, whole[i]), "...");

		/* by its subject alone: kept where it is seen */
		if (mail->kind == OUV_MAIL_AUTO_REPLY && !mail->may_ack &&
			mail->may_case)
			continue;
		bad++;
		print_error(
			"%s: %s\n", whole[i], ouv_mail_class_name(mail->kind));
	}
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

/* ---- a person's word --------------------------------------------- */

static void
no_means_a_person_but_for_structure_and_lists(void **state)
{
	static const struct {
		const char *header;
		enum ouv_mail_class kind;
	} rows[] = {
		{ "X-Autoreply: yes\n", OUV_MAIL_HUMAN },
		{ "Precedence: bulk\n", OUV_MAIL_HUMAN },
		{ "X-Auto-Generated: 1\n", OUV_MAIL_HUMAN },
		{ "List-Id: <a.lista.example>\n", OUV_MAIL_LIST },
		{ "X-Ouvidoria-Loop: loop-7f3a\n", OUV_MAIL_OWN },
		{ "Message-ID: <o.1.a@ouvidoria.example>\n", OUV_MAIL_OWN },
		{ "Auto-Submitted: auto-replied\n", OUV_MAIL_AUTO_REPLY },
		{ "Content-Type: multipart/report; boundary=b; "
		  "report-type=disposition-notification\n",
			OUV_MAIL_MDN },
		{ "Content-Type: multipart/report; boundary=b; "
		  "report-type=feedback-report\n",
			OUV_MAIL_ARF },
	};
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct ouv_mail *mail = read_mail(arena,
			ouv_arena_printf(arena, "Auto-Submitted: no\n%s",
				rows[i].header),
			LETTER);

		assert_int_equal(mail->kind, rows[i].kind);
		assert_false(mail->may_ack);
		assert_true(mail->kind != OUV_MAIL_HUMAN || mail->may_case);
	}
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_guard_alone_keeps_us_silent),
		cmocka_unit_test(what_people_send_is_answered),
		cmocka_unit_test(fifty_hops_are_a_way_and_one_more_is_a_loop),
		cmocka_unit_test(nobody_is_answered_who_does_not_read),
		cmocka_unit_test(people_may_write_about_machines),
		cmocka_unit_test(by_words_alone_nothing_is_refused),
		cmocka_unit_test(a_subject_that_fits_is_an_automatic_answer),
		cmocka_unit_test(no_means_a_person_but_for_structure_and_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
