/*
 * mail_quote_lang_test.c - what mail programs of many languages put above a
 * quotation
 *
 * Each attribution and each repeated header is put under letters in every way
 * that programs do: with '>' and without, touching the text, wrapped, above
 * the answer.  What is new must come out exactly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/mail/meaning.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define NAME "Ouvidoria Geral"
#define ADDR "<ouvidoria@ouvidoria.example>"

/* clang-format off */
/* bare: known without '>' marks, too. */
static const struct attribution {
	const char *lang, *line;
	bool bare;
} attributions[] = {
	{ "pt Gmail", "Em seg., 2 de fev. de 2026 às 10:00, " NAME " " ADDR " escreveu:", true },
	{ "pt Apple", "Em 2 de fev. de 2026, à(s) 10:00, " NAME " " ADDR " escreveu:", true },
	{ "pt Thunderbird", "Em 02/02/2026 10:00, " NAME " escreveu:", true },
	{ "pt Yahoo", "Em segunda-feira, 2 de fevereiro de 2026 às 10:00:00 BRT, " NAME " " ADDR " escreveu:", true },
	{ "pt Roundcube", "Em 2026-02-02 10:00, " NAME " escreveu:", true },
	{ "pt Horde", "Citando " NAME " " ADDR ":", true },
	{ "pt BOL", "Em 02/02/2026 às 10:00 horas, " NAME " " ADDR " escreveu:", true },
	{ "pt Terra", "On Seg 02/02/26 10:00 , " NAME " ouvidoria@ouvidoria.example sent:", true },
	{ "pt Zoho", "---- Em seg., 02 fev. 2026 10:00:00 -0300 " NAME " " ADDR " escreveu ----", true },
	{ "pt-PT Gmail", NAME " " ADDR " escreveu (segunda, 2/02/2026 à(s) 10:00):", true },
	{ "pt-PT Apple", "No dia 02/02/2026, às 10:00, " NAME " " ADDR " escreveu:", true },
	{ "en Gmail", "On Mon, Feb 2, 2026 at 10:00 AM " NAME " " ADDR " wrote:", true },
	{ "en Gmail, 24 hours", "On Mon, 2 Feb 2026 at 10:00, " NAME " " ADDR " wrote:", true },
	{ "en Apple", "On Feb 2, 2026, at 10:00 AM, " NAME " " ADDR " wrote:", true },
	{ "en Thunderbird", "On 2/2/26 10:00 AM, " NAME " wrote:", true },
	{ "en Yahoo", "On Monday, February 2, 2026 at 10:00:00 AM GMT, " NAME " " ADDR " wrote:", true },
	{ "en Spark", "On 2 Feb 2026, 10:00 +0100, " NAME " " ADDR ", wrote:", true },
	{ "en Airmail", "On February 2, 2026 at 10:00:00, " NAME " (ouvidoria@ouvidoria.example) wrote:", true },
	{ "en Proton", "On Monday, February 2nd, 2026 at 10:00 AM, " NAME " " ADDR " wrote:", true },
	{ "en The Bat!", NAME " " ADDR " wrote:", true },
	{ "en AOL", "In a message dated 2/2/2026 10:00:00 AM Eastern Standard Time, ouvidoria@ouvidoria.example writes:", true },
	{ "en old Gmail", "2026-02-02 10:00 GMT+01:00 " NAME " " ADDR ":", true },
	{ "en Tutanota", "Feb 2, 2026, 10:00 by ouvidoria@ouvidoria.example:", true },
	{ "en Notes", "Ana Souza/OFFICE/ACME wrote on 02/02/2026 10:00:00 AM:", true },
	{ "es Gmail", "El lun, 2 feb 2026 a las 10:00, " NAME " (" ADDR ") escribió:", true },
	{ "es Apple", "El 2 feb 2026, a las 10:00, " NAME " " ADDR " escribió:", true },
	{ "es Thunderbird", "El 02/02/2026 a las 10:00, " NAME " escribió:", true },
	{ "it Gmail", "Il giorno lun 2 feb 2026 alle ore 10:00 " NAME " " ADDR " ha scritto:", true },
	{ "it Gmail, short", "Il lun 2 feb 2026, 10:00 " NAME " " ADDR " ha scritto:", true },
	{ "it Apple", "Il giorno 2 feb 2026, alle ore 10:00, " NAME " " ADDR " ha scritto:", true },
	{ "it Thunderbird", "Il 02/02/26 10:00, " NAME " ha scritto:", true },
	{ "it Libero", "Il 02/02/2026 10:00 CET " NAME " " ADDR " ha scritto:", true },
	{ "fr Gmail", "Le lun. 2 févr. 2026 à 10:00, " NAME " " ADDR " a écrit :", true },
	{ "fr Thunderbird", "Le 02/02/2026 à 10:00, " NAME " a écrit :", true },
	{ "fr Yahoo", "Le lundi 2 février 2026 à 10:00:00 UTC+1, " NAME " " ADDR " a écrit :", true },
	{ "de Gmail", "Am Mo., 2. Feb. 2026 um 10:00 Uhr schrieb " NAME " " ADDR ":", true },
	{ "de Thunderbird", "Am 02.02.26 um 10:00 schrieb " NAME ":", true },
	{ "de Yahoo", "Am Montag, 2. Februar 2026 um 10:00:00 MEZ hat " NAME " " ADDR " Folgendes geschrieben:", true },
	{ "de IONOS", NAME " " ADDR " hat am 02.02.2026 10:00 CET geschrieben:", true },
	{ "de Gmail phone", NAME " " ADDR " schrieb am Mo., 2. Feb. 2026, 10:00:", true },
	{ "de Horde", "Zitat von " NAME " " ADDR ":", true },
	{ "nl Gmail", "Op ma 2 feb 2026 om 10:00 schreef " NAME " " ADDR ":", true },
	{ "nl Apple", "Op 2 feb. 2026 om 10:00 heeft " NAME " " ADDR " het volgende geschreven:", true },
	{ "nl Thunderbird", "Op 02-02-2026 om 10:00 schreef " NAME ":", true },
	{ "ca Gmail", "Missatge de " NAME " " ADDR " del dia dl., 2 de febr. 2026 a les 10:00:", true },
	{ "gl Gmail", "O lun, 2 feb 2026 ás 10:00, " NAME " (" ADDR ") escribiu:", true },
	{ "pl Gmail", "pon., 2 lut 2026 o 10:00 " NAME " " ADDR " napisał(a):", true },
	{ "pl Thunderbird", "W dniu 2.02.2026 o 10:00, " NAME " pisze:", true },
	{ "cs Gmail", "po 2. 2. 2026 v 10:00 odesílatel " NAME " " ADDR " napsal:", true },
	{ "cs Thunderbird", "Dne 02.02.26 v 10:00 " NAME " napsal(a):", true },
	{ "sk Gmail", "po 2. 2. 2026 o 10:00 " NAME " " ADDR " napísal(a):", true },
	{ "sv Gmail", "Den mån 2 feb. 2026 kl 10:00 skrev " NAME " " ADDR ":", true },
	{ "sv Thunderbird", "Den 2026-02-02 kl. 10:00, skrev " NAME ":", true },
	{ "da Gmail", "Den man. 2. feb. 2026 kl. 10.00 skrev " NAME " " ADDR ":", true },
	{ "no Gmail", "man. 2. feb. 2026 kl. 10:00 skrev " NAME " " ADDR ":", true },
	{ "fi Gmail", "ma 2. helmik. 2026 klo 10.00 " NAME " (ouvidoria@ouvidoria.example) kirjoitti:", true },
	{ "fi Thunderbird", NAME " kirjoitti 2.2.2026 klo 10.00:", false },
	{ "hu Gmail", NAME " " ADDR " ezt írta (időpont: 2026. febr. 2., H, 10:00):", true },
	{ "hu Thunderbird", "2026. 02. 02. 10:00 keltezéssel, " NAME " írta:", false },
	{ "ro Gmail", "În lun., 2 feb. 2026 la 10:00, " NAME " " ADDR " a scris:", true },
	{ "hr Gmail", "pon, 2. velj 2026. u 10:00 " NAME " " ADDR " napisao je:", true },
	{ "sl Gmail", "V V pon., 2. feb. 2026 ob 10:00 je oseba " NAME " " ADDR " napisala:", true },
	{ "ru Gmail", "пн, 2 февр. 2026 г. в 10:00, " NAME " " ADDR ":", true },
	{ "ru Apple", "2 февр. 2026 г., в 10:00, " NAME " " ADDR " написал(а):", true },
	{ "ru Thunderbird", "02.02.2026 10:00, " NAME " пишет:", true },
	{ "ru Mail.ru", "Понедельник, 2 февраля 2026, 10:00 +03:00 от " NAME " " ADDR ":", true },
	{ "ru Yandex", "02.02.2026, 10:00, \"" NAME "\" " ADDR ":", true },
	{ "uk Gmail", "пн, 2 лют. 2026 р. о 10:00 " NAME " " ADDR " пише:", true },
	{ "bg Gmail", "На пн, 2.02.2026 г. в 10:00 " NAME " " ADDR " написа:", true },
	{ "tr Gmail", NAME " " ADDR ", 2 Şub 2026 Pzt, 10:00 tarihinde şunu yazdı:", true },
	{ "el Gmail", "Στις Δευ 2 Φεβ 2026 στις 10:00 π.μ., ο/η " NAME " " ADDR " έγραψε:", true },
	{ "ja Gmail", "2026年2月2日(月) 10:00 " NAME " " ADDR ":", true },
	{ "zh Gmail", NAME " " ADDR " 于2026年2月2日周一 10:00写道：", true },
	{ "zh Netease", "在 2026-02-02 10:00:00，\"" NAME "\" " ADDR " 写道：", true },
	{ "ko Gmail", "2026년 2월 2일 (월) 오전 10:00, " NAME " " ADDR "님이 작성:", true },
	{ "et Gmail", "Kontakt " NAME " (" ADDR ") kirjutas kuupäeval E, 2. veebruar 2026 kell 10:00:", true },
	{ "lv Gmail", "pirmd., 2026. g. 2. febr., plkst. 10:00 — lietotājs " NAME " (" ADDR ") rakstīja:", true },
	{ "lt Gmail", "2026-02-02, pr, 10:00 " NAME " " ADDR " rašė:", true },
	{ "vi Gmail", "Vào Th 2, 2 thg 2, 2026 vào lúc 10:00 " NAME " " ADDR " đã viết:", true },
	{ "he Gmail", "בתאריך יום ב׳, 2 בפבר׳ 2026 ב-10:00 מאת " NAME " " ADDR ":", true },
};

/* From, sent, to, subject, and a time. */
static const struct header {
	const char *lang, *from, *date, *to, *subject, *time;
} headers[] = {
	{ "pt", "De", "Enviado", "Para", "Assunto", "segunda-feira, 2 de fevereiro de 2026 10:00" },
	{ "pt, older", "De", "Enviada em", "Para", "Assunto", "segunda-feira, 2 de fevereiro de 2026 10:00" },
	{ "en", "From", "Sent", "To", "Subject", "Monday, February 2, 2026 10:00 AM" },
	{ "es", "De", "Enviado el", "Para", "Asunto", "lunes, 2 de febrero de 2026 10:00" },
	{ "it", "Da", "Inviato", "A", "Oggetto", "lunedì 2 febbraio 2026 10:00" },
	{ "it, Virgilio", "Da", "Data", "A", "Ogg", "02/02/2026 10:00" },
	{ "fr", "De ", "Envoyé ", "À ", "Objet ", "lundi 2 février 2026 10:00" },
	{ "de", "Von", "Gesendet", "An", "Betreff", "Montag, 2. Februar 2026 10:00" },
	{ "nl", "Van", "Verzonden", "Aan", "Onderwerp", "maandag 2 februari 2026 10:00" },
	{ "pl", "Od", "Wysłano", "Do", "Temat", "poniedziałek, 2 lutego 2026 10:00" },
	{ "cs", "Od", "Odesláno", "Komu", "Předmět", "pondělí 2. února 2026 10:00" },
	{ "sk", "Od", "Odoslané", "Komu", "Predmet", "pondelok 2. februára 2026 10:00" },
	{ "sv", "Från", "Skickat", "Till", "Ämne", "den 2 februari 2026 10:00" },
	{ "da", "Fra", "Sendt", "Til", "Emne", "2. februar 2026 10:00" },
	{ "fi", "Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe", "maanantai 2. helmikuuta 2026 10.00" },
	{ "hu", "Feladó", "Elküldve", "Címzett", "Tárgy", "2026. február 2., hétfő 10:00" },
	{ "ro", "De la", "Trimis", "Către", "Subiect", "luni, 2 februarie 2026 10:00" },
	{ "hr", "Šalje", "Poslano", "Prima", "Predmet", "2. veljače 2026. 10:00" },
	{ "sl", "Od", "Poslano", "Za", "Zadeva", "ponedeljek, 2. februar 2026 10:00" },
	{ "ru", "От", "Отправлено", "Кому", "Тема", "2 февраля 2026 г. 10:00" },
	{ "uk", "Від", "Надіслано", "Кому", "Тема", "2 лютого 2026 р. 10:00" },
	{ "bg", "От", "Изпратено", "До", "Относно", "2 февруари 2026 г. 10:00" },
	{ "tr", "Kimden", "Gönderildi", "Kime", "Konu", "2 Şubat 2026 Pazartesi 10:00" },
	{ "el", "Από", "Στάλθηκε", "Προς", "Θέμα", "Δευτέρα, 2 Φεβρουαρίου 2026 10:00" },
	{ "ja", "差出人", "送信日時", "宛先", "件名", "2026年2月2日 10:00" },
	{ "zh", "发件人", "发送时间", "收件人", "主题", "2026年2月2日 10:00" },
	{ "zh-TW", "寄件者", "寄件日期", "收件者", "主旨", "2026年2月2日 上午 10:00" },
	{ "ko", "보낸 사람", "보낸 날짜", "받는 사람", "제목", "2026년 2월 2일 월요일 오전 10:00" },
	{ "et", "Saatja", "Saadetud", "Adressaat", "Teema", "2. veebruar 2026 10:00" },
	{ "lv", "No", "Nosūtīts", "Kam", "Temats", "2026. gada 2. februāris 10:00" },
	{ "lt", "Nuo", "Išsiųsta", "Kam", "Tema", "2026 m. vasario 2 d. 10:00" },
	{ "he", "מאת", "נשלח", "אל", "נושא", "2 פברואר 2026 10:00" },
};

/* A language that nobody speaks: the shape alone must do. */
static const struct header unknown = {
	"none", "Kwaxo", "Yetwuxe", "Mba", "Drizal", "2 Zorj 2026 10:00"
};

static const char *const letters[] = {
	"Sim, aceito.",
	"Bom dia,\n\nNão recebi o produto. O pedido é 4711, de 10/01/2026.\n\nObrigada\nAna",
	"Quero:\n- reembolso\n- desculpas\nPrazo: 10 dias",
	"Здравствуйте,\n\nя не согласен.\n\nИван",
};
/* clang-format on */

#define OLD "Prezada cliente,\n\nA loja propõe 50%. Aceita?\nValor: R$ 9,00"
#define OLD_QUOTED                                                           \
	"> Prezada cliente,\n>\n> A loja propõe 50%. Aceita?\n> Valor: R$ " \
	"9,00"

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

/* Breaks lines at the last blank before that column, as programs do. */
static char *
wrapped(struct ouv_arena *arena, const char *line, int column)
{
	char *out = ouv_arena_strdup(arena, line), *start = out, *blank = NULL;

	for (char *p = out; *p != '\0'; p++) {
		if (*p == ' ')
			blank = p;
		if (p - start >= column && blank != NULL) {
			*blank = '\n';
			start = blank + 1;
			blank = NULL;
		}
	}
	return out;
}

static void
an_attribution_ends_the_new_text(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(attributions); i++)
		for (size_t l = 0; l < COUNT(letters); l++) {
			const struct attribution *a = &attributions[i];
			const char *new = letters[l];

			bad += differs(arena, a->lang,
				ouv_arena_printf(arena, "%s\n\n%s\n\n%s\n", new,
					a->line, OLD_QUOTED),
				new);
			bad += differs(arena, a->lang,
				ouv_arena_printf(arena, "%s\n\n%s\n%s\n", new,
					wrapped(arena, a->line, 76),
					OLD_QUOTED),
				new);
			bad += differs(arena, a->lang,
				ouv_arena_printf(arena, "%s\n\n%s\n\n%s\n", new,
					wrapped(arena, a->line, 60),
					OLD_QUOTED),
				new);
			bad += differs(arena, a->lang,
				ouv_arena_printf(arena, "%s\n%s\n%s\n", new,
					a->line, OLD_QUOTED),
				new);
			if (a->bare)
				bad += differs(arena, a->lang,
					ouv_arena_printf(arena,
						"%s\n\n%s\n\n%s\n", new,
						a->line, OLD),
					new);
		}
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

static void
an_answer_below_the_quotation_is_new(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(attributions); i++)
		for (size_t l = 0; l < COUNT(letters); l++)
			bad += differs(arena, attributions[i].lang,
				ouv_arena_printf(arena, "%s\n%s\n\n%s\n",
					wrapped(arena, attributions[i].line,
						66),
					OLD_QUOTED, letters[l]),
				letters[l]);
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

static void
answers_between_quoted_lines_stay_with_them(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(attributions); i++) {
		const char *text = ouv_arena_printf(arena,
			"%s\n> Qual o pedido?\n4711\n> Quando?\nEm janeiro.\n",
			attributions[i].line);

		bad += differs(arena, attributions[i].lang, text, text);
	}
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

/* How the labels look, and where lines are broken. */
static const struct shape {
	const char *left, *right, *fold;
} shapes[] = { { "", ":", " " }, { "*", ":*", " " }, { "", ":", "\n " } };

static const char *
header_lines(
	struct ouv_arena *arena, const struct header *h, const struct shape *s)
{
	return ouv_arena_printf(arena,
		"%s%s%s " NAME " " ADDR "\n"
		"%s%s%s %s\n"
		"%s%s%s Ana <ana@consumidora.example>; Bruno%s"
		"<bruno@cliente.example>\n"
		"%s%s%s Sua%sreclamação 4711\n",
		s->left, h->from, s->right, s->left, h->date, s->right, h->time,
		s->left, h->to, s->right, s->fold, s->left, h->subject,
		s->right, s->fold);
}

static void
a_repeated_header_ends_the_new_text(void **state)
{
	static const char *const rules[] = { "\n\n",
		"\n\n________________________________\n", "\n\n----\n",
		"\n\n-----Original Message-----\n",
		"\n\n---------- Mensagem original ----------\n", "\n" };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++)
		for (size_t l = 0; l < COUNT(letters); l++)
			for (size_t k = 0; k < COUNT(shapes); k++)
				for (size_t r = 0; r < COUNT(rules); r++)
					bad += differs(arena, headers[i].lang,
						ouv_arena_printf(arena,
							"%s%s%s\n%s\n",
							letters[l], rules[r],
							header_lines(arena,
								&headers[i],
								&shapes[k]),
							OLD),
						letters[l]);
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

static void
under_a_rule_the_shape_of_a_header_is_enough(void **state)
{
	static const char *const rules[] = {
		"\n\n________________________________\n",
		"\n\n----- Zribu mblatu -----\n",
	};
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const char *block = header_lines(arena, &unknown, &shapes[0]), *text;
	size_t bad = 0;

	(void)state;
	for (size_t l = 0; l < COUNT(letters); l++)
		for (size_t r = 0; r < COUNT(rules); r++)
			bad += differs(arena, "unknown",
				ouv_arena_printf(arena, "%s%s%s\n%s\n",
					letters[l], rules[r], block, OLD),
				letters[l]);
	/* without one it may be anything */
	text = ouv_arena_printf(arena, "%s\n\n%s\n%s", letters[0], block, OLD);
	bad += differs(arena, "unknown, no rule", text, text);
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_attribution_ends_the_new_text),
		cmocka_unit_test(an_answer_below_the_quotation_is_new),
		cmocka_unit_test(answers_between_quoted_lines_stay_with_them),
		cmocka_unit_test(a_repeated_header_ends_the_new_text),
		cmocka_unit_test(under_a_rule_the_shape_of_a_header_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
