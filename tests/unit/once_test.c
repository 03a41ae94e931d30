/*
 * once_test.c - that a document is given out once, in time, and to nobody else
 */
#include "../../server/once.c" /* NOLINT(bugprone-suspicious-include) */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define LATER(secs) (INT64_C(1000000) + (secs)*INT64_C(1000))
#define NOW LATER(0)

static struct ouv_arena *arena;

static int
begin(void **state)
{
	(void)state;
	arena = ouv_arena_new(OUV_ARENA_WIPE);
	once_sweep(INT64_MAX);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	ouv_arena_free(&arena);
	return 0;
}

static const char page[] = "<p>what nobody else may read</p>";

static void
put(int64_t at, char token[ONCE_TOKEN + 1])
{
	struct ouv_id item = ouv_id_new();

	once_put(at, &item, (struct ouv_str){ page, sizeof(page) - 1 }, token);
}

static void
it_is_given_out_once(void **state)
{
	char token[ONCE_TOKEN + 1];
	struct ouv_str got = { NULL, 0 };

	(void)state;
	put(NOW, token);
	assert_int_equal(strlen(token), ONCE_TOKEN);
	assert_int_equal(
		strspn(token, "abcdefghijklmnopqrstuvwxyz234567"), ONCE_TOKEN);
	assert_int_equal(once_take(arena, NOW, token, &got), OUV_OK);
	assert_int_equal(got.len, sizeof(page) - 1);
	assert_memory_equal(got.p, page, got.len);
	assert_int_equal(once_take(arena, NOW, token, &got), OUV_NOT_FOUND);
}

static void
it_is_given_out_within_a_minute(void **state)
{
	char early[ONCE_TOKEN + 1], late[ONCE_TOKEN + 1];
	struct ouv_str got;

	(void)state;
	put(NOW, early);
	put(NOW, late);
	assert_int_equal(once_take(arena, LATER(60) - 1, early, &got), OUV_OK);
	assert_int_equal(
		once_take(arena, LATER(60), late, &got), OUV_NOT_FOUND);
}

static void
only_its_address_gets_it(void **state)
{
	char token[ONCE_TOKEN + 1], other[ONCE_TOKEN + 1];
	struct ouv_str got;

	(void)state;
	put(NOW, token);
	put(NOW, other);
	assert_string_not_equal(token, other);
	other[3] = other[3] == 'a' ? 'b' : 'a';
	assert_int_equal(once_take(arena, NOW, other, &got), OUV_NOT_FOUND);
	assert_int_equal(once_take(arena, NOW, "", &got), OUV_NOT_FOUND);
	assert_int_equal(once_take(arena, NOW, token + 1, &got), OUV_NOT_FOUND);
	assert_int_equal(once_take(arena, NOW,
				 ouv_arena_printf(arena, "%sa", token), &got),
		OUV_NOT_FOUND);
	assert_int_equal(once_take(arena, NOW, token, &got), OUV_OK);
}

static void
it_belongs_to_its_item(void **state)
{
	char token[ONCE_TOKEN + 1];
	struct ouv_str got;

	(void)state;
	put(NOW, token);
	for (size_t i = 0; i < PLACES; i++)
		once.places[i].item = ouv_id_new();
	assert_int_equal(once_take(arena, NOW, token, &got), OUV_NOT_FOUND);
}

/* What lies there says neither the document nor its address. */
static void
it_lies_there_sealed(void **state)
{
	char token[ONCE_TOKEN + 1];
	size_t looked = 0;

	(void)state;
	put(NOW, token);
	assert_null(memmem(&once, sizeof(once), token, 8));
	for (size_t i = 0; i < PLACES; i++) {
		if (once.places[i].blob == NULL)
			continue;
		looked++;
		assert_null(memmem(
			once.places[i].blob, once.places[i].len, "nobody", 6));
	}
	assert_int_equal(looked, 1);
}

static void
what_nobody_came_for_is_forgotten(void **state)
{
	char token[ONCE_TOKEN + 1];

	(void)state;
	put(NOW, token);
	once_sweep(LATER(59));
	assert_int_not_equal(bytes_held(), 0);
	once_sweep(LATER(60));
	assert_int_equal(bytes_held(), 0);
}

static void
there_is_room_for_so_many(void **state)
{
	char tokens[PLACES + 1][ONCE_TOKEN + 1];
	struct ouv_str got;

	(void)state;
	for (int i = 0; i <= PLACES; i++)
		put(NOW + i, tokens[i]);
	assert_int_equal(once_take(arena, NOW, tokens[0], &got), OUV_NOT_FOUND);
	for (int i = 1; i <= PLACES; i++)
		assert_int_equal(
			once_take(arena, NOW, tokens[i], &got), OUV_OK);
}

static void
there_is_room_for_so_much(void **state)
{
	struct ouv_id item = ouv_id_new();
	size_t len = BYTES_MAX / 3;
	struct ouv_str big = { ouv_arena_alloc(arena, len), len }, got;
	char tokens[3][ONCE_TOKEN + 1];

	(void)state;
	for (int i = 0; i < 3; i++)
		once_put(NOW + i, &item, big, tokens[i]);
	assert_true(bytes_held() <= BYTES_MAX);
	assert_int_equal(once_take(arena, NOW, tokens[0], &got), OUV_NOT_FOUND);
	assert_int_equal(once_take(arena, NOW, tokens[1], &got), OUV_OK);
	assert_int_equal(once_take(arena, NOW, tokens[2], &got), OUV_OK);
	assert_int_equal(got.len, len);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			it_is_given_out_once, begin, end),
		cmocka_unit_test_setup_teardown(
			it_is_given_out_within_a_minute, begin, end),
		cmocka_unit_test_setup_teardown(
			only_its_address_gets_it, begin, end),
		cmocka_unit_test_setup_teardown(
			it_belongs_to_its_item, begin, end),
		cmocka_unit_test_setup_teardown(
			it_lies_there_sealed, begin, end),
		cmocka_unit_test_setup_teardown(
			what_nobody_came_for_is_forgotten, begin, end),
		cmocka_unit_test_setup_teardown(
			there_is_room_for_so_many, begin, end),
		cmocka_unit_test_setup_teardown(
			there_is_room_for_so_much, begin, end),
	};

	ouv_vault_init();
	return cmocka_run_group_tests_name("once", tests, NULL, NULL);
}
