/*
 * mail_forward_test.c - whose mail a forward hands on, and what it was about
 *
 * A row is the subject and text of a mail; what is asked is the remark above
 * the older mail, its sender and its subject.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/mail/meaning.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct row {
	const char *what, *subject, *text;
	const char *reply; /* "=": the text itself */
	const char *name;  /* NULL: it is no forward */
	const char *addr, *about;
};

/* clang-format off */
static const struct row rows[] = {
	{ "Gmail", "Fwd: Pedido 4711",
	  "Vejam.\n\n---------- Forwarded message ---------\nDe: Loja Azul <sac@loja.example>\n"
	  "Date: seg., 2 de fev. de 2026 às 10:00\nSubject: Pedido 4711\nTo: <ana@consumidora.example>\n\n\nNão pagamos.\n",
	  "Vejam.", "Loja Azul", "sac@loja.example", "Pedido 4711" },
	{ "Gmail without a remark", "Fwd: Pedido 4711",
	  "---------- Forwarded message ---------\nFrom: Loja Azul <sac@loja.example>\n"
	  "Date: Mon, Feb 2, 2026 at 10:00 AM\nSubject: Pedido 4711\nTo: Ana <ana@consumidora.example>\n\nNo.\n",
	  "=", "Loja Azul", "sac@loja.example", "Pedido 4711" },
	{ "Thunderbird, pt, tabs and a long subject", "Fwd: x",
	  "Segue.\n\n-------- Mensagem encaminhada --------\nAssunto: \tPedido muito\n longo 4711\nData: \tMon, 2 Feb 2026 10:00:00 +0000\n"
	  "De: \tLoja Azul <sac@loja.example>\nPara: \tana@consumidora.example\n\nNão.\n",
	  "Segue.", "Loja Azul", "sac@loja.example", "Pedido muito longo 4711" },
	{ "Apple Mail, quoted whole", "Fwd: Ordine 4711",
	  "Ecco.\n\n> Inizio messaggio inoltrato:\n> \n> Da: \"Negozio Blu\" <n@negozio.example>\n> Oggetto: Ordine 4711\n"
	  "> Data: 2 febbraio 2026 alle ore 10:00:00 CET\n> A: bruno@cliente.example\n> \n> No.\n",
	  "Ecco.", "Negozio Blu", "n@negozio.example", "Ordine 4711" },
	{ "Apple Mail, telephone", "Fwd: Bestellung",
	  "Siehe unten\n\nVon meinem iPhone gesendet\n\nAnfang der weitergeleiteten Nachricht:\n\n"
	  "> Von: Laden <l@laden.example>\n> Datum: 2. Februar 2026 um 10:00:00 MEZ\n> An: frieda@kundin.example\n"
	  "> Betreff: Bestellung 4711\n> \n> Nein.\n",
	  "Siehe unten", "Laden", "l@laden.example", "Bestellung 4711" },
	{ "Outlook, by its subject", "ENC: Pedido 4711",
	  "Encaminho a resposta da loja:\n\n________________________________\nDe: Loja Azul <sac@loja.example>\n"
	  "Enviado: segunda-feira, 2 de fevereiro de 2026 10:00\nPara: Ana Souza <ana@consumidora.example>\nAssunto: Pedido 4711\n\nNão.\n",
	  "Encaminho a resposta da loja:", "Loja Azul", "sac@loja.example", "Pedido 4711" },
	{ "Outlook, the address in brackets", "TR: Commande",
	  "Voici.\n\nDe : Boutique [mailto:b@boutique.example]\nEnvoyé : lundi 2 février 2026 10:00\nÀ : Emma\nObjet : Commande 4711\n\nNon.\n",
	  "Voici.", "Boutique", "b@boutique.example", "Commande 4711" },
	{ "Outlook, the address twice", "WG: Bestellung",
	  "Bitte.\n\nVon: Laden <l@laden.example<mailto:l@laden.example>>\nGesendet: Montag, 2. Februar 2026 10:00\nAn: Frieda\nBetreff: Bestellung\n\nNein.\n",
	  "Bitte.", "Laden", "l@laden.example", "Bestellung" },
	{ "Outlook in an office: a name alone", "I: Ordine",
	  "Guardate.\n\nDa: Rossi Mario\nInviato: lunedì 2 febbraio 2026 10:00\nA: Bianchi Lucia\nOggetto: Ordine 4711\n\nNo.\n",
	  "Guardate.", "Rossi Mario", "", "Ordine 4711" },
	{ "a reply with the same header is no forward", "RE: Pedido 4711",
	  "Certo.\n\n________________________________\nDe: Loja Azul <sac@loja.example>\n"
	  "Enviado: segunda-feira, 2 de fevereiro de 2026 10:00\nPara: Ana\nAssunto: Pedido 4711\n\nNão.\n",
	  "Certo.", NULL, "", "" },
	{ "an answer to a forward is no forward", "Re: Fwd: Pedido 4711",
	  "Obrigada.\n\nEm seg., 2 de fev. de 2026 às 10:00, Ouvidoria <o@ouvidoria.example> escreveu:\n\n"
	  "> ---------- Forwarded message ---------\n> De: Loja <sac@loja.example>\n> Subject: Pedido\n",
	  "Obrigada.", NULL, "", "" },
	{ "an answer that quotes a forward without more is none", "Re: Pedido 4711",
	  "Obrigada.\n\n> Inizio messaggio inoltrato:\n> \n> Da: Negozio <n@negozio.example>\n> Oggetto: Ordine\n",
	  "Obrigada.", NULL, "", "" },
	{ "Outlook for Mac: an attribution, by its subject", "FW: Order 4711",
	  "See below.\n\nOn 02/02/2026, 10:00, \"Blue Shop\" <s@shop.example> wrote:\n\n    No.\n",
	  "See below.", "Blue Shop", "s@shop.example", "Order 4711" },
	{ "Yahoo", "Fw: Order 4711",
	  "Look.\n\n   ----- Forwarded Message ----- From: Blue Shop <s@shop.example>To: Carl <c@customer.example>"
	  "Sent: Monday, February 2, 2026 at 10:00:00 AM GMTSubject: Order 4711\n No.\n",
	  "Look.", "Blue Shop", "s@shop.example", "Order 4711" },
	{ "Yahoo, lines", "Fw: Order 4711",
	  "----- Forwarded Message -----\nFrom: Blue Shop <s@shop.example>\nTo: Carl <c@customer.example>\n"
	  "Sent: Monday, February 2, 2026 at 10:00:00 AM GMT\nSubject: Order 4711\n\nNo.\n",
	  "=", "Blue Shop", "s@shop.example", "Order 4711" },
	{ "eM Client: labels without a colon", "Fwd: Order 4711",
	  "Look.\n\n------ Forwarded Message ------\nFrom \"Blue Shop\" <s@shop.example>\nTo c@customer.example\n"
	  "Date 2/2/2026 10:00:00 AM\nSubject Order 4711\n\nNo.\n",
	  "Look.", "Blue Shop", "s@shop.example", "Order 4711" },
	{ "Samsung", "Fwd: Pedido",
	  "-------- Mensagem original --------\nDe: Loja Azul <sac@loja.example>\nData: 02/02/2026 10:00 (GMT-03:00)\n"
	  "Para: ana@consumidora.example\nAssunto: Pedido 4711\n\nNão.\n",
	  "=", "Loja Azul", "sac@loja.example", "Pedido 4711" },
	{ "Lotus Notes", "Fw: Order",
	  "Look.\n\n----- Forwarded by Carl Lee/ACME on 02/02/2026 11:00 AM -----\n\nFrom:\tBlue Shop <s@shop.example>\n"
	  "To:\tc@customer.example\nDate:\t02/02/2026 10:00 AM\nSubject:\tOrder 4711\n\nNo.\n",
	  "Look.", "Blue Shop", "s@shop.example", "Order 4711" },
	{ "MailMate", "Fwd: Order",
	  "Look.\n\nForwarded message:\n\n> From: Blue Shop <s@shop.example>\n> To: c@customer.example\n> Subject: Order 4711\n"
	  "> Date: Mon, 2 Feb 2026 10:00:00 +0000\n>\n> No.\n",
	  "Look.", "Blue Shop", "s@shop.example", "Order 4711" },
	{ "bold labels", "Fwd: Pedido",
	  "Segue.\n\n---------- Forwarded message ---------\n*De:* Loja Azul <sac@loja.example>\n*Data:* 2 de fev. de 2026 10:00\n"
	  "*Assunto:* *Pedido 4711*\n*Para:* ana@consumidora.example\n\nNão.\n",
	  "Segue.", "Loja Azul", "sac@loja.example", "Pedido 4711" },
	{ "an address alone", "Fwd: Pedido",
	  "---------- Forwarded message ---------\nFrom: <sac@loja.example>\nDate: Mon, Feb 2, 2026 at 10:00 AM\nSubject: Pedido\nTo: <a@b.example>\n\nNão.\n",
	  "=", "", "sac@loja.example", "Pedido" },
	{ "a long sender over two lines", "Fwd: Pedido",
	  "---------- Forwarded message ---------\nFrom: Departamento de Atendimento ao Consumidor da Loja Azul <\n"
	  "sac@loja.example>\nDate: Mon, Feb 2, 2026 at 10:00 AM\nSubject: Pedido\nTo: <a@b.example>\n\nNão.\n",
	  "=", "Departamento de Atendimento ao Consumidor da Loja Azul", "sac@loja.example", "Pedido" },
	{ "a forward of a forward names the first", "Fwd: Fwd: Pedido",
	  "---------- Forwarded message ---------\nDe: Bruno <b@x.example>\nDate: 3 de fev. de 2026 10:00\nSubject: Fwd: Pedido\nTo: <a@b.example>\n\n"
	  "---------- Forwarded message ---------\nDe: Loja <sac@loja.example>\nDate: 2 de fev. de 2026 10:00\nSubject: Pedido\nTo: <b@x.example>\n\nNão.\n",
	  "=", "Bruno", "b@x.example", "Fwd: Pedido" },
	{ "Japanese", "Fwd: 注文",
	  "確認してください。\n\n---------- 転送メッセージ ----------\n差出人： 青い店 <s@shop.example>\n送信日時： 2026年2月2日 10:00\n"
	  "件名： 注文 4711\n宛先： c@customer.example\n\nいいえ。\n",
	  "確認してください。", "青い店", "s@shop.example", "注文 4711" },
	{ "Polish, French marks around the name", "PD: Zamówienie",
	  "Proszę.\n\n-------- Treść przekazanej wiadomości --------\nTemat: Zamówienie 4711\nData: Mon, 2 Feb 2026 10:00:00 +0100\n"
	  "Nadawca: «Sklep» <s@sklep.example>\nAdresat: c@klient.example\n\nNie.\n",
	  "Proszę.", "Sklep", "s@sklep.example", "Zamówienie 4711" },
	{ "a language that no table has", "Fwd: Drizal",
	  "Zub.\n\n-------- Zribu mblatu --------\nKwaxo: Tunda <t@tunda.example>\nYetwuxe: 2 Zorj 2026 10:00\nMba: c@customer.example\nDrizal: Ombla 4711\n\nNub.\n",
	  "Zub.", "Tunda", "t@tunda.example", "Ombla 4711" },
	{ "a complaint about forwarding is none", "Fwd: problema",
	  "A loja disse que encaminhou a mensagem.\nNada chegou.\n", "=", NULL, "", "" },
	{ "a plain letter is none", "Reclamação", "Bom dia,\n\nnão chegou.\n", "=", NULL, "", "" },
	{ "nothing at all is none", "Fwd:", "", "=", NULL, "", "" },
};
/* clang-format on */

static void
read_row(struct ouv_arena *arena, const struct row *row, struct ouv_mail *mail)
{
	const char *raw = ouv_arena_printf(arena,
		"From: Ana <ana@consumidora.example>\n"
		"To: o@ouvidoria.example\nSubject: %s\n"
		"Content-Type: text/plain; charset=utf-8\n\n%s",
		row->subject, row->text);

	ouv_mail_read(arena, raw, strlen(raw), NULL, mail);
}

static void
each_forward_is_known(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		const char *want =
			strcmp(row->reply, "=") == 0 ? row->text : row->reply;
		struct ouv_mail mail;

		read_row(arena, row, &mail);
		if (strcmp(mail.reply_text, want) == 0 &&
			mail.has_forward == (row->name != NULL) &&
			(row->name == NULL ||
				(strcmp(mail.forward.from.name, row->name) ==
						0 &&
					strcmp(mail.forward.from.addr,
						row->addr) == 0 &&
					strcmp(mail.forward.subject,
						row->about) == 0)))
			continue;
		print_error("%s: %d [%s] [%s] [%s]\n[%s]\n", row->what,
			mail.has_forward,
			mail.has_forward ? mail.forward.from.name : "",
			mail.has_forward ? mail.forward.from.addr : "",
			mail.has_forward ? mail.forward.subject : "",
			mail.reply_text);
		bad++;
	}
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

/* What a document says of it goes both ways. */
static void
a_forward_is_in_the_document(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_mail mail, back;
	json_t *doc;

	(void)state;
	read_row(arena, &rows[0], &mail);
	doc = ouv_mail_to_json(&mail);
	assert_int_equal(ouv_mail_from_json(arena, doc, &back), OUV_OK);
	assert_true(back.has_forward);
	assert_string_equal(back.forward.from.addr, "sac@loja.example");
	assert_string_equal(back.forward.subject, "Pedido 4711");
	json_decref(doc);
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_forward_is_known),
		cmocka_unit_test(a_forward_is_in_the_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
