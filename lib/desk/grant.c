/*
 * grant.c - the key of a case for one more colleague, by one who holds it
 *
 * The box is made in the session of whoever gives it, and signed by them.
 */
#include <string.h>

#include "move.h"

/* Whoever the database says somebody is, the certificate must say it too. */
enum ouv_err
grant_certified(struct verb_call *call, const struct ouv_id *person,
	const struct colleague **out)
{
	/* With whoever certified them: one row alone leads to nobody. */
	struct store_person *row =
		ouv_arena_array(call->arena, 2, sizeof(*row));
	struct colleague *list;
	size_t count;

	TRY(store_person_by_id(call->tx, call->arena, person, row));
	if (!row->active)
		return OUV_NOT_FOUND;
	for (size_t i = 0; i < call->colleague_count; i++)
		if (ouv_id_equal(&call->colleagues[i].id, person)) {
			*out = &call->colleagues[i];
			return OUV_OK;
		}
	TRY(store_person_by_id(
		call->tx, call->arena, &row->cert_admin, &row[1]));
	keys_certified(call->desk, call->arena, row, 2, &list, &count);
	if (count == 0 || !ouv_id_equal(&list->id, person))
		return OUV_REFUSED;
	*out = list;
	return OUV_OK;
}

enum ouv_err
grant_give(struct verb_call *call, const struct ouv_id *person)
{
	const struct store_case *c = &call->opened->c;
	struct ouv_cert cert = { .kind = OUV_CERT_GRANT,
		.tenant = call->desk->office->tenant,
		.subject = c->id,
		.extra = *person,
		.version = (uint32_t)c->key_version };
	struct store_grant grant = { .case_id = c->id,
		.person = *person,
		.granted_by = call->actor->person,
		.version = c->key_version };
	const struct colleague *to;
	struct ouv_context context;

	TRY(grant_certified(call, person, &to));
	context_make(call->desk, OUV_KIND_CASE_KEY, OUV_COLUMN_PERSON, &c->id,
		person, c->key_version, &context);
	ouv_seal_key(&context, to->pk, call->opened->csk, grant.box);
	ouv_hash("grant", grant.box, sizeof(grant.box), cert.a);
	ouv_cert_sign(&cert, call->actor->identity->sign, grant.sig);
	TRY(store_grant_add(call->tx, &grant));
	return log_case(call->desk, call->tx, call->file, &call->actor->person,
		"grant", person);
}

enum ouv_err
grant_person(struct verb_call *call, const char *login, struct ouv_id *out)
{
	struct store_person person;

	TRY(store_person_by_login(call->tx, call->arena, login, &person));
	*out = person.id;
	return OUV_OK;
}
