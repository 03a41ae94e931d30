/*
 * checkpoint_test.c - what one run of a program seals when threads meet, lines
 * are cut and transactions are late, against a real PostgreSQL
 */
#include "../../lib/desk/desk_impl.h"
#undef TRY
#include "../../lib/store/inner.h"
#include "ouv/history.h"
#include "store_place.h"

/* One run with two threads: each has a desk and a line of its own. */
static struct ouv_office office;
static struct ouv_desk one = { .office = &office }, two = { .office = &office };
static struct ouv_id somebody;
static uint8_t first_key[OUV_KEY];

static int
run_begins(void **state)
{
	uint8_t seed[OUV_KEY], secret[OUV_KEY];
	struct store_tx *tx;

	if (place_start(state) != 0)
		return -1;
	ouv_vault_init();
	ouv_random(seed, sizeof(seed));
	office = (struct ouv_office){ .config = &place.config,
		.kind = OUV_DESK_SERVER,
		.tenant = ouv_id_new(),
		.sig = ouv_key_new(seed),
		.signer = { .id = ouv_id_new() } };
	place.config.audit_checkpoint_secs = 300;
	ouv_random(office.signer.key, sizeof(office.signer.key));
	memcpy(first_key, office.signer.key, sizeof(first_key));
	(void)pthread_mutex_init(&office.signer.lock, NULL);
	somebody = ouv_id_new();
	ouv_box_pair(one.escrow, secret);
	one.store = place.server;
	if (store_open(&place.config, STORE_SERVER, &two.store) != OUV_OK)
		return -1;
	tx = begin(one.store);
	ok(log_signer(&one, tx));
	ok(store_commit(&tx));
	return 0;
}

static int
run_ends(void **state)
{
	store_close(&two.store);
	ledger_free(&office.signer.ledger);
	ouv_key_free(&office.sig);
	(void)pthread_mutex_destroy(&office.signer.lock);
	return place_stop(state);
}

static void
write_one(struct ouv_desk *desk, struct store_tx *tx)
{
	ok(log_own(desk, tx, &somebody, "login", &somebody));
	ok(store_flush(tx));
}

static void
write_and_commit(struct ouv_desk *desk)
{
	struct store_tx *tx = begin(desk->store);

	write_one(desk, tx);
	ok(store_commit(&tx));
}

/* Each test begins with everything sealed. */
static int
all_sealed(void **state)
{
	(void)state;
	ok(ouv_desk_checkpoint(&one, true));
	assert_int_equal(office.signer.ledger.since_ms, 0);
	return 0;
}

static int
count(void)
{
	return number(sql("SELECT count(*) FROM audit_checkpoint"));
}

static const char *
newest(void)
{
	return sql("SELECT events FROM audit_checkpoint ORDER BY n DESC"
		   " LIMIT 1");
}

/* The key that is in use now is so many steps from the first. */
static int
steps(void)
{
	uint8_t key[OUV_KEY];
	int n = 0;

	for (memcpy(key, first_key, sizeof(key));
		memcmp(key, office.signer.key, sizeof(key)) != 0 && n < 100;
		n++)
		ouv_audit_ratchet(key);
	return n;
}

/* ---- a line that was cut ------------------------------------------------- */

/* Whoever verifies counts the key's steps by the checkpoints. */
static void
a_key_that_went_on_has_a_checkpoint_even_of_nothing(void **state)
{
	struct store_tx *tx = begin(one.store);
	int before = count();

	(void)state;
	write_one(&one, tx);
	tx_tell(tx, STORE_UNKNOWN); /* and then it was undone */
	store_rollback(&tx);
	ok(ouv_desk_checkpoint(&one, true));
	assert_int_equal(count(), before + 1);
	assert_string_equal(newest(), "0");
	write_and_commit(&one);
	ok(ouv_desk_checkpoint(&one, true));
	assert_string_equal(newest(), "1");
	assert_int_equal(steps(), count());
}

/* Its client is gone; the server has not noticed yet. */
static void
an_entry_that_may_still_be_committed_is_waited_for(void **state)
{
	struct store_tx *tx = begin(two.store);
	int before = count();

	(void)state;
	write_one(&two, tx);
	tx_tell(tx, STORE_UNKNOWN);
	assert_int_equal(ouv_desk_checkpoint(&one, true), OUV_CONFLICT);
	assert_int_equal(count(), before);
	assert_true(ouv_office_unsealed(&office));
	ok(store_commit(&tx));
	ok(ouv_desk_checkpoint(&one, true));
	assert_string_equal(newest(), "1");
	assert_int_equal(count(), before + 1);
}

/* ---- the end ------------------------------------------------------------- */

static void
what_was_written_while_a_seal_waited_is_sealed_at_the_end(void **state)
{
	struct store_tx *slow = begin(two.store);
	struct ouv_id chain = ouv_id_new();
	struct casefile file = { .id = chain };
	int before = count();

	(void)state;
	write_and_commit(&one);
	ok(log_case(&two, slow, &file, &somebody, "read", &chain));
	ok(ouv_desk_checkpoint(&one, true)); /* cut, and it waits */
	assert_int_equal(count(), before);
	write_and_commit(&one);
	ok(store_commit(&slow));
	ok(ouv_desk_checkpoint(&one, true));
	assert_int_equal(count(), before + 2);
	assert_false(ouv_office_unsealed(&office));
	assert_int_equal(office.signer.ledger.since_ms, 0);
	assert_string_equal(newest(), "1");
}

/* ---- two threads on our own chain ---------------------------------------- */

static void *
write_beside(void *said)
{
	struct store_tx *tx = NULL;
	enum ouv_err err = store_begin(two.store, &tx);

	if (err == OUV_OK)
		err = log_own(&two, tx, &somebody, "search", &somebody);
	if (err == OUV_OK)
		err = store_commit(&tx);
	store_rollback(&tx);
	*(enum ouv_err *)said = err;
	return NULL;
}

static bool
somebody_waits(void)
{
	return strcmp(sql("SELECT count(*) FROM pg_stat_activity"
			  " WHERE wait_event_type = 'Lock'"),
		       "0") != 0;
}

static void
two_who_write_at_the_same_moment_both_succeed(void **state)
{
	struct store_tx *tx = begin(one.store);
	enum ouv_err beside = OUV_TEMPORARY;
	int64_t until_ms = ouv_clock_mono_ms() + 2500;
	pthread_t thread;

	(void)state;
	write_one(&one, tx);
	assert_int_equal(
		pthread_create(&thread, NULL, write_beside, &beside), 0);
	while (!somebody_waits() && ouv_clock_mono_ms() < until_ms)
		;
	ok(store_commit(&tx));
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(beside, OUV_OK);
	assert_string_equal(sql("SELECT count(*) - max(seq) FROM audit_event"
				" WHERE chain = '%s'",
				    hex(&office.signer.id)),
		"0");
}

#define ROW(claim) cmocka_unit_test_setup(claim, all_sealed)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(a_key_that_went_on_has_a_checkpoint_even_of_nothing),
		ROW(an_entry_that_may_still_be_committed_is_waited_for),
		ROW(what_was_written_while_a_seal_waited_is_sealed_at_the_end),
		ROW(two_who_write_at_the_same_moment_both_succeed),
	};

	return cmocka_run_group_tests_name(
		"checkpoint", tests, run_begins, run_ends);
}
