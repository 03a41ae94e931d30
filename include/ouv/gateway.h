/*
 * gateway.h - what the mail gateway does at the desk
 *
 * Mail in, in two steps, so that understanding a mail can never lose it:
 * receive (sealed bytes and one row, committed before the mail server is told)
 * and file (items, case, acknowledgement, log, all in one transaction).  Mail
 * out: claim, send, finish.
 */
#ifndef OUV_GATEWAY_H
#define OUV_GATEWAY_H

#include "ouv/desk.h"

/* To whom leases are given; without this call a random name is used. */
void ouv_desk_worker(struct ouv_desk *desk, const struct ouv_id *worker);

/* One mail as it was fetched or handed in. */
struct ouv_arrival {
	bool has_uid;
	int64_t uidvalidity, uid;
	const void *raw; /* NULL with oversize: header holds what is known */
	size_t len;
	bool oversize;
	int64_t size; /* on the mail server */
	/* filled by ouv_desk_receive */
	struct ouv_id id;
	const char *state; /* received, duplicate, oversize */
	uint8_t dek[OUV_KEY];
};

/*
 * Stores a batch: one transaction.  When it returns OUV_OK every mail of the
 * batch is in the database and its lease is this worker's; when it does not,
 * none is (or all are, if the answer to COMMIT was lost: the next round finds
 * them).
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_receive(struct ouv_desk *desk,
	struct ouv_arena *arena, struct ouv_arrival *arrivals, size_t count);

/* One mail to be filed. */
struct ouv_filing {
	struct ouv_id id;
	int64_t epoch;
	int attempts;
	const void *raw;
	size_t len;
	bool oversize;
	const uint8_t *dek;  /* the key its bytes are sealed with */
	struct ouv_str doc;  /* ouv_mail_pack's; empty: the parser failed */
	const char *failure; /* why; NULL: it did not */
	/* filled by ouv_desk_file */
	const char *outcome;   /* created, appended, held, recorded */
	const char *protocol;  /* NULL: none */
	const char *automatic; /* class of an automatic mail; NULL: a person */
	const char *reason;
	bool acknowledged;
};

/*
 * Files a batch in one transaction.  On any error nothing was filed: with more
 * than one mail the caller tries them one by one, a single one is given back
 * with ouv_desk_file_failed.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_file(struct ouv_desk *desk,
	struct ouv_arena *arena, struct ouv_filing *filings, size_t count);
/* Tried again later; after three attempts the caller files it unparsed. */
OUV_MUST_CHECK enum ouv_err ouv_desk_file_failed(struct ouv_desk *desk,
	const struct ouv_filing *filing, const char *error_code);
/*
 * Mails received but not filed (a worker died, or failed): leased to this
 * worker, their bytes opened.  A mail whose bytes do not open has failure set
 * and no bytes.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_claim(struct ouv_desk *desk,
	struct ouv_arena *arena, int limit, struct ouv_filing **filings_out,
	size_t *count_out);

/* Seconds until a received mail is due to be filed; -1: none waits. */
OUV_MUST_CHECK enum ouv_err ouv_desk_inbound_next(
	struct ouv_desk *desk, int *secs_out);

/* What `ouvidoria-mailgw parse` knows of the office. */
void ouv_desk_mail_office(
	const struct ouv_config *config, struct ouv_mail_office *office_out);
/* Mailbox bookkeeping: see store.h, these pass through. */
OUV_MUST_CHECK enum ouv_err ouv_desk_mailbox_lease(
	struct ouv_desk *desk, int secs);
OUV_MUST_CHECK enum ouv_err ouv_desk_mailbox_known(struct ouv_desk *desk,
	struct ouv_arena *arena, int64_t uidvalidity, const uint32_t *uids,
	size_t count, bool *known_out);
OUV_MUST_CHECK enum ouv_err ouv_desk_mailbox_settled(struct ouv_desk *desk,
	struct ouv_arena *arena, int64_t uidvalidity, int hours,
	uint32_t **uids_out, size_t *count_out);
OUV_MUST_CHECK enum ouv_err ouv_desk_mailbox_moved(struct ouv_desk *desk,
	int64_t uidvalidity, const uint32_t *uids, size_t count);

/* One letter to be sent. */
struct ouv_outgoing {
	struct ouv_id id, case_id;
	int64_t epoch;
	int attempts;
	bool expired;
	const char *from, *to; /* envelope; from "" is the null path */
	struct ouv_str mime;
	const char *failure; /* it cannot be opened or addressed: why */
};
OUV_MUST_CHECK enum ouv_err ouv_desk_outbox_claim(struct ouv_desk *desk,
	struct ouv_arena *arena, int limit, struct ouv_outgoing **letters_out,
	size_t *count_out);

enum ouv_send_end {
	OUV_SEND_SENT,
	OUV_SEND_LATER,   /* refused for now */
	OUV_SEND_REFUSED, /* for good */
	OUV_SEND_LOST,    /* the answer to the final dot did not come */
	OUV_SEND_RELAY,   /* the relay is not there: not this letter's fault */
	OUV_SEND__COUNT
};
/* OUV_CONFLICT: the lease ran out and another has it. */
OUV_MUST_CHECK enum ouv_err ouv_desk_outbox_finish(struct ouv_desk *desk,
	const struct ouv_outgoing *letter, enum ouv_send_end end,
	const char *phase, int code, const char *text);
/* Seconds until something is due; -1: nothing waits. */
OUV_MUST_CHECK enum ouv_err ouv_desk_outbox_next(
	struct ouv_desk *desk, int *secs_out);
/* Counts and floods of two days ago are forgotten; now and then is enough. */
OUV_MUST_CHECK enum ouv_err ouv_desk_sweep(struct ouv_desk *desk);

/*
 * The clockwork: acts of parties, then alarms that are due (reminders, ends of
 * terms), each in a transaction of its own.  Any number of workers may run it.
 * done_out: how many; 0: nothing is due now.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_tick(
	struct ouv_desk *desk, size_t *done_out);
/* Clocks for cases that were there before clocks were. */
OUV_MUST_CHECK enum ouv_err ouv_desk_adopt(
	struct ouv_desk *desk, size_t *done_out);

/* Waiting for the other program: the socket to poll, and what came. */
OUV_MUST_CHECK enum ouv_err ouv_desk_listen(
	struct ouv_desk *desk, const char *channel);
int ouv_desk_socket(const struct ouv_desk *desk);
bool ouv_desk_notified(struct ouv_desk *desk);

#endif
