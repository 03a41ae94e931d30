/*
 * setup.c - the birth of an office: its keys and their certificates
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host_secret.h"
#include "ouv/log.h"
#include "ouv/setup.h"

struct birth {
	const struct ouv_config *config;
	const char *folder;
	struct ouv_id tenant;
	uint8_t root[OUV_KEY], escrow[OUV_KEY], escrow_public[OUV_KEY];
	uint8_t values[HOST_SECRETS][OUV_KEY];
	struct store_tx *tx;
};

static enum ouv_err
certify(struct birth *b, const char *kind, enum ouv_cert_kind cert_kind,
	const uint8_t public[OUV_KEY])
{
	struct store_office_key key = { .kind = kind, .version = 1 };
	struct ouv_cert cert = {
		.kind = cert_kind, .tenant = b->tenant, .version = 1
	};

	memcpy(key.public, public, OUV_KEY);
	memcpy(cert.a, public, OUV_KEY);
	ouv_cert_sign(&cert, b->root, key.sig);
	return store_office_key_add(b->tx, &key);
}

static enum ouv_err
back_up(struct birth *b, const char *name, const uint8_t secret[OUV_KEY])
{
	uint8_t box[OUV_BOX];

	host_secret_seal(&b->tenant, b->escrow_public, name, 1, secret, box);
	return store_host_secret_add(b->tx, name, 1, box);
}

static enum ouv_err
add_rows(struct birth *b)
{
	TRY(store_office_add(b->tx, &b->tenant));
	TRY(certify(b, "escrow", OUV_CERT_ESCROW, b->escrow_public));
	for (size_t i = 0; i < HOST_SECRETS; i++) {
		const struct host_secret *secret = &host_secrets[i];
		uint8_t public[OUV_KEY];

		if (secret->kind != NULL) {
			secret->public_of(b->values[i], public);
			TRY(certify(b, secret->kind, secret->cert, public));
		}
		TRY(back_up(b, secret->name, b->values[i]));
	}
	return store_flush(b->tx);
}

static const char *
path_in(const char *folder, size_t i, char path[static 4096])
{
	(void)snprintf(path, 4096, "%s/%s.key", folder, host_secrets[i].name);
	return path;
}

static void
take_back(const char *folder, size_t count)
{
	char path[4096];

	for (size_t i = 0; i < count; i++)
		(void)unlink(path_in(folder, i, path));
}

/* Files first, then the rows: keys that nobody has would be the worse half. */
static enum ouv_err
write_all(struct birth *b)
{
	char path[4096];
	size_t done = 0;
	enum ouv_err err = OUV_OK;

	while (done < HOST_SECRETS && err == OUV_OK) {
		err = host_secret_write(
			path_in(b->folder, done, path), b->values[done], 1);
		if (err == OUV_OK)
			done++;
	}
	if (err == OUV_OK)
		err = store_commit(&b->tx);
	if (err != OUV_OK)
		take_back(b->folder, done);
	return err;
}

static void
make_secrets(struct birth *b)
{
	ouv_random(b->root, sizeof(b->root));
	ouv_box_pair(b->escrow_public, b->escrow);
	for (size_t i = 0; i < HOST_SECRETS; i++)
		ouv_random(b->values[i], OUV_KEY);
}

static enum ouv_err
give_birth(struct birth *b, struct store *store)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_id tenant;
	enum ouv_err err;

	TRY(store_begin(store, &tx));
	err = store_office_tenant(tx, &tenant);
	if (err == OUV_OK) {
		ouv_log_error("this database has an office already");
		return OUV_CONFLICT;
	}
	if (err != OUV_NOT_FOUND)
		return err;
	b->tx = tx;
	tx = NULL; /* from here on b has it */
	err = add_rows(b);
	if (err == OUV_OK)
		err = write_all(b);
	store_rollback(&b->tx);
	return err;
}

enum ouv_err
ouv_setup_keys(const struct ouv_config *config, const char *folder,
	struct ouv_setup_keys *keys_out)
{
	struct birth b = { .config = config, .folder = folder };
	struct store *store = NULL;
	uint8_t public[OUV_KEY];
	enum ouv_err err;

	TRY(ouv_id_parse(config->office_tenant, &b.tenant));
	TRY(store_open(config, STORE_OWNER, &store));
	make_secrets(&b);
	err = give_birth(&b, store);
	store_close(&store);
	if (err == OUV_OK) {
		ouv_sign_public(b.root, public);
		ouv_hex(public, sizeof(public), keys_out->root_public);
		ouv_share_split("root", b.root, keys_out->root_shares);
		ouv_share_split("escrow", b.escrow, keys_out->escrow_shares);
	}
	ouv_wipe(&b, sizeof(b));
	return err;
}

enum ouv_err
ouv_setup_migrate(const struct ouv_config *config, int *applied_out)
{
	struct store *store = NULL;
	enum ouv_err err;

	TRY(store_open_bare(config, STORE_OWNER, &store));
	err = store_migrate(store, config->paths_migrations, applied_out);
	store_close(&store);
	return err;
}

enum ouv_err
ouv_setup_check_dsn(const struct ouv_config *config)
{
	bool is_secret = false;

	TRY(store_dsn_secret(config->db_dsn, &is_secret));
	if (!is_secret)
		return OUV_OK;
	ouv_log_error("[database] dsn holds a password, and would be shown to "
		      "others: put it into a file");
	return OUV_INVALID;
}

enum ouv_err
ouv_setup_check_sql(const struct ouv_config *config)
{
	struct store *store = NULL;
	enum ouv_err err;

	TRY(store_open_bare(config, STORE_OWNER, &store));
	err = store_check_sql(store);
	store_close(&store);
	return err;
}
