/*
 * verb_withhold.c - what was released is taken back: its keys are destroyed
 */
#include <stdlib.h>
#include <string.h>

#include "release.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "which",
		.kind = OUV_FIELD_NUMBER,
		.required = true,
		.most = 10000 },
	{ .name = "reason", .kind = OUV_FIELD_WORDS, .most = 2000 },
	{ .name = NULL },
};

static enum ouv_err
run(struct verb_call *call)
{
	long n = strtol(move_text(call, "which", 1), NULL, 10);
	struct store_disclosure *list;
	size_t count;

	TRY(store_disclosures(
		call->tx, call->arena, &call->file->id, &list, &count));
	if (n < 1 || (size_t)n > count) {
		verb_error(call, "which", "unknown");
		return OUV_INVALID;
	}
	if (list[n - 1].revoked_at != 0) {
		verb_error(call, "which", "over");
		return OUV_INVALID;
	}
	call->object = list[n - 1].id;
	call->move->reason = move_text(call, "reason", 1);
	return store_disclosure_revoke(call->tx, &call->file->id, (int)n,
		&call->actor->person, call->now);
}

const struct verb verb_withhold = { "withhold", OUV_ACTION_WITHHOLD, run, false,
	fields };
