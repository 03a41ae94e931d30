/*
 * recommendation.c - what the office recommended to a company
 */
#include "inner.h"
#include "ouv/store_mediation.h"

enum ouv_err
store_recommendation_add(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *company, const struct ouv_id *item,
	int64_t made_at, int64_t due_at)
{
	struct ouv_id id = ouv_id_new();

	return sql_write(tx, SQL_RECOMMENDATION_ADD,
		ARGS(SQL_ID(&id), SQL_ID(case_id), SQL_ID(company),
			SQL_ID(item), SQL_INT(made_at), SQL_INT(due_at)));
}
