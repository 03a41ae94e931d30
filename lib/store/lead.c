/*
 * lead.c - where the addresses and names in a batch of mails lead
 *
 * One question for the whole batch, one row per answer.
 */
#include "inner.h"

static enum ouv_err
leads(struct store_tx *tx, enum sql_id id, struct ouv_arena *arena,
	const struct store_question *questions, size_t count,
	struct store_lead **leads_out, size_t *leads_count_out)
{
	const size_t stride = sizeof(*questions);
	struct ouv_arena *scratch = sql_scratch(tx->store);
	PGresult *res RESULT;
	struct store_lead *list;
	size_t found;

	if (count == 0) {
		*leads_out = NULL;
		*leads_count_out = 0;
		return tx->failed;
	}
	TRY(sql_read(tx, id, &res,
		ARGS(sql_ids(scratch, &questions->key.now, stride, count),
			sql_ids(scratch, &questions->key.before, stride, count),
			sql_ids(scratch, &questions->sender.now, stride, count),
			sql_ids(scratch, &questions->sender.before, stride,
				count))));
	found = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, found, sizeof(*list));
	for (size_t i = 0; i < found; i++) {
		struct row row = row_at(res, (int)i);

		list[i].mail = questions[row_int(&row) - 1].mail;
		list[i].case_id = row_id(&row);
		list[i].party = row_id(&row);
		list[i].version = (int)row_int(&row);
		list[i].company = row_bool(&row);
		list[i].sender_party = row_id(&row);
		list[i].sender_company = row_bool(&row);
		list[i].sender_copied = row_bool(&row);
		list[i].protocol = row_text(&row, arena);
	}
	*leads_out = list;
	*leads_count_out = found;
	return OUV_OK;
}

enum ouv_err
store_leads_by_address(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_question *questions, size_t count,
	struct store_lead **leads_out, size_t *leads_count_out)
{
	return leads(tx, SQL_LEADS_BY_ADDRESS, arena, questions, count,
		leads_out, leads_count_out);
}

enum ouv_err
store_leads_by_outbox(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_question *questions, size_t count,
	struct store_lead **leads_out, size_t *leads_count_out)
{
	return leads(tx, SQL_LEADS_BY_OUTBOX, arena, questions, count,
		leads_out, leads_count_out);
}

enum ouv_err
store_leads_by_message(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_question *questions, size_t count,
	struct store_lead **leads_out, size_t *leads_count_out)
{
	return leads(tx, SQL_LEADS_BY_MESSAGE, arena, questions, count,
		leads_out, leads_count_out);
}

enum ouv_err
store_leads_by_sender(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_question *questions, size_t count,
	struct store_lead **leads_out, size_t *leads_count_out)
{
	return leads(tx, SQL_LEADS_BY_SENDER, arena, questions, count,
		leads_out, leads_count_out);
}

enum ouv_err
store_leads_by_recipient(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_question *questions, size_t count,
	struct store_lead **leads_out, size_t *leads_count_out)
{
	return leads(tx, SQL_LEADS_BY_RECIPIENT, arena, questions, count,
		leads_out, leads_count_out);
}

enum ouv_err
store_desk_file(struct store_tx *tx, int desk_month, struct ouv_id *case_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_DESK_FILE, &res, ARGS(SQL_INT(desk_month))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*case_out = row_id(&row);
	return OUV_OK;
}

enum ouv_err
store_rates_add(struct store_tx *tx, struct ouv_arena *arena,
	struct store_rate *rates, size_t count)
{
	struct ouv_arena *scratch = sql_scratch(tx->store);
	const size_t stride = sizeof(*rates);
	PGresult *res RESULT;
	int64_t *starts;

	(void)arena;
	if (count == 0)
		return tx->failed;
	starts = ouv_arena_array(scratch, count, sizeof(*starts));
	for (size_t i = 0; i < count; i++)
		starts[i] = rates[i].start_at;
	TRY(sql_read(tx, SQL_RATES_ADD, &res,
		ARGS(sql_words(scratch, &rates->scope, stride, count),
			sql_ids(scratch, &rates->token, stride, count),
			sql_ints(scratch, starts, count))));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		rates[i].count = (int)row_int(&row);
	}
	return OUV_OK;
}
