/*
 * mv_file.c - evidence, hearing, opinions and links of a case, for its page
 */
#include "move.h"
#include "ouv/clock.h"

static enum ouv_err
evidence(struct mv *mv)
{
	struct ouv_mediation *out = mv->out;
	struct store_evidence *list;
	size_t count;

	TRY(store_evidence(
		mv->tx, mv->arena, &mv->opened->c.id, &list, &count));
	out->evidence =
		ouv_arena_array(mv->arena, count, sizeof(*out->evidence));
	for (size_t i = 0; i < count; i++) {
		struct ouv_evidence_view *view =
			&out->evidence[out->evidence_count];

		if (list[i].removed_at != 0)
			continue;
		*view = (struct ouv_evidence_view){ .n = list[i].n,
			.item_seq = list[i].item_seq,
			.part = list[i].part,
			.side = list[i].side,
			.added_at = list[i].added_at };
		TRY(mv_words(mv, &list[i].title, &view->title));
		out->evidence_count++;
	}
	return OUV_OK;
}

static enum ouv_err
hearings(struct mv *mv)
{
	struct ouv_mediation *out = mv->out;
	struct store_hearing_row *list;
	struct ouv_hearing h;

	TRY(store_hearings(mv->tx, mv->arena, &mv->opened->c.id, &list,
		&out->hearing_count));
	out->hearings = ouv_arena_array(
		mv->arena, out->hearing_count, sizeof(*out->hearings));
	for (size_t i = 0; i < out->hearing_count; i++)
		out->hearings[i] = (struct ouv_hearing_view){
			.round = list[i].round,
			.side = list[i].side,
			.last_n = list[i].last_n,
			.days = list[i].days,
			.sent_at = list[i].sent_at,
			.due_at = list[i].due_at,
			.answered_at = list[i].answered_at,
			.lapsed_at = list[i].lapsed_at,
		};
	TRY(store_hearing(mv->tx, &mv->opened->c.id, ouv_clock_now(), &h));
	out->heard = ouv_hearing_heard(&h);
	for (int side = 0; side < SIDES; side++)
		out->lacks[side] = ouv_hearing_lacks(&h, side);
	return OUV_OK;
}

static enum ouv_err
opinions(struct mv *mv)
{
	struct ouv_mediation *out = mv->out;
	struct store_opinion *list;

	TRY(store_opinions(mv->tx, mv->arena, &mv->opened->c.id, &list,
		&out->opinion_count));
	out->opinions = ouv_arena_array(
		mv->arena, out->opinion_count, sizeof(*out->opinions));
	for (size_t i = 0; i < out->opinion_count; i++) {
		struct ouv_opinion_view *view = &out->opinions[i];

		*view = (struct ouv_opinion_view){ .n = list[i].n,
			.kind = list[i].kind,
			.merit = list[i].merit,
			.author = list[i].author_name,
			.reader = list[i].reader_name,
			.at = list[i].at };
		TRY(mv_words(mv, &list[i].item, &view->words));
	}
	return OUV_OK;
}

static enum ouv_err
links(struct mv *mv)
{
	struct ouv_mediation *out = mv->out;
	struct store_link *list;

	TRY(store_links(mv->tx, mv->arena, &mv->opened->c.id,
		&mv->actor->person, &list, &out->link_count));
	out->links = ouv_arena_array(
		mv->arena, out->link_count, sizeof(*out->links));
	for (size_t i = 0; i < out->link_count; i++)
		out->links[i] = (struct ouv_link_view){ .id = list[i].id,
			.kind = list[i].kind,
			.protocol = list[i].protocol,
			.outward = list[i].outward,
			.at = list[i].at };
	return OUV_OK;
}

enum ouv_err
mv_file(struct mv *mv)
{
	TRY(evidence(mv));
	TRY(hearings(mv));
	TRY(opinions(mv));
	return links(mv);
}
