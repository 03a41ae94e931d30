/*
 * store_console.h - rows for a day at the console: lists and their counts, a
 * person's choices, who has a case open, the office's figures
 *
 * Beside store.h and with its conventions.  Each section is one file of
 * lib/store and one sql_*.h.
 */
#ifndef OUV_STORE_CONSOLE_H
#define OUV_STORE_CONSOLE_H

#include "ouv/store.h"
#include "ouv/store_mediation.h"

/* ---- what a person chose (choice.c, sql_choice.h) -------------------------
 */

/* theme is a name of enum ouv_theme. */
OUV_MUST_CHECK enum ouv_err store_choice_theme(
	struct store_tx *tx, const struct ouv_id *person, const char *theme);
OUV_MUST_CHECK enum ouv_err store_choice_keys(
	struct store_tx *tx, const struct ouv_id *person, bool on);

/* ---- figures of the office (figure.c)
 * ----------------------------------------------------
 */

/* So many of that name with these codes and that value; what each means stands
 * beside the schema's table `figure`. */
struct store_figure {
	const char *name, *a, *b;
	const char *label; /* of a company or colleague, else "" */
	int64_t value, n;
};
/* Counts all of them again, in that time zone, unless they are younger than
 * secs; made_out: whether it was done. */
OUV_MUST_CHECK enum ouv_err store_figures_refresh(
	struct store_tx *tx, const char *zone, int secs, bool *made_out);
/* Of the months that begin from from_day and before before_day, added up, and
 * what is so now; those with a label in its order.  made_out 0: never counted.
 */
OUV_MUST_CHECK enum ouv_err store_figures(struct store_tx *tx,
	struct ouv_arena *arena, int32_t from_day, int32_t before_day,
	int64_t *made_out, struct store_figure **list_out, size_t *count_out);

/* ---- who looks at a case (seen.c) -----------------------------------------
 */

/* Writes down that this person looks at a case whose last message has that
 * number. */
OUV_MUST_CHECK enum ouv_err store_seen_look(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *person, int items);
/* ... that they are still there, without having read further. */
OUV_MUST_CHECK enum ouv_err store_seen_stay(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *person);
/* Where that session is now; NULL: at no case. */
OUV_MUST_CHECK enum ouv_err store_seen_at(struct store_tx *tx,
	const uint8_t session[32], const struct ouv_id *case_id);
/* Who else looked in the last ten minutes, the last one first, of those who
 * hold its key. */
struct store_looker {
	const char *name;
	int64_t at;
	bool left; /* for another page, or logged out */
};
/* base_out: the last message that person knew when this visit began. */
OUV_MUST_CHECK enum ouv_err store_seen(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *person, int *base_out,
	struct store_looker **list_out, size_t *count_out);

/* ---- health of the gateway (health.c, sql_health.h)
 * ---------------------------- */

/* One part of the gateway, as it wrote of itself; times 0: never. */
struct store_part {
	const char *part, *program; /* program: its version */
	int64_t seen_at, good_at, did_at, since_at;
	const char *trouble; /* code; "" : none */
};
OUV_MUST_CHECK enum ouv_err store_part_seen(struct store_tx *tx,
	const char *part, bool good, bool did, const char *trouble);
OUV_MUST_CHECK enum ouv_err store_parts(struct store_tx *tx,
	struct ouv_arena *arena, struct store_part **list_out,
	size_t *count_out);
/* Letters on their way; failed: of the last thirty days, at most 1000. */
struct store_letters {
	int64_t queued, unknown, failed, oldest_at;
	int64_t lease_until;  /* of the mailbox; 0: nobody has it */
	int64_t office_since; /* when the office was made */
};
OUV_MUST_CHECK enum ouv_err store_letters_wait(
	struct store_tx *tx, struct store_letters *letters_out);

/* ---- what falls due (due.c, sql_due.h)
 * ----------------------------------------- */

/* A clock that runs, or an open task (kind: its kind), of a case that person
 * may read. */
struct store_due {
	struct store_case_line line; /* owner_name, no other note of it */
	int64_t due_at;
	int64_t due_us;   /* the same in microseconds; with the next, */
	const char *key;  /* the cursor of its row */
	const char *task; /* NULL: it is a clock */
	struct store_clock clock;
};
/* Those due from from_us (microseconds) on and before until_at (0: without
 * end), after the row of that key; mine: only of cases they look after. */
OUV_MUST_CHECK enum ouv_err store_dues(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person, bool mine,
	int64_t from_us, int64_t until_at, const char *after_key, int limit,
	struct store_due **list_out, size_t *count_out);
/* How many fall before bounds[0], then between each two, into two rows of
 * count + 1 numbers: clocks, tasks. */
OUV_MUST_CHECK enum ouv_err store_due_counts(struct store_tx *tx,
	const struct ouv_id *person, bool mine, const int64_t *bounds,
	size_t count, int64_t *clocks_out, int64_t *tasks_out);

/* ---- the register of companies, from the console (register.c, sql_register.h)
 * -- */

/* A page of companies whose name holds that text, after that name. */
OUV_MUST_CHECK enum ouv_err store_companies_page(struct store_tx *tx,
	struct ouv_arena *arena, const char *text, const char *after, int limit,
	struct store_company **list_out, size_t *count_out);
/* What an entry is like now, for whoever changes it; OUV_NOT_FOUND. */
enum store_entry {
	STORE_ENTRY_COMPANY,
	STORE_ENTRY_UNIT,
	STORE_ENTRY_CONTACT,
	STORE_ENTRY__COUNT
};
OUV_MUST_CHECK enum ouv_err store_entry_rev(struct store_tx *tx,
	enum store_entry entry, const struct ouv_id *id, int64_t *rev_out);
/* Who changed it last, and when, by the log; OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_entry_last(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *id, int64_t *at_out,
	const char **who_out);
/* rev 0: a new one; else OUV_CONFLICT: somebody else changed it meanwhile, and
 * nothing is written.  OUV_CONFLICT also: that name, or address, is there. */
OUV_MUST_CHECK enum ouv_err store_company_write(
	struct store_tx *tx, const struct store_company *company, int64_t rev);
OUV_MUST_CHECK enum ouv_err store_unit_write(
	struct store_tx *tx, const struct store_unit *unit, int64_t rev);
OUV_MUST_CHECK enum ouv_err store_contact_write(
	struct store_tx *tx, const struct store_contact *contact, int64_t rev);
/* Whoever had this substitute has that one. */
OUV_MUST_CHECK enum ouv_err store_contact_follow(struct store_tx *tx,
	const struct ouv_id *was, const struct ouv_id *is_now);
/* Of one company, in cases that person may read, newest first. */
OUV_MUST_CHECK enum ouv_err store_company_cases(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *company,
	const struct ouv_id *person, int limit,
	struct store_case_line **lines_out, size_t *count_out);
/* What it owes in such cases: open promises of its own, and recommendations it
 * has not answered. */
struct store_owed {
	const char *protocol;
	bool promise; /* else a recommendation */
	int64_t at;   /* a promise: by when; a recommendation: since */
};
OUV_MUST_CHECK enum ouv_err store_company_owes(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *company,
	const struct ouv_id *person, int limit, struct store_owed **list_out,
	size_t *count_out);

/* ---- how the office's keys stand (told.c, sql_told.h)
 * -------------------------- */

struct store_kept_secret {
	const char *name;
	int version;
};
OUV_MUST_CHECK enum ouv_err store_secrets_kept(struct store_tx *tx,
	struct ouv_arena *arena, struct store_kept_secret **list_out,
	size_t *count_out);
struct store_key_status;
OUV_MUST_CHECK enum ouv_err store_keys_told(
	struct store_tx *tx, struct store_key_status *status_out);

/* ---- lists of cases (worklist.c, sql_worklist.h) ---------------------------
 */

enum store_order {
	STORE_BY_LAST,   /* newest first */
	STORE_BY_DUE,    /* what is due first; without a date last */
	STORE_BY_OPENED, /* newest first */
	STORE_ORDER__COUNT
};
/* Which cases; a text NULL, an id or a moment zero: any. */
struct store_wish {
	struct ouv_id person; /* who reads */
	const char *queue;    /* by the name of enum ouv_queue (worklist.h) */
	const char *state, *kind, *severity, *lang, *channel;
	const char *company; /* part of its name */
	struct ouv_id owner;
	bool ownerless; /* nobody looks after it */
	int64_t due_from, due_before, opened_from, opened_before;
	enum store_order order;
	bool back; /* the lines before at, not those after it */
	int64_t at_us;
	struct ouv_id at_id; /* zero: from the start */
	int limit;
};
struct store_work_line {
	struct store_case_line row;            /* last_at in microseconds */
	int64_t key_us;                        /* of the order, for a cursor */
	const char *company;                   /* NULL: none */
	const char *kind, *severity, *channel; /* codes; NULL: not known */
	bool promise;                          /* one is due within a day */
	bool second;     /* an act waits for a second person */
	bool away;       /* its owner is */
	int64_t read_by; /* an answer of the company waits to be read; 0: no */
	int64_t fresh;   /* letters of a party since the reader looked last */
};
/* In the order asked for, also when they are asked for from the end. */
OUV_MUST_CHECK enum ouv_err store_work(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_wish *wish,
	struct store_work_line **lines_out, size_t *count_out);
/* Of the queues a person works from, in the order of enum ouv_queue, and at
 * last of what is held; each at most STORE_COUNT_MOST: that many or more.  What
 * is closed is 0. */
#define STORE_QUEUES 16
#define STORE_COUNT_MOST 100
OUV_MUST_CHECK enum ouv_err store_work_counts(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	int64_t counts_out[STORE_QUEUES]);

/* Of those numbers (with commas) what that person can open. */
struct store_chosen {
	struct store_case_line row;
	const char *kind, *severity; /* NULL: not known */
	bool urgent;
	const char *owner; /* a login; NULL: nobody's yet */
};
OUV_MUST_CHECK enum ouv_err store_work_chosen(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	const char *numbers, struct store_chosen **list_out, size_t *count_out);

/* ---- saved views (saved_view.c, sql_worklist.h) ----------------------------
 */

struct store_view {
	struct ouv_id id;
	const char *name, *query, *author;
	bool shared, mine;
};
OUV_MUST_CHECK enum ouv_err store_views(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	struct store_view **list_out, size_t *count_out);
/* OUV_CONFLICT (with the commit): this person has too many. */
OUV_MUST_CHECK enum ouv_err store_view_add(struct store_tx *tx,
	const struct ouv_id *id, const struct ouv_id *person, const char *name,
	const char *query, bool shared);
/* OUV_CONFLICT (with the commit): not theirs (nor shared), or gone. */
OUV_MUST_CHECK enum ouv_err store_view_drop(struct store_tx *tx,
	const struct ouv_id *id, const struct ouv_id *person, bool also_shared);

/* ---- requests that came on paper (paper.c, sql_paper.h) --------------------
 */

/* OUV_REFUSED: not for that person. */
OUV_MUST_CHECK enum ouv_err store_paper_number(struct store_tx *tx,
	const struct ouv_id *signer, int year, int64_t *number_out);
/* c: id, protocol, lang, channel, opened_at, summary.  OUV_REFUSED: no such
 * case may be made. */
OUV_MUST_CHECK enum ouv_err store_paper(struct store_tx *tx,
	const struct store_case *c, const struct store_case_key *key,
	const char *right, const char *profile);

/* What came by letter, telephone, fax, chat or in person: a case that waits to
 * be opened.  c: as store_paper, and owner (zero: nobody yet).  OUV_REFUSED: no
 * such case may be made. */
OUV_MUST_CHECK enum ouv_err store_entered(struct store_tx *tx,
	const struct store_case *c, const struct store_case_key *key);

#endif
