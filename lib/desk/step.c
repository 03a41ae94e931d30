/*
 * step.c - a code once more, for what a login alone does not carry
 */
#include <string.h>

#include "ouv/account.h"
#include "ouv/store_keys.h"
#include "tries.h"

static enum ouv_err
look_up(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct tries *tries,
	struct store_person *person_out, int *wait_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(tries_wait(tx, tries, wait_out));
	TRY(store_person_by_id(tx, arena, &actor->person, person_out));
	return store_commit(&tx);
}

/* The same session, under a cookie that nobody has seen yet. */
static enum ouv_err
renew(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct tries *tries, int64_t step, const uint8_t token[32])
{
	const struct ouv_office *office = desk->office;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	uint8_t was[32], id[32], wrapped[OUV_WRAPPED];

	ouv_session_id(actor->token, was);
	ouv_session_id(token, id);
	ouv_session_wrap(actor->identity, &office->tenant, &actor->person,
		office->pepper, token, wrapped);
	TRY(store_begin(desk->store, &tx));
	/* A moment ago somebody else used it. */
	if (store_person_totp_used(tx, &actor->person, step) == OUV_CONFLICT)
		return OUV_REFUSED;
	TRY(store_session_step(tx, was, id, wrapped));
	TRY(tries_clear(tx, tries));
	TRY(log_own(desk, tx, &actor->person, "step-up", &actor->person));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_step_up(struct ouv_desk *desk, struct ouv_actor *actor,
	const char *code, uint8_t token_out[32], int *wait_secs_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct store_person person;
	struct tries tries;
	uint8_t token[32];
	enum ouv_err err, noted;
	int64_t step;

	tries_own(desk, &actor->person, TRIES_CODE, &tries);
	TRY(look_up(desk, arena, actor, &tries, &person, wait_secs_out));
	err = login_code(desk, actor->identity, &person, code, &step);
	if (err == OUV_OK) {
		ouv_random(token, sizeof(token));
		err = OUV_CONFLICT;
		for (int i = 0; i < LOG_TRIES && err == OUV_CONFLICT; i++)
			err = renew(desk, actor, &tries, step, token);
	}
	if (err == OUV_REFUSED) {
		noted = tries_failed(
			desk, &tries, &actor->person, "step-up-refused");
		return noted == OUV_OK ? OUV_REFUSED : noted;
	}
	if (err != OUV_OK) /* the session ended meanwhile */
		return err == OUV_CONFLICT ? OUV_REFUSED : err;
	memcpy(actor->token, token, sizeof(actor->token));
	memcpy(token_out, token, sizeof(token));
	ouv_wipe(token, sizeof(token));
	actor->stepped = true;
	return OUV_OK;
}
