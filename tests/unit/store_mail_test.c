/*
 * store_mail_test.c - mail in and mail out: leases, duplicates, tries, and
 * what the gateway may still see, against a real PostgreSQL
 */
#include "store_place.h"

static struct store *second; /* another gateway */
static struct ouv_id me, you;
static const char box[] = "INBOX";

/* ---- leases of a mailbox ----------------------------------------------- */

static void
a_mailbox_has_one_reader_and_a_new_one_a_new_epoch(void **state)
{
	int64_t first = 0, epoch = 0;

	(void)state;
	ok(store_lease(place.gateway, box, &me, 60, &first));
	assert_int_equal(
		store_lease(second, box, &you, 60, &epoch), OUV_CONFLICT);
	ok(store_lease(place.gateway, box, &me, 60, &epoch));
	assert_int_equal(epoch, first);
	ok(store_lease(second, "Other", &you, 60, &epoch));
	(void)sql("UPDATE mailbox_lease SET until = now() - interval '1 s'");
	ok(store_lease(second, box, &you, 60, &epoch));
	assert_int_equal(epoch, first + 1);
	assert_int_equal(
		store_lease(place.gateway, box, &me, 60, &epoch), OUV_CONFLICT);
	/* Given back: the next one need not wait. */
	ok(store_lease(second, box, &you, 0, &epoch));
	ok(store_lease(place.gateway, box, &me, 60, &epoch));
	assert_int_equal(epoch, first + 2);
}

/* ---- mail in ----------------------------------------------------------- */

static struct store_inbound
a_mail(int64_t uid)
{
	struct store_inbound in = { .id = ouv_id_new(),
		.mailbox = box,
		.has_uid = uid != 0,
		.uidvalidity = 7,
		.uid = uid,
		.size = 1000,
		.padded = 1024,
		.dek_box_svc = { 3 } };

	ouv_random(in.raw_mac, sizeof(in.raw_mac));
	ouv_random(in.canon_mac, sizeof(in.canon_mac));
	return in;
}

static const char *
add_mail(const struct store_inbound *in)
{
	struct store_tx *tx = begin(place.gateway);
	const char *label;

	ok(store_inbound_add(tx, in, &me));
	ok(store_inbound_chunk(tx, &in->id, 0, "abc", 3));
	ok(store_inbound_chunk(tx, &in->id, 1, "abc", 3));
	ok(store_inbound_states(tx, place.arena, &in->id, 1, &label));
	ok(store_commit(&tx));
	return label;
}

static int
chunks_of(const struct ouv_id *id)
{
	return number(
		sql("SELECT count(*) FROM chunk WHERE item = '%s'", hex(id)));
}

static void
a_repeated_uid_leaves_the_first_row_alone(void **state)
{
	struct store_inbound in = a_mail(1), again = a_mail(1);

	(void)state;
	assert_string_equal(add_mail(&in), "received");
	assert_null(add_mail(&again));
	assert_int_equal(chunks_of(&in.id), 2);
	assert_int_equal(chunks_of(&again.id), 0);
}

static void
a_mail_known_by_its_content_becomes_a_duplicate(void **state)
{
	struct store_inbound in = a_mail(2), twin = a_mail(3),
			     by_hand = a_mail(0);

	(void)state;
	memcpy(twin.canon_mac, in.canon_mac, 32);
	memcpy(by_hand.canon_mac, in.canon_mac, 32);
	assert_string_equal(add_mail(&in), "received");
	assert_string_equal(add_mail(&twin), "duplicate");
	assert_string_equal(add_mail(&by_hand), "duplicate");
	assert_int_equal(chunks_of(&twin.id), 0);
	assert_string_equal(
		sql("SELECT canon_mac IS NULL, dek_box_svc IS NULL,"
		    " duplicate_of = '%s', lease_by IS NULL, attempts"
		    " FROM inbound WHERE id = '%s'",
			hex(&in.id), hex(&twin.id)),
		"t|t|t|t|0");
	assert_string_equal(sql("SELECT lease_by = '%s', attempts, lease_epoch,"
				" lease_until > now() + interval '4 minutes'"
				" FROM inbound WHERE id = '%s'",
				    hex(&me), hex(&in.id)),
		"t|1|1|t");
}

static void
twins_in_one_batch_are_told_apart(void **state)
{
	struct store_inbound a = a_mail(4), b = a_mail(5);
	struct store_tx *tx = begin(place.gateway);
	struct ouv_id ids[3] = { b.id, ouv_id_new(), a.id };
	const char *labels[3];

	(void)state;
	memcpy(b.canon_mac, a.canon_mac, 32);
	ok(store_inbound_add(tx, &a, &me));
	ok(store_inbound_add(tx, &b, &me));
	ok(store_inbound_states(tx, place.arena, ids, 3, labels));
	ok(store_commit(&tx));
	assert_string_equal(labels[0], "duplicate");
	assert_null(labels[1]);
	assert_string_equal(labels[2], "received");
}

static void
what_is_too_large_is_written_down_without_its_bytes(void **state)
{
	struct store_inbound in = a_mail(6);

	(void)state;
	in.oversize = true;
	assert_string_equal(add_mail(&in), "oversize");
	assert_int_equal(chunks_of(&in.id), 0);
}

static void
only_the_uids_that_have_a_row_are_known(void **state)
{
	static const uint32_t uids[] = { 99, 3, 1, 4294967295U, 6 };
	bool known[5] = { true, false, false, true, false };
	bool none[5] = { true, true, true, true, true };

	(void)state;
	ok(store_inbound_known(
		place.gateway, place.arena, box, 7, uids, 5, known));
	assert_true(!known[0] && known[1] && known[2] && !known[3] && known[4]);
	ok(store_inbound_known(
		place.gateway, place.arena, box, 8, uids, 5, none));
	for (int i = 0; i < 5; i++)
		assert_false(none[i]);
}

static void
all_leases_run_out(void)
{
	(void)sql("UPDATE inbound SET lease_until = now() - interval '1 s'"
		  " WHERE lease_until IS NOT NULL; UPDATE outbox SET"
		  " lease_until = now() - interval '1 s'"
		  " WHERE lease_until IS NOT NULL");
}

static void
two_workers_never_claim_the_same_mail(void **state)
{
	const struct ouv_id third = ouv_id_new();
	struct store_inbound *a, *b, *c;
	size_t a_count, b_count, c_count;

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct store_inbound in = a_mail(100 + i);

		(void)add_mail(&in);
	}
	ok(store_inbound_claim(second, place.arena, &you, 50, &a, &a_count));
	assert_int_equal(a_count, 0); /* leased to who received them */
	all_leases_run_out();
	ok(store_inbound_claim(
		place.gateway, place.arena, &me, 12, &a, &a_count));
	ok(store_inbound_claim(second, place.arena, &you, 50, &b, &b_count));
	ok(store_inbound_claim(second, place.arena, &third, 50, &c, &c_count));
	assert_int_equal(a_count, 12);
	assert_int_equal(
		a_count + b_count, number(sql("SELECT count(*) FROM inbound"
					      " WHERE state = 'received'")));
	assert_int_equal(c_count, 0);
	for (size_t i = 0; i < a_count; i++) {
		for (size_t j = 0; j < b_count; j++)
			assert_false(ouv_id_equal(&a[i].id, &b[j].id));
		assert_int_equal(a[i].attempts, 2);
		assert_int_equal(a[i].lease_epoch, 2);
		assert_string_equal(a[i].mailbox, box);
		assert_true(a[i].has_uid);
		assert_int_equal(a[i].dek_box_svc[0], 3);
		assert_int_equal(a[i].padded, 1024);
		if (i > 0) /* oldest first */
			assert_true(memcmp(a[i - 1].id.b, a[i].id.b, 6) <= 0);
	}
}

/* It was killed and started again: what was its own need not wait. */
static void
a_worker_gets_its_own_leases_back_at_once(void **state)
{
	struct store_inbound *a, *b;
	size_t a_count, b_count;

	(void)state;
	all_leases_run_out();
	ok(store_inbound_claim(
		place.gateway, place.arena, &me, 5, &a, &a_count));
	ok(store_inbound_claim(
		place.gateway, place.arena, &me, 5, &b, &b_count));
	assert_int_equal(a_count, 5);
	assert_int_equal(b_count, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_true(ouv_id_equal(&a[i].id, &b[i].id));
		/* and whoever still held the old lease is fenced */
		assert_int_equal(b[i].lease_epoch, a[i].lease_epoch + 1);
	}
}

/* Both ask at the same moment: the first holds its rows, not yet committed. */
static void
a_claim_does_not_wait_for_another(void **state)
{
	struct store_inbound *rows;
	char command[512];
	int64_t start;
	size_t count;
	FILE *other;

	(void)state;
	all_leases_run_out();
	/* A session that locks ten rows and says so, until its input ends. */
	(void)snprintf(command, sizeof(command),
		"psql -X -q -A -t -h %s -p 5432 -U postgres -d ouvidoria"
		" >/dev/null",
		place.dir);
	other = popen(command, "we"); /* NOLINT(cert-env33-c) */
	assert_non_null(other);
	(void)fputs("BEGIN; SELECT count(*) FROM (SELECT id FROM inbound WHERE"
		    " state = 'received' ORDER BY not_before, id LIMIT 10"
		    " FOR UPDATE) x; SELECT pg_advisory_lock(1);\n",
		other);
	(void)fflush(other);
	for (start = ouv_clock_mono_ms();
		number(sql("SELECT count(*) FROM pg_locks"
			   " WHERE locktype = 'advisory'")) == 0;)
		assert_true(ouv_clock_mono_ms() - start < 10000);
	start = ouv_clock_mono_ms();
	ok(store_inbound_claim(second, place.arena, &you, 500, &rows, &count));
	assert_true(ouv_clock_mono_ms() - start < 2000);
	assert_int_equal(count, number(sql("SELECT count(*) FROM inbound"
					   " WHERE state = 'received'")) -
					10);
	(void)pclose(other);
}

static enum ouv_err
take(int n, const void *data, size_t len, void *user)
{
	(void)n;
	(void)data;
	*(size_t *)user += len;
	return OUV_OK;
}

static size_t
bytes_of(const struct ouv_id *id)
{
	struct store_tx *tx = begin(place.gateway);
	size_t len = 0;

	ok(store_chunks(tx, id, true, take, &len));
	ok(store_commit(&tx));
	return len;
}

static void
a_mail_is_filed_once_and_then_out_of_reach(void **state)
{
	struct store_inbound in = a_mail(200);
	struct ouv_id case_id = ouv_id_new();
	struct store_tx *tx;

	(void)state;
	(void)add_mail(&in);
	assert_int_equal(bytes_of(&in.id), 6);
	tx = begin(place.gateway);
	ok(store_inbound_filed(
		tx, &in.id, 2, "filed", &case_id, "created", NULL));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT); /* not our epoch */
	tx = begin(place.gateway);
	ok(store_inbound_filed(
		tx, &in.id, 1, "filed", &case_id, "created", NULL));
	ok(store_commit(&tx));
	tx = begin(place.gateway);
	ok(store_inbound_filed(
		tx, &in.id, 1, "quarantine", &case_id, "held", "x"));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
	assert_int_equal(bytes_of(&in.id), 0);
	assert_string_equal(
		sql("SELECT state, outcome, dek_box_svc IS NULL, filed IS NOT"
		    " NULL FROM inbound WHERE id = '%s'",
			hex(&in.id)),
		"filed|created|t|t");
	assert_int_equal(
		store_inbound_failed(place.gateway, &in.id, 1, "late", 5),
		OUV_CONFLICT);
}

static void
a_mail_that_failed_waits_and_is_tried_again(void **state)
{
	struct store_inbound in = a_mail(201), *rows;
	size_t count;

	(void)state;
	(void)sql("DELETE FROM inbound");
	(void)add_mail(&in);
	assert_int_equal(
		store_inbound_failed(place.gateway, &in.id, 9, "late", 0),
		OUV_CONFLICT);
	ok(store_inbound_failed(place.gateway, &in.id, 1, "child", 600));
	ok(store_inbound_claim(second, place.arena, &you, 5, &rows, &count));
	assert_int_equal(count, 0);
	(void)sql("UPDATE inbound SET not_before = now()");
	ok(store_inbound_claim(second, place.arena, &you, 5, &rows, &count));
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].attempts, 2);
	assert_string_equal(rows[0].error_code, "child");
}

static void
a_mail_is_moved_when_it_and_its_original_are_settled(void **state)
{
	struct store_inbound in = a_mail(300), twin = a_mail(301),
			     big = a_mail(302), fresh = a_mail(303);
	struct ouv_id case_id = ouv_id_new();
	struct store_tx *tx;
	uint32_t *uids;
	size_t count;

	(void)state;
	(void)sql("DELETE FROM inbound");
	memcpy(twin.canon_mac, in.canon_mac, 32);
	big.oversize = true;
	(void)add_mail(&in);
	(void)add_mail(&twin);
	(void)add_mail(&big);
	(void)add_mail(&fresh);
	(void)sql("UPDATE inbound SET filed = filed - interval '25 hours'");
	ok(store_inbound_settled(
		place.gateway, place.arena, box, 7, 24, &uids, &count));
	assert_int_equal(count, 0);
	tx = begin(place.gateway);
	ok(store_inbound_filed(
		tx, &in.id, 1, "quarantine", &case_id, "held", "x"));
	ok(store_inbound_filed(
		tx, &fresh.id, 1, "filed", &case_id, "appended", NULL));
	ok(store_commit(&tx));
	(void)sql("UPDATE inbound SET filed = now() - interval '25 hours'"
		  " WHERE uid = 300");
	ok(store_inbound_settled(
		place.gateway, place.arena, box, 7, 24, &uids, &count));
	assert_int_equal(count, 2);
	assert_int_equal(uids[0], 300);
	assert_int_equal(uids[1], 301);
	ok(store_inbound_moved(place.gateway, box, 7, uids, 1));
	ok(store_inbound_settled(
		place.gateway, place.arena, box, 7, 24, &uids, &count));
	assert_int_equal(count, 1);
	assert_int_equal(uids[0], 301);
	ok(store_inbound_settled(
		place.gateway, place.arena, box, 7, 0, &uids, &count));
	assert_int_equal(count, 2);
	assert_int_equal(uids[1], 303);
}

/* ---- mail out ---------------------------------------------------------- */

static struct store_outbox
add_letter(void)
{
	static int dedupe;
	static char keys[64][16];
	struct store_capsule capsule = { .id = ouv_id_new(),
		.case_id = ouv_id_new(),
		.party = ouv_id_new(),
		.key_version = 4,
		.ct = { "name", 4 },
		.box_case = { 1 },
		.box_svc = { 2 },
		.has_svc = true };
	struct store_outbox out = { .id = ouv_id_new(),
		.case_id = capsule.case_id,
		.item = ouv_id_new(),
		.capsule = capsule.id,
		.kind = "acknowledgement",
		.null_path = true,
		.dek_box_svc = { 3 },
		.party = capsule.party };
	struct store_tx *tx = begin(place.gateway);

	out.dedupe_key = keys[dedupe];
	(void)snprintf(keys[dedupe], sizeof(keys[0]), "key %d", dedupe);
	dedupe++;
	ok(store_capsule_add(tx, &capsule));
	ok(store_outbox_add(tx, &out));
	ok(store_chunk_add(tx, &out.item, 0, "abc", 3));
	ok(store_commit(&tx));
	return out;
}

static struct store_outbox *
claim(struct store *store, size_t expected)
{
	const struct ouv_id worker = ouv_id_new();
	struct store_outbox *rows;
	size_t count;

	ok(store_outbox_claim(store, place.arena, &worker, 20, &rows, &count));
	assert_int_equal(count, expected);
	return rows;
}

static enum ouv_err
finish(const struct store_outbox *row, const char *to, int code, bool answered)
{
	const struct store_outbox_end end = { .state = to,
		.phase = "dot",
		.code = code,
		.text = "said so",
		.delay_secs = 0,
		.answered = answered };
	struct store_tx *tx = begin(place.gateway);
	enum ouv_err err = store_outbox_finish(tx, row, &end);

	assert_int_equal(err, OUV_OK);
	return store_commit(&tx);
}

static const char *
letter(const struct store_outbox *out, const char *columns)
{
	return sql("SELECT %s FROM outbox WHERE id = '%s'", columns,
		hex(&out->id));
}

static const char *
try_of(const struct store_outbox *out, int n)
{
	return sql("SELECT finished IS NOT NULL, phase, reply_code FROM"
		   " outbox_try WHERE outbox = '%s' AND n = %d",
		hex(&out->id), n);
}

static void
a_letter_is_sent_once_and_its_key_destroyed(void **state)
{
	struct store_outbox out = add_letter(), *row;

	(void)state;
	assert_int_equal(bytes_of(&out.item), 3);
	row = claim(place.gateway, 1);
	(void)claim(second, 0);
	assert_true(ouv_id_equal(&row->id, &out.id));
	assert_true(ouv_id_equal(&row->item, &out.item));
	assert_true(ouv_id_equal(&row->party, &out.party));
	assert_string_equal(row->kind, "acknowledgement");
	assert_string_equal(row->dedupe_key, out.dedupe_key);
	assert_true(row->null_path && row->has_capsule_box && !row->expired);
	assert_int_equal(row->dek_box_svc[0], 3);
	assert_int_equal(row->capsule_box_svc[0], 2);
	assert_int_equal(row->key_version, 4);
	assert_int_equal(row->capsule_ct.len, 4);
	assert_int_equal(row->attempts, 1);
	assert_string_equal(try_of(&out, 1), "f||");
	ok(finish(row, "sent", 250, true));
	assert_string_equal(try_of(&out, 1), "t|dot|250");
	assert_string_equal(letter(&out, "state, dek_box_svc IS NULL, sent IS"
					 " NOT NULL, last_code, last_text"),
		"sent|t|t|250|said so");
	assert_int_equal(bytes_of(&out.item), 0);
	assert_int_equal(finish(row, "queued", 451, true), OUV_CONFLICT);
	(void)claim(place.gateway, 0);
}

static void
a_try_without_an_end_makes_a_letter_unknown(void **state)
{
	struct store_outbox out = add_letter(), *row, *late;

	(void)state;
	late = claim(place.gateway, 1);
	all_leases_run_out();
	row = claim(second, 1);
	assert_string_equal(letter(&out, "state, attempts"), "unknown|2");
	assert_int_equal(row->attempts, 2);
	/* Whoever was asleep is too late. */
	assert_int_equal(finish(late, "sent", 250, true), OUV_CONFLICT);
	/* Refused for now: known again what became of it. */
	ok(finish(row, "queued", 451, true));
	row = claim(place.gateway, 1);
	assert_string_equal(letter(&out, "state"), "queued");
	/* The answer to this one was lost. */
	ok(finish(row, "unknown", 0, false));
	assert_string_equal(try_of(&out, 3), "f|dot|");
	row = claim(place.gateway, 1);
	assert_string_equal(letter(&out, "state"), "unknown");
	assert_int_equal(row->attempts, 4);
	ok(finish(row, "failed", 550, true));
	assert_string_equal(
		letter(&out, "state, dek_box_svc IS NULL, sent IS NULL"),
		"failed|t|t");
}

static void
a_letter_that_came_back_is_bounced_whatever_we_hear_later(void **state)
{
	struct store_outbox sent = add_letter(), early = add_letter(), *rows;
	struct store_tx *tx;

	(void)state;
	rows = claim(place.gateway, 2);
	ok(finish(&rows[0], "sent", 250, true));
	tx = begin(place.gateway);
	ok(store_outbox_bounced(tx, &sent.id, "no such mailbox"));
	ok(store_outbox_bounced(tx, &early.id, "no such mailbox"));
	ok(store_outbox_bounced(tx, &me, "a letter that is not ours"));
	ok(store_commit(&tx));
	ok(finish(&rows[1], "sent", 250, true));
	assert_string_equal(
		letter(&sent, "state, last_text"), "bounced|no such mailbox");
	assert_string_equal(
		letter(&early, "state, dek_box_svc IS NULL"), "bounced|t");
	(void)claim(place.gateway, 0);
}

static void
the_next_letter_is_told_in_seconds(void **state)
{
	struct store_outbox out, *row;
	int secs = 5;

	(void)state;
	ok(store_outbox_next(place.gateway, &secs));
	assert_int_equal(secs, -1);
	out = add_letter();
	ok(store_outbox_next(place.gateway, &secs));
	assert_int_equal(secs, 0);
	row = claim(place.gateway, 1);
	ok(store_outbox_next(place.gateway, &secs));
	assert_in_range(secs, 14 * 60, 15 * 60);
	ok(finish(row, "queued", 451, true));
	(void)sql("UPDATE outbox SET not_before = now() + interval '90 s',"
		  " expires = now() - interval '1 s' WHERE id = '%s'",
		hex(&out.id));
	ok(store_outbox_next(place.gateway, &secs));
	assert_in_range(secs, 85, 90);
	(void)claim(place.gateway, 0);
	(void)sql("UPDATE outbox SET not_before = now() WHERE id = '%s'",
		hex(&out.id));
	row = claim(place.gateway, 1);
	assert_true(row->expired);
	ok(finish(row, "failed", 0, true));
}

static void
the_same_letter_is_not_queued_twice(void **state)
{
	struct store_outbox out = add_letter(), twin = out, *row;
	struct store_tx *tx = begin(place.gateway);

	(void)state;
	twin.id = ouv_id_new();
	ok(store_outbox_add(tx, &twin));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
	row = claim(place.gateway, 1);
	ok(finish(row, "sent", 250, true));
}

/* ---- where a mail leads ------------------------------------------------ */

static void
leads_tell_case_party_and_whether_the_sender_fits(void **state)
{
	struct store_outbox out = add_letter(), *row = claim(place.gateway, 1);
	struct ouv_id address = ouv_id_new();
	struct store_token sender = known_by(ouv_id_new()),
			   message = known_by(ouv_id_new()),
			   stranger = known_by(ouv_id_new());
	struct store_question questions[4] = {
		{ .mail = 40, .sender = sender },
		{ .mail = 7, .sender = stranger },
		{ .mail = 9, .key = known_by(ouv_id_new()), .sender = sender },
		{ .mail = 2 },
	};
	typedef enum ouv_err ask_fn(struct store_tx *, struct ouv_arena *,
		const struct store_question *, size_t, struct store_lead **,
		size_t *);
	static ask_fn *const asks[] = { store_leads_by_address,
		store_leads_by_outbox, store_leads_by_message };
	struct store_token keys[] = { known_by(address), known_by(out.id),
		message };
	struct store_tx *tx = begin(place.gateway);
	struct store_lead *leads;
	size_t count;

	(void)state;
	ok(store_reply_address_add(tx, &address, &out.case_id, &out.party, 6));
	ok(store_ident_add(
		tx, &sender, STORE_IDENT_ADDRESS, &out.case_id, &out.party));
	ok(store_ident_add(
		tx, &sender, STORE_IDENT_ADDRESS, &out.case_id, &out.party));
	ok(store_ident_add(
		tx, &message, STORE_IDENT_MESSAGE, &out.case_id, &out.party));
	for (int a = 0; a < 3; a++) {
		questions[0].key = questions[1].key = questions[3].key =
			keys[a];
		ok(asks[a](tx, place.arena, questions, 4, &leads, &count));
		assert_int_equal(count, 3);
		assert_int_equal(leads[0].mail, 40);
		assert_int_equal(leads[1].mail, 7);
		assert_int_equal(leads[2].mail, 2);
		assert_true(ouv_id_equal(&leads[0].sender_party, &out.party));
		assert_true(ouv_id_is_zero(&leads[1].sender_party));
		assert_true(ouv_id_is_zero(&leads[2].sender_party));
		assert_int_equal(leads[0].version, a == 0 ? 6 : 0);
		assert_true(ouv_id_equal(&leads[1].case_id, &out.case_id));
		assert_true(ouv_id_equal(&leads[1].party, &out.party));
		ok(asks[a](tx, place.arena, questions, 0, &leads, &count));
		assert_int_equal(count, 0);
	}
	ok(store_commit(&tx));
	ok(finish(row, "sent", 250, true));
}

static void
equal_buckets_in_one_call_count_one_after_another(void **state)
{
	struct ouv_id a = ouv_id_new(), b = ouv_id_new();
	struct store_rate rates[] = {
		{ .scope = "sender", .token = a, .start_at = 1700000000 },
		{ .scope = "domain", .token = a, .start_at = 1700000000 },
		{ .scope = "sender", .token = a, .start_at = 1700000000 },
		{ .scope = "sender", .token = b, .start_at = 1700000000 },
		{ .scope = "sender", .token = a, .start_at = 1700003600 },
		{ .scope = "sender", .token = a, .start_at = 1700000000 },
	};
	static const int expected[] = { 1, 1, 2, 1, 1, 3 };
	static const int again[] = { 4, 2, 5, 2, 2, 6 };
	struct store_tx *tx = begin(place.gateway);

	(void)state;
	ok(store_rates_add(tx, place.arena, rates, 6));
	for (int i = 0; i < 6; i++)
		assert_int_equal(rates[i].count, expected[i]);
	ok(store_commit(&tx));
	tx = begin(second);
	ok(store_rates_add(tx, place.arena, rates, 6));
	for (int i = 0; i < 6; i++)
		assert_int_equal(rates[i].count, again[i]);
	store_rollback(&tx);
}

static int
start(void **state)
{
	me = ouv_id_new();
	you = ouv_id_new();
	if (place_start(state) != 0)
		return -1;
	return store_open(&place.config, STORE_GATEWAY, &second) == OUV_OK ? 0
									   : -1;
}

static int
stop(void **state)
{
	store_close(&second);
	return place_stop(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_mailbox_has_one_reader_and_a_new_one_a_new_epoch),
		cmocka_unit_test(a_repeated_uid_leaves_the_first_row_alone),
		cmocka_unit_test(
			a_mail_known_by_its_content_becomes_a_duplicate),
		cmocka_unit_test(twins_in_one_batch_are_told_apart),
		cmocka_unit_test(
			what_is_too_large_is_written_down_without_its_bytes),
		cmocka_unit_test(only_the_uids_that_have_a_row_are_known),
		cmocka_unit_test(two_workers_never_claim_the_same_mail),
		cmocka_unit_test(a_worker_gets_its_own_leases_back_at_once),
		cmocka_unit_test(a_claim_does_not_wait_for_another),
		cmocka_unit_test(a_mail_is_filed_once_and_then_out_of_reach),
		cmocka_unit_test(a_mail_that_failed_waits_and_is_tried_again),
		cmocka_unit_test(
			a_mail_is_moved_when_it_and_its_original_are_settled),
		cmocka_unit_test(a_letter_is_sent_once_and_its_key_destroyed),
		cmocka_unit_test(a_try_without_an_end_makes_a_letter_unknown),
		cmocka_unit_test(
			a_letter_that_came_back_is_bounced_whatever_we_hear_later),
		cmocka_unit_test(the_next_letter_is_told_in_seconds),
		cmocka_unit_test(the_same_letter_is_not_queued_twice),
		cmocka_unit_test(
			leads_tell_case_party_and_whether_the_sender_fits),
		cmocka_unit_test(
			equal_buckets_in_one_call_count_one_after_another),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
