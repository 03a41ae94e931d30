/*
 * verb_unlink.c - a link with another case is taken back
 */
#include <string.h>

#include "opine.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "to", .kind = OUV_FIELD_PROTOCOL, .required = true },
	{ .name = "reason", .kind = OUV_FIELD_WORDS, .most = 2000 },
	{ .name = NULL },
};

/* While the consumer owes data these stand still anyway. */
#define PAUSED_IN_INFO \
	(OUV_CLOCK_BIT(OUV_CLOCK_TOTAL) | OUV_CLOCK_BIT(OUV_CLOCK_REFUSAL))

/* The case goes on by itself again. */
static enum ouv_err
go_on(struct verb_call *call)
{
	const struct store_mediation *m = &call->move->m;
	uint32_t clocks = ouv_state_info(m->state)->clocks;
	bool unread;

	TRY(task_waits(call, "read-answer", &unread));
	if (m->state == OUV_STATE_INFO)
		clocks &= ~PAUSED_IN_INFO;
	if (unread) /* until the company's answer has been read */
		clocks &= ~OUV_CLOCK_BIT(OUV_CLOCK_COMPANY);
	for (int c = 0; c < OUV_CLOCK__COUNT; c++)
		if ((clocks & OUV_CLOCK_BIT(c)) != 0)
			TRY(clock_resume(call->desk, call->tx, call->arena,
				&m->case_id, (enum ouv_clock)c, call->now));
	return OUV_OK;
}

static enum ouv_err
undo(struct verb_call *call, const struct store_link *link)
{
	const struct ouv_id *here = &call->move->m.case_id;

	call->object = link->other;
	TRY(store_link_undo(call->tx, &link->id, here, &call->actor->person));
	TRY(log_existing(call->desk, call->tx, call->arena, &link->other,
		&call->actor->person, ouv_action_name(OUV_ACTION_UNLINK),
		here));
	if (strcmp(link->kind, "merge") == 0 && link->outward)
		return go_on(call);
	return OUV_OK;
}

static enum ouv_err
run(struct verb_call *call)
{
	const char *reason = move_text(call, "reason", 1);
	char protocol[OUV_PROTOCOL_MAX] = "";
	struct store_link *list;
	size_t count;

	(void)!ouv_protocol_parse(move_text(call, "to", 1), protocol);
	TRY(store_links(call->tx, call->arena, &call->move->m.case_id,
		&call->actor->person, &list, &count));
	if (*reason != '\0')
		call->move->reason = reason;
	/* The latest first. */
	for (size_t i = count; i-- > 0;) {
		const struct store_link *link = &list[i];

		if (link->protocol == NULL ||
			strcmp(link->protocol, protocol) != 0)
			continue;
		/* A merge is taken back from the case that was merged. */
		if (strcmp(link->kind, "merge") == 0 && !link->outward)
			continue;
		return undo(call, link);
	}
	verb_error(call, "to", "unknown");
	return OUV_INVALID;
}

const struct verb verb_unlink = { "unlink", OUV_ACTION_UNLINK, run, false,
	fields };
