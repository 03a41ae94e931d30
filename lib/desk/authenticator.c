/*
 * authenticator.c - the app that makes six digits, on another device
 *
 * Its seed waits in the session, sealed to its person, until a code of it has
 * come back; only then does it take the place of the one before.
 */
#include <string.h>

#include "account.h"
#include "ouv/clock.h"

struct enrolling {
	const struct ouv_actor *actor;
	struct ouv_ask *ask;
	struct ouv_str box;
	struct tries tries;
	int64_t step;
};

void
totp_make(struct ouv_desk *desk, const struct ouv_id *person,
	const uint8_t pk[OUV_KEY], uint8_t box_out[OUV_TOTP_BOX])
{
	uint8_t seed[OUV_TOTP_SEED];
	struct ouv_context context;

	context_make(desk, OUV_KIND_TOTP, OUV_COLUMN_PERSON, NULL, person, 1,
		&context);
	ouv_random(seed, sizeof(seed));
	ouv_totp_seal(&context, pk, seed, box_out);
	ouv_wipe(seed, sizeof(seed));
}

static enum ouv_err
write_begin(struct ouv_desk *desk, struct store_tx *tx, void *user)
{
	struct enrolling *e = user;
	uint8_t id[32];

	(void)desk;
	if (ask_once(e->ask, tx, e->actor, "authenticator") != OUV_OK)
		return e->ask->result->repeated ? OUV_OK : OUV_INVALID;
	ouv_session_id(e->actor->token, id);
	return store_session_totp_new(tx, id, e->box);
}

/* A code of the device before, the paper, or it is the first one. */
static enum ouv_err
may_begin(struct ouv_desk *desk, const struct ouv_actor *actor,
	struct ouv_ask *ask)
{
	if (actor->stepped || (actor->must & OUV_MUST_TOTP) != 0)
		return OUV_OK;
	if (*ask_field(ask, "recovery") != '\0')
		return recovery_check(desk, actor, ask, "recovery");
	ask->result->step_up = true;
	return OUV_REFUSED;
}

enum ouv_err
ouv_desk_totp_begin(struct ouv_desk *desk, const struct ouv_actor *actor,
	struct ouv_ask *ask)
{
	struct enrolling e = { .actor = actor, .ask = ask };
	uint8_t pk[OUV_KEY], box[OUV_TOTP_BOX];

	TRY(may_begin(desk, actor, ask));
	ouv_box_public(actor->identity->box, pk);
	totp_make(desk, &actor->person, pk, box);
	e.box = (struct ouv_str){ (const char *)box, sizeof(box) };
	return account_write(desk, write_begin, &e);
}

/* The seed that waits. OUV_NOT_FOUND: none does. */
static enum ouv_err
find_new(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct ouv_str *box_out,
	uint8_t seed_out[OUV_TOTP_SEED])
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_context context;
	struct ouv_str recovery;
	uint8_t id[32];

	ouv_session_id(actor->token, id);
	TRY(store_begin(desk->store, &tx));
	TRY(store_session_new(tx, arena, id, box_out, &recovery));
	TRY(store_commit(&tx));
	if (box_out->len == 0)
		return OUV_NOT_FOUND;
	context_make(desk, OUV_KIND_TOTP, OUV_COLUMN_PERSON, NULL,
		&actor->person, 1, &context);
	return ouv_totp_open(&context, actor->identity->box,
		(const uint8_t *)box_out->p, box_out->len, seed_out);
}

/* In a link all but letters, digits and a few signs is written as %XX. */
static void
add_escaped(struct ouv_buf *buf, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~";

	for (; *text != '\0'; text++)
		if (strchr(plain, *text) != NULL)
			ouv_buf_char(buf, *text);
		else
			ouv_buf_printf(
				buf, "%%%02X", (unsigned)(unsigned char)*text);
}

enum ouv_err
ouv_desk_totp_waits(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct ouv_totp_new *new_out)
{
	const char *office = desk->office->config->office_name;
	uint8_t seed[OUV_TOTP_SEED];
	struct ouv_str box;
	struct ouv_buf link;
	enum ouv_err err;

	*new_out = (struct ouv_totp_new){ .link = "" };
	err = find_new(desk, arena, actor, &box, seed);
	if (err != OUV_OK)
		return err == OUV_NOT_FOUND ? OUV_OK : err;
	ouv_totp_base32(seed, new_out->secret);
	ouv_wipe(seed, sizeof(seed));
	ouv_buf_init(&link, arena, 200);
	ouv_buf_printf(&link, "otpauth://totp/");
	add_escaped(&link, office);
	ouv_buf_char(&link, ':');
	add_escaped(&link, actor->login);
	ouv_buf_printf(&link, "?secret=%s&issuer=", new_out->secret);
	add_escaped(&link, office);
	new_out->link = link.data;
	return OUV_OK;
}

static enum ouv_err
write_confirm(struct ouv_desk *desk, struct store_tx *tx, void *user)
{
	static const struct ouv_str none;
	struct enrolling *e = user;
	const struct ouv_id *person = &e->actor->person;
	uint8_t id[32];

	if (ask_once(e->ask, tx, e->actor, "authenticator-confirm") != OUV_OK)
		return e->ask->result->repeated ? OUV_OK : OUV_INVALID;
	ouv_session_id(e->actor->token, id);
	TRY(store_person_totp_set(tx, person, e->box, e->step));
	TRY(store_person_must(tx, person, OUV_MUST_TOTP, 0));
	TRY(store_session_totp_new(tx, id, none));
	TRY(store_session_end_others(tx, person, id));
	return log_own(desk, tx, person, "authenticator", person);
}

enum ouv_err
ouv_desk_totp_confirm(struct ouv_desk *desk, const struct ouv_actor *actor,
	struct ouv_ask *ask)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct enrolling e = { .actor = actor, .ask = ask };
	const char *code = ask_field(ask, "code");
	uint8_t seed[OUV_TOTP_SEED];
	enum ouv_err err;

	if (*code == '\0')
		return ask_wrong(ask, "code", "empty");
	err = find_new(desk, arena, actor, &e.box, seed);
	if (err == OUV_OK)
		err = ouv_totp_check(seed, code, ouv_clock_now(), 0, &e.step);
	ouv_wipe(seed, sizeof(seed));
	if (err == OUV_REFUSED || err == OUV_NOT_FOUND)
		return ask_wrong(ask, "code", "code-wrong");
	TRY(err);
	return account_write(desk, write_confirm, &e);
}
