/*
 * view_worklist.c - the queues with their counts, and one row of a list
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/clock.h"

#include "view.h"
#include "wish.h"

/* ---- one row ---------------------------------------------------------------
 */

/* A word in which the number stands at its "#". */
static const char *
numbered(const struct request *request, const char *key, int n)
{
	const char *word =
		words_get(&request->server->words, request->lang, key);
	const char *at = word != NULL ? strchr(word, '#') : NULL;

	if (at == NULL)
		return word != NULL ? word : "";
	return ouv_arena_printf(
		request->arena, "%.*s%d%s", (int)(at - word), word, n, at + 1);
}

void
view_near(const struct request *request, json_t *data, const char *key,
	int64_t at)
{
	const int32_t far = ouv_clock_day(at) - ouv_clock_today();
	const char *text = far == 0    ? numbered(request, "near_today", 0)
			   : far == 1  ? numbered(request, "near_tomorrow", 0)
			   : far == -1 ? numbered(request, "near_yesterday", 0)
			   : far > 1   ? numbered(request, "near_in", far)
				       : numbered(request, "near_ago", -far);

	view_line(data, ouv_arena_printf(request->arena, "%s_near", key),
		at != 0 ? text : "");
	if (at != 0)
		view_day(request, data,
			ouv_arena_printf(request->arena, "%s_day", key),
			ouv_clock_day(at));
	else
		view_line(data, ouv_arena_printf(request->arena, "%s_day", key),
			"");
}

json_t *
view_work_line(const struct request *request, const struct ouv_work_line *w,
	int64_t now)
{
	json_t *data = json_object();

	view_case_line(request, data, &w->line, now);
	view_near(request, data, "due_at", w->line.due_at);
	view_near(request, data, "last_at", w->line.last_at);
	view_flag(data, "has_company_name", w->company != NULL);
	view_line(data, "company_name", w->company != NULL ? w->company : "");
	view_flag(data, "has_owes", w->owes != OUV_OWES_NONE);
	view_code(request, data, "owes", "owes_", ouv_owes_name(w->owes));
	view_flag(data, "has_promise", w->promise);
	view_flag(data, "has_second", w->second);
	view_flag(data, "is_away", w->away);
	view_flag(data, "has_fresh", w->fresh > 0);
	view_flag(data, "has_one_fresh", w->fresh == 1);
	view_number(data, "fresh", w->fresh);
	view_flag(data, "is_picked", false);
	view_number(data, "rev", w->line.rev);
	return data;
}

/* ---- queues ----------------------------------------------------------------
 */

/* clang-format off */
static const struct shown {
	enum ouv_queue queue;
	bool urgent; /* more than none is marked */
	bool seldom; /* none is not shown */
} tabs[] = {
	{ OUV_QUEUE_OPEN, false, false },
	{ OUV_QUEUE_MINE, false, false },
	{ OUV_QUEUE_NEW, false, false },
	{ OUV_QUEUE_UNREAD, true, false },
	{ OUV_QUEUE_OVERDUE, true, false },
	{ OUV_QUEUE_SOON, true, false },
	{ OUV_QUEUE_SECOND, true, true },
	{ OUV_QUEUE_CLOSED, false, false },
};
static const struct shown waits[] = {
	{ OUV_QUEUE_CONSUMER, false, false },
	{ OUV_QUEUE_COMPANY, false, false },
	{ OUV_QUEUE_OFFICE, false, false },
	{ OUV_QUEUE_TASK, true, true },
	{ OUV_QUEUE_TROUBLE, true, true },
	{ OUV_QUEUE_PROMISE, true, true },
};
/* clang-format on */
#define LENGTH(list) (sizeof(list) / sizeof((list)[0]))

static const char *
counted(const struct request *request, int64_t count)
{
	if (count >= OUV_COUNT_MOST)
		return ouv_arena_printf(
			request->arena, "%d+", OUV_COUNT_MOST - 1);
	return ouv_arena_printf(request->arena, "%d", (int)count);
}

static void
add_one(const struct request *request, json_t *list, const struct shown *s,
	int64_t count, const struct wish *wish)
{
	const char *name = ouv_queue_name(s->queue);
	const bool is_current = s->queue == wish->ouv.queue;
	json_t *one;

	if (s->seldom && count == 0 && !is_current)
		return;
	one = json_object();
	view_code(request, one, "name", "queue_", name);
	view_line(one, "tab_path",
		ouv_arena_printf(request->arena, "/cases?queue=%s", name));
	view_flag(one, "has_count", s->queue != OUV_QUEUE_CLOSED);
	view_line(one, "count", counted(request, count));
	view_flag(one, "has_urgent", s->urgent && count > 0);
	view_flag(one, "is_current", is_current);
	json_array_append_new(list, one);
}

void
view_queues(const struct request *request, json_t *data,
	const struct ouv_queues *queues, const struct wish *wish)
{
	json_t *first = json_array(), *second = json_array();
	const int64_t *counts = queues->counts;

	for (size_t i = 0; i < LENGTH(tabs); i++)
		add_one(request, first, &tabs[i], counts[tabs[i].queue], wish);
	for (size_t i = 0; i < LENGTH(waits); i++)
		add_one(request, second, &waits[i], counts[waits[i].queue],
			wish);
	json_object_set_new(data, "tabs", first);
	json_object_set_new(data, "waits", second);
	view_flag(data, "has_held", queues->held > 0);
	view_line(data, "held_count", counted(request, queues->held));
	view_flag(data, "has_letters", queues->letters > 0);
	view_line(data, "letters_count", counted(request, queues->letters));
	view_flag(data, "has_late", counts[OUV_QUEUE_OVERDUE] > 0);
	view_line(data, "late_count",
		counted(request, counts[OUV_QUEUE_OVERDUE]));
	view_flag(data, "has_one_late", counts[OUV_QUEUE_OVERDUE] == 1);
	view_flag(data, "has_soon", counts[OUV_QUEUE_SOON] > 0);
	view_line(data, "soon_count", counted(request, counts[OUV_QUEUE_SOON]));
	view_flag(data, "has_one_soon", counts[OUV_QUEUE_SOON] == 1);
	view_flag(data, "has_first",
		counts[OUV_QUEUE_OVERDUE] > 0 || counts[OUV_QUEUE_SOON] > 0);
}
