/*
 * held.c - held mail: where it may belong, and what a person does with it
 *
 * A message leaves a held case only through the functions of the schema: the
 * server's role can change no item by itself.
 */
#include "inner.h"

/* ---- guesses ----------------------------------------------------------- */

enum ouv_err
store_guesses_add(
	struct store_tx *tx, const struct store_guess *guesses, size_t count)
{
	struct ouv_arena *scratch = sql_scratch(tx->store);
	const size_t stride = sizeof(*guesses);
	int64_t *numbers;

	if (count == 0)
		return tx->failed;
	numbers = ouv_arena_array(scratch, count, sizeof(*numbers));
	for (size_t i = 0; i < count; i++)
		numbers[i] = guesses[i].n;
	return sql_write(tx, SQL_GUESSES_ADD,
		ARGS(sql_ids(scratch, &guesses->item, stride, count),
			sql_ints(scratch, numbers, count),
			sql_ids(scratch, &guesses->case_id, stride, count),
			sql_ids(scratch, &guesses->party, stride, count),
			sql_words(scratch, &guesses->lead, stride, count)));
}

static void
row_guess(struct row *row, struct ouv_arena *arena, struct store_guess *guess)
{
	guess->lead = row_text(row, arena);
	guess->side = row_text(row, arena);
	if (guess->side == NULL)
		guess->side = "";
	guess->protocol = row_text(row, arena);
}

enum ouv_err
store_guesses(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *person,
	struct store_guess **guesses_out, size_t *count_out)
{
	PGresult *res RESULT;
	struct store_guess *list;
	size_t count;

	TRY(sql_read(
		tx, SQL_GUESSES, &res, ARGS(SQL_ID(case_id), SQL_ID(person))));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		list[i].item = row_id(&row);
		list[i].case_id = row_id(&row);
		list[i].party = row_id(&row);
		row_guess(&row, arena, &list[i]);
	}
	*guesses_out = list;
	*count_out = count;
	return OUV_OK;
}

static void
row_first(struct row *row, struct ouv_arena *arena, struct store_item *first)
{
	first->id = row_id(row);
	first->key_version = (int)row_int(row);
	(void)row_bytes(row, first->dek_box, sizeof(first->dek_box));
	first->body = row_str(row, arena);
	first->body_version = (int)row_int(row);
}

enum ouv_err
store_held_notes(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_case_line *lines, size_t count,
	const struct ouv_id *person, struct store_held_note **notes_out)
{
	PGresult *res RESULT;
	struct store_held_note *notes =
		ouv_arena_array(arena, count, sizeof(*notes));

	*notes_out = notes;
	if (count == 0)
		return tx->failed;
	TRY(sql_read(tx, SQL_HELD_NOTES, &res,
		ARGS(sql_ids(sql_scratch(tx->store), &lines->c.id,
			     sizeof(*lines), count),
			SQL_ID(person))));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		notes[i].why = row_text(&row, arena);
		row_guess(&row, arena, &notes[i].guess);
		row_first(&row, arena, &notes[i].first);
		notes[i].first.case_id = lines[i].c.id;
	}
	return OUV_OK;
}

/* ---- what a person does with it ---------------------------------------- */

/* What the schema's functions answer: true, or nothing was changed. */
static enum ouv_err
held_done(PGresult *res)
{
	struct row row = row_at(res, 0);

	return row_bool(&row) ? OUV_OK : OUV_CONFLICT;
}

enum ouv_err
store_held_move(struct store_tx *tx, const struct ouv_id *from,
	const struct store_item *item)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_HELD_MOVE, &res,
		ARGS(SQL_ID(&item->id), SQL_ID(from), SQL_ID(&item->case_id),
			SQL_INT(item->seq), SQL_TEXT(ouv_lane_name(item->lane)),
			sql_id_or_null(&item->party),
			SQL_INT(item->key_version),
			SQL_BYTES(item->dek_box, sizeof(item->dek_box)),
			SQL_BYTES(item->body.p, item->body.len))));
	return held_done(res);
}

enum ouv_err
store_held_retry(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *item, const uint8_t dek_box_svc[112])
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_HELD_RETRY, &res,
		ARGS(SQL_ID(item), SQL_ID(case_id),
			SQL_BYTES(dek_box_svc, 112))));
	return held_done(res);
}

enum ouv_err
store_held_number(struct store_tx *tx, const struct ouv_id *case_id, int year,
	int64_t *number_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_HELD_NUMBER, &res,
		ARGS(SQL_ID(case_id), SQL_INT(year))));
	row = row_at(res, 0);
	*number_out = row_int(&row);
	return *number_out > 0 ? OUV_OK : OUV_CONFLICT;
}

enum ouv_err
store_held_register(struct store_tx *tx, const struct store_case *c,
	const struct ouv_id *party)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_HELD_REGISTER, &res,
		ARGS(SQL_ID(&c->id), SQL_TEXT(c->protocol), SQL_TEXT(c->lang),
			SQL_INT(c->due_at), sql_str_or_null(c->summary),
			SQL_ID(party))));
	return held_done(res);
}

enum ouv_err
store_case_aside(
	struct store_tx *tx, const struct ouv_id *id, const char *reason)
{
	return sql_write(
		tx, SQL_CASE_ASIDE, ARGS(SQL_ID(id), SQL_TEXT(reason)));
}

enum ouv_err
store_case_is_aside(
	struct store_tx *tx, const struct ouv_id *id, bool *aside_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_CASE_ASIDE_GET, &res, ARGS(SQL_ID(id))));
	*aside_out = PQntuples(res) > 0 && !PQgetisnull(res, 0, 0);
	return OUV_OK;
}

enum ouv_err
store_ident_party(struct store_tx *tx, const struct store_token *token,
	const struct ouv_id *case_id, struct ouv_id *party_out)
{
	static const struct ouv_id nobody;
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_IDENT_PARTY, &res,
		ARGS(SQL_ID(&token->now), SQL_ID(&token->before),
			SQL_ID(case_id))));
	row = row_at(res, 0);
	*party_out = PQntuples(res) > 0 ? row_id(&row) : nobody;
	return OUV_OK;
}

/* ---- floods ------------------------------------------------------------ */

enum ouv_err
store_bursts(struct store_tx *tx, struct store_burst *bursts, size_t count)
{
	static const struct ouv_id none;
	struct ouv_arena *scratch = sql_scratch(tx->store);
	PGresult *res RESULT;
	int64_t *starts;

	if (count == 0)
		return tx->failed;
	starts = ouv_arena_array(scratch, count, sizeof(*starts));
	for (size_t i = 0; i < count; i++) {
		starts[i] = bursts[i].start_at;
		bursts[i].case_id = none;
	}
	TRY(sql_read(tx, SQL_BURSTS, &res,
		ARGS(sql_ids(scratch, &bursts->token, sizeof(*bursts), count),
			sql_ints(scratch, starts, count))));
	for (int i = 0; i < PQntuples(res); i++) {
		struct row row = row_at(res, i);
		int64_t n = row_int(&row);

		bursts[n - 1].case_id = row_id(&row);
	}
	return OUV_OK;
}

enum ouv_err
store_burst_set(struct store_tx *tx, const struct store_burst *burst)
{
	return sql_write(tx, SQL_BURST_SET,
		ARGS(SQL_ID(&burst->token), SQL_INT(burst->start_at),
			SQL_ID(&burst->case_id)));
}

/* ---- what was done with it ------------------------------------------------
 */

enum ouv_err
store_held_fate(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *person,
	const struct ouv_id *item, struct store_held_fate *fate_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_HELD_FATE, &res,
		ARGS(SQL_ID(case_id), SQL_ID(person), sql_id_or_null(item))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	fate_out->action = row_text(&row, arena);
	fate_out->at = row_int(&row);
	fate_out->who = row_text(&row, arena);
	fate_out->protocol = row_text(&row, arena);
	fate_out->held = row_bool(&row);
	return OUV_OK;
}
