/*
 * restore.c - a lost host's secrets come back, opened by two custodians
 */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "host_secret.h"
#include "ouv/escrow.h"
#include "ouv/log.h"
#include "ouv/store_keys.h"

static enum ouv_err
check_shares(const char *share_a, const char *share_b)
{
	uint8_t escrow[OUV_KEY];
	enum ouv_err err = ouv_share_join("escrow", share_a, share_b, escrow);

	ouv_wipe(escrow, sizeof(escrow));
	if (err == OUV_OK)
		return OUV_OK;
	ouv_log_error("these are not two different shares of ESCROW, or one "
		      "is mistyped");
	return OUV_REFUSED;
}

static enum ouv_err
check_files(const struct ouv_config *config)
{
	for (size_t i = 0; i < HOST_SECRETS; i++) {
		const char *path = host_secret_path(config, &host_secrets[i]);

		if (*path == '\0') {
			ouv_log_error("[keys] %s_file is not set",
				host_secrets[i].name);
			return OUV_INVALID;
		}
		if (access(path, F_OK) == 0) {
			ouv_log_error("%s is there already", path);
			return OUV_CONFLICT;
		}
	}
	return OUV_OK;
}

enum ouv_err
ouv_restore_ready(const struct ouv_config *config, const char *share_a,
	const char *share_b)
{
	struct store *store = NULL;
	bool empty = false;
	enum ouv_err err;

	TRY(check_shares(share_a, share_b));
	TRY(check_files(config));
	TRY(store_open_bare(config, STORE_OWNER, &store));
	err = store_is_empty(store, &empty);
	store_close(&store);
	if (err == OUV_OK && !empty) {
		ouv_log_error("the database is not empty: restore into a new "
			      "one");
		return OUV_CONFLICT;
	}
	return err;
}

struct restoring {
	struct bare bare;
	struct ouv_arena *arena;
	struct store_host_secret *boxes;
	struct store_office_key *keys;
	size_t box_count, key_count;
	uint8_t escrow[OUV_KEY];
	struct restored {
		int version; /* 0: there is none */
		uint8_t value[OUV_KEY];
	} present[HOST_SECRETS], former[HOST_SECRETS];
};

/* The newest of its versions before that one; the rows are in that order. */
static const struct store_host_secret *
box_of(const struct restoring *r, const char *name, int before)
{
	const struct store_host_secret *found = NULL;

	for (size_t i = 0; i < r->box_count; i++)
		if (strcmp(r->boxes[i].name, name) == 0 &&
			r->boxes[i].version < before)
			found = &r->boxes[i];
	return found;
}

/* What is written must be what the office knows; the rows' own certificates
 * are looked at whenever a program starts. */
static bool
fits(const struct restoring *r, const struct host_secret *secret, int version,
	const uint8_t value[OUV_KEY])
{
	struct ouv_cert cert = { .kind = secret->cert,
		.tenant = r->bare.office.tenant,
		.version = (uint32_t)version };

	if (secret->kind == NULL)
		return true;
	secret->public_of(value, cert.a);
	for (size_t i = 0; i < r->key_count; i++)
		if (strcmp(r->keys[i].kind, secret->kind) == 0 &&
			r->keys[i].version == version &&
			ouv_cert_check(&cert, r->bare.office.root,
				r->keys[i].sig,
				sizeof(r->keys[i].sig)) == OUV_OK)
			return true;
	return false;
}

static enum ouv_err
open_box(struct restoring *r, const struct host_secret *secret,
	const struct store_host_secret *box, struct restored *out)
{
	if (host_secret_open(&r->bare.office.tenant, r->escrow, secret->name,
		    box->version, box->box, out->value) == OUV_OK &&
		fits(r, secret, box->version, out->value)) {
		out->version = box->version;
		return OUV_OK;
	}
	ouv_log_error("%s: its backup was altered", secret->name);
	return OUV_REFUSED;
}

/* And the one before it, unless that was retired. */
static enum ouv_err
open_one(struct restoring *r, size_t i)
{
	const struct host_secret *secret = &host_secrets[i];
	const struct store_host_secret *box = box_of(r, secret->name, INT_MAX);

	if (box == NULL) {
		ouv_log_error("%s has no backup", secret->name);
		return OUV_NOT_FOUND;
	}
	TRY(open_box(r, secret, box, &r->present[i]));
	box = box_of(r, secret->name, box->version);
	return box != NULL ? open_box(r, secret, box, &r->former[i]) : OUV_OK;
}

static enum ouv_err
open_all(struct restoring *r)
{
	TRY(store_host_secrets(r->bare.tx, r->arena, &r->boxes, &r->box_count));
	TRY(store_office_keys(r->bare.tx, r->arena, &r->keys, &r->key_count));
	for (size_t i = 0; i < HOST_SECRETS; i++)
		TRY(open_one(r, i));
	return OUV_OK;
}

static const char *
old_path(struct restoring *r, const struct ouv_config *config, size_t i)
{
	return ouv_arena_printf(r->arena, "%s" OUV_KEY_OLD,
		host_secret_path(config, &host_secrets[i]));
}

static enum ouv_err
write_one(struct restoring *r, const struct ouv_config *config, size_t i)
{
	const char *path = host_secret_path(config, &host_secrets[i]);
	const struct restored *one = &r->present[i], *old = &r->former[i];
	enum ouv_err err;

	TRY(host_secret_write(path, one->value, one->version));
	if (old->version == 0)
		return OUV_OK;
	err = host_secret_write(
		old_path(r, config, i), old->value, old->version);
	if (err != OUV_OK)
		(void)unlink(path);
	return err;
}

static enum ouv_err
write_all(struct restoring *r, const struct ouv_config *config)
{
	enum ouv_err err = OUV_OK;
	size_t done = 0;

	while (done < HOST_SECRETS && err == OUV_OK) {
		err = write_one(r, config, done);
		done += err == OUV_OK;
	}
	while (err != OUV_OK && done > 0) {
		done--;
		(void)unlink(host_secret_path(config, &host_secrets[done]));
		if (r->former[done].version != 0)
			(void)unlink(old_path(r, config, done));
	}
	return err;
}

enum ouv_err
ouv_restore_secrets(const struct ouv_config *config, const char *share_a,
	const char *share_b, int *written_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct restoring r = { .arena = arena };
	enum ouv_err err = bare_open(&r.bare, config);

	*written_out = 0;
	if (err == OUV_OK)
		err = bare_escrow(&r.bare, share_a, share_b, r.escrow);
	if (err == OUV_OK)
		err = open_all(&r);
	if (err == OUV_OK)
		err = write_all(&r, config);
	if (err == OUV_OK)
		*written_out = HOST_SECRETS;
	ouv_wipe(r.escrow, sizeof(r.escrow));
	ouv_wipe(r.present, sizeof(r.present));
	ouv_wipe(r.former, sizeof(r.former));
	bare_close(&r.bare);
	return err;
}
