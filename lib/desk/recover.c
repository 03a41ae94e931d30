/*
 * recover.c - the way in for somebody who has no password (any longer)
 *
 * A recovery code opens the same keys as the password did; an invitation opens
 * keys that are new, and the ones before are history.  Whatever is wrong, and
 * whether there is such a login at all, the answer is the same.
 */
#include <string.h>

#include "account.h"

struct recovering {
	struct ouv_desk *desk;
	const struct ouv_visit *visit;
	struct ouv_ask *ask;
	struct tries tries;
	bool known, invited;
	struct store_person person;
	struct store_person_key recovery, invite; /* of nobody: random */
	struct ouv_identity *identity;
	struct store_person_key password;
	bool has_code;
	int64_t step;
	uint8_t token[32];
};

/* Opens with no code: what is tried when there is nothing to try. */
static void
of_nobody(struct store_person_key *key)
{
	*key = (struct store_person_key){ .how = OUV_COLUMN_RECOVERY,
		.version = 1 };
	ouv_random(key->salt, sizeof(key->salt));
	ouv_random(key->commit, sizeof(key->commit));
}

static enum ouv_err
maybe(enum ouv_err err)
{
	return err == OUV_NOT_FOUND ? OUV_OK : err;
}

static enum ouv_err
look_up(struct recovering *r, struct ouv_arena *arena)
{
	const char *login = ask_field(r->ask, "login");
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	enum ouv_err err;

	of_nobody(&r->recovery);
	of_nobody(&r->invite);
	TRY(store_begin(r->desk->store, &tx));
	TRY(tries_wait(tx, &r->tries, &r->ask->wait_secs));
	err = store_person_by_login(tx, arena, login, &r->person);
	TRY(maybe(err));
	r->known = err == OUV_OK;
	if (r->known) {
		TRY(maybe(store_invite(tx, &r->person.id, &r->invite)));
		/* Whoever left comes back by an invitation alone. */
		if (r->person.active)
			TRY(maybe(store_person_key(tx, &r->person.id,
				OUV_COLUMN_RECOVERY, &r->recovery)));
	}
	return store_commit(&tx);
}

static enum ouv_err
open_one(struct recovering *r, const struct store_person_key *key)
{
	const struct ouv_office *office = r->desk->office;
	struct ouv_wrap wrap;

	wrap_of(key, &wrap);
	return ouv_identity_unwrap(&wrap, &office->tenant, &r->person.id,
		OUV_COLUMN_RECOVERY, office->pepper,
		ask_field(r->ask, "recovery"), &r->identity);
}

/* It does not say under which pepper it was made, hours ago. */
static enum ouv_err
open_invite(struct recovering *r)
{
	const struct ouv_key *pepper = r->desk->office->pepper;
	enum ouv_err err = OUV_REFUSED;

	for (; pepper != NULL && err == OUV_REFUSED;
		pepper = ouv_key_former(pepper)) {
		r->invite.version = (int)ouv_key_version(pepper);
		err = open_one(r, &r->invite);
	}
	return err;
}

/* Both are tried, whoever it is. */
static enum ouv_err
open_keys(struct recovering *r)
{
	enum ouv_err err = open_one(r, &r->recovery);

	if (err != OUV_REFUSED)
		return err;
	err = open_invite(r);
	r->invited = err == OUV_OK;
	return err;
}

/* Left empty the device is gone; typed, it must be right. */
static enum ouv_err
check_code(struct recovering *r)
{
	const char *code = ask_field(r->ask, "code");

	r->has_code = *code != '\0' && !r->invited;
	return r->has_code ? login_code(r->desk, r->identity, &r->person, code,
				     &r->step)
			   : OUV_OK;
}

/* Each case that was open to the keys of before learns of it. */
static enum ouv_err
take_invite(struct ouv_desk *desk, struct store_tx *tx, struct recovering *r)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	const struct ouv_id *person = &r->person.id;
	struct ouv_id *cases;
	size_t count;

	TRY(store_invite_take(
		tx, arena, person, r->password.pk, &cases, &count));
	for (size_t i = 0; i < count; i++)
		TRY(log_existing(desk, tx, arena, &cases[i], person, "key-left",
			person));
	return OUV_OK;
}

static enum ouv_err
write_all(struct ouv_desk *desk, struct store_tx *tx, void *user)
{
	static const uint8_t nobody[32];
	struct recovering *r = user;
	const struct ouv_id *person = &r->person.id;

	if (r->invited) {
		TRY(take_invite(desk, tx, r));
	} else {
		/* The paper was used: another one is written next. */
		TRY(store_person_must(tx, person, OUV_MUST_PASSWORD,
			OUV_MUST_RECOVERY | (r->has_code ? 0 : OUV_MUST_TOTP)));
		if (r->has_code)
			TRY(store_person_totp_used(tx, person, r->step));
		TRY(store_session_end_others(tx, person, nobody));
	}
	TRY(store_person_key_set(tx, &r->password));
	TRY(tries_clear(tx, &r->tries));
	/* Our own chain is locked last of all. */
	TRY(session_open(desk, tx, person, r->identity, r->visit, r->token));
	return log_own(desk, tx, person,
		r->invited ? "invite-used" : "recovered", person);
}

static enum ouv_err
recover(struct recovering *r, const char *password)
{
	enum ouv_err err;

	TRY(open_keys(r));
	TRY(check_code(r));
	TRY(account_wrap(r->desk->office, r->identity, &r->person.id,
		OUV_COLUMN_PASSWORD, password, &r->password));
	ouv_random(r->token, sizeof(r->token));
	err = account_write(r->desk, write_all, r);
	/* Its time ran out, or the code was used, a moment ago. */
	return err == OUV_CONFLICT ? OUV_REFUSED : err;
}

enum ouv_err
ouv_desk_recover(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_visit *visit, struct ouv_ask *ask,
	uint8_t token_out[32])
{
	struct recovering r = { .desk = desk, .visit = visit, .ask = ask };
	const char *login = ask_field(ask, "login"), *password;
	enum ouv_err err;

	if (*login == '\0')
		return ask_wrong(ask, "login", "empty");
	if (*ask_field(ask, "recovery") == '\0')
		return ask_wrong(ask, "recovery", "empty");
	/* Their name is not told to somebody who only says who they are. */
	TRY(ask_password(ask, desk->office, login, "", &password));
	tries_login(desk, login, visit->address, &r.tries);
	TRY(look_up(&r, arena));
	err = recover(&r, password);
	ouv_identity_free(&r.identity);
	if (err == OUV_OK)
		memcpy(token_out, r.token, sizeof(r.token));
	ouv_wipe(r.token, sizeof(r.token));
	if (err == OUV_INVALID)
		return ask_wrong(ask, "recovery", "recovery-mistyped");
	if (err != OUV_REFUSED)
		return err;
	TRY(tries_failed(desk, &r.tries, r.known ? &r.person.id : NULL,
		"recovery-refused"));
	return OUV_REFUSED;
}
