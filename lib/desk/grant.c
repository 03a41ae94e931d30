/*
 * grant.c - the key of a case for one more colleague, by one who holds it
 *
 * The box is made in the session of whoever gives it, and signed by them.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "grant.h"
#include "ouv/log.h"

#define REASON_MOST 500

const struct ouv_field_decl grant_fields[] = {
	{ .name = "person", .kind = OUV_FIELD_PERSON, .required = true },
	{ .name = "reason",
		.kind = OUV_FIELD_WORDS,
		.required = true,
		.most = REASON_MOST },
	{ .name = NULL },
};

/* Whoever the database says somebody is, the certificate must say it too. */
enum ouv_err
grant_certified(struct verb_call *call, const struct ouv_id *person,
	const struct colleague **out)
{
	return keys_colleague(call->desk, call->tx, call->arena, person, out);
}

enum ouv_err
grant_seal(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_actor *actor, const struct casefile *file,
	const struct colleague *to, const char *why)
{
	struct store_grant grant;

	TRY(keys_fit(desk, &file->id, file->csk, file->cpk));
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

	memcpy(file.cpk, call->file->cpk, sizeof(file.cpk));
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

/* ---- who goes on holding it ----------------------------------------------
 */

static void
tell_left_out(const struct ouv_id *person)
{
	char hex[OUV_ID_HEX];

	ouv_id_hex(person, hex);
	ouv_log_error("person=%s: no new key of a case is given to them", hex);
}

/* A row written into case_grant by hand makes no reader of anybody. */
static enum ouv_err
find_heir(struct verb_call *call, const struct store_grant *grant,
	const struct colleague **out)
{
	TRY(grant_signed(call->desk, call->tx, grant));
	return grant_certified(call, &grant->person, out);
}

enum ouv_err
grant_heirs(
	struct verb_call *call, struct colleague **list_out, size_t *count_out)
{
	struct colleague *list;
	struct store_grant *grants;
	size_t count, n = 0;

	TRY(store_rekey_grants(
		call->tx, call->arena, &call->file->id, &grants, &count));
	list = ouv_arena_array(call->arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		const struct colleague *heir;
		enum ouv_err err;

		if (ouv_id_is_zero(&grants[i].person))
			continue; /* the escrow's */
		err = find_heir(call, &grants[i], &heir);
		if (err == OUV_OK)
			list[n++] = *heir;
		else if (err == OUV_NOT_FOUND || err == OUV_REFUSED)
			tell_left_out(&grants[i].person);
		else
			return err;
	}
	*list_out = list;
	*count_out = n;
	return OUV_OK;
}
