/*
 * paper.c - cases of what came on paper, by telephone or in person
 */
#include "inner.h"
#include "ouv/store_console.h"

enum ouv_err
store_paper_number(struct store_tx *tx, const struct ouv_id *signer, int year,
	int64_t *number_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_PAPER_NUMBER, &res,
		ARGS(SQL_ID(signer), SQL_INT(year))));
	row = row_at(res, 0);
	*number_out = row_int(&row);
	return *number_out > 0 ? OUV_OK : OUV_REFUSED;
}

enum ouv_err
store_paper(struct store_tx *tx, const struct store_case *c,
	const struct store_case_key *key, const char *right,
	const char *profile)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_PAPER, &res,
		ARGS(SQL_ID(&c->id), SQL_TEXT(c->protocol), SQL_TEXT(c->lang),
			SQL_TEXT(c->channel), SQL_TEXT(right),
			SQL_TEXT(profile), SQL_INT(c->opened_at),
			SQL_BYTES(c->summary.p, c->summary.len),
			SQL_BYTES(key->cpk, sizeof(key->cpk)),
			SQL_ID(&key->signer),
			SQL_BYTES(key->sig, sizeof(key->sig)))));
	row = row_at(res, 0);
	return row_bool(&row) ? OUV_OK : OUV_REFUSED;
}

enum ouv_err
store_entered(struct store_tx *tx, const struct store_case *c,
	const struct store_case_key *key)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_ENTERED, &res,
		ARGS(SQL_ID(&c->id), SQL_TEXT(c->protocol), SQL_TEXT(c->lang),
			SQL_TEXT(c->channel), SQL_INT(c->opened_at),
			SQL_BYTES(c->summary.p, c->summary.len),
			SQL_BYTES(key->cpk, sizeof(key->cpk)),
			SQL_ID(&key->signer),
			SQL_BYTES(key->sig, sizeof(key->sig)),
			sql_id_or_null(&c->owner))));
	row = row_at(res, 0);
	return row_bool(&row) ? OUV_OK : OUV_REFUSED;
}
