/*
 * history.c - the log as people read it: of a case, and the office's own
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_keys.h"

#define PAGE 500

static void
keep_history(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_history *h = entry;
	struct store_audit *e = &h->event;

	e->chain = row_id(row);
	e->seq = row_int(row);
	e->at_us = row_int(row);
	e->signer = row_id(row);
	e->signer_seq = row_int(row);
	e->actor = row_id(row);
	e->action = row_text(row, arena);
	e->object = row_id(row);
	e->details = row_str(row, arena);
	(void)row_bytes(row, e->prev, sizeof(e->prev));
	(void)row_bytes(row, e->hash, sizeof(e->hash));
	(void)row_bytes(row, e->mac, sizeof(e->mac));
	h->actor = row_text(row, arena);
	h->object = row_text(row, arena);
	h->program = row_text(row, arena);
	h->item = (int)row_int(row);
	h->lane = row_text(row, arena);
}

enum ouv_err
store_history_case(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *chain, int64_t before, int most,
	struct store_history **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_HISTORY_CASE, &res,
		ARGS(SQL_ID(chain), SQL_INT(before), SQL_INT(most))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), keep_history, count_out);
	return OUV_OK;
}

enum ouv_err
store_history_own(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_history_ask *ask, int most,
	struct store_history **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_HISTORY_OWN, &res,
		ARGS(sql_id_or_null(&ask->person), SQL_INT(ask->from_us),
			SQL_INT(ask->before_us), SQL_ID(&ask->chain),
			SQL_INT(ask->seq), SQL_INT(most))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), keep_history, count_out);
	return OUV_OK;
}

/* Details stay in the page. */
enum ouv_err
store_history_chain(struct store_tx *tx, const struct ouv_id *chain,
	store_audit_fn *each, void *user)
{
	struct store_audit e = { .seq = 0 };
	int count;

	do {
		PGresult *res RESULT;

		TRY(sql_read(tx, SQL_HISTORY_CHAIN, &res,
			ARGS(SQL_ID(chain), SQL_INT(e.seq), SQL_INT(PAGE))));
		count = PQntuples(res);
		for (int i = 0; i < count; i++) {
			struct row row = row_at(res, i);

			store_row_audit(&row, &e);
			TRY(each(&e, user));
		}
	} while (count == PAGE);
	return OUV_OK;
}

enum ouv_err
store_history_case_id(struct store_tx *tx, const char *protocol,
	const struct ouv_id *id, struct ouv_id *id_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_HISTORY_CASE_ID, &res,
		ARGS(protocol != NULL ? SQL_TEXT(protocol) : SQL_NULL,
			SQL_ID(id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*id_out = row_id(&row);
	return OUV_OK;
}

enum ouv_err
store_history_since(struct store_tx *tx, const struct ouv_id *chain,
	const struct ouv_id *actor, const char *action, int64_t since_us,
	bool *did_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_HISTORY_SINCE, &res,
		ARGS(SQL_ID(chain), SQL_ID(actor), SQL_TEXT(action),
			SQL_INT(since_us))));
	*did_out = PQntuples(res) > 0;
	return OUV_OK;
}

static void
read_person(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_history_person *p = entry;

	p->id = row_id(row);
	p->login = row_text(row, arena);
	p->name = row_text(row, arena);
}

enum ouv_err
store_history_people(struct store_tx *tx, struct ouv_arena *arena,
	struct store_history_person **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_HISTORY_PEOPLE, &res, NO_ARGS));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), read_person, count_out);
	return OUV_OK;
}
