/*
 * store_leave_test.c - who counts as somebody that can open a case, and what
 * leaving, an invitation and a new password do, against a real PostgreSQL
 */
#include "ouv/store_keys.h"
#include "ouv/store_mediation.h"
#include "store_place.h"

static struct ouv_id ana, bruno, helena;

static int
people(void **state)
{
	if (place_start(state) != 0)
		return -1;
	ana = colleague("ana", OUV_ROLE_MEDIATOR, true);
	bruno = colleague("bruno", OUV_ROLE_MEDIATOR, true);
	helena = colleague("helena", OUV_ROLE_OMBUDSMAN, false);
	return 0;
}

/* A case whose key these hold; ended by NULL. */
static struct ouv_id
put(enum ouv_state state, const struct ouv_id *first, ...)
{
	static int number;
	char protocol[32];
	struct store_case c = a_case(state);
	struct store_tx *tx = begin(place.gateway);
	va_list args;

	(void)snprintf(protocol, sizeof(protocol), "2042-%06d-1", ++number);
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
told(const struct ouv_id *id)
{
	return sql("SELECT c.rekey_due || ' ' || coalesce((SELECT"
		   " string_agg(kind, ' ') FROM task t WHERE t.case_id = c.id"
		   " AND done IS NULL), '-') FROM case_file c WHERE id = '%s'",
		hex(id));
}

static int
others(const struct ouv_id *id, const struct ouv_id *who)
{
	struct store_tx *tx = begin(place.server);
	int count;

	ok(store_grant_others(tx, id, who, &count));
	ok(store_commit(&tx));
	return count;
}

static const char *
take_back(const struct ouv_id *id, const struct ouv_id *who)
{
	struct store_tx *tx = begin(place.server);
	const char *outcome;

	ok(store_grant_revoke(tx, place.arena, id, who, &ana, &outcome));
	ok(store_commit(&tx));
	return outcome;
}

static size_t
stops(const struct ouv_id *who)
{
	struct store_tx *tx = begin(place.server);
	struct store_leave_stop *list;
	size_t count;

	ok(store_leave_stops(tx, place.arena, who, &list, &count));
	ok(store_commit(&tx));
	return count;
}

static void
in_conflict(const struct ouv_id *id, const struct ouv_id *who)
{
	struct store_tx *tx = begin(place.server);

	ok(store_conflict_add(tx, id, who));
	ok(store_commit(&tx));
}

static enum ouv_err
leave(const struct ouv_id *who)
{
	struct store_tx *tx = begin(place.server);
	struct ouv_id *cases;
	size_t count;
	enum ouv_err err = store_leave(tx, place.arena, who, &cases, &count);

	ok(store_commit(&tx));
	return err;
}

/* ---- who is counted -------------------------------------------------------
 */

static void
one_who_never_came_does_not_count(void **state)
{
	struct ouv_id vera = add_person("vera", OUV_ROLE_MEDIATOR, true);
	struct ouv_id id = put(OUV_STATE_TRIAGE, &ana, &bruno, &vera, NULL);

	(void)state;
	assert_int_equal(others(&id, &ana), 1);
	assert_string_equal(take_back(&id, &bruno), "last-holders");
	assert_int_equal(stops(&bruno), 1);
	/* Nor does anything stand against their own leaving. */
	assert_int_equal(stops(&vera), 0);
	ok(leave(&vera));
	assert_string_equal(holders(&id), "ana bruno");
	(void)sql("DELETE FROM case_grant WHERE case_id = '%s'", hex(&id));
}

static void
one_in_conflict_who_still_has_the_key_does_not_count(void **state)
{
	struct ouv_id id = put(OUV_STATE_TRIAGE, &bruno, NULL);
	struct store_grant more = { .case_id = id,
		.person = ana,
		.version = 1,
		.granted_by = bruno,
		.pk = { 1 } };
	struct store_tx *tx;

	(void)state;
	in_conflict(&id, &bruno);
	assert_string_equal(holders(&id), "bruno");
	tx = begin(place.server);
	ok(store_grant_add(tx, &more, "few-holders"));
	ok(store_commit(&tx));
	assert_int_equal(others(&id, &ana), 0);
	in_conflict(&id, &ana); /* the last who could go on with it */
	assert_string_equal(holders(&id), "ana bruno");
	(void)sql("DELETE FROM case_grant WHERE case_id = '%s'", hex(&id));
}

static void
the_only_one_in_conflict_keeps_the_key_until_somebody_else_has_it(void **state)
{
	struct ouv_id open = put(OUV_STATE_TRIAGE, &ana, NULL);
	struct ouv_id closed = put(OUV_STATE_CLOSED, &ana, NULL);
	struct ouv_id other = put(OUV_STATE_TRIAGE, &bruno, &helena, NULL);

	(void)state;
	in_conflict(&open, &ana);
	in_conflict(&closed, &ana);
	in_conflict(&other, &ana); /* has no key of it */
	assert_string_equal(holders(&open), "ana");
	assert_string_equal(told(&open), "true few-holders");
	assert_string_equal(due(&open), "helena:few-holders");
	assert_string_equal(told(&closed), "true few-holders");
	assert_string_equal(told(&other), "false -");
	(void)sql("DELETE FROM case_grant WHERE case_id IN ('%s', '%s', '%s')",
		hex(&open), hex(&closed), hex(&other));
}

/* ---- somebody leaves -------------------------------------------------------
 */

static void
the_last_who_can_log_in_with_a_role_stays(void **state)
{
	struct ouv_id second = add_person("ida", OUV_ROLE_OMBUDSMAN, false);
	struct store_tx *tx = begin(place.server);
	int count;

	(void)state;
	ok(store_role_others(tx, &helena, &count));
	ok(store_commit(&tx));
	assert_int_equal(count, 0);
	assert_int_equal(leave(&helena), OUV_CONFLICT);
	ok(leave(&second));
	assert_string_equal(
		sql("SELECT string_agg(active::text, ' ' ORDER BY login) FROM"
		    " person WHERE role = 'ombudsman'"),
		"true false");
}

/* ---- invitations ------------------------------------------------------------
 */

static enum ouv_err
invite(const struct ouv_id *by, const struct ouv_id *who, uint8_t pk,
	bool all_the_same)
{
	struct store_person person = { .id = *who,
		.cert_admin = *by,
		.pk = { pk },
		.sig_pk = { pk, 1 },
		.totp_box = { "seed", 4 } };
	struct store_person_key key = { .person = *who, .version = 1 };
	struct store_tx *tx = begin(place.server);
	enum ouv_err err = store_invite_ask(tx, &person, &key, all_the_same);

	ok(store_commit(&tx));
	return err;
}

static enum ouv_err
take(const struct ouv_id *who, uint8_t first, size_t *count_out)
{
	uint8_t pk[32] = { first };
	struct store_tx *tx = begin(place.server);
	struct ouv_id *cases;
	enum ouv_err err =
		store_invite_take(tx, place.arena, who, pk, &cases, count_out);

	ok(store_commit(&tx));
	return err;
}

static void
an_administrator_alone_invites_and_nobody_like_them(void **state)
{
	struct ouv_id chief = colleague("chief", OUV_ROLE_ADMIN, false);
	struct ouv_id equal = colleague("equal", OUV_ROLE_ADMIN, false);

	(void)state;
	assert_int_equal(invite(&ana, &bruno, 7, true), OUV_CONFLICT);
	assert_int_equal(invite(&chief, &equal, 7, true), OUV_CONFLICT);
	(void)sql("UPDATE person SET admin_sig = NULL WHERE login = 'equal'");
	assert_int_equal(invite(&equal, &bruno, 7, true), OUV_CONFLICT);
	(void)sql("UPDATE person SET active = false, admin_sig = cert_sig WHERE"
		  " login = 'equal'");
	assert_int_equal(invite(&equal, &bruno, 7, true), OUV_CONFLICT);
	assert_string_equal(sql("SELECT count(*) FROM invite"), "0");
	ok(invite(&chief, &bruno, 7, true));
	assert_string_equal(
		sql("SELECT made_by = cert_admin AND admin_sig IS NULL AND"
		    " until - made = interval '72 hours' FROM invite"),
		"t");
	(void)sql("DELETE FROM invite");
}

static void
an_invitation_that_leaves_too_few_is_made_all_the_same_or_not(void **state)
{
	struct ouv_id chief = colleague("boss", OUV_ROLE_ADMIN, false);
	struct ouv_id fabio = colleague("fabio", OUV_ROLE_MEDIATOR, true);
	struct ouv_id few = put(OUV_STATE_TRIAGE, &fabio, &ana, NULL);
	struct ouv_id alone = put(OUV_STATE_CLOSED, &fabio, NULL);
	struct ouv_id many = put(OUV_STATE_TRIAGE, &fabio, &ana, &bruno, NULL);
	size_t count;

	(void)state;
	assert_int_equal(stops(&fabio), 2);
	assert_int_equal(invite(&chief, &fabio, 7, false), OUV_CONFLICT);
	assert_string_equal(sql("SELECT count(*) FROM invite"), "0");
	ok(invite(&chief, &fabio, 7, true));
	/* From now on nobody leaves on the strength of keys that may go. */
	assert_int_equal(others(&many, &ana), 1);
	(void)sql("UPDATE invite SET until = now() - interval '1 second'");
	assert_int_equal(others(&many, &ana), 2);
	assert_int_equal(take(&fabio, 7, &count), OUV_CONFLICT);
	ok(invite(&chief, &fabio, 7, true));
	(void)sql("INSERT INTO grant_due (case_id, person, why) VALUES"
		  " ('%s', '%s', 'review')",
		hex(&few), hex(&fabio));
	/* Another code than the one that was used: those are others' keys. */
	assert_int_equal(take(&fabio, 8, &count), OUV_CONFLICT);
	ok(take(&fabio, 7, &count));
	assert_int_equal(count, 3);
	assert_string_equal(holders(&few), "ana");
	assert_string_equal(holders(&alone), "-");
	assert_string_equal(holders(&many), "ana bruno");
	assert_string_equal(told(&few), "true few-holders");
	assert_string_equal(told(&alone), "true few-holders");
	assert_string_equal(told(&many), "true -");
	assert_string_equal(due(&few), "helena:few-holders");
	assert_int_equal(take(&fabio, 7, &count), OUV_CONFLICT); /* once */
}

static void
the_ombudsmans_new_keys_come_to_no_case_by_themselves(void **state)
{
	struct ouv_id chief = colleague("head", OUV_ROLE_ADMIN, false);
	struct ouv_id id = put(OUV_STATE_TRIAGE, &helena, &ana, NULL);
	size_t count;

	(void)state;
	ok(invite(&chief, &helena, 7, true));
	ok(take(&helena, 7, &count));
	assert_string_equal(told(&id), "true few-holders");
	assert_string_equal(due(&id), "-");
}

static void
first_keys_take_no_case_away(void **state)
{
	struct ouv_id chief = colleague("chair", OUV_ROLE_ADMIN, false);
	struct ouv_id wanda = add_person("wanda", OUV_ROLE_MEDIATOR, true);
	struct ouv_id id = put(OUV_STATE_TRIAGE, &wanda, &ana, NULL);
	struct store_tx *tx;
	size_t count;

	(void)state;
	/* As the operator writes it for who is new: the keys of their row. */
	ok(invite(&chief, &wanda, 1, false));
	(void)sql("UPDATE invite SET sig_pk = (SELECT sig_pk FROM person WHERE"
		  " id = '%s')",
		hex(&wanda));
	ok(take(&wanda, 1, &count));
	assert_int_equal(count, 0);
	assert_string_equal(holders(&id), "ana wanda");
	tx = begin(place.owner);
	ok(store_invite_put(tx,
		&(struct store_person){ .id = wanda,
			.cert_admin = wanda,
			.pk = { 9 },
			.sig_pk = { 9 },
			.has_admin_sig = true,
			.totp_box = { "seed", 4 } },
		&(struct store_person_key){ .version = 1 }, true));
	ok(store_commit(&tx));
	assert_string_equal(
		sql("SELECT admin_sig IS NOT NULL AND cert_admin = person FROM"
		    " invite"),
		"t");
	(void)sql("DELETE FROM invite");
}

/* ---- another password -------------------------------------------------------
 */

static enum ouv_err
set_key(const struct ouv_id *who, uint8_t pk)
{
	struct store_person_key key = {
		.person = *who, .how = 1, .pk = { pk }, .version = 3
	};
	struct store_tx *tx = begin(place.server);

	ok(store_person_key_set(tx, &key));
	return store_commit(&tx);
}

static void
only_the_keys_somebody_has_are_kept_and_only_while_they_are_here(void **state)
{
	struct ouv_id olga = colleague("olga", OUV_ROLE_READER, false);

	(void)state;
	ok(set_key(&olga, 1));
	assert_int_equal(set_key(&olga, 2), OUV_CONFLICT);
	ok(leave(&olga));
	assert_int_equal(set_key(&olga, 1), OUV_CONFLICT);
	assert_string_equal(sql("SELECT count(*) FROM person_key WHERE person ="
				" '%s'",
				    hex(&olga)),
		"0");
}

/* ---- who may do what -------------------------------------------------------
 */

static void
invitations_go_by_the_functions_alone(void **state)
{
	/* clang-format off */
	static const char *const not_for_either[] = {
		"INSERT INTO invite DEFAULT VALUES", "DELETE FROM invite",
		"UPDATE invite SET until = until", "SELECT cert_sig FROM invite",
		"SELECT person_grants_end(NULL)",
		"SELECT invite_put(NULL, NULL, true, '', '', '', '', '', '', '',"
		" '')",
	};
	static const char *const not_for_the_gateway[] = {
		"SELECT invite_ask(NULL, NULL, true, '', '', '', '', '', '', '')",
		"SELECT invite_take(NULL, '')", "SELECT role_others(NULL)",
		"SELECT person_key_set(NULL, '', 1, '', 1, 1, 1, '', '')",
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
		i++) {
		assert_false(may("ouv_gw", not_for_the_gateway[i]));
		assert_true(may("ouv_srv", not_for_the_gateway[i]));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_who_never_came_does_not_count),
		cmocka_unit_test(
			one_in_conflict_who_still_has_the_key_does_not_count),
		cmocka_unit_test(
			the_only_one_in_conflict_keeps_the_key_until_somebody_else_has_it),
		cmocka_unit_test(the_last_who_can_log_in_with_a_role_stays),
		cmocka_unit_test(
			an_administrator_alone_invites_and_nobody_like_them),
		cmocka_unit_test(
			an_invitation_that_leaves_too_few_is_made_all_the_same_or_not),
		cmocka_unit_test(
			the_ombudsmans_new_keys_come_to_no_case_by_themselves),
		cmocka_unit_test(first_keys_take_no_case_away),
		cmocka_unit_test(
			only_the_keys_somebody_has_are_kept_and_only_while_they_are_here),
		cmocka_unit_test(invitations_go_by_the_functions_alone),
	};

	return cmocka_run_group_tests(tests, people, place_stop);
}
