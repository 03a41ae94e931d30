/*
 * keys_give.c - a colleague gets the keys of many cases, step by step
 *
 * Each step is one request of somebody who can open them; what is left is asked
 * of the database each time, so that nothing has to be remembered between two.
 */
#include <string.h>

#include "grant.h"
#include "ouv/grants.h"

/* clang-format off */
static const char *const names[OUV_KEYS__COUNT] = {
	[OUV_KEYS_OPEN] = "open",
	[OUV_KEYS_MINE] = "mine",
	[OUV_KEYS_OF] = "of",
	[OUV_KEYS_DESK] = "desk",
	[OUV_KEYS_CLOSED] = "closed",
};
/* clang-format on */

const char *
ouv_keys_which_name(enum ouv_keys_which which)
{
	return names[which];
}

enum ouv_err
ouv_keys_which_parse(const char *name, enum ouv_keys_which *which_out)
{
	for (int i = 0; name != NULL && i < OUV_KEYS__COUNT; i++)
		if (strcmp(names[i], name) == 0) {
			*which_out = (enum ouv_keys_which)i;
			return OUV_OK;
		}
	return OUV_INVALID;
}

struct giving {
	const struct ouv_keys_wish *wish;
	struct store_keys_wish keys;
	struct ouv_keys_progress *progress;
};

static enum ouv_err
find(struct verb_call *call, const char *field, const char *login, bool here,
	struct ouv_id *out)
{
	struct store_person person;
	enum ouv_err err = *login == '\0'
				   ? OUV_NOT_FOUND
				   : store_person_by_login(call->tx,
					     call->arena, login, &person);

	if (err == OUV_OK && (person.active || !here)) {
		*out = person.id;
		return OUV_OK;
	}
	if (err == OUV_OK || err == OUV_NOT_FOUND) {
		verb_error(call, field, *login == '\0' ? "empty" : "unknown");
		return OUV_OK;
	}
	return err;
}

static enum ouv_err
check(struct verb_call *call, struct giving *g)
{
	enum ouv_keys_which which = OUV_KEYS__COUNT;

	g->keys.holder = call->actor->person;
	TRY(find(call, "to", g->wish->to, true, &g->keys.to));
	if (ouv_keys_which_parse(g->wish->which, &which) != OUV_OK)
		verb_error(call, "which",
			*g->wish->which == '\0' ? "empty" : "unknown");
	else
		g->keys.which = names[which];
	if (which == OUV_KEYS_OF)
		TRY(find(call, "of", g->wish->of, false, &g->keys.of));
	if (ouv_id_equal(&g->keys.to, &g->keys.holder))
		verb_error(call, "to", "not-yourself");
	return call->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

static enum ouv_err
step(struct verb_call *call, void *user)
{
	struct giving *g = user;
	struct store_grant_due *list;
	size_t count, given;

	TRY(check(call, g));
	TRY(store_keys_lacking(
		call->tx, call->arena, &g->keys, GRANT_STEP, &list, &count));
	TRY(grant_many(call->desk, call->tx, call->arena, call->actor, list,
		count, "batch", &given));
	/* Whoever has no certificate gets none however often it is tried. */
	if (given == 0 && count > 0) {
		verb_error(call, "to", "unknown");
		return OUV_INVALID;
	}
	g->progress->given = (int64_t)given;
	return store_keys_left(call->tx, &g->keys, &g->progress->left,
		&g->progress->conflicts);
}

static enum ouv_err
look(struct verb_call *call, struct giving *g)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	memset(call->result, 0, sizeof(*call->result));
	TRY(store_begin(call->desk->store, &tx));
	call->tx = tx;
	TRY(check(call, g));
	TRY(store_keys_left(call->tx, &g->keys, &g->progress->left,
		&g->progress->conflicts));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_keys_give(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_keys_wish *wish,
	struct ouv_keys_progress *progress_out,
	struct ouv_verb_result *result_out)
{
	struct verb_call call =
		change_call(desk, arena, actor, NULL, 0, result_out);
	struct giving g = { .wish = wish, .progress = progress_out };

	memset(progress_out, 0, sizeof(*progress_out));
	if (wish->dry)
		return look(&call, &g);
	memset(result_out, 0, sizeof(*result_out));
	if (!actor->stepped) {
		result_out->step_up = true;
		return OUV_REFUSED;
	}
	return change_once(&call, form_key, "keys-give", step, &g);
}
