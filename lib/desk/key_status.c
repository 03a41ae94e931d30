/*
 * key_status.c - how the office's keys stand, and what is to be done
 *
 * Secrets are looked at as files, one by one: each host has some of them, and
 * what is not here is no fault.  What is here must be readable by its owner
 * alone and must be the one whose public half ROOT certified.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host_secret.h"
#include "ouv/escrow.h"
#include "ouv/log.h"
#include "ouv/store_keys.h"
#include "rotate.h"

struct looking {
	struct bare bare;
	struct ouv_arena *arena;
	struct store_office_key *keys;
	struct store_host_secret *boxes;
	size_t key_count, box_count;
	struct waiting waiting;
	json_t *wrong; /* codes of what is not as it should be */
};

static void
is_wrong(struct looking *l, const char *code)
{
	for (size_t i = 0; i < json_array_size(l->wrong); i++)
		if (strcmp(json_string_value(json_array_get(l->wrong, i)),
			    code) == 0)
			return;
	(void)json_array_append_new(l->wrong, json_string(code));
}

/* The newest of that kind; NULL: none. */
static const struct store_office_key *
newest(const struct looking *l, const char *kind)
{
	const struct store_office_key *found = NULL;

	for (size_t i = 0; kind != NULL && i < l->key_count; i++)
		if (strcmp(l->keys[i].kind, kind) == 0)
			found = &l->keys[i];
	return found;
}

static bool
certified(const struct looking *l, const struct store_office_key *key,
	enum ouv_cert_kind kind)
{
	struct ouv_cert cert = { .kind = kind,
		.tenant = l->bare.office.tenant };

	if (key == NULL)
		return false;
	cert.version = (uint32_t)key->version;
	memcpy(cert.a, key->public, sizeof(cert.a));
	return ouv_cert_check(&cert, l->bare.office.root, key->sig,
		       sizeof(key->sig)) == OUV_OK;
}

/* The newest that the database knows. */
static int
version_of(const struct looking *l, const struct host_secret *secret)
{
	const struct store_office_key *key = newest(l, secret->kind);
	int version = key != NULL ? key->version : 1;

	for (size_t i = 0; i < l->box_count; i++)
		if (strcmp(l->boxes[i].name, secret->name) == 0 &&
			l->boxes[i].version > version)
			version = l->boxes[i].version;
	return version;
}

static bool
fits(const struct looking *l, const struct host_secret *secret,
	const struct ouv_key *value)
{
	const struct store_office_key *key = newest(l, secret->kind);
	uint8_t public[OUV_KEY];

	if (secret->kind == NULL)
		return true;
	secret->public_of(ouv_key_bytes(value), public);
	return key != NULL && ouv_equal(public, key->public, sizeof(public));
}

/* A change that was killed before its last step. */
static bool
is_half(const struct looking *l, const char *path)
{
	const char *new = ouv_arena_printf(l->arena, "%s.new", path);

	return access(new, F_OK) == 0;
}

/* here, elsewhere, open-to-others, unreadable, half-changed, does-not-fit */
static const char *
file_state(const struct looking *l, const struct host_secret *secret)
{
	const char *path = host_secret_path(l->bare.office.config, secret);
	struct ouv_key *value = NULL;
	const char *state = "here";
	struct stat st;

	if (*path == '\0' || stat(path, &st) != 0)
		return *path == '\0' || errno == ENOENT ? "elsewhere"
							: "unreadable";
	if ((st.st_mode & 0177) != 0)
		return "open-to-others";
	if (ouv_key_read(path, &value) != OUV_OK)
		return "unreadable";
	if (is_half(l, path))
		state = "half-changed";
	else if ((int)ouv_key_version(value) != version_of(l, secret) ||
		 !fits(l, secret, value))
		state = "does-not-fit";
	ouv_key_free(&value);
	return state;
}

static bool
backed_up(const struct looking *l, const char *name, int version)
{
	for (size_t i = 0; i < l->box_count; i++)
		if (strcmp(l->boxes[i].name, name) == 0 &&
			l->boxes[i].version == version)
			return true;
	return false;
}

static json_t *
look_at(struct looking *l, const struct host_secret *secret)
{
	const struct store_office_key *key = newest(l, secret->kind);
	const char *file = file_state(l, secret);
	const char *old = ouv_arena_printf(l->arena, "%s" OUV_KEY_OLD,
		host_secret_path(l->bare.office.config, secret));
	const struct store_rotation *rotation =
		waiting_rotation(&l->waiting, secret->name);
	int version = version_of(l, secret);
	bool sealed = backed_up(l, secret->name, version);
	bool former = backed_up(l, secret->name, version - 1) ||
		      access(old, F_OK) == 0;
	json_t *doc;
	bool sure = secret->kind == NULL || certified(l, key, secret->cert);

	if (strcmp(file, "here") != 0 && strcmp(file, "elsewhere") != 0)
		is_wrong(l, file);
	if (!sealed)
		is_wrong(l, "no-backup");
	if (!sure)
		is_wrong(l, "not-certified");
	doc = json_pack("{s:s, s:i, s:b, s:b, s:s, s:b, s:I, s:I}", "name",
		secret->name, "version", version, "certified", (int)sure,
		"backed_up", (int)sealed, "file", file, "former", (int)former,
		"made_at",
		(json_int_t)(rotation != NULL ? rotation->began_at : 0),
		"moved", (json_int_t)(rotation != NULL ? rotation->moved : 0));
	if (former)
		waiting_tell(&l->waiting, secret->name, version, doc);
	return doc;
}

static enum ouv_err
look(struct looking *l, json_t *doc)
{
	struct store_key_status s;
	json_t *keys = json_array();

	(void)json_object_set_new(doc, "keys", keys);
	TRY(store_office_keys(l->bare.tx, l->arena, &l->keys, &l->key_count));
	TRY(store_host_secrets(l->bare.tx, l->arena, &l->boxes, &l->box_count));
	TRY(store_key_status(l->bare.tx, &s));
	l->waiting.arena = l->arena;
	TRY(waiting_load(&l->waiting, l->bare.tx,
		version_of(l, host_secret_find("pepper")),
		version_of(l, host_secret_find("k_id"))));
	for (size_t i = 0; i < HOST_SECRETS; i++)
		(void)json_array_append_new(keys, look_at(l, &host_secrets[i]));
	if (s.no_escrow > 0)
		is_wrong(l, "no-escrow");
	if (s.nobody > 0)
		is_wrong(l, "nobody");
	if (s.no_recovery > 0)
		is_wrong(l, "no-recovery");
	return json_object_update_new(
		       doc, json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I,"
				      " s:I, s:I}",
				    "cases", (json_int_t)s.cases, "no_escrow",
				    (json_int_t)s.no_escrow, "nobody",
				    (json_int_t)s.nobody, "rekey_due",
				    (json_int_t)s.rekey_due, "people",
				    (json_int_t)s.people, "no_recovery",
				    (json_int_t)s.no_recovery, "escrow_given",
				    (json_int_t)s.escrow_given, "escrow_at",
				    (json_int_t)s.escrow_at, "drill_at",
				    (json_int_t)s.drill_at)) == 0
		       ? OUV_OK
		       : OUV_INVALID;
}

enum ouv_err
ouv_key_status(const struct ouv_config *config, json_t **status_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct looking l = { .arena = arena };
	json_t *doc = json_object();
	enum ouv_err err = bare_open(&l.bare, config);

	/* bare_open refuses an ESCROW, SVC or gateway's key that ROOT did not
	 * certify. */
	l.wrong = json_array();
	(void)json_object_set_new(doc, "wrong", l.wrong);
	if (err == OUV_OK)
		err = look(&l, doc);
	bare_close(&l.bare);
	(void)json_object_set_new(
		doc, "ok", json_boolean(json_array_size(l.wrong) == 0));
	if (err == OUV_OK)
		*status_out = doc;
	else
		json_decref(doc);
	return err;
}

/* ---- a backup for what has none -------------------------------------------
 */

static enum ouv_err
back_up(struct looking *l, const struct host_secret *secret, int *sealed)
{
	int version = version_of(l, secret);
	struct ouv_key *value = NULL;
	uint8_t box[OUV_BOX];

	if (backed_up(l, secret->name, version) ||
		strcmp(file_state(l, secret), "here") != 0)
		return OUV_OK;
	TRY(ouv_key_read(
		host_secret_path(l->bare.office.config, secret), &value));
	host_secret_seal(&l->bare.office.tenant, l->bare.desk.escrow,
		secret->name, version, ouv_key_bytes(value), box);
	ouv_key_free(&value);
	(*sealed)++;
	return store_host_secret_add(l->bare.tx, secret->name, version, box);
}

static enum ouv_err
back_up_all(struct looking *l, struct command_log **log, int *sealed)
{
	TRY(store_office_keys(l->bare.tx, l->arena, &l->keys, &l->key_count));
	TRY(store_host_secrets(l->bare.tx, l->arena, &l->boxes, &l->box_count));
	for (size_t i = 0; i < HOST_SECRETS; i++)
		TRY(back_up(l, &host_secrets[i], sealed));
	if (*sealed > 0)
		TRY(command_log_write(log, l->bare.office.config,
			l->bare.desk.store, l->bare.tx, "key-backup",
			&l->bare.office.tenant, NULL));
	return store_commit(&l->bare.tx);
}

enum ouv_err
ouv_key_back_up(const struct ouv_config *config, int *sealed_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct looking l = { .arena = arena };
	struct command_log *log = NULL;
	enum ouv_err err = bare_open(&l.bare, config);

	*sealed_out = 0;
	if (err == OUV_OK)
		err = back_up_all(&l, &log, sealed_out);
	command_log_end(&log);
	bare_close(&l.bare);
	return err;
}
