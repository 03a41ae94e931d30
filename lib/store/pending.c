/*
 * pending.c - acts that wait for a second person
 */
#include "inner.h"
#include "ouv/store_mediation.h"

static void
row_pending(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_pending *p = entry;

	p->id = row_id(row);
	p->case_id = row_id(row);
	p->action = row_text(row, arena);
	p->item = row_id(row);
	p->rev = (int)row_int(row);
	p->author = row_id(row);
	p->author_name = row_text(row, arena);
	p->author_login = row_text(row, arena);
	if (ouv_role_parse(row_text(row, arena), &p->author_role) != OUV_OK)
		p->author_role = OUV_ROLE_ADMIN; /* who may do nothing */
	p->author_lang = row_text(row, arena);
	p->at = row_int(row);
}

enum ouv_err
store_pendings(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_pending **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_PENDING_LIST, &res, ARGS(SQL_ID(case_id))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_pending, count_out);
	return OUV_OK;
}

enum ouv_err
store_pending(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *id,
	struct store_pending *pending_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_PENDING, &res, ARGS(SQL_ID(case_id), SQL_ID(id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	row_pending(&row, arena, pending_out);
	return OUV_OK;
}

enum ouv_err
store_pending_add(struct store_tx *tx, const struct store_pending *p)
{
	return sql_write(tx, SQL_PENDING_ADD,
		ARGS(SQL_ID(&p->id), SQL_ID(&p->case_id), SQL_TEXT(p->action),
			SQL_ID(&p->item), SQL_INT(p->rev), SQL_ID(&p->author)));
}

enum ouv_err
store_pending_void(struct store_tx *tx, const struct ouv_id *case_id,
	const char *action, struct ouv_id *item_out)
{
	static const struct ouv_id none;
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_PENDING_VOID, &res,
		ARGS(SQL_ID(case_id), SQL_TEXT(action))));
	row = row_at(res, 0);
	*item_out = PQntuples(res) > 0 ? row_id(&row) : none;
	return OUV_OK;
}

enum ouv_err
store_pending_decide(struct store_tx *tx, const struct store_pending *p,
	const char *decision, const struct ouv_id *second,
	const struct ouv_id *why)
{
	return sql_write(tx, SQL_PENDING_DECIDE,
		ARGS(SQL_ID(&p->case_id), SQL_ID(&p->id), SQL_TEXT(decision),
			sql_id_or_null(second), sql_id_or_null(why)));
}

enum ouv_err
store_prepared(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *id,
	struct store_prepared *p)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(
		tx, SQL_PREPARED, &res, ARGS(SQL_ID(case_id), SQL_ID(id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	p->id = row_id(&row);
	p->action = row_text(&row, arena);
	p->item = row_id(&row);
	p->why = row_id(&row);
	p->author_name = row_text(&row, arena);
	p->second_name = row_text(&row, arena);
	p->decision = row_text(&row, arena);
	p->at = row_int(&row);
	p->decided_at = row_int(&row);
	return OUV_OK;
}

static void
row_confirmed(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_confirmed *c = entry;

	c->id = row_id(row);
	c->item = row_id(row);
	c->second_name = row_text(row, arena);
	c->at = row_int(row);
}

enum ouv_err
store_confirmed(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const char *action,
	const struct ouv_id *author, int64_t since_at,
	struct store_confirmed **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_CONFIRMED, &res,
		ARGS(SQL_ID(case_id), SQL_TEXT(action), SQL_ID(author),
			SQL_INT(since_at))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_confirmed, count_out);
	return OUV_OK;
}

enum ouv_err
store_prepared_again(struct store_tx *tx, const struct ouv_id *case_id,
	const char *action, const struct ouv_id *person)
{
	return sql_write(tx, SQL_PREPARED_AGAIN,
		ARGS(SQL_ID(case_id), SQL_TEXT(action), SQL_ID(person)));
}

enum ouv_err
store_task_end(struct store_tx *tx, const struct ouv_id *item, const char *kind,
	const struct ouv_id *person, const char *outcome)
{
	return sql_write(tx, SQL_TASK_END,
		ARGS(SQL_ID(item), SQL_TEXT(kind), sql_id_or_null(person),
			SQL_TEXT(outcome)));
}
