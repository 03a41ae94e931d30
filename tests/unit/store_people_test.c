/*
 * store_people_test.c - the office, its people, their sessions, throttles and
 * forms come back as written, against a real PostgreSQL
 */
#include "store_place.h"

/* ---- office and people ------------------------------------------------- */

static void
the_office_is_not_found_until_it_is_there(void **state)
{
	struct ouv_id tenant = ouv_id_new(), seen;
	struct store_office_key key = { .kind = "svc",
		.version = 1,
		.public = { 1, 2, 3 },
		.sig = { 4 } },
				*keys;
	struct store_tx *tx = begin(place.owner);
	uint8_t box[112] = { 9 };
	size_t count;

	(void)state;
	assert_int_equal(store_office_tenant(tx, &seen), OUV_NOT_FOUND);
	ok(store_office_add(tx, &tenant));
	ok(store_office_key_add(tx, &key));
	key.version = 2;
	ok(store_office_key_add(tx, &key));
	ok(store_host_secret_add(tx, "svc", 1, box));
	ok(store_commit(&tx));
	tx = begin(place.gateway);
	ok(store_office_tenant(tx, &seen));
	assert_true(ouv_id_equal(&seen, &tenant));
	ok(store_office_keys(tx, place.arena, &keys, &count));
	assert_int_equal(count, 2);
	assert_string_equal(keys[1].kind, "svc");
	assert_int_equal(keys[1].version, 2);
	assert_memory_equal(keys[1].public, key.public, 32);
	assert_memory_equal(keys[1].sig, key.sig, 64);
	ok(store_commit(&tx));
	tx = begin(place.owner);
	ok(store_office_add(tx, &seen));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
}

static void
a_person_comes_back_as_they_were_written(void **state)
{
	struct ouv_id id = add_person("ana", OUV_ROLE_ADMIN, false);
	struct store_person_key key = { .person = id,
		.how = 1,
		.salt = { 1 },
		.commit = { 2 },
		.wrapped = { 3 },
		.ops = 3,
		.version = 7,
		.mem = INT64_C(5000000000) },
				seen;
	struct store_person p;
	struct store_tx *tx = begin(place.owner);

	(void)state;
	ok(store_person_key_add(tx, &key));
	ok(store_commit(&tx));
	tx = begin(place.server);
	assert_int_equal(store_person_by_login(tx, place.arena, "nobody", &p),
		OUV_NOT_FOUND);
	ok(store_person_by_login(tx, place.arena, "ana", &p));
	assert_true(ouv_id_equal(&p.id, &id));
	assert_string_equal(p.name, "Ana Prova");
	assert_string_equal(p.lang, "it");
	assert_int_equal(p.role, OUV_ROLE_ADMIN);
	assert_true(p.active && !p.desk && p.has_admin_sig);
	assert_int_equal(p.pk[0] + p.sig_pk[0] * 10 + p.cert_sig[0] * 100 +
				 p.admin_sig[0] * 1000,
		4321);
	assert_int_equal(p.totp_box.len, 4);
	assert_memory_equal(p.totp_box.p, "seed", 4);
	ok(store_person_by_id(tx, place.arena, &id, &p));
	assert_string_equal(p.login, "ana");
	assert_int_equal(store_person_key(tx, &id, 2, &seen), OUV_NOT_FOUND);
	ok(store_person_key(tx, &id, 1, &seen));
	assert_int_equal(seen.mem, key.mem);
	assert_int_equal(seen.version, 7);
	assert_memory_equal(seen.wrapped, key.wrapped, 104);
	ok(store_person_lang(tx, &id, "en"));
	ok(store_person_by_id(tx, place.arena, &id, &p));
	assert_string_equal(p.lang, "en");
	ok(store_commit(&tx));
}

static void
the_gateway_sees_keys_of_the_desk_and_of_admins_and_no_names(void **state)
{
	struct store_tx *tx;
	struct store_person *people;
	size_t count, desk = 0, admins = 0;

	(void)state;
	(void)add_person("desk", OUV_ROLE_INTAKE, true);
	(void)add_person("reader", OUV_ROLE_READER, false);
	(void)add_person("gone", OUV_ROLE_MEDIATOR, true);
	(void)sql("UPDATE person SET active = false WHERE login = 'gone'");
	tx = begin(place.gateway);
	ok(store_person_certified(tx, place.arena, &people, &count));
	for (size_t i = 0; i < count; i++) {
		assert_null(people[i].login);
		assert_null(people[i].name);
		assert_true(people[i].desk || people[i].role == OUV_ROLE_ADMIN);
		desk += people[i].desk;
		admins += people[i].role == OUV_ROLE_ADMIN;
	}
	assert_int_equal(desk, 1);
	assert_int_equal(admins, 1);
	ok(store_commit(&tx));
	tx = begin(place.server);
	ok(store_person_list(tx, place.arena, &people, &count));
	assert_int_equal(count, 4);
	assert_string_equal(people[0].login, "ana");
	ok(store_commit(&tx));
}

static void
a_code_is_good_once_and_a_refusal_leaves_the_transaction(void **state)
{
	struct ouv_id id = add_person("totp", OUV_ROLE_READER, false);
	struct store_tx *tx = begin(place.server);

	(void)state;
	ok(store_person_totp_used(tx, &id, 100));
	assert_int_equal(store_person_totp_used(tx, &id, 100), OUV_CONFLICT);
	assert_int_equal(store_person_totp_used(tx, &id, 99), OUV_CONFLICT);
	ok(store_person_totp_used(tx, &id, 101));
	ok(store_commit(&tx));
	assert_string_equal(
		sql("SELECT totp_last_step FROM person WHERE login = 'totp'"),
		"101");
}

/* ---- sessions, throttle, forms ----------------------------------------- */

static void
a_session_slides_and_ends_by_each_of_its_limits(void **state)
{
	struct ouv_id id = add_person("session", OUV_ROLE_READER, false);
	uint8_t cookie[32] = { 1 }, wrapped[104] = { 2 }, ua[32] = { 3 };
	struct store_session session;
	struct store_tx *tx = begin(place.server);

	(void)state;
	ok(store_session_add(tx, cookie, &id, wrapped, ua, 3));
	ok(store_session_use(tx, cookie, 15, 10, &session));
	assert_true(ouv_id_equal(&session.person, &id));
	assert_memory_equal(session.wrapped, wrapped, 104);
	ok(store_commit(&tx));

	(void)sql("UPDATE session SET seen = now() - interval '10 minutes'");
	tx = begin(place.server);
	ok(store_session_use(tx, cookie, 15, 10, &session));
	ok(store_commit(&tx));
	assert_string_equal(
		sql("SELECT seen > now() - interval '1 minute' FROM session"),
		"t");

	(void)sql("UPDATE session SET seen = now() - interval '16 minutes'");
	tx = begin(place.server);
	assert_int_equal(
		store_session_use(tx, cookie, 15, 10, &session), OUV_NOT_FOUND);
	(void)sql("UPDATE session SET seen = now(),"
		  " created = now() - interval '11 hours'");
	assert_int_equal(
		store_session_use(tx, cookie, 15, 10, &session), OUV_NOT_FOUND);
	(void)sql("UPDATE session SET created = now()");
	ok(store_session_use(tx, cookie, 15, 10, &session));
	(void)sql("UPDATE person SET active = false WHERE login = 'session'");
	assert_int_equal(
		store_session_use(tx, cookie, 15, 10, &session), OUV_NOT_FOUND);
	(void)sql("UPDATE person SET active = true WHERE login = 'session'");
	ok(store_session_end(tx, cookie));
	assert_int_equal(
		store_session_use(tx, cookie, 15, 10, &session), OUV_NOT_FOUND);
	ok(store_commit(&tx));
}

static void
one_session_too_many_ends_the_oldest(void **state)
{
	struct ouv_id id = add_person("many", OUV_ROLE_READER, false);
	uint8_t wrapped[104] = { 2 }, ua[32] = { 3 };
	struct store_session session;
	struct store_tx *tx;

	(void)state;
	for (uint8_t i = 1; i <= 5; i++) {
		uint8_t cookie[32] = { 9, i };

		tx = begin(place.server);
		ok(store_session_add(tx, cookie, &id, wrapped, ua, 3));
		ok(store_commit(&tx));
	}
	tx = begin(place.server);
	for (uint8_t i = 1; i <= 5; i++) {
		uint8_t cookie[32] = { 9, i };

		assert_int_equal(
			store_session_use(tx, cookie, 15, 10, &session),
			i <= 2 ? OUV_NOT_FOUND : OUV_OK);
	}
	ok(store_commit(&tx));
}

static int
fails(const struct ouv_id *token, int times)
{
	int secs = -1;

	for (int i = 0; i < times; i++) {
		struct store_tx *tx = begin(place.server);

		ok(store_throttle_fail(tx, "account", token, 3, 20, 900));
		ok(store_throttle_wait(tx, "account", token, &secs));
		ok(store_commit(&tx));
	}
	return secs;
}

static void
failures_beyond_the_free_ones_double_the_wait(void **state)
{
	static const int expected[] = { 0, 0, 0, 1, 2, 4, 8, 16, 20, 20 };
	struct ouv_id token = ouv_id_new(), other = ouv_id_new();
	struct store_tx *tx;
	int secs;

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_int_equal(fails(&token, 1), expected[i]);
	tx = begin(place.server);
	ok(store_throttle_wait(tx, "account", &other, &secs));
	assert_int_equal(secs, 0);
	ok(store_throttle_wait(tx, "address", &token, &secs));
	assert_int_equal(secs, 0);
	ok(store_commit(&tx));
	(void)sql("UPDATE login_throttle SET since = now() - interval '901 s'");
	assert_int_equal(fails(&token, 1), 0);
	assert_int_equal(fails(&token, 3), 1);
	tx = begin(place.server);
	ok(store_throttle_clear(tx, "account", &token));
	ok(store_throttle_wait(tx, "account", &token, &secs));
	assert_int_equal(secs, 0);
	ok(store_commit(&tx));
}

static void
a_form_is_carried_out_once(void **state)
{
	struct ouv_id key = ouv_id_new(), who = ouv_id_new();
	struct store_tx *tx = begin(place.server);

	(void)state;
	ok(store_form_key_use(tx, &key, &who, "reply"));
	store_rollback(&tx);
	tx = begin(place.server);
	ok(store_form_key_use(tx, &key, &who, "reply"));
	ok(store_commit(&tx));
	tx = begin(place.server);
	assert_int_equal(
		store_form_key_use(tx, &key, &who, "reply"), OUV_CONFLICT);
	ok(store_commit(&tx)); /* an answer, not a failure */
}

/* ---- what has served its time ------------------------------------------ */

static void
add_session(const struct ouv_id *who, uint8_t first, const char *seen,
	const char *created)
{
	uint8_t cookie[32] = { 0xaa, first }, wrapped[104] = { 2 };
	uint8_t ua[32] = { 3 };
	struct store_tx *tx = begin(place.server);

	ok(store_session_add(tx, cookie, who, wrapped, ua, 9));
	ok(store_commit(&tx));
	(void)sql("UPDATE session SET seen = now() - interval '%s',"
		  " created = now() - interval '%s'"
		  " WHERE get_byte(id, 0) = 170 AND get_byte(id, 1) = %d",
		seen, created, first);
}

static void
the_server_sweeps_what_ended_and_nothing_else(void **state)
{
	struct ouv_id who = add_person("swept", OUV_ROLE_READER, false);
	struct store_tx *tx;

	(void)state;
	(void)sql("DELETE FROM session");
	(void)sql("DELETE FROM login_throttle");
	(void)sql("DELETE FROM form_key");
	add_session(&who, 1, "14 minutes", "9 hours");
	add_session(&who, 2, "16 minutes", "1 hour");
	add_session(&who, 3, "1 minute", "11 hours");
	(void)sql(
		"INSERT INTO login_throttle (scope, token, fails, since, until)"
		" SELECT 'account', gen_random_uuid(), n, now() - since,"
		" now() - until FROM (VALUES"
		" (1, interval '3 days', interval '3 days'),"
		" (2, interval '3 days', interval '1 day'),"
		" (3, interval '1 day', interval '3 days')) v(n, since, "
		"until)");
	(void)sql("INSERT INTO form_key (key, person, verb, at) SELECT"
		  " gen_random_uuid(), gen_random_uuid(), verb, now() - age"
		  " FROM (VALUES ('old', interval '31 days'),"
		  " ('young', interval '29 days')) v(verb, age)");
	tx = begin(place.server);
	ok(store_sweep_server(tx, 15, 10));
	ok(store_commit(&tx));
	assert_string_equal(sql("SELECT string_agg(get_byte(id, 1)::text, ' ')"
				" FROM session"),
		"1");
	assert_string_equal(sql("SELECT string_agg(fails::text, ' ' ORDER BY"
				" fails) FROM login_throttle"),
		"2 3");
	assert_string_equal(
		sql("SELECT string_agg(verb, ' ') FROM form_key"), "young");
}

static void
the_gateway_sweeps_the_counts_of_two_days_ago(void **state)
{
	struct store_tx *tx;

	(void)state;
	(void)sql(
		"INSERT INTO rate_bucket (scope, token, start, count) SELECT"
		" scope, gen_random_uuid(), now() - age, 1 FROM (VALUES"
		" ('old', interval '49 hours'), ('young', interval '47 hours'))"
		" v(scope, age)");
	(void)sql("INSERT INTO mail_burst (token, start, case_id) SELECT"
		  " gen_random_uuid(), now() - age, gen_random_uuid() FROM"
		  " (VALUES (interval '49 hours'), (interval '47 hours')) "
		  "v(age)");
	tx = begin(place.gateway);
	ok(store_sweep_gateway(tx));
	ok(store_commit(&tx));
	assert_string_equal(
		sql("SELECT string_agg(scope, ' ') FROM rate_bucket"), "young");
	assert_string_equal(sql("SELECT count(*) FROM mail_burst"), "1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_office_is_not_found_until_it_is_there),
		cmocka_unit_test(a_person_comes_back_as_they_were_written),
		cmocka_unit_test(
			the_gateway_sees_keys_of_the_desk_and_of_admins_and_no_names),
		cmocka_unit_test(
			a_code_is_good_once_and_a_refusal_leaves_the_transaction),
		cmocka_unit_test(
			a_session_slides_and_ends_by_each_of_its_limits),
		cmocka_unit_test(one_session_too_many_ends_the_oldest),
		cmocka_unit_test(failures_beyond_the_free_ones_double_the_wait),
		cmocka_unit_test(a_form_is_carried_out_once),
		cmocka_unit_test(the_server_sweeps_what_ended_and_nothing_else),
		cmocka_unit_test(the_gateway_sweeps_the_counts_of_two_days_ago),
	};

	return cmocka_run_group_tests(tests, place_start, place_stop);
}
