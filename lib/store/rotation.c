/*
 * rotation.c - the office's own keys when they change: which versions the
 * programs hold, what still lies under a former one
 */
#include "inner.h"
#include "ouv/store_keys.h"

enum ouv_err
store_gateway_holds(struct store_tx *tx, const char *name, int version)
{
	return sql_write(
		tx, SQL_GATEWAY_HOLDS, ARGS(SQL_TEXT(name), SQL_INT(version)));
}

enum ouv_err
store_server_holds(struct store_tx *tx, const char *name, int version)
{
	return sql_write(
		tx, SQL_SERVER_HOLDS, ARGS(SQL_TEXT(name), SQL_INT(version)));
}

static void
row_taken(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_key_taken *taken = entry;

	taken->program = row_text(row, arena);
	taken->name = row_text(row, arena);
	taken->version = (int)row_int(row);
}

enum ouv_err
store_key_taken(struct store_tx *tx, struct ouv_arena *arena,
	struct store_key_taken **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_KEY_TAKEN, &res, NO_ARGS));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_taken, count_out);
	return OUV_OK;
}

enum ouv_err
store_rotation_add(
	struct store_tx *tx, const char *name, int version, bool done)
{
	return sql_write(tx, SQL_ROTATION_ADD,
		ARGS(SQL_TEXT(name), SQL_INT(version), SQL_BOOL(done)));
}

static void
row_rotation(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_rotation *r = entry;

	r->name = row_text(row, arena);
	r->version = (int)row_int(row);
	r->began_at = row_int(row);
	r->stage = (int)row_int(row);
	r->moved = row_int(row);
	r->done = row_bool(row);
}

enum ouv_err
store_rotations(struct store_tx *tx, struct ouv_arena *arena,
	struct store_rotation **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_ROTATIONS, &res, NO_ARGS));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_rotation, count_out);
	return OUV_OK;
}

enum ouv_err
store_rotation_next(struct store_tx *tx, const char *name, int *version_out,
	int *stage_out, struct ouv_id *at)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_ROTATION_NEXT, &res, ARGS(SQL_TEXT(name))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*version_out = (int)row_int(&row);
	*stage_out = (int)row_int(&row);
	*at = row_id(&row);
	return OUV_OK;
}

enum ouv_err
store_rotation_moved(struct store_tx *tx, const char *name, int stage,
	const struct ouv_id *at, int64_t moved, bool done)
{
	return sql_write(tx, SQL_ROTATION_MOVED,
		ARGS(SQL_TEXT(name), SQL_INT(stage), SQL_ID(at), SQL_INT(moved),
			SQL_BOOL(done)));
}

static void
row_box(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_svc_box *box = entry;

	(void)arena;
	box->id = row_id(row);
	box->case_id = row_id(row);
	box->row = row_id(row);
	(void)row_bytes(row, box->box, sizeof(box->box));
}

enum ouv_err
store_svc_boxes(struct store_tx *tx, struct ouv_arena *arena, int stage,
	const struct ouv_id *after, struct store_svc_box **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(
		tx, SQL_SVC_BOXES, &res, ARGS(SQL_INT(stage), SQL_ID(after))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_box, count_out);
	return OUV_OK;
}

enum ouv_err
store_svc_reseal(struct store_tx *tx, int stage,
	const struct store_svc_box *old, const uint8_t box[112])
{
	return sql_write(tx, SQL_SVC_RESEAL,
		ARGS(SQL_INT(stage), SQL_ID(&old->id),
			SQL_BYTES(old->box, sizeof(old->box)),
			SQL_BYTES(box, 112)));
}

enum ouv_err
store_key_retire(
	struct store_tx *tx, const char *name, const char *kind, int version)
{
	return sql_write(tx, SQL_KEY_RETIRE,
		ARGS(SQL_TEXT(name), kind != NULL ? SQL_TEXT(kind) : SQL_NULL,
			SQL_INT(version)));
}

static void
row_left(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_key_left *left = entry;

	left->login = row_text(row, arena);
}

enum ouv_err
store_key_left(struct store_tx *tx, struct ouv_arena *arena, int version,
	struct store_key_left **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_KEY_LEFT, &res, ARGS(SQL_INT(version))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_left, count_out);
	return OUV_OK;
}

enum ouv_err
store_key_letters(struct store_tx *tx, int64_t *cases_out, int64_t *live_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_KEY_LETTERS, &res, NO_ARGS));
	row = row_at(res, 0);
	*cases_out = row_int(&row);
	*live_out = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_person_renew_paper(
	struct store_tx *tx, const struct ouv_id *person, int version)
{
	return sql_write(tx, SQL_PERSON_RENEW_PAPER,
		ARGS(SQL_ID(person), SQL_INT(version)));
}
