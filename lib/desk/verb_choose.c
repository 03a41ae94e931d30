/*
 * verb_choose.c - a party's choice among the options
 *
 * One side's choice alone moves nothing and the other does not learn of it.
 * Once both have chosen the same there is an agreement; who wants none of the
 * options ends the search for one.
 */
#include <stdlib.h>
#include <string.h>

#include "settle.h"

/* clang-format off */
static const char *const numbers[] = { "1", "2", "3", "4", "5", "0", NULL };
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	{ .name = "choice",
		.kind = OUV_FIELD_WORD,
		.required = true,
		.words = numbers },
	{ .name = NULL },
};

static const struct store_option *
chosen(struct verb_call *call, const struct store_option *list, size_t count,
	int n)
{
	for (size_t i = 0; i < count; i++)
		if (n == 0 || list[i].n == n)
			return &list[i];
	verb_error(call, "choice", "unknown");
	return NULL;
}

static void
follow(struct verb_call *call, enum ouv_action action, enum ouv_role role)
{
	call->move->then = action;
	call->move->then_role = role;
}

/* What it comes to, now that this one is written. */
static enum ouv_err
weigh(struct verb_call *call, const struct store_option *option, int side,
	int n)
{
	struct moving *move = call->move;
	int choice[SIDES];

	TRY(store_choices(call->tx, &move->m.case_id, &choice[CONSUMER],
		&choice[COMPANY]));
	if (n == 0) {
		follow(call, OUV_ACTION_NO_AGREEMENT, move->role);
		return OUV_OK;
	}
	if (choice[CONSUMER] == choice[COMPANY]) {
		follow(call, OUV_ACTION_ACCEPT, move->role);
		return OUV_OK;
	}
	move->text[side] =
		side == COMPANY ? "choice-noted-company" : "choice-noted";
	settle_one(call, side, "n", json_integer(n));
	if (choice[1 - side] < 0)
		return OUV_OK;
	return settle_task(call, "options-differ", &option->item);
}

static enum ouv_err
run(struct verb_call *call)
{
	struct moving *move = call->move;
	int side = move->role == OUV_ROLE_COMPANY ? COMPANY : CONSUMER;
	struct store_choice choice = {
		.n = (int)strtol(move_text(call, "choice", 1), NULL, 10),
		.side = side == COMPANY ? "company" : "consumer",
		.source = move->source,
		.at = call->now
	};
	const struct store_option *option;
	struct store_option *list;
	size_t count;

	TRY(store_options(
		call->tx, call->arena, &move->m.case_id, &list, &count));
	option = chosen(call, list, count, choice.n);
	if (option == NULL)
		return OUV_INVALID;
	choice.round = option->round;
	TRY(store_choice_set(call->tx, &move->m.case_id, &choice));
	return weigh(call, option, side, choice.n);
}

const struct verb verb_choose = { "choose", OUV_ACTION_CHOOSE, run, false,
	fields };
