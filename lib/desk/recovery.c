/*
 * recovery.c - the code on paper that stands in for a forgotten password
 *
 * It is made in a session, shown once and never kept: what lies in the database
 * are the person's keys under it.  It counts when it was typed back.
 */
#include <string.h>

#include "account.h"

/* How one that is not confirmed lies in its session; behind it the version of
 * pepper. */
#define VERSION_LEN sizeof(int32_t)
#define WRAP_LEN (OUV_SALT + OUV_COMMIT + OUV_WRAPPED + VERSION_LEN)

struct making {
	const struct ouv_actor *actor;
	struct ouv_ask *ask;
	struct store_person_key key;
	struct tries tries;
};

static struct ouv_str
pack(const struct store_person_key *key, uint8_t out[WRAP_LEN])
{
	const int32_t version = key->version;

	memcpy(out + WRAP_LEN - VERSION_LEN, &version, VERSION_LEN);
	memcpy(out, key->salt, OUV_SALT);
	memcpy(out + OUV_SALT, key->commit, OUV_COMMIT);
	memcpy(out + OUV_SALT + OUV_COMMIT, key->wrapped, OUV_WRAPPED);
	return (struct ouv_str){ (const char *)out, WRAP_LEN };
}

static void
unpack(const char *from, const struct ouv_id *person,
	struct store_person_key *key_out)
{
	int32_t version;

	memcpy(&version, from + WRAP_LEN - VERSION_LEN, VERSION_LEN);
	*key_out = (struct store_person_key){ .person = *person,
		.how = OUV_COLUMN_RECOVERY,
		.version = version };
	memcpy(key_out->salt, from, OUV_SALT);
	memcpy(key_out->commit, from + OUV_SALT, OUV_COMMIT);
	memcpy(key_out->wrapped, from + OUV_SALT + OUV_COMMIT, OUV_WRAPPED);
}

/* Does this code open the keys?  OUV_INVALID: it is mistyped. */
static enum ouv_err
opens(struct ouv_desk *desk, const struct store_person_key *key,
	const char *code)
{
	struct ouv_identity *identity = NULL;
	struct ouv_wrap wrap;
	enum ouv_err err;

	wrap_of(key, &wrap);
	err = ouv_identity_unwrap(&wrap, &desk->office->tenant, &key->person,
		OUV_COLUMN_RECOVERY, desk->office->pepper, code, &identity);
	ouv_identity_free(&identity);
	return err;
}

/* ---- a new one --------------------------------------------------------------
 */

static enum ouv_err
write_begin(struct ouv_desk *desk, struct store_tx *tx, void *user)
{
	struct making *m = user;
	uint8_t id[32], wrap[WRAP_LEN];

	(void)desk;
	if (ask_once(m->ask, tx, m->actor, "recovery") != OUV_OK)
		return m->ask->result->repeated ? OUV_OK : OUV_INVALID;
	ouv_session_id(m->actor->token, id);
	return store_session_recovery_new(tx, id, pack(&m->key, wrap));
}

enum ouv_err
ouv_desk_recovery_begin(struct ouv_desk *desk, const struct ouv_actor *actor,
	struct ouv_ask *ask, char code_out[OUV_RECOVERY_MAX])
{
	struct making m = { .actor = actor, .ask = ask };
	char code[OUV_RECOVERY_MAX];
	enum ouv_err err;

	if (!actor->stepped && (actor->must & OUV_MUST_RECOVERY) == 0) {
		ask->result->step_up = true;
		return OUV_REFUSED;
	}
	ouv_recovery_new(code);
	err = account_wrap(desk->office, actor->identity, &actor->person,
		OUV_COLUMN_RECOVERY, code, &m.key);
	if (err == OUV_OK)
		err = account_write(desk, write_begin, &m);
	if (err == OUV_OK && !ask->result->repeated)
		memcpy(code_out, code, sizeof(code));
	ouv_wipe(code, sizeof(code));
	return err;
}

static enum ouv_err
find_new(struct ouv_desk *desk, const struct ouv_actor *actor, bool *is_out,
	struct store_person_key *key_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_str totp, recovery;
	uint8_t id[32];

	ouv_session_id(actor->token, id);
	TRY(store_begin(desk->store, &tx));
	TRY(store_session_new(tx, arena, id, &totp, &recovery));
	*is_out = recovery.len == WRAP_LEN;
	if (*is_out)
		unpack(recovery.p, &actor->person, key_out);
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_recovery_waits(
	struct ouv_desk *desk, const struct ouv_actor *actor, bool *waits_out)
{
	struct store_person_key key;

	return find_new(desk, actor, waits_out, &key);
}

static enum ouv_err
write_confirm(struct ouv_desk *desk, struct store_tx *tx, void *user)
{
	static const struct ouv_str none;
	struct making *m = user;
	const struct ouv_id *person = &m->actor->person;
	uint8_t id[32];

	if (ask_once(m->ask, tx, m->actor, "recovery-confirm") != OUV_OK)
		return m->ask->result->repeated ? OUV_OK : OUV_INVALID;
	ouv_session_id(m->actor->token, id);
	ouv_box_public(m->actor->identity->box, m->key.pk);
	TRY(store_person_key_set(tx, &m->key));
	TRY(store_person_must(tx, person, OUV_MUST_RECOVERY, 0));
	TRY(store_session_recovery_new(tx, id, none));
	return log_own(desk, tx, person, "recovery-code", person);
}

enum ouv_err
ouv_desk_recovery_confirm(struct ouv_desk *desk, const struct ouv_actor *actor,
	struct ouv_ask *ask)
{
	const char *code = ask_field(ask, "recovery");
	struct making m = { .actor = actor, .ask = ask };
	enum ouv_err err;
	bool waits;

	if (*code == '\0')
		return ask_wrong(ask, "recovery", "empty");
	TRY(find_new(desk, actor, &waits, &m.key));
	err = waits ? opens(desk, &m.key, code) : OUV_REFUSED;
	if (err == OUV_INVALID || err == OUV_REFUSED)
		return ask_wrong(ask, "recovery",
			err == OUV_INVALID ? "recovery-mistyped"
					   : "recovery-other");
	TRY(err);
	return account_write(desk, write_confirm, &m);
}

/* ---- the one that counts
 * ------------------------------------------------------
 */

static enum ouv_err
find_present(struct ouv_desk *desk, struct making *m)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	TRY(tries_wait(tx, &m->tries, &m->ask->wait_secs));
	err = store_person_key(
		tx, &m->actor->person, OUV_COLUMN_RECOVERY, &m->key);
	return err == OUV_OK ? store_commit(&tx) : err;
}

enum ouv_err
recovery_check(struct ouv_desk *desk, const struct ouv_actor *actor,
	struct ouv_ask *ask, const char *field)
{
	struct making m = { .actor = actor, .ask = ask };
	enum ouv_err err;

	tries_own(desk, &actor->person, TRIES_RECOVERY, &m.tries);
	err = find_present(desk, &m);
	if (err == OUV_OK)
		err = opens(desk, &m.key, ask_field(ask, field));
	if (err == OUV_INVALID)
		return ask_wrong(ask, field, "recovery-mistyped");
	if (err != OUV_REFUSED && err != OUV_NOT_FOUND)
		return err;
	TRY(tries_failed(desk, &m.tries, &actor->person, "recovery-refused"));
	return ask_wrong(ask, field, "recovery-wrong");
}
