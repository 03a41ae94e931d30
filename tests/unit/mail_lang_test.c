/*
 * mail_lang_test.c - short letters of consumers are known by their language
 *
 * Invented letters of two to sixty words, with and without accents, here and
 * in tests/data/lang; libexttextcat reads the same, from fingerprints of the
 * same six languages.  Runs from the project's folder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <libexttextcat/textcat.h>

#include "../../lib/mail/meaning.h"

struct row {
	const char *lang, *text;
};

/* clang-format off */
static const struct row rows[] = {
	{ "pt", "Comprei uma geladeira em janeiro e até agora a loja não entregou." },
	{ "pt", "Boa tarde, gostaria de saber se já existe uma resposta da empresa." },
	{ "pt", "Nao recebi o reembolso prometido e ninguem atende o telefone da loja." },
	{ "pt", "A operadora cobra todo mês um serviço que eu nunca contratei, peço ajuda." },
	{ "pt", "Segue em anexo a nota fiscal e a foto do produto quebrado." },
	{ "pt", "Oi, cadê meu dinheiro? já faz dois meses que devolvi o celular" },
	{ "pt", "Aceito a proposta da empresa desde que o pagamento seja feito até sexta." },
	{ "pt", "O voo foi cancelado e a companhia recusou pagar o hotel e a alimentação." },
	{ "pt", "O técnico veio três vezes e a máquina continua com o mesmo defeito." },
	{ "pt", "Meu nome foi negativado por uma conta que paguei no ano passado." },
	{ "pt", "Prezados senhores, solicito o cancelamento do plano e a devolução da mensalidade de março." },
	{ "pt", "voces podem me ligar depois das 18h? trabalho o dia todo" },
	{ "it", "Ho acquistato una lavatrice a gennaio e il negozio non l'ha ancora consegnata." },
	{ "it", "Buonasera, vorrei sapere se l'azienda ha già risposto al mio reclamo." },
	{ "it", "Non ho ricevuto il rimborso promesso e nessuno risponde al telefono." },
	{ "it", "La compagnia mi addebita ogni mese un servizio che non ho mai richiesto." },
	{ "it", "In allegato trovate la fattura e la foto del prodotto rotto." },
	{ "it", "Ma quando mi ridate i soldi? sono passati due mesi ormai" },
	{ "it", "Accetto la proposta a condizione che il pagamento avvenga entro venerdi." },
	{ "it", "Il volo e stato cancellato e la compagnia non vuole pagare l'albergo." },
	{ "it", "Il tecnico è venuto tre volte e la macchina ha sempre lo stesso difetto." },
	{ "it", "Mi hanno staccato la luce per una bolletta che avevo già pagato a marzo." },
	{ "it", "Spettabile ufficio, chiedo la disdetta del contratto e la restituzione del canone." },
	{ "en", "I bought a fridge in January and the shop has not delivered it yet." },
	{ "en", "Good afternoon, could you tell me whether the company has replied?" },
	{ "en", "They promised a refund weeks ago and nobody picks up the phone." },
	{ "en", "My provider charges me every month for something I never asked for." },
	{ "en", "Please find attached the invoice and a photo of the broken item." },
	{ "en", "where is my money? its been two months since i sent it back" },
	{ "en", "I accept the offer if the payment is made before Friday." },
	{ "en", "Our flight was cancelled and the airline refused to pay for a hotel." },
	{ "en", "The engineer came three times and the machine still has the same fault." },
	{ "en", "A debt collector keeps writing about a bill that I paid last year." },
	{ "en", "Dear Sirs, I request that the contract be cancelled and the fee returned." },
	{ "es", "Compré una nevera en enero y la tienda todavía no la ha entregado." },
	{ "es", "Buenas tardes, quisiera saber si la empresa ya ha respondido a mi queja." },
	{ "es", "No he recibido el reembolso prometido y nadie contesta el telefono." },
	{ "es", "La operadora me cobra cada mes un servicio que nunca contraté." },
	{ "es", "Adjunto la factura y una foto del producto roto." },
	{ "es", "donde esta mi dinero? hace dos meses que devolvi el movil" },
	{ "es", "Acepto la propuesta siempre que el pago se haga antes del viernes." },
	{ "es", "El vuelo fue cancelado y la compañía no quiso pagar el hotel." },
	{ "es", "El técnico vino tres veces y la lavadora sigue con la misma avería." },
	{ "es", "Me cortaron la luz por un recibo que ya había pagado en marzo." },
	{ "es", "Estimados señores, solicito la baja del contrato y la devolución de la cuota." },
	{ "fr", "J'ai acheté un réfrigérateur en janvier et le magasin ne l'a pas livré." },
	{ "fr", "Bonjour, je voudrais savoir si l'entreprise a répondu à ma plainte." },
	{ "fr", "Je n'ai pas recu le remboursement promis et personne ne repond au telephone." },
	{ "fr", "L'opérateur me facture chaque mois un service que je n'ai jamais demandé." },
	{ "fr", "Vous trouverez ci-joint la facture et une photo du produit cassé." },
	{ "fr", "ou est mon argent ? ca fait deux mois que j'ai renvoye le telephone" },
	{ "fr", "J'accepte la proposition à condition que le paiement soit fait vendredi." },
	{ "fr", "Le vol a été annulé et la compagnie refuse de payer l'hôtel." },
	{ "fr", "Le technicien est venu trois fois et la machine a toujours la même panne." },
	{ "fr", "On m'a coupé le courant pour une facture que j'avais déjà payée." },
	{ "fr", "Madame, Monsieur, je demande la résiliation du contrat et le retour des frais." },
	{ "de", "Ich habe im Januar einen Kühlschrank gekauft, er wurde nie geliefert." },
	{ "de", "Guten Tag, hat die Firma schon auf meine Beschwerde geantwortet?" },
	{ "de", "Die versprochene Erstattung kam nicht und niemand geht ans Telefon." },
	{ "de", "Der Anbieter berechnet mir jeden Monat etwas, das ich nie bestellt habe." },
	{ "de", "Anbei die Rechnung und ein Foto von dem kaputten Geraet." },
	{ "de", "wo bleibt mein geld? ich warte jetzt schon zwei monate" },
	{ "de", "Ich nehme den Vorschlag an, wenn bis Freitag bezahlt wird." },
	{ "de", "Der Flug fiel aus und die Gesellschaft will das Hotel nicht zahlen." },
	{ "de", "Der Techniker war dreimal da und die Maschine hat noch denselben Fehler." },
	{ "de", "Man hat mir den Strom abgestellt wegen einer Rechnung, die längst bezahlt war." },
	{ "de", "Sehr geehrte Damen und Herren, ich kündige den Vertrag und bitte um das Geld." },
};

static const char *const unknown[] = {
	"", "   \n\n", "4711", "ok", "https://loja.example/pedido/4711?x=1",
	"ana@consumidora.example", "1234 5678 90", "\316\272\316\261\316\273\316\267"
	"\316\274\316\255\317\201\316\261 \317\203\316\261\317\202",
	"xzqj wvbk plmt grfd", "-- -- --", "\377\376\200",
};
/* clang-format on */

static const char *
lang_of(const char *text)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const char *lang = mail_lang(arena, text, strlen(text));

	ouv_arena_free(&arena); /* the name is a constant */
	return lang;
}

static void
short_letters_are_told_apart(void **state)
{
	size_t count = sizeof rows / sizeof rows[0], right = 0, wrong = 0;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const char *got = lang_of(rows[i].text);

		if (strcmp(got, rows[i].lang) == 0) {
			right++;
			continue;
		}
		wrong += strcmp(got, "und") != 0;
		print_message(
			"# %s, not %s: %s\n", got, rows[i].lang, rows[i].text);
	}
	print_message("# %zu of %zu right\n", right, count);
	assert_int_equal(wrong, 0);
	assert_true(right * 100 >= count * 97);
}

static void
what_has_no_words_has_no_language(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
		assert_string_equal(lang_of(unknown[i]), "und");
}

static void
a_quote_in_another_language_does_not_outvote_a_long_letter(void **state)
{
	(void)state;
	assert_string_equal(
		lang_of("Comprei a TV pela internet e na tela aparece: "
			"\"please contact your service provider\". A loja "
			"não quer trocar e já se passaram trinta dias."),
		"pt");
}

static void
the_first_paragraph_decides_where_the_rest_is_in_another_language(void **state)
{
	(void)state;
	assert_string_equal(
		lang_of("Escrevi para a loja e só recebi isto, o que devo "
			"fazer?\n\nHi. This is the qmail-send program at "
			"mx.loja.example.\n<sac@loja.example>: mailbox full"),
		"pt");
	assert_string_equal(lang_of("ok\n\nok ok"), "und");
}

static void
addresses_and_links_are_no_words(void **state)
{
	(void)state;
	assert_string_equal(
		lang_of("Segue o link do produto que nunca chegou: "
			"https://shop.example/the/order/with/your/number "
			"the.shop.and.you@with-this.example"),
		"pt");
}

/* ---- beside libexttextcat ------------------------------------------------ */

#define FOLDER "tests/data/lang"
#define FINGERPRINTS "/usr/share/libexttextcat/"
#define SHORT_WORDS 8

static const char *const six[] = { "pt", "it", "en", "es", "fr", "de" };

struct score {
	int count, right, wrong, theirs;
};

static size_t
words_of(const char *line)
{
	size_t words = 1;

	for (; *line != '\0'; line++)
		words += *line == ' ';
	return words;
}

static void
add_line(const char *want, const char *line, void *textcat, struct score *all,
	struct score *brief)
{
	const char *ours = lang_of(line);
	const char *theirs = textcat_Classify(textcat, line, strlen(line));
	bool right = strcmp(ours, want) == 0;
	bool match = *theirs == '[' && strncmp(theirs + 1, want, 2) == 0;
	struct score *scores[] = { all, brief };

	if (!right)
		print_message("# %s, not %s: %s\n", ours, want, line);
	for (int i = 0; i < (words_of(line) <= SHORT_WORDS ? 2 : 1); i++) {
		scores[i]->count++;
		scores[i]->right += right;
		scores[i]->wrong += !right && strcmp(ours, "und") != 0;
		scores[i]->theirs += match;
	}
}

static void
add_file(
	const char *lang, void *textcat, struct score *all, struct score *brief)
{
	char path[100], line[2000];
	FILE *file;

	(void)snprintf(path, sizeof(path), FOLDER "/%s.txt", lang);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (*line != '#')
			add_line(lang, line, textcat, all, brief);
	}
	(void)fclose(file);
}

/* Fingerprints of our six alone: with all 187 it is right less often. */
static void *
open_textcat(void)
{
	char path[] = "/tmp/ouv-lang-XXXXXX";
	int fd = mkstemp(path);
	void *textcat;

	assert_true(fd >= 0);
	for (size_t i = 0; i < 6; i++)
		assert_true(
			dprintf(fd, "%s.lm %s--utf8\n", six[i], six[i]) > 0);
	(void)close(fd);
	textcat = special_textcat_Init(path, FINGERPRINTS);
	(void)unlink(path);
	assert_non_null(textcat);
	return textcat;
}

static void
letters_are_told_apart_as_well_as_libexttextcat_does(void **state)
{
	struct score sum = { 0 }, sum_brief = { 0 };
	void *textcat = open_textcat();

	(void)state;
	print_message("# right of all: ours, theirs; of at most %d words\n",
		SHORT_WORDS);
	for (size_t i = 0; i < 6; i++) {
		struct score all = { 0 }, brief = { 0 };

		add_file(six[i], textcat, &all, &brief);
		print_message("# %s %3d: %3d %3d   %3d: %3d %3d\n", six[i],
			all.count, all.right, all.theirs, brief.count,
			brief.right, brief.theirs);
		assert_true(all.count >= 60);
		assert_true(all.right >= all.theirs);
		assert_true(brief.right >= brief.theirs);
		sum.count += all.count;
		sum.right += all.right;
		sum.wrong += all.wrong;
		sum_brief.count += brief.count;
		sum_brief.right += brief.right;
	}
	textcat_Done(textcat);
	assert_true(sum.right * 100 >= sum.count * 97);
	assert_true(sum_brief.right * 100 >= sum_brief.count * 95);
	assert_int_equal(sum.wrong, 0);
}

static void
a_name_or_another_language_is_none_of_the_six(void **state)
{
	struct score all = { 0 }, brief = { 0 };
	void *textcat = open_textcat();

	(void)state;
	add_file("und", textcat, &all, &brief);
	textcat_Done(textcat);
	print_message("# %d of %d unknown\n", all.right, all.count);
	assert_true(all.count >= 50);
	assert_true(all.right * 100 >= all.count * 95);
	assert_int_equal(brief.wrong, 0); /* never a guess on a few words */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_letters_are_told_apart),
		cmocka_unit_test(
			letters_are_told_apart_as_well_as_libexttextcat_does),
		cmocka_unit_test(a_name_or_another_language_is_none_of_the_six),
		cmocka_unit_test(
			the_first_paragraph_decides_where_the_rest_is_in_another_language),
		cmocka_unit_test(what_has_no_words_has_no_language),
		cmocka_unit_test(
			a_quote_in_another_language_does_not_outvote_a_long_letter),
		cmocka_unit_test(addresses_and_links_are_no_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
