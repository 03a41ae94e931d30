/*
 * colleague.c - what a colleague signs with, and who may look after a case
 */
#include "inner.h"
#include "ouv/log.h"

enum ouv_err
store_profile(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, struct store_profile *profile_out)
{
	struct store_profile profile = { .title = "", .phone = "" };
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_PROFILE, &res, ARGS(SQL_ID(person))));
	if (PQntuples(res) > 0) {
		struct row row = row_at(res, 0);

		profile.title = row_text(&row, arena);
		profile.phone = row_text(&row, arena);
		profile.blue = row_bool(&row);
	}
	*profile_out = profile;
	return OUV_OK;
}

enum ouv_err
store_profile_set(struct store_tx *tx, const struct ouv_id *person,
	const struct store_profile *profile)
{
	return sql_write(tx, SQL_PROFILE_SET,
		ARGS(SQL_ID(person), SQL_TEXT(profile->title),
			SQL_TEXT(profile->phone), SQL_BOOL(profile->blue)));
}

enum ouv_err
store_conflict_is(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *person, bool *is_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_CONFLICT_IS, &res,
		ARGS(SQL_ID(case_id), SQL_ID(person))));
	*is_out = PQntuples(res) > 0;
	return OUV_OK;
}

enum ouv_err
store_conflict_add(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *person)
{
	return sql_write(
		tx, SQL_CONFLICT_ADD, ARGS(SQL_ID(case_id), SQL_ID(person)));
}

enum ouv_err
store_case_owner(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *owner)
{
	return sql_write(
		tx, SQL_CASE_OWNER, ARGS(SQL_ID(case_id), SQL_ID(owner)));
}

enum ouv_err
store_case_owned(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct ouv_id *owner_out,
	const char **name_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_CASE_OWNED, &res, ARGS(SQL_ID(case_id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*owner_out = row_id(&row);
	*name_out = row_text(&row, arena);
	return OUV_OK;
}

static enum ouv_err
row_candidate(
	struct row *row, struct ouv_arena *arena, struct store_candidate *one)
{
	struct ouv_str role;

	one->person = row_id(row);
	one->login = row_text(row, arena);
	one->name = row_text(row, arena);
	role = row_peek(row);
	if (ouv_role_parse(role.p, &one->role) != OUV_OK) {
		ouv_log_error("database: a person with a role we do not know");
		return OUV_INVALID;
	}
	one->key = row_bool(row);
	one->conflict = row_bool(row);
	one->away = !PQgetisnull(row->result, row->row, row->column);
	one->back_day = (int32_t)row_int(row);
	return OUV_OK;
}

enum ouv_err
store_candidates(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_candidate **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;
	struct store_candidate *list;
	size_t count;

	TRY(sql_read(tx, SQL_CANDIDATES, &res, ARGS(SQL_ID(case_id))));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		TRY(row_candidate(&row, arena, &list[i]));
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}
