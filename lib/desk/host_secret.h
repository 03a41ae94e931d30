/*
 * host_secret.h - the secrets of the two hosts: their files, their backup
 */
#ifndef DESK_HOST_SECRET_H
#define DESK_HOST_SECRET_H

#include "desk_impl.h"

/* One secret of the office: where it lies, what of it is certified. */
struct host_secret {
	const char *name; /* file NAME.key, row of host_secret */
	const char *kind; /* row of office_key; NULL: no public half */
	enum ouv_cert_kind cert;
	void (*public_of)(
		const uint8_t secret[OUV_KEY], uint8_t public_out[OUV_KEY]);
	size_t config; /* offset in struct ouv_config: the path of its file */
};
#define HOST_SECRETS 6
extern const struct host_secret host_secrets[HOST_SECRETS];

const char *host_secret_path(
	const struct ouv_config *config, const struct host_secret *secret);
/* For a backup that only two custodians can open. */
void host_secret_seal(const struct ouv_id *tenant,
	const uint8_t escrow[OUV_KEY], const char *name, int version,
	const uint8_t secret[OUV_KEY], uint8_t box_out[OUV_BOX]);
OUV_MUST_CHECK enum ouv_err host_secret_open(const struct ouv_id *tenant,
	const uint8_t escrow[OUV_KEY], const char *name, int version,
	const uint8_t box[OUV_BOX], uint8_t secret_out[OUV_KEY]);
/* A new file of mode 0600.  OUV_CONFLICT: it is there already. */
OUV_MUST_CHECK enum ouv_err host_secret_write(
	const char *path, const uint8_t key[OUV_KEY], int version);
/* What was done to a file's name is on the disk. */
OUV_MUST_CHECK enum ouv_err host_secret_sync(const char *path);
/* By its name; "gw-sig" is "gw_sig".  NULL: none. */
const struct host_secret *host_secret_find(const char *name);

/* What of an office and its desk can be had without any secret: for work on a
 * copy of the database, off line. */
struct bare {
	struct ouv_office office;
	struct ouv_desk desk;
	struct store_tx *tx;
};
/* Opens the database as its owner and begins; the tenant and the certificates
 * are checked. */
OUV_MUST_CHECK enum ouv_err bare_open(
	struct bare *bare, const struct ouv_config *config);
void bare_close(struct bare *bare);
/* With an entry of the office's own log about this command; detail may be
 * NULL. */
OUV_MUST_CHECK enum ouv_err bare_commit(
	struct bare *bare, const char *action, const char *detail);
/* The secret of ESCROW from two of its shares.  OUV_REFUSED: they are not of
 * this office (said on the log). */
OUV_MUST_CHECK enum ouv_err bare_escrow(const struct bare *bare,
	const char *share_a, const char *share_b, uint8_t escrow_out[OUV_KEY]);

#endif
