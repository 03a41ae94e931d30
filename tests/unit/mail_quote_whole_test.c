/*
 * mail_quote_whole_test.c - a letter that quotes nobody is never cut
 *
 * Invented complaints, each with something in it that looks like a quotation,
 * a repeated header, a signature or the text of lawyers.  All of it is the
 * writer's own, so all of it must be shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/mail/meaning.h"

/* clang-format off */
static const struct row {
	const char *what, *text;
} rows[] = {
	/* ---- Portuguese */
	{ "someone wrote, told with date and time",
	  "Boa tarde,\n\nEm 10/02/2026 às 14:30 o gerente escreveu:\n\n\"Não vamos devolver.\"\n\n"
	  "Acho isso um absurdo. Peço a devolução de R$ 350,00.\n\nAna Souza" },
	{ "someone wrote, in the middle of a sentence",
	  "Prezados,\n\nNo dia 10/02/2026, às 09:15, a atendente Marta me escreveu:\n"
	  "o pedido foi cancelado.\nMas o dinheiro não voltou.\n\nObrigada" },
	{ "an answer that was received, with an address",
	  "Em 10/02/2026 às 14:30 recebi de SAC <sac@loja.example> a seguinte resposta:\n\n"
	  "Não temos previsão.\n\nQuero saber o que fazer agora." },
	{ "the writer's own table of data",
	  "Seguem meus dados:\n\nNome: Ana Souza\nE-mail: ana@consumidora.example\n"
	  "Data: 10/02/2026 14:30\nPedido: 4711\nValor: R$ 350,00\n\nAguardo retorno." },
	{ "a table of a transfer: from, to, date",
	  "Fiz uma transferência:\n\nDe: conta 123\nPara: conta 456\nData: 10/02/2026\nValor: R$ 90,00\n\n"
	  "O valor não chegou." },
	{ "a table of a journey: from, to, date, time",
	  "Minha viagem foi assim.\n\nDe: Recife\nPara: Natal\nData: 10/02/2026\nHora: 08:00\n\n"
	  "O ônibus não apareceu e ninguém atendeu." },
	{ "a list with '>' marks",
	  "Problemas:\n> produto quebrado\n> caixa errada\n> nota fiscal em branco\nPor favor resolvam." },
	{ "bigger than, at the start of a line",
	  "O contrato diz multa de 10%.\n> 10% é abusivo, eu pago 30%!\nEspero resposta." },
	{ "shouting",
	  "Já reclamei três vezes.\n>>> QUERO MEU DINHEIRO <<<\nObrigado." },
	{ "shouting at the end",
	  "Já reclamei três vezes.\n\n>>> QUERO MEU DINHEIRO <<<" },
	{ "a talk copied from a messenger",
	  "Segue a conversa:\n\n[10:02, 02/02/2026] Loja: bom dia\n[10:03, 02/02/2026] Ana: cadê o pedido?\n"
	  "[10:05, 02/02/2026] Loja: vamos verificar\n\nDepois disso, silêncio." },
	{ "a talk with names and colons",
	  "Atendente: em que posso ajudar?\nEu: quero cancelar\nAtendente: vou transferir\nEu: de novo?\n\n"
	  "Fiquei 40 minutos assim." },
	{ "a mail shown as evidence, and a conclusion",
	  "Vejam o e-mail que recebi da loja:\n\nDe: SAC <sac@loja.example>\n"
	  "Enviado: terça-feira, 10 de fevereiro de 2026 14:30\nPara: Ana <ana@consumidora.example>\n"
	  "Assunto: Pedido 4711\n\nNão faremos a troca.\n\nComo podem ver, eles se recusam." },
	{ "telephone and account under a name",
	  "Peço o estorno.\n\nAtenciosamente,\nAna Souza\nTel.: 11 98888-0000\nCPF 000.000.000-00\n"
	  "Banco 001, agência 1234, conta 56789-0" },
	{ "telephone and mail under a name",
	  "Podem me ligar.\n\nAtt.,\nAna Souza\nTel.: 11 98888-0000\nE-mail: ana@consumidora.example" },
	{ "sent by post, told at the end",
	  "Devolvi o produto.\nEnviado pelo correio em 2 de fevereiro, com aviso de recebimento." },
	{ "sent by mail to a shop, told at the end",
	  "Segue o comprovante.\nEnviado por e-mail para a loja em 02/02." },
	{ "sent with a program, told at the end",
	  "Segue o comprovante.\nEnviado pelo Gmail para a loja em janeiro, sem resposta." },
	{ "a message, told at the end",
	  "Bom dia.\n\nEsta mensagem chegou ao meu telefone ontem. O remetente diz que é do banco, mas o banco nega tudo." },
	{ "confidential, in a complaint",
	  "Bom dia.\n\nEsta mensagem é para reclamar do banco. Minha senha confidencial foi enviada a outro cliente por engano, "
	  "e ninguém quis informar nada. Exijo providências e indenização." },
	{ "a rule between two parts",
	  "Primeiro problema: entrega.\n\n------------------------------\n\nSegundo problema: cobrança em dobro." },
	{ "words between dashes",
	  "--- PRIMEIRO PEDIDO ---\nNunca chegou.\n\n--- SEGUNDO PEDIDO ---\nChegou quebrado em 10/02/2026 14:30." },
	{ "dashes around a title, data under it",
	  "----- Dados da compra -----\nLoja: Casa Azul\nE-mail: sac@loja.example\nData: 10/02/2026 14:30\n\n"
	  "Não entregaram." },
	{ "the words original message, told",
	  "Perdi a mensagem original, mas lembro bem.\nMensagem original: a loja prometeu entrega em 3 dias.\n"
	  "Não cumpriu." },
	{ "a question that ends like an attribution",
	  "Quem foi que escreveu:\n'garantia de 12 meses'?\nO anúncio diz isso." },
	{ "the letter ends with wrote:",
	  "Guardei tudo o que a loja me escreveu:" },

	{ "a mailing list, in a complaint",
	  "Não quero mais receber propaganda.\n\nTirem meu nome da mailing list da loja, por favor." },
	{ "a program against viruses, in a complaint",
	  "Comprei a licença.\n\nPaguei R$ 90,00 em www.avast.com e não recebi a chave." },

	/* ---- Italian */
	{ "the shop wrote, with date and time, it",
	  "Buongiorno,\n\nil 10/02/2026 alle 14:30 il negozio ha scritto:\n«Non rimborsiamo.»\n\nChiedo aiuto.\n\nBruno" },
	{ "own data, it",
	  "I miei dati:\n\nNome: Bruno Conti\nEmail: bruno@cliente.example\nData: 10/02/2026\nOrdine: 4711\n\nGrazie" },
	{ "a journey, it",
	  "Viaggio:\n\nDa: Milano\nA: Roma\nData: 10/02/2026\nOra: 08:00\n\nTreno soppresso, nessun rimborso." },
	{ "evidence, it",
	  "Ecco la mail del venditore:\n\nDa: Negozio <n@negozio.example>\nInviato: martedì 10 febbraio 2026 14:30\n"
	  "A: Bruno <bruno@cliente.example>\nOggetto: Ordine\n\nNiente rimborso.\n\nVi sembra giusto?" },
	{ "sent by registered post, it",
	  "Ho chiesto il rimborso.\nInviato con raccomandata il 2 febbraio." },

	/* ---- English */
	{ "they wrote, with date and time, en",
	  "Hello,\n\nOn 10 February 2026 at 14:30 the shop wrote:\n\"No refund.\"\n\nThat is unfair.\n\nCarl" },
	{ "a chat, en",
	  "Chat log:\n10:02 Agent: hello\n10:03 Me: where is it?\n10:04 Agent: one moment\n\nThen the agent left." },
	{ "own data, en",
	  "My details:\n\nName: Carl Lee\nEmail: carl@customer.example\nDate: 10 February 2026 14:30\nOrder: 4711\n\nThank you" },
	{ "sent from a place, en",
	  "The parcel never came.\nSent from the Leeds depot on 2 February, says the tracking page." },
	{ "two dashes between thoughts, en",
	  "I bought a lamp.\n--\nThe lamp, which I had paid for in advance with my own credit card, broke after only one "
	  "single day of ordinary use in the kitchen.\n\nWhat can I do now?" },
	{ "a mail from a person as evidence, en",
	  "This is what they sent:\n\nFrom: Shop <s@shop.example>\nDate: 10 Feb 2026 14:30\nTo: me\nSubject: Order\n\n"
	  "No.\n\nCan they do that?" },
	{ "answers listed, en",
	  "I answer your points:\n\n1. Date: 10 February\n2. To: the shop in Leeds\n3. Subject: a lamp\n\nRegards\nCarl" },

	/* ---- Spanish */
	{ "they wrote, es",
	  "Buenos días,\n\nEl 10/02/2026 a las 14:30 la tienda escribió:\n\"No hay devolución.\"\n\nPido ayuda.\n\nDiego" },
	{ "a journey, es",
	  "Mi viaje:\n\nDe: Lima\nPara: Cusco\nFecha: 10/02/2026\nHora: 08:00\n\nEl vuelo fue cancelado." },
	{ "own data, es",
	  "Mis datos:\n\nNombre: Diego Ruiz\nCorreo: diego@cliente.example\nFecha: 10/02/2026 14:30\nPedido: 4711" },

	/* ---- French */
	{ "they wrote, fr",
	  "Bonjour,\n\nLe 10/02/2026 à 14:30 le vendeur a écrit :\n« Pas de remboursement. »\n\nQue faire ?\n\nEmma" },
	{ "a journey, fr",
	  "Mon trajet :\n\nDe : Lyon\nÀ : Paris\nDate : 10/02/2026\nHeure : 08:00\n\nTrain supprimé." },
	{ "own data, fr",
	  "Mes coordonnées :\n\nNom : Emma Roux\nTél : 01 02 03 04 05\nDate : 10/02/2026\nCommande : 4711\n\nMerci" },

	/* ---- German */
	{ "they wrote, de",
	  "Guten Tag,\n\nam 10.02.2026 um 14:30 schrieb mir der Händler:\n„Keine Rückzahlung.“\n\nWas nun?\n\nFrieda" },
	{ "the dealer wrote, de",
	  "Am 10.02.2026 um 14:30 Uhr schrieb der Händler:\n„Keine Rückzahlung.“\nDas ist falsch." },
	{ "own data, de",
	  "Meine Daten:\n\nName: Frieda Berg\nE-Mail: frieda@kundin.example\nDatum: 10.02.2026 14:30\nBestellung: 4711\n\nDanke" },
	{ "a journey, de",
	  "Meine Reise:\n\nVon: Bonn\nNach: Köln\nDatum: 10.02.2026\nZeit: 08:00\n\nDer Zug fiel aus." },
};
/* clang-format on */

static void
each_comes_out_whole(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		/* alone, and with something above it that could stay */
		const char *texts[] = { rows[i].text,
			ouv_arena_printf(arena, "Prezados senhores,\n\n%s",
				rows[i].text) };

		for (size_t k = 0; k < 2; k++) {
			const char *got = mail_reply_text(arena, texts[k]);

			if (strcmp(got, texts[k]) == 0)
				continue;
			print_error("%s, %zu:\n[%s]\n", rows[i].what, k, got);
			bad++;
		}
	}
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

/* Above an older mail it is still whole, and the older mail is not in it. */
static void
each_stays_whole_above_a_quotation(void **state)
{
	static const char *const quotations[] = {
		"\n\nEm seg., 2 de fev. de 2026 às 10:00, Ouvidoria "
		"<o@ouvidoria.example> escreveu:\n\n> Antiga proposta\n",
		"\n\n________________________________\nDe: Ouvidoria "
		"<o@ouvidoria.example>\nEnviado: segunda-feira, 2 de fevereiro "
		"de 2026 10:00\nPara: Ana\nAssunto: RES: x\n\n"
		"Antiga proposta\n",
		"\n\n-----Original Message-----\nFrom: O\n\nAntiga proposta\n",
	};
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (size_t q = 0; q < 3; q++) {
			const char *both = ouv_arena_printf(
				arena, "%s%s", rows[i].text, quotations[q]);
			const char *got = mail_reply_text(arena, both);

			if (strstr(got, rows[i].text) != NULL)
				continue;
			print_error("%s, %zu:\n[%s]\n", rows[i].what, q, got);
			bad++;
		}
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_comes_out_whole),
		cmocka_unit_test(each_stays_whole_above_a_quotation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
