/*
 * grant_many.c - the keys of several cases at once, in one session
 *
 * What fell due when no holder was there, the step of a form that gives a
 * colleague many, and what somebody leaves to their substitute.
 */
#include <string.h>

#include "grant.h"
#include "ouv/log.h"

/* Looked at by a page, so that it stays quick. */
#define DUE_MOST 20

/* Certificates are asked once for each of those who get keys. */
struct known {
	struct ouv_id id;
	const struct colleague *who; /* NULL: gets none */
};

static enum ouv_err
find(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, struct known *known)
{
	enum ouv_err err;

	if (ouv_id_equal(&known->id, person))
		return OUV_OK;
	known->id = *person;
	known->who = NULL;
	err = keys_colleague(desk, tx, arena, person, &known->who);
	return err == OUV_NOT_FOUND || err == OUV_REFUSED ? OUV_OK : err;
}

static enum ouv_err
give_one(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct store_grant_due *due,
	const struct colleague *to, const char *why)
{
	struct casefile file = { .id = due->case_id,
		.version = due->key_version };
	struct ouv_context context;
	enum ouv_err err;

	TRY(keys_case(
		desk, tx, &due->case_id, due->key_version, NULL, 0, file.cpk));
	context_make(desk, OUV_KIND_CASE_KEY, OUV_COLUMN_PERSON, &due->case_id,
		&actor->person, due->key_version, &context);
	TRY(ouv_open_key(&context, actor->identity->box, due->box,
		sizeof(due->box), file.csk));
	err = grant_seal(desk, tx, actor, &file, to, why);
	casefile_wipe(&file);
	if (err != OUV_OK)
		return err;
	return log_existing(desk, tx, arena, &due->case_id, &actor->person,
		"grant", &to->id);
}

/* A case that does not open keeps nobody from the others. */
static enum ouv_err
give_or_skip(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const struct store_grant_due *due, const struct colleague *to,
	const char *why, size_t *given)
{
	enum ouv_err err = give_one(desk, tx, arena, actor, due, to, why);
	char hex[OUV_ID_HEX];

	if (err == OUV_OK)
		(*given)++;
	if (err != OUV_NOT_FOUND && err != OUV_REFUSED)
		return err;
	ouv_id_hex(&due->case_id, hex);
	ouv_log_error("case=%s does not open: its key is given to nobody", hex);
	return OUV_OK;
}

enum ouv_err
grant_many(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct store_grant_due *list,
	size_t count, const char *why, size_t *given_out)
{
	struct known known = { .who = NULL };

	*given_out = 0;
	for (size_t i = 0; i < count; i++) {
		TRY(find(desk, tx, arena, &list[i].person, &known));
		if (known.who != NULL)
			TRY(give_or_skip(desk, tx, arena, actor, &list[i],
				known.who, why != NULL ? why : list[i].why,
				given_out));
	}
	return OUV_OK;
}

enum ouv_err
grants_due(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_id *case_id)
{
	static const struct ouv_id any;
	struct store_grant_due *list;
	size_t count, given;

	TRY(store_grants_due(tx, arena, case_id != NULL ? case_id : &any,
		&actor->person, DUE_MOST, &list, &count));
	return grant_many(desk, tx, arena, actor, list, count, NULL, &given);
}

enum ouv_err
grants_to_substitute(struct verb_call *call, const struct ouv_id *owner,
	const struct ouv_id *substitute)
{
	struct store_keys_wish wish = { .holder = call->actor->person,
		.to = *substitute,
		.of = *owner,
		.which = "of" };
	struct store_grant_due *list;
	size_t count, given;

	TRY(store_keys_lacking(
		call->tx, call->arena, &wish, GRANT_STEP, &list, &count));
	TRY(grant_many(call->desk, call->tx, call->arena, call->actor, list,
		count, "substitute", &given));
	return store_grants_due_of(call->tx, owner, substitute);
}
