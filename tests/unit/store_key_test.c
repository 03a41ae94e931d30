/*
 * store_key_test.c - keys that change while somebody gives one, ties that begin
 * by themselves, and how keys are counted, against a real PostgreSQL
 */
#include <pthread.h>

#include "../../lib/store/sql.h"
#include "ouv/store_keys.h"
#include "ouv/store_mediation.h"
#include "store_place.h"

static struct ouv_id ana, bruno, helena;

/* Somebody who has come: only they count as holders. */
static struct ouv_id
add_here(const char *login, enum ouv_role role)
{
	struct ouv_id id = add_person(login, role, true);

	(void)sql("INSERT INTO person_key (person, how, salt, ops, mem,"
		  " version, commit, wrapped) VALUES ('%s', 1,"
		  " repeat('s', 16)::bytea, 1, 1, 1, repeat('c', 16)::bytea, "
		  "repeat('w', 104)::bytea)",
		hex(&id));
	return id;
}

static int
people(void **state)
{
	if (place_start(state) != 0)
		return -1;
	ana = add_here("ana", OUV_ROLE_MEDIATOR);
	bruno = add_here("bruno", OUV_ROLE_MEDIATOR);
	helena = add_here("helena", OUV_ROLE_OMBUDSMAN);
	return 0;
}

static struct store_grant
a_grant(const struct ouv_id *case_id, const struct ouv_id *who)
{
	return (struct store_grant){
		.case_id = *case_id, .person = *who, .version = 1, .pk = { 1 }
	};
}

static struct ouv_id
put(enum ouv_state state, const char *protocol, const struct ouv_id *one,
	const struct ouv_id *two)
{
	struct store_case c = a_case(state);
	struct store_grant grants[2] = { a_grant(&c.id, one) };
	struct store_tx *tx = begin(place.gateway);

	c.protocol = protocol;
	ok(store_case_add(tx, &c));
	if (two != NULL)
		grants[1] = a_grant(&c.id, two);
	ok(store_grants_add(tx, grants, two != NULL ? 2 : 1));
	ok(store_commit(&tx));
	return c.id;
}

static const char *
holders(const struct ouv_id *id)
{
	return sql("SELECT coalesce(string_agg(p.login, ' ' ORDER BY p.login),"
		   " '-') FROM case_grant g JOIN person p ON p.id = g.person"
		   " WHERE g.case_id = '%s'",
		hex(id));
}

static bool
waits(const struct ouv_id *id)
{
	return strcmp(sql("SELECT rekey_due FROM case_file WHERE id = '%s'",
			      hex(id)),
		       "t") == 0;
}

/* ---- keys that change meanwhile -------------------------------------------
 */

/* New keys lie ready for them. */
static void
invite(const struct ouv_id *who)
{
	(void)sql("INSERT INTO invite (person, until, made_by, pk, sig_pk,"
		  " cert_admin, cert_sig, totp_box, salt, commit, wrapped)"
		  " VALUES ('%s', now() + interval '1 hour', '%s',"
		  " repeat('n', 32)::bytea, repeat('m', 32)::bytea, '%s',"
		  " repeat('x', 64)::bytea, 'x', repeat('s', 16)::bytea,"
		  " repeat('c', 16)::bytea, repeat('w', 104)::bytea)",
		hex(who), hex(who), hex(who));
}

static void
take_keys(const struct ouv_id *who)
{
	(void)sql("SELECT invite_take('%s', repeat('n', 32)::bytea)", hex(who));
}

static enum ouv_err
give_now(struct store *store, const struct ouv_id *case_id,
	const struct ouv_id *who)
{
	struct store_grant grant = a_grant(case_id, who);
	struct store_tx *tx = begin(store);
	enum ouv_err err = store == place.gateway
				   ? store_grants_add(tx, &grant, 1)
				   : store_grant_add(tx, &grant, "given");

	return err != OUV_OK ? err : store_commit(&tx);
}

static void
a_key_sealed_to_keys_of_before_is_refused(void **state)
{
	struct ouv_id dora = add_here("dora", OUV_ROLE_MEDIATOR);
	struct ouv_id id = put(OUV_STATE_TRIAGE, "2042-000001-1", &ana, NULL);

	(void)state;
	invite(&dora);
	take_keys(&dora);
	assert_int_equal(give_now(place.gateway, &id, &dora), OUV_TEMPORARY);
	assert_int_equal(give_now(place.server, &id, &dora), OUV_TEMPORARY);
	assert_string_equal(holders(&id), "ana");
	(void)sql("UPDATE person SET pk = set_byte(repeat(E'\\\\000',"
		  " 32)::bytea, 0, 1) WHERE id = '%s'",
		hex(&dora));
	assert_int_equal(give_now(place.server, &id, &dora), OUV_OK);
	assert_string_equal(holders(&id), "ana dora");
}

static void
who_has_left_meanwhile_gets_no_key(void **state)
{
	struct ouv_id eva = add_here("eva", OUV_ROLE_MEDIATOR);
	struct ouv_id id = put(OUV_STATE_TRIAGE, "2042-000002-2", &ana, NULL);

	(void)state;
	(void)sql("SELECT person_leave('%s')", hex(&eva));
	assert_int_equal(give_now(place.gateway, &id, &eva), OUV_TEMPORARY);
	assert_int_equal(give_now(place.server, &id, &eva), OUV_TEMPORARY);
	assert_string_equal(holders(&id), "ana");
}

static void *
take_beside(void *who)
{
	take_keys(who);
	return NULL;
}

/* The grant was made before the new keys, and is committed after they were
 * asked for. */
static void
a_key_that_is_just_being_given_ends_with_the_keys(void **state)
{
	struct ouv_id fabio = add_here("fabio", OUV_ROLE_MEDIATOR);
	struct ouv_id id = put(OUV_STATE_TRIAGE, "2042-000003-3", &ana, &bruno);
	struct store_grant grant = a_grant(&id, &fabio);
	struct store_tx *tx;
	int64_t until_ms = ouv_clock_mono_ms() + 20000;
	pthread_t thread;

	(void)state;
	invite(&fabio);
	tx = begin(place.gateway);
	ok(store_grants_add(tx, &grant, 1));
	ok(store_flush(tx));
	assert_int_equal(pthread_create(&thread, NULL, take_beside, &fabio), 0);
	/* This connection, for sql() has one answer at a time. */
	while (number(may("postgres", "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM"
				      " pg_locks WHERE NOT granted) THEN RAISE"
				      " 'none'; END IF; END $$")
			       ? "1"
			       : "0") == 0)
		assert_true(ouv_clock_mono_ms() < until_ms);
	ok(store_commit(&tx));
	(void)pthread_join(thread, NULL);
	assert_string_equal(holders(&id), "ana bruno");
	assert_true(waits(&id));
}

/* ---- the office's own keys ------------------------------------------------
 */

static const char *
taken(void)
{
	return sql("SELECT string_agg(concat_ws(' ', program, name, version),"
		   " ', ' ORDER BY program) FROM key_taken");
}

static void
programs_are_known_by_what_they_may_whatever_their_user(void **state)
{
	(void)state;
	(void)sql("CREATE ROLE post LOGIN IN ROLE ouv_gw;"
		  "CREATE ROLE web LOGIN IN ROLE ouv_srv");
	assert_true(may("post", "SELECT gateway_holds('svc', 2)"));
	assert_true(may("web", "SELECT server_holds('svc', 1)"));
	assert_false(may("post", "SELECT server_holds('svc', 3)"));
	assert_false(may("web", "SELECT gateway_holds('svc', 3)"));
	assert_string_equal(taken(), "gateway svc 2, server svc 1");
	assert_true(may("post", "SELECT gateway_holds('svc', 1)"));
	assert_string_equal(taken(), "gateway svc 2, server svc 1");
	(void)sql("DELETE FROM key_taken; DROP ROLE post; DROP ROLE web");
}

/* Who is named, one after the other; "?" a link. */
static const char *
left(int version)
{
	struct store_tx *tx = begin(place.owner);
	struct store_key_left *list;
	const char *all = "";
	size_t count;

	ok(store_key_left(tx, place.arena, version, &list, &count));
	ok(store_commit(&tx));
	for (size_t i = 0; i < count; i++)
		all = ouv_arena_printf(place.arena, "%s%s ", all,
			list[i].login != NULL ? list[i].login : "?");
	return all;
}

static void
an_invitation_counts_until_the_console_has_ended_with_the_former(void **state)
{
	static const struct {
		const char *held, *left;
	} rows[] = {
		{ "NULL", "noel " }, /* it was not started with the new one */
		{ "now()", "noel " },
		{ "now() - interval '40 seconds'", "noel " },
		{ "now() - interval '50 seconds'", "" },
	};
	struct ouv_id noel = add_person("noel", OUV_ROLE_MEDIATOR, true);

	(void)state;
	(void)sql("UPDATE person_key SET version = 2");
	invite(&noel);
	assert_string_equal(left(1), ""); /* nothing was changed */
	(void)sql("INSERT INTO key_rotation (name, version, began)"
		  " VALUES ('pepper', 2, now() - interval '1 hour')");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)sql("DELETE FROM key_taken");
		(void)sql("INSERT INTO key_taken SELECT 'server', 'pepper',"
			  " 2, t FROM (SELECT (%s)::timestamptz AS t) a"
			  " WHERE t IS NOT NULL",
			rows[i].held);
		assert_string_equal(left(2), rows[i].left);
	}
	(void)sql("DELETE FROM invite; DELETE FROM key_taken;"
		  "DELETE FROM key_rotation;"
		  "UPDATE person_key SET version = 1");
}

/* ---- ties that begin ------------------------------------------------------
 */

static void
tie(const struct ouv_id *who, const char *column, const struct ouv_id *what,
	const char *from, const char *until)
{
	struct ouv_id id = ouv_id_new();

	(void)sql("INSERT INTO conflict_register (id, person, %s, kind,"
		  " from_day, until_day, made_by) VALUES ('%s', '%s', '%s',"
		  " 'family', current_date + %s, %s, '%s')",
		column, hex(&id), hex(who), hex(what), from, until, hex(who));
}

/* What is to come tomorrow has come. */
static void
a_day_passes(void)
{
	(void)sql("UPDATE conflict_register SET from_day = from_day - 1,"
		  " until_day = until_day - 1");
}

static size_t
felt(struct store_key_gone *first_out)
{
	struct store_tx *tx = begin(place.gateway);
	struct store_key_gone *list;
	size_t count;

	ok(store_ties_felt(tx, place.arena, &list, &count));
	ok(store_commit(&tx));
	if (count > 0)
		*first_out = list[0];
	return count;
}

static struct ouv_id
a_company(void)
{
	struct ouv_id id = ouv_id_new();

	(void)sql("INSERT INTO company (id, name, lang) VALUES ('%s', 'C %s',"
		  " 'it')",
		hex(&id), hex(&id));
	return id;
}

static void
a_tie_of_tomorrow_is_felt_tomorrow(void **state)
{
	struct ouv_id company = a_company();
	struct ouv_id gil = add_here("gil", OUV_ROLE_MEDIATOR);
	struct ouv_id id = put(OUV_STATE_COMPANY, "2042-000004-4", &gil, &ana);
	struct ouv_id bare =
		put(OUV_STATE_COMPANY, "2042-000005-5", &ana, &bruno);
	struct ouv_id other =
		put(OUV_STATE_COMPANY, "2042-000006-6", &gil, &ana);
	struct store_key_gone gone;

	(void)state;
	(void)sql("UPDATE case_file SET company = '%s', owner = '%s' WHERE id"
		  " IN ('%s', '%s')",
		hex(&company), hex(&gil), hex(&id), hex(&bare));
	tie(&gil, "company", &company, "1", "current_date + 1");
	assert_int_equal(felt(&gone), 0);
	assert_string_equal(holders(&id), "ana gil");
	a_day_passes();
	assert_int_equal(felt(&gone), 1);
	assert_true(ouv_id_equal(&gone.case_id, &id));
	assert_true(ouv_id_equal(&gone.person, &gil));
	assert_string_equal(holders(&id), "ana");
	assert_true(waits(&id));
	assert_string_equal(holders(&other), "ana gil");
	/* What they looked after without a key is nobody's either. */
	assert_string_equal(sql("SELECT count(owner) FROM case_file WHERE"
				" company = '%s'",
				    hex(&company)),
		"0");
	assert_int_equal(felt(&gone), 0);
}

static void
what_has_ended_or_is_past_is_not_felt(void **state)
{
	struct ouv_id company = a_company();
	struct ouv_id ivo = add_here("ivo", OUV_ROLE_MEDIATOR);
	struct ouv_id id = put(OUV_STATE_COMPANY, "2042-000007-7", &ivo, &ana);
	struct store_key_gone gone;

	(void)state;
	(void)sql("UPDATE case_file SET company = '%s' WHERE id = '%s'",
		hex(&company), hex(&id));
	tie(&ivo, "company", &company, "1", "NULL");
	(void)sql("UPDATE conflict_register SET ended = now() WHERE person ="
		  " '%s'",
		hex(&ivo));
	a_day_passes();
	tie(&ivo, "company", &company, "-9", "current_date - 1");
	assert_int_equal(felt(&gone), 0);
	assert_string_equal(holders(&id), "ana ivo");
}

/* A last key stays, and the ombudsman is to get it; once they have it, it ends
 * without anybody's doing. */
static void
the_last_key_waits_for_another_holder(void **state)
{
	struct ouv_id consumer = ouv_id_new(), party = ouv_id_new();
	struct ouv_id jana = add_here("jana", OUV_ROLE_MEDIATOR);
	struct ouv_id id = put(OUV_STATE_COMPANY, "2042-000008-8", &jana, NULL);
	struct store_key_gone gone;

	(void)state;
	(void)sql("INSERT INTO ident_token (token, kind, case_id, party)"
		  " VALUES ('%s', 1, '%s', '%s')",
		hex(&consumer), hex(&id), hex(&party));
	tie(&jana, "consumer", &consumer, "1", "NULL");
	a_day_passes();
	assert_int_equal(felt(&gone), 0);
	assert_string_equal(holders(&id), "jana");
	assert_string_equal(sql("SELECT string_agg(kind, ' ') FROM task WHERE"
				" case_id = '%s' AND done IS NULL",
				    hex(&id)),
		"few-holders");
	assert_string_equal(sql("SELECT p.login FROM grant_due d JOIN person p"
				" ON p.id = d.person WHERE d.case_id = '%s'",
				    hex(&id)),
		"helena");
	assert_int_equal(give_now(place.server, &id, &helena), OUV_OK);
	assert_int_equal(felt(&gone), 1);
	assert_true(ouv_id_equal(&gone.person, &jana));
	assert_string_equal(holders(&id), "helena");
}

static void
the_gateway_alone_asks_for_ties(void **state)
{
	(void)state;
	assert_true(may("ouv_gw", "SELECT ties_felt()"));
	assert_false(may("ouv_srv", "SELECT ties_felt()"));
}

/* ---- how many keys ----------------------------------------------------------
 */

/* Closed cases are ever more: what is counted are the open ones. */
static void
keys_are_counted_from_the_open_cases_on(void **state)
{
	struct ouv_id lia = add_here("lia", OUV_ROLE_MEDIATOR);
	struct store_staff *list;
	struct store_tx *tx;
	const char *plan;
	size_t count;

	(void)state;
	for (int n = 1; n <= 3; n++) {
		char protocol[] = "2043-000000-0";

		protocol[10] = (char)('0' + n);
		(void)put(n < 3 ? OUV_STATE_COMPANY : OUV_STATE_CLOSED,
			protocol, &lia, &ana);
	}
	(void)sql("ALTER TABLE case_grant DISABLE TRIGGER USER;"
		  "WITH c AS (INSERT INTO case_file (id, protocol, state, lang,"
		  " channel, opened, last, items, key_version, summary) SELECT"
		  " gen_random_uuid(), '2044-' || lpad(n::text, 6, '0') ||"
		  " '-0', 'closed', 'it', 'mail', now(), now(), 1, 1, 'x' FROM"
		  " generate_series(1, 5000) n RETURNING id) INSERT INTO"
		  " case_grant (case_id, version, person, pk, box, granted_by,"
		  " sig) SELECT c.id, 1, p, '', '', p, '' FROM c, unnest(ARRAY"
		  " ['%s', '%s', '%s', '%s']::uuid[]) p;"
		  "ALTER TABLE case_grant ENABLE TRIGGER USER;"
		  "ANALYZE case_grant; ANALYZE case_file",
		hex(&lia), hex(&ana), hex(&bruno), hex(&helena));
	plan = sql("PREPARE s AS %s; EXPLAIN EXECUTE s (NULL, 15, 10)",
		sql_texts[SQL_STAFF].text);
	assert_non_null(strstr(plan, "case_grant_pkey"));
	assert_null(strstr(plan, "Seq Scan on case_grant"));
	assert_null(strstr(plan, "case_grant_person"));
	tx = begin(place.server);
	ok(store_staff(tx, place.arena, "lia", 15, 10, &list, &count));
	assert_int_equal(count, 1);
	assert_int_equal(list->held, 2);
	ok(store_staff(tx, place.arena, NULL, 15, 10, &list, &count));
	ok(store_commit(&tx));
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&list[i].id, &lia))
			assert_int_equal(list[i].held, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_sealed_to_keys_of_before_is_refused),
		cmocka_unit_test(who_has_left_meanwhile_gets_no_key),
		cmocka_unit_test(
			a_key_that_is_just_being_given_ends_with_the_keys),
		cmocka_unit_test(
			programs_are_known_by_what_they_may_whatever_their_user),
		cmocka_unit_test(
			an_invitation_counts_until_the_console_has_ended_with_the_former),
		cmocka_unit_test(a_tie_of_tomorrow_is_felt_tomorrow),
		cmocka_unit_test(what_has_ended_or_is_past_is_not_felt),
		cmocka_unit_test(the_last_key_waits_for_another_holder),
		cmocka_unit_test(the_gateway_alone_asks_for_ties),
		cmocka_unit_test(keys_are_counted_from_the_open_cases_on),
	};

	return cmocka_run_group_tests(tests, people, place_stop);
}
