/*
 * ledger.c - which entries of the log are really there: those of transactions
 * that were committed
 *
 * A checkpoint may speak of nothing that was undone, and must not forget what
 * was not.  So each transaction tells how it ended; where nobody knows, the
 * database is asked before sealing.
 */
#include <stdlib.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"

struct writing {
	struct signer *signer;
	struct entries entries;
	size_t saved; /* how many there were at the savepoint */
	int backend;  /* whose transaction it is, at the server */
	struct writing *next, **link;
};

static void
add(struct entries *to, const struct entry *entry)
{
	if (to->count == to->room) {
		to->room = to->room > 0 ? 2 * to->room : 16;
		to->list = reallocarray(to->list, to->room, sizeof(*to->list));
		if (to->list == NULL)
			abort();
	}
	to->list[to->count++] = *entry;
}

void
entries_free(struct entries *entries)
{
	free(entries->list);
	*entries = (struct entries){ NULL, 0, 0 };
}

static void
keep(struct ledger *ledger, const struct writing *w, bool unknown)
{
	const struct entries *entries = &w->entries;

	if (entries->count > 0 && ledger->since_ms == 0)
		ledger->since_ms = ouv_clock_mono_ms();
	for (size_t i = 0; i < entries->count; i++) {
		struct entry entry = entries->list[i];

		entry.unknown = unknown;
		entry.backend = w->backend;
		add(&ledger->written, &entry);
	}
}

static void
drop(struct writing *w)
{
	*w->link = w->next;
	if (w->next != NULL)
		w->next->link = w->link;
	entries_free(&w->entries);
	free(w);
}

static void
on_end(void *user, enum store_end end)
{
	struct writing *w = user;
	struct signer *signer = w->signer;

	(void)pthread_mutex_lock(&signer->lock);
	if (end == STORE_SAVED) {
		w->saved = w->entries.count;
	} else if (end == STORE_BACK) {
		w->entries.count = w->saved;
	} else {
		if (end != STORE_UNDONE)
			keep(&signer->ledger, w, end == STORE_UNKNOWN);
		drop(w);
	}
	(void)pthread_mutex_unlock(&signer->lock);
}

void
ledger_note(
	struct signer *signer, struct store_tx *tx, const struct entry *entry)
{
	struct ledger *ledger = &signer->ledger;
	struct writing *w = store_end_user(tx);

	if (w == NULL) {
		w = calloc(1, sizeof(*w));
		if (w == NULL)
			abort();
		w->signer = signer;
		w->backend = store_tx_backend(tx);
		w->next = ledger->running;
		w->link = &ledger->running;
		if (w->next != NULL)
			w->next->link = &w->next;
		ledger->running = w;
		store_on_end(tx, on_end, w);
	}
	add(&w->entries, entry);
}

bool
ledger_runs(const struct ledger *ledger, uint64_t signer_seq)
{
	for (const struct writing *w = ledger->running; w != NULL; w = w->next)
		if (w->entries.count > 0 &&
			w->entries.list[0].signer_seq <= signer_seq)
			return true;
	return false;
}

static int
by_chain(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = memcmp(x->chain.b, y->chain.b, sizeof(x->chain.b));

	if (order != 0)
		return order;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

void
ledger_take(struct ledger *ledger, struct entries *taken_out)
{
	struct entries stays = { NULL, 0, 0 }, taken = { NULL, 0, 0 };

	for (size_t i = 0; i < ledger->written.count; i++) {
		const struct entry *entry = &ledger->written.list[i];

		add(entry->signer_seq <= ledger->cut ? &taken : &stays, entry);
	}
	entries_free(&ledger->written);
	ledger->written = stays;
	ledger->since_ms = stays.count > 0 ? ouv_clock_mono_ms() : 0;
	if (taken.count > 0)
		qsort(taken.list, taken.count, sizeof(*taken.list), by_chain);
	*taken_out = taken;
}

void
ledger_give(struct ledger *ledger, struct entries *taken)
{
	for (size_t i = 0; i < taken->count; i++)
		add(&ledger->written, &taken->list[i]);
	if (taken->count > 0 && ledger->since_ms == 0)
		ledger->since_ms = ouv_clock_mono_ms();
	entries_free(taken);
}

void
ledger_free(struct ledger *ledger)
{
	struct writing *next;

	for (struct writing *w = ledger->running; w != NULL; w = next) {
		next = w->next;
		entries_free(&w->entries);
		free(w);
	}
	ledger->running = NULL;
	entries_free(&ledger->written);
	free(ledger->heads);
	ledger->heads = NULL;
}
