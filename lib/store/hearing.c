/*
 * hearing.c - what each side was shown of the evidence, and how long it had
 */
#include "inner.h"
#include "ouv/store_mediation.h"

enum ouv_err
store_hearing(struct store_tx *tx, const struct ouv_id *case_id, int64_t now,
	struct ouv_hearing *hearing_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_HEARING, &res, ARGS(SQL_ID(case_id))));
	*hearing_out = (struct ouv_hearing){ .now = now };
	for (int i = 0; i < OUV_HEARING_SIDES; i++) {
		struct ouv_hearing_side *side = &hearing_out->side[i];
		struct row row = row_at(res, i);

		hearing_out->round = (int)row_int(&row);
		side->sent = row_bool(&row);
		side->last_n = (int)row_int(&row);
		side->need_n = (int)row_int(&row);
		side->days = (int)row_int(&row);
		side->sent_at = row_int(&row);
		side->due_at = row_int(&row);
		side->answered_at = row_int(&row);
		side->lapsed = row_bool(&row);
	}
	return OUV_OK;
}

static void
row_round(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_hearing_row *h = entry;

	h->round = (int)row_int(row);
	h->side = row_text(row, arena);
	h->last_n = (int)row_int(row);
	h->days = (int)row_int(row);
	h->sent_at = row_int(row);
	h->due_at = row_int(row);
	h->answered_at = row_int(row);
	h->lapsed_at = row_int(row);
}

enum ouv_err
store_hearings(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_hearing_row **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_HEARINGS, &res, ARGS(SQL_ID(case_id))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_round, count_out);
	return OUV_OK;
}

enum ouv_err
store_hearing_add(struct store_tx *tx, const struct ouv_id *case_id,
	const struct store_hearing_row *h)
{
	return sql_write(tx, SQL_HEARING_ADD,
		ARGS(SQL_ID(case_id), SQL_INT(h->round), SQL_TEXT(h->side),
			SQL_INT(h->last_n), SQL_INT(h->days),
			SQL_INT(h->sent_at), SQL_INT(h->due_at)));
}

enum ouv_err
store_hearing_answered(struct store_tx *tx, const struct ouv_id *case_id,
	const char *side, int64_t now)
{
	return sql_write(tx, SQL_HEARING_ANSWERED,
		ARGS(SQL_ID(case_id), SQL_TEXT(side), SQL_INT(now)));
}

enum ouv_err
store_hearing_lapsed(struct store_tx *tx, const struct ouv_id *case_id,
	const char *side, int64_t now)
{
	return sql_write(tx, SQL_HEARING_LAPSED,
		ARGS(SQL_ID(case_id), SQL_TEXT(side), SQL_INT(now)));
}

enum ouv_err
store_hearing_extended(struct store_tx *tx, const struct ouv_id *case_id,
	const char *side, int days, int64_t due_at)
{
	return sql_write(tx, SQL_HEARING_EXTENDED,
		ARGS(SQL_ID(case_id), SQL_TEXT(side), SQL_INT(days),
			SQL_INT(due_at)));
}
