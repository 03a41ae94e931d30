/*
 * host_secret.c - the secrets of the two hosts: their files, and their backup
 * that two custodians can open
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host_secret.h"
#include "ouv/log.h"

#define PATH_MOST 4096
#define PATH(field) offsetof(struct ouv_config, keys_##field##_file)
/* clang-format off */
const struct host_secret host_secrets[HOST_SECRETS] = {
	{ "svc",     "svc",     OUV_CERT_SVC,     ouv_box_public,  PATH(svc) },
	{ "k_id",    NULL,      OUV_CERT__COUNT,  NULL,            PATH(k_id) },
	{ "k_tok",   NULL,      OUV_CERT__COUNT,  NULL,            PATH(k_tok) },
	{ "pepper",  NULL,      OUV_CERT__COUNT,  NULL,            PATH(pepper) },
	{ "gw_sig",  "gateway", OUV_CERT_GATEWAY, ouv_sign_public, PATH(gw_sig) },
	{ "srv_sig", "server",  OUV_CERT_SERVER,  ouv_sign_public, PATH(srv_sig) },
};
/* clang-format on */

const char *
host_secret_path(
	const struct ouv_config *config, const struct host_secret *secret)
{
	return *(const char *const *)(const void *)((const char *)config +
						    secret->config);
}

const struct host_secret *
host_secret_find(const char *name)
{
	char as_row[16];

	(void)snprintf(as_row, sizeof(as_row), "%s", name);
	for (char *at = as_row; (at = strchr(at, '-')) != NULL;)
		*at = '_';
	for (size_t i = 0; i < HOST_SECRETS; i++)
		if (strcmp(host_secrets[i].name, as_row) == 0)
			return &host_secrets[i];
	return NULL;
}

static void
backup_context(const struct ouv_id *tenant, const char *name, int version,
	struct ouv_context *context_out)
{
	uint8_t row[OUV_KEY];

	*context_out = (struct ouv_context){ .kind = OUV_KIND_HOST_SECRET,
		.column = OUV_COLUMN_ESCROW,
		.tenant = *tenant,
		.version = (uint32_t)version };
	ouv_hash("host", name, strlen(name), row);
	memcpy(context_out->row.b, row, sizeof(context_out->row.b));
}

void
host_secret_seal(const struct ouv_id *tenant, const uint8_t escrow[OUV_KEY],
	const char *name, int version, const uint8_t secret[OUV_KEY],
	uint8_t box_out[OUV_BOX])
{
	struct ouv_context context;

	backup_context(tenant, name, version, &context);
	ouv_seal_key(&context, escrow, secret, box_out);
}

enum ouv_err
host_secret_open(const struct ouv_id *tenant, const uint8_t escrow[OUV_KEY],
	const char *name, int version, const uint8_t box[OUV_BOX],
	uint8_t secret_out[OUV_KEY])
{
	struct ouv_context context;

	backup_context(tenant, name, version, &context);
	return ouv_open_key(&context, escrow, box, OUV_BOX, secret_out);
}

static enum ouv_err
file_trouble(const char *path, int number)
{
	ouv_log_error("%s: %s", path, strerror(number));
	return number == EEXIST ? OUV_CONFLICT
	       : number == 0 || number == ENOSPC || number == EIO
		       ? OUV_TEMPORARY
		       : OUV_INVALID;
}

/* Whole and on the disk, or an error. */
static enum ouv_err
write_part(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum ouv_err err = OUV_OK;
	ssize_t wrote;

	if (fd < 0)
		return file_trouble(path, errno);
	wrote = write(fd, text, len);
	if (wrote != (ssize_t)len)
		err = file_trouble(path, wrote < 0 ? errno : ENOSPC);
	else if (fsync(fd) != 0)
		err = file_trouble(path, errno);
	(void)close(fd);
	return err;
}

enum ouv_err
host_secret_sync(const char *path)
{
	char folder[PATH_MOST];
	const char *slash = strrchr(path, '/');
	enum ouv_err err = OUV_OK;
	int fd;

	(void)snprintf(folder, sizeof(folder), "%.*s",
		slash != NULL ? (int)(slash - path + 1) : 1,
		slash != NULL ? path : ".");
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		err = file_trouble(folder, errno);
	if (fd >= 0)
		(void)close(fd);
	return err;
}

/* Under its own name it is whole from the first moment; what a run that was
 * killed left beside it is nobody's. */
enum ouv_err
host_secret_write(const char *path, const uint8_t key[OUV_KEY], int version)
{
	char part[PATH_MOST], text[2 * OUV_KEY + 16];
	int len = 2 * OUV_KEY;
	enum ouv_err err;

	(void)snprintf(part, sizeof(part), "%s.part", path);
	if (unlink(part) != 0 && errno != ENOENT)
		return file_trouble(part, errno);
	ouv_hex(key, OUV_KEY, text);
	if (version > 1)
		len += snprintf(text + len, 12, " %d", version);
	text[len++] = '\n';
	err = write_part(part, text, (size_t)len);
	ouv_wipe(text, sizeof(text));
	if (err == OUV_OK && link(part, path) != 0)
		err = file_trouble(path, errno);
	(void)unlink(part);
	return err == OUV_OK ? host_secret_sync(path) : err;
}

/* ---- without any secret ----------------------------------------------------
 */

static enum ouv_err
check_tenant(struct bare *bare)
{
	struct ouv_id tenant;
	enum ouv_err err = store_office_tenant(bare->tx, &tenant);

	if (err == OUV_NOT_FOUND) {
		ouv_log_error("the database has no office");
		return OUV_INVALID;
	}
	if (err != OUV_OK)
		return err;
	if (ouv_id_equal(&tenant, &bare->office.tenant))
		return OUV_OK;
	ouv_log_error("the database belongs to another office: [office] tenant "
		      "differs");
	return OUV_INVALID;
}

enum ouv_err
bare_open(struct bare *bare, const struct ouv_config *config)
{
	struct ouv_office *office = &bare->office;

	memset(bare, 0, sizeof(*bare));
	office->config = config;
	office->kind = OUV_DESK_OPERATOR;
	bare->desk.office = office;
	TRY(ouv_id_parse(config->office_tenant, &office->tenant));
	if (ouv_unhex(config->keys_root_public, office->root,
		    sizeof(office->root)) != OUV_OK) {
		ouv_log_error("[keys] root_public is not set");
		return OUV_INVALID;
	}
	TRY(store_open(config, STORE_OWNER, &bare->desk.store));
	TRY(store_begin(bare->desk.store, &bare->tx));
	TRY(check_tenant(bare));
	return keys_load(&bare->desk, bare->tx);
}

void
bare_close(struct bare *bare)
{
	store_rollback(&bare->tx);
	if (bare->desk.store != NULL)
		store_close(&bare->desk.store);
	keys_free(&bare->desk);
}

enum ouv_err
bare_commit(struct bare *bare, const char *action, const char *detail)
{
	struct command_log *log = NULL;
	enum ouv_err err =
		command_log_write(&log, bare->office.config, bare->desk.store,
			bare->tx, action, &bare->office.tenant, detail);

	if (err == OUV_OK)
		err = store_commit(&bare->tx);
	command_log_end(&log);
	return err;
}

enum ouv_err
bare_escrow(const struct bare *bare, const char *share_a, const char *share_b,
	uint8_t escrow_out[OUV_KEY])
{
	uint8_t public[OUV_KEY];
	enum ouv_err err =
		ouv_share_join("escrow", share_a, share_b, escrow_out);

	if (err != OUV_OK) {
		ouv_log_error("these are not two different shares of ESCROW, "
			      "or one is mistyped");
		return OUV_REFUSED;
	}
	ouv_box_public(escrow_out, public);
	if (ouv_equal(public, bare->desk.escrow, sizeof(public)))
		return OUV_OK;
	ouv_wipe(escrow_out, OUV_KEY);
	ouv_log_error("these shares are of another office's ESCROW");
	return OUV_REFUSED;
}
