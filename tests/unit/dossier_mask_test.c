/*
 * dossier_mask_test.c - what is masked of a text in a case file, and what stays
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/desk/dossier.h"
#include "../../lib/desk/release.h"

#define M RELEASE_MARK

static struct ouv_config config = {
	.office_name = "Ouvidoria do Comércio",
	.office_address = "ouvidoria@ouvidoria.example",
	.office_phone = "(21) 5555-0100",
	.office_site = "https://ouvidoria.example",
	.office_postal = "Rua do Ouvidor, 50",
	.office_reply_local = "caso",
	.server_base_url = "https://ouvidoria.example",
};
static struct ouv_office office = { .config = &config };
static struct ouv_desk desk = { .office = &office };

struct scene {
	struct ouv_arena *arena;
	struct mask *mask;
	struct masked count;
};

static struct scene
begin(void)
{
	struct ouv_lint_error error;
	struct scene s = { .arena = ouv_arena_new(OUV_ARENA_PLAIN) };

	if (office.lint == NULL)
		assert_int_equal(
			ouv_lint_load("lint/rules.json", &office.lint, &error),
			OUV_OK);
	s.mask = mask_new(&desk, s.arena, "Loja Aurora");
	mask_person(s.mask, "Ana Lúcia de Souza", "ana.souza@correio.example");
	mask_person(s.mask, "Marta Reis (Loja Aurora)", "sac@aurora.example");
	return s;
}

static const char *
masked(struct scene *s, const char *text)
{
	s->count = (struct masked){ 0 };
	return mask_words(s->mask, &desk, s->arena, text, &s->count);
}

static void
a_name_is_masked_however_it_is_written(void **state)
{
	static const char *const ways[] = { "Ana Lúcia de Souza",
		"ANA LUCIA DE SOUZA", "ana lúcia de souza",
		"Ana Lu\xcc\x81"
		"cia de Souza",
		"Ana\nLúcia de Souza", "Ana Lúcia\n> de Souza",
		"Ana\xc2\xa0Lúcia  de\tSouza" };
	struct scene s = begin();

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		char text[100];

		(void)snprintf(
			text, sizeof(text), "Escreve %s, hoje.", ways[i]);
		assert_string_equal(masked(&s, text), "Escreve " M ", hoje.");
		assert_int_equal(s.count.names, 1);
	}
	ouv_arena_free(&s.arena);
}

static void
parts_of_a_name_stand_alone_and_common_words_stay(void **state)
{
	struct scene s = begin();

	(void)state;
	assert_string_equal(masked(&s, "A Sra. Souza e a Marta ligaram."),
		"A Sra. " M " e a " M " ligaram.");
	/* No names: another word, a longer word, the company, the office. */
	assert_string_equal(
		masked(&s, "Soube de Souzaville e dos reis de ouros."),
		"Soube de Souzaville e dos reis de ouros.");
	assert_string_equal(masked(&s, "A Loja Aurora respondeu à Ouvidoria."),
		"A Loja Aurora respondeu à Ouvidoria.");
	ouv_arena_free(&s.arena);
}

static void
addresses_and_numbers_go_and_the_offices_own_stay(void **state)
{
	struct scene s = begin();
	const char *text;

	(void)state;
	text = masked(&s, "De: ana.souza@correio.example, ANA.SOUZA@CORREIO."
			  "EXAMPLE ou outra.pessoa@longe.example");
	assert_null(strstr(text, "correio"));
	assert_null(strcasestr(text, "@correio"));
	assert_null(strstr(text, "longe.example"));
	assert_int_equal(s.count.addresses >= 3, 1);
	text = masked(&s, "CPF 529.982.247-25, fone (11) 98765-4321.");
	assert_null(strstr(text, "529"));
	assert_null(strstr(text, "98765"));
	assert_int_equal(s.count.numbers, 2);
	text = masked(&s, "Escreva a ouvidoria@ouvidoria.example ou ligue "
			  "(21) 5555-0100.");
	assert_string_equal(text, "Escreva a ouvidoria@ouvidoria.example ou "
				  "ligue (21) 5555-0100.");
	ouv_arena_free(&s.arena);
}

static void
a_postal_address_is_masked_line_by_line(void **state)
{
	struct scene s = begin();

	(void)state;
	mask_line(s.mask, "Rua das Laranjeiras, 45");
	mask_line(s.mask, "22240-003 Rio de Janeiro");
	assert_string_equal(
		masked(&s, "Moro na RUA DAS LARANJEIRAS, 45 - 22240-003 Rio de "
			   "Janeiro, perto da Rua do Ouvidor."),
		"Moro na " M " - " M ", perto da Rua do Ouvidor.");
	ouv_arena_free(&s.arena);
}

static void
secret_halves_of_our_links_are_masked(void **state)
{
	struct scene s = begin();
	const char *text =
		masked(&s, "https://ouvidoria.example/t/Abc123_-xyz e "
			   "caso+K7MD2Q@ouvidoria.example");

	(void)state;
	assert_null(strstr(text, "Abc123"));
	assert_null(strstr(text, "K7MD2Q"));
	assert_int_equal(s.count.links, 2);
	ouv_arena_free(&s.arena);
}

static void
without_a_mask_nothing_changes(void **state)
{
	struct scene s = begin();

	(void)state;
	assert_string_equal(
		mask_words(NULL, &desk, s.arena, "Ana Lúcia", &s.count),
		"Ana Lúcia");
	assert_string_equal(masked(&s, ""), "");
	assert_string_equal(
		masked(&s, "\xff\xfe Souza \xff"), "\xff\xfe " M " \xff");
	ouv_arena_free(&s.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_masked_however_it_is_written),
		cmocka_unit_test(
			parts_of_a_name_stand_alone_and_common_words_stay),
		cmocka_unit_test(
			addresses_and_numbers_go_and_the_offices_own_stay),
		cmocka_unit_test(a_postal_address_is_masked_line_by_line),
		cmocka_unit_test(secret_halves_of_our_links_are_masked),
		cmocka_unit_test(without_a_mask_nothing_changes),
	};
	int failed =
		cmocka_run_group_tests_name("dossier_mask", tests, NULL, NULL);

	ouv_lint_free(&office.lint);
	return failed;
}
