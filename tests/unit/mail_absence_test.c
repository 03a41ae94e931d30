/*
 * mail_absence_test.c - a note of absence says when and who, or nothing
 *
 * Every row is the text of an automatic answer of Monday, 2 February 2026,
 * and what a reader of its language would write into a calendar.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/mail/absence.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define CET "Mon, 2 Feb 2026 10:00:00 +0100"
#define UTC "Mon, 2 Feb 2026 10:00:00 +0000"
#define EST "Mon, 2 Feb 2026 10:00:00 -0500"

struct row {
	const char *text;
	const char *from, *until, *back; /* NULL: nothing may be claimed */
};

struct dated {
	const char *date, *text;
	const char *from, *until, *back;
};

struct person {
	const char *text;
	const char *names, *addrs; /* joined by '|', "": nobody */
};

/* clang-format off */
static const struct row rows[] = {
	/* ---- pt */
	{ "Estou de férias até 12/03/2026.", NULL, "2026-03-12", NULL },
	{ "Estarei ausente até o dia 12 de março.", NULL, "2026-03-12", NULL },
	{ "Estarei de férias de 3 a 14 de agosto.", "2026-08-03", "2026-08-14", NULL },
	{ "Estou de férias no período de 02/02/2026 a 13/02/2026.", "2026-02-02", "2026-02-13", NULL },
	{ "Estarei fora do escritório entre os dias 10 e 20 de fevereiro de 2026.", "2026-02-10", "2026-02-20", NULL },
	{ "Estou ausente. Retorno em 16/02/2026.", NULL, "2026-02-15", "2026-02-16" },
	{ "Estou em férias, de volta no dia 1º de março.", NULL, "2026-02-28", "2026-03-01" },
	{ "Ausente a partir de 5 de fevereiro, volto em 9 de fevereiro.", "2026-02-05", "2026-02-08", "2026-02-09" },
	{ "Estou em licença desde 15/01 até 20/02.", "2026-01-15", "2026-02-20", NULL },
	{ "Estarei de férias do dia 23 de dezembro ao dia 5 de janeiro.", "2026-12-23", "2027-01-05", NULL },
	{ "Encontro-me ausente. A partir de 10/02 estarei de volta.", NULL, "2026-02-09", "2026-02-10" },
	{ "Estou fora do escritório; voltarei na segunda-feira, dia 09/02/2026.", NULL, "2026-02-08", "2026-02-09" },
	{ "Estarei ausente no dia 6 de fevereiro.", "2026-02-06", "2026-02-06", NULL },
	{ "Férias: 03/08/2026 a 14/08/2026.", "2026-08-03", "2026-08-14", NULL },
	/* ---- en */
	{ "I am out of the office until March 12th, 2026.", NULL, "2026-03-12", NULL },
	{ "I'm on vacation from 3 to 14 August.", "2026-08-03", "2026-08-14", NULL },
	{ "I am away from August 3-14, 2026.", "2026-08-03", "2026-08-14", NULL },
	{ "I will be out of office between the 3rd and the 14th of August.", "2026-08-03", "2026-08-14", NULL },
	{ "I am on leave and back on 16 February.", NULL, "2026-02-15", "2026-02-16" },
	{ "I am out of the office and will return on Monday, February 16.", NULL, "2026-02-15", "2026-02-16" },
	{ "Out of office from 2026-02-02 until 2026-02-13.", "2026-02-02", "2026-02-13", NULL },
	{ "I am away from Monday 2 February to Friday 13 February; back in the office on 16 February 2026.",
	  "2026-02-02", "2026-02-13", "2026-02-16" },
	{ "I am away until 25/12/2026.", NULL, "2026-12-25", NULL },
	{ "I am away until 12/25/2026.", NULL, "2026-12-25", NULL },
	{ "I am out of the office until 12 March and will be back on 12 March.", NULL, "2026-03-11", "2026-03-12" },
	{ "I am out of the office on 6 February.", "2026-02-06", "2026-02-06", NULL },
	{ "On holiday through Feb. 13.", NULL, "2026-02-13", NULL },
	{ "I am on annual leave from 20 December to 4 January.", "2026-12-20", "2027-01-04", NULL },
	/* ---- it */
	{ "Sono in ferie dal 3 al 14 agosto.", "2026-08-03", "2026-08-14", NULL },
	{ "Sono fuori ufficio fino al 12 marzo 2026 compreso.", NULL, "2026-03-12", NULL },
	{ "Sono assente, rientro il 16/02/2026.", NULL, "2026-02-15", "2026-02-16" },
	{ "Sarò assente dall'8 al 12 febbraio.", "2026-02-08", "2026-02-12", NULL },
	{ "Sono in ferie. Sarò di nuovo in ufficio. Tornerò lunedì 16 febbraio.", NULL, "2026-02-15", "2026-02-16" },
	{ "Sono assente; dal 16 febbraio sarò di nuovo disponibile.", NULL, "2026-02-15", "2026-02-16" },
	{ "Assente il 6 febbraio.", "2026-02-06", "2026-02-06", NULL },
	{ "Siamo chiusi per ferie dal 10/08/2026 al 21/08/2026.", "2026-08-10", "2026-08-21", NULL },
	{ "Fuori sede fino a venerdì 13.02.2026.", NULL, "2026-02-13", NULL },
	/* ---- es */
	{ "Estoy de vacaciones del 3 al 14 de agosto.", "2026-08-03", "2026-08-14", NULL },
	{ "Estoy fuera de la oficina hasta el 12 de marzo de 2026.", NULL, "2026-03-12", NULL },
	{ "Estaré ausente desde el 5 de febrero hasta el 10 de febrero.", "2026-02-05", "2026-02-10", NULL },
	{ "Estoy ausente, de vuelta el 16 de febrero.", NULL, "2026-02-15", "2026-02-16" },
	{ "Estoy de baja. Me reincorporo el lunes 16/02/2026.", NULL, "2026-02-15", "2026-02-16" },
	{ "Estoy de vacaciones entre el 3 y el 14 de agosto.", "2026-08-03", "2026-08-14", NULL },
	{ "Estoy de viaje y regreso el día 9 de febrero.", NULL, "2026-02-08", "2026-02-09" },
	/* ---- fr */
	{ "Je suis en congés du 3 au 14 août inclus.", "2026-08-03", "2026-08-14", NULL },
	{ "Je suis absent jusqu'au 12 mars.", NULL, "2026-03-12", NULL },
	{ "Je suis absente jusqu’au 1er mars 2026.", NULL, "2026-03-01", NULL },
	{ "Je suis absent, de retour le 16/02/2026.", NULL, "2026-02-15", "2026-02-16" },
	{ "Je suis en déplacement à partir du 5 février jusqu'au 9 février.", "2026-02-05", "2026-02-09", NULL },
	{ "Je suis en congé. Je reprendrai le lundi 16 février.", NULL, "2026-02-15", "2026-02-16" },
	{ "Absent le 6 février.", "2026-02-06", "2026-02-06", NULL },
	{ "Je serai absent entre le 3 et le 14 août.", "2026-08-03", "2026-08-14", NULL },
	/* ---- de */
	{ "Ich bin vom 3. bis 14. August im Urlaub.", "2026-08-03", "2026-08-14", NULL },
	{ "Ich bin bis einschließlich 14.08.2026 nicht im Büro.", NULL, "2026-08-14", NULL },
	{ "Ich bin bis 12.3. abwesend.", NULL, "2026-03-12", NULL },
	{ "Ich bin abwesend und ab dem 16.02. wieder erreichbar.", NULL, "2026-02-15", "2026-02-16" },
	{ "Ich bin im Urlaub. Am 16. Februar bin ich wieder im Büro.", NULL, "2026-02-15", "2026-02-16" },
	{ "Ich bin vom 3.8. bis zum 14.8.2026 nicht im Haus.", "2026-08-03", "2026-08-14", NULL },
	{ "Urlaub 03.-14.08.2026", "2026-08-03", "2026-08-14", NULL },
	{ "Ich bin abwesend. Meine Rückkehr ist voraussichtlich am 9. März.", NULL, "2026-03-08", "2026-03-09" },
	{ "Am 6.2. bin ich nicht im Büro.", "2026-02-06", "2026-02-06", NULL },
	{ "Seit dem 12. Januar 2026 bin ich in Elternzeit.", "2026-01-12", NULL, NULL },
	/* ---- longer notes */
	{ "I will be out of the office starting 02/02/2026 and will not return until 16/02/2026.",
	  "2026-02-02", "2026-02-15", "2026-02-16" },
	{ "I'll be out Monday, February 2nd through Friday, February 13th.", "2026-02-02", "2026-02-13", NULL },
	{ "I'm away until tomorrow, 3 February.", NULL, "2026-02-03", NULL },
	{ "We sell until 31 March. I am out of the office until 12 February.",
		NULL, "2026-02-12", NULL },
	{ "Our sale ends soon: order until 31 March! I am out of the office until 12 February.", NULL, "2026-02-12", NULL },
	{ "Estou em férias no período de 02 a 21/02/2026. Retorno dia 23/02.", "2026-02-02", "2026-02-21", "2026-02-23" },
	{ "Informo que estarei em viagem entre 9/2 e 13/2, com acesso limitado aos e-mails.", "2026-02-09", "2026-02-13", NULL },
	{ "Sarò fuori ufficio da lunedì 9 febbraio a venerdì 13 febbraio.", "2026-02-09", "2026-02-13", NULL },
	{ "Estaré fuera de la oficina del 9 al 13 de febrero, ambos inclusive, y me reincorporaré el lunes 16 de febrero.",
	  "2026-02-09", "2026-02-13", "2026-02-16" },
	{ "Je suis absente du bureau du lundi 9 au vendredi 13 février 2026 inclus.", "2026-02-09", "2026-02-13", NULL },
	{ "Bin vom 9.-13. Februar auf Dienstreise und am 16.2. zurück.", "2026-02-09", "2026-02-13", "2026-02-16" },
	/* ---- lines end where they like, words are bold */
	{ "I am out of the office until\n12 March\n2026.", NULL, "2026-03-12", NULL },
	{ "Estou de férias até *12/03/2026*.", NULL, "2026-03-12", NULL },
	/* ---- said twice, the first counts */
	{ "Estou ausente até 12/03/2026.\n\nI am away until 12/03/2026.", NULL, "2026-03-12", NULL },
	/* ---- a responder that was switched off late */
	{ "Estou de férias até 31/01.", NULL, "2026-01-31", NULL },

	/* ---- no dates at all */
	{ "Estou de férias. Telefone: +55 11 3456-7890, ramal 12/34.", NULL, NULL, NULL },
	{ "I am away. Call +1 212 555-0112 or 030/12-03-45.", NULL, NULL, NULL },
	{ "Estou ausente. Sobre a fatura 12/2026 escreva ao financeiro.", NULL, NULL, NULL },
	{ "Estou ausente. Seu pedido de 03/12/2025 foi recebido.", NULL, NULL, NULL },
	{ "I am away. Our office is open from 9 to 18, Monday to Friday from 8.30 to 12.30.", NULL, NULL, NULL },
	{ "Estou ausente. Atendemos de 8 a 12, de segunda a sexta, das 9h às 18h.", NULL, NULL, NULL },
	{ "Ich bin abwesend. Wir sind bis 18.00 Uhr und ab 8.12 Uhr erreichbar.", NULL, NULL, NULL },
	{ "Ich bin heute ab 8.12 Uhr abwesend und bis 9.10 Uhr im Urlaub.", NULL, NULL, NULL },
	{ "I am away until further notice.", NULL, NULL, NULL },
	{ "I am on leave. Our new address from 1 March: Rua X 12.", NULL, NULL, NULL },
	{ "I am on parental leave until September 2026.", NULL, NULL, NULL },
	{ "I am away until Friday.", NULL, NULL, NULL },
	{ "I am away until the end of March 2026.", NULL, NULL, NULL },
	{ "I am away until 31 February 2026.", NULL, NULL, NULL },
	{ "Estou de férias até 45/13/2026.", NULL, NULL, NULL },
	{ "Estou de férias de 14/08/2026 a 03/08/2026.", NULL, NULL, NULL },
	{ "I am away. Version 1.2.2026.4 is out until 3.4.5.", NULL, NULL, NULL },
	{ "Sono assente. Sconto fino a 12,50 euro, codice 12.03.1985.77.", NULL, NULL, NULL },
	{ "I am away until 3/12/1998, order 12-10 of 20.", NULL, NULL, NULL },
	/* ---- no absence at all: a help desk's promise */
	{ "Recebemos o seu chamado e responderemos até 12/03/2026.", NULL, NULL, NULL },
	{ "We will answer until 12 March 2026.", NULL, NULL, NULL },
	{ "Ihr Anliegen wird vom 3.8. bis 14.8. bearbeitet.", NULL, NULL, NULL },
};

/* The mail's own date chooses the year, and the order of English numbers. */
static const struct dated dated[] = {
	{ CET, "I am away until 03/04/2026.", NULL, "2026-04-03", NULL },
	{ EST, "I am away until 03/04/2026.", NULL, "2026-03-04", NULL },
	{ UTC, "I am away until 03/04/2026.", NULL, NULL, NULL },
	{ UTC, "I am away until 03/03/2026.", NULL, "2026-03-03", NULL },
	/* 5 January is over: the other reading is meant */
	{ UTC, "I am away until 01/05/2026.", NULL, "2026-05-01", NULL },
	{ UTC, "I am away until 04/01/2026.", NULL, "2026-04-01", NULL },
	{ UTC, "I am away until 03/04.", NULL, NULL, NULL },
	/* other languages put the day first wherever they are written */
	{ EST, "Estou ausente até 03/04/2026.", NULL, "2026-04-03", NULL },
	{ UTC, "Sono assente fino al 03/04/2026.", NULL, "2026-04-03", NULL },
	/* dots are never American */
	{ EST, "I am away until 03.04.2026.", NULL, "2026-04-03", NULL },
	{ "Tue, 29 Dec 2026 10:00:00 +0100", "Ich bin bis 3.1. im Urlaub.", NULL, "2027-01-03", NULL },
	{ "Tue, 29 Dec 2026 10:00:00 +0100", "Je suis en congés du 23 décembre au 3 janvier.",
	  "2026-12-23", "2027-01-03", NULL },
	{ "Fri, 2 Jan 2026 10:00:00 -0300", "Estou de férias desde 22 de dezembro até 9 de janeiro.",
	  "2025-12-22", "2026-01-09", NULL },
	/* 29 February: there is none before 2028 */
	{ "Mon, 1 Mar 2027 10:00:00 +0000", "I am away until 29 February.", NULL, "2028-02-29", NULL },
	/* without a Date there is no year to choose */
	{ "", "Estou ausente até 12/03.", NULL, NULL, NULL },
	{ "", "Estou ausente até 12/03/2026.", NULL, "2026-03-12", NULL },
};

static const struct person people[] = {
	{ "Estou de férias. Em caso de urgência, contate Maria Silva (maria.silva@loja.example).",
	  "Maria Silva", "maria.silva@loja.example" },
	{ "I am away. For urgent matters please contact my colleague John O'Neill at john@shop.example.",
	  "John O'Neill", "john@shop.example" },
	{ "Sono in ferie. In caso di urgenza scrivere a Giulia De Santis <giulia@negozio.example>.",
	  "Giulia De Santis", "giulia@negozio.example" },
	{ "Estoy de vacaciones. Para temas urgentes, mi colega José Núñez: jose@tienda.example",
	  "José Núñez", "jose@tienda.example" },
	{ "Je suis absent. En cas d'urgence, veuillez contacter Élodie Martin, elodie@magasin.example.",
	  "Élodie Martin", "elodie@magasin.example" },
	{ "Ich bin im Urlaub. In dringenden Fällen wenden Sie sich an Frau Anna von Berg unter anna@laden.example.",
	  "Anna von Berg", "anna@laden.example" },
	{ "I am away. ana.lima@shop.example will help you.", "", "ana.lima@shop.example" },
	{ "Em minha ausência: suporte@loja.example ou Rui Costa, rui@loja.example",
	  "|Rui Costa", "suporte@loja.example|rui@loja.example" },
	{ "In urgent cases:\n\nPaula Reis\npaula@shop.example\n", "Paula Reis", "paula@shop.example" },
	{ "Urgent? Write to team@shop.example <mailto:team@shop.example>.", "", "team@shop.example" },
	/* ---- nobody */
	{ "I am away, urgent matters: boss@firma.example or ouvidoria@ouvidoria.example.", "", "" },
	{ "I am away. Urgent: no-reply@shop.example", "", "" },
	{ "I am on holiday, in urgent cases contact the office.\n\nBest regards\nTom Boss, tom@home.example", "", "" },
	{ "Estou de férias. Nosso site é loja.example, @loja na rede social, em caso de urgência @@.", "", "" },
	{ "I am away. You wrote to us from x@y.example last year about a lamp.", "", "" },
};
/* clang-format on */

static const struct ouv_mail_office office = {
	.address = "ouvidoria@ouvidoria.example",
	.reply_local = "caso",
};

static struct ouv_mail *
answer(struct ouv_arena *arena, const char *date, const char *sign,
	const char *text)
{
	struct ouv_mail *mail = ouv_arena_alloc(arena, sizeof *mail);
	const char *raw = ouv_arena_printf(arena,
		"Return-Path: <>\nFrom: Boss <boss@firma.example>\n"
		"To: ouvidoria@ouvidoria.example\nSubject: x\n%s%s%s%s"
		"Content-Type: text/plain; charset=utf-8\n\n%s\n",
		date[0] != '\0' ? "Date: " : "", date,
		date[0] != '\0' ? "\n" : "", sign, text);

	ouv_mail_read(arena, raw, strlen(raw), &office, mail);
	return mail;
}

static const char *
say(const char *date)
{
	return date == NULL ? "-" : date;
}

static bool
differs(const char *a, const char *b)
{
	return strcmp(say(a), say(b)) != 0;
}

static int
check(const char *date, const char *text, const char *from, const char *until,
	const char *back)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const struct ouv_mail_absence *got;
	int bad;

	got = &answer(arena, date, "Auto-Submitted: auto-replied\n", text)
		       ->absence;
	bad = differs(got->from, from) || differs(got->until, until) ||
	      differs(got->back, back);
	if (bad)
		print_error("%s: from %s until %s back %s\n", text,
			say(got->from), say(got->until), say(got->back));
	ouv_arena_free(&arena);
	return bad;
}

static void
every_note_says_when(void **state)
{
	int bad = 0;

	(void)state;
	assert_true(COUNT(rows) + COUNT(dated) >= 60);
	for (size_t i = 0; i < COUNT(rows); i++)
		bad += check(CET, rows[i].text, rows[i].from, rows[i].until,
			rows[i].back);
	for (size_t i = 0; i < COUNT(dated); i++)
		bad += check(dated[i].date, dated[i].text, dated[i].from,
			dated[i].until, dated[i].back);
	assert_int_equal(bad, 0);
}

static const char *
joined(struct ouv_arena *arena, const struct ouv_mail_addrs *addrs, bool names)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 100);
	for (size_t i = 0; i < addrs->count; i++)
		ouv_buf_printf(&buf, "%s%s", i > 0 ? "|" : "",
			names ? addrs->list[i].name : addrs->list[i].addr);
	return buf.data;
}

static void
every_note_says_who(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(people); i++) {
		const struct ouv_mail_addrs *got = &answer(arena, CET,
			"Auto-Submitted: auto-replied\n", people[i].text)
							    ->absence.instead;
		const char *names = joined(arena, got, true);
		const char *addrs = joined(arena, got, false);

		if (strcmp(names, people[i].names) == 0 &&
			strcmp(addrs, people[i].addrs) == 0)
			continue;
		bad++;
		print_error("%s: \"%s\" %s\n", people[i].text, names, addrs);
	}
	ouv_arena_free(&arena);
	assert_int_equal(bad, 0);
}

static void
a_person_is_never_absent(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	static const char *const signs[] = { "", "Auto-Submitted: no\n",
		"Auto-Submitted: auto-generated\n", "Precedence: list\n" };

	(void)state;
	for (size_t i = 0; i < COUNT(signs); i++)
		assert_false(answer(arena, CET, signs[i],
			"A geladeira quebrou. Viajo de 3 a 14 de agosto.")
				     ->has_absence);
	ouv_arena_free(&arena);
}

static void
a_note_without_dates_and_names_says_nothing(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const struct ouv_mail *mail = answer(arena, CET,
		"Auto-Submitted: auto-replied\n", "I am out of the office.");

	(void)state;
	assert_int_equal(mail->kind, OUV_MAIL_AUTO_REPLY);
	assert_false(mail->has_absence);
	mail = answer(arena, CET, "Auto-Submitted: auto-replied\n",
		"I am out of the office until 12 March.");
	assert_true(mail->has_absence);
	assert_int_equal(mail->absence.instead.count, 0);
	ouv_arena_free(&arena);
}

/* Notes writes the return into the subject; ours may hold a date too. */
static void
of_a_subject_only_the_owners_own_words_count(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_mail mail;
	const char *notes =
		"From: ana@firma.example\nDate: " CET
		"\nAuto-Submitted: auto-generated\nSubject: AUTO: Ana Reis is "
		"out of the office (returning 16/02/2026)\n\nThanks.\n";
	const char *echo = "From: ana@firma.example\nDate: " CET
			   "\nAuto-Submitted: auto-replied\n"
			   "Subject: Automatic reply: answer until 12 March "
			   "2026\n\nI am out of the office.\n";

	(void)state;
	ouv_mail_read(arena, notes, strlen(notes), &office, &mail);
	assert_int_equal(mail.kind, OUV_MAIL_AUTO_REPLY);
	assert_string_equal(mail.absence.back, "2026-02-16");
	ouv_mail_read(arena, echo, strlen(echo), &office, &mail);
	assert_false(mail.has_absence);
	ouv_arena_free(&arena);
}

/* The known days of a calendar, so that the rows above rest on something. */
static void
days_are_those_of_the_calendar(void **state)
{
	static const struct {
		struct away_date date;
		const char *iso;
		bool is;
	} days[] = {
		{ { 1970, 1, 1, false }, "1970-01-01", true },
		{ { 2000, 2, 29, false }, "2000-02-29", true },
		{ { 1900, 2, 29, false }, NULL, false },
		{ { 2026, 12, 31, false }, "2026-12-31", true },
		{ { 2026, 4, 31, false }, NULL, false },
		{ { 2100, 2, 28, false }, "2100-02-28", true },
	};
	struct away_clock clock = { .known = false };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	long day;

	(void)state;
	for (size_t i = 0; i < COUNT(days); i++) {
		bool is = away_resolve(
			&days[i].date, &clock, AWAY_NEXT, -1, &day);

		assert_int_equal(is, days[i].is);
		if (is)
			assert_string_equal(away_iso(arena, day), days[i].iso);
	}
	assert_true(away_resolve(&(struct away_date){ 2026, 2, 2, false },
		&clock, AWAY_NEXT, -1, &day));
	assert_int_equal(day, 20486);
	ouv_arena_free(&arena);
}

/* Whatever stands there: at most ten people, ten addresses, a few dates. */
static void
a_note_of_nothing_but_cues_ends(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	static const char *const pieces[] = { "de ", "until the ", "1.", "@",
		"a@b.example ", "1/2/", "from 3 to ", "back the next day ",
		"12 de ", "urgent A@x.example " };

	(void)state;
	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct ouv_buf buf;
		const struct ouv_mail *mail;

		ouv_buf_init(&buf, arena, 0);
		ouv_buf_text(&buf, "I am away ");
		for (int k = 0; k < 40000; k++)
			ouv_buf_text(&buf, pieces[i]);
		mail = answer(
			arena, CET, "Auto-Submitted: auto-replied\n", buf.data);
		assert_true(mail->absence.instead.count <= 10);
		assert_int_equal(mail->kind, OUV_MAIL_AUTO_REPLY);
	}
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_note_says_when),
		cmocka_unit_test(every_note_says_who),
		cmocka_unit_test(a_person_is_never_absent),
		cmocka_unit_test(a_note_without_dates_and_names_says_nothing),
		cmocka_unit_test(of_a_subject_only_the_owners_own_words_count),
		cmocka_unit_test(days_are_those_of_the_calendar),
		cmocka_unit_test(a_note_of_nothing_but_cues_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
