/*
 * mail_quote_test.c - only what its writer wrote now is shown first
 *
 * A row is a letter and its new text; "=" means the whole letter.  Invented
 * letters in the forms that mail programs of six languages really write.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "../../lib/mail/meaning.h"

struct row {
	const char *what;
	const char *text;
	const char *reply; /* "=": the text itself */
};

/* clang-format off */
static const struct row rows[] = {
	/* ---- no quote at all */
	{ "a plain letter stays as it is",
	  "Bom dia,\n\nA loja não entregou.\n\nAna\n", "=" },
	{ "an empty letter stays empty", "", "=" },
	{ "blank lines stay blank lines", "\n\n\n", "=" },
	{ "a story with a date is no attribution",
	  "Boa tarde.\nEm 10/02/2026 a empresa me escreveu:\n\"Não vamos pagar.\"\n"
	  "Peço ajuda.", "=" },
	{ "a story with the time of day is no attribution",
	  "Em 10/02/2026, às 14:30, o gerente me escreveu:\n"
	  "\"O senhor não tem razão.\"\nAguardo.", "=" },
	{ "a story in Italian is no attribution",
	  "Il 10/02/2026 alle 14:30 l'azienda mi ha scritto:\n"
	  "non rimborsiamo.\nChiedo aiuto.", "=" },
	{ "a story in English is no attribution",
	  "On 10 February at 14:30 they wrote to me:\nno refund.\nHelp.", "=" },
	{ "a form at the top is no repeated header",
	  "De: Ana Souza\nPara: Ouvidoria\nAssunto: entrega\n\nA loja não entregou.",
	  "=" },
	{ "a list after a colon is the writer's own",
	  "Meus dados:\n> Nome: Ana\n> Pedido: 123\nObrigada", "=" },
	{ "a name before a colon is not a header",
	  "Olá,\nPara: que serve isto?\nNão sei.", "=" },
	{ "telling that something was sent is no signature",
	  "Segue o comprovante.\nEnviado do meu trabalho para a loja em janeiro, sem resposta até hoje.",
	  "=" },

	/* ---- Portuguese */
	{ "Gmail, pt",
	  "Sim, aceito.\n\nEm seg., 2 de fev. de 2026 às 10:00, Ouvidoria <\n"
	  "ouvidoria@ouvidoria.example> escreveu:\n\n> Aceita a proposta?\n>\n> Ouvidoria\n",
	  "Sim, aceito." },
	{ "Gmail without marks, pt",
	  "Aceito.\n\nEm seg., 2 de fev. de 2026 às 10:00, Ouvidoria "
	  "<ouvidoria@ouvidoria.example> escreveu:\n\nAceita a proposta?\n",
	  "Aceito." },
	{ "Thunderbird, pt",
	  "Não recebi.\n\nEm 02/02/2026 10:00, Ouvidoria escreveu:\n> Recebeu?\n",
	  "Não recebi." },
	{ "Apple Mail, pt",
	  "Segue a foto.\n\nAna\n\n> No dia 2 de fev. de 2026, à(s) 10:00, Ouvidoria "
	  "<ouvidoria@ouvidoria.example> escreveu:\n> \n> Mande a foto.\n",
	  "Segue a foto.\n\nAna" },
	{ "Apple Mail, attribution before marks, pt",
	  "Segue.\n\nNo dia 2 de fev. de 2026, à(s) 10:00, Ouvidoria <ouvidoria@ouvidoria.example> "
	  "escreveu:\n\n> Mande a foto.\n", "Segue." },
	{ "Outlook, pt",
	  "Bom dia,\nnão concordo.\n\n________________________________\n"
	  "De: Ouvidoria <ouvidoria@ouvidoria.example>\n"
	  "Enviado: segunda-feira, 2 de fevereiro de 2026 10:00\n"
	  "Para: Ana Souza <ana@consumidora.example>\nAssunto: Sua reclamação\n\nTexto antigo\n",
	  "Bom dia,\nnão concordo." },
	{ "Outlook with asterisks, pt",
	  "Certo.\n\n*De:* Ouvidoria <ouvidoria@ouvidoria.example>\n*Enviada em:* segunda-feira, 2 de\n"
	  "fevereiro de 2026 10:00\n*Para:* ana@consumidora.example\n*Assunto:* RES: caso\n\nantigo",
	  "Certo." },
	{ "Outlook Express, pt",
	  "Continuo sem geladeira.\n\n-----Mensagem original-----\nDe: Ouvidoria\nPara: Ana\n\nantigo",
	  "Continuo sem geladeira." },
	{ "Samsung, pt",
	  "Obrigada!\n\nEnviado do meu smartphone Samsung Galaxy.\n\n-------- Mensagem original --------\n"
	  "De: Ouvidoria <o@ouvidoria.example>\nData: 02/02/2026 10:00\nPara: ana@consumidora.example\n",
	  "Obrigada!" },
	{ "Zoho, pt",
	  "Ok.\n\n---- Em seg., 02 fev 2026 10:00:00 -0300 Ouvidoria <o@ouvidoria.example> escreveu ----\n\nantigo",
	  "Ok." },
	{ "Yahoo, pt",
	  "Ainda nada.\n\nEm segunda-feira, 2 de fevereiro de 2026 10:00:00 BRT, Ouvidoria "
	  "<o@ouvidoria.example> escreveu: \n\n antigo\n", "Ainda nada." },
	{ "iPhone signature, pt",
	  "Não chegou o produto.\n\nEnviado do meu iPhone\n", "Não chegou o produto." },
	{ "iPhone and quote, pt",
	  "Não chegou.\n\nEnviado do meu iPhone\n\n> Em 2 de fev. de 2026, à(s) 10:00, Ouvidoria "
	  "<o@ouvidoria.example> escreveu:\n> \n> Chegou?\n", "Não chegou." },
	{ "a forward with a comment, pt",
	  "Vejam a resposta da loja.\n\n---------- Forwarded message ---------\nDe: Loja <sac@loja.example>\n"
	  "Date: seg., 2 de fev. de 2026 às 10:00\nSubject: Pedido\nTo: <ana@consumidora.example>\n\nNão pagamos.\n",
	  "Vejam a resposta da loja." },
	{ "nothing but a forward, pt",
	  "\n---------- Mensagem encaminhada ---------\nDe: Loja <sac@loja.example>\nNão pagamos.\n", "=" },
	{ "a bottom post, pt",
	  "Em 02/02/2026 10:00, Ouvidoria escreveu:\n> Qual o número do pedido?\n\nO número é 4711.\n",
	  "O número é 4711." },
	{ "answers between the lines, pt",
	  "Em 02/02/2026 10:00, Ouvidoria escreveu:\n> Qual o pedido?\n4711\n> Quando comprou?\nEm janeiro.\n"
	  "> Obrigada\n", "=" },
	{ "greeting and answers between the lines, pt",
	  "Olá,\n\nEm 02/02/2026 10:00, Ouvidoria escreveu:\n> Qual o pedido?\n4711\n> Quando?\nEm janeiro.\n",
	  "=" },
	{ "answers announced in the text below, pt",
	  "Respostas abaixo, em vermelho.\n\nDe: Ouvidoria <o@ouvidoria.example>\nEnviado: segunda-feira\n"
	  "Para: Ana\nAssunto: caso\n\nQual o pedido? 4711\n", "=" },
	{ "a signature, pt",
	  "Aguardo retorno.\n\n-- \nAna Souza\nRua das Flores, 1\n", "Aguardo retorno." },
	{ "a signature that lost its blank, pt",
	  "Aguardo retorno.\n\n--\nAna Souza\n", "Aguardo retorno." },
	{ "a name before the attribution, pt",
	  "Aceito.\nAna Souza escreveu isto hoje.\nEm 02/02/2026 10:00, Ouvidoria <o@ouvidoria.example>\n"
	  "escreveu:\n> antigo\n", "Aceito.\nAna Souza escreveu isto hoje." },

	/* ---- Italian */
	{ "Gmail, it",
	  "Accetto.\n\nIl giorno lun 2 feb 2026 alle ore 10:00 Ouvidoria <\nouvidoria@ouvidoria.example> ha scritto:\n\n"
	  "> Accetta?\n", "Accetto." },
	{ "Thunderbird, it",
	  "Non ho ricevuto nulla.\n\nIl 02/02/26 10:00, Ouvidoria ha scritto:\n> Ha ricevuto?\n",
	  "Non ho ricevuto nulla." },
	{ "Outlook, it",
	  "Buongiorno,\nallego la fattura.\n\nDa: Ouvidoria <o@ouvidoria.example>\nInviato: lunedì 2 febbraio 2026 10:00\n"
	  "A: Bruno Conti <bruno@cliente.example>\nOggetto: R: reclamo\n\nvecchio",
	  "Buongiorno,\nallego la fattura." },
	{ "Libero, it",
	  "Va bene.\n\n-----Messaggio originale-----\nDa: Ouvidoria\nvecchio", "Va bene." },
	{ "telephone, it", "Grazie mille\n\nInviato da iPhone\n", "Grazie mille" },
	{ "telephone and quote, it",
	  "Grazie\n\nInviato dal mio telefono Huawei\n\n-------- Messaggio originale --------\nDa: O\n", "Grazie" },
	{ "Apple forward, it",
	  "Ecco la risposta.\n\nInizio messaggio inoltrato:\n\nDa: Negozio <n@negozio.example>\nOggetto: Ordine\n",
	  "Ecco la risposta." },
	{ "answers between the lines, it",
	  "Il 02/02/26 10:00, Ouvidoria ha scritto:\n> Quando?\nIeri.\n> Dove?\nA Roma.\n", "=" },

	/* ---- English */
	{ "Gmail, en",
	  "I accept.\n\nOn Mon, Feb 2, 2026 at 10:00 AM Ouvidoria <ouvidoria@ouvidoria.example>\nwrote:\n\n> Do you?\n",
	  "I accept." },
	{ "Apple Mail, en",
	  "Photo attached.\n\nOn 2 Feb 2026, at 10:00, Ouvidoria <o@ouvidoria.example> wrote:\n\n> Photo?\n",
	  "Photo attached." },
	{ "Outlook, en",
	  "No.\n\nFrom: Ouvidoria <o@ouvidoria.example>\nSent: Monday, February 2, 2026 10:00 AM\n"
	  "To: Carl Lee <carl@customer.example>\nSubject: RE: case\n\nold", "No." },
	{ "Outlook telephone, en",
	  "Thanks.\n\nGet Outlook for iOS<https://aka.example/x>\n________________________________\n"
	  "From: O <o@ouvidoria.example>\nSent: Monday\nTo: C\nSubject: x\n\nold", "Thanks." },
	{ "Proton, en",
	  "Fine.\n\nSent with Proton Mail secure email.\n\n------- Original Message -------\n"
	  "On Monday, February 2nd, 2026 at 10:00, O <o@ouvidoria.example> wrote:\n\n> old\n", "Fine." },
	{ "old Gmail, en",
	  "Yes.\n\n2026-02-02 10:00 GMT+01:00 Ouvidoria <o@ouvidoria.example>:\n\n> old\n", "Yes." },
	{ "nothing but a quote, en",
	  "On Mon, Feb 2, 2026 at 10:00 AM O <o@ouvidoria.example> wrote:\n> old\n", "=" },
	{ "quoting without an attribution, en", "> Which order?\n\n4711\n", "4711" },
	{ "a quote at the end without attribution, en", "Yes, I do.\n\n> Do you accept?\n", "Yes, I do." },
	{ "older Gmail without a colon, en",
	  "Yes.\n\n2026/2/2 Ouvidoria <o@ouvidoria.example>\n\n> old\n", "Yes." },
	{ "an address alone is no attribution, en",
	  "Write to me:\nCarl Lee, 2026 <carl@customer.example>\n\nThanks\n", "=" },
	{ "Begin forwarded message, en",
	  "See below what they said.\n\nBegin forwarded message:\n\n> From: Shop <s@shop.example>\n> No.\n",
	  "See below what they said." },
	{ "Windows line ends, en",
	  "Yes.\r\n\r\nOn Mon, Feb 2, 2026 at 10:00 AM O <o@ouvidoria.example> wrote:\r\n> old\r\n", "Yes." },

	/* ---- Spanish */
	{ "Gmail, es",
	  "Acepto.\n\nEl lun, 2 feb 2026 a las 10:00, Ouvidoria (<ouvidoria@ouvidoria.example>)\nescribió:\n\n> ¿Acepta?\n",
	  "Acepto." },
	{ "Outlook, es",
	  "No estoy de acuerdo.\n\nDe: Ouvidoria <o@ouvidoria.example>\nEnviado el: lunes, 2 de febrero de 2026 10:00\n"
	  "Para: Diego Ruiz <diego@cliente.example>\nAsunto: RE: queja\n\nviejo", "No estoy de acuerdo." },
	{ "telephone, es", "Gracias\n\nEnviado desde mi iPhone\n", "Gracias" },
	{ "Original, es", "De acuerdo\n\n-----Mensaje original-----\nDe: O\nviejo", "De acuerdo" },

	/* ---- French */
	{ "Gmail, fr",
	  "J'accepte.\n\nLe lun. 2 févr. 2026 à 10:00, Ouvidoria <ouvidoria@ouvidoria.example> a\nécrit :\n\n> Acceptez-vous ?\n",
	  "J'accepte." },
	{ "Gmail with a narrow blank, fr",
	  "Oui.\n\nLe lun. 2 févr. 2026 à 10:00, O <o@ouvidoria.example> a écrit\302\240:\n\n> ?\n", "Oui." },
	{ "Outlook, fr",
	  "Je refuse.\n\nDe : Ouvidoria <o@ouvidoria.example>\nEnvoyé : lundi 2 février 2026 10:00\n"
	  "À : Emma Roux <emma@cliente.example>\nObjet : RE: plainte\n\nvieux", "Je refuse." },
	{ "telephone, fr", "Merci\n\nEnvoyé de mon iPhone\n", "Merci" },
	{ "Original, fr", "Merci\n\n-----Message d'origine-----\nDe : O\nvieux", "Merci" },

	/* ---- German */
	{ "Gmail, de",
	  "Einverstanden.\n\nAm Mo., 2. Feb. 2026 um 10:00 Uhr schrieb Ouvidoria <\nouvidoria@ouvidoria.example>:\n\n> Ja?\n",
	  "Einverstanden." },
	{ "Thunderbird, de",
	  "Nein.\n\nAm 02.02.26 um 10:00 schrieb Ouvidoria:\n> Ja?\n", "Nein." },
	{ "Outlook, de",
	  "Guten Tag,\nich lehne ab.\n\nVon: Ouvidoria <o@ouvidoria.example>\nGesendet: Montag, 2. Februar 2026 10:00\n"
	  "An: Frieda Berg <frieda@kundin.example>\nBetreff: AW: Fall\n\nalt", "Guten Tag,\nich lehne ab." },
	{ "telephone, de", "Danke\n\nVon meinem iPhone gesendet\n", "Danke" },
	{ "Original, de", "Danke\n\n-----Ursprüngliche Nachricht-----\nVon: O\nalt", "Danke" },
	{ "answers between the lines, de",
	  "Am 02.02.26 um 10:00 schrieb Ouvidoria:\n> Wann?\nGestern.\n> Wo?\nIn Bonn.\n", "=" },
};
/* clang-format on */

static const char *
reply_of(struct ouv_arena *arena, const char *text)
{
	return mail_reply_text(arena, text);
}

static void
each_letter_keeps_what_is_new(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	size_t bad = 0;

	(void)state;
	assert_true(sizeof rows / sizeof rows[0] >= 40);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		const char *want =
			strcmp(row->reply, "=") == 0 ? row->text : row->reply;
		const char *got = reply_of(arena, row->text);

		if (strcmp(got, want) == 0)
			continue;
		print_error("%s:\n[%s]\nwanted\n[%s]\n", row->what, got, want);
		bad++;
	}
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

/* clang-format off */
static const struct {
	const char *text, *own;
} own_rows[] = {
	{ "Não recebi.\nAna\n", "Não recebi.\nAna\n" },
	{ "Pedi:\n> um sofá\n> uma mesa\nE nada.\n", "Pedi:\n> um sofá\n> uma mesa\nE nada.\n" },
	{ "Em 02/02/2026 10:00, Loja escreveu:\n> O valor é X.\n> Obrigado.\n", "" },
	{ "Enviado do meu iPhone\n\n> Em 2 de fev. de 2026, à(s) 10:00, Loja <o@loja.example> escreveu:\n> \n> X\n", "" },
	{ "\n---------- Mensagem encaminhada ---------\nDe: Loja <sac@loja.example>\nX.\n", "" },
	{ "Em 02/02/2026 10:00, Ouvidoria escreveu:\n> Qual o pedido?\n4711\n> Quando comprou?\nEm janeiro.\n> Obrigada\n",
	  "#\n4711\n#\nEm janeiro.\n#" },
	{ "Respostas abaixo, em vermelho.\n\nDe: Loja <o@loja.example>\nEnviado: segunda-feira\n"
	  "Para: Ana\nAssunto: caso\n\nQual o pedido? 4711\n", "Respostas abaixo, em vermelho.\n\n#" },
	{ "Só isto.", "Só isto." },
	{ "", "" },
};
/* clang-format on */

static void
what_others_wrote_is_not_among_ones_own_words(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	static const char *const ids[] = { "<a@b.example>" };

	(void)state;
	for (size_t i = 0; i < sizeof own_rows / sizeof own_rows[0]; i++) {
		const struct ouv_mail mail = { .subject = "Re: caso",
			.text = own_rows[i].text,
			.reply_text = reply_of(arena, own_rows[i].text),
			.in_reply_to = { 1, (const char **)ids } };

		assert_string_equal(
			ouv_mail_own_words(arena, &mail, "#"), own_rows[i].own);
	}
	ouv_arena_free(&arena);
}

/* Every new line of a letter without any quote survives any row's quote. */
static void
new_text_before_a_quote_is_never_cut(void **state)
{
	static const char letter[] = "Prezados,\n\nA loja \"Casa Azul\" não "
				     "devolveu R$ 120,00.\nPedido: 4711.\n"
				     "Peço providências.\n\nAna Souza";
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *both = ouv_arena_printf(
			arena, "%s\n\n%s", letter, rows[i].text);

		assert_non_null(strstr(reply_of(arena, both), letter));
	}
	ouv_arena_free(&arena);
}

static double
seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void
a_huge_letter_is_read_in_linear_time(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	static const char *const units[] = { "\n", "> a\n", "--\n", "-- \n",
		"Em 2:\n", "De: a\n", "a@b.example escreveu:\n", "x",
		"On 10:00 a@b.example\n", "> a\nb\n", "wrote:\n",
		"em 2026 10:00 joao escreveu\n", "---- x ----\n",
		"De: a@b.example\nData: 10:00\n", "Subject: a\n", "@",
		"<a@b.example> 2026 10:00 x\n", "10:00 ",
		"1:", "Sent from my iPhone\n", "\n\n> a\n\nok\n-- \nb\n",
		"This e-mail is confidential, for its recipient: if in "
		"error, notify the sender and delete it: prohibited.\n",
		"Att.\nwww.x.example\n",
		"----- Forwarded message ----- From: a@b.example\n" };

	(void)state;
	for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
		size_t n = strlen(units[u]), count = 1000000 / n;
		char *text = ouv_arena_alloc(arena, count * n + 1);
		double start = seconds();

		for (size_t i = 0; i < count; i++)
			memcpy(text + i * n, units[u], n);
		assert_non_null(reply_of(arena, text));
		/* about half a second for the worst of them, of this
		 * process's own time; sanitizers take ten times that */
		if (seconds() - start > 10)
			fail_msg("%s: %.1f s", units[u], seconds() - start);
		ouv_arena_reset(arena);
	}
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_letter_keeps_what_is_new),
		cmocka_unit_test(what_others_wrote_is_not_among_ones_own_words),
		cmocka_unit_test(new_text_before_a_quote_is_never_cut),
		cmocka_unit_test(a_huge_letter_is_read_in_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
