/*
 * view_file.c - the file as evidence: its index, who was shown it and for how
 * long, opinions, the cases it is tied to
 */
#include <string.h>

#include "ouv/hearing.h"

#include "move.h"

static void
add_evidence(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_mediation *m)
{
	const char *path = view_case_path(request, &view->line);
	json_t *list = json_array();

	for (size_t i = 0; i < m->evidence_count; i++) {
		const struct ouv_evidence_view *e = &m->evidence[i];
		json_t *one = json_object();

		view_number(one, "evidence_n", e->n);
		view_line(one, "evidence_title", e->title);
		move_code(request, one, "side", "side_", e->side);
		view_number(one, "item_seq", e->item_seq);
		view_flag(one, "has_item_seq", e->item_seq > 0);
		view_line(one, "item_path",
			view_item_path(request, data, path, e->item_seq));
		view_flag(one, "is_part", e->part >= 0);
		view_time(request, one, "added_at", e->added_at);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_evidence", m->evidence_count > 0);
	view_number(data, "evidence_count", (int64_t)m->evidence_count);
	json_object_set_new(data, "evidence", list);
}

/* Answered, let it lapse, or has time yet. */
static json_t *
make_hearing(const struct request *request, const struct ouv_hearing_view *h)
{
	json_t *one = json_object();

	view_number(one, "round", h->round);
	move_code(request, one, "side", "side_", h->side);
	view_number(one, "last_n", h->last_n);
	view_number(one, "days", h->days);
	view_time(request, one, "shown_at", h->sent_at);
	view_time(request, one, "shown_due", h->due_at);
	view_time(request, one, "answered_at", h->answered_at);
	view_time(request, one, "lapsed_at",
		h->answered_at == 0 ? h->lapsed_at : 0);
	view_flag(one, "is_waiting", h->answered_at == 0 && h->lapsed_at == 0);
	return one;
}

/* What still lacks of each side, for "heard" to hold. */
static void
add_lacks(const struct request *request, json_t *data,
	const struct ouv_mediation *m)
{
	static const char *const sides[] = { "consumer", "company" };
	json_t *list = json_array();

	for (size_t side = 0; !m->heard && side < 2; side++)
		for (int i = 0; i < OUV_HEARING_LACK__COUNT; i++) {
			json_t *one;

			if ((m->lacks[side] & (1U << i)) == 0)
				continue;
			one = json_object();
			move_code(request, one, "side", "side_", sides[side]);
			move_code(request, one, "lack", "lack_",
				ouv_hearing_lack_name(
					(enum ouv_hearing_lack)i));
			json_array_append_new(list, one);
		}
	view_flag(data, "has_lacks", json_array_size(list) > 0);
	json_object_set_new(data, "lacks", list);
}

static void
add_hearings(const struct request *request, json_t *data,
	const struct ouv_mediation *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->hearing_count; i++)
		json_array_append_new(
			list, make_hearing(request, &m->hearings[i]));
	view_flag(data, "has_hearings", m->hearing_count > 0);
	json_object_set_new(data, "hearings", list);
	view_flag(data, "is_heard", m->heard);
	add_lacks(request, data, m);
}

static void
add_opinions(const struct request *request, json_t *data,
	const struct ouv_mediation *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->opinion_count; i++) {
		const struct ouv_opinion_view *o = &m->opinions[i];
		json_t *one = json_object();

		move_code(request, one, "opinion", "opinion_", o->kind);
		move_code(request, one, "opinion_merit", "merit_", o->merit);
		move_body(one, "opinion_words", o->words);
		move_line(one, "opinion_author", o->author);
		move_line(one, "opinion_reader", o->reader);
		view_time(request, one, "opinion_at", o->at);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_opinions", m->opinion_count > 0);
	json_object_set_new(data, "opinions", list);
}

static json_t *
make_link(const struct request *request, const struct ouv_case_view *view,
	const struct ouv_link_view *link)
{
	json_t *one = json_object();

	move_code(request, one, "link_kind",
		link->outward ? "link_out_" : "link_in_", link->kind);
	move_line(one, "link_case", link->protocol);
	view_line(one, "link_path",
		ouv_arena_printf(request->arena, "/cases/%s",
			link->protocol != NULL ? link->protocol : ""));
	view_time(request, one, "linked_at", link->at);
	view_line(one, "unlink_path",
		ouv_arena_printf(request->arena, "%s/do/unlink?to=%s",
			view_case_path(request, &view->line),
			link->protocol != NULL ? link->protocol : ""));
	return one;
}

void
view_file(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_mediation *m)
{
	json_t *links = json_array();

	add_evidence(request, data, view, m);
	add_hearings(request, data, m);
	add_opinions(request, data, m);
	for (size_t i = 0; i < m->link_count; i++)
		json_array_append_new(
			links, make_link(request, view, &m->links[i]));
	view_flag(data, "has_links", m->link_count > 0);
	json_object_set_new(data, "links", links);
	view_flag(data, "has_file",
		m->evidence_count > 0 || m->hearing_count > 0);
}
