/*
 * ledger.h - what one run of a program wrote into the log since it last sealed
 */
#ifndef DESK_LEDGER_H
#define DESK_LEDGER_H

#include "ouv/store_keys.h"
#include "ouv/vault.h"

struct entry {
	uint64_t signer_seq, seq;
	struct ouv_id chain;
	uint8_t hash[32];
	bool unknown; /* the answer to its COMMIT was lost */
	int backend;  /* ... and who may still be at it */
	bool gone;    /* it was asked for, and is not there */
};
struct entries {
	struct entry *list;
	size_t count, room;
};
struct writing; /* the entries of a transaction that runs */

/* All of it under the signer's lock. */
struct ledger {
	struct writing *running;
	struct entries written; /* and not sealed yet */
	int64_t since_ms;       /* of the oldest of them; 0: there is none */
	uint64_t cut;           /* what is being sealed ends here; 0: nothing */
	bool sealing;           /* somebody is at it */
	struct ouv_checkpoint last; /* n 0: none yet */
	/* made and perhaps written; heads.p NULL: none */
	struct ouv_checkpoint next;
	struct store_checkpoint row;
	uint8_t *heads;
};

struct signer;
/* This entry was queued in that transaction; the lock is held. */
void ledger_note(
	struct signer *signer, struct store_tx *tx, const struct entry *entry);
/* Is there a transaction that runs and holds an entry up to there? */
bool ledger_runs(const struct ledger *ledger, uint64_t signer_seq);
/* Takes the written entries up to cut away, sorted by chain and number. */
void ledger_take(struct ledger *ledger, struct entries *taken_out);
/* Back again: what was not sealed after all. */
void ledger_give(struct ledger *ledger, struct entries *taken);
void entries_free(struct entries *entries);
void ledger_free(struct ledger *ledger);

#endif
