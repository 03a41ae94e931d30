/*
 * register.c - the register of companies, as the console reads and changes it
 */
#include "inner.h"
#include "ouv/store_console.h"

enum ouv_err
store_companies_page(struct store_tx *tx, struct ouv_arena *arena,
	const char *text, const char *after, int limit,
	struct store_company **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_COMPANIES_PAGE, &res,
		ARGS(SQL_TEXT(text), SQL_TEXT(after), SQL_INT(limit))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_company, count_out);
	return OUV_OK;
}

/* ---- changing --------------------------------------------------------------
 */

enum ouv_err
store_entry_rev(struct store_tx *tx, enum store_entry entry,
	const struct ouv_id *id, int64_t *rev_out)
{
	static const enum sql_id asks[STORE_ENTRY__COUNT] = {
		[STORE_ENTRY_COMPANY] = SQL_COMPANY_REV,
		[STORE_ENTRY_UNIT] = SQL_UNIT_REV,
		[STORE_ENTRY_CONTACT] = SQL_CONTACT_REV,
	};
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, asks[entry], &res, ARGS(SQL_ID(id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*rev_out = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_entry_last(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *id, int64_t *at_out, const char **who_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_ENTRY_LAST, &res, ARGS(SQL_ID(id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*at_out = row_int(&row);
	*who_out = row_text(&row, arena);
	return OUV_OK;
}

enum ouv_err
store_company_write(
	struct store_tx *tx, const struct store_company *c, int64_t rev)
{
	const char *lang = ouv_lang_tag(c->lang);

	if (rev == 0)
		return sql_write(tx, SQL_COMPANY_NEW,
			ARGS(SQL_ID(&c->id), SQL_TEXT(c->name),
				SQL_TEXT(c->sector), SQL_TEXT(lang),
				SQL_INT(c->member_from),
				SQL_INT(c->member_until),
				SQL_BOOL(c->full_text), SQL_TEXT(c->calendar)));
	return sql_write(tx, SQL_COMPANY_EDIT,
		ARGS(SQL_ID(&c->id), SQL_TEXT(c->name), SQL_TEXT(c->sector),
			SQL_TEXT(lang), SQL_INT(c->member_until),
			SQL_BOOL(c->full_text), SQL_INT(rev)));
}

enum ouv_err
store_unit_write(struct store_tx *tx, const struct store_unit *u, int64_t rev)
{
	if (rev == 0)
		return sql_write(tx, SQL_UNIT_NEW,
			ARGS(SQL_ID(&u->id), SQL_ID(&u->company),
				SQL_TEXT(u->name), SQL_TEXT(u->kind),
				SQL_BOOL(u->owned), SQL_INT(u->from_day),
				SQL_INT(u->until_day), SQL_TEXT(u->postal)));
	return sql_write(tx, SQL_UNIT_EDIT,
		ARGS(SQL_ID(&u->id), SQL_TEXT(u->name), SQL_TEXT(u->kind),
			SQL_BOOL(u->owned), SQL_INT(u->from_day),
			SQL_INT(u->until_day), SQL_INT(rev),
			SQL_TEXT(u->postal)));
}

enum ouv_err
store_contact_write(
	struct store_tx *tx, const struct store_contact *c, int64_t rev)
{
	if (rev == 0)
		return sql_write(tx, SQL_CONTACT_NEW,
			ARGS(SQL_ID(&c->id), SQL_ID(&c->unit),
				sql_id_or_null(&c->substitute),
				SQL_TEXT(c->name), SQL_TEXT(c->addr),
				SQL_TEXT(c->role), SQL_BOOL(c->active),
				SQL_INT(c->away_from), SQL_INT(c->away_until)));
	return sql_write(tx, SQL_CONTACT_EDIT,
		ARGS(SQL_ID(&c->id), sql_id_or_null(&c->substitute),
			SQL_TEXT(c->name), SQL_TEXT(c->role),
			SQL_BOOL(c->active), SQL_INT(c->away_from),
			SQL_INT(c->away_until), SQL_INT(rev)));
}

enum ouv_err
store_contact_follow(struct store_tx *tx, const struct ouv_id *was,
	const struct ouv_id *is_now)
{
	return sql_write(
		tx, SQL_CONTACT_FOLLOW, ARGS(SQL_ID(was), SQL_ID(is_now)));
}

/* ---- a company's cases -----------------------------------------------------
 */

enum ouv_err
store_company_cases(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *company, const struct ouv_id *person, int limit,
	struct store_case_line **lines_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_COMPANY_CASES, &res,
		ARGS(SQL_ID(person), SQL_ID(company), SQL_INT(limit))));
	return read_lines(res, arena, lines_out, count_out);
}

static void
row_owed(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_owed *o = entry;

	o->protocol = row_text(row, arena);
	o->promise = row_bool(row);
	o->at = row_int(row);
}

enum ouv_err
store_company_owes(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *company, const struct ouv_id *person, int limit,
	struct store_owed **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_COMPANY_OWES, &res,
		ARGS(SQL_ID(person), SQL_ID(company), SQL_INT(limit))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_owed, count_out);
	return OUV_OK;
}
