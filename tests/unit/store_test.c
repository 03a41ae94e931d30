/*
 * store_test.c - transactions, their pipeline, and a connection that goes away,
 * against a real PostgreSQL
 */
#include <sys/select.h>

#include "store_place.h"

/* ---- transactions ------------------------------------------------------ */

static int
cases(void)
{
	return number(sql("SELECT count(*) FROM case_file"));
}

static void
a_batch_longer_than_the_queue_is_stored_whole(void **state)
{
	struct store_tx *tx = begin(place.gateway);
	int before = cases();

	(void)state;
	for (int i = 0; i < 4500; i++) {
		struct store_case c = a_case(OUV_STATE_RECEIVED);

		ok(store_case_add(tx, &c));
	}
	ok(store_commit(&tx));
	assert_null(tx);
	assert_int_equal(cases(), before + 4500);
}

static void
a_batch_wider_than_every_buffer_is_stored_whole(void **state)
{
	static char piece[262144];
	struct store_tx *tx = begin(place.gateway);
	struct ouv_id item = ouv_id_new();

	(void)state;
	memset(piece, 7, sizeof(piece));
	for (int n = 0; n < 160; n++)
		ok(store_chunk_add(tx, &item, n, piece, sizeof(piece)));
	ok(store_commit(&tx));
	assert_string_equal(
		sql("SELECT count(*), sum(length(ct)) FROM chunk WHERE item = "
		    "'%s'",
			hex(&item)),
		"160|41943040");
}

static void
a_rollback_leaves_nothing_and_a_usable_connection(void **state)
{
	int before = cases();

	(void)state;
	for (int queued = 0; queued < 4; queued++) {
		struct store_tx *tx = begin(place.gateway);
		struct store_case c = a_case(OUV_STATE_RECEIVED);

		for (int i = 0; i < queued; i++) {
			c.id = ouv_id_new();
			ok(store_case_add(tx, &c));
		}
		if (queued == 2)
			ok(store_flush(tx));
		store_rollback(&tx);
		assert_null(tx);
		ok(store_ping(place.gateway));
	}
	assert_int_equal(cases(), before);
}

static void
a_failure_in_the_middle_undoes_all_and_sticks(void **state)
{
	struct store_case c = a_case(OUV_STATE_RECEIVED), twin;
	struct store_tx *tx = begin(place.gateway);
	struct ouv_id party;
	int before = cases(), code;

	(void)state;
	ok(store_case_add(tx, &c));
	twin = c;
	ok(store_case_add(tx, &twin)); /* the same id: told later */
	twin.id = ouv_id_new();
	ok(store_case_add(tx, &twin));
	assert_int_equal(store_party_side(tx, &c.id, "consumer", &party, &code),
		OUV_CONFLICT);
	assert_int_equal(store_case_add(tx, &twin), OUV_CONFLICT);
	assert_int_equal(store_flush(tx), OUV_CONFLICT);
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
	assert_int_equal(cases(), before);
	ok(store_ping(place.gateway));
}

static void
a_failure_found_at_commit_undoes_all(void **state)
{
	struct store_case c = a_case(OUV_STATE_RECEIVED);
	struct store_tx *tx = begin(place.gateway);
	int before = cases();

	(void)state;
	ok(store_case_add(tx, &c));
	ok(store_party_add(tx, &c.id, &c.id, "nobody"));
	assert_int_equal(store_commit(&tx), OUV_INVALID);
	assert_int_equal(cases(), before);
	ok(store_ping(place.gateway));
}

static void
a_row_that_is_not_there_undoes_all(void **state)
{
	struct store_case c = a_case(OUV_STATE_RECEIVED);
	struct store_tx *tx = begin(place.gateway);
	struct ouv_id nowhere = ouv_id_new();
	struct store_token token = known_by(ouv_id_new());
	int before = cases();

	(void)state;
	ok(store_case_add(tx, &c));
	ok(store_case_touch(tx, &nowhere, 1, 1700000000));
	ok(store_ident_add(tx, &token, STORE_IDENT_MESSAGE, &c.id, &c.id));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
	assert_int_equal(cases(), before);
}

static void
a_transaction_inside_another_is_refused(void **state)
{
	struct store_tx *tx = begin(place.gateway), *inner = NULL;

	(void)state;
	assert_int_equal(store_begin(place.gateway, &inner), OUV_INVALID);
	assert_int_equal(store_ping(place.gateway), OUV_INVALID);
	store_rollback(&tx);
	ok(store_ping(place.gateway));
}

static void
waiting_for_a_lock_ends(void **state)
{
	struct store_case c = a_case(OUV_STATE_RECEIVED), seen;
	struct store_tx *tx = begin(place.gateway), *other;
	int64_t start;

	(void)state;
	ok(store_case_add(tx, &c));
	ok(store_commit(&tx));
	tx = begin(place.gateway);
	other = begin(place.server);
	ok(store_case_lock(tx, place.arena, &c.id, &seen));
	start = ouv_clock_mono_ms();
	assert_int_equal(store_case_lock(other, place.arena, &c.id, &seen),
		OUV_TEMPORARY);
	assert_in_range(ouv_clock_mono_ms() - start, 2500, 10000);
	store_rollback(&other);
	store_rollback(&tx);
}

static void
two_who_wait_for_each_other_are_parted(void **state)
{
	struct store_case a = a_case(OUV_STATE_RECEIVED),
			  b = a_case(OUV_STATE_RECEIVED), seen;
	struct store_tx *tx = begin(place.gateway), *other;
	enum ouv_err err, first;

	(void)state;
	ok(store_case_add(tx, &a));
	ok(store_case_add(tx, &b));
	ok(store_commit(&tx));
	tx = begin(place.gateway);
	other = begin(place.server);
	ok(store_case_lock(tx, place.arena, &a.id, &seen));
	ok(store_case_lock(other, place.arena, &b.id, &seen));
	/* Sent without waiting; the answer comes with the flush below. */
	ok(store_case_touch(tx, &b.id, 1, 1700000000));
	err = store_case_lock(other, place.arena, &a.id, &seen);
	first = store_flush(tx);
	assert_true(err == OUV_TEMPORARY || first == OUV_TEMPORARY);
	store_rollback(&other);
	store_rollback(&tx);
	ok(store_ping(place.gateway));
	ok(store_ping(place.server));
}

/* ---- a connection that goes away --------------------------------------- */

static void
cut(const char *role)
{
	assert_string_not_equal(
		sql("SELECT count(pg_terminate_backend(pid, 5000)) FROM "
		    "pg_stat_activity WHERE usename = '%s'",
			role),
		"0");
}

static void
a_connection_lost_in_a_transaction_is_temporary(void **state)
{
	struct store_case c = a_case(OUV_STATE_RECEIVED);
	struct store_tx *tx = begin(place.gateway);
	int before = cases();

	(void)state;
	ok(store_case_add(tx, &c));
	ok(store_flush(tx));
	cut("ouv_gw");
	assert_int_equal(store_commit(&tx), OUV_TEMPORARY);
	assert_int_equal(cases(), before);
	tx = begin(place.gateway);
	ok(store_case_add(tx, &c));
	ok(store_commit(&tx));
	assert_int_equal(cases(), before + 1);
}

static void
a_connection_lost_before_a_rollback_is_no_trouble(void **state)
{
	struct store_tx *tx = begin(place.gateway);
	struct store_case c = a_case(OUV_STATE_RECEIVED);

	(void)state;
	ok(store_case_add(tx, &c));
	cut("ouv_gw");
	store_rollback(&tx);
	ok(store_ping(place.gateway));
}

static void
a_connection_lost_while_idle_is_not_noticed(void **state)
{
	struct store_tx *tx;

	(void)state;
	cut("ouv_srv");
	tx = begin(place.server);
	ok(store_flush(tx));
	ok(store_commit(&tx));
	cut("ouv_srv");
	ok(store_ping(place.server));
}

static void
a_server_that_does_not_answer_is_temporary(void **state)
{
	struct ouv_config config = place.config;
	struct store *store = NULL;

	(void)state;
	config.db_dsn = "host=/nonexistent dbname=ouvidoria";
	assert_int_equal(
		store_open(&config, STORE_SERVER, &store), OUV_TEMPORARY);
	assert_null(store);
}

static void
a_password_others_could_read_is_not_used(void **state)
{
	struct ouv_config config = place.config;
	struct store *store = NULL;
	char path[] = "/tmp/ouv-password.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, "secret\n", 7), 7);
	config.db_server_password_file = path;
	ok(store_open(&config, STORE_SERVER, &store));
	store_close(&store);
	assert_int_equal(fchmod(fd, 0644), 0);
	assert_int_equal(
		store_open(&config, STORE_SERVER, &store), OUV_REFUSED);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(
		store_open(&config, STORE_SERVER, &store), OUV_NOT_FOUND);
	assert_null(store);
	(void)close(fd);
}

static void
without_prepared_statements_all_is_the_same(void **state)
{
	struct store_case c = a_case(OUV_STATE_RECEIVED), seen;
	struct store *bare = NULL;
	struct store_tx *tx;

	(void)state;
	ok(store_open_bare(&place.config, STORE_GATEWAY, &bare));
	tx = begin(bare);
	ok(store_case_add(tx, &c));
	ok(store_case_lock(tx, place.arena, &c.id, &seen));
	ok(store_case_add(tx, &c));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
	ok(store_check_sql(bare));
	store_close(&bare);
}

static bool
wait_note(struct store *store)
{
	int64_t end = ouv_clock_mono_ms() + 5000;
	struct timeval left = { .tv_usec = 50000 };
	fd_set set;

	while (!store_notified(store)) {
		if (ouv_clock_mono_ms() > end)
			return false;
		FD_ZERO(&set);
		if (store_socket(store) >= 0)
			FD_SET(store_socket(store), &set);
		(void)select(store_socket(store) + 1, &set, NULL, NULL, &left);
	}
	return true;
}

static void
a_letter_wakes_who_listens_also_on_a_new_connection(void **state)
{
	struct store_tx *tx;

	(void)state;
	ok(store_listen(place.gateway, "ouv_outbox"));
	(void)store_notified(place.gateway);
	assert_false(store_notified(place.gateway));
	tx = begin(place.server);
	ok(store_outbox_notify(tx));
	ok(store_commit(&tx));
	assert_true(wait_note(place.gateway));
	cut("ouv_gw");
	ok(store_ping(place.gateway));
	/* Something may have been missed meanwhile. */
	assert_true(store_notified(place.gateway));
	assert_false(store_notified(place.gateway));
	tx = begin(place.server);
	ok(store_outbox_notify(tx));
	ok(store_commit(&tx));
	assert_true(wait_note(place.gateway));
	assert_int_equal(
		store_listen(place.gateway, "x; DROP TABLE item"), OUV_INVALID);
}

static void
the_clocks_of_one_machine_agree(void **state)
{
	int64_t skew = 99;

	(void)state;
	ok(store_clock_skew(place.server, &skew));
	assert_in_range(skew + 1, 0, 2);
}

/* ---- the log of the program -------------------------------------------- */

#define SECRET_WORD "Marcolina"

static void
a_failure_is_logged_by_name_and_never_by_value(void **state)
{
	struct store_case c = a_case(OUV_STATE_RECEIVED);
	struct store_tx *tx = begin(place.gateway);
	int kept = dup(STDERR_FILENO);
	char text[4096];
	FILE *log = tmpfile();
	size_t len;

	(void)state;
	assert_non_null(log);
	(void)dup2(fileno(log), STDERR_FILENO);
	ok(store_party_add(tx, &c.id, &c.id, SECRET_WORD));
	assert_int_equal(store_commit(&tx), OUV_INVALID);
	tx = begin(place.gateway);
	c.lang = "\xff" SECRET_WORD;
	ok(store_case_add(tx, &c));
	assert_int_equal(store_commit(&tx), OUV_INVALID);
	(void)dup2(kept, STDERR_FILENO);
	(void)close(kept);
	rewind(log);
	len = fread(text, 1, sizeof(text) - 1, log);
	text[len] = '\0';
	(void)fclose(log);
	assert_non_null(strstr(text, "party_add refused: 22P02"));
	assert_non_null(strstr(text, "case_add refused: 22021"));
	assert_null(strstr(text, SECRET_WORD));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_batch_longer_than_the_queue_is_stored_whole),
		cmocka_unit_test(
			a_batch_wider_than_every_buffer_is_stored_whole),
		cmocka_unit_test(
			a_rollback_leaves_nothing_and_a_usable_connection),
		cmocka_unit_test(a_failure_in_the_middle_undoes_all_and_sticks),
		cmocka_unit_test(a_failure_found_at_commit_undoes_all),
		cmocka_unit_test(a_row_that_is_not_there_undoes_all),
		cmocka_unit_test(a_transaction_inside_another_is_refused),
		cmocka_unit_test(waiting_for_a_lock_ends),
		cmocka_unit_test(two_who_wait_for_each_other_are_parted),
		cmocka_unit_test(
			a_connection_lost_in_a_transaction_is_temporary),
		cmocka_unit_test(
			a_connection_lost_before_a_rollback_is_no_trouble),
		cmocka_unit_test(a_connection_lost_while_idle_is_not_noticed),
		cmocka_unit_test(a_server_that_does_not_answer_is_temporary),
		cmocka_unit_test(a_password_others_could_read_is_not_used),
		cmocka_unit_test(without_prepared_statements_all_is_the_same),
		cmocka_unit_test(
			a_letter_wakes_who_listens_also_on_a_new_connection),
		cmocka_unit_test(the_clocks_of_one_machine_agree),
		cmocka_unit_test(
			a_failure_is_logged_by_name_and_never_by_value),
	};

	return cmocka_run_group_tests(tests, place_start, place_stop);
}
