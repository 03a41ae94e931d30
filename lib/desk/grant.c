/*
 * grant.c - the key of a case for one more colleague, by one who holds it
 *
 * The box is made in the session of whoever gives it, and signed by them.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "grant.h"

enum ouv_err
grant_colleague(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	const struct colleague **out)
{
	/* With whoever certified them: one row alone leads to nobody. */
	struct store_person *row = ouv_arena_array(arena, 2, sizeof(*row));
	struct colleague *list;
	size_t count;

	TRY(store_person_by_id(tx, arena, person, row));
	if (!row->active)
		return OUV_NOT_FOUND;
	TRY(store_person_by_id(tx, arena, &row->cert_admin, &row[1]));
	keys_certified(desk, arena, row, 2, &list, &count);
	if (count == 0 || !ouv_id_equal(&list->id, person))
		return OUV_REFUSED;
	*out = list;
	return OUV_OK;
}

/* Whoever the database says somebody is, the certificate must say it too. */
enum ouv_err
grant_certified(struct verb_call *call, const struct ouv_id *person,
	const struct colleague **out)
{
	return grant_colleague(call->desk, call->tx, call->arena, person, out);
}

enum ouv_err
grant_seal(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_actor *actor, const struct casefile *file,
	const struct colleague *to, const char *why)
{
	struct store_grant grant;

	casefile_grant(desk, file, &to->id, to->pk, &actor->person,
		actor->identity->sign, &grant);
	TRY(store_grant_add(tx, &grant, why));
	/* Whoever gives it and whoever gets it are two. */
	return store_tasks_settled(
		tx, &file->id, "few-holders", NULL, &actor->person);
}

/* The case of a call, as the key that is given names it. */
enum ouv_err
grant_seal_call(
	struct verb_call *call, const struct colleague *to, const char *why)
{
	struct casefile file = { .id = call->file->id,
		.version = call->opened->c.key_version };
	enum ouv_err err;

	memcpy(file.csk, call->opened->csk, sizeof(file.csk));
	err = grant_seal(call->desk, call->tx, call->actor, &file, to, why);
	casefile_wipe(&file);
	return err;
}

static enum ouv_err
log_given(struct verb_call *call, const struct ouv_id *person, const char *why)
{
	json_t *doc = json_pack("{s:s}", "why", why);
	char *text = json_dumps(doc, JSON_COMPACT);
	enum ouv_err err = log_case_details(call->desk, call->tx, call->arena,
		call->file, &call->actor->person, "grant", person,
		(struct ouv_str){ text, strlen(text) });

	free(text);
	json_decref(doc);
	return err;
}

enum ouv_err
grant_give(struct verb_call *call, const struct ouv_id *person, const char *why)
{
	const struct colleague *to;

	TRY(grant_certified(call, person, &to));
	TRY(grant_seal_call(call, to, why));
	return log_given(call, person, why);
}

enum ouv_err
grant_person(struct verb_call *call, const char *login, struct ouv_id *out)
{
	struct store_person person;

	TRY(store_person_by_login(call->tx, call->arena, login, &person));
	*out = person.id;
	return OUV_OK;
}
