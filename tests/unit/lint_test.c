/*
 * lint_test.c - the rules as shipped: what they find, where, and what they
 * must leave alone
 *
 * Numbers with check digits were worked out by hand from their laws.  Runs
 * from the project's folder.
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

#include "ouv/buf.h"
#include "ouv/lint.h"

#define RULES "lint/rules.json"
#define PROTOCOL "2026-000123-7"

static struct ouv_lint_set *set;

static int
set_up_all(void **state)
{
	struct ouv_lint_error error;

	(void)state;
	if (ouv_lint_load(RULES, &set, &error) == OUV_OK)
		return 0;
	(void)fprintf(stderr, "%s: %s\n", error.rule, error.what);
	return -1;
}

static int
tear_down_all(void **state)
{
	(void)state;
	ouv_lint_free(&set);
	assert_null(set);
	return 0;
}

static int
set_up(void **state)
{
	*state = ouv_arena_new(OUV_ARENA_PLAIN);
	return 0;
}

static int
tear_down(void **state)
{
	struct ouv_arena *arena = *state;

	ouv_arena_free(&arena);
	return 0;
}

/* "rule=words rule=words": what was found, in order. */
static const char *
told(struct ouv_arena *arena, const struct ouv_lint_text *text)
{
	struct ouv_finding *findings;
	const char *out = "";
	size_t count;

	ouv_lint_run(arena, set, text, &findings, &count);
	for (size_t i = 0; i < count; i++)
		out = ouv_arena_printf(arena, "%s%s%s=%s", out,
			i > 0 ? " | " : "", findings[i].rule->name,
			findings[i].found);
	return out;
}

struct row {
	enum ouv_lang lang;
	const char *text, *found;
};

static void
walk(void **state, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct ouv_lint_text text = { .lang = rows[i].lang,
			.kind = OUV_LINT_PIECE,
			.body = rows[i].text,
			.protocol = PROTOCOL };
		const char *found = told(*state, &text);

		if (strcmp(found, rows[i].found) != 0)
			fail_msg("%s\n  found    %s\n  expected %s",
				rows[i].text, found, rows[i].found);
	}
}

#define PT OUV_LANG_PT_BR
#define EN OUV_LANG_EN
#define IT OUV_LANG_IT
#define WALK(rows) walk(state, rows, sizeof(rows) / sizeof((rows)[0]))

/* clang-format off */
static void
blanks_of_every_shape_are_found(void **state)
{
	static const struct row rows[] = {
		{ EN, "I'll be away on (month/day).", "promise-without-date=I'll | open-blank=(month/day)" },
		{ PT, "Ausente no (dia/mês).", "open-blank=(dia/mês)" },
		{ PT, "Escreva para (e-mail, fone).", "open-blank=(e-mail, fone)" },
		{ PT, "Ligue para (número do telefone).", "open-blank=(número do telefone)" },
		{ EN, "Call me at (mobile phone).", "open-blank=(mobile phone)" },
		{ PT, "Concluindo: (mencionar a ação que você tomará).", "open-blank=(mencionar a ação que você tomará)" },
		{ PT, "XX, (nome)", "open-blank=XX | open-blank=(nome)" },
		{ IT, "Gentile (nome e cognome),", "open-blank=(nome e cognome)" },
		{ IT, "entro il [data]", "open-blank=[data]" },
		{ EN, "Dear <name>,", "open-blank=<name>" },
		{ EN, "because of […] and [...]", "open-blank=[…] | open-blank=[...]" },
		{ PT, "em ____ de 2026", "open-blank=____" },
		{ EN, "Hello {{name}}", "open-blank={{ | open-blank=}}" },
		{ EN, "TODO: the reason", "open-blank=TODO" },
		{ PT, "até dd/mm/aaaa", "open-blank=dd/mm/aaaa" },
		{ IT, "il gg/mm", "open-blank=gg/mm" },
		{ PT, "valor de R$ XX,XX", "open-blank=R$ XX,XX" },
		{ PT, "no dia xx/xx", "open-blank=xx/xx" },
		{ EN, "Hello undefined,", "open-blank=undefined" },
		{ IT, "Lorem ipsum dolor", "open-blank=Lorem ipsum" },
		{ EN, "Your phone: ......", "open-blank=: ......" },
	};

	WALK(rows);
}

static void
what_is_no_blank_is_left_alone(void **state)
{
	static const struct row rows[] = {
		{ PT, "Todo o processo (inclusive o anexo) foi lido.", "" },
		{ PT, "A loja (São Paulo) recebeu o pedido no século XX.", "" },
		{ EN, "The shop (in the old town) and the bill [1] are here.", "" },
		{ EN, "The clause is null and void.", "" },
		{ IT, "Il documento (tre pagine) è del XX secolo.", "" },
		{ PT, "Assim… e nada mais.", "" },
		{ PT, "Enviou a fatura (a de março) e o recibo (o de abril).", "" },
		{ EN, "The name and the date are on the bill.", "" },
	};

	WALK(rows);
}

/* CPF 529.982.247-25 and CNPJ 11.222.333/0001-81 are the examples of the
 * rules' own descriptions; 4111... is the card industry's test number; the
 * IBANs are those of the registry's examples. */
static void
numbers_count_only_with_their_check_digits(void **state)
{
	static const struct row rows[] = {
		{ PT, "CPF 529.982.247-25.", "cpf=529.982.247-25" },
		{ PT, "CPF 52998224725.", "cpf=52998224725" },
		{ PT, "CPF 529.982.247-26.", "" },
		{ PT, "CPF 111.111.111-11.", "" },
		{ PT, "CNPJ 11.222.333/0001-81.", "cnpj=11.222.333/0001-81" },
		{ PT, "CNPJ 11.222.333/0001-82.", "" },
		{ PT, "CNPJ 12.ABC.345/01DE-35.", "cnpj=12.ABC.345/01DE-35" },
		{ EN, "Card 4111 1111 1111 1111.", "card-number=4111 1111 1111 1111" },
		{ EN, "Order 4111 1111 1111 1112.", "" },
		{ EN, "IBAN GB82 WEST 1234 5698 7654 32.", "iban=GB82 WEST 1234 5698 7654 32" },
		{ EN, "IBAN GB83 WEST 1234 5698 7654 32.", "" },
		{ IT, "codice RSSMRA85T10A562S.", "codice-fiscale=RSSMRA85T10A562S" },
		{ IT, "codice RSSMRA85T10A562T.", "" },
		{ IT, "partita iva 12345678903.", "partita-iva=12345678903" },
		{ IT, "partita iva 12345678904.", "" },
		{ PT, "Seu protocolo é " PROTOCOL ".", "" },
		{ PT, "Veja 2026-000124-5.", "other-protocol=2026-000124-5" },
	};

	WALK(rows);
}

static void
promises_need_a_date(void **state)
{
	static const struct row rows[] = {
		{ PT, "Enviaremos a resposta.", "promise-without-date=Enviaremos" },
		{ PT, "Enviaremos a resposta até 12/03.", "" },
		{ PT, "Enviaremos a resposta em 5 dias. Vamos ligar.", "promise-without-date=Vamos" },
		{ PT, "Não enviaremos nada.", "" },
		{ EN, "We will write to you by Friday.", "" },
		{ EN, "We will write to you.", "promise-without-date=We will" },
		{ EN, "We will never ask for money.", "" },
		{ IT, "Le risponderemo entro il 3 agosto.", "" },
		{ IT, "Le risponderemo presto.", "promise-without-date=risponderemo" },
	};

	WALK(rows);
}

static void
tone_is_heard(void **state)
{
	static const struct row rows[] = {
		{ PT, "Você deveria ter lido o contrato!!", "blame=Você deveria | sarcasm=!!" },
		{ EN, "Obviously you failed to read it.", "blame=Obviously | blame=you failed to" },
		{ IT, "Lei doveva leggere, ovviamente.", "blame=Lei doveva | blame=ovviamente" },
		{ EN, "THIS IS NOT ALLOWED HERE.", "capitals=THIS IS NOT ALLOWED HERE" },
		{ PT, "O SAC e o CPF são conhecidos.", "" },
		{ PT, "Prezado(a), estamos aqui para ajudá-lo (a).", "gender-parenthesis=Prezado(a) | gender-parenthesis=lo (a)" },
		{ EN, "You are absolutely right.", "takes-sides=You are absolutely right" },
		{ IT, "Si dice che la merce era usata.", "rumour=Si dice che" },
		{ PT, "Outrossim, o pedido foi indeferido.", "jargon=Outrossim | jargon=indeferido" },
		{ PT, "Informe sua senha.", "asks-password=Informe sua senha" },
		{ PT, "Nunca pedimos senhas: não informe sua senha a ninguém.", "" },
	};

	WALK(rows);
}
/* clang-format on */

/* ---- letters, pages, people ------------------------------------------------
 */

static void
a_letter_greets_and_thanks(void **state)
{
	struct ouv_lint_text text = { .lang = EN, .kind = OUV_LINT_LETTER };

	text.body = "Dear Ana,\n\nhere is the bill.\n\nThank you.\n";
	assert_string_equal(told(*state, &text), "");
	text.body = "Here is the bill.\n\nThank you.\n";
	assert_string_equal(told(*state, &text), "greeting=");
	text.body = "Dear Ana,\n\nhere is the bill.\n";
	assert_string_equal(told(*state, &text), "thanks=");
	text.kind = OUV_LINT_PIECE;
	assert_string_equal(told(*state, &text), "");
}

static void
an_acknowledgement_defends_nothing(void **state)
{
	struct ouv_lint_text text = { .lang = PT,
		.kind = OUV_LINT_ACKNOWLEDGEMENT,
		.body = "Olá,\n\ninfelizmente não podemos ajudar.\n\n"
			"Obrigado.\n" };

	assert_string_equal(told(*state, &text),
		"defence=infelizmente | defence=não podemos");
	text.kind = OUV_LINT_LETTER;
	assert_string_equal(told(*state, &text), "");
}

static void
the_other_party_stays_out(void **state)
{
	const char *others[] = { "Loja Azul Ltda", "ana@exemplo.example" };
	const char *own[] = { "ouvidoria@ouvidoria.example" };
	struct ouv_lint_text text = { .lang = PT,
		.kind = OUV_LINT_PIECE,
		.subject = "Resposta da LOJA Azul LTDA",
		.body = "Escreva para ouvidoria@ouvidoria.example, não para "
			"ana@exemplo.example. A loja azul ltdas é outra.",
		.html = "<p title=\"Loja Azul Ltda\">x</p>",
		.other_count = 2,
		.others = others,
		.own_count = 1,
		.own = own };

	assert_string_equal(told(*state, &text),
		"other-party=LOJA Azul LTDA | "
		"other-party=ana@exemplo.example | "
		"email-address=ana@exemplo.example | "
		"other-party=Loja Azul Ltda");
}

static void
a_page_is_black_or_blue_and_still(void **state)
{
	struct ouv_lint_text text = { .lang = EN,
		.kind = OUV_LINT_PIECE,
		.body = "",
		.html = "<p style=\"font-family: Arial, sans-serif; font-size: "
			"10pt; color: #000000\"><a style=\"color: #0000EE\">"
			"x</a></p>" };

	assert_string_equal(told(*state, &text), "");
	text.html = "<p style=\"color:red\">";
	assert_string_equal(told(*state, &text), "forbidden-color=color:red");
	text.html = "<img src=\"x\"><marquee>";
	assert_string_equal(told(*state, &text),
		"forbidden-image=<img | forbidden-motion=<marquee");
	text.html = "<p style=\"font-family: Comic Sans\">";
	assert_string_equal(
		told(*state, &text), "forbidden-font=font-family: Comic Sans");
}

static void
a_finding_says_its_place(void **state)
{
	struct ouv_lint_text text = {
		.lang = PT, .kind = OUV_LINT_PIECE, .body = "Olá\nà 😀 (nome)"
	};
	struct ouv_finding *findings;
	size_t count;

	ouv_lint_run(*state, set, &text, &findings, &count);
	assert_int_equal(count, 1);
	assert_int_equal(findings[0].place, OUV_LINT_BODY);
	assert_int_equal(findings[0].line, 2);
	assert_int_equal(findings[0].column, 5);
	assert_int_equal(findings[0].offset, 13);
	assert_int_equal(findings[0].len, 6);
	assert_string_equal(findings[0].found, "(nome)");
	assert_int_equal(findings[0].rule->severity, OUV_LINT_BLOCKS);
}

static void
a_long_sentence_is_measured(void **state)
{
	struct ouv_buf body;
	struct ouv_lint_text text = { .lang = EN, .kind = OUV_LINT_PIECE };

	ouv_buf_init(&body, *state, 0);
	for (int i = 0; i < 35; i++)
		ouv_buf_text(&body, "word ");
	ouv_buf_text(&body, "\n\nNext one.");
	text.body = body.data;
	assert_string_equal(told(*state, &text), "");
	ouv_buf_init(&body, *state, 0);
	for (int i = 0; i < 36; i++)
		ouv_buf_text(&body, "word ");
	text.body = body.data;
	assert_non_null(strstr(told(*state, &text), "long-sentence="));
}

/* Any bytes, any length: it ends, soon, and says something true. */
static void
hostile_texts_end(void **state)
{
	size_t len = 200000;
	char *body = ouv_arena_alloc(*state, len + 1);
	struct ouv_lint_text text = {
		.lang = PT, .kind = OUV_LINT_LETTER, .body = body
	};
	struct ouv_finding *findings;
	size_t count;

	for (int round = 0; round < 4; round++) {
		static const char *const fill[] = { "(nome ", "1234 ", "a(a) ",
			"\xff\xc3" };
		size_t n = strlen(fill[round]);

		for (size_t i = 0; i < len; i++)
			body[i] = fill[round][i % n];
		ouv_lint_run(*state, set, &text, &findings, &count);
		assert_in_range(count, 1, 1000);
	}
}

/* ---- the file of rules
 * -------------------------------------------------------- */

static void
every_rule_speaks_three_languages(void **state)
{
	size_t count;
	const struct ouv_lint_rule *rules = ouv_lint_rules(set, &count);

	(void)state;
	assert_in_range(count, 25, 200);
	for (size_t i = 0; i < count; i++)
		for (int lang = 0; lang < OUV_LANG__COUNT; lang++)
			assert_true(strlen(rules[i].says[lang]) > 10);
}

#define SAYS                                                             \
	"\"severity\":\"warns\",\"says\":{\"pt-BR\":\"x\",\"en\":\"x\"," \
	"\"it\":\"x\"}"

static void
rules_that_make_no_sense_are_refused(void **state)
{
	/* clang-format off */
	static const struct { const char *text, *says; } table[] = {
		{ "{", "" },
		{ "{\"rules\":[]}", "rules" },
		{ "{\"rules\":[{" SAYS "}]}", "no name" },
		{ "{\"rules\":[{\"rule\":\"a\"," SAYS "}]}", "one of" },
		{ "{\"rules\":[{\"rule\":\"a\"," SAYS ",\"find\":{\"any\":[\"(\"]}}]}", "pattern" },
		{ "{\"rules\":[{\"rule\":\"a\"," SAYS ",\"find\":{\"fr\":[\"x\"]}}]}", "fr" },
		{ "{\"rules\":[{\"rule\":\"a\"," SAYS ",\"find\":{\"any\":[\"x\"]},\"check\":\"nope\"}]}", "nope" },
		{ "{\"rules\":[{\"rule\":\"a\"," SAYS ",\"measure\":\"nope\"}]}", "nope" },
		{ "{\"rules\":[{\"rule\":\"a\"," SAYS ",\"find\":{\"any\":[\"x\"]},\"kinds\":[\"song\"]}]}", "kind" },
		{ "{\"rules\":[{\"rule\":\"a\"," SAYS ",\"find\":{\"any\":[\"x\"]},\"colour\":1}]}", "colour" },
		{ "{\"rules\":[{\"rule\":\"a\"," SAYS ",\"need\":{\"any\":[\"x\"]},\"where\":\"middle\"}]}", "where" },
		{ "{\"rules\":[{\"rule\":\"a\",\"severity\":\"warns\",\"says\":{\"en\":\"x\"},\"find\":{\"any\":[\"x\"]}}]}", "pt-BR" },
		{ "{\"rules\":[{\"rule\":\"a\"," SAYS ",\"find\":{\"any\":[\"x\"]}},{\"rule\":\"a\"," SAYS ",\"find\":{\"any\":[\"x\"]}}]}", "twice" },
	};
	/* clang-format on */
	char path[] = "/tmp/lint-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	(void)close(fd);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct ouv_lint_set *other = NULL;
		struct ouv_lint_error error;
		FILE *file = fopen(path, "we");

		assert_non_null(file);
		(void)fputs(table[i].text, file);
		(void)fclose(file);
		if (ouv_lint_load(path, &other, &error) != OUV_INVALID)
			fail_msg("taken: %s", table[i].text);
		if (strstr(error.what, table[i].says) == NULL)
			fail_msg("%s: says %s", table[i].text, error.what);
		assert_null(other);
	}
	(void)unlink(path);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(blanks_of_every_shape_are_found),
		T(what_is_no_blank_is_left_alone),
		T(numbers_count_only_with_their_check_digits),
		T(promises_need_a_date),
		T(tone_is_heard),
		T(a_letter_greets_and_thanks),
		T(an_acknowledgement_defends_nothing),
		T(the_other_party_stays_out),
		T(a_page_is_black_or_blue_and_still),
		T(a_finding_says_its_place),
		T(a_long_sentence_is_measured),
		T(hostile_texts_end),
		T(every_rule_speaks_three_languages),
		T(rules_that_make_no_sense_are_refused),
	};

	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
