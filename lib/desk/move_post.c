/*
 * move_post.c - a move whose letter goes on paper: its reader's time begins
 * when the letter is delivered
 *
 * Until somebody knows the day, it counts from the day on which such a letter
 * counts as arrived (the profile's limit "post").  The letter names no date
 * then: it says how many days there are from the day it arrives.
 */
#include <string.h>

#include "clock.h"
#include "frame.h"

/* clang-format off */
static const struct {
	const char *text;
	int side;
	enum ouv_clock clock;
} begins[] = {
	{ "questions", CONSUMER, OUV_CLOCK_INFO },
	{ "answer", CONSUMER, OUV_CLOCK_CONSUMER },
	{ "notice", COMPANY, OUV_CLOCK_COMPANY },
	{ "forward-company", COMPANY, OUV_CLOCK_FEEDBACK },
};
/* clang-format on */

bool
post_clock_of(const char *text, int *side_out, enum ouv_clock *clock_out)
{
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (strcmp(begins[i].text, text) != 0)
			continue;
		*side_out = begins[i].side;
		*clock_out = begins[i].clock;
		return true;
	}
	return false;
}

/* Which side's letter begins a clock of this move. */
static bool
find(const struct moving *move, int *side_out, enum ouv_clock *clock_out)
{
	for (int side = 0; side < SIDES; side++)
		if (move->text[side] != NULL &&
			post_clock_of(move->text[side], side_out, clock_out) &&
			*side_out == side &&
			(move->row->start & OUV_CLOCK_BIT(*clock_out)) != 0)
			return true;
	return false;
}

static enum ouv_err
shift(struct verb_call *call, struct moving *move, struct store_clock *clock)
{
	int64_t from;

	TRY(post_presumed(call->desk, call->tx, clock->profile, clock->calendar,
		call->now, &from));
	TRY(clock_again(call->desk, call->tx, clock, from, call->now));
	move->paper.clock = clock->kind;
	move->paper.round = clock->round;
	move->paper.term.amount = clock->amount;
	return ouv_unit_parse(clock->unit, &move->paper.term.unit);
}

enum ouv_err
move_on_paper(struct verb_call *call, struct frame *frame)
{
	static const char *const names[SIDES] = { "consumer", "company" };
	struct moving *move = &frame->move;
	struct store_clock *list;
	struct readers readers;
	enum ouv_clock kind;
	size_t count;
	int side;

	if (move->until != 0 || !find(move, &side, &kind))
		return OUV_OK;
	TRY(readers_load(call, names[side], &readers));
	if (readers.count == 0 || !readers.list[0].by_post)
		return OUV_OK;
	TRY(store_clocks(
		call->tx, call->arena, &move->m.case_id, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (list[i].kind == kind && list[i].n == 0 &&
			list[i].state == STORE_CLOCK_RUNNING &&
			strcmp(list[i].unit, DATE_UNIT) != 0) {
			move->paper.side = side;
			return shift(call, move, &list[i]);
		}
	return OUV_OK;
}
