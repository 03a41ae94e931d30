/*
 * impartial.c - conflicts, draws, teams, training, the spread of outcomes
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_mediation.h"

/* ---- conflicts ----------------------------------------------------------- */

/* A day that is not set is the day zero of nobody: none. */
static struct sql_arg
day_or_null(int32_t day)
{
	return day == 0 ? SQL_NULL : SQL_INT(day);
}

enum ouv_err
store_conflict_declare(struct store_tx *tx, const struct store_conflict *c)
{
	return sql_write(tx, SQL_CONFLICT_DECLARE,
		ARGS(SQL_ID(&c->id), SQL_ID(&c->person),
			sql_id_or_null(&c->company),
			sql_id_or_null(&c->consumer.now), SQL_TEXT(c->kind),
			SQL_INT(c->from_day), day_or_null(c->until_day),
			SQL_TEXT(c->note), SQL_ID(&c->made_by),
			sql_id_or_null(&c->consumer.before),
			SQL_INT(c->consumer.version)));
}

enum ouv_err
store_conflict_end(struct store_tx *tx, const struct ouv_id *id)
{
	return sql_write(tx, SQL_CONFLICT_END, ARGS(SQL_ID(id)));
}

static void
row_conflict(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_conflict *c = entry;

	c->id = row_id(row);
	c->person = row_id(row);
	c->name = row_text(row, arena);
	c->company = row_id(row);
	c->company_name = row_text(row, arena);
	c->consumer.now = row_id(row);
	c->kind = row_text(row, arena);
	c->from_day = (int32_t)row_int(row);
	c->until_day = (int32_t)row_int(row);
	c->note = row_text(row, arena);
	c->made_by_name = row_text(row, arena);
	c->made_at = row_int(row);
	c->ended_at = row_int(row);
}

enum ouv_err
store_conflicts(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, struct store_conflict **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_CONFLICTS, &res, ARGS(sql_id_or_null(person))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_conflict, count_out);
	return OUV_OK;
}

enum ouv_err
store_recuse(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *person, const struct ouv_id *ordered_by)
{
	return sql_write(tx, SQL_RECUSE,
		ARGS(SQL_ID(case_id), SQL_ID(person), SQL_ID(ordered_by)));
}

/* ---- keys ------------------------------------------------------------------
 */

enum ouv_err
store_grant_others(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *person, int *count_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_GRANT_OTHERS, &res,
		ARGS(SQL_ID(case_id), SQL_ID(person))));
	row = row_at(res, 0);
	*count_out = (int)row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_grant_add(
	struct store_tx *tx, const struct store_grant *grant, const char *why)
{
	return sql_write(tx, SQL_GRANT_ADD,
		ARGS(SQL_ID(&grant->case_id), SQL_INT(grant->version),
			SQL_ID(&grant->person),
			SQL_BYTES(grant->box, sizeof(grant->box)),
			SQL_ID(&grant->granted_by),
			SQL_BYTES(grant->sig, sizeof(grant->sig)),
			SQL_TEXT(why),
			SQL_BYTES(grant->pk, sizeof(grant->pk))));
}

/* ---- draws and teams
 * --------------------------------------------------------- */

static void
row_pool(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_pool *who = entry;

	who->person = row_id(row);
	who->login = row_text(row, arena);
	who->name = row_text(row, arena);
	if (ouv_role_parse(row_text(row, arena), &who->role) != OUV_OK)
		who->role = OUV_ROLE__COUNT;
	who->key = row_bool(row);
	who->conflict = row_bool(row);
	who->away = row_bool(row);
	who->trained = row_bool(row);
	who->load = (int)row_int(row);
}

enum ouv_err
store_pool(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, int32_t today,
	struct store_pool **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(
		tx, SQL_POOL, &res, ARGS(SQL_ID(case_id), SQL_INT(today))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_pool, count_out);
	return OUV_OK;
}

enum ouv_err
store_draw_add(struct store_tx *tx, const struct ouv_id *case_id,
	const struct store_draw *draw)
{
	return sql_write(tx, SQL_DRAW_ADD,
		ARGS(SQL_ID(case_id), sql_id_or_null(&draw->by),
			SQL_BYTES(draw->seed, sizeof(draw->seed)),
			SQL_TEXT(draw->pool), SQL_ID(&draw->chosen)));
}

static void
row_draw(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_draw *draw = entry;

	draw->n = (int)row_int(row);
	draw->at = row_int(row);
	draw->by_name = row_text(row, arena);
	row_bytes(row, draw->seed, sizeof(draw->seed));
	draw->pool = row_text(row, arena);
	draw->chosen = row_id(row);
	draw->chosen_name = row_text(row, arena);
}

enum ouv_err
store_draws(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_draw **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_DRAWS, &res, ARGS(SQL_ID(case_id))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_draw, count_out);
	return OUV_OK;
}

enum ouv_err
store_team_add(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *person)
{
	return sql_write(
		tx, SQL_TEAM_ADD, ARGS(SQL_ID(case_id), SQL_ID(person)));
}

enum ouv_err
store_team_end(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *person)
{
	return sql_write(
		tx, SQL_TEAM_END, ARGS(SQL_ID(case_id), SQL_ID(person)));
}

static void
row_member(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_member *who = entry;

	who->person = row_id(row);
	who->login = row_text(row, arena);
	who->name = row_text(row, arena);
}

enum ouv_err
store_team(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_member **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_TEAM, &res, ARGS(SQL_ID(case_id))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_member, count_out);
	return OUV_OK;
}

/* ---- training
 * ----------------------------------------------------------------- */

enum ouv_err
store_training_add(struct store_tx *tx, const struct store_training *t)
{
	return sql_write(tx, SQL_TRAINING_ADD,
		ARGS(SQL_ID(&t->id), SQL_ID(&t->person), SQL_TEXT(t->subject),
			SQL_INT(t->on_day), day_or_null(t->until_day),
			SQL_ID(&t->made_by)));
}

static void
row_training(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_training *t = entry;

	t->id = row_id(row);
	t->person = row_id(row);
	t->login = row_text(row, arena);
	t->name = row_text(row, arena);
	t->subject = row_text(row, arena);
	t->on_day = (int32_t)row_int(row);
	t->until_day = (int32_t)row_int(row);
}

enum ouv_err
store_trainings(struct store_tx *tx, struct ouv_arena *arena,
	struct store_training **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_TRAININGS, &res, NO_ARGS));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_training, count_out);
	return OUV_OK;
}

/* ---- the spread of outcomes
 * ------------------------------------------------------ */

static void
row_spread(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_spread *s = entry;

	s->who = row_text(row, arena);
	s->cases = row_int(row);
	for (int i = 0; i < 5; i++)
		s->merit[i] = row_int(row);
	for (int i = 0; i < 5; i++)
		s->resolution[i] = row_int(row);
	for (int i = 0; i < 3; i++)
		s->rating[i] = row_int(row);
}

enum ouv_err
store_spread(struct store_tx *tx, struct ouv_arena *arena, const char *by,
	int64_t from, int64_t until, struct store_spread **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_SPREAD, &res,
		ARGS(SQL_TEXT(by), SQL_INT(from), SQL_INT(until))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_spread, count_out);
	return OUV_OK;
}

enum ouv_err
store_spread_of(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *company, int64_t from, int64_t until,
	struct store_spread *spread_out)
{
	struct store_spread *list;
	PGresult *res RESULT;
	size_t count;

	TRY(sql_read(tx, SQL_SPREAD_OF, &res,
		ARGS(SQL_ID(company), SQL_INT(from), SQL_INT(until))));
	list = read_rows(res, arena, sizeof(*list), row_spread, &count);
	if (count == 0)
		return OUV_NOT_FOUND;
	*spread_out = list[0];
	return OUV_OK;
}
