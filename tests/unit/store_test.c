/*
 * store_test.c - the connection, its pipeline, the schema and who may do what,
 * against a real PostgreSQL
 */
#include "store_place.h"
#include "../../lib/store/sql.h"

/* ---- the statements and the schema ------------------------------------------ */

static void
every_statement_fits_the_schema(void **state)
{
	(void)state;
	ok(store_check_sql(place.owner));
}

static void
every_statement_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < SQL__COUNT; i++) {
		assert_non_null(sql_texts[i].text);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
				sql_texts[i].name, sql_texts[j].name);
	}
}

static void
a_statement_that_does_not_fit_is_told(void **state)
{
	(void)state;
	(void)sql("ALTER TABLE person RENAME COLUMN lang TO tongue");
	assert_int_equal(store_check_sql(place.owner), OUV_INVALID);
	(void)sql("ALTER TABLE person RENAME COLUMN tongue TO lang");
	ok(store_check_sql(place.owner));
}

struct labels {
	const char *type;
	int count;
	const char *(*name)(int);
};

static const char *
state_label(int n)
{
	return ouv_state_name((enum ouv_state)n);
}

static const char *
role_label(int n)
{
	return ouv_role_name((enum ouv_role)n);
}

static const char *
lane_label(int n)
{
	return ouv_lane_name((enum ouv_lane)n);
}

static const char *
kind_label(int n)
{
	return ouv_item_kind_name((enum ouv_item_kind)n);
}

/* Programs and parties are no staff. */
static const struct labels labels[] = {
	{ "case_state", OUV_STATE__COUNT, state_label },
	{ "staff_role", OUV_ROLE_ADMIN + 1, role_label },
	{ "lane", OUV_LANE__COUNT, lane_label },
	{ "item_kind", OUV_ITEM__COUNT, kind_label },
};

static void
the_labels_are_the_same_in_c_and_in_the_database(void **state)
{
	char expected[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		size_t len = 0;

		for (int n = 0; n < labels[i].count; n++)
			len += (size_t)snprintf(expected + len,
				sizeof(expected) - len, "%s%s", n ? "," : "",
				labels[i].name(n));
		assert_string_equal(
			sql("SELECT string_agg(enumlabel, ',' ORDER BY "
			    "enumsortorder) FROM pg_enum e JOIN pg_type t ON "
			    "t.oid = e.enumtypid WHERE typname = '%s'",
				labels[i].type),
			expected);
	}
}

static void
the_dump_is_what_the_migrations_make(void **state)
{
	static char made[262144], kept[262144];
	FILE *file = fopen(MIGRATIONS "/schema.sql", "re");
	size_t len;

	(void)state;
	assert_non_null(file);
	len = fread(kept, 1, sizeof(kept) - 1, file);
	(void)fclose(file);
	kept[len] = '\0';
	if (len > 0 && kept[len - 1] == '\n')
		kept[len - 1] = '\0';
	assert_int_equal(
		script(made, sizeof(made), "dump", place.dir, NULL), 0);
	assert_string_equal(made, kept);
}

/* ---- migrations ------------------------------------------------------------------ */

static char folder[64];

static void
put_file(const char *name, const char *text)
{
	char path[128];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
drop_file(const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(unlink(path), 0);
}

/* A folder with a copy of the first migration and `more` behind it. */
static void
folder_with(const char *more)
{
	static char text[262144];
	FILE *file = fopen(MIGRATIONS "/0001_office.sql", "re");
	size_t len;

	(void)snprintf(folder, sizeof(folder), "/tmp/ouv-migrations.XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_non_null(file);
	len = fread(text, 1, sizeof(text) / 2, file);
	(void)fclose(file);
	(void)snprintf(text + len, sizeof(text) - len, "%s", more);
	put_file("0001_office.sql", text);
}

static enum ouv_err
migrate(int *applied_out)
{
	struct store *store = NULL;
	enum ouv_err err;

	ok(store_open_bare(&place.config, STORE_OWNER, &store));
	err = store_migrate(store, folder, applied_out);
	store_close(&store);
	return err;
}

static void
migrating_again_changes_nothing(void **state)
{
	int applied = -1;

	(void)state;
	folder_with("");
	ok(migrate(&applied));
	assert_int_equal(applied, 0);
	drop_file("0001_office.sql");
	(void)rmdir(folder);
}

static void
a_changed_migration_is_refused(void **state)
{
	int applied = -1;

	(void)state;
	folder_with("\n");
	assert_int_equal(migrate(&applied), OUV_INVALID);
	drop_file("0001_office.sql");
	(void)rmdir(folder);
}

static void
a_missing_or_misnumbered_migration_is_refused(void **state)
{
	int applied = -1;

	(void)state;
	folder_with("");
	put_file("0003_later.sql", "SELECT 1;");
	assert_int_equal(migrate(&applied), OUV_INVALID);
	drop_file("0003_later.sql");
	drop_file("0001_office.sql");
	assert_int_equal(migrate(&applied), OUV_INVALID);
	put_file("0001_other.sql", "SELECT 1;");
	assert_int_equal(migrate(&applied), OUV_INVALID);
	drop_file("0001_other.sql");
	(void)rmdir(folder);
}

static void
a_migration_that_fails_leaves_nothing(void **state)
{
	int applied = -1;

	(void)state;
	folder_with("");
	put_file("0002_broken.sql",
		"CREATE TABLE half (n int);\nSELECT nonsense;\n");
	assert_int_equal(migrate(&applied), OUV_INVALID);
	assert_string_equal(sql("SELECT to_regclass('half') IS NULL"), "t");
	put_file("0002_broken.sql", "CREATE TABLE half (n int);\nCOMMIT;\n");
	assert_int_equal(migrate(&applied), OUV_INVALID);
	assert_string_equal(sql("SELECT max(number) FROM schema_migration"),
		"1");
	(void)sql("DROP TABLE IF EXISTS half");
	drop_file("0002_broken.sql");
	drop_file("0001_office.sql");
	(void)rmdir(folder);
}

static void
a_new_migration_is_applied_and_then_needs_a_new_program(void **state)
{
	struct store *store = NULL;
	int applied = -1;

	(void)state;
	folder_with("");
	put_file("0002_more.sql", "CREATE TABLE more (n int);\n");
	put_file("schema.sql", "not a migration");
	ok(migrate(&applied));
	assert_int_equal(applied, 1);
	assert_int_equal(store_open(&place.config, STORE_SERVER, &store),
		OUV_INVALID);
	assert_null(store);
	(void)sql("DROP TABLE more; DELETE FROM schema_migration WHERE "
		  "number = 2");
	ok(store_open(&place.config, STORE_SERVER, &store));
	store_close(&store);
	drop_file("schema.sql");
	drop_file("0002_more.sql");
	drop_file("0001_office.sql");
	(void)rmdir(folder);
}

static void
a_missing_role_is_told_before_anything_is_done(void **state)
{
	int applied = -1;

	(void)state;
	folder_with("");
	(void)sql("ALTER ROLE ouv_srv RENAME TO somebody");
	assert_int_equal(migrate(&applied), OUV_INVALID);
	(void)sql("ALTER ROLE somebody RENAME TO ouv_srv");
	ok(migrate(&applied));
	drop_file("0001_office.sql");
	(void)rmdir(folder);
}

/* ---- who may do what -------------------------------------------------------------- */

/* Of what the server runs, all that the gateway may run as well. */
static const char *const shared[] = { "begin", "commit", "rollback", "ping",
	"clock", "schema_number", "office_tenant", "office_keys",
	"person_certified", "item_add", "chunk_add", "case_touch",
	"party_consumer", "case_key", "desk_file", "outbox_add",
	"outbox_notify", "audit_signer_add", "audit_head", "audit_add" };

static bool
is_shared(const char *name)
{
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		if (strcmp(shared[i], name) == 0)
			return true;
	return false;
}

static bool
is_refused(struct store *store, enum sql_id id)
{
	char sqlstate[6];

	ok(sql_probe(store, id, sqlstate));
	return strcmp(sqlstate, "42501") == 0;
}

static void
the_gateway_may_run_of_the_servers_statements_only_the_shared_ones(
	void **state)
{
	(void)state;
	for (enum sql_id id = 0; id < SQL__COUNT; id++) {
		if (!(sql_texts[id].roles & SQL_SERVER))
			continue;
		if (is_refused(place.gateway, id) ==
			is_shared(sql_texts[id].name))
			fail_msg("%s", sql_texts[id].name);
	}
}

static void
each_program_may_run_its_own_statements(void **state)
{
	(void)state;
	for (enum sql_id id = 0; id < SQL__COUNT; id++) {
		if ((sql_texts[id].flags & SQL_BARE) != 0)
			continue;
		if ((sql_texts[id].roles & SQL_GATEWAY) &&
			is_refused(place.gateway, id))
			fail_msg("gateway: %s", sql_texts[id].name);
		if ((sql_texts[id].roles & SQL_SERVER) &&
			is_refused(place.server, id))
			fail_msg("server: %s", sql_texts[id].name);
	}
}

/* clang-format off */
static const char *const not_for_the_gateway[] = {
	"SELECT body FROM item", "SELECT dek_box FROM item",
	"SELECT ct FROM chunk", "SELECT box_case FROM capsule",
	"SELECT summary FROM case_file", "SELECT owner FROM case_file",
	"SELECT name FROM person", "SELECT login FROM person",
	"SELECT totp_box FROM person", "SELECT 1 FROM person_key",
	"SELECT 1 FROM session", "SELECT 1 FROM login_throttle",
	"SELECT box FROM case_grant", "SELECT details FROM audit_event",
	"SELECT 1 FROM host_secret", "SELECT 1 FROM audit_signer",
	"SELECT last FROM protocol_counter",
	"UPDATE case_file SET state = 'closed'",
	"UPDATE case_file SET summary = ''", "UPDATE case_key SET cpk = ''",
	"UPDATE person SET pk = ''", "UPDATE item SET body = ''",
	"UPDATE audit_event SET action = ''",
	"DELETE FROM item", "DELETE FROM chunk", "DELETE FROM case_grant",
	"DELETE FROM inbound", "DELETE FROM outbox", "DELETE FROM audit_event",
	"INSERT INTO schema_migration VALUES (9, '', '')",
	"CREATE TABLE mine (n int)",
};
static const char *const not_for_the_server[] = {
	"SELECT 1 FROM host_secret", "SELECT * FROM transit_chunks(NULL, 0, 1)",
	"SELECT protocol_take(2026, 1)", "INSERT INTO case_grant DEFAULT VALUES",
	"INSERT INTO person DEFAULT VALUES", "UPDATE person SET pk = ''",
	"UPDATE person SET active = false", "UPDATE case_key SET cpk = ''",
	"UPDATE case_file SET summary = ''", "UPDATE inbound SET state = 'filed'",
	"UPDATE outbox SET state = 'sent'", "UPDATE item SET body = ''",
	"DELETE FROM item", "DELETE FROM case_file", "DELETE FROM audit_event",
	"UPDATE audit_event SET action = ''", "DELETE FROM form_key",
	"CREATE TABLE mine (n int)",
};
/* clang-format on */

static void
what_a_program_must_not_see_or_change_is_refused_to_it(void **state)
{
	(void)state;
	assert_true(may("ouv_gw", "SELECT id FROM item"));
	assert_true(may("ouv_srv", "SELECT body FROM item"));
	for (size_t i = 0; i < sizeof(not_for_the_gateway) /
				sizeof(not_for_the_gateway[0]);
		i++)
		if (may("ouv_gw", not_for_the_gateway[i]))
			fail_msg("gateway: %s", not_for_the_gateway[i]);
	for (size_t i = 0;
		i < sizeof(not_for_the_server) / sizeof(not_for_the_server[0]);
		i++)
		if (may("ouv_srv", not_for_the_server[i]))
			fail_msg("server: %s", not_for_the_server[i]);
}

/* ---- transactions ------------------------------------------------------------------ */

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
	assert_int_equal(store_party_consumer(tx, &c.id, &party, &code),
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
	int before = cases();

	(void)state;
	ok(store_case_add(tx, &c));
	ok(store_case_touch(tx, &nowhere, 1, 1700000000));
	ok(store_ident_add(tx, &nowhere, 2, &c.id, &c.id));
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
	assert_int_equal(
		store_case_lock(other, place.arena, &c.id, &seen),
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

/* ---- a connection that goes away ------------------------------------------------- */

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
		(void)select(
			store_socket(store) + 1, &set, NULL, NULL, &left);
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
	assert_int_equal(store_listen(place.gateway, "x; DROP TABLE item"),
		OUV_INVALID);
}

static void
the_clocks_of_one_machine_agree(void **state)
{
	int64_t skew = 99;

	(void)state;
	ok(store_clock_skew(place.server, &skew));
	assert_in_range(skew + 1, 0, 2);
}

/* ---- the log of the program -------------------------------------------------------- */

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
		cmocka_unit_test(every_statement_fits_the_schema),
		cmocka_unit_test(every_statement_has_a_name_of_its_own),
		cmocka_unit_test(a_statement_that_does_not_fit_is_told),
		cmocka_unit_test(
			the_labels_are_the_same_in_c_and_in_the_database),
		cmocka_unit_test(the_dump_is_what_the_migrations_make),
		cmocka_unit_test(migrating_again_changes_nothing),
		cmocka_unit_test(a_changed_migration_is_refused),
		cmocka_unit_test(a_missing_or_misnumbered_migration_is_refused),
		cmocka_unit_test(a_migration_that_fails_leaves_nothing),
		cmocka_unit_test(
			a_new_migration_is_applied_and_then_needs_a_new_program),
		cmocka_unit_test(
			a_missing_role_is_told_before_anything_is_done),
		cmocka_unit_test(
			the_gateway_may_run_of_the_servers_statements_only_the_shared_ones),
		cmocka_unit_test(
			each_program_may_run_its_own_statements),
		cmocka_unit_test(
			what_a_program_must_not_see_or_change_is_refused_to_it),
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
		cmocka_unit_test(
			a_letter_wakes_who_listens_also_on_a_new_connection),
		cmocka_unit_test(the_clocks_of_one_machine_agree),
		cmocka_unit_test(
			a_failure_is_logged_by_name_and_never_by_value),
	};

	return cmocka_run_group_tests(tests, place_start, place_stop);
}
