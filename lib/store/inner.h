/*
 * inner.h - what the files of this folder share: the connection, its pipeline,
 * arguments going out and columns coming back
 */
#ifndef STORE_INNER_H
#define STORE_INNER_H

#include <libpq-fe.h>

#include "ouv/store.h"
#include "sql.h"

#define TRY(call)                           \
	do {                                \
		enum ouv_err try_ = (call); \
		if (try_ != OUV_OK)         \
			return try_;        \
	} while (0)

/* ---- connection and pipeline -----------------------------------------------
 */

/* What is queued at most before its results are looked at. */
#define QUEUE_STATEMENTS 2000
#define QUEUE_BYTES ((size_t)1024 * 1024)
#define CHANNELS 4
#define CHANNEL_LEN 32

struct store_tx {
	struct store *store;
	bool open;
	bool unseen;          /* a statement that must change a row is queued */
	enum ouv_err failed;  /* sticks until rollback */
	store_end_fn *on_end; /* NULL: nobody wants to know */
	void *on_end_user;
};

/* tx.c: tells whoever asked with store_on_end. */
void tx_tell(struct store_tx *tx, enum store_end end);

struct store {
	const struct ouv_config *config;
	enum store_role role;
	bool bare;                               /* nothing is prepared */
	PGconn *conn;                            /* NULL: lost */
	struct ouv_arena *scratch;               /* arrays on their way out */
	enum sql_id queue[QUEUE_STATEMENTS + 8]; /* sent, results not read */
	struct told *keep[QUEUE_STATEMENTS + 8]; /* whose result; NULL: none */
	size_t queued, queued_bytes;
	struct store_tx tx; /* one at a time */
	struct {
		bool on, open; /* wished; and a transaction runs */
		struct told *told;
	} together;     /* together.c */
	uint64_t begun; /* transactions so far */
	bool notified;
	char channels[CHANNELS][CHANNEL_LEN];
	size_t channel_count;
	char sqlstate[6]; /* of the last statement that failed */
};

/* conn.c: connects when there is no connection. */
OUV_MUST_CHECK enum ouv_err conn_need(struct store *store);
/* It is of no use any more; lost: and that is news. */
void conn_drop(struct store *store);
void conn_lost(struct store *store);

/* pipe.c */
/* Writes a statement into the pipeline; does not wait. */
struct sql_arg;
OUV_MUST_CHECK enum ouv_err pipe_send(struct store *store, enum sql_id id,
	const struct sql_arg *args, size_t count);
/* Notes that something else than pipe_send wrote on behalf of a statement. */
void pipe_sent(struct store *store, enum sql_id id);
/*
 * Reads every result up to the end of the pipeline.  The first failure is
 * logged and returned; result_out (may be NULL) gets the last statement's
 * result when nothing failed.
 */
OUV_MUST_CHECK enum ouv_err pipe_sync(
	struct store *store, PGresult **result_out);

/* ---- running statements ------------------------------------------------ */

/* together.c: a statement was sent, or an answer waited for. */
void together_count(bool statement);
/* The same question, asked or sent ahead; NULL: not, or not together. */
struct told *together_find(const struct store *store, enum sql_id id,
	const struct sql_arg *args, size_t count);
/* Remembers one; its result is the caller's to keep there.  NULL: it is too
 * long, or readings are not together. */
struct told *together_note(struct store *store, enum sql_id id,
	const struct sql_arg *args, size_t count);
void together_keep(struct told *told, PGresult *result);
/* A copy of its result; false: there is none yet. */
bool together_give(const struct told *told, PGresult **result_out);

struct sql_arg {
	enum {
		ARG_NULL,
		ARG_BINARY,
		ARG_TEXT,
		ARG_INT
	} kind;
	const void *p;
	size_t len;
	int64_t n;
};

#define SQL_NULL                 \
	(struct sql_arg)         \
	{                        \
		.kind = ARG_NULL \
	}
#define SQL_BYTES(data, size)                                  \
	(struct sql_arg)                                       \
	{                                                      \
		.kind = ARG_BINARY, .p = (data), .len = (size) \
	}
#define SQL_ID(id) SQL_BYTES((id)->b, sizeof((id)->b))
#define SQL_TEXT(text)                        \
	(struct sql_arg)                      \
	{                                     \
		.kind = ARG_TEXT, .p = (text) \
	}
#define SQL_INT(number)                        \
	(struct sql_arg)                       \
	{                                      \
		.kind = ARG_INT, .n = (number) \
	}
#define SQL_BOOL(truth) SQL_TEXT((truth) ? "t" : "f")
/* Zero means none. */
struct sql_arg sql_id_or_null(const struct ouv_id *id);
struct sql_arg sql_str_or_null(struct ouv_str str);

/* count elements of len bytes, the first at data, stride bytes apart. */
struct sql_arg sql_ids(struct ouv_arena *arena, const struct ouv_id *first,
	size_t stride, size_t count);
struct sql_arg sql_blobs(struct ouv_arena *arena, const void *first, size_t len,
	size_t stride, size_t count);
/* The same of any length. */
struct sql_arg sql_strs(struct ouv_arena *arena, const struct ouv_str *first,
	size_t stride, size_t count);
struct sql_arg sql_words(struct ouv_arena *arena, const char *const *first,
	size_t stride, size_t count);
struct sql_arg sql_ints(
	struct ouv_arena *arena, const int64_t *numbers, size_t count);
/* Emptied at each call: for the arguments of one statement. */
struct ouv_arena *sql_scratch(struct store *store);

#define ARGS(...)                                                 \
	(const struct sql_arg[]){ __VA_ARGS__ },                  \
		sizeof((const struct sql_arg[]){ __VA_ARGS__ }) / \
			sizeof(struct sql_arg)
#define NO_ARGS NULL, 0

/* Queues; a failure is told by a later call. */
OUV_MUST_CHECK enum ouv_err sql_write(struct store_tx *tx, enum sql_id id,
	const struct sql_arg *args, size_t count);
/* Waits for its rows, and with them for everything queued before. */
OUV_MUST_CHECK enum ouv_err sql_read(struct store_tx *tx, enum sql_id id,
	PGresult **result_out, const struct sql_arg *args, size_t count);
/* A transaction of its own; result_out may be NULL. */
OUV_MUST_CHECK enum ouv_err sql_once(struct store *store, enum sql_id id,
	PGresult **result_out, const struct sql_arg *args, size_t count);

/* ---- rows -------------------------------------------------------------- */

#define RESULT OUV_CLEANUP(result_free) = NULL
void result_free(PGresult **result);

/* A row read from left to right, in the order of the statement's columns. */
struct row {
	const PGresult *result;
	int row, column;
};
struct row row_at(const PGresult *result, int number);
struct ouv_id row_id(struct row *row); /* NULL: zero */
int64_t row_int(struct row *row);      /* 2, 4 or 8 bytes; NULL: 0 */
bool row_bool(struct row *row);        /* NULL: false */
/* False and zeros when NULL; another length is cut or padded with zeros, and
 * whoever opens the box finds out. */
bool row_bytes(struct row *row, void *out, size_t len);
const char *row_text(struct row *row, struct ouv_arena *arena);
struct ouv_str row_str(struct row *row, struct ouv_arena *arena);
/* Borrowed from the result. */
struct ouv_str row_peek(struct row *row);

/* Every row of a result into an array of entries of that size. */
typedef void row_read_fn(struct row *row, struct ouv_arena *arena, void *entry);
void *read_rows(const PGresult *res, struct ouv_arena *arena, size_t size,
	row_read_fn *read, size_t *count_out);
/* case.c: who may confirm what, as the workflow says: "refuse reader,...". */
const char *second_acts(struct ouv_arena *arena);
/* The columns CASE_LINE_COLUMNS. */
OUV_MUST_CHECK enum ouv_err read_line(
	struct row *row, struct ouv_arena *arena, struct store_case_line *line);
/* Every row of a list of cases (case.c). */
OUV_MUST_CHECK enum ouv_err read_lines(PGresult *res, struct ouv_arena *arena,
	struct store_case_line **lines_out, size_t *count_out);
/* case.c, clock.c: CASE_COLUMNS, CLOCK_COLUMNS. */
OUV_MUST_CHECK enum ouv_err row_case(
	struct row *row, struct ouv_arena *arena, struct store_case *c);
/* item.c: ITEM_COLUMNS. */
OUV_MUST_CHECK enum ouv_err row_item(
	struct row *row, struct ouv_arena *arena, struct store_item *item);
/* company.c: COMPANY_COLUMNS. */
void row_company(struct row *row, struct ouv_arena *arena, void *entry);
/* mediation.c: moment, name, action, number of an item. */
void row_change(struct row *row, struct ouv_arena *arena, void *entry);
struct store_clock;
OUV_MUST_CHECK enum ouv_err row_clock(
	struct row *row, struct ouv_arena *arena, struct store_clock *c);
/* The same of a result with one column of ids. */
struct ouv_id *read_ids(
	const PGresult *res, struct ouv_arena *arena, size_t *count_out);

/* grant.c: a function that tells, after its subject, the cases it changed.
 * OUV_CONFLICT: no row, it did nothing. */
OUV_MUST_CHECK enum ouv_err ask_done(struct store_tx *tx,
	struct ouv_arena *arena, enum sql_id id, const struct sql_arg *args,
	size_t arg_count, struct ouv_id **cases_out, size_t *count_out);

/* audit.c: an entry of the log; its texts are borrowed from the result. */
void store_row_audit(struct row *row, struct store_audit *event);

#endif
