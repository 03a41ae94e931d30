/*
 * health.c - does mail come and go, does the clockwork run, how do the office's
 * keys stand
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/health.h"
#include "ouv/store_console.h"
#include "ouv/store_keys.h"

/* clang-format off */
static const char *const names[OUV_PART__COUNT] = {
	[OUV_PART_INTAKE] = "intake",
	[OUV_PART_DISPATCH] = "dispatch",
	[OUV_PART_TIMER] = "timer",
	[OUV_PART_SEAL] = "seal",
};
/* clang-format on */

const char *
ouv_part_name(enum ouv_part part)
{
	return names[part];
}

bool
ouv_health_told(const struct ouv_actor *actor)
{
	return actor->role == OUV_ROLE_OMBUDSMAN ||
	       actor->role == OUV_ROLE_CUSTODIAN ||
	       actor->role == OUV_ROLE_ADMIN;
}

int
ouv_desk_schema(void)
{
	return STORE_SCHEMA;
}

enum ouv_err
ouv_desk_part_seen(struct ouv_desk *desk, const char *part, bool good, bool did,
	const char *trouble)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(store_part_seen(tx, part, good, did, trouble));
	return store_commit(&tx);
}

/* ---- what the console is told ---------------------------------------------
 */

static void
take_part(struct ouv_health *h, const struct store_part *row)
{
	for (int i = 0; i < OUV_PART__COUNT; i++)
		if (strcmp(names[i], row->part) == 0)
			h->parts[i] = (struct ouv_part_health){
				.program = row->program,
				.seen_at = row->seen_at,
				.good_at = row->good_at,
				.did_at = row->did_at,
				.trouble = row->trouble,
				.since_at = row->since_at,
			};
}

/* An office of a minute ago has had no time for a first round. */
static void
judge(struct ouv_health *h, const struct store_letters *letters)
{
	int64_t now = ouv_clock_now();

	for (int i = 0; i < OUV_PART__COUNT; i++) {
		struct ouv_part_health *p = &h->parts[i];
		int64_t last =
			p->good_at != 0 ? p->good_at : letters->office_since;

		p->late = now - last > OUV_HEALTH_FETCH_SECS;
	}
	/* The log is sealed when something was written, and mailed by the day.
	 */
	h->parts[OUV_PART_SEAL].late = false;
	h->unfetched = h->parts[OUV_PART_INTAKE].late;
	h->stopped = h->parts[OUV_PART_TIMER].late;
	h->stuck = h->oldest_at != 0 &&
		   now - h->oldest_at > OUV_HEALTH_LETTER_SECS;
}

enum ouv_err
ouv_desk_health(struct ouv_desk *desk, struct ouv_arena *arena,
	struct ouv_health *health_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_health h = { 0 };
	struct store_letters letters;
	struct store_part *rows;
	size_t count;

	for (int i = 0; i < OUV_PART__COUNT; i++)
		h.parts[i].program = h.parts[i].trouble = "";
	TRY(store_begin(desk->store, &tx));
	TRY(store_parts(tx, arena, &rows, &count));
	TRY(store_letters_wait(tx, &letters));
	TRY(store_commit(&tx));
	for (size_t i = 0; i < count; i++)
		take_part(&h, &rows[i]);
	h.queued = letters.queued;
	h.unknown = letters.unknown;
	h.failed = letters.failed;
	h.oldest_at = letters.oldest_at;
	h.lease_until = letters.lease_until;
	judge(&h, &letters);
	*health_out = h;
	return OUV_OK;
}

/* ---- keys
 * -------------------------------------------------------------------- */

/* The office's keys by the kind of their public half; NULL: it has none. */
/* clang-format off */
static const struct {
	const char *name, *kind;
} secrets[] = {
	{ "svc", "svc" },
	{ "gw_sig", "gateway" },
	{ "srv_sig", "server" },
	{ "k_id", NULL },
	{ "k_tok", NULL },
	{ "pepper", NULL },
};
/* clang-format on */
#define SECRETS (sizeof(secrets) / sizeof(secrets[0]))

static int
kept_version(
	const struct store_kept_secret *kept, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(kept[i].name, name) == 0)
			return kept[i].version;
	return 0;
}

static int
newest(const struct store_office_key *keys, size_t count, const char *kind)
{
	int version = 0;

	for (size_t i = 0; kind != NULL && i < count; i++)
		if (strcmp(keys[i].kind, kind) == 0 &&
			keys[i].version > version)
			version = keys[i].version;
	return version;
}

static enum ouv_err
read_keys(struct store_tx *tx, struct ouv_arena *arena,
	struct ouv_office_keys *out)
{
	struct store_kept_secret *kept;
	struct store_office_key *keys;
	size_t kept_count, key_count;

	TRY(store_secrets_kept(tx, arena, &kept, &kept_count));
	TRY(store_office_keys(tx, arena, &keys, &key_count));
	out->count = SECRETS;
	out->list = ouv_arena_array(arena, SECRETS, sizeof(*out->list));
	for (size_t i = 0; i < SECRETS; i++) {
		int sealed = kept_version(kept, kept_count, secrets[i].name);
		int known = newest(keys, key_count, secrets[i].kind);

		out->list[i] = (struct ouv_office_key){ secrets[i].name,
			known > sealed ? known : sealed,
			sealed != 0 && sealed >= known };
	}
	return OUV_OK;
}

enum ouv_err
ouv_desk_office_keys(struct ouv_desk *desk, struct ouv_arena *arena,
	struct ouv_office_keys *keys_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_office_keys k = { 0 };
	struct store_key_status s;

	TRY(store_begin(desk->store, &tx));
	TRY(read_keys(tx, arena, &k));
	TRY(store_keys_told(tx, &s));
	TRY(store_commit(&tx));
	k.cases = s.cases;
	k.no_escrow = s.no_escrow;
	k.nobody = s.nobody;
	k.rekey_due = s.rekey_due;
	k.people = s.people;
	k.no_recovery = s.no_recovery;
	k.escrow_given = s.escrow_given;
	k.escrow_at = s.escrow_at;
	k.drill_at = s.drill_at;
	*keys_out = k;
	return OUV_OK;
}
