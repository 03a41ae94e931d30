/*
 * store_grant_test.c - who holds which key, against a real PostgreSQL and as
 * both programs
 */
#include "ouv/store_keys.h"
#include "ouv/store_mediation.h"
#include "store_place.h"

static struct ouv_id ana, bruno, carla, rita, helena;

static int
people(void **state)
{
	if (place_start(state) != 0)
		return -1;
	ana = colleague("ana", OUV_ROLE_MEDIATOR, true);
	bruno = colleague("bruno", OUV_ROLE_MEDIATOR, true);
	carla = colleague("carla", OUV_ROLE_READER, false);
	rita = colleague("rita", OUV_ROLE_INTAKE, true);
	helena = colleague("helena", OUV_ROLE_OMBUDSMAN, false);
	return 0;
}

/* A case whose key these hold, as the gateway makes them; ended by NULL. */
static struct ouv_id
put(enum ouv_state state, const char *protocol, const struct ouv_id *first, ...)
{
	struct store_case c = a_case(state);
	struct store_tx *tx = begin(place.gateway);
	va_list args;

	c.protocol = protocol;
	ok(store_case_add(tx, &c));
	va_start(args, first);
	for (const struct ouv_id *who = first; who != NULL;
		who = va_arg(args, const struct ouv_id *)) {
		struct store_grant grant = { .case_id = c.id,
			.person = *who,
			.version = 1,
			.pk = { 1 } };

		ok(store_grants_add(tx, &grant, 1));
	}
	va_end(args);
	ok(store_commit(&tx));
	return c.id;
}

static void
give(const struct ouv_id *id, const struct ouv_id *to, const char *why)
{
	struct store_grant grant = { .case_id = *id,
		.person = *to,
		.version = 1,
		.granted_by = ana,
		.pk = { 1 } };
	struct store_tx *tx = begin(place.server);

	ok(store_grant_add(tx, &grant, why));
	ok(store_commit(&tx));
}

static const char *
holders(const struct ouv_id *id)
{
	return sql("SELECT coalesce(string_agg(p.login, ' ' ORDER BY p.login),"
		   " '-') FROM case_grant g JOIN person p ON p.id = g.person"
		   " WHERE g.case_id = '%s'",
		hex(id));
}

static const char *
due(const struct ouv_id *id)
{
	return sql("SELECT coalesce(string_agg(p.login || ':' || d.why, ' '"
		   " ORDER BY p.login), '-') FROM grant_due d JOIN person p"
		   " ON p.id = d.person WHERE d.case_id = '%s'",
		hex(id));
}

static const char *
take_back(const struct ouv_id *id, const struct ouv_id *who,
	const struct ouv_id *by)
{
	struct store_tx *tx = begin(place.server);
	const char *outcome;

	ok(store_grant_revoke(tx, place.arena, id, who, by, &outcome));
	ok(store_commit(&tx));
	return outcome;
}

/* ---- taken back ---------------------------------------------------------- */

static void
two_who_can_open_an_open_case_are_left(void **state)
{
	struct ouv_id id = put(
		OUV_STATE_TRIAGE, "2041-000001-1", &ana, &bruno, &rita, NULL);

	(void)state;
	assert_string_equal(take_back(&id, &rita, &carla), "refused");
	assert_string_equal(take_back(&id, &carla, &ana), "no-key");
	assert_string_equal(take_back(&id, &rita, &ana), "revoked");
	assert_string_equal(holders(&id), "ana bruno");
	assert_string_equal(take_back(&id, &bruno, &ana), "last-holders");
	assert_string_equal(take_back(&id, &ana, &ana), "last-holders");
	assert_string_equal(holders(&id), "ana bruno");
	assert_string_equal(
		sql("SELECT rekey_due FROM case_file WHERE id = '%s'",
			hex(&id)),
		"t");
}

static void
one_who_has_left_does_not_count(void **state)
{
	struct ouv_id gone = colleague("gone", OUV_ROLE_MEDIATOR, true);
	struct ouv_id id = put(
		OUV_STATE_TRIAGE, "2041-000002-2", &ana, &bruno, &gone, NULL);

	(void)state;
	(void)sql("UPDATE person SET active = false WHERE login = 'gone'");
	assert_string_equal(take_back(&id, &bruno, &ana), "last-holders");
}

static void
one_who_can_open_a_closed_case_is_left(void **state)
{
	struct ouv_id id =
		put(OUV_STATE_CLOSED, "2041-000003-3", &ana, &bruno, NULL);

	(void)state;
	assert_string_equal(take_back(&id, &bruno, &ana), "revoked");
	assert_string_equal(take_back(&id, &ana, &ana), "last-holders");
	assert_string_equal(holders(&id), "ana");
}

static void
what_was_taken_back_is_not_given_again_by_itself(void **state)
{
	struct ouv_id id = put(
		OUV_STATE_MERIT, "2041-000004-4", &ana, &bruno, &carla, NULL);
	struct store_keys_wish wish = {
		.holder = ana, .to = carla, .which = "mine"
	};
	struct store_tx *tx;
	struct ouv_id *list;
	struct store_grant_due *keys;
	int64_t left, conflicts;
	size_t count;

	(void)state;
	(void)sql("UPDATE case_file SET owner = '%s' WHERE id = '%s'",
		hex(&ana), hex(&id));
	assert_string_equal(take_back(&id, &carla, &ana), "revoked");
	tx = begin(place.server);
	ok(store_keys_left(tx, &wish, &left, &conflicts));
	assert_true(left == 0 && conflicts == 0);
	ok(store_keys_lacking(tx, place.arena, &wish, 9, &keys, &count));
	assert_int_equal(count, 0);
	ok(store_grants_due_of(tx, &ana, &carla));
	ok(store_grant_ask(tx, &id, "reader,ombudsman", "review"));
	ok(store_grant_lacking(
		tx, place.arena, &id, &ana, "reader", &list, &count));
	assert_int_equal(count, 0);
	ok(store_commit(&tx));
	assert_string_equal(due(&id), "helena:review");
	give(&id, &carla, "given"); /* deliberately */
	assert_string_equal(holders(&id), "ana bruno carla");
	assert_string_equal(sql("SELECT count(*) FROM grant_ended WHERE"
				" case_id = '%s'",
				    hex(&id)),
		"0");
}

/* ---- conflicts ----------------------------------------------------------- */

static void
in_conflict(const struct ouv_id *id, const struct ouv_id *who)
{
	struct store_tx *tx = begin(place.server);

	ok(store_conflict_add(tx, id, who));
	ok(store_commit(&tx));
}

static const char *
tasks(const struct ouv_id *id)
{
	return sql("SELECT coalesce(string_agg(kind, ' ' ORDER BY kind), '-')"
		   " FROM task WHERE case_id = '%s' AND done IS NULL",
		hex(id));
}

static void
a_conflict_may_leave_one_and_then_the_ombudsman_is_asked(void **state)
{
	struct ouv_id id = put(
		OUV_STATE_TRIAGE, "2041-000005-5", &ana, &bruno, &rita, NULL);

	(void)state;
	in_conflict(&id, &bruno);
	assert_string_equal(tasks(&id), "-");
	assert_string_equal(due(&id), "-");
	in_conflict(&id, &rita);
	assert_string_equal(holders(&id), "ana");
	assert_string_equal(tasks(&id), "few-holders");
	assert_string_equal(due(&id), "helena:few-holders");
	in_conflict(&id, &ana); /* the last key stays */
	assert_string_equal(holders(&id), "ana");
}

static void
nobody_in_conflict_is_asked(void **state)
{
	struct ouv_id id =
		put(OUV_STATE_TRIAGE, "2041-000006-6", &ana, &bruno, NULL);

	(void)state;
	in_conflict(&id, &helena);
	in_conflict(&id, &bruno);
	assert_string_equal(tasks(&id), "few-holders");
	assert_string_equal(due(&id), "-");
}

/* ---- after triage -------------------------------------------------------- */

static size_t
desk_end(const struct ouv_id *id)
{
	struct store_tx *tx = begin(place.server);
	struct ouv_id *list;
	size_t count;

	ok(store_grants_desk_end(tx, place.arena, id, &list, &count));
	ok(store_commit(&tx));
	return count;
}

static void
intake_alone_loses_its_key_and_only_after_triage(void **state)
{
	struct ouv_id id = put(
		OUV_STATE_TRIAGE, "2041-000007-7", &ana, &bruno, &rita, NULL);

	(void)state;
	assert_int_equal(desk_end(&id), 0);
	(void)sql("UPDATE case_file SET state = 'company' WHERE id = '%s'",
		hex(&id));
	assert_int_equal(desk_end(&id), 1);
	assert_string_equal(holders(&id), "ana bruno");
	assert_string_equal(
		sql("SELECT rekey_due FROM case_file WHERE id = '%s'",
			hex(&id)),
		"f");
}

static void
whoever_works_on_it_keeps_it_and_so_do_the_last_two(void **state)
{
	struct ouv_id owned = put(
		OUV_STATE_COMPANY, "2041-000008-8", &ana, &bruno, &rita, NULL);
	struct ouv_id team = put(
		OUV_STATE_COMPANY, "2041-000009-9", &ana, &bruno, &rita, NULL);
	struct ouv_id given =
		put(OUV_STATE_COMPANY, "2041-000010-0", &ana, &bruno, NULL);
	struct ouv_id few =
		put(OUV_STATE_COMPANY, "2041-000011-1", &ana, &rita, NULL);

	(void)state;
	(void)sql("UPDATE case_file SET owner = '%s' WHERE id = '%s'",
		hex(&rita), hex(&owned));
	(void)sql("INSERT INTO case_team (case_id, person) VALUES ('%s', '%s')",
		hex(&team), hex(&rita));
	give(&given, &rita, "given");
	assert_int_equal(desk_end(&owned), 0);
	assert_int_equal(desk_end(&team), 0);
	assert_int_equal(desk_end(&given), 0);
	assert_int_equal(desk_end(&few), 0);
	assert_string_equal(holders(&few), "ana rita");
}

/* ---- due, and several at once ----------------------------------------------
 */

static void
a_program_asks_and_a_holder_sees_what_is_due(void **state)
{
	struct ouv_id id =
		put(OUV_STATE_REVIEW, "2041-000012-2", &ana, &bruno, NULL);
	struct store_tx *tx = begin(place.gateway);
	struct store_grant_due *list;
	size_t count;

	(void)state;
	ok(store_grant_ask(tx, &id, "reader", "review"));
	ok(store_grant_ask(tx, &id, "reader,mediator", "review"));
	ok(store_commit(&tx));
	assert_string_equal(due(&id), "carla:review");
	tx = begin(place.server);
	ok(store_grants_due(tx, place.arena, &id, &helena, 20, &list, &count));
	assert_int_equal(count, 0); /* has no key to give */
	ok(store_grants_due(tx, place.arena, &id, &ana, 20, &list, &count));
	assert_int_equal(count, 1);
	assert_true(ouv_id_equal(&list->person, &carla));
	assert_string_equal(list->why, "review");
	ok(store_commit(&tx));
	give(&id, &carla, "review");
	assert_string_equal(due(&id), "-");
	assert_string_equal(sql("SELECT why FROM grant_given WHERE case_id ="
				" '%s'",
				    hex(&id)),
		"review");
}

static void
what_one_can_give_another_is_counted_and_conflicts_apart(void **state)
{
	struct ouv_id dora = colleague("dora", OUV_ROLE_MEDIATOR, true);
	struct ouv_id eva = colleague("eva", OUV_ROLE_MEDIATOR, true);
	struct store_keys_wish wish = {
		.holder = dora, .to = eva, .which = "open"
	};
	struct ouv_id own =
		put(OUV_STATE_COMPANY, "2041-000013-3", &dora, &ana, NULL);
	struct ouv_id shut =
		put(OUV_STATE_COMPANY, "2041-000014-4", &dora, &ana, NULL);
	struct store_tx *tx;
	struct store_grant_due *list;
	int64_t left, conflicts;
	size_t count;

	(void)state;
	(void)put(OUV_STATE_TRIAGE, "2041-000015-5", &dora, &eva, NULL);
	(void)put(OUV_STATE_RECEIVED, "2041-000016-6", &dora, &ana, NULL);
	(void)put(OUV_STATE_CLOSED, "2041-000017-7", &dora, &ana, NULL);
	(void)put(OUV_STATE_COMPANY, "2041-000018-8", &ana, &bruno, NULL);
	(void)sql("UPDATE case_file SET owner = '%s' WHERE id = '%s'",
		hex(&dora), hex(&own));
	in_conflict(&shut, &eva);
	tx = begin(place.server);
	ok(store_keys_left(tx, &wish, &left, &conflicts));
	assert_true(left == 2 && conflicts == 1);
	ok(store_keys_lacking(tx, place.arena, &wish, 1, &list, &count));
	assert_int_equal(count, 1);
	wish.which = "mine";
	ok(store_keys_left(tx, &wish, &left, &conflicts));
	assert_true(left == 1 && conflicts == 0);
	wish.which = "of";
	wish.of = dora;
	ok(store_keys_left(tx, &wish, &left, &conflicts));
	assert_true(left == 1);
	wish.which = "desk";
	ok(store_keys_left(tx, &wish, &left, &conflicts));
	assert_true(left == 1);
	wish.which = "closed";
	ok(store_keys_left(tx, &wish, &left, &conflicts));
	assert_true(left == 1);
	wish.which = "other";
	ok(store_keys_left(tx, &wish, &left, &conflicts));
	assert_true(left == 0 && conflicts == 0);
	ok(store_grants_due_of(tx, &dora, &eva));
	ok(store_commit(&tx));
	assert_string_equal(due(&own), "eva:substitute");
}

/* ---- somebody leaves -------------------------------------------------------
 */

static void
nothing_of_whoever_left_opens_anything(void **state)
{
	struct ouv_id fabio = colleague("fabio", OUV_ROLE_MEDIATOR, true);
	struct ouv_id open = put(
		OUV_STATE_COMPANY, "2041-000019-9", &fabio, &ana, &bruno, NULL);
	struct ouv_id few =
		put(OUV_STATE_TRIAGE, "2041-000020-0", &fabio, &ana, NULL);
	struct store_leave_stop *stops;
	struct ouv_id *cases;
	struct store_tx *tx;
	size_t count;

	(void)state;
	(void)put(OUV_STATE_CLOSED, "2041-000021-1", &fabio, &ana, NULL);
	(void)sql("INSERT INTO session (id, person, wrapped) VALUES"
		  " (sha256('x'), '%s', repeat('x', 104)::bytea)",
		hex(&fabio));
	(void)sql("UPDATE case_file SET owner = '%s' WHERE id = '%s'",
		hex(&fabio), hex(&open));
	tx = begin(place.server);
	ok(store_leave_stops(tx, place.arena, &fabio, &stops, &count));
	assert_int_equal(count, 1);
	assert_string_equal(stops->protocol, "2041-000020-0");
	assert_int_equal(store_leave(tx, place.arena, &fabio, &cases, &count),
		OUV_CONFLICT);
	ok(store_commit(&tx));
	assert_string_equal(holders(&open), "ana bruno fabio");
	give(&few, &bruno, "given");
	tx = begin(place.server);
	ok(store_leave(tx, place.arena, &fabio, &cases, &count));
	assert_int_equal(count, 3);
	assert_int_equal(store_leave(tx, place.arena, &fabio, &cases, &count),
		OUV_CONFLICT); /* once */
	ok(store_commit(&tx));
	assert_string_equal(holders(&open), "ana bruno");
	assert_string_equal(tasks(&open), "no-owner");
	assert_string_equal(sql("SELECT owner IS NULL AND rekey_due FROM"
				" case_file WHERE id = '%s'",
				    hex(&open)),
		"t");
	assert_string_equal(
		sql("SELECT active OR desk OR EXISTS (SELECT 1 FROM session s"
		    " WHERE s.person = p.id) FROM person p WHERE login ="
		    " 'fabio'"),
		"f");
	assert_string_equal(sql("SELECT count(*) FROM case_file WHERE rekey_due"
				" AND protocol = '2041-000021-1'"),
		"1");
}

/* ---- who may do what -------------------------------------------------------
 */

static void
keys_go_by_the_functions_alone(void **state)
{
	/* clang-format off */
	static const char *const not_for_either[] = {
		"DELETE FROM case_grant", "DELETE FROM grant_given",
		"UPDATE grant_due SET person = person",
		"INSERT INTO grant_ended DEFAULT VALUES",
		"SELECT grant_gone(NULL, NULL)", "SELECT grant_drop(NULL, NULL)",
		"SELECT few_holders(NULL)",
		"UPDATE person SET active = true",
	};
	static const char *const not_for_the_gateway[] = {
		"SELECT 1 FROM grant_given", "SELECT 1 FROM grant_due",
		"INSERT INTO grant_due DEFAULT VALUES", "DELETE FROM grant_due",
		"SELECT 1 FROM grant_ended", "SELECT person_leave(NULL)",
		"SELECT grant_revoke(NULL, NULL, NULL)",
		"SELECT grants_desk_end(NULL)", "SELECT key_holders(NULL, NULL)",
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0;
		i < sizeof(not_for_either) / sizeof(not_for_either[0]); i++) {
		assert_false(may("ouv_gw", not_for_either[i]));
		assert_false(may("ouv_srv", not_for_either[i]));
	}
	for (size_t i = 0; i < sizeof(not_for_the_gateway) /
				       sizeof(not_for_the_gateway[0]);
		i++)
		assert_false(may("ouv_gw", not_for_the_gateway[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_who_can_open_an_open_case_are_left),
		cmocka_unit_test(one_who_has_left_does_not_count),
		cmocka_unit_test(one_who_can_open_a_closed_case_is_left),
		cmocka_unit_test(
			what_was_taken_back_is_not_given_again_by_itself),
		cmocka_unit_test(
			a_conflict_may_leave_one_and_then_the_ombudsman_is_asked),
		cmocka_unit_test(nobody_in_conflict_is_asked),
		cmocka_unit_test(
			intake_alone_loses_its_key_and_only_after_triage),
		cmocka_unit_test(
			whoever_works_on_it_keeps_it_and_so_do_the_last_two),
		cmocka_unit_test(a_program_asks_and_a_holder_sees_what_is_due),
		cmocka_unit_test(
			what_one_can_give_another_is_counted_and_conflicts_apart),
		cmocka_unit_test(nothing_of_whoever_left_opens_anything),
		cmocka_unit_test(keys_go_by_the_functions_alone),
	};

	return cmocka_run_group_tests(tests, people, place_stop);
}
