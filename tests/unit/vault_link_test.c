/*
 * vault_link_test.c - what a link opens: nothing altered, nothing moved, and
 * nothing by another link
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/vault.h"

struct made {
	struct ouv_context context;
	uint8_t key[OUV_KEY], dek[OUV_KEY], box[OUV_PIECE];
};

#define PART 7

static struct made
make(void)
{
	struct made m = { .context = { .kind = OUV_KIND_PIECE, .version = 1 } };

	m.context.tenant = ouv_id_new();
	m.context.case_id = ouv_id_new();
	m.context.row = ouv_id_new();
	m.context.extra = ouv_id_new();
	ouv_random(m.key, sizeof(m.key));
	ouv_random(m.dek, sizeof(m.dek));
	ouv_piece_seal(&m.context, m.key, m.dek, PART, m.box);
	return m;
}

static enum ouv_err
open_it(const struct made *m, uint32_t part, uint8_t dek_out[OUV_KEY])
{
	return ouv_piece_open(
		&m->context, m->key, m->box, sizeof(m->box), part, dek_out);
}

static void
a_piece_opens_as_it_was_sealed(void **state)
{
	struct made m = make();
	uint8_t dek[OUV_KEY];

	(void)state;
	assert_int_equal(open_it(&m, PART, dek), OUV_OK);
	assert_memory_equal(dek, m.dek, sizeof(dek));
}

static void
any_bit_of_it_altered_is_refused(void **state)
{
	struct made m = make();
	uint8_t dek[OUV_KEY];

	(void)state;
	for (size_t i = 0; i < 8 * sizeof(m.box); i++) {
		m.box[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(open_it(&m, PART, dek), OUV_REFUSED);
		m.box[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	assert_int_equal(open_it(&m, PART, dek), OUV_OK);
}

static void
any_other_length_is_refused(void **state)
{
	struct made m = make();
	uint8_t dek[OUV_KEY];

	(void)state;
	for (size_t len = 0; len < sizeof(m.box); len++)
		assert_int_equal(ouv_piece_open(&m.context, m.key, m.box, len,
					 PART, dek),
			OUV_REFUSED);
}

static void
words_are_no_attachment_and_no_attachment_another(void **state)
{
	struct made m = make();
	uint8_t dek[OUV_KEY];

	(void)state;
	assert_int_equal(open_it(&m, 0, dek), OUV_REFUSED);
	assert_int_equal(open_it(&m, PART + 1, dek), OUV_REFUSED);
}

static void
moved_to_another_row_it_is_refused(void **state)
{
	struct ouv_id other = ouv_id_new();
	struct made m = make();
	uint8_t dek[OUV_KEY];
	struct ouv_id *const ids[] = { &m.context.tenant, &m.context.case_id,
		&m.context.row, &m.context.extra };

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct ouv_id kept = *ids[i];

		*ids[i] = other;
		assert_int_equal(open_it(&m, PART, dek), OUV_REFUSED);
		*ids[i] = kept;
	}
	m.context.kind = OUV_KIND_VISIT;
	assert_int_equal(open_it(&m, PART, dek), OUV_REFUSED);
}

/* The letter's half, the code's, PEPPER and the release: each is needed. */
static void
a_key_wants_all_that_it_is_made_of(void **state)
{
	uint8_t link[OUV_LINK], code[OUV_CODE_RAW] = { 1 }, coded[OUV_LINK],
				again[OUV_LINK], a[OUV_KEY], b[OUV_KEY];
	struct ouv_key *pepper = ouv_key_random(), *other = ouv_key_random();
	struct ouv_id id = ouv_id_new(), id2 = ouv_id_new();

	(void)state;
	ouv_random(link, sizeof(link));
	ouv_link_coded(link, code, coded);
	code[0] = 2;
	ouv_link_coded(link, code, again);
	assert_memory_not_equal(coded, again, sizeof(coded));
	assert_memory_not_equal(coded, link, sizeof(coded));
	ouv_link_key(pepper, link, &id, a);
	ouv_link_key(pepper, coded, &id, b);
	assert_memory_not_equal(a, b, sizeof(a));
	ouv_link_key(other, link, &id, b);
	assert_memory_not_equal(a, b, sizeof(a));
	ouv_link_key(pepper, link, &id2, b);
	assert_memory_not_equal(a, b, sizeof(a));
	ouv_link_id(link, b);
	assert_memory_not_equal(a, b, sizeof(a));
	ouv_key_free(&pepper);
	ouv_key_free(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_piece_opens_as_it_was_sealed),
		cmocka_unit_test(any_bit_of_it_altered_is_refused),
		cmocka_unit_test(any_other_length_is_refused),
		cmocka_unit_test(
			words_are_no_attachment_and_no_attachment_another),
		cmocka_unit_test(moved_to_another_row_it_is_refused),
		cmocka_unit_test(a_key_wants_all_that_it_is_made_of),
	};

	ouv_vault_init();
	return cmocka_run_group_tests_name("vault_link", tests, NULL, NULL);
}
