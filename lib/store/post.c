/*
 * post.c - letters on paper: to be printed, posted, and what became of them
 */
#include "inner.h"
#include "ouv/store_post.h"

static struct sql_arg
clock_or_null(const struct store_post *post)
{
	return post->has_clock ? SQL_TEXT(ouv_clock_name(post->clock))
			       : SQL_NULL;
}

enum ouv_err
store_post_add(struct store_tx *tx, const struct store_post *post)
{
	return sql_write(tx, SQL_POST_ADD,
		ARGS(SQL_ID(&post->id), SQL_ID(&post->letter),
			SQL_ID(&post->case_id), SQL_ID(&post->item),
			sql_id_or_null(&post->party), SQL_BOOL(post->addressed),
			SQL_INT(post->made_at), clock_or_null(post),
			SQL_INT(post->round)));
}

/* ---- reading ---------------------------------------------------------------
 */

/* POST_COLUMNS. */
static void
row_post(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_post *p = entry;
	const char *clock;

	p->id = row_id(row);
	p->letter = row_id(row);
	p->case_id = row_id(row);
	p->item = row_id(row);
	p->party = row_id(row);
	p->state = row_text(row, arena);
	p->addressed = row_bool(row);
	p->made_at = row_int(row);
	p->moved_at = row_int(row);
	clock = row_text(row, arena);
	p->has_clock =
		clock != NULL && ouv_clock_parse(clock, &p->clock) == OUV_OK;
	p->round = (int)row_int(row);
	p->printed_at = row_int(row);
	p->printed_by = row_text(row, arena);
	(void)row_bytes(row, p->pdf, sizeof(p->pdf));
	p->pages = (int)row_int(row);
	p->posted = (int32_t)row_int(row);
	p->presumed = (int32_t)row_int(row);
	p->ended = (int32_t)row_int(row);
	p->service = row_text(row, arena);
	p->assumed = row_bool(row);
	p->proof = row_id(row);
	p->words = row_str(row, arena);
	p->capsule = row_id(row);
	p->kind = row_text(row, arena);
	p->side = row_text(row, arena);
	p->seq = (int)row_int(row);
}

enum ouv_err
store_post(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *id,
	struct store_post *post_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_POST, &res, ARGS(SQL_ID(case_id), SQL_ID(id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	row_post(&row, arena, post_out);
	return OUV_OK;
}

enum ouv_err
store_posts(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_post **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_POSTS, &res, ARGS(SQL_ID(case_id))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_post, count_out);
	return OUV_OK;
}

/* ---- from state to state ---------------------------------------------------
 */

enum ouv_err
store_post_printed(struct store_tx *tx, const struct store_post *post,
	const struct ouv_id *by, int64_t now)
{
	return sql_write(tx, SQL_POST_PRINTED,
		ARGS(SQL_ID(&post->id), SQL_ID(by),
			SQL_BYTES(post->pdf, sizeof(post->pdf)),
			SQL_INT(post->pages), sql_str_or_null(post->words),
			SQL_INT(now)));
}

enum ouv_err
store_post_posted(
	struct store_tx *tx, const struct store_post *post, int64_t now)
{
	return sql_write(tx, SQL_POST_POSTED,
		ARGS(SQL_ID(&post->id), SQL_INT(post->posted),
			SQL_INT(post->presumed), SQL_TEXT(post->service),
			sql_str_or_null(post->words), SQL_INT(now)));
}

enum ouv_err
store_post_ended(struct store_tx *tx, const struct store_post *post,
	const char *state, int64_t now)
{
	return sql_write(tx, SQL_POST_ENDED,
		ARGS(SQL_ID(&post->id), SQL_TEXT(state), SQL_INT(post->ended),
			sql_id_or_null(&post->proof),
			sql_str_or_null(post->words), SQL_INT(now)));
}

enum ouv_err
store_post_addressed(
	struct store_tx *tx, const struct ouv_id *party, bool addressed)
{
	return sql_write(tx, SQL_POST_ADDRESSED,
		ARGS(SQL_ID(party), SQL_BOOL(addressed)));
}

enum ouv_err
store_post_round(struct store_tx *tx, const struct ouv_id *id, int round)
{
	return sql_write(tx, SQL_POST_ROUND, ARGS(SQL_ID(id), SQL_INT(round)));
}

enum ouv_err
store_post_presume(struct store_tx *tx)
{
	return sql_write(tx, SQL_POST_PRESUME, NO_ARGS);
}

static void
row_lost(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_post *p = entry;

	p->letter = row_id(row);
	p->item = row_id(row);
	p->capsule = row_id(row);
	p->kind = row_text(row, arena);
}

enum ouv_err
store_post_lost(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *party,
	struct store_post **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(
		tx, SQL_POST_LOST, &res, ARGS(SQL_ID(case_id), SQL_ID(party))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_lost, count_out);
	return OUV_OK;
}

enum ouv_err
store_task_again(struct store_tx *tx, const struct store_task *task)
{
	return sql_write(tx, SQL_TASK_AGAIN,
		ARGS(SQL_ID(&task->item), SQL_TEXT(task->kind),
			SQL_INT(task->opened_at), SQL_INT(task->due_at)));
}

enum ouv_err
store_party_by_post(
	struct store_tx *tx, const struct ouv_id *party, bool by_post)
{
	return sql_write(
		tx, SQL_PARTY_BY_POST, ARGS(SQL_ID(party), SQL_BOOL(by_post)));
}

enum ouv_err
store_capsule_reach(struct store_tx *tx, const struct ouv_id *person,
	const struct store_capsule *c)
{
	return sql_write(tx, SQL_CAPSULE_REACH,
		ARGS(SQL_ID(&c->case_id), SQL_ID(person), SQL_ID(&c->id),
			SQL_INT(c->key_version), SQL_BYTES(c->ct.p, c->ct.len),
			SQL_BYTES(c->box_case, sizeof(c->box_case)),
			SQL_BYTES(c->box_svc, sizeof(c->box_svc))));
}

/* ---- the register ----------------------------------------------------------
 */

static const struct {
	enum sql_id id;
	bool newest_first;
} lists[STORE_POST__COUNT] = {
	[STORE_POST_TO_PRINT] = { SQL_POST_TO_PRINT, false },
	[STORE_POST_TO_POST] = { SQL_POST_TO_POST, false },
	[STORE_POST_UNDER_WAY] = { SQL_POST_UNDER_WAY, false },
	[STORE_POST_DONE] = { SQL_POST_DONE, true },
};

/* Later than any line: the year 3000. */
#define END_OF_TIME_US INT64_C(32503680000000000)

static enum ouv_err
row_post_line(
	struct row *row, struct ouv_arena *arena, struct store_post_line *l)
{
	TRY(read_line(row, arena, &l->line));
	row_post(row, arena, &l->post);
	l->at_us = row_int(row);
	(void)row_bytes(row, l->dek_box, sizeof(l->dek_box));
	l->key_version = (int)row_int(row);
	return OUV_OK;
}

enum ouv_err
store_post_lines(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, enum store_post_list which,
	int64_t after_us, const struct ouv_id *after_id, int limit,
	struct store_post_line **list_out, size_t *count_out)
{
	struct store_post_line *list;
	PGresult *res RESULT;
	size_t count;

	if (after_us == 0 && lists[which].newest_first)
		after_us = END_OF_TIME_US;
	TRY(sql_read(tx, lists[which].id, &res,
		ARGS(SQL_ID(person), SQL_INT(after_us), SQL_ID(after_id),
			SQL_INT(limit))));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		TRY(row_post_line(&row, arena, &list[i]));
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_post_counts(struct store_tx *tx, const struct ouv_id *person,
	int64_t counts_out[STORE_POST__COUNT], int64_t *unaddressed_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_POST_COUNTS, &res, ARGS(SQL_ID(person))));
	row = row_at(res, 0);
	counts_out[STORE_POST_TO_PRINT] = row_int(&row);
	counts_out[STORE_POST_TO_POST] = row_int(&row);
	counts_out[STORE_POST_UNDER_WAY] = row_int(&row);
	counts_out[STORE_POST_DONE] = 0;
	*unaddressed_out = row_int(&row);
	return OUV_OK;
}
