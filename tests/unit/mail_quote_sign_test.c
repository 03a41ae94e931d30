/*
 * mail_quote_sign_test.c - what stands under a letter is folded away from it
 *
 * The closing and the name stay.  What a person could be telling us on
 * purpose stays, too: mail_quote_whole_test.c has more of that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/mail/meaning.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char letter[] = "Bom dia,\n\nnão recebi o produto. O pedido é "
			     "4711.\n\nAtenciosamente,\nAna Souza";

/* clang-format off */
/* What programs put under a letter. */
static const char *const under[] = {
	"Enviado do meu iPhone", "Enviado do meu smartphone Samsung Galaxy.",
	"Enviado do Yahoo Mail no Android", "Enviado do Outlook para Android<https://aka.example/x>",
	"Obter o Outlook para iOS", "Obter o Outlook para Android<https://aka.example/x>",
	"Enviado a partir do meu telemóvel", "Enviado com Proton Mail", "Enviado do Correio para Windows",
	"Enviado via UOL Mail", "Enviado do meu celular",
	"Sent from my iPhone", "Sent from my Samsung Galaxy smartphone.", "Sent from Yahoo Mail on Android",
	"Sent from Mail for Windows 10", "Get Outlook for iOS<https://aka.example/x>", "Sent from Outlook for Android",
	"Sent with Proton Mail secure email.", "Sent from my T-Mobile 4G LTE Device", "Sent from my mobile device",
	"Sent using Zoho Mail", "Sent from my BlackBerry 10 smartphone.", "Sent from my Huawei phone",
	"Enviado desde mi iPhone", "Enviado desde mi dispositivo móvil", "Obtener Outlook para Android",
	"Enviado desde Yahoo Mail con Android", "Enviado desde mi Samsung Mobile",
	"Inviato da iPhone", "Inviato dal mio telefono Huawei", "Inviato da Outlook per Android", "Inviato da Libero Mail",
	"Scarica Outlook per iOS", "Inviato dal mio smartphone Samsung Galaxy.", "Inviato da Yahoo Mail su Android",
	"Envoyé de mon iPhone", "Envoyé depuis mon téléphone Orange", "Obtenir Outlook pour Android",
	"Télécharger Outlook pour iOS", "Envoyé à partir d’Outlook pour Android", "Envoyé depuis mon appareil Galaxy",
	"Von meinem iPhone gesendet", "Gesendet von meinem Samsung Galaxy Smartphone.",
	"Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.", "Gesendet mit der GMX Mail App",
	"Holen Sie sich Outlook für iOS", "Von Outlook für Android gesendet",
	"Verstuurd vanaf mijn iPhone", "Verzonden vanuit Mail voor Windows", "Skickat från min iPhone",
	"Sendt fra min iPhone", "Lähetetty iPhonesta", "Wysłane z iPhone'a", "Odesláno z iPhonu", "Odoslané z iPhonu",
	"Trimis de pe iPhone-ul meu", "Poslano s mog iPhonea", "Отправлено с iPhone", "Надіслано з iPhone",
	"Изпратено от моя iPhone", "iPhone'umdan gönderildi", "Στάλθηκε από το iPhone μου", "iPhoneから送信",
	"发自我的iPhone", "나의 iPhone에서 보냄", "Saadetud minu iPhone'ist", "Enviat des del meu iPhone",
	"Livre de vírus. www.avast.com", "Virus-free. www.avast.com", "Privo di virus. www.avast.com",
	"Libre de virus. www.avast.com", "Sans virus. www.avast.com", "Virenfrei. www.avast.com",
	"-- \nAna Souza\nRua das Flores, 1", "--\nAna", "—\nAna Souza\nAnalista",
	"________________________________", "--\n\nEnviado do meu iPhone",
	"_______________________________________________\nConsumers mailing list\nconsumers@lists.example\n"
	"https://lists.example/mailman/listinfo/consumers",
	"Antes de imprimir, pense no meio ambiente.",
};

/* The words of lawyers. */
static const char *const legal[] = {
	"Esta mensagem, incluindo seus anexos, é confidencial e destina-se exclusivamente ao destinatário. "
	"Se você a recebeu por engano, avise o remetente e apague-a. É proibida a divulgação.",
	"AVISO DE CONFIDENCIALIDADE\nAs informações contidas neste e-mail são sigilosas e dirigidas apenas ao destinatário;\n"
	"se recebido por engano, favor apagar e comunicar o remetente.",
	"Este e-mail e seus anexos podem conter informações confidenciais e privilegiadas. Caso você não seja o "
	"destinatário, por favor elimine esta mensagem e notifique o remetente.",
	"Questo messaggio è riservato al destinatario. Se lo avete ricevuto per errore, vi preghiamo di "
	"distruggerlo e di avvisare il mittente. È vietata la diffusione.",
	"This e-mail is confidential and intended for the named recipient only. If you have received it in error, "
	"please notify the sender and delete it. Any disclosure or copying is prohibited.",
	"CONFIDENTIALITY NOTICE: the information in this message is privileged and meant for the addressee.\n"
	"If you are not the intended recipient, delete it; any use is prohibited.",
	"Este mensaje es confidencial y va dirigido a su destinatario. Si lo ha recibido por error, le rogamos que lo "
	"elimine y lo comunique al remitente. Se prohíbe su copia.",
	"Ce message est confidentiel et réservé à son destinataire. Si vous l'avez reçu par erreur, merci d'avertir "
	"l'expéditeur et de le supprimer. Toute diffusion est interdite.",
	"Diese E-Mail ist vertraulich und nur für den Empfänger bestimmt. Sollten Sie sie irrtümlich erhalten haben, "
	"benachrichtigen Sie bitte den Absender und löschen Sie sie. Die Verbreitung ist untersagt.",
};

static const struct row {
	const char *what, *text, *reply;
} rows[] = {
	{ "a company's ways to be reached go, closing and name stay",
	  "Recusamos o pedido.\n\nAtenciosamente,\nBruno Lima\nGerente de Atendimento\nLoja Azul Ltda.\n"
	  "Tel.: 11 4000-0000\nwww.loja.example",
	  "Recusamos o pedido.\n\nAtenciosamente,\nBruno Lima" },
	{ "the same in English",
	  "We refuse.\n\nBest regards,\n\nCarl Lee\nCustomer Care\nPhone: +44 20 0000 0000\nhttps://shop.example",
	  "We refuse.\n\nBest regards,\n\nCarl Lee" },
	{ "a telephone alone stays",
	  "Liguem.\n\nAtt.\nAna\nCel.: 11 98888-0000", "=" },
	{ "a web site told with an order stays",
	  "Comprei.\n\nObrigada\nAna\nPedido 4711 em www.loja.example\nTel. 11 98888-0000", "=" },
	{ "two disclaimers and a signature",
	  "Segue.\n\n-- \nBruno\n\nEsta mensagem é confidencial e destina-se ao destinatário. Se a recebeu por engano, "
	  "apague-a e avise o remetente.\n\nThis message is confidential and meant for the recipient. If received in error, "
	  "delete it and notify the sender.", "Segue." },
	{ "nothing but a signature is the letter", "Enviado do meu iPhone", "=" },
	{ "a mark and what follows it at length is a letter",
	  "Oi\n--\num\ndois\ntrês\nquatro\ncinco\nseis\nsete\noito\nnove\ndez", "=" },
};
/* clang-format on */

static size_t
differs(struct ouv_arena *arena, const char *what, const char *text,
	const char *want)
{
	const char *got = mail_reply_text(arena, text);

	if (strcmp(got, want) == 0)
		return 0;
	print_error("%s:\n[%s]\nwanted\n[%s]\n", what, got, want);
	return 1;
}

static void
what_programs_add_is_no_letter(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(under); i++) {
		bad += differs(arena, under[i],
			ouv_arena_printf(arena, "%s\n\n%s\n", letter, under[i]),
			letter);
		bad += differs(arena, under[i],
			ouv_arena_printf(arena,
				"%s\n\n%s\n\nEm 02/02/2026 10:00, O "
				"<o@ouvidoria.example> escreveu:\n> Oi\n",
				letter, under[i]),
			letter);
	}
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

static void
lawyers_do_not_write_the_letter(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(legal); i++) {
		bad += differs(arena, legal[i],
			ouv_arena_printf(arena, "%s\n\n%s\n", letter, legal[i]),
			letter);
		bad += differs(arena, legal[i],
			ouv_arena_printf(arena, "%s\n%s\n\n%s\n", letter,
				legal[i], legal[(i + 1) % COUNT(legal)]),
			letter);
		/* above the letter they could be anything */
		bad += differs(arena, legal[i],
			ouv_arena_printf(arena, "%s\n\n%s", legal[i], letter),
			ouv_arena_printf(arena, "%s\n\n%s", legal[i], letter));
	}
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

static void
each_row_keeps_what_is_told(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		bad += differs(arena, rows[i].what, rows[i].text,
			strcmp(rows[i].reply, "=") == 0 ? rows[i].text
							: rows[i].reply);
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_programs_add_is_no_letter),
		cmocka_unit_test(lawyers_do_not_write_the_letter),
		cmocka_unit_test(each_row_keeps_what_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
