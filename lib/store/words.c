/*
 * words.c - tokens of words: whose cases to look through, which of them match
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_keys.h"

static void
read_search_row(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_search_row *one = entry;

	(void)arena;
	one->id = row_id(row);
	one->version = (int)row_int(row);
	one->items = (int)row_int(row);
	one->indexed = (int)row_int(row);
	one->halfway = row_bool(row);
	one->pages = row_bool(row);
	one->last_us = row_int(row);
	(void)row_bytes(row, one->box, sizeof(one->box));
	one->has_key = row_bytes(row, one->key, sizeof(one->key));
}

enum ouv_err
store_search_cases(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, struct store_search_row **rows_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_SEARCH_CASES, &res, ARGS(SQL_ID(person))));
	*rows_out = read_rows(
		res, arena, sizeof(**rows_out), read_search_row, count_out);
	return OUV_OK;
}

enum ouv_err
store_search_lines(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, const struct ouv_id *ids, size_t id_count,
	struct store_case_line **lines_out, size_t *count_out)
{
	PGresult *res RESULT;

	*lines_out = NULL;
	*count_out = 0;
	if (id_count == 0)
		return tx->failed;
	TRY(sql_read(tx, SQL_SEARCH_LINES, &res,
		ARGS(SQL_ID(person), sql_ids(sql_scratch(tx->store), ids,
					     sizeof(*ids), id_count))));
	return read_lines(res, arena, lines_out, count_out);
}

enum ouv_err
store_words_find(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_word *words, size_t count, int each,
	struct ouv_id **ids_out, size_t *count_out)
{
	struct ouv_arena *scratch = sql_scratch(tx->store);
	PGresult *res RESULT;

	*ids_out = NULL;
	*count_out = 0;
	if (count == 0)
		return tx->failed;
	TRY(sql_read(tx, SQL_WORDS_FIND, &res,
		ARGS(sql_ids(scratch, &words->case_id, sizeof(*words), count),
			sql_blobs(scratch, words->token, sizeof(words->token),
				sizeof(*words), count),
			SQL_INT(each))));
	*ids_out = read_ids(res, arena, count_out);
	return OUV_OK;
}

enum ouv_err
store_ident_find(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, const struct store_token *token,
	struct ouv_id **ids_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_IDENT_FIND, &res,
		ARGS(SQL_ID(person), SQL_ID(&token->now),
			SQL_ID(&token->before))));
	*ids_out = read_ids(res, arena, count_out);
	return OUV_OK;
}

static void
read_token(struct row *row, struct ouv_arena *arena, void *entry)
{
	(void)arena;
	(void)row_bytes(row, entry, sizeof(((struct store_word *)0)->token));
}

enum ouv_err
store_words(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, uint8_t (**tokens_out)[8],
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_WORDS, &res, ARGS(SQL_ID(case_id))));
	*tokens_out = read_rows(
		res, arena, sizeof(**tokens_out), read_token, count_out);
	return OUV_OK;
}

enum ouv_err
store_words_add(struct store_tx *tx, const struct ouv_id *case_id,
	uint8_t (*tokens)[8], size_t count)
{
	if (count == 0)
		return tx->failed;
	return sql_write(tx, SQL_WORDS_ADD,
		ARGS(SQL_ID(case_id),
			sql_blobs(sql_scratch(tx->store), tokens,
				sizeof(*tokens), sizeof(*tokens), count)));
}

enum ouv_err
store_case_indexed(struct store_tx *tx, const struct ouv_id *case_id, int was,
	int now, int version)
{
	return sql_write(tx, SQL_CASE_INDEXED,
		ARGS(SQL_ID(case_id), SQL_INT(was), SQL_INT(now),
			SQL_INT(version)));
}

enum ouv_err
store_case_indexed_get(struct store_tx *tx, const struct ouv_id *case_id,
	int version, struct store_indexed *indexed_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_CASE_INDEXED_GET, &res,
		ARGS(SQL_ID(case_id), SQL_INT(version))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	indexed_out->upto = (int)row_int(&row);
	indexed_out->seq = (int)row_int(&row);
	indexed_out->part = (int)row_int(&row);
	indexed_out->pages = row_bool(&row);
	return OUV_OK;
}

enum ouv_err
store_case_part(struct store_tx *tx, const struct ouv_id *case_id, int version,
	int seq, int part)
{
	return sql_write(tx, SQL_CASE_PART,
		ARGS(SQL_ID(case_id), SQL_INT(version), SQL_INT(seq),
			SQL_INT(part)));
}

enum ouv_err
store_word_keys_add(struct store_tx *tx, const struct ouv_id *person,
	const struct store_word_key *keys, size_t count)
{
	struct ouv_arena *scratch = sql_scratch(tx->store);
	int64_t *versions;

	if (count == 0)
		return tx->failed;
	versions = ouv_arena_array(scratch, count, sizeof(*versions));
	for (size_t i = 0; i < count; i++)
		versions[i] = keys[i].version;
	return sql_write(tx, SQL_WORD_KEYS_ADD,
		ARGS(SQL_ID(person),
			sql_ids(scratch, &keys->case_id, sizeof(*keys), count),
			sql_ints(scratch, versions, count),
			sql_blobs(scratch, keys->box, sizeof(keys->box),
				sizeof(*keys), count)));
}
