/*
 * store_held_test.c - held mail, tasks and floods, against a real PostgreSQL:
 * a message moves only out of a held case, its numbers stay 1, 2, 3 ...
 */
#include "store_place.h"

static struct ouv_id who, other;

/* A case that `who` may read, with so many messages. */
static struct store_case
make_case(enum ouv_state state, const char *protocol, int items,
	struct ouv_id *ids)
{
	struct store_case c = a_case(state);
	struct store_grant grant = {
		.case_id = c.id, .person = who, .version = 1, .pk = { 1 }
	};
	struct store_tx *tx = begin(place.gateway);

	c.protocol = protocol;
	c.items = items;
	ok(store_case_add(tx, &c));
	ok(store_grants_add(tx, &grant, 1));
	for (int i = 0; i < items; i++) {
		struct store_item item = an_item(&c.id);

		item.seq = i + 1;
		item.why = "burst";
		ids[i] = item.id;
		ok(store_item_add(tx, &item));
		ok(store_chunk_add(tx, &item.id, 0, "bytes", 5));
	}
	ok(store_commit(&tx));
	for (int i = 0; i < items; i++)
		(void)sql("INSERT INTO inbound (id, mailbox, raw_mac, size,"
			  " state, filed, case_id, outcome, attempts) VALUES"
			  " ('%s', 'INBOX', 'm', 5, 'quarantine', now(),"
			  " '%s', 'held', 3)",
			hex(&ids[i]), hex(&c.id));
	return c;
}

static struct store_item
moved(const struct ouv_id *item, const struct ouv_id *to, int seq)
{
	struct store_item out = an_item(to);

	out.id = *item;
	out.seq = seq;
	out.lane = OUV_LANE_INTERNAL;
	out.body = (struct ouv_str){ "anew", 4 };
	return out;
}

/* "1 2 3" */
static const char *
numbers(const struct ouv_id *case_id)
{
	return sql("SELECT coalesce(string_agg(seq::text, ' ' ORDER BY seq),"
		   " '') || '/' || (SELECT items FROM case_file WHERE id ="
		   " '%s') FROM item WHERE case_id = '%s'",
		hex(case_id), hex(case_id));
}

static void
a_message_leaves_a_held_case_and_the_numbers_close(void **state)
{
	struct ouv_id ids[4], none[1];
	struct store_case held = make_case(OUV_STATE_HELD, NULL, 4, ids);
	struct store_case target =
		make_case(OUV_STATE_TRIAGE, "2032-000001-1", 0, none);
	struct store_item item = moved(&ids[1], &target.id, 1);
	struct store_tx *tx = begin(place.server);

	(void)state;
	ok(store_held_move(tx, &held.id, &item));
	ok(store_case_touch(tx, &target.id, 1, 1700000001));
	ok(store_commit(&tx));
	assert_string_equal(numbers(&held.id), "1 2 3/3");
	assert_string_equal(numbers(&target.id), "1/1");
	assert_string_equal(
		sql("SELECT seq FROM item WHERE id = '%s'", hex(&ids[3])), "3");
	assert_string_equal(
		sql("SELECT convert_from(body, 'UTF8') || lane || kind FROM "
		    "item WHERE id = '%s'",
			hex(&ids[1])),
		"anewinternalmail_in");
	assert_string_equal(
		sql("SELECT outcome FROM inbound WHERE id = '%s' AND case_id "
		    "= '%s'",
			hex(&ids[1]), hex(&target.id)),
		"appended");
	/* It is not there a second time. */
	tx = begin(place.server);
	assert_int_equal(store_held_move(tx, &held.id, &item), OUV_CONFLICT);
	store_rollback(&tx);
}

static void
nothing_leaves_a_case_that_is_not_held(void **state)
{
	struct ouv_id ids[1], none[1];
	struct store_case c =
		make_case(OUV_STATE_TRIAGE, "2032-000002-2", 1, ids);
	struct store_case target =
		make_case(OUV_STATE_TRIAGE, "2032-000003-3", 0, none);
	struct store_item item = moved(&ids[0], &target.id, 1);
	uint8_t box[112] = { 1 };
	int64_t number;
	struct store_tx *tx = begin(place.server);

	(void)state;
	assert_int_equal(store_held_move(tx, &c.id, &item), OUV_CONFLICT);
	assert_int_equal(
		store_held_retry(tx, &c.id, &ids[0], box), OUV_CONFLICT);
	assert_int_equal(
		store_held_number(tx, &c.id, 2032, &number), OUV_CONFLICT);
	assert_int_equal(
		store_held_register(tx, &target, &target.id), OUV_CONFLICT);
	ok(store_commit(&tx));
	assert_string_equal(numbers(&c.id), "1/1");
	assert_string_equal(numbers(&target.id), "/0");
	assert_string_equal(
		sql("SELECT state FROM inbound WHERE id = '%s'", hex(&ids[0])),
		"quarantine");
}

static void
a_message_given_back_waits_as_if_just_received(void **state)
{
	struct ouv_id ids[2];
	struct store_case held = make_case(OUV_STATE_HELD, NULL, 2, ids);
	struct store_guess guess = { .item = ids[0],
		.case_id = held.id,
		.party = held.id,
		.lead = "sender" };
	uint8_t box[112] = { 7 };
	struct store_tx *tx = begin(place.gateway);

	(void)state;
	ok(store_guesses_add(tx, &guess, 1));
	ok(store_commit(&tx));
	tx = begin(place.server);
	ok(store_held_retry(tx, &held.id, &ids[0], box));
	ok(store_commit(&tx));
	assert_string_equal(numbers(&held.id), "1/1");
	assert_string_equal(
		sql("SELECT state::text || attempts || coalesce(outcome, '-')"
		    " || get_byte(dek_box_svc, 0) || (case_id IS NULL) FROM "
		    "inbound WHERE id = '%s'",
			hex(&ids[0])),
		"received0-7true");
	/* Its bytes stay; what was guessed of it does not. */
	assert_string_equal(sql("SELECT count(*) FROM chunk WHERE item = '%s'",
				    hex(&ids[0])),
		"1");
	assert_string_equal(
		sql("SELECT count(*) FROM item_guess WHERE item = '%s'",
			hex(&ids[0])),
		"0");
	(void)sql("DELETE FROM inbound WHERE id = '%s'", hex(&ids[0]));
}

static void
a_held_case_gets_its_number_once(void **state)
{
	struct ouv_id ids[2];
	struct store_case held = make_case(OUV_STATE_HELD, NULL, 2, ids);
	struct ouv_id party = ouv_id_new();
	int64_t first, second;
	struct store_tx *tx = begin(place.server);

	(void)state;
	ok(store_held_number(tx, &held.id, 2033, &first));
	held.protocol = "2033-000001-1";
	held.due_at = 1700086400;
	held.lang = "it";
	held.summary = (struct ouv_str){ NULL, 0 };
	ok(store_held_register(tx, &held, &party));
	assert_int_equal(
		store_held_number(tx, &held.id, 2033, &second), OUV_CONFLICT);
	assert_int_equal(store_held_register(tx, &held, &party), OUV_CONFLICT);
	ok(store_commit(&tx));
	assert_int_equal(first, 1);
	assert_string_equal(
		sql("SELECT lang || convert_from(summary, 'UTF8') FROM "
		    "case_file WHERE protocol = '2033-000001-1'"),
		"itsealed");
	assert_string_equal(
		sql("SELECT count(*) FROM item WHERE case_id = '%s' AND party "
		    "= '%s' AND lane = 'consumer'",
			hex(&held.id), hex(&party)),
		"2");
}

/* ---- guesses ----------------------------------------------------------- */

static void
a_guess_names_a_case_only_to_who_has_a_key(void **state)
{
	struct ouv_id ids[2], none[1], party = ouv_id_new();
	struct store_case held = make_case(OUV_STATE_HELD, NULL, 2, ids);
	struct store_case meant =
		make_case(OUV_STATE_TRIAGE, "2034-000001-1", 0, none);
	struct store_guess guesses[] = {
		{ ids[0], meant.id, party, 1, "sender", NULL, NULL },
		{ ids[0], meant.id, party, 0, "address", NULL, NULL },
		{ ids[1], ouv_id_new(), ouv_id_new(), 0, "letter", NULL, NULL },
	};
	struct store_tx *tx = begin(place.gateway);
	struct store_case_line line = { .c = held };
	struct store_held_note *notes;
	struct store_guess *found;
	size_t count;

	(void)state;
	ok(store_party_add(tx, &party, &meant.id, "company"));
	ok(store_guesses_add(tx, guesses, 3));
	ok(store_commit(&tx));
	tx = begin(place.server);
	for (int mine = 0; mine < 2; mine++) {
		const struct ouv_id *reader = mine ? &who : &other;

		ok(store_guesses(
			tx, place.arena, &held.id, reader, &found, &count));
		assert_int_equal(count, 3);
		assert_string_equal(found[0].lead, "address");
		assert_string_equal(found[1].lead, "sender");
		assert_string_equal(found[0].side, "company");
		assert_string_equal(found[2].side, "");
		assert_null(found[2].protocol);
		ok(store_held_notes(tx, place.arena, &line, 1, reader, &notes));
		assert_string_equal(notes[0].why, "burst");
		assert_string_equal(notes[0].guess.lead, "address");
		if (mine) {
			assert_string_equal(found[0].protocol, meant.protocol);
			assert_string_equal(
				notes[0].guess.protocol, meant.protocol);
		} else {
			assert_null(found[0].protocol);
			assert_null(notes[0].guess.protocol);
		}
	}
	ok(store_commit(&tx));
}

/* ---- tasks ------------------------------------------------------------- */

static void
a_task_opens_once_a_letter_and_is_done_once(void **state)
{
	struct ouv_id ids[1], note = ouv_id_new();
	struct store_case c =
		make_case(OUV_STATE_TRIAGE, "2035-000001-1", 1, ids);
	struct store_task task = { .id = ouv_id_new(),
		.case_id = c.id,
		.item = ids[0],
		.kind = "other-channel",
		.opened_at = 1700000000,
		.due_at = 1700086400 };
	struct store_task again = task, *tasks;
	struct store_case_line line;
	struct store_tx *tx = begin(place.gateway);
	const char *kind;
	size_t count;
	bool opened;

	(void)state;
	ok(store_task_add(tx, &task, &opened));
	assert_true(opened);
	again.id = ouv_id_new();
	ok(store_task_add(tx, &again, &opened));
	assert_false(opened);
	again.kind = "send-again";
	ok(store_task_add(tx, &again, &opened));
	assert_true(opened);
	ok(store_commit(&tx));

	tx = begin(place.server);
	ok(store_case_line_of(tx, place.arena, &c.id, &who, &line));
	assert_int_equal(line.tasks, 2);
	ok(store_task_find(tx, place.arena, &c.id, &task.id, &kind));
	assert_string_equal(kind, task.kind);
	assert_int_equal(
		store_task_find(tx, place.arena, &ids[0], &task.id, &kind),
		OUV_NOT_FOUND);
	ok(store_task_done(tx, &c.id, &task.id, &who, "phone", &note));
	ok(store_commit(&tx));
	tx = begin(place.server);
	ok(store_task_done(tx, &c.id, &task.id, &other, "letter", &note));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
	tx = begin(place.server);
	ok(store_case_line_of(tx, place.arena, &c.id, &who, &line));
	assert_int_equal(line.tasks, 1);
	ok(store_tasks(tx, place.arena, &c.id, &tasks, &count));
	ok(store_commit(&tx));
	assert_int_equal(count, 2);
	for (size_t i = 0; i < count; i++) {
		bool first = ouv_id_equal(&tasks[i].id, &task.id);

		assert_int_equal(tasks[i].item_seq, 1);
		assert_int_equal(tasks[i].due_at, 1700086400);
		assert_int_equal(tasks[i].done_at != 0, first);
		if (first) {
			assert_string_equal(tasks[i].outcome, "phone");
			assert_string_equal(tasks[i].done_by, "Ana Prova");
			assert_true(ouv_id_equal(&tasks[i].note, &note));
		}
	}
}

/* ---- who writes ---------------------------------------------------------- */

/* The time is in front; within one millisecond there is no newer one. */
static int
newest_first(const void *a, const void *b)
{
	return -memcmp(a, b, sizeof(struct ouv_id));
}

static struct store_outbox
a_letter(const struct store_case *c, const struct ouv_id *item)
{
	struct store_outbox out = { .id = ouv_id_new(),
		.case_id = c->id,
		.item = *item,
		.capsule = ouv_id_new(),
		.kind = "reply",
		.dedupe_key = hex(item) };

	return out;
}

static void
a_letter_may_hold_several_promises_and_only_in_its_case(void **state)
{
	struct ouv_id ids[1], none[1];
	struct store_case c =
		make_case(OUV_STATE_TRIAGE, "2035-000002-1", 1, ids);
	struct store_case another =
		make_case(OUV_STATE_TRIAGE, "2035-000003-1", 1, none);
	struct store_outbox letter = a_letter(&c, &ids[0]);
	struct store_task task = {
		.case_id = c.id, .opened_at = 1700000000, .due_at = 1700086400
	};
	struct store_tx *tx = begin(place.server);
	struct store_task *tasks;
	size_t count;

	(void)state;
	ok(store_outbox_add(tx, &letter));
	for (int i = 0; i < 2; i++) {
		task.id = ouv_id_new();
		task.words = ouv_id_new();
		task.opened_at += i; /* their order is that of time */
		ok(store_promise_add(tx, &task, &letter.id));
	}
	ok(store_commit(&tx));
	tx = begin(place.server);
	ok(store_tasks(tx, place.arena, &c.id, &tasks, &count));
	assert_int_equal(count, 2);
	assert_string_equal(tasks[1].kind, "promise");
	assert_int_equal(tasks[1].item_seq, 1);
	assert_true(ouv_id_equal(&tasks[1].words, &task.words));
	assert_true(ouv_id_is_zero(&tasks[1].note));
	task.id = ouv_id_new();
	task.case_id = another.id;
	ok(store_promise_add(tx, &task, &letter.id));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
}

static void
a_case_moves_its_date_only_from_the_one_that_was_read(void **state)
{
	struct ouv_id ids[1];
	struct store_case c =
		make_case(OUV_STATE_TRIAGE, "2035-000004-1", 1, ids);
	struct store_tx *tx = begin(place.server);

	(void)state;
	(void)sql(
		"UPDATE case_file SET due = NULL WHERE id = '%s'", hex(&c.id));
	ok(store_case_due(tx, &c.id, 0, 1700000000));
	ok(store_case_due(tx, &c.id, 1700000000, 1700086400));
	ok(store_commit(&tx));
	tx = begin(place.server);
	ok(store_case_due(tx, &c.id, 1700000000, 1700172800));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
	tx = begin(place.server);
	ok(store_case_due(tx, &c.id, 0, 1700172800));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
	assert_string_equal(sql("SELECT extract(epoch FROM due)::int8 FROM"
				" case_file WHERE id = '%s'",
				    hex(&c.id)),
		"1700086400");
}

static void
a_sender_leads_to_the_newest_eight_open_cases(void **state)
{
	struct store_token sender = known_by(ouv_id_new());
	struct ouv_id cases[10], none[1];
	struct store_question question = {
		.mail = 3, .key = sender, .sender = sender
	};
	struct store_lead *leads;
	struct store_tx *tx;
	size_t count;

	(void)state;
	for (int i = 0; i < 10; i++) {
		struct store_case c =
			make_case(i == 9 ? OUV_STATE_CLOSED : OUV_STATE_TRIAGE,
				NULL, 0, none);
		struct ouv_id party = ouv_id_new();

		cases[i] = c.id;
		tx = begin(place.gateway);
		ok(store_party_add(tx, &party, &c.id, "consumer"));
		ok(store_ident_add(
			tx, &sender, STORE_IDENT_ADDRESS, &c.id, &party));
		ok(store_commit(&tx));
	}
	tx = begin(place.gateway);
	ok(store_leads_by_sender(
		tx, place.arena, &question, 1, &leads, &count));
	ok(store_commit(&tx));
	assert_int_equal(count, 8);
	qsort(cases, 9, sizeof(cases[0]), newest_first); /* the open ones */
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(leads[i].mail, 3);
		assert_false(leads[i].company);
		assert_true(ouv_id_equal(&leads[i].case_id, &cases[i]));
	}
}

static void
a_recipient_leads_to_the_cases_both_are_in(void **state)
{
	struct store_token company = known_by(ouv_id_new()),
			   consumer = known_by(ouv_id_new());
	struct ouv_id sides[2] = { ouv_id_new(), ouv_id_new() }, none[1];
	struct store_case both =
		make_case(OUV_STATE_TRIAGE, "2036-000001-1", 0, none);
	struct store_case alone =
		make_case(OUV_STATE_TRIAGE, "2036-000002-2", 0, none);
	struct ouv_id lone = ouv_id_new();
	struct store_question questions[] = {
		{ .mail = 1, .key = consumer, .sender = company },
		{ .mail = 2, .key = consumer, .sender = consumer },
		{ .mail = 4, .key = company, .sender = known_by(ouv_id_new()) },
	};
	struct store_lead *leads;
	struct store_tx *tx = begin(place.gateway);
	size_t count;

	(void)state;
	ok(store_party_add(tx, &sides[0], &both.id, "company"));
	ok(store_party_add(tx, &sides[1], &both.id, "consumer"));
	ok(store_party_add(tx, &lone, &alone.id, "consumer"));
	ok(store_ident_add(
		tx, &company, STORE_IDENT_ADDRESS, &both.id, &sides[0]));
	ok(store_ident_add(
		tx, &consumer, STORE_IDENT_ADDRESS, &both.id, &sides[1]));
	ok(store_ident_add(
		tx, &consumer, STORE_IDENT_ADDRESS, &alone.id, &lone));
	ok(store_leads_by_recipient(
		tx, place.arena, questions, 3, &leads, &count));
	ok(store_commit(&tx));
	assert_int_equal(count, 1);
	assert_int_equal(leads[0].mail, 1);
	assert_true(ouv_id_equal(&leads[0].case_id, &both.id));
	assert_true(ouv_id_equal(&leads[0].party, &sides[1]));
	assert_true(ouv_id_equal(&leads[0].sender_party, &sides[0]));
	assert_true(leads[0].sender_company && !leads[0].company);
}

static void
a_flood_has_one_case_an_hour(void **state)
{
	struct ouv_id a = ouv_id_new(), b = ouv_id_new();
	struct store_burst bursts[] = {
		{ .token = a, .start_at = 3600 },
		{ .token = b, .start_at = 3600 },
		{ .token = a, .start_at = 7200 },
	};
	struct store_burst one = bursts[0];
	struct store_tx *tx = begin(place.gateway);

	(void)state;
	one.case_id = ouv_id_new();
	ok(store_burst_set(tx, &one));
	ok(store_bursts(tx, bursts, 3));
	assert_true(ouv_id_equal(&bursts[0].case_id, &one.case_id));
	assert_true(ouv_id_is_zero(&bursts[1].case_id));
	assert_true(ouv_id_is_zero(&bursts[2].case_id));
	one.case_id = ouv_id_new();
	ok(store_burst_set(tx, &one));
	ok(store_bursts(tx, bursts, 3));
	assert_true(ouv_id_equal(&bursts[0].case_id, &one.case_id));
	ok(store_commit(&tx));
}

static int
start(void **state)
{
	if (place_start(state) != 0)
		return -1;
	who = add_person("who", OUV_ROLE_MEDIATOR, true);
	other = add_person("other", OUV_ROLE_MEDIATOR, true);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_message_leaves_a_held_case_and_the_numbers_close),
		cmocka_unit_test(nothing_leaves_a_case_that_is_not_held),
		cmocka_unit_test(
			a_message_given_back_waits_as_if_just_received),
		cmocka_unit_test(a_held_case_gets_its_number_once),
		cmocka_unit_test(a_guess_names_a_case_only_to_who_has_a_key),
		cmocka_unit_test(a_task_opens_once_a_letter_and_is_done_once),
		cmocka_unit_test(
			a_letter_may_hold_several_promises_and_only_in_its_case),
		cmocka_unit_test(
			a_case_moves_its_date_only_from_the_one_that_was_read),
		cmocka_unit_test(a_sender_leads_to_the_newest_eight_open_cases),
		cmocka_unit_test(a_recipient_leads_to_the_cases_both_are_in),
		cmocka_unit_test(a_flood_has_one_case_an_hour),
	};

	return cmocka_run_group_tests(tests, start, place_stop);
}
