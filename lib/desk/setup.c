/*
 * setup.c - the birth of an office: its keys and their certificates
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk_impl.h"
#include "ouv/log.h"
#include "ouv/setup.h"

/* One secret of the office: where it lies, what of it is certified. */
struct born {
	const char *name; /* file NAME.key, row of host_secret */
	const char *kind; /* row of office_key; NULL: no public half */
	enum ouv_cert_kind cert;
	void (*public_of)(
		const uint8_t secret[OUV_KEY], uint8_t public_out[OUV_KEY]);
	bool backup;
};

/* clang-format off */
static const struct born secrets[] = {
	{ "svc",     "svc",     OUV_CERT_SVC,     ouv_box_public,  true },
	{ "k_id",    NULL,      OUV_CERT__COUNT,  NULL,            true },
	{ "k_tok",   NULL,      OUV_CERT__COUNT,  NULL,            true },
	{ "pepper",  NULL,      OUV_CERT__COUNT,  NULL,            true },
	{ "gw_sig",  "gateway", OUV_CERT_GATEWAY, ouv_sign_public, false },
	{ "srv_sig", "server",  OUV_CERT_SERVER,  ouv_sign_public, false },
};
/* clang-format on */
#define SECRETS (sizeof(secrets) / sizeof(secrets[0]))

struct birth {
	const struct ouv_config *config;
	const char *folder;
	struct ouv_id tenant;
	uint8_t root[OUV_KEY], escrow[OUV_KEY], escrow_public[OUV_KEY];
	uint8_t values[SECRETS][OUV_KEY];
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
	struct ouv_context context = { .kind = OUV_KIND_HOST_SECRET,
		.column = OUV_COLUMN_ESCROW,
		.tenant = b->tenant,
		.version = 1 };
	uint8_t row[OUV_KEY], box[OUV_BOX];

	ouv_hash("host", name, strlen(name), row);
	memcpy(context.row.b, row, sizeof(context.row.b));
	ouv_seal_key(&context, b->escrow_public, secret, box);
	return store_host_secret_add(b->tx, name, 1, box);
}

static enum ouv_err
add_rows(struct birth *b)
{
	TRY(store_office_add(b->tx, &b->tenant));
	TRY(certify(b, "escrow", OUV_CERT_ESCROW, b->escrow_public));
	for (size_t i = 0; i < SECRETS; i++) {
		uint8_t public[OUV_KEY];

		if (secrets[i].kind != NULL) {
			secrets[i].public_of(b->values[i], public);
			TRY(certify(
				b, secrets[i].kind, secrets[i].cert, public));
		}
		if (secrets[i].backup)
			TRY(back_up(b, secrets[i].name, b->values[i]));
	}
	return store_flush(b->tx);
}

static enum ouv_err
write_secret(const char *folder, const char *name, const uint8_t key[OUV_KEY])
{
	char path[4096], text[2 * OUV_KEY + 2];
	enum ouv_err err = OUV_OK;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s.key", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		ouv_log_error("%s: %s", path, strerror(errno));
		return errno == EEXIST ? OUV_CONFLICT : OUV_INVALID;
	}
	ouv_hex(key, OUV_KEY, text);
	text[sizeof(text) - 2] = '\n';
	if (write(fd, text, sizeof(text) - 1) != (ssize_t)sizeof(text) - 1 ||
		fsync(fd) != 0) {
		ouv_log_error("%s: %s", path, strerror(errno));
		err = OUV_TEMPORARY;
	}
	(void)close(fd);
	ouv_wipe(text, sizeof(text));
	return err;
}

static void
take_back(const char *folder, size_t count)
{
	char path[4096];

	for (size_t i = 0; i < count; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s.key", folder,
			secrets[i].name);
		(void)unlink(path);
	}
}

/* Files first, then the rows: keys that nobody has would be the worse half. */
static enum ouv_err
write_all(struct birth *b)
{
	size_t done = 0;
	enum ouv_err err = OUV_OK;

	while (done < SECRETS && err == OUV_OK) {
		err = write_secret(
			b->folder, secrets[done].name, b->values[done]);
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
	for (size_t i = 0; i < SECRETS; i++)
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
ouv_setup_check_sql(const struct ouv_config *config)
{
	struct store *store = NULL;
	enum ouv_err err;

	TRY(store_open_bare(config, STORE_OWNER, &store));
	err = store_check_sql(store);
	store_close(&store);
	return err;
}
