/*
 * pipe.c - statements out, results back, never waiting longer than we said
 *
 * The connection is non-blocking and always in pipeline mode.  Sending only
 * fills a buffer; whoever needs an answer ends the pipeline and reads until
 * that end comes back, sending and receiving by turns, so that neither side
 * can be stuck on the other's full buffer.  What a statement failed of is
 * logged here and nowhere else: its name, the SQLSTATE, the constraint; never
 * a value.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "inner.h"
#include "ouv/clock.h"
#include "ouv/log.h"

/* A server that is silent longer than its own limits for a statement and for
 * a lock allow is gone. */
#define SILENCE_MS 25000
#define ARGS_MAX 20

/* ---- sending ----------------------------------------------------------- */

void
pipe_sent(struct store *store, enum sql_id id)
{
	store->keep[store->queued] = NULL;
	store->queue[store->queued++] = id;
}

enum ouv_err
pipe_send(struct store *store, enum sql_id id, const struct sql_arg *args,
	size_t count)
{
	const struct sql_text *sql = &sql_texts[id];
	const char *values[ARGS_MAX];
	int lengths[ARGS_MAX], formats[ARGS_MAX], ok;
	char numbers[ARGS_MAX][24];

	if (count != (size_t)sql->args || count > ARGS_MAX) {
		ouv_log_error("database: %s called with %zu arguments",
			sql->name, count);
		return OUV_INVALID;
	}
	for (size_t i = 0; i < count; i++) {
		values[i] = args[i].p;
		lengths[i] = (int)args[i].len;
		formats[i] = args[i].kind == ARG_BINARY;
		store->queued_bytes += args[i].len + 16;
		/* No bytes are not the same as no value. */
		if (args[i].kind == ARG_BINARY && args[i].p == NULL)
			values[i] = "";
		if (args[i].kind != ARG_INT)
			continue;
		(void)snprintf(numbers[i], sizeof(numbers[i]), "%lld",
			(long long)args[i].n);
		values[i] = numbers[i];
	}
	if (store->conn == NULL)
		return OUV_TEMPORARY;
	if (store->bare)
		ok = PQsendQueryParams(store->conn, sql->text, (int)count, NULL,
			values, lengths, formats, 1);
	else
		ok = PQsendQueryPrepared(store->conn, sql->name, (int)count,
			values, lengths, formats, 1);
	if (ok != 1) {
		conn_lost(store);
		return OUV_TEMPORARY;
	}
	pipe_sent(store, id);
	together_count(true);
	return OUV_OK;
}

/* ---- errors ------------------------------------------------------------ */

struct meaning {
	const char *sqlstate; /* or its first two characters */
	enum ouv_err err;
};

/* clang-format off */
static const struct meaning meanings[] = {
	{ "40001", OUV_TEMPORARY }, /* serialization failure    */
	{ "40P01", OUV_TEMPORARY }, /* deadlock                 */
	{ "55P03", OUV_TEMPORARY }, /* lock_timeout             */
	{ "57014", OUV_TEMPORARY }, /* statement_timeout        */
	{ "25P03", OUV_TEMPORARY }, /* idle in transaction      */
	{ "25006", OUV_TEMPORARY }, /* read only: a failover    */
	{ "53",    OUV_TEMPORARY }, /* disk, memory, too many   */
	{ "57P",   OUV_TEMPORARY }, /* shutting down            */
	{ "58030", OUV_TEMPORARY }, /* input/output error       */
	{ "08",    OUV_TEMPORARY }, /* connection               */
	{ "23505", OUV_CONFLICT },  /* somebody else wrote it   */
};
/* clang-format on */

static enum ouv_err
meaning_of(const char *sqlstate)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (strncmp(sqlstate, meanings[i].sqlstate,
			    strlen(meanings[i].sqlstate)) == 0)
			return meanings[i].err;
	return OUV_INVALID;
}

/* The server's sentence where it cannot quote a value: names of our own
 * tables and columns (42), limits and shutdowns (53, 55, 57). */
static bool
is_harmless(const char *sqlstate)
{
	static const char *const classes[] = { "42", "53", "55", "57", "26" };

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strncmp(sqlstate, classes[i], 2) == 0)
			return true;
	return false;
}

static enum ouv_err
explain(struct store *store, enum sql_id id, const PGresult *result)
{
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *name = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
	const char *text = NULL;
	enum ouv_err err;

	if (sqlstate == NULL) /* libpq's own words: the line is cut */
		sqlstate = "08006";
	(void)snprintf(
		store->sqlstate, sizeof(store->sqlstate), "%s", sqlstate);
	if (is_harmless(sqlstate))
		text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	if (text == NULL)
		text = name != NULL ? name : "";
	err = meaning_of(sqlstate);
	if (err == OUV_INVALID)
		ouv_log_error("database: %s refused: %s %s", sql_texts[id].name,
			sqlstate, text);
	else
		ouv_log_warn("database: %s failed: %s %s", sql_texts[id].name,
			sqlstate, text);
	return err;
}

/* ---- receiving --------------------------------------------------------- */

/* Until a result can be taken without waiting. */
static bool
wait_result(struct store *store)
{
	int64_t deadline = ouv_clock_mono_ms() + SILENCE_MS;

	for (;;) {
		struct pollfd pfd = { .fd = PQsocket(store->conn),
			.events = POLLIN };
		int unsent = PQflush(store->conn);
		int64_t left = deadline - ouv_clock_mono_ms();

		if (!PQisBusy(store->conn))
			return true;
		if (unsent < 0 || left <= 0)
			return false;
		if (unsent > 0)
			pfd.events |= POLLOUT;
		if (poll(&pfd, 1, (int)left) <= 0)
			continue; /* interrupted, or the deadline */
		if ((pfd.revents & ~POLLOUT) != 0 &&
			PQconsumeInput(store->conn) != 1)
			return false;
		deadline = ouv_clock_mono_ms() + SILENCE_MS;
	}
}

/* What the result of one statement tells. */
static enum ouv_err
look(struct store *store, enum sql_id id, PGresult *result)
{
	switch (PQresultStatus(result)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
		if (!(sql_texts[id].flags & SQL_MUST_CHANGE) ||
			strcmp(PQcmdTuples(result), "0") != 0)
			return OUV_OK;
		ouv_log_debug(
			"database: %s changed no row", sql_texts[id].name);
		return OUV_CONFLICT;
	case PGRES_PIPELINE_ABORTED: /* the one before it failed */
		return OUV_OK;
	default:
		return explain(store, id, result);
	}
}

static enum ouv_err
cut_off(struct store *store, PGresult **kept)
{
	result_free(kept);
	conn_lost(store);
	return OUV_TEMPORARY;
}

enum ouv_err
pipe_sync(struct store *store, PGresult **result_out)
{
	PGresult *last RESULT;
	enum ouv_err err = OUV_OK, one;
	struct told *told;
	size_t n = 0;
	int nothing = 0;

	if (store->conn == NULL)
		return OUV_TEMPORARY;
	together_count(false);
	if (PQpipelineSync(store->conn) != 1)
		return cut_off(store, &last);
	for (;;) {
		PGresult *result;

		/* Each statement's results end with a NULL. */
		if (!wait_result(store) || nothing > 1)
			return cut_off(store, &last);
		result = PQgetResult(store->conn);
		if (result == NULL) {
			nothing++;
			continue;
		}
		nothing = 0;
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			break;
		}
		one = look(
			store, store->queue[n < store->queued ? n : 0], result);
		if (err == OUV_OK)
			err = one;
		told = n < store->queued ? store->keep[n] : NULL;
		n++;
		PQclear(last);
		last = NULL;
		if (told != NULL)
			together_keep(told, result);
		else
			last = result;
		if (PQstatus(store->conn) != CONNECTION_OK)
			return cut_off(store, &last);
	}
	store->queued = 0;
	store->queued_bytes = 0;
	if (err == OUV_OK && result_out != NULL) {
		*result_out = last;
		last = NULL;
	}
	return err;
}
