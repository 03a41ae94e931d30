/*
 * verb_link.c - cases that belong together: linked, or one going on in another
 *
 * A merge moves nothing: the duplicate stays readable, its clocks stand still,
 * what its parties write joins the case in which it goes on, and all of it can
 * be taken back.
 */
#include <string.h>

#include "opine.h"

/* clang-format off */
static const char *const kinds[] = { "linked", "follows", NULL };
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	{ .name = "to", .kind = OUV_FIELD_PROTOCOL, .required = true },
	{ .name = "kind",
		.kind = OUV_FIELD_WORD,
		.required = true,
		.words = kinds },
	{ .name = NULL },
};
static const struct ouv_field_decl merge_fields[] = {
	{ .name = "to", .kind = OUV_FIELD_PROTOCOL, .required = true },
	{ .name = NULL },
};

static enum ouv_err
wrong(struct verb_call *call, const char *code)
{
	verb_error(call, "to", code);
	return OUV_INVALID;
}

/* Whoever links holds a key to both. */
static enum ouv_err
find_other(struct verb_call *call, struct store_case *other_out)
{
	struct opened other;
	enum ouv_err err;

	err = open_case(call->desk, call->tx, call->arena, call->actor,
		move_text(call, "to", 1), &other);
	ouv_wipe(other.csk, sizeof(other.csk));
	if (err == OUV_NOT_FOUND)
		return wrong(call, "no-such-case");
	if (err == OUV_REFUSED)
		return wrong(call, "no-key");
	if (err != OUV_OK)
		return err;
	if (ouv_id_equal(&other.c.id, &call->move->m.case_id))
		return wrong(call, "same");
	if (other.c.protocol == NULL)
		return wrong(call, "no-such-case");
	TRY(hand_impartial(call->tx, &other.c.id, &call->actor->person));
	*other_out = other.c;
	return OUV_OK;
}

/* Does that case go on somewhere; is it already linked to this one? */
static enum ouv_err
links_of(struct verb_call *call, const struct ouv_id *case_id,
	const struct ouv_id *other, const char *kind, bool *merged_out,
	bool *linked_out)
{
	struct store_link *list;
	size_t count;

	*merged_out = *linked_out = false;
	TRY(store_links(call->tx, call->arena, case_id, &call->actor->person,
		&list, &count));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].kind, "merge") == 0 && list[i].outward)
			*merged_out = true;
		if (strcmp(list[i].kind, kind) == 0 &&
			ouv_id_equal(&list[i].other, other))
			*linked_out = true;
	}
	return OUV_OK;
}

static enum ouv_err
add(struct verb_call *call, const struct store_case *other, const char *kind)
{
	const struct ouv_id *here = &call->move->m.case_id;

	call->object = other->id;
	TRY(store_link_add(
		call->tx, here, &other->id, kind, &call->actor->person));
	return log_existing(call->desk, call->tx, call->arena, &other->id,
		&call->actor->person, ouv_action_name(call->move->row->action),
		here);
}

static enum ouv_err
run(struct verb_call *call)
{
	const char *kind = move_text(call, "kind", 1);
	struct store_case other;
	bool merged, linked;

	TRY(find_other(call, &other));
	TRY(links_of(call, &call->move->m.case_id, &other.id, kind, &merged,
		&linked));
	return linked ? wrong(call, "same") : add(call, &other, kind);
}

const struct verb verb_link = { "link", OUV_ACTION_LINK, run, false, fields };

/* ---- one going on in another ----------------------------------------------
 */

static enum ouv_err
may_merge(struct verb_call *call, const struct store_case *other)
{
	const struct ouv_id *here = &call->move->m.case_id;
	bool here_merged, other_merged, linked, shared;

	if (!ouv_state_is_open(other->state) || other->state == OUV_STATE_HELD)
		return wrong(call, "not-open");
	TRY(links_of(call, here, &other->id, "merge", &here_merged, &linked));
	TRY(links_of(call, &other->id, here, "merge", &other_merged, &linked));
	if (here_merged || other_merged)
		return wrong(call, "merged");
	TRY(store_link_shared(call->tx, here, &other->id, &shared));
	return shared ? OUV_OK : wrong(call, "other-party");
}

static enum ouv_err
run_merge(struct verb_call *call)
{
	struct store_case other;

	TRY(find_other(call, &other));
	TRY(may_merge(call, &other));
	call->move->text[CONSUMER] = "merged";
	settle_one(
		call, CONSUMER, "into_protocol", json_string(other.protocol));
	return add(call, &other, "merge");
}

const struct verb verb_merge = { "merge", OUV_ACTION_MERGE, run_merge, false,
	merge_fields };
