/*
 * account.c - a colleague's own password
 */
#include <string.h>

#include "account.h"

/* ---- what forms about accounts share
 * -----------------------------------------
 */

const char *
ask_field(const struct ouv_ask *ask, const char *name)
{
	for (size_t i = 0; i < ask->field_count; i++)
		if (strcmp(ask->fields[i].name, name) == 0)
			return ask->fields[i].value;
	return "";
}

enum ouv_err
ask_wrong(struct ouv_ask *ask, const char *field, const char *code)
{
	struct ouv_verb_result *r = ask->result;

	if (r->error_count < sizeof(r->errors) / sizeof(r->errors[0]))
		r->errors[r->error_count++] =
			(struct ouv_field_error){ field, code, NULL };
	return OUV_INVALID;
}

enum ouv_err
ask_once(struct ouv_ask *ask, struct store_tx *tx,
	const struct ouv_actor *actor, const char *verb)
{
	enum ouv_err err = form_once(tx, actor, ask->form_key, verb);

	ask->result->repeated = err == OUV_CONFLICT;
	return err;
}

enum ouv_err
ask_password(struct ouv_ask *ask, struct ouv_office *office, const char *login,
	const char *name, const char **password_out)
{
	const char *password = ask_field(ask, "password");
	const char *code = *password == '\0' ? "empty"
					     : password_wrong(office, login,
						       name, password);

	if (code != NULL)
		return ask_wrong(ask, "password", code);
	if (strcmp(password, ask_field(ask, "password_again")) != 0)
		return ask_wrong(ask, "password_again", "password-differs");
	*password_out = password;
	return OUV_OK;
}

enum ouv_err
account_wrap(const struct ouv_office *office,
	const struct ouv_identity *identity, const struct ouv_id *person,
	enum ouv_column how, const char *secret,
	struct store_person_key *key_out)
{
	struct store_person_key key = { .person = *person, .how = (int)how };
	struct ouv_wrap wrap;

	ouv_box_public(identity->box, key.pk);
	TRY(ouv_identity_wrap(identity, &office->tenant, person, how,
		office->pepper, secret, &wrap));
	memcpy(key.salt, wrap.salt, sizeof(key.salt));
	memcpy(key.commit, wrap.commit, sizeof(key.commit));
	memcpy(key.wrapped, wrap.wrapped, sizeof(key.wrapped));
	key.ops = (int)wrap.ops;
	key.mem = (int64_t)wrap.mem;
	key.version = (int)wrap.version;
	*key_out = key;
	return OUV_OK;
}

enum ouv_err
account_write(struct ouv_desk *desk, account_work *work, void *user)
{
	enum ouv_err err = OUV_CONFLICT;

	for (int i = 0; i < LOG_TRIES && err == OUV_CONFLICT; i++) {
		struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

		TRY(store_begin(desk->store, &tx));
		err = work(desk, tx, user);
		if (err == OUV_OK)
			err = store_commit(&tx);
	}
	return err;
}

/* ---- another password
 * ----------------------------------------------------------
 */

struct change {
	const struct ouv_actor *actor;
	struct ouv_ask *ask;
	struct tries tries;
	struct store_person_key old, new;
};

static enum ouv_err
look_up(struct ouv_desk *desk, struct change *c)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(tries_wait(tx, &c->tries, &c->ask->wait_secs));
	TRY(store_person_key(
		tx, &c->actor->person, OUV_COLUMN_PASSWORD, &c->old));
	return store_commit(&tx);
}

/* Whoever sits down at an unlocked screen does not know it. */
static enum ouv_err
check_old(struct ouv_desk *desk, struct change *c)
{
	const struct ouv_office *office = desk->office;
	struct ouv_identity *identity = NULL;
	struct ouv_wrap wrap;
	enum ouv_err err;

	wrap_of(&c->old, &wrap);
	err = ouv_identity_unwrap(&wrap, &office->tenant, &c->actor->person,
		OUV_COLUMN_PASSWORD, office->pepper,
		ask_field(c->ask, "password_old"), &identity);
	ouv_identity_free(&identity);
	if (err != OUV_REFUSED)
		return err;
	TRY(tries_failed(
		desk, &c->tries, &c->actor->person, "password-refused"));
	return ask_wrong(c->ask, "password_old", "wrong-password");
}

static enum ouv_err
write_change(struct ouv_desk *desk, struct store_tx *tx, void *user)
{
	struct change *c = user;
	const struct ouv_id *person = &c->actor->person;
	uint8_t id[32];
	enum ouv_err err;

	err = ask_once(c->ask, tx, c->actor, "password");
	if (err == OUV_CONFLICT)
		return OUV_OK;
	if (err != OUV_OK)
		return err;
	ouv_session_id(c->actor->token, id);
	TRY(store_person_key_set(tx, &c->new));
	TRY(store_person_must(tx, person, OUV_MUST_PASSWORD, 0));
	TRY(store_session_end_others(tx, person, id));
	TRY(tries_clear(tx, &c->tries));
	return log_own(desk, tx, person, "password", person);
}

enum ouv_err
ouv_desk_password_change(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct ouv_ask *ask)
{
	struct change c = { .actor = actor, .ask = ask };
	const char *old = ask_field(ask, "password_old"), *password;

	(void)arena;
	if (*old == '\0')
		return ask_wrong(ask, "password_old", "empty");
	TRY(ask_password(
		ask, desk->office, actor->login, actor->name, &password));
	if (strcmp(password, old) == 0)
		return ask_wrong(ask, "password", "password-same");
	tries_own(desk, &actor->person, TRIES_PASSWORD, &c.tries);
	TRY(look_up(desk, &c));
	TRY(check_old(desk, &c));
	TRY(account_wrap(desk->office, actor->identity, &actor->person,
		OUV_COLUMN_PASSWORD, password, &c.new));
	return account_write(desk, write_change, &c);
}
