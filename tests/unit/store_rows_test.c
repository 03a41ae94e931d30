/*
 * store_rows_test.c - cases, worklists, items and the log come back as written,
 * against a real PostgreSQL
 */
#include "store_place.h"
#include "ouv/store_console.h"

/* ---- cases ------------------------------------------------------------- */

static struct ouv_id reader;

static struct store_case
add_case(enum ouv_state at, int64_t last_at, const struct ouv_id *who)
{
	struct store_case c = a_case(at);
	struct store_grant grants[2] = { { .case_id = c.id,
						 .person = *who,
						 .version = 1,
						 .pk = { 1 },
						 .box = { 5 },
						 .sig = { 6 } },
		{ .case_id = c.id, .version = 1, .box = { 7 } } };
	struct store_tx *tx = begin(place.gateway);

	c.last_at = last_at;
	ok(store_case_add(tx, &c));
	ok(store_grants_add(tx, grants, 2));
	ok(store_commit(&tx));
	return c;
}

static void
a_case_comes_back_to_whoever_holds_a_grant(void **state)
{
	struct ouv_id stranger = ouv_id_new(), nowhere = ouv_id_new();
	struct store_case c = a_case(OUV_STATE_RECEIVED), seen;
	struct store_grant grant = { .case_id = c.id,
		.person = reader,
		.version = 1,
		.pk = { 1 },
		.box = { 5, 6 },
		.sig = { 7 },
		.granted_by = stranger },
			   found;
	struct store_tx *tx = begin(place.gateway);

	(void)state;
	c.protocol = "2026-000001-7";
	c.due_at = 1700086400;
	c.items = 3;
	ok(store_case_add(tx, &c));
	ok(store_grants_add(tx, &grant, 1));
	ok(store_commit(&tx));
	tx = begin(place.server);
	ok(store_case_find(tx, place.arena, "2026-000001-7", NULL, &reader,
		&seen, &found));
	assert_true(ouv_id_equal(&seen.id, &c.id));
	assert_string_equal(seen.protocol, c.protocol);
	assert_int_equal(seen.state, OUV_STATE_RECEIVED);
	assert_int_equal(seen.desk_month, 0);
	assert_string_equal(seen.lang, "pt-BR");
	assert_string_equal(seen.channel, "mail");
	assert_int_equal(seen.opened_at, 1700000000);
	assert_int_equal(seen.due_at, 1700086400);
	assert_int_equal(seen.last_at, 1700000000);
	assert_int_equal(seen.items, 3);
	assert_int_equal(seen.summary.len, 6);
	assert_true(ouv_id_is_zero(&seen.owner));
	assert_memory_equal(found.box, grant.box, 112);
	assert_memory_equal(found.sig, grant.sig, 64);
	assert_true(ouv_id_equal(&found.granted_by, &stranger));
	ok(store_case_find(
		tx, place.arena, NULL, &c.id, &reader, &seen, &found));
	assert_int_equal(store_case_find(tx, place.arena, NULL, &c.id,
				 &stranger, &seen, &found),
		OUV_REFUSED);
	assert_int_equal(store_case_find(tx, place.arena, NULL, &nowhere,
				 &reader, &seen, &found),
		OUV_NOT_FOUND);
	assert_int_equal(store_case_find(tx, place.arena, "2026-999999-9", NULL,
				 &reader, &seen, &found),
		OUV_NOT_FOUND);
	ok(store_commit(&tx));
}

static void
a_case_moves_only_from_the_state_that_was_read(void **state)
{
	struct ouv_id nobody = { { 0 } },
		      who = add_person("mover", OUV_ROLE_MEDIATOR, false);
	struct store_case c = add_case(OUV_STATE_RECEIVED, 1700000000, &who),
			  seen;
	struct store_tx *tx = begin(place.server);

	(void)state;
	ok(store_case_lock(tx, place.arena, &c.id, &seen));
	ok(store_case_move(
		tx, &c.id, OUV_STATE_RECEIVED, OUV_STATE_TRIAGE, &who));
	ok(store_commit(&tx));
	tx = begin(place.server);
	ok(store_case_move(
		tx, &c.id, OUV_STATE_RECEIVED, OUV_STATE_TRIAGE, &nobody));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
	tx = begin(place.server);
	ok(store_case_move(
		tx, &c.id, OUV_STATE_TRIAGE, OUV_STATE_INFO, &nobody));
	ok(store_case_touch(tx, &c.id, 2, 1600000000));
	ok(store_case_touch(tx, &c.id, 1, 1700000500));
	ok(store_case_lock(tx, place.arena, &c.id, &seen));
	assert_int_equal(seen.state, OUV_STATE_INFO);
	assert_true(ouv_id_equal(&seen.owner, &who));
	assert_int_equal(seen.items, 3);
	assert_int_equal(seen.last_at, 1700000500);
	ok(store_commit(&tx));
	tx = begin(place.gateway);
	ok(store_case_lock(tx, place.arena, &c.id, &seen));
	assert_int_equal(seen.state, OUV_STATE_INFO);
	assert_int_equal(seen.summary.len, 0); /* not for the gateway */
	ok(store_commit(&tx));
}

static void
numbers_have_no_gap_even_after_a_rollback(void **state)
{
	struct store_tx *tx = begin(place.gateway);
	int64_t first;

	(void)state;
	ok(store_protocol_take(tx, 2031, 3, &first));
	assert_int_equal(first, 1);
	ok(store_protocol_take(tx, 2031, 1, &first));
	assert_int_equal(first, 4);
	ok(store_commit(&tx));
	tx = begin(place.gateway);
	ok(store_protocol_take(tx, 2031, 5, &first));
	assert_int_equal(first, 5);
	store_rollback(&tx);
	tx = begin(place.gateway);
	ok(store_protocol_take(tx, 2031, 1, &first));
	assert_int_equal(first, 5);
	ok(store_protocol_take(tx, 2032, 1, &first));
	assert_int_equal(first, 1);
	ok(store_commit(&tx));
	tx = begin(place.gateway);
	assert_int_not_equal(store_protocol_take(tx, 2032, -1, &first), OUV_OK);
	store_rollback(&tx);
}

/* Which of the seven lists a case stands in. */
struct listed {
	enum ouv_state at;
	int desk_month;
	bool mine, due;
	const char *queues;
	bool numbered; /* has a protocol number */
	const char *aside;
};

/* clang-format off */
static const struct listed listed[] = {
	{ OUV_STATE_RECEIVED,  0,      false, false, "open new", false, NULL },
	{ OUV_STATE_RECEIVED,  0,      false, true,  "open new due", false, NULL },
	{ OUV_STATE_TRIAGE,    0,      true,  false, "open mine", false, NULL },
	{ OUV_STATE_MEDIATION, 0,      true,  true,  "open mine due", false, NULL },
	/* Nobody looks after it: it waits with the new ones. */
	{ OUV_STATE_FORWARDED, 0,      false, false, "open new", false, NULL },
	{ OUV_STATE_CLOSED,    0,      true,  true,  "closed", true, NULL },
	/* A held case that is empty, and one that was set aside. */
	{ OUV_STATE_CLOSED,    0,      false, false, "", false, NULL },
	{ OUV_STATE_CLOSED,    0,      false, false, "aside", false, "spam" },
	{ OUV_STATE_ERASED,    0,      true,  true,  "", false, NULL },
	{ OUV_STATE_HELD,      0,      false, true,  "held", false, NULL },
	/* A month's file of automatic mail waits for nobody. */
	{ OUV_STATE_HELD,      203107, false, false, "months", false, NULL },
};
/* clang-format on */

static bool
is_listed(const struct ouv_id *who, const char *queue, const struct ouv_id *id)
{
	const struct store_wish wish = { .person = *who,
		.queue = queue,
		.order = STORE_BY_LAST,
		.limit = 50 };
	struct store_tx *tx = begin(place.server);
	struct store_case_line *held;
	struct store_work_line *lines;
	bool found = false;
	size_t count;

	if (strcmp(queue, "held") == 0 || strcmp(queue, "aside") == 0 ||
		strcmp(queue, "months") == 0) {
		ok(store_case_list(tx, place.arena, who, queue, 0, NULL, 50,
			&held, &count));
		for (size_t i = 0; i < count; i++)
			found |= ouv_id_equal(&held[i].c.id, id);
	} else {
		ok(store_work(tx, place.arena, &wish, &lines, &count));
		for (size_t i = 0; i < count; i++)
			found |= ouv_id_equal(&lines[i].row.c.id, id);
	}
	ok(store_commit(&tx));
	return found;
}

static void
each_case_stands_in_the_lists_of_its_state(void **state)
{
	static const char *const queues[] = { "open", "mine", "new", "due",
		"closed", "held", "aside", "months" };
	struct ouv_id who = add_person("lists", OUV_ROLE_MEDIATOR, false),
		      stranger = ouv_id_new();
	struct store_tx *tx;
	int64_t counts[STORE_QUEUES], expected[STORE_QUEUES] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++) {
		const struct listed *l = &listed[i];
		struct store_case c = a_case(l->at);
		struct store_grant grant = { .case_id = c.id,
			.person = who,
			.version = 1,
			.pk = { 1 } };

		c.desk_month = l->desk_month;
		c.protocol = l->numbered ? "2031-000099-1" : NULL;
		c.due_at = l->due ? ouv_clock_now() + 3600
				  : ouv_clock_now() + 200000;
		if (l->mine)
			c.owner = who;
		tx = begin(place.gateway);
		ok(store_case_add(tx, &c));
		ok(store_grants_add(tx, &grant, 1));
		ok(store_commit(&tx));
		if (l->aside != NULL) {
			tx = begin(place.server);
			ok(store_case_aside(tx, &c.id, l->aside));
			ok(store_commit(&tx));
		}
		for (size_t q = 0; q < 8; q++) {
			bool in = strstr(l->queues, queues[q]) != NULL;

			if (is_listed(&who, queues[q], &c.id) != in)
				fail_msg("row %zu: %s", i, queues[q]);
			assert_false(is_listed(&stranger, queues[q], &c.id));
			if (q < 4)
				expected[q] += in;
		}
	}
	tx = begin(place.server);
	ok(store_work_counts(tx, place.arena, &who, counts));
	assert_memory_equal(counts, expected, 4 * sizeof(counts[0]));
	assert_int_equal(counts[STORE_QUEUES - 1], 1); /* held */
	ok(store_work_counts(tx, place.arena, &stranger, counts));
	for (int i = 0; i < STORE_QUEUES; i++)
		assert_int_equal(counts[i], 0);
	ok(store_commit(&tx));
	tx = begin(place.server);
	{
		struct store_case_line *lines;
		size_t count;

		assert_int_equal(
			store_case_list(tx, place.arena, &who, "nonsense", 0,
				NULL, 50, &lines, &count),
			OUV_INVALID);
	}
	store_rollback(&tx);
}

/* All lines of a list from one end, page by page; they come in the order they
 * stand in. */
static size_t
leaf(struct store_wish wish, struct ouv_id ids[], size_t most)
{
	struct store_tx *tx = begin(place.server);
	struct store_work_line *lines;
	size_t count, total = 0;

	do {
		ok(store_work(tx, place.arena, &wish, &lines, &count));
		assert_true(total + count <= most);
		for (size_t i = 0; i < count; i++) {
			size_t at = wish.back ? most - total - count + i
					      : total + i;

			ids[at] = lines[i].row.c.id;
		}
		total += count;
		if (count == 0)
			break;
		wish.at_us = lines[wish.back ? 0 : count - 1].key_us;
		wish.at_id = lines[wish.back ? 0 : count - 1].row.c.id;
	} while (count == (size_t)wish.limit);
	ok(store_commit(&tx));
	return total;
}

static void
pages_of_a_list_follow_each_other_without_gap_or_repetition(void **state)
{
	static const char *const orders[STORE_ORDER__COUNT] = {
		"c.last DESC, c.id DESC",
		"coalesce(c.due, 'infinity') ASC, c.id ASC",
		"c.opened DESC, c.id DESC",
	};
	struct ouv_id who = add_person("pages", OUV_ROLE_READER, false);
	struct ouv_id there[23], back[23];
	struct store_case_line line;
	struct store_tx *tx;

	(void)state;
	/* Several at the same moment, some without a date: the id decides. */
	for (int i = 0; i < 23; i++)
		(void)add_case(OUV_STATE_TRIAGE, 1700000000 + i / 4, &who);
	(void)sql(
		"UPDATE case_file SET last = last + interval '1 microsecond',"
		" due = NULL"
		" WHERE state = 'triage' AND get_byte(uuid_send(id), 15) < 99");
	for (int order = 0; order < STORE_ORDER__COUNT; order++) {
		struct store_wish wish = { .person = who,
			.queue = "open",
			.order = (enum store_order)order,
			.limit = 5 };

		assert_int_equal(leaf(wish, there, 23), 23);
		/* From the last line back: all but that one. */
		wish.back = true;
		wish.at_us = 0;
		wish.at_id = there[22];
		{
			const char *key =
				sql("SELECT (extract(epoch FROM %s) * "
				    "1000000)::int8"
				    " FROM case_file c WHERE c.id = '%s'",
					order == STORE_BY_LAST ? "c.last"
					: order == STORE_BY_DUE
						? "coalesce(c.due,"
						  " timestamptz '3000-01-01 "
						  "00:00:00+00')"
						: "c.opened",
					hex(&there[22]));

			wish.at_us = strtoll(key, NULL, 10);
		}
		assert_int_equal(leaf(wish, back, 22), 22);
		assert_memory_equal(there, back, 22 * sizeof(there[0]));
		/* As the database sorts them by itself. */
		for (int i = 0; i < 23; i++)
			assert_string_equal(hex(&there[i]),
				sql("SELECT replace(c.id::text, '-', '')"
				    " FROM case_file c JOIN case_grant g"
				    " ON g.case_id = c.id AND g.person = '%s'"
				    " ORDER BY %s OFFSET %d LIMIT 1",
					hex(&who), orders[order], i));
	}
	tx = begin(place.server);
	ok(store_case_line_of(tx, place.arena, &there[0], &who, &line));
	assert_true(ouv_id_equal(&line.c.id, &there[0]));
	assert_int_equal(
		store_case_line_of(tx, place.arena, &there[0], &reader, &line),
		OUV_NOT_FOUND);
	ok(store_commit(&tx));
}

/* ---- items ------------------------------------------------------------- */

static struct store_outbox
add_letter(const struct ouv_id *case_id, const struct ouv_id *item,
	const char *dedupe)
{
	struct store_capsule capsule = { .id = ouv_id_new(),
		.case_id = *case_id,
		.party = ouv_id_new(),
		.key_version = 1,
		.ct = { "name", 4 },
		.box_case = { 1 },
		.box_svc = { 2 },
		.has_svc = true };
	struct store_outbox out = { .id = ouv_id_new(),
		.case_id = *case_id,
		.item = *item,
		.capsule = capsule.id,
		.kind = "reply",
		.dedupe_key = dedupe,
		.dek_box_svc = { 3 },
		.party = capsule.party };
	struct store_tx *tx = begin(place.gateway);

	ok(store_capsule_add(tx, &capsule));
	ok(store_outbox_add(tx, &out));
	ok(store_commit(&tx));
	return out;
}

static void
items_come_in_order_with_author_and_letter(void **state)
{
	struct ouv_id who = add_person("author", OUV_ROLE_MEDIATOR, false);
	struct store_case c = add_case(OUV_STATE_TRIAGE, 1700000000, &reader);
	struct store_item in = an_item(&c.id), out = an_item(&c.id), seen;
	struct store_item_row *rows;
	struct store_capsule *capsules;
	struct store_tx *tx = begin(place.gateway);
	size_t count;

	(void)state;
	in.why = "loop";
	in.party = ouv_id_new();
	ok(store_item_add(tx, &in));
	ok(store_commit(&tx));
	out.kind = OUV_ITEM_MAIL_OUT;
	out.lane = OUV_LANE_COMPANY;
	out.author = who;
	tx = begin(place.server);
	ok(store_item_add(tx, &out));
	ok(store_commit(&tx));
	(void)add_letter(&c.id, &out.id, hex(&out.id));
	tx = begin(place.server);
	ok(store_items(tx, place.arena, &c.id, &rows, &count));
	assert_int_equal(count, 2);
	assert_int_equal(rows[0].item.seq, 1);
	assert_int_equal(rows[1].item.seq, 2);
	assert_true(ouv_id_equal(&rows[0].item.id, &in.id));
	assert_true(ouv_id_equal(&rows[0].item.party, &in.party));
	assert_string_equal(rows[0].item.why, "loop");
	assert_null(rows[0].author_name);
	assert_false(rows[0].has_outbox);
	assert_int_equal(rows[1].item.kind, OUV_ITEM_MAIL_OUT);
	assert_int_equal(rows[1].item.lane, OUV_LANE_COMPANY);
	assert_int_equal(rows[1].item.raw_padded, 4096);
	assert_string_equal(rows[1].author_name, "Ana Prova");
	assert_true(rows[1].has_outbox);
	assert_string_equal(rows[1].out_state, "queued");
	assert_null(rows[1].item.why);
	ok(store_item(tx, place.arena, &c.id, &in.id, &seen));
	assert_int_equal(seen.body.len, 6);
	/* The item of another case is not found through this one. */
	assert_int_equal(store_item(tx, place.arena, &in.id, &in.id, &seen),
		OUV_NOT_FOUND);
	ok(store_capsules(tx, place.arena, &c.id, &capsules, &count));
	assert_int_equal(count, 1);
	assert_int_equal(capsules[0].box_case[0], 1);
	assert_true(capsules[0].has_svc);
	ok(store_commit(&tx));
	tx = begin(place.gateway);
	ok(store_capsules(tx, place.arena, &c.id, &capsules, &count));
	assert_int_equal(capsules[0].box_case[0], 0);
	assert_int_equal(capsules[0].box_svc[0], 2);
	ok(store_commit(&tx));
}

struct taken {
	int next, stop_at;
};

static enum ouv_err
take(int n, const void *data, size_t len, void *user)
{
	struct taken *taken = user;

	assert_int_equal(n, taken->next);
	assert_int_equal(len, 3);
	assert_memory_equal(data, "abc", 3);
	taken->next++;
	return n == taken->stop_at ? OUV_REFUSED : OUV_OK;
}

static void
pieces_come_in_order_over_many_pages(void **state)
{
	struct ouv_id item = ouv_id_new();
	struct store_tx *tx = begin(place.server);
	struct taken all = { .stop_at = -1 }, some = { .stop_at = 10 };

	(void)state;
	for (int n = 20; n >= 0; n--)
		ok(store_chunk_add(tx, &item, n, "abc", 3));
	ok(store_chunks(tx, &item, false, take, &all));
	assert_int_equal(all.next, 21);
	assert_int_equal(
		store_chunks(tx, &item, false, take, &some), OUV_REFUSED);
	assert_int_equal(some.next, 11);
	ok(store_commit(&tx)); /* the caller stopped, nothing failed */
}

static void
a_party_and_a_case_key_come_back(void **state)
{
	struct store_case c = a_case(OUV_STATE_TRIAGE);
	struct ouv_id party = ouv_id_new(), company = ouv_id_new(), seen,
		      desk = { { 0 } };
	uint8_t cpk[32] = { 1 }, sig[64] = { 2 };
	struct store_case_key key;
	struct store_tx *tx = begin(place.gateway);
	int version;

	(void)state;
	c.desk_month = 202612;
	ok(store_case_add(tx, &c));
	ok(store_case_key_add(tx, &c.id, 1, cpk, &party, sig));
	assert_int_equal(
		store_party_side(tx, &c.id, "consumer", &seen, &version),
		OUV_NOT_FOUND);
	ok(store_party_add(tx, &company, &c.id, "company"));
	ok(store_party_add(tx, &party, &c.id, "consumer"));
	ok(store_party_side(tx, &c.id, "consumer", &seen, &version));
	assert_true(ouv_id_equal(&seen, &party));
	assert_int_equal(version, 1);
	ok(store_case_key(tx, &c.id, 1, &key));
	assert_memory_equal(key.cpk, cpk, 32);
	assert_memory_equal(key.sig, sig, 64);
	assert_true(ouv_id_equal(&key.signer, &party));
	assert_int_equal(store_case_key(tx, &c.id, 2, &key), OUV_NOT_FOUND);
	ok(store_desk_file(tx, 202612, &desk));
	assert_true(ouv_id_equal(&desk, &c.id));
	assert_int_equal(store_desk_file(tx, 202611, &desk), OUV_NOT_FOUND);
	ok(store_commit(&tx));
}

/* ---- the log ----------------------------------------------------------- */

struct walked {
	int64_t count, last_seq;
	struct ouv_id chain;
};

static enum ouv_err
walk(const struct store_audit *event, void *user)
{
	struct walked *walked = user;

	if (!ouv_id_equal(&event->chain, &walked->chain))
		walked->last_seq = 0;
	walked->chain = event->chain;
	assert_int_equal(event->seq, walked->last_seq + 1);
	walked->last_seq = event->seq;
	assert_string_equal(event->action, "read");
	assert_int_equal(event->details.len, event->seq % 2 ? 3 : 0);
	assert_int_equal(event->prev[0], (uint8_t)event->seq);
	walked->count++;
	return OUV_OK;
}

static void
the_log_is_walked_whole_and_cannot_be_changed(void **state)
{
	struct store_audit event = {
		.signer = ouv_id_new(), .action = "read", .at_us = 5
	};
	struct ouv_id chains[2] = { ouv_id_new(), ouv_id_new() };
	uint8_t box[112] = { 1 }, sig[64] = { 2 }, hash[32];
	struct walked walked = { .count = 0 };
	struct store_tx *tx = begin(place.server);
	int64_t seq = 99;

	(void)state;
	ok(store_audit_signer_add(tx, &event.signer, "server", box, sig, NULL));
	ok(store_audit_head(tx, &chains[0], &seq, hash));
	assert_int_equal(seq, 0);
	for (int i = 0; i < 1300; i++) {
		event.chain = chains[i % 2];
		event.signer_seq = i + 1;
		event.seq = i / 2 + 1;
		event.prev[0] = (uint8_t)event.seq;
		event.hash[0] = (uint8_t)(event.seq + 1);
		event.details.p = "abc";
		event.details.len = event.seq % 2 ? 3 : 0;
		ok(store_audit_add(tx, &event));
	}
	ok(store_audit_head(tx, &chains[1], &seq, hash));
	assert_int_equal(seq, 650);
	assert_int_equal(hash[0], (uint8_t)651);
	ok(store_commit(&tx));
	ok(store_audit_walk(place.owner, place.arena, walk, &walked));
	assert_int_equal(walked.count, 1300);
	tx = begin(place.server);
	event.seq = 650;
	ok(store_audit_add(tx, &event));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
	assert_false(may("ouv_owner", "UPDATE audit_event SET at_us = 6"));
	assert_false(may("ouv_owner", "DELETE FROM audit_event"));
	assert_false(may("ouv_owner", "TRUNCATE audit_event"));
	assert_false(may("ouv_owner", "DELETE FROM audit_signer"));
	assert_true(may("ouv_owner", "SELECT at_us FROM audit_event"));
}

static int
start(void **state)
{
	if (place_start(state) != 0)
		return -1;
	reader = add_person("reader", OUV_ROLE_READER, false);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_comes_back_to_whoever_holds_a_grant),
		cmocka_unit_test(
			a_case_moves_only_from_the_state_that_was_read),
		cmocka_unit_test(numbers_have_no_gap_even_after_a_rollback),
		cmocka_unit_test(each_case_stands_in_the_lists_of_its_state),
		cmocka_unit_test(
			pages_of_a_list_follow_each_other_without_gap_or_repetition),
		cmocka_unit_test(items_come_in_order_with_author_and_letter),
		cmocka_unit_test(pieces_come_in_order_over_many_pages),
		cmocka_unit_test(a_party_and_a_case_key_come_back),
		cmocka_unit_test(the_log_is_walked_whole_and_cannot_be_changed),
	};

	return cmocka_run_group_tests(tests, start, place_stop);
}
