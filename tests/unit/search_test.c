/*
 * search_test.c - that words are found however they were typed, and that their
 * tokens tell nobody anything
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/desk/search.h"

static struct ouv_arena *arena;

static int
begin(void **state)
{
	(void)state;
	ouv_vault_init();
	arena = ouv_arena_new(OUV_ARENA_WIPE);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	ouv_arena_free(&arena);
	return 0;
}

/* ---- folding ---------------------------------------------------------------
 */

struct told {
	struct ouv_buf all; /* " word" of each, "=" before a part */
	bool query;         /* parts are left out, as a query does */
};

static void
tell(void *user, enum fold_kind kind, bool part, const char *word, size_t len)
{
	struct told *told = user;

	(void)kind;
	if (told->query && part)
		return;
	ouv_buf_text(&told->all, part ? " =" : " ");
	ouv_buf_add(&told->all, word, len);
}

static const char *
folded(const char *text, bool blanks, bool query)
{
	struct told told = { .query = query };

	ouv_buf_init(&told.all, arena, 64);
	fold_words(arena, text, strlen(text), blanks, tell, &told);
	return told.all.data;
}

static void
case_accents_and_shapes_do_not_count(void **state)
{
	/* clang-format off */
	static const struct { const char *typed, *is; } table[] = {
		{ "Geladeira",                    " geladeira" },
		{ "RECLAMA\xc3\x87\xc3\x83O",     " reclamacao" },
		{ "reclamac\xcc\xa7" "a\xcc\x83" "o", " reclamacao" },
		{ "perch\xc3\xa9 citt\xc3\xa0",   " perche citta" },
		{ "Stra\xc3\x9f" "e",             " strasse" },
		{ "o\xef\xac\x81" "cina",         " oficina" }, /* a ligature */
		{ "\xef\xbc\xa1\xef\xbc\xa2\xef\xbc\x93", " ab3" }, /* full width */
		{ "\xd0\x9c\xd0\x9e\xd0\xa1\xd0\x9a\xd0\x92\xd0\x90",
		  " \xd0\xbc\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0" },
		{ "soft\xc2\xadhyphen",           " softhyphen" },
		{ "l'acqua d\xe2\x80\x99oro nota_fiscal.pdf",
		  " acqua oro nota fiscal pdf" },
		{ "a \xc3\xa9 o x",               "" },
		{ "N\xc3\xa3o foi the della",     "" },
		{ "\xff\xfe geladeira \xc3",      " geladeira" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_string_equal(
			folded(table[i].typed, true, false), table[i].is);
}

static void
a_number_is_the_same_however_it_is_grouped(void **state)
{
	/* clang-format off */
	static const struct { const char *typed, *is; } table[] = {
		{ "529.982.247-25",      " ~98224725" },
		{ "52998224725",         " ~98224725" },
		{ "(11) 98765-4321",     " ~87654321" },
		{ "+55 11 98765-4321",   " ~87654321" },
		{ "11987654321",         " ~87654321" },
		{ "12.345.678/0001-95",  " 12345678000195" },
		{ "12345678000195",      " 12345678000195" },
		{ "2026-000123-7",       " ~60001237" },
		{ "4711",                " 4711" },
		{ "4711 98765-4321",     " ~87654321 4711" },
		{ "x11 98765-4321",      " ~87654321 x11" },
		{ "R$ 1.500,00",         " 500 00" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_string_equal(
			folded(table[i].typed, false, true), table[i].is);
}

static void
blanks_group_the_digits_of_what_is_taken_in(void **state)
{
	(void)state;
	assert_non_null(
		strstr(folded("tel. 333 123 4567", true, false), " ~31234567"));
	assert_null(strstr(folded("333 123 4567", false, false), "~"));
	/* ... and what stood without them is told as well. */
	assert_non_null(strstr(
		folded("4711 12 98765-4321", true, false), " ~87654321"));
}

static void
an_address_is_one_word_and_its_parts(void **state)
{
	(void)state;
	assert_string_equal(folded("<Ana.Souza@Loja.example>,", true, true),
		" ana.souza@loja.example");
	assert_string_equal(folded("Ana.Souza@loja.example.", true, false),
		" ana.souza@loja.example =ana =souza =loja =example");
	/* A telephone number in an address is a part of it, too. */
	assert_string_equal(folded("ana.11987654321@loja.example", false, true),
		" ana.11987654321@loja.example");
	assert_string_equal(folded("@ a@ @b", true, true), "");
}

static void
a_text_of_any_length_and_any_bytes_ends(void **state)
{
	const size_t size = 3 * FOLD_TEXT;
	char *text = ouv_arena_alloc(arena, size + 1);
	unsigned seed = 7;

	(void)state;
	for (size_t i = 0; i < size; i++) {
		seed = seed * 1103515245 + 12345;
		text[i] = (char)(seed >> 16);
		if (text[i] == '\0')
			text[i] = '1';
	}
	assert_non_null(folded(text, true, false));
	memset(text, '1', size);
	assert_int_equal(
		strlen(folded(text, false, false)), 1 + 40 + 2 + FOLD_LONG);
}

/* ---- tokens
 * ------------------------------------------------------------------ */

static void
the_token_of_a_word_is_known(void **state)
{
	static const uint8_t is[] = { 0x86, 0x35, 0xd9, 0x91, 0xe7, 0xf8, 0xee,
		0xc0 };
	uint8_t csk[OUV_KEY], key[OUV_KEY], token[OUV_WORD];

	(void)state;
	for (size_t i = 0; i < sizeof(csk); i++)
		csk[i] = (uint8_t)i;
	ouv_word_key(csk, key);
	ouv_word_token(key, "geladeira", 9, token);
	assert_memory_equal(token, is, sizeof(is));
}

static uint8_t (*tokens_of(const char *text, const uint8_t csk[OUV_KEY],
	struct tokens *known, size_t *count))[OUV_WORD]
{
	struct ouv_arena *scratch = ouv_arena_new(OUV_ARENA_WIPE);
	struct tokens tokens;
	uint8_t(*list)[OUV_WORD];

	tokens_init(&tokens, arena, csk);
	tokens_text(&tokens, scratch, text);
	list = tokens_new(&tokens, known, count);
	ouv_arena_free(&scratch);
	return list;
}

static const char letter[] =
	"Comprei uma geladeira e ela nao funciona. Geladeira GELADEIRA!";

static void
a_set_is_a_multiple_of_sixteen(void **state)
{
	uint8_t csk[OUV_KEY] = { 1 };
	char text[600] = "";
	size_t count;

	(void)state;
	for (int words = 0; words < 50; words++) {
		struct tokens known;

		tokens_init(&known, arena, csk);
		(void)tokens_of(text, csk, &known, &count);
		assert_int_equal(count, (words + 15) / 16 * 16);
		assert_int_equal(known.count, count);
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
			" word%d", words);
	}
}

static void
what_is_known_is_not_added_again(void **state)
{
	uint8_t csk[OUV_KEY] = { 1 };
	struct tokens known;
	size_t count;

	(void)state;
	tokens_init(&known, arena, csk);
	(void)tokens_of(letter, csk, &known, &count);
	assert_int_equal(count, 16);
	(void)tokens_of(letter, csk, &known, &count);
	assert_int_equal(count, 0);
	(void)tokens_of("geladeira nova", csk, &known, &count);
	assert_int_equal(count, 16);
	assert_int_equal(known.count, 32);
}

static void
two_cases_have_no_token_in_common(void **state)
{
	uint8_t one[OUV_KEY] = { 1 }, other[OUV_KEY] = { 2 };
	uint8_t(*a)[OUV_WORD], (*b)[OUV_WORD];
	struct tokens known;
	size_t count;

	(void)state;
	tokens_init(&known, arena, one);
	a = tokens_of(letter, one, &known, &count);
	tokens_init(&known, arena, other);
	b = tokens_of(letter, other, &known, &count);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			assert_memory_not_equal(a[i], b[k], OUV_WORD);
}

static void
a_flood_of_words_ends_at_the_limit(void **state)
{
	const size_t words = TOKENS_MOST + 5000;
	uint8_t csk[OUV_KEY] = { 1 };
	struct tokens known;
	struct ouv_buf text;
	size_t count;

	(void)state;
	ouv_buf_init(&text, arena, 0);
	for (size_t i = 0; i < words; i++)
		ouv_buf_printf(&text, " w%zu", i);
	tokens_init(&known, arena, csk);
	(void)tokens_of(text.data, csk, &known, &count);
	assert_int_equal(count, TOKENS_MOST);
	assert_int_equal(count % TOKENS_PAD, 0);
}

/* ---- what is kept for the next search
 * ----------------------------------------------- */

/* A key is kept for one case, version and person; it opens when `as` asks for
 * that row. */
static bool
opens_as(const struct ouv_actor *by, const struct ouv_actor *as,
	const struct ouv_id *case_id, int version, int altered)
{
	struct store_search_row row = {
		.id = *case_id, .version = version, .has_key = true
	};
	const struct ouv_id kept_for = { { 1 } };
	struct ouv_office office = { .tenant = { { 9 } } };
	struct ouv_desk desk = { .office = &office };
	uint8_t key[OUV_KEY] = { 7 }, again[OUV_KEY] = { 0 };
	struct word_opener opener;
	struct store_word_key kept;
	bool opened;

	word_opener_init(&opener, &desk, by);
	word_key_keep(&opener, &kept_for, 3, key, &kept);
	memcpy(row.key, kept.box, sizeof(row.key));
	if (altered >= 0)
		row.key[altered] ^= 1;
	word_opener_init(&opener, &desk, as);
	opened = word_key_kept(&opener, &row, again);
	assert_true(!opened || memcmp(key, again, sizeof(key)) == 0);
	row.has_key = false;
	assert_false(word_key_kept(&opener, &row, again));
	return opened;
}

static void
a_kept_key_opens_for_its_person_case_and_version_alone(void **state)
{
	struct ouv_identity *ana = ouv_identity_new(),
			    *bia = ouv_identity_new();
	const struct ouv_actor owner = { .person = { { 5 } }, .identity = ana },
			       thief = { .person = { { 5 } }, .identity = bia },
			       other = { .person = { { 6 } }, .identity = ana };
	const struct ouv_id its = { { 1 } }, another = { { 2 } };

	(void)state;
	assert_true(opens_as(&owner, &owner, &its, 3, -1));
	assert_false(opens_as(&owner, &thief, &its, 3, -1));
	assert_false(opens_as(&owner, &other, &its, 3, -1));
	assert_false(opens_as(&owner, &owner, &another, 3, -1));
	assert_false(opens_as(&owner, &owner, &its, 4, -1));
	for (int i = 0; i < OUV_PIECE; i++)
		assert_false(opens_as(&owner, &owner, &its, 3, i));
	ouv_identity_free(&ana);
	ouv_identity_free(&bia);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(case_accents_and_shapes_do_not_count),
		cmocka_unit_test(a_number_is_the_same_however_it_is_grouped),
		cmocka_unit_test(blanks_group_the_digits_of_what_is_taken_in),
		cmocka_unit_test(an_address_is_one_word_and_its_parts),
		cmocka_unit_test(a_text_of_any_length_and_any_bytes_ends),
		cmocka_unit_test(the_token_of_a_word_is_known),
		cmocka_unit_test(a_set_is_a_multiple_of_sixteen),
		cmocka_unit_test(what_is_known_is_not_added_again),
		cmocka_unit_test(two_cases_have_no_token_in_common),
		cmocka_unit_test(a_flood_of_words_ends_at_the_limit),
		cmocka_unit_test(
			a_kept_key_opens_for_its_person_case_and_version_alone),
	};

	return cmocka_run_group_tests_name("search", tests, begin, end);
}
