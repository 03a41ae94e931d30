/*
 * drill.c - could two custodians bring the hosts' secrets back?  Tried, with
 * the real sheets
 */
#include <string.h>

#include "host_secret.h"
#include "ouv/log.h"
#include "ouv/rotation.h"
#include "ouv/store_keys.h"

struct drill {
	struct bare bare;
	struct ouv_arena *arena;
	uint8_t escrow[OUV_KEY];
};

/* Of its newest version; the rows are in that order. */
static const struct store_host_secret *
newest(const struct store_host_secret *boxes, size_t count, const char *name)
{
	const struct store_host_secret *found = NULL;

	for (size_t i = 0; i < count; i++)
		if (strcmp(boxes[i].name, name) == 0)
			found = &boxes[i];
	return found;
}

/* What lies elsewhere is opened all the same. */
static enum ouv_err
is_here(const struct drill *d, const struct host_secret *secret,
	const struct store_host_secret *box, const uint8_t value[OUV_KEY])
{
	const char *path = host_secret_path(d->bare.office.config, secret);
	struct ouv_key *key = NULL;
	enum ouv_err err = OUV_OK;

	if (!ouv_secret_there(path))
		return OUV_OK;
	TRY(ouv_key_read(path, &key));
	if ((int)ouv_key_version(key) == box->version &&
		!ouv_equal(value, ouv_key_bytes(key), OUV_KEY)) {
		ouv_log_error("%s is not what was backed up", path);
		err = OUV_REFUSED;
	}
	ouv_key_free(&key);
	return err;
}

static enum ouv_err
try_one(const struct drill *d, const struct host_secret *secret,
	const struct store_host_secret *box)
{
	uint8_t value[OUV_KEY];
	enum ouv_err err;

	if (box == NULL) {
		ouv_log_error("%s has no backup", secret->name);
		return OUV_REFUSED;
	}
	if (host_secret_open(&d->bare.office.tenant, d->escrow, secret->name,
		    box->version, box->box, value) != OUV_OK) {
		ouv_log_error("%s: its backup was altered", secret->name);
		return OUV_REFUSED;
	}
	err = is_here(d, secret, box, value);
	ouv_wipe(value, sizeof(value));
	return err;
}

static enum ouv_err
try_all(struct drill *d)
{
	struct store_host_secret *boxes;
	size_t count;

	TRY(store_host_secrets(d->bare.tx, d->arena, &boxes, &count));
	for (size_t i = 0; i < HOST_SECRETS; i++)
		TRY(try_one(d, &host_secrets[i],
			newest(boxes, count, host_secrets[i].name)));
	return bare_commit(&d->bare, "key-drill", NULL);
}

enum ouv_err
ouv_key_drill(const struct ouv_config *config, const char *share_a,
	const char *share_b, int *opened_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct drill d = { .arena = arena };
	enum ouv_err err = bare_open(&d.bare, config);

	if (err == OUV_OK)
		err = bare_escrow(&d.bare, share_a, share_b, d.escrow);
	if (err == OUV_OK)
		err = try_all(&d);
	if (err == OUV_OK)
		*opened_out = HOST_SECRETS;
	ouv_wipe(d.escrow, sizeof(d.escrow));
	bare_close(&d.bare);
	return err;
}
