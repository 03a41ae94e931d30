/*
 * page_ask.c - who asks for another code of their page, and whom that means
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_mediation.h"
#include "ouv/store_page.h"

enum ouv_err
store_page_ask_add(struct store_tx *tx, const struct store_page_ask *ask)
{
	TRY(sql_write(tx, SQL_PAGE_ASK_ADD,
		ARGS(SQL_ID(&ask->id), SQL_TEXT(ask->kind),
			SQL_TEXT(ask->protocol), sql_id_or_null(&ask->token),
			sql_id_or_null(&ask->token_was))));
	return store_timer_notify(tx);
}

enum ouv_err
store_page_ask_take(struct store_tx *tx, struct ouv_arena *arena,
	struct store_page_ask *ask_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_PAGE_ASK_TAKE, &res, NO_ARGS));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	ask_out->id = row_id(&row);
	ask_out->kind = row_text(&row, arena);
	ask_out->protocol = row_text(&row, arena);
	ask_out->token = row_id(&row);
	ask_out->token_was = row_id(&row);
	return OUV_OK;
}

enum ouv_err
store_page_ask_done(
	struct store_tx *tx, const struct ouv_id *id, const char *outcome)
{
	return sql_write(
		tx, SQL_PAGE_ASK_DONE, ARGS(SQL_ID(id), SQL_TEXT(outcome)));
}

static void
row_asker(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_page_asker *asker = entry;

	(void)arena;
	asker->case_id = row_id(row);
	asker->party = row_id(row);
}

enum ouv_err
store_page_askers(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_page_ask *ask, struct store_page_asker **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_PAGE_ASKERS, &res,
		ARGS(SQL_TEXT(ask->protocol), sql_id_or_null(&ask->token),
			sql_id_or_null(&ask->token_was))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_asker, count_out);
	return OUV_OK;
}

static void
row_contact(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_page_contact *contact = entry;

	contact->id = row_id(row);
	contact->addr = row_text(row, arena);
}

enum ouv_err
store_page_contacts(struct store_tx *tx, struct ouv_arena *arena,
	struct store_page_contact **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_PAGE_CONTACTS, &res, NO_ARGS));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_contact, count_out);
	return OUV_OK;
}

enum ouv_err
store_page_contact_case(struct store_tx *tx, const struct ouv_id *contact,
	struct ouv_id *case_out, struct ouv_id *capsule_out,
	struct ouv_id *party_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_PAGE_CONTACT_CASE, &res, ARGS(SQL_ID(contact))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*case_out = row_id(&row);
	*capsule_out = row_id(&row);
	*party_out = row_id(&row);
	return OUV_OK;
}
