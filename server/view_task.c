/*
 * view_task.c - what a person must still do in a case, and what was done
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/id.h"

#include "move.h"

/* clang-format off */
static const struct sheet_field fields[] = { { "outcome", "task_outcome" },
	{ "note", "note" }, { NULL, NULL } };

static const char *const outcomes[] = { "letter", "phone", "other-address",
	"sent-again", "not-needed", NULL };
static const char *const of_promise[] = { "kept", "late", "not-needed", NULL };
static const char *const of_others[] = { "done", "not-needed", NULL };
static const char *const of_calls[] = { "reached", "not-reached",
	"wrong-number", NULL };

/* How each kind can end, and the act that settles it; NULL: any way. */
static const struct {
	const char *kind;
	const char *const *outcomes;
	const char *verb;
} kinds[] = {
	{ "promise", of_promise, NULL },
	{ "callback", of_calls, NULL },
	{ "other-channel", outcomes, "reach" },
	{ "send-again", outcomes, NULL },
	{ "write-by-hand", outcomes, NULL },
	{ "send-by-post", outcomes, NULL },
	{ "confirm-by-post", outcomes, NULL },
	{ "cannot-remind", outcomes, NULL },
	{ "confirm-lapse", of_others, "lapse" },
	{ "confirm-plan", of_others, "confirm" },
	{ "read-answer", of_others, "answer" },
	{ "extension-asked", of_others, "extend" },
	{ "proposal-over", of_others, "no-agreement" },
	{ "promise-due", of_others, "confirm" },
	{ "comments-over", of_others, "decide" },
	{ "reopen", of_others, "reopen" },
	{ "erase", of_others, "erase" },
	{ "tell-erasure", outcomes, NULL },
	{ "hold-review", of_others, "legal-hold" },
};
/* clang-format on */

static const char *const *
outcomes_of(const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].outcomes;
	return of_others;
}

/* go, go_path: where to settle it. */
static void
add_go(const struct sheet *sheet, json_t *one, const struct ouv_task_view *task)
{
	struct ouv_arena *arena = sheet->request->arena;
	const char *verb = NULL, *item = "";

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].kind, task->kind) == 0)
			verb = kinds[i].verb;
	/* Its form asks which message; the task knows. */
	if (strcmp(task->kind, "read-answer") == 0 && task->item_seq > 0)
		item = ouv_arena_printf(arena, "?item=%d", task->item_seq);
	/* What came back is taken up where it was left. */
	if (task->verb != NULL) {
		view_flag(one, "has_go", true);
		view_word(sheet->request, one, "go", "prepared_take_up");
		view_line(one, "go_path",
			view_prepared_path(sheet->request, sheet->path,
				task->verb, &task->act));
		return;
	}
	/* The register prints and posts letters of all cases. */
	if (strcmp(task->kind, "send-by-post") == 0) {
		view_flag(one, "has_go", true);
		view_word(sheet->request, one, "go", "menu_letters");
		view_line(one, "go_path", "/letters");
		return;
	}
	view_flag(one, "has_go", verb != NULL);
	view_line(one, "go", "");
	if (verb != NULL)
		view_code(sheet->request, one, "go", "action_", verb);
	view_line(one, "go_path",
		ouv_arena_printf(arena, "%s/do/%s%s", sheet->path,
			verb != NULL ? verb : "", item));
}

static void
add_task(const struct request *request, json_t *one,
	const struct ouv_task_view *task, int64_t now)
{
	view_code(request, one, "task_name", "task_", task->kind);
	view_number(one, "item_seq", task->item_seq);
	view_flag(one, "has_item_seq", task->item_seq > 0);
	view_time(request, one, "opened_at", task->opened_at);
	view_time(request, one, "due_at", task->due_at);
	view_time(request, one, "done_at", task->done_at);
	view_flag(one, "is_overdue", task->due_at != 0 && task->due_at < now);
	view_line(one, "done_by", task->done_by);
	view_flag(one, "has_done_by", task->done_by != NULL);
	view_code(request, one, "outcome_name", "outcome_",
		task->outcome != NULL ? task->outcome : "");
	view_line(one, "whom", task->whom);
	view_flag(one, "has_whom", task->whom != NULL);
	view_text(one, "words_text", task->words);
	view_flag(one, "has_words_text", task->words != NULL);
	view_text(one, "note_text", task->note);
	view_flag(one, "has_note_text",
		task->note != NULL && *task->note != '\0');
}

static json_t *
open_task(struct sheet *sheet, const struct ouv_task_view *task, size_t number)
{
	const char *typed = sheet_typed(sheet, "task");
	char hex[OUV_ID_HEX];
	json_t *one;
	bool mine;

	ouv_id_hex(&task->id, hex);
	mine = typed != NULL && strcmp(typed, hex) == 0;
	one = sheet_form(sheet, "task-done",
		ouv_arena_printf(sheet->request->arena, "task-%zu", number),
		mine, fields);
	view_line(one, "task", hex);
	json_object_set_new(one, "outcomes",
		sheet_choices(sheet, sheet_is_mine(sheet, "task-done", mine),
			"outcome", "outcome_", outcomes_of(task->kind)));
	add_go(sheet, one, task);
	return one;
}

/* An act that waits is shown with its own form, above the tasks. */
static bool
stands_above(const struct ouv_task_view *task)
{
	return task->done_at == 0 && strcmp(task->kind, "second-person") == 0;
}

void
view_tasks(struct sheet *sheet, json_t *data, const struct ouv_case_view *view)
{
	json_t *open = json_array(), *done = json_array();
	int64_t now = ouv_clock_now();

	for (size_t i = 0; i < view->task_count; i++) {
		const struct ouv_task_view *task = &view->tasks[i];
		json_t *one;

		if (stands_above(task))
			continue;
		one = task->done_at == 0 ? open_task(sheet, task, i + 1)
					 : json_object();
		add_task(sheet->request, one, task, now);
		view_line(one, "item_path",
			view_item_path(sheet->request, data, sheet->path,
				task->item_seq));
		json_array_append_new(task->done_at == 0 ? open : done, one);
	}
	view_flag(data, "has_tasks", json_array_size(open) > 0);
	json_object_set_new(data, "tasks", open);
	view_flag(data, "has_done_tasks", json_array_size(done) > 0);
	view_number(data, "done_count", (int64_t)json_array_size(done));
	json_object_set_new(data, "done_tasks", done);
}
