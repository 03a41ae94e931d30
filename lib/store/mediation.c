/*
 * mediation.c - the row of a case on its way, and what has changed in it
 */
#include "inner.h"
#include "ouv/store_mediation.h"

/* ---- reading --------------------------------------------------------------
 */

static void
row_end(struct row *row, struct ouv_arena *arena, struct store_mediation *m)
{
	m->opened_at = row_int(row);
	m->complete_at = row_int(row);
	m->closed_at = row_int(row);
	m->closed_by = row_text(row, arena);
	m->closed_from = row_text(row, arena);
	m->merit = row_text(row, arena);
	m->resolution = row_text(row, arena);
	m->rating = row_text(row, arena);
}

static void
row_about(struct row *row, struct ouv_arena *arena, struct store_mediation *m)
{
	m->kind = row_text(row, arena);
	m->severity = row_text(row, arena);
	m->difficulty = row_text(row, arena);
	m->identity = row_text(row, arena);
	m->service = row_text(row, arena);
	m->remedy = row_text(row, arena);
	m->contact_channel = row_text(row, arena);
	m->direction = row_text(row, arena);
	m->first_instance = (int32_t)row_int(row);
	m->first_instance_item = row_id(row);
	m->ground = row_text(row, arena);
	m->right = row_text(row, arena);
	m->outcome = row_text(row, arena);
	m->denial = row_text(row, arena);
}

enum ouv_err
store_mediation(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_mediation *m_out)
{
	struct store_mediation m = { .case_id = *case_id };
	bool gateway = tx->store->role == STORE_GATEWAY;
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, gateway ? SQL_MEDIATION_GATEWAY : SQL_MEDIATION, &res,
		ARGS(SQL_ID(case_id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	TRY(ouv_state_parse(row_text(&row, arena), &m.state));
	m.rev = (int)row_int(&row);
	m.urgent = row_bool(&row);
	m.legal_hold = row_bool(&row);
	m.told = row_bool(&row);
	m.company = row_id(&row);
	m.unit = row_id(&row);
	m.company_name = row_text(&row, arena);
	m.profile = row_text(&row, arena);
	m.calendar = row_text(&row, arena);
	row_end(&row, arena, &m);
	row_about(&row, arena, &m);
	*m_out = m;
	return OUV_OK;
}

enum ouv_err
store_item_seq(struct store_tx *tx, const struct ouv_id *case_id, int seq,
	struct ouv_id *item_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(
		tx, SQL_ITEM_SEQ, &res, ARGS(SQL_ID(case_id), SQL_INT(seq))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*item_out = row_id(&row);
	return OUV_OK;
}

void
row_change(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct ouv_change *change = entry;

	change->at = row_int(row);
	change->who = row_text(row, arena);
	change->action = row_text(row, arena);
	change->item = (int)row_int(row);
}

static enum ouv_err
read_changes(struct store_tx *tx, struct ouv_arena *arena, enum sql_id sql,
	const struct ouv_id *case_id, int rev, struct ouv_change **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, sql, &res, ARGS(SQL_ID(case_id), SQL_INT(rev))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_change, count_out);
	return OUV_OK;
}

enum ouv_err
store_changes(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, int rev, struct ouv_change **list_out,
	size_t *count_out)
{
	return read_changes(
		tx, arena, SQL_CHANGES, case_id, rev, list_out, count_out);
}

enum ouv_err
store_changes_judged(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, int rev, struct ouv_change **list_out,
	size_t *count_out)
{
	return read_changes(tx, arena, SQL_CHANGES_JUDGED, case_id, rev,
		list_out, count_out);
}

/* ---- writing --------------------------------------------------------------
 */

static struct sql_arg
day_or_null(int32_t day)
{
	return day == 0 ? SQL_NULL : SQL_INT(day);
}

static enum ouv_err
set_about(struct store_tx *tx, const struct store_mediation *m,
	const struct ouv_id *owner)
{
	TRY(sql_write(tx, SQL_MEDIATION_ABOUT,
		ARGS(SQL_ID(&m->case_id), SQL_TEXT(m->kind),
			SQL_TEXT(m->severity), SQL_TEXT(m->difficulty),
			SQL_TEXT(m->service), SQL_TEXT(m->remedy),
			SQL_TEXT(m->contact_channel), SQL_TEXT(m->direction),
			SQL_TEXT(m->identity), SQL_BOOL(m->urgent),
			SQL_BOOL(m->legal_hold), day_or_null(m->first_instance),
			sql_id_or_null(&m->first_instance_item),
			SQL_TEXT(m->ground), SQL_TEXT(m->profile),
			SQL_TEXT(m->merit), SQL_TEXT(m->right),
			SQL_TEXT(m->outcome), SQL_TEXT(m->denial))));
	return sql_write(tx, SQL_MEDIATION_COMPANY,
		ARGS(SQL_ID(&m->case_id), sql_id_or_null(&m->company),
			sql_id_or_null(&m->unit), SQL_TEXT(m->calendar),
			sql_id_or_null(owner)));
}

enum ouv_err
store_mediation_set(struct store_tx *tx, const struct store_mediation *m,
	const struct store_move *move)
{
	if (tx->store->role != STORE_GATEWAY)
		TRY(set_about(tx, m, &move->owner));
	return sql_write(tx, SQL_MEDIATION_MOVE,
		ARGS(SQL_ID(&m->case_id), SQL_TEXT(ouv_state_name(m->state)),
			SQL_TEXT(ouv_state_name(move->to)),
			SQL_INT(move->due_at), SQL_TEXT(move->owes),
			SQL_BOOL(m->told), SQL_INT(m->complete_at),
			SQL_INT(m->closed_at), SQL_TEXT(m->closed_by),
			SQL_TEXT(m->closed_from), SQL_TEXT(m->resolution),
			SQL_TEXT(m->rating)));
}

enum ouv_err
store_savepoint(struct store_tx *tx)
{
	tx_tell(tx, STORE_SAVED);
	return sql_write(tx, SQL_SAVEPOINT, NO_ARGS);
}

enum ouv_err
store_undo(struct store_tx *tx)
{
	tx_tell(tx, STORE_BACK);
	return sql_write(tx, SQL_UNDO, NO_ARGS);
}
