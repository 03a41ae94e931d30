/*
 * view_away.c - who of a case is away, and to whom it can be handed over
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/id.h"

#include "calendar.h"

/* A notice that names no day counts so long. */
#define UNDATED_DAYS 14

/* clang-format off */
static const struct sheet_field
	assign_fields[] = { { "to", "assign_to" }, { NULL, NULL } },
	no_fields[] = { { NULL, NULL } };
/* clang-format on */

/* ---- what a party's own notice says ----------------------------------------
 */

static bool
is_in_force(const struct ouv_item_view *item, int32_t today)
{
	const struct ouv_mail_absence *a = &item->mail.absence;
	int32_t day;

	if (a->back != NULL && view_day_typed(OUV_LANG_EN, a->back, &day))
		return today < day;
	if (a->until != NULL && view_day_typed(OUV_LANG_EN, a->until, &day))
		return today <= day;
	return today < ouv_clock_day(item->at) + UNDATED_DAYS;
}

/* The last that this side sent; NULL: none, or no longer in force.  Automatic
 * mail is in nobody's lane, so the party tells whose it is. */
static const struct ouv_item_view *
latest(const struct ouv_case_view *view, const char *side)
{
	for (size_t i = view->item_count; i-- > 0;) {
		const struct ouv_item_view *item = &view->items[i];

		if (item->mail.has_absence && view_is_incoming(item) &&
			item->side != NULL && strcmp(item->side, side) == 0)
			return is_in_force(item, ouv_clock_today()) ? item
								    : NULL;
	}
	return NULL;
}

/* One form for each address that our last letter may go to as well. */
static json_t *
offers(struct sheet *sheet, const struct ouv_item_view *item)
{
	const struct ouv_mail_addrs *instead = &item->mail.absence.instead;
	struct ouv_arena *arena = sheet->request->arena;
	json_t *list = json_array();
	char hex[OUV_ID_HEX];

	ouv_id_hex(&item->id, hex);
	for (size_t i = 0; i < instead->count; i++) {
		const char *to = ouv_arena_printf(arena, "%zu", i);
		const char *typed = sheet_typed(sheet, "to");
		json_t *one;

		if (i >= 32 || (item->substitutes & (1U << i)) == 0)
			continue;
		one = sheet_form(sheet, "substitute",
			ouv_arena_printf(arena, "substitute-%zu", i),
			typed != NULL && strcmp(typed, to) == 0, no_fields);
		view_line(one, "item", hex);
		view_line(one, "to", to);
		view_line(one, "addr", instead->list[i].addr);
		json_array_append_new(list, one);
	}
	return list;
}

static void
add_notice(struct sheet *sheet, const json_t *data, json_t *list,
	const struct ouv_case_view *view, const char *side)
{
	const struct ouv_item_view *item = latest(view, side);
	const struct ouv_mail_addrs *from;
	const char *name = "", *addr = "";
	json_t *one;

	if (item == NULL)
		return;
	from = &item->mail.from;
	if (from->count > 0) {
		name = from->list[0].name;
		addr = from->list[0].addr;
	}
	one = json_object();
	view_mail_absence(sheet->request, one, &item->mail);
	view_line(one, "away_who", *name != '\0' ? name : addr);
	view_code(sheet->request, one, "side", "lane_", side);
	view_line(one, "item_path",
		view_item_path(sheet->request, data, sheet->path, item->seq));
	/* Nobody else gets a consumer's letters: none of them is offered. */
	json_object_set_new(one, "offers", offers(sheet, item));
	json_array_append_new(list, one);
}

/* ---- our own ---------------------------------------------------------------
 */

static void
add_owner(const struct request *request, json_t *data,
	const struct ouv_case_view *view)
{
	const struct ouv_absence *away = view->owner_away;

	view_flag(data, "has_owner_away", away != NULL);
	view_line(data, "owner_away", away != NULL ? away->name : "");
	view_day(
		request, data, "owner_last", away != NULL ? away->last_day : 0);
	view_line(data, "stand_in", view->stand_in);
	view_flag(data, "has_stand_in", view->stand_in != NULL);
}

static json_t *
candidates(const struct sheet *sheet, const struct ouv_case_view *view)
{
	const char *typed = sheet_is_mine(sheet, "assign", true)
				    ? sheet_typed(sheet, "to")
				    : NULL;
	json_t *list = json_array();

	for (size_t i = 0; i < view->candidate_count; i++) {
		const struct ouv_candidate *who = &view->candidates[i];
		json_t *one = json_object();

		view_line(one, "value", who->login);
		view_line(one, "name", who->name);
		view_flag(one, "is_away", who->away);
		view_day(sheet->request, one, "back", who->back_day);
		view_flag(one, "is_current",
			typed != NULL && strcmp(typed, who->login) == 0);
		json_array_append_new(list, one);
	}
	return list;
}

/* Whose the case was when its reader saw it: what they were told of since is
 * seen as well. */
static void
add_seen(const struct sheet *sheet, json_t *form, const char *verb,
	const struct ouv_case_view *view)
{
	const bool back = sheet_is_mine(sheet, verb, true) &&
			  sheet->trouble->status != 409 &&
			  sheet_typed(sheet, "owner") != NULL;
	char hex[OUV_ID_HEX];

	ouv_id_hex(&view->owner, hex);
	view_flag(form, "is_told", sheet_is_mine(sheet, verb, true));
	view_line(form, "owner_seen", back ? sheet_typed(sheet, "owner") : hex);
	view_line(form, "since",
		back && sheet_typed(sheet, "since") != NULL
			? sheet_typed(sheet, "since")
			: ouv_arena_printf(
				  sheet->request->arena, "%d", view->line.rev));
}

void
view_hand_over(
	struct sheet *sheet, json_t *data, const struct ouv_case_view *view)
{
	json_t *assign = json_false(), *conflict = json_false();

	if (view->may_assign) {
		assign = sheet_form(
			sheet, "assign", "assign", true, assign_fields);
		json_object_set_new(
			assign, "candidates", candidates(sheet, view));
		view_flag(assign, "has_candidates", view->candidate_count > 0);
		add_seen(sheet, assign, "assign", view);
	}
	if (view->may_conflict) {
		conflict = sheet_form(
			sheet, "conflict", "conflict", true, no_fields);
		add_seen(sheet, conflict, "conflict", view);
	}
	json_object_set_new(data, "assign", assign);
	json_object_set_new(data, "conflict", conflict);
	view_flag(
		data, "has_hand_over", view->may_assign || view->may_conflict);
	view_flag(data, "is_in_conflict", view->in_conflict);
}

void
view_away(struct sheet *sheet, json_t *data, const struct ouv_case_view *view)
{
	json_t *list = json_array();

	add_owner(sheet->request, data, view);
	add_notice(sheet, data, list, view, "consumer");
	add_notice(sheet, data, list, view, "company");
	json_object_set_new(data, "notices", list);
}
