/*
 * task.c - what a person must do that no letter does
 */
#include "inner.h"

enum ouv_err
store_task_add(
	struct store_tx *tx, const struct store_task *task, bool *opened_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_TASK_ADD, &res,
		ARGS(SQL_ID(&task->id), SQL_ID(&task->case_id),
			SQL_TEXT(task->kind), sql_id_or_null(&task->item),
			sql_id_or_null(&task->party), SQL_INT(task->opened_at),
			SQL_INT(task->due_at))));
	*opened_out = PQntuples(res) > 0;
	return OUV_OK;
}

enum ouv_err
store_callback_add(struct store_tx *tx, const struct store_task *task)
{
	return sql_write(tx, SQL_CALLBACK_ADD,
		ARGS(SQL_ID(&task->id), SQL_ID(&task->case_id),
			SQL_TEXT(task->kind), SQL_ID(&task->item),
			SQL_ID(&task->words), SQL_ID(&task->person),
			SQL_INT(task->opened_at), SQL_INT(task->due_at)));
}

enum ouv_err
store_tasks(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_task **tasks_out,
	size_t *count_out)
{
	PGresult *res RESULT;
	struct store_task *list;
	size_t count;

	TRY(sql_read(tx, SQL_TASKS, &res, ARGS(SQL_ID(case_id))));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		list[i].id = row_id(&row);
		list[i].case_id = *case_id;
		list[i].kind = row_text(&row, arena);
		list[i].item_seq = (int)row_int(&row);
		list[i].opened_at = row_int(&row);
		list[i].due_at = row_int(&row);
		list[i].done_at = row_int(&row);
		list[i].done_by = row_text(&row, arena);
		list[i].outcome = row_text(&row, arena);
		list[i].note = row_id(&row);
		list[i].words = row_id(&row);
		list[i].act = row_id(&row);
		list[i].verb = row_text(&row, arena);
		list[i].whom = row_text(&row, arena);
	}
	*tasks_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_task_find(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *task,
	const char **kind_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(
		tx, SQL_TASK_IS, &res, ARGS(SQL_ID(task), SQL_ID(case_id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*kind_out = row_text(&row, arena);
	return OUV_OK;
}

enum ouv_err
store_task_done(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *task, const struct ouv_id *person,
	const char *outcome, const struct ouv_id *note)
{
	return sql_write(tx, SQL_TASK_DONE,
		ARGS(SQL_ID(task), SQL_ID(case_id), SQL_ID(person),
			SQL_TEXT(outcome), sql_id_or_null(note)));
}

enum ouv_err
store_tasks_settled(struct store_tx *tx, const struct ouv_id *case_id,
	const char *kind, const char *side, const struct ouv_id *person)
{
	return sql_write(tx, SQL_TASKS_SETTLED,
		ARGS(SQL_ID(case_id), SQL_TEXT(kind),
			side != NULL ? SQL_TEXT(side) : SQL_NULL,
			SQL_ID(person)));
}

enum ouv_err
store_letter_of(struct store_tx *tx, const struct ouv_id *outbox,
	struct store_letter *letter_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_LETTER_OF, &res, ARGS(SQL_ID(outbox))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	letter_out->case_id = row_id(&row);
	letter_out->item = row_id(&row);
	letter_out->party = row_id(&row);
	letter_out->capsule = row_id(&row);
	(void)row_bytes(&row, letter_out->kind, sizeof(letter_out->kind) - 1);
	return OUV_OK;
}
