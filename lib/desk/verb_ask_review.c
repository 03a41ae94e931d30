/*
 * verb_ask_review.c - a side asks for a review: an error of fact, new evidence
 */
#include <string.h>

#include "opine.h"

/* clang-format off */
static const char *const grounds[] = { "error-of-fact", "new-evidence", NULL };
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	{ .name = "ground", .kind = OUV_FIELD_WORD, .words = grounds },
	{ .name = "text", .kind = OUV_FIELD_WORDS, .most = WORDS_MOST },
	{ .name = NULL },
};

/* A message says it in its own words: whoever decides reads them. */
static enum ouv_err
read(struct verb_call *call, const char *ground, const char *text)
{
	if (!settle_by_colleague(call))
		return OUV_OK;
	if (*ground == '\0')
		verb_error(call, "ground", "empty");
	if (*text == '\0')
		verb_error(call, "text", "empty");
	return call->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

static enum ouv_err
run(struct verb_call *call)
{
	struct moving *move = call->move;
	const char *ground = move_text(call, "ground", 1);
	const char *text = move_text(call, "text", 1);
	int asks = move->role == OUV_ROLE_COMPANY ? COMPANY : CONSUMER;

	TRY(read(call, ground, text));
	for (int side = 0; side < SIDES; side++) {
		settle_one(call, side, "you_asked", json_boolean(side == asks));
		settle_one(call, side, "is_error",
			json_boolean(strcmp(ground, grounds[0]) == 0));
		settle_one(call, side, "is_new",
			json_boolean(strcmp(ground, grounds[1]) == 0));
	}
	if (*ground != '\0')
		move->reason = ground;
	if (*text != '\0')
		TRY(words_keep(call, text, &call->object));
	return OUV_OK;
}

const struct verb verb_ask_review = { "ask-review", OUV_ACTION_ASK_REVIEW, run,
	false, fields };
