/*
 * sessions.c - where somebody is logged in, and with which browsers they were
 */
#include <string.h>

#include "account.h"

#define SESSIONS_MOST 2
#define AGENT_MOST 200

/* What a browser calls itself is nobody's business but its person's: sealed
 * under a key that only their own secret gives. */
static void
agent_key(struct ouv_desk *desk, const struct ouv_identity *identity,
	const struct ouv_id *person, uint8_t key_out[OUV_KEY],
	struct ouv_context *context_out)
{
	ouv_hash_keyed(identity->box, "ouv-agnt", person->b, sizeof(person->b),
		key_out);
	context_make(desk, OUV_KIND_SESSION, OUV_COLUMN_PERSON, NULL, person, 1,
		context_out);
}

void
device_id(const struct ouv_visit *visit, uint8_t id_out[32])
{
	ouv_hash("device", visit->device, sizeof(visit->device), id_out);
}

enum ouv_err
session_open(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_id *person, const struct ouv_identity *identity,
	const struct ouv_visit *visit, const uint8_t token[32])
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	const struct ouv_office *office = desk->office;
	const char *agent = visit->user_agent != NULL ? visit->user_agent : "";
	uint8_t id[32], wrapped[OUV_WRAPPED], hash[32], key[OUV_KEY];
	struct ouv_context context;
	struct ouv_str sealed;
	bool fresh;

	ouv_session_id(token, id);
	ouv_session_wrap(identity, &office->tenant, person, office->pepper,
		token, wrapped);
	ouv_hash("agent", agent, strlen(agent), hash);
	agent_key(desk, identity, person, key, &context);
	ouv_blob_seal(arena, &context, key, agent, strnlen(agent, AGENT_MOST),
		&sealed);
	ouv_wipe(key, sizeof(key));
	TRY(store_session_add(tx, id, person, wrapped, hash, SESSIONS_MOST));
	TRY(store_session_agent(tx, id, sealed));
	device_id(visit, hash);
	TRY(store_device_used(tx, person, hash, &fresh));
	TRY(log_own(desk, tx, person, "login", person));
	return fresh ? log_own(desk, tx, person, "device-new", person) : OUV_OK;
}

/* ---- the list
 * -----------------------------------------------------------------
 */

static void
show_one(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const uint8_t mine[32],
	const struct store_session_row *row, struct ouv_session_view *view_out)
{
	struct ouv_context context;
	struct ouv_str agent;
	uint8_t key[OUV_KEY];

	ouv_hex(row->id, 16, view_out->id);
	view_out->created_at = row->created_at;
	view_out->seen_at = row->seen_at;
	view_out->mine = memcmp(row->id, mine, 32) == 0;
	view_out->agent = "";
	agent_key(desk, actor->identity, &actor->person, key, &context);
	if (row->agent.len > 0 &&
		ouv_blob_open(arena, &context, key, row->agent.p,
			row->agent.len, &agent) == OUV_OK)
		view_out->agent = agent.p;
	ouv_wipe(key, sizeof(key));
}

enum ouv_err
ouv_desk_sessions(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct ouv_session_view **list_out,
	size_t *count_out)
{
	const struct ouv_config *config = desk->office->config;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_session_row *rows;
	struct ouv_session_view *list;
	uint8_t mine[32];
	size_t count;

	ouv_session_id(actor->token, mine);
	TRY(store_begin(desk->store, &tx));
	TRY(store_sessions(tx, arena, &actor->person,
		config->server_idle_minutes, config->server_session_hours,
		&rows, &count));
	TRY(store_commit(&tx));
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		show_one(desk, arena, actor, mine, &rows[i], &list[i]);
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

/* ---- ending them
 * ---------------------------------------------------------------
 */

struct ending {
	const struct ouv_actor *actor;
	struct ouv_ask *ask;
};

static enum ouv_err
write_end(struct ouv_desk *desk, struct store_tx *tx, void *user)
{
	struct ending *e = user;
	const struct ouv_id *person = &e->actor->person;
	const char *which = ask_field(e->ask, "session");
	uint8_t id[32], half[16];

	if (ask_once(e->ask, tx, e->actor, "sessions-end") != OUV_OK)
		return e->ask->result->repeated ? OUV_OK : OUV_INVALID;
	ouv_session_id(e->actor->token, id);
	if (*which == '\0')
		TRY(store_session_end_others(tx, person, id));
	else if (ouv_unhex(which, half, sizeof(half)) != OUV_OK)
		return OUV_INVALID;
	else
		TRY(store_session_end_one(tx, person, half));
	return log_own(desk, tx, person, "sessions-end", person);
}

enum ouv_err
ouv_desk_sessions_end(struct ouv_desk *desk, const struct ouv_actor *actor,
	struct ouv_ask *ask)
{
	struct ending e = { actor, ask };

	return account_write(desk, write_end, &e);
}

/* ---- browsers
 * ----------------------------------------------------------------
 */

enum ouv_err
ouv_desk_device_news(struct ouv_desk *desk, const struct ouv_actor *actor,
	const uint8_t device[32], int64_t *at_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	uint8_t id[32];

	ouv_hash("device", device, 32, id);
	TRY(store_begin(desk->store, &tx));
	TRY(store_device_news(tx, &actor->person, id, at_out));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_device_known(struct ouv_desk *desk, const struct ouv_actor *actor,
	const uint8_t device[32])
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	bool is, known;
	uint8_t id[32];

	ouv_hash("device", device, 32, id);
	TRY(store_begin(desk->store, &tx));
	TRY(store_device_is(tx, &actor->person, id, &is, &known));
	if (!known && !actor->stepped)
		return OUV_REFUSED;
	TRY(store_device_known(tx, &actor->person));
	return store_commit(&tx);
}
