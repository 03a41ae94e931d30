/*
 * ledger_test.c - a checkpoint may speak of nothing that was undone, and must
 * forget nothing that was not
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/desk/desk_impl.h"
#undef TRY
#include "../../lib/store/inner.h"

static struct signer signer;
static struct store line; /* without a server */

#define RUNNING                              \
	{                                    \
		.open = true, .store = &line \
	}

static int
begin(void **state)
{
	(void)state;
	memset(&signer, 0, sizeof(signer));
	assert_int_equal(pthread_mutex_init(&signer.lock, NULL), 0);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	ledger_free(&signer.ledger);
	assert_int_equal(pthread_mutex_destroy(&signer.lock), 0);
	return 0;
}

static struct ouv_id
chain(uint8_t n)
{
	return (struct ouv_id){ .b = { n } };
}

static void
note(struct store_tx *tx, uint8_t of, uint64_t seq)
{
	struct entry entry = { .signer_seq = ++signer.seq,
		.seq = seq,
		.chain = chain(of),
		.hash = { of, (uint8_t)seq } };

	ledger_note(&signer, tx, &entry);
}

/* What a checkpoint up to there would speak of, as "chain.seq ..." */
static const char *
taken(uint64_t cut)
{
	static char text[200];
	struct entries entries;
	size_t n = 0;

	text[0] = '\0';
	signer.ledger.cut = cut;
	ledger_take(&signer.ledger, &entries);
	for (size_t i = 0; i < entries.count; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%d.%d%s",
			n > 0 ? " " : "", entries.list[i].chain.b[0],
			(int)entries.list[i].seq,
			entries.list[i].unknown ? "?" : "");
	entries_free(&entries);
	return text;
}

static void
only_what_was_committed_is_sealed(void **state)
{
	struct store_tx kept = RUNNING, undone = RUNNING;

	(void)state;
	note(&kept, 2, 1);
	note(&undone, 3, 1);
	note(&kept, 1, 1);
	assert_int_equal(signer.ledger.since_ms, 0);
	tx_tell(&undone, STORE_UNDONE);
	assert_int_equal(signer.ledger.since_ms, 0);
	tx_tell(&kept, STORE_DONE);
	assert_int_not_equal(signer.ledger.since_ms, 0);
	assert_string_equal(taken(signer.seq), "1.1 2.1");
	assert_int_equal(signer.ledger.since_ms, 0);
}

static void
what_was_taken_back_inside_a_transaction_is_not_sealed(void **state)
{
	struct store_tx tx = RUNNING;

	(void)state;
	note(&tx, 1, 1);
	tx_tell(&tx, STORE_SAVED);
	note(&tx, 1, 2);
	note(&tx, 2, 1);
	tx_tell(&tx, STORE_BACK);
	note(&tx, 1, 2);
	tx_tell(&tx, STORE_DONE);
	assert_string_equal(taken(signer.seq), "1.1 1.2");
}

static void
a_commit_without_an_answer_is_to_be_asked_for(void **state)
{
	struct store_tx sure = RUNNING, lost = RUNNING;

	(void)state;
	note(&sure, 1, 1);
	tx_tell(&sure, STORE_DONE);
	note(&lost, 1, 2);
	tx_tell(&lost, STORE_UNKNOWN);
	/* The rollback that follows says nothing new. */
	tx_tell(&lost, STORE_UNDONE);
	assert_string_equal(taken(signer.seq), "1.1 1.2?");
}

static void
a_cut_waits_for_what_runs_and_takes_no_more_than_it_said(void **state)
{
	struct store_tx before = RUNNING, after = RUNNING;
	uint64_t cut;

	(void)state;
	note(&before, 1, 1);
	cut = signer.seq;
	assert_true(ledger_runs(&signer.ledger, cut));
	note(&after, 1, 2);
	tx_tell(&before, STORE_DONE);
	assert_false(ledger_runs(&signer.ledger, cut));
	assert_true(ledger_runs(&signer.ledger, signer.seq));
	tx_tell(&after, STORE_DONE);
	assert_string_equal(taken(cut), "1.1");
	assert_int_not_equal(signer.ledger.since_ms, 0);
	assert_string_equal(taken(signer.seq), "1.2");
}

static void
what_could_not_be_written_is_there_the_next_time(void **state)
{
	struct store_tx tx = RUNNING;
	struct entries entries;

	(void)state;
	note(&tx, 5, 1);
	note(&tx, 4, 9);
	tx_tell(&tx, STORE_DONE);
	signer.ledger.cut = signer.seq;
	ledger_take(&signer.ledger, &entries);
	ledger_give(&signer.ledger, &entries);
	assert_int_not_equal(signer.ledger.since_ms, 0);
	assert_string_equal(taken(signer.seq), "4.9 5.1");
}

/* So that the last of a chain is the last in the list. */
static void
entries_are_sorted_by_chain_and_number(void **state)
{
	struct store_tx tx = RUNNING;

	(void)state;
	for (uint64_t seq = 1; seq <= 3; seq++) {
		note(&tx, 7, seq);
		note(&tx, 2, 10 - seq);
	}
	tx_tell(&tx, STORE_DONE);
	assert_string_equal(taken(signer.seq), "2.7 2.8 2.9 7.1 7.2 7.3");
}

#define ROW(claim) cmocka_unit_test_setup_teardown(claim, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(only_what_was_committed_is_sealed),
		ROW(what_was_taken_back_inside_a_transaction_is_not_sealed),
		ROW(a_commit_without_an_answer_is_to_be_asked_for),
		ROW(a_cut_waits_for_what_runs_and_takes_no_more_than_it_said),
		ROW(what_could_not_be_written_is_there_the_next_time),
		ROW(entries_are_sorted_by_chain_and_number),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
