/*
 * store_ident_test.c - blind tokens while k_id is changed: what is found, what
 * is written, how it moves, and what the end of the former key leaves, against
 * a real PostgreSQL
 */
#include <time.h>

#include "../../lib/store/sql.h"
#include "ouv/store_keys.h"
#include "ouv/store_mediation.h"
#include "store_place.h"

static const char box[] = "ouvidoria@empresa.example";
static struct ouv_id me, ana;

static int
people(void **state)
{
	if (place_start(state) != 0)
		return -1;
	me = ouv_id_new();
	ana = colleague("ana", OUV_ROLE_MEDIATOR, true);
	return 0;
}

/* How a change of k_id stands. */
enum moment {
	NEVER,  /* it was never changed */
	BEGUN,  /* the gateway alone holds the new one */
	LATE,   /* both do, since this moment */
	HELD,   /* both do, and what was begun before has ended */
	RETIRED /* the former is destroyed */
};

static void
stand(enum moment moment)
{
	(void)sql("DELETE FROM key_taken; DELETE FROM key_rotation;"
		  "DELETE FROM ident_token; DELETE FROM conflict_register;"
		  "DELETE FROM inbound");
	if (moment == NEVER)
		return;
	(void)sql("INSERT INTO key_rotation (name, version, stage)"
		  " VALUES ('k_id', 2, %d)",
		moment == RETIRED);
	(void)sql("INSERT INTO key_taken SELECT p, 'k_id', 2,"
		  " now() - interval '%d seconds' FROM unnest(ARRAY['gateway',"
		  " 'server']) p LIMIT %d",
		moment >= HELD ? 60 : 10, moment == BEGUN ? 1 : 2);
}

/* Both tokens of one address. */
static struct store_token
both(void)
{
	return (struct store_token){ ouv_id_new(), ouv_id_new(), 2 };
}

static const struct store_token *
some(void)
{
	struct store_token token = both();

	return ouv_arena_memdup(place.arena, &token, sizeof(token));
}

/* As a program writes it that was started before. */
static struct store_token
of_before(const struct store_token *token)
{
	return known_by(token->before);
}

static struct ouv_id
put(struct store *store, const struct store_token *token, enum store_ident kind,
	const struct ouv_id *case_id)
{
	struct ouv_id party = ouv_id_new();
	struct store_tx *tx = begin(store);

	ok(store_ident_add(tx, token, kind, case_id, &party));
	ok(store_commit(&tx));
	return party;
}

/* A case that ana can open, by an address that a program of before knew. */
static struct ouv_id
a_case_of(const struct store_token *token)
{
	struct store_case c = a_case(OUV_STATE_TRIAGE);
	struct store_grant grant = {
		.case_id = c.id, .person = ana, .version = 1, .pk = { 1 }
	};
	struct store_token before = of_before(token);
	struct store_tx *tx = begin(place.gateway);

	ok(store_case_add(tx, &c));
	ok(store_grants_add(tx, &grant, 1));
	ok(store_commit(&tx));
	(void)put(place.gateway, &before, STORE_IDENT_ADDRESS, &c.id);
	return c.id;
}

static struct ouv_id
tie(const struct store_token *token)
{
	struct store_conflict c = { .id = ouv_id_new(),
		.person = ana,
		.consumer = *token,
		.kind = "family",
		.note = "n",
		.from_day = 1,
		.made_by = ana };
	struct store_tx *tx = begin(place.server);

	ok(store_conflict_declare(tx, &c));
	ok(store_commit(&tx));
	return c.id;
}

static bool
is_barred(const struct ouv_id *case_id)
{
	return *sql("SELECT conflicted('%s', '%s')", hex(case_id), hex(&ana)) ==
	       't';
}

/* Under which versions a case's tokens lie. */
static const char *
versions(const struct ouv_id *case_id)
{
	return sql("SELECT string_agg(version::text, ' ' ORDER BY version)"
		   " FROM ident_token WHERE case_id = '%s'",
		hex(case_id));
}

static int64_t
move(struct store *store, const struct store_token *token)
{
	struct store_tx *tx = begin(store);
	int64_t moved;

	ok(store_idents_move(tx, token, 1, &moved));
	ok(store_commit(&tx));
	return moved;
}

/* ---- asking
 * ------------------------------------------------------------------- */

static void
what_is_known_by_either_key_is_found(void **state)
{
	struct ouv_id cases[2] = { ouv_id_new(), ouv_id_new() };
	struct ouv_id found;
	struct store_token token = both(), other = both();
	struct store_tx *tx;

	(void)state;
	stand(HELD);
	for (int i = 0; i < 2; i++) { /* no program would leave it so */
		struct ouv_id party = ouv_id_new();

		(void)sql("INSERT INTO ident_token VALUES ('%s', 1, '%s',"
			  " '%s')",
			hex(i == 0 ? &token.now : &token.before),
			hex(&cases[i]), hex(&party));
	}
	for (int i = 0; i < 2; i++) {
		tx = begin(place.server);
		ok(store_ident_party(tx, &token, &cases[i], &found));
		assert_false(ouv_id_is_zero(&found));
		ok(store_ident_party(tx, &other, &cases[i], &found));
		assert_true(ouv_id_is_zero(&found));
		ok(store_commit(&tx));
	}
}

static void
a_search_finds_the_cases_of_both_keys(void **state)
{
	struct store_token token = both();
	struct ouv_id a, b, *list;
	struct store_tx *tx;
	size_t count;

	(void)state;
	stand(HELD);
	a = a_case_of(&token);
	b = a_case_of(&token);
	(void)sql("UPDATE case_file SET protocol = id::text WHERE id IN"
		  " ('%s', '%s')",
		hex(&a), hex(&b));
	(void)sql("UPDATE ident_token SET token = '%s' WHERE case_id = '%s'",
		hex(&token.now), hex(&a));
	tx = begin(place.server);
	ok(store_ident_find(tx, place.arena, &ana, &token, &list, &count));
	ok(store_commit(&tx));
	assert_int_equal(count, 2);
}

static void
a_mail_is_led_by_either_key(void **state)
{
	static enum ouv_err (*const asks[])(struct store_tx *,
		struct ouv_arena *, const struct store_question *, size_t,
		struct store_lead **, size_t *) = { store_leads_by_message,
		store_leads_by_sender, store_leads_by_recipient };
	struct store_token mid = both(), from = both(), to = both();
	struct store_token keys[] = { mid, from, to };
	struct store_lead *leads;
	struct ouv_id id, parties[2] = { ouv_id_new(), ouv_id_new() };
	struct store_tx *tx;
	size_t count;

	(void)state;
	for (int now = 0; now < 2; now++) {
		stand(HELD);
		id = a_case_of(some());
		tx = begin(place.gateway);
		ok(store_party_add(tx, &parties[now], &id, "company"));
		for (int i = 0; i < 3; i++) {
			struct store_token one = now ? known_by(keys[i].now)
						     : of_before(&keys[i]);
			struct ouv_id party =
				i == 2 ? parties[now] : ouv_id_new();

			if (i != 2)
				ok(store_party_add(
					tx, &party, &id, "consumer"));
			ok(store_ident_add(
				tx, &one, i == 0 ? 2 : 1, &id, &party));
		}
		for (int i = 0; i < 3; i++) {
			struct store_question q = { .key = keys[i],
				.sender = from };

			ok(asks[i](tx, place.arena, &q, 1, &leads, &count));
			assert_int_equal(count, 1);
			assert_true(ouv_id_equal(&leads[0].case_id, &id));
			assert_false(ouv_id_is_zero(&leads[0].sender_party));
		}
		ok(store_commit(&tx));
	}
}

/* ---- writing
 * ------------------------------------------------------------------ */

static void
the_present_one_is_written_when_both_programs_hold_it(void **state)
{
	static const struct {
		enum moment moment;
		const char *version;
		bool now;
	} rows[] = {
		{ BEGUN, "1", false },
		{ LATE, "1", false },
		{ HELD, "2", true },
		{ RETIRED, "2", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct store_token token = both();
		struct ouv_id id = ouv_id_new();

		stand(rows[i].moment);
		(void)put(place.server, &token, STORE_IDENT_ADDRESS, &id);
		(void)tie(&token);
		assert_string_equal(versions(&id), rows[i].version);
		assert_string_equal(
			sql("SELECT r.consumer = '%s',"
			    " r.consumer_version, t.token ="
			    " r.consumer FROM ident_token t,"
			    " conflict_register r",
				hex(rows[i].now ? &token.now : &token.before)),
			rows[i].now ? "t|2|t" : "t|1|t");
	}
}

static void
a_program_without_a_former_writes_what_it_has(void **state)
{
	struct store_token token = known_by(ouv_id_new());
	struct ouv_id id = ouv_id_new();

	(void)state;
	for (enum moment m = NEVER; m <= RETIRED; m++) {
		stand(m);
		(void)put(place.gateway, &token, STORE_IDENT_COPY, &id);
		assert_string_equal(versions(&id), "1");
	}
}

static void
writing_one_moves_all_rows_with_it(void **state)
{
	struct store_token token = both(), other = both();
	struct ouv_id a, b, fresh = ouv_id_new(), stranger;

	(void)state;
	stand(HELD);
	a = a_case_of(&token);
	b = a_case_of(&token);
	stranger = a_case_of(&other);
	(void)put(place.gateway, &token, STORE_IDENT_COPY, &fresh);
	assert_string_equal(versions(&a), "2");
	assert_string_equal(versions(&b), "2");
	assert_string_equal(versions(&stranger), "1");
	assert_string_equal(sql("SELECT count(*), count(DISTINCT token) FROM"
				" ident_token WHERE token = '%s'",
				    hex(&token.now)),
		"3|1");
}

/* ---- ties
 * --------------------------------------------------------------------- */

static void
a_tie_bars_before_and_after_and_from_what_comes(void **state)
{
	struct store_token token = both(), before = of_before(&token);
	struct ouv_id old, fresh;
	struct store_tx *tx;

	(void)state;
	stand(HELD);
	old = a_case_of(&token);
	(void)sql("DELETE FROM case_grant");
	(void)tie(&before);
	assert_true(is_barred(&old));
	/* The consumer writes again: a case of today. */
	tx = begin(place.gateway);
	fresh = a_case(OUV_STATE_TRIAGE).id;
	ok(store_ident_add(tx, &token, STORE_IDENT_ADDRESS, &fresh, &fresh));
	ok(store_commit(&tx));
	assert_true(is_barred(&old));
	assert_true(is_barred(&fresh));
	assert_string_equal(sql("SELECT consumer = '%s' FROM conflict_register",
				    hex(&token.now)),
		"t");
}

static void
a_tie_entered_now_bars_from_cases_of_before(void **state)
{
	struct store_token token = both();
	struct ouv_id old;

	(void)state;
	for (enum moment m = BEGUN; m <= HELD; m++) {
		stand(m);
		old = a_case_of(&token);
		assert_false(is_barred(&old));
		(void)tie(&token);
		assert_true(is_barred(&old));
	}
}

static void
cases_of_one_consumer_stay_joined(void **state)
{
	struct store_token token = both();
	struct ouv_id a, b;
	struct store_tx *tx;
	bool shared;

	(void)state;
	stand(HELD);
	a = a_case_of(&token);
	b = a_case_of(&token);
	(void)sql("INSERT INTO party (id, case_id, side) SELECT party, case_id,"
		  " 'consumer' FROM ident_token");
	/* Somebody opens one of them alone. */
	tx = begin(place.server);
	ok(store_case_idents_move(tx, &a, 2, &token, 1, true));
	ok(store_link_shared(tx, &a, &b, &shared));
	ok(store_commit(&tx));
	assert_true(shared);
	assert_string_equal(versions(&b), "2");
}

/* ---- moving
 * ------------------------------------------------------------------- */

static void
nothing_moves_too_early_or_too_late(void **state)
{
	static const int64_t moved[] = { 0, 0, 0, 1, 0 };

	(void)state;
	for (enum moment m = NEVER; m <= RETIRED; m++) {
		struct store_token token = both();
		struct ouv_id id;

		stand(m);
		id = a_case_of(&token);
		assert_int_equal(move(place.gateway, &token), moved[m]);
		assert_string_equal(versions(&id), moved[m] ? "2" : "1");
	}
}

/* By the clock: whoever began before that moment and writes after it writes
 * as everybody else. */
static void
a_long_transaction_holds_nothing_back(void **state)
{
	struct timespec begun, at;
	struct store_tx *tx;
	bool moves = false;

	(void)state;
	stand(LATE);
	tx = begin(place.server);
	(void)sql("UPDATE key_taken SET at = clock_timestamp()"
		  " - interval '44.5 seconds'");
	ok(store_ident_moves(tx, 2, &moves));
	assert_false(moves);
	(void)clock_gettime(CLOCK_MONOTONIC, &begun);
	do {
		ok(store_ident_moves(tx, 2, &moves));
		(void)clock_gettime(CLOCK_MONOTONIC, &at);
	} while (!moves && at.tv_sec - begun.tv_sec < 10);
	ok(store_commit(&tx));
	assert_true(moves);
}

/* What others wrote by the former until the last moment must be there to be
 * read when the gateway begins to. */
static void
the_gateway_begins_a_minute_after_nothing_is_written_by_the_former(void **state)
{
	static const struct {
		const char *name;
		int secs;
		enum ouv_err expected;
	} cases[] = { { "k_id", 60, OUV_NOT_FOUND },
		{ "k_id", 100, OUV_NOT_FOUND }, { "k_id", 110, OUV_OK },
		{ "svc", 40, OUV_NOT_FOUND }, { "svc", 60, OUV_OK } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store_tx *tx;
		int version, stage;
		struct ouv_id at;

		stand(HELD);
		(void)sql("UPDATE key_rotation SET name = '%s';"
			  "UPDATE key_taken SET name = '%s',"
			  " at = now() - interval '%d seconds'",
			cases[i].name, cases[i].name, cases[i].secs);
		tx = begin(place.gateway);
		assert_int_equal(store_rotation_next(tx, cases[i].name,
					 &version, &stage, &at),
			cases[i].expected);
		ok(store_commit(&tx));
	}
}

static void
the_former_stands_until_it_is_retired(void **state)
{
	static const bool stands[] = { false, true, true, true, false };
	struct store *stores[] = { place.gateway, place.server };

	(void)state;
	for (enum moment m = NEVER; m <= RETIRED; m++)
		for (int i = 0; i < 2; i++) {
			bool is = !stands[m], of_first = true;
			struct store_tx *tx;

			stand(m);
			tx = begin(stores[i]);
			ok(store_ident_former(tx, 2, &is));
			/* One that was started before is not meant. */
			ok(store_ident_former(tx, 1, &of_first));
			ok(store_commit(&tx));
			assert_int_equal(is, stands[m]);
			assert_false(of_first);
		}
}

static void
what_is_there_twice_is_there_once_afterwards(void **state)
{
	struct store_token token = both();
	struct ouv_id id;

	(void)state;
	stand(HELD);
	id = a_case_of(&token);
	(void)sql("INSERT INTO ident_token (token, kind, case_id, party,"
		  " version) SELECT '%s', kind, case_id, party, 2"
		  " FROM ident_token",
		hex(&token.now));
	(void)move(place.server, &token);
	assert_string_equal(versions(&id), "2");
}

static void
an_opened_case_keeps_what_it_does_not_tell_and_is_not_asked_again(void **state)
{
	struct store_token told = both(), secret = both();
	struct store_token before = of_before(&secret);
	struct ouv_id id, *list;
	struct store_tx *tx;
	size_t count;

	(void)state;
	stand(HELD);
	id = a_case_of(&told);
	(void)put(place.gateway, &before, STORE_IDENT_MESSAGE, &id);
	for (int whole = 0; whole < 2; whole++) {
		tx = begin(place.server);
		ok(store_case_idents_move(tx, &id, 2, &told, 1, whole));
		ok(store_idents_cases(
			tx, place.arena, &ana, 2, &id, 20, &list, &count));
		ok(store_commit(&tx));
		assert_string_equal(versions(&id), whole ? "0 2" : "1 2");
		assert_int_equal(count, !whole);
	}
	/* ... and is taken over when somebody names it after all. */
	assert_int_equal(move(place.gateway, &secret), 1);
	assert_string_equal(versions(&id), "2 2");
}

static void
the_case_that_is_open_comes_first_and_only_ones_own(void **state)
{
	struct store_token token = both();
	struct ouv_id a, b, hidden, *list;
	struct store_tx *tx;
	size_t count;

	(void)state;
	stand(HELD);
	a = a_case_of(&token);
	b = a_case_of(some());
	hidden = a_case_of(some());
	(void)sql("DELETE FROM case_grant WHERE case_id = '%s'", hex(&hidden));
	for (int i = 0; i < 2; i++) {
		tx = begin(place.server);
		ok(store_idents_cases(tx, place.arena, &ana, 2,
			i == 0 ? &a : &b, 20, &list, &count));
		ok(store_commit(&tx));
		assert_int_equal(count, 2);
		assert_true(ouv_id_equal(&list[0], i == 0 ? &a : &b));
	}
	tx = begin(place.server);
	ok(store_idents_cases(tx, place.arena, &ana, 2, &b, 0, &list, &count));
	ok(store_commit(&tx));
	assert_int_equal(count, 1);
	assert_true(ouv_id_equal(&list[0], &b));
	stand(RETIRED);
	(void)a_case_of(&token);
	tx = begin(place.server);
	ok(store_idents_cases(tx, place.arena, &ana, 2, &a, 20, &list, &count));
	ok(store_commit(&tx));
	assert_int_equal(count, 0);
}

/* ---- mails
 * -------------------------------------------------------------------- */

static struct store_inbound
a_mail(int64_t uid)
{
	struct store_inbound in = { .id = ouv_id_new(),
		.mailbox = box,
		.has_uid = true,
		.uidvalidity = 7,
		.uid = uid,
		.mac_version = 2,
		.dek_box_svc = { 3 } };

	ouv_random(in.raw_mac, sizeof(in.raw_mac));
	ouv_random(in.canon_mac, sizeof(in.canon_mac));
	ouv_random(in.raw_before, sizeof(in.raw_before));
	ouv_random(in.canon_before, sizeof(in.canon_before));
	return in;
}

static const char *
receive(const struct store_inbound *in)
{
	struct store_tx *tx = begin(place.gateway);
	const char *label;

	ok(store_inbound_add(tx, in, &me));
	ok(store_inbound_states(tx, place.arena, &in->id, 1, &label));
	ok(store_commit(&tx));
	return label;
}

static void
a_mail_delivered_under_both_keys_is_one(void **state)
{
	struct store_inbound first, again;

	(void)state;
	for (enum moment m = BEGUN; m <= HELD; m++) {
		stand(m);
		first = a_mail(1);
		again = a_mail(2);
		memcpy(again.canon_before, first.canon_mac, 32);
		/* As the gateway of before did. */
		memset(first.raw_before, 0, 32);
		memset(first.canon_before, 0, 32);
		first.mac_version = 1;
		assert_string_equal(receive(&first), "received");
		assert_string_equal(receive(&again), "duplicate");
	}
}

static void
a_mail_has_the_digests_that_its_reader_knows(void **state)
{
	struct store_inbound in;

	(void)state;
	for (enum moment m = BEGUN; m <= HELD; m++) {
		stand(m);
		in = a_mail(1);
		assert_string_equal(receive(&in), "received");
		assert_string_equal(
			sql("SELECT mac_version, substr(raw_mac::text, 3, 2),"
			    " substr(canon_mac::text, 3, 2) FROM inbound"),
			m == HELD ? ouv_arena_printf(place.arena, "2|%02x|%02x",
					    in.raw_mac[0], in.canon_mac[0])
				  : ouv_arena_printf(place.arena, "1|%02x|%02x",
					    in.raw_before[0],
					    in.canon_before[0]));
	}
}

/* ---- the end of the former
 * ----------------------------------------------------- */

static struct store_idents_left
left(void)
{
	struct store_idents_left counts;
	struct store_tx *tx = begin(place.owner);

	ok(store_idents_left(tx, 2, &counts));
	ok(store_commit(&tx));
	return counts;
}

/* One of each kind under the former, and one of each under the present. */
static struct ouv_id
leave_some(struct ouv_id *tie_out)
{
	struct store_token old = both(), before = of_before(&old);
	struct store_token fresh = both();
	struct store_inbound in = a_mail(1), now = a_mail(2);
	struct ouv_id id = a_case_of(&old), lost = a_case_of(some());

	memset(in.raw_before, 0, 32);
	memset(in.canon_before, 0, 32);
	in.mac_version = 1;
	(void)sql("UPDATE ident_token SET version = 0 WHERE case_id = '%s'",
		hex(&lost));
	(void)put(place.gateway, &fresh, STORE_IDENT_ADDRESS, &id);
	(void)sql("DELETE FROM case_grant");
	*tie_out = tie(&before);
	(void)tie(&fresh);
	(void)receive(&in);
	(void)receive(&now);
	return in.id;
}

static void
what_is_left_is_counted(void **state)
{
	struct store_idents_left counts;
	struct ouv_id mail, tied, held;

	(void)state;
	stand(HELD);
	mail = leave_some(&tied);
	counts = left();
	assert_int_equal(counts.names, 2);
	assert_int_equal(counts.cases, 2);
	assert_int_equal(counts.lost, 1);
	assert_int_equal(counts.ties, 1);
	assert_int_equal(counts.coming, 1);
	assert_int_equal(counts.held, 0);
	assert_int_equal(counts.recent, 1);
	held = a_case_of(some());
	(void)sql("UPDATE case_file SET state = 'held' WHERE id = '%s'",
		hex(&held));
	(void)sql("INSERT INTO item (id, case_id, seq, kind, lane, at, "
		  "raw_padded, "
		  "key_version,"
		  " dek_box, body) VALUES ('%s', '%s', 1, 'mail_in', "
		  "'internal', now(), 1, 1,"
		  " '', '')",
		hex(&mail), hex(&held));
	(void)sql("UPDATE inbound SET state = 'filed', received = now()"
		  " - interval '8 days'");
	counts = left();
	assert_int_equal(counts.coming, 0);
	assert_int_equal(counts.held, 1);
	assert_int_equal(counts.recent, 0);
	/* A month's file is nobody's to decide about. */
	(void)sql("UPDATE case_file SET desk_month = '2031-01-01'"
		  " WHERE id = '%s'",
		hex(&held));
	assert_int_equal(left().held, 0);
	(void)sql("UPDATE case_file SET desk_month = NULL WHERE id = '%s'",
		hex(&held));
}

static void
nothing_of_the_former_is_kept(void **state)
{
	struct store_idents_left counts;
	struct ouv_id mail, tied;
	struct store_tx *tx;

	(void)state;
	stand(HELD);
	mail = leave_some(&tied);
	tx = begin(place.owner);
	ok(store_idents_retire(tx, 2));
	ok(store_commit(&tx));
	counts = left();
	assert_memory_equal(
		&counts, &(struct store_idents_left){ 0 }, sizeof(counts));
	assert_string_equal(sql("SELECT count(*), min(version) FROM"
				" ident_token"),
		"1|2");
	/* The tie of now goes on, the other has ended and says of nobody. */
	assert_string_equal(sql("SELECT id = '%s' FROM conflict_register"
				" WHERE ended IS NOT NULL",
				    hex(&tied)),
		"t");
	assert_string_equal(
		sql("SELECT count(*) FROM conflict_register WHERE ended IS"
		    " NULL"),
		"1");
	assert_string_equal(sql("SELECT octet_length(raw_mac), canon_mac IS"
				" NULL FROM inbound WHERE id = '%s'",
				    hex(&mail)),
		"0|t");
	assert_string_equal(
		sql("SELECT count(*) FROM inbound WHERE canon_mac IS NOT NULL"
		    " AND octet_length(raw_mac) = 32"),
		"1");
	assert_string_equal(sql("SELECT stage FROM key_rotation"), "1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_known_by_either_key_is_found),
		cmocka_unit_test(a_search_finds_the_cases_of_both_keys),
		cmocka_unit_test(a_mail_is_led_by_either_key),
		cmocka_unit_test(
			the_present_one_is_written_when_both_programs_hold_it),
		cmocka_unit_test(a_program_without_a_former_writes_what_it_has),
		cmocka_unit_test(writing_one_moves_all_rows_with_it),
		cmocka_unit_test(
			a_tie_bars_before_and_after_and_from_what_comes),
		cmocka_unit_test(a_tie_entered_now_bars_from_cases_of_before),
		cmocka_unit_test(cases_of_one_consumer_stay_joined),
		cmocka_unit_test(nothing_moves_too_early_or_too_late),
		cmocka_unit_test(a_long_transaction_holds_nothing_back),
		cmocka_unit_test(
			the_gateway_begins_a_minute_after_nothing_is_written_by_the_former),
		cmocka_unit_test(the_former_stands_until_it_is_retired),
		cmocka_unit_test(what_is_there_twice_is_there_once_afterwards),
		cmocka_unit_test(
			an_opened_case_keeps_what_it_does_not_tell_and_is_not_asked_again),
		cmocka_unit_test(
			the_case_that_is_open_comes_first_and_only_ones_own),
		cmocka_unit_test(a_mail_delivered_under_both_keys_is_one),
		cmocka_unit_test(a_mail_has_the_digests_that_its_reader_knows),
		cmocka_unit_test(what_is_left_is_counted),
		cmocka_unit_test(nothing_of_the_former_is_kept),
	};

	return cmocka_run_group_tests(tests, people, place_stop);
}
