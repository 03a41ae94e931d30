/*
 * login.c - who is there: password, code, session
 *
 * The order is: throttles, Argon2id, code, session; an unknown login takes the
 * same time and gets the same words as a wrong password.
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/log.h"

#define SESSIONS_MOST 2

/* clang-format off */
static const struct throttle {
	const char *scope;
	int free, max_secs, window_secs;
} throttles[] = {
	{ "account",  5, 900, 86400 },
	{ "address", 20, 600,   600 },
};
/* clang-format on */
#define THROTTLES (sizeof(throttles) / sizeof(throttles[0]))

struct attempt {
	struct ouv_desk *desk;
	struct ouv_arena *arena;
	const char *login, *password, *code;
	struct ouv_id counted[THROTTLES];
	bool known;
	struct store_person person;
	struct store_person_key key;
	struct ouv_identity *identity;
	int64_t step;
};

static enum ouv_err
look_up(struct attempt *a, int *wait_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	enum ouv_err err;
	int wait = 0;

	TRY(store_begin(a->desk->store, &tx));
	for (size_t i = 0; i < THROTTLES; i++) {
		int secs = 0;

		TRY(store_throttle_wait(
			tx, throttles[i].scope, &a->counted[i], &secs));
		if (secs > wait)
			wait = secs;
	}
	*wait_out = wait;
	if (wait > 0) {
		TRY(store_commit(&tx));
		return OUV_CONFLICT;
	}
	err = store_person_by_login(tx, a->arena, a->login, &a->person);
	if (err == OUV_OK && a->person.active)
		err = store_person_key(
			tx, &a->person.id, OUV_COLUMN_PASSWORD, &a->key);
	else if (err == OUV_OK)
		err = OUV_NOT_FOUND;
	if (err != OUV_OK && err != OUV_NOT_FOUND)
		return err;
	a->known = err == OUV_OK;
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

static enum ouv_err
check_code(struct attempt *a)
{
	uint8_t seed[OUV_TOTP_SEED];
	struct ouv_context context;
	enum ouv_err err;

	context_make(a->desk, OUV_KIND_TOTP, OUV_COLUMN_PERSON, NULL,
		&a->person.id, 1, &context);
	TRY(ouv_totp_open(&context, a->identity->box,
		(const uint8_t *)a->person.totp_box.p, a->person.totp_box.len,
		seed));
	err = ouv_totp_check(seed, a->code, ouv_clock_now(),
		a->person.totp_last_step, &a->step);
	ouv_wipe(seed, sizeof(seed));
	return err;
}

static enum ouv_err
note_failure(struct attempt *a)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(a->desk->store, &tx));
	for (size_t i = 0; i < THROTTLES; i++)
		TRY(store_throttle_fail(tx, throttles[i].scope, &a->counted[i],
			throttles[i].free, throttles[i].max_secs,
			throttles[i].window_secs));
	if (a->known)
		TRY(log_own(a->desk, tx, &a->person.id, "login-refused",
			&a->person.id));
	return store_commit(&tx);
}

static enum ouv_err
let_in(struct attempt *a, const char *user_agent, uint8_t token_out[32])
{
	const struct ouv_office *office = a->desk->office;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	uint8_t token[32], id[32], wrapped[OUV_WRAPPED], agent[32];

	ouv_random(token, sizeof(token));
	ouv_session_id(token, id);
	ouv_session_wrap(a->identity, &office->tenant, &a->person.id,
		office->pepper, token, wrapped);
	ouv_hash("agent", user_agent, strlen(user_agent), agent);
	TRY(store_begin(a->desk->store, &tx));
	TRY(store_person_totp_used(tx, &a->person.id, a->step));
	TRY(store_session_add(
		tx, id, &a->person.id, wrapped, agent, SESSIONS_MOST));
	TRY(store_throttle_clear(tx, throttles[0].scope, &a->counted[0]));
	TRY(store_sweep_server(tx, office->config->server_idle_minutes,
		office->config->server_session_hours));
	TRY(log_own(a->desk, tx, &a->person.id, "login", &a->person.id));
	TRY(store_commit(&tx));
	memcpy(token_out, token, sizeof(token));
	ouv_wipe(token, sizeof(token));
	return OUV_OK;
}

/* Two logins at the same moment meet on our log's chain: try again. */
#define TRIES 5

static enum ouv_err
finish(struct attempt *a, const char *user_agent, uint8_t token_out[32])
{
	enum ouv_err err = OUV_CONFLICT;

	for (int i = 0; i < TRIES && err == OUV_CONFLICT; i++)
		err = let_in(a, user_agent, token_out);
	/* The code was used a moment ago, by somebody else. */
	return err == OUV_CONFLICT ? OUV_REFUSED : err;
}

enum ouv_err
ouv_desk_login(struct ouv_desk *desk, const char *login, const char *password,
	const char *code, const char *address, const char *user_agent,
	uint8_t token_out[32], int *wait_secs_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct attempt a = { .desk = desk,
		.arena = arena,
		.login = login,
		.password = password,
		.code = code };
	enum ouv_err err;

	ouv_ident_token(desk->office->k_id, "login", login, &a.counted[0]);
	ouv_ident_token(desk->office->k_id, "from",
		address != NULL ? address : "", &a.counted[1]);
	TRY(look_up(&a, wait_secs_out));
	err = check_password(&a);
	if (err == OUV_OK)
		err = check_code(&a);
	if (err == OUV_OK)
		err = finish(
			&a, user_agent != NULL ? user_agent : "", token_out);
	ouv_identity_free(&a.identity);
	if (err != OUV_REFUSED)
		return err;
	for (int i = 0; i < TRIES; i++) {
		err = note_failure(&a);
		if (err != OUV_CONFLICT)
			break;
	}
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
	*actor_out = actor;
	return OUV_OK;
}

enum ouv_err
ouv_desk_logout(struct ouv_desk *desk, const struct ouv_actor *actor)
{
	enum ouv_err err = OUV_CONFLICT;
	uint8_t id[32];

	ouv_session_id(actor->token, id);
	for (int i = 0; i < TRIES && err == OUV_CONFLICT; i++) {
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
