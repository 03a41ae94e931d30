/*
 * store_schema_test.c - the statements fit the schema, migrations are applied
 * once, and each role may do what is its own, against a real PostgreSQL
 */
#include <dirent.h>

#include "store_place.h"
#include "../../lib/store/sql.h"

/* ---- the statements and the schema ------------------------------------------
 */

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

/* ---- migrations -------------------------------------------------------- */

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

#define MIGRATIONS_MOST 100

/* Those that are shipped, and what comes after them. */
static struct {
	char name[MIGRATIONS_MOST][64];
	int count;
} shipped;

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
find_shipped(void)
{
	DIR *dir = opendir(MIGRATIONS);
	struct dirent *entry;

	shipped.count = 0;
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
			continue;
		assert_true(shipped.count < MIGRATIONS_MOST);
		(void)snprintf(shipped.name[shipped.count++], 64, "%.63s",
			entry->d_name);
	}
	(void)closedir(dir);
	qsort(shipped.name, (size_t)shipped.count, sizeof(shipped.name[0]),
		by_name);
}

/* A migration of ours that would come `after` the last one that is shipped. */
static const char *
later(int after, const char *what)
{
	static char name[64];

	(void)snprintf(
		name, sizeof(name), "%04d_%s.sql", shipped.count + after, what);
	return name;
}

/* A folder with a copy of them and `more` behind the first. */
static void
folder_with(const char *more)
{
	static char text[262144];

	(void)snprintf(folder, sizeof(folder), "/tmp/ouv-migrations.XXXXXX");
	assert_non_null(mkdtemp(folder));
	find_shipped();
	assert_int_equal(shipped.count, STORE_SCHEMA);
	for (int i = 0; i < shipped.count; i++) {
		char path[128];
		FILE *file;
		size_t len;

		(void)snprintf(path, sizeof(path), "%s/%s", MIGRATIONS,
			shipped.name[i]);
		file = fopen(path, "re");
		assert_non_null(file);
		len = fread(text, 1, sizeof(text) / 2, file);
		(void)fclose(file);
		(void)snprintf(text + len, sizeof(text) - len, "%s",
			i == 0 ? more : "");
		put_file(shipped.name[i], text);
	}
}

static void
drop_shipped(void)
{
	for (int i = 0; i < shipped.count; i++)
		drop_file(shipped.name[i]);
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
	drop_shipped();
	(void)rmdir(folder);
}

static void
a_changed_migration_is_refused(void **state)
{
	int applied = -1;

	(void)state;
	folder_with("\n");
	assert_int_equal(migrate(&applied), OUV_INVALID);
	drop_shipped();
	(void)rmdir(folder);
}

static void
a_missing_or_misnumbered_migration_is_refused(void **state)
{
	int applied = -1;

	(void)state;
	folder_with("");
	put_file(later(2, "later"), "SELECT 1;");
	assert_int_equal(migrate(&applied), OUV_INVALID);
	drop_file(later(2, "later"));
	drop_file(shipped.name[0]);
	assert_int_equal(migrate(&applied), OUV_INVALID);
	put_file("0001_other.sql", "SELECT 1;");
	assert_int_equal(migrate(&applied), OUV_INVALID);
	drop_file("0001_other.sql");
	for (int i = 1; i < shipped.count; i++)
		drop_file(shipped.name[i]);
	(void)rmdir(folder);
}

static void
a_migration_that_fails_leaves_nothing(void **state)
{
	int applied = -1;

	(void)state;
	folder_with("");
	put_file(later(1, "broken"),
		"CREATE TABLE half (n int);\nSELECT nonsense;\n");
	assert_int_equal(migrate(&applied), OUV_INVALID);
	assert_string_equal(sql("SELECT to_regclass('half') IS NULL"), "t");
	put_file(later(1, "broken"), "CREATE TABLE half (n int);\nCOMMIT;\n");
	assert_int_equal(migrate(&applied), OUV_INVALID);
	assert_int_equal(
		number(sql("SELECT max(number) FROM schema_migration")),
		shipped.count);
	(void)sql("DROP TABLE IF EXISTS half");
	drop_file(later(1, "broken"));
	drop_shipped();
	(void)rmdir(folder);
}

static void
a_new_migration_is_applied_and_then_needs_a_new_program(void **state)
{
	struct store *store = NULL;
	int applied = -1;

	(void)state;
	folder_with("");
	put_file(later(1, "more"), "CREATE TABLE more (n int);\n");
	put_file("schema.sql", "not a migration");
	ok(migrate(&applied));
	assert_int_equal(applied, 1);
	assert_int_equal(
		store_open(&place.config, STORE_SERVER, &store), OUV_INVALID);
	assert_null(store);
	(void)sql("DROP TABLE more; DELETE FROM schema_migration WHERE "
		  "number = %d",
		shipped.count + 1);
	ok(store_open(&place.config, STORE_SERVER, &store));
	store_close(&store);
	drop_file("schema.sql");
	drop_file(later(1, "more"));
	drop_shipped();
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
	drop_shipped();
	(void)rmdir(folder);
}

/* ---- who may do what --------------------------------------------------- */

/* Of what the server alone runs, all that the gateway might run as well. */
static const char *const harmless[] = { "task_is", "promise_add",
	"callback_add", "case_due", "absence_lock", "text_last",
	"capsule_contacts", "hearings", "link_shared", "option_round",
	"rating_add", "party_link", "absence_cases", "history_case_id",
	"alarms_at", "link_duplicates", "companies_page", "company_rev",
	"unit_rev", "contact_rev", "parts", "letters_wait", "terms_versions",
	"plan_fresh", "spread_of", "plan_kept", "party_capsule",
	"page_key_named", "page_key", "page_party", "page_lacks", "member_who",
	"member_cases", "member_counts", "member_hands", "member_colleagues",
	"member_promises" };

static bool
is_shared(enum sql_id id)
{
	if (sql_texts[id].roles & SQL_GATEWAY)
		return true;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (strcmp(harmless[i], sql_texts[id].name) == 0)
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
the_gateway_may_run_of_the_servers_statements_only_the_shared_ones(void **state)
{
	(void)state;
	for (enum sql_id id = 0; id < SQL__COUNT; id++) {
		if (!(sql_texts[id].roles & SQL_SERVER))
			continue;
		if (is_refused(place.gateway, id) == is_shared(id))
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
	"SELECT summary FROM case_file",
	"SELECT name FROM person", "SELECT login FROM person",
	"SELECT totp_box FROM person", "SELECT 1 FROM person_key",
	"SELECT 1 FROM session", "SELECT 1 FROM login_throttle",
	"SELECT 1 FROM invite", "SELECT 1 FROM person_device",
	"SELECT ended FROM person_former", "SELECT invite_take(NULL, NULL)",
	"SELECT 1 FROM disclosure", "SELECT 1 FROM disclosure_item",
	"SELECT 1 FROM disclosure_visit",
	"SELECT 1 FROM api_token", "SELECT 1 FROM api_count",
	"SELECT 1 FROM api_once", "INSERT INTO api_token DEFAULT VALUES",
	"SELECT box FROM case_grant", "SELECT details FROM audit_event",
	"UPDATE key_taken SET version = 1", "UPDATE key_rotation SET version = 1",
	"SELECT server_holds('svc', 1)", "SELECT key_take('gateway', 'svc', 1)",
	"SELECT 1 FROM host_secret", "SELECT 1 FROM escrow_given",
	"UPDATE ident_token SET token = token", "DELETE FROM ident_token",
	"UPDATE conflict_register SET consumer = NULL",
	"SELECT case_idents_move(NULL, NULL, NULL, 2, true)",
	"SELECT mac_box FROM audit_signer",
	"UPDATE audit_checkpoint SET n = 1", "DELETE FROM audit_checkpoint",
	"SELECT last FROM protocol_counter",
	"UPDATE case_file SET owner = NULL",
	"UPDATE case_file SET kind = 'praise'",
	"UPDATE case_file SET summary = ''", "UPDATE case_key SET cpk = ''",
	"UPDATE person SET pk = ''", "UPDATE item SET body = ''",
	"UPDATE audit_event SET action = ''",
	"DELETE FROM item", "DELETE FROM chunk", "DELETE FROM case_grant",
	"DELETE FROM inbound", "DELETE FROM outbox", "DELETE FROM audit_event",
	"INSERT INTO schema_migration VALUES (9, '', '')",
	"CREATE TABLE mine (n int)",
	"SELECT case_id FROM item_guess", "DELETE FROM item_guess",
	"SELECT outcome FROM task", "UPDATE task SET done_by = done_by",
	"DELETE FROM task", "UPDATE case_file SET aside = 'spam'",
	"SELECT held_number(NULL, 2026)", "SELECT held_retry(NULL, NULL, '')",
	"SELECT loose_files()", "SELECT loose_erase(NULL, now())",
	"SELECT paper_number(NULL, 2026)",
	"SELECT case_paper(NULL, '', '', '', '', '', now(), '', '', NULL, '')",
	"SELECT file_wipe(NULL)",
	"INSERT INTO text_version DEFAULT VALUES",
	"UPDATE text_version SET published = now()",
	"UPDATE text_version SET content = ''", "DELETE FROM text_version",
	"SELECT 1 FROM word_token", "DELETE FROM word_token",
	"INSERT INTO word_token VALUES (NULL, '')",
	"SELECT 1 FROM word_key", "SELECT 1 FROM word_part",
	"SELECT 1 FROM item_page", "DELETE FROM item_page",
	"INSERT INTO item_page DEFAULT VALUES",
	"UPDATE item_page SET taken = true",
	"SELECT 1 FROM case_seen", "DELETE FROM case_seen",
	"SELECT 1 FROM case_reader", "DELETE FROM case_reader",
	"SELECT indexed FROM case_file", "UPDATE case_file SET indexed = 0",
};
static const char *const not_for_the_server[] = {
	"UPDATE disclosure SET expires = now()", "DELETE FROM disclosure",
	"UPDATE api_token SET scopes = 3", "DELETE FROM api_token",
	"DELETE FROM api_count",
	"UPDATE disclosure_item SET item = item",
	"UPDATE word_token SET token = ''", "DELETE FROM word_token",
	"UPDATE word_key SET person = person", "DELETE FROM word_key",
	"UPDATE item_page SET ct = ''", "UPDATE item_page SET item = item",
	"DELETE FROM item_page",
	"UPDATE case_seen SET person = person", "DELETE FROM case_seen",
	"UPDATE case_reader SET person = person", "DELETE FROM case_reader",
	"INSERT INTO case_reader DEFAULT VALUES",
	"UPDATE key_taken SET version = 1", "SELECT 1 FROM key_rotation",
	"SELECT gateway_holds('svc', 1)", "SELECT key_take('server', 'svc', 1)",
	"SELECT svc_reseal(0, NULL, '', '')",
	"SELECT 1 FROM host_secret", "SELECT 1 FROM escrow_given",
	"SELECT * FROM transit_chunks(NULL, 0, 1)",
	"SELECT protocol_take(2026, 1)", "SELECT paper_by(NULL)",
	"INSERT INTO case_grant DEFAULT VALUES",
	"INSERT INTO person DEFAULT VALUES", "UPDATE person SET pk = ''",
	"UPDATE person_key SET wrapped = ''", "DELETE FROM person_key",
	"DELETE FROM invite", "DELETE FROM person_former",
	"INSERT INTO person_former DEFAULT VALUES",
	"UPDATE person SET active = false", "UPDATE case_key SET cpk = ''",
	"UPDATE case_file SET summary = ''", "UPDATE inbound SET state = 'filed'",
	"UPDATE outbox SET state = 'sent'", "UPDATE item SET body = ''",
	"DELETE FROM item", "DELETE FROM case_file", "DELETE FROM audit_event",
	"UPDATE audit_checkpoint SET mailed = now()", "DELETE FROM audit_checkpoint",
	"UPDATE audit_event SET action = ''", "UPDATE form_key SET verb = ''",
	"UPDATE item SET case_id = NULL", "UPDATE item SET seq = 1",
	"UPDATE case_file SET protocol = 'x'",
	"UPDATE ident_token SET party = NULL", "DELETE FROM ident_token",
	"UPDATE ident_token SET token = token, version = 2",
	"UPDATE conflict_register SET consumer = NULL",
	"UPDATE party SET side = 'company'", "UPDATE capsule SET ct = ''",
	"INSERT INTO item_guess DEFAULT VALUES", "DELETE FROM item_guess",
	"UPDATE task SET kind = ''",
	"DELETE FROM task", "SELECT 1 FROM mail_burst",
	"SELECT held_take_out(NULL, 1)", "SELECT held_seq(NULL, NULL)",
	"UPDATE text_version SET content = ''", "UPDATE text_version SET n = 9",
	"UPDATE text_version SET author = NULL",
	"UPDATE text_version SET reason = ''", "UPDATE text_version SET sig = ''",
	"DELETE FROM text_version",
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

/* Else anybody could put a table of their own in a function's way, or call it
 * past the program it was made for. */
static void
what_runs_with_the_owners_rights_is_fenced(void **state)
{
	(void)state;
	assert_string_equal(
		sql("SELECT count(*) > 30 FROM pg_proc WHERE pronamespace ="
		    " 'public'::regnamespace AND prosecdef"),
		"t");
	assert_string_equal(
		sql("SELECT coalesce(string_agg(proname, ' '), '-') FROM"
		    " pg_proc p WHERE pronamespace = 'public'::regnamespace"
		    " AND prosecdef AND ('search_path=public, pg_temp' <>"
		    " ALL (coalesce(proconfig, '{}')) OR proacl IS NULL OR"
		    " EXISTS (SELECT 1 FROM aclexplode(proacl) a"
		    "  WHERE a.grantee = 0))"),
		"-");
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
		cmocka_unit_test(each_program_may_run_its_own_statements),
		cmocka_unit_test(
			what_a_program_must_not_see_or_change_is_refused_to_it),
		cmocka_unit_test(what_runs_with_the_owners_rights_is_fenced),
	};

	return cmocka_run_group_tests(tests, place_start, place_stop);
}
