/*
 * tx.c - transactions: queued writes, answers only when they are needed
 *
 * A failure sticks to the transaction: every later call gives it again and
 * nothing but the rollback is sent.
 */
#include "inner.h"
#include "ouv/log.h"
#include "ouv/store_keys.h"

static enum ouv_err
fail(struct store_tx *tx, enum ouv_err err)
{
	tx->failed = err;
	return err;
}

static enum ouv_err
begin(struct store *store, enum sql_id how, struct store_tx **tx_out)
{
	if (store->tx.open) {
		ouv_log_error("database: a transaction inside another");
		return OUV_INVALID;
	}
	TRY(conn_need(store));
	TRY(pipe_send(store, how, NO_ARGS));
	store->tx = (struct store_tx){ .store = store, .open = true };
	store->begun++;
	*tx_out = &store->tx;
	return OUV_OK;
}

void
store_on_end(struct store_tx *tx, store_end_fn *fn, void *user)
{
	tx->on_end = fn;
	tx->on_end_user = user;
}

void *
store_end_user(const struct store_tx *tx)
{
	return tx->on_end != NULL ? tx->on_end_user : NULL;
}

void
tx_tell(struct store_tx *tx, enum store_end end)
{
	store_end_fn *fn = tx->on_end;

	if (end >= STORE_DONE)
		tx->on_end = NULL;
	if (fn != NULL)
		fn(tx->on_end_user, end);
}

enum ouv_err
store_begin(struct store *store, struct store_tx **tx_out)
{
	return begin(store, SQL_BEGIN, tx_out);
}

enum ouv_err
store_begin_reading(struct store *store, struct store_tx **tx_out)
{
	if (!store->together.on)
		return begin(store, SQL_BEGIN_READING, tx_out);
	if (!store->together.open)
		TRY(begin(store, SQL_BEGIN_READING, tx_out));
	store->together.open = true;
	*tx_out = &store->tx;
	return store->tx.failed;
}

int
store_tx_backend(const struct store_tx *tx)
{
	return PQbackendPID(tx->store->conn);
}

uint64_t
store_tx_number(const struct store_tx *tx)
{
	return tx->store->begun;
}

enum ouv_err
store_flush(struct store_tx *tx)
{
	enum ouv_err err;

	if (tx->failed != OUV_OK)
		return tx->failed;
	err = pipe_sync(tx->store, NULL);
	tx->unseen = false;
	return err == OUV_OK ? OUV_OK : fail(tx, err);
}

enum ouv_err
sql_write(struct store_tx *tx, enum sql_id id, const struct sql_arg *args,
	size_t count)
{
	struct store *store = tx->store;
	enum ouv_err err;

	if (tx->failed != OUV_OK)
		return tx->failed;
	if (store->queued >= QUEUE_STATEMENTS ||
		store->queued_bytes >= QUEUE_BYTES)
		TRY(store_flush(tx));
	err = pipe_send(store, id, args, count);
	if (err != OUV_OK)
		return fail(tx, err);
	if (sql_texts[id].flags & SQL_MUST_CHANGE)
		tx->unseen = true;
	return OUV_OK;
}

enum ouv_err
sql_read(struct store_tx *tx, enum sql_id id, PGresult **result_out,
	const struct sql_arg *args, size_t count)
{
	struct told *told = together_find(tx->store, id, args, count);
	enum ouv_err err;

	if (tx->failed != OUV_OK)
		return tx->failed;
	if (told != NULL && together_give(told, result_out))
		return OUV_OK;
	if (told == NULL) {
		TRY(sql_write(tx, id, args, count));
		told = together_note(tx->store, id, args, count);
		tx->store->keep[tx->store->queued - 1] = told;
	}
	err = pipe_sync(tx->store, result_out);
	tx->unseen = false;
	if (err == OUV_OK && told != NULL && !together_give(told, result_out))
		err = OUV_TEMPORARY;
	return err == OUV_OK ? OUV_OK : fail(tx, err);
}

enum ouv_err
sql_once(struct store *store, enum sql_id id, PGresult **result_out,
	const struct sql_arg *args, size_t count)
{
	if (store->tx.open) {
		ouv_log_error("database: %s inside a transaction",
			sql_texts[id].name);
		return OUV_INVALID;
	}
	TRY(conn_need(store));
	TRY(pipe_send(store, id, args, count));
	return pipe_sync(store, result_out);
}

/* Two ends: after a failed statement everything up to the first is skipped,
 * and the ROLLBACK must not be. */
static void
undo(struct store *store)
{
	enum ouv_err err = OUV_OK;

	if (store->queued > 0)
		err = pipe_sync(store, NULL);
	if (store->conn == NULL)
		return;
	(void)err; /* what is thrown away may have failed */
	if (pipe_send(store, SQL_ROLLBACK, NO_ARGS) != OUV_OK ||
		pipe_sync(store, NULL) != OUV_OK)
		conn_lost(store); /* then the server undoes it */
}

enum ouv_err
store_commit(struct store_tx **txp)
{
	struct store_tx *tx = *txp;
	struct store *store = tx->store;
	enum ouv_err err = tx->failed;

	if (store->together.open) {
		*txp = NULL;
		return err;
	}
	/* COMMIT must not be sent before we know that no row was missing. */
	if (err == OUV_OK && tx->unseen)
		err = store_flush(tx);
	if (err == OUV_OK)
		err = pipe_send(store, SQL_COMMIT, NO_ARGS);
	if (err == OUV_OK) {
		err = pipe_sync(store, NULL);
		/* It may have been read before the line was cut. */
		if (err != OUV_OK && store->conn == NULL)
			tx_tell(tx, STORE_UNKNOWN);
	}
	if (err != OUV_OK) {
		store_rollback(txp);
		return err;
	}
	tx->open = false;
	*txp = NULL;
	tx_tell(tx, STORE_DONE);
	return OUV_OK;
}

void
store_rollback(struct store_tx **txp)
{
	struct store_tx *tx;

	if (txp == NULL || *txp == NULL)
		return;
	tx = *txp;
	*txp = NULL;
	if (tx->store->together.open)
		return; /* store_apart ends it */
	undo(tx->store);
	tx->open = false;
	tx_tell(tx, STORE_UNDONE);
}
