/*
 * facts.c - what the guards of a move must know, asked all at once
 */
#include "inner.h"
#include "ouv/store_mediation.h"

enum ouv_err
store_facts(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *person, enum ouv_clock clock, int64_t now,
	int32_t today, struct store_facts *facts_out)
{
	bool gateway = tx->store->role == STORE_GATEWAY;
	struct store_facts *f = facts_out;
	const struct sql_arg args[] = { SQL_ID(case_id), SQL_ID(person),
		clock < OUV_CLOCK__COUNT ? SQL_TEXT(ouv_clock_name(clock))
					 : SQL_NULL,
		SQL_INT(now), SQL_INT(today) };
	PGresult *res RESULT;
	struct row row;

	/* A program needs no training. */
	TRY(sql_read(tx, gateway ? SQL_FACTS_GATEWAY : SQL_FACTS, &res, args,
		gateway ? 4 : 5));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	f->article = row_bool(&row);
	f->lapsed = row_bool(&row);
	f->reminders = (int)row_int(&row);
	f->refusable = row_bool(&row);
	f->agreed = row_bool(&row);
	f->consumer_asked = row_bool(&row);
	f->review_open = row_bool(&row);
	f->reopen_open = row_bool(&row);
	f->retained = row_bool(&row);
	f->notified = row_bool(&row);
	f->free = row_bool(&row);
	f->qualified = row_bool(&row);
	f->author = row_bool(&row);
	f->involved = row_bool(&row);
	f->team = (int)row_int(&row);
	f->asked = row_bool(&row);
	f->extended = row_bool(&row);
	f->late_mail = row_bool(&row);
	f->quiet = row_bool(&row);
	f->confirmed = row_bool(&row);
	return OUV_OK;
}
