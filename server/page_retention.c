/*
 * page_retention.c - how long files are kept: what falls due, what is held,
 * what waits for a second person, what was erased; and what is left of a case
 * that was
 */
#include <inttypes.h>
#include <string.h>

#include "ouv/clock.h"
#include "ouv/retain.h"

#include "move.h"
#include "page.h"
#include "reply.h"
#include "view.h"

#define HERE "/retention"
#define FEW 20  /* lines of each list, where all are shown */
#define MANY 50 /* of one alone */

/* ---- one file ---------------------------------------------------------------
 */

/* "1827 days" in words, and where it is written. */
static void
add_rule(const struct request *request, json_t *one, const struct ouv_kept *k)
{
	bool is_known = k->end != OUV_END__COUNT;

	view_flag(one, "has_rule", k->unit != NULL);
	view_number(one, "amount", k->amount);
	view_code(request, one, "unit", k->amount == 1 ? "unit_one_" : "unit_",
		k->unit != NULL ? k->unit : "days");
	view_code(request, one, "profile", "profile_",
		k->profile != NULL ? k->profile : "default");
	move_line(one, "law", k->law);
	view_flag(one, "has_end", is_known);
	view_line(one, "end", "");
	if (is_known)
		view_code(request, one, "end", "end_", ouv_end_name(k->end));
}

/* What would refuse its erasure today, in words. */
static void
add_against(const struct request *request, json_t *one, uint64_t guards)
{
	json_t *list = json_array();

	for (int g = 0; g < OUV_GUARD__COUNT; g++) {
		json_t *reason = json_object();

		if ((guards & OUV_GUARD_BIT(g)) == 0) {
			json_decref(reason);
			continue;
		}
		view_code(request, reason, "reason", "guard_",
			ouv_guard_name((enum ouv_guard)g));
		json_array_append_new(list, reason);
	}
	view_flag(one, "is_free", guards == 0);
	json_object_set_new(one, "against", list);
}

static json_t *
row_of(const struct request *request, const struct ouv_kept *k,
	enum ouv_kept_list which)
{
	json_t *one = json_object();

	view_line(one, "protocol", k->protocol);
	view_line(one, "case_path",
		ouv_arena_printf(request->arena, "/cases/%s", k->protocol));
	view_flag(one, "is_readable", k->readable || which == OUV_KEPT_ERASED);
	view_line(one, "act_path",
		ouv_arena_printf(request->arena, "/cases/%s/do/%s", k->protocol,
			which == OUV_KEPT_HOLD ? "legal-hold" : "erase"));
	view_flag(one, "has_act",
		k->readable &&
			(which == OUV_KEPT_HOLD ||
				(which == OUV_KEPT_DUE && k->against == 0 &&
					k->waiting_at == 0)));
	view_time(request, one, "closed_at", k->closed_at);
	view_time(request, one, "due_at", k->due_at);
	view_time(request, one, "erased_at", k->erased_at);
	view_flag(one, "has_review", k->review_day != 0);
	view_day(request, one, "review", k->review_day);
	view_flag(one, "is_review_due",
		k->review_day != 0 && k->review_day <= ouv_clock_today());
	view_time(request, one, "waiting_at", k->waiting_at);
	view_line(one, "author", k->author);
	add_rule(request, one, k);
	add_against(request, one, k->against);
	return one;
}

/* ---- one list ---------------------------------------------------------------
 */

static void
add_more(const struct request *request, json_t *list, const char *name,
	const char *after)
{
	view_flag(list, "has_more", after != NULL);
	view_line(list, "more_path",
		after == NULL ? HERE
			      : ouv_arena_printf(request->arena,
					HERE "?list=%s&after=%s", name,
					form_escape(request->arena, after)));
}

static enum ouv_err
add_list(struct request *request, struct ouv_desk *desk, json_t *lists,
	enum ouv_kept_list which, const char *after, int most)
{
	const char *name = ouv_kept_list_name(which);
	struct ouv_kept_page page = { 0 };
	json_t *list, *rows;
	enum ouv_err err = ouv_desk_kept(desk, request->arena, request->actor,
		which, after, most, &page);

	if (err != OUV_OK)
		return err;
	list = json_object();
	rows = json_array();
	for (size_t i = 0; i < page.count; i++)
		json_array_append_new(
			rows, row_of(request, &page.list[i], which));
	view_line(list, "id", name);
	view_code(request, list, "heading", "kept_", name);
	view_code(request, list, "none", "kept_none_", name);
	view_flag(list, "is_due", which == OUV_KEPT_DUE);
	view_flag(list, "is_hold", which == OUV_KEPT_HOLD);
	view_flag(list, "is_waiting", which == OUV_KEPT_WAITING);
	view_flag(list, "is_erased", which == OUV_KEPT_ERASED);
	view_flag(list, "has_rows", page.count > 0);
	json_object_set_new(list, "rows", rows);
	add_more(request, list, name, page.after);
	json_array_append_new(lists, list);
	return OUV_OK;
}

static enum ouv_err
add_lists(struct request *request, struct ouv_desk *desk, json_t *lists,
	bool *one_out)
{
	const char *name = form_get(&request->query_form, "list");
	const char *after = form_get(&request->query_form, "after");
	enum ouv_err err = OUV_OK;

	*one_out = name != NULL;
	for (int i = 0; name != NULL && i < OUV_KEPT__COUNT; i++)
		if (strcmp(ouv_kept_list_name((enum ouv_kept_list)i), name) ==
			0)
			return add_list(request, desk, lists,
				(enum ouv_kept_list)i, after, MANY);
	if (name != NULL)
		return OUV_NOT_FOUND;
	for (int i = 0; err == OUV_OK && i < OUV_KEPT__COUNT; i++)
		err = add_list(
			request, desk, lists, (enum ouv_kept_list)i, NULL, FEW);
	return err;
}

static void
add_counts(json_t *data, const struct ouv_kept_counts *counts)
{
	view_number(data, "due_count", counts->of[OUV_KEPT_DUE]);
	view_number(data, "now_count", counts->now);
	view_number(data, "hold_count", counts->of[OUV_KEPT_HOLD]);
	view_number(data, "waiting_count", counts->of[OUV_KEPT_WAITING]);
	view_number(data, "erased_count", counts->of[OUV_KEPT_ERASED]);
	view_number(data, "days", OUV_KEPT_DAYS);
}

void
page_retention(struct request *request)
{
	struct ouv_kept_counts counts = { 0 };
	struct ouv_loose_page loose = { 0 };
	json_t *data, *lists = json_array();
	struct ouv_desk *desk;
	bool is_one = false;
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK)
		err = add_lists(request, desk, lists, &is_one);
	if (err == OUV_OK)
		err = ouv_desk_kept_counts(desk, &counts);
	if (err == OUV_OK)
		err = ouv_desk_loose(
			desk, request->arena, request->actor, 0, &loose);
	if (err != OUV_OK) {
		json_decref(lists);
		page_error_desk(
			request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
		return;
	}
	data = view_base(request, "kept_title");
	view_line(data, "here", HERE);
	view_flag(data, "is_one", is_one);
	add_counts(data, &counts);
	view_number(data, "loose_count", loose.now);
	json_object_set_new(data, "lists", lists);
	reply_page(request, 200, "retention", data);
}

/* ---- what is left of an erased case -----------------------------------------
 */

bool
page_tombstone(struct request *request)
{
	struct ouv_tombstone stone;
	struct ouv_desk *desk;
	json_t *data;

	if (desk_here(request->server, &desk) != OUV_OK ||
		ouv_desk_tombstone(desk, request->arena, request->args[0],
			&stone) != OUV_OK)
		return false;
	data = view_base(request, "erased_title");
	view_flag(data, "at_worklist", true);
	view_line(data, "here",
		ouv_arena_printf(request->arena, "/cases/%s", stone.protocol));
	view_line(data, "protocol", stone.protocol);
	view_time(request, data, "opened_at", stone.opened_at);
	view_time(request, data, "closed_at", stone.closed_at);
	view_time(request, data, "erased_at", stone.erased_at);
	move_code(request, data, "kind", "case_", stone.kind);
	move_code(request, data, "merit", "merit_", stone.merit);
	move_code(request, data, "resolution", "resolution_", stone.resolution);
	reply_page(request, 200, "erased", data);
	return true;
}
