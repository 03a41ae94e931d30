/*
 * login.c - who is there: password, code, session
 *
 * The order is: throttles, Argon2id, code, session; an unknown login takes the
 * same time and gets the same words as a wrong password.
 */
#include <string.h>

#include "account.h"
#include "ouv/clock.h"

struct attempt {
	struct ouv_desk *desk;
	struct ouv_arena *arena;
	const char *login, *password, *code;
	const struct ouv_visit *visit;
	struct tries tries;
	bool known;
	struct store_person person;
	struct store_person_key key;
	struct ouv_identity *identity;
	bool renews; /* the password lies under a former pepper */
	struct store_person_key renewed;
	int64_t step;
};

/* From a browser they used before, others' failures do not count. */
static enum ouv_err
count_whose(struct attempt *a, struct store_tx *tx)
{
	uint8_t device[32];
	bool known = false, vouched;

	device_id(a->visit, device);
	if (a->known)
		TRY(store_device_is(
			tx, &a->person.id, device, &known, &vouched));
	if (known)
		tries_device(a->desk, device, &a->person.id, &a->tries);
	return OUV_OK;
}

static enum ouv_err
look_up(struct attempt *a, int *wait_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	enum ouv_err err;

	TRY(store_begin(a->desk->store, &tx));
	err = store_person_by_login(tx, a->arena, a->login, &a->person);
	if (err == OUV_OK && a->person.active)
		err = store_person_key(
			tx, &a->person.id, OUV_COLUMN_PASSWORD, &a->key);
	else if (err == OUV_OK)
		err = OUV_NOT_FOUND;
	if (err != OUV_OK && err != OUV_NOT_FOUND)
		return err;
	a->known = err == OUV_OK;
	TRY(count_whose(a, tx));
	TRY(tries_wait(tx, &a->tries, wait_out));
	return store_commit(&tx);
}

void
wrap_of(const struct store_person_key *key, struct ouv_wrap *wrap_out)
{
	memcpy(wrap_out->salt, key->salt, sizeof(wrap_out->salt));
	memcpy(wrap_out->commit, key->commit, sizeof(wrap_out->commit));
	memcpy(wrap_out->wrapped, key->wrapped, sizeof(wrap_out->wrapped));
	wrap_out->ops = (uint32_t)key->ops;
	wrap_out->mem = (uint64_t)key->mem;
	wrap_out->version = (uint32_t)key->version;
}

static enum ouv_err
check_password(struct attempt *a)
{
	const struct ouv_office *office = a->desk->office;
	struct ouv_wrap wrap;

	if (!a->known)
		return ouv_identity_pretend(office->pepper, a->password);
	wrap_of(&a->key, &wrap);
	return ouv_identity_unwrap(&wrap, &office->tenant, &a->person.id,
		OUV_COLUMN_PASSWORD, office->pepper, a->password, &a->identity);
}

enum ouv_err
login_code(struct ouv_desk *desk, const struct ouv_identity *identity,
	const struct store_person *person, const char *code, int64_t *step_out)
{
	uint8_t seed[OUV_TOTP_SEED];
	struct ouv_context context;
	enum ouv_err err;

	context_make(desk, OUV_KIND_TOTP, OUV_COLUMN_PERSON, NULL, &person->id,
		1, &context);
	TRY(ouv_totp_open(&context, identity->box,
		(const uint8_t *)person->totp_box.p, person->totp_box.len,
		seed));
	err = ouv_totp_check(
		seed, code, ouv_clock_now(), person->totp_last_step, step_out);
	ouv_wipe(seed, sizeof(seed));
	return err;
}

/* Now that the password is here, it may lie under the present pepper.  Whoever
 * is too many at it is let in all the same, and asked the next time. */
static void
renew(struct attempt *a)
{
	const struct ouv_office *office = a->desk->office;

	a->renews = a->key.version < (int)ouv_key_version(office->pepper) &&
		    account_wrap(office, a->identity, &a->person.id,
			    OUV_COLUMN_PASSWORD, a->password,
			    &a->renewed) == OUV_OK;
}

static enum ouv_err
write_renewed(struct attempt *a, struct store_tx *tx)
{
	int version = (int)ouv_key_version(a->desk->office->pepper);

	if (a->renews)
		TRY(store_person_key_set(tx, &a->renewed));
	return version > 1
		       ? store_person_renew_paper(tx, &a->person.id, version)
		       : OUV_OK;
}

static enum ouv_err
let_in(struct attempt *a, uint8_t token_out[32])
{
	const struct ouv_config *config = a->desk->office->config;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	uint8_t token[32];

	ouv_random(token, sizeof(token));
	TRY(store_begin(a->desk->store, &tx));
	TRY(store_person_totp_used(tx, &a->person.id, a->step));
	TRY(write_renewed(a, tx));
	TRY(tries_clear(tx, &a->tries));
	TRY(store_sweep_server(
		tx, config->server_idle_minutes, config->server_session_hours));
	/* Our own chain last, as everywhere: who holds it waits for nobody. */
	TRY(session_open(
		a->desk, tx, &a->person.id, a->identity, a->visit, token));
	TRY(store_commit(&tx));
	memcpy(token_out, token, sizeof(token));
	ouv_wipe(token, sizeof(token));
	return OUV_OK;
}

static enum ouv_err
finish(struct attempt *a, uint8_t token_out[32])
{
	enum ouv_err err = OUV_CONFLICT;

	for (int i = 0; i < LOG_TRIES && err == OUV_CONFLICT; i++)
		err = let_in(a, token_out);
	/* The code was used a moment ago, by somebody else. */
	return err == OUV_CONFLICT ? OUV_REFUSED : err;
}

enum ouv_err
ouv_desk_login(struct ouv_desk *desk, const char *login, const char *password,
	const char *code, const struct ouv_visit *visit, uint8_t token_out[32],
	int *wait_secs_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct attempt a = { .desk = desk,
		.arena = arena,
		.login = login,
		.password = password,
		.code = code,
		.visit = visit };
	enum ouv_err err;

	tries_login(desk, login, visit->address, &a.tries);
	TRY(look_up(&a, wait_secs_out));
	err = check_password(&a);
	if (err == OUV_OK)
		err = login_code(desk, a.identity, &a.person, a.code, &a.step);
	if (err == OUV_OK)
		renew(&a);
	if (err == OUV_OK)
		err = finish(&a, token_out);
	ouv_identity_free(&a.identity);
	if (err != OUV_REFUSED)
		return err;
	err = tries_failed(
		desk, &a.tries, a.known ? &a.person.id : NULL, "login-refused");
	return err == OUV_OK ? OUV_REFUSED : err;
}

static void
free_identity(void *identity)
{
	struct ouv_identity *it = identity;

	ouv_identity_free(&it);
}

enum ouv_err
ouv_desk_session(struct ouv_desk *desk, struct ouv_arena *arena,
	const uint8_t token[32], struct ouv_actor **actor_out)
{
	const struct ouv_office *office = desk->office;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_session session;
	struct store_person person;
	struct ouv_actor *actor;
	uint8_t id[32];
	enum ouv_err err;

	ouv_session_id(token, id);
	TRY(store_begin(desk->store, &tx));
	err = store_session_use(tx, id, office->config->server_idle_minutes,
		office->config->server_session_hours, &session);
	if (err == OUV_NOT_FOUND)
		return OUV_REFUSED;
	if (err != OUV_OK)
		return err;
	TRY(store_person_by_id(tx, arena, &session.person, &person));
	TRY(store_commit(&tx));
	actor = ouv_arena_alloc(arena, sizeof(*actor));
	TRY(ouv_session_unwrap(session.wrapped, sizeof(session.wrapped),
		&office->tenant, &person.id, office->pepper, token,
		&actor->identity));
	ouv_arena_defer(arena, free_identity, actor->identity);
	actor->person = person.id;
	actor->role = person.role;
	actor->login = person.login;
	actor->name = person.name;
	actor->lang = ouv_lang_parse(person.lang, OUV_LANG_PT_BR);
	memcpy(actor->token, token, sizeof(actor->token));
	actor->stepped = session.stepped;
	actor->must = person.must;
	actor->theme = ouv_theme_parse(session.theme, OUV_THEME_AUTO);
	actor->keys = session.keys;
	actor->at_case = session.at_case;
	*actor_out = actor;
	return OUV_OK;
}

enum ouv_err
ouv_desk_logout(struct ouv_desk *desk, const struct ouv_actor *actor)
{
	enum ouv_err err = OUV_CONFLICT;
	uint8_t id[32];

	ouv_session_id(actor->token, id);
	for (int i = 0; i < LOG_TRIES && err == OUV_CONFLICT; i++) {
		struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

		TRY(store_begin(desk->store, &tx));
		TRY(store_session_end(tx, id));
		err = log_own(
			desk, tx, &actor->person, "logout", &actor->person);
		if (err == OUV_OK)
			err = store_commit(&tx);
	}
	return err;
}

enum ouv_err
ouv_desk_language(struct ouv_desk *desk, const struct ouv_actor *actor,
	enum ouv_lang lang)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(store_person_lang(tx, &actor->person, ouv_lang_tag(lang)));
	return store_commit(&tx);
}
