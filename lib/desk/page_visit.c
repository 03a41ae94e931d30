/*
 * page_visit.c - whoever has an access code goes in, and reads for half an hour
 *
 * The code makes the secret, the secret must fit the certified key; what is
 * kept of it meanwhile lies under the cookie's key and PEPPER.
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/log.h"
#include "page_seal.h"

/* Nobody guesses 100 bits; these keep a program that tries from being a
 * burden. */
/* clang-format off */
static const struct page_limit enter_limits[] = {
	{ "page-address", 60, 600, 3600 },
	{ "page-code",    30, 600, 3600 },
};
/* clang-format on */
#define LIMITS (sizeof(enter_limits) / sizeof(enter_limits[0]))

void
ouv_page_visit_wipe(struct ouv_page_visit *visit)
{
	ouv_wipe(visit, sizeof(*visit));
}

/* ---- counting --------------------------------------------------------------
 */

enum ouv_err
page_count(struct ouv_desk *desk, const struct page_limit *limits,
	const struct ouv_id *counted, size_t count, int *wait_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	*wait_out = 0;
	TRY(store_begin(desk->store, &tx));
	for (size_t i = 0; i < count; i++) {
		int secs = 0;

		TRY(store_throttle_wait(
			tx, limits[i].scope, &counted[i], &secs));
		if (secs > *wait_out)
			*wait_out = secs;
	}
	for (size_t i = 0; *wait_out == 0 && i < count; i++)
		TRY(store_throttle_fail(tx, limits[i].scope, &counted[i],
			limits[i].free, limits[i].max_secs,
			limits[i].window_secs));
	return store_commit(&tx);
}

static enum ouv_err
count_entry(struct ouv_desk *desk, const struct ouv_page_entry *entry,
	const uint8_t name[32], int *wait_out)
{
	struct ouv_id counted[LIMITS];

	ident_count(desk->office, "from",
		entry->address != NULL ? entry->address : "", &counted[0]);
	memcpy(counted[1].b, name, sizeof(counted[1].b));
	return page_count(desk, enter_limits, counted, LIMITS, wait_out);
}

/* ---- is it theirs? ---------------------------------------------------------
 */

/* A row for who typed a code that is none: what follows takes as long. */
static void
pretend(const uint8_t code[OUV_CODE_RAW], struct store_page_key *key)
{
	*key = (struct store_page_key){ .id = ouv_id_new(),
		.kind = ouv_page_kind_name(OUV_PAGE_CONSUMER),
		.case_id = ouv_id_new(),
		.reader = ouv_id_new(),
		.label = "" };
	(void)code;
}

/* The secret that the code makes is the certified key's. */
static bool
fits(const struct store_page_key *key, const uint8_t code[OUV_CODE_RAW],
	uint8_t secret_out[OUV_KEY])
{
	uint8_t public[OUV_KEY];

	ouv_page_secret(&key->id, code, secret_out);
	ouv_box_public(secret_out, public);
	return ouv_equal(public, key->pk, OUV_KEY);
}

/* They typed the number of another case, or came by another's letter. */
static enum ouv_err
right_case(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_page_entry *entry, const struct store_page_key *key,
	bool *right_out)
{
	char protocol[OUV_PROTOCOL_MAX];
	struct store_say say = { .protocol = NULL };
	struct party_link link;
	const struct ouv_id party = key->reader;
	enum ouv_err err;

	*right_out = true;
	err = store_say(tx, arena, &party, &say);
	if (err != OUV_OK && err != OUV_NOT_FOUND)
		return err;
	if (strcmp(key->kind, ouv_page_kind_name(OUV_PAGE_CONSUMER)) == 0)
		*right_out =
			say.protocol != NULL && say.state != OUV_STATE_ERASED;
	if (entry->protocol != NULL)
		*right_out &= ouv_protocol_parse(entry->protocol, protocol) ==
				      OUV_OK &&
			      say.protocol != NULL &&
			      strcmp(protocol, say.protocol) == 0;
	if (entry->token == NULL)
		return OUV_OK;
	err = party_of_token(desk, tx, arena, entry->token, &link);
	if (err != OUV_OK && err != OUV_NOT_FOUND)
		return err;
	*right_out &= err == OUV_OK &&
		      (ouv_id_equal(&link.say.party, &key->reader) ||
			      ouv_id_equal(&link.contact, &key->reader) ||
			      ouv_id_equal(&link.capsule, &key->reader));
	return OUV_OK;
}

struct entering {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	const struct ouv_page_entry *entry;
	uint8_t code[OUV_CODE_RAW], name[32];
	struct store_page_key key;
	uint8_t secret[OUV_KEY];
};

/* All is asked before anything is said. */
static enum ouv_err
judge(struct entering *e)
{
	enum ouv_page_kind kind = OUV_PAGE_KIND__COUNT;
	enum ouv_err err =
		store_page_key_named(e->tx, e->arena, e->name, &e->key);
	const bool known = err == OUV_OK;
	bool right, fit;

	if (err != OUV_OK && err != OUV_NOT_FOUND)
		return err;
	if (!known)
		pretend(e->code, &e->key);
	fit = fits(&e->key, e->code, e->secret);
	TRY(right_case(e->desk, e->tx, e->arena, e->entry, &e->key, &right));
	if (page_kind_parse(e->key.kind, &kind) != OUV_OK ||
		(e->entry->kinds & 1u << kind) == 0)
		right = false;
	if (!known || !right || !fit)
		return OUV_NOT_FOUND;
	if (e->key.revoked_at != 0 || e->key.expires_at <= ouv_clock_now())
		return OUV_CONFLICT;
	err = page_key_check(e->desk, e->tx, &e->key);
	return err == OUV_REFUSED ? OUV_NOT_FOUND : err;
}

/* ---- the visit -------------------------------------------------------------
 */

static void
visit_context(const struct ouv_desk *desk, const struct store_page_key *key,
	const uint8_t id[32], struct ouv_context *context_out)
{
	context_make(desk, OUV_KIND_PAGE_VISIT, OUV_COLUMN_NONE, &key->case_id,
		&key->id, 1, context_out);
	memcpy(context_out->extra.b, id, sizeof(context_out->extra.b));
}

static enum ouv_err
begin_visit(struct entering *e, uint8_t token_out[32])
{
	struct store_page_visit visit = { .key = e->key,
		.expires_at = ouv_clock_now() + OUV_PAGE_VISIT_SECS };
	struct ouv_context context;
	uint8_t key[OUV_KEY];

	ouv_random(token_out, 32);
	ouv_session_id(token_out, visit.id);
	visit_context(e->desk, &e->key, visit.id, &context);
	ouv_visit_key(e->desk->office->pepper, token_out, key);
	ouv_piece_seal(&context, key, e->secret, 0, visit.box);
	ouv_wipe(key, sizeof(key));
	return store_page_visit_add(e->tx, &visit);
}

/* In the case's own log where it is one's, else in the office's. */
static enum ouv_err
note(struct entering *e)
{
	if (ouv_id_is_zero(&e->key.case_id))
		return log_own(e->desk, e->tx, NULL, "page-open", &e->key.id);
	return log_existing(e->desk, e->tx, e->arena, &e->key.case_id, NULL,
		"page-open", &e->key.id);
}

/* Counted, looked up and judged; OUV_OK: e has the key. */
static enum ouv_err
enter(struct entering *e, int *wait_secs_out)
{
	*wait_secs_out = 0;
	if (access_code_read(e->entry->code, e->code) != OUV_OK)
		return OUV_INVALID;
	ouv_page_name(e->code, e->name);
	TRY(count_entry(e->desk, e->entry, e->name, wait_secs_out));
	return *wait_secs_out > 0 ? OUV_REFUSED : OUV_OK;
}

static void
entering_wipe(struct entering *e)
{
	ouv_wipe(e->code, sizeof(e->code));
	ouv_wipe(e->secret, sizeof(e->secret));
}

enum ouv_err
ouv_desk_page_enter(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_entry *entry, uint8_t token_out[32],
	int *wait_secs_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct entering e = { .desk = desk, .arena = arena, .entry = entry };
	enum ouv_err err = enter(&e, wait_secs_out);

	if (err == OUV_OK)
		err = store_begin(desk->store, &tx);
	e.tx = tx;
	if (err == OUV_OK)
		err = judge(&e);
	if (err == OUV_OK)
		err = note(&e);
	if (err == OUV_OK)
		err = begin_visit(&e, token_out);
	if (err == OUV_OK)
		err = store_commit(&tx);
	entering_wipe(&e);
	return err;
}

static enum ouv_err
fill(const struct store_page_key *key, int64_t until_at,
	const uint8_t secret[OUV_KEY], struct ouv_page_visit *visit)
{
	*visit = (struct ouv_page_visit){ .key = key->id,
		.reader = key->reader,
		.case_id = key->case_id,
		.until_at = until_at };
	memcpy(visit->secret, secret, sizeof(visit->secret));
	memcpy(visit->pk, key->pk, sizeof(visit->pk));
	return page_kind_parse(key->kind, &visit->kind);
}

enum ouv_err
ouv_desk_page_bearer(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_entry *entry, struct ouv_page_visit *visit_out,
	int *wait_secs_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct entering e = { .desk = desk, .arena = arena, .entry = entry };
	enum ouv_err err;

	*wait_secs_out = 0;
	if (access_code_read(entry->code, e.code) != OUV_OK)
		return OUV_INVALID;
	ouv_page_name(e.code, e.name);
	err = store_begin(desk->store, &tx);
	e.tx = tx;
	if (err == OUV_OK)
		err = judge(&e);
	if (err == OUV_OK)
		err = fill(&e.key, e.key.expires_at, e.secret, visit_out);
	if (err == OUV_OK)
		err = store_commit(&tx);
	store_rollback(&tx);
	/* A program that has a code may ask often; one that has none not. */
	if (err == OUV_NOT_FOUND || err == OUV_CONFLICT) {
		enum ouv_err counted =
			count_entry(desk, entry, e.name, wait_secs_out);

		if (counted != OUV_OK)
			err = counted;
		else if (*wait_secs_out > 0)
			err = OUV_REFUSED;
	}
	entering_wipe(&e);
	return err;
}

enum ouv_err
ouv_desk_page_visit(struct ouv_desk *desk, struct ouv_arena *arena,
	const uint8_t token[32], struct ouv_page_visit *visit_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_key *pepper = desk->office->pepper;
	struct store_page_visit visit;
	uint8_t id[32], key[OUV_KEY], secret[OUV_KEY];
	struct ouv_context context;
	enum ouv_err err = OUV_REFUSED;

	ouv_session_id(token, id);
	TRY(store_begin_reading(desk->store, &tx));
	TRY(store_page_visit(tx, arena, id, ouv_clock_now(), &visit));
	TRY(page_key_check(desk, tx, &visit.key));
	TRY(store_commit(&tx));
	visit_context(desk, &visit.key, id, &context);
	for (; pepper != NULL && err == OUV_REFUSED;
		pepper = ouv_key_former(pepper)) {
		ouv_visit_key(pepper, token, key);
		err = ouv_piece_open(
			&context, key, visit.box, sizeof(visit.box), 0, secret);
	}
	if (err == OUV_OK)
		err = fill(&visit.key, visit.expires_at, secret, visit_out);
	ouv_wipe(key, sizeof(key));
	ouv_wipe(secret, sizeof(secret));
	return err == OUV_REFUSED ? OUV_NOT_FOUND : err;
}

enum ouv_err
ouv_desk_page_leave(struct ouv_desk *desk, const uint8_t token[32])
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	uint8_t id[32];

	ouv_session_id(token, id);
	TRY(store_begin(desk->store, &tx));
	TRY(store_page_visit_end(tx, id));
	return store_commit(&tx);
}
