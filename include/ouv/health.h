/*
 * health.h - does mail come and go, and does the clockwork run?
 *
 * The gateway writes of each of its parts how it is; the console reads it.
 * Functions of the desk (desk.h) with its conventions.
 */
#ifndef OUV_HEALTH_H
#define OUV_HEALTH_H

#include "ouv/desk.h"

/* ---- the gateway
 * ----------------------------------------------------------------- */

/*
 * part: intake, dispatch, timer, seal.  good: a whole round is done; did: it
 * moved a mail, a letter, an alarm; trouble: a code ("no-answer", "refused",
 * "relay", "failed"), or "".  A transaction of its own.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_part_seen(struct ouv_desk *desk,
	const char *part, bool good, bool did, const char *trouble);

/* ---- the console
 * ----------------------------------------------------------------- */

#define OUV_HEALTH_FETCH_SECS INT64_C(900)   /* mail not fetched for so long */
#define OUV_HEALTH_LETTER_SECS INT64_C(3600) /* a letter waits for so long */

enum ouv_part {
	OUV_PART_INTAKE,
	OUV_PART_DISPATCH,
	OUV_PART_TIMER,
	OUV_PART_SEAL,
	OUV_PART__COUNT
};
const char *ouv_part_name(enum ouv_part part);

struct ouv_part_health {
	const char *program; /* its version; "" : nothing recorded */
	int64_t seen_at, good_at, did_at;
	const char *trouble; /* code; "" : none */
	int64_t since_at;    /* of the trouble */
	bool late;           /* no whole round for OUV_HEALTH_FETCH_SECS */
};
struct ouv_health {
	struct ouv_part_health parts[OUV_PART__COUNT];
	int64_t queued, unknown, failed; /* letters; failed: of thirty days */
	int64_t oldest_at;               /* of those on their way; 0: none */
	int64_t lease_until;             /* 0: nobody reads the mailbox */
	/* A date may pass unseen. */
	bool unfetched, stuck, stopped;
};
OUV_MUST_CHECK enum ouv_err ouv_desk_health(struct ouv_desk *desk,
	struct ouv_arena *arena, struct ouv_health *health_out);
/* Of the database, as this program wants it. */
int ouv_desk_schema(void);
/* Who is told of it, and may see the office's own pages. */
bool ouv_health_told(const struct ouv_actor *actor);

/* ---- how the office's keys stand
 * ------------------------------------------------- */

struct ouv_office_key {
	const char *name; /* svc, gw_sig, srv_sig, k_id, k_tok, pepper */
	int version;      /* 0: none */
	bool backed_up;   /* that version, under ESCROW */
};
struct ouv_office_keys {
	struct ouv_office_key *list;
	size_t count;
	int64_t cases, no_escrow, nobody, rekey_due, people, no_recovery;
	int64_t escrow_given, escrow_at, drill_at; /* 0: never */
};
/* No secret, and nothing that lies on a host alone. */
OUV_MUST_CHECK enum ouv_err ouv_desk_office_keys(struct ouv_desk *desk,
	struct ouv_arena *arena, struct ouv_office_keys *keys_out);

/* ---- the codebooks, as they count today
 * ------------------------------------------ */

struct ouv_code_line {
	const char *code, *parent, *label;
	int32_t from_day, until_day; /* until 0: no end */
	bool own;                    /* the office's own version */
};
struct ouv_code_page {
	size_t book_count, count;
	const char **books; /* names */
	const char *book;   /* the one that was asked for, else the first */
	struct ouv_code_line *list;
};
/* OUV_NOT_FOUND: no such book; book may be NULL. */
OUV_MUST_CHECK enum ouv_err ouv_desk_code_page(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *book, enum ouv_lang lang,
	struct ouv_code_page *page_out);

#endif
