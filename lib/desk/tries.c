/*
 * tries.c - how often a secret may be tried
 *
 * The first failures cost nothing; each one after them makes the next attempt
 * wait twice as long, up to a limit.  Nobody is ever locked out for good.
 */
#include "tries.h"

/* clang-format off */
static const struct throttle {
	const char *scope;
	int free, max_secs, window_secs;
} account = { "account", 5, 900, 86400 },
  address = { "address", 20, 600, 600 },
  device  = { "device",  5, 900, 86400 },
  own[]   = {
	[TRIES_PASSWORD] = { "own-password", 5, 900, 86400 },
	[TRIES_CODE]     = { "own-code",     5, 900, 86400 },
	[TRIES_RECOVERY] = { "own-recovery", 5, 900, 86400 },
};
/* clang-format on */

void
tries_login(struct ouv_desk *desk, const char *login, const char *from,
	struct tries *tries_out)
{
	*tries_out = (struct tries){ 2, { &account, &address }, { { { 0 } } } };
	ident_count(desk->office, "login", login, &tries_out->token[0]);
	ident_count(desk->office, "from", from != NULL ? from : "",
		&tries_out->token[1]);
}

void
tries_device(struct ouv_desk *desk, const uint8_t id[32],
	const struct ouv_id *person, struct tries *tries_out)
{
	char hex[64 + OUV_ID_HEX];

	*tries_out = (struct tries){ 1, { &device }, { { { 0 } } } };
	ouv_hex(id, 32, hex);
	ouv_id_hex(person, hex + 64);
	ident_count(desk->office, "device", hex, &tries_out->token[0]);
}

void
tries_own(struct ouv_desk *desk, const struct ouv_id *person, enum tries_of of,
	struct tries *tries_out)
{
	char hex[OUV_ID_HEX];

	*tries_out = (struct tries){ 1, { &own[of] }, { { { 0 } } } };
	ouv_id_hex(person, hex);
	ident_count(desk->office, "own", hex, &tries_out->token[0]);
}

enum ouv_err
tries_wait(struct store_tx *tx, const struct tries *tries, int *wait_secs_out)
{
	int longest = 0;

	for (size_t i = 0; i < tries->count; i++) {
		int secs = 0;

		TRY(store_throttle_wait(
			tx, tries->of[i]->scope, &tries->token[i], &secs));
		if (secs > longest)
			longest = secs;
	}
	*wait_secs_out = longest;
	return longest > 0 ? OUV_CONFLICT : OUV_OK;
}

enum ouv_err
tries_clear(struct store_tx *tx, const struct tries *tries)
{
	return store_throttle_clear(tx, tries->of[0]->scope, &tries->token[0]);
}

static enum ouv_err
count_one(struct ouv_desk *desk, const struct tries *tries,
	const struct ouv_id *person, const char *action)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	for (size_t i = 0; i < tries->count; i++) {
		const struct throttle *t = tries->of[i];

		TRY(store_throttle_fail(tx, t->scope, &tries->token[i], t->free,
			t->max_secs, t->window_secs));
	}
	if (person != NULL)
		TRY(log_own(desk, tx, person, action, person));
	return store_commit(&tx);
}

enum ouv_err
tries_failed(struct ouv_desk *desk, const struct tries *tries,
	const struct ouv_id *person, const char *action)
{
	enum ouv_err err = OUV_CONFLICT;

	for (int i = 0; i < LOG_TRIES && err == OUV_CONFLICT; i++)
		err = count_one(desk, tries, person, action);
	return err;
}
