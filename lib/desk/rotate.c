/*
 * rotate.c - another secret for one of the office's own
 *
 * NAME.new is written first, then the database learns of it, then it becomes
 * NAME and the one before NAME.old: a run that is killed is gone on with, and
 * nothing is signed by a key that is not certified, nor sealed to one that
 * nobody holds.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host_secret.h"
#include "ouv/log.h"
#include "ouv/rotation.h"
#include "ouv/store_keys.h"
#include "rotate.h"

struct rotation {
	struct bare bare;
	struct ouv_arena *arena;
	const struct host_secret *secret;
	const char *path, *new, *old;
	uint8_t root[OUV_KEY];
	struct ouv_key *present, *next;
};

enum ouv_err
rotate_find(const char *name, const struct host_secret **secret_out)
{
	const struct host_secret *secret = host_secret_find(name);

	if (secret == NULL) {
		ouv_log_error("%s is none of the office's secrets", name);
		return OUV_INVALID;
	}
	*secret_out = secret;
	return OUV_OK;
}

static enum ouv_err
join_root(struct rotation *r, const char *share_a, const char *share_b)
{
	uint8_t public[OUV_KEY];

	if (ouv_share_join("root", share_a, share_b, r->root) != OUV_OK) {
		ouv_log_error("these are not two different shares of ROOT, or "
			      "one is mistyped");
		return OUV_REFUSED;
	}
	ouv_sign_public(r->root, public);
	if (ouv_equal(public, r->bare.office.root, sizeof(public)))
		return OUV_OK;
	ouv_log_error("these shares are of another office's ROOT");
	return OUV_REFUSED;
}

/* Does the database know this version, and with this public half? */
static enum ouv_err
known(struct rotation *r, const struct ouv_key *key, bool *is_out)
{
	struct store_office_key *keys;
	struct store_host_secret *boxes;
	int version = (int)ouv_key_version(key);
	uint8_t public[OUV_KEY];
	size_t count;

	*is_out = false;
	if (r->secret->kind == NULL) {
		TRY(store_host_secrets(r->bare.tx, r->arena, &boxes, &count));
		for (size_t i = 0; i < count; i++)
			*is_out |=
				strcmp(boxes[i].name, r->secret->name) == 0 &&
				boxes[i].version == version;
		return OUV_OK;
	}
	r->secret->public_of(ouv_key_bytes(key), public);
	TRY(store_office_keys(r->bare.tx, r->arena, &keys, &count));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(keys[i].kind, r->secret->kind) != 0 ||
			keys[i].version != version)
			continue;
		if (!ouv_equal(public, keys[i].public, sizeof(public))) {
			ouv_log_error(
				"%s is not the one of this database", r->path);
			return OUV_REFUSED;
		}
		*is_out = true;
	}
	return OUV_OK;
}

static enum ouv_err
find_present(struct rotation *r)
{
	bool is = false;

	r->path = host_secret_path(r->bare.office.config, r->secret);
	if (*r->path == '\0') {
		ouv_log_error("[keys] %s_file is not set", r->secret->name);
		return OUV_INVALID;
	}
	r->new = ouv_arena_printf(r->arena, "%s.new", r->path);
	r->old = ouv_arena_printf(r->arena, "%s" OUV_KEY_OLD, r->path);
	TRY(ouv_key_read(r->path, &r->present));
	TRY(known(r, r->present, &is));
	if (is || r->secret->kind == NULL)
		return OUV_OK;
	ouv_log_error("%s is not the one of this database", r->path);
	return OUV_REFUSED;
}

/* A file that was put back from before, or of another machine. */
static enum ouv_err
is_newest(struct rotation *r)
{
	const unsigned version = (unsigned)ouv_key_version(r->present);
	struct store_host_secret *boxes;
	size_t count;

	TRY(store_host_secrets(r->bare.tx, r->arena, &boxes, &count));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(boxes[i].name, r->secret->name) != 0 ||
			boxes[i].version <= (int)version)
			continue;
		ouv_log_error("%s is version %u, the database has version %d: "
			      "restore the file first",
			r->path, version, boxes[i].version);
		return OUV_CONFLICT;
	}
	return OUV_OK;
}

/* The one that a killed run has made, or a fresh one. */
static enum ouv_err
find_next(struct rotation *r)
{
	uint32_t version = ouv_key_version(r->present) + 1;

	if (access(r->new, F_OK) != 0) {
		if (access(r->old, F_OK) == 0) {
			ouv_log_error("%s is there: %s has version %u, the one "
				      "before it is not retired",
				r->old, r->secret->name,
				(unsigned)ouv_key_version(r->present));
			return OUV_CONFLICT;
		}
		TRY(is_newest(r));
		r->next = ouv_key_after(r->present);
		return host_secret_write(
			r->new, ouv_key_bytes(r->next), (int)version);
	}
	TRY(ouv_key_read(r->new, &r->next));
	if (ouv_key_version(r->next) == version)
		return OUV_OK;
	ouv_log_error("%s does not follow %s", r->new, r->path);
	return OUV_CONFLICT;
}

static enum ouv_err
add_rows(struct rotation *r)
{
	const struct host_secret *secret = r->secret;
	int version = (int)ouv_key_version(r->next);
	struct store_office_key key = { .kind = secret->kind,
		.version = version };
	struct ouv_cert cert = { .kind = secret->cert,
		.tenant = r->bare.office.tenant,
		.version = (uint32_t)version };
	uint8_t box[OUV_BOX];

	if (secret->kind != NULL) {
		secret->public_of(ouv_key_bytes(r->next), cert.a);
		memcpy(key.public, cert.a, sizeof(key.public));
		ouv_cert_sign(&cert, r->root, key.sig);
		TRY(store_office_key_add(r->bare.tx, &key));
	}
	host_secret_seal(&r->bare.office.tenant, r->bare.desk.escrow,
		secret->name, version, ouv_key_bytes(r->next), box);
	TRY(store_host_secret_add(r->bare.tx, secret->name, version, box));
	return store_rotation_add(r->bare.tx, secret->name, version,
		strcmp(secret->name, "svc") != 0 &&
			strcmp(secret->name, "k_id") != 0);
}

static enum ouv_err
tell_database(struct rotation *r)
{
	bool is = false;

	TRY(known(r, r->next, &is));
	if (is)
		return OUV_OK;
	TRY(add_rows(r));
	return bare_commit(&r->bare, "key-rotate", r->secret->name);
}

/* There was never a moment without a file of that name. */
static enum ouv_err
put_in_place(const struct rotation *r)
{
	struct ouv_key *old = NULL;
	bool same = false;

	if (link(r->path, r->old) != 0) {
		if (errno == EEXIST && ouv_key_read(r->old, &old) == OUV_OK)
			same = ouv_equal(ouv_key_bytes(old),
				ouv_key_bytes(r->present), OUV_KEY);
		ouv_key_free(&old);
		if (!same) {
			ouv_log_error("%s cannot be written", r->old);
			return OUV_INVALID;
		}
	}
	if (rename(r->new, r->path) != 0) {
		ouv_log_error("%s: %s", r->path, strerror(errno));
		return OUV_INVALID;
	}
	return host_secret_sync(r->path);
}

enum ouv_err
ouv_key_rotate(const struct ouv_config *config, const char *name,
	const char *share_a, const char *share_b, int *version_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct rotation r = { .arena = arena };
	enum ouv_err err;

	TRY(rotate_find(name, &r.secret));
	err = bare_open(&r.bare, config);
	if (err == OUV_OK)
		err = join_root(&r, share_a, share_b);
	if (err == OUV_OK)
		err = find_present(&r);
	if (err == OUV_OK)
		err = find_next(&r);
	if (err == OUV_OK)
		err = tell_database(&r);
	if (err == OUV_OK)
		err = put_in_place(&r);
	if (err == OUV_OK)
		*version_out = (int)ouv_key_version(r.next);
	ouv_wipe(r.root, sizeof(r.root));
	ouv_key_free(&r.present);
	ouv_key_free(&r.next);
	bare_close(&r.bare);
	return err;
}
