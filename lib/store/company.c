/*
 * company.c - the register of companies: who they are, their contact centres,
 * and to whom a notice goes
 */
#include "inner.h"
#include "ouv/store_mediation.h"

/* COMPANY_COLUMNS. */
void
row_company(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_company *c = entry;

	c->id = row_id(row);
	c->name = row_text(row, arena);
	c->sector = row_text(row, arena);
	c->lang = ouv_lang_parse(row_text(row, arena), OUV_LANG_PT_BR);
	c->member_from = (int32_t)row_int(row);
	c->member_until = (int32_t)row_int(row);
	c->full_text = row_bool(row);
	c->calendar = row_text(row, arena);
}

/* UNIT_COLUMNS. */
static void
row_unit(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_unit *u = entry;

	u->id = row_id(row);
	u->company = row_id(row);
	u->name = row_text(row, arena);
	u->kind = row_text(row, arena);
	u->owned = row_bool(row);
	u->from_day = (int32_t)row_int(row);
	u->until_day = (int32_t)row_int(row);
	u->company_name = row_text(row, arena);
	u->lang = ouv_lang_parse(row_text(row, arena), OUV_LANG_PT_BR);
	u->postal = row_text(row, arena);
}

static void
row_contact(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_contact *c = entry;

	c->id = row_id(row);
	c->unit = row_id(row);
	c->substitute = row_id(row);
	c->name = row_text(row, arena);
	c->addr = row_text(row, arena);
	c->role = row_text(row, arena);
	c->active = row_bool(row);
	c->away_from = (int32_t)row_int(row);
	c->away_until = (int32_t)row_int(row);
}

/* ---- reading ------------------------------------------------------------- */

enum ouv_err
store_companies(struct store_tx *tx, struct ouv_arena *arena,
	struct store_company **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_COMPANIES, &res, NO_ARGS));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_company, count_out);
	return OUV_OK;
}

enum ouv_err
store_company(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *id, const char *name,
	struct store_company *company_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_COMPANY, &res,
		ARGS(sql_id_or_null(id), SQL_TEXT(name != NULL ? name : ""))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	row_company(&row, arena, company_out);
	return OUV_OK;
}

enum ouv_err
store_units(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *company, int32_t day, struct store_unit **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_UNITS, &res,
		ARGS(sql_id_or_null(company), SQL_INT(day))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_unit, count_out);
	return OUV_OK;
}

enum ouv_err
store_unit(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *id, int32_t day, struct store_unit *unit_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_UNIT, &res, ARGS(SQL_ID(id), SQL_INT(day))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	row_unit(&row, arena, unit_out);
	return OUV_OK;
}

enum ouv_err
store_contacts(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *unit, struct store_contact **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_CONTACTS, &res, ARGS(SQL_ID(unit))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_contact, count_out);
	return OUV_OK;
}

enum ouv_err
store_capsule_contacts(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *party, struct ouv_id **contacts_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_CAPSULE_CONTACTS, &res, ARGS(SQL_ID(party))));
	*contacts_out = read_ids(res, arena, count_out);
	return OUV_OK;
}

/* ---- writing ------------------------------------------------------------- */

enum ouv_err
store_company_set(struct store_tx *tx, const struct store_company *c)
{
	return sql_write(tx, SQL_COMPANY_SET,
		ARGS(SQL_ID(&c->id), SQL_TEXT(c->name), SQL_TEXT(c->sector),
			SQL_TEXT(ouv_lang_tag(c->lang)),
			SQL_INT(c->member_from), SQL_INT(c->member_until),
			SQL_BOOL(c->full_text), SQL_TEXT(c->calendar)));
}

enum ouv_err
store_unit_set(struct store_tx *tx, const struct store_unit *u)
{
	return sql_write(tx, SQL_UNIT_SET,
		ARGS(SQL_ID(&u->id), SQL_ID(&u->company), SQL_TEXT(u->name),
			SQL_TEXT(u->kind), SQL_BOOL(u->owned),
			SQL_INT(u->from_day), SQL_INT(u->until_day)));
}

enum ouv_err
store_contact_set(struct store_tx *tx, const struct store_contact *c)
{
	return sql_write(tx, SQL_CONTACT_SET,
		ARGS(SQL_ID(&c->id), SQL_ID(&c->unit),
			sql_id_or_null(&c->substitute), SQL_TEXT(c->name),
			SQL_TEXT(c->addr), SQL_TEXT(c->role),
			SQL_BOOL(c->active), SQL_INT(c->away_from),
			SQL_INT(c->away_until)));
}
