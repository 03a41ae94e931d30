/*
 * checkpoint.c - sealing the log: every few minutes of activity, and at the end
 *
 * First a cut: the MAC's key goes on and the old one is gone, so that whoever
 * takes the program over later cannot make entries of before.  Then, when all
 * transactions of before the cut have ended, one row that fixes what they
 * wrote.
 */
#include <stdlib.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/history.h"
#include "ouv/log.h"

/* So that a row stays short when much is written. */
#define ENTRIES_MOST 4096

static bool
is_due(const struct ouv_office *office)
{
	const struct ledger *ledger = &office->signer.ledger;

	return ledger->since_ms != 0 &&
	       (ledger->written.count >= ENTRIES_MOST ||
		       ouv_clock_mono_ms() - ledger->since_ms >=
			       office->config->audit_checkpoint_secs *
				       INT64_C(1000));
}

/* An entry whose COMMIT got no answer is there or not, as soon as nobody works
 * on it any more.  OUV_CONFLICT: somebody does. */
static enum ouv_err
is_there(struct store_tx *tx, const struct entry *entry, bool *is_out)
{
	bool busy;

	TRY(store_backend_busy(tx, entry->backend, &busy));
	if (busy)
		return OUV_CONFLICT;
	return store_audit_is(
		tx, &entry->chain, (int64_t)entry->seq, entry->hash, is_out);
}

static enum ouv_err
settle(struct store_tx *tx, struct entries *entries)
{
	size_t n = 0;

	/* All of them, before any is dropped. */
	for (size_t i = 0; i < entries->count; i++) {
		struct entry *entry = &entries->list[i];
		bool is = true;

		if (entry->unknown)
			TRY(is_there(tx, entry, &is));
		entry->gone = !is;
	}
	for (size_t i = 0; i < entries->count; i++)
		if (!entries->list[i].gone)
			entries->list[n++] = entries->list[i];
	entries->count = n;
	return OUV_OK;
}

/* The last of each chain; they are sorted. */
static size_t
make_heads(const struct entries *entries, uint8_t *heads)
{
	size_t n = 0;

	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->list[i];

		if (i + 1 < entries->count &&
			ouv_id_equal(&entry->chain, &entry[1].chain))
			continue;
		ouv_head_encode(&entry->chain, entry->seq, entry->hash,
			heads + OUV_HEAD * n++);
	}
	return n;
}

static void
fill_row(struct ledger *ledger, const uint8_t *seed, size_t heads)
{
	const struct ouv_checkpoint *c = &ledger->next;
	struct store_checkpoint *row = &ledger->row;

	*row = (struct store_checkpoint){ .signer = c->signer,
		.n = (int64_t)c->n,
		.at_us = (int64_t)c->at_us,
		.signer_seq = (int64_t)c->signer_seq,
		.events = (int64_t)c->events,
		.heads = { (const char *)ledger->heads, heads * OUV_HEAD } };
	memcpy(row->root, c->root, sizeof(row->root));
	memcpy(row->prev, c->prev, sizeof(row->prev));
	ouv_checkpoint_sign(c, seed, row->sig);
}

static void
make(struct ouv_office *office, const struct entries *entries)
{
	struct ledger *ledger = &office->signer.ledger;
	struct ouv_checkpoint *c = &ledger->next;
	size_t heads;

	ledger->heads = malloc((entries->count + 1) * OUV_HEAD);
	if (ledger->heads == NULL)
		abort();
	heads = make_heads(entries, ledger->heads);
	memset(c, 0, sizeof(*c));
	c->tenant = office->tenant;
	c->signer = office->signer.id;
	c->n = ledger->last.n + 1;
	c->at_us = (uint64_t)ouv_clock_now_us();
	c->signer_seq = ledger->cut;
	c->events = entries->count;
	ouv_merkle_root(ledger->heads, heads, OUV_HEAD, c->root);
	if (ledger->last.n > 0)
		ouv_checkpoint_hash(&ledger->last, c->prev);
	fill_row(ledger, ouv_key_bytes(office->sig), heads);
}

static void
locked(struct signer *signer, void (*run)(struct ledger *, struct entries *),
	struct entries *entries)
{
	(void)pthread_mutex_lock(&signer->lock);
	run(&signer->ledger, entries);
	(void)pthread_mutex_unlock(&signer->lock);
}

static enum ouv_err
prepare(struct ouv_desk *desk)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct signer *signer = &desk->office->signer;
	struct entries entries;
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	locked(signer, ledger_take, &entries);
	err = settle(tx, &entries);
	if (err == OUV_OK)
		err = store_commit(&tx);
	if (err != OUV_OK) {
		locked(signer, ledger_give, &entries);
		return err;
	}
	/* Also of no entries: the key went on, and each checkpoint is one step
	 * of it for whoever verifies. */
	make(desk->office, &entries);
	entries_free(&entries);
	return OUV_OK;
}

/* The same row again when the answer was lost: it is one all the same. */
static enum ouv_err
write_row(struct ouv_desk *desk)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ledger *ledger = &desk->office->signer.ledger;

	TRY(store_begin(desk->store, &tx));
	TRY(store_checkpoint_add(tx, &ledger->row));
	TRY(store_commit(&tx));
	free(ledger->heads);
	ledger->heads = NULL;
	ledger->last = ledger->next;
	ledger->cut = 0;
	return OUV_OK;
}

/* Is it this thread's to seal now? */
static bool
begin(struct ouv_office *office, bool now)
{
	struct signer *signer = &office->signer;
	struct ledger *ledger = &signer->ledger;
	bool mine = false;

	(void)pthread_mutex_lock(&signer->lock);
	if (!ledger->sealing && ledger->cut == 0 &&
		(is_due(office) || (now && ledger->since_ms != 0))) {
		ledger->cut = signer->seq;
		ouv_audit_ratchet(signer->key);
	}
	if (!ledger->sealing && ledger->cut != 0 &&
		!ledger_runs(ledger, ledger->cut))
		mine = ledger->sealing = true;
	(void)pthread_mutex_unlock(&signer->lock);
	return mine;
}

static enum ouv_err
seal(struct ouv_desk *desk, bool now)
{
	struct ouv_office *office = desk->office;
	struct ledger *ledger = &office->signer.ledger;
	enum ouv_err err = OUV_OK;

	if (office->sig == NULL || !begin(office, now))
		return OUV_OK;
	if (ledger->heads == NULL)
		err = prepare(desk);
	if (err == OUV_OK && ledger->heads != NULL)
		err = write_row(desk);
	(void)pthread_mutex_lock(&office->signer.lock);
	ledger->sealing = false;
	(void)pthread_mutex_unlock(&office->signer.lock);
	if (err != OUV_OK)
		ouv_log_warn(
			"the log could not be sealed: %s", ouv_err_name(err));
	return err;
}

static bool
has_tail(struct signer *signer)
{
	bool has;

	(void)pthread_mutex_lock(&signer->lock);
	has = signer->ledger.since_ms != 0 && signer->ledger.cut == 0;
	(void)pthread_mutex_unlock(&signer->lock);
	return has;
}

/* What was cut before ends where it was cut: at the end once more. */
enum ouv_err
ouv_desk_checkpoint(struct ouv_desk *desk, bool now)
{
	enum ouv_err err;

	ouv_desk_distrust_write(desk);
	err = seal(desk, now);
	if (err == OUV_OK && now && has_tail(&desk->office->signer))
		err = seal(desk, now);
	return err;
}

bool
ouv_office_unsealed(struct ouv_office *office)
{
	struct signer *signer = &office->signer;
	bool is;

	(void)pthread_mutex_lock(&signer->lock);
	is = signer->ledger.cut != 0 || is_due(office);
	(void)pthread_mutex_unlock(&signer->lock);
	return is;
}
