/*
 * ident_case_test.c - whose cases are looked through for what is known by the
 * former k_id, and when they are not any more
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/desk/desk_impl.h"
#include "ouv/store_keys.h"

/* The database: what it is asked, and what it says. */
static struct {
	bool moves;
	int64_t clock_ms;
	int asked, most; /* the last time; -1: it was not asked */
	struct ouv_id found[2];
	size_t count;
} db;

static enum ouv_err
db_begin(struct store *store, struct store_tx **tx_out)
{
	(void)store;
	*tx_out = NULL;
	return OUV_OK;
}

static enum ouv_err
db_commit(struct store_tx **tx)
{
	(void)tx;
	return OUV_OK;
}

static enum ouv_err
db_moves(struct store_tx *tx, int version, bool *is_out)
{
	(void)tx;
	(void)version;
	*is_out = db.moves;
	return OUV_OK;
}

static enum ouv_err
db_cases(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, int version, const struct ouv_id *first,
	int most, struct ouv_id **list_out, size_t *count_out)
{
	(void)tx;
	(void)arena;
	(void)person;
	(void)version;
	(void)first;
	db.asked++;
	db.most = most;
	*list_out = db.found;
	*count_out = db.count;
	return OUV_OK;
}

static int64_t
db_clock(void)
{
	return db.clock_ms;
}

static uint32_t
db_version(const struct ouv_key *key)
{
	(void)key;
	return 2;
}

#define store_begin db_begin
#define store_commit db_commit
#define store_ident_moves db_moves
#define store_idents_cases db_cases
#define ouv_clock_mono_ms db_clock
#define ouv_key_version db_version
#include "../../lib/desk/ident_case.c" /* NOLINT(bugprone-suspicious-include) */

static struct ouv_office office;
static struct ouv_desk desk;

static int
fresh(void **state)
{
	(void)state;
	memset(&db, 0, sizeof(db));
	memset(&desk, 0, sizeof(desk));
	desk.office = &office;
	db.moves = true;
	db.clock_ms = 1000;
	return 0;
}

/* How many other cases are asked for when that person opens this one; -1:
 * nothing is asked. */
static int
opens(const struct ouv_actor *who, const struct ouv_id *first)
{
	struct ouv_id *list;
	size_t count = 9;

	db.most = -1;
	assert_int_equal(
		find_cases(&desk, NULL, who, first, &list, &count), OUV_OK);
	assert_int_equal(count, db.most < 0 ? 0 : db.count);
	return db.most;
}

static void
whoever_has_none_left_is_not_looked_through_again(void **state)
{
	struct ouv_actor ana = { .person = ouv_id_new() };
	struct ouv_actor rui = { .person = ouv_id_new() };
	struct ouv_id first = ouv_id_new();

	(void)state;
	/* Another place of the table than ana's. */
	rui.person.b[15] = (uint8_t)(ana.person.b[15] + 1);
	assert_int_equal(opens(&ana, &first), CASES);
	/* What she opens is looked at all the same. */
	assert_int_equal(opens(&ana, &first), 0);
	assert_int_equal(opens(&rui, &first), CASES);
	db.clock_ms += QUIET_MS - 1;
	assert_int_equal(opens(&ana, &first), 0);
	db.clock_ms += 1;
	assert_int_equal(opens(&ana, &first), CASES);
	/* Two of one place: neither is taken for the other. */
	rui.person.b[15] = ana.person.b[15];
	assert_int_equal(opens(&rui, &first), CASES);
	assert_int_equal(opens(&ana, &first), CASES);
}

static void
the_open_one_alone_is_none_and_another_is_some(void **state)
{
	struct ouv_actor ana = { .person = ouv_id_new() };
	struct ouv_id first = ouv_id_new();

	(void)state;
	db.found[0] = ouv_id_new();
	db.count = 1;
	assert_int_equal(opens(&ana, &first), CASES);
	db.found[0] = first;
	db.found[1] = ouv_id_new();
	db.count = 2;
	assert_int_equal(opens(&ana, &first), CASES);
	db.count = 1;
	assert_int_equal(opens(&ana, &first), CASES);
	assert_int_equal(opens(&ana, &first), 0);
}

/* Before both programs hold the new one there may be more tomorrow. */
static void
nothing_is_asked_nor_kept_in_mind_too_early(void **state)
{
	struct ouv_actor ana = { .person = ouv_id_new() };
	struct ouv_id first = ouv_id_new();

	(void)state;
	db.moves = false;
	assert_int_equal(opens(&ana, &first), -1);
	db.moves = true;
	assert_int_equal(opens(&ana, &first), CASES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			whoever_has_none_left_is_not_looked_through_again,
			fresh),
		cmocka_unit_test_setup(
			the_open_one_alone_is_none_and_another_is_some, fresh),
		cmocka_unit_test_setup(
			nothing_is_asked_nor_kept_in_mind_too_early, fresh),
	};

	return cmocka_run_group_tests_name("ident_case", tests, NULL, NULL);
}
