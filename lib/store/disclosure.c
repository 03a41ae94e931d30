/*
 * disclosure.c - what was released to a party, and who looks at it now
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_keys.h"
#include "ouv/store_page.h"

static void
row_disclosure(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_disclosure *d = entry;

	d->id = row_id(row);
	d->case_id = row_id(row);
	d->n = (int)row_int(row);
	d->party = row_id(row);
	d->side = row_text(row, arena);
	d->mode = row_text(row, arena);
	d->code_item = row_id(row);
	d->created_at = row_int(row);
	d->by_name = row_text(row, arena);
	d->expires_at = row_int(row);
	d->opened = (int)row_int(row);
	d->max_opens = (int)row_int(row);
	d->first_opened_at = row_int(row);
	d->last_opened_at = row_int(row);
	d->revoked_at = row_int(row);
	d->revoked_by_name = row_text(row, arena);
	d->protocol = row_text(row, arena);
	d->erased = row_bool(row);
}

static void
row_piece(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_disclosure_piece *p = entry;

	(void)arena;
	p->disclosure = row_id(row);
	p->n = (int)row_int(row);
	p->item = row_id(row);
	p->item_seq = (int)row_int(row);
	p->part = (int)row_int(row);
	p->has_box = row_bytes(row, p->box, sizeof(p->box));
}

enum ouv_err
store_disclosure_add(struct store_tx *tx, const struct store_disclosure *d,
	const uint8_t link_id[32], const struct ouv_id *by)
{
	return sql_write(tx, SQL_DISCLOSURE_ADD,
		ARGS(SQL_ID(&d->id), SQL_ID(&d->case_id), SQL_ID(&d->party),
			SQL_BYTES(link_id, 32), SQL_TEXT(d->mode),
			sql_id_or_null(&d->code_item), SQL_INT(d->created_at),
			SQL_ID(by), SQL_INT(d->expires_at),
			SQL_INT(d->max_opens)));
}

enum ouv_err
store_disclosure_piece_add(
	struct store_tx *tx, const struct store_disclosure_piece *p)
{
	return sql_write(tx, SQL_DISCLOSURE_ITEM_ADD,
		ARGS(SQL_ID(&p->disclosure), SQL_INT(p->n), SQL_ID(&p->item),
			SQL_INT(p->part), SQL_BYTES(p->box, sizeof(p->box))));
}

enum ouv_err
store_disclosures(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_disclosure **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_DISCLOSURES, &res, ARGS(SQL_ID(case_id))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_disclosure, count_out);
	return OUV_OK;
}

enum ouv_err
store_disclosure_pieces(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_disclosure_piece **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_DISCLOSURE_PIECES, &res, ARGS(SQL_ID(case_id))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_piece, count_out);
	return OUV_OK;
}

static enum ouv_err
one(struct store_tx *tx, struct ouv_arena *arena, enum sql_id id,
	struct sql_arg key, struct store_disclosure *d_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, id, &res, ARGS(key)));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	row_disclosure(&row, arena, d_out);
	return OUV_OK;
}

enum ouv_err
store_disclosure_by_link(struct store_tx *tx, struct ouv_arena *arena,
	const uint8_t link_id[32], struct store_disclosure *d_out)
{
	return one(tx, arena, SQL_DISCLOSURE_BY_LINK, SQL_BYTES(link_id, 32),
		d_out);
}

enum ouv_err
store_disclosure(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *id, struct store_disclosure *d_out)
{
	return one(tx, arena, SQL_DISCLOSURE_BY_ID, SQL_ID(id), d_out);
}

enum ouv_err
store_disclosure_open(struct store_tx *tx, const struct ouv_id *id, int64_t now)
{
	return sql_write(
		tx, SQL_DISCLOSURE_OPEN, ARGS(SQL_ID(id), SQL_INT(now)));
}

enum ouv_err
store_disclosure_revoke(struct store_tx *tx, const struct ouv_id *case_id,
	int n, const struct ouv_id *by, int64_t now)
{
	TRY(sql_write(tx, SQL_DISCLOSURE_REVOKE,
		ARGS(SQL_ID(case_id), SQL_INT(n), SQL_ID(by), SQL_INT(now))));
	TRY(sql_write(tx, SQL_PAGE_SHUT, ARGS(SQL_INT(now))));
	return sql_write(tx, SQL_DISCLOSURE_SHUT, ARGS(SQL_INT(now)));
}

/* ---- visits ----------------------------------------------------------------
 */

enum ouv_err
store_visit_add(
	struct store_tx *tx, const struct store_visit *visit, int64_t now)
{
	/* The last opening of all is a visit before anything is destroyed. */
	TRY(sql_write(tx, SQL_VISIT_ADD,
		ARGS(SQL_BYTES(visit->id, sizeof(visit->id)),
			SQL_ID(&visit->disclosure),
			SQL_BYTES(visit->box, sizeof(visit->box)),
			SQL_INT(visit->expires_at))));
	return store_disclosures_end(tx, now);
}

enum ouv_err
store_disclosures_end(struct store_tx *tx, int64_t now)
{
	TRY(store_page_sweep(tx, now));
	TRY(sql_write(tx, SQL_VISIT_SWEEP, ARGS(SQL_INT(now))));
	return sql_write(tx, SQL_DISCLOSURE_SHUT, ARGS(SQL_INT(now)));
}

enum ouv_err
store_visit(struct store_tx *tx, const uint8_t id[32], int64_t now,
	struct store_visit *visit_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(
		tx, SQL_VISIT, &res, ARGS(SQL_BYTES(id, 32), SQL_INT(now))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	memcpy(visit_out->id, id, sizeof(visit_out->id));
	visit_out->disclosure = row_id(&row);
	(void)row_bytes(&row, visit_out->box, sizeof(visit_out->box));
	visit_out->expires_at = row_int(&row);
	return OUV_OK;
}
