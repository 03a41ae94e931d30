/*
 * invite.c - a way in for a colleague who has no password: new keys under a
 * code, certified by an administrator
 *
 * Nobody but the colleague chooses the password.  Until the code is used the
 * keys of before go on.
 */
#include <string.h>

#include "account.h"
#include "leave.h"

struct inviting {
	const struct ouv_actor *actor;
	struct ouv_ask *ask;
	struct ouv_arena *arena;
	struct ouv_leaving *leaving;
	struct store_person person;
	struct store_person_key key;
};

void
invite_make(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_identity *identity, struct store_person *person)
{
	uint8_t box[OUV_TOTP_BOX];

	ouv_box_public(identity->box, person->pk);
	ouv_sign_public(identity->sign, person->sig_pk);
	totp_make(desk, &person->id, person->pk, box);
	person->totp_box =
		(struct ouv_str){ ouv_arena_memdup(arena, box, sizeof(box)),
			sizeof(box) };
}

void
invite_certify(struct ouv_desk *desk, const struct ouv_id *admin,
	const uint8_t seed[OUV_KEY], struct store_person *person)
{
	struct ouv_cert cert = { .kind = OUV_CERT_PERSON,
		.tenant = desk->office->tenant,
		.subject = person->id };

	memcpy(cert.a, person->pk, sizeof(cert.a));
	memcpy(cert.b, person->sig_pk, sizeof(cert.b));
	person->cert_admin = *admin;
	ouv_cert_sign(&cert, seed, person->cert_sig);
}

static enum ouv_err
look_up(struct ouv_desk *desk, struct ouv_arena *arena, const char *login,
	struct inviting *i)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_person admin;

	TRY(store_begin(desk->store, &tx));
	TRY(store_person_by_id(tx, arena, &i->actor->person, &admin));
	TRY(store_person_by_login(tx, arena, login, &i->person));
	TRY(store_commit(&tx));
	/* An administrator's own certificate is ROOT's to give. */
	return i->actor->role == OUV_ROLE_ADMIN &&
			       admin.role == OUV_ROLE_ADMIN &&
			       admin.has_admin_sig &&
			       i->person.role != OUV_ROLE_ADMIN
		       ? OUV_OK
		       : OUV_REFUSED;
}

/* Which cases they are, for whoever has to say that it is to be done. */
static enum ouv_err
tell_stops(struct store_tx *tx, struct inviting *i)
{
	enum ouv_err err = leave_stops(tx, i->arena, &i->person.id, i->leaving);

	if (err == OUV_INVALID)
		return ask_wrong(i->ask, "all_the_same", "few-left");
	return err == OUV_OK ? OUV_REFUSED : err;
}

static enum ouv_err
write_invite(struct ouv_desk *desk, struct store_tx *tx, void *user)
{
	struct inviting *i = user;
	bool all_the_same = strcmp(ask_field(i->ask, "all_the_same"), "1") == 0;
	enum ouv_err err;

	if (ask_once(i->ask, tx, i->actor, "invite") != OUV_OK)
		return i->ask->result->repeated ? OUV_OK : OUV_INVALID;
	err = store_invite_ask(tx, &i->person, &i->key, all_the_same);
	if (err == OUV_CONFLICT)
		return tell_stops(tx, i);
	TRY(err);
	return log_own(desk, tx, &i->actor->person, "invite", &i->person.id);
}

enum ouv_err
ouv_desk_invite(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *login, struct ouv_ask *ask,
	char code_out[OUV_RECOVERY_MAX], struct ouv_leaving *leaving_out)
{
	struct inviting i = { .actor = actor,
		.ask = ask,
		.arena = arena,
		.leaving = leaving_out };
	struct ouv_identity *identity;
	char code[OUV_RECOVERY_MAX];
	enum ouv_err err;

	memset(leaving_out, 0, sizeof(*leaving_out));
	TRY(look_up(desk, arena, login, &i));
	if (!actor->stepped) {
		ask->result->step_up = true;
		return OUV_REFUSED;
	}
	identity = ouv_identity_new();
	invite_make(desk, arena, identity, &i.person);
	invite_certify(desk, &actor->person, actor->identity->sign, &i.person);
	i.person.has_admin_sig = false;
	ouv_recovery_new(code);
	err = account_wrap(desk->office, identity, &i.person.id,
		OUV_COLUMN_RECOVERY, code, &i.key);
	ouv_identity_free(&identity);
	if (err == OUV_OK)
		err = account_write(desk, write_invite, &i);
	if (err == OUV_OK && !ask->result->repeated)
		memcpy(code_out, code, sizeof(code));
	ouv_wipe(code, sizeof(code));
	return err;
}
