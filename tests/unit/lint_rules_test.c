/*
 * lint_rules_test.c - each rule keeps its own examples, and looking only where
 * a rule may match overlooks nothing and is fast
 *
 * Every rule of lint/rules.json brings texts that it finds ("bad") and texts
 * that it leaves alone ("good").  The examples' other party is Gordon Pike,
 * their case PROTOCOL.  Runs from the project's folder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <jansson.h>
#include <unicode/ustring.h>

#include "../../lib/lint/lint_impl.h"
#include "ouv/mail.h"

#define RULES "lint/rules.json"
#define PROTOCOL "2026-000123-7"
#define LONG_TEXT 30000
#define LONG_TEXT_MS 100     /* 22 alone on the machine */
#define ACKNOWLEDGEMENT_MS 3 /* 0.7 alone on the machine */
#define HOSTILE_MS 2000
#define TRIES 5

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLOWER 20
#else
#define SLOWER 1
#endif

static struct ouv_lint_set *set;
static const struct ouv_lint_rule *rules;
static size_t rule_count;
static json_t *file;

static const char *const others[] = { "Gordon Pike", "g.pike@boilers.example",
	"+55 11 98888-7777" };

static int
set_up_all(void **state)
{
	struct ouv_lint_error error;
	json_error_t json_error;

	(void)state;
	file = json_load_file(RULES, 0, &json_error);
	if (file == NULL || ouv_lint_load(RULES, &set, &error) != OUV_OK)
		return -1;
	rules = ouv_lint_rules(set, &rule_count);
	return 0;
}

static int
tear_down_all(void **state)
{
	(void)state;
	json_decref(file);
	ouv_lint_free(&set);
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

/* "rule=words | rule=words": what a set says of a text, in order. */
static const char *
told(struct ouv_arena *arena, const struct ouv_lint_set *by,
	const struct ouv_lint_text *text)
{
	struct ouv_finding *found;
	const char *out = "";
	size_t count;

	ouv_lint_run(arena, by, text, &found, &count);
	for (size_t i = 0; i < count; i++)
		out = ouv_arena_printf(arena, "%s%s%s=%s", out,
			i > 0 ? " | " : "", found[i].rule->name,
			found[i].found);
	return out;
}

/* ---- the rules' own examples ----------------------------------------------
 */

static const json_t *
rule_of(const char *name)
{
	const json_t *list = json_object_get(file, "rules");
	size_t i;
	const json_t *rule;

	json_array_foreach(list, i,
		rule) if (strcmp(json_string_value(json_object_get(rule,
					 "rule")),
				  name) == 0) return rule;
	return NULL;
}

static enum ouv_lint_kind
kind_of(const json_t *rule)
{
	const char *name = json_string_value(
		json_array_get(json_object_get(rule, "kinds"), 0));

	for (int kind = 0; name != NULL && kind < OUV_LINT_KIND__COUNT; kind++)
		if (strcmp(ouv_lint_kind_name(kind), name) == 0)
			return kind;
	return OUV_LINT_PIECE;
}

static bool
finds(struct ouv_arena *arena, const struct ouv_lint_rule *rule,
	enum ouv_lang lang, const char *words)
{
	const json_t *doc = rule_of(rule->name);
	const char *place = json_string_value(
		json_array_get(json_object_get(doc, "places"), 0));
	bool html = place != NULL && strcmp(place, "html") == 0;
	struct ouv_lint_text text = { .lang = lang,
		.kind = kind_of(doc),
		.written = ouv_mail_lang(arena, words),
		.body = html ? "" : words,
		.html = html ? words : NULL,
		.protocol = PROTOCOL,
		.other_count = sizeof(others) / sizeof(others[0]),
		.others = others };
	struct ouv_finding *found;
	size_t count;

	ouv_lint_run(arena, set, &text, &found, &count);
	for (size_t i = 0; i < count; i++)
		if (found[i].rule == rule)
			return true;
	return false;
}

static size_t
walk_examples(struct ouv_arena *arena, const struct ouv_lint_rule *rule,
	const char *key, bool expected)
{
	const json_t *examples = json_object_get(rule_of(rule->name), key);
	const char *tag;
	const json_t *list, *words;
	size_t i, count = 0;

	json_object_foreach((json_t *)examples, tag, list)
	{
		enum ouv_lang lang =
			strcmp(tag, "any") == 0
				? OUV_LANG_EN
				: ouv_lang_parse(tag, OUV_LANG__COUNT);

		assert_int_not_equal(lang, OUV_LANG__COUNT);
		json_array_foreach(list, i, words)
		{
			if (finds(arena, rule, lang,
				    json_string_value(words)) != expected)
				fail_msg("%s: %s %s", rule->name, key,
					json_string_value(words));
			count++;
		}
	}
	return count;
}

static void
every_rule_keeps_its_examples(void **state)
{
	for (size_t i = 0; i < rule_count; i++) {
		const json_t *doc = rule_of(rules[i].name);

		if (json_is_true(json_object_get(doc, "declared")))
			continue;
		if (walk_examples(*state, &rules[i], "bad", true) == 0 ||
			walk_examples(*state, &rules[i], "good", false) == 0)
			fail_msg("%s has no examples", rules[i].name);
	}
}

/* ---- the sieve --------------------------------------------------------------
 */

/* The strings a pattern demands, with a bar between them; "-": none. */
static const char *
demanded(struct ouv_arena *arena, const char *pattern)
{
	UErrorCode status = U_ZERO_ERROR;
	const struct literals *all;
	const char *out = "";
	UChar units[200];
	int32_t len;

	u_strFromUTF8(units, 200, &len, pattern, -1, &status);
	all = lint_literals(arena, units, len);
	for (int i = 0; all != NULL && i < all->count; i++) {
		char text[200] = "";

		u_strToUTF8(text, sizeof(text) - 1, NULL, all->list[i].p,
			all->list[i].len, &status);
		out = ouv_arena_printf(
			arena, "%s%s%s", out, i > 0 ? "|" : "", text);
	}
	return all == NULL ? "-" : out;
}

static void
what_a_match_must_hold_is_read_from_its_pattern(void **state)
{
	/* clang-format off */
	static const struct { const char *pattern, *demands; } table[] = {
		{ "obrigad[oa]", "obrigado|obrigada" },
		{ "Data Venia", "data venia" },
		{ "\\bdd/mm(?:/a{2,4})?\\b", "dd/mm" },
		{ "\\d{2}/\\d", "00/0" },
		{ "(?:um|dois) dias?", "um dias|um dia|dois dias|dois dia" },
		{ "[^.\\n]{0,40}\\bsenha\\b", "senha" },
		{ "(?!x)y+z?", "y" },
		{ "(?<!não )culpa(?= sua)", "culpa" },
		{ "\\p{L}+remos\\b", "remos" },
		{ "a\\.b\\s+c", "a.b " },
		{ "(?-i:\\bTODO\\b)", "todo" },
		{ "#{3,}", "###" },
		{ "_{3,}|\\(\\?\\)", "___|(?)" },
		{ "a|\\w", "-" },
		{ "x*", "-" },
		{ "[a-z]+", "-" },
		{ "(?:abc)?\\s*", "-" },
		{ "\\x41bc", "-" },
		{ "\\Qa\\E", "-" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *demands = demanded(*state, table[i].pattern);

		if (strcmp(demands, table[i].demands) != 0)
			fail_msg("%s demands %s", table[i].pattern, demands);
	}
}

/* The same rules without the sieve: every pattern is tried everywhere. */
static struct ouv_lint_set
without_sieve(struct ouv_arena *arena)
{
	struct ouv_lint_set all = *set;

	all.sieve = lint_sieve_new(arena);
	for (size_t i = 0; i < all.count; i++)
		for (size_t k = 0; k < all.how[i].find_count; k++)
			assert_int_equal(lint_sieve_add(all.sieve, u".", 1),
				all.how[i].find[k].n);
	return all;
}

static void
the_sieve_overlooks_nothing(void **state)
{
	static const char *const names[] = { "pt-BR", "en", "it", "fresh",
		"fresh2", "fresh3", "fresh4", "mended" };
	const struct ouv_lint_set all = without_sieve(*state);
	int found = 0;

	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
		json_error_t error;
		json_t *list = json_load_file(
			ouv_arena_printf(
				*state, "tests/data/lint/%s.json", names[n]),
			0, &error);
		size_t i;
		const json_t *doc;

		assert_non_null(list);
		json_array_foreach(list, i, doc)
		{
			struct ouv_lint_text text = { .lang = OUV_LANG__COUNT,
				.kind = OUV_LINT_ACKNOWLEDGEMENT,
				.body = json_string_value(
					json_object_get(doc, "text")) };
			const char *with = told(*state, set, &text);

			assert_string_equal(with, told(*state, &all, &text));
			found += *with != '\0';
		}
		json_decref(list);
	}
	assert_true(found > 200);
}

/* ---- how long it takes ------------------------------------------------------
 */

/* Processor time of the fastest of a few runs. */
static double
fastest(const struct ouv_lint_text *text, int tries)
{
	double best = 1e9;

	for (int i = 0; i < tries; i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct ouv_finding *found;
		clock_t from = clock();
		double ms;
		size_t count;

		ouv_lint_run(arena, set, text, &found, &count);
		ms = (double)(clock() - from) * 1000 / CLOCKS_PER_SEC;
		best = ms < best ? ms : best;
		ouv_arena_free(&arena);
	}
	return best;
}

/* All good letters of one language, one after the other. */
static const char *
long_letter(struct ouv_arena *arena, const char *lang)
{
	json_error_t error;
	json_t *list = json_load_file(
		ouv_arena_printf(arena, "tests/data/lint/%s.json", lang), 0,
		&error);
	struct ouv_buf out;
	size_t i;
	const json_t *doc;

	assert_non_null(list);
	ouv_buf_init(&out, arena, LONG_TEXT + 4096);
	while (out.len < LONG_TEXT)
		json_array_foreach(list, i, doc)
		{
			if (json_array_size(json_object_get(doc, "expect")) > 0)
				continue;
			ouv_buf_text(&out, json_string_value(json_object_get(
						   doc, "text")));
			ouv_buf_text(&out, "\n\n");
		}
	json_decref(list);
	return out.data;
}

static void
a_long_letter_takes_few_milliseconds(void **state)
{
	for (int lang = 0; lang < OUV_LANG__COUNT; lang++) {
		struct ouv_lint_text text = { .lang = lang,
			.kind = OUV_LINT_LETTER,
			.body = long_letter(*state, ouv_lang_tag(lang)) };
		double ms = fastest(&text, TRIES);

		print_message("# %s: %zu bytes in %.1f ms\n",
			ouv_lang_tag(lang), strlen(text.body), ms);
		assert_true(ms < LONG_TEXT_MS * SLOWER);
	}
}

static void
an_acknowledgement_takes_next_to_nothing(void **state)
{
	static const char body[] =
		"Olá, Ana Souza,\n\nRecebemos sua mensagem em 3 de março de "
		"2025 às 14:05.\n\nEntendemos que este assunto é importante "
		"para você. Estamos aqui para ajudar.\n\n# Seu número de "
		"protocolo é " PROTOCOL ".\nEsse número identifica o seu "
		"caso. Com ele, nossa equipe encontra tudo o que você já nos "
		"contou, e você não precisa repetir. Guarde o número.\n\n# O "
		"que acontece agora\nUma pessoa da nossa equipe vai ler a sua "
		"mensagem e responder a você até 4 de março de 2025 às 14:05."
		"\nSe a solução precisar de mais tempo, avisaremos você "
		"antes, com o motivo e a nova data.\nNosso trabalho não tem "
		"nenhum custo para você.\nOuvimos os dois lados com a mesma "
		"atenção e não tomamos partido.\n\n# Para acrescentar algo ao "
		"seu caso\nResponda a este e-mail e mantenha o endereço para "
		"o qual a resposta vai: ele leva direto ao seu caso. Você "
		"pode anexar documentos e fotos.\nSe preferir, ligue para "
		"+55 11 5555-0100.\n\n# Sua segurança\nNunca pedimos senhas, "
		"nem por e-mail nem por telefone.\nSó as pessoas que "
		"trabalham no seu caso podem ler o que você nos envia.\n\n"
		"Agradecemos o seu contato.\n\nAtenciosamente,\nOuvidoria\n";
	static const char *const own[] = { "+55 11 5555-0100" };
	struct ouv_lint_text text = { .lang = OUV_LANG_PT_BR,
		.kind = OUV_LINT_ACKNOWLEDGEMENT,
		.body = body,
		.protocol = PROTOCOL,
		.own_count = 1,
		.own = own };
	double ms = fastest(&text, TRIES * 20);

	assert_string_equal(told(*state, set, &text), "");
	print_message("# an acknowledgement in %.2f ms\n", ms);
	assert_true(ms < ACKNOWLEDGEMENT_MS * SLOWER);
}

/* 200,000 bytes of what patterns like least. */
static void
hostile_texts_do_not_take_long(void **state)
{
	static const char *const fill[] = { "(nome ", "1234 ", "a(a) ", "a",
		"aremos ", "@a", "1", "AB12", "\"", "we will ", "( ", "a\n",
		"\n", "a.", "código " };
	size_t len = 200000;
	char *body = ouv_arena_alloc(*state, len + 1);

	for (size_t i = 0; i < sizeof(fill) / sizeof(fill[0]); i++) {
		struct ouv_lint_text text = { .lang = OUV_LANG__COUNT,
			.kind = OUV_LINT_LETTER,
			.body = body };
		size_t n = strlen(fill[i]);

		for (size_t at = 0; at < len; at++)
			body[at] = fill[i][at % n];
		if (fastest(&text, 1) > HOSTILE_MS * SLOWER)
			fail_msg("%s", fill[i]);
	}
}

/* ---- single points
 * ----------------------------------------------------------- */

static void
the_other_partys_number_is_found_however_written(void **state)
{
	static const char *const one[] = { "+55 11 98888-7777" };
	static const char *const written[] = { "ligue 11988887777",
		"(11) 98888 7777", "98888.7777", "+5511-98888-7777" };
	struct ouv_lint_text text = { .lang = OUV_LANG_PT_BR,
		.kind = OUV_LINT_PIECE,
		.other_count = 1,
		.others = one };

	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		text.body = written[i];
		if (strstr(told(*state, set, &text), "other-party=") == NULL)
			fail_msg("%s", written[i]);
	}
	text.body = "88887776 e 188887777777";
	assert_null(strstr(told(*state, set, &text), "other-party="));
}

static void
no_name_can_hide_itself(void **state)
{
	static const char *const names[] = { "A\\E|.*", "x(y" };
	static const char *const own[] = { "Nota do x(y para todos" };
	struct ouv_lint_text text = { .lang = OUV_LANG_PT_BR,
		.kind = OUV_LINT_PIECE,
		.body = "Nota do x(y para todos, e de A\\E|.*.",
		.other_count = 2,
		.others = names,
		.own_count = 1,
		.own = own };

	assert_string_equal(told(*state, set, &text),
		"other-party=x(y | other-party=A\\E|.*");
}

static void
a_plainer_word_is_offered_where_one_is_enough(void **state)
{
	struct ouv_lint_text text = { .lang = OUV_LANG_EN,
		.kind = OUV_LINT_PIECE,
		.body = "Prior to that, the foregoing was sent." };
	struct ouv_finding *found;
	size_t count;

	ouv_lint_run(*state, set, &text, &found, &count);
	assert_int_equal(count, 2);
	assert_string_equal(found[0].found, "Prior to");
	assert_string_equal(found[0].instead, "before");
	assert_string_equal(found[1].instead, "");
}

static void
two_patterns_at_one_place_are_one_finding(void **state)
{
	struct ouv_lint_text text = { .lang = OUV_LANG__COUNT,
		.kind = OUV_LINT_PIECE,
		.body = "em [data] e {nome}" };

	assert_string_equal(told(*state, set, &text),
		"open-blank=[data] | open-blank={nome}");
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(every_rule_keeps_its_examples),
		T(what_a_match_must_hold_is_read_from_its_pattern),
		T(the_sieve_overlooks_nothing),
		T(a_long_letter_takes_few_milliseconds),
		T(an_acknowledgement_takes_next_to_nothing),
		T(hostile_texts_do_not_take_long),
		T(the_other_partys_number_is_found_however_written),
		T(no_name_can_hide_itself),
		T(a_plainer_word_is_offered_where_one_is_enough),
		T(two_patterns_at_one_place_are_one_finding),
	};

	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
